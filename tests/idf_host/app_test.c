/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The example's app_main() flashing virtual boards, judged by what it prints and by what is in their flash.
 * Built once per variant of the example.
 */
#include <stdio.h>
#include <string.h>

#include "console.h"
#include "test.h"

#define TEN         10u
#define HOUR_US     3600000000u
#define CONSOLE_MAX 65536

static void check_flash(unsigned number)
{
    (void)number;
    bench_check_flash(ESP32S3_CHIP);
    CHECK(strcmp(esp_sim_misuse(bench_board()->sim), "") == 0);
}

/** Whoever pulls the cable at "Done!" has a complete flash: nothing is left that a stub would still have to
 * write. */
static bool is_done_and_written(unsigned number, const char *text)
{
    const bool is_done = strcmp(text, "Done!") == 0;
    if (is_done) {
        check_flash(number);
    }
    return is_done;
}

static void setup_ten(void)
{
    bench_start(
        &(bench_t){.board_count = TEN, .is_verdict = is_done_and_written, .before_unplug = check_flash});
}

static void expect_flashed(const scenario_t *scenario, unsigned boards)
{
    static char expected[CONSOLE_MAX];
    strcpy(expected, INSTALLED OPENING);
    for (unsigned i = 0; i < boards; i++) {
        strcat(expected, FLASHED OPENING);
    }
    assert_string_equal(bench_console(scenario_passes(scenario)), expected);
}

TEST(flashes_ten_boards_one_after_another)
{
    for (unsigned cores = 1; cores <= 2; cores++) {
        expect_flashed(&(scenario_t){.cores = cores, .setup = setup_ten, .main = app_main}, TEN);
    }
}

TEST(flashes_ten_boards_at_tick_rate_100)
{
    expect_flashed(&(scenario_t){.tick_rate_hz = 100, .setup = setup_ten, .main = app_main}, TEN);
}

/* ---- a board that does not answer ---- */

static usb_gadget_t *silent_then_good(unsigned number)
{
    return number == 1 ? &toy_new(0x303A, 0x1001)->gadget
                       : &board_new("esp32s3", number, ESP_SIM_TIMING_DEFAULT)->gadget;
}

static bool is_verdict(unsigned number, const char *text)
{
    return number == 1 ? strncmp(text, "Cannot connect", 14) == 0 : strcmp(text, "Done!") == 0;
}

static void setup_silent_board(void)
{
    bench_start(&(bench_t){
        .board_count = 2, .make = silent_then_good, .is_verdict = is_verdict, .patience_us = HOUR_US});
}

TEST(reports_a_silent_board_once_leaves_it_alone_and_goes_on_to_the_next)
{
    assert_string_equal(console_of(setup_silent_board), INSTALLED OPENING
                        "E usb_flasher: Cannot connect: the target did not answer in time. Put the board "
                        "into download mode by hand and "
                        "plug it in again.\n" OPENING FLASHED OPENING);
}

/* ---- waiting ---- */

static void stop_waiting(void *arg)
{
    (void)arg;
    scenario_succeed();
}

static void setup_nothing(void)
{
    bus_after(HOUR_US, stop_waiting, NULL);
}

TEST(says_opening_once_per_wait_however_long)
{
    assert_string_equal(console_of(setup_nothing), INSTALLED OPENING);
}

#ifdef EXAMPLE_README

/** The block in the README is what the console shows for one board. */
TEST(the_readme_shows_this_console)
{
    static char text[CONSOLE_MAX];
    FILE *file = fopen(EXAMPLE_README, "r");
    assert_non_null(file);
    const size_t size = fread(text, 1, sizeof(text) - 1, file);
    fclose(file);
    text[size] = '\0';
    char *block = strstr(text, "```\nI (");
    assert_non_null(block);
    block += strlen("```\n");
    char *end = strstr(block, "```");
    assert_non_null(end);
    *end = '\0';
    assert_string_equal(bench_console(block), INSTALLED OPENING FLASHED OPENING);
}

#endif
