/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Progress: lines where nobody can redraw them, rows of bars on a terminal.
 */
#define _GNU_SOURCE
#include "report/progress.h"

#include <stdint.h>

#include "report/clock.h"
#include "report/screen.h"
#include "text/safe_text.h"

/** Without a terminal a line every so many per cent; on one a row so often. */
enum { SPARSE_STEP = 25, REDRAW_MS = 100, NAME_WIDTH_MAX = 24 };

static uint64_t now_of(const progress_t *progress)
{
    return progress->now_ms != NULL ? progress->now_ms() : clock_now_ms();
}

void progress_begin(progress_t *progress)
{
    uint64_t total = 0;

    for (size_t i = 0; progress->images != NULL && i < progress->count; i++) {
        total += progress->images[i].source.size;
    }
    tally_begin(&progress->tally, total, now_of(progress));
}

void progress_end_line(progress_t *progress)
{
    if (progress->is_drawn) {
        progress->is_drawn = false;
        screen_keep();
    }
}

/* ---- lines ---- */

static void show_percent(progress_t *progress, uint32_t done, uint32_t total)
{
    const unsigned percent = tally_percent(&progress->tally);

    if (percent / SPARSE_STEP == progress->shown_percent / SPARSE_STEP) {
        return;
    }
    progress->shown_percent = percent;
    fprintf(progress->out, "Progress: %3u %% (%u of %u bytes)\n", percent, (unsigned)done, (unsigned)total);
}

static void print_write(progress_t *progress, const esp_loader_plan_event_t *event)
{
    if (event->done == 0) {
        fprintf(progress->out, "Writing\n");
        progress->shown_percent = 0;
        return;
    }
    show_percent(progress, event->done, event->total);
    if (event->done == event->total) {
        fprintf(progress->out, "Written\n");
    }
}

static void print_result(FILE *out, esp_loader_image_result_t result)
{
    switch (result) {
    case ESP_LOADER_IMAGE_EQUAL:
        fprintf(out, "Already in the flash, nothing to write\n");
        break;
    case ESP_LOADER_IMAGE_VERIFIED:
        fprintf(out, "Verified\n");
        break;
    case ESP_LOADER_IMAGE_UNVERIFIED:
        fprintf(out, "Not verified: the loader on this target cannot\n");
        break;
    case ESP_LOADER_IMAGE_WRITTEN:
        fprintf(out, "Not verified, as asked for\n");
        break;
    case ESP_LOADER_IMAGE_NOT_STARTED:
    case ESP_LOADER_IMAGE_FAILED: /* the error is reported by who ran the plan */
        break;
    }
}

static esp_loader_image_result_t result_of(const progress_t *progress, size_t index)
{
    return index < progress->count ? progress->reports[index].result : ESP_LOADER_IMAGE_NOT_STARTED;
}

/** Images that are flashed as one are announced as they are written, and end together. */
static void print_event(progress_t *progress, const esp_loader_plan_event_t *event, bool is_new)
{
    if (event->image_index >= progress->announced_end) {
        fprintf(progress->out, "\nLoading %s: %u bytes at 0x%08x\n", event->image->name,
                (unsigned)event->total, (unsigned)event->image->offset);
        progress->shown_percent = 0;
        progress->announced_end = event->image_index + 1;
    } else if (is_new && event->step == ESP_LOADER_PLAN_DONE) {
        fprintf(progress->out, "%s: ", event->image->name);
    }
    switch (event->step) {
    case ESP_LOADER_PLAN_COMPARE:
    case ESP_LOADER_PLAN_VERIFY:
        break; /* quick, and the outcome is shown */
    case ESP_LOADER_PLAN_ERASE:
        fprintf(progress->out, "Erasing\n");
        break;
    case ESP_LOADER_PLAN_WRITE:
        print_write(progress, event);
        break;
    case ESP_LOADER_PLAN_DONE:
        print_result(progress->out, result_of(progress, event->image_index));
        break;
    }
    fflush(progress->out);
}

/* ---- rows ---- */

const char *progress_state(const tally_t *tally, const char *word, char room[BAR_TEXT_SIZE])
{
    switch (tally->step) {
    case ESP_LOADER_PLAN_COMPARE:
        return "comparing";
    case ESP_LOADER_PLAN_ERASE:
        return "erasing";
    case ESP_LOADER_PLAN_VERIFY:
        return "verifying";
    case ESP_LOADER_PLAN_WRITE:
    case ESP_LOADER_PLAN_DONE:
    default:
        return tally->rate != 0 ? bar_rate(tally->rate, room) : word;
    }
}

const char *progress_left(const tally_t *tally, char room[PROGRESS_LEFT_SIZE])
{
    char time[BAR_TEXT_SIZE];

    if (tally->rate == 0) {
        return " ";
    }
    snprintf(room, PROGRESS_LEFT_SIZE, "%s left", bar_time(tally_left_ms(tally), time));
    return room;
}

