/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Which of the flasher stubs that are built in belongs to a target: one row per chip, or per range of revisions. The
 * binaries are Espressif's and not part of this repository: scripts/fetch-stubs generates the table, and a file for each
 * stub, into a build folder. Without it the table is empty (none.c) and the library uses the loaders in ROM only.
 */
#ifndef ELI_STUB_H
#define ELI_STUB_H

#include <stddef.h>
#include <stdint.h>

#include "esp_loader_stubs.h"

typedef struct {
    const uint8_t
        *image; /**< the code, followed by the data; of the same bytes is what esp_loader_stubs.h names */
    uint32_t text_addr;
    uint32_t data_addr;
    uint16_t text_size;
    uint16_t data_size;
    uint16_t entry_off;         /**< entry point, from text_addr */
    uint16_t min_revision : 11; /**< major * 100 + minor */
    uint16_t chip : 5;          /**< target_chip_t */
} eli_stub_t;

/** Of a chip with several rows the one with the latest revisions comes first. */
extern const eli_stub_t eli_stubs[];
extern const size_t eli_stub_count;

#endif
