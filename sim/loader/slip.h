/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * SLIP as the loaders on the chip speak it: 0xC0 around a frame, 0xC0 and 0xDB escaped inside. Bytes between
 * frames and empty frames are ignored, so two delimiters in a row do no harm.
 */
#ifndef SIM_SLIP_H
#define SIM_SLIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SIM_FRAME_SIZE = 0x4200, /**< more than any loader takes in one frame */
    SIM_HEADER_SIZE = 8,     /**< of a request or a reply: direction, opcode, length, checksum or value */
};

typedef enum {
    SIM_SLIP_MORE = 0,   /**< needs more bytes */
    SIM_SLIP_FRAME,      /**< frame[0..size) is complete */
    SIM_SLIP_BAD_ESCAPE, /**< 0xDB followed by something else; the frame is dropped */
    SIM_SLIP_TOO_LONG,   /**< the frame was dropped */
} sim_slip_result_t;

typedef struct {
    bool is_open;
    bool is_escaped;
    bool is_dropping; /**< until the closing delimiter */
    size_t size;
    uint8_t frame[SIM_FRAME_SIZE];
} sim_slip_t;

void sim_slip_reset(sim_slip_t *slip);
/** Takes one byte. After SIM_SLIP_FRAME the frame stays valid until the next call. */
sim_slip_result_t sim_slip_receive(sim_slip_t *slip, uint8_t byte);
/** Encodes a frame; @p out holds 2 * size + 2 bytes. Returns the encoded length. */
size_t sim_slip_encode(const uint8_t *frame, size_t size, uint8_t *out);

#endif
