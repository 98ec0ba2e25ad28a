/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * RTC watchdog and super watchdog on a USB-Serial/JTAG session.
 */
#include "host.h"

enum {
    CONFIG0 = 0x60008098,
    CONFIG1 = 0x6000809C,
    PROTECT = 0x600080B0,
    SWD_CONFIG = 0x600080B4,
    SWD_PROTECT = 0x600080B8,
    FORCE_DOWNLOAD = 0x6000812C,
};

#define KEY     0x50D83AA1u
#define SWD_KEY 0x8F1D312Au

static void disable_rtc(esp_sim_t *sim)
{
    host_write_reg(sim, PROTECT, KEY);
    host_write_reg(sim, CONFIG0, 0);
    host_write_reg(sim, PROTECT, 0);
}

static void disable_swd(esp_sim_t *sim)
{
    host_write_reg(sim, SWD_PROTECT, SWD_KEY);
    host_write_reg(sim, SWD_CONFIG, host_read_reg(sim, SWD_CONFIG) | 0x80000000u);
    host_write_reg(sim, SWD_PROTECT, 0);
}

/* A session that began with a core reset 500 ms ago. */
static esp_sim_t *start(const esp_sim_config_t *config)
{
    esp_sim_t *sim = host_start(config);
    assert_int_equal(esp_sim_stats(sim)->resets, 1);
    return sim;
}

TEST_ON(rtc_watchdog_resets_a_session_that_leaves_it_on, start, FAST)
{
    host_wait_us(sim, 8000000);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_DOWNLOAD_ROM);
    host_wait_us(sim, 1000000);
    assert_int_equal(esp_sim_stats(sim)->resets, 2);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_BOOT_FAILED);
    assert_non_null(strstr(esp_sim_console(sim), "rst:0x10 (RTCWDT_RTC_RST),boot:0x8 (SPI_FAST_FLASH_BOOT)"));
}

TEST_ROM(rtc_watchdog_reset_takes_the_device_off_the_bus, TIMED)
{
    for (unsigned ms = 0; ms < 9000 && esp_sim_stats(sim)->resets < 2; ms++) {
        host_wait_us(sim, 1000);
    }
    assert_int_equal(esp_sim_stats(sim)->resets, 2);
    assert_false(esp_sim_is_attached(sim));
    host_wait_us(sim, 700000);
    assert_true(esp_sim_is_attached(sim));
}

TEST_ON(super_watchdog_alone_resets_too, start, FAST)
{
    disable_rtc(sim);
    host_wait_us(sim, 11000000);
    assert_int_equal(esp_sim_stats(sim)->resets, 1);
    host_wait_us(sim, 1000000);
    assert_int_equal(esp_sim_stats(sim)->resets, 2);
    assert_non_null(strstr(esp_sim_console(sim), "SUPER_WDT"));
}

TEST_ON(both_switched_off_leave_the_session_alone, start, FAST)
{
    disable_rtc(sim);
    disable_swd(sim);
    host_wait_us(sim, 3600000000u);
    assert_int_equal(esp_sim_stats(sim)->resets, 1);
    host_read_reg(sim, 0x40001000);
}

TEST_ON(switched_off_watchdogs_stay_off_over_a_core_reset, start, FAST)
{
    disable_rtc(sim);
    disable_swd(sim);
    host_usj_download(sim);
    host_wait_us(sim, 60000000);
    assert_int_equal(esp_sim_stats(sim)->resets, 2);
}

TEST_NEW(running_firmware_feeds_them, FAST)
{
    host_make_bootable(sim);
    host_wait_us(sim, 60000000);
    assert_int_equal(esp_sim_stats(sim)->resets, 0);
}

TEST_NEW(download_mode_from_power_up_has_them_off, FAST, .start_in_download = true)
{
    host_wait_us(sim, 60000000);
    assert_int_equal(esp_sim_stats(sim)->resets, 0);
}

TEST_NEW(bridge_reset_leaves_them_off, FAST, .wiring = ESP_SIM_WIRING_BRIDGE)
{
    esp_sim_host_set_lines(sim, false, true);
    esp_sim_host_set_lines(sim, true, false);
    host_wait_us(sim, 60000000);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_DOWNLOAD_ROM);
    assert_int_equal(esp_sim_stats(sim)->resets, 1);
}

TEST_ON(writes_without_the_key_are_ignored_and_reported, start, FAST)
{
    host_write_reg(sim, CONFIG0, 0);
    assert_true((host_read_reg(sim, CONFIG0) & 0x80000000u) != 0);
    host_expect_misuse(sim, "write to watchdog register 0x60008098 without its key");
    host_write_reg(sim, SWD_CONFIG, 0x80000000u);
    assert_int_equal(host_read_reg(sim, SWD_CONFIG), 0);
    host_wait_us(sim, 9000000);
    assert_int_equal(esp_sim_stats(sim)->resets, 2);
}

static void request_watchdog_reset(esp_sim_t *sim)
{
    host_write_reg(sim, PROTECT, KEY);
    host_write_reg(sim, CONFIG1, 2000);
    host_write_reg(sim, CONFIG0, 0xD0000102);
    host_write_reg(sim, PROTECT, 0);
}

TEST_NEW(watchdog_reset_runs_the_app_after_the_boot_button, FAST, .start_in_download = true)
{
    host_make_bootable(sim);
    host_skip(sim, 1000);
    host_sync(sim);
    request_watchdog_reset(sim);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_DOWNLOAD_ROM);
    host_wait_us(sim, 14700); /* 2000 ticks of 136 kHz are 14.706 ms */
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_DOWNLOAD_ROM);
    host_wait_us(sim, 10);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_APP);
}

TEST_ON(watchdog_reset_returns_to_download_mode_when_it_is_forced, start, FAST)
{
    host_write_reg(sim, FORCE_DOWNLOAD, 1);
    request_watchdog_reset(sim);
    host_wait_us(sim, 500000);
    assert_int_equal(esp_sim_stats(sim)->resets, 2);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_DOWNLOAD_ROM);
    esp_sim_reset_button(sim, false); /* EN clears the flag */
    host_wait_us(sim, 1);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_BOOT_FAILED);
}
