/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The description of a part: every field of every chip, from eFuses that the simulated chip has burnt.
 */
#include <string.h>

#include "esp_loader_chip_info.h"
#include "operations.h"

#define MB      (1u << 20)
#define UNKNOWN ESP_LOADER_UNKNOWN

typedef struct {
    const char *chip;
    uint32_t package;
    const char *package_name;
    uint32_t flash_size, psram_size;
    const char *flash_vendor, *psram_vendor;
    bool has_octal_flash;
    uint32_t revision; /* 0 = the newest */
    esp_sim_efuse_t efuses[3];
} part_t;

/* In rows, not one field per line. */
/* clang-format off */
static const part_t parts[] = {
    /* chip, package and its name, sizes of flash and PSRAM */
    {"esp8266", 0, "ESP8266EX", 0, UNKNOWN, .efuses = {{0}}},
    {"esp8266", 1, "ESP8285", 1 * MB, UNKNOWN, .efuses = {{0x3FF00050, 0x10}}},
    {"esp8266", 1, "ESP8285", 2 * MB, UNKNOWN, .efuses = {{0x3FF00050, 0x10}, {0x3FF0005C, 1u << 26}}},
    {"esp8266", 1, "ESP8285", 2 * MB, UNKNOWN, .efuses = {{0x3FF00058, 1u << 16}, {0x3FF0005C, 1u << 25}}},
    {"esp8266", 1, "ESP8285", 4 * MB, UNKNOWN, .efuses = {{0x3FF00058, 1u << 16}, {0x3FF0005C, 3u << 25}}},
    {"esp8266", 1, "ESP8285", UNKNOWN, UNKNOWN, .efuses = {{0x3FF00050, 0x10}, {0x3FF0005C, 1u << 25}}},
    {"esp32", 0, "ESP32-D0WDQ6", UNKNOWN, UNKNOWN, .revision = 1},
    {"esp32", 0, "ESP32-D0WDQ6-V3", UNKNOWN, UNKNOWN, .revision = 300},
    {"esp32", 0, "ESP32-S0WDQ6", UNKNOWN, UNKNOWN, .revision = 300, .efuses = {{0x3FF5A00C, 0x1}}},
    {"esp32", 1, "ESP32-D0WD", UNKNOWN, UNKNOWN, .revision = 100, .efuses = {{0x3FF5A00C, 1u << 9}}},
    {"esp32", 1, "ESP32-D0WD-V3", UNKNOWN, UNKNOWN, .revision = 301, .efuses = {{0x3FF5A00C, 1u << 9}}},
    {"esp32", 1, "ESP32-S0WD", UNKNOWN, UNKNOWN, .revision = 301, .efuses = {{0x3FF5A00C, 1u << 9 | 1}}},
    {"esp32", 4, "ESP32-U4WDH", UNKNOWN, UNKNOWN, .revision = 301, .efuses = {{0x3FF5A00C, 4u << 9}}},
    {"esp32", 5, "ESP32-PICO-D4", UNKNOWN, UNKNOWN, .revision = 100, .efuses = {{0x3FF5A00C, 5u << 9}}},
    {"esp32", 6, "ESP32-PICO-V3-02", UNKNOWN, UNKNOWN, .revision = 301, .efuses = {{0x3FF5A00C, 6u << 9}}},
    {"esp32", 7, "ESP32-D0WDR2-V3", UNKNOWN, UNKNOWN, .revision = 301, .efuses = {{0x3FF5A00C, 7u << 9}}},
    {"esp32", 2, "ESP32-D2WD", UNKNOWN, UNKNOWN, .revision = 100, .efuses = {{0x3FF5A00C, 2u << 9}}},
    {"esp32", 2, "ESP32-D2WD", UNKNOWN, UNKNOWN, .revision = 100, .efuses = {{0x3FF5A00C, 2u << 9 | 1}}},
    {"esp32", 3, "ESP32-D0WD-OEM", UNKNOWN, UNKNOWN, .revision = 100, .efuses = {{0x3FF5A00C, 3u << 9}}},
    {"esp32", 3, "ESP32-S0WD-OEM", UNKNOWN, UNKNOWN, .revision = 100, .efuses = {{0x3FF5A00C, 3u << 9 | 1}}},
    {"esp32", 4, "ESP32-U4WDH", UNKNOWN, UNKNOWN, .revision = 100, .efuses = {{0x3FF5A00C, 4u << 9 | 1}}},
    {"esp32", 5, "ESP32-PICO-V3", UNKNOWN, UNKNOWN, .revision = 300, .efuses = {{0x3FF5A00C, 5u << 9}}},
    {"esp32", 8, NULL, UNKNOWN, UNKNOWN, .revision = 301, .efuses = {{0x3FF5A00C, 1u << 2}}},
    {"esp32s2", 0, "ESP32-S2", 0, 0, .efuses = {{0}}},
    {"esp32s2", 3, "ESP32-S2FH2", 2 * MB, 0, .efuses = {{0x3F41A050, 1u << 21}, {0x3F41A054, 3}}},
    {"esp32s2", 0, "ESP32-S2FH4", 4 * MB, 0, .efuses = {{0x3F41A050, 2u << 21}}},
    {"esp32s2", 0, "ESP32-S2R2", 0, 2 * MB, .efuses = {{0x3F41A050, 1u << 28}}},
    {"esp32s2", 1, "ESP32-S2FNR2", 4 * MB, 2 * MB, .efuses = {{0x3F41A050, 2u << 21 | 1u << 28}, {0x3F41A054, 1}}},
    {"esp32s2", 5, NULL, 2 * MB, 4 * MB, .has_octal_flash = true,
     .efuses = {{0x3F41A050, 1u << 21 | 1u << 25 | 2u << 28}, {0x3F41A054, 5}, {0x3F41A03C, 1u << 9}}},
    {"esp32s2", 0, NULL, UNKNOWN, UNKNOWN, .efuses = {{0x3F41A050, 3u << 21 | 9u << 28}}},
    {"esp32s3", 0, "ESP32-S3 (QFN56)", 0, 0, .efuses = {{0}}},
    {"esp32s3", 1, "ESP32-S3-PICO-1 (LGA56)", 8 * MB, 8 * MB, .flash_vendor = "GD", .psram_vendor = "AP_3v3",
     .efuses = {{0x60007050, 1u << 21 | 1u << 27}, {0x60007054, 2 | 1u << 3 | 1u << 7}}},
    {"esp32s3", 0, "ESP32-S3 (QFN56)", 4 * MB, 4 * MB, .flash_vendor = "BY", .psram_vendor = "AP_1v8",
     .efuses = {{0x60007050, 2u << 27}, {0x60007054, 5 | 2u << 7}, {0x60007058, 1u << 19}}},
    {"esp32s3", 0, "ESP32-S3 (QFN56)", 0, 2 * MB, .efuses = {{0x60007054, 2u << 3}, {0x6000703C, 1u << 8}}},
    {"esp32s3", 7, NULL, UNKNOWN, 16 * MB, .has_octal_flash = true,
     .efuses = {{0x60007050, 7u << 27 | 7u << 21}, {0x60007054, 7 | 3u << 3 | 3u << 7}, {0x6000703C, 1u << 9}}},
    {"esp32c2", 1, NULL, 4 * MB, UNKNOWN, .flash_vendor = "XMC",
     .efuses = {{0x60008844, 1u << 22}, {0x6000885C, 1u << 29 | 1u << 24}}},
    {"esp32c2", 0, NULL, 2 * MB, UNKNOWN, .flash_vendor = "GD",
     .efuses = {{0x6000885C, 2u << 29 | 2u << 24}}},
    {"esp32c2", 0, NULL, 0, UNKNOWN, .efuses = {{0}}},
    {"esp32c2", 0, NULL, UNKNOWN, UNKNOWN, .efuses = {{0x6000885C, 4u << 29}}},
    {"esp32c2", 0, NULL, 1 * MB, UNKNOWN, .flash_vendor = "ZBIT",
     .efuses = {{0x6000885C, 3u << 29 | 5u << 24}}},
    {"esp32c3", 3, "ESP8686 (QFN24)", 8 * MB, UNKNOWN, .flash_vendor = "TT",
     .efuses = {{0x60008850, 3u << 21 | 4u << 27}, {0x60008854, 4}}},
    {"esp32c3", 1, "ESP8685 (QFN28)", 4 * MB, UNKNOWN, .flash_vendor = "XMC",
     .efuses = {{0x60008850, 1u << 21 | 1u << 27}, {0x60008854, 1}}},
    {"esp32c3", 2, "ESP32-C3 AZ (QFN32)", 2 * MB, UNKNOWN, .flash_vendor = "FM",
     .efuses = {{0x60008850, 2u << 21 | 2u << 27}, {0x60008854, 3}}},
    {"esp32c3", 0, "ESP32-C3 (QFN32)", 1 * MB, UNKNOWN, .efuses = {{0x60008850, 3u << 27}, {0x60008854, 6}}},
    {"esp32c3", 0, "ESP32-C3 (QFN32)", 0, UNKNOWN, .efuses = {{0x60008854, 4}}},
    {"esp32c5", 2, NULL, 0, 0, .efuses = {{0x600B484C, 2u << 26}}},
    {"esp32c5", 0, NULL, 4 * MB, 0, "XMC", .efuses = {{0x600B484C, 1u << 13 | 1u << 16 | 1u << 22}}},
    {"esp32c5", 0, NULL, 0, 4 * MB, NULL, "AP_3v3", .efuses = {{0x600B484C, 1u << 16 | 1u << 19 | 1u << 22}}},
    {"esp32c5", 0, NULL, UNKNOWN, 8 * MB, .efuses = {{0x600B484C, 2u << 13 | 2u << 19}}},
    {"esp32c6", 0, "ESP32-C6 (QFN40)", UNKNOWN, UNKNOWN, .efuses = {{0}}},
    {"esp32c6", 1, "ESP32-C6FH4 (QFN32)", 4 * MB, UNKNOWN,
     .efuses = {{0x600B0850, 1u << 24}, {0x600B0854, 1}}},
    {"esp32c6", 0, "ESP32-C6 (QFN40)", 8 * MB, UNKNOWN, .efuses = {{0x600B0854, 2}}},
    {"esp32c6", 0, "ESP32-C6 (QFN40)", UNKNOWN, UNKNOWN, .efuses = {{0x600B0854, 3}}},
    {"esp32c61", 3, NULL, 0, 0, .efuses = {{0x600B484C, 3u << 26}}},
    {"esp32c61", 0, NULL, 4 * MB, 2 * MB, .efuses = {{0x600B484C, 1u << 13 | 1u << 19}}},
    {"esp32c61", 0, NULL, 8 * MB, 8 * MB, .efuses = {{0x600B484C, 2u << 13 | 2u << 19}}},
    {"esp32c61", 0, NULL, UNKNOWN, UNKNOWN, .efuses = {{0x600B484C, 3u << 13 | 3u << 19}}},
    {"esp32h2", 6, NULL, 0, UNKNOWN, .efuses = {{0x600B0854, 6}}},
    {"esp32h2", 0, NULL, 4 * MB, UNKNOWN, "XMC", .efuses = {{0x600B0850, 1u << 24 | 1u << 29}}},
    {"esp32h2", 0, NULL, 2 * MB, UNKNOWN, "GD", .efuses = {{0x600B0850, 2u << 24 | 2u << 29}}},
    {"esp32h2", 0, NULL, 1 * MB, UNKNOWN, "TT", .efuses = {{0x600B0850, 3u << 24 | 4u << 29}}},
    {"esp32p4", 5, NULL, UNKNOWN, UNKNOWN, .efuses = {{0x5012D04C, 5u << 20}}},
    {"esp32s31", 0, "ESP32-S31", UNKNOWN, UNKNOWN, .revision = 2},
    {"esp32s31", 3, NULL, UNKNOWN, UNKNOWN, .revision = 102, .efuses = {{0x20715060, 3u << 6}}},
    {"esp32h21", 0, NULL, 0, UNKNOWN, .revision = 1},
    {"esp32h21", 5, NULL, 4 * MB, UNKNOWN, "FM", .revision = 101,
     .efuses = {{0x600B4058, 5u << 11}, {0x600B4050, 1u << 24 | 1u << 27}}},
    {"esp32h21", 0, NULL, 2 * MB, UNKNOWN, "XMC", .efuses = {{0x600B4050, 2u << 24 | 2u << 27}}},
    {"esp32h21", 0, NULL, UNKNOWN, UNKNOWN, .efuses = {{0x600B4050, 3u << 24}}},
    {"esp32h4", 0, NULL, 0, 0, .revision = 2},
    {"esp32h4", 6, NULL, 4 * MB, 8 * MB, "FM", "AP", .revision = 101,
     .efuses = {{0x600B1850, 1u << 31}, {0x600B1854, 1u << 2 | 1u << 5 | 1u << 8 | 6u << 12}}},
    {"esp32h4", 0, NULL, 4 * MB, 2 * MB, "PY", "AP",
     .efuses = {{0x600B1850, 1u << 31}, {0x600B1854, 3u << 2 | 2u << 5 | 1u << 8}}},
    {"esp32h4", 0, NULL, UNKNOWN, UNKNOWN, .efuses = {{0x600B1854, 1u | 2u << 2 | 3u << 5}}},
};
/* clang-format on */

