/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What things cost: estimates, good enough to choose between two ways of doing the same. Nothing depends on
 * them but time. Pure functions. Source of the constants: docs/timing.md.
 */
#ifndef ELI_COST_H
#define ELI_COST_H

#include <stdbool.h>
#include <stdint.h>

/** Times of a link and the loader at its other end, microseconds. */
typedef struct {
    uint32_t round_trip_us;   /**< a command without work */
    uint32_t hash_kib_us;     /**< MD5 on the target */
    uint32_t erase_sector_us; /**< 4 KiB */
    uint32_t erase_block_us;  /**< 64 KiB */
    uint32_t program_kib_us;
    uint32_t wire_kib_us; /**< sending; slower on a UART than programming */
    bool is_overlapped;   /**< sending and programming at the same time */
} eli_cost_t;

/** What a plan knows about the way to its target. */
typedef struct {
    bool is_uart;           /**< false: the chip's own USB */
    uint32_t rate_baud;     /**< of a UART, 0 = not known */
    bool is_stub;           /**< false: the ROM loader */
    uint32_t block_size;    /**< of a ROM, bytes, 0 = 1 KiB */
    uint32_t wire_kib_us;   /**< as measured while sending, 0 = not known */
    uint32_t round_trip_ms; /**< as measured, 0 = not known; more than the link suggests means a network */
} eli_cost_link_t;

eli_cost_t eli_cost_of(const eli_cost_link_t *link);

/** Asking for the MD5 of @p size bytes. */
uint32_t eli_cost_hash_us(const eli_cost_t *cost, uint32_t size);

/** Sending and programming @p size bytes, erasing aside. */
uint32_t eli_cost_write_us(const eli_cost_t *cost, uint32_t size);

/** Erasing and writing @p size bytes, in 64 KiB blocks as far as they go. */
uint32_t eli_cost_rewrite_us(const eli_cost_t *cost, uint32_t size);

/** Writing @p sectors whole sectors on their own, in @p runs places, @p dirty of them to be erased. Each run
 * is begun and verified. */
uint32_t eli_cost_sectors_us(const eli_cost_t *cost, uint32_t sectors, uint32_t dirty, uint32_t runs);

/** Erasing a 64 KiB block at once and writing all of it. */
uint32_t eli_cost_block_us(const eli_cost_t *cost);

/** Size of the block with which a stub erases 64 KiB, at most @p block_size: so short that the stub is done
 * with it when the next whole block has arrived. */
uint32_t eli_cost_erasing_block(const eli_cost_t *cost, uint32_t block_size);

/** How many erases a stub needs for @p size bytes at @p offset: 64 KiB at once where they lie in the range.
 */
uint32_t eli_cost_erases(uint32_t offset, uint32_t size);

/** A zlib stream for a stub, bytes. */
typedef struct {
    uint32_t size; /**< inflated */
    uint32_t deflated_size;
    uint32_t erases; /**< eli_cost_erases() of where it goes */
} eli_cost_stream_t;

/** In which blocks it is best sent, bytes. */
typedef struct {
    uint32_t first;
    uint32_t next; /**< not larger */
} eli_cost_blocks_t;

/** @param limit  of the size of a block */
eli_cost_blocks_t eli_cost_inflating_blocks(const eli_cost_t *cost, const eli_cost_stream_t *stream,
                                            uint32_t limit);

/** Is it faster to send @p deflated_size bytes that a stub inflates to @p size? */
bool eli_cost_deflate_pays(const eli_cost_t *cost, uint32_t size, uint32_t deflated_size);

#endif
