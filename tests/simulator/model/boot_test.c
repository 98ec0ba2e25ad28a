/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The boot check: what is found bootable, and what the log says when it is not.
 */
#include "boot_host.h"

TEST_BOOT(valid_set_boots_and_the_log_says_what_runs)
{
    boot_host_expect(sim, "rst:0x15 (USB_UART_CHIP_RESET),boot:0x8 (SPI_FAST_FLASH_BOOT)\r\n"
                          "SPIWP:0xee\r\n"
                          "mode:DIO, clock div:1\r\n"
                          "load:0x3fce2820,len:0x100\r\n"
                          "entry 0x40375000\r\n"
                          "[sim] bootloader at 0x0: 1 segments, checksum and SHA-256 right\r\n"
                          "[sim] partition table at 0x8000: 2 entries, MD5 right\r\n"
                          "[sim] app 'factory' at 0x10000: project demo, version 1.0, 592 bytes\r\n"
                          "[sim] the app would run now, entry 0x40375000; no code is executed\r\n");
}

/* A program in RAM can be what the ROM loads; its description tells it from a bootloader. The ROM maps no
 * flash, so that another app does not run there. */
TEST_BOOT(app_in_the_place_of_the_bootloader_runs_when_it_is_all_in_ram)
{
    memset(parts.table, 0xFF, 0x1000);
    memcpy(parts.bootloader, parts.app, 592);
    boot_host_expect_failure(sim, "load:0x3c000020,len:0x200\r\nentry 0x40375000\r\n"
                                  "[sim] cannot boot: bootloader at 0x0: it needs flash to be mapped");
    host_make_image(parts.bootloader, 9, 0x3FC90000, parts.app + 32, 512);
    boot_host_expect(sim,
                     "[sim] app 'in the bootloader's place' at 0x0: project demo, version 1.0, 592 bytes\r\n"
                     "[sim] the app would run now, entry 0x40375000; no code is executed\r\n");
}

TEST_BOOT(boot_log_goes_over_the_wire)
{
    host_skip(sim, 1000);
    size_t before = strlen(esp_sim_console(sim));
    host_usj_run(sim);
    uint8_t text[2048];
    size_t size = host_drain(sim, text, sizeof(text), 1000);
    assert_int_equal(size, strlen(esp_sim_console(sim) + before));
    assert_memory_equal(text, esp_sim_console(sim) + before, size);
}

static const struct {
    uint32_t at;
    uint8_t value;
    bool is_sealed; /* checksum and digest made to fit again */
    const char *line;
} DAMAGES[] = {
    {0, 0xFF, false, "invalid header: 0x3f0201ff\r\n[sim] cannot boot: bootloader at 0x0: no image there"},
    {1, 0, false, "bootloader at 0x0: header has no segments"},
    {1, 17, false, "bootloader at 0x0: image at 0x0 segment count 17 exceeds max 16"},
    {12, 5, true, "bootloader at 0x0: it is for chip id 5, ESP32-S3 has 9"},
    {31, 0x01, false, "bootloader at 0x0: segment 0 has 16777472 bytes, more than there is room for"},
    {40, 0x00, false, "bootloader at 0x0: Checksum failed. Calculated 0x"},
    {15, 10, true,
     "entry 0x40375000\r\n"
     "E (30) boot_comm: chip revision check failed. Required >= v0.10, found v0.2.\r\n"},
    {3, 0x4F, true,
     "E (30) spi_flash: Detected size(8192k) smaller than the size in the binary image header(16384k). "
     "Probe failed.\r\n[sim] cannot boot: the app stops at its start"},
};

TEST_ROWS(each_damage_to_the_bootloader_is_named, DAMAGES)
{
    esp_sim_t *sim = boot_host_start(&(esp_sim_config_t){FAST, .flash_size = 8u << 20});
    parts_t parts = boot_host_parts(sim);
    parts.bootloader[row->at] = row->value;
    if (row->is_sealed) {
        host_seal_image(parts.bootloader);
    }
    boot_host_expect_failure(sim, row->line);
    host_end(sim);
}

/* The ROM says that it differs and goes on; that of the ESP32 does not even look. Whatever the flag is, but
 * for 0, a digest is there. */
