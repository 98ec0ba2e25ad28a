/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Where each chip keeps its security eFuses, and what its loader reports of them. Source: esptool 5.3 (target
 * classes and get_security_info), eFuse tables of ESP-IDF. Nothing is encrypted in the model, and no
 * signature verified.
 */
#include "chip/efuse.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/save_file.h"
#include "state/model.h"

enum {
    KEYS = 6,
    KEY_PURPOSE_OFF = 5,
    CHIP_ID_OFF = 12,
    CELLS = SIM_EFUSE_BLOCKS * SIM_EFUSE_CELLS,
    REGISTERS_SIZE = 4 * SIM_EFUSE_WORDS,
    FILE_SIZE = REGISTERS_SIZE + 4 * CELLS,
};

enum {
    FLAG_SECURE_BOOT = 1 << 0,
    FLAG_SECURE_DOWNLOAD = 1 << 2,
};

/** A field: addr, mask before shifting, shift; mask 0 = the chip has none. */
typedef struct {
    uint32_t addr, mask;
    uint8_t shift;
} field_t;

typedef struct {
    const char *chip;
    uint32_t start, end; /**< of the eFuse words, end exclusive */
    field_t crypt_count, boot_v1, boot_v2;
    field_t secure_download, no_download;
    uint16_t no_download_since; /**< revision, major * 100 + minor; 0 = all */
    field_t key_purpose[KEYS];
    bool forbids_jump; /**< with secure boot */
} efuse_t;

/* The layout of most chips: counts and purposes in the second and third word, KEY0 at bit 24. */
#define DOWNLOAD_FROM(base) .secure_download = {(base) + 0x3C, 0x1, 5}, .no_download = {(base) + 0x3C, 0x1, 0}
#define SECURITY_FROM(base)                                                                                  \
    DOWNLOAD_FROM(base),                                                                                     \
        .crypt_count = {(base) + 0x34, 0x7, 18}, .boot_v2 = {(base) + 0x38, 0x1, 20},                        \
        .key_purpose = {{(base) + 0x34, 0xF, 24}, {(base) + 0x34, 0xF, 28}, {(base) + 0x38, 0xF, 0},         \
                        {(base) + 0x38, 0xF, 4},  {(base) + 0x38, 0xF, 8},  {(base) + 0x38, 0xF, 12}}

static const efuse_t EFUSES[] = {
    {.chip = "esp8266", .start = 0x3FF00050, .end = 0x3FF00060},
    {.chip = "esp32",
     .start = 0x3FF5A000,
     .end = 0x3FF5A200,
     .no_download = {0x3FF5A000, 0x1, 27},
     .no_download_since = 300,
     .crypt_count = {0x3FF5A000, 0x7F, 20},
     .boot_v1 = {0x3FF5A018, 0x1, 4},
     .boot_v2 = {0x3FF5A018, 0x1, 5}},
    {.chip = "esp32s2", .start = 0x3F41A000, .end = 0x3F41A200, SECURITY_FROM(0x3F41A000)},
    {.chip = "esp32s3",
     .start = 0x60007000,
     .end = 0x60007200,
     SECURITY_FROM(0x60007000),
     .forbids_jump = true},
    {.chip = "esp32c2",
     .start = 0x60008800,
     .end = 0x60008A00,
     .secure_download = {0x60008830, 0x1, 16},
     .no_download = {0x60008830, 0x1, 14},
     .crypt_count = {0x60008830, 0x7, 7},
     .boot_v2 = {0x60008830, 0x1, 21}},
    {.chip = "esp32c3",
     .start = 0x60008800,
     .end = 0x60008A00,
     SECURITY_FROM(0x60008800),
     .forbids_jump = true},
    {.chip = "esp32c5",
     .start = 0x600B4800,
     .end = 0x600B4A00,
     DOWNLOAD_FROM(0x600B4800),
     .crypt_count = {0x600B4834, 0x7, 16},
     .boot_v2 = {0x600B4838, 0x1, 25},
     .key_purpose = {{0x600B4834, 0x1F, 22},
                     {0x600B4834, 0x1F, 27},
                     {0x600B4838, 0x1F, 0},
                     {0x600B4838, 0x1F, 5},
                     {0x600B4838, 0x1F, 10},
                     {0x600B4838, 0x1F, 15}}},
    {.chip = "esp32c6", .start = 0x600B0800, .end = 0x600B0A00, SECURITY_FROM(0x600B0800)},
    {.chip = "esp32c61",
     .start = 0x600B4800,
     .end = 0x600B4A00,
     .secure_download = {0x600B4838, 0x1, 4},
     .no_download = {0x600B4838, 0x1, 0},
     .crypt_count = {0x600B4830, 0x7, 23},
     .boot_v2 = {0x600B4834, 0x1, 26},
     .key_purpose = {{0x600B4834, 0xF, 0},
                     {0x600B4834, 0xF, 4},
                     {0x600B4834, 0xF, 8},
                     {0x600B4834, 0xF, 12},
                     {0x600B4834, 0xF, 16},
                     {0x600B4834, 0xF, 20}}},
    {.chip = "esp32h2", .start = 0x600B0800, .end = 0x600B0A00, SECURITY_FROM(0x600B0800)},
    {.chip = "esp32p4", .start = 0x5012D000, .end = 0x5012D200, SECURITY_FROM(0x5012D000)},
    {.chip = "esp32s31",
     .start = 0x20715000,
     .end = 0x20715200,
     .secure_download = {0x2071503C, 0x1, 21},
     .no_download = {0x2071503C, 0x1, 16},
     .crypt_count = {0x20715034, 0x7, 21},
     .boot_v2 = {0x2071503C, 0x1, 2},
     .key_purpose = {{0x20715038, 0x1F, 0},
                     {0x20715038, 0x1F, 5},
                     {0x20715038, 0x1F, 10},
                     {0x20715038, 0x1F, 15},
                     {0x20715038, 0x1F, 20}}},
    {.chip = "esp32h21", .start = 0x600B4000, .end = 0x600B4200, SECURITY_FROM(0x600B4000)},
    {.chip = "esp32h4",
     .start = 0x600B1800,
     .end = 0x600B1A00,
     .secure_download = {0x600B183C, 0x1, 3},
     .no_download = {0x600B1838, 0x1, 31},
     .crypt_count = {0x600B1830, 0x7, 23},
     .boot_v2 = {0x600B1838, 0x1, 5},
     .key_purpose = {{0x600B1834, 0x1F, 0},
                     {0x600B1834, 0x1F, 5},
                     {0x600B1834, 0x1F, 10},
                     {0x600B1834, 0x1F, 15},
                     {0x600B1834, 0x1F, 20},
                     {0x600B1834, 0x1F, 25}}},
};

