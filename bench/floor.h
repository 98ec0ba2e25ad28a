/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * How fast a case could be: from the image, the flash before it and the constants of the timing model alone,
 * never from what a run did. docs/performance.md explains the terms.
 */
#ifndef BENCH_FLOOR_H
#define BENCH_FLOOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/timing.h"

/** What is to be brought into flash. */
typedef struct {
    const sim_timing_t *timing;
    const uint8_t *image;
    size_t size;
    const uint8_t *before; /**< the flash at the image's place */
    uint32_t offset;       /**< of the image; decides where 64 KiB can be erased at once */
    size_t read_piece;     /**< bytes that the loader reads from flash at a time */
    bool is_stub;          /**< looks whether sectors are blank; a ROM reads back what it has written */
    bool keeps_equal;      /**< sectors that hold the right bytes already are left alone */
} floor_case_t;

/** Parts of a floor, nanoseconds; they add up, for the flash does one thing at a time. */
typedef struct {
    uint64_t erase;
    uint64_t program;
    uint64_t spi;         /**< transfer to the flash of what is programmed */
    uint64_t blank_check; /**< what the stub reads to find out that it need not erase */
    uint64_t read_back;   /**< what the ROM reads after programming */
} floor_parts_t;

floor_parts_t floor_of(const floor_case_t *c);
uint64_t floor_sum(const floor_parts_t *parts);

/** Reading @p size bytes in transactions of @p piece, nanoseconds. */
uint64_t floor_read_ns(const sim_timing_t *timing, size_t size, size_t piece);

/** What a stub's own order makes of a compressed write at least, nanoseconds. It takes 32 KiB of output at a
 * time: nothing of a step is programmed before all of it has arrived and is inflated, and the wire is no more
 * than a step ahead. With each step it erases 64 KiB, until all is erased.
 *  @param wire_ns  what the whole stream takes on the wire */
uint64_t floor_of_stream(const floor_case_t *c, uint64_t wire_ns);

/** Bytes on the wire for @p data in data commands of @p block bytes: delimiters, header and escapes. */
uint64_t floor_wire_bytes(const uint8_t *data, size_t size, size_t block);

#endif
