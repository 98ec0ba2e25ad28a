/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The NOR array. Its memory is a private mapping of one page-sized run of 0xFF, repeated: a 128 MiB part
 * costs nothing until it is written, and the caller still sees plain bytes. (Linux: memfd.)
 */
#define _GNU_SOURCE
#include "flash/flash.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "state/model.h"

enum { CHUNK_SIZE = 256 * 1024, STATUS_PROTECT_BITS = 0x1C, SPI_HEAD = 4 /* command and address */ };

/* JEDEC id of a part of this size: Winbond's W25Q series, whose capacity byte leaves the powers of two at 64
 * MiB. */
static uint32_t default_jedec_id(uint32_t size)
{
    uint32_t log2_size = 0;
    while ((1u << log2_size) < size) {
        log2_size++;
    }
    uint32_t capacity = log2_size <= 25 ? log2_size : log2_size - 26 + 0x20;
    return 0xEFu | 0x40u << 8 | capacity << 16;
}

/* What a host reads from the capacity byte; 0 = not the size of a part that the model has. */
static uint32_t size_of_id(uint32_t jedec_id)
{
    for (uint32_t size = SIM_FLASH_SIZE_MIN; size <= SIM_FLASH_SIZE_MAX; size *= 2) {
        if ((default_jedec_id(size) ^ jedec_id) >> 16 == 0) {
            return size;
        }
    }
    return 0;
}

bool sim_flash_init(sim_flash_t *flash, uint32_t size, uint32_t jedec_id)
{
    *flash = (sim_flash_t){.size = size, .erase_factor = 1, .program_factor = 1};
    flash->is_present = jedec_id != 0xFFFFFFFFu;
    flash->jedec_id = jedec_id != 0 ? jedec_id : default_jedec_id(size);
    flash->seeming_size = size_of_id(flash->jedec_id) > size ? size_of_id(flash->jedec_id) : size;

    int fd = memfd_create("esp-sim-flash", MFD_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    bool is_ok = false;
    uint8_t *blank = malloc(CHUNK_SIZE);
    void *area = MAP_FAILED;
    if (blank != NULL) {
        memset(blank, 0xFF, CHUNK_SIZE);
        is_ok = write(fd, blank, CHUNK_SIZE) == CHUNK_SIZE;
        free(blank);
    }
    if (is_ok) {
        area = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        is_ok = area != MAP_FAILED;
    }
    for (uint32_t at = 0; is_ok && at < size; at += CHUNK_SIZE) {
        is_ok = mmap((uint8_t *)area + at, CHUNK_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, fd,
                     0) != MAP_FAILED;
    }
    close(fd);
    if (!is_ok && area != MAP_FAILED) {
        munmap(area, size);
    }
    flash->bytes = is_ok ? area : NULL;
    return is_ok;
}

void sim_flash_free(sim_flash_t *flash)
{
    if (flash->bytes != NULL) {
        munmap(flash->bytes, flash->size);
    }
    free(flash->stuck);
    *flash = (sim_flash_t){0};
}

static bool is_protected(const sim_flash_t *flash)
{
    return (flash->status[0] & STATUS_PROTECT_BITS) != 0;
}

static void apply_stuck_bits(sim_flash_t *flash, uint32_t addr, size_t size)
{
    for (size_t i = 0; i < flash->stuck_count; i++) {
        const sim_stuck_bits_t *bits = &flash->stuck[i];
        uint32_t distance = (bits->addr - addr) & (flash->size - 1);
        if (distance < size) {
            uint8_t *byte = &flash->bytes[bits->addr];
            *byte = (uint8_t)((*byte & ~bits->mask) | (bits->value & bits->mask));
        }
    }
}

static bool is_blank(const uint8_t *bytes, size_t size)
{
    return bytes[0] == 0xFF && memcmp(bytes, bytes + 1, size - 1) == 0;
}

static void erase_whole(uint8_t *bytes, uint32_t size)
{
    for (uint32_t at = 0; at < size; at += SIM_SECTOR_SIZE) {
        if (!is_blank(&bytes[at], SIM_SECTOR_SIZE)) {
            memset(&bytes[at], 0xFF, SIM_SECTOR_SIZE);
        }
    }
}

/* What an erase leaves that was cut off: the beginning is blank, and further on some bits are, all over the unit. */
static void erase_in_part(uint8_t *bytes, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        bytes[i] |= i < size / 4 ? 0xFF : (uint8_t)(i * 0x35);
    }
}

uint64_t sim_flash_erase_ns(const esp_sim_t *sim, sim_erase_t unit)
{
    const sim_timing_t *timing = sim->timing;
    uint64_t ns = 0;
    switch (unit) {
    case SIM_ERASE_SECTOR:
        ns = timing->sector_erase_ns;
        break;
    case SIM_ERASE_BLOCK:
        ns = timing->block_erase_ns;
        break;
    case SIM_ERASE_CHIP:
        ns = timing->chip_erase_4mib_ns / 16 * (sim->flash.size / (256u * 1024u));
        break;
    }
    return ns * sim->flash.erase_factor;
}

