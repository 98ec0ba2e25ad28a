/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A rule for each thing that security is about. They go by names of fields: a chip that has none of them is
 * not spoken of. Sources: technical reference manuals, chapters eFuse controller; documentation of ESP-IDF,
 * security.
 */
#define _GNU_SOURCE
#include "efuse/security_state.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { ESP32_V3 = 300 }; /* from this revision on it has secure boot V2, and download mode can be off */

typedef struct {
    security_states_t *states;
    const efuse_contents_t *contents;
    uint32_t revision;
} rules_t;

/* ---- fields ---- */

/** By the first of its names: others mean another thing on another chip. */
static const efuse_field_t *field(const rules_t *rules, const char *name)
{
    const efuse_field_t *found = efuse_find(rules->contents->table, name);

    return found != NULL && strcmp(found->name, name) == 0 ? found : NULL;
}

static bool has(const rules_t *rules, const char *name)
{
    return field(rules, name) != NULL;
}

/** Some of its bits are burnt; false where there is no such field. */
static bool is_set(const rules_t *rules, const char *name)
{
    const efuse_field_t *found = field(rules, name);

    return found != NULL && efuse_burnt_bits(rules->contents, found) != 0;
}

static bool is_odd(const rules_t *rules, const char *name)
{
    const efuse_field_t *found = field(rules, name);

    return found != NULL && efuse_burnt_bits(rules->contents, found) % 2 == 1;
}

/** It can still get bits. */
static bool can_be_set(const rules_t *rules, const char *name)
{
    const efuse_field_t *found = field(rules, name);

    return found != NULL && efuse_is_writable(rules->contents, found) &&
           efuse_burnt_bits(rules->contents, found) < efuse_bit_count(rules->contents, found);
}

__attribute__((format(printf, 5, 6))) static void add(const rules_t *rules, const char *what, bool is_on,
                                                      bool is_final, const char *format, ...)
{
    security_states_t *states = rules->states;
    va_list args;

    if (states->count == SECURITY_STATES) {
        return;
    }
    security_state_t *state = &states->states[states->count++];
    state->what = what;
    state->is_on = is_on;
    state->is_final = is_final;
    va_start(args, format);
    (void)vsnprintf(state->text, sizeof(state->text), format, args);
    va_end(args);
}

/** What is on as long as no bit turns it off. */
static void add_on_unless(const rules_t *rules, const char *what, bool is_off, bool can_be_off)
{
    if (is_off) {
        add(rules, what, false, true, "off for good");
    } else {
        add(rules, what, true, !can_be_off, can_be_off ? "on, can be turned off for good" : "on for good");
    }
}

/* ---- rules ---- */

static void secure_boot(const rules_t *rules)
{
    const char *const what = "secure boot";
    const bool is_new = has(rules, "SECURE_BOOT_EN");
    const bool can_be_on = can_be_set(rules, is_new ? "SECURE_BOOT_EN" : "ABS_DONE_0") ||
                           (!is_new && rules->revision >= ESP32_V3 && can_be_set(rules, "ABS_DONE_1"));

    if (is_set(rules, "SECURE_BOOT_EN")) {
        add(rules, what, true, true, "on for good");
    } else if (is_set(rules, "ABS_DONE_1") && rules->revision >= ESP32_V3) {
        add(rules, what, true, true, "V2 on for good");
    } else if (is_set(rules, "ABS_DONE_0")) {
        add(rules, what, true, true, "V1 on for good");
    } else {
        add(rules, what, false, !can_be_on, can_be_on ? "off, can be turned on for good" : "off for good");
    }
}

static void secure_boot_keys(const rules_t *rules)
{
    static const char *const names[] = {"SECURE_BOOT_KEY_REVOKE0", "SECURE_BOOT_KEY_REVOKE1",
                                        "SECURE_BOOT_KEY_REVOKE2"};
    unsigned revoked = 0;

    for (size_t i = 0; i < 3; i++) {
        revoked += is_set(rules, names[i]);
    }
    if (revoked != 0) {
        add(rules, "secure boot keys", revoked < 3, revoked == 3, "%u of 3 are revoked", revoked);
    }
}

