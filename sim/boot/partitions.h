/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The partition table in flash, and the choice of the app that otadata makes.
 */
#ifndef SIM_PARTITIONS_H
#define SIM_PARTITIONS_H

#include "esp_sim.h"

enum { SIM_PARTITION_TABLE_OFF = 0x8000, SIM_PARTITIONS_MAX = 96, SIM_OTA_SLOTS = 16 };

typedef struct {
    uint8_t type, subtype;
    uint32_t offset, size;
    char label[17]; /**< as it can be printed */
} sim_partition_t;

typedef struct {
    sim_partition_t entries[SIM_PARTITIONS_MAX];
    size_t count;
    bool has_md5;
} sim_partitions_t;

/** Reads and checks the table as a bootloader does whose header says @p flash_size. On failure @p why has
 * what it logs. */
bool sim_partitions_read(const esp_sim_t *sim, uint32_t flash_size, sim_partitions_t *out, char *why,
                         size_t why_size);
/** An app as the bootloader names it: its slot, or one of these. */
enum { SIM_APP_FACTORY = -1, SIM_APP_TEST = -2 };

typedef struct {
    const sim_partition_t *partition;
    int index;
} sim_app_t;

/** Apps in the order in which the bootloader tries them; *out_count says how many. @p order holds
 * SIM_OTA_SLOTS + 2. False when the bootloader gives up before; @p why has what it logs. */
bool sim_partitions_boot_order(const esp_sim_t *sim, const sim_partitions_t *table, sim_app_t *order,
                               size_t *out_count, char *why, size_t why_size);

#endif
