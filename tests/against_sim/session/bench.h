/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A test bench: one simulated chip, one port, one session. Leaving it checks that the host misused nothing.
 */
#ifndef SIM_TARGET_BENCH_H
#define SIM_TARGET_BENCH_H

#include "sim_port.h"

typedef struct {
    esp_sim_config_t config; /* set before bench_open() */
    esp_sim_t *sim;
    sim_port_t port;
    esp_loader_t loader;
} bench_t;

/* Creates chip, port and session from bench->config; fails the test when it cannot. */
void bench_open(bench_t *bench);
/* bench_open() and connect; fails the test when it cannot. */
void bench_connect(bench_t *bench);
/* Ends everything. Any misuse the simulator recorded fails the test. */
void bench_close(bench_t *bench);
/* The same for tests whose faults make the host look wrong. */
void bench_close_ignoring_misuse(bench_t *bench);

/* Faults from here on. */
void bench_faults(bench_t *bench, const char *script);

/* Writes an image with the explicit API in blocks of 1 KiB; the first error. */
esp_loader_error_t bench_flash(bench_t *bench, uint32_t offset, const uint8_t *data, uint32_t size,
                               bool skip_verify);

/* Fills with reproducible, incompressible bytes. */
void bench_fill(uint8_t *data, size_t size, uint32_t seed);

/* The cause of the last failure. */
esp_loader_error_t bench_cause(const bench_t *bench);

#endif
