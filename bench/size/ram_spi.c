/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a microcontroller needs to start a program in RAM over SPI. The port does nothing, so all that is counted is the
 * library. Linked, never run.
 */
#include "null_port.h"

#define BLOCK_SIZE 4096u

static esp_loader_t loader;
static uint8_t block[BLOCK_SIZE];

static esp_loader_error_t start_in_ram(esp_loader_port_t *port)
{
    esp_loader_connect_args_t args = ESP_LOADER_CONNECT_DEFAULT();
    esp_loader_mem_cfg_t cfg = {.offset = 0x40380000, .size = BLOCK_SIZE, .block_size = BLOCK_SIZE};
    RETURN_ON_ERROR(esp_loader_init_spi(&loader, port));
    RETURN_ON_ERROR(esp_loader_connect(&loader, &args));
    RETURN_ON_ERROR(esp_loader_mem_start(&loader, &cfg));
    RETURN_ON_ERROR(esp_loader_mem_write(&loader, &cfg, block, BLOCK_SIZE));
    return esp_loader_mem_finish(&loader, &cfg, cfg.offset);
}

int main(void)
{
    esp_loader_port_t port = {.ops = &PORT_OPS};
    return (int)start_in_ram(&port);
}
