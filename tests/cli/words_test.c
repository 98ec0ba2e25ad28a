/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Names users type: chips and flash parameters. Codes from esptool 5.3 target definitions.
 */
#include "text/chip_name.h"
#include "text/flash_params.h"
#include "test.h"

TEST(chips_are_found_with_and_without_dashes)
{
    assert_int_equal(chip_name_find("esp32s3"), ESP32S3_CHIP);
    assert_int_equal(chip_name_find("ESP32-S3"), ESP32S3_CHIP);
    assert_int_equal(chip_name_find("Esp-32s-3"), ESP32S3_CHIP);
    for (int chip = 0; chip < ESP_MAX_CHIP; chip++) {
        if (esp_loader_chip_bootloader_offset((target_chip_t)chip) != UINT32_MAX) {
            assert_int_equal(chip_name_find(esp_loader_chip_name((target_chip_t)chip)), chip);
        }
    }
}

TEST(other_words_are_no_chip)
{
    static const char *const cases[] = {"",         "-",        "esp",          "esp32s",
                                        "esp32s33", "esp32 s3", "unknown chip", "auto"};

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(chip_name_find(cases[i]), ESP_UNKNOWN_CHIP);
    }
}

static const struct {
    target_chip_t chip;
    flash_params_text_t text;
    uint8_t mode;
    uint8_t freq;
    uint8_t size;
} parameters[] = {
    {ESP32S3_CHIP, {"dio", "80m", "8MB"}, 2, 0xF, 3},
    {ESP32S3_CHIP, {"qio", "40m", "128MB"}, 0, 0, 7},
    {ESP32C2_CHIP, {"qout", "60m", "2MB"}, 1, 0xF, 1},
    {ESP32C6_CHIP, {"dout", "80m", "4MB"}, 3, 0, 2},
    {ESP32H2_CHIP, {"DIO", "48M", "16mb"}, 2, 0xF, 4},
    {ESP8266_CHIP, {"dio", "26m", "4MB-c1"}, 2, 1, 6},
    {ESP32_CHIP, {NULL, "keep", "keep"}, ESP_LOADER_FLASH_KEEP, ESP_LOADER_FLASH_KEEP, ESP_LOADER_FLASH_KEEP},
    {ESP32_CHIP, {"keep", NULL, "1MB"}, ESP_LOADER_FLASH_KEEP, ESP_LOADER_FLASH_KEEP, 0},
};

TEST_ROWS(parameters_become_the_codes_of_the_chip, parameters)
{
    esp_loader_flash_params_t params;

    assert_null(flash_params_find_unknown(&row->text));
    assert_null(flash_params_encode(&row->text, row->chip, 0, &params));
    assert_int_equal(params.mode_code, row->mode);
    assert_int_equal(params.freq_code, row->freq);
    assert_int_equal(params.size_code, row->size);
}

TEST(detected_size_becomes_its_code_or_is_refused)
{
    const flash_params_text_t text = {.size = "detect"};
    esp_loader_flash_params_t params;

    assert_true(flash_params_need_size(&text));
    assert_true(flash_params_are_wanted(&text));
    assert_null(flash_params_find_unknown(&text));
    assert_null(flash_params_encode(&text, ESP32S3_CHIP, 8u << 20, &params));
    assert_int_equal(params.size_code, 3);
    assert_null(flash_params_encode(&text, ESP8266_CHIP, 512u << 10, &params));
    assert_int_equal(params.size_code, 0);
    assert_string_equal(flash_params_encode(&text, ESP32S3_CHIP, 0, &params), "flash-size");
    assert_string_equal(flash_params_encode(&text, ESP32S3_CHIP, 512u << 10, &params), "flash-size");
    assert_string_equal(flash_params_encode(&text, ESP32S3_CHIP, 3u << 20, &params), "flash-size");
}

static const struct {
    flash_params_text_t text;
    const char *option;
} impossible_values[] = {
    {{"fast", NULL, NULL}, "flash-mode"}, {{NULL, "81m", NULL}, "flash-freq"},
    {{NULL, NULL, "3MB"}, "flash-size"},  {{"dio", "80", NULL}, "flash-freq"},
    {{NULL, NULL, ""}, "flash-size"},
};

TEST_ROWS(values_no_chip_has_are_found_without_a_chip, impossible_values)
{
    assert_string_equal(flash_params_find_unknown(&row->text), row->option);
}

TEST(values_of_another_chip_are_refused_for_this_one)
{
    esp_loader_flash_params_t params;

    assert_string_equal(flash_params_encode(&(flash_params_text_t){.freq = "80m"}, ESP32H2_CHIP, 0, &params),
                        "flash-freq");
    assert_string_equal(flash_params_encode(&(flash_params_text_t){.freq = "26m"}, ESP32C6_CHIP, 0, &params),
                        "flash-freq");
    assert_string_equal(
        flash_params_encode(&(flash_params_text_t){.size = "256KB"}, ESP32S3_CHIP, 0, &params), "flash-size");
    assert_string_equal(flash_params_encode(&(flash_params_text_t){.size = "32MB"}, ESP8266_CHIP, 0, &params),
                        "flash-size");
}

TEST(nothing_asked_for_is_nothing_wanted)
{
    assert_false(flash_params_are_wanted(&(flash_params_text_t){0}));
    assert_false(flash_params_are_wanted(&(flash_params_text_t){"keep", "keep", "keep"}));
    assert_true(flash_params_are_wanted(&(flash_params_text_t){.freq = "80m"}));
}
