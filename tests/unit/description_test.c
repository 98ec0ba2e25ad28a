/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What an image says about itself, and images that say nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "builders.h"
#include "test.h"

enum { FIRST_DATA = 32, APP_SIZE = FIRST_DATA + 256, BOOTLOADER_SIZE = FIRST_DATA + 80 };

/* Field by field, from the layout in docs/formats.md. */
static void make_app(uint8_t image[APP_SIZE])
{
    static const uint8_t MAGIC[] = {0x32, 0x54, 0xCD, 0xAB, 7, 0, 0, 0};
    uint8_t *d = image + FIRST_DATA;

    memset(image, 0, APP_SIZE);
    image[0] = 0xE9;
    memcpy(d, MAGIC, sizeof(MAGIC));
    memcpy(d + 16, "v1.2-34-g567", 12);
    memcpy(d + 48, "a_project_name_of_32_characters_", 32);
    memcpy(d + 80, "12:34:56", 8);
    memcpy(d + 96, "Jan  1 2026", 11);
    memcpy(d + 112, "v6.1", 4);
    memset(d + 144, 0x5A, 32);
    d[176] = 1;
    d[178] = 0x2B;
    d[179] = 0x01;
    d[180] = 16;
}

static void make_bootloader(uint8_t image[BOOTLOADER_SIZE])
{
    uint8_t *d = image + FIRST_DATA;

    memset(image, 0, BOOTLOADER_SIZE);
    image[0] = 0xE9;
    d[0] = 0x50;
    d[3] = 2;
    d[4] = 5;
    memcpy(d + 8, "v6.1", 4);
    memcpy(d + 40, "Jan  1 2026 12:34:56", 20);
}

TEST(an_apps_description_is_decoded)
{
    uint8_t image[APP_SIZE];
    esp_loader_source_t source = {esp_loader_read_memory, image, sizeof(image)};
    esp_loader_app_description_t app;

    make_app(image);
    memset(&app, 0xA5, sizeof(app));
    assert_int_equal(esp_loader_app_description_read(&source, &app), ESP_LOADER_SUCCESS);
    assert_int_equal(app.secure_version, 7);
    assert_string_equal(app.version, "v1.2-34-g567");
    assert_string_equal(app.project, "a_project_name_of_32_characters_");
    assert_string_equal(app.time, "12:34:56");
    assert_string_equal(app.date, "Jan  1 2026");
    assert_string_equal(app.sdk, "v6.1");
    for (size_t i = 0; i < sizeof(app.elf_sha256); i++) {
        assert_int_equal(app.elf_sha256[i], 0x5A);
    }
    assert_int_equal(app.min_block_revision, 1);
    assert_int_equal(app.max_block_revision, 299);
    assert_int_equal(app.mmu_page_log2, 16);
}

TEST(a_bootloaders_description_is_decoded)
{
    uint8_t image[BOOTLOADER_SIZE];
    esp_loader_source_t source = {esp_loader_read_memory, image, sizeof(image)};
    esp_loader_bootloader_description_t bootloader;

    make_bootloader(image);
    memset(&bootloader, 0xA5, sizeof(bootloader));
    assert_int_equal(esp_loader_bootloader_description_read(&source, &bootloader), ESP_LOADER_SUCCESS);
    assert_int_equal(bootloader.secure_version, 2);
    assert_int_equal(bootloader.version, 5);
    assert_string_equal(bootloader.sdk, "v6.1");
    assert_string_equal(bootloader.date_time, "Jan  1 2026 12:34:56");
}

TEST(what_has_no_description_is_refused)
{
    uint8_t app_image[APP_SIZE];
    uint8_t bootloader_image[BOOTLOADER_SIZE];
    esp_loader_source_t app_source = {esp_loader_read_memory, app_image, sizeof(app_image)};
    esp_loader_source_t bootloader_source = {esp_loader_read_memory, bootloader_image,
                                             sizeof(bootloader_image)};
    esp_loader_app_description_t app;
    esp_loader_bootloader_description_t bootloader;

    make_app(app_image);
    make_bootloader(bootloader_image);
    assert_int_equal(esp_loader_bootloader_description_read(&app_source, &bootloader),
                     ESP_LOADER_ERROR_IMAGE_FORMAT);
    assert_int_equal(esp_loader_app_description_read(&bootloader_source, &app),
                     ESP_LOADER_ERROR_IMAGE_FORMAT);
    app_image[FIRST_DATA + 3] = 0xAA; /* the last byte of its magic number */
    assert_int_equal(esp_loader_app_description_read(&app_source, &app), ESP_LOADER_ERROR_IMAGE_FORMAT);
    make_app(app_image);
    app_image[0] = 0xEA;
    bootloader_image[0] = 0xFF;
    assert_int_equal(esp_loader_app_description_read(&app_source, &app), ESP_LOADER_ERROR_IMAGE_FORMAT);
    assert_int_equal(esp_loader_bootloader_description_read(&bootloader_source, &bootloader),
                     ESP_LOADER_ERROR_IMAGE_FORMAT);
}

/* The memory has exactly the bytes it says, so that a memory checker sees a step beyond. */
TEST(a_source_of_any_length_is_read_within_its_bounds)
{
    uint8_t image[APP_SIZE];

    make_app(image);
    for (uint32_t size = 0; size < APP_SIZE; size++) {
        uint8_t *exact = malloc(size == 0 ? 1 : size);
        esp_loader_source_t source = {esp_loader_read_memory, exact, size};
        esp_loader_app_description_t app;
        assert_non_null(exact);
        memcpy(exact, image, size);
        assert_int_equal(esp_loader_app_description_read(&source, &app),
                         size < FIRST_DATA + 182 ? ESP_LOADER_ERROR_IMAGE_FORMAT : ESP_LOADER_SUCCESS);
        free(exact);
    }
}

static esp_loader_error_t failing_read(void *ctx, uint32_t offset, void *buf, size_t size)
{
    (void)ctx;
    (void)offset;
    (void)buf;
    (void)size;
    return ESP_LOADER_ERROR_TIMEOUT;
}

TEST(a_failure_of_the_source_comes_back_as_it_is)
{
    esp_loader_source_t source = {failing_read, NULL, 4096};
    esp_loader_app_description_t app;
    esp_loader_bootloader_description_t bootloader;

    assert_int_equal(esp_loader_app_description_read(&source, &app), ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(esp_loader_bootloader_description_read(&source, &bootloader), ESP_LOADER_ERROR_TIMEOUT);
}
