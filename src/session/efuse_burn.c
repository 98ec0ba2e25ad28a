/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Burning, as the 2.1 API names it: programs that burn compile and link, and are told that this library does not.
 */
#include "esp_loader_efuse.h"

#include "session/core.h"

static esp_loader_error_t refuse(esp_loader_t *loader)
{
    eli_forget_failure(loader, ESP_LOADER_STAGE_REGISTER);
    return eli_fail_here(loader, ESP_LOADER_ERROR_UNSUPPORTED_FUNC, 0, 0);
}

esp_loader_error_t esp_loader_efuse_write_field(esp_loader_t *loader, esp_loader_efuse_ctx_t *ctx,
                                                const esp_loader_efuse_desc_t *field[], const uint8_t *src,
                                                size_t src_size_bits)
{
    (void)ctx;
    (void)field;
    (void)src;
    (void)src_size_bits;
    return refuse(loader);
}

esp_loader_error_t esp_loader_efuse_write_field_bit(esp_loader_t *loader, esp_loader_efuse_ctx_t *ctx,
                                                    const esp_loader_efuse_desc_t *field[])
{
    (void)ctx;
    (void)field;
    return refuse(loader);
}

esp_loader_error_t esp_loader_efuse_write_bit(esp_loader_t *loader, esp_loader_efuse_ctx_t *ctx,
                                              uint8_t block, uint16_t bit_num)
{
    (void)ctx;
    (void)block;
    (void)bit_num;
    return refuse(loader);
}

esp_loader_error_t esp_loader_efuse_write_key(esp_loader_t *loader, esp_loader_efuse_ctx_t *ctx,
                                              esp_loader_efuse_key_block_t block,
                                              esp_loader_key_purpose_t purpose, const uint8_t *key,
                                              size_t key_size,
                                              const esp_loader_efuse_write_key_config_t *config)
{
    (void)ctx;
    (void)block;
    (void)purpose;
    (void)key;
    (void)key_size;
    (void)config;
    return refuse(loader);
}

esp_loader_error_t esp_loader_efuse_write_key_legacy(esp_loader_t *loader, esp_loader_efuse_ctx_t *ctx,
                                                     esp_loader_legacy_key_target_t target,
                                                     const uint8_t *key, size_t key_size,
                                                     const esp_loader_efuse_write_key_config_t *config)
{
    (void)ctx;
    (void)target;
    (void)key;
    (void)key_size;
    (void)config;
    return refuse(loader);
}

esp_loader_error_t esp_loader_efuse_commit(esp_loader_t *loader, esp_loader_efuse_ctx_t *ctx)
{
    (void)ctx;
    return refuse(loader);
}
