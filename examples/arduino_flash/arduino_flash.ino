/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Flashes an image into an Espressif chip at Serial1 as soon as the board starts, and says on Serial how it went. The image
 * is that of image.h.
 */
#include <arduino_port.h>
#include <esp_loader.h>
#include <esp_loader_plan.h>

#include "image.h"

static const int en_pin = 2;   /* to the target's EN */
static const int boot_pin = 3; /* to the target's strapping pin */

static arduino_port_t port; /* with its ring: not on a stack */
static esp_loader_t loader;
static uint8_t buffer[2048];

static esp_loader_error_t flash_target()
{
    esp_loader_image_t image = {};
    image.offset = image_offset;
    image.source.read = esp_loader_read_memory;
    image.source.ctx = const_cast<uint8_t *>(image_data);
    image.source.size = sizeof(image_data);
    esp_loader_plan_options_t options = {};
    options.buffer = buffer;
    options.buffer_size = sizeof(buffer);

    esp_loader_error_t error = esp_loader_init_serial(&loader, &port.port);
    if (error == ESP_LOADER_SUCCESS) {
        error = esp_loader_connect(&loader, nullptr);
    }
    if (error == ESP_LOADER_SUCCESS) {
        error = esp_loader_plan_run(&loader, &image, 1, &options, nullptr);
    }
    if (error == ESP_LOADER_SUCCESS) {
        esp_loader_reset_target(&loader);
    }
    esp_loader_deinit(&loader);
    return error;
}

void setup()
{
    Serial.begin(115200);
    port.port.ops = &arduino_serial_ops;
    port.serial = &Serial1;
    port.reset_pin = en_pin;
    port.boot_pin = boot_pin;
    const esp_loader_error_t error = flash_target();
    Serial.println(error == ESP_LOADER_SUCCESS ? "flashed and verified" : esp_loader_error_name(error));
}

void loop()
{
}
