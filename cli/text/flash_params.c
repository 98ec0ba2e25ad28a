/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Codes of flash parameters. Source: esptool 5.3 target definitions; ESP-IDF esp_app_format.h.
 */
#define _GNU_SOURCE
#include "text/flash_params.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

enum { KIB = 1024, MIB = 1024 * 1024 };

typedef struct {
    const char *name;
    uint8_t code;
} named_code_t;

static const named_code_t modes[] = {{"qio", 0}, {"qout", 1}, {"dio", 2}, {"dout", 3}, {NULL, 0}};

static const named_code_t freqs_common[] = {{"80m", 0xF}, {"40m", 0}, {"26m", 1}, {"20m", 2}, {NULL, 0}};
static const named_code_t freqs_c2[] = {{"60m", 0xF}, {"30m", 0}, {"20m", 1}, {"15m", 2}, {NULL, 0}};
static const named_code_t freqs_80_40_20[] = {{"80m", 0xF}, {"40m", 0}, {"20m", 2}, {NULL, 0}};
static const named_code_t freqs_c6[] = {{"80m", 0}, {"40m", 0}, {"20m", 2}, {NULL, 0}};
static const named_code_t freqs_h21_h4[] = {{"48m", 0xF}, {"24m", 0}, {NULL, 0}};
static const named_code_t freqs_h2[] = {{"48m", 0xF}, {"24m", 0}, {"16m", 1}, {"12m", 2}, {NULL, 0}};

static const named_code_t sizes_common[] = {{"1MB", 0},  {"2MB", 1},  {"4MB", 2},   {"8MB", 3}, {"16MB", 4},
                                            {"32MB", 5}, {"64MB", 6}, {"128MB", 7}, {NULL, 0}};
static const named_code_t sizes_8266[] = {{"512KB", 0},  {"256KB", 1},  {"1MB", 2}, {"2MB", 3},  {"4MB", 4},
                                          {"2MB-c1", 5}, {"4MB-c1", 6}, {"8MB", 8}, {"16MB", 9}, {NULL, 0}};

static const named_code_t *freqs_of(target_chip_t chip)
{
    switch (chip) {
    case ESP32C2_CHIP:
        return freqs_c2;
    case ESP32C5_CHIP:
    case ESP32C61_CHIP:
    case ESP32S31_CHIP:
        return freqs_80_40_20;
    case ESP32C6_CHIP:
        return freqs_c6;
    case ESP32H2_CHIP:
        return freqs_h2;
    case ESP32H21_CHIP:
    case ESP32H4_CHIP:
        return freqs_h21_h4;
    case ESP8266_CHIP:
    case ESP32_CHIP:
    case ESP32S2_CHIP:
    case ESP32C3_CHIP:
    case ESP32S3_CHIP:
    case ESP32P4_CHIP:
    case ESP_UNKNOWN_CHIP:
    default:
        return freqs_common;
    }
}

static const named_code_t *sizes_of(target_chip_t chip)
{
    return chip == ESP8266_CHIP ? sizes_8266 : sizes_common;
}

static bool is_kept(const char *text)
{
    return text == NULL || strcmp(text, "keep") == 0;
}

static bool find(const named_code_t *list, const char *name, uint8_t *out_code)
{
    for (; list->name != NULL; list++) {
        if (strcasecmp(list->name, name) == 0) {
            *out_code = list->code;
            return true;
        }
    }
    return false;
}

static const struct {
    uint32_t size;
    const char *name;
} sizes[] = {{256 * KIB, "256KB"}, {512 * KIB, "512KB"}, {1 * MIB, "1MB"},    {2 * MIB, "2MB"},
             {4 * MIB, "4MB"},     {8 * MIB, "8MB"},     {16 * MIB, "16MB"},  {32 * MIB, "32MB"},
             {64 * MIB, "64MB"},   {128 * MIB, "128MB"}, {2 * MIB, "2MB-c1"}, {4 * MIB, "4MB-c1"}};

enum { SIZE_COUNT = sizeof(sizes) / sizeof(sizes[0]) };

/** Name of a size as sizes_of() lists it; NULL when there is none. */
static const char *size_name(uint32_t size)
{
    for (size_t i = 0; i < SIZE_COUNT; i++) {
        if (sizes[i].size == size) {
            return sizes[i].name;
        }
    }
    return NULL;
}

uint32_t flash_params_size(const char *name)
{
    for (size_t i = 0; name != NULL && i < SIZE_COUNT; i++) {
        if (strcasecmp(sizes[i].name, name) == 0) {
            return sizes[i].size;
        }
    }
    return 0;
}

bool flash_params_are_wanted(const flash_params_text_t *text)
{
    return !is_kept(text->mode) || !is_kept(text->freq) || !is_kept(text->size);
}

bool flash_params_need_size(const flash_params_text_t *text)
{
    return text->size != NULL && strcmp(text->size, "detect") == 0;
}

const char *flash_params_find_unknown(const flash_params_text_t *text)
{
    bool is_freq_known = is_kept(text->freq);
    bool is_size_known = is_kept(text->size) || flash_params_need_size(text);
    uint8_t code = 0;

    if (!is_kept(text->mode) && !find(modes, text->mode, &code)) {
        return "flash-mode";
    }
    for (int chip = 0; chip < ESP_MAX_CHIP; chip++) {
        is_freq_known = is_freq_known || find(freqs_of((target_chip_t)chip), text->freq, &code);
        is_size_known = is_size_known || find(sizes_of((target_chip_t)chip), text->size, &code);
    }
    if (!is_freq_known) {
        return "flash-freq";
    }
    return is_size_known ? NULL : "flash-size";
}

const char *flash_params_encode(const flash_params_text_t *text, target_chip_t chip, uint32_t flash_size,
                                esp_loader_flash_params_t *out_params)
{
    const char *size = flash_params_need_size(text) ? size_name(flash_size) : text->size;

    *out_params = (esp_loader_flash_params_t){.mode_code = ESP_LOADER_FLASH_KEEP,
                                              .freq_code = ESP_LOADER_FLASH_KEEP,
                                              .size_code = ESP_LOADER_FLASH_KEEP};
    if (!is_kept(text->mode) && !find(modes, text->mode, &out_params->mode_code)) {
        return "flash-mode";
    }
    if (!is_kept(text->freq) && !find(freqs_of(chip), text->freq, &out_params->freq_code)) {
        return "flash-freq";
    }
    if (!is_kept(text->size) && (size == NULL || !find(sizes_of(chip), size, &out_params->size_code))) {
        return "flash-size";
    }
    return NULL;
}

static const char *name_of(const named_code_t *list, uint8_t code)
{
    for (; list->name != NULL; list++) {
        if (list->code == code) {
            return list->name;
        }
    }
    return NULL;
}

flash_params_text_t flash_params_decode(target_chip_t chip, esp_loader_flash_params_t params)
{
    return (flash_params_text_t){.mode = name_of(modes, params.mode_code),
                                 .freq = name_of(freqs_of(chip), params.freq_code),
                                 .size = name_of(sizes_of(chip), params.size_code)};
}
