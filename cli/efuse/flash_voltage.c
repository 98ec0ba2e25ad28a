/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Sources: technical reference manuals, GPIO_STRAP, and the RTC_CNTL_SDIO_CONF register of the ESP32; esptool for the bit
 * of the pin in GPIO_STRAP of the ESP32-S2 and the ESP32-S3.
 */
#include "efuse/flash_voltage.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { LOW_MV = 1800, RAISED_MV = 1900, HIGH_MV = 3300 };

/* An ESP32's register that a program may override it with. */
#define SDIO_CONF    0x3FF48074u
#define SDIO_ENABLED 0x80000000u
#define SDIO_RAISED  0x60000000u /* any of these bits */
#define SDIO_TIED    0x00800000u
#define SDIO_FORCED  0x00400000u

typedef struct {
    const char *chip;
    const char *forced, *enabled, *tied; /**< fields: eFuses choose; the regulator is on; it is 3.3 V */
    uint8_t pin;
    uint32_t strap, strap_bit; /**< a register, and a bit that is 1 where the pin was high: 1.8 V */
    uint32_t override;         /**< a register, or 0 */
} supply_t;

static const supply_t supplies[] = {
    {"ESP32", "XPD_SDIO_FORCE", "XPD_SDIO_REG", "XPD_SDIO_TIEH", 12, 0x3FF44038, 1u << 5, SDIO_CONF},
    {"ESP32-S2", "VDD_SPI_FORCE", "VDD_SPI_XPD", "VDD_SPI_TIEH", 45, 0x3F404038, 1u << 4, 0},
    {"ESP32-S3", "VDD_SPI_FORCE", "VDD_SPI_XPD", "VDD_SPI_TIEH", 45, 0x60004038, 1u << 4, 0},
};

static const supply_t *find_supply(const efuse_table_t *table)
{
    for (size_t i = 0; i < sizeof(supplies) / sizeof(supplies[0]); i++) {
        if (strcmp(supplies[i].chip, table->chip) == 0) {
            return &supplies[i];
        }
    }
    return NULL;
}

static bool is_burnt(const efuse_contents_t *contents, const char *name)
{
    return efuse_number(contents, efuse_find(contents->table, name)) != 0;
}

flash_voltage_t flash_voltage_by_efuses(const efuse_contents_t *contents)
{
    const supply_t *supply = find_supply(contents->table);
    flash_voltage_t voltage = {.source = FLASH_VOLTAGE_NOWHERE};

    if (supply == NULL) {
        return voltage;
    }
    voltage.pin = supply->pin;
    voltage.is_known = is_burnt(contents, supply->forced);
    voltage.source = voltage.is_known ? FLASH_VOLTAGE_BY_EFUSES : FLASH_VOLTAGE_BY_PIN;
    if (voltage.is_known && is_burnt(contents, supply->enabled)) {
        voltage.millivolts = is_burnt(contents, supply->tied) ? HIGH_MV : LOW_MV;
    }
    return voltage;
}

static uint16_t by_register(uint32_t value)
{
    if ((value & SDIO_ENABLED) == 0) {
        return 0;
    }
    if ((value & SDIO_TIED) != 0) {
        return HIGH_MV;
    }
    return (value & SDIO_RAISED) != 0 ? RAISED_MV : LOW_MV;
}

esp_loader_error_t flash_voltage_read(flash_voltage_t *out, const efuse_contents_t *contents,
                                      esp_loader_t *loader)
{
    const supply_t *supply = find_supply(contents->table);
    uint32_t value;

    *out = flash_voltage_by_efuses(contents);
    if (supply != NULL && supply->override != 0) {
        RETURN_ON_ERROR(esp_loader_read_register(loader, supply->override, &value));
        if ((value & SDIO_FORCED) != 0) {
            out->source = FLASH_VOLTAGE_BY_REGISTER;
            out->is_known = true;
            out->millivolts = by_register(value);
        }
    }
    if (out->source == FLASH_VOLTAGE_BY_PIN) {
        RETURN_ON_ERROR(esp_loader_read_register(loader, supply->strap, &value));
        out->is_known = true;
        out->millivolts = (value & supply->strap_bit) != 0 ? LOW_MV : HIGH_MV;
    }
    return ESP_LOADER_SUCCESS;
}

const char *flash_voltage_text(const flash_voltage_t *voltage, char text[FLASH_VOLTAGE_TEXT_SIZE])
{
    char volts[] = "off";
    char pin[40] = "eFuses";

    if (voltage->millivolts != 0) {
        (void)snprintf(volts, sizeof(volts), "%c.%c", '0' + voltage->millivolts / 1000 % 10,
                       '0' + voltage->millivolts / 100 % 10);
    }
    if (voltage->source == FLASH_VOLTAGE_BY_REGISTER) {
        (void)snprintf(pin, sizeof(pin), "a register, until the next reset");
    } else if (voltage->source == FLASH_VOLTAGE_BY_PIN) {
        (void)snprintf(pin, sizeof(pin), "GPIO%u at reset", voltage->pin);
    }
    if (voltage->is_known) {
        (void)snprintf(text, FLASH_VOLTAGE_TEXT_SIZE, "%s%s, set by %s", volts,
                       voltage->millivolts != 0 ? " V" : "", pin);
    } else {
        (void)snprintf(text, FLASH_VOLTAGE_TEXT_SIZE, "set by %s: low is 3.3 V, high 1.8 V", pin);
    }
    return text;
}

/* ---- setting it ---- */

static const char *const words[] = {"OFF", "1.8V", "3.3V"};

bool flash_voltage_is_word(const char *word)
{
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcasecmp(words[i], word) == 0) {
            return true;
        }
    }
    return false;
}

flash_voltage_fields_t flash_voltage_fields(const efuse_table_t *table, const char *word)
{
    const supply_t *supply = find_supply(table);
    flash_voltage_fields_t fields = {0};

    if (supply == NULL || !flash_voltage_is_word(word)) {
        return fields;
    }
    const bool is_off = strcasecmp(word, "OFF") == 0;
    fields =
        (flash_voltage_fields_t){.count = is_off ? 2 : 3, /* without a regulator the third means nothing */
                                 .names = {supply->forced, supply->enabled, supply->tied},
                                 .values = {1, !is_off, strcasecmp(word, "3.3V") == 0}};
    return fields;
}
