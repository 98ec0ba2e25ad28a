/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-loader info: tells what is connected and changes nothing.
 */
#define _GNU_SOURCE
#include <stdio.h>

#include "command.h"
#include "esp_loader_chip_info.h"
#include "report.h"
#include "session.h"

enum { GIGADEVICE = 0xC8 }; /* its unique ids have 16 bytes, those of others 8 */

static const args_option_t option_table[] = {SESSION_OPTIONS};

static const char help_text[] =
    "usage: esp-loader info --port PORT [options]\n"
    "\n"
    "Connects and prints chip, revision, MAC address, package and what is in it, crystal,\n"
    "flash and security settings.\n"
    "\n"
    "options:\n" SESSION_OPTIONS_HELP;

static const char *on_or_off(bool is_on)
{
    return is_on ? "on" : "off";
}

static void print_security(const esp_loader_target_security_info_t *info)
{
    printf("Security:   secure boot %s, flash encryption %s, secure download mode %s, JTAG %s\n",
           on_or_off(info->secure_boot_enabled), on_or_off(info->flash_encryption_enabled),
           on_or_off(info->secure_download_mode_enabled),
           info->jtag_hardware_disabled || info->jtag_software_disabled ? "off" : "on");
}

/** What a target cannot tell is left out. */
static esp_loader_error_t unless_unsupported(esp_loader_error_t error)
{
    return error == ESP_LOADER_ERROR_UNSUPPORTED_FUNC ? ESP_LOADER_SUCCESS : error;
}

/** "no flash", or "8 MB flash (GD)"; nothing when it is unknown. */
static void print_memory(const char *before, const char *what, uint32_t size, const char *vendor)
{
    char text[REPORT_SIZE_TEXT];

    if (size == ESP_LOADER_UNKNOWN) {
        return;
    }
    if (size == 0) {
        printf("%sno %s", before, what);
    } else {
        printf("%s%s %s", before, report_size(size, text), what);
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

static esp_loader_error_t print_flash(esp_loader_t *loader)
{
    uint8_t unique[16];
    uint32_t id = 0;

    esp_loader_error_t error = esp_loader_flash_read_id(loader, &id);
    if (error != ESP_LOADER_SUCCESS) {
        return unless_unsupported(error);
    }
    printf("Flash id:   manufacturer 0x%02x, device 0x%02x%02x\n", (unsigned)(id & 0xFFu),
           (unsigned)(id >> 8 & 0xFFu), (unsigned)(id >> 16 & 0xFFu));

    const size_t size = (id & 0xFFu) == GIGADEVICE ? 16 : 8;
    error = esp_loader_flash_read_unique_id(loader, unique, size);
    if (error != ESP_LOADER_SUCCESS) {
        return unless_unsupported(error);
    }
    printf("Unique id:  ");
    for (size_t i = 0; i < size; i++) {
        printf("%02x", unique[i]);
    }
    putchar('\n');
    return ESP_LOADER_SUCCESS;
}

/** What session_open() has not printed. */
static esp_loader_error_t print_details(session_t *session)
{
    esp_loader_target_security_info_t security;

    esp_loader_chip_info_t info = {0};

    esp_loader_error_t error = esp_loader_read_chip_info(&session->loader, &info);
    if (error == ESP_LOADER_SUCCESS) {
        print_part(&info);
    } else if (unless_unsupported(error) != ESP_LOADER_SUCCESS) {
        return error;
    }
    error = print_flash(&session->loader);
    if (error != ESP_LOADER_SUCCESS) {
        return error;
    }
    error = esp_loader_get_security_info(&session->loader, &security);
    if (error == ESP_LOADER_SUCCESS) {
        print_security(&security);
    } else if (error == ESP_LOADER_ERROR_UNSUPPORTED_FUNC &&
               info.has_protection) { /* ESP32: from its eFuses */
        printf("Security:   secure boot %s, flash encryption %s\n", on_or_off(info.secure_boot_enabled),
               on_or_off(info.flash_encryption_enabled));
    }
    return unless_unsupported(error);
}

static cli_exit_t show_target(const session_options_t *options)
{
    session_t session;

    cli_exit_t code = session_open(&session, options, NULL);
    if (code != CLI_OK) {
        return code;
    }
    if (!options->is_quiet && print_details(&session) != ESP_LOADER_SUCCESS) {
        code = session_failure(&session);
    }
    cli_exit_t finish_code = session_finish(&session);
    return code != CLI_OK ? code : finish_code;
}

static cli_exit_t usage_error(const char *sentence)
{
    report_line("%s (see esp-loader help info)", sentence);
    return CLI_USAGE;
}

static cli_exit_t run_info(int argc, char *const *argv)
{
    args_t args = {.options = option_table,
                   .option_count = sizeof(option_table) / sizeof(option_table[0]),
                   .argc = argc,
                   .argv = argv};
    session_options_t options;
    char error[ARGS_ERROR_SIZE];
    int id;

    session_options_init(&options);
    while ((id = args_next(&args)) != ARGS_END) {
        if (id == OPTION_HELP) {
            fputs(help_text, stdout);
            return CLI_OK;
        }
        if (id == ARGS_ERROR) {
            return usage_error(args.error);
        }
        if (id == ARGS_OPERAND) {
            return usage_error("info takes no operands");
        }
        if (!session_options_take(&options, id, args.value, error)) {
            return usage_error(error);
        }
    }
    if (!session_options_check(&options, error)) {
        return usage_error(error);
    }
    return show_target(&options);
}

const command_t info_command = {
    .name = "info",
    .summary = "print what is connected",
    .help = help_text,
    .run = run_info,
};
