/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The content of the flash, for the user: in memory, from a file, into a file.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/save_file.h"
#include "state/model.h"

uint8_t *esp_sim_flash(esp_sim_t *sim)
{
    return sim->flash.bytes;
}

uint32_t esp_sim_flash_size(const esp_sim_t *sim)
{
    return sim->flash.size;
}

bool esp_sim_flash_load(esp_sim_t *sim, const char *path, char *error, size_t error_size)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return sim_error(error, error_size, "cannot open %s", path);
    }
    uint8_t sector[SIM_SECTOR_SIZE];
    uint32_t at = 0;
    size_t got = 0;
    while (at < sim->flash.size) {
        got = fread(sector, 1, sizeof(sector), file);
        memset(sector + got, 0xFF, sizeof(sector) - got);
        if (memcmp(&sim->flash.bytes[at], sector, sizeof(sector)) != 0) {
            memcpy(&sim->flash.bytes[at], sector, sizeof(sector));
        }
        at += SIM_SECTOR_SIZE;
    }
    bool is_failed = ferror(file) != 0;
    bool is_longer = !is_failed && fgetc(file) != EOF;
    fclose(file);
    if (is_failed) {
        return sim_error(error, error_size, "cannot read %s", path);
    }
    if (is_longer) {
        return sim_error(error, error_size, "%s is larger than the flash (%u bytes)", path,
                         (unsigned)sim->flash.size);
    }
    return true;
}

bool esp_sim_flash_save(const esp_sim_t *sim, const char *path, char *error, size_t error_size)
{
    if (!sim_save_file(path, sim->flash.bytes, sim->flash.size)) {
        return sim_error(error, error_size, "cannot write %s: %s", path, strerror(errno));
    }
    return true;
}
