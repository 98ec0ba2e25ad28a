/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Chips whose eFuses forbid something: on each of them a plan is refused before anything is erased, and what
 * is allowed goes on.
 */

#include "plan.h"

typedef struct {
    plan_chip_t chip;
    uint32_t crypt_addr; /* word of the flash encryption counter, */
    uint8_t crypt_shift; /* its lowest bit, */
    uint8_t crypt_bits;  /* and how many it has */
} counted_t;

static const counted_t chips[] = {
    {{"esp32", 0, 0x1000}, 0x3FF5A000, 20, 7},     {{"esp32s2", 2, 0x1000}, 0x3F41A034, 18, 3},
    {{"esp32s3", 9, 0x0}, 0x60007034, 18, 3},      {{"esp32c2", 12, 0x0}, 0x60008830, 7, 3},
    {{"esp32c3", 5, 0x0}, 0x60008834, 18, 3},      {{"esp32c5", 23, 0x2000}, 0x600B4834, 16, 3},
    {{"esp32c6", 13, 0x0}, 0x600B0834, 18, 3},     {{"esp32c61", 20, 0x0}, 0x600B4830, 23, 3},
    {{"esp32h2", 16, 0x0}, 0x600B0834, 18, 3},     {{"esp32p4", 18, 0x2000}, 0x5012D034, 18, 3},
    {{"esp32s31", 32, 0x2000}, 0x20715034, 21, 3}, {{"esp32h21", 25, 0x0}, 0x600B4034, 18, 3},
    {{"esp32h4", 28, 0x2000}, 0x600B1830, 23, 3},
};

enum { NONE = -1 };

/* The image that is refused before anything is erased, or NONE: all are written. */
static void expect_refused(plan_t *plan, int image)
{
    plan_connect(plan);
    if (image == NONE) {
        assert_success(plan_run(plan));
        assert_all_flashed(plan);
        return;
    }
    assert_int_equal(plan_run(plan), ESP_LOADER_ERROR_SECURITY);
    const esp_loader_error_detail_t *detail = esp_loader_error_detail(&plan->bench.loader);
    assert_int_equal(detail->cause, ESP_LOADER_ERROR_SECURITY);
    assert_int_equal(detail->stage, ESP_LOADER_STAGE_CHECK);
    assert_int_equal(detail->image, image);
    assert_int_equal(esp_sim_stats(plan->bench.sim)->sectors_erased, 0);
    assert_int_equal(esp_sim_stats(plan->bench.sim)->bytes_programmed, 0);
}

static unsigned count_bits(unsigned value)
{
    unsigned count = 0;
    for (; value != 0; value /= 2) {
        count += value % 2;
    }
    return count;
}

enum { ESP32_COUNTERS = 1 << 7, OTHER_COUNTERS = 1 << 3 };

TEST_PLAN_EACH(plain_images_are_refused_while_the_counter_is_odd,
               ESP32_COUNTERS + (COUNT(chips) - 1) * OTHER_COUNTERS)
{
    const bool is_esp32 = i < ESP32_COUNTERS;
    const counted_t *chip = is_esp32 ? &chips[0] : &chips[1 + (i - ESP32_COUNTERS) / OTHER_COUNTERS];
    const unsigned counter = (unsigned)i % (is_esp32 ? ESP32_COUNTERS : OTHER_COUNTERS);

    assert_true(counter < 1u << chip->crypt_bits);
    plan_take_chip(plan, &chip->chip);
    plan->bench.config.efuses[0] =
        (esp_sim_efuse_t){chip->crypt_addr, (uint32_t)counter << chip->crypt_shift};
    expect_refused(plan, count_bits(counter) % 2 != 0 ? BOOTLOADER : NONE);
}

/* Of the ESP32 the word itself is read, and most of its other bits are burnt in many a chip. From v3.0 on one of them
 * ends download mode. */
TEST_PLAN_EACH(bits_beside_the_counter_do_not_count, 32u)
{
    const bool is_counter = i >= chips[0].crypt_shift && i < chips[0].crypt_shift + chips[0].crypt_bits;

    plan_take_chip(plan, &chips[0].chip);
    plan->bench.config.chip_revision = 101;
    plan->bench.config.efuses[0] = (esp_sim_efuse_t){chips[0].crypt_addr, 1u << i};
    expect_refused(plan, is_counter ? BOOTLOADER : NONE);
}

TEST_PLAN_EACH(raw_images_are_written_to_encrypted_flash, COUNT(chips))
{
    plan_take_chip(plan, &chips[i].chip);
    plan->bench.config.is_flash_encrypted = true;
    for (size_t image = 0; image < plan->count; image++) {
        plan->images[image].is_raw = true;
    }
    expect_refused(plan, NONE);
}

/* The security information is all that such a target tells, and enough. The ESP32 has no such mode. */
TEST_PLAN_EACH(secure_download_mode_hides_none_of_it, (COUNT(chips) - 1) * 2)
{
    const bool is_encrypted = i % 2 == 1;

    plan_take_chip(plan, &chips[i / 2 + 1].chip);
    plan->bench.config.is_secure_download = true;
    plan->bench.config.rom_powers_flash = true;
    plan->bench.config.is_flash_encrypted = is_encrypted;
    plan->bench.config.secure_boot = is_encrypted ? ESP_SIM_SECURE_BOOT_OFF : ESP_SIM_SECURE_BOOT_V2;
    plan_connect(plan);
    assert_success(esp_loader_connect_secure_download_mode(&plan->bench.loader, NULL, 4u << 20));
    assert_int_equal(plan_run(plan), ESP_LOADER_ERROR_SECURITY);
    assert_int_equal(esp_sim_stats(plan->bench.sim)->sectors_erased, 0);
}

