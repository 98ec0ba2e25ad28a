/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a target says about its security. Source: serial protocol document; esptool 5.3.
 */
#include "session/core.h"
#include "session/security.h"

#include <stddef.h>

#include "common/bytes.h"
#include "common/count_of.h"

#define SECURITY_INFO_SIZE       20u
#define SECURITY_INFO_SIZE_SHORT 12u /* ESP32-S2: no chip id, no version */

/* The members that the bits of the security information become, from bit 0 on. */
static const uint8_t flags[] = {
    offsetof(esp_loader_target_security_info_t, secure_boot_enabled),
    offsetof(esp_loader_target_security_info_t, secure_boot_aggressive_revoke_enabled),
    offsetof(esp_loader_target_security_info_t, secure_download_mode_enabled),
    offsetof(esp_loader_target_security_info_t, secure_boot_revoked_keys[0]),
    offsetof(esp_loader_target_security_info_t, secure_boot_revoked_keys[1]),
    offsetof(esp_loader_target_security_info_t, secure_boot_revoked_keys[2]),
    offsetof(esp_loader_target_security_info_t, jtag_software_disabled),
    offsetof(esp_loader_target_security_info_t, jtag_hardware_disabled),
    offsetof(esp_loader_target_security_info_t, usb_disabled),
    offsetof(esp_loader_target_security_info_t, dcache_in_uart_download_disabled),
    offsetof(esp_loader_target_security_info_t, icache_in_uart_download_disabled),
};

esp_loader_error_t eli_security_read(esp_loader_t *loader, eli_security_t *out)
{
    const eli_shape_t shape = {ELI_GET_SECURITY_INFO, 0, 0, SECURITY_INFO_SIZE, SECURITY_INFO_SIZE_SHORT};
    eli_reply_t reply;
    RETURN_ON_ERROR(eli_ask(loader, shape, NULL, &reply));
    out->flags = eli_get_u32(reply.payload);
    out->flash_crypt_count = reply.payload[4];
    out->key_purposes = &reply.payload[5];
    out->chip_id = ELI_NO_CHIP_ID;
    out->eco_version = 0;
    if (reply.payload_size == SECURITY_INFO_SIZE) {
        out->chip_id = eli_get_u32(&reply.payload[12]);
        out->eco_version = eli_get_u32(&reply.payload[16]);
    }
    return ESP_LOADER_SUCCESS;
}

bool eli_is_flash_encrypted(uint32_t crypt_count)
{
    bool is_odd = false;
    for (; crypt_count != 0; crypt_count &= crypt_count - 1) {
        is_odd = !is_odd;
    }
    return is_odd;
}

esp_loader_error_t esp_loader_get_security_info(esp_loader_t *loader, esp_loader_target_security_info_t *info)
{
    eli_security_t security;
    RETURN_ON_ERROR(eli_enter(loader, ESP_LOADER_STAGE_REGISTER));
    if (!eli_has(eli_target(loader), ELI_ROM_SECURITY_INFO)) {
        return eli_fail_unsupported(loader, 0);
    }
    RETURN_ON_ERROR(eli_security_read(loader, &security));

    const eli_target_t *target = eli_target_by_chip_id(security.chip_id);
    *info = (esp_loader_target_security_info_t){
        .target_chip = target != NULL ? (target_chip_t)target->chip : ESP_UNKNOWN_CHIP,
        .eco_version = security.eco_version,
        .flash_encryption_enabled = eli_is_flash_encrypted(security.flash_crypt_count),
    };
    for (size_t i = 0; i < ELI_COUNT_OF(flags); i++) {
        *(bool *)((uint8_t *)info + flags[i]) = (security.flags >> i & 1u) != 0;
    }
    info->flash_crypt_count = security.flash_crypt_count;
    eli_copy(info->key_purposes, security.key_purposes, sizeof(info->key_purposes));
    return ESP_LOADER_SUCCESS;
}
