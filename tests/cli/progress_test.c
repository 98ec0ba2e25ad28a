/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a run of a plan prints, with and without a terminal.
 */
#define _GNU_SOURCE
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "report/progress.h"
#include "test.h"

static const esp_loader_image_t images[] = {
    {.name = "boot.bin", .offset = 0},
    {.name = "app.bin", .offset = 0x10000},
};

typedef struct {
    progress_t progress;
    esp_loader_image_report_t reports[2];
    char *text;
    size_t size;
} screen_t;

static void open_screen(screen_t *screen, bool is_live)
{
    *screen = (screen_t){0};
    screen->progress = (progress_t){.is_live = is_live, .reports = screen->reports, .count = 2};
    screen->progress.out = open_memstream(&screen->text, &screen->size);
    assert_non_null(screen->progress.out);
}

static void event(screen_t *screen, size_t index, esp_loader_plan_step_t step, uint32_t done, uint32_t total)
{
    const esp_loader_plan_event_t plan_event = {
        .step = step, .image_index = index, .image = &images[index], .done = done, .total = total};

    progress_on_event(&screen->progress, &plan_event);
}

static void assert_shows(screen_t *screen, const char *expected)
{
    assert_int_equal(fclose(screen->progress.out), 0);
    assert_string_equal(screen->text, expected);
    free(screen->text);
}

TEST(terminal_sees_one_line_rewritten)
{
    screen_t screen;

    open_screen(&screen, true);
    event(&screen, 0, ESP_LOADER_PLAN_COMPARE, 0, 2000);
    event(&screen, 0, ESP_LOADER_PLAN_ERASE, 0, 2000);
    event(&screen, 0, ESP_LOADER_PLAN_WRITE, 0, 2000);
    event(&screen, 0, ESP_LOADER_PLAN_WRITE, 1024, 2000);
    event(&screen, 0, ESP_LOADER_PLAN_WRITE, 1025, 2000); /* the same per cent: not shown again */
    event(&screen, 0, ESP_LOADER_PLAN_WRITE, 2000, 2000);
    event(&screen, 0, ESP_LOADER_PLAN_VERIFY, 2000, 2000);
    screen.reports[0].result = ESP_LOADER_IMAGE_VERIFIED;
    event(&screen, 0, ESP_LOADER_PLAN_DONE, 2000, 2000);
    assert_shows(&screen, "\nLoading boot.bin: 2000 bytes at 0x00000000\n"
                          "Erasing\n"
                          "Writing\n"
                          "\rProgress:  51 % (1024 of 2000 bytes)"
                          "\rProgress: 100 % (2000 of 2000 bytes)\n"
                          "Written\n"
                          "Verified\n");
}

TEST(file_sees_a_line_every_quarter)
{
    screen_t screen;

    open_screen(&screen, false);
    event(&screen, 1, ESP_LOADER_PLAN_WRITE, 0, 100);
    for (uint32_t done = 1; done <= 100; done++) {
        event(&screen, 1, ESP_LOADER_PLAN_WRITE, done, 100);
    }
    assert_shows(&screen, "\nLoading app.bin: 100 bytes at 0x00010000\n"
                          "Writing\n"
                          "Progress:  25 % (25 of 100 bytes)\n"
                          "Progress:  50 % (50 of 100 bytes)\n"
                          "Progress:  75 % (75 of 100 bytes)\n"
                          "Progress: 100 % (100 of 100 bytes)\n"
                          "Written\n");
}

static const struct {
    esp_loader_image_result_t result;
    const char *line;
} outcomes[] = {
    {ESP_LOADER_IMAGE_EQUAL, "Already in the flash, nothing to write\n"},
    {ESP_LOADER_IMAGE_VERIFIED, "Verified\n"},
    {ESP_LOADER_IMAGE_UNVERIFIED, "Not verified: the loader on this target cannot\n"},
    {ESP_LOADER_IMAGE_WRITTEN, "Not verified, as asked for\n"},
};

TEST_ROWS(each_outcome_has_its_line, outcomes)
{
    char expected[128];
    screen_t screen;

    open_screen(&screen, false);
    screen.reports[1].result = row->result;
    event(&screen, 1, ESP_LOADER_PLAN_DONE, 7, 7);
    snprintf(expected, sizeof(expected), "\nLoading app.bin: 7 bytes at 0x00010000\n%s", row->line);
    assert_shows(&screen, expected);
}

TEST(restart_of_an_image_ends_the_open_line)
{
    screen_t screen;

    open_screen(&screen, true);
    event(&screen, 0, ESP_LOADER_PLAN_WRITE, 0, 10);
    event(&screen, 0, ESP_LOADER_PLAN_WRITE, 5, 10);
    event(&screen, 0, ESP_LOADER_PLAN_ERASE, 0, 10);
    event(&screen, 0, ESP_LOADER_PLAN_WRITE, 0, 10);
    event(&screen, 0, ESP_LOADER_PLAN_WRITE, 5, 10);
    progress_end_line(&screen.progress);
    progress_end_line(&screen.progress);
    assert_shows(&screen, "\nLoading boot.bin: 10 bytes at 0x00000000\n"
                          "Writing\n"
                          "\rProgress:  50 % (5 of 10 bytes)\n"
                          "Erasing\n"
                          "Writing\n"
                          "\rProgress:  50 % (5 of 10 bytes)\n");
}

TEST(quiet_run_shows_nothing)
{
    progress_t progress = {.count = 2};
    const esp_loader_plan_event_t plan_event = {.step = ESP_LOADER_PLAN_DONE, .image = &images[0]};

    progress_on_event(&progress, &plan_event);
    assert_false(progress.is_started);
}

/* On a pseudo terminal of so many columns, which then has others. */
TEST(line_fits_the_terminal_also_after_a_resize)
{
    static const struct {
        unsigned short columns;
        const char *expected;
    } cases[] = {
        {0, "\rProgress:  50 % (1000 of 2000 bytes)"}, /* not known */
        {80, "\rProgress:  60 % (1200 of 2000 bytes)"},
        {37, "\rProgress:  70 % (1400 of 2000 bytes)"},
        {36,
         "\rProgress:  80 %                    "}, /* what was there is wiped, as far as it is in this line */
        {10, "\r90%      "},
        {80, "\rProgress: 100 % (2000 of 2000 bytes)"},
    };
    progress_t progress = {.is_live = true};
    char text[256];
    int master = -1;
    int slave = -1;

    assert_int_equal(openpty(&master, &slave, NULL, NULL, NULL), 0);
    progress.out = fdopen(slave, "w");
    assert_non_null(progress.out);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct winsize size = {.ws_col = cases[i].columns, .ws_row = 24};
        assert_int_equal(ioctl(master, TIOCSWINSZ, &size), 0);
        progress_show(&progress, 1000 + 200 * (uint32_t)i, 2000);
        const ssize_t length = read(master, text, sizeof(text) - 1);
        assert_true(length > 0);
        text[length] = '\0';
        assert_string_equal(text, cases[i].expected);
    }
    (void)fclose(progress.out);
    (void)close(master);
}
