/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The parsers of option_values.h.
 */
#include "option_values.h"

#include "model_clock.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Decimal, or hexadecimal with 0x; the whole text up to @p out_rest, no sign, at most @p max. */
static bool parse_number(const char *text, uint32_t max, uint32_t *out_value, const char **out_rest)
{
    const bool is_hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    const char *digits = is_hex ? text + 2 : text;
    const size_t count = strspn(digits, is_hex ? "0123456789abcdefABCDEF" : "0123456789");
    if (count == 0 || digits[count] == 'x' || digits[count] == 'X') { /* strtoull() takes a second 0x */
        return false;
    }

    char *rest;
    errno = 0;
    const unsigned long long value = strtoull(digits, &rest, is_hex ? 16 : 10);
    if (errno != 0 || value > max) {
        return false;
    }
    *out_value = (uint32_t)value;
    *out_rest = rest;
    return true;
}

bool fe_options_parse_number(const char *text, uint32_t max, uint32_t *out_value)
{
    const char *rest;
    return parse_number(text, max, out_value, &rest) && *rest == '\0';
}

bool fe_options_parse_size(const char *text, uint32_t *out_size)
{
    static const struct {
        const char *suffix;
        uint32_t unit;
    } units[] = {{"", 1}, {"K", 1024}, {"KB", 1024}, {"M", 1024 * 1024}, {"MB", 1024 * 1024}};
    uint32_t number;
    const char *suffix;

    if (!parse_number(text, UINT32_MAX, &number, &suffix)) {
        return false;
    }
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (strcasecmp(suffix, units[i].suffix) != 0) {
            continue;
        }
        if (number > UINT32_MAX / units[i].unit) {
            return false;
        }
        *out_size = number * units[i].unit;
        return true;
    }
    return false;
}

bool fe_options_parse_mac(const char *text, uint8_t out_mac[6])
{
    static const char digits[] = "0123456789abcdef";
    uint8_t mac[6] = {0};

    for (size_t i = 0; i < 17; i++) {
        if (i % 3 == 2) {
            if (text[i] != ':') {
                return false;
            }
            continue;
        }
        const char lower = (char)(text[i] >= 'A' && text[i] <= 'F' ? text[i] + ('a' - 'A') : text[i]);
        const char *digit = lower != '\0' ? strchr(digits, lower) : NULL;
        if (digit == NULL) {
            return false;
        }
        mac[i / 3] = (uint8_t)(mac[i / 3] << 4 | (uint8_t)(digit - digits));
    }
    if (text[17] != '\0') {
        return false;
    }
    memcpy(out_mac, mac, sizeof(mac));
    return true;
}

bool fe_options_parse_thousandths(const char *text, uint32_t max, uint32_t *out_value)
{
    uint32_t whole;
    const char *rest;
    if (!parse_number(text, max / 1000, &whole, &rest)) {
        return false;
    }

    uint32_t value = whole * 1000;
    if (*rest == '.') {
        rest++;
        for (uint32_t place = 100; *rest >= '0' && *rest <= '9' && place > 0; place /= 10) {
            value += (uint32_t)(*rest++ - '0') * place;
        }
    }
    *out_value = value;
    return *rest == '\0' && value <= max;
}

bool fe_options_parse_speed(const char *text, fe_speed_t *out_speed)
{
    fe_speed_t speed = {.is_max = strcmp(text, "max") == 0, .rate = FE_CLOCK_RATE_REAL};
    if (!speed.is_max && strcmp(text, "real") != 0) {
        if (!fe_options_parse_thousandths(text, FE_CLOCK_RATE_MAX, &speed.rate) ||
            speed.rate < FE_CLOCK_RATE_MIN) {
            return false;
        }
    }
    *out_speed = speed;
    return true;
}

bool fe_options_parse_revision(const char *text, uint32_t *out_revision)
{
    uint32_t major;
    uint32_t minor;
    const char *rest;
    if (!parse_number(text, 99, &major, &rest) || *rest != '.' ||
        !fe_options_parse_number(rest + 1, 99, &minor)) {
        return false;
    }
    *out_revision = major == 0 && minor == 0 ? ESP_SIM_REVISION_0_0 : major * 100 + minor;
    return true;
}

bool fe_options_add_efuse(const char *text, esp_sim_config_t *chip)
{
    esp_sim_efuse_t efuse;
    const char *rest;
    if (!parse_number(text, UINT32_MAX, &efuse.addr, &rest) || efuse.addr == 0 || *rest != '=' ||
        !fe_options_parse_number(rest + 1, UINT32_MAX, &efuse.bits)) {
        return false;
    }
    for (size_t i = 0; i < ESP_SIM_EFUSES; i++) {
        if (chip->efuses[i].addr == 0) {
            chip->efuses[i] = efuse;
            return true;
        }
    }
    return false;
}
