/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The frame around every command's work.
 */
#define _GNU_SOURCE
#include "session/session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/boot_text.h"
#include "ports/cancel_port.h"
#include "session/flash_size.h"
#include "session/json_events.h"
#include "session/json_report_values.h"
#include "ports/trace_port.h"
#include "session/port_wait.h"
#include "text/safe_text.h"
#include "text/short_text.h"

enum { CONNECT_BAUD = 115200 };

cli_exit_t session_check_range(session_t *session, uint32_t offset, uint32_t size)
{
    const uint32_t flash_size = session->context.flash_size;
    char text[SHORT_TEXT_SIZE];

    if (flash_size == 0 || (offset < flash_size && size <= flash_size - offset)) {
        return CLI_OK;
    }
    session_keep_cause(session, ESP_LOADER_ERROR_FLASH_RANGE, ESP_LOADER_STAGE_CHECK, offset);
    report_line("the range exceeds the flash of %s", short_text_of_size(flash_size, text));
    return CLI_TARGET;
}

uint32_t session_rate(const session_t *session)
{
    if (!session->port.has_rate) {
        return 0;
    }
    return session->options->rate_baud != 0 ? session->options->rate_baud : auto_rate_baud(&session->rate);
}

cli_exit_t session_raise_rate(session_t *session)
{
    esp_loader_error_t error = ESP_LOADER_SUCCESS;

    if (session->options->rate_baud == 0) {
        error = esp_loader_raise_rate(&session->loader, &session->rate.options, NULL);
        session_note_rate(session);
    }
    return error == ESP_LOADER_SUCCESS ? CLI_OK : session_failure(session);
}

bool session_lower_rate(session_t *session)
{
    const esp_loader_error_detail_t detail = *esp_loader_error_detail(&session->loader);
    const bool is_of_link =
        detail.cause == ESP_LOADER_ERROR_TIMEOUT || detail.cause == ESP_LOADER_ERROR_INVALID_MD5 ||
        detail.cause == ESP_LOADER_ERROR_INVALID_RESPONSE ||
        detail.cause == ESP_LOADER_ERROR_MALFORMED_REPLY || detail.cause == ESP_LOADER_ERROR_TARGET_STATUS;

    if (!session->is_rate_changed || session->options->rate_baud != 0 || !is_of_link) {
        return false;
    }
    bool is_lower =
        esp_loader_lower_rate(&session->loader, &session->rate.options, NULL) == ESP_LOADER_SUCCESS;
    session_note_rate(session);
    return is_lower;
}

void session_note_rate(session_t *session)
{
    session->is_rate_changed = esp_loader_get_rate(&session->loader) != CONNECT_BAUD;
}

void session_give_rate_back(session_t *session)
{
    if (session->is_rate_changed) {
        session->is_rate_changed = false;
        (void)esp_loader_change_transmission_rate(&session->loader, CONNECT_BAUD);
    }
}

void session_close(session_t *session)
{
    cancel_port_end(&session->port); /* what is left to be done is done */
    session_give_rate_back(session);
    auto_rate_end(&session->rate);
    esp_loader_deinit(&session->loader);
    session->is_open = false;
    if (!trace_port_end(&session->port)) {
        report_note(session->context.label, "%s is incomplete", session->options->trace);
    }
}

static cli_exit_t fail_and_close(session_t *session)
{
    cli_exit_t code = session_failure(session);

    cancel_port_end(&session->port);
    if (code == CLI_CANCELLED && !session->options->is_reset_before_off && !session->options->is_stay_after) {
        esp_loader_reset_target(&session->loader); /* out of download mode; nothing was changed */
    }
    session_close(session);
    return code;
}

/** What refused the stub; NULL when connecting failed for another reason. */
static const char *why_no_stub(session_t *session)
{
    const esp_loader_error_detail_t *detail = esp_loader_error_detail(&session->loader);

    if (detail->error != ESP_LOADER_ERROR_UNSUPPORTED_FUNC || detail->stage != ESP_LOADER_STAGE_STUB) {
        return NULL;
    }
    if (detail->cause == ESP_LOADER_ERROR_SECURITY) {
        return "the target's security settings allow no flasher stub";
    }
    return esp_loader_get_target(&session->loader) == ESP_UNKNOWN_CHIP
               ? "this build has no flasher stub"
               : "there is no flasher stub for this chip or its revision";
}

