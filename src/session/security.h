/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a target says about its security, and what that forbids.
 */
#ifndef ELI_SECURITY_H
#define ELI_SECURITY_H

#include "session/core.h"

/** Reply of GET_SECURITY_INFO, decoded. */
typedef struct {
    uint32_t flags;
    uint32_t chip_id;     /**< ELI_NO_CHIP_ID when the short form came */
    uint32_t eco_version; /**< 0 when the short form came */
    uint8_t flash_crypt_count;
    const uint8_t *key_purposes; /**< seven, valid until the next command */
} eli_security_t;

esp_loader_error_t eli_security_read(esp_loader_t *loader, eli_security_t *out);

/** Bits of eli_security_t.flags. */
#define ELI_SECURITY_SECURE_BOOT     (1u << 0)
#define ELI_SECURITY_SECURE_DOWNLOAD (1u << 2)

/** Does an eFuse counter turn flash encryption on? An odd number of bits does, an even one turns it off. */
bool eli_is_flash_encrypted(uint32_t crypt_count);

/** What a target's security settings forbid. */
typedef struct {
    bool is_secure_boot;     /**< the ROM runs a bootloader with the right signature only */
    bool is_flash_encrypted; /**< what is written in plain text reads as nonsense */
    uint32_t guarded_end;    /**< flash below must not be written; 0 = none */
} eli_protection_t;

/** Reads it; what a target does not report (ESP8266, secure download mode) counts as off. */
esp_loader_error_t eli_protection_read(esp_loader_t *loader, eli_protection_t *out);

/* Must plain content not be written there, and nothing be erased? */
bool eli_protection_forbids(const esp_loader_t *loader, const eli_protection_t *protection, uint32_t offset,
                            uint32_t size);

#endif
