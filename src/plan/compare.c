/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Finding out what differs, by asking the target for MD5s of ranges that do not overlap: larger and larger
 * ones while they are equal; a range that differs is asked about in halves, down to sectors. A
 * question whose answer follows from the other half is left out.
 *
 * A question that finds a difference has cost time and saved none. So questions are paid from a budget: a
 * small part of what writing costs, plus what was saved by what was found equal. When it is used up, the next
 * 64 KiB are written unseen; that fills it again. Hence a comparison of things that have nothing in common
 * costs about 3 % of the write, wherever the differences lie.
 */
#include <string.h>

#include "plan/plan.h"

#define SECTOR        ELI_SECTOR_SIZE
#define BLOCK         ELI_ERASE_BLOCK_SIZE
#define LARGEST_RANGE (4u * BLOCK)

/* Part of the cost of a write that may be spent on questions, as a divisor. */
#define BUDGET_DIVISOR 64u

typedef enum { DIFFERENT, EQUAL, BLANK } answer_t;

typedef struct {
    eli_plan_t *plan;
    eli_changes_t *changes;
    uint32_t at;
    uint32_t next_size;     /* of the next range, 0 = as its place suggests */
    uint32_t large_size;    /* of ranges that begin with a block */
    uint32_t differs_end;   /* [at, differs_end) is known to differ, 0 = nothing is known */
    uint32_t block_end;     /* of the block that `at` was in last */
    uint32_t block_sectors; /* sectors found changed in it */
    int32_t budget_us;
} compare_t;

/* ---- asking ---- */

static answer_t judge(const uint8_t *ours, const uint8_t *theirs, uint32_t size)
{
    if (memcmp(ours, theirs, ESP_LOADER_MD5_SIZE) == 0) {
        return EQUAL;
    }
    return eli_plan_is_blank(theirs, size) ? BLANK : DIFFERENT;
}

/* The image is hashed while the target hashes. */
static esp_loader_error_t ask(const compare_t *c, uint32_t size, answer_t *out_answer)
{
    eli_plan_t *plan = c->plan;
    const uint32_t start = c->at;
    uint8_t ours[ESP_LOADER_MD5_SIZE];
    uint8_t theirs[ESP_LOADER_MD5_SIZE];
    eli_sent_t sent;
    bool is_doubtful = false;

    *out_answer = DIFFERENT;
    eli_plan_notify(plan, ESP_LOADER_PLAN_COMPARE, eli_plan_index_at(plan, c->changes->start), start);
    RETURN_ON_ERROR(eli_plan_check_cancelled(plan, ESP_LOADER_STAGE_VERIFY, start));
    esp_loader_error_t err = eli_md5_send(plan->loader, plan->image->offset + start, size, &sent);
    if (err == ESP_LOADER_SUCCESS) {
        esp_loader_error_t hash_err = eli_plan_hash_image(plan, start, size, ours);
        if (hash_err != ESP_LOADER_SUCCESS) {
            eli_transact_abandon(plan->loader);
            return hash_err;
        }
        err = eli_md5_collect(plan->loader, &sent, theirs, &is_doubtful);
    }
    RETURN_ON_ERROR(err);
    *out_answer = judge(ours, theirs, size);
    if (is_doubtful && *out_answer != DIFFERENT) { /* what differs is written and looked at again anyway */
        eli_request_barrier(plan->loader);
        RETURN_ON_ERROR(eli_flash_md5(plan->loader, plan->image->offset + start, size, theirs));
        *out_answer = judge(ours, theirs, size);
    }
    return ESP_LOADER_SUCCESS;
}

/* ---- choosing what to ask ---- */

static uint32_t flash_address(const compare_t *c, uint32_t offset)
{
    return c->plan->image->offset + offset;
}

static uint32_t end_of_block(const compare_t *c, uint32_t offset)
{
    uint32_t to_end = BLOCK - flash_address(c, offset) % BLOCK;
    return c->changes->end - offset < to_end ? c->changes->end : offset + to_end;
}

/* Inside a block the largest range that is aligned to its size. */
static uint32_t choose_size(const compare_t *c)
{
    uint32_t left = c->changes->end - c->at;
    uint32_t address = flash_address(c, c->at);
    uint32_t size = c->next_size;

    if (size == 0) {
        size = address % BLOCK == 0 ? c->large_size : address & (~address + 1);
    }
    return size < left ? size : left;
}

/* Whole sectors, the larger half first. */
static uint32_t half_of(uint32_t size)
{
    uint32_t sectors = (size + SECTOR - 1) / SECTOR;
    return (sectors + 1) / 2 * SECTOR;
}

/* Looking into a range that differs pays while its block is not better written as a whole. */
static bool is_worth_halving(const compare_t *c, uint32_t size)
{
    const eli_cost_t *cost = &c->plan->cost;
    uint32_t sectors = c->block_sectors + 1;

    if (size <= SECTOR || c->budget_us < (int32_t)eli_cost_hash_us(cost, half_of(size))) {
        return false;
    }
    return size > BLOCK || eli_cost_sectors_us(cost, sectors, sectors, sectors) < eli_cost_block_us(cost);
}

/* ---- what answers mean ---- */