#define BOARD(...)                                                                                           \
    BENCH(.wiring = ESP_SIM_WIRING_BRIDGE, .timing = ESP_SIM_TIMING_FAST, .accepts_any_stub = true,          \
          .mac = {0x40, 0x4C, 0xCA, 0x01, 0x02, 0x03}, __VA_ARGS__)

static esp_loader_chip_info_t info_of(bench_t *b)
{
    esp_loader_chip_info_t info;
    memset(&info, 0xA5, sizeof(info));
    assert_success(esp_loader_read_chip_info(&b->loader, &info));
    return info;
}

static void assert_text(const char *actual, const char *expected)
{
    if (expected == NULL) {
        assert_null(actual);
    } else {
        assert_non_null(actual);
        assert_string_equal(actual, expected);
    }
}

static bench_t bench_of(const part_t *part, size_t loader)
{
    bench_t b = BOARD(.chip = part->chip, .chip_revision = part->revision);
    memcpy(b.config.efuses, part->efuses, sizeof(part->efuses));
    b.target_loader = (int)loader;
    return b;
}

TEST_CONNECTED_EACH(every_field_of_every_chip_is_read, COUNT(parts) * LOADER_COUNT,
                    bench_of(&parts[i % COUNT(parts)], i / COUNT(parts)))
{
    const part_t *part = &parts[i % COUNT(parts)];
    const esp_loader_chip_info_t info = info_of(b);
    assert_int_equal(info.chip, esp_loader_get_target(&b->loader));
    if (part->revision != 0) {
        assert_int_equal(info.revision, part->revision);
    }
    assert_int_equal(info.package, part->package);
    assert_text(info.package_name, part->package_name);
    assert_int_equal(info.flash_size, part->flash_size);
    assert_text(info.flash_vendor, part->flash_vendor);
    assert_int_equal(info.psram_size, part->psram_size);
    assert_text(info.psram_vendor, part->psram_vendor);
    assert_int_equal(info.has_octal_flash, part->has_octal_flash);
}

