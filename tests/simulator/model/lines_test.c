/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * DTR and RTS, buttons and cable: which of them lead to which state.
 */
#include "host.h"

static esp_sim_t *usj(esp_sim_timing_t timing)
{
    esp_sim_config_t config = {.timing = timing};
    esp_sim_t *sim = host_new(&config);
    host_wait_us(sim, 1000000);
    return sim;
}

static esp_sim_t *bridge(esp_sim_timing_t timing)
{
    esp_sim_config_t config = {.timing = timing, .wiring = ESP_SIM_WIRING_BRIDGE};
    esp_sim_t *sim = host_new(&config);
    host_wait_us(sim, 1000000);
    return sim;
}

TEST(new_chip_with_blank_flash_fails_to_boot)
{
    esp_sim_t *sim = usj(ESP_SIM_TIMING_DEFAULT);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_BOOT_FAILED);
    assert_non_null(strstr(esp_sim_console(sim), "invalid header: 0xffffffff\r\n"));
    host_end(sim);
}

TEST(chip_is_starting_until_the_rom_is_ready)
{
    esp_sim_config_t config = {.timing = ESP_SIM_TIMING_DEFAULT};
    esp_sim_t *sim = host_new(&config);
    esp_sim_run_until(sim, 49999);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_STARTING);
    assert_int_equal(esp_sim_next_event_us(sim), 50000);
    esp_sim_run_until(sim, 50000);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_BOOT_FAILED);
    host_end(sim);
}

TEST(usj_sequence_enters_download_mode_and_keeps_the_bus)
{
    esp_sim_t *sim = usj(ESP_SIM_TIMING_DEFAULT);
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
    host_end(sim);
}

TEST(usj_reset_after_idle_pair_boots_the_app)
{
    esp_sim_t *sim = usj(ESP_SIM_TIMING_DEFAULT);
    host_make_bootable(sim);
    host_usj_download(sim);
    host_usj_run(sim);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_APP);
    assert_non_null(
        strstr(esp_sim_console(sim), "rst:0x15 (USB_UART_CHIP_RESET),boot:0x8 (SPI_FAST_FLASH_BOOT)\r\n"));
    host_end(sim);
}

TEST(usj_passing_the_idle_pair_loses_the_download_flag)
{
    esp_sim_t *sim = usj(ESP_SIM_TIMING_FAST);
    esp_sim_host_set_lines(sim, true, false);
    esp_sim_host_set_lines(sim, false, false);
    esp_sim_host_set_lines(sim, false, true);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_BOOT_FAILED);
    host_end(sim);
}

TEST(usj_clearing_dtr_first_resets_by_accident)
{
    esp_sim_t *sim = usj(ESP_SIM_TIMING_FAST);
    esp_sim_host_set_lines(sim, true, true);
    assert_int_equal(esp_sim_stats(sim)->resets, 0);
    esp_sim_host_set_lines(sim, false, true);
    assert_int_equal(esp_sim_stats(sim)->resets, 1);
    host_end(sim);
}

TEST(usj_pair_that_stays_resets_only_once)
{
    esp_sim_t *sim = usj(ESP_SIM_TIMING_FAST);
    esp_sim_host_set_lines(sim, false, true);
    host_wait_us(sim, 1000);
    esp_sim_host_set_lines(sim, false, true);
    assert_int_equal(esp_sim_stats(sim)->resets, 1);
    assert_int_equal(esp_sim_stats(sim)->line_changes, 1);
    host_end(sim);
}

TEST(usj_classic_sequence_of_bridges_boots_the_app)
{
    esp_sim_t *sim = usj(ESP_SIM_TIMING_DEFAULT);
    esp_sim_host_set_lines(sim, false, true);
    host_wait_us(sim, 100000);
    esp_sim_host_set_lines(sim, true, false);
    host_wait_us(sim, 50000);
    esp_sim_host_set_lines(sim, false, false);
    host_wait_us(sim, 100000);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_BOOT_FAILED);
    host_end(sim);
}

TEST(usj_boot_button_at_power_up_survives_core_resets)
{
    esp_sim_config_t config = {.timing = ESP_SIM_TIMING_FAST, .start_in_download = true};
    esp_sim_t *sim = host_new(&config);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_DOWNLOAD_ROM);
    host_usj_run(sim);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_DOWNLOAD_ROM);
    esp_sim_reset_button(sim, false);
    host_wait_us(sim, 1);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_BOOT_FAILED);
    host_end(sim);
}

