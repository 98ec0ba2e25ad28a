/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Chips on their own USB whose lines do not bring them out of download mode: the ROM's CDC device on USB-OTG,
 * and USB-Serial/JTAG after somebody has held the boot button. The RTC watchdog does.
 */
#include <string.h>

#include "bench.h"
#include "test.h"

static const char *const otg_chips[] = {"esp32s2", "esp32s3", "esp32p4"};

#define OTG_COUNT (sizeof(otg_chips) / sizeof(otg_chips[0]))

static bench_t make_bench(const char *chip, esp_sim_wiring_t wiring)
{
    print_message("%s\n", chip);
    return (bench_t){.config = {.chip = chip,
                                .wiring = wiring,
                                .flash_size = 4u << 20,
                                .accepts_any_stub = true,
                                .start_in_download = true}};
}

static void expect_application(bench_t *b, uint32_t attach_count)
{
    esp_sim_run_until(b->sim, esp_sim_now_us(b->sim) + 3000000);
    assert_int_equal(esp_sim_state(b->sim), ESP_SIM_STATE_BOOT_FAILED); /* its flash is empty */
    assert_true(esp_sim_is_attached(b->sim));
    assert_int_equal(esp_sim_attach_count(b->sim), attach_count);
}

TEST(rom_on_usb_otg_is_left_by_watchdog)
{
    static uint8_t data[5000];
    bench_fill(data, sizeof(data), 1);
    for (size_t i = 0; i < OTG_COUNT; i++) {
        bench_t b = make_bench(otg_chips[i], ESP_SIM_WIRING_OTG);
        bench_connect(&b);
        assert_int_equal(bench_flash(&b, 0x10000, data, sizeof(data), false), ESP_LOADER_SUCCESS);
        assert_int_equal(esp_loader_change_transmission_rate(&b.loader, 921600), ESP_LOADER_SUCCESS);
        assert_int_equal(esp_loader_reset_target_checked(&b.loader), ESP_LOADER_SUCCESS);
        assert_false(esp_sim_state(b.sim) == ESP_SIM_STATE_DOWNLOAD_ROM);
        expect_application(&b, 2);
        assert_non_null(strstr(esp_sim_console(b.sim), "rst:0x10"));
        bench_close(&b);
    }
}

#ifndef ESP_LOADER_SMALL
TEST(stub_on_usb_otg_is_left_by_watchdog_and_gets_small_blocks)
{
    static uint8_t data[0x1800];
    bench_fill(data, sizeof(data), 2);
    for (size_t i = 0; i < OTG_COUNT; i++) {
        bench_t b = make_bench(otg_chips[i], ESP_SIM_WIRING_OTG);
        esp_loader_flash_cfg_t cfg = {.offset = 0x10000, .image_size = sizeof(data), .block_size = 0x804};
        bench_open(&b);
        assert_int_equal(esp_loader_connect_with_stub(&b.loader, NULL), ESP_LOADER_SUCCESS);
        assert_int_equal(esp_loader_flash_start(&b.loader, &cfg), ESP_LOADER_ERROR_INVALID_PARAM);
        cfg.block_size = 0x800;
        assert_int_equal(esp_loader_flash_start(&b.loader, &cfg), ESP_LOADER_SUCCESS);
        for (uint32_t done = 0; done < sizeof(data); done += 0x800) {
            assert_int_equal(esp_loader_flash_write(&b.loader, &cfg, data + done, 0x800), ESP_LOADER_SUCCESS);
        }
        assert_int_equal(esp_loader_flash_finish(&b.loader, &cfg), ESP_LOADER_SUCCESS);
        assert_int_equal(esp_loader_reset_target_checked(&b.loader), ESP_LOADER_SUCCESS);
        expect_application(&b, 2);
        bench_close(&b);
    }
}
#endif

TEST(large_blocks_are_refused_on_usb_otg)
{
    bench_t b = make_bench("esp32s2", ESP_SIM_WIRING_OTG);
    bench_connect(&b);
    esp_loader_mem_cfg_t ram = {.offset = 0x40028000, .size = 0x2000, .block_size = 0x1000};
    assert_int_equal(esp_loader_mem_start(&b.loader, &ram), ESP_LOADER_ERROR_INVALID_PARAM);
    ram.block_size = 0x800;
    assert_int_equal(esp_loader_mem_start(&b.loader, &ram), ESP_LOADER_SUCCESS);
    esp_loader_flash_deflate_cfg_t deflate = {
        .offset = 0, .image_size = 0x4000, .compressed_size = 0x2000, .block_size = 0x1000};
    assert_int_equal(esp_loader_flash_deflate_start(&b.loader, &deflate), ESP_LOADER_ERROR_INVALID_PARAM);
    bench_close(&b);
}