static void enter_block(compare_t *c)
{
    if (c->at >= c->block_end) {
        c->block_end = end_of_block(c, c->at);
        c->block_sectors = 0;
    }
}

/* Leaves [at, at + size) as changed. */
static void pass_changed(compare_t *c, uint32_t size)
{
    c->budget_us += (int32_t)(eli_cost_rewrite_us(&c->plan->cost, size) / BUDGET_DIVISOR);
    c->block_sectors += (size + SECTOR - 1) / SECTOR;
    c->at += size;
    c->next_size = 0;
    c->differs_end = 0;
}

static void take_equal(compare_t *c, uint32_t size)
{
    for (uint32_t done = 0; done < size; done += SECTOR) {
        eli_changes_set_changed(c->changes, c->at + done, false);
    }
    c->budget_us += (int32_t)eli_cost_rewrite_us(&c->plan->cost, size);
    c->at += size;
    c->next_size = c->differs_end > c->at ? c->differs_end - c->at : 0;
    if (c->next_size == 0 && size >= c->large_size && c->large_size < LARGEST_RANGE) {
        c->large_size *= 2;
    }
}

/* What is to stay empty need not be written. */
static esp_loader_error_t take_blank(compare_t *c, uint32_t size)
{
    for (uint32_t done = 0; done < size; done += SECTOR) {
        bool is_empty = false;
        eli_changes_set_blank(c->changes, c->at + done, true);
        RETURN_ON_ERROR(eli_plan_is_empty(c->plan, c->at + done, &is_empty));
        if (is_empty) {
            eli_changes_set_changed(c->changes, c->at + done, false);
        }
    }
    pass_changed(c, size);
    return ESP_LOADER_SUCCESS;
}

static void take_different(compare_t *c, uint32_t size)
{
    c->large_size = BLOCK;
    c->differs_end = c->at + size;
    if (is_worth_halving(c, size)) {
        c->next_size = half_of(size);
    } else {
        pass_changed(c, size <= SECTOR ? size : c->block_end - c->at);
    }
}

static esp_loader_error_t step(compare_t *c)
{
    uint32_t size = choose_size(c);
    uint32_t price_us = eli_cost_hash_us(&c->plan->cost, size);
    answer_t answer = DIFFERENT;

    enter_block(c);
    if (c->at + size != c->differs_end) { /* else the other half has answered */
        bool is_first = c->at == 0;
        if (!is_first && c->budget_us < (int32_t)price_us) {
            pass_changed(c, c->block_end - c->at);
            return ESP_LOADER_SUCCESS;
        }
        RETURN_ON_ERROR(ask(c, size, &answer));
        c->budget_us -= (int32_t)price_us;
    }
    if (answer == EQUAL) {
        take_equal(c, size);
    } else if (answer == BLANK) {
        RETURN_ON_ERROR(take_blank(c, size));
    } else {
        take_different(c, size);
    }
    return ESP_LOADER_SUCCESS;
}

/* ---- whole blocks ---- */

/* A block in which much has changed is erased and written as a whole. */
static void settle_block(const compare_t *c, uint32_t start)
{
    uint32_t sectors = 0;
    uint32_t dirty = 0;
    uint32_t runs = 0;
    bool is_in_run = false;

    for (uint32_t at = start; at < start + BLOCK; at += SECTOR) {
        bool is_changed = eli_changes_is_changed(c->changes, at);
        sectors += is_changed;
        dirty += is_changed && !eli_changes_is_blank(c->changes, at);
        runs += is_changed && !is_in_run;
        is_in_run = is_changed;
    }
    if (sectors > 0 &&
        eli_cost_sectors_us(&c->plan->cost, sectors, dirty, runs) > eli_cost_block_us(&c->plan->cost)) {
        for (uint32_t at = start; at < start + BLOCK; at += SECTOR) {
            eli_changes_set_changed(c->changes, at, true);
        }
    }
}

/* Enough to look through one block, also of a small image. The second time most is known to be there: no
 * limit. */
static int32_t first_budget_us(const eli_plan_t *plan, uint32_t size)
{
    uint32_t share_us = eli_cost_rewrite_us(&plan->cost, size) / BUDGET_DIVISOR;
    uint32_t least_us = 3 * eli_cost_hash_us(&plan->cost, size < BLOCK ? size : BLOCK);

    if (plan->is_repeated) {
        return INT32_MAX / 2;
    }
    return (int32_t)(share_us > least_us ? share_us : least_us);
}

esp_loader_error_t eli_plan_compare(eli_plan_t *plan, eli_changes_t *changes)
{
    compare_t c = {.plan = plan, .changes = changes, .at = changes->start, .large_size = BLOCK};

    c.budget_us = first_budget_us(plan, changes->end - changes->start);
    c.next_size = end_of_block(&c, c.at) - c.at;
    while (c.at < changes->end && eli_flash_has_md5(plan->loader)) {
        RETURN_ON_ERROR(step(&c));
    }
    for (uint32_t at = changes->start; at < changes->end; at = end_of_block(&c, at)) {
        if (end_of_block(&c, at) - at == BLOCK) {
            settle_block(&c, at);
        }
    }
    return ESP_LOADER_SUCCESS;
}
