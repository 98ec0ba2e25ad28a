/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "operations.h"

#include <stdlib.h>
#include <string.h>

#define IMAGE_OFFSET 0x10000u
#define IMAGE_SIZE   9001u
#define BLOCK_SIZE   1024u

const chip_t chips[] = {
    {"esp8266", ESP8266_CHIP, 0, 0x40100000, false, false},
    {"esp32", ESP32_CHIP, 301, 0x40080000, false, false},
    {"esp32s2", ESP32S2_CHIP, 102, 0x40028000, false, true},
    {"esp32s3", ESP32S3_CHIP, 102, 0x40378000, true, true},
    {"esp32c2", ESP32C2_CHIP, 102, 0x40380000, false, true},
    {"esp32c3", ESP32C3_CHIP, 102, 0x4037C000, true, true},
    {"esp32c5", ESP32C5_CHIP, 102, 0x40800000, true, true},
    {"esp32c6", ESP32C6_CHIP, 102, 0x40800000, true, true},
    {"esp32c61", ESP32C61_CHIP, 102, 0x40800000, true, true},
    {"esp32h2", ESP32H2_CHIP, 102, 0x40800000, true, true},
    {"esp32p4", ESP32P4_CHIP, 302, 0x4FF40000, true, true},
    {"esp32s31", ESP32S31_CHIP, 102, 0x2F010000, true, true},
    {"esp32h21", ESP32H21_CHIP, 102, 0x40800000, true, true},
    {"esp32h4", ESP32H4_CHIP, 102, 0x40810000, true, true},
};
const size_t chip_count = COUNT(chips);

bench_t bench_for(const chip_t *chip, esp_sim_wiring_t wiring)
{
    return (bench_t){.config = {.chip = chip->sim_name,
                                .wiring = wiring,
                                .flash_size = 1u << 20,
                                .timing = ESP_SIM_TIMING_FAST,
                                .chip_revision = chip->revision,
                                .accepts_any_stub = true,
                                .mac = {2, 1, 2, 3, 4, (uint8_t)chip->chip}}};
}

static const uint8_t *image(void)
{
    static uint8_t bytes[IMAGE_SIZE];
    bench_fill(bytes, sizeof(bytes), 42);
    return bytes;
}

OPERATION(op_mac)
{
    uint8_t mac[6];
    RETURN_ON_ERROR(esp_loader_read_mac(&b->loader, mac));
    assert_memory_equal(mac, b->config.mac, 6);
    return ESP_LOADER_SUCCESS;
}

OPERATION(op_revision)
{
    uint32_t revision;
    RETURN_ON_ERROR(esp_loader_read_chip_revision(&b->loader, &revision));
    assert_int_equal(revision, chip->revision);
    return ESP_LOADER_SUCCESS;
}

OPERATION(op_flash_size)
{
    uint32_t size;
    RETURN_ON_ERROR(esp_loader_flash_detect_size(&b->loader, &size));
    assert_int_equal(size, b->config.flash_size);
    return ESP_LOADER_SUCCESS;
}

OPERATION(op_security)
{
    esp_loader_target_security_info_t info;
    RETURN_ON_ERROR(esp_loader_get_security_info(&b->loader, &info));
    assert_true(chip->has_security_info);
    assert_int_equal(info.target_chip, chip->chip != ESP32S2_CHIP ? chip->chip : ESP_UNKNOWN_CHIP);
    assert_int_equal(info.secure_download_mode_enabled, b->config.is_secure_download);
    return ESP_LOADER_SUCCESS;
}

OPERATION(op_registers)
{
    uint32_t value;
    RETURN_ON_ERROR(esp_loader_write_register(&b->loader, chip->ram_addr + 0x100, 0x12345678));
    RETURN_ON_ERROR(esp_loader_read_register(&b->loader, chip->ram_addr + 0x100, &value));
    assert_int_equal(value, 0x12345678);
    assert_int_equal(esp_sim_peek(b->sim, chip->ram_addr + 0x100), 0x12345678);
    return ESP_LOADER_SUCCESS;
}

static void assert_image_in_flash(const bench_t *b)
{
    const uint8_t *flash = esp_sim_flash(b->sim) + IMAGE_OFFSET;
    const uint32_t sectors = (IMAGE_SIZE + 4095) / 4096;
    assert_memory_equal(flash, image(), IMAGE_SIZE);
    assert_int_equal(flash[sectors * 4096 - 1], 0xFF);
    assert_int_equal(flash[-1], 0); /* the neighbour before */
}

OPERATION(op_write)
{
    RETURN_ON_ERROR(bench_flash(b, IMAGE_OFFSET, image(), IMAGE_SIZE, true));
    assert_image_in_flash(b);
    return ESP_LOADER_SUCCESS;
}

/* Writes and verifies, and says of a range that it is what it is, and of another that it is not. */
OPERATION(op_verify)
{
    uint8_t digest[ESP_LOADER_MD5_SIZE];
    esp_loader_md5_t md5;
    esp_loader_md5_init(&md5);
    esp_loader_md5_update(&md5, image(), IMAGE_SIZE);
    esp_loader_md5_finish(&md5, digest);
    RETURN_ON_ERROR(bench_flash(b, IMAGE_OFFSET, image(), IMAGE_SIZE, false));
    RETURN_ON_ERROR(esp_loader_flash_verify_known_md5(&b->loader, IMAGE_OFFSET, IMAGE_SIZE, digest));
    esp_sim_flash(b->sim)[IMAGE_OFFSET] ^= 1;
    assert_int_equal(esp_loader_flash_verify_known_md5(&b->loader, IMAGE_OFFSET, IMAGE_SIZE, digest),
                     ESP_LOADER_ERROR_INVALID_MD5);
    return ESP_LOADER_SUCCESS;
}

