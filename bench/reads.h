/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Reading one MiB of flash.
 */
#ifndef BENCH_READS_H
#define BENCH_READS_H

#include <stdio.h>

#include "run.h"

/** Reads @p content back in every case, prints a line per case, and remembers it for reads_write_json().
 *  @return false when a read failed, brought something else or took longer than promised */
bool reads_run(const uint8_t *content);

/** The list as a member of the results. */
void reads_write_json(FILE *file);

#endif
