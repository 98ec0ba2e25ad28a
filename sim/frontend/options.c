/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The parser of options.h.
 */
#define _GNU_SOURCE
#include "options.h"

#include "model_clock.h"
#include "option_values.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    OPT_CHIP = 256,
    OPT_REVISION,
    OPT_CRYSTAL,
    OPT_ROM_CRYSTAL,
    OPT_MAC,
    OPT_FLASH_SIZE,
    OPT_FLASH_ID,
    OPT_FLASH_PINS,
    OPT_FLASH,
    OPT_ROM,
    OPT_EXECUTE_BOOT,
    OPT_LIST_REGISTERS,
    OPT_BOOT,
    OPT_SECURE_DOWNLOAD,
    OPT_FLASH_ENCRYPTION,
    OPT_SECURE_BOOT,
    OPT_EFUSE,
    OPT_EFUSE_FILE,
    OPT_COUNT,
    OPT_TCP,
    OPT_RFC2217,
    OPT_PTY,
    OPT_USBIP,
    OPT_CONTROL,
    OPT_WIRING,
    OPT_LINE_PAIRING,
    OPT_LATENCY,
    OPT_STRICT,
    OPT_REPEATED_BLOCKS,
    OPT_AS_ROM,
    OPT_TIMING,
    OPT_SPEED,
    OPT_FAULTS,
    OPT_TRACE,
    OPT_TRACE_CODE,
    OPT_CONSOLE,
    OPT_QUIET,
    OPT_ONCE,
    OPT_EXIT_ON_EOF,
};

