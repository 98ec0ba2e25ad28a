/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-loader erase: a range of the flash, or all of it.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "commands/command.h"
#include "esp_loader_plan.h"
#include "session/flash_size.h"
#include "session/json_events.h"
#include "session/json_report.h"
#include "partitions/partitions.h"
#include "text/number.h"
#include "text/safe_text.h"
#include "text/short_text.h"

/** Partitions that one command erases at most. */
enum { RANGES_MAX = 16 };

typedef struct {
    char label[ESP_LOADER_PARTITION_LABEL_SIZE]; /**< "" = it is no partition */
    bool is_all;
    bool is_forced;
    bool is_to_end; /**< the size is known once the flash is */
    uint32_t offset;
    uint32_t size;
} range_t;

typedef struct {
    session_options_t session;
    const char *const *names; /**< of partitions; NULL = the one range is given */
    range_t ranges[RANGES_MAX];
    size_t count;
} erase_t;

static bool take_option(void *state, const option_value_t *value, char error[OPTION_ERROR_SIZE])
{
    erase_t *command = state;

    switch (value->option->id) {
    case OPTION_ALL:
        command->ranges[0].is_all = true;
        return true;
    case OPTION_FORCE:
        command->ranges[0].is_forced = true;
        return true;
    default:
        return session_options_take(&command->session, value, error);
    }
}

/** No partition is named like a number here, or like the size of the rest. */
static bool are_names(const char *const *operands, size_t count)
{
    uint32_t number;

    for (size_t i = 0; i < count; i++) {
        if (number_parse(operands[i], &number) || strcasecmp(operands[i], "all") == 0) {
            return false;
        }
    }
    return count != 0;
}

/** Reads the operands; NULL, or what is wrong with them. */
static const char *parse_operands(erase_t *command, const char *const *operands, size_t count)
{
    range_t *range = &command->ranges[0];

    command->count = 1;
    if (!range->is_all && are_names(operands, count)) {
        command->names = operands;
        command->count = count;
        return NULL;
    }
    if (range->is_all ? count != 0 : count != 2) {
        return "give OFFSET and SIZE, names of partitions, or --all";
    }
    if (range->is_all) {
        return NULL;
    }
    range->is_to_end = strcasecmp(operands[1], "all") == 0;
    if (!number_parse(operands[0], &range->offset) ||
        (!range->is_to_end && !number_parse(operands[1], &range->size))) {
        return "OFFSET and SIZE are numbers, SIZE may be all";
    }
    if (range->offset % ESP_LOADER_SECTOR_SIZE != 0 || range->size % ESP_LOADER_SECTOR_SIZE != 0 ||
        (range->size == 0 && !range->is_to_end)) {
        return "flash is erased in sectors: OFFSET and SIZE are multiples of 4096";
    }
    return NULL;
}

/** Refuses what the flash does not have, and what its security forbids. */
static cli_exit_t check(session_t *session, range_t *range)
{
    cli_exit_t code = flash_size_need(session);
    if (code == CLI_OK && range->is_to_end) {
        code = session_check_range(session, range->offset, 1);
        range->size = session->context.flash_size - range->offset;
    }
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

static void tell(const session_t *session, const range_t *range, bool is_done)
{
    const uint32_t size = range->is_all ? session->context.flash_size : range->size;
    json_pace_t pace = {0};

    json_events_progress(session, &pace,
                         &(json_work_t){.step = "erase", .done = is_done ? size : 0, .total = size});
}

/** Looks the partitions up, so that a name that there is not is noticed before anything is erased. */
static cli_exit_t find_partitions(session_t *session, erase_t *command)
{
    const bool is_forced = command->ranges[0].is_forced;
    partitions_t table;

    cli_exit_t code = partitions_need(session, &table);
    for (size_t i = 0; i < command->count && code == CLI_OK; i++) {
        range_t *range = &command->ranges[i];
        esp_loader_partition_t partition;

        code = partitions_find(&table, command->names[i], session->context.chip, session->context.label,
                               &partition);
        if (code == CLI_OK) {
            *range = (range_t){.is_forced = is_forced, .offset = partition.offset, .size = partition.size};
            memcpy(range->label, partition.label, sizeof(range->label));
        }
    }
    return code;
}

static cli_exit_t erase_range(session_t *session, const range_t *range)
{
    FILE *out = session->options->is_quiet ? NULL : stdout;
    char size[SHORT_TEXT_SIZE];
    char name[SAFE_TEXT_SIZE];
    cli_exit_t code = CLI_OK;

    if (out != NULL && range->is_all) {
        fprintf(out, "\nErasing the whole flash\n");
    } else if (out != NULL && range->label[0] != '\0') {
        fprintf(out, "\nErasing %s: %s at 0x%08x\n", safe_text(range->label, name),
                short_text_of_size(range->size, size), (unsigned)range->offset);
    } else if (out != NULL) {
        fprintf(out, "\nErasing %s at 0x%08x\n", short_text_of_size(range->size, size),
                (unsigned)range->offset);
    }
    tell(session, range, false);
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
    tell(session, range, true);
    if (out != NULL) {
        fprintf(out, "Erased\n\n");
    }
    return CLI_OK;
}

static cli_exit_t erase(session_t *session, void *ctx)
{
    erase_t *command = ctx;

    cli_exit_t code = command->names != NULL ? find_partitions(session, command) : CLI_OK;
    for (size_t i = 0; i < command->count && code == CLI_OK; i++) {
        code = check(session, &command->ranges[i]);
    }
    for (size_t i = 0; i < command->count && code == CLI_OK; i++) {
        code = erase_range(session, &command->ranges[i]);
    }
    return code;
}

static json_t *partition_object(const void *ctx, size_t index)
{
    const erase_t *command = ctx;
    const range_t *range = &command->ranges[index];

    return range->size != 0 ? json_pack("{s:o, s:I, s:I}", "label", json_report_name(range->label), "offset",
                                        (json_int_t)range->offset, "size", (json_int_t)range->size)
                            : json_pack("{s:o}", "label", json_report_name(command->names[index]));
}

static json_t *erase_members(const session_t *session, const void *ctx)
{
    const erase_t *command = ctx;
    const range_t *range = &command->ranges[0];

    if (command->names != NULL) {
        return json_pack("{s:o}", "erased", json_report_array(command->count, partition_object, command));
    }
    const uint32_t size = range->is_all ? session->context.flash_size : range->size;

    return json_pack("{s:I, s:o*}", "offset", (json_int_t)range->offset, "size",
                     json_report_number(size, size != 0));
}

static cli_exit_t run_erase(void *state, operands_t operands)
{
    erase_t *command = state;

    const char *mistake = parse_operands(command, operands.words, operands.count);
    if (mistake != NULL) {
        return command_mistake(COMMAND_ERASE, mistake);
    }
    return json_report_run(&command->session, erase, erase_members, command);
}

const command_t erase_command = {.state_size = sizeof(erase_t),
                                 .session_offset = offsetof(erase_t, session),
                                 .take = take_option,
                                 .run = run_erase};
