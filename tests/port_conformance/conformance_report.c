/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The report of conformance_report.h.
 */
#include "conformance_report.h"

#include <stdio.h>

#include "conformance_excuses.h"
#include "test.h"

static void print(const char *text)
{
    (void)fputs(text, stdout);
}

void assert_conforms(esp_loader_port_t *port, const conformance_peer_t *peer, const char *const *excuses)
{
    conformance_row_t rows[CONFORMANCE_MAX_ROWS];
    const size_t count = port_conformance_run(port, peer, rows);
    assert_in_range(count, 1, CONFORMANCE_MAX_ROWS);
    const conformance_row_t *odd = conformance_excuse(rows, count, excuses);
    port_conformance_print(rows, count, print);
    for (size_t i = 0; i < count; i++) {
        if (rows[i].outcome == CONFORMANCE_FAILED) {
            fail_msg("%s: %s", rows[i].check, rows[i].why);
        }
    }
    if (odd != NULL) {
        fail_msg("%s: %s", odd->check,
                 odd->outcome == CONFORMANCE_NOT_CHECKED ? "not checked, without a reason" : "was checked");
    }
}