static const struct option long_options[] = {
    {"chip", required_argument, NULL, OPT_CHIP},
    {"revision", required_argument, NULL, OPT_REVISION},
    {"crystal", required_argument, NULL, OPT_CRYSTAL},
    {"rom-crystal", required_argument, NULL, OPT_ROM_CRYSTAL},
    {"mac", required_argument, NULL, OPT_MAC},
    {"flash-size", required_argument, NULL, OPT_FLASH_SIZE},
    {"flash-id", required_argument, NULL, OPT_FLASH_ID},
    {"flash-pins", required_argument, NULL, OPT_FLASH_PINS},
    {"flash", required_argument, NULL, OPT_FLASH},
    {"rom", required_argument, NULL, OPT_ROM},
    {"execute-boot", no_argument, NULL, OPT_EXECUTE_BOOT},
    {"boot", required_argument, NULL, OPT_BOOT},
    {"secure-download", no_argument, NULL, OPT_SECURE_DOWNLOAD},
    {"flash-encryption", no_argument, NULL, OPT_FLASH_ENCRYPTION},
    {"secure-boot", required_argument, NULL, OPT_SECURE_BOOT},
    {"efuse", required_argument, NULL, OPT_EFUSE},
    {"efuse-file", required_argument, NULL, OPT_EFUSE_FILE},
    {"count", required_argument, NULL, OPT_COUNT},
    {"tcp", required_argument, NULL, OPT_TCP},
    {"rfc2217", required_argument, NULL, OPT_RFC2217},
    {"pty", optional_argument, NULL, OPT_PTY},
    {"usbip", required_argument, NULL, OPT_USBIP},
    {"control", required_argument, NULL, OPT_CONTROL},
    {"wiring", required_argument, NULL, OPT_WIRING},
    {"line-pairing", required_argument, NULL, OPT_LINE_PAIRING},
    {"latency", required_argument, NULL, OPT_LATENCY},
    {"strict", no_argument, NULL, OPT_STRICT},
    {"repeated-blocks", required_argument, NULL, OPT_REPEATED_BLOCKS},
    {"as-rom", no_argument, NULL, OPT_AS_ROM},
    {"timing", required_argument, NULL, OPT_TIMING},
    {"speed", required_argument, NULL, OPT_SPEED},
    {"faults", required_argument, NULL, OPT_FAULTS},
    {"trace", optional_argument, NULL, OPT_TRACE},
    {"trace-code", no_argument, NULL, OPT_TRACE_CODE},
    {"console", no_argument, NULL, OPT_CONSOLE},
    {"quiet", no_argument, NULL, OPT_QUIET},
    {"once", no_argument, NULL, OPT_ONCE},
    {"exit-on-eof", no_argument, NULL, OPT_EXIT_ON_EOF},
    {"list-registers", no_argument, NULL, OPT_LIST_REGISTERS},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

/* Long enough for a client that waits 100 ms between two lines, over a network. */
enum { LINE_PAIRING_DEFAULT_MS = 500, LINE_PAIRING_MAX_MS = 60000 };

enum { CRYSTAL_MAX_MHZ = 100, LATENCY_MAX_MS = 10000 };

static const char *name_of(int value)
{
    for (const struct option *option = long_options; option->name != NULL; option++) {
        if (option->val == value) {
            return option->name;
        }
    }
    return "?";
}

/* Index of @p text among @p names (NULL at the end), -1 when it is none of them. */
static int parse_choice(const char *text, const char *const *names)
{
    for (int i = 0; names[i] != NULL; i++) {
        if (strcmp(text, names[i]) == 0) {
            return i;
        }
    }
    return -1;
}

static bool is_chip_name(const char *text)
{
    return parse_choice(text, esp_sim_chip_names()) >= 0;
}

static bool set_cable(fe_options_t *options, fe_cable_t cable, const char *at)
{
    if (options->cable != FE_CABLE_NONE) {
        return false;
    }
    options->cable = cable;
    options->cable_at = at;
    return true;
}

typedef struct {
    fe_options_t options;
    fe_boot_t boot;
    bool has_wiring;
} parsed_t;

/* Options whose value needs more than a look: NULL, or what the value must be. */
static const char *apply_chip_value(int option, const char *value, parsed_t *parsed)
{
    static const char *const boots[] = {"app", "download", NULL};
    esp_sim_config_t *chip = &parsed->options.chip;
    int choice;

    switch (option) {
    case OPT_CHIP:
        chip->chip = value;
        return is_chip_name(value) ? NULL : "a chip listed in --help";
    case OPT_REVISION:
        return fe_options_parse_revision(value, &chip->chip_revision) ? NULL : "MAJOR.MINOR";
    case OPT_CRYSTAL:
        return fe_options_parse_number(value, CRYSTAL_MAX_MHZ, &chip->crystal_mhz) && chip->crystal_mhz > 0
                   ? NULL
                   : "MHz like 26";
    case OPT_ROM_CRYSTAL:
        return fe_options_parse_thousandths(value, CRYSTAL_MAX_MHZ * 1000, &chip->rom_crystal_khz) &&
                       chip->rom_crystal_khz > 0
                   ? NULL
                   : "MHz like 40 or 41.2";
    case OPT_MAC:
        return fe_options_parse_mac(value, chip->mac) ? NULL : "six hexadecimal pairs like 02:00:00:00:00:01";
    case OPT_FLASH_SIZE:
        return fe_options_parse_size(value, &chip->flash_size) && chip->flash_size > 0
                   ? NULL
                   : "a size like 8MB, 512KB or 0x800000";
    case OPT_SECURE_BOOT:
        choice = parse_choice(value, (const char *const[]){"v1", "v2", NULL});
        chip->secure_boot = choice == 0 ? ESP_SIM_SECURE_BOOT_V1 : ESP_SIM_SECURE_BOOT_V2;
        return choice >= 0 ? NULL : "v1 or v2";
    case OPT_EFUSE:
        return fe_options_add_efuse(value, chip) ? NULL : "ADDRESS=BITS, at most 16 times";
    case OPT_FLASH_ID:
        return fe_options_parse_number(value, UINT32_MAX, &chip->flash_jedec_id) ? NULL
                                                                                 : "a number like 0x1740ef";
    case OPT_FLASH_PINS:
        return fe_options_parse_number(value, UINT32_MAX, &chip->flash_pins) ? NULL
                                                                             : "a number like 0x1d8a2180";
    default: /* OPT_BOOT */
        choice = parse_choice(value, boots);
        parsed->boot = choice == 1 ? FE_BOOT_DOWNLOAD : FE_BOOT_APP;
        return choice >= 0 ? NULL : "app or download";
    }
}

static const char *apply_behaviour_value(int option, const char *value, parsed_t *parsed)
{
    static const char *const wirings[] = {"usj", "bridge", "none", "otg", NULL};
    static const char *const timings[] = {"default", "slow", "fast", NULL};
    static const char *const repeats[] = {"refuse", "write", "ignore", NULL};
    fe_options_t *options = &parsed->options;
    uint32_t number = 0;
    int choice;

    switch (option) {
    case OPT_WIRING:
        choice = parse_choice(value, wirings);
        options->chip.wiring = choice < 0 ? ESP_SIM_WIRING_USJ : (esp_sim_wiring_t)choice;
        parsed->has_wiring = true;
        return choice >= 0 ? NULL : "usj, bridge, none or otg";
    case OPT_TIMING:
        choice = parse_choice(value, timings);
        options->chip.timing = choice < 0 ? ESP_SIM_TIMING_DEFAULT : (esp_sim_timing_t)choice;
        return choice >= 0 ? NULL : "default, slow or fast";
    case OPT_REPEATED_BLOCKS:
        choice = parse_choice(value, repeats);
        options->chip.repeated_blocks = choice < 0 ? ESP_SIM_REPEATED_REFUSE : (esp_sim_repeated_t)choice;
        return choice >= 0 ? NULL : "refuse, write or ignore";
    case OPT_SPEED:
        return fe_options_parse_speed(value, &options->speed) ? NULL
                                                              : "real, max or a factor from 0.001 to 1000";
    case OPT_COUNT:
        if (!fe_options_parse_number(value, FE_COUNT_MAX, &number) || number == 0) {
            return "a number from 1 to 250";
        }
        options->count = number;
        return NULL;
    case OPT_LATENCY:
        if (!fe_options_parse_number(value, LATENCY_MAX_MS, &number)) {
            return "milliseconds from 0 to 10000";
        }
        options->chip.latency_us = number * 1000;
        return NULL;
    default: /* OPT_LINE_PAIRING */
        if (!fe_options_parse_number(value, LINE_PAIRING_MAX_MS, &number)) {
            return "milliseconds from 0 to 60000";
        }
        options->line_pairing_ms = number;
        return NULL;
    }
}

/* Options that take no value, or any. */
static bool apply_plain(int option, const char *value, fe_options_t *options)
{
    switch (option) {
    case OPT_FLASH:
        options->flash_path = value;
        return true;
    case OPT_ROM:
        options->chip.rom_elf = value;
        return true;
    case OPT_EFUSE_FILE:
        options->efuse_path = value;
        return true;
    case OPT_EXECUTE_BOOT:
        options->chip.executes_boot = true;
        return true;
    case OPT_CONTROL:
        options->control_path = value;
        return true;
    case OPT_FAULTS:
        options->faults = value;
        return true;
    case OPT_TRACE:
        options->is_tracing = true;
        options->trace_path = value;
        return true;
    case OPT_TRACE_CODE:
        options->is_tracing = true;
        options->chip.traces_code = true;
        return true;
    case OPT_SECURE_DOWNLOAD:
        options->chip.is_secure_download = true;
        return true;
    case OPT_FLASH_ENCRYPTION:
        options->chip.is_flash_encrypted = true;
        return true;
    case OPT_STRICT:
    case OPT_AS_ROM:
        options->chip.as_rom = option == OPT_AS_ROM;
        return true;
    case OPT_CONSOLE:
        options->has_console = true;
        return true;
    case OPT_QUIET:
        options->is_quiet = true;
        return true;
    case OPT_ONCE:
        options->is_once = true;
        return true;
    case OPT_EXIT_ON_EOF:
        options->exits_on_eof = true;
        return true;
    case OPT_TCP:
        return set_cable(options, FE_CABLE_TCP, value);
    case OPT_RFC2217:
        return set_cable(options, FE_CABLE_RFC2217, value);
    case OPT_USBIP:
        return set_cable(options, FE_CABLE_USBIP, value);
    default: /* OPT_PTY */
        return set_cable(options, FE_CABLE_PTY, value);
    }
}

static bool apply_option(int option, const char *value, parsed_t *parsed, char *error, size_t error_size)
{
    const char *expected = NULL;

    switch (option) {
    case OPT_CHIP:
    case OPT_REVISION:
    case OPT_CRYSTAL:
    case OPT_ROM_CRYSTAL:
    case OPT_MAC:
    case OPT_FLASH_SIZE:
    case OPT_FLASH_ID:
    case OPT_FLASH_PINS:
    case OPT_SECURE_BOOT:
    case OPT_EFUSE:
    case OPT_BOOT:
        expected = apply_chip_value(option, value, parsed);
        break;
    case OPT_WIRING:
    case OPT_TIMING:
    case OPT_REPEATED_BLOCKS:
    case OPT_SPEED:
    case OPT_COUNT:
    case OPT_LINE_PAIRING:
    case OPT_LATENCY:
        expected = apply_behaviour_value(option, value, parsed);
        break;
    default:
        if (!apply_plain(option, value, &parsed->options)) {
            (void)snprintf(error, error_size,
                           "--%s: a chip has one cable; give one of --tcp, --rfc2217, --pty, --usbip",
                           name_of(option));
            return false;
        }
    }
    if (expected != NULL) {
        (void)snprintf(error, error_size, "--%s '%s': expected %s", name_of(option), value, expected);
    }
    return expected == NULL;
}

/* What the cable decides when the command line does not: see usage.c. */
static void apply_cable_defaults(parsed_t *parsed)
{
    fe_options_t *options = &parsed->options;
    const bool is_usb = options->cable == FE_CABLE_USBIP;
    const bool has_lines = options->cable == FE_CABLE_RFC2217 || is_usb;

    if (!parsed->has_wiring) {
        const esp_sim_wiring_t with_lines = is_usb ? ESP_SIM_WIRING_USJ : ESP_SIM_WIRING_BRIDGE;
        options->chip.wiring = has_lines ? with_lines : ESP_SIM_WIRING_NONE;
    }
    const esp_sim_wiring_t wiring = options->chip.wiring;
    const bool can_be_reset = has_lines && wiring != ESP_SIM_WIRING_NONE && wiring != ESP_SIM_WIRING_OTG;
    if (parsed->boot == FE_BOOT_BY_CABLE) {
        parsed->boot = can_be_reset ? FE_BOOT_APP : FE_BOOT_DOWNLOAD;
    }
    options->chip.start_in_download = parsed->boot == FE_BOOT_DOWNLOAD;
}

fe_options_result_t fe_options_parse(int argc, char **argv, fe_options_t *out_options, char *error,
                                     size_t error_size)
{
    parsed_t parsed = {.options = {.count = 1,
                                   .speed = {.is_max = false, .rate = FE_CLOCK_RATE_REAL},
                                   .line_pairing_ms = LINE_PAIRING_DEFAULT_MS}};
    opterr = 0;
    optind = 0; /* glibc: start afresh, also after an earlier call */

    for (;;) {
        const int at = optind > 0 ? optind : 1;
        const int option = getopt_long(argc, argv, ":h", long_options, NULL);
        if (option == -1) {
            break;
        }
        if (option == 'h') {
            return FE_OPTIONS_HELP;
        }
        if (option == OPT_LIST_REGISTERS) {
            return FE_OPTIONS_LIST_REGISTERS;
        }
        if (option == ':') {
            (void)snprintf(error, error_size, "--%s needs a value", name_of(optopt));
            return FE_OPTIONS_BAD;
        }
        if (option == '?') {
            const char *what = optopt >= OPT_CHIP ? "takes no value" : "unknown or ambiguous option";
            (void)snprintf(error, error_size, "%s: %s", argv[optind > at ? optind - 1 : at], what);
            return FE_OPTIONS_BAD;
        }
        if (!apply_option(option, optarg, &parsed, error, error_size)) {
            return FE_OPTIONS_BAD;
        }
    }
    if (optind < argc) {
        (void)snprintf(error, error_size, "'%s': not an option", argv[optind]);
        return FE_OPTIONS_BAD;
    }
    if (parsed.options.cable == FE_CABLE_NONE) {
        (void)snprintf(error, error_size, "no cable: give one of --tcp, --rfc2217, --pty, --usbip");
        return FE_OPTIONS_BAD;
    }
    apply_cable_defaults(&parsed);
    if (parsed.options.cable == FE_CABLE_USBIP && parsed.options.chip.wiring != ESP_SIM_WIRING_USJ) {
        (void)snprintf(error, error_size, "--usbip is the chip's own USB-Serial/JTAG: --wiring must be usj");
        return FE_OPTIONS_BAD;
    }
    *out_options = parsed.options;
    return FE_OPTIONS_OK;
}
