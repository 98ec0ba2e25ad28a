/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What may be meant, and is more often a mistake. It goes by names of fields, as what a part can still do.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>

#include "efuse/burn_report.h"

enum { KEYS = 6, ESP32_V3 = 300, P4_V3_1 = 301, P4_V3_2 = 302 };

typedef struct {
    const efuse_contents_t *before, *after;
    uint32_t revision;
    const flash_voltage_t *voltage; /**< before it */
} change_t;

static const efuse_field_t *find(const change_t *change, const char *name)
{
    const efuse_field_t *field = efuse_find(change->after->table, name);

    return field != NULL && strcmp(field->name, name) == 0 ? field : NULL;
}

static unsigned bits_of(const change_t *change, const efuse_contents_t *contents, const char *name)
{
    const efuse_field_t *field = find(change, name);

    return field != NULL ? efuse_burnt_bits(contents, field) : 0;
}

static bool will_be_set(const change_t *change, const char *name)
{
    return bits_of(change, change->after, name) != 0;
}

static bool becomes_set(const change_t *change, const char *name)
{
    return will_be_set(change, name) && bits_of(change, change->before, name) == 0;
}

static uint32_t purpose_of(const change_t *change, unsigned key, const efuse_field_t **out_key)
{
    char purpose[] = "KEY_PURPOSE_0";
    char name[] = "KEY0";

    purpose[sizeof(purpose) - 2] = (char)('0' + key);
    name[sizeof(name) - 2] = (char)('0' + key);
    const efuse_field_t *field = find(change, purpose);
    *out_key = find(change, name);
    return field != NULL && *out_key != NULL ? efuse_number(change->after, field) : 0;
}

static bool is_secret(uint32_t purpose)
{
    return (purpose >= 1 && purpose <= 8) || (purpose >= 12 && purpose <= 19);
}

/** Is there a digest that secure boot can read and that is not revoked? */
static bool has_digest(const change_t *change)
{
    static const char *const revoked[] = {"SECURE_BOOT_KEY_REVOKE0", "SECURE_BOOT_KEY_REVOKE1",
                                          "SECURE_BOOT_KEY_REVOKE2"};

    if (find(change, "KEY_PURPOSE_0") == NULL) { /* its place says it: a key that is not empty */
        const char *name = find(change, "BLOCK2") != NULL ? "BLOCK2" : "KEY0_HI_128";
        const efuse_field_t *key = find(change, name);
        return key == NULL || (efuse_is_readable(change->after, key) && will_be_set(change, name));
    }
    for (unsigned i = 0; i < KEYS; i++) {
        const efuse_field_t *key;
        const uint32_t purpose = purpose_of(change, i, &key);
        if (purpose >= 9 && purpose <= 11 && efuse_is_readable(change->after, key) &&
            !will_be_set(change, revoked[purpose - 9])) {
            return true;
        }
    }
    return false;
}

/** A key that cannot be read may be anything. */
static bool may_have_key(const change_t *change, const char *name)
{
    const efuse_field_t *key = find(change, name);

    return key == NULL || !efuse_is_readable(change->after, key) || will_be_set(change, name);
}

static bool has_flash_key(const change_t *change)
{
    if (find(change, "KEY_PURPOSE_0") == NULL) {
        return may_have_key(change, find(change, "BLOCK1") != NULL ? "BLOCK1" : "KEY0_LOW_128");
    }
    for (unsigned i = 0; i < KEYS; i++) {
        const efuse_field_t *key;
        const uint32_t purpose = purpose_of(change, i, &key);
        if (purpose >= 2 && purpose <= 4) {
            return true;
        }
    }
    return false;
}

static bool is_secret_readable(const change_t *change)
{
    for (unsigned i = 0; i < KEYS; i++) {
        const efuse_field_t *key;
        if (is_secret(purpose_of(change, i, &key)) && efuse_is_readable(change->after, key)) {
            return true;
        }
    }
    return false;
}

static const char *secure_boot(const change_t *change)
{
    const bool is_new = becomes_set(change, "SECURE_BOOT_EN") || becomes_set(change, "ABS_DONE_1");
    const bool is_on = will_be_set(change, "SECURE_BOOT_EN");
    const bool is_revoking = becomes_set(change, "SECURE_BOOT_KEY_REVOKE0") ||
                             becomes_set(change, "SECURE_BOOT_KEY_REVOKE1") ||
                             becomes_set(change, "SECURE_BOOT_KEY_REVOKE2");

    return (is_new || (is_on && is_revoking)) && !has_digest(change)
               ? "secure boot would have no digest that it can use: nothing would boot any more"
               : NULL;
}

