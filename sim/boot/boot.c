/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The boot chain of ESP-IDF. Sources: boot logs of real chips (lines without mark; what a ROM does with a
 * bootloader whose SHA-256 is wrong, or that is not signed); ESP-IDF v6.0: components/bootloader
 * (bootloader_start.c), bootloader_support/src (bootloader_utility.c, bootloader_init.c), spi_flash
 * (esp_flash_spi_init.c: esp_flash_init_default_chip).
 */
#include "boot/boot.h"

#include <string.h>

#include "boot/boot_log.h"
#include "boot/image.h"
#include "boot/partitions.h"
#include "state/model.h"

enum { APP_DESCRIPTION_SIZE = 80, SEGMENT_HEADER = 8, DIGEST_SIZE = 32, CRYPT_COUNT_OFF = 4 };

#define APP_DESCRIPTION_MAGIC 0xABCD5432u

static const char *const FLASH_MODES[] = {"QIO", "QOUT", "DIO", "DOUT"};

static void print_digest(esp_sim_t *sim, const char *what, const uint8_t digest[DIGEST_SIZE])
{
    sim_print(sim, "%s: ", what);
    for (unsigned i = 0; i < DIGEST_SIZE; i++) {
        sim_print(sim, "%02x", digest[i]);
    }
    sim_print(sim, "\r\n");
}

/* What the ROM prints while it loads the bootloader. A wrong SHA-256 does not keep it from going on. */
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
    bool is_compared = image->has_digest && !sim->chip->ignores_bootloader_digest;
    if (is_compared && !sim_image_is_digest_right(image)) {
        sim_print(sim, "SHA-256 comparison failed:\r\n");
        print_digest(sim, "Calculated", image->computed_digest);
        print_digest(sim, "Expected", image->stored_digest);
        sim_print(sim, "Attempting to boot anyway...\r\n");
    }
    sim_print(sim, "entry 0x%08x\r\n", (unsigned)image->entry);
}

/* What is read through the decryption of the flash is noise where it was not encrypted. */
static bool is_encryption_on(const esp_sim_t *sim)
{
    uint8_t info[SIM_SECURITY_INFO_SIZE];
    sim_efuse_security_info(sim, info);
    return __builtin_popcount(info[CRYPT_COUNT_OFF]) % 2 != 0;
}

static bool is_erased(const esp_sim_t *sim, uint32_t offset)
{
    uint8_t bytes[16];
    sim_flash_read(sim, offset, bytes, sizeof(bytes));
    for (size_t i = 0; i < sizeof(bytes); i++) {
        if (bytes[i] != 0xFF) {
            return false;
        }
    }
    return true;
}

/* No key is known here: anything that is not plain is taken for right. */
static bool boot_encrypted(esp_sim_t *sim)
{
    uint32_t offset = sim->chip->bootloader_offset;
    sim_image_t image;
    sim_image_why_t why;
    if (is_erased(sim, offset) ||
        sim_image_check(sim, offset, sim->flash.size, SIM_READER_ROM, &image, &why)) {
        sim_print(sim, "[sim] cannot boot: flash encryption is on, and what is at 0x%x is not encrypted\r\n",
                  (unsigned)offset);
        return false;
    }
    sim_print(sim, "[sim] flash encryption is on: what is encrypted is taken for bootable\r\n");
    return true;
}

/* The ROM's part. */
static bool boot_bootloader(esp_sim_t *sim, sim_image_t *out_image)
{
    uint32_t offset = sim->chip->bootloader_offset;
    sim_image_why_t why;
    bool is_right = sim_image_check(sim, offset, sim->flash.size, SIM_READER_ROM, out_image, &why);
    if (!is_right && why.tag == NULL) {
        uint8_t word[4];
        sim_flash_read(sim, offset, word, sizeof(word));
        if (word[0] != 0xE9) {
            sim_print(sim, "invalid header: 0x%02x%02x%02x%02x\r\n", word[3], word[2], word[1], word[0]);
        }
        sim_print(sim, "[sim] cannot boot: bootloader at 0x%x: %s\r\n", (unsigned)offset, why.text);
        return false;
    }
    bool is_secure = sim_efuse_is_boot_secure(sim);
    char text[SIM_IMAGE_WHY_SIZE];
    if (is_secure && !sim_image_is_signed(sim, offset, out_image, text, sizeof(text))) {
        sim_print(sim, "%s\r\nsecure boot verification failed\r\n", text);
        sim_print(sim, "[sim] cannot boot: bootloader at 0x%x is not signed\r\n", (unsigned)offset);
        return false;
    }
    print_rom_load(sim, offset, out_image);
    if (out_image->is_mapped) {
        sim_print(sim,
                  "[sim] cannot boot: bootloader at 0x%x: it needs flash to be mapped, which the ROM does "
                  "not do\r\n",
                  (unsigned)offset);
        return false;
    }
    if (!is_right) {
        sim_boot_log(sim, why.tag, "%s", why.text);
        sim_print(sim, "[sim] cannot boot: the bootloader stops\r\n");
        return false;
    }
    bool is_digest_right = out_image->has_digest && sim_image_is_digest_right(out_image);
    sim_print(sim, "[sim] bootloader at 0x%x: %u segments, checksum%s right\r\n", (unsigned)offset,
              out_image->segment_count, is_digest_right ? " and SHA-256" : "");
    return true;
}

