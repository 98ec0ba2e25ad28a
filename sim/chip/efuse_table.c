/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Sources: register headers of ESP-IDF 6.1 (soc component: offsets, values after a reset), espefuse 5.6 (blocks, timing,
 * error registers; set_efuse_timing of each chip). Whether a chip burns with the values it has after a reset is not
 * known. It does here where a tool of Espressif's relies on it.
 */
#include "chip/efuse_table.h"

#include <string.h>

/* ---- blocks: where they are written and read, words, locks, errors ---- */

static const sim_efuse_block_t BLOCKS_ESP32[] = {
    {0x1C, 0x00, 7, 0, 0, 0, 0},
    {0x98, 0x38, 8, 7, 16, 16, 0},
    {0xB8, 0x58, 8, 8, 17, 17, 0},
    {0xD8, 0x78, 8, 9, 18, 18, 0},
};

static const sim_efuse_block_t BLOCKS_C2[] = {
    {0x00, 0x2C, 2, 0, 0, 0, 0},
    {0x00, 0x34, 3, 5, 0, 0, 0},
    {0x00, 0x40, 8, 6, 0, 0, 4},
    {0x00, 0x60, 8, 7, 32, 33, 8},
};

#define BLOCKS_TO_KEY5                                                                                       \
    {0x00, 0x2C, 6, 0, 0, 0, 0}, {0x00, 0x44, 6, 20, 0, 0, 0}, {0x00, 0x5C, 8, 21, 0, 0, 4},                 \
        {0x00, 0x7C, 8, 22, 0, 0, 8}, {0x00, 0x9C, 8, 23, 32, 32, 12}, {0x00, 0xBC, 8, 24, 33, 33, 16},      \
        {0x00, 0xDC, 8, 25, 34, 34, 20}, {0x00, 0xFC, 8, 26, 35, 35, 24}, {0x00, 0x11C, 8, 27, 36, 36, 28},  \
    {                                                                                                        \
        0x00, 0x13C, 8, 28, 37, 37, 32                                                                       \
    }

static const sim_efuse_block_t BLOCKS[] = {BLOCKS_TO_KEY5, {0x00, 0x15C, 8, 29, 38, 38, 36}};
static const sim_efuse_block_t BLOCKS_H21[] = {BLOCKS_TO_KEY5, {0x00, 0x15C, 8, 29, 0, 0, 36}};

/* BLOCK0 has nine words: the last one goes where other blocks have their first check word. */
static const sim_efuse_block_t BLOCKS_S31[] = {
    {0x00, 0x2C, 9, 0, 0, 0, 0},      {0x00, 0x50, 6, 20, 0, 0, 0},     {0x00, 0x68, 8, 21, 0, 0, 4},
    {0x00, 0x88, 8, 22, 0, 0, 8},     {0x00, 0xA8, 8, 23, 32, 32, 12},  {0x00, 0xC8, 8, 24, 33, 33, 16},
    {0x00, 0xE8, 8, 25, 34, 34, 20},  {0x00, 0x108, 8, 26, 35, 35, 24}, {0x00, 0x128, 8, 27, 36, 36, 28},
    {0x00, 0x148, 8, 28, 37, 37, 36},
};

/* ---- timing: register, shift, mask, after a reset, wanted ---- */

static const sim_efuse_timing_t TIMING_ESP32[] = {{0xF8, 0, 0xFF, 0x52, {160, 250}},
                                                  {0xF8, 8, 0xFF, 0x40, {255, 255}},
                                                  {0x118, 0, 0xFF, 0x28, {80, 52}},
                                                  {0}};

static const sim_efuse_timing_t TIMING_S2[] = {{0x1F4, 0, 0xFF, 1, {1, 2, 1}},
                                               {0x1F0, 16, 0xFFFF, 200, {400, 800, 200}},
                                               {0x1F0, 0, 0xFF, 1, {1, 2, 1}},
                                               {0x1F0, 8, 0xFF, 1, {2, 4, 1}},
                                               {0x1E8, 0, 0xFF, 28, {80, 160, 40}},
                                               {0x1F4, 8, 0xFFFF, 0x2880, {0x5100, 0xA200, 0x2880}},
                                               {0x1F8, 0, 0xFFFF, 400, {0x80, 0x100, 0x40}},
                                               {0}};

static const sim_efuse_timing_t TIMING_C2[] = {{0x108, 9, 0xFF, 255, {255, 255}},
                                               {0x108, 0, 0xFF, 28, {0x28, 0x28}},
                                               {0x114, 8, 0xFFFF, 0x3000, {0x3000, 0x3000}},
                                               {0x118, 0, 0xFFFF, 0x190, {0x190, 0x190}},
                                               {0x110, 8, 0xFF, 1, {200, 130}},
                                               {0}};

/* DAC_CONF, WR_TIM_CONF1 and WR_TIM_CONF2: one set of values in all chips that followed, not all at the same places. */
#define TIMING(dac, on, off, reset_divider, reset_on, reset_off)                                             \
    {                                                                                                        \
        {(dac), 9, 0xFF, 255, {255}}, {(dac), 0, 0xFF, (reset_divider), {0x28}},                             \
            {(on), 8, 0xFFFF, (reset_on), {0x3000}}, {(off), 0, 0xFFFF, (reset_off), {0x190}},               \
        {                                                                                                    \
            0                                                                                                \
        }                                                                                                    \
    }
