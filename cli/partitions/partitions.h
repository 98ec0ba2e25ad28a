/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The partition table, of a file or of the target's flash, and finding a partition by its name.
 */
#ifndef CLI_PARTITIONS_H
#define CLI_PARTITIONS_H

#include "esp_loader_image.h"
#include "session/session.h"
#include "text/partition_name.h"

/** Subtypes of apps and data. Source: ESP-IDF 6.1, esp_partition.h. */
enum {
    PARTITION_SUBTYPE_FACTORY = 0x00,
    PARTITION_SUBTYPE_OTA_0 = 0x10,
    PARTITION_SUBTYPE_OTADATA = 0x00,
};

/** A table that has been checked. */
typedef struct {
    uint32_t offset; /**< of the table in the flash */
    uint32_t count;
    esp_loader_partition_t list[ESP_LOADER_PARTITION_MAX_COUNT];
} partitions_t;

/** Reads a table that belongs at @p offset of the flash.
 *  @param out_detail  what is wrong with it
 *  @retval ESP_LOADER_ERROR_PARTITION  there is none, or it is invalid
 *  @return otherwise the error of the source's read() */
esp_loader_error_t partitions_of_source(const esp_loader_source_t *source, uint32_t offset, partitions_t *out,
                                        esp_loader_error_detail_t *out_detail);

/** The same from the target's flash. Reports nothing.
 *  @return ESP_LOADER_ERROR_PARTITION, or the error of reading */
esp_loader_error_t partitions_of_target(esp_loader_t *loader, uint32_t offset, partitions_t *out,
                                        esp_loader_error_detail_t *out_detail);

/** Reads the table of a session's target, where --partition-table-offset says. CLI_OK, or a failure that has been
 * reported: also why there is none. */
cli_exit_t partitions_need(session_t *session, partitions_t *out);

/** The last partition of this type and subtype, which is the one the bootloader takes; NULL = none. */
const esp_loader_partition_t *partitions_last(const partitions_t *table, uint8_t type, uint8_t subtype);

/** The app that starts where otadata selects none: factory, or else ota_0, or else the first one; NULL = there is no app. */
const esp_loader_partition_t *partitions_default_app(const partitions_t *table);

/** Finds what @p name names: a label, or a word from above, or an app or otadata by its subtype (`factory`, `ota_1`,
 * `otadata`), which no label has. CLI_OK, or CLI_USAGE after a sentence with the names there are.
 *  @param chip   knows where its bootloader is
 *  @param label  which of several targets; NULL = there is only one */
cli_exit_t partitions_find(const partitions_t *table, const char *name, target_chip_t chip, const char *label,
                           esp_loader_partition_t *out);

/** The same in the table of a session's target, partitions_need() included. */
cli_exit_t partitions_find_in_target(session_t *session, const char *name, esp_loader_partition_t *out);

#endif
