/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The boot check: what is found bootable, and what the log says when it is not.
 */
#include <zlib.h>

#include "host.h"

typedef struct {
    uint8_t *bootloader, *table, *app;
} parts_t;

static esp_sim_t *start(parts_t *parts)
{
    esp_sim_config_t config = {.timing = ESP_SIM_TIMING_FAST, .flash_size = 8u << 20};
    esp_sim_t *sim = host_new(&config);
    host_make_bootable(sim);
    parts->bootloader = esp_sim_flash(sim);
    parts->table = parts->bootloader + 0x8000;
    parts->app = parts->bootloader + 0x10000;
    return sim;
}

static void expect_boot(esp_sim_t *sim, const char *line)
{
    size_t before = strlen(esp_sim_console(sim));
    host_usj_run(sim);
    assert_non_null(strstr(esp_sim_console(sim) + before, line));
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_APP);
}

static void expect_failure(esp_sim_t *sim, const char *line)
{
    size_t before = strlen(esp_sim_console(sim));
    host_usj_run(sim);
    assert_non_null(strstr(esp_sim_console(sim) + before, line));
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_BOOT_FAILED);
}

static void valid_set_boots_and_the_log_says_what_runs(void **state)
{
    (void)state;
    parts_t parts;
    esp_sim_t *sim = start(&parts);
    expect_boot(sim, "rst:0x15 (USB_UART_CHIP_RESET),boot:0x8 (SPI_FAST_FLASH_BOOT)\r\n"
                     "SPIWP:0xee\r\n"
                     "mode:DIO, clock div:1\r\n"
                     "load:0x3fce2820,len:0x100\r\n"
                     "entry 0x40375000\r\n"
                     "[sim] bootloader at 0x0: 1 segments, checksum and SHA-256 right\r\n"
                     "[sim] partition table at 0x8000: 2 entries, MD5 right\r\n"
                     "[sim] app 'factory' at 0x10000: project demo, version 1.0, 592 bytes\r\n"
                     "[sim] the app would run now, entry 0x40375000; no code is executed\r\n");
    host_end(sim);
}

/* A program in RAM can be what the ROM loads; its description tells it from a bootloader. */
static void app_in_the_place_of_the_bootloader_runs(void **state)
{
    (void)state;
    parts_t parts;
    esp_sim_t *sim = start(&parts);
    memcpy(parts.bootloader, parts.app, 592);
    memset(parts.table, 0xFF, 0x1000);
    expect_boot(sim, "[sim] app 'in the bootloader's place' at 0x0: project demo, version 1.0, 592 bytes\r\n"
                     "[sim] the app would run now, entry 0x40375000; no code is executed\r\n");
    host_end(sim);
}

static void boot_log_goes_over_the_wire(void **state)
{
    (void)state;
    parts_t parts;
    esp_sim_t *sim = start(&parts);
    uint8_t old[2048];
    host_drain(sim, old, sizeof(old), 1000);
    size_t before = strlen(esp_sim_console(sim));
    host_usj_run(sim);
    uint8_t text[2048];
    size_t size = host_drain(sim, text, sizeof(text), 1000);
    assert_int_equal(size, strlen(esp_sim_console(sim) + before));
    assert_memory_equal(text, esp_sim_console(sim) + before, size);
    host_end(sim);
}

static void each_damage_to_the_bootloader_is_named(void **state)
{
    (void)state;
    static const struct {
        uint32_t at;
        uint8_t value;
        bool is_sealed; /* checksum and digest made to fit again */
        const char *line;
    } CASES[] = {
        {0, 0xFF, false,
         "invalid header: 0x3f0201ff\r\n[sim] cannot boot: bootloader at 0x0: no image there"},
        {1, 0, false, "bootloader at 0x0: header has 0 segments"},
        {1, 17, false, "bootloader at 0x0: header has 17 segments"},
        {12, 5, true, "bootloader at 0x0: it is for chip id 5, ESP32-S3 has 9"},
        {23, 2, false, "bootloader at 0x0: digest flag is 0x02"},
        {30, 0x01, false, "bootloader at 0x0: segment 0 has 65792 bytes, more than there is room for"},
        {40, 0x00, false, "bootloader at 0x0: checksum is "},
        {2, 0, false, "bootloader at 0x0: SHA-256 does not match"},
        {15, 10, true, "bootloader at 0x0: it needs chip revision v0.10 to v0.99, this chip is v0.2"},
        {17, 1, true, "bootloader at 0x0: it needs chip revision v0.0 to v0.1, this chip is v0.2"},
        {3, 0x4F, true, "the bootloader's header says 16 MB of flash, there are 8"},
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        parts_t parts;
        esp_sim_t *sim = start(&parts);
        parts.bootloader[CASES[i].at] = CASES[i].value;
        if (CASES[i].is_sealed) {
            host_seal_image(parts.bootloader);
        }
        expect_failure(sim, CASES[i].line);
        host_end(sim);
    }
}