static const char *secure_boot_v1(const change_t *change)
{
    return becomes_set(change, "ABS_DONE_0") && !may_have_key(change, "BLOCK2")
               ? "secure boot V1 would be on without a key that was burnt: nothing would boot any more"
               : NULL;
}

static bool may_hold_data(const change_t *change, const char *name)
{
    const efuse_field_t *block = find(change, name);

    return block != NULL &&
           (!efuse_is_readable(change->before, block) || bits_of(change, change->before, name) != 0);
}

/** Of the ESP32: with a code its blocks have fewer bytes, in other places. */
static const char *coding_scheme(const change_t *change)
{
    return becomes_set(change, "CODING_SCHEME") &&
                   (may_hold_data(change, "BLOCK1") || may_hold_data(change, "BLOCK2") ||
                    may_hold_data(change, "BLOCK3"))
               ? "the coding scheme would make other keys and data of those that are burnt"
               : NULL;
}

/** Of the ESP32 as well: its factory's MAC address can be burnt further, and would not be what its CRC is of. */
static const char *factory_mac(const change_t *change)
{
    const unsigned before = bits_of(change, change->before, "MAC");

    return before != 0 && bits_of(change, change->after, "MAC") != before
               ? "the MAC address from the factory would become another one"
               : NULL;
}

static const char *counter(const change_t *change)
{
    const char *name = find(change, "FLASH_CRYPT_CNT") != NULL ? "FLASH_CRYPT_CNT" : "SPI_BOOT_CRYPT_CNT";
    const efuse_field_t *field = find(change, name);
    const bool was_on = bits_of(change, change->before, name) % 2 == 1;
    const bool is_on = bits_of(change, change->after, name) % 2 == 1;

    if (is_on && !was_on && !has_flash_key(change)) {
        return "flash encryption would be on without a key that was burnt";
    }
    return field != NULL && !is_on && efuse_is_writable(change->before, field) &&
                   !efuse_is_writable(change->after, field)
               ? "flash encryption could never be turned on any more"
               : NULL;
}

static const char *read_protection(const change_t *change)
{
    const efuse_field_t *field = find(change, "RD_DIS");

    return field != NULL && efuse_is_writable(change->before, field) &&
                   !efuse_is_writable(change->after, field) && is_secret_readable(change)
               ? "a secret key could never be read-protected any more"
               : NULL;
}

static const char *download(const change_t *change)
{
    const bool is_esp32_off = becomes_set(change, "UART_DOWNLOAD_DIS") && change->revision >= ESP32_V3;

    return becomes_set(change, "DIS_DOWNLOAD_MODE") || is_esp32_off
               ? "the part could never be flashed over a cable any more: see its app run first"
               : NULL;
}

static const char *secure_download(const change_t *change)
{
    const bool is_p4 = strcmp(change->after->table->chip, "ESP32-P4") == 0 && change->revision >= P4_V3_1;
    const bool has_power = change->revision >= P4_V3_2 && will_be_set(change, "DOWNLOAD_MODE_XPD_ON");

    if (!becomes_set(change, "ENABLE_SECURITY_DOWNLOAD")) {
        return NULL;
    }
    return is_p4 && !has_power ? "in secure download mode the flash of this part would have no power"
                               : "eFuses and flash could never be read any more, nor eFuses burnt";
}

static const char *voltage(const change_t *change)
{
    const flash_voltage_t after = flash_voltage_by_efuses(change->after);

    if (!after.is_known || !change->voltage->is_known || after.millivolts == change->voltage->millivolts) {
        return NULL;
    }
    return after.millivolts == 0
               ? "the chip would give its flash no power any more"
               : "the flash would get another voltage than it has now, which can destroy it";
}

size_t burn_hazards(const efuse_contents_t *before, const efuse_contents_t *after, uint32_t revision,
                    const flash_voltage_t *voltage_before, const char *sentences[BURN_HAZARDS_MAX])
{
    static const char *(*const rules[])(const change_t *) = {secure_boot, secure_boot_v1,  coding_scheme,
                                                             factory_mac, counter,         read_protection,
                                                             download,    secure_download, voltage};
    const change_t change = {before, after, revision, voltage_before};
    size_t count = 0;

    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        const char *sentence = rules[i](&change);
        if (sentence != NULL) {
            sentences[count++] = sentence;
        }
    }
    return count;
}
