/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The rows. Source: esptool 5.6, its documentation ("Configuration File") and the defaults stated there.
 */
#include "esptool/esptool_config.h"

#include <stdlib.h>

#include "options/name.h"

#include <string.h>

#define SLOWEST                                                                                              \
    "every command has what the slowest documented flash takes for it; sync_timeout makes all waits longer"

const esptool_key_t esptool_keys[] = {
    {.name = "timeout", .verdict = VERDICT_ALWAYS, .usual = 3, .sentence = SLOWEST},
    {.name = "chip_erase_timeout", .verdict = VERDICT_ALWAYS, .usual = 200, .sentence = SLOWEST},
    {.name = "max_timeout", .verdict = VERDICT_ALWAYS, .sentence = "no command is cut short"},
    {.name = "sync_timeout",
     .option = "timeout",
     .usual = 0.1,
     .sentence = "how late answers may be; found out where it is not said"},
    {.name = "md5_timeout_per_mb", .verdict = VERDICT_ALWAYS, .usual = 8, .sentence = SLOWEST},
    {.name = "erase_region_timeout_per_mb", .verdict = VERDICT_ALWAYS, .usual = 40, .sentence = SLOWEST},
    {.name = "erase_write_timeout_per_mb", .verdict = VERDICT_ALWAYS, .usual = 40, .sentence = SLOWEST},
    {.name = "mem_end_rom_timeout",
     .verdict = VERDICT_ALWAYS,
     .sentence = "the answer of a ROM that starts a program is waited for where there is one"},
    {.name = "serial_write_timeout",
     .verdict = VERDICT_ALWAYS,
     .usual = 10,
     .sentence = "what is sent has the time that its bytes need, and what its command takes"},
    {.name = "connect_attempts", .option = "connect-attempts", .sentence = "one attempt is ten of esptool's"},
    {.name = "write_block_attempts",
     .verdict = VERDICT_ALWAYS,
     .sentence = "what does not arrive is sent again as long as each pass leaves less of it"},
    {.name = "reset_delay",
     .verdict = VERDICT_ALWAYS,
     .usual = 0.55,
     .sentence = "0.05 and 0.55 s are tried in turns; custom_reset_sequence may wait longer"},
    {.name = "open_port_attempts", .option = "open-port-attempts"},
    {.name = "custom_reset_sequence", .option = "custom-reset-sequence"},
    {.name = "custom_hard_reset_sequence", .option = "custom-hard-reset-sequence"},
};

const size_t esptool_key_count = sizeof(esptool_keys) / sizeof(esptool_keys[0]);

const esptool_variable_t esptool_variables[] = {
    {.name = "ESPTOOL_CFGFILE", .verdict = VERDICT_DONE, .sentence = "see above"},
    {.name = "ESPTOOL_STUB_VERSION",
     .verdict = VERDICT_NO,
     .sentence = "it is left out: there is one version of the flasher stub, the one that is built in"},
    {.name = "ESPTOOL_ENV_FPGA",
     .verdict = VERDICT_WORDS,
     .sentence = "a longer reset is --custom-reset-sequence='D0|R1|W0.1|D1|R0|W7|D0'"},
};

const size_t esptool_variable_count = sizeof(esptool_variables) / sizeof(esptool_variables[0]);

const esptool_key_t *esptool_find_key(const char *name)
{
    for (size_t i = 0; i < esptool_key_count; i++) {
        if (strcmp(esptool_keys[i].name, name) == 0) {
            return &esptool_keys[i];
        }
    }
    return NULL;
}

esptool_key_result_t esptool_key_translate(const esptool_key_t *key, const char **value)
{
    char *end = NULL;
    const double number = strtod(*value, &end);
    const bool is_number = end != *value && *end == '\0' && number == number;

    if (key->option != NULL && key->usual == 0) {
        if (is_number && number < 0) {
            *value = "0"; /* attempts without end */
        }
        return ESPTOOL_KEY_OURS;
    }
    if (!is_number) {
        return ESPTOOL_KEY_INVALID;
    }
    if (key->usual == 0 || number <= key->usual) {
        return ESPTOOL_KEY_USUAL;
    }
    return key->option != NULL ? ESPTOOL_KEY_OURS : ESPTOOL_KEY_LARGER;
}
