/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A file beside a burn, from before its first step until all of it is done: what was begun, and what is done. The same
 * request finishes what was interrupted. Of keys it has salted digests only.
 */
#ifndef CLI_BURN_JOURNAL_H
#define CLI_BURN_JOURNAL_H

#include <limits.h>

#include "efuse/burn_request.h"
#include "esp_loader_md5.h"

enum { BURN_SALT_SIZE = 16, BURN_MAC_SIZE = 18 };

typedef struct {
    char path[PATH_MAX];
    uint8_t mac[6]; /**< of the chip */
    bool is_found;  /**< an earlier burn of this chip is not finished */
    char command[32];
    uint8_t salt[BURN_SALT_SIZE];
    uint8_t request[ESP_LOADER_MD5_SIZE]; /**< digest of what was asked for */
    uint16_t begun_blocks, done_blocks;   /**< as in esp_loader_efuse_state_t */
} burn_journal_t;

/** A MAC address as it is printed. */
const char *burn_mac_text(const uint8_t mac[6], char text[BURN_MAC_SIZE]);

/** Looks for the journal of a chip, or begins one that is not written yet.
 *  @param path  NULL = in the user's folder for state
 *  @return false, after a sentence in @p sentence: it cannot be read, it is of another chip, or there is no such folder */
bool burn_journal_open(burn_journal_t *journal, const char *path, const uint8_t mac[6],
                       char sentence[BURN_SENTENCE_SIZE]);

/** Is the burn that was found the same as this one? */
bool burn_journal_is_of(const burn_journal_t *journal, const burn_request_t *request);

/** Writes it: mode 0600, on the disk when this returns.
 *  @param step  the step that is about to begin; steps before it are done
 *  @return false: errno says why */
bool burn_journal_write(burn_journal_t *journal, const burn_request_t *request,
                        const esp_loader_efuse_plan_t *plan, unsigned step);

/** All is done. */
void burn_journal_remove(const burn_journal_t *journal);

#endif