static const sim_efuse_timing_t TIMING_S3[] = TIMING(0x1E8, 0x1F4, 0x1F8, 28, 0x2880, 400);
static const sim_efuse_timing_t TIMING_C3[] = TIMING(0x1E8, 0x1F0, 0x1F4, 28, 0x2880, 400);
static const sim_efuse_timing_t TIMING_C6[] = TIMING(0x1E8, 0x1F0, 0x1F4, 28, 0x3000, 400);
static const sim_efuse_timing_t TIMING_C61[] = TIMING(0x1E8, 0x1F0, 0x1F4, 23, 0x3000, 400);
static const sim_efuse_timing_t TIMING_H2_P4[] = TIMING(0x1E8, 0x1F0, 0x1F4, 23, 9831, 320);
static const sim_efuse_timing_t TIMING_H21[] = TIMING(0x1E8, 0x1F0, 0x1F4, 19, 9831, 320);
static const sim_efuse_timing_t TIMING_C5_H4[] = TIMING(0x1EC, 0x1F4, 0x1F8, 19, 9831, 320);
static const sim_efuse_timing_t TIMING_S31[] = TIMING(0x1EC, 0x1F4, 0x1F8, 24, 14746, 480);

/* ---- chips ---- */

#define ONE_SETTING                                                                                          \
    {                                                                                                        \
        0, SIM_EFUSE_NO_SETTING, SIM_EFUSE_NO_SETTING                                                        \
    }
#define REGISTERS        .conf = 0x1CC, .status = 0x1D0, .cmd = 0x1D4
#define REGISTERS_LATER  .conf = 0x1CC, .status = 0x1D4, .cmd = 0x1D8
#define BLOCKS_OF(table) .blocks = (table), .block_count = sizeof(table) / sizeof((table)[0])

