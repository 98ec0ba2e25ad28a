/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Flash mode, frequency and size by the names users type, and their codes in a bootloader's header.
 */
#ifndef CLI_FLASH_PARAMS_H
#define CLI_FLASH_PARAMS_H

#include <stdbool.h>
#include <stdint.h>

#include "esp_loader_image.h"

/** What was asked for; NULL or "keep" leaves the image as it is. */
typedef struct {
    const char *mode; /**< qio, qout, dio, dout */
    const char *freq; /**< e.g. 80m; which ones exist depends on the chip */
    const char *size; /**< e.g. 4MB, or detect */
} flash_params_text_t;

/** Is anything to be changed? */
bool flash_params_are_wanted(const flash_params_text_t *text);

/** Does the size have to be asked from the target? */
bool flash_params_need_size(const flash_params_text_t *text);

/** Bytes of a size by name; 0 when it is none, or is to be detected or kept. */
uint32_t flash_params_size(const char *name);

/** Checks what can be checked without knowing the chip. Returns NULL, or the option (without dashes) whose
 * value no chip has. */
const char *flash_params_find_unknown(const flash_params_text_t *text);

/** Names of codes on @p chip; NULL where the chip has no such code. */
flash_params_text_t flash_params_decode(target_chip_t chip, esp_loader_flash_params_t params);

/** Translates for @p chip. Returns NULL, or the option (without dashes) whose value this chip does not have.
 *  @param flash_size  bytes, used when the size is to be detected */
const char *flash_params_encode(const flash_params_text_t *text, target_chip_t chip, uint32_t flash_size,
                                esp_loader_flash_params_t *out_params);

#endif
