/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The steps that erase and write the scratch range.
 */
#ifndef CLI_SELFTEST_SCRATCH_H
#define CLI_SELFTEST_SCRATCH_H

#include "commands/selftest_run.h"

/** Tries them with the loader that runs; without a scratch range they are one skipped step. */
void selftest_try_scratch(selftest_t *test, const char *loader);

#endif
