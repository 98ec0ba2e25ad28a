/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Which chip answers. The security information comes first: on the newest P4 the magic register's address
 * belongs to something else, and reading it stops the ROM. Source: serial protocol document and chip
 * detection of esptool 5.3.
 */
#include "session/chip.h"
#include "session/core.h"
#include "session/security.h"

/* It takes so much from a loader, verifying before all, that one damaged bit must not: it is asked twice. */
static bool is_secure_download(const eli_security_t *security)
{
    return (security->flags & ELI_SECURITY_SECURE_DOWNLOAD) != 0;
}

esp_loader_error_t eli_accept(esp_loader_t *loader, const eli_target_t *target, uint32_t reported)
{
    if (target == NULL) {
        return eli_fail_for(loader, ESP_LOADER_ERROR_INVALID_TARGET, ESP_LOADER_ERROR_UNSUPPORTED_CHIP, 0,
                            reported);
    }
    loader->_target = target;
    loader->_chip = (target_chip_t)target->chip;
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t eli_detect(esp_loader_t *loader)
{
    eli_security_t security;
    esp_loader_error_t err = eli_security_read(loader, &security);
    if (err == ESP_LOADER_SUCCESS && is_secure_download(&security)) {
        eli_request_barrier(loader);
        err = eli_security_read(loader, &security);
    }
    if (err == ESP_LOADER_SUCCESS) {
        loader->_is.secure_download = is_secure_download(&security);
        if (security.chip_id != ELI_NO_CHIP_ID) {
            return eli_accept(loader, eli_target_by_chip_id(security.chip_id), security.chip_id);
        }
    } else if (err != ESP_LOADER_ERROR_UNSUPPORTED_FUNC) {
        return err;
    }
    if (!ELI_HAS_MAGICS) {
        eli_forget_failure(loader, ESP_LOADER_STAGE_DETECT);
        return eli_accept(loader, NULL, 0);
    }
    if (loader->_is.secure_download) { /* registers cannot be read, but only one chip gives the short form */
        return eli_accept(loader, eli_target_by_magic(ELI_MAGIC_OF_SHORT_SECURITY_INFO), security.chip_id);
    }
    /* That the older chips do not know the command is no failure. */
    eli_forget_failure(loader, ESP_LOADER_STAGE_DETECT);
    uint32_t magic;
    RETURN_ON_ERROR(eli_register_read(loader, ELI_MAGIC_ADDR, &magic));
    return eli_accept(loader, eli_target_by_magic(magic), magic);
}
