/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Every chip the library knows × every operation of its ROM loader, over the chip's own USB and over a UART
 * bridge. Prints the table that docs/targets.md shows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include "bench.h"

#define IMAGE_OFFSET 0x10000u
#define IMAGE_SIZE   9001u

static uint8_t image[IMAGE_SIZE];

static const struct {
    const char *sim_name;
    target_chip_t chip;
    uint32_t ram_addr;
    bool has_usb; /* USB-Serial/JTAG */
    bool has_security_info;
} chips[] = {
    {"esp32", ESP32_CHIP, 0x40080000, false, false},   {"esp32s2", ESP32S2_CHIP, 0x40028000, false, true},
    {"esp32s3", ESP32S3_CHIP, 0x40378000, true, true}, {"esp32c2", ESP32C2_CHIP, 0x40380000, false, true},
    {"esp32c3", ESP32C3_CHIP, 0x4037C000, true, true}, {"esp32c5", ESP32C5_CHIP, 0x40800000, true, true},
    {"esp32c6", ESP32C6_CHIP, 0x40800000, true, true}, {"esp32c61", ESP32C61_CHIP, 0x40800000, true, true},
    {"esp32h2", ESP32H2_CHIP, 0x40800000, true, true},
};

#define CHIP_COUNT (sizeof(chips) / sizeof(chips[0]))

