/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The flasher stubs that are built in, as data: one row per chip, or per range of revisions. The binaries are
 * Espressif's and not part of this repository: scripts/fetch-stubs generates the table into a build folder.
 * Without it the table is empty (none.c) and the library uses the loaders in ROM only.
 */
#ifndef ELI_STUB_H
#define ELI_STUB_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint32_t address; /**< target RAM */
    uint32_t size;    /**< bytes, a multiple of 4 */
    const uint8_t *data;
} eli_stub_segment_t;

typedef struct {
    uint8_t chip;          /**< target_chip_t */
    uint16_t min_revision; /**< major * 100 + minor */
    uint16_t max_revision; /**< inclusive */
    uint32_t entry;
    eli_stub_segment_t text;
    eli_stub_segment_t data;
} eli_stub_t;

#define ELI_STUB_ANY_REVISION 0xFFFFu

extern const eli_stub_t eli_stubs[];
extern const size_t eli_stub_count;

#endif
