/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a microcontroller needs to flash one image over SDIO, with the stub, and verify it. The port does nothing, so all that
 * is counted is the library. Linked, never run.
 */
#include "esp_loader.h"

#define BLOCK_SIZE 4096u
#define BLOCKS     16u

static volatile uint32_t hardware;
static esp_loader_t loader;
static uint8_t block[BLOCK_SIZE];

static esp_loader_error_t card_init(esp_loader_port_t *port)
{
    (void)port;
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t sdio_write(esp_loader_port_t *port, uint32_t function, uint32_t addr,
                                     const uint8_t *data, uint16_t size, uint32_t timeout)
{
    (void)port;
    hardware = function + addr + data[0] + size + timeout;
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t sdio_read(esp_loader_port_t *port, uint32_t function, uint32_t addr, uint8_t *data,
                                    uint16_t size, uint32_t timeout)
{
    (void)port;
    hardware = function + addr + size + timeout;
    data[0] = (uint8_t)hardware;
    return ESP_LOADER_SUCCESS;
}

static uint32_t now_ms(esp_loader_port_t *port)
{
    (void)port;
    return hardware;
}

static void delay_ms(esp_loader_port_t *port, uint32_t ms)
{
    (void)port;
    hardware = ms;
}

static const esp_loader_port_ops_t PORT_OPS = {.sdio_card_init = card_init,
                                               .sdio_write = sdio_write,
                                               .sdio_read = sdio_read,
                                               .now_ms = now_ms,
                                               .delay_ms = delay_ms};

static esp_loader_error_t flash_image(esp_loader_port_t *port)
{
    esp_loader_flash_cfg_t cfg = {
        .offset = 0x10000, .image_size = BLOCKS * BLOCK_SIZE, .block_size = BLOCK_SIZE};
    RETURN_ON_ERROR(esp_loader_init_sdio(&loader, port));
    RETURN_ON_ERROR(esp_loader_connect_with_stub(&loader, NULL));
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