/** Connects to the stub if it can be, else to the ROM. */
static esp_loader_error_t connect_to_loader(session_t *session)
{
    esp_loader_t *loader = &session->loader;
    cli_connect_t how = {.is_reset_off = session->options->is_reset_before_off,
                         .with_stub = !session->options->is_stub_off,
                         .timeout_ms = session->options->timeout_ms};

    esp_loader_error_t error = cli_port_connect(&session->port, loader, how);
    session->why_no_stub = how.with_stub && error != ESP_LOADER_SUCCESS ? why_no_stub(session) : NULL;
    if (session->why_no_stub == NULL) {
        return error;
    }
    how.with_stub = false;
    /* A target that has refused the stub is in download mode already: no second reset. */
    how.is_reset_off = how.is_reset_off || esp_loader_get_target(loader) != ESP_UNKNOWN_CHIP;
    return cli_port_connect(&session->port, loader, how);
}

/** Nothing has answered: it may the next time. */
static bool may_answer_yet(session_t *session)
{
    const esp_loader_error_detail_t *detail = esp_loader_error_detail(&session->loader);

    return detail->stage == ESP_LOADER_STAGE_SYNC && detail->cause == ESP_LOADER_ERROR_TIMEOUT;
}

static esp_loader_error_t connect_in_attempts(session_t *session)
{
    const uint32_t wanted = session->options->connect_attempts;
    esp_loader_error_t error = connect_to_loader(session);

    for (uint32_t done = 1; error != ESP_LOADER_SUCCESS && done != wanted && may_answer_yet(session);
         done += wanted != 0 ? 1 : 0) {
        error = connect_to_loader(session);
    }
    return error;
}

static esp_loader_error_t connect_target(session_t *session)
{
    esp_loader_target_security_info_t security;

    RETURN_ON_ERROR(connect_in_attempts(session));
    esp_loader_error_t error = esp_loader_get_security_info(&session->loader, &security);
    if (error != ESP_LOADER_SUCCESS) {
        return error == ESP_LOADER_ERROR_UNSUPPORTED_FUNC ? ESP_LOADER_SUCCESS : error;
    }
    session->context.is_secure = security.secure_download_mode_enabled;
    if (!session->context.is_secure || session->options->flash_size == 0) {
        return ESP_LOADER_SUCCESS;
    }
    /* Such a target cannot be asked for the size of its flash, it has to be told. */
    session->context.flash_size = session->options->flash_size;
    return cli_port_connect(&session->port, &session->loader,
                            (cli_connect_t){.is_reset_off = true,
                                            .timeout_ms = session->options->timeout_ms,
                                            .secure_flash_size = session->options->flash_size});
}

static void print_loader(FILE *out, const session_t *session)
{
    if (session->is_stub) {
        fprintf(out, "Loader:     flasher stub\n");
    } else if (session->why_no_stub != NULL) {
        fprintf(out, "Loader:     ROM (%s)\n", session->why_no_stub);
    } else {
        fprintf(out, "Loader:     ROM\n");
    }
}

/** A value this chip or mode does not report is left out; any other failure is one. */
static bool is_known(esp_loader_error_t error, esp_loader_error_t *out_error)
{
    if (error != ESP_LOADER_SUCCESS && error != ESP_LOADER_ERROR_UNSUPPORTED_FUNC) {
        *out_error = error;
    }
    return error == ESP_LOADER_SUCCESS;
}

/** Asks the target who it is and prints it. */
static esp_loader_error_t introduce(session_t *session)
{
    FILE *out = session->options->is_quiet ? NULL : stdout;
    esp_loader_t *loader = &session->loader;
    esp_loader_error_t error = ESP_LOADER_SUCCESS;

    session->has_revision = is_known(esp_loader_read_chip_revision(loader, &session->revision), &error);
    if (error != ESP_LOADER_SUCCESS) {
        return error;
    }
    if (out != NULL) {
        fprintf(out, "Chip:       %s", esp_loader_chip_name(session->context.chip));
        if (session->has_revision) {
            fprintf(out, ", revision v%u.%u", (unsigned)(session->revision / 100),
                    (unsigned)(session->revision % 100));
        }
        fputc('\n', out);
    }
    session->has_mac = is_known(esp_loader_read_mac(loader, session->mac), &error);
    if (session->has_mac && out != NULL) {
        const uint8_t *mac = session->mac;

        fprintf(out, "MAC:        %02x:%02x:%02x:%02x:%02x:%02x\n", mac[0], mac[1], mac[2], mac[3], mac[4],
                mac[5]);
    }
    if (out != NULL) {
        print_loader(out, session);
        if (session->context.is_secure) {
            fprintf(out, "Mode:       secure download mode, the flash can only be written\n");
        }
    }
    if (error != ESP_LOADER_SUCCESS) {
        return error;
    }
    error = flash_size_find(session);
    if (out != NULL && error == ESP_LOADER_SUCCESS) {
        flash_size_print(out, session);
    }
    return error;
}

