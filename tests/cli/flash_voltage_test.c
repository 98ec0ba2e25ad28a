/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The voltage of the flash: eFuses before the pin, a register before both.
 */
#include "efuse/flash_voltage.h"

#include <string.h>

#include "efuse_burn.h"

typedef struct {
    uint32_t addr, value; /* of one register; all others are 0 */
} register_t;

static esp_loader_error_t wrapped_result;
static register_t set;
static unsigned reads;

esp_loader_error_t __wrap_esp_loader_read_register(esp_loader_t *loader, uint32_t address, uint32_t *value);
esp_loader_error_t __wrap_esp_loader_read_register(esp_loader_t *loader, uint32_t address, uint32_t *value)
{
    (void)loader;
    reads++;
    *value = address == set.addr ? set.value : 0;
    return wrapped_result;
}

typedef struct {
    const char *chip;
    uint8_t forced, enabled, tied; /* eFuses */
    register_t reads;
    const char *text, *offline; /* with a target, and without one; NULL: the chip does not choose it */
} row_t;

#define PIN12 "set by GPIO12 at reset: low is 3.3 V, high 1.8 V"
#define PIN45 "set by GPIO45 at reset: low is 3.3 V, high 1.8 V"
#define STRAP 0x3FF44038u
#define CONF  0x3FF48074u

static const row_t rows[] = {
    {"ESP32", 0, 0, 0, {STRAP, 0x13}, "3.3 V, set by GPIO12 at reset", PIN12},
    {"ESP32", 0, 0, 0, {STRAP, 0x20}, "1.8 V, set by GPIO12 at reset", PIN12},
    {"ESP32", 0, 1, 1, {STRAP, 0x20}, "1.8 V, set by GPIO12 at reset", PIN12},
    {"ESP32", 1, 0, 0, {STRAP, 0x20}, "off, set by eFuses", "off, set by eFuses"},
    {"ESP32", 1, 0, 1, {0}, "off, set by eFuses", "off, set by eFuses"},
    {"ESP32", 1, 1, 0, {0}, "1.8 V, set by eFuses", "1.8 V, set by eFuses"},
    {"ESP32", 1, 1, 1, {STRAP, 0x20}, "3.3 V, set by eFuses", "3.3 V, set by eFuses"},
    {"ESP32",
     1,
     1,
     1,
     {CONF, 0x00400000},
     "off, set by a register, until the next reset",
     "3.3 V, set by eFuses"},
    {"ESP32", 0, 0, 0, {CONF, 0x80400000}, "1.8 V, set by a register, until the next reset", PIN12},
    {"ESP32", 0, 0, 0, {CONF, 0xE0400000}, "1.9 V, set by a register, until the next reset", PIN12},
    {"ESP32", 0, 0, 0, {CONF, 0x80C00000}, "3.3 V, set by a register, until the next reset", PIN12},
    {"ESP32", 0, 0, 0, {CONF, 0x80800000}, "3.3 V, set by GPIO12 at reset", PIN12},
    {"ESP32-S2", 0, 0, 0, {0x3F404038, 0x18}, "1.8 V, set by GPIO45 at reset", PIN45},
    {"ESP32-S2", 0, 0, 0, {0x3F404038, 0x08}, "3.3 V, set by GPIO45 at reset", PIN45},
    {"ESP32-S2", 1, 1, 0, {0}, "1.8 V, set by eFuses", "1.8 V, set by eFuses"},
    {"ESP32-S3", 0, 0, 0, {0x60004038, 0x18}, "1.8 V, set by GPIO45 at reset", PIN45},
    {"ESP32-S3", 0, 0, 0, {0x60004038, 0x2B}, "3.3 V, set by GPIO45 at reset", PIN45},
    {"ESP32-S3", 1, 1, 1, {0}, "3.3 V, set by eFuses", "3.3 V, set by eFuses"},
    {"ESP32-C3", 0, 0, 0, {0x60004038, 0x18}, NULL, NULL},
    {"ESP32-P4", 0, 0, 0, {0x500E0038, 0x18}, NULL, NULL},
};

static void burn_supply(efuse_contents_t *contents, const row_t *row)
{
    const bool is_esp32 = strcmp(row->chip, "ESP32") == 0;

    if (row->text != NULL) {
        burn(contents, is_esp32 ? "XPD_SDIO_FORCE" : "VDD_SPI_FORCE", row->forced);
        burn(contents, is_esp32 ? "XPD_SDIO_REG" : "VDD_SPI_XPD", row->enabled);
        burn(contents, is_esp32 ? "XPD_SDIO_TIEH" : "VDD_SPI_TIEH", row->tied);
    }
}

TEST_ROWS(voltage_is_what_the_chip_gives_its_flash, rows)
{
    efuse_contents_t contents = {.table = efuse_table_of(row->chip, 300)};
    flash_voltage_t voltage;
    char text[FLASH_VOLTAGE_TEXT_SIZE];
    esp_loader_t loader;
    burn_supply(&contents, row);
    set = row->reads;
    reads = 0;
    wrapped_result = ESP_LOADER_SUCCESS;
    assert_int_equal(flash_voltage_read(&voltage, &contents, &loader), ESP_LOADER_SUCCESS);
    const flash_voltage_t offline = flash_voltage_by_efuses(&contents);
    if (row->text == NULL) {
        assert_int_equal(voltage.source, FLASH_VOLTAGE_NOWHERE);
        assert_int_equal(offline.source, FLASH_VOLTAGE_NOWHERE);
        assert_int_equal(reads, 0);
        return;
    }
    assert_string_equal(flash_voltage_text(&voltage, text), row->text);
    assert_string_equal(flash_voltage_text(&offline, text), row->offline);
}

TEST(registers_that_cannot_be_read)
{
    static const char *const chips[] = {"ESP32", "ESP32-S2"};
    for (size_t i = 0; i < 2; i++) {
        efuse_contents_t contents = {.table = efuse_table_of(chips[i], 0)};
        flash_voltage_t voltage;
        esp_loader_t loader;
        wrapped_result = ESP_LOADER_ERROR_TIMEOUT;
        assert_int_equal(flash_voltage_read(&voltage, &contents, &loader), ESP_LOADER_ERROR_TIMEOUT);
    }
}

TEST(fields_of_a_voltage)
{
    const efuse_table_t *table = efuse_table_of("ESP32-S3", 0);
    static const struct {
        const char *word;
        size_t count;
        uint8_t enabled, tied;
    } words[] = {{"OFF", 2, 0, 0}, {"1.8v", 3, 1, 0}, {"3.3V", 3, 1, 1}, {"3.3", 0, 0, 0}, {"5V", 0, 0, 0}};
    for (size_t i = 0; i < 5; i++) {
        const flash_voltage_fields_t fields = flash_voltage_fields(table, words[i].word);
        assert_int_equal(fields.count, words[i].count);
        assert_int_equal(flash_voltage_is_word(words[i].word), words[i].count != 0);
        if (fields.count != 0) {
            assert_string_equal(fields.names[0], "VDD_SPI_FORCE");
            assert_int_equal(fields.values[0], 1);
            assert_string_equal(fields.names[1], "VDD_SPI_XPD");
            assert_int_equal(fields.values[1], words[i].enabled);
            assert_int_equal(fields.values[2], words[i].tied);
        }
    }
    assert_int_equal(flash_voltage_fields(efuse_table_of("ESP32-C3", 0), "3.3V").count, 0);
}
