/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a plan must not write on this target, from what the target reports and from its eFuses. Source: checks
 * of write-flash in esptool 5.3.
 */
#include "session/chip.h"
#include "session/core.h"
#include "session/security.h"

#define BOOT_V2_SINCE 300u /* revision of the ESP32; in earlier ones the eFuse means nothing */

static esp_loader_error_t read_efuses(esp_loader_t *loader, const eli_security_efuses_t *efuses,
                                      eli_protection_t *out)
{
    const uint32_t base = eli_target(loader)->efuse_base;
    uint32_t word;
    uint32_t revision;
    RETURN_ON_ERROR(eli_register_read(loader, base + efuses->guard_off, &word));
    out->guarded_end = (word & efuses->guard_mask) != 0 ? efuses->guarded_end : 0;
    if (efuses->crypt_count_mask == 0) {
        return ESP_LOADER_SUCCESS;
    }
    RETURN_ON_ERROR(eli_chip_revision(loader, &revision));
    out->is_secure_boot =
        out->guarded_end != 0 || (revision >= BOOT_V2_SINCE && (word & efuses->boot_v2_mask) != 0);
    RETURN_ON_ERROR(eli_register_read(loader, base, &word));
    out->is_flash_encrypted = eli_is_flash_encrypted(word & efuses->crypt_count_mask);
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t eli_protection_read(esp_loader_t *loader, eli_protection_t *out)
{
    const eli_security_efuses_t *efuses = eli_security_efuses_of(loader->_chip);
    esp_loader_target_security_info_t info;
    *out = (eli_protection_t){0};
    if (eli_has(eli_target(loader), ELI_ROM_SECURITY_INFO)) {
        RETURN_ON_ERROR(esp_loader_get_security_info(loader, &info));
        out->is_secure_boot = info.secure_boot_enabled;
        out->is_flash_encrypted = info.flash_encryption_enabled;
    }
    if (efuses == NULL || loader->_is.secure_download) { /* which does not let eFuses be read */
        return ESP_LOADER_SUCCESS;
    }
    return read_efuses(loader, efuses, out);
}

esp_loader_error_t esp_loader_flash_check_security(esp_loader_t *loader, uint32_t offset, uint32_t size)
{
    eli_protection_t protection;
    RETURN_ON_ERROR(eli_enter(loader, ESP_LOADER_STAGE_CHECK));
    RETURN_ON_ERROR(eli_protection_read(loader, &protection));
    return eli_protection_forbids(loader, &protection, offset, size)
               ? eli_fail(loader, ESP_LOADER_ERROR_SECURITY, ESP_LOADER_ERROR_SECURITY,
                          ESP_LOADER_STAGE_CHECK, offset,
                          size) /* reading the information has its own stage */
               : ESP_LOADER_SUCCESS;
}
