/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A simulated chip under a host that does anything: what the targets about it have in common.
 */
#ifndef FUZZ_CHIP_H
#define FUZZ_CHIP_H

#include "esp_sim.h"
#include "fuzz.h"

typedef struct {
    esp_sim_t *sim;
    const char *name;
    uint64_t written, read; /* bytes */
} chip_t;

/* Lets @p us pass, event by event. Fails when the chip does not come to rest: an event that moves neither the
 * clock nor anything else. */
void chip_wait(chip_t *chip, uint64_t us);

/* Loads what counts as the stub, and starts it. */
void chip_start_stub(chip_t *chip);

/* Does what the input says, up to so many steps: bytes, requests, lines, buttons, time. Then the chip comes to
 * rest, and what holds whatever was done is checked. */
void chip_run(chip_t *chip, fuzz_input_t *input, unsigned steps_max);

/* ---- seeds: steps as chip_run() reads them ---- */

void chip_put_request(fuzz_seed_t *seed, uint8_t opcode, const void *data, size_t size);
/* A data command with a checksum that fits. */
void chip_put_block(fuzz_seed_t *seed, uint8_t opcode, uint32_t number, const void *data, size_t size);
void chip_put_words(fuzz_seed_t *seed, uint8_t opcode, const uint32_t *words, size_t count);
void chip_put_wait(fuzz_seed_t *seed);
void chip_put_sync(fuzz_seed_t *seed);
void chip_put_start_stub(fuzz_seed_t *seed);
/* A whole write of @p size zeros at 0x1000, and a look at it. */
void chip_put_write(fuzz_seed_t *seed, bool is_deflate);

#endif
