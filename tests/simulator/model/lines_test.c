/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * DTR and RTS, buttons and cable: which of them lead to which state.
 */
#include "host.h"

/* A second after power-up. */
static esp_sim_t *start(const esp_sim_config_t *config)
{
    esp_sim_t *sim = host_new(config);
    host_wait_us(sim, 1000000);
    return sim;
}

#define TEST_USJ(name, time)    TEST_ON(name, start, time)
#define TEST_BRIDGE(name, time) TEST_ON(name, start, time, .wiring = ESP_SIM_WIRING_BRIDGE)

static void set_lines(esp_sim_t *sim, bool dtr, bool rts, uint64_t wait_us)
{
    esp_sim_host_set_lines(sim, dtr, rts);
    host_wait_us(sim, wait_us);
}

TEST_USJ(new_chip_with_blank_flash_fails_to_boot, TIMED)
{
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_BOOT_FAILED);
    assert_non_null(strstr(esp_sim_console(sim), "invalid header: 0xffffffff\r\n"));
}

TEST_NEW(chip_is_starting_until_the_rom_is_ready, TIMED)
{
    esp_sim_run_until(sim, 49999);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_STARTING);
    assert_int_equal(esp_sim_next_event_us(sim), 50000);
    esp_sim_run_until(sim, 50000);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_BOOT_FAILED);
}

TEST_USJ(usj_sequence_enters_download_mode_and_keeps_the_bus, TIMED)
{
    esp_sim_host_set_lines(sim, true, false);
    esp_sim_host_set_lines(sim, true, true);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_BOOT_FAILED);
    esp_sim_host_set_lines(sim, false, true);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_STARTING);
    host_wait_us(sim, 100000);
    esp_sim_host_set_lines(sim, false, false);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_DOWNLOAD_ROM);
    assert_true(esp_sim_is_attached(sim));
    assert_non_null(strstr(esp_sim_console(sim),
                           "ESP-ROM:esp32s3-20210327\r\nBuild:Mar 27 2021\r\n"
                           "rst:0x15 (USB_UART_CHIP_RESET),boot:0x8 (DOWNLOAD(USB/UART0))\r\n"
                           "waiting for download\r\n"));
    assert_int_equal(esp_sim_stats(sim)->resets, 1);
    assert_int_equal(esp_sim_stats(sim)->line_changes, 4);
}

TEST_USJ(usj_reset_after_idle_pair_boots_the_app, TIMED)
{
    host_make_bootable(sim);
    host_usj_download(sim);
    host_usj_run(sim);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_APP);
    assert_non_null(
        strstr(esp_sim_console(sim), "rst:0x15 (USB_UART_CHIP_RESET),boot:0x8 (SPI_FAST_FLASH_BOOT)\r\n"));
}

TEST_USJ(usj_passing_the_idle_pair_loses_the_download_flag, FAST)
{
    esp_sim_host_set_lines(sim, true, false);
    esp_sim_host_set_lines(sim, false, false);
    esp_sim_host_set_lines(sim, false, true);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_BOOT_FAILED);
}

TEST_USJ(usj_clearing_dtr_first_resets_by_accident, FAST)
{
    esp_sim_host_set_lines(sim, true, true);
    assert_int_equal(esp_sim_stats(sim)->resets, 0);
    esp_sim_host_set_lines(sim, false, true);
    assert_int_equal(esp_sim_stats(sim)->resets, 1);
}

TEST_USJ(usj_pair_that_stays_resets_only_once, FAST)
{
    set_lines(sim, false, true, 1000);
    esp_sim_host_set_lines(sim, false, true);
    assert_int_equal(esp_sim_stats(sim)->resets, 1);
    assert_int_equal(esp_sim_stats(sim)->line_changes, 1);
}

TEST_USJ(usj_classic_sequence_of_bridges_boots_the_app, TIMED)
{
    set_lines(sim, false, true, 100000);
    set_lines(sim, true, false, 50000);
    set_lines(sim, false, false, 100000);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_BOOT_FAILED);
}

TEST_NEW(usj_boot_button_at_power_up_survives_core_resets, FAST, .start_in_download = true)
{
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_DOWNLOAD_ROM);
    host_usj_run(sim);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_DOWNLOAD_ROM);
    esp_sim_reset_button(sim, false);
    host_wait_us(sim, 1);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_BOOT_FAILED);
}

