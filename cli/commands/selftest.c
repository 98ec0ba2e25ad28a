/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-loader selftest: tries with a board what the library relies on, and makes a report of it to publish.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "commands/command.h"
#include "commands/selftest_report.h"
#include "commands/selftest_steps.h"
#include "esp_loader_image.h"
#include "esp_loader_plan.h"
#include "files/output_file.h"
#include "session/flash_size.h"
#include "session/json_report.h"
#include "text/number.h"

enum { TABLE_OFFSET = 0x8000, TABLE_SIZE = 0xC00, TABLE_END = 0x9000 };

typedef struct {
    session_options_t session;
    bool is_scratch;
    bool is_forced;
    bool with_mac;
    const char *path; /**< of the report; NULL = none */
    selftest_t test;
    selftest_facts_t facts;
} selftest_command_t;

static bool take_option(void *state, const option_value_t *value, char error[OPTION_ERROR_SIZE])
{
    selftest_command_t *command = state;

    switch (value->option->id) {
    case OPTION_SCRATCH:
        command->is_scratch = true;
        return true;
    case OPTION_FORCE:
        command->is_forced = true;
        return true;
    case OPTION_WITH_MAC:
        command->with_mac = true;
        return true;
    case OPTION_OUTPUT:
        command->path = value->text;
        return true;
    default:
        return session_options_take(&command->session, value, error);
    }
}

/* ---- the scratch range ---- */

/** NULL, or what is wrong with the operands. */
static const char *parse_scratch(selftest_command_t *command, operands_t operands)
{
    selftest_t *test = &command->test;

    if (operands.count != (command->is_scratch ? 2 : 0)) {
        return command->is_scratch ? "give OFFSET and SIZE after --scratch"
                                   : "a range may only be overwritten with --scratch OFFSET SIZE";
    }
    if (!command->is_scratch) {
        return NULL;
    }
    if (!number_parse(operands.words[0], &test->scratch_offset) ||
        !number_parse(operands.words[1], &test->scratch_size)) {
        return "OFFSET and SIZE are numbers";
    }
    if (test->scratch_offset % ESP_LOADER_SECTOR_SIZE != 0 ||
        test->scratch_size % ESP_LOADER_SECTOR_SIZE != 0 || test->scratch_size == 0) {
        return "flash is erased in sectors: OFFSET and SIZE are multiples of 4096";
    }
    return test->scratch_offset < TABLE_END
               ? "bootloader and partition table are below 0x9000: a scratch range "
                 "begins there or above"
               : NULL;
}

/** Reports the first partition that the range overlaps. */
static cli_exit_t check_partitions(const selftest_t *test, const esp_loader_source_t *table, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        esp_loader_partition_t part;

        if (esp_loader_partition_get(table, i, &part) == ESP_LOADER_SUCCESS &&
            part.offset < (uint64_t)test->scratch_offset + test->scratch_size &&
            test->scratch_offset < (uint64_t)part.offset + part.size) {
            report_line("the scratch range overlaps partition '%s' at 0x%08x: --force overwrites it",
                        part.label, (unsigned)part.offset);
            return CLI_TARGET;
        }
    }
    return CLI_OK;
}

static cli_exit_t check_table(selftest_command_t *command, session_t *session)
{
    static uint8_t bytes[TABLE_SIZE];
    const esp_loader_source_t table = {.read = esp_loader_read_memory, .ctx = bytes, .size = sizeof(bytes)};
    uint32_t count = 0;

    esp_loader_error_t error = esp_loader_flash_read(&session->loader, bytes, TABLE_OFFSET, sizeof(bytes));
    if (error == ESP_LOADER_ERROR_UNSUPPORTED_FUNC) {
        session_keep(session, esp_loader_error_detail(&session->loader));
        report_line("the partition table cannot be read: --force overwrites the scratch range all the same");
        return CLI_TARGET;
    }
    if (error != ESP_LOADER_SUCCESS) {
        return session_failure(session);
    }
    if (!esp_loader_partition_table_is(&table)) {
        return CLI_OK;
    }
    if (esp_loader_partition_table_check(&table, &count) != ESP_LOADER_SUCCESS) {
        report_line(
            "the partition table in the flash is invalid: --force overwrites the scratch range all the same");
        return CLI_TARGET;
    }
    return check_partitions(&command->test, &table, count);
}

