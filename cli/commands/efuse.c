/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-loader efuse: what is burnt in the eFuses. Burning is in efuse_burn.c.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>

#include "commands/command.h"
#include "commands/efuse_burn.h"
#include "efuse/efuse_file.h"
#include "efuse/efuse_report.h"
#include "report/report.h"
#include "session/json_report.h"
#include "session/session_options.h"
#include "text/safe_text.h"

typedef enum { SHOW_SUMMARY, SHOW_DUMP, SHOW_FIELDS } show_t;

static const char *const show_names[] = {"summary", "dump", "get"};

enum { SHOW_KINDS = 3, FIELDS_MAX = 16 };

typedef struct {
    session_options_t options;
    bool shows_keys;
    burn_options_t burn;
    show_t show;
    operands_t names;
    const char *output; /**< of dump; NULL = none */
    uint32_t revision;  /**< major * 100 + minor */
    efuse_contents_t contents;
    const efuse_field_t *fields[FIELDS_MAX];
    bool is_read;
    security_states_t states;
    flash_voltage_t voltage;
} efuse_command_t;

static bool take(void *state, const option_value_t *value, char error[OPTION_ERROR_SIZE])
{
    efuse_command_t *command = state;

    if (value->option->id == OPTION_SHOW_KEYS) {
        command->shows_keys = true;
        return true;
    }
    if (value->option->id == OPTION_OUTPUT) {
        command->output = value->text;
        return true;
    }
    if (burn_options_take(&command->burn, value)) {
        return true;
    }
    return session_options_take(&command->options, value, error);
}

/** NULL, or what is wrong with the operands. */
static const char *parse_operands(efuse_command_t *command, operands_t operands)
{
    size_t show = 0;

    while (show < SHOW_KINDS && strcmp(operands.words[0], show_names[show]) != 0) {
        show++;
    }
    if (show == SHOW_KINDS) {
        return "expected summary, dump, get, or what to burn";
    }
    command->show = (show_t)show;
    command->names = (operands_t){operands.words + 1, operands.count - 1};
    if (command->show == SHOW_FIELDS && command->names.count == 0) {
        return "give the NAME of an eFuse, for example MAC";
    }
    if (command->show == SHOW_FIELDS && command->names.count > FIELDS_MAX) {
        return "get takes 16 names at most";
    }
    if (burn_options_are_set(&command->burn)) {
        return "that option is of burning only";
    }
    if (command->output != NULL && command->show != SHOW_DUMP) {
        return "--output is of dump only";
    }
    if (command->show == SHOW_SUMMARY && command->names.count > 1) {
        return "summary takes one file at most";
    }
    return command->show == SHOW_DUMP && command->names.count != 0 ? "only get takes names" : NULL;
}

/** Which blocks it takes to show what is asked for; false, after a sentence, when a name is unknown. */
static bool find_blocks(efuse_command_t *command, session_t *session, uint16_t *blocks)
{
    const efuse_table_t *table = command->contents.table;

    *blocks = efuse_all_blocks(table, command->shows_keys);
    if (command->show != SHOW_FIELDS) {
        return true;
    }
    uint16_t needed = 0;
    for (size_t i = 0; i < command->names.count; i++) {
        char text[SAFE_TEXT_SIZE];
        command->fields[i] = efuse_find(table, command->names.words[i]);
        if (command->fields[i] == NULL) {
            report_labelled_line(session->context.label, "the %s has no eFuse '%s'",
                                 esp_loader_chip_name(session->context.chip),
                                 safe_text(command->names.words[i], text));
            return false;
        }
        needed |= efuse_blocks_of(command->fields[i]);
    }
    *blocks &= needed;
    return true;
}

static esp_loader_error_t read_contents(efuse_command_t *command, session_t *session, uint16_t blocks)
{
    RETURN_ON_ERROR(efuse_read(&command->contents, &session->loader, blocks));
    RETURN_ON_ERROR(efuse_read_errors(&command->contents, &session->loader));
    RETURN_ON_ERROR(flash_voltage_read(&command->voltage, &command->contents, &session->loader));
    command->is_read = true;
    command->revision = session->has_revision ? session->revision : 0;
    security_state_find(&command->states, &command->contents, command->revision);
    return ESP_LOADER_SUCCESS;
}