cli_exit_t session_choose_port(session_t *session, const char *label)
{
    const session_options_t *options = session->options;

    session->context.label = label;
    session->context.port = options->port;
    if (strcmp(options->port, "auto") == 0) {
        while (!port_list_has_candidate() && port_wait_more(session, ESP_LOADER_ERROR_PORT_NOT_FOUND)) {
        }
        cli_exit_t code = port_wait_end(session);
        code = code == CLI_OK ? port_list_choose(session->auto_port) : code;
        if (code != CLI_OK) {
            return code;
        }
        session->context.port = session->auto_port;
    }
    if (!cli_port_prepare(&session->port, session->context.port)) {
        report_labelled_line(label, "invalid port '%s'", session->context.port);
        return CLI_USAGE;
    }
    char error[CLI_PORT_GPIO_SIZE];
    if (options->reset_gpio != NULL &&
        !cli_port_use_gpio(&session->port, options->reset_gpio, session->gpio, error)) {
        report_labelled_line(label, "%s", error);
        return CLI_USAGE;
    }
    return CLI_OK;
}

/** false: this chip has its flash elsewhere, which has been said. */
static bool use_flash_pins(session_t *session)
{
    if (esp_loader_flash_set_pins(&session->loader, session->options->flash_pins) == ESP_LOADER_SUCCESS) {
        return true;
    }
    session_keep(session, esp_loader_error_detail(&session->loader));
    report_labelled_line(session->context.label,
                         session->options->flash_pins == ESP_LOADER_FLASH_PINS_HSPI
                             ? "an %s has no HSPI: leave out --spi-connection, or name pins"
                             : "the flash of an %s is at fixed pins: leave out "
                               "--spi-connection",
                         esp_loader_chip_name(session->context.chip));
    return false;
}

/** Opens the port, after it has been waited for. */
static cli_exit_t open_port(session_t *session)
{
    esp_loader_t *loader = &session->loader;

    session->is_open = true;
    while (esp_loader_init_serial(loader, session->port.port) != ESP_LOADER_SUCCESS) {
        if (!port_wait_more(session, esp_loader_error_detail(loader)->cause)) {
            cli_exit_t code = port_wait_end(session);

            session->is_open = code == CLI_OK;
            return code == CLI_OK ? fail_and_close(session) : code;
        }
    }
    return CLI_OK;
}

cli_exit_t session_open(session_t *session, const char *label)
{
    const session_options_t *options = session->options;
    char name[SAFE_TEXT_SIZE];

    cli_exit_t code = session_choose_port(session, label);
    if (code != CLI_OK) {
        return code;
    }
    if (!options->is_quiet) {
        printf("Connecting to %s...\n", safe_text(session->context.port, name));
    }
    json_events_tell(session, "connecting",
                     json_pack("{s:o}", "port", json_report_name(session->context.port)));
    code = open_port(session);
    if (code != CLI_OK) {
        return code;
    }
    if (options->trace != NULL && !trace_port_begin(&session->port, options->trace)) {
        report_labelled_line(label, "cannot write %s: %s", options->trace, strerror(errno));
        session_close(session);
        return CLI_OTHER;
    }
    reset_sequence_begin(&session->port, &options->enter_sequence, &options->run_sequence);
    auto_rate_begin(&session->rate, &session->port, options->is_reset_before_off, options->is_cache_off);
    cancel_port_begin(&session->port);
    if (connect_target(session) != ESP_LOADER_SUCCESS) {
        return fail_and_close(session);
    }
    session->context.is_connected = true;
    session->context.chip = esp_loader_get_target(&session->loader);
    session->is_stub = esp_loader_stub_is_running(&session->loader);
    if (options->chip != ESP_UNKNOWN_CHIP && options->chip != session->context.chip) {
        report_labelled_line(label,
                             options->is_chip_of_project ? "the target is an %s, the project is for an %s"
                                                         : "the target is an %s, not an %s as --chip demands",
                             esp_loader_chip_name(session->context.chip),
                             esp_loader_chip_name(options->chip));
        session_close(session);
        return CLI_TARGET;
    }
    if (options->flash_pins != 0 && !use_flash_pins(session)) {
        session_close(session);
        return CLI_TARGET;
    }
    if (options->rate_baud != 0 && options->rate_baud != CONNECT_BAUD) {
        if (esp_loader_change_transmission_rate(&session->loader, options->rate_baud) != ESP_LOADER_SUCCESS) {
            return fail_and_close(session);
        }
        session->is_rate_changed = true;
    }
    if (introduce(session) != ESP_LOADER_SUCCESS) {
        return fail_and_close(session);
    }
    json_events_tell(session, "connected", json_pack("{s:o}", "target", json_report_target(session)));
    return CLI_OK;
}

