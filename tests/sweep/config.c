/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UART ESP_LOADER_LINK_UART
#define USB  ESP_LOADER_LINK_USB_SERIAL_JTAG
#define NONE ESP_LOADER_LINK_UNKNOWN
#define C3   CHIP_ESP32C3

/* name, model, link, stub, reset, first generation, flash, downwards, large, compressed, buffer, clock, lost
 * SYNCs, rewrite, skip */
const config_t sweep_configs[] = {
    {"rom-uart", C3, UART, 0, 1, 0, FLASH_OLD, 0, 0, 0, 2048, 0, 1, 0, 0},
    {"rom-uart-down", C3, UART, 0, 1, 0, FLASH_OLD, 1, 0, 0, 1024, 0xFFFFF800u, 0, 0, 0},
    {"rom32-uart-v1", CHIP_ESP32, UART, 0, 0, 1, FLASH_BLANK, 1, 0, 0, 256, 0, 0, 0, 0},
    {"rom-usb-mixed", C3, USB, 0, 1, 0, FLASH_MIXED, 1, 0, 0, 512, 0, 0, 0, 0},
    {"roms2-any-equal", CHIP_ESP32S2, NONE, 0, 1, 0, FLASH_EQUAL, 0, 0, 0, 2048, 0, 0, 0, 0},
    {"rom-usb-twins", C3, USB, 0, 1, 0, FLASH_TWINS, 0, 0, 0, 2048, 0, 0, 0, 0},
    {"rom-uart-rewrite", C3, UART, 0, 1, 1, FLASH_EQUAL, 1, 0, 0, 2048, 0, 0, 1, 0},
    {"rom32-uart-skip", CHIP_ESP32, UART, 0, 1, 0, FLASH_OLD, 1, 0, 0, 1024, 0, 1, 0, 1},
    {"stub-uart", C3, UART, 1, 1, 0, FLASH_OLD, 1, 0, 0, 4096, 0, 0, 0, 0},
    {"stub32-uart-v1", CHIP_ESP32, UART, 1, 0, 1, FLASH_MIXED, 0, 0, 0, 1024, 0, 0, 0, 0},
    {"stub-usb", C3, USB, 1, 1, 0, FLASH_OLD, 0, 0, 0, 32768, 0, 0, 0, 0},
    {"stub-uart-twins", C3, UART, 1, 1, 0, FLASH_TWINS, 0, 0, 0, 4096, 0, 0, 0, 0},
    {"stub-any-zip", C3, NONE, 1, 1, 0, FLASH_OLD, 1, 0, 1, 4096, 0, 0, 0, 0},
    {"stub32-uart-zip", CHIP_ESP32, UART, 1, 1, 0, FLASH_BLANK, 1, 0, 1, 16384, 0, 1, 0, 0},
    {"stubs2-uart-zip", CHIP_ESP32S2, UART, 1, 0, 0, FLASH_MIXED, 1, 0, 1, 512, 0xFFFFF000u, 0, 0, 0},
    {"stub-usb-large", C3, USB, 1, 1, 0, FLASH_OLD, 1, 1, 0, 16384, 0, 0, 1, 0},
    {"stub-any-large-zip", C3, NONE, 1, 0, 0, FLASH_MIXED, 0, 1, 1, 32768, 0, 0, 0, 0},
    {"stub-uart-skip", C3, UART, 1, 1, 0, FLASH_OLD, 0, 0, 0, 4096, 0, 0, 0, 1},
};
const size_t sweep_config_count = sizeof(sweep_configs) / sizeof(sweep_configs[0]);

static uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

/* Half of it noise, half of it like code or text, and a stretch of 0xFF; frame delimiters among it. */
static void fill(uint8_t *out, uint32_t size, uint32_t seed)
{
    static const uint8_t alike[] = {0x13, 0x05, 0xC0, 0xDB, 0x00, 0x00};
    uint32_t state = seed * 2654435761u + 1;
    for (uint32_t i = 0; i < size; i++) {
        uint32_t value = next_random(&state);
        bool is_noise = i / 1024 % 2 == 0;
        out[i] = is_noise ? (uint8_t)(value >> 8) : alike[value % sizeof(alike)];
    }
    if (size > 3 * SECTOR) {
        memset(out + 2 * SECTOR, 0xFF, SECTOR); /* a sector that stays empty */
    }
}

