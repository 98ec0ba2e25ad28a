/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What plans cost on top: the program flashes three images as a plan, through the ROM loader. Linked, never
 * run.
 */
#include "esp_loader_plan.h"
#include "null_port.h"

static esp_loader_t loader;
static uint8_t buffer[2048];
static uint8_t content[3][4096];

static esp_loader_error_t flash_images(esp_loader_port_t *port)
{
    esp_loader_connect_args_t args = ESP_LOADER_CONNECT_DEFAULT();
    const esp_loader_image_t images[] = {
        {.offset = 0x0, .source = {esp_loader_read_memory, content[0], sizeof(content[0])}},
        {.offset = 0x8000, .source = {esp_loader_read_memory, content[1], sizeof(content[1])}},
        {.offset = 0x10000, .source = {esp_loader_read_memory, content[2], sizeof(content[2])}},
    };
    const esp_loader_plan_options_t options = {.buffer = buffer, .buffer_size = sizeof(buffer)};
    RETURN_ON_ERROR(esp_loader_init_serial(&loader, port));
    RETURN_ON_ERROR(esp_loader_connect(&loader, &args));
    RETURN_ON_ERROR(esp_loader_plan_run(&loader, images, 3, &options, NULL));
    esp_loader_reset_target(&loader);
    return ESP_LOADER_SUCCESS;
}

int main(void)
{
    esp_loader_port_t port = {.ops = &PORT_OPS};
    return (int)flash_images(&port);
}
