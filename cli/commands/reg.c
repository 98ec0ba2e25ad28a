/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-loader reg: one word of the target's address space.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>

#include "commands/command.h"
#include "session/json_report.h"
#include "text/number.h"

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

static cli_exit_t run_reg(void *state, operands_t operands)
{
    session_options_t *options = state;
    access_t access = {0};

    const char *mistake = parse_operands(&access, operands.words, operands.count);
    if (mistake != NULL) {
        return command_mistake(COMMAND_REG, mistake);
    }
    options->is_stub_off = true; /* not worth loading one for this */
    return json_report_run(options, run_access, access_members, &access);
}

const command_t reg_command = {.state_size = sizeof(session_options_t), .run = run_reg};
