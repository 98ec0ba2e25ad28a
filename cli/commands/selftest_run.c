/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * One step after the other: what came of it, and how the connection is got back after a failure.
 */
#define _GNU_SOURCE
#include "commands/selftest_run.h"

#include <stdio.h>

#include "ports/cancel_port.h"
#include "report/clock.h"

enum { BUDGET_MS = 240000 /* no step begins later: none takes a minute */ };

/* ---- outcomes ---- */

void step_note(step_t *step, step_outcome_t outcome, const char *text)
{
    step->outcome = outcome;
    snprintf(step->note, sizeof(step->note), "%s", text);
}

void step_measured(step_t *step, double value, const char *unit, step_model_t model)
{
    step->value = value;
    step->unit = unit;
    step->model = model;
}

double step_elapsed_ms(uint64_t start_ms)
{
    return (double)(clock_now_ms() - start_ms);
}

const char *selftest_outcome_name(step_outcome_t outcome)
{
    static const char *const names[] = {"ok", "failed", "skipped"};

    return names[outcome];
}

void step_print(const selftest_t *test, const step_t *step)
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

esp_loader_error_t selftest_connect_again(selftest_t *test, bool with_stub, bool is_reset)
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

esp_loader_error_t selftest_change_rate(selftest_t *test, uint32_t rate_baud)
{
    RETURN_ON_ERROR(esp_loader_change_transmission_rate(&test->session->loader, rate_baud));
    test->options->rate_baud = rate_baud;
    test->session->is_rate_changed = rate_baud != SELFTEST_CONNECT_BAUD;
    return ESP_LOADER_SUCCESS;
}

/** To the highest rate that has carried. */
static esp_loader_error_t raise_rate(selftest_t *test)
{
    return test->best_rate_baud > SELFTEST_CONNECT_BAUD ? selftest_change_rate(test, test->best_rate_baud)
                                                        : ESP_LOADER_SUCCESS;
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
        error = selftest_connect_again(test, with_stub, true);
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
        step_note(step, STEP_SKIPPED, "interrupted");
        return;
    }
    if (detail.error == ESP_LOADER_ERROR_UNSUPPORTED_FUNC) {
        step_note(step, STEP_SKIPPED, esp_loader_error_text(detail.cause));
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

step_t *step_add(selftest_t *test, const char *name)
{
    step_t *step =
        &test->steps[test->step_count < SELFTEST_STEPS_MAX - 1 ? test->step_count++ : test->step_count];

    *step = (step_t){0};
    snprintf(step->name, sizeof(step->name), "%s", name);
    return step;
}

step_outcome_t step_run(selftest_t *test, const char *loader, const char *name, step_measure_t measure,
                        uint32_t argument)
{
    step_t *step = step_add(test, name);
    const bool is_stub = test->session->is_stub;
    const char *reason = why_not(test);

    step->loader = loader;
    if (reason != NULL) {
        step_note(step, STEP_SKIPPED, reason);
    } else if (measure(test, step, argument) != ESP_LOADER_SUCCESS) {
        take_failure(test, step, is_stub);
    }
    step_print(test, step);
    return step->outcome;
}