static cli_exit_t check_scratch(selftest_command_t *command, session_t *session)
{
    const selftest_t *test = &command->test;

    if (test->scratch_size == 0) {
        return CLI_OK;
    }
    cli_exit_t code = flash_size_need(session);
    if (code == CLI_OK) {
        code = session_check_range(session, test->scratch_offset, test->scratch_size);
    }
    if (code == CLI_OK) {
        code = flash_size_check_wrap(session, (uint64_t)test->scratch_offset + test->scratch_size, true);
    }
    if (code != CLI_OK) {
        return code;
    }
    if (esp_loader_flash_check_security(&session->loader, test->scratch_offset, test->scratch_size) !=
        ESP_LOADER_SUCCESS) {
        return session_failure(session);
    }
    return command->is_forced ? CLI_OK : check_table(command, session);
}

/* ---- running ---- */

static cli_exit_t write_file(const selftest_command_t *command)
{
    output_file_t output;

    if (output_file_open(&output, command->path)) {
        selftest_write_report(output.stream, &command->facts, &command->test);
        if (output_file_commit(&output)) {
            return CLI_OK;
        }
    }
    report_line("cannot write %s: %s", command->path, strerror(errno));
    return CLI_OTHER;
}

static cli_exit_t publish(const selftest_command_t *command)
{
    if (!command->session.is_quiet) {
        printf("\nThe report to paste is what follows%s.\n\n",
               command->with_mac ? "; it holds the MAC address"
                                 : "; no MAC address, no serial number and no name of the port is in it");
        selftest_write_report(stdout, &command->facts, &command->test);
    }
    return command->path != NULL ? write_file(command) : CLI_OK;
}

static cli_exit_t outcome(const selftest_t *test)
{
    const size_t failed = selftest_count(test, STEP_FAILED);

    if (test->is_cancelled) {
        report_line("interrupted");
        return CLI_CANCELLED;
    }
    if (failed == 0) {
        return CLI_OK;
    }
    for (size_t i = 0; i < test->step_count; i++) {
        if (test->steps[i].outcome == STEP_FAILED) {
            report_line("%zu of %zu steps failed, the first is '%s': %s", failed, test->step_count,
                        test->steps[i].name, test->steps[i].note);
            break;
        }
    }
    return test->code != CLI_OK ? test->code : CLI_TARGET;
}

/** Leaves the target before the report is made: how that went is in it. */
static void leave(selftest_t *test, session_t *session)
{
    if (test->is_lost || test->is_cancelled) {
        session_end(session, test->is_lost ? CLI_NO_ANSWER : CLI_CANCELLED);
        return;
    }
    session_finish(session);
    selftest_note_end(test);
}

static cli_exit_t work(session_t *session, void *ctx)
{
    selftest_command_t *command = ctx;
    selftest_t *test = &command->test;

    if (!command->with_mac) { /* nor in the report for programs */
        session->has_mac = false;
        command->session.port = NULL;
    }
    if (selftest_read_facts(&command->facts, session, command->with_mac) != ESP_LOADER_SUCCESS) {
        return session_failure(session);
    }
    cli_exit_t code = check_scratch(command, session);
    if (code != CLI_OK) {
        return code;
    }
    selftest_run_steps(test, session);
    leave(test, session);
    code = outcome(test);
    const cli_exit_t written = publish(command);
    return code != CLI_OK ? code : written;
}

static json_t *members(const session_t *session, const void *ctx)
{
    const selftest_command_t *command = ctx;

    (void)session;
    return selftest_members(&command->facts, &command->test);
}

static cli_exit_t run_selftest(void *state, operands_t operands)
{
    selftest_command_t *command = state;

    const char *mistake = parse_scratch(command, operands);
    if (mistake != NULL) {
        return command_mistake(COMMAND_SELFTEST, mistake);
    }
    command->test.options = &command->session;
    command->test.is_stub_off = command->session.is_stub_off;
    command->session.is_stub_off =
        true; /* the ROM comes first: back from a stub there is no way without a reset */
    return json_report_run(&command->session, work, members, command);
}

const command_t selftest_command = {.state_size = sizeof(selftest_command_t),
                                    .session_offset = offsetof(selftest_command_t, session),
                                    .take = take_option,
                                    .run = run_selftest};