/* False when the image at @p offset has none. */
static bool read_app_description(const esp_sim_t *sim, uint32_t offset, uint8_t d[APP_DESCRIPTION_SIZE])
{
    sim_flash_read(sim, offset + sim->chip->image_header_size + SEGMENT_HEADER, d, APP_DESCRIPTION_SIZE);
    return sim_get32(d) == APP_DESCRIPTION_MAGIC;
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

/* An app, or what the ROM loaded, uses as much flash as the bootloader's header says; one of ESP-IDF stops at
 * its start when that is more than there is. */
static bool check_flash_size(esp_sim_t *sim, const sim_image_t *bootloader)
{
    if (bootloader->flash_size <= sim->flash.size) {
        return true;
    }
    sim_boot_log(sim, "spi_flash",
                 "Detected size(%uk) smaller than the size in the binary image header(%uk). Probe failed.",
                 (unsigned)(sim->flash.size >> 10), (unsigned)(bootloader->flash_size >> 10));
    sim_print(sim, "[sim] cannot boot: the app stops at its start\r\n");
    return false;
}

static void log_unbootable(esp_sim_t *sim, int index)
{
    if (index >= 0) {
        sim_boot_log(sim, "boot", "OTA app partition slot %d is not bootable", index);
    } else if (index == SIM_APP_FACTORY) {
        sim_boot_log(sim, "boot", "Factory app partition is not bootable");
    }
}

/* An image that no check refuses, and that is signed where it must be. */
static bool can_start(esp_sim_t *sim, const sim_partition_t *partition, sim_image_reader_t reader,
                      sim_image_t *image)
{
    sim_image_why_t why;
    if (!sim_image_check(sim, partition->offset, partition->size, reader, image, &why)) {
        if (why.tag == NULL) {
            sim_print(sim, "[sim] app '%s' at 0x%x: %s\r\n", partition->label, (unsigned)partition->offset,
                      why.text);
        } else {
            sim_boot_log(sim, why.tag, "%s", why.text);
        }
        return false;
    }
    bool is_secure = sim_efuse_is_boot_secure(sim);
    if (is_secure && !sim_image_is_signed(sim, partition->offset, image, why.text, sizeof(why.text))) {
        sim_boot_log(sim, "esp_image", "Secure boot signature verification failed");
        return false;
    }
    return true;
}

static bool boot_app(esp_sim_t *sim, const sim_partitions_t *table, const sim_image_t *bootloader)
{
    sim_app_t order[SIM_OTA_SLOTS + 2];
    size_t count;
    char why[SIM_IMAGE_WHY_SIZE];
    if (!sim_partitions_boot_order(sim, table, order, &count, why, sizeof(why))) {
        sim_boot_log(sim, "boot", "%s", why);
        sim_print(sim, "[sim] cannot boot: the bootloader stops\r\n");
        return false;
    }
    /* A bootloader without the newer fields in its own header does not look at them in others. */
    sim_image_reader_t reader =
        bootloader->max_revision == 0 ? SIM_READER_OLD_BOOTLOADER : SIM_READER_BOOTLOADER;
    for (size_t i = 0; i < count; i++) {
        const sim_partition_t *partition = order[i].partition;
        sim_image_t image;
        if (can_start(sim, partition, reader, &image)) {
            if (!check_flash_size(sim, bootloader)) {
                return false;
            }
            print_app(sim, partition->label, partition->offset, &image);
            return true;
        }
        log_unbootable(sim, order[i].index);
    }
    sim_boot_log(sim, "boot", "No bootable app partitions in the partition table");
    sim_print(sim, "[sim] cannot boot: no app partition holds a valid image\r\n");
    return false;
}

bool sim_boot_from_flash(esp_sim_t *sim)
{
    char why[SIM_IMAGE_WHY_SIZE];
    uint8_t table_magic[2];
    uint8_t description[APP_DESCRIPTION_SIZE];
    sim_image_t bootloader;
    if (is_encryption_on(sim)) {
        return boot_encrypted(sim);
    }
    if (!boot_bootloader(sim, &bootloader)) {
        return false;
    }
    if (read_app_description(sim, sim->chip->bootloader_offset, description)) {
        print_app(sim, "in the bootloader's place", sim->chip->bootloader_offset, &bootloader);
        return true;
    }
    sim_flash_read(sim, SIM_PARTITION_TABLE_OFF, table_magic, sizeof(table_magic));
    bool has_table = table_magic[0] == 0xAA && table_magic[1] == 0x50;
    if (!has_table && sim->chip->boots_without_table) {
        return check_flash_size(sim, &bootloader) && sim_boot_without_table(sim, &bootloader);
    }
    sim_partitions_t table;
    if (!sim_partitions_read(sim, bootloader.flash_size, &table, why, sizeof(why))) {
        sim_boot_log(sim, "flash_parts", "%s", why);
        sim_boot_log(sim, "boot", "Failed to verify partition table");
        sim_boot_log(sim, "boot", "load partition table error!");
        sim_print(sim, "[sim] cannot boot: partition table at 0x%x\r\n", (unsigned)SIM_PARTITION_TABLE_OFF);
        return false;
    }
    sim_print(sim, "[sim] partition table at 0x%x: %zu entries%s\r\n", (unsigned)SIM_PARTITION_TABLE_OFF,
              table.count, table.has_md5 ? ", MD5 right" : "");
    return boot_app(sim, &table, &bootloader);
}
