/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-loader load-ram: a program into the target's RAM, and starting it. The flash is not touched.
 */
#define _GNU_SOURCE
#include <stdio.h>

#include "commands/command.h"
#include "files/image_file.h"
#include "session/json_report.h"
#include "files/segments.h"

/** What every loader takes on every link. */
enum { BLOCK_SIZE = 0x800 };

typedef struct {
    const char *path;
    image_file_t file;
    bool is_sound; /**< then the following is known */
    esp_loader_image_info_t info;
} program_t;

/** Loads one segment; the last one of an image is followed by the jump to @p entry, the others by 0. */
static esp_loader_error_t load(session_t *session, const esp_loader_source_t *source,
                               const segment_t *segment, uint32_t entry)
{
    esp_loader_t *loader = &session->loader;
    esp_loader_mem_cfg_t cfg = {.offset = segment->address, .size = segment->size, .block_size = BLOCK_SIZE};
    uint8_t block[BLOCK_SIZE];

    RETURN_ON_ERROR(esp_loader_mem_start(loader, &cfg));
    for (uint32_t done = 0; done < segment->size;) {
        const uint32_t left = segment->size - done;
        const uint32_t size = left < sizeof(block) ? left : (uint32_t)sizeof(block);

        RETURN_ON_ERROR(source->read(source->ctx, segment->offset + done, block, size));
        RETURN_ON_ERROR(esp_loader_mem_write(loader, &cfg, block, size));
        done += size;
    }
    if (entry == 0) {
        return ESP_LOADER_SUCCESS;
    }
    session_give_rate_back(session); /* what is started talks at the rate that it finds */
    return esp_loader_mem_finish(loader, &cfg, entry);
}

static cli_exit_t load_image(session_t *session, program_t *program)
{
    FILE *out = session->options->is_quiet ? NULL : stdout;
    const esp_loader_source_t source = image_file_source(&program->file);
    const esp_loader_image_info_t *info = &program->info;
    segments_t segments;
    segment_t segment;

    segments_begin(&segments, &source, info);
    for (unsigned i = 0; i < segments.count; i++) {
        const bool is_last = i + 1 == segments.count;

        if (segments_next(&segments, &segment) != ESP_LOADER_SUCCESS) {
            report_line("cannot read %s", program->file.name);
            return CLI_INPUT;
        }
        if (out != NULL) {
            fprintf(out, "%sLoading %u bytes to 0x%08x\n", i == 0 ? "\n" : "", (unsigned)segment.size,
                    (unsigned)segment.address);
        }
        esp_loader_error_t error = load(session, &source, &segment, is_last ? info->entry_addr : 0);
        if (error == ESP_LOADER_ERROR_SOURCE) {
            report_line("cannot read %s", program->file.name);
            return CLI_INPUT;
        }
        if (error != ESP_LOADER_SUCCESS) {
            return session_failure(session);
        }
    }
    if (out != NULL) {
        fprintf(out, "Started at 0x%08x\n", (unsigned)info->entry_addr);
    }
    return CLI_OK;
}

static cli_exit_t load_and_start(session_t *session, void *ctx)
{
    program_t *program = ctx;

    if (session->is_stub) {
        report_line("an earlier run has left a flasher stub in the target's RAM: reset the target first");
        return CLI_TARGET;
    }
    const target_chip_t chip = esp_loader_chip_of_image(program->info.chip_id);
    if (chip != session->context.chip) {
        session_keep_cause(session, ESP_LOADER_ERROR_IMAGE_CHIP, ESP_LOADER_STAGE_CHECK, 0);
        report_line("%s is built for an %s, the target is an %s", program->file.name,
                    esp_loader_chip_name(chip), esp_loader_chip_name(session->context.chip));
        return CLI_TARGET;
    }
    cli_exit_t code = load_image(session, program);
    if (code == CLI_OK) { /* what was started keeps running */
        session_close(session);
    }
    return code;
}

/** Opens and checks the file; CLI_OK, or a failure that has been reported. */
static cli_exit_t open_program(session_t *session, program_t *program)
{
    char why[REPORT_SIZE];

    if (!image_file_open(&program->file, program->path, why)) {
        report_line("%s", why);
        return CLI_INPUT;
    }
    const esp_loader_source_t source = image_file_source(&program->file);
    esp_loader_part_t part;
    if (esp_loader_part_at(&source, 0, &part) == ESP_LOADER_SUCCESS && part.kind == ESP_LOADER_PART_FOREIGN) {
        session_keep_cause(session, ESP_LOADER_ERROR_IMAGE_FORMAT, ESP_LOADER_STAGE_CHECK, 0);
        report_line("%s is %s: %s", program->file.name, esp_loader_format_name(part.format),
                    part.format == ESP_LOADER_FORMAT_ELF ? "load the .bin that is made of it"
                                                         : "load an executable image");
        return CLI_INPUT;
    }
    esp_loader_error_t error = esp_loader_image_check(&source, &program->info);
    if (error != ESP_LOADER_SUCCESS) {
        session_keep_cause(session, error, ESP_LOADER_STAGE_CHECK, 0);
        report_line("%s: %s", program->file.name, esp_loader_error_text(error));
        return CLI_INPUT;
    }
    program->is_sound = true;
    if (part.is_mapped) {
        session_keep_cause(session, ESP_LOADER_ERROR_IMAGE_PLACE, ESP_LOADER_STAGE_CHECK, 0);
        report_line("%s has segments that are mapped from flash, which cannot be loaded to RAM: flash it",
                    program->file.name);
        return CLI_INPUT;
    }
    return CLI_OK;
}

static json_t *program_members(const session_t *session, const void *ctx)
{
    const program_t *program = ctx;

    (void)session;
    return json_pack("{s:o, s:o*, s:o*}", "file", json_report_name(program->path), "size",
                     json_report_number(program->info.size, program->is_sound), "entry",
                     json_report_number(program->info.entry_addr, program->is_sound));
}

static cli_exit_t run_load_ram(void *state, operands_t operands)
{
    session_options_t *options = state;
    session_t session = {.options = options};
    program_t program = {.path = operands.words[0], .file.fd = -1};

    options->is_stub_off = true;
    cli_exit_t code = open_program(&session, &program);
    code = code == CLI_OK ? session_run(&session, load_and_start, &program) : code;
    image_file_close(&program.file);
    return json_report_end(&session, code, program_members, &program);
}

const command_t load_ram_command = {.state_size = sizeof(session_options_t), .run = run_load_ram};
