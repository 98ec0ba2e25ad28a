/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * An event of a plan goes to the user at the terminal, to programs, and to who runs several plans at a time.
 */
#include "flash/flash_events.h"

#include "flash/flash_report.h"

void flash_events_tell(void *ctx, const esp_loader_plan_event_t *event)
{
    static const char *const steps[] = {[ESP_LOADER_PLAN_COMPARE] = "compare",
                                        [ESP_LOADER_PLAN_ERASE] = "erase",
                                        [ESP_LOADER_PLAN_WRITE] = "write",
                                        [ESP_LOADER_PLAN_VERIFY] = "verify",
                                        [ESP_LOADER_PLAN_DONE] = "done"};
    flash_run_t *run = ctx;
    const bool is_done = event->step == ESP_LOADER_PLAN_DONE;

    progress_on_event(&run->progress, event);
    json_events_progress(
        &run->session, &run->pace,
        &(json_work_t){.step = steps[event->step],
                       .image = event->image,
                       .index = event->image_index,
                       .result =
                           is_done ? flash_report_result(run->reports[event->image_index].result) : NULL,
                       .done = event->done,
                       .total = event->total});
    if (run->on_progress != NULL) {
        run->on_progress(run->on_progress_ctx, &run->progress.tally);
    }
}
