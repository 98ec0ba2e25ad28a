/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-loader ota: shows which app starts, or selects another one.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>

#include "commands/command.h"
#include "commands/partitions_report.h"
#include "esp_loader_plan.h"
#include "session/json_report.h"

typedef struct {
    session_options_t session;
    const char *name; /**< NULL = show what is selected */
    partitions_found_t found;
    const char *result; /**< NULL = nothing was to be changed, or it came to nothing */
} ota_t;

static bool is_slot(const esp_loader_partition_t *partition)
{
    return partition->type == ESP_LOADER_PARTITION_TYPE_APP &&
           (partition->subtype & 0xF0) == PARTITION_SUBTYPE_OTA_0;
}

static cli_exit_t refuse_security(session_t *session)
{
    session_keep(session, esp_loader_error_detail(&session->loader));
    report_line("the target's flash is encrypted: what selects the app cannot be written");
    return CLI_TARGET;
}

/** Writes the entry as a sector of its own: compared with the flash, and verified. */
static cli_exit_t write_copy(session_t *session, const otadata_t *otadata, int copy,
                             const uint8_t entry[OTADATA_ENTRY_SIZE])
{
    uint8_t sector[ESP_LOADER_SECTOR_SIZE];
    uint8_t buffer[ESP_LOADER_SECTOR_SIZE];
    const uint32_t offset = otadata->partition.offset + (uint32_t)copy * ESP_LOADER_SECTOR_SIZE;
    const esp_loader_image_t image = {
        .name = "otadata",
        .offset = offset,
        .source = {.read = esp_loader_read_memory, .ctx = sector, .size = sizeof(sector)},
        .is_raw = true};
    const esp_loader_plan_options_t options = {.buffer = buffer, .buffer_size = sizeof(buffer)};

    memset(sector, 0xFF, sizeof(sector));
    memcpy(sector, entry, OTADATA_ENTRY_SIZE);
    return esp_loader_plan_run(&session->loader, &image, 1, &options, NULL) == ESP_LOADER_SUCCESS
               ? CLI_OK
               : session_failure(session);
}

/** What starts by default starts where otadata is blank. */
static cli_exit_t select_default(session_t *session, ota_t *ota)
{
    const otadata_t *otadata = &ota->found.otadata;
    const uint32_t size = OTADATA_COPIES * ESP_LOADER_SECTOR_SIZE;

    ota->result = "already selected";
    if (otadata->active < 0) {
        return CLI_OK;
    }
    ota->result = "selected";
    return esp_loader_flash_erase_region(&session->loader, otadata->partition.offset, size) ==
                   ESP_LOADER_SUCCESS
               ? CLI_OK
               : session_failure(session);
}

static cli_exit_t select_slot(session_t *session, ota_t *ota, uint32_t slot)
{
    uint8_t entry[OTADATA_ENTRY_SIZE];
    int copy;

    if (!otadata_select(&ota->found.otadata, slot, entry, &copy)) {
        report_line("the sequence numbers of otadata are used up: esp-loader erase otadata begins anew");
        return CLI_TARGET;
    }
    ota->result = copy < 0 ? "already selected" : "selected";
    return copy < 0 ? CLI_OK : write_copy(session, &ota->found.otadata, copy, entry);
}

/** Only what the bootloader can select is selected. */
static cli_exit_t check_choice(const ota_t *ota, const esp_loader_partition_t *partition)
{
    const otadata_t *otadata = &ota->found.otadata;
    const esp_loader_partition_t *usual = partitions_default_app(&ota->found.table);

    if (!otadata->is_there) {
        report_line("the partition table has no otadata: nothing can be selected");
        return CLI_TARGET;
    }
    if (is_slot(partition) && (uint32_t)(partition->subtype - PARTITION_SUBTYPE_OTA_0) < otadata->slots) {
        return CLI_OK;
    }
    if (usual != NULL && usual->offset == partition->offset &&
        partition->type == ESP_LOADER_PARTITION_TYPE_APP) {
        return CLI_OK;
    }
    report_line("partition '%s' is not one that otadata can select: it selects factory and ota_0 to ota_%u",
                partition->label, (unsigned)(otadata->slots != 0 ? otadata->slots - 1 : 0));
    return CLI_USAGE;
}

static cli_exit_t select_app(session_t *session, ota_t *ota)
{
    const otadata_t *otadata = &ota->found.otadata;
    esp_loader_partition_t partition;

    cli_exit_t code = partitions_find(&ota->found.table, ota->name, session->context.chip, NULL, &partition);
    code = code == CLI_OK ? check_choice(ota, &partition) : code;
    if (code != CLI_OK) {
        return code;
    }
    esp_loader_error_t error =
        esp_loader_flash_check_security(&session->loader, otadata->partition.offset, otadata->partition.size);
    if (error != ESP_LOADER_SUCCESS) {
        return error == ESP_LOADER_ERROR_SECURITY ? refuse_security(session) : session_failure(session);
    }
    code = is_slot(&partition)
               ? select_slot(session, ota, (uint32_t)(partition.subtype - PARTITION_SUBTYPE_OTA_0))
               : select_default(session, ota);
    if (code != CLI_OK) {
        ota->result = NULL;
    }
    return code;
}

static cli_exit_t run_target(session_t *session, void *ctx)
{
    ota_t *ota = ctx;
    partitions_found_t *found = &ota->found;

    cli_exit_t code = otadata_need(session, &found->table, &found->otadata);
    if (code != CLI_OK) {
        return code;
    }
    found->has_table = true;
    found->is_boot_known = true;
    if (ota->name != NULL) {
        code = select_app(session, ota);
        if (code == CLI_OK &&
            otadata_read(&session->loader, &found->table, &found->otadata) != ESP_LOADER_SUCCESS) {
            code = session_failure(session);
        }
    }
    if (code == CLI_OK && !ota->session.is_quiet) {
        putchar('\n');
        partitions_report_boot(stdout, found);
        putchar('\n');
    }
    return code;
}

static json_t *members(const session_t *session, const void *ctx)
{
    const ota_t *ota = ctx;
    json_t *object = json_object();

    (void)session;
    partitions_report_json(object, &ota->found);
    if (ota->result != NULL) {
        json_object_set_new(object, "result", json_string(ota->result));
    }
    return object;
}

static cli_exit_t run_ota(void *state, operands_t operands)
{
    ota_t *ota = state;

    ota->name = operands.count != 0 ? operands.words[0] : NULL;
    return json_report_run(&ota->session, run_target, members, ota);
}

static bool take_option(void *state, const option_value_t *value, char error[OPTION_ERROR_SIZE])
{
    ota_t *ota = state;

    return session_options_take(&ota->session, value, error);
}

const command_t ota_command = {.state_size = sizeof(ota_t),
                               .session_offset = offsetof(ota_t, session),
                               .take = take_option,
                               .run = run_ota};
