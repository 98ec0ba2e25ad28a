/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * One burn from the request to the end of its journal, without what is shown and asked.
 */
#ifndef CLI_BURN_WORK_H
#define CLI_BURN_WORK_H

#include "efuse/burn_journal.h"
#include "efuse/flash_voltage.h"

/** Holds keys: wipe_bytes() at its end. */
typedef struct burn_work {
    burn_request_t request;
    efuse_contents_t contents; /**< its table is set before */
    flash_voltage_t voltage;
    esp_loader_efuse_state_t state;
    esp_loader_efuse_ctx_t staged;
    esp_loader_efuse_plan_t plan;
    bool is_planned;
    burn_journal_t journal;
    unsigned done; /**< steps */
    char sentence[BURN_SENTENCE_SIZE];
} burn_work_t;

/** Reads what is burnt. */
esp_loader_error_t burn_work_read(burn_work_t *work, esp_loader_t *loader);

/** Looks for a journal, and plans the request, or what an interrupted one has left of it. Sends nothing.
 *  @param journal  path; NULL = in the user's folder for state
 *  @return CLI_OK, or a code and a sentence in @p work */
cli_exit_t burn_work_plan(burn_work_t *work, const char *journal, const uint8_t mac[6]);

typedef enum {
    BURN_DONE,       /**< all of it, and the journal is removed */
    BURN_UNNOTED,    /**< the journal could not be written: errno says why */
    BURN_INTERRUPTED /**< a step failed, which may be burnt in part: the session has the cause */
} burn_end_t;

/** Burns the plan, each step noted before it begins.
 *  @param on_step  after each one; may be NULL */
burn_end_t burn_work_run(burn_work_t *work, esp_loader_t *loader,
                         void (*on_step)(const burn_work_t *work, void *ctx), void *ctx);

#endif