static void flash_encryption(const rules_t *rules)
{
    const char *const what = "flash encryption";
    const char *const name = has(rules, "FLASH_CRYPT_CNT") ? "FLASH_CRYPT_CNT" : "SPI_BOOT_CRYPT_CNT";
    const efuse_field_t *count = field(rules, name);
    const bool can_change = can_be_set(rules, name);

    if (!is_odd(rules, name)) {
        add(rules, what, false, !can_change, can_change ? "off, can be turned on" : "off for good");
        return;
    }
    const bool takes_plain =
        !is_set(rules, "DIS_DOWNLOAD_MANUAL_ENCRYPT") && !is_set(rules, "DISABLE_DL_ENCRYPT");
    const char *const how =
        takes_plain ? "the ROM can encrypt what is flashed" : "only encrypted images can be flashed";
    if (can_change) {
        const size_t left =
            (efuse_bit_count(rules->contents, count) - efuse_burnt_bits(rules->contents, count) + 1) / 2;
        add(rules, what, true, false, "on, can be turned off %s; %s",
            left == 1   ? "once"
            : left == 2 ? "twice"
                        : "three times",
            how);
    } else {
        add(rules, what, true, true, "on for good; %s", how);
    }
}

static void rom_download(const rules_t *rules)
{
    const char *const what = "ROM download";
    const bool is_old = has(rules, "UART_DOWNLOAD_DIS");
    const char *const name = is_old ? "UART_DOWNLOAD_DIS" : "DIS_DOWNLOAD_MODE";
    const bool counts = !is_old || rules->revision >= ESP32_V3;

    if (!is_set(rules, name) && is_set(rules, "ENABLE_SECURITY_DOWNLOAD")) {
        const bool can_be_off = can_be_set(rules, name);
        add(rules, what, true, !can_be_off, "it only flashes and reads nothing%s",
            can_be_off ? ", can be turned off for good" : "");
        return;
    }
    add_on_unless(rules, what, counts && is_set(rules, name), counts && can_be_set(rules, name));
}

/** The first of these that the chip has. */
static const char *pad_jtag(const rules_t *rules)
{
    static const char *const names[] = {"JTAG_DISABLE", "DIS_PAD_JTAG", "HARD_DIS_JTAG"};
    size_t i = 0;

    while (i < 2 && !has(rules, names[i])) {
        i++;
    }
    return names[i];
}

static void jtag(const rules_t *rules)
{
    const char *const what = "JTAG";
    const char *const pads = pad_jtag(rules);
    const bool has_usb = has(rules, "DIS_USB_JTAG");
    const bool is_pads_off = is_set(rules, pads);
    const bool is_usb_off = !has_usb || is_set(rules, "DIS_USB_JTAG") || is_set(rules, "DIS_USB_SERIAL_JTAG");
    const bool can_be_off = can_be_set(rules, pads) || can_be_set(rules, "SOFT_DIS_JTAG") ||
                            (has_usb && can_be_set(rules, "DIS_USB_JTAG"));

    if (is_pads_off && is_usb_off) {
        add(rules, what, false, true, "off for good");
    } else if (is_odd(rules, "SOFT_DIS_JTAG")) {
        add(rules, what, false, false, "off, an HMAC key can turn it on until the next reset");
    } else if (is_pads_off || (has_usb && is_usb_off)) {
        add(rules, what, true, !can_be_off, "%s, %s for good%s",
            is_pads_off ? "on through USB" : "on at the pins",
            is_pads_off ? "off at the pins" : "off through USB", can_be_off ? "; can be turned off" : "");
    } else {
        add(rules, what, true, !can_be_off, can_be_off ? "on, can be turned off" : "on for good");
    }
}

