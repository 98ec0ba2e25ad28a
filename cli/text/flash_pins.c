/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Five numbers and two names.
 */
#define _GNU_SOURCE
#include "text/flash_pins.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "esp_loader.h"

enum { PIN_COUNT = 5, PIN_END = 64 };

/** A decimal number below PIN_END; moves *text past it. */
static bool take_pin(const char **text, uint32_t *out_pin)
{
    size_t digits = strspn(*text, "0123456789");

    *out_pin = 0;
    for (size_t i = 0; i < digits && *out_pin < PIN_END; i++) {
        *out_pin = *out_pin * 10 + (uint32_t)((*text)[i] - '0');
    }
    *text += digits;
    return digits > 0 && *out_pin < PIN_END;
}

bool flash_pins_parse(const char *text, uint32_t *out_pins)
{
    uint32_t pins[PIN_COUNT];

    if (strcasecmp(text, "SPI") == 0 || strcasecmp(text, "HSPI") == 0) {
        *out_pins = strcasecmp(text, "SPI") == 0 ? 0 : ESP_LOADER_FLASH_PINS_HSPI;
        return true;
    }
    for (size_t i = 0; i < PIN_COUNT; i++) {
        if ((i > 0 && *text++ != ',') || !take_pin(&text, &pins[i])) {
            return false;
        }
        for (size_t other = 0; other < i; other++) {
            if (pins[other] == pins[i]) {
                return false;
            }
        }
    }
    *out_pins = ESP_LOADER_FLASH_PINS(pins[0], pins[1], pins[2], pins[3], pins[4]);
    return *text == '\0';
}
