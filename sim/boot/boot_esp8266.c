/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the ESP8266's ROM has loaded may be the app itself, or one of the boot loaders that know no partition
 * table. Which one follows from the content at 0x1000 and 0x2000. None of them checks the CRC after an image.
 *
 * Sources: Arduino core for the ESP8266 (eboot.c: load_app_from_flash_raw(), which compares nothing), rBoot
 * 1.4.2 (rboot.c: find_image(), check_image(), default_config(); rboot.h), boot logs of Espressif's SDK.
 */
#include "boot/boot.h"
#include "state/model.h"

enum {
    APP_OFFSET = 0x1000, /* eboot, Espressif's SDK */
    CONFIG_OFFSET = 0x1000,
    FIRST_ROM_OFFSET = 0x2000,
    CONFIG_MAGIC = 0xE1,
    CONFIG_VERSION = 1,
    ROMS = 4,
};

/* The part of rBoot's configuration that counts. */
typedef struct {
    uint8_t current, count;
    uint32_t roms[ROMS];
} config_t;

static uint8_t byte_at(const esp_sim_t *sim, uint32_t offset)
{
    uint8_t byte;
    sim_flash_read(sim, offset, &byte, 1);
    return byte;
}

static bool is_image_magic(uint8_t first)
{
    return first == 0xE9 || first == 0xEA;
}

/* As it is in flash, or as it is made anew. */
static config_t read_config(const esp_sim_t *sim, uint32_t flash_size)
{
    uint8_t bytes[8 + 4 * ROMS];
    sim_flash_read(sim, CONFIG_OFFSET, bytes, sizeof(bytes));
    config_t config = {.count = 2, .roms = {FIRST_ROM_OFFSET, flash_size / 2 + FIRST_ROM_OFFSET}};
    if (bytes[0] == CONFIG_MAGIC && bytes[1] == CONFIG_VERSION) {
        config.current = bytes[3];
        config.count = bytes[5] < ROMS ? bytes[5] : ROMS;
        for (unsigned i = 0; i < ROMS; i++) {
            config.roms[i] = sim_get32(bytes + 8 + 4 * i);
        }
    }
    if (config.current >= config.count) {
        config.current = 0;
    }
    return config;
}

/* The selected one first, then each before it, round to the last. */
static bool boot_rboot(esp_sim_t *sim, const sim_image_t *bootloader)
{
    config_t config = read_config(sim, bootloader->flash_size);
    for (unsigned i = 0; i < config.count; i++) {
        unsigned rom = (config.current + config.count - i) % config.count;
        sim_image_t image;
        sim_image_why_t why;
        uint32_t offset = config.roms[rom];
        if (sim_image_check(sim, offset, sim->flash.size, SIM_READER_ROM, &image, &why)) {
            sim_print(sim, "Booting rom %u at %x, load addr %x.\r\n", rom, (unsigned)offset,
                      (unsigned)(offset + image.start));
            sim_print(sim, "[sim] the app would run now, entry 0x%08x; no code is executed\r\n",
                      (unsigned)image.entry);
            return true;
        }
        sim_print(sim, "Rom %u at %x is bad.\r\n[sim] %s\r\n", rom, (unsigned)offset, why.text);
    }
    sim_print(sim, "No good rom available.\r\n[sim] cannot boot: rBoot has nothing to start\r\n");
    return false;
}

/* An app right after the bootloader. Arduino's loads it as it is. */
static bool boot_app(esp_sim_t *sim)
{
    sim_image_t image;
    sim_image_why_t why;
    bool is_eboot = byte_at(sim, APP_OFFSET) == 0xE9;
    if (!sim_image_check(sim, APP_OFFSET, sim->flash.size, is_eboot ? SIM_READER_EBOOT : SIM_READER_ROM,
                         &image, &why)) {
        sim_print(sim, "[sim] cannot boot: app at 0x%x: %s\r\n", (unsigned)APP_OFFSET, why.text);
        return false;
    }
    sim_print(sim, "[sim] app at 0x%x would run now, entry 0x%08x; no code is executed\r\n",
              (unsigned)APP_OFFSET, (unsigned)image.entry);
    return true;
}

bool sim_boot_without_table(esp_sim_t *sim, const sim_image_t *bootloader)
{
    if (is_image_magic(byte_at(sim, APP_OFFSET))) {
        return boot_app(sim);
    }
    bool has_config = byte_at(sim, CONFIG_OFFSET) == CONFIG_MAGIC;
    if (has_config || is_image_magic(byte_at(sim, FIRST_ROM_OFFSET))) {
        return boot_rboot(sim, bootloader);
    }
    sim_print(sim, "[sim] no partition table: the app was loaded by the ROM; no code is executed\r\n");
    return true;
}
