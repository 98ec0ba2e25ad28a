/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-loader info: reports what is connected and changes nothing.
 */
#define _GNU_SOURCE
#include <stdio.h>

#include "commands/command.h"
#include "efuse/efuse_report.h"
#include "esp_loader_chip_info.h"
#include "session/flash_size.h"
#include "session/json_report.h"
#include "text/short_text.h"

enum { GIGADEVICE = 0xC8 }; /* its unique ids have 16 bytes, those of others 8 */

/** What session_open() does not print. */
typedef struct {
    bool has_part;
    esp_loader_chip_info_t part;
    bool has_flash_id;
    uint32_t flash_id;
    size_t unique_size; /**< 0 = not known */
    uint8_t unique[16];
    bool has_security;
    esp_loader_target_security_info_t security;
    security_states_t states; /**< of the eFuses; none where they cannot be read */
    flash_voltage_t voltage;
} details_t;

/* ---- asking ---- */

/** Values that a target does not report are left out. */
static esp_loader_error_t unless_unsupported(esp_loader_error_t error)
{
    return error == ESP_LOADER_ERROR_UNSUPPORTED_FUNC ? ESP_LOADER_SUCCESS : error;
}

static esp_loader_error_t read_flash(esp_loader_t *loader, details_t *details)
{
    esp_loader_error_t error = esp_loader_flash_read_id(loader, &details->flash_id);
    if (error != ESP_LOADER_SUCCESS) {
        return unless_unsupported(error);
    }
    details->has_flash_id = true;
    const size_t size = (details->flash_id & 0xFFu) == GIGADEVICE ? 16 : 8;
    error = esp_loader_flash_read_unique_id(loader, details->unique, size);
    details->unique_size = error == ESP_LOADER_SUCCESS ? size : 0;
    return unless_unsupported(error);
}

static esp_loader_error_t read_states(session_t *session, details_t *details)
{
    efuse_contents_t contents = {
        .table = efuse_table_of(esp_loader_chip_name(session->context.chip), session->revision)};

    if (contents.table == NULL || !session->has_revision) {
        return ESP_LOADER_SUCCESS;
    }
    RETURN_ON_ERROR(efuse_read(&contents, &session->loader, 0));
    security_state_find(&details->states, &contents, session->revision);
    return flash_voltage_read(&details->voltage, &contents, &session->loader);
}

static esp_loader_error_t read_details(session_t *session, details_t *details)
{
    esp_loader_t *loader = &session->loader;
    esp_loader_error_t error = esp_loader_read_chip_info(loader, &details->part);
    details->has_part = error == ESP_LOADER_SUCCESS;
    RETURN_ON_ERROR(unless_unsupported(error));
    RETURN_ON_ERROR(read_flash(loader, details));
    error = esp_loader_get_security_info(loader, &details->security);
    details->has_security = error == ESP_LOADER_SUCCESS;
    RETURN_ON_ERROR(unless_unsupported(error));
    return read_states(session, details);
}

/** The eFuses say it, too; those of an ESP32, which cannot be asked. */
static bool is_protection_known(const details_t *details)
{
    return !details->has_security && details->has_part && details->part.has_protection;
}

static bool is_jtag_on(const esp_loader_target_security_info_t *info)
{
    return !info->jtag_hardware_disabled && !info->jtag_software_disabled;
}

/* ---- for people ---- */

static const char *on_or_off(bool is_on)
{
    return is_on ? "on" : "off";
}

static void print_security(const esp_loader_target_security_info_t *info)
{
    printf("Security:   secure boot %s, flash encryption %s, secure download mode %s, JTAG %s\n",
           on_or_off(info->secure_boot_enabled), on_or_off(info->flash_encryption_enabled),
           on_or_off(info->secure_download_mode_enabled), on_or_off(is_jtag_on(info)));
}

/** "no flash", or "8 MB flash (GD)"; nothing when it is unknown. */
static void print_memory(const char *before, const char *what, uint32_t size, const char *vendor)
{
    char text[SHORT_TEXT_SIZE];

    if (size == ESP_LOADER_UNKNOWN) {
        return;
    }
    if (size == 0) {
        printf("%sno %s", before, what);
    } else {
        printf("%s%s %s", before, short_text_of_size(size, text), what);
    }
    if (vendor != NULL) {
        printf(" (%s)", vendor);
    }
}

static void print_part(const esp_loader_chip_info_t *info)
{
    if (info->package_name != NULL) {
        printf("Package:    %s\n", info->package_name);
    } else if (info->package != ESP_LOADER_UNKNOWN) {
        printf("Package:    number %u\n", (unsigned)info->package);
    }
    if (info->flash_size != ESP_LOADER_UNKNOWN || info->psram_size != ESP_LOADER_UNKNOWN) {
        printf("In package: ");
        print_memory("", info->has_octal_flash ? "octal flash" : "flash", info->flash_size,
                     info->flash_vendor);
        print_memory(info->flash_size != ESP_LOADER_UNKNOWN ? ", " : "", "PSRAM", info->psram_size,
                     info->psram_vendor);
        putchar('\n');
    }
    if (info->crystal_mhz != ESP_LOADER_UNKNOWN) {
        printf("Crystal:    %u MHz\n", (unsigned)info->crystal_mhz);
    }
    if (info->has_eui64) {
        printf("EUI-64:     ");
        for (size_t i = 0; i < sizeof(info->eui64); i++) {
            printf("%s%02x", i == 0 ? "" : ":", info->eui64[i]);
        }
        putchar('\n');
    }
}

