/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Chips whose eFuses forbid something: on each of them a plan is refused before anything is erased, and what
 * is allowed goes on.
 */
#include <string.h>

#include "plan.h"
#include "test.h"

static const struct {
    const char *chip;
    uint16_t id;
    uint32_t bootloader_offset;
    uint32_t crypt_addr; /* word of the flash encryption counter, */
    uint8_t crypt_shift; /* its lowest bit, */
    uint8_t crypt_bits;  /* and how many it has */
} chips[] = {
    {"esp32", 0, 0x1000, 0x3FF5A000, 20, 7}, {"esp32s2", 2, 0x1000, 0x3F41A034, 18, 3},
    {"esp32s3", 9, 0x0, 0x60007034, 18, 3},  {"esp32c2", 12, 0x0, 0x60008830, 7, 3},
    {"esp32c3", 5, 0x0, 0x60008834, 18, 3},  {"esp32c5", 23, 0x2000, 0x600B4834, 16, 3},
    {"esp32c6", 13, 0x0, 0x600B0834, 18, 3}, {"esp32c61", 20, 0x0, 0x600B4830, 23, 3},
    {"esp32h2", 16, 0x0, 0x600B0834, 18, 3}, {"esp32p4", 18, 0x2000, 0x5012D034, 18, 3},
};

#define CHIP_COUNT (sizeof(chips) / sizeof(chips[0]))

static void begin(plan_t *plan, size_t chip)
{
    print_message("%s\n", chips[chip].chip);
    plan_begin_for(plan, chips[chip].chip, chips[chip].id, chips[chip].bootloader_offset);
    plan->bench.config.wiring = ESP_SIM_WIRING_BRIDGE;
}

static void expect_refusal(plan_t *plan, int image)
{
    plan_connect(plan);
    assert_int_equal(plan_run(plan), ESP_LOADER_ERROR_SECURITY);
    const esp_loader_error_detail_t *detail = esp_loader_error_detail(&plan->bench.loader);
    assert_int_equal(detail->cause, ESP_LOADER_ERROR_SECURITY);
    assert_int_equal(detail->stage, ESP_LOADER_STAGE_CHECK);
    assert_int_equal(detail->image, image);
    assert_int_equal(esp_sim_stats(plan->bench.sim)->sectors_erased, 0);
    assert_int_equal(esp_sim_stats(plan->bench.sim)->bytes_programmed, 0);
    plan_end(plan);
}

static void expect_success(plan_t *plan)
{
    plan_connect(plan);
    assert_int_equal(plan_run(plan), ESP_LOADER_SUCCESS);
    for (size_t i = 0; i < plan->count; i++) {
        assert_flashed(plan, i);
    }
    plan_end(plan);
}

static unsigned count_bits(unsigned value)
{
    unsigned count = 0;
    for (; value != 0; value /= 2) {
        count += value % 2;
    }
    return count;
}

TEST(plain_images_are_refused_while_the_counter_is_odd)
{
    for (size_t c = 0; c < CHIP_COUNT; c++) {
        for (unsigned counter = 0; counter < 1u << chips[c].crypt_bits; counter++) {
            plan_t plan;
            begin(&plan, c);
            plan.bench.config.efuses[0] =
                (esp_sim_efuse_t){chips[c].crypt_addr, (uint32_t)counter << chips[c].crypt_shift};
            if (count_bits(counter) % 2 != 0) {
                expect_refusal(&plan, BOOTLOADER);
            } else {
                expect_success(&plan);
            }
        }
    }
}

/* Of the ESP32 the word itself is read, and most of its other bits are burnt in many a chip. */
TEST(bits_beside_the_counter_do_not_count)
{
    for (unsigned bit = 0; bit < 32; bit++) {
        plan_t plan;
        begin(&plan, 0);
        plan.bench.config.efuses[0] = (esp_sim_efuse_t){chips[0].crypt_addr, 1u << bit};
        if (bit >= chips[0].crypt_shift && bit < chips[0].crypt_shift + chips[0].crypt_bits) {
            expect_refusal(&plan, BOOTLOADER);
        } else {
            expect_success(&plan);
        }
    }
}

TEST(raw_images_are_written_to_encrypted_flash)
{
    for (size_t c = 0; c < CHIP_COUNT; c++) {
        plan_t plan;
        begin(&plan, c);
        plan.bench.config.is_flash_encrypted = true;
        for (size_t i = 0; i < plan.count; i++) {
            plan.images[i].is_raw = true;
        }
        expect_success(&plan);
    }
}

/* The security information is all that such a target tells, and enough. */
TEST(secure_download_mode_hides_none_of_it)
{
    for (size_t c = 1; c < CHIP_COUNT; c++) { /* the ESP32 has no such mode */
        for (int is_encrypted = 0; is_encrypted < 2; is_encrypted++) {
            plan_t plan;
            begin(&plan, c);
            plan.bench.config.is_secure_download = true;
            plan.bench.config.rom_powers_flash = true;
            plan.bench.config.is_flash_encrypted = is_encrypted == 1;
            plan.bench.config.secure_boot =
                is_encrypted == 1 ? ESP_SIM_SECURE_BOOT_OFF : ESP_SIM_SECURE_BOOT_V2;
            plan_connect(&plan);
            assert_int_equal(esp_loader_connect_secure_download_mode(&plan.bench.loader, NULL, 4u << 20),
                             ESP_LOADER_SUCCESS);
            assert_int_equal(plan_run(&plan), ESP_LOADER_ERROR_SECURITY);
            assert_int_equal(esp_sim_stats(plan.bench.sim)->sectors_erased, 0);
            plan_end(&plan);
        }
    }
}

