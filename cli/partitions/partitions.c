/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Reading partition tables.
 */
#include "partitions/partitions.h"

#include "esp_loader_chip_info.h"
#include "report/image_fault.h"

enum { PIECE_SIZE = 0x100, ENTRY_SIZE = 32, TABLE_SIZE = 0xC00, ERASED = 0xFF };

esp_loader_error_t partitions_of_source(const esp_loader_source_t *source, uint32_t offset, partitions_t *out,
                                        esp_loader_error_detail_t *out_detail)
{
    uint32_t count = 0;

    *out_detail = (esp_loader_error_detail_t){.error = ESP_LOADER_ERROR_PARTITION,
                                              .cause = ESP_LOADER_ERROR_PARTITION,
                                              .stage = ESP_LOADER_STAGE_CHECK,
                                              .address = offset,
                                              .image = -1};
    *out = (partitions_t){.offset = offset};
    if (!esp_loader_partition_table_is(source)) {
        return ESP_LOADER_ERROR_PARTITION;
    }
    RETURN_ON_ERROR(esp_loader_partition_table_explain(source, &count, out_detail));
    if (count > ESP_LOADER_PARTITION_MAX_COUNT) {
        return ESP_LOADER_ERROR_PARTITION;
    }
    for (uint32_t i = 0; i < count; i++) {
        RETURN_ON_ERROR(esp_loader_partition_get(source, i, &out->list[i]));
    }
    out->count = count;
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t partitions_of_target(esp_loader_t *loader, uint32_t offset, partitions_t *out,
                                        esp_loader_error_detail_t *out_detail)
{
    uint8_t bytes[TABLE_SIZE];
    uint32_t size = 0;

    do { /* a ROM reads slowly: only as far as there are entries */
        RETURN_ON_ERROR(esp_loader_flash_read(loader, bytes + size, offset + size, PIECE_SIZE));
        size += PIECE_SIZE;
    } while (size < TABLE_SIZE && bytes[size - ENTRY_SIZE] != ERASED);
    const esp_loader_source_t source = {.read = esp_loader_read_memory, .ctx = bytes, .size = size};
    return partitions_of_source(&source, offset, out, out_detail);
}

static bool is_encrypted(session_t *session)
{
    esp_loader_chip_info_t info;

    return esp_loader_read_chip_info(&session->loader, &info) == ESP_LOADER_SUCCESS && info.has_protection &&
           info.flash_encryption_enabled;
}

/** Says why there is no table. */
static cli_exit_t report_none(session_t *session, const esp_loader_error_detail_t *detail)
{
    const char *label = session->context.label;
    const unsigned offset = (unsigned)detail->address;
    char fault[REPORT_SIZE];

    session_keep(session, detail);
    if (detail->fault != ESP_LOADER_FAULT_NONE) {
        image_fault_sentence(&session->context, detail, NULL, fault);
        report_labelled_line(label, "partition table at 0x%08x of the target's flash: %s", offset, fault);
    } else if (is_encrypted(session)) {
        report_labelled_line(
            label, "the target's flash is encrypted: its partition table cannot be read; give offsets");
    } else {
        report_labelled_line(label,
                             "there is no partition table at 0x%08x of the target's flash "
                             "(--partition-table-offset says where it is)",
                             offset);
    }
    return CLI_TARGET;
}

cli_exit_t partitions_need(session_t *session, partitions_t *out)
{
    const uint32_t offset = session->options->table_offset;
    esp_loader_error_detail_t detail = {.address = offset};

    if (session->context.is_secure) {
        session_keep_cause(session, ESP_LOADER_ERROR_SECURITY, ESP_LOADER_STAGE_READ, offset);
        report_labelled_line(
            session->context.label,
            "the target is in secure download mode: its partition table cannot be read; give offsets");
        return CLI_TARGET;
    }
    cli_exit_t code = session_check_range(session, offset, TABLE_SIZE);
    if (code != CLI_OK) {
        return code;
    }
    esp_loader_error_t error = partitions_of_target(&session->loader, offset, out, &detail);
    if (error == ESP_LOADER_ERROR_PARTITION) {
        return report_none(session, &detail);
    }
    return error == ESP_LOADER_SUCCESS ? CLI_OK : session_failure(session);
}