static const efuse_t *row_of(const esp_sim_t *sim)
{
    static const efuse_t NONE = {0};
    const size_t count = sizeof(EFUSES) / sizeof(EFUSES[0]);
    const efuse_t *row = sim_chip_find_row(sim->chip->name, EFUSES, count, sizeof(EFUSES[0]));
    return row != NULL ? row : &NONE;
}

static field_t boot_field(const efuse_t *row, esp_sim_secure_boot_t version)
{
    static const field_t NONE = {0};
    switch (version) {
    case ESP_SIM_SECURE_BOOT_V1:
        return row->boot_v1;
    case ESP_SIM_SECURE_BOOT_V2:
        return row->boot_v2;
    case ESP_SIM_SECURE_BOOT_OFF:
        break;
    }
    return NONE;
}

/* Reads the config's file: registers, all of which the chip must have, and perhaps cells. */
static bool load_file(esp_sim_t *sim, const efuse_t *row, char *error, size_t error_size)
{
    const char *path = sim->config.efuse_file;
    const size_t room = row->end - row->start;
    uint8_t bytes[FILE_SIZE + 1];

    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return sim_error(error, error_size, "cannot read '%s': %s", path, strerror(errno));
    }
    const size_t size = fread(bytes, 1, sizeof(bytes), file);
    (void)fclose(file);
    sim->efuse.has_file_cells = size == FILE_SIZE && room == REGISTERS_SIZE;
    if (size % 4 != 0 || (size > room && !sim->efuse.has_file_cells)) {
        return sim_error(error, error_size, "'%s' is not what eFuse registers of %s hold: up to %u words",
                         path, sim->chip->title, (unsigned)room / 4);
    }
    sim->efuse.file_word_count = (size < room ? size : room) / 4;
    for (size_t i = 0; i < sim->efuse.file_word_count; i++) {
        sim->efuse.file_words[i] = sim_get32(bytes + 4 * i);
    }
    uint32_t *cells = &sim->efuse.cells[0][0];
    for (size_t i = 0; i < CELLS && sim->efuse.has_file_cells; i++) {
        cells[i] = sim_get32(bytes + REGISTERS_SIZE + 4 * i);
    }
    return true;
}

const uint32_t *esp_sim_efuse_cells(const esp_sim_t *sim)
{
    return &sim->efuse.cells[0][0];
}

/* Registers as a reset leaves them, and, for what they do not show, the cells. */
bool esp_sim_efuse_save(const esp_sim_t *sim, const char *path, char *error, size_t error_size)
{
    const efuse_t *row = row_of(sim);
    const size_t words = (row->end - row->start) / 4;
    const uint32_t *cells = &sim->efuse.cells[0][0];
    uint32_t image[SIM_EFUSE_WORDS];
    uint8_t bytes[FILE_SIZE];
    if (sim->efuse.chip != NULL) {
        sim_efuse_image(&sim->efuse, image);
    }
    for (size_t i = 0; i < words; i++) {
        uint32_t kept = sim_memory_read32(&sim->memory, row->start + 4 * (uint32_t)i);
        sim_put32(bytes + 4 * i, sim->efuse.chip != NULL ? image[i] : kept);
    }
    for (size_t i = 0; i < CELLS && sim->efuse.chip != NULL; i++) {
        sim_put32(bytes + REGISTERS_SIZE + 4 * i, cells[i]);
    }
    if (!sim_save_file(path, bytes, sim->efuse.chip != NULL ? (size_t)FILE_SIZE : 4 * words)) {
        return sim_error(error, error_size, "cannot write %s: %s", path, strerror(errno));
    }
    return true;
}

