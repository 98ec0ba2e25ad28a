/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The report of the kit as a test.
 */
#ifndef CONFORMANCE_REPORT_H
#define CONFORMANCE_REPORT_H

#include "port_conformance.h"

/** Puts the port through all checks and prints the report: none fails, and those are not checked that have an excuse,
 * "part of the check's name: reason", the last one NULL. */
void assert_conforms(esp_loader_port_t *port, const conformance_peer_t *peer, const char *const *excuses);

#endif
