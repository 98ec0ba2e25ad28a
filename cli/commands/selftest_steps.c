/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Steps are independent: one that fails is noted, the target is reset and connected to again, and the next one
 * is tried. Nothing is written outside of the scratch range.
 */
#define _GNU_SOURCE
#include "commands/selftest_run.h"

#include <stdio.h>
#include <string.h>

#include "commands/selftest_scratch.h"
#include "report/clock.h"
#include "text/short_text.h"

enum {
    RESETS = 5,
    ROUND_TRIPS = 50,
    /* Readable on every chip: a word of the ROM. Source: esptool, CHIP_DETECT_MAGIC_REG_ADDR. */
    READABLE_ADDRESS = 0x40001000,
    PROBE_ROM = 4096, /* bytes: a ROM sends 64 at a time */
    PROBE_STUB = 16384,
    READ_ROM = 16384,
    READ_STUB = 131072,
    HASHED = 1048576,
    BLOCK = 65536,
};

/* What the simulator takes, milliseconds: docs/timing.md, columns "default" and "slow"; of ROM and stub. */
static const step_model_t round_trip_model = {.typical = 1, .maximum = 20, .is_without_transfer = true};
static const step_model_t hash_model[] = {{774, 1548, false}, {492, 1548, false}}; /* per MiB */

/* ---- resets ---- */

static esp_loader_error_t measure_resets(selftest_t *test, step_t *step, uint32_t count)
{
    double total_ms = 0;

    if (test->options->is_reset_before_off) {
        step_note(step, STEP_SKIPPED, "--before no-reset");
        return ESP_LOADER_SUCCESS;
    }
    for (uint32_t i = 0; i < count; i++) {
        esp_loader_error_t error = esp_loader_reset_target_checked(&test->session->loader);
        if (error == ESP_LOADER_SUCCESS) {
            const uint64_t start_ms = clock_now_ms();
            error = selftest_connect_again(test, false, true);
            total_ms += step_elapsed_ms(start_ms);
        }
        if (error == ESP_LOADER_ERROR_UNSUPPORTED_FUNC) {
            step_note(step, STEP_SKIPPED, "this port cannot reset the target");
            return ESP_LOADER_SUCCESS;
        }
        RETURN_ON_ERROR(error);
    }
    step_measured(step, total_ms / count, "ms", (step_model_t){0});
    return ESP_LOADER_SUCCESS;
}

/* ---- rates and speeds ---- */

static double kib_per_second(uint32_t size, double ms)
{
    return size / 1.024 / (ms < 1 ? 1 : ms);
}

static uint8_t buffer[BLOCK];