void sim_flash_erase(esp_sim_t *sim, uint32_t addr, sim_erase_t unit)
{
    sim_flash_t *flash = &sim->flash;
    uint32_t size = unit == SIM_ERASE_SECTOR  ? (uint32_t)SIM_SECTOR_SIZE
                    : unit == SIM_ERASE_BLOCK ? (uint32_t)SIM_BLOCK_SIZE
                                              : flash->size;
    addr &= (flash->size - 1) & ~(size - 1);
    sim->stats.flash_busy_us += sim_flash_erase_ns(sim, unit) / 1000u;
    if (unit == SIM_ERASE_SECTOR) {
        sim->stats.sector_erases++;
    } else if (unit == SIM_ERASE_BLOCK) {
        sim->stats.block_erases++;
    }
    sim->stats.sectors_erased += size / SIM_SECTOR_SIZE;
    if (!flash->is_present || is_protected(flash)) {
        return;
    }
    const bool is_cut = sim->events->cuts_flash(sim);
    if (is_cut) {
        erase_in_part(&flash->bytes[addr], size);
    } else {
        erase_whole(&flash->bytes[addr], size);
    }
    apply_stuck_bits(flash, addr, size);
    if (is_cut) {
        sim->events->flash_is_cut(sim);
    }
}

uint64_t sim_flash_program_ns(const esp_sim_t *sim, size_t size)
{
    const sim_timing_t *timing = sim->timing;
    uint64_t ns = size <= SIM_PROGRAM_PIECE         ? timing->program_piece_ns
                  : size <= SIM_PROGRAM_LARGE_PIECE ? timing->program_large_ns
                                                    : timing->program_page_ns;
    return ns * sim->flash.program_factor + (size + SPI_HEAD) * timing->spi_byte_ns;
}

uint64_t sim_flash_read_ns(const esp_sim_t *sim, size_t size, size_t piece)
{
    return (size + (size + piece - 1) / piece * SPI_HEAD) * sim->timing->spi_byte_ns;
}

static void program_byte(sim_flash_t *flash, uint32_t addr, uint8_t value)
{
    uint8_t *byte = &flash->bytes[addr & (flash->size - 1)];
    if ((*byte & ~value) != 0) {
        *byte &= value;
    }
}

void sim_flash_program(esp_sim_t *sim, uint32_t addr, const uint8_t *data, size_t size)
{
    sim_flash_t *flash = &sim->flash;
    sim->stats.flash_busy_us += sim_flash_program_ns(sim, size) / 1000u;
    sim->stats.programs++;
    sim->stats.bytes_programmed += size;
    if (!flash->is_present || is_protected(flash)) {
        return;
    }
    addr &= flash->size - 1;
    const bool is_cut = sim->events->cuts_flash(sim);
    const size_t whole = is_cut ? size / 2 : size;
    for (size_t i = 0; i < whole; i++) {
        program_byte(flash, addr + (uint32_t)i, data[i]);
    }
    if (is_cut) { /* and of the byte after that half four bits */
        program_byte(flash, addr + (uint32_t)whole, data[whole] | 0x0F);
    }
    apply_stuck_bits(flash, addr, size);
    if (is_cut) {
        sim->events->flash_is_cut(sim); /* what is programmed may be gone after it */
    }
}

void sim_flash_read(const esp_sim_t *sim, uint32_t addr, uint8_t *out, size_t size)
{
    const sim_flash_t *flash = &sim->flash;
    if (!flash->is_present) {
        memset(out, 0xFF, size);
        return;
    }
    for (size_t i = 0; i < size; i++) {
        out[i] = flash->bytes[(addr + i) & (flash->size - 1)];
    }
}

void sim_flash_md5(const esp_sim_t *sim, uint32_t addr, uint32_t addr_mask, uint32_t size, uint8_t out[16])
{
    EVP_MD_CTX *md5 = EVP_MD_CTX_new();
    uint8_t chunk[1024];
    uint32_t left = size < 2 * sim->flash.size ? size : 2 * sim->flash.size;
    EVP_DigestInit_ex(md5, EVP_md5(), NULL);
    while (left > 0) {
        uint32_t n = left < sizeof(chunk) ? left : (uint32_t)sizeof(chunk);
        sim_flash_read(sim, addr & addr_mask, chunk, n);
        EVP_DigestUpdate(md5, chunk, n);
        addr += n;
        left -= n;
    }
    EVP_DigestFinal_ex(md5, out, NULL);
    EVP_MD_CTX_free(md5);
}

void sim_flash_add_stuck(esp_sim_t *sim, sim_stuck_bits_t bits)
{
    sim_flash_t *flash = &sim->flash;
    flash->stuck = sim_realloc(flash->stuck, (flash->stuck_count + 1) * sizeof(bits));
    flash->stuck[flash->stuck_count++] = bits;
    apply_stuck_bits(flash, bits.addr, 1);
}