TEST_USJ(usj_system_reset_drops_the_bus_for_the_enumeration_gap, TIMED)
{
    esp_sim_host_set_lines(sim, true, true);
    esp_sim_reset_button(sim, false);
    uint64_t at_us = esp_sim_now_us(sim);
    assert_false(esp_sim_is_attached(sim));
    assert_int_equal(esp_sim_host_write(sim, "x", 1), 0);
    esp_sim_run_until(sim, at_us + 699999);
    assert_false(esp_sim_is_attached(sim));
    esp_sim_run_until(sim, at_us + 700000);
    assert_true(esp_sim_is_attached(sim));
    /* A device that is enumerated again knows nothing of the line state before. */
    esp_sim_host_set_lines(sim, false, false);
    assert_int_equal(esp_sim_stats(sim)->line_changes, 1);
}

TEST_BRIDGE(bridge_sequence_with_both_lines_at_once_enters_download_mode, TIMED)
{
    esp_sim_host_set_lines(sim, false, true);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_OFF);
    host_wait_us(sim, 100000);
    set_lines(sim, true, false, 60000);
    esp_sim_host_set_lines(sim, false, false);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_DOWNLOAD_ROM);
    assert_true(esp_sim_is_attached(sim));
    assert_non_null(strstr(esp_sim_console(sim), "rst:0x1 (POWERON),boot:0x0 (DOWNLOAD(USB/UART0))\r\n"));
}

TEST_BRIDGE(bridge_lines_one_by_one_enter_download_mode_while_en_rises, TIMED)
{
    set_lines(sim, false, true, 100000);
    set_lines(sim, true, true, 1000);
    set_lines(sim, true, false, 60000);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_DOWNLOAD_ROM);
}

TEST_BRIDGE(bridge_boot_pin_released_before_en_has_risen_boots_the_app, TIMED)
{
    set_lines(sim, false, true, 100000);
    set_lines(sim, true, false, 4000);
    set_lines(sim, false, false, 100000);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_BOOT_FAILED);
}

TEST(bridge_large_capacitor_needs_the_long_sequence)
{
    esp_sim_config_t config = {.wiring = ESP_SIM_WIRING_BRIDGE, .faults = "en rise 140 ms"};
    static const struct {
        uint64_t wait_us;
        esp_sim_state_t state;
    } CASES[] = {{50000, ESP_SIM_STATE_BOOT_FAILED}, {550000, ESP_SIM_STATE_DOWNLOAD_ROM}};
    for (size_t i = 0; i < 2; i++) {
        esp_sim_t *sim = host_new(&config);
        host_wait_us(sim, 1000000);
        set_lines(sim, false, true, 100000);
        set_lines(sim, true, false, CASES[i].wait_us);
        set_lines(sim, false, false, 300000);
        assert_int_equal(esp_sim_state(sim), CASES[i].state);
        host_end(sim);
    }
}

TEST_BRIDGE(bridge_equal_lines_do_nothing, FAST)
{
    esp_sim_host_set_lines(sim, true, true);
    esp_sim_host_set_lines(sim, false, false);
    set_lines(sim, true, false, 100);
    assert_int_equal(esp_sim_stats(sim)->resets, 0);
}

TEST_BRIDGE(bridge_pulse_on_rts_runs_the_app_again, TIMED)
{
    host_make_bootable(sim);
    set_lines(sim, false, true, 100000);
    set_lines(sim, false, false, 100000);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_APP);
}

TEST_NEW(unwired_chip_starts_in_download_mode_and_ignores_lines, FAST, .wiring = ESP_SIM_WIRING_NONE)
{
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_DOWNLOAD_ROM);
    set_lines(sim, false, true, 1000);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_DOWNLOAD_ROM);
    assert_int_equal(esp_sim_stats(sim)->resets, 0);
}

TEST_USJ(unplugging_takes_power_and_keeps_flash, TIMED)
{
    esp_sim_flash(sim)[0x1234] = 0x5A;
    esp_sim_unplug(sim);
    assert_false(esp_sim_is_attached(sim));
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_OFF);
    assert_true(esp_sim_next_event_us(sim) == UINT64_MAX);
    esp_sim_reset_button(sim, true);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_OFF);
    esp_sim_plug(sim, true);
    host_wait_us(sim, 50000);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_DOWNLOAD_ROM);
    assert_false(esp_sim_is_attached(sim));
    host_wait_us(sim, 650000);
    assert_true(esp_sim_is_attached(sim));
    assert_int_equal(esp_sim_flash(sim)[0x1234], 0x5A);
}

TEST_USJ(talking_while_the_reset_pair_is_held_is_misuse, FAST)
{
    set_lines(sim, false, true, 1000);
    esp_sim_host_write(sim, "\xC0", 1);
    esp_sim_host_write(sim, "\xC0", 1);
    host_expect_misuse(sim, "bytes sent while the lines still ask for a reset");
    const char *report = strstr(esp_sim_misuse(sim), "bytes sent while");
    assert_null(strstr(report + 1, "bytes sent while"));
}
