/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The 1.x façade of esp_loader_v1.h: the library's one static context and one operation of each kind.
 * Everything is handed to the context form; the only thing added is the MD5 for
 * esp_loader_v1_flash_verify().
 */
#include <stddef.h>

#define ESP_LOADER_V1_KEEP_NAMES
#include "esp_loader_v1.h"

#ifndef MD5_ENABLED
#define MD5_ENABLED 0
#endif

static struct {
    esp_loader_t loader;
    bool has_port;
    esp_loader_flash_cfg_t flash;
    esp_loader_flash_deflate_cfg_t deflate;
    esp_loader_mem_cfg_t mem;
#if MD5_ENABLED
    esp_loader_md5_t md5;
    uint32_t md5_size;
#endif
} v1;

#define RETURN_WITHOUT_PORT()                                                                                \
    do {                                                                                                     \
        if (!v1.has_port) {                                                                                  \
            return ESP_LOADER_ERROR_INVALID_PARAM;                                                           \
        }                                                                                                    \
    } while (0)

esp_loader_error_t esp_loader_v1_attach_with(esp_loader_port_t *port,
                                             esp_loader_error_t (*init)(esp_loader_t *loader,
                                                                        esp_loader_port_t *port))
{
    const esp_loader_error_t error = init(&v1.loader, port);
    v1.has_port = error == ESP_LOADER_SUCCESS;
    v1.flash = (esp_loader_flash_cfg_t){0};
    v1.deflate = (esp_loader_flash_deflate_cfg_t){0};
    v1.mem = (esp_loader_mem_cfg_t){0};
    return error;
}

esp_loader_error_t esp_loader_v1_attach(esp_loader_port_t *port)
{
    return esp_loader_v1_attach_with(port, esp_loader_init_serial);
}

void esp_loader_v1_detach(void)
{
    if (v1.has_port) {
        v1.has_port = false;
        esp_loader_deinit(&v1.loader);
    }
}

const esp_loader_error_detail_t *esp_loader_v1_error_detail(void)
{
    return esp_loader_error_detail(&v1.loader);
}

/* ---- connection ---- */

esp_loader_error_t esp_loader_v1_connect(esp_loader_connect_args_t *connect_args)
{
    RETURN_WITHOUT_PORT();
    return esp_loader_connect(&v1.loader, connect_args);
}

esp_loader_error_t esp_loader_v1_connect_with_stub(esp_loader_connect_args_t *connect_args)
{
    RETURN_WITHOUT_PORT();
    return esp_loader_connect_with_stub(&v1.loader, connect_args);
}

esp_loader_error_t esp_loader_v1_connect_secure_download_mode(esp_loader_connect_args_t *connect_args,
                                                              uint32_t flash_size, target_chip_t target_chip)
{
    RETURN_WITHOUT_PORT();
    RETURN_ON_ERROR(esp_loader_connect_secure_download_mode(&v1.loader, connect_args, flash_size));
    return esp_loader_get_target(&v1.loader) == target_chip ? ESP_LOADER_SUCCESS
                                                            : ESP_LOADER_ERROR_INVALID_TARGET;
}

target_chip_t esp_loader_v1_get_target(void)
{
    return v1.has_port ? esp_loader_get_target(&v1.loader) : ESP_UNKNOWN_CHIP;
}

void esp_loader_v1_reset_target(void)
{
    if (v1.has_port) {
        esp_loader_reset_target(&v1.loader);
    }
}

static esp_loader_error_t reset_after(esp_loader_error_t error, bool reboot)
{
    if (error == ESP_LOADER_SUCCESS && reboot) {
        esp_loader_reset_target(&v1.loader);
    }
    return error;
}

/* ---- flash ---- */

esp_loader_error_t esp_loader_v1_flash_start(uint32_t offset, uint32_t image_size, uint32_t block_size)
{
    RETURN_WITHOUT_PORT();
    v1.flash = (esp_loader_flash_cfg_t){
        .offset = offset, .image_size = image_size, .block_size = block_size, .skip_verify = true};
#if MD5_ENABLED
    esp_loader_md5_init(&v1.md5);
    v1.md5_size = 0;
#endif
    return esp_loader_flash_start(&v1.loader, &v1.flash);
}

