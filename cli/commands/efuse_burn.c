/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Burning eFuses. What goes over the wire may hold keys, and is left out of traces.
 */
#define _GNU_SOURCE
#include "commands/efuse_burn.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "efuse/burn_journal.h"
#include "efuse/burn_refusal.h"
#include "efuse/burn_report.h"
#include "ports/trace_port.h"
#include "report/report.h"
#include "session/json_report.h"
#include "text/safe_text.h"

enum { MAC_SIZE = 18 };

typedef struct {
    const burn_options_t *options;
    burn_request_t request;
    efuse_contents_t contents;
    flash_voltage_t voltage;
    esp_loader_efuse_state_t state;
    esp_loader_efuse_ctx_t staged;
    esp_loader_efuse_plan_t plan;
    burn_journal_t journal;
    unsigned done; /**< steps */
    bool is_planned;
    size_t hazard_count;
    const char *hazards[BURN_HAZARDS_MAX];
} burn_t;

/* ---- options ---- */

bool burn_options_take(burn_options_t *options, const option_value_t *value)
{
    switch (value->option->id) {
    case OPTION_DRY_RUN:
        options->is_dry_run = true;
        return true;
    case OPTION_FORCE:
        options->is_forced = true;
        return true;
    case OPTION_NO_WRITE_PROTECT:
        options->no_write_protect = true;
        return true;
    case OPTION_NO_READ_PROTECT:
        options->no_read_protect = true;
        return true;
    case OPTION_YES_BURN:
        options->yes_mac = value->text;
        return true;
    case OPTION_JOURNAL:
        options->journal = value->text;
        return true;
    default:
        return false;
    }
}

bool burn_options_are_set(const burn_options_t *options)
{
    return options->is_dry_run || options->is_forced || options->no_write_protect ||
           options->no_read_protect || options->yes_mac != NULL || options->journal != NULL;
}

/* ---- what is to be burnt ---- */

static cli_exit_t refuse(session_t *session, cli_exit_t code, const char *sentence)
{
    if (code == CLI_TARGET) {
        session_keep_cause(session, ESP_LOADER_ERROR_EFUSE_BLOCK_IN_USE, ESP_LOADER_STAGE_REGISTER, 0);
    }
    report_labelled_line(session->context.label, "%s", sentence);
    return code;
}

static void fill_contents(efuse_contents_t *contents, const esp_loader_efuse_state_t *state)
{
    for (uint8_t i = 0; i < state->image.block_count; i++) {
        memcpy(contents->words[i], state->image.blocks[i].words, sizeof(contents->words[i]));
        contents->blocks |= EFUSE_BLOCK(i);
    }
}

static cli_exit_t find_journal(burn_t *burn, session_t *session)
{
    char sentence[BURN_SENTENCE_SIZE];
    char path[SAFE_TEXT_SIZE];

    if (!burn_journal_open(&burn->journal, burn->options->journal, session->mac, sentence)) {
        report_labelled_line(session->context.label, "%s", sentence);
        return CLI_OTHER;
    }
    if (!burn->journal.is_found) {
        return CLI_OK;
    }
    if (!burn_journal_is_of(&burn->journal, &burn->request)) {
        report_labelled_line(
            session->context.label,
            "a burn of this part (%s) was interrupted: the same command finishes it. Its journal is '%s'",
            burn->journal.command, safe_text(burn->journal.path, path));
        return CLI_TARGET;
    }
    burn->state.begun_blocks = burn->journal.begun_blocks;
    burn->state.done_blocks = burn->journal.done_blocks;
    report_note(session->context.label, "finishing a burn that was interrupted");
    return CLI_OK;
}

static cli_exit_t make_plan(burn_t *burn, session_t *session)
{
    char sentence[BURN_SENTENCE_SIZE];

    const cli_exit_t code =
        burn_stage(&burn->request, &burn->contents, &burn->state, &burn->staged, sentence);
    if (code != CLI_OK) {
        return refuse(session, code, sentence);
    }
    if (esp_loader_efuse_make_plan(&burn->state, &burn->staged, &burn->plan) != ESP_LOADER_SUCCESS) {
        (void)snprintf(sentence, sizeof(sentence), "block %u bit %u: %s", burn->plan.refused_block,
                       burn->plan.refused_bit, burn_refusal_text(burn->plan.refusal));
        return refuse(session, CLI_TARGET, sentence);
    }
    burn->is_planned = true;
    return CLI_OK;
}

