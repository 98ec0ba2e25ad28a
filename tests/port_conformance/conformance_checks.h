/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The checks of port_conformance.h, by what they are about.
 */
#ifndef CONFORMANCE_CHECKS_H
#define CONFORMANCE_CHECKS_H

#include "port_conformance.h"

/** What a check has at hand: a port that is open, unless it says otherwise. */
typedef struct {
    esp_loader_port_t *port;
    const conformance_peer_t *peer;
} conformance_case_t;

/** NULL = passed; otherwise what was seen instead. */
typedef const char *conformance_verdict_t;

#define CONFORMANCE_UNAVAILABLE_PORT "the port does not have it"
#define CONFORMANCE_UNAVAILABLE_PEER "the peer cannot"

typedef struct {
    const char *name;
    conformance_verdict_t (*check)(conformance_case_t *test);
} conformance_check_t;

extern const conformance_check_t conformance_transfer_checks[];
extern const size_t conformance_transfer_check_count;
extern const conformance_check_t conformance_device_checks[];
extern const size_t conformance_device_check_count;

/** The port's entries, as calls. */
esp_loader_error_t conformance_read(conformance_case_t *test, void *buf, size_t capacity, uint32_t timeout_ms,
                                    size_t *out_read);
esp_loader_error_t conformance_write(conformance_case_t *test, const void *data, size_t size,
                                     uint32_t timeout_ms, size_t *out_written);
uint32_t conformance_now(conformance_case_t *test);

/** Reads until @p size bytes are there, an error comes or nothing more. @return how many are there */
size_t conformance_read_all(conformance_case_t *test, uint8_t *buf, size_t size,
                            esp_loader_error_t *out_error);

/** Whether so many milliseconds are no less than @p wanted_ms and not much more. */
bool conformance_took(conformance_case_t *test, uint32_t elapsed_ms, uint32_t wanted_ms);

/** Bytes whose order can be seen: no two neighbours of them follow each other twice within 64 KiB. */
uint8_t conformance_byte(size_t index);

#endif
