/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a target says about its security. Source: serial protocol document; esptool 5.3.
 */
#include "session/core.h"
#include "session/security.h"

#include <string.h>

#include "common/bytes.h"

#define SECURITY_INFO_SIZE       20u
#define SECURITY_INFO_SIZE_SHORT 12u /* ESP32-S2: no chip id, no version */

/* Flag bits of the security information, besides those that others need. */
enum {
    AGGRESSIVE_REVOKE = 1,
    KEY_REVOKE_0 = 3,
    SOFT_DISABLE_JTAG = 6,
    HARD_DISABLE_JTAG = 7,
    DISABLE_USB = 8,
    DISABLE_DCACHE = 9,
    DISABLE_ICACHE = 10,
};

esp_loader_error_t eli_security_read(esp_loader_t *loader, eli_security_t *out)
{
    const eli_command_t command = {.opcode = ELI_GET_SECURITY_INFO,
                                   .reply_size = SECURITY_INFO_SIZE,
                                   .reply_size_short = SECURITY_INFO_SIZE_SHORT};
    eli_reply_t reply;
    RETURN_ON_ERROR(eli_transact(loader, &command, 0, &reply));
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
        return eli_fail_here(loader, ESP_LOADER_ERROR_UNSUPPORTED_FUNC, 0, 0);
    }
    RETURN_ON_ERROR(eli_security_read(loader, &security));

    const eli_target_t *target = eli_target_by_chip_id(security.chip_id);
    uint32_t flags = security.flags;
    *info = (esp_loader_target_security_info_t){
        .target_chip = target != NULL ? (target_chip_t)target->chip : ESP_UNKNOWN_CHIP,
        .eco_version = security.eco_version,
        .secure_boot_enabled = (flags & ELI_SECURITY_SECURE_BOOT) != 0,
        .secure_boot_aggressive_revoke_enabled = (flags >> AGGRESSIVE_REVOKE & 1u) != 0,
        .secure_download_mode_enabled = (flags & ELI_SECURITY_SECURE_DOWNLOAD) != 0,
        .jtag_software_disabled = (flags >> SOFT_DISABLE_JTAG & 1u) != 0,
        .jtag_hardware_disabled = (flags >> HARD_DISABLE_JTAG & 1u) != 0,
        .usb_disabled = (flags >> DISABLE_USB & 1u) != 0,
        .flash_encryption_enabled = eli_is_flash_encrypted(security.flash_crypt_count),
        .dcache_in_uart_download_disabled = (flags >> DISABLE_DCACHE & 1u) != 0,
        .icache_in_uart_download_disabled = (flags >> DISABLE_ICACHE & 1u) != 0,
    };
    info->flash_crypt_count = security.flash_crypt_count;
    memcpy(info->key_purposes, security.key_purposes, sizeof(info->key_purposes));
    for (unsigned key = 0; key < 3; key++) {
        info->secure_boot_revoked_keys[key] = (flags >> (KEY_REVOKE_0 + key) & 1u) != 0;
    }
    return ESP_LOADER_SUCCESS;
}
