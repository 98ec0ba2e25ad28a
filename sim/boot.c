/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The boot chain. Source: boot logs of real chips (lines without mark); ESP-IDF 6.1 bootloader (order of
 * checks).
 */
#include "boot.h"

#include <string.h>

#include "image.h"
#include "model.h"
#include "partitions.h"

enum { WHY_SIZE = 160, APP_DESCRIPTION_SIZE = 80, SEGMENT_HEADER = 8 };

#define APP_DESCRIPTION_MAGIC 0xABCD5432u

static const char *const FLASH_MODES[] = {"QIO", "QOUT", "DIO", "DOUT"};

/* What the ROM prints while it loads the bootloader. */
static void print_rom_load(esp_sim_t *sim, uint32_t offset, const sim_image_t *image)
{
    if (sim->chip->has_old_boot_log) {
        for (uint8_t i = 0; i < image->segment_count; i++) {
            sim_print(sim, "load 0x%08x, len %u\r\n", (unsigned)image->segment_addr[i],
                      (unsigned)image->segment_size[i]);
        }
        return;
    }
    uint8_t header[4];
    sim_flash_read(sim, offset, header, sizeof(header));
    uint8_t frequency = header[3] & 0x0F;
    sim_print(sim, "SPIWP:0xee\r\nmode:%s, clock div:%u\r\n", FLASH_MODES[header[2] & 3],
              frequency == 0x0F ? 1u : frequency + 2u);
    for (uint8_t i = 0; i < image->segment_count; i++) {
        sim_print(sim, "load:0x%08x,len:0x%x\r\n", (unsigned)image->segment_addr[i],
                  (unsigned)image->segment_size[i]);
    }
    sim_print(sim, "entry 0x%08x\r\n", (unsigned)image->entry);
}

static bool boot_bootloader(esp_sim_t *sim, sim_image_t *out_image)
{
    uint32_t offset = sim->chip->bootloader_offset;
    char why[WHY_SIZE];
    if (!sim_image_check(sim, offset, SIM_PARTITION_TABLE_OFF - offset, out_image, why, sizeof(why))) {
        uint8_t word[4];
        sim_flash_read(sim, offset, word, sizeof(word));
        if (word[0] != 0xE9) {
            sim_print(sim, "invalid header: 0x%02x%02x%02x%02x\r\n", word[3], word[2], word[1], word[0]);
        }
        sim_print(sim, "[sim] cannot boot: bootloader at 0x%x: %s\r\n", (unsigned)offset, why);
        return false;
    }
    print_rom_load(sim, offset, out_image);
    sim_print(sim, "[sim] bootloader at 0x%x: %u segments, checksum%s right\r\n", (unsigned)offset,
              out_image->segment_count, out_image->has_digest ? " and SHA-256" : "");
    if (out_image->flash_size > sim->flash.size) {
        sim_print(sim, "[sim] cannot boot: the bootloader's header says %u MB of flash, there are %u\r\n",
                  (unsigned)(out_image->flash_size >> 20), (unsigned)(sim->flash.size >> 20));
        return false;
    }
    return true;
}

/* False when the image at @p offset has none. */
static bool read_app_description(const esp_sim_t *sim, uint32_t offset, uint8_t d[APP_DESCRIPTION_SIZE])
{
    sim_flash_read(sim, offset + sim->chip->image_header_size + SEGMENT_HEADER, d, APP_DESCRIPTION_SIZE);
    return (d[0] | (uint32_t)d[1] << 8 | (uint32_t)d[2] << 16 | (uint32_t)d[3] << 24) ==
           APP_DESCRIPTION_MAGIC;
}

static void print_app(esp_sim_t *sim, const char *label, uint32_t offset, const sim_image_t *image)
{
    uint8_t d[APP_DESCRIPTION_SIZE];
    char version[33];
    char project[33];
    if (read_app_description(sim, offset, d)) {
        sim_copy_text(version, d + 16, 32);
        sim_copy_text(project, d + 48, 32);
        sim_print(sim, "[sim] app '%s' at 0x%x: project %s, version %s, %u bytes\r\n", label,
                  (unsigned)offset, project, version, (unsigned)image->size);
    } else {
        sim_print(sim, "[sim] app '%s' at 0x%x: no description, %u bytes\r\n", label, (unsigned)offset,
                  (unsigned)image->size);
    }
    sim_print(sim, "[sim] the app would run now, entry 0x%08x; no code is executed\r\n",
              (unsigned)image->entry);
}

/* The first chip needs no partition table: an app may follow the bootloader, or the ROM may have loaded the
 * app itself. */
static bool boot_without_table(esp_sim_t *sim)
{
    enum { APP_OFFSET = 0x1000 };
    char why[WHY_SIZE];
    uint8_t first;
    sim_image_t image;
    sim_flash_read(sim, APP_OFFSET, &first, 1);
    if (first != 0xEA && first != 0xE9) {
        sim_print(sim, "[sim] no partition table: the app was loaded by the ROM; no code is executed\r\n");
        return true;
    }
    if (!sim_image_check(sim, APP_OFFSET, sim->flash.size - APP_OFFSET, &image, why, sizeof(why))) {
        sim_print(sim, "[sim] cannot boot: app at 0x%x: %s\r\n", (unsigned)APP_OFFSET, why);
        return false;
    }
    sim_print(sim, "[sim] app at 0x%x would run now, entry 0x%08x; no code is executed\r\n",
              (unsigned)APP_OFFSET, (unsigned)image.entry);
    return true;
}

bool sim_boot_from_flash(esp_sim_t *sim)
{
    char why[WHY_SIZE];
    uint8_t table_magic[2];
    uint8_t description[APP_DESCRIPTION_SIZE];
    sim_image_t first;
    if (!boot_bootloader(sim, &first)) {
        return false;
    }
    if (read_app_description(sim, sim->chip->bootloader_offset, description)) {
        print_app(sim, "in the bootloader's place", sim->chip->bootloader_offset, &first);
        return true;
    }
    sim_flash_read(sim, SIM_PARTITION_TABLE_OFF, table_magic, sizeof(table_magic));
    bool has_table = table_magic[0] == 0xAA && table_magic[1] == 0x50;
    if (!has_table && sim->chip->boots_without_table) {
        return boot_without_table(sim);
    }
    sim_partitions_t table;
    if (!sim_partitions_read(sim, &table, why, sizeof(why))) {
        sim_print(sim, "[sim] cannot boot: partition table at 0x%x: %s\r\n",
                  (unsigned)SIM_PARTITION_TABLE_OFF, why);
        return false;
    }
    sim_print(sim, "[sim] partition table at 0x%x: %zu entries%s\r\n", (unsigned)SIM_PARTITION_TABLE_OFF,
              table.count, table.has_md5 ? ", MD5 right" : "");
    const sim_partition_t *order[SIM_OTA_SLOTS + 1];
    size_t count = sim_partitions_boot_order(sim, &table, order);
    for (size_t i = 0; i < count; i++) {
        sim_image_t image;
        if (sim_image_check(sim, order[i]->offset, order[i]->size, &image, why, sizeof(why))) {
            print_app(sim, order[i]->label, order[i]->offset, &image);
            return true;
        }
        sim_print(sim, "[sim] app '%s' at 0x%x: %s\r\n", order[i]->label, (unsigned)order[i]->offset, why);
    }
    sim_print(sim, "[sim] cannot boot: no app partition holds a valid image\r\n");
    return false;
}
