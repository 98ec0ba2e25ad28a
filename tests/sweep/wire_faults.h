/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What each fault does to a byte, a call, a command, a reply.
 */
#ifndef SWEEP_WIRE_FAULTS_H
#define SWEEP_WIRE_FAULTS_H

#include "wire.h"

typedef struct {
    uint8_t byte;
    unsigned copies;
    bool has_extra; /**< another byte goes in front */
    uint8_t extra;
    uint32_t delay_us;
} byte_fault_t;

/** Does it strike at a byte that goes out? */
bool wire_fault_is_out(const fault_t *fault);
void wire_fault_out(wire_t *wire, uint32_t index, byte_fault_t *byte);
/** How many of @p size bytes from @p index on come before one with a fault. */
size_t wire_fault_out_distance(const wire_t *wire, uint32_t index, size_t size);
void wire_fault_in(wire_t *wire, uint32_t index, byte_fault_t *byte);

/** @return bytes that go out; *err is what the call returns */
size_t wire_fault_write(const wire_t *wire, uint32_t index, size_t size, esp_loader_error_t *err);

/** @return false: nothing is read, the call returns *err; true: with what is read */
bool wire_fault_read(const wire_t *wire, uint32_t index, size_t *capacity, esp_loader_error_t *err);

void wire_fault_clock(wire_t *wire, uint32_t index);
uint64_t wire_fault_latency_us(const wire_t *wire);

/** The target's gate. */
void wire_fault_command(void *ctx, uint8_t opcode, verdict_t *verdict);

typedef void wire_frame_t(void *ctx, uint64_t at_us, const uint8_t *frame, size_t size);
/** Hands a reply on to @p come: not, once, twice, late, in another shape, with others around it. */
void wire_fault_reply(wire_t *wire, uint32_t index, uint64_t at_us, const uint8_t *frame, size_t size,
                      wire_frame_t *come);

#endif
