/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Whether the app that was written is the one that starts.
 */
#include "flash/flash_boot.h"

#include "flash/flash_content.h"
#include "flash/flash_names.h"
#include "partitions/otadata.h"

/** What the run has, and what the table says. */
typedef struct {
    const flash_job_t *job;
    partitions_t table;
    bool has_app;
    const esp_loader_image_t *image;   /**< with the first app at the start of an app partition */
    const esp_loader_partition_t *own; /**< which is that one */
} boot_t;

static bool see_app(const esp_loader_image_t *image, const esp_loader_part_t *part, void *ctx)
{
    boot_t *boot = ctx;

    (void)image;
    boot->has_app = part->kind == ESP_LOADER_PART_EXECUTABLE && part->is_mapped;
    return boot->has_app;
}

static bool is_written(const boot_t *boot, uint32_t offset)
{
    for (size_t i = 0; i < boot->job->count; i++) {
        const esp_loader_image_t *image = &boot->job->images[i];

        if (offset >= image->offset && offset - image->offset < image->source.size) {
            return true;
        }
    }
    return false;
}

/** Is it an app at the start of an app partition? */
static bool is_app(const esp_loader_image_t *image, const esp_loader_part_t *part, void *ctx)
{
    boot_t *boot = ctx;

    boot->own = NULL;
    for (uint32_t i = 0;
         part->kind == ESP_LOADER_PART_EXECUTABLE && boot->own == NULL && i < boot->table.count; i++) {
        const esp_loader_partition_t *partition = &boot->table.list[i];

        if (partition->type == ESP_LOADER_PARTITION_TYPE_APP &&
            partition->offset == image->offset + part->offset) {
            boot->own = partition;
        }
    }
    boot->image = image;
    return boot->own != NULL;
}

void flash_boot_note(const flash_job_t *job, flash_run_t *run)
{
    esp_loader_t *loader = &run->session.loader;
    boot_t boot = {.job = job};
    esp_loader_error_detail_t detail;
    otadata_t otadata;

    if (!flash_content_each_part(job, see_app, &boot)) {
        return;
    }
    const bool has_own_table = flash_names_own_table(job, &boot.table, &detail) == ESP_LOADER_SUCCESS;
    if ((!has_own_table && partitions_of_target(loader, job->session.table_offset, &boot.table, &detail) !=
                               ESP_LOADER_SUCCESS) ||
        !flash_content_each_part(job, is_app, &boot) ||
        otadata_read(loader, &boot.table, &otadata) != ESP_LOADER_SUCCESS || !otadata.is_there ||
        !otadata.has_selected || is_written(&boot, otadata.selected.offset)) {
        return;
    }
    notes_add(&run->notes, run->label, job->session.is_quiet,
              "%s at 0x%08x is in partition '%s', but '%s' starts: otadata (partition '%s') selects %s",
              boot.image->name, (unsigned)boot.image->offset, boot.own->label, otadata.selected.label,
              otadata.partition.label, otadata.active < 0 ? "no other" : "it");
}
