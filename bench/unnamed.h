/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Links of which the port does not say what they are: a plan finds out whether compressing pays.
 */
#ifndef BENCH_UNNAMED_H
#define BENCH_UNNAMED_H

#include <stdio.h>

#include "run.h"

/** Flashes @p image over each, with and without the port's saying what it is, prints a line per link, and remembers it
 * for unnamed_write_json().
 *  @param before  room for the flash as it was
 *  @return false when a run failed, or took longer than promised */
bool unnamed_run(const uint8_t *image, uint8_t *before);

/** The list as a member of the results. */
void unnamed_write_json(FILE *file);

#endif
