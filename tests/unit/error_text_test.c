/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Names and texts: every code and stage has one of its own, and nothing outside them is followed.
 */
#include <string.h>

#include "esp_loader.h"
#include "esp_loader_error.h"
#include "test.h"

static const char *name_of(int code)
{
    return esp_loader_error_name((esp_loader_error_t)code);
}

static const char *text_of(int code)
{
    return esp_loader_error_text((esp_loader_error_t)code);
}

static const char *stage_of(int stage)
{
    return esp_loader_stage_name((esp_loader_stage_t)stage);
}

static void assert_all_differ(const char *(*get)(int), int count)
{
    for (int i = 0; i < count; i++) {
        assert_non_null(get(i));
        assert_true(get(i)[0] != '\0');
        assert_null(strstr(get(i), "unknown error"));
        assert_null(strstr(get(i), "unknown stage"));
        for (int k = 0; k < i; k++) {
            assert_string_not_equal(get(i), get(k));
        }
    }
}

TEST(every_code_has_a_name_and_a_text_of_its_own)
{
    assert_all_differ(name_of, ESP_LOADER_ERROR_COUNT);
    assert_all_differ(text_of, ESP_LOADER_ERROR_COUNT);
}

static const char *fault_of(int fault)
{
    return esp_loader_fault_text((esp_loader_fault_t)fault);
}

TEST(every_fault_has_a_text_of_its_own)
{
    assert_all_differ(fault_of, ESP_LOADER_FAULT_COUNT);
    assert_string_equal(fault_of(ESP_LOADER_FAULT_COUNT), "unknown fault");
}

TEST(every_stage_has_a_name_of_its_own)
{
    assert_all_differ(stage_of, ESP_LOADER_STAGE_COUNT);
}

TEST(names_are_those_of_the_enumeration)
{
    assert_string_equal(name_of(0), "ESP_LOADER_SUCCESS");
    assert_string_equal(name_of(2), "ESP_LOADER_ERROR_TIMEOUT");
    assert_string_equal(name_of(9), "ESP_LOADER_ERROR_INVALID_RESPONSE");
    assert_string_equal(name_of(10), "ESP_LOADER_ERROR_EFUSE_BLOCK_IN_USE");
    assert_string_equal(name_of(11), "ESP_LOADER_ERROR_EFUSE_BURN_FAILED");
    assert_string_equal(name_of(12), "ESP_LOADER_ERROR_DISCONNECTED");
    assert_string_equal(name_of(ESP_LOADER_ERROR_COUNT - 1), "ESP_LOADER_ERROR_FLASH_WRAPS");
    for (int code = 1; code < ESP_LOADER_ERROR_COUNT; code++) {
        assert_ptr_equal(strstr(name_of(code), "ESP_LOADER_ERROR_"), name_of(code));
    }
}

/* Programs index arrays by chip numbers and store codes. Source: esp_loader.h and esp_loader_error.h of the 2.0
 * and 2.1 APIs. */
TEST(numbers_are_those_of_the_api)
{
    static const int chips[] = {ESP8266_CHIP,  ESP32_CHIP,    ESP32S2_CHIP,  ESP32C3_CHIP, ESP32S3_CHIP,
                                ESP32C2_CHIP,  ESP32C5_CHIP,  ESP32H2_CHIP,  ESP32C6_CHIP, ESP32P4_CHIP,
                                ESP32C61_CHIP, ESP32S31_CHIP, ESP32H21_CHIP, ESP32H4_CHIP, ESP_UNKNOWN_CHIP};
    static const int errors[] = {ESP_LOADER_SUCCESS,
                                 ESP_LOADER_ERROR_FAIL,
                                 ESP_LOADER_ERROR_TIMEOUT,
                                 ESP_LOADER_ERROR_IMAGE_SIZE,
                                 ESP_LOADER_ERROR_INVALID_MD5,
                                 ESP_LOADER_ERROR_INVALID_PARAM,
                                 ESP_LOADER_ERROR_INVALID_TARGET,
                                 ESP_LOADER_ERROR_UNSUPPORTED_CHIP,
                                 ESP_LOADER_ERROR_UNSUPPORTED_FUNC,
                                 ESP_LOADER_ERROR_INVALID_RESPONSE,
                                 ESP_LOADER_ERROR_EFUSE_BLOCK_IN_USE,
                                 ESP_LOADER_ERROR_EFUSE_BURN_FAILED};

    for (size_t i = 0; i < sizeof(chips) / sizeof(chips[0]); i++) {
        assert_int_equal(chips[i], i);
    }
    assert_int_equal(ESP_MAX_CHIP, ESP_UNKNOWN_CHIP);
    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
        assert_int_equal(errors[i], i);
    }
}

TEST(texts_are_fragments_without_full_stop)
{
    for (int code = 0; code < ESP_LOADER_ERROR_COUNT; code++) {
        const char *text = text_of(code);
        assert_true(text[0] >= 'a' && text[0] <= 'z');
        assert_true(text[strlen(text) - 1] != '.');
    }
}

TEST(values_outside_the_enumerations_are_unknown)
{
    static const int outside[] = {-1, 1000, INT32_MAX, INT32_MIN};

    assert_string_equal(name_of(ESP_LOADER_ERROR_COUNT), "unknown error");
    assert_string_equal(text_of(ESP_LOADER_ERROR_COUNT), "unknown error");
    assert_string_equal(stage_of(ESP_LOADER_STAGE_COUNT), "unknown stage");
    for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++) {
        assert_string_equal(name_of(outside[i]), "unknown error");
        assert_string_equal(text_of(outside[i]), "unknown error");
        assert_string_equal(stage_of(outside[i]), "unknown stage");
    }
}