static void legacy_revision_byte_counts_when_the_new_fields_are_unset(void **state)
{
    (void)state;
    parts_t parts;
    esp_sim_t *sim = start(&parts);
    parts.bootloader[14] = 1;
    parts.bootloader[17] = 0;
    host_seal_image(parts.bootloader);
    expect_failure(sim, "it needs chip revision 1 or later");
    parts.bootloader[17] = parts.bootloader[18] = 0xFF;
    host_seal_image(parts.bootloader);
    expect_failure(sim, "it needs chip revision 1 or later");
    parts.bootloader[14] = 0;
    host_seal_image(parts.bootloader);
    expect_boot(sim, "the app would run now");
    host_end(sim);
}

static void image_without_digest_boots(void **state)
{
    (void)state;
    parts_t parts;
    esp_sim_t *sim = start(&parts);
    parts.bootloader[23] = 0;
    expect_boot(sim, "[sim] bootloader at 0x0: 1 segments, checksum right\r\n");
    host_end(sim);
}

static void damaged_partition_tables_are_named(void **state)
{
    (void)state;
    parts_t parts;
    esp_sim_t *sim = start(&parts);
    parts.table[32 + 12] ^= 1;
    expect_failure(sim, "cannot boot: partition table at 0x8000: its MD5 does not match");
    parts.table[0] = 0;
    expect_failure(sim, "partition table at 0x8000: entry 0 begins with 00 50");
    memset(parts.table, 0xFF, 0x1000);
    expect_failure(sim, "partition table at 0x8000: it is empty");
    const host_partition_t large = {0, 0, 0x10000, 0x7F0001, "app"};
    host_make_table(parts.table, &large, 1);
    expect_failure(sim, "partition 'app' does not fit into the flash");
    const host_partition_t no_app = {1, 2, 0x9000, 0x6000, "nvs"};
    host_make_table(parts.table, &no_app, 1);
    expect_failure(sim, "cannot boot: no app partition holds a valid image");
    host_end(sim);
}

static void damaged_app_does_not_run(void **state)
{
    (void)state;
    parts_t parts;
    esp_sim_t *sim = start(&parts);
    parts.app[0x100] ^= 1;
    expect_failure(sim, "[sim] app 'factory' at 0x10000: checksum is ");
    host_end(sim);
}

static void app_larger_than_its_partition_does_not_run(void **state)
{
    (void)state;
    parts_t parts;
    esp_sim_t *sim = start(&parts);
    parts.app[30] = 0x20;
    const host_partition_t small = {0, 0, 0x10000, 0x100000, "factory"};
    host_make_table(parts.table, &small, 1);
    expect_failure(sim, "more than there is room for");
    host_end(sim);
}

/* It may hold what a terminal acts on. */
static void label_is_shown_as_it_can_be_printed(void **state)
{
    (void)state;
    parts_t parts;
    esp_sim_t *sim = start(&parts);
    const host_partition_t entry = {0, 0, 0x10000, 0x100000, "\x1B[2Japp\xFF"};
    host_make_table(parts.table, &entry, 1);
    expect_boot(sim, "[sim] app '?[2Japp?' at 0x10000");
    host_end(sim);
}

static void mapped_segment_must_sit_at_its_place_in_the_page(void **state)
{
    (void)state;
    parts_t parts;
    esp_sim_t *sim = start(&parts);
    parts.app[24] = 0x00;
    host_seal_image(parts.app);
    expect_failure(sim, "segment for 0x3c000000 lies at flash 0x10020, not at the same place of a page");
    host_end(sim);
}

static void app_without_description_runs(void **state)
{
    (void)state;
    parts_t parts;
    esp_sim_t *sim = start(&parts);
    parts.app[32] = 0;
    host_seal_image(parts.app);
    expect_boot(sim, "[sim] app 'factory' at 0x10000: no description, 592 bytes\r\n");
    host_end(sim);
}

/* ---- otadata ---- */

enum { OTADATA = 0xF000, OTA_0 = 0x20000, OTA_1 = 0x30000 };

static esp_sim_t *start_ota(parts_t *parts, bool has_factory)
{
    esp_sim_t *sim = start(parts);
    uint8_t *flash = esp_sim_flash(sim);
    memcpy(flash + OTA_0, parts->app, 0x1000);
    memcpy(flash + OTA_1, parts->app, 0x1000);
    const host_partition_t entries[] = {{1, 0, OTADATA - 0x1000, 0x2000, "otadata"},
                                        {0, 0x10, OTA_0, 0x10000, "ota_0"},
                                        {0, 0x11, OTA_1, 0x10000, "ota_1"},
                                        {0, 0, 0x10000, 0x10000, "factory"}};
    host_make_table(parts->table, entries, has_factory ? 4 : 3);
    return sim;
}

