/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What identifies a single board, or its owner, is not in the report unless it is asked for: people publish it.
 */
#define _GNU_SOURCE
#include "commands/selftest_report.h"

#include <stdarg.h>
#include <string.h>
#include <sys/utsname.h>

#include "esp_loader_chip_info.h"
#include "session/json_report_values.h"
#include "text/short_text.h"

enum { UNIQUE_ID_SIZE = 8 };

/* ---- outcomes ---- */

/** How the value stands to the model's: "within" and the like; NULL = nothing can be said. */
static const char *judge(const step_t *step)
{
    if (step->unit == NULL || step->model.typical == 0) {
        return NULL;
    }
    if (step->value * 2 < step->model.typical) {
        return "below half of typical";
    }
    if (step->value <= step->model.maximum) {
        return "within";
    }
    return step->model.is_without_transfer ? NULL : "above the maximum";
}

size_t selftest_count(const selftest_t *test, step_outcome_t outcome)
{
    size_t count = 0;

    for (size_t i = 0; i < test->step_count; i++) {
        count += test->steps[i].outcome == outcome ? 1 : 0;
    }
    return count;
}

/* ---- facts ---- */

__attribute__((format(printf, 3, 4))) static void add(selftest_facts_t *facts, const char *name,
                                                      const char *format, ...)
{
    va_list args;

    if (facts->count == FACTS_MAX) {
        return;
    }
    selftest_fact_t *fact = &facts->items[facts->count++];
    fact->name = name;
    va_start(args, format);
    vsnprintf(fact->value, sizeof(fact->value), format, args);
    va_end(args);
}

static void add_bytes(selftest_facts_t *facts, const char *name, const uint8_t *bytes, size_t size)
{
    char text[3 * UNIQUE_ID_SIZE + 1] = "";

    for (size_t i = 0; i < size && i < UNIQUE_ID_SIZE; i++) {
        snprintf(text + 3 * i, 4, "%02x%s", bytes[i], i + 1 < size ? ":" : "");
    }
    add(facts, name, "%s", text);
}

static void add_host(selftest_facts_t *facts)
{
    struct utsname host;

    add(facts, "esp-loader", "%s", ESP_LOADER_CLI_VERSION);
    if (uname(&host) == 0) {
        add(facts, "host", "%s %s %s", host.sysname, host.release, host.machine);
    }
}

static void add_link(selftest_facts_t *facts, const session_t *session)
{
    static const char *const names[] = {
        [ESP_LOADER_LINK_UNKNOWN] = "not known",
        [ESP_LOADER_LINK_UART] = "UART",
        [ESP_LOADER_LINK_USB_SERIAL_JTAG] = "USB-Serial/JTAG",
        [ESP_LOADER_LINK_USB_OTG] = "USB-OTG",
    };
    const char *port = session->context.port;
    const char *colon = strchr(port, ':');

    /* Of the port only its kind: names and serial numbers may be in it. */
    add(facts, "link", "%s, through %.*s", names[cli_port_link(&session->port)],
        colon != NULL ? (int)(colon - port) : 6, colon != NULL ? port : "a tty");
    const linux_device_t *device = cli_port_device(&session->port);
    if (device != NULL && device->usb_vid != 0) {
        add(facts, "USB id", "%04x:%04x", device->usb_vid, device->usb_pid);
    }
}

static void add_part(selftest_facts_t *facts, const esp_loader_chip_info_t *part)
{
    if (part->package_name != NULL) {
        add(facts, "package", "%s", part->package_name);
    } else if (part->package != ESP_LOADER_UNKNOWN) {
        add(facts, "package", "number %u", (unsigned)part->package);
    }
    if (part->crystal_mhz != ESP_LOADER_UNKNOWN) {
        add(facts, "crystal", "%u MHz", (unsigned)part->crystal_mhz);
    }
}

static const char *state(bool is_on)
{
    return is_on ? "on" : "off";
}

static void add_security(selftest_facts_t *facts, session_t *session, const esp_loader_chip_info_t *part)
{
    esp_loader_target_security_info_t info;

    if (esp_loader_get_security_info(&session->loader, &info) == ESP_LOADER_SUCCESS) {
        add(facts, "security", "secure boot %s, flash encryption %s, secure download mode %s",
            state(info.secure_boot_enabled), state(info.flash_encryption_enabled),
            state(info.secure_download_mode_enabled));
    } else if (part != NULL && part->has_protection) {
        add(facts, "security", "secure boot %s, flash encryption %s", state(part->secure_boot_enabled),
            state(part->flash_encryption_enabled));
    }
}

