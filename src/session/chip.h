/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What is done with the chip itself: resetting, detecting, registers, eFuses, crystal, watchdogs, the stub.
 */
#ifndef ELI_CHIP_H
#define ELI_CHIP_H

#include "session/core.h"

/** Brings the target into download mode; @p style counts attempts, so that different circuits get their
 * sequence in turn.
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  the port has no way to */
esp_loader_error_t eli_reset_into_download(esp_loader_t *loader, unsigned style);

/** Finds out which chip answers. */
esp_loader_error_t eli_detect(esp_loader_t *loader);

/** It is this one.
 *  @param target    NULL = none that this build knows
 *  @param reported  what it said of itself */
esp_loader_error_t eli_accept(esp_loader_t *loader, const eli_target_t *target, uint32_t reported);

/** A value from the eFuses, made from @p count parts or fewer. */
esp_loader_error_t eli_efuse_read(esp_loader_t *loader, const eli_efuse_part_t *parts, size_t count,
                                  uint32_t *out_value);

/** Revision from the eFuses, major * 100 + minor. */
esp_loader_error_t eli_chip_revision(esp_loader_t *loader, uint32_t *out_revision);

/** Does the library find out a target's crystal to change the rate of its ROM? Not in a build for little memory: that
 * takes 530 bytes of code. */
#ifdef ESP_LOADER_SMALL
#define ELI_MEASURES_CRYSTALS false
#else
#define ELI_MEASURES_CRYSTALS true
#endif

/** Frequency of a crystal that is not the same on all parts of a chip (eli_clock_of()), measured.
 *  @param out_hz  26, 40 or 48 MHz; 0 = the measurement is implausible */
esp_loader_error_t eli_crystal_read(esp_loader_t *loader, uint32_t *out_hz);

/** What to ask the ROM for so that the rate becomes @p rate_baud. Some ROMs do not know their crystal.
 *  @param now_baud  the present rate
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  cause SECURITY: secure download mode does not let it be found
 *                                             out */
esp_loader_error_t eli_rom_rate(esp_loader_t *loader, uint32_t now_baud, uint32_t rate_baud,
                                uint32_t *out_baud);

/** Stops the watchdogs that a reset over USB-Serial/JTAG leaves running. */
esp_loader_error_t eli_stop_watchdogs(esp_loader_t *loader);

/** Writes a register of the RTC watchdog; @p off is relative to its CONFIG0. */
esp_loader_error_t eli_watchdog_write(esp_loader_t *loader, uint32_t off, uint32_t value);

esp_loader_error_t eli_register_read(esp_loader_t *loader, uint32_t address, uint32_t *out_value);
esp_loader_error_t eli_register_write(esp_loader_t *loader, uint32_t address, uint32_t value);

/** Reads @p count registers that follow each other. */
esp_loader_error_t eli_registers_read(esp_loader_t *loader, uint32_t address, uint32_t *out, size_t count);

/** Begins an operation on registers; secure download mode has none.
 *  @param address  a multiple of 4 */
esp_loader_error_t eli_register_enter(esp_loader_t *loader, uint32_t address);

/** Writes @p count registers that follow each other, at most ELI_REGISTERS_MAX; with a stub in one command.
 */
#define ELI_REGISTERS_MAX 5u
esp_loader_error_t eli_registers_write(esp_loader_t *loader, uint32_t address, const uint32_t *values,
                                       size_t count);

/** Changes the bits of @p mask to those of @p value; the target reads the others itself. */
esp_loader_error_t eli_register_change(esp_loader_t *loader, uint32_t address, uint32_t value, uint32_t mask);

#endif
