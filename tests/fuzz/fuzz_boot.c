/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The simulated chip booting from a flash that holds anything. It boots or says why not, in text that a
 * terminal shows as it is; and what it boots from, the library accepts, but for the SHA-256 that a ROM does
 * not mind.
 *
 * Input: chip and wiring, then bytes for the bootloader, the partition table, otadata and the app.
 */
#include <stdlib.h>
#include <string.h>

#include "../../tools/mkimage/image.h"
#include "../../tools/mkimage/table.h"
#include "esp_sim.h"
#include "source.h"

enum {
    FLASH_SIZE = 1024 * 1024,
    TABLE_OFF = 0x8000,
    OTADATA_OFF = 0x9000,
    APP_OFF = 0x10000,
    DIGEST_FLAG_OFF = 23,
    PART_MAX = 8192
};

static const char *const names[] = {"esp32s3", "esp32c3", "esp32", "esp8266"};
enum { NAME_COUNT = sizeof(names) / sizeof(names[0]) };

static void place(esp_sim_t *sim, uint32_t offset, fuzz_input_t *input)
{
    const size_t size = fuzz_u16(input) % PART_MAX;
    fuzz_fill(input, esp_sim_flash(sim) + offset, size);
}

static void check_text(const char *text)
{
    for (; *text != '\0'; text++) {
        FUZZ_CHECK((*text >= 0x20 && *text < 0x7F) || *text == '\r' || *text == '\n');
    }
}

static bool is_image(esp_sim_t *sim, uint32_t offset)
{
    const fuzz_input_t bytes = {esp_sim_flash(sim) + offset, FLASH_SIZE - offset};
    const esp_loader_source_t source = fuzz_source(&bytes);
    esp_loader_image_info_t info;
    return esp_loader_image_check(&source, &info) == ESP_LOADER_SUCCESS;
}

/* Does the first header look like one of the ESP8266 to the library? */
static bool looks_like_esp8266(const uint8_t *image)
{
    return image[11] == 0x3F || image[11] == 0x40;
}

void fuzz_one(const uint8_t *data, size_t size)
{
    fuzz_input_t input = {data, size};
    const uint8_t kind = fuzz_u8(&input);
    const mkimage_chip_t *chip = mkimage_chip_find(names[kind % NAME_COUNT]);
    const bool has_usb = kind % NAME_COUNT < 2;
    char error[200] = "";
    FUZZ_CHECK(chip != NULL);
    esp_sim_t *sim =
        esp_sim_new(&(esp_sim_config_t){.chip = chip->name,
                                        .flash_size = FLASH_SIZE,
                                        .wiring = has_usb ? ESP_SIM_WIRING_USJ : ESP_SIM_WIRING_BRIDGE,
                                        .timing = ESP_SIM_TIMING_FAST},
                    error, sizeof(error));
    FUZZ_CHECK(sim != NULL);
    place(sim, chip->bootloader_off, &input);
    place(sim, TABLE_OFF, &input);
    place(sim, OTADATA_OFF, &input);
    place(sim, APP_OFF, &input);

    esp_sim_reset_button(sim, false);
    esp_sim_run_until(sim, esp_sim_now_us(sim) + 3000000);
    esp_sim_state_t state = esp_sim_state(sim);
    FUZZ_CHECK(state == ESP_SIM_STATE_APP || state == ESP_SIM_STATE_BOOT_FAILED);
    check_text(esp_sim_console(sim));
    if (state == ESP_SIM_STATE_APP && !mkimage_has_short_header(chip) &&
        !looks_like_esp8266(esp_sim_flash(sim) + chip->bootloader_off)) {
        esp_sim_flash(sim)[chip->bootloader_off + DIGEST_FLAG_OFF] = 0;
        FUZZ_CHECK(is_image(sim, chip->bootloader_off));
    }
    esp_sim_free(sim);
}

static void put_part(fuzz_seed_t *seed, const uint8_t *bytes, size_t size)
{
    fuzz_put_u8(seed, size & 0xFF);
    fuzz_put_u8(seed, (unsigned)(size >> 8));
    fuzz_put(seed, bytes, size);
}

FUZZ_SEEDS(3 * NAME_COUNT)
{
    static const uint8_t otadata[32] = {1, [24] = 0xFF, 0xFF, 0xFF, 0xFF, 0x9A, 0x98, 0x43, 0x47};
    const mkimage_chip_t *chip = mkimage_chip_find(names[number % NAME_COUNT]);
    const mkimage_options_t options = {.chip = chip,
                                       .header_chip_id = chip->image_id,
                                       .max_revision = 65535,
                                       .has_digest = !mkimage_has_short_header(chip),
                                       .fill = MKIMAGE_FILL_ZERO,
                                       .project = "fuzz",
                                       .version = "1"};
    uint8_t table[MKIMAGE_TABLE_SIZE];
    size_t size = 0;
    uint8_t *bootloader = mkimage_bootloader(&options, MKIMAGE_MIN_SIZE, &size);
    FUZZ_CHECK(bootloader != NULL);
    fuzz_put_u8(seed, number);
    put_part(seed, bootloader, size);
    mkimage_table_start(table);
    FUZZ_CHECK(mkimage_table_add(table, 0, "otadata, data, ota, 0x9000, 0x2000"));
    FUZZ_CHECK(mkimage_table_add(table, 1,
                                 number < NAME_COUNT ? "\x1B[2J, app, factory, 0x10000, 128K"
                                                     : "ota_0, app, ota_0, 0x10000, 128K"));
    mkimage_table_finish(table, 2);
    put_part(seed, table, 4 * 32);
    put_part(seed, otadata, sizeof(otadata));
    uint8_t *app = mkimage_app(&options, MKIMAGE_MIN_SIZE, &size);
    FUZZ_CHECK(app != NULL);
    put_part(seed, app, number < 2 * NAME_COUNT ? size : size / 2);
    free(bootloader);
    free(app);
}
