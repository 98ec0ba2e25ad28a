/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The eFuses: what is burnt, the registers it is read from, and the controller that burns more.
 */
#ifndef SIM_EFUSE_H
#define SIM_EFUSE_H

#include "base/clock.h"
#include "base/text.h"
#include "chip/efuse_table.h"
#include "esp_sim.h"

enum { SIM_SECURITY_INFO_SIZE = 20, SIM_EFUSE_JOB_WORDS = 32 };

/** A word of a burn. */
typedef struct {
    uint8_t block, word;
    uint32_t bits; /**< that will be set: none where they are protected */
} sim_efuse_step_t;

typedef struct {
    const sim_efuse_chip_t *chip;                      /**< NULL = no controller */
    uint32_t cells[SIM_EFUSE_BLOCKS][SIM_EFUSE_CELLS]; /**< what is burnt, with the code of the block */
    bool is_made; /**< cells are what the config says, and what was burnt since */
    uint32_t
        file_words[SIM_EFUSE_WORDS]; /**< of the file in the config: registers, and cells if it has them */
    size_t file_word_count;
    bool has_file_cells;
    uint32_t flaws[SIM_EFUSE_WORDS]; /**< errors that the file has in the error registers */
    sim_timer_t timer;
    sim_efuse_step_t steps[SIM_EFUSE_JOB_WORDS]; /**< of the burn that goes on */
    size_t step_count, step;
    bool is_busy;
    sim_text_t line;  /**< of the burn that goes on */
    sim_text_t burns; /**< one line each */
} sim_efuse_t;

/** Checks what the config wants burnt, and reads its file; false with a sentence when the chip has no such
 * eFuses. */
bool sim_efuse_check(esp_sim_t *sim, char *error, size_t error_size);
void sim_efuse_init(esp_sim_t *sim);
void sim_efuse_free(esp_sim_t *sim);
/** The registers have the identity of the chip or nothing: puts into them what is burnt, the first time what the config
 * says, too. */
void sim_efuse_reset(esp_sim_t *sim);

/* efuse_burn.c */

/** Handles a write to a register of the controller; false: it is stored like any other. */
bool sim_efuse_write(esp_sim_t *sim, uint32_t addr, uint32_t value);
/** Brings the registers of the controller to what they are after a reset. */
void sim_efuse_controller_reset(esp_sim_t *sim);
/** Power goes or a reset comes: a burn ends where it is. */
void sim_efuse_stop(esp_sim_t *sim);

/* efuse_cells.c */

/** Does the ESP32 store blocks in the 3/4 code? */
bool sim_efuse_is_34_coded(const sim_efuse_t *efuse, size_t block);
/** Makes the cells from what the registers have now: their content with the codes that belong to it. */
void sim_efuse_make(esp_sim_t *sim);
/** What the controller reads of the cells: content of blocks and errors in them; 0 in all other registers. */
void sim_efuse_image(const sim_efuse_t *efuse, uint32_t image[SIM_EFUSE_WORDS]);
/** Puts the content of the cells and the errors in them into the registers, as the READ command does. */
void sim_efuse_load(esp_sim_t *sim);

/* efuse.c */

/** What GET_SECURITY_INFO answers, from the eFuses; a chip with the short form gets its beginning. */
void sim_efuse_security_info(const esp_sim_t *sim, uint8_t out[SIM_SECURITY_INFO_SIZE]);
/** Secure download mode: by the config, or by what is burnt and read. */
bool sim_efuse_is_download_secure(const esp_sim_t *sim);
/** Download mode is switched off. */
bool sim_efuse_forbids_download(const esp_sim_t *sim);
/** Secure boot V2 is on. */
bool sim_efuse_is_boot_secure(const esp_sim_t *sim);
/** With secure boot on, the ROMs of some chips do not jump into RAM. */
bool sim_efuse_forbids_jump(const esp_sim_t *sim);

#endif
