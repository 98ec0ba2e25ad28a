/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-loader md5: of a range of the flash, as the target computes it.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <strings.h>

#include "commands/command.h"
#include "partitions/partitions.h"
#include "session/flash_size.h"
#include "session/json_report.h"
#include "text/number.h"

typedef struct {
    const char *partition; /**< NULL = offset and size say what */
    uint32_t offset;
    uint32_t size; /**< 0 = up to the end of the flash */
    bool has_digest;
    uint8_t digest[ESP_LOADER_MD5_SIZE];
} md5_t;

/** Finds out what is meant, and refuses what the flash does not have. */
static cli_exit_t find_range(session_t *session, md5_t *md5)
{
    cli_exit_t code = CLI_OK;

    if (md5->partition != NULL) {
        esp_loader_partition_t partition;

        code = partitions_find_in_target(session, md5->partition, &partition);
        md5->offset = code == CLI_OK ? partition.offset : 0;
        md5->size = code == CLI_OK ? partition.size : 0;
    }
    if (code == CLI_OK && !session->context.is_secure) { /* refused in any case, in other words */
        code = flash_size_need(session);
    }
    code = code == CLI_OK ? session_check_range(session, md5->offset, md5->size != 0 ? md5->size : 1) : code;
    if (code == CLI_OK && md5->size == 0) {
        md5->size = session->context.flash_size - md5->offset;
    }
    return code == CLI_OK && !session->context.is_secure
               ? flash_size_check_wrap(session, (uint64_t)md5->offset + md5->size, false)
               : code;
}

static cli_exit_t work(session_t *session, void *ctx)
{
    md5_t *md5 = ctx;

    cli_exit_t code = find_range(session, md5);
    if (code != CLI_OK) {
        return code;
    }
    if (esp_loader_flash_md5(&session->loader, md5->offset, md5->size, md5->digest) != ESP_LOADER_SUCCESS) {
        return session_failure(session);
    }
    md5->has_digest = true;
    if (!session->options->is_json) {
        for (size_t i = 0; i < sizeof(md5->digest); i++) {
            printf("%02x", (unsigned)md5->digest[i]);
        }
        printf("  %u bytes at 0x%08x\n", (unsigned)md5->size, (unsigned)md5->offset);
    }
    return CLI_OK;
}

static json_t *members(const session_t *session, const void *ctx)
{
    const md5_t *md5 = ctx;

    (void)session;
    return json_pack("{s:I, s:o*, s:o*}", "offset", (json_int_t)md5->offset, "size",
                     json_report_number(md5->size, md5->size != 0), "md5",
                     md5->has_digest ? json_report_hex(md5->digest, sizeof(md5->digest)) : NULL);
}

/** NULL, or what is wrong with the operands. */
static const char *parse_operands(md5_t *md5, const char *const *words, size_t count)
{
    if (count == 1) {
        md5->partition = words[0];
        return number_parse(words[0], &md5->offset) ? "give OFFSET and SIZE, or the NAME of a partition"
                                                    : NULL;
    }
    const bool is_all = strcasecmp(words[1], "all") == 0;
    if (!number_parse(words[0], &md5->offset) || (!is_all && !number_parse(words[1], &md5->size))) {
        return "OFFSET and SIZE are numbers, SIZE may be all";
    }
    return !is_all && md5->size == 0 ? "SIZE 0: there is nothing to compute" : NULL;
}

static cli_exit_t run_md5(void *state, operands_t operands)
{
    const session_options_t *options = state;
    md5_t md5 = {0};

    const char *mistake = parse_operands(&md5, operands.words, operands.count);
    if (mistake != NULL) {
        return command_mistake(COMMAND_MD5, mistake);
    }
    return json_report_run(options, work, members, &md5);
}

const command_t md5_command = {.state_size = sizeof(session_options_t), .run = run_md5};
