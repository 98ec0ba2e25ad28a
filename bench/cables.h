/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Good and bad cables: what a rate that is found by itself costs beside one that was known to be the best.
 */
#ifndef BENCH_CABLES_H
#define BENCH_CABLES_H

#include <stdio.h>

#include "run.h"

/** Flashes @p image over each cable, prints a line per cable, and remembers it for cables_write_json().
 *  @return false when a run failed or took longer than promised */
bool cables_run(const uint8_t *image, uint8_t *before);

/** The list as a member of the results. */
void cables_write_json(FILE *file);

#endif