/** Leaves the target in download mode, at the rate at which the next program will look for it. */
static cli_exit_t leave_in_download_mode(session_t *session)
{
    cli_exit_t code = CLI_OK;
    const bool is_to_go_back = session->is_rate_changed;

    session->is_rate_changed = false;
    if (is_to_go_back &&
        esp_loader_change_transmission_rate(&session->loader, CONNECT_BAUD) != ESP_LOADER_SUCCESS) {
        code = session_failure(session);
    } else {
        session->left = SESSION_LEFT_IN_DOWNLOAD_MODE;
        if (!session->options->is_quiet) {
            printf("The target stays in download mode\n");
        }
    }
    session_close(session);
    return code;
}

void session_hand_over(session_t *session)
{
    if (session->options->is_verbose && !session->options->is_quiet && session->options->rate_baud == 0 &&
        session->port.has_rate) {
        auto_rate_print(&session->rate);
    }
    cancel_port_end(&session->port);
}

cli_exit_t session_finish(session_t *session)
{
    cli_exit_t code = CLI_OK;

    session_hand_over(session);
    if (session->options->is_stay_after) {
        return leave_in_download_mode(session);
    }
    esp_loader_error_t error = esp_loader_reset_target_checked(&session->loader);
    session->is_rate_changed = session->is_rate_changed && error != ESP_LOADER_SUCCESS;
    const boot_mode_t mode =
        error == ESP_LOADER_SUCCESS ? boot_text_listen(session->port.port) : BOOT_UNKNOWN;
    if (error != ESP_LOADER_SUCCESS && error != ESP_LOADER_ERROR_UNSUPPORTED_FUNC) {
        code = session_failure(session);
    } else if (mode == BOOT_DOWNLOAD) {
        session->left = SESSION_LEFT_IN_DOWNLOAD_MODE;
        report_note(session->context.label,
                    "the target was reset and is in download mode again, as if its boot button were "
                    "held: press its reset button to run the application");
    } else {
        session->left = error == ESP_LOADER_SUCCESS ? SESSION_LEFT_RUNNING : SESSION_LEFT_AS_IT_IS;
        if (!session->options->is_quiet) {
            puts(error != ESP_LOADER_SUCCESS
                     ? "This port cannot reset the target: press its reset button to run the application"
                 : mode == BOOT_UNKNOWN && cli_port_lines_are_unconfirmed(&session->port)
                     ? "The server was asked to reset the target; it does not report whether it did"
                     : "Reset into the application");
        }
    }
    session_close(session);
    return code;
}

cli_exit_t session_end(session_t *session, cli_exit_t code)
{
    if (!session->is_open) {
        return code;
    }
    if (code == CLI_PORT || code == CLI_NO_ANSWER) {
        session_close(session);
        return code;
    }
    cli_exit_t finish_code = session_finish(session);
    return code != CLI_OK ? code : finish_code;
}

cli_exit_t session_run(session_t *session, cli_exit_t (*work)(session_t *session, void *ctx), void *ctx)
{
    cli_exit_t code = session_open(session, NULL);

    return code == CLI_OK ? session_end(session, work(session, ctx)) : code;
}
