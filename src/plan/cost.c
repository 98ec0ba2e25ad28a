/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "plan/cost.h"

#include "common/flash_units.h"

#define DEFAULT_RATE   115200u
#define UART_BYTE_BITS 10u

/* Rounded from docs/timing.md. */
#define ROUND_TRIP_US    2100u
#define ROM_HASH_KIB_US  756u
#define STUB_HASH_KIB_US 480u
#define ERASE_SECTOR_US  45000u
#define ERASE_BLOCK_US   150000u
#define PROGRAM_KIB_US   3670u
#define READ_BACK_KIB_US 256u /* by a ROM, of what it has programmed */
#define INFLATE_KIB_US   256u
#define USB_STUB_KIB_US  1320u
#define USB_ROM_KIB_US   2650u

/* No link is taken to be slower: so the sums of a few MiB stay below 2^31. */
#define SLOWEST_KIB_US        250000u
#define SLOWEST_ROUND_TRIP_MS 100u

/* Usual size of blocks. */
#define STUB_BLOCK_KIB 16u

/* A stub inflates and programs so much at a time. */
#define INFLATE_STEP_KIB 32u

/* A run is begun, ended and verified. */
#define TRIPS_PER_RUN 3u

static uint32_t at_most(uint32_t value, uint32_t limit)
{
    return value < limit ? value : limit;
}

eli_cost_t eli_cost_of(const eli_cost_link_t *link)
{
    eli_cost_t cost = {.round_trip_us = ROUND_TRIP_US,
                       .hash_kib_us = link->is_stub ? STUB_HASH_KIB_US : ROM_HASH_KIB_US,
                       .erase_sector_us = ERASE_SECTOR_US,
                       .erase_block_us = ERASE_BLOCK_US,
                       .program_kib_us = link->is_stub ? PROGRAM_KIB_US : PROGRAM_KIB_US + READ_BACK_KIB_US,
                       .wire_kib_us = link->is_stub ? USB_STUB_KIB_US : USB_ROM_KIB_US,
                       .is_overlapped = link->is_stub};
    if (link->wire_kib_us != 0) {
        cost.wire_kib_us = at_most(link->wire_kib_us, SLOWEST_KIB_US);
        cost.round_trip_us += cost.wire_kib_us / 16; /* about 64 bytes there and back */
    } else if (link->is_uart) {
        uint32_t rate_baud = link->rate_baud != 0 ? link->rate_baud : DEFAULT_RATE;
        uint32_t byte_ns = UART_BYTE_BITS * 1000000u / (rate_baud / 1000u + 1u);
        cost.wire_kib_us = byte_ns + byte_ns / 32; /* per 1024 bytes; some are escaped */
        cost.wire_kib_us = at_most(cost.wire_kib_us, SLOWEST_KIB_US);
        cost.round_trip_us += cost.wire_kib_us / 16;
    }
    uint32_t measured_us = at_most(link->round_trip_ms, SLOWEST_ROUND_TRIP_MS) * 1000;
    uint32_t network_us = measured_us > cost.round_trip_us ? measured_us - cost.round_trip_us : 0;
    cost.round_trip_us += network_us;
    /* Each block is answered, also where a stub answers before it writes; what was measured has that in it. */
    uint32_t rom_block_kib = link->block_size >> 10 != 0 ? link->block_size >> 10 : 1;
    uint32_t stub_kib_us = link->wire_kib_us != 0 ? 0 : network_us / STUB_BLOCK_KIB;
    cost.wire_kib_us += link->is_stub ? stub_kib_us : cost.round_trip_us / rom_block_kib;
    return cost;
}

uint32_t eli_cost_hash_us(const eli_cost_t *cost, uint32_t size)
{
    return cost->round_trip_us + (size >> 10) * cost->hash_kib_us;
}

static uint32_t kib_us(const eli_cost_t *cost)
{
    if (!cost->is_overlapped) {
        return cost->wire_kib_us + cost->program_kib_us;
    }
    return cost->wire_kib_us > cost->program_kib_us ? cost->wire_kib_us : cost->program_kib_us;
}

uint32_t eli_cost_write_us(const eli_cost_t *cost, uint32_t size)
{
    return ((size + 1023) >> 10) * kib_us(cost);
}

uint32_t eli_cost_rewrite_us(const eli_cost_t *cost, uint32_t size)
{
    uint32_t sectors = (size % ELI_ERASE_BLOCK_SIZE + ELI_SECTOR_SIZE - 1) / ELI_SECTOR_SIZE;
    return size / ELI_ERASE_BLOCK_SIZE * cost->erase_block_us + sectors * cost->erase_sector_us +
           eli_cost_write_us(cost, size);
}

