/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Steps are independent: one that fails is noted, the target is reset and connected to again, and the next one
 * is tried. Nothing is written outside of the scratch range.
 */
#define _GNU_SOURCE
#include "commands/selftest_steps.h"

#include <stdio.h>
#include <string.h>

#include "esp_loader_md5.h"
#include "ports/cancel_port.h"
#include "report/clock.h"
#include "text/short_text.h"

enum {
    CONNECT_BAUD = 115200,
    RESETS = 5,
    BUDGET_MS = 240000, /* no step begins later: none takes a minute */
    ROUND_TRIPS = 50,
    /* Readable on every chip: a word of the ROM. Source: esptool, CHIP_DETECT_MAGIC_REG_ADDR. */
    READABLE_ADDRESS = 0x40001000,
    PROBE_ROM = 4096, /* bytes: a ROM sends 64 at a time */
    PROBE_STUB = 16384,
    READ_ROM = 16384,
    READ_STUB = 131072,
    HASHED = 1048576,
    SECTOR = 4096,
    BLOCK = 65536,
};

/* What the simulator takes, milliseconds: docs/timing.md, columns "default" and "slow"; of ROM and stub. */
static const step_model_t round_trip_model = {.typical = 1, .maximum = 20, .is_without_transfer = true};
static const step_model_t sector_model = {.typical = 45, .maximum = 400};
static const step_model_t block_model[] = {{720, 6400, false},
                                           {150, 2000, false}};                    /* 16 sectors or a block */
static const step_model_t hash_model[] = {{774, 1548, false}, {492, 1548, false}}; /* per MiB */
/* per KiB: 32 pieces of 32 bytes, each with 36 bytes on the SPI bus; a ROM reads 64 times 16 bytes back */
static const step_model_t program_model[] = {{3.93, 12.97, true}, {3.67, 12.46, true}};

typedef esp_loader_error_t (*measure_t)(selftest_t *test, step_t *step, uint32_t argument);

/* ---- outcomes ---- */

static void note(step_t *step, step_outcome_t outcome, const char *text)
{
    step->outcome = outcome;
    snprintf(step->note, sizeof(step->note), "%s", text);
}

static void measured(step_t *step, double value, const char *unit, step_model_t model)
{
    step->value = value;
    step->unit = unit;
    step->model = model;
}

static double elapsed_ms(uint64_t start_ms)
{
    return (double)(clock_now_ms() - start_ms);
}

static double kib_per_second(uint32_t size, double ms)
{
    return size / 1.024 / (ms < 1 ? 1 : ms);
}

const char *selftest_outcome_name(step_outcome_t outcome)
{
    static const char *const names[] = {"ok", "failed", "skipped"};

    return names[outcome];
}

static void print_step(const selftest_t *test, const step_t *step)
{
    if (test->options->is_quiet) {
        return;
    }
    printf("%-4s  %-28s  %s", step->loader != NULL ? step->loader : "", step->name,
           selftest_outcome_name(step->outcome));
    if (step->unit != NULL) {
        printf(", %.1f %s", step->value, step->unit);
    }
    printf("%s%s\n", step->note[0] != '\0' ? ": " : "", step->note);
    fflush(stdout);
}

/* ---- the connection ---- */

static esp_loader_error_t connect_again(selftest_t *test, bool with_stub, bool is_reset)
{
    session_t *session = test->session;
    cli_connect_t how = {.is_reset_off = !is_reset || test->options->is_reset_before_off,
                         .with_stub = with_stub,
                         .timeout_ms = test->options->timeout_ms,
                         .secure_flash_size = session->context.is_secure ? test->options->flash_size : 0};

    esp_loader_error_t error = cli_port_connect(&session->port, &session->loader, how);
    if (error == ESP_LOADER_SUCCESS && session->is_flash_size_stated) {
        error = esp_loader_flash_set_size(&session->loader, session->context.flash_size);
    }
    session->is_stub = error == ESP_LOADER_SUCCESS && esp_loader_stub_is_running(&session->loader);
    return error;
}

static esp_loader_error_t change_rate(selftest_t *test, uint32_t rate_baud)
{
    RETURN_ON_ERROR(esp_loader_change_transmission_rate(&test->session->loader, rate_baud));
    test->options->rate_baud = rate_baud;
    test->session->is_rate_changed = rate_baud != CONNECT_BAUD;
    return ESP_LOADER_SUCCESS;
}

/** To the highest rate that has carried. */
static esp_loader_error_t raise_rate(selftest_t *test)
{
    return test->best_rate_baud > CONNECT_BAUD ? change_rate(test, test->best_rate_baud) : ESP_LOADER_SUCCESS;
}

