/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The description of a part, read field by field as its row says.
 */
#include "esp_loader_chip_info.h"

#include "common/count_of.h"
#include "session/chip.h"
#include "session/core.h"
#include "session/security.h"
#include "target/describe.h"

typedef struct {
    esp_loader_t *loader;
    const eli_description_t *row;
    esp_loader_chip_info_t *out;
} reader_t;

/* An absent field is UNKNOWN. */
static esp_loader_error_t read_field(reader_t *reader, const eli_efuse_part_t *parts, size_t count,
                                     uint32_t *out_value)
{
    *out_value = ESP_LOADER_UNKNOWN;
    return parts[0].width == 0 ? ESP_LOADER_SUCCESS : eli_efuse_read(reader->loader, parts, count, out_value);
}

static uint32_t size_of_code(const eli_sizes_t *sizes, uint32_t code)
{
    return code < sizes->count && sizes->mib[code] != ELI_MIB_UNKNOWN ? (uint32_t)sizes->mib[code] << 20
                                                                      : ESP_LOADER_UNKNOWN;
}

static const char *name_of_code(const eli_names_t *names, uint32_t code)
{
    return code < names->count ? names->names[code] : NULL;
}

static bool is_present(uint32_t size)
{
    return size != 0 && size != ESP_LOADER_UNKNOWN;
}

static esp_loader_error_t read_revision(reader_t *reader)
{
    esp_loader_error_t err = esp_loader_read_chip_revision(reader->loader, &reader->out->revision);
    if (err == ESP_LOADER_ERROR_UNSUPPORTED_FUNC && reader->loader->_detail.cause == err) { /* has none */
        reader->out->revision = ESP_LOADER_UNKNOWN;
        eli_forget_failure(reader->loader, ESP_LOADER_STAGE_REGISTER);
        return ESP_LOADER_SUCCESS;
    }
    return err;
}

static esp_loader_error_t read_package(reader_t *reader)
{
    const eli_description_t *row = reader->row;
    uint32_t code;
    RETURN_ON_ERROR(read_field(reader, row->package, ELI_COUNT_OF(row->package), &code));
    reader->out->package = code & row->package_mask;
    for (size_t i = 0; i < row->package_count; i++) {
        const eli_package_t *package = &row->packages[i];
        if (package->code == code >> row->name_shift && reader->out->revision >= package->min_revision) {
            reader->out->package_name = package->name;
        }
    }
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t read_memory(reader_t *reader)
{
    const eli_description_t *row = reader->row;
    esp_loader_chip_info_t *out = reader->out;
    uint32_t size, vendor, psram_size, psram_vendor, octal;
    RETURN_ON_ERROR(read_field(reader, row->flash_size, ELI_COUNT_OF(row->flash_size), &size));
    RETURN_ON_ERROR(read_field(reader, row->flash_vendor, ELI_COUNT_OF(row->flash_vendor), &vendor));
    RETURN_ON_ERROR(read_field(reader, row->psram_size, ELI_COUNT_OF(row->psram_size), &psram_size));
    RETURN_ON_ERROR(read_field(reader, row->psram_vendor, ELI_COUNT_OF(row->psram_vendor), &psram_vendor));
    RETURN_ON_ERROR(read_field(reader, row->octal_flash, ELI_COUNT_OF(row->octal_flash), &octal));
    out->flash_size = size_of_code(&row->flash_sizes, size);
    out->psram_size = size_of_code(&row->psram_sizes, psram_size);
    out->flash_vendor = is_present(out->flash_size) ? name_of_code(&row->flash_vendors, vendor) : NULL;
    out->psram_vendor = is_present(out->psram_size) ? name_of_code(&row->psram_vendors, psram_vendor) : NULL;
    out->has_octal_flash = octal == 1;
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t read_crystal(reader_t *reader)
{
    uint32_t hz = (uint32_t)reader->row->crystal_mhz * 1000000u;
    if (hz == 0) {
        RETURN_ON_ERROR(eli_crystal_read(reader->loader, &hz));
    }
    reader->out->crystal_mhz = hz != 0 ? hz / 1000000u : ESP_LOADER_UNKNOWN;
    return ESP_LOADER_SUCCESS;
}

/* The first and the last three bytes are those of the MAC address. */
static esp_loader_error_t read_eui64(reader_t *reader)
{
    const eli_target_t *target = eli_target(reader->loader);
    uint8_t *eui64 = reader->out->eui64;
    uint8_t mac[6];
    uint32_t high;
    reader->out->has_eui64 = reader->row->has_eui64;
    if (!reader->row->has_eui64) {
        return ESP_LOADER_SUCCESS;
    }
    RETURN_ON_ERROR(esp_loader_read_mac(reader->loader, mac));
    RETURN_ON_ERROR(eli_register_read(reader->loader, target->efuse_base + target->mac_off + 4, &high));
    for (size_t i = 0; i < 3; i++) {
        eui64[i] = mac[i];
        eui64[5 + i] = mac[3 + i];
    }
    eui64[3] = (uint8_t)(high >> 24);
    eui64[4] = (uint8_t)(high >> 16);
    return ESP_LOADER_SUCCESS;
}

/* A chip that has neither a command nor eFuses for it has no protection at all. */
static esp_loader_error_t read_protection(reader_t *reader)
{
    eli_protection_t protection;
    RETURN_ON_ERROR(eli_protection_read(reader->loader, &protection));
    reader->out->has_protection = eli_has(eli_target(reader->loader), ELI_ROM_SECURITY_INFO) ||
                                  eli_security_efuses_of(reader->loader->_chip) != NULL;
    reader->out->secure_boot_enabled = protection.is_secure_boot;
    reader->out->flash_encryption_enabled = protection.is_flash_encrypted;
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t esp_loader_read_chip_info(esp_loader_t *loader, esp_loader_chip_info_t *out_info)
{
    reader_t reader = {.loader = loader, .row = eli_description_of(loader->_chip), .out = out_info};
    *out_info = (esp_loader_chip_info_t){.chip = loader->_chip};
    RETURN_ON_ERROR(read_revision(&reader)); /* refuses a session that cannot read registers */
    RETURN_ON_ERROR(read_package(&reader));
    RETURN_ON_ERROR(read_memory(&reader));
    RETURN_ON_ERROR(read_crystal(&reader));
    RETURN_ON_ERROR(read_protection(&reader));
    return read_eui64(&reader);
}
