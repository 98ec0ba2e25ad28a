/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a microcontroller needs to flash one image and verify it. The port does nothing, so all that is counted is the
 * library. Linked, never run.
 */
#include "null_port.h"

#define BLOCK_SIZE 1024u
#define BLOCKS     64u

static esp_loader_t loader;
static uint8_t block[BLOCK_SIZE];

static esp_loader_error_t flash_image(esp_loader_port_t *port)
{
    esp_loader_connect_args_t args = ESP_LOADER_CONNECT_DEFAULT();
    esp_loader_flash_cfg_t cfg = {
        .offset = 0x10000, .image_size = BLOCKS * BLOCK_SIZE, .block_size = BLOCK_SIZE};
    RETURN_ON_ERROR(esp_loader_init_serial(&loader, port));
    RETURN_ON_ERROR(esp_loader_connect(&loader, &args));
    RETURN_ON_ERROR(esp_loader_flash_start(&loader, &cfg));
    for (uint32_t i = 0; i < BLOCKS; i++) {
        RETURN_ON_ERROR(esp_loader_flash_write(&loader, &cfg, block, BLOCK_SIZE));
    }
    return esp_loader_flash_finish(&loader, &cfg);
}

int main(void)
{
    esp_loader_port_t port = {.ops = &PORT_OPS};
    return (int)flash_image(&port);
}
