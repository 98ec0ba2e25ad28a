/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Who is told about the events of a plan.
 */
#ifndef CLI_FLASH_EVENTS_H
#define CLI_FLASH_EVENTS_H

#include "flash/flash_job.h"

/** on_event() of a plan; @p ctx is the flash_run_t. */
void flash_events_tell(void *ctx, const esp_loader_plan_event_t *event);

#endif
