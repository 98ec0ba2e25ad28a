/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Excuses of conformance_excuses.h.
 */
#include "conformance_excuses.h"

#include <string.h>

/* The reason in an excuse for the check of that name, or NULL. */
static const char *reason_for(const char *check, const char *excuse)
{
    const char *colon = strstr(excuse, ": ");
    const size_t size = colon == NULL ? 0 : (size_t)(colon - excuse);
    for (const char *at = check; size > 0 && *at != '\0'; at++) {
        if (strncmp(at, excuse, size) == 0) {
            return colon + 2;
        }
    }
    return NULL;
}

const conformance_row_t *conformance_excuse(conformance_row_t *rows, size_t count, const char *const *excuses)
{
    const conformance_row_t *odd = NULL;
    for (size_t i = 0; i < count; i++) {
        const char *reason = NULL;
        for (size_t k = 0; reason == NULL && excuses[k] != NULL; k++) {
            reason = reason_for(rows[i].check, excuses[k]);
        }
        if ((rows[i].outcome == CONFORMANCE_NOT_CHECKED) != (reason != NULL)) {
            odd = &rows[i];
        } else if (reason != NULL) {
            rows[i].why = reason;
        }
    }
    return odd;
}
