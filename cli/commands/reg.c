/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-loader reg: words of the target's address space.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "commands/command.h"
#include "files/output_file.h"
#include "ports/cancel.h"
#include "report/report.h"
#include "session/json_report.h"
#include "text/number.h"
#include "text/safe_text.h"

typedef enum { ACCESS_READ, ACCESS_WRITE, ACCESS_DUMP } access_kind_t;

static const char *const kind_names[] = {"read", "write", "dump"};

typedef struct {
    access_kind_t kind;
    uint32_t address;
    uint32_t value;
    uint32_t mask; /**< bits to write */
    bool has_value;
    uint32_t size; /**< of a dump, bytes */
    const char *path;
} access_t;

/** NULL, or what is wrong with the operands. */
static const char *parse_operands(access_t *access, const char *const *operands, size_t count)
{
    size_t kind = 0;

    while (kind < sizeof(kind_names) / sizeof(kind_names[0]) && strcmp(operands[0], kind_names[kind]) != 0) {
        kind++;
    }
    access->kind = (access_kind_t)kind;
    access->mask = UINT32_MAX;
    switch (access->kind) {
    case ACCESS_READ:
        if (count != 2) {
            return "give one ADDRESS";
        }
        break;
    case ACCESS_WRITE:
        if (count < 3) {
            return "give ADDRESS and VALUE";
        }
        if (!number_parse(operands[2], &access->value) ||
            (count > 3 && !number_parse(operands[3], &access->mask))) {
            return "VALUE and MASK are numbers of 32 bits";
        }
        access->has_value = true;
        break;
    case ACCESS_DUMP:
        if (count != 4) {
            return "give ADDRESS, SIZE and FILE";
        }
        if (!number_parse(operands[2], &access->size) || access->size % 4 != 0 || access->size == 0) {
            return "SIZE is a multiple of 4";
        }
        access->path = operands[3];
        break;
    default:
        return "expected read, write or dump";
    }
    if (!number_parse(operands[1], &access->address) || access->address % 4 != 0) {
        return "ADDRESS is a multiple of 4";
    }
    return access->size > UINT32_MAX - access->address ? "the range exceeds the address space" : NULL;
}

/** Writes the bits of the mask; the others are what they are. */
static esp_loader_error_t write_bits(esp_loader_t *loader, access_t *access)
{
    uint32_t before = 0;

    if (access->mask != UINT32_MAX) {
        RETURN_ON_ERROR(esp_loader_read_register(loader, access->address, &before));
    }
    access->value = (before & ~access->mask) | (access->value & access->mask);
    return esp_loader_write_register(loader, access->address, access->value);
}

static cli_exit_t run_access(session_t *session, void *ctx)
{
    access_t *access = ctx;
    const bool is_write = access->kind == ACCESS_WRITE;

    esp_loader_error_t error =
        is_write ? write_bits(&session->loader, access)
                 : esp_loader_read_register(&session->loader, access->address, &access->value);
    if (error != ESP_LOADER_SUCCESS) {
        return session_failure(session);
    }
    access->has_value = true;
    if (is_write ? !session->options->is_quiet : !session->options->is_json) {
        printf("0x%08x = 0x%08x\n", (unsigned)access->address, (unsigned)access->value);
    }
    return CLI_OK;
}

/** Word by word into an open file. */
static cli_exit_t dump_words(session_t *session, const access_t *access, FILE *file)
{
    for (uint32_t done = 0; done < access->size; done += 4) {
        uint32_t word;

        if (cancel_is_requested(NULL)) {
            report_line("interrupted after %u of %u bytes", (unsigned)done, (unsigned)access->size);
            return CLI_CANCELLED;
        }
        if (esp_loader_read_register(&session->loader, access->address + done, &word) != ESP_LOADER_SUCCESS) {
            return session_failure(session);
        }
        const uint8_t bytes[] = {(uint8_t)word, (uint8_t)(word >> 8), (uint8_t)(word >> 16),
                                 (uint8_t)(word >> 24)};
        if (fwrite(bytes, 1, sizeof(bytes), file) != sizeof(bytes)) {
            report_line("cannot write %s: %s", access->path, strerror(errno));
            return CLI_OTHER;
        }
    }
    return CLI_OK;
}

static cli_exit_t run_dump(session_t *session, void *ctx)
{
    const access_t *access = ctx;
    output_file_t output = {0};
    char name[SAFE_TEXT_SIZE];

    if (!output_file_open(&output, access->path)) {
        report_line("cannot write %s: %s", access->path, strerror(errno));
        return CLI_OTHER;
    }
    cli_exit_t code = dump_words(session, access, output.stream);
    if (code != CLI_OK) {
        output_file_discard(&output);
    } else if (!output_file_commit(&output)) {
        report_line("cannot write %s: %s", access->path, strerror(errno));
        code = CLI_OTHER;
    }
    if (code == CLI_OK && !session->options->is_quiet) {
        printf("%u bytes at 0x%08x are in %s\n", (unsigned)access->size, (unsigned)access->address,
               safe_text(access->path, name));
    }
    return code;
}

static json_t *access_members(const session_t *session, const void *ctx)
{
    const access_t *access = ctx;
    const bool is_dump = access->kind == ACCESS_DUMP;

    (void)session;
    return json_pack(
        "{s:s, s:I, s:o*, s:o*, s:o*}", "access", kind_names[access->kind], "address",
        (json_int_t)access->address, "value", json_report_number(access->value, access->has_value), "size",
        json_report_number(access->size, is_dump), "file", is_dump ? json_report_name(access->path) : NULL);
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
    return json_report_run(options, access.kind == ACCESS_DUMP ? run_dump : run_access, access_members,
                           &access);
}

const command_t reg_command = {.state_size = sizeof(session_options_t), .run = run_reg};
