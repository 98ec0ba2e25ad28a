/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The report of esp-loader selftest: Markdown to paste, and JSON.
 */
#ifndef CLI_SELFTEST_REPORT_H
#define CLI_SELFTEST_REPORT_H

#include <jansson.h>
#include <stdio.h>

#include "commands/selftest_steps.h"

enum { FACTS_MAX = 16, FACT_SIZE = 160 };

/** What was tested, and with what. */
typedef struct {
    const char *name;
    char value[FACT_SIZE];
} selftest_fact_t;

typedef struct {
    selftest_fact_t items[FACTS_MAX];
    size_t count;
} selftest_facts_t;

/** How many steps had this outcome. */
size_t selftest_count(const selftest_t *test, step_outcome_t outcome);

/** Asks the target who it is. What it does not report is left out.
 *  @param with_mac  name what tells one board from another, too: MAC address and the flash's unique id */
esp_loader_error_t selftest_read_facts(selftest_facts_t *facts, session_t *session, bool with_mac);

/** Writes the report as Markdown. */
void selftest_write_report(FILE *out, const selftest_facts_t *facts, const selftest_t *test);

/** The same as members of the JSON report. NULL when there is no memory. */
json_t *selftest_members(const selftest_facts_t *facts, const selftest_t *test);

#endif