static cli_exit_t check_hazards(burn_t *burn, session_t *session)
{
    efuse_contents_t after = burn_result(&burn->contents, &burn->plan);

    burn->hazard_count =
        burn_hazards(&burn->contents, &after, burn->state.revision, &burn->voltage, burn->hazards);
    burn_wipe_bytes(&after, sizeof(after));
    for (size_t i = 0; i < burn->hazard_count && burn->options->is_forced; i++) {
        report_note(session->context.label, "%s", burn->hazards[i]);
    }
    if (burn->hazard_count == 0 || burn->options->is_forced) {
        return CLI_OK;
    }
    char sentence[BURN_SENTENCE_SIZE];
    (void)snprintf(sentence, sizeof(sentence), "%s; --force burns it all the same", burn->hazards[0]);
    return refuse(session, CLI_TARGET, sentence);
}

/* ---- asking ---- */

static const char *mac_text(const session_t *session, char text[MAC_SIZE])
{
    const uint8_t *mac = session->mac;

    (void)snprintf(text, MAC_SIZE, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3], mac[4],
                   mac[5]);
    return text;
}

static bool is_typed(const char *mac)
{
    char line[64];

    fprintf(stderr, "This cannot be undone. Type the MAC address of the part to burn it: ");
    fflush(stderr);
    if (fgets(line, sizeof(line), stdin) == NULL) {
        return false;
    }
    line[strcspn(line, " \t\r\n")] = '\0';
    return strcasecmp(line, mac) == 0;
}

static cli_exit_t ask(const burn_t *burn, session_t *session)
{
    char mac[MAC_SIZE];

    (void)mac_text(session, mac);
    if (burn->options->yes_mac != NULL) {
        if (strcasecmp(burn->options->yes_mac, mac) == 0) {
            return CLI_OK;
        }
        report_labelled_line(session->context.label, "--yes-burn names another part: this one is %s", mac);
        return CLI_TARGET;
    }
    if (session->options->is_json || isatty(STDIN_FILENO) != 1 || isatty(STDERR_FILENO) != 1) {
        report_labelled_line(session->context.label, "nothing is burnt without --yes-burn=%s", mac);
        return CLI_USAGE;
    }
    if (!is_typed(mac)) {
        report_labelled_line(session->context.label,
                             "that is not the MAC address of this part: nothing is burnt");
        return CLI_CANCELLED;
    }
    return CLI_OK;
}

/* ---- burning ---- */

static cli_exit_t note_step(burn_t *burn, session_t *session, unsigned step)
{
    char path[SAFE_TEXT_SIZE];

    if (burn_journal_write(&burn->journal, &burn->request, &burn->plan, step)) {
        return CLI_OK;
    }
    report_labelled_line(session->context.label, "cannot write the journal '%s': %s",
                         safe_text(burn->journal.path, path), strerror(errno));
    return CLI_OTHER;
}

static cli_exit_t burn_steps(burn_t *burn, session_t *session)
{
    char path[SAFE_TEXT_SIZE];

    for (unsigned i = 0; i < burn->plan.step_count; i++) {
        const cli_exit_t code = note_step(burn, session, i);
        if (code != CLI_OK) {
            return code;
        }
        if (esp_loader_efuse_burn_step(&session->loader, &burn->plan.steps[i]) != ESP_LOADER_SUCCESS) {
            const cli_exit_t failure = session_failure(session);
            report_note(session->context.label,
                        "step %u of %u may be burnt in part: the same command finishes it ('%s')", i + 1,
                        burn->plan.step_count, safe_text(burn->journal.path, path));
            return failure;
        }
        burn->done++;
        if (!session->options->is_json && !session->options->is_quiet) {
            printf("Step %u of %u %s\n", i + 1, burn->plan.step_count,
                   burn->plan.steps[i].is_unverified ? "sent, not compared" : "burnt and compared");
        }
    }
    burn_journal_remove(&burn->journal);
    return CLI_OK;
}