static void print_contents(const efuse_command_t *command)
{
    switch (command->show) {
    case SHOW_SUMMARY:
        efuse_print_states(stdout, "Security:", &command->states);
        efuse_print_voltage(stdout, &command->voltage);
        efuse_print_summary(stdout, &command->contents);
        break;
    case SHOW_DUMP:
        efuse_print_dump(stdout, &command->contents);
        break;
    case SHOW_FIELDS:
        for (size_t i = 0; i < command->names.count; i++) {
            efuse_print_field(stdout, &command->contents, command->fields[i]);
        }
        break;
    }
}

static cli_exit_t show_efuses(session_t *session, void *ctx)
{
    efuse_command_t *command = ctx;
    const char *chip = esp_loader_chip_name(session->context.chip);
    uint16_t blocks;

    command->contents.table = efuse_table_of(chip, session->has_revision ? session->revision : 0);
    if (command->contents.table == NULL) {
        session_keep_cause(session, ESP_LOADER_ERROR_UNSUPPORTED_CHIP, ESP_LOADER_STAGE_REGISTER, 0);
        report_labelled_line(session->context.label, "the eFuses of the %s are not known", chip);
        return CLI_TARGET;
    }
    if (!find_blocks(command, session, &blocks)) {
        return CLI_USAGE;
    }
    if (read_contents(command, session, blocks) != ESP_LOADER_SUCCESS) {
        return session_failure(session);
    }
    if (!session->options->is_json) {
        print_contents(command);
    }
    return command->output == NULL ? CLI_OK
                                   : efuse_file_write(command->output, &command->contents, command->revision);
}

static json_t *make_named(const void *ctx, size_t index)
{
    const efuse_command_t *command = ctx;

    return efuse_json_field(&command->contents, command->fields[index]);
}

static json_t *efuse_members(const session_t *session, const void *ctx)
{
    const efuse_command_t *command = ctx;
    const efuse_contents_t *contents = &command->contents;

    if (!command->is_read) {
        return json_pack("{s:s}", "show", show_names[command->show]);
    }
    (void)session;
    switch (command->show) {
    case SHOW_SUMMARY:
        return json_pack("{s:s, s:o, s:o*, s:o, s:o}", "show", show_names[command->show], "security_state",
                         efuse_json_states(&command->states), "flash_voltage",
                         efuse_json_voltage(&command->voltage), "efuses", efuse_json_fields(contents),
                         "blocks", efuse_json_blocks(contents));
    case SHOW_DUMP:
        return json_pack("{s:s, s:I, s:o, s:o}", "show", show_names[command->show], "revision",
                         (json_int_t)command->revision, "blocks", efuse_json_blocks(contents),
                         "error_registers", efuse_json_registers(contents));
    case SHOW_FIELDS:
        break;
    }
    return json_pack("{s:s, s:o}", "show", show_names[command->show], "efuses",
                     json_report_array(command->names.count, make_named, command));
}

/* A dump, without a target. */
static cli_exit_t show_file(efuse_command_t *command)
{
    session_t session = {.options = &command->options};
    efuse_contents_t *contents = &command->contents;

    cli_exit_t code = efuse_file_read(command->names.words[0], contents, &command->revision);
    if (code == CLI_OK) {
        command->is_read = true;
        contents->blocks &= efuse_all_blocks(contents->table, command->shows_keys);
        security_state_find(&command->states, contents, command->revision);
        command->voltage = flash_voltage_by_efuses(contents);
    }
    if (code == CLI_OK && !command->options.is_json) {
        printf("Chip:       %s, revision v%u.%u\n", contents->table->chip, (unsigned)command->revision / 100,
               (unsigned)command->revision % 100);
        print_contents(command);
    }
    return json_report_end(&session, code, efuse_members, command);
}

static cli_exit_t run_efuse(void *state, operands_t operands)
{
    efuse_command_t *command = state;
    burn_kind_t kind;

    if (burn_find(operands.words[0], &kind)) {
        if (command->shows_keys) {
            return command_mistake(COMMAND_EFUSE, "--show-keys is not of burning");
        }
        return efuse_burn(&command->options, &command->burn, kind,
                          (operands_t){operands.words + 1, operands.count - 1});
    }
    const char *mistake = parse_operands(command, operands);
    if (mistake != NULL) {
        return command_mistake(COMMAND_EFUSE, mistake);
    }
    if (command->show == SHOW_SUMMARY && command->names.count == 1) {
        return show_file(command);
    }
    command->options.is_stub_off = true; /* not worth loading one for this */
    return json_report_run(&command->options, show_efuses, efuse_members, command);
}

const command_t efuse_command = {.state_size = sizeof(efuse_command_t),
                                 .session_offset = offsetof(efuse_command_t, options),
                                 .take = take,
                                 .run = run_efuse};