esp_loader_error_t esp_loader_v1_flash_write(const void *payload, uint32_t size)
{
    RETURN_WITHOUT_PORT();
    RETURN_ON_ERROR(esp_loader_flash_write(&v1.loader, &v1.flash, payload, size));
#if MD5_ENABLED
    esp_loader_md5_update(&v1.md5, payload, size);
    v1.md5_size += size;
#endif
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t esp_loader_v1_flash_finish(bool reboot)
{
    RETURN_WITHOUT_PORT();
    return reset_after(esp_loader_flash_finish(&v1.loader, &v1.flash), reboot);
}

esp_loader_error_t esp_loader_v1_flash_verify(void)
{
    RETURN_WITHOUT_PORT();
#if MD5_ENABLED
    if (v1.flash.image_size == 0 || v1.md5_size != v1.flash.image_size) {
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    uint8_t digest[ESP_LOADER_MD5_SIZE];
    esp_loader_md5_t md5 = v1.md5; /* a copy, so that verifying can be repeated */
    esp_loader_md5_finish(&md5, digest);
    return esp_loader_flash_verify_known_md5(&v1.loader, v1.flash.offset, v1.flash.image_size, digest);
#else
    return ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
#endif
}

esp_loader_error_t esp_loader_v1_flash_verify_known_md5(uint32_t address, uint32_t size,
                                                        const uint8_t *expected_md5)
{
    RETURN_WITHOUT_PORT();
    return esp_loader_flash_verify_known_md5(&v1.loader, address, size, expected_md5);
}

esp_loader_error_t esp_loader_v1_flash_deflate_start(uint32_t offset, uint32_t image_size,
                                                     uint32_t compressed_size, uint32_t block_size)
{
    RETURN_WITHOUT_PORT();
    v1.deflate = (esp_loader_flash_deflate_cfg_t){.offset = offset,
                                                  .image_size = image_size,
                                                  .compressed_size = compressed_size,
                                                  .block_size = block_size};
    return esp_loader_flash_deflate_start(&v1.loader, &v1.deflate);
}

esp_loader_error_t esp_loader_v1_flash_deflate_write(const void *payload, uint32_t size)
{
    RETURN_WITHOUT_PORT();
    return esp_loader_flash_deflate_write(&v1.loader, &v1.deflate, payload, size);
}

esp_loader_error_t esp_loader_v1_flash_deflate_finish(bool reboot)
{
    RETURN_WITHOUT_PORT();
    return reset_after(esp_loader_flash_deflate_finish(&v1.loader, &v1.deflate), reboot);
}

esp_loader_error_t esp_loader_v1_flash_detect_size(uint32_t *flash_size)
{
    RETURN_WITHOUT_PORT();
    return esp_loader_flash_detect_size(&v1.loader, flash_size);
}

esp_loader_error_t esp_loader_v1_flash_read(uint8_t *buf, uint32_t address, uint32_t length)
{
    RETURN_WITHOUT_PORT();
    return esp_loader_flash_read(&v1.loader, buf, address, length);
}

esp_loader_error_t esp_loader_v1_flash_erase(void)
{
    RETURN_WITHOUT_PORT();
    return esp_loader_flash_erase(&v1.loader);
}

esp_loader_error_t esp_loader_v1_flash_erase_region(uint32_t offset, uint32_t size)
{
    RETURN_WITHOUT_PORT();
    return esp_loader_flash_erase_region(&v1.loader, offset, size);
}

/* ---- RAM ---- */

esp_loader_error_t esp_loader_v1_mem_start(uint32_t offset, uint32_t size, uint32_t block_size)
{
    RETURN_WITHOUT_PORT();
    v1.mem = (esp_loader_mem_cfg_t){.offset = offset, .size = size, .block_size = block_size};
    return esp_loader_mem_start(&v1.loader, &v1.mem);
}

esp_loader_error_t esp_loader_v1_mem_write(const void *payload, uint32_t size)
{
    RETURN_WITHOUT_PORT();
    return esp_loader_mem_write(&v1.loader, &v1.mem, payload, size);
}

esp_loader_error_t esp_loader_v1_mem_finish(uint32_t entrypoint)
{
    RETURN_WITHOUT_PORT();
    return esp_loader_mem_finish(&v1.loader, &v1.mem, entrypoint);
}

/* ---- information and control ---- */

esp_loader_error_t esp_loader_v1_get_security_info(esp_loader_target_security_info_t *info)
{
    RETURN_WITHOUT_PORT();
    return esp_loader_get_security_info(&v1.loader, info);
}

esp_loader_error_t esp_loader_v1_read_mac(uint8_t *mac)
{
    RETURN_WITHOUT_PORT();
    return esp_loader_read_mac(&v1.loader, mac);
}

esp_loader_error_t esp_loader_v1_read_register(uint32_t address, uint32_t *value)
{
    RETURN_WITHOUT_PORT();
    return esp_loader_read_register(&v1.loader, address, value);
}

esp_loader_error_t esp_loader_v1_write_register(uint32_t address, uint32_t value)
{
    RETURN_WITHOUT_PORT();
    return esp_loader_write_register(&v1.loader, address, value);
}

esp_loader_error_t esp_loader_v1_change_transmission_rate(uint32_t rate)
{
    RETURN_WITHOUT_PORT();
    return esp_loader_change_transmission_rate(&v1.loader, rate);
}

esp_loader_error_t esp_loader_v1_change_transmission_rate_stub(uint32_t old_rate, uint32_t rate)
{
    (void)old_rate;
    return esp_loader_v1_change_transmission_rate(rate);
}