static esp_loader_error_t op_info(bench_t *b, size_t chip)
{
    uint8_t mac[6];
    uint32_t revision;
    uint32_t size;
    RETURN_ON_ERROR(esp_loader_read_mac(&b->loader, mac));
    RETURN_ON_ERROR(esp_loader_read_chip_revision(&b->loader, &revision));
    RETURN_ON_ERROR(esp_loader_flash_detect_size(&b->loader, &size));
    assert_int_equal(esp_loader_get_target(&b->loader), chips[chip].chip);
    assert_memory_equal(mac, b->config.mac, 6);
    assert_int_equal(revision, b->config.chip_revision);
    assert_int_equal(size, b->config.flash_size);
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t op_security(bench_t *b, size_t chip)
{
    esp_loader_target_security_info_t info;
    esp_loader_error_t err = esp_loader_get_security_info(&b->loader, &info);
    if (!chips[chip].has_security_info) {
        assert_int_equal(err, ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
        return ESP_LOADER_SUCCESS;
    }
    RETURN_ON_ERROR(err);
    bool has_chip_id = chips[chip].chip != ESP32S2_CHIP;
    assert_int_equal(info.target_chip, has_chip_id ? chips[chip].chip : ESP_UNKNOWN_CHIP);
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t op_write(bench_t *b, size_t chip)
{
    (void)chip;
    RETURN_ON_ERROR(bench_flash(b, IMAGE_OFFSET, image, IMAGE_SIZE, false));
    assert_memory_equal(esp_sim_flash(b->sim) + IMAGE_OFFSET, image, IMAGE_SIZE);
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t op_deflate(bench_t *b, size_t chip)
{
    (void)chip;
    uLongf size = compressBound(IMAGE_SIZE);
    uint8_t *stream = malloc(size);
    assert_non_null(stream);
    assert_int_equal(compress2(stream, &size, image, IMAGE_SIZE, 9), Z_OK);
    esp_loader_flash_deflate_cfg_t cfg = {.offset = IMAGE_OFFSET,
                                          .image_size = IMAGE_SIZE,
                                          .compressed_size = (uint32_t)size,
                                          .block_size = 1024};
    esp_loader_error_t err = esp_loader_flash_deflate_start(&b->loader, &cfg);
    for (uint32_t done = 0; err == ESP_LOADER_SUCCESS && done < size; done += 1024) {
        uint32_t chunk = (uint32_t)size - done < 1024 ? (uint32_t)size - done : 1024;
        err = esp_loader_flash_deflate_write(&b->loader, &cfg, stream + done, chunk);
    }
    free(stream);
    RETURN_ON_ERROR(err);
    RETURN_ON_ERROR(esp_loader_flash_deflate_finish(&b->loader, &cfg));
    assert_memory_equal(esp_sim_flash(b->sim) + IMAGE_OFFSET, image, IMAGE_SIZE);
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t op_read(bench_t *b, size_t chip)
{
    uint8_t buf[200];
    (void)chip;
    memcpy(esp_sim_flash(b->sim) + IMAGE_OFFSET, image, sizeof(buf));
    RETURN_ON_ERROR(esp_loader_flash_read(&b->loader, buf, IMAGE_OFFSET, sizeof(buf)));
    assert_memory_equal(buf, image, sizeof(buf));
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t op_erase(bench_t *b, size_t chip)
{
    (void)chip;
    memset(esp_sim_flash(b->sim), 0, b->config.flash_size);
    RETURN_ON_ERROR(esp_loader_flash_erase_region(&b->loader, 0x5000, 0x2000));
    assert_int_equal(esp_sim_flash(b->sim)[0x4FFF], 0);
    assert_int_equal(esp_sim_flash(b->sim)[0x5000], 0xFF);
    assert_int_equal(esp_sim_flash(b->sim)[0x7000], 0);
    RETURN_ON_ERROR(esp_loader_flash_erase(&b->loader));
    assert_int_equal(esp_sim_flash(b->sim)[b->config.flash_size - 1], 0xFF);
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t op_rate(bench_t *b, size_t chip)
{
    RETURN_ON_ERROR(esp_loader_change_transmission_rate(&b->loader, 460800));
    return op_info(b, chip);
}

static esp_loader_error_t op_ram(bench_t *b, size_t chip)
{
    esp_loader_mem_cfg_t cfg = {.offset = chips[chip].ram_addr, .size = 256, .block_size = 128};
    RETURN_ON_ERROR(esp_loader_mem_start(&b->loader, &cfg));
    RETURN_ON_ERROR(esp_loader_mem_write(&b->loader, &cfg, image, 128));
    RETURN_ON_ERROR(esp_loader_mem_write(&b->loader, &cfg, image + 128, 128));
    RETURN_ON_ERROR(esp_loader_mem_finish(&b->loader, &cfg, chips[chip].ram_addr));
    esp_sim_run_until(b->sim, esp_sim_now_us(b->sim) + 100000);
    assert_int_equal(esp_sim_state(b->sim), ESP_SIM_STATE_RAM_CODE);
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t op_pause(bench_t *b, size_t chip)
{
    esp_sim_run_until(b->sim, esp_sim_now_us(b->sim) + 120u * 1000000u); /* no watchdog may fire */
    return op_security(b, chip);
}

static esp_loader_error_t op_reset(bench_t *b, size_t chip)
{
    (void)chip;
    RETURN_ON_ERROR(esp_loader_reset_target_checked(&b->loader));
    esp_sim_run_until(b->sim, esp_sim_now_us(b->sim) + 1000000);
    assert_int_equal(esp_sim_state(b->sim), ESP_SIM_STATE_BOOT_FAILED); /* its flash is empty */
    return ESP_LOADER_SUCCESS;
}

static const struct {
    const char *name;
    esp_loader_error_t (*run)(bench_t *bench, size_t chip);
} operations[] = {
    {"info", op_info},   {"security", op_security}, {"write", op_write}, {"deflate", op_deflate},
    {"read", op_read},   {"erase", op_erase},       {"rate", op_rate},   {"ram", op_ram},
    {"pause", op_pause}, {"reset", op_reset},
};

static void every_operation_works_on_every_chip_over_every_link(void **state)
{
    static const esp_sim_wiring_t wirings[] = {ESP_SIM_WIRING_USJ, ESP_SIM_WIRING_BRIDGE};
    (void)state;
    for (size_t c = 0; c < CHIP_COUNT; c++) {
        print_message("%-9s", chips[c].sim_name);
        for (size_t o = 0; o < sizeof(operations) / sizeof(operations[0]); o++) {
            for (size_t w = chips[c].has_usb ? 0 : 1; w < 2; w++) {
                bench_t b = {.config = {.chip = chips[c].sim_name,
                                        .wiring = wirings[w],
                                        .flash_size = 4u << 20,
                                        .timing = ESP_SIM_TIMING_FAST,
                                        .chip_revision = 102,
                                        .mac = {2, 1, 2, 3, 4, (uint8_t)c}}};
                bench_connect(&b);
                esp_loader_error_t err = operations[o].run(&b, c);
                if (err != ESP_LOADER_SUCCESS) {
                    fail_msg("%s, %s, wiring %d: %s", chips[c].sim_name, operations[o].name, (int)wirings[w],
                             esp_loader_error_name(err));
                }
                bench_close(&b);
            }
            print_message(" %s", operations[o].name);
        }
        print_message("\n");
    }
}

static void every_revision_of_the_esp32_is_told_apart(void **state)
{
    (void)state;
    for (uint32_t major = 0; major <= 3; major++) {
        uint32_t revision;
        bench_t b = {
            .config = {.chip = "esp32", .wiring = ESP_SIM_WIRING_BRIDGE, .chip_revision = major * 100 + 1}};
        bench_connect(&b);
        assert_int_equal(esp_loader_read_chip_revision(&b.loader, &revision), ESP_LOADER_SUCCESS);
        assert_int_equal(revision, major * 100 + 1);
        bench_close(&b);
    }
}

/* The field survives the core reset of the chip's own USB. */
static void forced_download_mode_is_left_by_the_reset(void **state)
{
    static const struct {
        const char *chip;
        uint32_t addr, value;
    } cases[] = {
        {"esp32s3", 0x6000812C, 0x1},        {"esp32c3", 0x600080F4, 0x1},
        {"esp32c6", 0x600B1034, 0x40000000}, {"esp32c61", 0x600B1034, 0x40000000},
        {"esp32h2", 0x600B1034, 0x40000000}, {"esp32c5", 0x600B1034, 0x20000000},
        {"esp32c5", 0x600B1034, 0x40000000}, {"esp32c5", 0x600B1034, 0x60000000},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const uint32_t other_bits = 0x10;
        bench_t b = {.config = {.chip = cases[i].chip, .timing = ESP_SIM_TIMING_FAST}};
        bench_connect(&b);
        assert_int_equal(esp_loader_write_register(&b.loader, cases[i].addr, cases[i].value | other_bits),
                         ESP_LOADER_SUCCESS);
        assert_int_equal(esp_loader_reset_target_checked(&b.loader), ESP_LOADER_SUCCESS);
        esp_sim_run_until(b.sim, esp_sim_now_us(b.sim) + 1000000);
        assert_int_equal(esp_sim_state(b.sim), ESP_SIM_STATE_BOOT_FAILED); /* its flash is empty */
        assert_int_equal(esp_sim_peek(b.sim, cases[i].addr), other_bits);
        bench_close(&b);
    }
}

static void secure_download_mode_is_recognised_on_every_chip_that_has_it(void **state)
{
    (void)state;
    for (size_t c = 0; c < CHIP_COUNT; c++) {
        if (!chips[c].has_security_info) {
            continue;
        }
        bench_t b = {.config = {.chip = chips[c].sim_name,
                                .wiring = ESP_SIM_WIRING_BRIDGE,
                                .timing = ESP_SIM_TIMING_FAST,
                                .is_secure_download = true}};
        bench_connect(&b);
        assert_int_equal(esp_loader_get_target(&b.loader), chips[c].chip);
        assert_int_equal(esp_loader_connect_secure_download_mode(&b.loader, NULL, 4u << 20),
                         ESP_LOADER_SUCCESS);
        assert_int_equal(bench_flash(&b, IMAGE_OFFSET, image, IMAGE_SIZE, true), ESP_LOADER_SUCCESS);
        assert_memory_equal(esp_sim_flash(b.sim) + IMAGE_OFFSET, image, IMAGE_SIZE);
        bench_close(&b);
    }
    bench_t b = {.config = {.chip = "esp32", .wiring = ESP_SIM_WIRING_BRIDGE}};
    bench_connect(&b);
    assert_int_equal(esp_loader_connect_secure_download_mode(&b.loader, NULL, 4u << 20),
                     ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    bench_close(&b);
}

static void simulator_and_library_know_the_same_chips(void **state)
{
    const char *const *names = esp_sim_chip_names();
    size_t count = 0;
    (void)state;
    while (names[count] != NULL) {
        count++;
    }
    assert_int_equal(count, CHIP_COUNT);
    count = 0;
    for (int chip = 0; chip < ESP_MAX_CHIP; chip++) {
        count += esp_loader_chip_bootloader_offset((target_chip_t)chip) != UINT32_MAX ? 1 : 0;
    }
    assert_int_equal(count, CHIP_COUNT);
    assert_string_equal(esp_loader_chip_name(ESP_UNKNOWN_CHIP), "unknown chip");
}

static int setup(void **state)
{
    (void)state;
    bench_fill(image, sizeof(image), 42);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operation_works_on_every_chip_over_every_link),
        cmocka_unit_test(every_revision_of_the_esp32_is_told_apart),
        cmocka_unit_test(forced_download_mode_is_left_by_the_reset),
        cmocka_unit_test(secure_download_mode_is_recognised_on_every_chip_that_has_it),
        cmocka_unit_test(simulator_and_library_know_the_same_chips),
    };
    return cmocka_run_group_tests_name("chips", tests, setup, NULL);
}