TEST(usj_system_reset_drops_the_bus_for_the_enumeration_gap)
{
    esp_sim_t *sim = usj(ESP_SIM_TIMING_DEFAULT);
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
    host_end(sim);
}

TEST(bridge_sequence_with_both_lines_at_once_enters_download_mode)
{
    esp_sim_t *sim = bridge(ESP_SIM_TIMING_DEFAULT);
    esp_sim_host_set_lines(sim, false, true);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_OFF);
    host_wait_us(sim, 100000);
    esp_sim_host_set_lines(sim, true, false);
    host_wait_us(sim, 60000);
    esp_sim_host_set_lines(sim, false, false);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_DOWNLOAD_ROM);
    assert_true(esp_sim_is_attached(sim));
    assert_non_null(strstr(esp_sim_console(sim), "rst:0x1 (POWERON),boot:0x0 (DOWNLOAD(USB/UART0))\r\n"));
    host_end(sim);
}

TEST(bridge_lines_one_by_one_enter_download_mode_while_en_rises)
{
    esp_sim_t *sim = bridge(ESP_SIM_TIMING_DEFAULT);
    esp_sim_host_set_lines(sim, false, true);
    host_wait_us(sim, 100000);
    esp_sim_host_set_lines(sim, true, true);
    host_wait_us(sim, 1000);
    esp_sim_host_set_lines(sim, true, false);
    host_wait_us(sim, 60000);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_DOWNLOAD_ROM);
    host_end(sim);
}

TEST(bridge_boot_pin_released_before_en_has_risen_boots_the_app)
{
    esp_sim_t *sim = bridge(ESP_SIM_TIMING_DEFAULT);
    esp_sim_host_set_lines(sim, false, true);
    host_wait_us(sim, 100000);
    esp_sim_host_set_lines(sim, true, false);
    host_wait_us(sim, 4000);
    esp_sim_host_set_lines(sim, false, false);
    host_wait_us(sim, 100000);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_BOOT_FAILED);
    host_end(sim);
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
        esp_sim_host_set_lines(sim, false, true);
        host_wait_us(sim, 100000);
        esp_sim_host_set_lines(sim, true, false);
        host_wait_us(sim, CASES[i].wait_us);
        esp_sim_host_set_lines(sim, false, false);
        host_wait_us(sim, 300000);
        assert_int_equal(esp_sim_state(sim), CASES[i].state);
        host_end(sim);
    }
}

TEST(bridge_equal_lines_do_nothing)
{
    esp_sim_t *sim = bridge(ESP_SIM_TIMING_FAST);
    esp_sim_host_set_lines(sim, true, true);
    esp_sim_host_set_lines(sim, false, false);
    esp_sim_host_set_lines(sim, true, false);
    host_wait_us(sim, 100);
    assert_int_equal(esp_sim_stats(sim)->resets, 0);
    host_end(sim);
}

TEST(bridge_pulse_on_rts_runs_the_app_again)
{
    esp_sim_t *sim = bridge(ESP_SIM_TIMING_DEFAULT);
    host_make_bootable(sim);
    esp_sim_host_set_lines(sim, false, true);
    host_wait_us(sim, 100000);
    esp_sim_host_set_lines(sim, false, false);
    host_wait_us(sim, 100000);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_APP);
    host_end(sim);
}

TEST(unwired_chip_starts_in_download_mode_and_ignores_lines)
{
    esp_sim_config_t config = {.timing = ESP_SIM_TIMING_FAST, .wiring = ESP_SIM_WIRING_NONE};
    esp_sim_t *sim = host_new(&config);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_DOWNLOAD_ROM);
    esp_sim_host_set_lines(sim, false, true);
    host_wait_us(sim, 1000);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_DOWNLOAD_ROM);
    assert_int_equal(esp_sim_stats(sim)->resets, 0);
    host_end(sim);
}

TEST(unplugging_takes_power_and_keeps_flash)
{
    esp_sim_t *sim = usj(ESP_SIM_TIMING_DEFAULT);
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
    host_end(sim);
}

TEST(talking_while_the_reset_pair_is_held_is_misuse)
{
    esp_sim_t *sim = usj(ESP_SIM_TIMING_FAST);
    esp_sim_host_set_lines(sim, false, true);
    host_wait_us(sim, 1000);
    esp_sim_host_write(sim, "\xC0", 1);
    esp_sim_host_write(sim, "\xC0", 1);
    const char *report = strstr(esp_sim_misuse(sim), "bytes sent while the lines still ask for a reset");
    assert_non_null(report);
    assert_null(strstr(report + 1, "bytes sent while"));
    esp_sim_free(sim);
}