/* An app is checked by the bootloader, and can be replaced. */
TEST_PLAN_EACH(bootloader_is_refused_with_secure_boot_v2, COUNT(chips) * 2)
{
    const bool has_bootloader = i % 2 == 0;

    plan_take_chip(plan, &chips[i / 2].chip);
    plan->bench.config.secure_boot = ESP_SIM_SECURE_BOOT_V2;
    if (!has_bootloader) {
        plan_replace(plan, BOOTLOADER, plan->blobs[APP]);
        plan->images[BOOTLOADER] = plan->images[APP];
        plan->images[BOOTLOADER].source = source_of(&plan->blobs[BOOTLOADER]);
        plan->count = APP;
    }
    expect_refused(plan, has_bootloader ? BOOTLOADER : NONE);
}

static const uint32_t esp32_revisions[] = {1, 100, 201, 300, 301};

TEST_PLAN_EACH(secure_boot_v2_of_the_esp32_counts_from_revision_3_on, COUNT(esp32_revisions))
{
    plan_take_chip(plan, &chips[0].chip);
    plan->bench.config.secure_boot = ESP_SIM_SECURE_BOOT_V2;
    plan->bench.config.chip_revision = esp32_revisions[i];
    expect_refused(plan, esp32_revisions[i] >= 300 ? BOOTLOADER : NONE);
}

/* Bootloader and digest of secure boot V1 lie below 0x8000. */
TEST_PLAN_EACH(nothing_below_0x8000_is_written_with_secure_boot_v1, 10u)
{
    plan_take_chip(plan, &chips[0].chip);
    while (plan->count > 0) {
        free_blob(&plan->blobs[--plan->count]);
    }
    plan_add(plan, (uint32_t)i * 0x1000, make_blob(100, 0x42));
    plan->bench.config.secure_boot = ESP_SIM_SECURE_BOOT_V1;
    expect_refused(plan, i * 0x1000 < 0x8000 ? 0 : NONE);
}

TEST_PLAN(bootloader_is_refused_with_secure_boot_v1)
{
    plan_take_chip(plan, &chips[0].chip);
    plan->bench.config.secure_boot = ESP_SIM_SECURE_BOOT_V1;
    expect_refused(plan, BOOTLOADER);
}

static const struct {
    plan_chip_t chip;
    esp_sim_efuse_t efuse;
    int refused;
} key_managers[] = {
    {{"esp32c5", 23, 0x2000}, {0x600B4834, 0x800}, EXTRA},
    {{"esp32c5", 23, 0x2000}, {0x600B4834, 0x400}, NONE}, /* another bit */
    {{"esp32p4", 18, 0x2000}, {0x5012D034, 0x400}, EXTRA},
    {{"esp32p4", 18, 0x2000}, {0x5012D034, 0x200}, NONE},
    {{"esp32s31", 32, 0x2000}, {0x20715034, 0x2000}, EXTRA},
    {{"esp32s31", 32, 0x2000}, {0x20715034, 0x1000}, NONE},
    {{"esp32h4", 28, 0x2000}, {0x600B1838, 0x100000}, EXTRA},
    {{"esp32h4", 28, 0x2000}, {0x600B1838, 0x80000}, NONE},
};

/* With the key manager holding the key, its data lies below 0x2000. */
TEST_PLAN_EACH(nothing_below_0x2000_is_written_while_a_key_manager_is_in_use, COUNT(key_managers))
{
    plan_take_chip(plan, &key_managers[i].chip);
    plan_add(plan, 0x1000, make_blob(100, 0x42));
    plan->bench.config.efuses[0] = key_managers[i].efuse;
    expect_refused(plan, key_managers[i].refused);
}

/* Whoever erases, or writes without a plan, can ask the same. */
TEST_PLAN_EACH(ranges_are_judged_by_the_same_rules, COUNT(chips) * 3)
{
    const size_t fuses = i % 3; /* none, secure boot, flash encryption */
    const plan_chip_t *chip = &chips[i / 3].chip;
    const struct {
        uint32_t offset, size;
        bool has_bootloader;
    } ranges[] = {
        {0, UINT32_MAX, true},
        {chip->bootloader_offset, 0x1000, true},
        {0, chip->bootloader_offset + 0x1000, true},
        {0x4000, 0x1000, true},
        {0x7000, 0x2000, true},
        {0x8000, 0x1000, false},
        {0x10000, UINT32_MAX, false},
    };

    plan_take_chip(plan, chip);
    plan->bench.config.secure_boot = fuses == 1 ? ESP_SIM_SECURE_BOOT_V2 : ESP_SIM_SECURE_BOOT_OFF;
    plan->bench.config.is_flash_encrypted = fuses == 2;
    plan_connect(plan);
    for (size_t k = 0; k < COUNT(ranges); k++) {
        const bool is_forbidden = fuses == 2 || (fuses == 1 && ranges[k].has_bootloader);
        assert_int_equal(
            esp_loader_flash_check_security(&plan->bench.loader, ranges[k].offset, ranges[k].size),
            is_forbidden ? ESP_LOADER_ERROR_SECURITY : ESP_LOADER_SUCCESS);
        if (is_forbidden) {
            assert_int_equal(esp_loader_error_detail(&plan->bench.loader)->stage, ESP_LOADER_STAGE_CHECK);
        }
    }
}