TEST_BOOT(wrong_digest_of_the_bootloader_is_said_and_it_runs)
{
    parts.bootloader[23] = 2;
    boot_host_expect(sim, "SHA-256 comparison failed:\r\nCalculated: ");
    assert_non_null(strstr(esp_sim_console(sim), "Attempting to boot anyway...\r\nentry 0x40375000\r\n"
                                                 "[sim] bootloader at 0x0: 1 segments, checksum right\r\n"));
}

/* Bootloaders without the newer fields in their own header know only the byte, later ones only the fields. */
TEST_BOOT(one_byte_revision_counts_for_old_bootloaders)
{
    static const char line[] = "E (30) boot_comm: This chip is revision 2 but the application is configured "
                               "for minimum revision 3. Can't run.\r\n";
    parts.bootloader[14] = parts.app[14] = 3;
    host_seal_image(parts.bootloader);
    host_seal_image(parts.app);
    boot_host_expect(sim, "the app would run now");
    boot_host_patch(parts.bootloader, 17, 0);
    boot_host_expect_failure(sim, line);
    boot_host_patch(parts.bootloader, 14, 2);
    boot_host_expect_failure(sim, line);
    parts.app[14] = 2;
    boot_host_patch(parts.app, 17, 1); /* a maximum that is too small */
    boot_host_expect(sim, "the app would run now");
}

TEST_BOOT(app_for_other_revisions_is_refused_by_the_bootloader)
{
    boot_host_patch(parts.app, 15, 3);
    boot_host_expect_failure(
        sim, "E (30) boot_comm: chip revision check failed. Required >= v0.3, found v0.2.\r\n");
    parts.app[15] = 0;
    boot_host_patch(parts.app, 17, 1);
    boot_host_expect_failure(
        sim, "E (30) boot_comm: chip revision check failed. Required <= v0.1, found v0.2.\r\n");
    parts.app[17] = 0xFF;
    boot_host_patch(parts.app, 18, 0xFF); /* no maximum */
    boot_host_expect(sim, "the app would run now");
    boot_host_patch(parts.app, 12, 5);
    boot_host_expect_failure(sim, "E (30) boot_comm: mismatch chip ID, expected 9, found 5\r\n"
                                  "E (30) boot: Factory app partition is not bootable\r\n"
                                  "E (30) boot: No bootable app partitions in the partition table\r\n");
    parts.bootloader[17] = 1; /* its own maximum is not looked at */
    parts.app[12] = 9;
    host_seal_image(parts.bootloader);
    host_seal_image(parts.app);
    boot_host_expect(sim, "the app would run now");
}

TEST_BOOT(image_without_digest_boots)
{
    parts.bootloader[23] = 0;
    boot_host_expect(sim, "[sim] bootloader at 0x0: 1 segments, checksum right\r\n");
}

TEST_BOOT(damaged_app_does_not_run)
{
    parts.app[0x100] ^= 1;
    boot_host_expect_failure(sim, "E (30) esp_image: Checksum failed. Calculated 0x");
    parts.app[0x100] ^= 1;
    parts.app[2] ^= 1;
    boot_host_expect_failure(sim, "E (30) esp_image: Image hash failed - image is corrupt");
    parts.app[2] ^= 1;
    parts.app[0] = 0;
    boot_host_expect_failure(
        sim, "E (30) esp_image: image at 0x10000 has invalid magic byte (nothing flashed here?)");
    parts.app[0] = 0xE9;
    boot_host_patch(parts.app, 28, 2);
    boot_host_expect_failure(sim, "E (30) esp_image: invalid segment length 0x202");
}

TEST_BOOT(app_larger_than_its_partition_does_not_run)
{
    const host_partition_t small = {0, 0, 0x10000, 591, "factory"};
    host_make_table(parts.table, &small, 1);
    boot_host_expect_failure(sim, "E (30) esp_image: Image length 592 doesn't fit in partition length 591");
    const host_partition_t fits = {0, 0, 0x10000, 592, "factory"};
    host_make_table(parts.table, &fits, 1);
    boot_host_expect(sim, "the app would run now");
    parts.app[30] = 0x80;
    boot_host_expect_failure(
        sim, "[sim] app 'factory' at 0x10000: segment 0 has 8389120 bytes, more than there is room");
}