/** Reads from the start of the flash; the library compares it with the MD5 that the target computes. */
static esp_loader_error_t read_flash(selftest_t *test, uint32_t size, double *out_speed)
{
    const uint32_t flash_size = test->session->context.flash_size;
    const uint64_t start_ms = clock_now_ms();

    size = flash_size != 0 && flash_size < size ? flash_size : size;
    for (uint32_t done = 0; done < size; done += sizeof(buffer)) {
        const uint32_t piece = size - done < sizeof(buffer) ? size - done : sizeof(buffer);
        RETURN_ON_ERROR(esp_loader_flash_read(&test->session->loader, buffer, done, piece));
    }
    *out_speed = kib_per_second(size, step_elapsed_ms(start_ms));
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t measure_rate(selftest_t *test, step_t *step, uint32_t rate_baud)
{
    esp_loader_port_t *port = test->session->port.port;
    const uint32_t highest_baud = port->ops->max_rate != NULL ? port->ops->max_rate(port) : 0;
    double speed = 0;

    if (highest_baud != 0 && rate_baud > highest_baud) {
        step_note(step, STEP_SKIPPED, "more than the USB bridge can do");
        return ESP_LOADER_SUCCESS;
    }
    if (rate_baud != SELFTEST_CONNECT_BAUD || test->session->is_rate_changed) {
        RETURN_ON_ERROR(selftest_change_rate(test, rate_baud));
    }
    esp_loader_error_t error = read_flash(test, test->session->is_stub ? PROBE_STUB : PROBE_ROM, &speed);
    if (error == ESP_LOADER_ERROR_UNSUPPORTED_FUNC) {
        step_note(step, STEP_OK, "a reply at this rate; the flash cannot be read");
    } else if (error != ESP_LOADER_SUCCESS) {
        return error;
    } else {
        step_measured(step, speed, "KiB/s", (step_model_t){0});
    }
    test->best_rate_baud = rate_baud;
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t measure_read(selftest_t *test, step_t *step, uint32_t size)
{
    double speed = 0;

    RETURN_ON_ERROR(read_flash(test, size, &speed));
    step_measured(step, speed, "KiB/s", (step_model_t){0});
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t measure_round_trip(selftest_t *test, step_t *step, uint32_t count)
{
    const uint64_t start_ms = clock_now_ms();

    for (uint32_t i = 0; i < count; i++) {
        uint32_t value = 0;
        RETURN_ON_ERROR(esp_loader_read_register(&test->session->loader, READABLE_ADDRESS, &value));
    }
    step_measured(step, step_elapsed_ms(start_ms) / count, "ms", round_trip_model);
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t measure_hash(selftest_t *test, step_t *step, uint32_t size)
{
    const uint64_t start_ms = clock_now_ms();
    uint8_t digest[ESP_LOADER_MD5_SIZE];

    RETURN_ON_ERROR(esp_loader_flash_md5(&test->session->loader, 0, size, digest));
    step_model_t model = hash_model[test->session->is_stub];
    model.typical *= size / (double)HASHED;
    model.maximum *= size / (double)HASHED;
    step_measured(step, step_elapsed_ms(start_ms), "ms", model);
    return ESP_LOADER_SUCCESS;
}

/* ---- all of them ---- */

static void try_rates(selftest_t *test, const char *loader)
{
    static const uint32_t rates_baud[] = {115200, 230400, 460800, 921600, 1500000, 2000000, 3000000};
    const esp_loader_link_t link = cli_port_link(&test->session->port);
    char name[32];

    test->best_rate_baud = 0;
    if (!test->session->port.has_rate || link == ESP_LOADER_LINK_USB_SERIAL_JTAG ||
        link == ESP_LOADER_LINK_USB_OTG) {
        step_t *step = step_add(test, "baud rates");
        step->loader = loader;
        step_note(step, STEP_SKIPPED, "this link has no baud rate");
        step_print(test, step);
        return;
    }
    for (size_t i = 0; i < sizeof(rates_baud) / sizeof(rates_baud[0]); i++) {
        snprintf(name, sizeof(name), "%u baud", (unsigned)rates_baud[i]);
        step_run(test, loader, name, measure_rate, rates_baud[i]);
    }
}

static void try_loader(selftest_t *test, const char *loader)
{
    const uint32_t flash_size = test->session->context.flash_size;
    const uint32_t hashed = flash_size != 0 && flash_size < HASHED ? flash_size : HASHED;
    char text[SHORT_TEXT_SIZE];
    char name[32];

    try_rates(test, loader);
    step_run(test, loader, "round trip of a command", measure_round_trip, ROUND_TRIPS);
    step_run(test, loader, "read the flash", measure_read, test->session->is_stub ? READ_STUB : READ_ROM);
    snprintf(name, sizeof(name), "hash %s", short_text_of_size(hashed, text));
    step_run(test, loader, name, measure_hash, hashed);
    selftest_try_scratch(test, loader);
}

static esp_loader_error_t measure_stub(selftest_t *test, step_t *step, uint32_t unused)
{
    (void)unused;
    if (test->session->is_rate_changed) {
        RETURN_ON_ERROR(selftest_change_rate(test, SELFTEST_CONNECT_BAUD));
    }
    const uint64_t start_ms = clock_now_ms();
    esp_loader_error_t error = selftest_connect_again(test, true, false);
    if (error == ESP_LOADER_ERROR_UNSUPPORTED_FUNC) {
        step_note(step, STEP_SKIPPED, "this build, or the target's security, allows none");
        return selftest_connect_again(test, false, false);
    }
    RETURN_ON_ERROR(error);
    step_measured(step, step_elapsed_ms(start_ms), "ms", (step_model_t){0});
    return ESP_LOADER_SUCCESS;
}

void selftest_run_steps(selftest_t *test, session_t *session)
{
    test->session = session;
    test->start_ms = clock_now_ms();
    if (session->is_stub) { /* left running by another program */
        step_t *step = step_add(test, "the ROM loader");
        step_note(step, STEP_SKIPPED, "a flasher stub is running, and the target could not be reset");
        step_print(test, step);
        try_loader(test, "stub");
        return;
    }
    step_run(test, NULL, "reset, there and back 5 times", measure_resets, RESETS);
    try_loader(test, "ROM");
    if (test->is_stub_off) {
        return;
    }
    test->best_rate_baud = 0;
    if (step_run(test, NULL, "start the flasher stub", measure_stub, 0) == STEP_OK) {
        try_loader(test, "stub");
    }
}

void selftest_note_end(selftest_t *test)
{
    step_t *step = step_add(test, "reset into the application");

    switch (test->session->left) {
    case SESSION_LEFT_RUNNING:
        break;
    case SESSION_LEFT_IN_DOWNLOAD_MODE:
        step_note(step, test->options->is_stay_after ? STEP_SKIPPED : STEP_FAILED,
                  test->options->is_stay_after ? "--after stay" : "it is in download mode again");
        break;
    case SESSION_LEFT_AS_IT_IS:
        step_note(step, STEP_SKIPPED, "this port cannot reset the target");
        break;
    default:
        step_note(step, STEP_FAILED, "see above");
        break;
    }
    step_print(test, step);
}
