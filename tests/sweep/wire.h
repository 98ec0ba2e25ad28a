/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The wire between library and target: a port of either generation, a virtual clock, and the one place where
 * faults are made.
 */
#ifndef SWEEP_WIRE_H
#define SWEEP_WIRE_H

#include "chip.h"
#include "fault.h"
#include "test_port.h"

enum { QUEUE = 1 << 14, HEADERS_MAX = 4096, HEADER_SIZE = 26, BEGIN_SIZE = 8 };

typedef struct {
    test_port_t base;
    chip_t *chip;
    esp_loader_link_t link;
    bool has_reset; /**< the port can reset the target */
    bool is_first_generation;
    uint32_t clock_base_ms;
    uint32_t limit_ms; /**< virtual time after which a run hangs */

    fault_t faults[FAULTS_MAX];
    size_t fault_count;

    uint64_t now_us;
    uint32_t clock_jump_ms;
    uint64_t timer_end_us;
    uint32_t calls;
    bool has_hung;
    bool is_traced;
    uint32_t counts[SPACE_COUNT];

    /* from the target */
    struct {
        uint64_t at_us;
        uint8_t byte;
    } queue[QUEUE];
    uint32_t queue_head, queue_count;
    uint64_t last_in_us;
    uint8_t previous[REPLY_MAX + 64]; /* reply before */
    size_t previous_size;

    /* where requests begin, for runs without faults: index in SPACE_OUT */
    uint32_t headers[HEADERS_MAX];
    uint32_t header_count;
    uint32_t begins[HEADERS_MAX]; /* bytes of erase sizes and offsets */
    uint32_t begin_count;
} wire_t;

/** @p wire is cleared; its settings are to be filled in afterwards, then wire_open() called. */
void wire_init(wire_t *wire, chip_t *chip);
void wire_open(wire_t *wire);

/** Before a new session on the same target: the faults are over. What was on its way has come, and nobody has
 * read it. */
void wire_settle(wire_t *wire);

#endif
