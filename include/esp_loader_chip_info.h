/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Description of a part from its eFuses: package, memory inside it, crystal. Separate from esp_loader.h
 * because its tables take a few KB and most hosts only flash.
 */
#ifndef ESP_LOADER_CHIP_INFO_H
#define ESP_LOADER_CHIP_INFO_H

#include "esp_loader.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The target does not report the value, or the code is unknown. */
#define ESP_LOADER_UNKNOWN UINT32_MAX

/** Description of a part. Texts are constant and never freed. */
typedef struct {
    target_chip_t chip;            /**< the connected one */
    uint32_t revision;             /**< major * 100 + minor; UNKNOWN on the ESP8266 */
    uint32_t package;              /**< number of the package; UNKNOWN where the eFuses have none */
    const char *package_name;      /**< e.g. "ESP32-D0WD-V3"; NULL = no name beyond the chip's is known */
    uint32_t crystal_mhz;          /**< UNKNOWN if the chip's measurement is implausible */
    uint32_t flash_size;           /**< bytes of flash inside the package, 0 = none, or UNKNOWN */
    const char *flash_vendor;      /**< e.g. "GD"; NULL = none or unknown */
    uint32_t psram_size;           /**< bytes of PSRAM inside the package, 0 = none, or UNKNOWN */
    const char *psram_vendor;      /**< e.g. "AP_3v3"; NULL = none or unknown */
    bool has_octal_flash;          /**< the flash has eight data lines (S2, S3); false also where unknown */
    bool has_protection;           /**< the next two are valid; false on the ESP8266, which has neither */
    bool secure_boot_enabled;      /**< also on the ESP32, whose ROM has no command for it */
    bool flash_encryption_enabled; /**< the content of the flash is encrypted */
    bool has_eui64;                /**< C5, C6, H2, H21, H4 */
    uint8_t eui64[8];              /**< the MAC address of IEEE 802.15.4, in transmission order */
} esp_loader_chip_info_t;

/** Reads the description of the connected chip. Takes about 20 commands.
 *  @param out_info  undefined on failure
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  cause SECURITY: eFuses cannot be read in secure download mode
 * Source: esptool 5.6, target classes; eFuse tables of ESP-IDF. */
ESP_LOADER_MUST_CHECK
esp_loader_error_t esp_loader_read_chip_info(esp_loader_t *loader, esp_loader_chip_info_t *out_info);

#ifdef __cplusplus
}
#endif

#endif