/** Flashing through one kind of USB. */
static void usb_download(const rules_t *rules, const char *what, const char *device, const char *download)
{
    if (!has(rules, device) && !has(rules, download)) {
        return;
    }
    add_on_unless(rules, what, is_set(rules, device) || is_set(rules, download),
                  can_be_set(rules, device) || can_be_set(rules, download));
}

/** Is it a purpose of a key that nobody may read? */
static bool is_secret(uint32_t purpose)
{
    return (purpose >= 1 && purpose <= 8) || (purpose >= 12 && purpose <= 18);
}

static bool is_digest(uint32_t purpose)
{
    return purpose >= 9 && purpose <= 11;
}

/** Of chips whose key blocks have no purposes: flash encryption takes a fixed one. */
static void flash_key(const rules_t *rules)
{
    const efuse_field_t *key = field(rules, has(rules, "BLOCK1") ? "BLOCK1" : "KEY0_LOW_128");
    const bool can_be_protected = can_be_set(rules, "RD_DIS");

    if (!has(rules, "KEY_PURPOSE_0") && key != NULL && efuse_is_readable(rules->contents, key) &&
        (is_odd(rules, "FLASH_CRYPT_CNT") || is_odd(rules, "SPI_BOOT_CRYPT_CNT"))) {
        add(rules, "flash encryption key", true, !can_be_protected, "can be read%s",
            can_be_protected ? ", can be protected" : " for good");
    }
}

static void keys(const rules_t *rules)
{
    static const char *const names[] = {"key block 0", "key block 1", "key block 2",
                                        "key block 3", "key block 4", "key block 5"};
    const efuse_contents_t *contents = rules->contents;

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char name[] = "KEY_PURPOSE_0";
        name[sizeof(name) - 2] = (char)('0' + i);
        const efuse_field_t *purpose = field(rules, name);
        const efuse_field_t *key = field(rules, (char[]){'K', 'E', 'Y', (char)('0' + i), '\0'});
        if (purpose == NULL || key == NULL) {
            continue;
        }
        const uint32_t number = efuse_number(contents, purpose);
        const bool is_readable = efuse_is_readable(contents, key);
        const bool can_be_protected = can_be_set(rules, "RD_DIS");
        if (is_secret(number) && is_readable) {
            add(rules, names[i], true, !can_be_protected, "holds a secret that can be read%s",
                can_be_protected ? ", can be protected" : " for good");
        } else if (is_digest(number) && !is_readable) {
            add(rules, names[i], false, true, "secure boot cannot read its digest: it never verifies");
        }
    }
}

static void anti_rollback(const rules_t *rules)
{
    const efuse_field_t *version = field(rules, "SECURE_VERSION");

    if (version != NULL && is_set(rules, "SECURE_VERSION")) {
        add(rules, "anti-rollback", true, true, "apps below security version %u do not start",
            efuse_burnt_bits(rules->contents, version));
    }
}

void security_state_find(security_states_t *states, const efuse_contents_t *contents, uint32_t revision)
{
    const rules_t rules = {.states = states, .contents = contents, .revision = revision};

    states->count = 0;
    secure_boot(&rules);
    secure_boot_keys(&rules);
    flash_encryption(&rules);
    rom_download(&rules);
    usb_download(&rules, "USB-Serial/JTAG download", "DIS_USB_SERIAL_JTAG",
                 "DIS_USB_SERIAL_JTAG_DOWNLOAD_MODE");
    usb_download(&rules, "USB-OTG download", has(&rules, "DIS_USB") ? "DIS_USB" : "DIS_USB_OTG",
                 has(&rules, "DIS_USB_DOWNLOAD_MODE") ? "DIS_USB_DOWNLOAD_MODE"
                                                      : "DIS_USB_OTG_DOWNLOAD_MODE");
    jtag(&rules);
    flash_key(&rules);
    keys(&rules);
    anti_rollback(&rules);
}
