/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Larger pieces of flash at a time. The flash routines of a ROM, which the published stub calls as well, program 32 and
 * read 16 bytes per SPI transaction. Both numbers are words of a table that a variable of the ROM points to, and the SPI
 * controller has room for 64 bytes. Only programs that name esp_loader_pieces_64 have this code.
 *
 * Source: the ROMs' ELF files (esp-rom-elfs), symbols rom_spiflash_legacy_funcs (the variable) and
 * rom_default_spiflash_legacy_funcs (the table); ESP-IDF 6.1, spiflash_legacy_funcs_t and <chip>.rom.ld.
 */
#include "esp_loader_content.h"
#include "plan/plan.h"
#include "session/chip.h"

#define READ_SIZE     16u
#define WRITE_SIZE    32u
#define LARGE_SIZE    64u
#define THREE_BYTES   0x18181818u /* lengths of the addresses of four commands, bits */
#define SHORT_ADDRESS (16u << 20) /* a stub that reaches further has its own routines for that */
#define ROM_DATA      0x3FF00000u /* of the chips that have their table there, */
#define ROM_DATA_SIZE 0x20000u
#define TRIALS        3u /* to put them back */
#define SLOTS         9u /* of functions, after the sizes in such a table: none is set */

typedef struct {
    uint8_t chip;          /* target_chip_t */
    uint16_t revision_end; /* first revision that is not meant, major * 100 + minor */
    uint32_t pointer;      /* address of the variable */
    uint32_t
        copy; /* where the table goes whose original is in ROM: neither ROM nor stub uses that RAM; 0 = it is in RAM */
} row_t;

#define ANY_REVISION 0xFFFFu

static const row_t rows[] = {
#if ELI_HAS_ESP32S3
    {ESP32S3_CHIP, ANY_REVISION, 0x3FCEFFE8, 0},
#endif
#if ELI_HAS_ESP32C2
    {ESP32C2_CHIP, ANY_REVISION, 0x3FCDFFF4, 0},
#endif
#if ELI_HAS_ESP32C3
    {ESP32C3_CHIP, ANY_REVISION, 0x3FCDFFF4, 0x3FCC0000},
#endif
#if ELI_HAS_ESP32C5
    {ESP32C5_CHIP, ANY_REVISION, 0x4085FFF0, 0},
#endif
#if ELI_HAS_ESP32C6
    {ESP32C6_CHIP, ANY_REVISION, 0x4087FFF0, 0},
#endif
#if ELI_HAS_ESP32C61
    {ESP32C61_CHIP, ANY_REVISION, 0x4084FFF0, 0},
#endif
#if ELI_HAS_ESP32H2
    {ESP32H2_CHIP, ANY_REVISION, 0x4084FFF0, 0},
#endif
#if ELI_HAS_ESP32P4
    {ESP32P4_CHIP, 300, 0x4FF3FFEC, 0},
    {ESP32P4_CHIP, ANY_REVISION, 0x4FFBFFEC, 0},
#endif
#if ELI_HAS_ESP32S31
    {ESP32S31_CHIP, ANY_REVISION, 0x2F07FFE4, 0},
#endif
    {.chip = ESP_UNKNOWN_CHIP},
};

/* What the loader uses at present; sizes of 0 where the table is not one that is known. */
typedef struct {
    uint32_t table;
    uint32_t read_size;
    uint32_t write_size;
} state_t;

static const row_t *find_row(const eli_plan_t *plan)
{
    const row_t *row = rows;

    while (row->chip != ESP_UNKNOWN_CHIP &&
           (row->chip != (uint8_t)plan->loader->_chip || plan->chip_revision >= row->revision_end)) {
        row++;
    }
    return row->chip != ESP_UNKNOWN_CHIP ? row : NULL;
}

/* Only with code that is known: the ROM's, or that of the library's stub, if this session has started it; and only if
 * what they write is verified. */
static bool is_supported(const eli_plan_t *plan)
{
    const esp_loader_t *loader = plan->loader;
    bool is_known = !eli_is_stub(loader) || loader->_is.stub_running == ELI_STUB_BUNDLED;
    bool is_long = loader->_flash_size > SHORT_ADDRESS && eli_has(eli_target(loader), ELI_STUB_WIDE);

    return is_known && !is_long && eli_plan_verifies(plan) && !loader->_is.secure_download &&
           find_row(plan) != NULL;
}

static bool is_in_ram(const eli_plan_t *plan, uint32_t address)
{
    return esp_loader_chip_memory(plan->loader->_chip, address) == ESP_LOADER_MEMORY_RAM;
}

/* Where the two sizes are in a table. */
static uint32_t sizes_at(const row_t *row, uint32_t table)
{
    return row->copy == 0 ? table + 4 : table;
}

