/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A plan of a burn for people and for programs. Bits of key blocks are not in it.
 */
#ifndef CLI_BURN_REPORT_H
#define CLI_BURN_REPORT_H

#include <jansson.h>
#include <stdio.h>

#include "efuse/efuse_contents.h"
#include "efuse/flash_voltage.h"
#include "efuse/security_state.h"
#include "esp_loader_efuse_plan.h"

/** What will be burnt, bit by bit, and what the part can do after it.
 *  @param contents  what is burnt before */
void burn_print_plan(FILE *out, const efuse_contents_t *contents, uint32_t revision,
                     const esp_loader_efuse_plan_t *plan);

/** An array of steps.
 *  @param done       number of those that are burnt */
json_t *burn_json_steps(const efuse_contents_t *contents, const esp_loader_efuse_plan_t *plan, unsigned done);

/** What is burnt once all of the plan is: keys, too, so wipe it. */
efuse_contents_t burn_result(const efuse_contents_t *contents, const esp_loader_efuse_plan_t *plan);

enum { BURN_HAZARDS_MAX = 10 }; /* with one of keys, burn_keys.h */

/** What a burn would end that is not wrong in itself, each in a sentence; returns how many.
 *  @param voltage  that the flash has before it */
size_t burn_hazards(const efuse_contents_t *before, const efuse_contents_t *after, uint32_t revision,
                    const flash_voltage_t *voltage, const char *sentences[BURN_HAZARDS_MAX]);

#endif