bool sim_efuse_check(esp_sim_t *sim, char *error, size_t error_size)
{
    const efuse_t *row = row_of(sim);
    const esp_sim_config_t *config = &sim->config;
    if (config->efuse_file != NULL && !load_file(sim, row, error, error_size)) {
        return false;
    }
    for (size_t i = 0; i < ESP_SIM_EFUSES && config->efuses[i].addr != 0; i++) {
        uint32_t addr = config->efuses[i].addr;
        if (addr % 4 != 0 || addr < row->start || addr >= row->end) {
            return sim_error(error, error_size,
                             "invalid eFuse address 0x%08X: those of %s are 0x%08X to 0x%08X", (unsigned)addr,
                             sim->chip->title, (unsigned)row->start, (unsigned)row->end - 4);
        }
    }
    if (config->is_flash_encrypted && row->crypt_count.mask == 0) {
        return sim_error(error, error_size, "%s has no flash encryption", sim->chip->title);
    }
    if (config->secure_boot != ESP_SIM_SECURE_BOOT_OFF && boot_field(row, config->secure_boot).mask == 0) {
        return sim_error(error, error_size, "%s has no secure boot V%d", sim->chip->title,
                         config->secure_boot == ESP_SIM_SECURE_BOOT_V1 ? 1 : 2);
    }
    return true;
}

static void burn_bits(esp_sim_t *sim, uint32_t addr, uint32_t bits)
{
    if (bits != 0) {
        sim_memory_write32(&sim->memory, addr, sim_memory_read32(&sim->memory, addr) | bits);
    }
}

/* Puts into the registers what the config says. */
static void put_config(esp_sim_t *sim)
{
    const efuse_t *row = row_of(sim);
    const esp_sim_config_t *config = &sim->config;
    for (size_t i = 0; i < sim->efuse.file_word_count; i++) {
        sim_memory_write32(&sim->memory, row->start + 4 * (uint32_t)i, sim->efuse.file_words[i]);
    }
    for (size_t i = 0; i < ESP_SIM_EFUSES && config->efuses[i].addr != 0; i++) {
        burn_bits(sim, config->efuses[i].addr, config->efuses[i].bits);
    }
    if (config->is_flash_encrypted) {
        burn_bits(sim, row->crypt_count.addr, 1u << row->crypt_count.shift);
    }
    const field_t boot = boot_field(row, config->secure_boot);
    if (boot.mask != 0) {
        burn_bits(sim, boot.addr, boot.mask << boot.shift);
    }
    burn_bits(sim, sim->chip->flash_power.efuse, sim_flash_power_efuse(sim));
}

void sim_efuse_reset(esp_sim_t *sim)
{
    sim_efuse_t *efuse = &sim->efuse;
    if (!efuse->is_made || efuse->chip == NULL) {
        put_config(sim);
    }
    if (!efuse->is_made) {
        sim_efuse_make(sim);
    }
    if (efuse->chip != NULL) {
        sim_efuse_controller_reset(sim);
        sim_efuse_load(sim);
    }
}

static uint32_t value_of(const esp_sim_t *sim, const field_t *field)
{
    return sim_memory_read32(&sim->memory, field->addr) >> field->shift & field->mask;
}

bool sim_efuse_is_download_secure(const esp_sim_t *sim)
{
    return sim->config.is_secure_download || value_of(sim, &row_of(sim)->secure_download) != 0;
}

bool sim_efuse_forbids_download(const esp_sim_t *sim)
{
    const efuse_t *row = row_of(sim);
    return sim->config.chip_revision >= row->no_download_since && value_of(sim, &row->no_download) != 0;
}

bool sim_efuse_is_boot_secure(const esp_sim_t *sim)
{
    return value_of(sim, &row_of(sim)->boot_v2) != 0;
}

void sim_efuse_security_info(const esp_sim_t *sim, uint8_t out[SIM_SECURITY_INFO_SIZE])
{
    const efuse_t *row = row_of(sim);
    memset(out, 0, SIM_SECURITY_INFO_SIZE);
    out[0] = (uint8_t)((sim_efuse_is_download_secure(sim) ? FLAG_SECURE_DOWNLOAD : 0) |
                       (value_of(sim, &row->boot_v2) != 0 ? FLAG_SECURE_BOOT : 0));
    out[4] = (uint8_t)value_of(sim, &row->crypt_count);
    for (size_t key = 0; key < KEYS; key++) {
        out[KEY_PURPOSE_OFF + key] = (uint8_t)value_of(sim, &row->key_purpose[key]);
    }
    out[CHIP_ID_OFF] = (uint8_t)sim->chip->image_chip_id;
    out[CHIP_ID_OFF + 1] = (uint8_t)(sim->chip->image_chip_id >> 8);
}

bool sim_efuse_forbids_jump(const esp_sim_t *sim)
{
    const efuse_t *row = row_of(sim);
    return row->forbids_jump && value_of(sim, &row->boot_v2) != 0;
}
