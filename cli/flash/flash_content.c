/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Looking into the files of a job for their chip, their bootloader and their format. What is wrong with them
 * is the plan's business.
 */
#include "flash/flash_content.h"

#include "report/image_fault.h"

/** Where an app begins unless a table says otherwise. */
enum { USUAL_APP_OFFSET = 0x10000 };

bool flash_content_each_part(const flash_job_t *job, flash_content_visit_t visit, void *ctx)
{
    for (size_t i = 0; i < job->count; i++) {
        const esp_loader_image_t *image = &job->images[i];
        esp_loader_parts_t parts;
        esp_loader_part_t part;

        esp_loader_parts_begin(&parts, &image->source, image->offset);
        while (!image->is_raw && esp_loader_parts_next(&parts, &part) == ESP_LOADER_SUCCESS &&
               part.kind != ESP_LOADER_PART_END) {
            if (visit(image, &part, ctx)) {
                return true;
            }
        }
    }
    return false;
}

static bool is_for_known_chip(const esp_loader_image_t *image, const esp_loader_part_t *part, void *ctx)
{
    target_chip_t *chip = ctx;

    (void)image;
    *chip = part->kind == ESP_LOADER_PART_EXECUTABLE ? part->chip : ESP_UNKNOWN_CHIP;
    return *chip != ESP_UNKNOWN_CHIP;
}

target_chip_t flash_content_chip(const flash_job_t *job)
{
    target_chip_t chip = ESP_UNKNOWN_CHIP;

    return flash_content_each_part(job, is_for_known_chip, &chip) ? chip : ESP_UNKNOWN_CHIP;
}

cli_exit_t flash_content_check_chip(const flash_job_t *job)
{
    const target_chip_t named = job->session.chip;
    const target_chip_t found = flash_content_chip(job);

    if (named == ESP_UNKNOWN_CHIP || found == ESP_UNKNOWN_CHIP || named == found) {
        return CLI_OK;
    }
    report_line("the files are for an %s, not for an %s as %s", esp_loader_chip_name(found),
                esp_loader_chip_name(named),
                job->session.is_chip_of_project ? "the project says" : "--chip demands");
    return CLI_INPUT;
}

static void note_formats(flash_job_t *job)
{
    for (size_t i = 0; i < job->count; i++) {
        const esp_loader_image_t *image = &job->images[i];
        esp_loader_part_t part;

        if (image->is_raw || esp_loader_part_at(&image->source, 0, &part) != ESP_LOADER_SUCCESS ||
            part.kind != ESP_LOADER_PART_FOREIGN) {
            continue;
        }
        if (image->offset == FLASH_JOB_NOWHERE) {
            notes_add(&job->notes, NULL, job->session.is_quiet,
                      "%s for partition '%s' looks like %s and is taken as it is", image->name, job->names[i],
                      esp_loader_format_name(part.format));
        } else {
            notes_add(&job->notes, NULL, job->session.is_quiet,
                      "%s at 0x%08x looks like %s and is taken as it is", image->name,
                      (unsigned)image->offset, esp_loader_format_name(part.format));
        }
    }
}

static bool is_bootloader(const esp_loader_image_t *image, const esp_loader_part_t *part, void *ctx)
{
    (void)ctx;
    return part->kind == ESP_LOADER_PART_EXECUTABLE && part->chip != ESP_UNKNOWN_CHIP &&
           image->offset + part->offset == esp_loader_chip_bootloader_offset(part->chip);
}

bool flash_content_has_bootloader(const flash_job_t *job)
{
    return flash_content_each_part(job, is_bootloader, NULL);
}

static bool covers(const esp_loader_image_t *image, uint32_t offset)
{
    return offset >= image->offset && offset - image->offset < image->source.size;
}

/** May a file that is not examined have a bootloader? */
static bool may_hide_bootloader(const flash_job_t *job)
{
    for (size_t i = 0; i < job->count; i++) {
        for (int chip = 0; job->images[i].is_raw && chip < ESP_MAX_CHIP; chip++) {
            if (covers(&job->images[i], esp_loader_chip_bootloader_offset((target_chip_t)chip))) {
                return true;
            }
        }
    }
    return false;
}

static void note_params(flash_job_t *job)
{
    if (job->has_own_params && flash_params_are_wanted(&job->params) && !flash_content_has_bootloader(job) &&
        !may_hide_bootloader(job)) {
        notes_add(&job->notes, NULL, job->session.is_quiet,
                  "there is no bootloader among the files: no header is changed (--flash-mode, --flash-freq, "
                  "--flash-size)");
    }
}

void flash_content_note(flash_job_t *job)
{
    note_formats(job);
    note_params(job);
}

cli_exit_t flash_content_check_params(const flash_job_t *job, target_chip_t chip, bool is_size_needed,
                                      const char *label, flash_params_text_t *out_wanted)
{
    const uint32_t place = esp_loader_chip_bootloader_offset(chip);

    *out_wanted = job->params;
    for (size_t i = 0; job->has_own_params && flash_params_are_wanted(out_wanted) && i < job->count; i++) {
        const esp_loader_image_t *image = &job->images[i];
        esp_loader_part_t part;

        if (!covers(image, place)) {
            continue;
        }
        if (!image->is_raw &&
            esp_loader_part_at(&image->source, place - image->offset, &part) == ESP_LOADER_SUCCESS &&
            part.kind == ESP_LOADER_PART_EXECUTABLE && !part.info.has_flash_content) {
            continue;
        }
        out_wanted->size = is_size_needed ? NULL : out_wanted->size;
        if (!flash_params_are_wanted(out_wanted)) {
            continue;
        }
        report_labelled_line(
            label,
            "%s at 0x%08x: its flash parameters cannot be changed, because it is %s: leave out "
            "--flash-mode, --flash-freq and --flash-size",
            image->name, (unsigned)image->offset,
            image->is_raw ? "not looked into (--force-raw)" : "not a bootloader's image");
        return CLI_INPUT;
    }
    return CLI_OK;
}

static bool is_table(const esp_loader_image_t *image, const esp_loader_part_t *part, void *ctx)
{
    (void)image;
    (void)ctx;
    return part->kind == ESP_LOADER_PART_TABLE;
}

cli_exit_t flash_content_check_app_place(const flash_job_t *job)
{
    for (size_t i = 0; i < job->count && !flash_content_each_part(job, is_table, NULL); i++) {
        const esp_loader_image_t *image = &job->images[i];
        esp_loader_part_t part;

        if (image->is_raw || image->offset != USUAL_APP_OFFSET ||
            esp_loader_part_at(&image->source, 0, &part) != ESP_LOADER_SUCCESS) {
            continue;
        }
        if (part.kind == ESP_LOADER_PART_FOREIGN) {
            report_line("%s at 0x%08x is %s, where the chip expects an app: %s", image->name,
                        (unsigned)image->offset, esp_loader_format_name(part.format),
                        image_fault_advice(part.format));
            return CLI_INPUT;
        }
        if (part.is_bootloader) {
            report_line("%s at 0x%08x is a bootloader, where an app belongs", image->name,
                        (unsigned)image->offset);
            return CLI_INPUT;
        }
    }
    return CLI_OK;
}