/** After a failure nothing is known of the target but that a reset brings it to 115200 baud. Opening the port
 * anew brings this side there, too. */
static void recover(selftest_t *test, bool with_stub)
{
    session_t *session = test->session;

    session->is_rate_changed = false;
    test->options->rate_baud = 0;
    cancel_port_end(&session->port);
    esp_loader_deinit(&session->loader);
    esp_loader_error_t error = esp_loader_init_serial(&session->loader, session->port.port);
    cancel_port_begin(&session->port);
    if (error == ESP_LOADER_SUCCESS) {
        error = connect_again(test, with_stub, true);
    }
    test->is_lost = error != ESP_LOADER_SUCCESS || raise_rate(test) != ESP_LOADER_SUCCESS;
}

static const char *why_not(const selftest_t *test)
{
    if (test->is_cancelled) {
        return "interrupted";
    }
    if (test->is_lost) {
        return "the target does not answer any more";
    }
    return clock_now_ms() - test->start_ms > BUDGET_MS ? "the time is over" : NULL;
}

static void take_failure(selftest_t *test, step_t *step, bool is_stub)
{
    session_t *session = test->session;
    const esp_loader_error_detail_t detail = *esp_loader_error_detail(&session->loader);

    if (detail.cause == ESP_LOADER_ERROR_CANCELLED) {
        test->is_cancelled = true;
        note(step, STEP_SKIPPED, "interrupted");
        return;
    }
    if (detail.error == ESP_LOADER_ERROR_UNSUPPORTED_FUNC) {
        note(step, STEP_SKIPPED, esp_loader_error_text(detail.cause));
        return;
    }
    step->outcome = STEP_FAILED;
    snprintf(step->note, sizeof(step->note), "%s (%s)", esp_loader_error_text(detail.cause),
             esp_loader_stage_name(detail.stage));
    if (test->code == CLI_OK) {
        test->code = report_exit_code(&session->context, &detail);
        session_keep(session, &detail);
    }
    recover(test, is_stub);
}

static step_t *add_step(selftest_t *test, const char *name)
{
    step_t *step =
        &test->steps[test->step_count < SELFTEST_STEPS_MAX - 1 ? test->step_count++ : test->step_count];

    *step = (step_t){0};
    snprintf(step->name, sizeof(step->name), "%s", name);
    return step;
}

/** @p loader as in the step: NULL = the step itself sees to the loader, and leaves the ROM. */
static step_outcome_t run_step(selftest_t *test, const char *loader, const char *name, measure_t measure,
                               uint32_t argument)
{
    step_t *step = add_step(test, name);
    const bool is_stub = test->session->is_stub;
    const char *reason = why_not(test);

    step->loader = loader;
    if (reason != NULL) {
        note(step, STEP_SKIPPED, reason);
    } else if (measure(test, step, argument) != ESP_LOADER_SUCCESS) {
        take_failure(test, step, is_stub);
    }
    print_step(test, step);
    return step->outcome;
}

/* ---- resets ---- */

static esp_loader_error_t measure_resets(selftest_t *test, step_t *step, uint32_t count)
{
    double total_ms = 0;

    if (test->options->is_reset_before_off) {
        note(step, STEP_SKIPPED, "--before no-reset");
        return ESP_LOADER_SUCCESS;
    }
    for (uint32_t i = 0; i < count; i++) {
        esp_loader_error_t error = esp_loader_reset_target_checked(&test->session->loader);
        if (error == ESP_LOADER_SUCCESS) {
            const uint64_t start_ms = clock_now_ms();
            error = connect_again(test, false, true);
            total_ms += elapsed_ms(start_ms);
        }
        if (error == ESP_LOADER_ERROR_UNSUPPORTED_FUNC) {
            note(step, STEP_SKIPPED, "this port cannot reset the target");
            return ESP_LOADER_SUCCESS;
        }
        RETURN_ON_ERROR(error);
    }
    measured(step, total_ms / count, "ms", (step_model_t){0});
    return ESP_LOADER_SUCCESS;
}