/* An address that is none is not read from: that may stop the target. */
static bool may_be_table(const eli_plan_t *plan, const row_t *row, uint32_t address)
{
    if (address % 4 != 0 || address == 0) {
        return false;
    }
    if (row->copy == 0) {
        return is_in_ram(plan, address) && is_in_ram(plan, sizes_at(row, address) + 4);
    }
    return address == row->copy || address - ROM_DATA < ROM_DATA_SIZE;
}

/* A table in RAM is known by what is before the sizes, one in ROM by what is after them. */
static esp_loader_error_t is_table(eli_plan_t *plan, const row_t *row, uint32_t table, bool *out_is)
{
    const uint32_t first = row->copy == 0 ? table : sizes_at(row, table) + 8;
    const uint32_t count = row->copy == 0 ? 1 : SLOTS;

    *out_is = true;
    for (uint32_t i = 0; i < count && *out_is; i++) {
        uint32_t word;
        RETURN_ON_ERROR(eli_register_read(plan->loader, first + 4 * i, &word));
        *out_is = word == (row->copy == 0 ? THREE_BYTES : 0);
    }
    return ESP_LOADER_SUCCESS;
}

/* Is it the table that has been given other sizes? */
static bool is_in_use(const eli_plan_t *plan, const row_t *row, uint32_t table)
{
    const esp_loader_pieces_t *pieces = plan->options->pieces;
    return pieces->is_left && table == (row->copy == 0 ? pieces->_table : row->copy);
}

static esp_loader_error_t read_sizes(eli_plan_t *plan, const row_t *row, state_t *state)
{
    const uint32_t at = sizes_at(row, state->table);

    RETURN_ON_ERROR(eli_register_read(plan->loader, at, &state->read_size));
    return eli_register_read(plan->loader, at + 4, &state->write_size);
}

/* That it is no more the table in use has to be read twice: a damaged command reads something else. */
static esp_loader_error_t read_variable(eli_plan_t *plan, const row_t *row, uint32_t *out_table)
{
    RETURN_ON_ERROR(eli_register_read(plan->loader, row->pointer, out_table));
    return plan->options->pieces->is_left && !is_in_use(plan, row, *out_table)
               ? eli_register_read(plan->loader, row->pointer, out_table)
               : ESP_LOADER_SUCCESS;
}

static esp_loader_error_t look(eli_plan_t *plan, const row_t *row, state_t *out)
{
    bool is_known;

    *out = (state_t){0};
    RETURN_ON_ERROR(read_variable(plan, row, &out->table));
    if (is_in_use(plan, row, out->table)) {
        return read_sizes(plan, row, out);
    }
    if (!may_be_table(plan, row, out->table)) {
        return ESP_LOADER_SUCCESS;
    }
    RETURN_ON_ERROR(is_table(plan, row, out->table, &is_known));
    return is_known ? read_sizes(plan, row, out) : ESP_LOADER_SUCCESS;
}

static bool has_sizes(const state_t *state, uint32_t read_size, uint32_t write_size)
{
    return state->read_size == read_size && state->write_size == write_size;
}

static esp_loader_error_t write_sizes(eli_plan_t *plan, uint32_t at, uint32_t read_size, uint32_t write_size)
{
    const uint32_t words[] = {read_size, write_size};
    return eli_registers_write(plan->loader, at, words, 2);
}

/* A copy of a table in ROM: the sizes, and no function. */
static esp_loader_error_t make_copy(eli_plan_t *plan, const row_t *row)
{
    for (uint32_t i = 0; i < SLOTS; i++) {
        RETURN_ON_ERROR(eli_register_write(plan->loader, sizes_at(row, row->copy) + 8 + 4 * i, 0));
    }
    return write_sizes(plan, sizes_at(row, row->copy), LARGE_SIZE, LARGE_SIZE);
}

