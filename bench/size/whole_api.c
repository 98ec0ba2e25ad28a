/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A program that calls every function of the 2.0 API, but for those of the other transports. Linked, never run.
 */
#include "null_port.h"

#define BLOCK_SIZE 1024u
#define BLOCKS     64u

static esp_loader_t loader;
static uint8_t block[BLOCK_SIZE];

static esp_loader_error_t connect(esp_loader_port_t *port)
{
    esp_loader_connect_args_t args = ESP_LOADER_CONNECT_DEFAULT();
    RETURN_ON_ERROR(esp_loader_init_serial(&loader, port));
    RETURN_ON_ERROR(esp_loader_connect(&loader, &args));
    RETURN_ON_ERROR(esp_loader_connect_secure_download_mode(&loader, &args, 4u << 20));
    RETURN_ON_ERROR(esp_loader_connect_with_stub(&loader, &args));
    return esp_loader_change_transmission_rate(&loader, 921600);
}

static esp_loader_error_t write_flash(void)
{
    esp_loader_flash_cfg_t cfg = {
        .offset = 0x10000, .image_size = BLOCKS * BLOCK_SIZE, .block_size = BLOCK_SIZE};
    RETURN_ON_ERROR(esp_loader_flash_start(&loader, &cfg));
    for (uint32_t i = 0; i < BLOCKS; i++) {
        RETURN_ON_ERROR(esp_loader_flash_write(&loader, &cfg, block, BLOCK_SIZE));
    }
    return esp_loader_flash_finish(&loader, &cfg);
}

static esp_loader_error_t write_compressed(void)
{
    esp_loader_flash_deflate_cfg_t cfg = {.offset = 0x10000,
                                          .image_size = BLOCKS * BLOCK_SIZE,
                                          .compressed_size = BLOCK_SIZE,
                                          .block_size = BLOCK_SIZE};
    RETURN_ON_ERROR(esp_loader_flash_deflate_start(&loader, &cfg));
    RETURN_ON_ERROR(esp_loader_flash_deflate_write(&loader, &cfg, block, BLOCK_SIZE));
    RETURN_ON_ERROR(esp_loader_flash_deflate_finish(&loader, &cfg));
    return esp_loader_flash_verify_known_md5(&loader, cfg.offset, cfg.image_size, block);
}

static esp_loader_error_t read_and_erase(void)
{
    uint32_t size;
    RETURN_ON_ERROR(esp_loader_flash_detect_size(&loader, &size));
    RETURN_ON_ERROR(esp_loader_flash_read(&loader, block, 0, BLOCK_SIZE));
    RETURN_ON_ERROR(esp_loader_flash_erase_region(&loader, 0, size));
    return esp_loader_flash_erase(&loader);
}

static esp_loader_error_t load_ram(void)
{
    esp_loader_mem_cfg_t cfg = {.offset = 0x40380000, .size = BLOCK_SIZE, .block_size = BLOCK_SIZE};
    RETURN_ON_ERROR(esp_loader_mem_start(&loader, &cfg));
    RETURN_ON_ERROR(esp_loader_mem_write(&loader, &cfg, block, BLOCK_SIZE));
    return esp_loader_mem_finish(&loader, &cfg, cfg.offset);
}

static esp_loader_error_t ask(void)
{
    esp_loader_target_security_info_t info;
    uint32_t value;
    RETURN_ON_ERROR(esp_loader_get_security_info(&loader, &info));
    RETURN_ON_ERROR(esp_loader_read_mac(&loader, block));
    RETURN_ON_ERROR(esp_loader_read_register(&loader, 0x60000000, &value));
    RETURN_ON_ERROR(esp_loader_write_register(&loader, 0x60000000, value));
    return esp_loader_get_target(&loader) == info.target_chip ? ESP_LOADER_SUCCESS : ESP_LOADER_ERROR_FAIL;
}

static esp_loader_error_t use_everything(esp_loader_port_t *port)
{
    RETURN_ON_ERROR(connect(port));
    RETURN_ON_ERROR(write_flash());
    RETURN_ON_ERROR(write_compressed());
    RETURN_ON_ERROR(read_and_erase());
    RETURN_ON_ERROR(load_ram());
    RETURN_ON_ERROR(ask());
    esp_loader_reset_target(&loader);
    esp_loader_deinit(&loader);
    return ESP_LOADER_SUCCESS;
}

int main(void)
{
    esp_loader_port_t port = {.ops = &PORT_OPS};
    return (int)use_everything(&port);
}
