/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-loader reg: one word of the target's address space.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>

#include "commands/command_line.h"
#include "session/json_report.h"
#include "text/number.h"

static const args_option_t option_table[] = {SESSION_OPTIONS};

static const char help_text[] =
    "usage: esp-loader reg --port PORT [options] read ADDRESS\n"
    "       esp-loader reg --port PORT [options] write ADDRESS VALUE\n"
    "\n"
    "Reads or writes 32 bits at ADDRESS, a multiple of 4: a register, an eFuse, or RAM. Addresses are\n"
    "those of the chip's technical reference manual. What is written is not checked by anybody.\n"
    "\n"
    "options:\n" SESSION_OPTIONS_HELP;

typedef struct {
    bool is_write;
    uint32_t address;
    uint32_t value;
    bool has_value;
} access_t;

/** NULL, or what is wrong with the operands. */
static const char *parse_operands(access_t *access, const char *const *operands, size_t count)
{
    access->is_write = strcmp(operands[0], "write") == 0;
    if (!access->is_write && strcmp(operands[0], "read") != 0) {
        return "expected read or write";
    }
    if (count != (access->is_write ? 3u : 2u)) {
        return access->is_write ? "give ADDRESS and VALUE" : "give one ADDRESS";
    }
    if (!number_parse(operands[1], &access->address) || access->address % 4 != 0) {
        return "ADDRESS is a multiple of 4";
    }
    if (access->is_write && !number_parse(operands[2], &access->value)) {
        return "VALUE is a number of 32 bits";
    }
    access->has_value = access->is_write;
    return NULL;
}

static cli_exit_t run_access(session_t *session, void *ctx)
{
    access_t *access = ctx;
    esp_loader_error_t error =
        access->is_write ? esp_loader_write_register(&session->loader, access->address, access->value)
                         : esp_loader_read_register(&session->loader, access->address, &access->value);
    if (error != ESP_LOADER_SUCCESS) {
        return session_failure(session);
    }
    access->has_value = true;
    if (access->is_write ? !session->options->is_quiet : !session->options->is_json) {
        printf("0x%08x = 0x%08x\n", (unsigned)access->address, (unsigned)access->value);
    }
    return CLI_OK;
}

static json_t *access_members(const session_t *session, const void *ctx)
{
    const access_t *access = ctx;

    (void)session;
    return json_pack("{s:s, s:I, s:o*}", "access", access->is_write ? "write" : "read", "address",
                     (json_int_t)access->address, "value",
                     json_report_number(access->value, access->has_value));
}

static cli_exit_t run_reg(int argc, char *const *argv)
{
    const command_line_t line = {.command = &reg_command,
                                 .options = option_table,
                                 .option_count = sizeof(option_table) / sizeof(option_table[0]),
                                 .operand_min = 2,
                                 .operand_max = 3,
                                 .operands_wanted = "expected read ADDRESS or write ADDRESS VALUE"};
    session_options_t options;
    session_t session = {.options = &options};
    access_t access = {0};
    const char *operands[3];
    size_t count;
    cli_exit_t code;

    if (!command_line_parse(&line, argc, argv, &options, operands, &count, &code)) {
        return code;
    }
    const char *mistake = parse_operands(&access, operands, count);
    if (mistake != NULL) {
        return command_line_mistake(&reg_command, mistake);
    }
    options.is_stub_off = true; /* not worth loading one for this */
    code = session_run(&session, run_access, &access);
    return json_report_end(&session, code, access_members, &access);
}

const command_t reg_command = {
    .name = "reg",
    .summary = "read or write a register",
    .help = help_text,
    .run = run_reg,
};
