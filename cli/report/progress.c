/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Progress as text.
 */
#define _GNU_SOURCE
#include "report/progress.h"

#include <stdint.h>
#include <sys/ioctl.h>

/** Without a terminal a line every so many per cent. */
enum { SPARSE_STEP = 25 };

void progress_end_line(progress_t *progress)
{
    if (progress->is_line_open) {
        fputc('\n', progress->out);
        progress->is_line_open = false;
        progress->shown_length = 0;
    }
}

static unsigned percent_of(uint32_t done, uint32_t total)
{
    return total == 0 ? 100u : (unsigned)((uint64_t)done * 100u / total);
}

/** Columns of the terminal now, which may have been resized; 0 = not known. */
static unsigned terminal_columns(FILE *out)
{
    struct winsize size;

    return fileno(out) >= 0 && ioctl(fileno(out), TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/** Rewrites the line, as much of it as fits: one that is wrapped cannot be rewritten. */
static void show_live(progress_t *progress, unsigned percent, uint32_t done, uint32_t total)
{
    const unsigned columns = terminal_columns(progress->out);
    const size_t room = columns != 0 ? columns - 1 : SIZE_MAX; /* the last column wraps on some terminals */
    char line[80];
    size_t length = (size_t)snprintf(line, sizeof(line), "Progress: %3u %% (%u of %u bytes)", percent,
                                     (unsigned)done, (unsigned)total);

    if (length > room) {
        length = (size_t)snprintf(line, sizeof(line), "Progress: %3u %%", percent);
    }
    if (length > room) {
        length = (size_t)snprintf(line, sizeof(line), "%u%%", percent);
    }
    const size_t before = progress->shown_length < room ? progress->shown_length : room;
    fprintf(progress->out, "\r%s%*s", line, before > length ? (int)(before - length) : 0, "");
    progress->shown_length = length;
}

void progress_show(progress_t *progress, uint32_t done, uint32_t total)
{
    const unsigned percent = percent_of(done, total);
    const unsigned step = progress->is_live ? 1 : SPARSE_STEP;

    if (progress->out == NULL || percent / step == progress->shown_percent / step) {
        return;
    }
    progress->shown_percent = percent;
    if (progress->is_live) {
        show_live(progress, percent, done, total);
    } else {
        fprintf(progress->out, "Progress: %3u %% (%u of %u bytes)\n", percent, (unsigned)done,
                (unsigned)total);
    }
    progress->is_line_open = progress->is_live;
    fflush(progress->out);
}

static void show_write(progress_t *progress, const esp_loader_plan_event_t *event)
{
    if (event->done == 0) {
        progress_end_line(progress);
        fprintf(progress->out, "Writing\n");
        progress->shown_percent = 0;
        return;
    }
    progress_show(progress, event->done, event->total);
    if (event->done == event->total) {
        progress_end_line(progress);
        fprintf(progress->out, "Written\n");
    }
}

static void show_result(progress_t *progress, esp_loader_image_result_t result)
{
    switch (result) {
    case ESP_LOADER_IMAGE_EQUAL:
        fprintf(progress->out, "Already in the flash, nothing to write\n");
        break;
    case ESP_LOADER_IMAGE_VERIFIED:
        fprintf(progress->out, "Verified\n");
        break;
    case ESP_LOADER_IMAGE_UNVERIFIED:
        fprintf(progress->out, "Not verified: the loader on this target cannot\n");
        break;
    case ESP_LOADER_IMAGE_WRITTEN:
        fprintf(progress->out, "Not verified, as asked for\n");
        break;
    case ESP_LOADER_IMAGE_NOT_STARTED:
    case ESP_LOADER_IMAGE_FAILED: /* the error is reported by who ran the plan */
        break;
    }
}

static void show_begin(progress_t *progress, const esp_loader_plan_event_t *event)
{
    char offset[16];

    snprintf(offset, sizeof(offset), "0x%08x", (unsigned)event->image->offset);
    progress_end_line(progress);
    fprintf(progress->out, "\nLoading %s: %u bytes at %s\n", event->image->name, (unsigned)event->total,
            offset);
    progress->is_started = true;
    progress->image_index = event->image_index;
    progress->shown_percent = 0;
}

void progress_on_event(void *ctx, const esp_loader_plan_event_t *event)
{
    progress_t *progress = ctx;

    if (progress->out == NULL) {
        return;
    }
    if (!progress->is_started || progress->image_index != event->image_index) {
        show_begin(progress, event);
    }
    switch (event->step) {
    case ESP_LOADER_PLAN_COMPARE:
    case ESP_LOADER_PLAN_VERIFY:
        break; /* quick, and the outcome is shown */
    case ESP_LOADER_PLAN_ERASE:
        progress_end_line(progress);
        fprintf(progress->out, "Erasing\n");
        break;
    case ESP_LOADER_PLAN_WRITE:
        show_write(progress, event);
        break;
    case ESP_LOADER_PLAN_DONE:
        progress_end_line(progress);
        if (event->image_index < progress->count) {
            show_result(progress, progress->reports[event->image_index].result);
        }
        break;
    }
    fflush(progress->out);
}
