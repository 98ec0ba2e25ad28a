/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Source: the transactions counted in docs/timing.md; symbols rom_spiflash_legacy_funcs (variable) and rom_default_spiflash_legacy_funcs (table) of the published ROMs,
 * and what these tables hold. The table of the stub of the ESP32-S3 is not modelled: it holds the same sizes.
 */
#include "chip/pieces.h"

#include <string.h>

#include "state/model.h"

enum { READ_PIECE = 16, FIFO = 64, ANY_REVISION = 0xFFFF };

typedef struct {
    const char *chip;
    uint16_t last_revision; /* major * 100 + minor */
    uint32_t variable, table;
    bool has_addresses; /* the table begins with the lengths of addresses */
} row_t;

static const row_t ROWS[] = {
    {"esp32s3", ANY_REVISION, 0x3FCEFFE8, 0x3FCEF670, true},
    {"esp32c2", ANY_REVISION, 0x3FCDFFF4, 0x3FCDF9E8, true},
    {"esp32c3", ANY_REVISION, 0x3FCDFFF4, 0x3FF1E1AC, false},
    {"esp32c5", ANY_REVISION, 0x4085FFF0, 0x4085FB00, true},
    {"esp32c6", ANY_REVISION, 0x4087FFF0, 0x4087FA24, true},
    {"esp32c61", ANY_REVISION, 0x4084FFF0, 0x4084FAEC, true},
    {"esp32h2", ANY_REVISION, 0x4084FFF0, 0x4084FF38, true},
    {"esp32p4", 299, 0x4FF3FFEC, 0x4FF3FEF8, true},
    {"esp32p4", ANY_REVISION, 0x4FFBFFEC, 0x4FFBFF04, true},
    {"esp32s31", ANY_REVISION, 0x2F07FFE4, 0x2F07F978, true},
};

static const row_t *find_row(const esp_sim_t *sim)
{
    for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++) {
        if (strcmp(ROWS[i].chip, sim->chip->name) == 0 &&
            sim->config.chip_revision <= ROWS[i].last_revision) {
            return &ROWS[i];
        }
    }
    return NULL;
}

void sim_pieces_reset(esp_sim_t *sim)
{
    const row_t *row = find_row(sim);
    if (row == NULL || sim->code != NULL) { /* code that is executed does that itself */
        return;
    }
    uint32_t sizes = row->table;
    sim_memory_write32(&sim->memory, row->variable, row->table);
    if (row->has_addresses) {
        sim_memory_write32(&sim->memory, row->table, 0x18181818);
        sizes += 4;
    }
    sim_memory_write32(&sim->memory, sizes, READ_PIECE);
    sim_memory_write32(&sim->memory, sizes + 4, SIM_PROGRAM_PIECE);
}

/* The word at @p offset after the lengths of addresses. */
static size_t size_at(const esp_sim_t *sim, const row_t *row, uint32_t offset)
{
    uint32_t table = sim_memory_read32(&sim->memory, row->variable);
    uint32_t size = sim_memory_read32(&sim->memory, table + (row->has_addresses ? 4 : 0) + offset);
    return size > 0 && size <= FIFO ? size : (size_t)FIFO; /* of more the ROMs' own checks complain */
}

size_t sim_pieces_program_size(const esp_sim_t *sim)
{
    const row_t *row = find_row(sim);
    return row == NULL ? (size_t)SIM_PROGRAM_PIECE : size_at(sim, row, 4);
}

size_t sim_pieces_read_size(const esp_sim_t *sim)
{
    const row_t *row = find_row(sim);
    if (row == NULL) {
        return strcmp(sim->chip->name, "esp32") == 0 ? (size_t)FIFO : (size_t)READ_PIECE;
    }
    return size_at(sim, row, 0);
}

uint64_t sim_pieces_read_ns(const esp_sim_t *sim, size_t size)
{
    return sim_flash_read_ns(sim, size, sim_pieces_read_size(sim));
}