/* An application can ask for download mode itself: then the boot pin is high and a flag is set. */
TEST(forced_download_is_left_too)
{
    static const struct {
        const char *chip;
        uint32_t force_addr, config0, config1, protect;
    } chips[] = {
        {"esp32p4", 0x50110008, 0x50116000, 0x50116004, 0x50116018},
        {"esp32s2", 0x3F408128, 0x3F408094, 0x3F408098, 0x3F4080AC},
        {"esp32s3", 0x6000812C, 0x60008098, 0x6000809C, 0x600080B0},
    };
    for (size_t i = 0; i < sizeof(chips) / sizeof(chips[0]); i++) {
        bench_t b = make_bench(chips[i].chip, ESP_SIM_WIRING_OTG);
        bench_connect(&b);
        assert_int_equal(esp_loader_write_register(&b.loader, chips[i].force_addr, i == 0 ? 4 : 1),
                         ESP_LOADER_SUCCESS);
        assert_int_equal(esp_loader_write_register(&b.loader, chips[i].protect, 0x50D83AA1),
                         ESP_LOADER_SUCCESS);
        assert_int_equal(esp_loader_write_register(&b.loader, chips[i].config1, 2000), ESP_LOADER_SUCCESS);
        assert_int_equal(esp_loader_write_register(&b.loader, chips[i].config0, 0xD0000102),
                         ESP_LOADER_SUCCESS);
        esp_sim_run_until(b.sim, esp_sim_now_us(b.sim) + 3000000);
        assert_int_equal(esp_sim_state(b.sim), ESP_SIM_STATE_DOWNLOAD_ROM);

        assert_int_equal(esp_loader_init_serial(&b.loader, &b.port.port), ESP_LOADER_SUCCESS);
        assert_int_equal(esp_loader_connect(&b.loader, NULL), ESP_LOADER_SUCCESS);
        assert_int_equal(esp_loader_reset_target_checked(&b.loader), ESP_LOADER_SUCCESS);
        expect_application(&b, 3);
        bench_close(&b);
    }
}

TEST(secure_download_mode_on_usb_otg_cannot_be_left)
{
    for (size_t i = 0; i < OTG_COUNT; i++) {
        bench_t b = make_bench(otg_chips[i], ESP_SIM_WIRING_OTG);
        b.config.is_secure_download = true;
        bench_open(&b);
        assert_int_equal(esp_loader_connect_secure_download_mode(&b.loader, NULL, 4u << 20),
                         ESP_LOADER_SUCCESS);
        assert_int_equal(esp_loader_reset_target_checked(&b.loader), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
        assert_int_equal(bench_cause(&b), ESP_LOADER_ERROR_SECURITY);
        assert_int_equal(esp_loader_error_detail(&b.loader)->stage, ESP_LOADER_STAGE_RESET);
        assert_int_equal(esp_sim_state(b.sim), ESP_SIM_STATE_DOWNLOAD_ROM);
        bench_close(&b);
    }
}

TEST(chip_started_with_its_boot_button_held_runs_after_the_reset)
{
    static const char *const chips[] = {"esp32s3", "esp32c3", "esp32c61", "esp32p4"};
    for (size_t i = 0; i < sizeof(chips) / sizeof(chips[0]); i++) {
        bench_t b = make_bench(chips[i], ESP_SIM_WIRING_USJ);
        bench_connect(&b);
        assert_int_equal(esp_loader_reset_target_checked(&b.loader), ESP_LOADER_SUCCESS);
        expect_application(&b, 2);
        bench_close(&b);
    }
}

TEST(watchdog_is_not_used_where_the_lines_do)
{
    bench_t b = make_bench("esp32s3", ESP_SIM_WIRING_USJ);
    b.config.start_in_download = false;
    bench_connect(&b);
    assert_int_equal(esp_loader_reset_target_checked(&b.loader), ESP_LOADER_SUCCESS);
    expect_application(&b, 1); /* a core reset: the device has stayed on the bus */
    bench_close(&b);
}

/* Its watchdog reset has been seen to lose the port for good, so it is not used. */
TEST(boot_button_held_on_a_c6_ends_in_download_mode_again)
{
    bench_t b = make_bench("esp32c6", ESP_SIM_WIRING_USJ);
    bench_connect(&b);
    assert_int_equal(esp_loader_reset_target_checked(&b.loader), ESP_LOADER_SUCCESS);
    esp_sim_run_until(b.sim, esp_sim_now_us(b.sim) + 1000000);
    assert_int_equal(esp_sim_state(b.sim), ESP_SIM_STATE_DOWNLOAD_ROM);
    bench_close(&b);
}

TEST(unplugging_instead_of_a_reset_is_reported)
{
    bench_t b = make_bench("esp32s2", ESP_SIM_WIRING_OTG);
    bench_connect(&b);
    esp_sim_unplug(b.sim);
    assert_int_equal(esp_loader_reset_target_checked(&b.loader), ESP_LOADER_ERROR_DISCONNECTED);
    bench_close(&b);
}
