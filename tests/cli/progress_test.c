/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a run of a plan prints, with and without a terminal.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>

#include "report/bar.h"
#include "report/progress.h"
#include "test.h"

static const esp_loader_image_t images[] = {
    {.name = "boot.bin", .offset = 0, .source.size = 2000},
    {.name = "app.bin", .offset = 0x10000, .source.size = 6000},
};

static const bar_style_t style = {.columns = 72};
static uint64_t clock_ms;

static uint64_t now_ms(void)
{
    return clock_ms;
}

typedef struct {
    progress_t progress;
    esp_loader_image_report_t reports[2];
    char *text;
    size_t size;
} screen_t;

static void open_screen(screen_t *screen, bool is_live)
{
    *screen = (screen_t){0};
    screen->progress = (progress_t){.is_live = is_live,
                                    .images = images,
                                    .reports = screen->reports,
                                    .count = 2,
                                    .now_ms = now_ms,
                                    .style = &style};
    screen->progress.out = open_memstream(&screen->text, &screen->size);
    assert_non_null(screen->progress.out);
    clock_ms = 0;
    progress_begin(&screen->progress);
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

TEST(terminal_sees_a_bar_per_image)
{
    screen_t screen;

    open_screen(&screen, true);
    event(&screen, 0, ESP_LOADER_PLAN_COMPARE, 0, 2000);
    clock_ms = 50;
    event(&screen, 0, ESP_LOADER_PLAN_ERASE, 0, 2000); /* too soon to be drawn */
    clock_ms = 100;
    event(&screen, 0, ESP_LOADER_PLAN_WRITE, 0, 2000);
    clock_ms = 600;
    event(&screen, 0, ESP_LOADER_PLAN_WRITE, 1000, 2000);
    clock_ms = 699;
    event(&screen, 0, ESP_LOADER_PLAN_WRITE, 1500, 2000);
    clock_ms = 1000;
    screen.reports[0].result = ESP_LOADER_IMAGE_VERIFIED;
    event(&screen, 0, ESP_LOADER_PLAN_DONE, 2000, 2000);
    event(&screen, 1, ESP_LOADER_PLAN_COMPARE, 0, 6000);
    clock_ms = 1200;
    screen.reports[1].result = ESP_LOADER_IMAGE_EQUAL;
    event(&screen, 1, ESP_LOADER_PLAN_DONE, 6000, 6000);
    assert_shows(&screen, "\n"
                          "boot.bin   0% [------------------------] comparing           total 0%\033[J"
                          "\rboot.bin   0% [------------------------] writing             total 0%\033[J"
                          "\rboot.bin  50% [############------------] 1 KB/s    0:04 left total 12%\033[J"
                          "\rboot.bin [############################] verified  1.0 s     1 KB/s\033[J\n"
                          "app.bin    0% [------------------------] comparing 0:03 left total 25%\033[J"
                          "\rapp.bin  [############################] unchanged 0.2 s\033[J\n");
}

/* Written one after the other, verified together. */
static void flash_as_one(screen_t *screen)
{
    event(screen, 0, ESP_LOADER_PLAN_COMPARE, 0, 2000);
    event(screen, 0, ESP_LOADER_PLAN_ERASE, 0, 2000);
    event(screen, 0, ESP_LOADER_PLAN_WRITE, 0, 2000);
    clock_ms = 400;
    event(screen, 0, ESP_LOADER_PLAN_WRITE, 2000, 2000);
    event(screen, 1, ESP_LOADER_PLAN_WRITE, 0, 6000);
    clock_ms = 1000;
    event(screen, 1, ESP_LOADER_PLAN_WRITE, 6000, 6000);
    event(screen, 0, ESP_LOADER_PLAN_VERIFY, 2000, 2000);
    event(screen, 1, ESP_LOADER_PLAN_VERIFY, 6000, 6000);
    screen->reports[0] = (esp_loader_image_report_t){.result = ESP_LOADER_IMAGE_VERIFIED, .time_ms = 400};
    screen->reports[1] = (esp_loader_image_report_t){.result = ESP_LOADER_IMAGE_VERIFIED, .time_ms = 600};
    event(screen, 0, ESP_LOADER_PLAN_DONE, 2000, 2000);
    event(screen, 1, ESP_LOADER_PLAN_DONE, 6000, 6000);
}

TEST(each_of_the_images_that_are_flashed_as_one_gets_its_bar)
{
    screen_t screen;

    open_screen(&screen, true);
    flash_as_one(&screen);
    assert_shows(&screen, "\n"
                          "boot.bin   0% [------------------------] comparing           total 0%\033[J"
                          "\rboot.bin 100% [########################] 4 KB/s    0:02 left total 25%\033[J"
                          "\rapp.bin  100% [########################] 5 KB/s    0:00 left total 100%\033[J"
                          "\rboot.bin [############################] verified  0.4 s     4 KB/s\033[J\n"
                          "app.bin  [############################] verified  0.6 s     9 KB/s\033[J\n");
}

TEST(lines_of_images_that_are_flashed_as_one_say_whose_they_are)
{
    screen_t screen;

    open_screen(&screen, false);
    flash_as_one(&screen);
    assert_shows(&screen, "\nLoading boot.bin: 2000 bytes at 0x00000000\n"
                          "Erasing\n"
                          "Writing\n"
                          "Progress: 100 % (2000 of 2000 bytes)\n"
                          "Written\n"
                          "\nLoading app.bin: 6000 bytes at 0x00010000\n"
                          "Writing\n"
                          "Progress: 100 % (6000 of 6000 bytes)\n"
                          "Written\n"
                          "boot.bin: Verified\n"
                          "app.bin: Verified\n");
}

TEST(bar_of_what_is_read)
{
    screen_t screen;

    open_screen(&screen, true);
    screen.progress.images = NULL;
    screen.progress.count = 0;
    progress_begin(&screen.progress);
    progress_show(&screen.progress, "out.bin", 0, 4096);
    clock_ms = 1000;
    progress_show(&screen.progress, "out.bin", 1024, 4096);
    clock_ms = 4000;
    progress_show(&screen.progress, "out.bin", 4096, 4096);
    assert_shows(&screen, "out.bin   0% [----------------------------] reading\033[J"
                          "\rout.bin  25% [#######---------------------] 1 KB/s    0:03 left\033[J"
                          "\rout.bin [############################] read      4.0 s     1 KB/s\033[J\n");
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

TEST(row_that_is_open_is_ended_once)
{
    screen_t screen;

    open_screen(&screen, true);
    event(&screen, 0, ESP_LOADER_PLAN_ERASE, 0, 10);
    progress_end_line(&screen.progress);
    progress_end_line(&screen.progress);
    assert_shows(&screen, "\n"
                          "boot.bin   0% [------------------------] erasing             total 0%\033[J\n");
}

TEST(quiet_run_shows_nothing)
{
    progress_t progress = {.count = 2};
    const esp_loader_plan_event_t plan_event = {.step = ESP_LOADER_PLAN_DONE, .image = &images[0]};

    progress_on_event(&progress, &plan_event);
    assert_int_equal(progress.tally.step, ESP_LOADER_PLAN_DONE); /* it counts all the same */
}