TEST(every_chip_of_the_simulator_is_described)
{
    for (const char *const *chip = esp_sim_chip_names(); *chip != NULL; chip++) {
        bool is_tested = false;
        for (size_t i = 0; i < COUNT(parts); i++) {
            is_tested = is_tested || strcmp(parts[i].chip, *chip) == 0;
        }
        if (!is_tested) {
            fail_msg("%s", *chip);
        }
    }
}

static const struct {
    const char *chip;
    uint32_t mhz, rom_khz;
} boards[] = {{"esp8266", 26, 0},  {"esp8266", 40, 0},     {"esp32", 40, 45000},   {"esp32", 26, 24000},
              {"esp32s2", 40, 0},  {"esp32s3", 40, 0},     {"esp32c2", 26, 0},     {"esp32c2", 40, 0},
              {"esp32c3", 40, 0},  {"esp32c5", 40, 48000}, {"esp32c5", 48, 40000}, {"esp32c6", 40, 0},
              {"esp32h2", 32, 0},  {"esp32c61", 40, 0},    {"esp32p4", 40, 0},     {"esp32s31", 40, 0},
              {"esp32h21", 32, 0}, {"esp32h4", 32, 0}};

#ifdef ESP_LOADER_SMALL /* which does not measure it to change the rate */
#define CAN_CHANGE_RATE(board) ((board).rom_khz == 0 && strcmp((board).chip, "esp32c2") != 0)
#else
#define CAN_CHANGE_RATE(board) true
#endif