static const char *result_word(esp_loader_image_result_t result)
{
    switch (result) {
    case ESP_LOADER_IMAGE_EQUAL:
        return "unchanged";
    case ESP_LOADER_IMAGE_VERIFIED:
        return "verified";
    case ESP_LOADER_IMAGE_UNVERIFIED:
        return "not verifiable";
    case ESP_LOADER_IMAGE_WRITTEN:
        return "written";
    case ESP_LOADER_IMAGE_NOT_STARTED:
    case ESP_LOADER_IMAGE_FAILED:
    default:
        return "";
    }
}

static unsigned common_width(const progress_t *progress)
{
    char name[SAFE_TEXT_SIZE];
    unsigned width = 0;

    for (size_t i = 0; progress->images != NULL && i < progress->count; i++) {
        const unsigned own = bar_width(safe_text(progress->images[i].name, name));
        width = own > width ? own : width;
    }
    return width < NAME_WIDTH_MAX ? width : NAME_WIDTH_MAX;
}

static void draw(progress_t *progress, const bar_t *bar)
{
    const bar_style_t style = progress->style != NULL ? *progress->style : screen_style(progress->out);
    char row[1][BAR_SIZE];
    const unsigned width = bar_render(bar, &style, row[0]);

    screen_draw(progress->out, row, &width, 1);
    progress->is_drawn = true;
    progress->drawn_ms = now_of(progress);
}

static void draw_work(progress_t *progress, const char *name, const char *word)
{
    const tally_t *tally = &progress->tally;
    char clean[SAFE_TEXT_SIZE];
    char state[BAR_TEXT_SIZE];
    char left[PROGRESS_LEFT_SIZE];
    char total[BAR_TEXT_SIZE] = "";

    if (progress->count > 1) {
        snprintf(total, sizeof(total), "total %u%%", tally_all_percent(tally));
    }
    draw(progress, &(bar_t){.name = safe_text(name, clean),
                            .name_width = common_width(progress),
                            .percent = tally_percent(tally),
                            .state = progress_state(tally, word, state),
                            .time = progress_left(tally, left),
                            .total = total});
}

/** The row that stays. */
static void draw_result(progress_t *progress, const char *name, const char *word, uint64_t time_ms,
                        bool has_rate)
{
    const tally_t *tally = &progress->tally;
    char clean[SAFE_TEXT_SIZE];
    char time[BAR_TEXT_SIZE];
    char rate[BAR_TEXT_SIZE];

    draw(progress,
         &(bar_t){.name = safe_text(name, clean),
                  .name_width = common_width(progress),
                  .percent = tally_percent(tally),
                  .is_done = true,
                  .state = word,
                  .time = bar_seconds(time_ms, time),
                  .total = bar_rate(!has_rate || time_ms == 0 ? 0 : tally->done * 1000ull / time_ms, rate)});
    progress_end_line(progress);
}

/** Between the events of an image may be those of others that are flashed as one with it. */
static uint64_t time_of(const progress_t *progress, size_t index)
{
    const uint64_t reported_ms = progress->reports[index].time_ms;

    return reported_ms != 0 ? reported_ms : progress->tally.at_ms - progress->tally.began_ms;
}

static bool is_due(const progress_t *progress)
{
    return !progress->is_drawn || now_of(progress) - progress->drawn_ms >= REDRAW_MS;
}

static void draw_event(progress_t *progress, const esp_loader_plan_event_t *event)
{
    if (event->step == ESP_LOADER_PLAN_DONE) {
        const esp_loader_image_result_t result = result_of(progress, event->image_index);
        draw_result(progress, event->image->name, result_word(result), time_of(progress, event->image_index),
                    result != ESP_LOADER_IMAGE_EQUAL);
    } else if (is_due(progress)) {
        draw_work(progress, event->image->name, "writing");
    }
}

/* ---- both ---- */

void progress_on_event(progress_t *progress, const esp_loader_plan_event_t *event)
{
    const bool is_new = !progress->is_started || progress->image_index != event->image_index;

    tally_event(&progress->tally, event, now_of(progress));
    if (is_new && !progress->is_started && progress->is_live && progress->out != NULL) {
        fputc('\n', progress->out);
    }
    progress->is_started = true;
    progress->image_index = event->image_index;
    if (progress->out == NULL) {
        return;
    }
    if (progress->is_live) {
        draw_event(progress, event);
    } else {
        print_event(progress, event, is_new);
    }
}

void progress_show(progress_t *progress, const char *name, uint32_t done, uint32_t total)
{
    const esp_loader_plan_event_t event = {.step = ESP_LOADER_PLAN_WRITE, .done = done, .total = total};

    tally_event(&progress->tally, &event, now_of(progress));
    if (progress->out == NULL) {
        return;
    }
    if (!progress->is_live) {
        show_percent(progress, done, total);
        fflush(progress->out);
    } else if (done == total) {
        draw_result(progress, name, "read", progress->tally.at_ms - progress->tally.began_ms, true);
    } else if (is_due(progress)) {
        draw_work(progress, name, "reading");
    }
}