/* Does the copy hold what was written to it? No checksum covers that. */
static esp_loader_error_t is_copied(eli_plan_t *plan, const row_t *row, bool *out_is)
{
    state_t copy = {.table = row->copy};

    RETURN_ON_ERROR(is_table(plan, row, row->copy, out_is));
    RETURN_ON_ERROR(read_sizes(plan, row, &copy));
    *out_is = *out_is && has_sizes(&copy, LARGE_SIZE, LARGE_SIZE);
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t put_back(eli_plan_t *plan, const row_t *row)
{
    const uint32_t table = plan->options->pieces->_table;

    return row->copy == 0 ? write_sizes(plan, sizes_at(row, table), READ_SIZE, WRITE_SIZE)
                          : eli_register_write(plan->loader, row->pointer, table);
}

static esp_loader_error_t is_put_back(eli_plan_t *plan, const row_t *row, bool *out_is)
{
    state_t now = {.table = plan->options->pieces->_table};

    if (row->copy != 0) {
        RETURN_ON_ERROR(eli_register_read(plan->loader, row->pointer, &now.table));
        *out_is = now.table == plan->options->pieces->_table;
        return ESP_LOADER_SUCCESS;
    }
    RETURN_ON_ERROR(read_sizes(plan, row, &now));
    *out_is = has_sizes(&now, READ_SIZE, WRITE_SIZE);
    return ESP_LOADER_SUCCESS;
}

/* What a reset, or another program, has made of it meanwhile stays as it is; not what a damaged command of ours has. */
static esp_loader_error_t restore(eli_plan_t *plan)
{
    esp_loader_pieces_t *pieces = plan->options->pieces;
    const row_t *row = find_row(plan);
    uint32_t table;
    bool is_usual = true;

    RETURN_ON_ERROR(read_variable(plan, row, &table));
    if (is_in_use(plan, row, table) || pieces->_is_changing) {
        pieces->_is_changing = true;
        RETURN_ON_ERROR(put_back(plan, row));
        RETURN_ON_ERROR(is_put_back(plan, row, &is_usual));
    }
    pieces->_is_changing = !is_usual;
    pieces->is_left = !is_usual;
    return ESP_LOADER_SUCCESS;
}

/* Makes the pieces of @p table large, which has been found to be one. */
static esp_loader_error_t enlarge(eli_plan_t *plan, const row_t *row, uint32_t table)
{
    esp_loader_pieces_t *pieces = plan->options->pieces;
    state_t now;
    bool is_copied_well;

    if (row->copy != 0) {
        RETURN_ON_ERROR(make_copy(plan, row));
        RETURN_ON_ERROR(is_copied(plan, row, &is_copied_well));
        if (!is_copied_well) {
            return ESP_LOADER_SUCCESS;
        }
    }
    pieces->_table = table;
    pieces->is_left = true;
    pieces->_is_changing = true;
    if (row->copy == 0) {
        RETURN_ON_ERROR(write_sizes(plan, sizes_at(row, table), LARGE_SIZE, LARGE_SIZE));
    } else {
        RETURN_ON_ERROR(eli_register_write(plan->loader, row->pointer, row->copy));
    }
    RETURN_ON_ERROR(look(plan, row, &now));
    if (has_sizes(&now, LARGE_SIZE, LARGE_SIZE)) {
        pieces->_is_changing = false;
        pieces->result = ESP_LOADER_PIECES_USED;
        return ESP_LOADER_SUCCESS;
    }
    return restore(plan);
}

/* Also after they have been taken: looking for a rate may have reset the target. */
static esp_loader_error_t take(eli_plan_t *plan)
{
    esp_loader_pieces_t *pieces = plan->options->pieces;
    state_t now;

    if (pieces->result == ESP_LOADER_PIECES_FAILED) {
        return ESP_LOADER_SUCCESS;
    }
    if (!is_supported(plan)) {
        pieces->result = ESP_LOADER_PIECES_UNSUPPORTED;
        return ESP_LOADER_SUCCESS;
    }
    RETURN_ON_ERROR(eli_enter(plan->loader, ESP_LOADER_STAGE_REGISTER));
    RETURN_ON_ERROR(eli_flash_attach(plan->loader));
    const row_t *row = find_row(plan);
    RETURN_ON_ERROR(look(plan, row, &now));
    if (is_in_use(plan, row, now.table) && has_sizes(&now, LARGE_SIZE, LARGE_SIZE)) {
        return ESP_LOADER_SUCCESS;
    }
    pieces->result = ESP_LOADER_PIECES_UNKNOWN;
    if (pieces->is_left) { /* a reset; or a command was lost between one size and the other */
        RETURN_ON_ERROR(restore(plan));
        RETURN_ON_ERROR(look(plan, row, &now));
    }
    return !pieces->is_left && has_sizes(&now, READ_SIZE, WRITE_SIZE) ? enlarge(plan, row, now.table)
                                                                      : ESP_LOADER_SUCCESS;
}

/* After a command without a reply the target may be there all the same; one that is not there is asked once. */
static bool is_there(eli_plan_t *plan)
{
    esp_loader_t *loader = plan->loader;

    if (loader->_detail.cause != ESP_LOADER_ERROR_TIMEOUT) {
        return loader->_is.connected;
    }
    return loader->_is.connected && eli_ops(loader)->resync(loader) == ESP_LOADER_SUCCESS;
}

static void leave(eli_plan_t *plan)
{
    esp_loader_t *loader = plan->loader;
    esp_loader_pieces_t *pieces = plan->options->pieces;
    const esp_loader_error_detail_t detail = loader->_detail; /* the failure, or none, is that of the plan */

    for (unsigned trial = 0; trial < TRIALS && pieces->is_left && is_there(plan); trial++) {
        eli_forget_failure(loader, ESP_LOADER_STAGE_REGISTER);
        if (restore(plan) != ESP_LOADER_SUCCESS) {
            ELI_LOG(loader, ESP_LOADER_LOG_DEBUG, "the pieces of the usual sizes are not back yet");
        }
    }
    if (pieces->is_left) {
        ELI_LOG(loader, ESP_LOADER_LOG_WARN, "the loader's pieces stay larger until the target is reset");
    }
    loader->_detail = detail;
}

const esp_loader_pieces_code_t esp_loader_pieces_64 = {take, leave};
