/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-loader erase: a range of the flash, or all of it.
 */
#define _GNU_SOURCE
#include <stdio.h>

#include "commands/command_line.h"
#include "esp_loader_plan.h"
#include "session/flash_size.h"
#include "session/json_report.h"
#include "text/number.h"
#include "text/short_text.h"

enum { OPTION_ALL = SESSION_OPTION_COUNT, OPTION_FORCE };

static const args_option_t option_table[] = {
    SESSION_OPTIONS, STATED_SIZE_OPTION, {"all", 0, false, OPTION_ALL}, {"force", 0, false, OPTION_FORCE}};

static const char help_text[] =
    "usage: esp-loader erase --port PORT [options] OFFSET SIZE\n"
    "       esp-loader erase --port PORT [options] --all\n"
    "\n"
    "Erases SIZE bytes of flash from OFFSET, both multiples of 4096 (decimal or 0x..., with k or M).\n"
    "What was there is gone for good: without OFFSET and SIZE nothing is erased unless you say --all.\n"
    "Where flash encryption or secure boot is on, what the target could not boot without is not erased.\n"
    "\n"
    "options:\n" SESSION_OPTIONS_HELP STATED_SIZE_OPTION_HELP
    "      --all             erase the whole flash\n"
    "      --force           erase whatever the target's security is: it may never boot again\n";

typedef struct {
    bool is_all;
    bool is_forced;
    uint32_t offset;
    uint32_t size;
} range_t;

static bool take_option(void *ctx, int id, const char *value, char error[ARGS_ERROR_SIZE])
{
    range_t *range = ctx;

    (void)value;
    (void)error;
    range->is_all = range->is_all || id == OPTION_ALL;
    range->is_forced = range->is_forced || id == OPTION_FORCE;
    return true;
}

/** Reads the operands; NULL, or what is wrong with them. */
static const char *parse_range(range_t *range, const char *const *operands, size_t count)
{
    if (range->is_all ? count != 0 : count != 2) {
        return "give OFFSET and SIZE, or --all";
    }
    if (range->is_all) {
        return NULL;
    }
    if (!number_parse(operands[0], &range->offset) || !number_parse(operands[1], &range->size)) {
        return "OFFSET and SIZE are numbers";
    }
    if (range->offset % ESP_LOADER_SECTOR_SIZE != 0 || range->size % ESP_LOADER_SECTOR_SIZE != 0 ||
        range->size == 0) {
        return "flash is erased in sectors: OFFSET and SIZE are multiples of 4096";
    }
    return NULL;
}

/** Refuses what the flash does not have, and what its security forbids. */
static cli_exit_t check(session_t *session, const range_t *range)
{
    cli_exit_t code = flash_size_need(session);
    if (code == CLI_OK && !range->is_all) {
        code = session_check_range(session, range->offset, range->size);
    }
    if (code == CLI_OK && !range->is_all) {
        code = flash_size_check_wrap(session, (uint64_t)range->offset + range->size, true);
    }
    if (code != CLI_OK || range->is_forced) {
        return code;
    }
    const uint32_t size = range->is_all ? UINT32_MAX : range->size;
    esp_loader_error_t error = esp_loader_flash_check_security(&session->loader, range->offset, size);
    if (error == ESP_LOADER_ERROR_SECURITY) {
        session_keep(session, esp_loader_error_detail(&session->loader));
        report_line("the target's flash encryption or secure boot forbids it, it might never boot again; "
                    "--force erases "
                    "all the same");
        return CLI_TARGET;
    }
    return error == ESP_LOADER_SUCCESS ? CLI_OK : session_failure(session);
}

static cli_exit_t erase(session_t *session, void *ctx)
{
    const range_t *range = ctx;
    FILE *out = session->options->is_quiet ? NULL : stdout;
    char size[SHORT_TEXT_SIZE];

    cli_exit_t code = check(session, range);
    if (code != CLI_OK) {
        return code;
    }
    if (out != NULL && range->is_all) {
        fprintf(out, "\nErasing the whole flash\n");
    } else if (out != NULL) {
        fprintf(out, "\nErasing %s at 0x%08x\n", short_text_of_size(range->size, size),
                (unsigned)range->offset);
    }
    esp_loader_error_t error =
        range->is_all ? esp_loader_flash_erase(&session->loader)
                      : esp_loader_flash_erase_region(&session->loader, range->offset, range->size);
    if (error != ESP_LOADER_SUCCESS) {
        code = session_failure(session);
        if (code == CLI_CANCELLED) { /* its application may be gone in part: it is not started */
            report_note(NULL, "the range may be erased in part, and the target may still be at it");
            session_close(session);
        }
        return code;
    }
    if (out != NULL) {
        fprintf(out, "Erased\n\n");
    }
    return CLI_OK;
}

static json_t *erase_members(const session_t *session, const void *ctx)
{
    const range_t *range = ctx;
    const uint32_t size = range->is_all ? session->context.flash_size : range->size;

    return json_pack("{s:I, s:o*}", "offset", (json_int_t)range->offset, "size",
                     json_report_number(size, size != 0));
}

static cli_exit_t run_erase(int argc, char *const *argv)
{
    range_t range = {0};
    const command_line_t line = {.command = &erase_command,
                                 .options = option_table,
                                 .option_count = sizeof(option_table) / sizeof(option_table[0]),
                                 .operand_max = 2,
                                 .operands_wanted = "give OFFSET and SIZE, or --all",
                                 .take = take_option,
                                 .ctx = &range};
    session_options_t options;
    session_t session = {.options = &options};
    const char *operands[2];
    size_t count;
    cli_exit_t code;

    if (!command_line_parse(&line, argc, argv, &options, operands, &count, &code)) {
        return code;
    }
    const char *mistake = parse_range(&range, operands, count);
    if (mistake != NULL) {
        return command_line_mistake(&erase_command, mistake);
    }
    code = session_run(&session, erase, &range);
    return json_report_end(&session, code, erase_members, &range);
}

const command_t erase_command = {
    .name = "erase",
    .summary = "erase a range of the flash, or all of it",
    .help = help_text,
    .run = run_erase,
};
