/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a run came to, for programs: one JSON object on standard output. docs/cli.md lists its members.
 */
#ifndef CLI_JSON_REPORT_H
#define CLI_JSON_REPORT_H

#include "flash_job.h"

/** Prints the object. @p run->reports may be NULL: nothing was begun. false when there is no memory, which is
 * reported. */
bool json_report_print(const flash_job_t *job, const flash_run_t *run, cli_exit_t code);

#endif
