/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A board that is reset after it was flashed, by the example where it is built to start what it has flashed,
 * else by its reset button. It may then stay on the bus or come back on its own; neither may flash it again,
 * while the same board plugged in again by hand is flashed again. And a board whose leaving is not announced.
 */
#include <string.h>

#include "console.h"
#include "esp_host.h"
#include "test.h"

/* What is said about a board that is flashed a second time. */
#ifdef ESP_LOADER_HAS_STUBS
#define EQUAL(name) "I usb_flasher: Loading " name "...\nAlready up to date\n"
#define FLASHED_AGAIN                                                                                        \
    "Connected to target\n" LOADER EQUAL("bootloader") EQUAL("partition table")                              \
        EQUAL("app") "I usb_flasher: Done!\n"
#else
#define FLASHED_AGAIN FLASHED
#endif
#define STARTED      "I usb_flasher: This board has just been flashed and started\n"
#define REAPPEARS_US 800000u
#define BY_HAND_US   20000000u

static board_t *board;
static unsigned done_count;

#if CONFIG_USB_FLASHER_RESET_TARGET

static void check_started(unsigned number)
{
    (void)number;
    CHECK(esp_sim_state(bench_board()->sim) == ESP_SIM_STATE_APP);
}

static void setup_two(void)
{
    bench_start(
        &(bench_t){.board_count = 2, .before_unplug = check_started, .patience_us = 3u * BENCH_PAUSE_US});
}

TEST(starts_what_it_has_flashed_and_goes_on)
{
    assert_string_equal(console_of(setup_two), INSTALLED OPENING FLASHED OPENING FLASHED OPENING);
}

#endif

static void finish(void *arg)
{
    (void)arg;
    CHECK(esp_sim_state(board->sim) == ESP_SIM_STATE_APP);
    scenario_succeed();
}

static void plug_again(void *arg)
{
    (void)arg;
    bus_plug(&board->gadget);
}

static void leave_and_come_back(void *arg)
{
#if !CONFIG_USB_FLASHER_RESET_TARGET
    esp_sim_reset_button(board->sim, false);
#endif
    bus_unplug();
    bus_after(*(const uint64_t *)arg, plug_again, NULL);
}

static uint64_t away_us;

static void on_log(const char *text)
{
    if (strcmp(text, "Done!") == 0) {
        done_count++;
        bus_after(BENCH_PAUSE_US, leave_and_come_back, &away_us);
        if (done_count == 2) {
            scenario_succeed();
        }
    } else if (strncmp(text, "This board has just", 19) == 0) {
        bus_after(10u * BY_HAND_US, finish, NULL);
    }
}

static void plug_first(void *arg)
{
    (void)arg;
#ifdef CONFIG_USB_FLASHER_VBUS_GPIO
    CHECK(esp_host_output_level(CONFIG_USB_FLASHER_VBUS_GPIO) == CONFIG_USB_FLASHER_VBUS_LEVEL);
#endif
    board = board_new("esp32s3", 1, ESP_SIM_TIMING_DEFAULT);
    bus_plug(&board->gadget);
}

static void setup_comes_back_by_itself(void)
{
    away_us = REAPPEARS_US;
    esp_host_listen(on_log);
    bus_after(BENCH_PAUSE_US, plug_first, NULL);
}

static void setup_plugged_in_again_by_hand(void)
{
    setup_comes_back_by_itself();
    away_us = BY_HAND_US;
}

TEST(does_not_flash_a_board_again_that_re_enumerates_after_its_reset)
{
    assert_string_equal(console_of(setup_comes_back_by_itself), INSTALLED OPENING FLASHED OPENING STARTED);
}

TEST(flashes_a_board_again_that_is_plugged_in_again_by_hand)
{
    assert_string_equal(console_of(setup_plugged_in_again_by_hand),
                        INSTALLED OPENING FLASHED OPENING FLASHED_AGAIN);
}

/* ---- a button that is pressed again and again ---- */

static unsigned reset_count;

static void on_log_of_resets(const char *text)
{
    if (strcmp(text, "Done!") == 0) {
        bus_after(BENCH_PAUSE_US, leave_and_come_back, &away_us);
    } else if (strncmp(text, "This board has just", 19) == 0) {
        reset_count++;
        if (reset_count < 3) {
            bus_after(10u * BY_HAND_US, leave_and_come_back, &away_us);
        } else {
            scenario_succeed();
        }
    }
}

static void setup_many_resets(void)
{
    setup_comes_back_by_itself();
    esp_host_listen(on_log_of_resets);
}

TEST(does_not_flash_a_board_again_however_late_and_often_it_is_reset)
{
    assert_string_equal(console_of(setup_many_resets),
                        INSTALLED OPENING FLASHED OPENING STARTED OPENING STARTED OPENING STARTED);
}

/* ---- leaving unannounced ---- */

static void vanish(void *arg)
{
    (void)arg;
    bus_lose_disconnect();
    bus_unplug();
}

static void on_log_of_vanishing(const char *text)
{
    if (strcmp(text, "Done!") == 0) {
        bus_after(BENCH_PAUSE_US, vanish, NULL);
    } else if (strncmp(text, "Opening", 7) == 0 && board != NULL) {
        scenario_succeed();
    }
}

static void setup_vanishes(void)
{
    setup_comes_back_by_itself();
    esp_host_listen(on_log_of_vanishing);
}

TEST(notices_a_board_that_left_unannounced)
{
    assert_string_equal(console_of(setup_vanishes), INSTALLED OPENING FLASHED OPENING);
}