OPERATION(op_deflate)
{
    enum { AFTER = (IMAGE_OFFSET + IMAGE_SIZE + 4095) / 4096 * 4096, AFTER_SIZE = 65536 };
    uint8_t *after = esp_sim_flash(b->sim) + AFTER;
    stream_t stream = bench_deflate(image(), IMAGE_SIZE);
    memset(after, 0x11, AFTER_SIZE);
    esp_loader_error_t err = bench_flash_deflated(b, IMAGE_OFFSET, IMAGE_SIZE, &stream, BLOCK_SIZE);
    free(stream.bytes);
    for (uint32_t i = 0; i < AFTER_SIZE; i++) {
        assert_int_equal(after[i], 0x11); /* also where the command is refused */
    }
    RETURN_ON_ERROR(err);
    assert_image_in_flash(b);
    return ESP_LOADER_SUCCESS;
}

OPERATION(op_read)
{
    static uint8_t buf[5000];
    memcpy(esp_sim_flash(b->sim) + IMAGE_OFFSET, image(), sizeof(buf));
    RETURN_ON_ERROR(esp_loader_flash_read(&b->loader, buf, IMAGE_OFFSET, sizeof(buf)));
    assert_memory_equal(buf, image(), sizeof(buf));
    return ESP_LOADER_SUCCESS;
}

OPERATION(op_erase_region)
{
    const uint8_t *flash = esp_sim_flash(b->sim);
    RETURN_ON_ERROR(esp_loader_flash_erase_region(&b->loader, 0x5000, 0x2000));
    assert_int_equal(flash[0x4FFF], 0);
    assert_int_equal(flash[0x5000] & flash[0x6FFF], 0xFF);
    assert_int_equal(flash[0x7000], 0);
    return ESP_LOADER_SUCCESS;
}

OPERATION(op_erase_chip)
{
    RETURN_ON_ERROR(esp_loader_flash_erase(&b->loader));
    for (uint32_t at = 0; at < b->config.flash_size; at += 4096) {
        assert_int_equal(esp_sim_flash(b->sim)[at], 0xFF);
    }
    return ESP_LOADER_SUCCESS;
}

/* Twice, since a loader may take the first for granted. */
OPERATION(op_rate)
{
    RETURN_ON_ERROR(esp_loader_change_transmission_rate(&b->loader, 460800));
    RETURN_ON_ERROR(esp_loader_change_transmission_rate(&b->loader, 921600));
    return bench_flash(b, IMAGE_OFFSET, image(), IMAGE_SIZE, true);
}

OPERATION(op_ram)
{
    esp_loader_mem_cfg_t cfg = {.offset = chip->ram_addr, .size = 256, .block_size = 128};
    RETURN_ON_ERROR(esp_loader_mem_start(&b->loader, &cfg));
    RETURN_ON_ERROR(esp_loader_mem_write(&b->loader, &cfg, image(), 128));
    RETURN_ON_ERROR(esp_loader_mem_write(&b->loader, &cfg, image() + 128, 128));
    RETURN_ON_ERROR(esp_loader_mem_finish(&b->loader, &cfg, chip->ram_addr));
    bench_wait_us(b, 100000);
    assert_int_equal(esp_sim_state(b->sim), ESP_SIM_STATE_RAM_CODE);
    return ESP_LOADER_SUCCESS;
}

OPERATION(op_reset)
{
    RETURN_ON_ERROR(esp_loader_reset_target_checked(&b->loader));
    bench_wait_us(b, 1000000);
    assert_int_equal(esp_sim_state(b->sim), ESP_SIM_STATE_BOOT_FAILED); /* its flash holds zeros */
    return ESP_LOADER_SUCCESS;
}

/* A host that cannot reset the chip finds the stub that an earlier session left running, and goes on with it.
 */
OPERATION(op_running_stub)
{
    const uint64_t resets = esp_sim_stats(b->sim)->resets;
    esp_loader_deinit(&b->loader);
    sim_port_init(&b->port, b->sim, ESP_SIM_WIRING_NONE);
    assert_success(esp_loader_init_serial(&b->loader, &b->port.base.port));
    RETURN_ON_ERROR(esp_loader_connect_with_stub(&b->loader, NULL));
    if (b->config.rom_elf == NULL) { /* of code, the simulator does not know whose it is */
        assert_int_equal(esp_sim_state(b->sim), ESP_SIM_STATE_DOWNLOAD_STUB);
    }
    assert_int_equal(esp_sim_stats(b->sim)->resets, resets);
    assert_int_equal(esp_loader_get_target(&b->loader), chip->chip);
    return op_verify(b, chip);
}

const operation_t operations[] = {
    {"MAC", op_mac, false},
    {"revision", op_revision, false},
    {"flash size", op_flash_size, false},
    {"security", op_security, false},
    {"registers", op_registers, false},
    {"write", op_write, false},
    {"verify", op_verify, false},
    {"deflate", op_deflate, false},
    {"read", op_read, false},
    {"erase", op_erase_region, false},
    {"erase chip", op_erase_chip, false},
    {"rate", op_rate, false},
    {"RAM", op_ram, false},
    {"reset", op_reset, false},
    {"running stub", op_running_stub, true},
};
const size_t operation_count = COUNT(operations);