/* It may hold what a terminal acts on. */
TEST_BOOT(label_is_shown_as_it_can_be_printed)
{
    const host_partition_t entry = {0, 0, 0x10000, 0x100000, "\x1B[2Japp\xFF"};
    host_make_table(parts.table, &entry, 1);
    boot_host_expect(sim, "[sim] app '?[2Japp?' at 0x10000");
}

TEST_BOOT(mapped_segment_must_sit_at_its_place_in_the_page)
{
    boot_host_patch(parts.app, 24, 0x00);
    boot_host_expect_failure(
        sim, "E (30) esp_image: Segment 0 load address 0x3c000000, doesn't match data 0x00010020");
}

TEST_BOOT(app_without_description_runs)
{
    boot_host_patch(parts.app, 32, 0);
    boot_host_expect(sim, "[sim] app 'factory' at 0x10000: no description, 592 bytes\r\n");
}

/* Chips whose MMU can have other pages want to be told which. */
TEST_NEW(page_is_that_of_the_description_where_it_can_be_chosen, FAST, .chip = "esp32c6",
         .flash_size = 8u << 20)
{
    host_make_bootable(sim);
    uint8_t *flash = esp_sim_flash(sim);
    uint8_t segment[512] = {0x32, 0x54, 0xCD, 0xAB};
    host_make_image(flash, 13, 0x40875720, segment + 4, 256);
    host_make_image(flash + 0x10000, 13, 0x42008020, segment, sizeof(segment));
    boot_host_expect_failure(
        sim, "E (30) esp_image: Segment 0 load address 0x42008020, doesn't match data 0x00010020");
    segment[180] = 15;
    host_make_image(flash + 0x10000, 13, 0x42008020, segment, sizeof(segment));
    boot_host_expect(sim, "the app would run now");
    segment[0] = 0;
    host_make_image(flash + 0x10000, 13, 0x42008020, segment, sizeof(segment));
    boot_host_expect_failure(sim, "E (30) esp_image: Failed to fetch app description header!");
}

/* ---- security ---- */

/* A signature block for what is before it; its signature stays empty, nobody looks. */
static void put_signature(uint8_t *image, size_t padded_size)
{
    uint8_t *block = image + padded_size;
    memset(block, 0, 64);
    block[0] = 0xE7;
    block[1] = 2;
    host_sha256(image, padded_size, block + 4);
}

TEST_NEW(secure_boot_wants_signed_images, FAST, .flash_size = 8u << 20, .secure_boot = ESP_SIM_SECURE_BOOT_V2)
{
    host_make_bootable(sim);
    uint8_t *flash = esp_sim_flash(sim);
    boot_host_expect_failure(
        sim, "No signature block magic byte found at signature sector (found 0xff not 0xe7). Image "
             "not V2 signed?\r\nsecure boot verification failed\r\n");
    put_signature(flash, 0x1000);
    boot_host_expect_failure(sim, "E (30) esp_image: Secure boot signature verification failed");
    put_signature(flash + 0x10000, 0x1000);
    boot_host_expect(sim, "the app would run now");
    flash[2] ^= 1; /* a header patched after it was signed */
    host_seal_image(flash);
    boot_host_expect_failure(
        sim, "Sig block 0 invalid: Image digest does not match\r\nsecure boot verification failed");
}

TEST_NEW(what_is_not_encrypted_does_not_run_with_flash_encryption, FAST, .flash_size = 8u << 20,
         .is_flash_encrypted = true)
{
    boot_host_expect_failure(
        sim, "[sim] cannot boot: flash encryption is on, and what is at 0x0 is not encrypted");
    host_make_bootable(sim);
    boot_host_expect_failure(
        sim, "[sim] cannot boot: flash encryption is on, and what is at 0x0 is not encrypted");
    memset(esp_sim_flash(sim), 0x5C, 0x1000);
    boot_host_expect(sim, "[sim] flash encryption is on: what is encrypted is taken for bootable");
}