static cli_exit_t plan_and_burn(burn_t *burn, session_t *session)
{
    const bool is_told = !session->options->is_json && !session->options->is_quiet;
    cli_exit_t code = find_journal(burn, session);

    code = code == CLI_OK ? make_plan(burn, session) : code;
    if (code != CLI_OK) {
        return code;
    }
    const bool is_asked =
        !session->options->is_json && burn->options->yes_mac == NULL; /* shown even if --quiet */
    if ((is_told || is_asked) && burn->plan.step_count != 0) {
        burn_print_plan(stdout, &burn->contents, burn->state.revision, &burn->plan);
    }
    code = check_hazards(burn, session);
    if (code != CLI_OK || burn->options->is_dry_run) {
        return code;
    }
    if (burn->plan.step_count == 0) {
        if (is_told) {
            puts("Nothing to burn: it is burnt");
        }
        if (burn->journal.is_found) {
            burn_journal_remove(&burn->journal);
        }
        return CLI_OK;
    }
    fflush(stdout);
    code = ask(burn, session);
    return code == CLI_OK ? burn_steps(burn, session) : code;
}

static esp_loader_error_t read_target(burn_t *burn, session_t *session)
{
    RETURN_ON_ERROR(esp_loader_efuse_read_state(&session->loader, &burn->state));
    fill_contents(&burn->contents, &burn->state);
    return flash_voltage_read(&burn->voltage, &burn->contents, &session->loader);
}

static cli_exit_t work(session_t *session, void *ctx)
{
    burn_t *burn = ctx;
    const char *chip = esp_loader_chip_name(session->context.chip);

    burn->contents.table = efuse_table_of(chip, session->has_revision ? session->revision : 0);
    if (burn->contents.table == NULL) {
        session_keep_cause(session, ESP_LOADER_ERROR_UNSUPPORTED_CHIP, ESP_LOADER_STAGE_REGISTER, 0);
        report_labelled_line(session->context.label, "the eFuses of the %s are not known", chip);
        return CLI_TARGET;
    }
    trace_port_hide(&session->port, true);
    cli_exit_t code = CLI_OK;
    if (read_target(burn, session) != ESP_LOADER_SUCCESS) {
        code = session_failure(session);
    } else {
        code = plan_and_burn(burn, session);
    }
    trace_port_hide(&session->port, false);
    return code;
}

/* ---- for programs ---- */

static json_t *make_hazard(const void *ctx, size_t index)
{
    const burn_t *burn = ctx;

    return json_string(burn->hazards[index]);
}

static json_t *members(const session_t *session, const void *ctx)
{
    const burn_t *burn = ctx;

    (void)session;
    return json_pack(
        "{s:s, s:b, s:o*, s:o*}", "burn", burn_name(burn->request.kind), "dry_run", burn->options->is_dry_run,
        "burn_steps", burn->is_planned ? burn_json_steps(&burn->contents, &burn->plan, burn->done) : NULL,
        "hazards", burn->is_planned ? json_report_array(burn->hazard_count, make_hazard, burn) : NULL);
}

cli_exit_t efuse_burn(session_options_t *session, const burn_options_t *options, burn_kind_t kind,
                      operands_t operands)
{
    static burn_t burn; /* holds keys: not on a stack that others leave traces of */

    memset(&burn, 0, sizeof(burn));
    burn.options = options;
    burn.request.no_write_protect = options->no_write_protect;
    burn.request.no_read_protect = options->no_read_protect;
    const char *mistake = burn_parse(&burn.request, kind, operands.words, operands.count);
    if (mistake == NULL && burn.request.kind != BURN_KEY &&
        (options->no_write_protect || options->no_read_protect)) {
        mistake = "--no-write-protect and --no-read-protect are of burn-key";
    }
    if (mistake != NULL) {
        return command_mistake(COMMAND_EFUSE, mistake);
    }
    cli_exit_t code = burn_read_files(&burn.request, NULL);
    if (code == CLI_OK) {
        session->is_stub_off = true; /* not worth loading one for this */
        code = json_report_run(session, work, members, &burn);
    }
    burn_wipe_bytes(&burn, sizeof(burn));
    return code;
}
