/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Switching on a flash chip that the target feeds itself: register changes as data, carried out by
 * session/power_up.c.
 */
#ifndef ELI_POWER_UP_H
#define ELI_POWER_UP_H

#include <stdint.h>

/** One change of a register, and a pause. */
typedef struct {
    uint16_t off;    /**< from ELI_POWER_UP_BASE */
    uint8_t field;   /**< bits of the field, before they are shifted; 0 = the whole register */
    uint8_t shift;   /**< lowest bit of the field */
    uint8_t value;   /**< what the field becomes, before it is shifted */
    uint8_t wait_ms; /**< at least so long before the next change */
} eli_power_step_t;

/** For chips with ELI_FLASH_POWER_UP. Words of the eFuses are relative to the chip's eFuse base. Which
 * revision it is, is compared in the eFuse word itself. */
enum {
    ELI_POWER_UP_BASE = 0x50110000,          /**< the registers are relative to this */
    ELI_POWER_UP_REVISION_OFF = 0x4C,        /**< eFuse word with the revision, */
    ELI_POWER_UP_REVISION_MASK = 0x0080003F, /**< where in it, */
    ELI_POWER_UP_REVISION_HOST = 0x31,       /**< v3.1: the host is to switch the flash on */
    ELI_POWER_UP_REVISION_ROM = 0x32,        /**< v3.2: the same, unless an eFuse makes the ROM do it: */
    ELI_POWER_UP_ROM_OFF = 0x34,             /**< this word, */
    ELI_POWER_UP_ROM_BIT = 16,               /**< this bit */
    ELI_POWER_UP_STEPS = 9,
};

/** The first is all that is to be done where the ROM has switched the flash on, the others where it has not.
 */
extern const eli_power_step_t eli_power_up_steps[ELI_POWER_UP_STEPS];

#endif
