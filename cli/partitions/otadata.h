/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Otadata: which app the bootloader starts.
 */
#ifndef CLI_OTADATA_H
#define CLI_OTADATA_H

#include "partitions/partitions.h"

enum { OTADATA_COPIES = 2, OTADATA_ENTRY_SIZE = 32 };

/** One of the two copies, each at the beginning of a sector. */
typedef struct {
    bool is_blank;
    uint32_t sequence;
    uint32_t state;
    bool is_crc_right;
    bool is_valid; /**< it may select: not blank, not damaged, and its app was not given up */
} otadata_copy_t;

/** What the target has. */
typedef struct {
    bool is_there; /**< false: the table has no otadata of two sectors; an app is selected by default */
    esp_loader_partition_t partition;
    otadata_copy_t copies[OTADATA_COPIES];
    int active;     /**< the copy that selects; -1 = none */
    uint32_t slots; /**< ota_0, ota_1 ... in the table */
    bool has_selected;
    esp_loader_partition_t selected; /**< the app that starts */
} otadata_t;

/** Reads what selects an app from the target's flash. */
esp_loader_error_t otadata_read(esp_loader_t *loader, const partitions_t *table, otadata_t *out);

/** Reads the table of a session's target, as partitions_need() does, and what selects an app. CLI_OK, or a failure that has
 * been reported. */
cli_exit_t otadata_need(session_t *session, partitions_t *out_table, otadata_t *out);

/** The same from the two copies' bytes; NULL = there is no otadata. */
void otadata_decode(const partitions_t *table, const uint8_t copies[OTADATA_COPIES][OTADATA_ENTRY_SIZE],
                    otadata_t *out);

/** Name of a copy's state: `new`, `pending`, `valid`, `invalid`, `aborted`, `undefined`, or "0x00000007". */
const char *otadata_state_name(uint32_t state, char room[12]);

/** The slot a copy selects. */
uint32_t otadata_slot(const otadata_t *otadata, const otadata_copy_t *copy);

/** Makes the entry that selects @p slot, and says which copy it belongs in: not the one that counts now, so that one of
 * them is valid at every moment. false when the sequence numbers are used up.
 *  @param out_copy  -1: the slot is selected already, for good */
bool otadata_select(const otadata_t *otadata, uint32_t slot, uint8_t out_entry[OTADATA_ENTRY_SIZE],
                    int *out_copy);

#endif
