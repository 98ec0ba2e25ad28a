/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the tests over all chips share: the chips, and every operation of the library as a function that runs
 * it on a connected bench and checks what it did to the simulated chip.
 */
#ifndef SIM_TARGET_OPERATIONS_H
#define SIM_TARGET_OPERATIONS_H

#include "bench.h"

typedef struct {
    const char *sim_name;
    target_chip_t chip;
    uint32_t revision; /* of the simulated chip; 0 = it has none to read */
    uint32_t ram_addr; /* where a program may be loaded */
    bool has_usb;      /* USB-Serial/JTAG */
    bool has_security_info;
} chip_t;

extern const chip_t chips[];
extern const size_t chip_count;

/* A bench for a chip where nothing takes time: 1 MiB of flash, an address of its own. */
bench_t bench_for(const chip_t *chip, esp_sim_wiring_t wiring);

/* Success, or the error of the call that failed. Whatever an operation that succeeds has left wrong fails the
 * test. */
typedef esp_loader_error_t (*operation_fn)(bench_t *bench, const chip_t *chip);

#define OPERATION(name) static esp_loader_error_t name(bench_t *b, __attribute__((unused)) const chip_t *chip)

typedef struct {
    const char *name;
    operation_fn run;
    bool is_for_stub; /* makes no sense without one */
} operation_t;

extern const operation_t operations[];
extern const size_t operation_count;

#endif