TEST_CONNECTED_EACH(crystal_is_known_or_measured, COUNT(boards) * 2,
                    BOARD(.chip = boards[i / 2].chip, .crystal_mhz = boards[i / 2].mhz,
                          .rom_crystal_khz = boards[i / 2].rom_khz))
{
    if (i % 2 == 1 && strcmp(b->config.chip, "esp8266") != 0 && /* whose ROM cannot go faster */
        CAN_CHANGE_RATE(boards[i / 2])) {
        assert_success(esp_loader_change_transmission_rate(&b->loader, 921600));
    }
    assert_int_equal(info_of(b).crystal_mhz, b->config.crystal_mhz);
}

static const uint32_t senseless_dividers[] = {0, 1, 0xFFFFF};

TEST_CONNECTED_EACH(senseless_measurement_is_an_unknown_crystal, COUNT(senseless_dividers),
                    BOARD(.chip = "esp32c2"))
{
    assert_success(esp_loader_write_register(&b->loader, 0x60000014, senseless_dividers[i]));
    assert_int_equal(info_of(b).crystal_mhz, UNKNOWN);
}

static const struct {
    const char *chip;
    uint32_t high_word; /* address of that of the MAC address; 0 = has none */
} addresses[] = {{"esp32c5", 0x600B4848},  {"esp32c6", 0x600B0848}, {"esp32h2", 0x600B0848},
                 {"esp32h21", 0x600B4048}, {"esp32h4", 0x600B1848}, {"esp32s31", 0},
                 {"esp32c61", 0},          {"esp32c3", 0},          {"esp32", 0}};