static void put_old(material_t *material, unsigned image)
{
    const config_t *config = material->config;
    uint8_t *place = material->before + material->offset[image];
    uint32_t size = material->size[image];
    if (config->flash == FLASH_EQUAL || config->flash == FLASH_MIXED || config->flash == FLASH_TWINS) {
        memcpy(place, material->content[image], size);
    }
    if (config->flash == FLASH_TWINS && image == 2) {
        place[size / 2] ^= 0x5A;
    }
    if (config->flash == FLASH_MIXED) { /* one byte, one sector erased, one image as it is to be */
        place[size / 2] ^= 0x5A;
        if (size > 2 * SECTOR) {
            memset(place + SECTOR, 0xFF, SECTOR);
        }
        if (image == 1 && size < 2 * SECTOR) {
            memcpy(place, material->content[image], size);
        }
    }
}

void material_make(material_t *material, const config_t *config)
{
    static const uint32_t small_sizes[IMAGES] = {3001, 6148, 1500};
    static const uint32_t large_sizes[IMAGES] = {3072, 69999, 33000};
    static const uint32_t offsets[IMAGES] = {0x8000, 0x10000, 0x30000};
    uint32_t seed = 1;
    memset(material, 0, sizeof(*material));
    material->config = config;
    fill(material->before, FLASH_SIZE, 77);
    if (config->flash == FLASH_BLANK) {
        memset(material->before, 0xFF, FLASH_SIZE);
    }
    for (unsigned i = 0; i < IMAGES; i++) {
        unsigned from = config->is_downwards ? IMAGES - 1 - i : i;
        material->offset[i] = offsets[from];
        material->size[i] = config->is_large ? large_sizes[from] : small_sizes[from];
        fill(material->content[i], material->size[i], seed++ + from * 16);
        if (config->flash == FLASH_TWINS && i == 2) {
            material->size[i] = material->size[1];
            memcpy(material->content[i], material->content[1], material->size[i]);
        }
        put_old(material, i);
    }
}

/* ---- the plan's view ---- */

static esp_loader_error_t read_image(void *ctx, uint32_t offset, void *buf, size_t size)
{
    memcpy(buf, (const uint8_t *)ctx + offset, size);
    return ESP_LOADER_SUCCESS;
}

void material_images(material_t *material, esp_loader_image_t out[IMAGES])
{
    static const char *const names[IMAGES] = {"first", "second", "third"};
    for (unsigned i = 0; i < IMAGES; i++) {
        out[i] = (esp_loader_image_t){.name = names[i],
                                      .offset = material->offset[i],
                                      .source = {read_image, material->content[i], material->size[i]},
                                      .is_raw = true};
    }
}

static uint8_t deflated[131072];

const uint8_t *sweep_compress(const uint8_t *data, size_t size, size_t *out_size)
{
    uLongf length = sizeof(deflated);
    if (compress2(deflated, &length, data, (uLong)size, 1) != Z_OK) {
        fprintf(stderr, "sweep: zlib does not compress\n");
        exit(2);
    }
    *out_size = length;
    return deflated;
}

esp_loader_error_t sweep_deflate(void *ctx, const esp_loader_source_t *content,
                                 esp_loader_source_t *out_deflated)
{
    static uint8_t plain[131072];
    size_t size;
    (void)ctx;
    RETURN_ON_ERROR(content->read(content->ctx, 0, plain, content->size));
    (void)sweep_compress(plain, content->size, &size);
    *out_deflated = (esp_loader_source_t){read_image, deflated, (uint32_t)size};
    return ESP_LOADER_SUCCESS;
}
