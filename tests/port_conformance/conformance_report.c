/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The report of conformance_report.h.
 */
#include "conformance_report.h"

#include <stdio.h>
#include <string.h>

#include "test.h"

static void print(const char *text)
{
    (void)fputs(text, stdout);
}

static bool is_named(const char *check, const char *const *names)
{
    for (size_t i = 0; names[i] != NULL; i++) {
        if (strstr(check, names[i]) != NULL) {
            return true;
        }
    }
    return false;
}

void assert_conforms(esp_loader_port_t *port, const conformance_peer_t *peer, const char *const *not_checked)
{
    conformance_row_t rows[CONFORMANCE_MAX_ROWS];
    const size_t count = port_conformance_run(port, peer, rows);
    assert_in_range(count, 1, CONFORMANCE_MAX_ROWS);
    port_conformance_print(rows, count, print);
    for (size_t i = 0; i < count; i++) {
        if (rows[i].outcome == CONFORMANCE_FAILED) {
            fail_msg("%s: %s", rows[i].check, rows[i].why);
        }
        if ((rows[i].outcome == CONFORMANCE_NOT_CHECKED) != is_named(rows[i].check, not_checked)) {
            fail_msg("%s: %s", rows[i].check,
                     rows[i].outcome == CONFORMANCE_NOT_CHECKED ? "not checked" : "was checked");
        }
    }
}