uint32_t eli_cost_sectors_us(const eli_cost_t *cost, uint32_t sectors, uint32_t dirty, uint32_t runs)
{
    return runs * TRIPS_PER_RUN * cost->round_trip_us + dirty * cost->erase_sector_us +
           eli_cost_write_us(cost, sectors * ELI_SECTOR_SIZE) +
           sectors * (ELI_SECTOR_SIZE >> 10) * cost->hash_kib_us;
}

uint32_t eli_cost_block_us(const eli_cost_t *cost)
{
    return TRIPS_PER_RUN * cost->round_trip_us + cost->erase_block_us +
           eli_cost_write_us(cost, ELI_ERASE_BLOCK_SIZE) + (ELI_ERASE_BLOCK_SIZE >> 10) * cost->hash_kib_us;
}

/* Where a block takes less time on the wire than the erase, the flash decides anyway; where it takes more
 * than erase and program, the erase is hidden anyway. */
uint32_t eli_cost_erasing_block(const eli_cost_t *cost, uint32_t block_size)
{
    uint32_t wire_us = (block_size >> 10) * cost->wire_kib_us;
    uint32_t program_us = (block_size >> 10) * cost->program_kib_us;
    uint32_t kib = 0;

    if (cost->is_overlapped && wire_us > cost->erase_block_us &&
        wire_us < cost->erase_block_us + program_us) {
        kib = (wire_us - cost->erase_block_us) / cost->program_kib_us;
    }
    return kib != 0 ? kib << 10 : block_size;
}

uint32_t eli_cost_erases(uint32_t offset, uint32_t size)
{
    uint32_t erases = 0;

    for (uint32_t at = offset / ELI_SECTOR_SIZE * ELI_SECTOR_SIZE, end = offset + size; at < end; erases++) {
        at += at % ELI_ERASE_BLOCK_SIZE == 0 && end - at > ELI_ERASE_BLOCK_SIZE - ELI_SECTOR_SIZE
                  ? ELI_ERASE_BLOCK_SIZE
                  : ELI_SECTOR_SIZE;
    }
    return erases;
}

static uint32_t block_of(uint32_t kib, uint32_t limit)
{
    return kib < limit >> 10 ? kib << 10 : limit;
}

/* A stub starts one erase with BEGIN, one with each block and one with each 32 KiB that come of them, if the
 * flash is ready, and waits for them only when it programs. So there are to be as many blocks as erases, if
 * the wire takes as long for one as the flash for a sector. And where the flash cannot keep up while it
 * erases, erases must not run far ahead of the data: there the first block is as long as the first erase, the
 * others no longer than what hides the programming of 32 KiB. */
eli_cost_blocks_t eli_cost_inflating_blocks(const eli_cost_t *cost, const eli_cost_stream_t *stream,
                                            uint32_t limit)
{
    uint32_t erase_kib = cost->erase_sector_us / cost->wire_kib_us;
    uint32_t kib = ((stream->deflated_size >> 10) + stream->erases) / stream->erases;
    uint32_t step_us = INFLATE_STEP_KIB * (cost->program_kib_us + INFLATE_KIB_US);
    uint64_t step_wire_us =
        (uint64_t)INFLATE_STEP_KIB * cost->wire_kib_us * stream->deflated_size / stream->size;

    kib = kib > erase_kib ? kib : erase_kib;
    limit = block_of(kib, limit);
    step_wire_us += step_wire_us / 8 + 2 * cost->round_trip_us; /* to be clear about it */
    if (step_wire_us >= step_us + cost->erase_block_us) {
        return (eli_cost_blocks_t){limit, limit};
    }
    return (eli_cost_blocks_t){block_of(cost->erase_block_us / cost->wire_kib_us + 1, limit),
                               block_of(step_us / cost->wire_kib_us + 1, limit)};
}

/* Both are programmed; what differs is the wire, and that the stub inflates before it programs. */
bool eli_cost_deflate_pays(const eli_cost_t *cost, uint32_t size, uint32_t deflated_size)
{
    uint64_t plain = (uint64_t)size * kib_us(cost);
    uint64_t program = (uint64_t)size * (cost->program_kib_us + INFLATE_KIB_US);
    uint64_t wire = (uint64_t)deflated_size * cost->wire_kib_us;
    return deflated_size < size && (program > wire ? program : wire) < plain;
}
