/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Why a check of a port is not made.
 */
#ifndef CONFORMANCE_EXCUSES_H
#define CONFORMANCE_EXCUSES_H

#include "port_conformance.h"

/** Excuses of a port whose target is reset by DTR and RTS. */
#define EXCUSES_WITHOUT_PINS                                                                                 \
    "init pulls: the port has no pins", "into the loader: the port has no pins",                             \
        "pin is high: the port has no pins"

/** Puts the reasons of @p excuses, each "part of the check's name: reason", the last one NULL, into the rows that are not
 * checked.
 *  @return a row that is not checked and has no excuse, or was checked and has one; NULL = there is none */
const conformance_row_t *conformance_excuse(conformance_row_t *rows, size_t count,
                                            const char *const *excuses);

#endif
