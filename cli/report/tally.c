/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Adding up the events of a plan.
 */
#include "report/tally.h"

/** A rate is taken over at least RATE_MS and forgotten at the pace of MEMORY_MS. */
enum { RATE_MS = 200, MEMORY_MS = 3000 };

void tally_begin(tally_t *tally, uint64_t all_total, uint64_t now_ms)
{
    *tally = (tally_t){.all_total = all_total, .at_ms = now_ms, .began_ms = now_ms};
}

/** Each event says what begins, but for those of WRITE: what ends. Either way the time up to the next one belongs to
 * its step; after DONE comes the next image, or a last look at those before. */
static void spend(tally_t *tally, uint64_t now_ms)
{
    const esp_loader_plan_step_t step = tally->is_begun && tally->step == ESP_LOADER_PLAN_DONE
                                            ? ESP_LOADER_PLAN_VERIFY
                                            : tally->step; /* before the first event the target is asked */

    tally->spent_ms[step] += now_ms - tally->at_ms;
    tally->at_ms = now_ms;
}

static void take_rate(tally_t *tally, uint32_t done, uint64_t now_ms)
{
    const uint64_t time_ms = now_ms - tally->rate_ms;

    if (tally->step != ESP_LOADER_PLAN_WRITE || done < tally->rate_done) { /* it begins here */
        tally->rate_done = done;
        tally->rate_ms = now_ms;
    } else if (time_ms >= RATE_MS) {
        const int64_t now = (int64_t)((uint64_t)(done - tally->rate_done) * 1000u / time_ms);
        const int64_t before = tally->rate != 0 ? (int64_t)tally->rate : now;

        tally->rate = (uint64_t)(before + (now - before) * (int64_t)time_ms / ((int64_t)time_ms + MEMORY_MS));
        tally->rate_done = done;
        tally->rate_ms = now_ms;
    }
}

void tally_event(tally_t *tally, const esp_loader_plan_event_t *event, uint64_t now_ms)
{
    spend(tally, now_ms);
    if (!tally->is_begun || event->image_index > tally->last_index) {
        tally->before += tally->last_total;
        tally->last_index = event->image_index;
        tally->last_total = event->total;
    }
    if (!tally->is_begun || event->image_index != tally->image_index) {
        tally->began_ms = tally->is_begun ? now_ms : tally->began_ms;
        tally->is_begun = true;
        tally->image_index = event->image_index;
        tally->step = ESP_LOADER_PLAN_COMPARE;
        tally->total = event->total;
        tally->written = 0;
    }
    if (event->step == ESP_LOADER_PLAN_WRITE) {
        take_rate(tally, event->done, now_ms);
    }
    if (event->step == ESP_LOADER_PLAN_WRITE || event->step == ESP_LOADER_PLAN_DONE) {
        tally->written = event->done;
    }
    tally->step = event->step;
    tally->done = event->done;
}

void tally_end(tally_t *tally, uint64_t now_ms)
{
    spend(tally, now_ms);
}

unsigned tally_percent(const tally_t *tally)
{
    return tally->total == 0 ? 100u : (unsigned)((uint64_t)tally->done * 100u / tally->total);
}

static uint64_t all_done(const tally_t *tally)
{
    /* An image before the last one is verified, or flashed once more: then it is all of that one that is done. */
    const uint64_t done =
        tally->before + (tally->image_index < tally->last_index ? tally->last_total : tally->written);

    return done < tally->all_total ? done : tally->all_total;
}

unsigned tally_all_percent(const tally_t *tally)
{
    return tally->all_total == 0 ? tally_percent(tally)
                                 : (unsigned)(all_done(tally) * 100u / tally->all_total);
}

uint64_t tally_left_ms(const tally_t *tally)
{
    const uint64_t left =
        tally->all_total == 0 ? tally->total - tally->written : tally->all_total - all_done(tally);

    return tally->rate == 0 ? 0 : left * 1000u / tally->rate;
}
