/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The voltage that a chip gives its flash, where the chip chooses it: eFuses, or a strapping pin as it was at reset.
 */
#ifndef CLI_FLASH_VOLTAGE_H
#define CLI_FLASH_VOLTAGE_H

#include "efuse/efuse_contents.h"

typedef enum {
    FLASH_VOLTAGE_NOWHERE, /**< the chip does not choose it */
    FLASH_VOLTAGE_BY_PIN,
    FLASH_VOLTAGE_BY_EFUSES,
    FLASH_VOLTAGE_BY_REGISTER, /**< a program of this session has set it until the next reset */
} flash_voltage_source_t;

typedef struct {
    flash_voltage_source_t source;
    uint8_t pin;         /**< GPIO that chooses it where eFuses do not */
    bool is_known;       /**< false: it is up to the pin, which was not read */
    uint16_t millivolts; /**< 0: the chip's regulator is off, and the flash has a supply of its own */
} flash_voltage_t;

enum { FLASH_VOLTAGE_TEXT_SIZE = 80 };

/** What eFuses say, which BLOCK0 of @p contents holds. */
flash_voltage_t flash_voltage_by_efuses(const efuse_contents_t *contents);

/** What is in force: reads the pin's level at reset, and an ESP32's register. */
esp_loader_error_t flash_voltage_read(flash_voltage_t *out, const efuse_contents_t *contents,
                                      esp_loader_t *loader);

/** In words: "1.8 V, set by eFuses". */
const char *flash_voltage_text(const flash_voltage_t *voltage, char text[FLASH_VOLTAGE_TEXT_SIZE]);

/** Fields that set it, and the value that each is to have for a voltage. */
enum { FLASH_VOLTAGE_FIELDS = 3 };
typedef struct {
    size_t count; /**< 0: not a voltage, or the chip has no such eFuses */
    const char *names[FLASH_VOLTAGE_FIELDS];
    uint8_t values[FLASH_VOLTAGE_FIELDS];
} flash_voltage_fields_t;

/** Is it one of 1.8V, 3.3V and OFF, in any case? */
bool flash_voltage_is_word(const char *word);
/** @param word  one of them */
flash_voltage_fields_t flash_voltage_fields(const efuse_table_t *table, const char *word);

#endif