static esp_loader_error_t add_flash(selftest_facts_t *facts, session_t *session, bool with_mac)
{
    char text[SHORT_TEXT_SIZE];
    uint32_t id = 0;
    uint8_t unique[UNIQUE_ID_SIZE];

    if (session->context.flash_size != 0) {
        add(facts, "flash size", "%s", short_text_of_size(session->context.flash_size, text));
    }
    esp_loader_error_t error = esp_loader_flash_read_id(&session->loader, &id);
    if (error != ESP_LOADER_SUCCESS) {
        return error;
    }
    add(facts, "flash id", "manufacturer 0x%02x, device 0x%02x%02x", (unsigned)(id & 0xFFu),
        (unsigned)(id >> 8 & 0xFFu), (unsigned)(id >> 16 & 0xFFu));
    if (with_mac &&
        esp_loader_flash_read_unique_id(&session->loader, unique, sizeof(unique)) == ESP_LOADER_SUCCESS) {
        add_bytes(facts, "flash unique id", unique, sizeof(unique));
    }
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t selftest_read_facts(selftest_facts_t *facts, session_t *session, bool with_mac)
{
    esp_loader_chip_info_t part;
    char text[SHORT_TEXT_SIZE];

    add_host(facts);
    add_link(facts, session);
    add(facts, "chip", "%s%s%s", esp_loader_chip_name(session->context.chip),
        session->has_revision ? ", revision " : "",
        session->has_revision ? short_text_of_revision(session->revision, text) : "");
    if (with_mac && session->has_mac) {
        add_bytes(facts, "MAC", session->mac, sizeof(session->mac));
    }
    esp_loader_error_t error = esp_loader_read_chip_info(&session->loader, &part);
    const bool has_part = error == ESP_LOADER_SUCCESS;
    if (has_part) {
        add_part(facts, &part);
    }
    if (error == ESP_LOADER_SUCCESS || error == ESP_LOADER_ERROR_UNSUPPORTED_FUNC) {
        error = add_flash(facts, session, with_mac);
    }
    if (error == ESP_LOADER_SUCCESS || error == ESP_LOADER_ERROR_UNSUPPORTED_FUNC) {
        add_security(facts, session, has_part ? &part : NULL);
        error = ESP_LOADER_SUCCESS;
    }
    return error;
}

/* ---- for people ---- */

static void write_step(FILE *out, const step_t *step)
{
    const char *verdict = judge(step);

    fprintf(out, "| %s | %s | %s |", step->loader != NULL ? step->loader : "", step->name,
            selftest_outcome_name(step->outcome));
    if (step->unit != NULL) {
        fprintf(out, " %.1f %s |", step->value, step->unit);
    } else {
        fprintf(out, " |");
    }
    if (step->unit != NULL && step->model.typical != 0) {
        fprintf(out, " %.0f to %.0f %s%s%s%s |", step->model.typical, step->model.maximum, step->unit,
                step->model.is_without_transfer ? " and the transfer" : "", verdict != NULL ? ": " : "",
                verdict != NULL ? verdict : "");
    } else {
        fprintf(out, " |");
    }
    fprintf(out, " %s |\n", step->note);
}

void selftest_write_report(FILE *out, const selftest_facts_t *facts, const selftest_t *test)
{
    fprintf(out, "### esp-loader selftest\n\n| | |\n|---|---|\n");
    for (size_t i = 0; i < facts->count; i++) {
        fprintf(out, "| %s | %s |\n", facts->items[i].name, facts->items[i].value);
    }
    if (test->scratch_size != 0) {
        fprintf(out, "| scratch range | 0x%08x, %u bytes |\n", (unsigned)test->scratch_offset,
                (unsigned)test->scratch_size);
    }
    fprintf(out, "\n| loader | step | outcome | measured | simulator: typical to maximum | remark |\n"
                 "|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < test->step_count; i++) {
        write_step(out, &test->steps[i]);
    }
    fprintf(out, "\n%zu ok, %zu failed, %zu skipped\n", selftest_count(test, STEP_OK),
            selftest_count(test, STEP_FAILED), selftest_count(test, STEP_SKIPPED));
}

/* ---- for programs ---- */

static json_t *fact_object(const void *ctx, size_t index)
{
    const selftest_fact_t *fact = &((const selftest_facts_t *)ctx)->items[index];

    return json_pack("{s:s, s:s}", "name", fact->name, "value", fact->value);
}

static json_t *step_object(const void *ctx, size_t index)
{
    const step_t *step = &((const selftest_t *)ctx)->steps[index];
    const bool has_model = step->unit != NULL && step->model.typical != 0;

    return json_pack("{s:s, s:s*, s:s, s:s*, s:o*, s:s*, s:o*, s:o*}", "name", step->name, "loader",
                     step->loader, "outcome", selftest_outcome_name(step->outcome), "remark",
                     step->note[0] != '\0' ? step->note : NULL, "value",
                     step->unit != NULL ? json_real(step->value) : NULL, "unit", step->unit, "model_typical",
                     has_model ? json_real(step->model.typical) : NULL, "model_maximum",
                     has_model ? json_real(step->model.maximum) : NULL);
}

json_t *selftest_members(const selftest_facts_t *facts, const selftest_t *test)
{
    return json_pack("{s:o, s:o}", "facts", json_report_array(facts->count, fact_object, facts), "steps",
                     json_report_array(test->step_count, step_object, test));
}
