/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the tests of the boot check share: an ESP32-S3 with a set that boots, and what came of a start.
 */
#ifndef SIM_MODEL_BOOT_HOST_H
#define SIM_MODEL_BOOT_HOST_H

#include "host.h"

typedef struct {
    uint8_t *bootloader, *table, *app;
} parts_t;

esp_sim_t *boot_host_start(parts_t *parts);
/** Starts from flash, expects @p line in the log and that an app runs, or that none does. */
void boot_host_expect(esp_sim_t *sim, const char *line);
void boot_host_expect_failure(esp_sim_t *sim, const char *line);

#endif
