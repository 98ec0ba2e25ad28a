/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "plan/cost.h"

#define SECTOR_SIZE 4096u
#define BLOCK_SIZE  65536u

#define DEFAULT_RATE   115200u
#define UART_BYTE_BITS 10u

/* Rounded from docs/timing.md. */
#define ROUND_TRIP_US   2100u
#define HASH_KIB_US     293u
#define ERASE_SECTOR_US 45000u
#define ERASE_BLOCK_US  150000u
#define PROGRAM_KIB_US  3670u
#define INFLATE_KIB_US  256u
#define USB_STUB_KIB_US 1320u
#define USB_ROM_KIB_US  2650u

/* No link is taken to be slower: so the sums of a few MiB stay below 2^31. */
#define SLOWEST_KIB_US 250000u

/* A run is begun, ended and verified. */
#define TRIPS_PER_RUN 3u

eli_cost_t eli_cost_of(bool is_uart, uint32_t rate_baud, bool is_stub)
{
    eli_cost_t cost = {.round_trip_us = ROUND_TRIP_US,
                       .hash_kib_us = HASH_KIB_US,
                       .erase_sector_us = ERASE_SECTOR_US,
                       .erase_block_us = ERASE_BLOCK_US,
                       .program_kib_us = PROGRAM_KIB_US,
                       .wire_kib_us = is_stub ? USB_STUB_KIB_US : USB_ROM_KIB_US,
                       .is_overlapped = is_stub};
    if (is_uart) {
        uint32_t byte_ns =
            UART_BYTE_BITS * 1000000u / ((rate_baud != 0 ? rate_baud : DEFAULT_RATE) / 1000u + 1u);
        cost.wire_kib_us = byte_ns + byte_ns / 32; /* per 1024 bytes; some are escaped */
        cost.wire_kib_us = cost.wire_kib_us < SLOWEST_KIB_US ? cost.wire_kib_us : SLOWEST_KIB_US;
        cost.round_trip_us += cost.wire_kib_us / 16; /* about 64 bytes there and back */
    }
    if (!is_stub) {
        cost.wire_kib_us += cost.round_trip_us; /* a block of 1 KiB each */
    }
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
    uint32_t sectors = (size % BLOCK_SIZE + SECTOR_SIZE - 1) / SECTOR_SIZE;
    return size / BLOCK_SIZE * cost->erase_block_us + sectors * cost->erase_sector_us +
           eli_cost_write_us(cost, size);
}

uint32_t eli_cost_sectors_us(const eli_cost_t *cost, uint32_t sectors, uint32_t dirty, uint32_t runs)
{
    return runs * TRIPS_PER_RUN * cost->round_trip_us + dirty * cost->erase_sector_us +
           eli_cost_write_us(cost, sectors * SECTOR_SIZE) + sectors * (SECTOR_SIZE >> 10) * cost->hash_kib_us;
}

uint32_t eli_cost_block_us(const eli_cost_t *cost)
{
    return TRIPS_PER_RUN * cost->round_trip_us + cost->erase_block_us + eli_cost_write_us(cost, BLOCK_SIZE) +
           (BLOCK_SIZE >> 10) * cost->hash_kib_us;
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

/* Both are programmed; what differs is the wire, and that the stub inflates before it programs. */
bool eli_cost_deflate_pays(const eli_cost_t *cost, uint32_t size, uint32_t deflated_size)
{
    uint64_t plain = (uint64_t)size * kib_us(cost);
    uint64_t program = (uint64_t)size * (cost->program_kib_us + INFLATE_KIB_US);
    uint64_t wire = (uint64_t)deflated_size * cost->wire_kib_us;
    return deflated_size < size && (program > wire ? program : wire) < plain;
}
