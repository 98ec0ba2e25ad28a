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

/** Puts the set into a new chip. */
esp_sim_t *boot_host_start(const esp_sim_config_t *config);
parts_t boot_host_parts(esp_sim_t *sim);

/** A case on an ESP32-S3 with 8 MiB and a set that boots, whose parts it is given. */
#define TEST_BOOT(name)                                                                                      \
    static void boot_##name(esp_sim_t *sim, parts_t parts);                                                  \
    TEST_ON(name, boot_host_start, FAST, .flash_size = 8u << 20)                                             \
    {                                                                                                        \
        boot_##name(sim, boot_host_parts(sim));                                                              \
    }                                                                                                        \
    static void boot_##name(esp_sim_t *sim, __attribute__((unused)) parts_t parts)

/** Changes a byte of an image and makes checksum and digest fit again. */
void boot_host_patch(uint8_t *image, uint32_t at, uint8_t value);
/** Starts from flash, expects @p line in the log and that an app runs, or that none does. */
void boot_host_expect(esp_sim_t *sim, const char *line);
void boot_host_expect_failure(esp_sim_t *sim, const char *line);

#endif
