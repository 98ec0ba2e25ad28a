/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Chips on their own USB whose lines do not bring them out of download mode: the ROM's CDC device on USB-OTG,
 * and USB-Serial/JTAG after somebody has held the boot button. The RTC watchdog does.
 */
#include <string.h>

#include "bench.h"

static const char *const otg_chips[] = {"esp32s2", "esp32s3", "esp32p4", "esp32s31"};

#define OTG_COUNT (COUNT(otg_chips))

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
    bench_wait_us(b, 3000000);
    assert_int_equal(esp_sim_state(b->sim), ESP_SIM_STATE_BOOT_FAILED); /* its flash is empty */
    assert_true(esp_sim_is_attached(b->sim));
    assert_int_equal(esp_sim_attach_count(b->sim), attach_count);
}

#ifndef ESP_LOADER_SMALL
TEST_CONNECTED_EACH(rom_on_usb_otg_is_left_by_watchdog, OTG_COUNT,
                    make_bench(otg_chips[i], ESP_SIM_WIRING_OTG))
{
    static uint8_t data[5000];
    bench_fill(data, sizeof(data), 1);
    assert_success(bench_flash(b, 0x10000, data, sizeof(data), false));
    assert_success(esp_loader_change_transmission_rate(&b->loader, 921600));
    assert_success(esp_loader_reset_target_checked(&b->loader));
    assert_false(esp_sim_state(b->sim) == ESP_SIM_STATE_DOWNLOAD_ROM);
    expect_application(b, 2);
    assert_non_null(strstr(esp_sim_console(b->sim), "rst:0x10"));
}
#else /* which does no more than what lines do, and those do nothing here */
TEST_CONNECTED_EACH(a_small_library_does_not_leave_the_rom_on_usb_otg, OTG_COUNT,
                    make_bench(otg_chips[i], ESP_SIM_WIRING_OTG))
{
    assert_int_equal(esp_loader_reset_target_checked(&b->loader), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(esp_sim_state(b->sim), ESP_SIM_STATE_DOWNLOAD_ROM);
}
#endif

#ifndef ESP_LOADER_SMALL
TEST_OPEN_EACH(stub_on_usb_otg_is_left_by_watchdog_and_gets_small_blocks, OTG_COUNT,
               make_bench(otg_chips[i], ESP_SIM_WIRING_OTG))
{
    static uint8_t data[0x1800];
    bench_fill(data, sizeof(data), 2);
    bench_fill(data, sizeof(data), 2);
    assert_success(esp_loader_connect_with_stub(&b->loader, NULL));
    assert_int_equal(bench_flash_blocks(b, 0x10000, data, sizeof(data), 0x804, false),
                     ESP_LOADER_ERROR_INVALID_PARAM);
    assert_success(bench_flash_blocks(b, 0x10000, data, sizeof(data), 0x800, false));
    assert_success(esp_loader_reset_target_checked(&b->loader));
    expect_application(b, 2);
}
#endif

TEST_CONNECTED(large_blocks_are_refused_on_usb_otg, make_bench("esp32s2", ESP_SIM_WIRING_OTG))
{
    esp_loader_mem_cfg_t ram = {.offset = 0x40028000, .size = 0x2000, .block_size = 0x1000};
    assert_int_equal(esp_loader_mem_start(&b->loader, &ram), ESP_LOADER_ERROR_INVALID_PARAM);
    ram.block_size = 0x800;
    assert_success(esp_loader_mem_start(&b->loader, &ram));
    esp_loader_flash_deflate_cfg_t deflate = {
        .offset = 0, .image_size = 0x4000, .compressed_size = 0x2000, .block_size = 0x1000};
    assert_int_equal(esp_loader_flash_deflate_start(&b->loader, &deflate), ESP_LOADER_ERROR_INVALID_PARAM);
}

#ifndef ESP_LOADER_SMALL /* which does not ask the target how to leave download mode */
static const struct {
    const char *chip;
    uint32_t force_addr, force_bit, config0, config1, protect;
} forced[] = {
    {"esp32p4", 0x50110008, 4, 0x50116000, 0x50116004, 0x50116018},
    {"esp32s2", 0x3F408128, 1, 0x3F408094, 0x3F408098, 0x3F4080AC},
    {"esp32s3", 0x6000812C, 1, 0x60008098, 0x6000809C, 0x600080B0},
    {"esp32s31", 0x20700008, 4, 0x20801000, 0x20801004, 0x20801018},
};

/* An application can ask for download mode itself: then the boot pin is high and a flag is set. */
TEST_CONNECTED_EACH(forced_download_is_left_too, COUNT(forced),
                    make_bench(forced[i].chip, ESP_SIM_WIRING_OTG))
{
    assert_success(esp_loader_write_register(&b->loader, forced[i].force_addr, forced[i].force_bit));
    assert_success(esp_loader_write_register(&b->loader, forced[i].protect, 0x50D83AA1));
    assert_success(esp_loader_write_register(&b->loader, forced[i].config1, 2000));
    assert_success(esp_loader_write_register(&b->loader, forced[i].config0, 0xD0000102));
    bench_wait_us(b, 3000000);
    assert_int_equal(esp_sim_state(b->sim), ESP_SIM_STATE_DOWNLOAD_ROM);

    assert_success(esp_loader_init_serial(&b->loader, &b->port.base.port));
    assert_success(esp_loader_connect(&b->loader, NULL));
    assert_success(esp_loader_reset_target_checked(&b->loader));
    expect_application(b, 3);
}

TEST_OPEN_EACH(secure_download_mode_on_usb_otg_cannot_be_left, OTG_COUNT,
               BENCH(.chip = otg_chips[i], .wiring = ESP_SIM_WIRING_OTG, .flash_size = 4u << 20,
                     .start_in_download = true, .is_secure_download = true))
{
    assert_success(esp_loader_connect_secure_download_mode(&b->loader, NULL, 4u << 20));
    assert_int_equal(esp_loader_reset_target_checked(&b->loader), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(bench_cause(b), ESP_LOADER_ERROR_SECURITY);
    assert_int_equal(esp_loader_error_detail(&b->loader)->stage, ESP_LOADER_STAGE_RESET);
    assert_int_equal(esp_sim_state(b->sim), ESP_SIM_STATE_DOWNLOAD_ROM);
}

static const char *const held_chips[] = {"esp32s3", "esp32c3", "esp32c61", "esp32p4"};

TEST_CONNECTED_EACH(chip_started_with_its_boot_button_held_runs_after_the_reset, COUNT(held_chips),
                    make_bench(held_chips[i], ESP_SIM_WIRING_USJ))
{
    assert_success(esp_loader_reset_target_checked(&b->loader));
    expect_application(b, 2);
}
#endif

TEST_CONNECTED(watchdog_is_not_used_where_the_lines_do,
               BENCH(.chip = "esp32s3", .wiring = ESP_SIM_WIRING_USJ))
{
    assert_success(esp_loader_reset_target_checked(&b->loader));
    expect_application(b, 1); /* a core reset: the device has stayed on the bus */
}

/* Its watchdog reset has been seen to lose the port for good, so it is not used. */
TEST_CONNECTED(boot_button_held_on_a_c6_ends_in_download_mode_again,
               make_bench("esp32c6", ESP_SIM_WIRING_USJ))
{
    assert_success(esp_loader_reset_target_checked(&b->loader));
    bench_wait_us(b, 1000000);
    assert_int_equal(esp_sim_state(b->sim), ESP_SIM_STATE_DOWNLOAD_ROM);
}

#ifndef ESP_LOADER_SMALL
TEST_CONNECTED(unplugging_instead_of_a_reset_is_reported, make_bench("esp32s2", ESP_SIM_WIRING_OTG))
{
    esp_sim_unplug(b->sim);
    assert_int_equal(esp_loader_reset_target_checked(&b->loader), ESP_LOADER_ERROR_DISCONNECTED);
}
#endif
