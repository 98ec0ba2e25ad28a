/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "efuse/burn_work.h"

#include <stdio.h>
#include <string.h>

#include "efuse/burn_refusal.h"
#include "text/safe_text.h"

static void fill_contents(efuse_contents_t *contents, const esp_loader_efuse_state_t *state)
{
    for (uint8_t i = 0; i < state->image.block_count; i++) {
        memcpy(contents->words[i], state->image.blocks[i].words, sizeof(contents->words[i]));
        contents->blocks |= EFUSE_BLOCK(i);
    }
}

esp_loader_error_t burn_work_read(burn_work_t *work, esp_loader_t *loader)
{
    RETURN_ON_ERROR(esp_loader_efuse_read_state(loader, &work->state));
    fill_contents(&work->contents, &work->state);
    return flash_voltage_read(&work->voltage, &work->contents, loader);
}

static cli_exit_t find_journal(burn_work_t *work, const char *path, const uint8_t mac[6])
{
    char text[SAFE_TEXT_SIZE];

    if (!burn_journal_open(&work->journal, path, mac, work->sentence)) {
        return CLI_OTHER;
    }
    if (!work->journal.is_found) {
        return CLI_OK;
    }
    if (!burn_journal_is_of(&work->journal, &work->request)) {
        (void)snprintf(
            work->sentence, sizeof(work->sentence),
            "a burn of this part (%s) was interrupted: the same command finishes it. Its journal is '%s'",
            work->journal.command, safe_text(work->journal.path, text));
        return CLI_TARGET;
    }
    work->state.begun_blocks = work->journal.begun_blocks;
    work->state.done_blocks = work->journal.done_blocks;
    return CLI_OK;
}

cli_exit_t burn_work_plan(burn_work_t *work, const char *journal, const uint8_t mac[6])
{
    cli_exit_t code = find_journal(work, journal, mac);

    if (code == CLI_OK) {
        code = burn_stage(&work->request, &work->contents, &work->state, &work->staged, work->sentence);
    }
    if (code != CLI_OK) {
        return code;
    }
    if (esp_loader_efuse_make_plan(&work->state, &work->staged, &work->plan) != ESP_LOADER_SUCCESS) {
        (void)snprintf(work->sentence, sizeof(work->sentence), "block %u bit %u: %s",
                       work->plan.refused_block, work->plan.refused_bit,
                       burn_refusal_text(work->plan.refusal));
        return CLI_TARGET;
    }
    work->is_planned = true;
    return CLI_OK;
}

burn_end_t burn_work_run(burn_work_t *work, esp_loader_t *loader,
                         void (*on_step)(const burn_work_t *work, void *ctx), void *ctx)
{
    for (unsigned i = 0; i < work->plan.step_count; i++) {
        if (!burn_journal_write(&work->journal, &work->request, &work->plan, i)) {
            return BURN_UNNOTED;
        }
        if (esp_loader_efuse_burn_step(loader, &work->plan.steps[i]) != ESP_LOADER_SUCCESS) {
            return BURN_INTERRUPTED;
        }
        work->done++;
        if (on_step != NULL) {
            on_step(work, ctx);
        }
    }
    burn_journal_remove(&work->journal);
    return BURN_DONE;
}
