/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Where the images that are flashed as one begin and end in what is flashed.
 */
#include "plan/plan.h"

uint32_t eli_plan_start_of(const eli_plan_t *plan, size_t index)
{
    return plan->images[index].offset - plan->image->offset;
}

uint32_t eli_plan_end_of(const eli_plan_t *plan, size_t index)
{
    return eli_plan_start_of(plan, index) + plan->images[index].source.size;
}

static bool is_last(const eli_plan_t *plan, size_t index)
{
    return index + 1 == plan->index + plan->together;
}

uint32_t eli_plan_share_of(const eli_plan_t *plan, size_t index, uint32_t end)
{
    uint32_t next = is_last(plan, index) ? end : eli_plan_start_of(plan, index + 1);
    return next < end ? next : end;
}

size_t eli_plan_index_at(const eli_plan_t *plan, uint32_t offset)
{
    size_t index = plan->index;
    while (!is_last(plan, index) && offset >= eli_plan_start_of(plan, index + 1)) {
        index++;
    }
    return index;
}