static const sim_efuse_chip_t CHIPS[] = {
    {.chip = "esp32",
     .base = 0x3FF5A000,
     .conf = 0xFC,
     .cmd = 0x104,
     BLOCKS_OF(BLOCKS_ESP32),
     .decoding_errors = 0x11C,
     .has_coding_scheme = true,
     .locks = sim_efuse_locks_esp32,
     .hidden = sim_efuse_hidden_esp32,
     .timing = TIMING_ESP32,
     .crystal_mhz = {40, 26, SIM_EFUSE_NO_SETTING}},
    {.chip = "esp32s2", /* which of its clocks is on is not modelled */
     .base = 0x3F41A000,
     REGISTERS,
     BLOCKS_OF(BLOCKS),
     .block0_errors = {0x17C, 0x180, 0x184, 0x188, 0x190},
     .rs_errors = {0x1C0, 0x1C4},
     .locks = sim_efuse_locks_esp32s2,
     .timing = TIMING_S2},
    {.chip = "esp32s3",
     .base = 0x60007000,
     REGISTERS,
     BLOCKS_OF(BLOCKS),
     .block0_errors = {0x17C, 0x180, 0x184, 0x188, 0x190},
     .rs_errors = {0x1C0, 0x1C4},
     .locks = sim_efuse_locks_esp32s3,
     .timing = TIMING_S3,
     .crystal_mhz = ONE_SETTING},
    {.chip = "esp32c2",
     .base = 0x60008800,
     .conf = 0x8C,
     .status = 0x90,
     .cmd = 0x94,
     BLOCKS_OF(BLOCKS_C2),
     .block0_errors = {0x80},
     .rs_errors = {0x84},
     .locks = sim_efuse_locks_esp32c2,
     .timing = TIMING_C2,
     .crystal_mhz = {40, 26, SIM_EFUSE_NO_SETTING}},
    {.chip = "esp32c3",
     .base = 0x60008800,
     REGISTERS,
     BLOCKS_OF(BLOCKS),
     .block0_errors = {0x17C, 0x180, 0x184, 0x188, 0x190},
     .rs_errors = {0x1C0, 0x1C4},
     .fail_lag = 4,
     .locks = sim_efuse_locks_esp32c3,
     .timing = TIMING_C3,
     .crystal_mhz = ONE_SETTING},
    {.chip = "esp32c5",
     .base = 0x600B4800,
     REGISTERS_LATER,
     BLOCKS_OF(BLOCKS),
     .block0_errors = {0x17C, 0x180, 0x184, 0x188, 0x18C},
     .rs_errors = {0x190, 0x194},
     .locks = sim_efuse_locks_esp32c5,
     .timing = TIMING_C5_H4,
     .crystal_mhz = ONE_SETTING,
     .may_keep_timing = true},
    {.chip = "esp32c6",
     .base = 0x600B0800,
     REGISTERS,
     BLOCKS_OF(BLOCKS),
     .block0_errors = {0x17C, 0x180, 0x184, 0x188, 0x190},
     .rs_errors = {0x1C0, 0x1C4},
     .locks = sim_efuse_locks_esp32c6,
     .timing = TIMING_C6,
     .crystal_mhz = ONE_SETTING,
     .may_keep_timing = true},
    {.chip = "esp32c61",
     .base = 0x600B4800,
     REGISTERS,
     BLOCKS_OF(BLOCKS),
     .block0_errors = {0x17C, 0x180, 0x184, 0x188, 0x18C},
     .rs_errors = {0x190, 0x194},
     .locks = sim_efuse_locks_esp32c61,
     .timing = TIMING_C61,
     .crystal_mhz = ONE_SETTING,
     .may_keep_timing = true},
    {.chip = "esp32h2",
     .base = 0x600B0800,
     REGISTERS,
     BLOCKS_OF(BLOCKS),
     .block0_errors = {0x17C, 0x180, 0x184, 0x188, 0x18C},
     .rs_errors = {0x1C0, 0x1C4},
     .locks = sim_efuse_locks_esp32h2,
     .timing = TIMING_H2_P4,
     .crystal_mhz = ONE_SETTING,
     .may_keep_timing = true},
    {.chip = "esp32h21",
     .base = 0x600B4000,
     REGISTERS,
     BLOCKS_OF(BLOCKS_H21),
     .block0_errors = {0x17C, 0x180, 0x184, 0x188, 0x18C},
     .rs_errors = {0x190, 0x194},
     .locks = sim_efuse_locks_esp32h21,
     .timing = TIMING_H21,
     .crystal_mhz = ONE_SETTING,
     .may_keep_timing = true},
    {.chip = "esp32h4",
     .base = 0x600B1800,
     REGISTERS_LATER,
     BLOCKS_OF(BLOCKS),
     .block0_errors = {0x17C, 0x180, 0x184, 0x188, 0x18C},
     .rs_errors = {0x190, 0x194},
     .locks = sim_efuse_locks_esp32h4,
     .timing = TIMING_C5_H4,
     .crystal_mhz = ONE_SETTING,
     .may_keep_timing = true},
    {.chip = "esp32p4",
     .last_revision = 299,
     .base = 0x5012D000,
     REGISTERS,
     BLOCKS_OF(BLOCKS),
     .block0_errors = {0x17C, 0x180, 0x184, 0x188, 0x18C},
     .rs_errors = {0x1C0, 0x1C4},
     .locks = sim_efuse_locks_esp32p4_rev1,
     .timing = TIMING_H2_P4,
     .crystal_mhz = ONE_SETTING,
     .may_keep_timing = true},
    {.chip = "esp32p4",
     .base = 0x5012D000,
     REGISTERS,
     BLOCKS_OF(BLOCKS),
     .block0_errors = {0x17C, 0x180, 0x184, 0x188, 0x18C},
     .rs_errors = {0x1C0, 0x1C4},
     .locks = sim_efuse_locks_esp32p4,
     .timing = TIMING_H2_P4,
     .crystal_mhz = ONE_SETTING,
     .may_keep_timing = true},
    {.chip = "esp32s31",
     .base = 0x20715000,
     REGISTERS_LATER,
     BLOCKS_OF(BLOCKS_S31),
     .block0_errors = {0x168, 0x16C, 0x170, 0x174, 0x178, 0x17C, 0x180, 0x184},
     .rs_errors = {0x188, 0x18C},
     .locks = sim_efuse_locks_esp32s31,
     .timing = TIMING_S31,
     .crystal_mhz = ONE_SETTING,
     .may_keep_timing = true},
};

const sim_efuse_chip_t *sim_efuse_chip(const char *name, uint32_t revision)
{
    for (size_t i = 0; i < sizeof(CHIPS) / sizeof(CHIPS[0]); i++) {
        bool is_late = CHIPS[i].last_revision != 0 && revision > CHIPS[i].last_revision;
        if (strcmp(CHIPS[i].chip, name) == 0 && !is_late) {
            return &CHIPS[i];
        }
    }
    return NULL;
}

bool sim_efuse_is_rs_coded(const sim_efuse_chip_t *chip, size_t block)
{
    return block > 0 && chip->rs_errors[0] != 0;
}

size_t sim_efuse_written_words(const sim_efuse_chip_t *chip, size_t block)
{
    return sim_efuse_is_rs_coded(chip, block) ? (size_t)SIM_EFUSE_CELLS : chip->blocks[block].words;
}

static bool is_in_block(const sim_efuse_chip_t *chip, uint32_t at)
{
    for (size_t i = 0; i < chip->block_count; i++) {
        if (at >= chip->blocks[i].read && at < chip->blocks[i].read + 4u * chip->blocks[i].words) {
            return true;
        }
    }
    return false;
}

bool sim_efuse_is_read_only(const sim_efuse_chip_t *chip, uint32_t at)
{
    for (size_t i = 0; i < sizeof(chip->block0_errors) / sizeof(chip->block0_errors[0]); i++) {
        if (at != 0 && at == chip->block0_errors[i]) {
            return true;
        }
    }
    return is_in_block(chip, at) || (at != 0 && (at == chip->rs_errors[0] || at == chip->rs_errors[1] ||
                                                 at == chip->decoding_errors || at == chip->status));
}
