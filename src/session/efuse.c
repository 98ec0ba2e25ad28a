/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What is read from the eFuses by registers: MAC address, chip revision, fields.
 */
#include "session/chip.h"
#include "session/core.h"
#include "target/fields.h"

/* The ESP8266 has the three bytes of the device, and those of its maker as a word of their own, which is 0 in
 * older parts: there one byte says which of two makers it is. Source: esptool 5.6, ESP8266 target. */
static esp_loader_error_t add_oui(esp_loader_t *loader, uint32_t address, uint32_t words[2])
{
    uint32_t oui;
    RETURN_ON_ERROR(eli_register_read(loader, address + 12, &oui));
    if (oui == 0) {
        uint32_t maker = words[1] >> 16 & 0xFF;
        if (maker >= ELI_OUI_COUNT) {
            return eli_fail_here(loader, ESP_LOADER_ERROR_INVALID_RESPONSE, address + 4, words[1]);
        }
        oui = eli_ouis[maker];
    }
    words[0] = oui << 24 | (words[1] & 0xFFFF) << 8 | words[0] >> 24;
    words[1] = oui >> 8;
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t esp_loader_read_mac(esp_loader_t *loader, uint8_t *mac)
{
    RETURN_ON_ERROR(eli_register_enter(loader, 0));
    if (mac == NULL) {
        return eli_fail_here(loader, ESP_LOADER_ERROR_INVALID_PARAM, 0, 0);
    }
    const eli_target_t *target = eli_target(loader);
    const uint32_t address = target->efuse_base + target->mac_off;
    uint32_t words[2];
    RETURN_ON_ERROR(eli_registers_read(loader, address, words, 2));
    if (eli_has(target, ELI_MAC_WITH_OUI)) {
        RETURN_ON_ERROR(add_oui(loader, address, words));
    }
    for (size_t i = 6; i-- > 0; words[0] >>= 8) { /* the last one in the lowest bits */
        mac[i] = (uint8_t)words[0];
        words[0] = i == 2 ? words[1] << 8 : words[0];
    }
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t eli_efuse_read(esp_loader_t *loader, const eli_efuse_part_t *parts, size_t count,
                                  uint32_t *out_value)
{
    const uint32_t base = eli_target(loader)->efuse_base;
    uint32_t value = 0;
    uint32_t word = 0;
    for (size_t i = 0; i < count && parts->width != 0; i++, parts++) {
        if (i == 0 || parts->word_off != parts[-1].word_off) {
            RETURN_ON_ERROR(eli_register_read(loader, base + parts->word_off, &word));
        }
        value |= (word >> parts->shift & ((1u << parts->width) - 1)) << parts->place;
    }
    *out_value = value;
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t eli_chip_revision(esp_loader_t *loader, uint32_t *out_revision)
{
    const eli_target_t *target = eli_target(loader);
    uint32_t value;
    RETURN_ON_ERROR(eli_efuse_read(loader, eli_revision_parts_of(loader->_chip), ELI_REVISION_PARTS, &value));
    uint32_t major = value >> 4;
    if (eli_has(target, ELI_MAJOR_REVISION_COUNTS)) {
        major = (major & 1u) + (major >> 1 & 1u) + (major >> 2 & 1u);
    }
    *out_revision = major * 100 + (value & 0xF);
    return ESP_LOADER_SUCCESS;
}

/* v0.0 of a chip whose eFuses hold something else there is known by the version of its calibration data. */
static esp_loader_error_t correct_revision(esp_loader_t *loader, uint32_t *revision)
{
    uint32_t version;
    if ((*revision % 100 & 7u) != 0) {
        return ESP_LOADER_SUCCESS;
    }
    RETURN_ON_ERROR(eli_efuse_read(loader, eli_block_version, ELI_BLOCK_VERSION_PARTS, &version));
    if (version == ELI_BLOCK_VERSION_OF_0_0) {
        *revision = 0;
    }
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t esp_loader_read_chip_revision(esp_loader_t *loader, uint32_t *out_revision)
{
    RETURN_ON_ERROR(eli_register_enter(loader, 0));
    if (eli_revision_parts_of(loader->_chip)->width == 0) {
        return eli_fail_unsupported(loader, 0);
    }
    RETURN_ON_ERROR(eli_chip_revision(loader, out_revision));
    return eli_has(eli_target(loader), ELI_REVISION_CAN_BE_0_0) ? correct_revision(loader, out_revision)
                                                                : ESP_LOADER_SUCCESS;
}
