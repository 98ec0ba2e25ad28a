/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The smallest complete host: one image from memory flashed and verified, through a port made of five board
 * functions (board_port.c).
 */
#include "board_port.h"
#include "esp_loader.h"

enum {
    IMAGE_OFFSET = 0x10000,
    BLOCK_SIZE = 1024,
};

/* Stands for the image to flash; a real host has it in its own flash or receives it from somewhere. */
static const uint8_t IMAGE[4 * BLOCK_SIZE] = {0xE9};

static esp_loader_error_t flash_image(esp_loader_t *loader)
{
    esp_loader_flash_cfg_t cfg = {
        .offset = IMAGE_OFFSET,
        .image_size = sizeof(IMAGE),
        .block_size = BLOCK_SIZE,
    };
    RETURN_ON_ERROR(esp_loader_connect(loader, NULL));
    RETURN_ON_ERROR(esp_loader_flash_start(loader, &cfg));
    for (uint32_t done = 0; done < sizeof(IMAGE); done += BLOCK_SIZE) {
        RETURN_ON_ERROR(esp_loader_flash_write(loader, &cfg, IMAGE + done, BLOCK_SIZE));
    }
    RETURN_ON_ERROR(esp_loader_flash_finish(loader, &cfg));
    esp_loader_reset_target(loader);
    return ESP_LOADER_SUCCESS;
}

int main(void)
{
    static esp_loader_t loader; /* 1.5 KiB: too much for some stacks */
    esp_loader_port_t port = {.ops = &board_port_ops};
    esp_loader_error_t error = esp_loader_init_serial(&loader, &port);
    if (error == ESP_LOADER_SUCCESS) {
        error = flash_image(&loader);
        esp_loader_deinit(&loader);
    }
    return (int)error;
}
