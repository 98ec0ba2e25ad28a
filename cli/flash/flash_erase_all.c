/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A plan that is cancelled at its first step has checked everything and changed nothing.
 */
#include "flash/flash_erase_all.h"

static bool is_cancelled_at_once(void *ctx)
{
    (void)ctx;
    return true;
}

/** What the plan refuses, it refuses before the flash is empty. */
static cli_exit_t check_plan(const flash_job_t *job, flash_run_t *run,
                             const esp_loader_plan_options_t *options)
{
    esp_loader_plan_options_t check = *options;
    esp_loader_t *loader = &run->session.loader;

    check.on_event = NULL;
    check.is_cancelled = is_cancelled_at_once;
    esp_loader_error_t error = esp_loader_plan_run(loader, job->images, job->count, &check, run->reports);
    if (error == ESP_LOADER_SUCCESS || esp_loader_error_detail(loader)->cause == ESP_LOADER_ERROR_CANCELLED) {
        return CLI_OK;
    }
    return session_failure(&run->session);
}

cli_exit_t flash_erase_all(const flash_job_t *job, flash_run_t *run, const esp_loader_plan_options_t *options)
{
    session_t *session = &run->session;

    cli_exit_t code = check_plan(job, run, options);
    if (code != CLI_OK) {
        return code;
    }
    esp_loader_error_t error = esp_loader_flash_check_security(&session->loader, 0, UINT32_MAX);
    if (error == ESP_LOADER_ERROR_SECURITY) {
        session_keep(session, esp_loader_error_detail(&session->loader));
        report_labelled_line(
            run->label, "the target's flash encryption or secure boot forbids --erase-all, it might never "
                        "boot again");
        return CLI_TARGET;
    }
    if (error != ESP_LOADER_SUCCESS) {
        return session_failure(session);
    }
    if (run->out != NULL) {
        fprintf(run->out, "\nErasing the whole flash\n");
    }
    run->is_all_erased = true;
    if (esp_loader_flash_erase(&session->loader) != ESP_LOADER_SUCCESS) {
        code = session_failure(session);
        report_note(run->label, "the flash has been erased, all of it or in part");
    }
    return code;
}
