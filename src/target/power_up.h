/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Switching on a flash chip that the target feeds itself: register changes as data, carried out by
 * session/power_up.c.
 */
#ifndef ELI_POWER_UP_H
#define ELI_POWER_UP_H

#include <stddef.h>
#include <stdint.h>

/** One change of a register, and a pause. */
typedef struct {
    uint16_t off;    /**< from eli_power_up_t.base */
    uint8_t field;   /**< bits of the field, before they are shifted; 0 = the whole register */
    uint8_t shift;   /**< lowest bit of the field */
    uint8_t value;   /**< what the field becomes, before it is shifted */
    uint8_t wait_ms; /**< at least so long before the next change */
} eli_power_step_t;

typedef struct {
    uint32_t base;
    uint16_t first_revision; /**< major * 100 + minor */
    uint16_t last_revision;
    uint16_t rom_efuse_off;    /**< eFuse word, relative to the chip's eFuse base, */
    uint8_t rom_efuse_bit;     /**< whose bit makes the ROM of the last of them switch the flash on, */
    eli_power_step_t rom_step; /**< after which this is to be done instead */
    uint8_t step_count;
    eli_power_step_t steps[8];
} eli_power_up_t;

/** For chips with ELI_FLASH_POWER_UP. */
extern const eli_power_up_t eli_power_up;

#endif
