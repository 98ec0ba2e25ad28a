/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Names of types and subtypes of partitions in ESP-IDF's tables.
 */
#ifndef CLI_PARTITION_NAME_H
#define CLI_PARTITION_NAME_H

#include <stdint.h>

/** Words that name what no label does: the second-stage bootloader, the table itself, the app that starts where nothing
 * else is selected. */
#define PARTITIONS_BOOTLOADER "bootloader"
#define PARTITIONS_TABLE      "partition-table"
#define PARTITIONS_APP        "app"

enum { PARTITION_NAME_SIZE = 12 };

/** `app`, `data`, `bootloader`, `table` or `custom`. */
const char *partition_type_name(uint8_t type);

/** `factory`, `ota_0`, `nvs` ..., or "0x40" where it has no name. */
const char *partition_subtype_name(uint8_t type, uint8_t subtype, char room[PARTITION_NAME_SIZE]);

#endif