TEST_CONNECTED_EACH(chips_with_802_15_4_have_a_longer_address, COUNT(addresses),
                    BOARD(.chip = addresses[i].chip, .efuses = {{addresses[i].high_word, 0xFFFE0000}}))
{
    static const uint8_t expected[8] = {0x40, 0x4C, 0xCA, 0xFF, 0xFE, 0x01, 0x02, 0x03};
    const esp_loader_chip_info_t info = info_of(b);
    assert_int_equal(info.has_eui64, addresses[i].high_word != 0);
    if (info.has_eui64) {
        assert_memory_equal(info.eui64, expected, sizeof(expected));
    }
    assert_answers(b);
}

static const struct {
    uint32_t burnt_revision, block_minor, block_major, revision;
} s3_fuses[] = {{100, 1, 1, 0}, {100, 1, 0, 100}, {100, 2, 1, 100},
                {2, 1, 1, 2},   {208, 1, 1, 0},   {302, 2, 1, 302}};

/* Its first parts have calibration data where the major revision is. */
TEST_CONNECTED_EACH(s3_v0_0_is_told_apart, COUNT(s3_fuses),
                    BOARD(.chip = "esp32s3", .chip_revision = s3_fuses[i].burnt_revision,
                          .efuses = {{0x60007050, s3_fuses[i].block_minor << 24},
                                     {0x6000706C, s3_fuses[i].block_major}}))
{
    uint32_t revision;
    assert_int_equal(info_of(b).revision, s3_fuses[i].revision);
    assert_success(esp_loader_read_chip_revision(&b->loader, &revision));
    assert_int_equal(revision, s3_fuses[i].revision);
}

static bool has_protection(size_t i)
{
    return chips[i / 4].chip != ESP8266_CHIP;
}

TEST_CONNECTED_EACH(protection_of_every_chip_is_told, chip_count * 4,
                    BOARD(.chip = chips[i / 4].sim_name,
                          .is_flash_encrypted = has_protection(i) && i % 2 != 0,
                          .secure_boot = has_protection(i) && i % 4 >= 2 ? ESP_SIM_SECURE_BOOT_V2
                                                                         : ESP_SIM_SECURE_BOOT_OFF))
{
    const esp_loader_chip_info_t info = info_of(b);
    assert_int_equal(info.has_protection, has_protection(i));
    assert_int_equal(info.flash_encryption_enabled, b->config.is_flash_encrypted);
    assert_int_equal(info.secure_boot_enabled, b->config.secure_boot == ESP_SIM_SECURE_BOOT_V2);
}

TEST_CONNECTED(esp8266_has_no_revision, BOARD(.chip = "esp8266"))
{
    assert_int_equal(info_of(b).revision, UNKNOWN);
    assert_success(esp_loader_error_detail(&b->loader)->error);
}

TEST_OPEN(nothing_is_read_in_secure_download_mode_or_without_a_target,
          BOARD(.chip = "esp32c6", .is_secure_download = true))
{
    esp_loader_chip_info_t info;
    assert_int_equal(esp_loader_read_chip_info(&b->loader, &info), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(bench_cause(b), ESP_LOADER_ERROR_NOT_CONNECTED);
    assert_success(bench_try_connect(b));
    assert_int_equal(esp_loader_read_chip_info(&b->loader, &info), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(bench_cause(b), ESP_LOADER_ERROR_SECURITY);
}

TEST_CONNECTED(security_information_has_counter_and_key_purposes,
               BOARD(.chip = "esp32s3", .secure_boot = ESP_SIM_SECURE_BOOT_V2,
                     .efuses = {{0x60007034, 4u << 24 | 9u << 28 | 7u << 18}, {0x60007038, 10u | 11u << 12}}))
{
    static const uint8_t purposes[7] = {4, 9, 10, 0, 0, 11, 0};
    esp_loader_target_security_info_t info;
    assert_success(esp_loader_get_security_info(&b->loader, &info));
    assert_true(info.secure_boot_enabled && info.flash_encryption_enabled);
    assert_int_equal(info.flash_crypt_count, 7);
    assert_memory_equal(info.key_purposes, purposes, sizeof(purposes));
}
