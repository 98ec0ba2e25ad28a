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

#include "efuse/burn_keys.h"
#include "efuse/burn_report.h"
#include "efuse/burn_work.h"
#include "efuse/wipe.h"
#include "ports/trace_port.h"
#include "report/report.h"
#include "session/json_report.h"
#include "text/safe_text.h"

typedef struct {
    const burn_options_t *options;
    burn_work_t work;
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

static cli_exit_t make_plan(burn_t *burn, session_t *session)
{
    const cli_exit_t code = burn_work_plan(&burn->work, burn->options->journal, session->mac);

    if (burn->work.journal.is_found && code == CLI_OK) {
        report_note(session->context.label, "finishing a burn that was interrupted");
    }
    return code == CLI_OK ? CLI_OK : refuse(session, code, burn->work.sentence);
}

static cli_exit_t check_hazards(burn_t *burn, session_t *session)
{
    efuse_contents_t after = burn_result(&burn->work.contents, &burn->work.plan);

    burn->hazard_count = burn_hazards(&burn->work.contents, &after, burn->work.state.revision,
                                      &burn->work.voltage, burn->hazards);
    const char *wrong_key = burn_key_hazard(&burn->work.request, burn->work.contents.table->chip);
    if (wrong_key != NULL) {
        burn->hazards[burn->hazard_count++] = wrong_key;
    }
    wipe_bytes(&after, sizeof(after));
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
    char mac[BURN_MAC_SIZE];

    (void)burn_mac_text(session->mac, mac);
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

static void tell_step(const burn_work_t *work, void *ctx)
{
    const session_t *session = ctx;

    if (!session->options->is_json && !session->options->is_quiet) {
        printf("Step %u of %u %s\n", work->done, work->plan.step_count,
               work->plan.steps[work->done - 1].is_unverified ? "sent, not compared" : "burnt and compared");
    }
}

static cli_exit_t burn_steps(burn_t *burn, session_t *session)
{
    burn_work_t *work = &burn->work;
    char path[SAFE_TEXT_SIZE];

    switch (burn_work_run(work, &session->loader, tell_step, session)) {
    case BURN_UNNOTED:
        report_labelled_line(session->context.label, "cannot write the journal '%s': %s",
                             safe_text(work->journal.path, path), strerror(errno));
        return CLI_OTHER;
    case BURN_INTERRUPTED: {
        const cli_exit_t failure = session_failure(session);
        report_note(session->context.label,
                    "step %u of %u may be burnt in part: the same command finishes it ('%s')", work->done + 1,
                    work->plan.step_count, safe_text(work->journal.path, path));
        return failure;
    }
    case BURN_DONE:
        break;
    }
    return CLI_OK;
}

static cli_exit_t plan_and_burn(burn_t *burn, session_t *session)
{
    const burn_work_t *work = &burn->work;
    const bool is_told = !session->options->is_json && !session->options->is_quiet;
    cli_exit_t code = make_plan(burn, session);

    if (code != CLI_OK) {
        return code;
    }
    const bool is_asked =
        !session->options->is_json && burn->options->yes_mac == NULL; /* shown even if --quiet */
    if ((is_told || is_asked) && work->plan.step_count != 0) {
        burn_print_plan(stdout, &work->contents, work->state.revision, &work->plan);
    }
    code = check_hazards(burn, session);
    if (code != CLI_OK || burn->options->is_dry_run) {
        return code;
    }
    if (work->plan.step_count == 0 && is_told) {
        puts("Nothing to burn: it is burnt");
    }
    fflush(stdout);
    code = work->plan.step_count == 0 ? CLI_OK : ask(burn, session);
    return code == CLI_OK ? burn_steps(burn, session) : code;
}

static cli_exit_t burn_target(session_t *session, void *ctx)
{
    burn_t *burn = ctx;
    burn_work_t *work = &burn->work;
    const char *chip = esp_loader_chip_name(session->context.chip);

    work->contents.table = efuse_table_of(chip, session->has_revision ? session->revision : 0);
    if (work->contents.table == NULL) {
        session_keep_cause(session, ESP_LOADER_ERROR_UNSUPPORTED_CHIP, ESP_LOADER_STAGE_REGISTER, 0);
        report_labelled_line(session->context.label, "the eFuses of the %s are not known", chip);
        return CLI_TARGET;
    }
    trace_port_hide(&session->port, true);
    const cli_exit_t code = burn_work_read(work, &session->loader) == ESP_LOADER_SUCCESS
                                ? plan_and_burn(burn, session)
                                : session_failure(session);
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
        "{s:s, s:b, s:o*, s:o*}", "burn", burn_name(burn->work.request.kind), "dry_run",
        burn->options->is_dry_run, "burn_steps",
        burn->work.is_planned ? burn_json_steps(&burn->work.contents, &burn->work.plan, burn->work.done)
                              : NULL,
        "hazards", burn->work.is_planned ? json_report_array(burn->hazard_count, make_hazard, burn) : NULL);
}

cli_exit_t efuse_burn(session_options_t *session, const burn_options_t *options, burn_kind_t kind,
                      operands_t operands)
{
    static burn_t burn; /* holds keys: not on a stack that others leave traces of */

    memset(&burn, 0, sizeof(burn));
    burn.options = options;
    burn.work.request.no_write_protect = options->no_write_protect;
    burn.work.request.no_read_protect = options->no_read_protect;
    const char *mistake = burn_parse(&burn.work.request, kind, operands.words, operands.count);
    if (mistake == NULL && burn.work.request.kind != BURN_KEY && burn.work.request.kind != BURN_DIGEST &&
        (options->no_write_protect || options->no_read_protect)) {
        mistake = "--no-write-protect and --no-read-protect are of burn-key";
    }
    if (mistake != NULL) {
        return command_mistake(COMMAND_EFUSE, mistake);
    }
    cli_exit_t code = burn_read_files(&burn.work.request, NULL);
    if (code == CLI_OK) {
        session->is_stub_off = true; /* not worth loading one for this */
        code = json_report_run(session, burn_target, members, &burn);
    }
    wipe_bytes(&burn, sizeof(burn));
    return code;
}
