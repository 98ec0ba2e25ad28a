/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * One window of an image: compared, and written where it differs. Its own file, so that what it keeps on the stack is not
 * there while the rate is lowered.
 */
#include "plan/plan.h"

esp_loader_error_t eli_plan_flash_window(eli_plan_t *plan, uint32_t start, uint32_t end)
{
    eli_changes_t changes;

    RETURN_ON_ERROR(eli_plan_take_pieces(plan));
    eli_changes_begin(&changes, start, end);
    if (!plan->options->rewrite_equal || plan->is_repeated) {
        RETURN_ON_ERROR(eli_plan_compare(plan, &changes));
    }
    plan->sectors_left = (plan->image->source.size - end) / ELI_SECTOR_SIZE + eli_changes_count(&changes);
    RETURN_ON_ERROR(eli_plan_raise_rate(plan, plan->sectors_left));
    RETURN_ON_ERROR(eli_plan_take_pieces(plan));
    return eli_plan_write(plan, &changes);
}