static void print_flash(const details_t *details)
{
    const uint32_t id = details->flash_id;

    printf("Flash id:   manufacturer 0x%02x, device 0x%02x%02x\n", (unsigned)(id & 0xFFu),
           (unsigned)(id >> 8 & 0xFFu), (unsigned)(id >> 16 & 0xFFu));
    if (details->unique_size != 0) {
        printf("Unique id:  ");
        for (size_t i = 0; i < details->unique_size; i++) {
            printf("%02x", details->unique[i]);
        }
        putchar('\n');
    }
}

static void print_details(const details_t *details)
{
    if (details->has_part) {
        print_part(&details->part);
    }
    if (details->has_flash_id) {
        print_flash(details);
    }
    efuse_print_voltage(stdout, &details->voltage);
    if (details->states.count != 0) {
        efuse_print_states(stdout, "Security:", &details->states);
    } else if (details->has_security) {
        print_security(&details->security);
    } else if (is_protection_known(details)) {
        printf("Security:   secure boot %s, flash encryption %s\n",
               on_or_off(details->part.secure_boot_enabled),
               on_or_off(details->part.flash_encryption_enabled));
    }
}

/* ---- for programs ---- */

static json_t *known_number(uint32_t number)
{
    return json_report_number(number, number != ESP_LOADER_UNKNOWN);
}

static json_t *package_object(const esp_loader_chip_info_t *part)
{
    return json_pack("{s:o*, s:s*, s:o*, s:o*, s:s*, s:o*, s:s*}", "number", known_number(part->package),
                     "name", part->package_name, "flash_size", known_number(part->flash_size), "octal_flash",
                     part->has_octal_flash ? json_true() : NULL, "flash_vendor", part->flash_vendor,
                     "psram_size", known_number(part->psram_size), "psram_vendor", part->psram_vendor);
}

static json_t *flash_object(const details_t *details)
{
    const uint32_t id = details->flash_id;

    return json_pack("{s:I, s:I, s:o*}", "manufacturer", (json_int_t)(id & 0xFFu), "device",
                     (json_int_t)((id & 0xFF00u) | (id >> 16 & 0xFFu)), "unique_id",
                     details->unique_size != 0 ? json_report_hex(details->unique, details->unique_size)
                                               : NULL);
}

static json_t *security_object(const details_t *details)
{
    const esp_loader_target_security_info_t *info = &details->security;

    if (details->has_security) {
        return json_pack("{s:b, s:b, s:b, s:b}", "secure_boot", info->secure_boot_enabled, "flash_encryption",
                         info->flash_encryption_enabled, "secure_download_mode",
                         info->secure_download_mode_enabled, "jtag", is_jtag_on(info));
    }
    return is_protection_known(details)
               ? json_pack("{s:b, s:b}", "secure_boot", details->part.secure_boot_enabled, "flash_encryption",
                           details->part.flash_encryption_enabled)
               : NULL;
}

static json_t *info_members(const session_t *session, const void *ctx)
{
    const details_t *details = ctx;
    const esp_loader_chip_info_t *part = details->has_part ? &details->part : NULL;

    return json_pack(
        "{s:o*, s:o*, s:o*, s:o*, s:o*, s:o*, s:o*, s:o*}", "revision",
        json_report_number(session->revision, session->has_revision), "package",
        part != NULL ? package_object(part) : NULL, "crystal_mhz",
        part != NULL ? known_number(part->crystal_mhz) : NULL, "eui64",
        part != NULL && part->has_eui64 ? json_report_address(part->eui64, sizeof(part->eui64)) : NULL,
        "flash", details->has_flash_id ? flash_object(details) : NULL, "security", security_object(details),
        "security_state", details->states.count != 0 ? efuse_json_states(&details->states) : NULL,
        "flash_voltage", efuse_json_voltage(&details->voltage));
}

/* ---- command ---- */

static cli_exit_t show_target(session_t *session, void *ctx)
{
    const session_options_t *options = session->options;
    details_t *details = ctx;

    if (options->is_quiet && !options->is_json) {
        return CLI_OK;
    }
    esp_loader_error_t error = read_details(session, details);
    if (!options->is_json) {
        print_details(details);
    }
    return error == ESP_LOADER_SUCCESS ? flash_size_check_wrap(session, 0, false) : session_failure(session);
}

static cli_exit_t run_info(void *state, operands_t operands)
{
    details_t details = {0};

    (void)operands;
    return json_report_run(state, show_target, info_members, &details);
}

const command_t info_command = {.state_size = sizeof(session_options_t), .run = run_info};