/* ---- rates and speeds ---- */

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
    *out_speed = kib_per_second(size, elapsed_ms(start_ms));
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t measure_rate(selftest_t *test, step_t *step, uint32_t rate_baud)
{
    esp_loader_port_t *port = test->session->port.port;
    const uint32_t highest_baud = port->ops->max_rate != NULL ? port->ops->max_rate(port) : 0;
    double speed = 0;

    if (highest_baud != 0 && rate_baud > highest_baud) {
        note(step, STEP_SKIPPED, "more than the USB bridge can do");
        return ESP_LOADER_SUCCESS;
    }
    if (rate_baud != CONNECT_BAUD || test->session->is_rate_changed) {
        RETURN_ON_ERROR(change_rate(test, rate_baud));
    }
    esp_loader_error_t error = read_flash(test, test->session->is_stub ? PROBE_STUB : PROBE_ROM, &speed);
    if (error == ESP_LOADER_ERROR_UNSUPPORTED_FUNC) {
        note(step, STEP_OK, "a reply at this rate; the flash cannot be read");
    } else if (error != ESP_LOADER_SUCCESS) {
        return error;
    } else {
        measured(step, speed, "KiB/s", (step_model_t){0});
    }
    test->best_rate_baud = rate_baud;
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t measure_read(selftest_t *test, step_t *step, uint32_t size)
{
    double speed = 0;

    RETURN_ON_ERROR(read_flash(test, size, &speed));
    measured(step, speed, "KiB/s", (step_model_t){0});
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t measure_round_trip(selftest_t *test, step_t *step, uint32_t count)
{
    const uint64_t start_ms = clock_now_ms();

    for (uint32_t i = 0; i < count; i++) {
        uint32_t value = 0;
        RETURN_ON_ERROR(esp_loader_read_register(&test->session->loader, READABLE_ADDRESS, &value));
    }
    measured(step, elapsed_ms(start_ms) / count, "ms", round_trip_model);
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
    measured(step, elapsed_ms(start_ms), "ms", model);
    return ESP_LOADER_SUCCESS;
}

/* ---- the scratch range ---- */

static void fill_with_pattern(uint32_t size, uint32_t seed)
{
    for (uint32_t i = 0; i < size; i++) {
        seed = seed * 1664525u + 1013904223u;
        buffer[i] = (uint8_t)(seed >> 24);
    }
}

/** A target that cannot compare is none that has failed. */
static esp_loader_error_t unless_unsupported(step_t *step, esp_loader_error_t error)
{
    if (error != ESP_LOADER_ERROR_UNSUPPORTED_FUNC) {
        return error;
    }
    note(step, STEP_OK, "not verified: the loader on this target cannot");
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t measure_program(selftest_t *test, step_t *step, uint32_t size)
{
    esp_loader_t *loader = &test->session->loader;
    esp_loader_flash_cfg_t cfg = {.offset = test->scratch_offset,
                                  .image_size = size,
                                  .block_size = test->session->is_stub ? 2048 : 1024};

    RETURN_ON_ERROR(esp_loader_flash_erase_region(loader, cfg.offset, size));
    fill_with_pattern(size, test->session->is_stub ? 2 : 1);
    RETURN_ON_ERROR(esp_loader_flash_start(loader, &cfg));
    const uint64_t start_ms = clock_now_ms();
    for (uint32_t done = 0; done < size; done += cfg.block_size) {
        RETURN_ON_ERROR(esp_loader_flash_write(loader, &cfg, buffer + done, cfg.block_size));
    }
    const double time_ms = elapsed_ms(start_ms);
    step_model_t model = program_model[test->session->is_stub];
    const double size_kib = size / 1024.0;
    model.typical *= size_kib;
    model.maximum *= size_kib;
    measured(step, time_ms, "ms", model);
    return unless_unsupported(step, esp_loader_flash_finish(loader, &cfg));
}

static esp_loader_error_t erase_and_compare(selftest_t *test, step_t *step, uint32_t offset, uint32_t size,
                                            step_model_t model)
{
    esp_loader_t *loader = &test->session->loader;
    esp_loader_md5_t md5;
    uint8_t digest[ESP_LOADER_MD5_SIZE];

    memset(buffer, 0xFF, size);
    esp_loader_md5_init(&md5);
    esp_loader_md5_update(&md5, buffer, size);
    esp_loader_md5_finish(&md5, digest);
    const uint64_t start_ms = clock_now_ms();
    RETURN_ON_ERROR(esp_loader_flash_erase_region(loader, offset, size));
    measured(step, elapsed_ms(start_ms), "ms", model);
    return unless_unsupported(step, esp_loader_flash_verify_known_md5(loader, offset, size, digest));
}

static esp_loader_error_t measure_sector(selftest_t *test, step_t *step, uint32_t offset)
{
    return erase_and_compare(test, step, offset, SECTOR, sector_model);
}

static esp_loader_error_t measure_block(selftest_t *test, step_t *step, uint32_t offset)
{
    const uint32_t before = (BLOCK - offset % BLOCK) % BLOCK;

    if (test->scratch_size < BLOCK || test->scratch_size - BLOCK < before) {
        note(step, STEP_SKIPPED, "the scratch range holds no whole 64 KiB block");
        return ESP_LOADER_SUCCESS;
    }
    return erase_and_compare(test, step, offset + before, BLOCK, block_model[test->session->is_stub]);
}

static void try_scratch(selftest_t *test, const char *loader)
{
    const uint32_t size = test->scratch_size < BLOCK ? test->scratch_size : BLOCK;
    char text[SHORT_TEXT_SIZE];
    char name[32];

    if (test->scratch_size == 0) {
        step_t *step = add_step(test, "erase and program");
        step->loader = loader;
        note(step, STEP_SKIPPED, "no --scratch OFFSET SIZE");
        print_step(test, step);
        return;
    }
    snprintf(name, sizeof(name), "program %s", short_text_of_size(size, text));
    run_step(test, loader, name, measure_program, size);
    run_step(test, loader, "erase a sector", measure_sector, test->scratch_offset);
    run_step(test, loader, "erase a 64 KiB block", measure_block, test->scratch_offset);
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
        step_t *step = add_step(test, "baud rates");
        step->loader = loader;
        note(step, STEP_SKIPPED, "this link has no baud rate");
        print_step(test, step);
        return;
    }
    for (size_t i = 0; i < sizeof(rates_baud) / sizeof(rates_baud[0]); i++) {
        snprintf(name, sizeof(name), "%u baud", (unsigned)rates_baud[i]);
        run_step(test, loader, name, measure_rate, rates_baud[i]);
    }
}

static void try_loader(selftest_t *test, const char *loader)
{
    const uint32_t flash_size = test->session->context.flash_size;
    const uint32_t hashed = flash_size != 0 && flash_size < HASHED ? flash_size : HASHED;
    char text[SHORT_TEXT_SIZE];
    char name[32];

    try_rates(test, loader);
    run_step(test, loader, "round trip of a command", measure_round_trip, ROUND_TRIPS);
    run_step(test, loader, "read the flash", measure_read, test->session->is_stub ? READ_STUB : READ_ROM);
    snprintf(name, sizeof(name), "hash %s", short_text_of_size(hashed, text));
    run_step(test, loader, name, measure_hash, hashed);
    try_scratch(test, loader);
}

static esp_loader_error_t measure_stub(selftest_t *test, step_t *step, uint32_t unused)
{
    (void)unused;
    if (test->session->is_rate_changed) {
        RETURN_ON_ERROR(change_rate(test, CONNECT_BAUD));
    }
    const uint64_t start_ms = clock_now_ms();
    esp_loader_error_t error = connect_again(test, true, false);
    if (error == ESP_LOADER_ERROR_UNSUPPORTED_FUNC) {
        note(step, STEP_SKIPPED, "this build, or the target's security, allows none");
        return connect_again(test, false, false);
    }
    RETURN_ON_ERROR(error);
    measured(step, elapsed_ms(start_ms), "ms", (step_model_t){0});
    return ESP_LOADER_SUCCESS;
}

void selftest_run_steps(selftest_t *test, session_t *session)
{
    test->session = session;
    test->start_ms = clock_now_ms();
    if (session->is_stub) { /* left running by another program */
        step_t *step = add_step(test, "the ROM loader");
        note(step, STEP_SKIPPED, "a flasher stub is running, and the target could not be reset");
        print_step(test, step);
        try_loader(test, "stub");
        return;
    }
    run_step(test, NULL, "reset, there and back 5 times", measure_resets, RESETS);
    try_loader(test, "ROM");
    if (test->is_stub_off) {
        return;
    }
    test->best_rate_baud = 0;
    if (run_step(test, NULL, "start the flasher stub", measure_stub, 0) == STEP_OK) {
        try_loader(test, "stub");
    }
}

void selftest_note_end(selftest_t *test)
{
    step_t *step = add_step(test, "reset into the application");

    switch (test->session->left) {
    case SESSION_LEFT_RUNNING:
        break;
    case SESSION_LEFT_IN_DOWNLOAD_MODE:
        note(step, test->options->is_stay_after ? STEP_SKIPPED : STEP_FAILED,
             test->options->is_stay_after ? "--after stay" : "it is in download mode again");
        break;
    case SESSION_LEFT_AS_IT_IS:
        note(step, STEP_SKIPPED, "this port cannot reset the target");
        break;
    default:
        note(step, STEP_FAILED, "see above");
        break;
    }
    print_step(test, step);
}