TEST(bootloader_is_refused_with_secure_boot_v2)
{
    for (size_t c = 0; c < CHIP_COUNT; c++) {
        plan_t plan;
        begin(&plan, c);
        plan.bench.config.secure_boot = ESP_SIM_SECURE_BOOT_V2;
        expect_refusal(&plan, BOOTLOADER);

        begin(&plan, c); /* an app is checked by the bootloader, and can be replaced */
        free_blob(&plan.blobs[BOOTLOADER]);
        plan.blobs[BOOTLOADER] = plan.blobs[APP];
        plan.images[BOOTLOADER] = plan.images[APP];
        plan.count = APP;
        plan.bench.config.secure_boot = ESP_SIM_SECURE_BOOT_V2;
        plan_connect(&plan);
        assert_int_equal(plan_run(&plan), ESP_LOADER_SUCCESS);
        plan_end(&plan);
    }
}

TEST(secure_boot_v2_of_the_esp32_counts_from_revision_3_on)
{
    static const uint32_t revisions[] = {1, 100, 201, 300, 301};
    for (size_t i = 0; i < sizeof(revisions) / sizeof(revisions[0]); i++) {
        plan_t plan;
        begin(&plan, 0);
        plan.bench.config.secure_boot = ESP_SIM_SECURE_BOOT_V2;
        plan.bench.config.chip_revision = revisions[i];
        if (revisions[i] >= 300) {
            expect_refusal(&plan, BOOTLOADER);
        } else {
            expect_success(&plan);
        }
    }
}

/* Bootloader and digest of secure boot V1 lie below 0x8000. */
TEST(nothing_below_0x8000_is_written_with_secure_boot_v1)
{
    for (uint32_t offset = 0; offset <= 0x9000; offset += 0x1000) {
        plan_t plan;
        begin(&plan, 0);
        while (plan.count > 0) {
            free_blob(&plan.blobs[--plan.count]);
        }
        plan_add(&plan, offset, make_blob(100, 0x42));
        plan.bench.config.secure_boot = ESP_SIM_SECURE_BOOT_V1;
        if (offset < 0x8000) {
            expect_refusal(&plan, 0);
        } else {
            expect_success(&plan);
        }
    }
    plan_t plan;
    begin(&plan, 0);
    plan.bench.config.secure_boot = ESP_SIM_SECURE_BOOT_V1;
    expect_refusal(&plan, BOOTLOADER);
}

/* With the key manager holding the key, its data lies below 0x2000. */
TEST(nothing_below_0x2000_is_written_while_a_key_manager_is_in_use)
{
    static const struct {
        size_t chip;
        esp_sim_efuse_t in_use, other_bit;
    } cases[] = {
        {5, {0x600B4834, 0x800}, {0x600B4834, 0x400}},
        {9, {0x5012D034, 0x400}, {0x5012D034, 0x200}},
    };
    for (size_t i = 0; i < 2 * sizeof(cases) / sizeof(cases[0]); i++) {
        plan_t plan;
        begin(&plan, cases[i / 2].chip);
        plan_add(&plan, 0x1000, make_blob(100, 0x42));
        plan.bench.config.efuses[0] = i % 2 == 0 ? cases[i / 2].in_use : cases[i / 2].other_bit;
        if (i % 2 == 0) {
            expect_refusal(&plan, 3);
        } else {
            expect_success(&plan);
        }
    }
}

/* Whoever erases, or writes without a plan, can ask the same. */
TEST(ranges_are_judged_by_the_same_rules)
{
    for (size_t c = 0; c < CHIP_COUNT; c++) {
        for (int fuses = 0; fuses < 3; fuses++) { /* none, secure boot, flash encryption */
            const uint32_t bootloader = chips[c].bootloader_offset;
            const struct {
                uint32_t offset, size;
                bool has_bootloader;
            } ranges[] = {
                {0, UINT32_MAX, true},        {bootloader, 0x1000, true}, {0, bootloader + 0x1000, true},
                {0x4000, 0x1000, true},       {0x7000, 0x2000, true},     {0x8000, 0x1000, false},
                {0x10000, UINT32_MAX, false},
            };
            plan_t plan;
            begin(&plan, c);
            plan.bench.config.secure_boot = fuses == 1 ? ESP_SIM_SECURE_BOOT_V2 : ESP_SIM_SECURE_BOOT_OFF;
            plan.bench.config.is_flash_encrypted = fuses == 2;
            plan_connect(&plan);
            esp_loader_t *loader = &plan.bench.loader;
            for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
                const bool is_forbidden = fuses == 2 || (fuses == 1 && ranges[i].has_bootloader);
                assert_int_equal(esp_loader_flash_check_security(loader, ranges[i].offset, ranges[i].size),
                                 is_forbidden ? ESP_LOADER_ERROR_SECURITY : ESP_LOADER_SUCCESS);
            }
            plan_end(&plan);
        }
    }
}