static void put_otadata(esp_sim_t *sim, unsigned entry, uint32_t sequence, uint8_t ota_state)
{
    uint8_t *at = esp_sim_flash(sim) + OTADATA - 0x1000 + 0x1000 * entry;
    memset(at, 0xFF, 32);
    uint8_t bytes[4] = {(uint8_t)sequence};
    memcpy(at, bytes, 4);
    at[24] = ota_state;
    at[25] = at[26] = at[27] = ota_state == 0xFF ? 0xFF : 0;
    uint32_t crc = (uint32_t)crc32(0xFFFFFFFFu, bytes, 4);
    for (unsigned i = 0; i < 4; i++) {
        at[28 + i] = (uint8_t)(crc >> (8 * i));
    }
}

static void erased_otadata_selects_factory_or_the_first_slot(void **state)
{
    (void)state;
    parts_t parts;
    esp_sim_t *sim = start_ota(&parts, true);
    expect_boot(sim, "app 'factory'");
    host_end(sim);
    sim = start_ota(&parts, false);
    expect_boot(sim, "app 'ota_0'");
    host_end(sim);
}

static void larger_sequence_selects_the_slot(void **state)
{
    (void)state;
    parts_t parts;
    esp_sim_t *sim = start_ota(&parts, true);
    put_otadata(sim, 0, 1, 2);
    expect_boot(sim, "app 'ota_0'");
    put_otadata(sim, 1, 2, 0xFF);
    expect_boot(sim, "app 'ota_1'");
    put_otadata(sim, 0, 3, 0);
    expect_boot(sim, "app 'ota_0'");
    host_end(sim);
}

static void invalid_otadata_entries_do_not_count(void **state)
{
    (void)state;
    parts_t parts;
    esp_sim_t *sim = start_ota(&parts, true);
    put_otadata(sim, 0, 1, 2);
    put_otadata(sim, 1, 2, 3); /* state: invalid */
    expect_boot(sim, "app 'ota_0'");
    put_otadata(sim, 1, 2, 4); /* state: aborted */
    expect_boot(sim, "app 'ota_0'");
    put_otadata(sim, 1, 2, 2);
    esp_sim_flash(sim)[OTADATA + 28] ^= 1; /* CRC */
    expect_boot(sim, "app 'ota_0'");
    host_end(sim);
}

static void broken_slot_falls_back_to_the_others(void **state)
{
    (void)state;
    parts_t parts;
    esp_sim_t *sim = start_ota(&parts, true);
    put_otadata(sim, 0, 2, 2);
    esp_sim_flash(sim)[OTA_1] = 0;
    expect_boot(sim, "app 'ota_0' at 0x20000: project demo");
    esp_sim_flash(sim)[OTA_0] = 0;
    expect_boot(sim, "app 'factory' at 0x10000: project demo");
    parts.app[0] = 0;
    expect_failure(sim, "no app partition holds a valid image");
    host_end(sim);
}

static void slots_above_the_selected_one_are_tried_last(void **state)
{
    (void)state;
    parts_t parts;
    esp_sim_t *sim = start_ota(&parts, true);
    parts.app[0] = 0;
    esp_sim_flash(sim)[OTA_0] = 0;
    expect_boot(sim, "app 'ota_1' at 0x30000: project demo");
    host_end(sim);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(valid_set_boots_and_the_log_says_what_runs),
        cmocka_unit_test(app_in_the_place_of_the_bootloader_runs),
        cmocka_unit_test(boot_log_goes_over_the_wire),
        cmocka_unit_test(each_damage_to_the_bootloader_is_named),
        cmocka_unit_test(legacy_revision_byte_counts_when_the_new_fields_are_unset),
        cmocka_unit_test(image_without_digest_boots),
        cmocka_unit_test(damaged_partition_tables_are_named),
        cmocka_unit_test(damaged_app_does_not_run),
        cmocka_unit_test(app_larger_than_its_partition_does_not_run),
        cmocka_unit_test(label_is_shown_as_it_can_be_printed),
        cmocka_unit_test(mapped_segment_must_sit_at_its_place_in_the_page),
        cmocka_unit_test(app_without_description_runs),
        cmocka_unit_test(erased_otadata_selects_factory_or_the_first_slot),
        cmocka_unit_test(larger_sequence_selects_the_slot),
        cmocka_unit_test(invalid_otadata_entries_do_not_count),
        cmocka_unit_test(broken_slot_falls_back_to_the_others),
        cmocka_unit_test(slots_above_the_selected_one_are_tried_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
