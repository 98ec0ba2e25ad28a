/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * In which steps what is staged is burnt, or why none of it is.
 */
#include "burn/stage.h"

#if defined(ESP_LOADER_EFUSE_BURN)

#include "burn/codes.h"
#include "burn/keys.h"

enum { BLOCK0_WORDS = ESP_LOADER_EFUSE_MAX_WORDS_PER_BLOCK, RD_DIS = 32 };

typedef struct {
    const esp_loader_efuse_state_t *state;
    const esp_loader_efuse_ctx_t *ctx;
    const eli_burn_chip_t *chip;
    const eli_efuse_layout_t *layout;
    esp_loader_efuse_plan_t *plan;
} planning_t;

static bool refuse(const planning_t *p, esp_loader_efuse_refusal_t why, unsigned block, unsigned bit)
{
    p->plan->refusal = why;
    p->plan->refused_block = (uint8_t)block;
    p->plan->refused_bit = (uint16_t)bit;
    return false;
}

static bool is_new(const planning_t *p, unsigned block, unsigned bit)
{
    return eli_bit(eli_staged_words(p->ctx, block), bit) && !eli_bit(eli_held(p->state, block), bit);
}

/* Will a bit of BLOCK0 be burnt once the plan has run? */
static bool will_be_set(const planning_t *p, unsigned bit)
{
    return eli_bit(eli_staged_words(p->ctx, 0), bit) || eli_bit(eli_held(p->state, 0), bit);
}

/* ---- data ---- */

static bool is_staged(const uint32_t *words, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if (words[i] != 0) {
            return true;
        }
    }
    return false;
}

typedef enum { SAME, EMPTY, WITHIN, OTHER } held_t;

/* What a block holds, compared with what is staged for it. */
static held_t compare(const uint32_t *held, const uint32_t *staged, unsigned words)
{
    bool is_same = true;
    bool is_empty = true;
    bool is_within = true;
    for (unsigned i = 0; i < words; i++) {
        is_same = is_same && held[i] == staged[i];
        is_empty = is_empty && held[i] == 0;
        is_within = is_within && (held[i] & ~staged[i]) == 0;
    }
    return is_same ? SAME : is_empty ? EMPTY : is_within ? WITHIN : OTHER;
}

/* First bit that is staged and not held. */
static unsigned first_new_bit(const planning_t *p, unsigned block)
{
    const unsigned end = 32u * p->layout->blocks[block].words;
    unsigned bit = 0;
    while (bit + 1 < end && !is_new(p, block, bit)) {
        bit++;
    }
    return bit;
}

/* First bit that is not as it is staged. */
static unsigned first_other_bit(const planning_t *p, unsigned block)
{
    unsigned bit = 0;
    while (eli_bit(eli_staged_words(p->ctx, block), bit) == eli_bit(eli_held(p->state, block), bit)) {
        bit++; /* there is one */
    }
    return bit;
}

static void add_step(const planning_t *p, unsigned block, const uint32_t *words, unsigned count)
{
    esp_loader_efuse_step_t *step = &p->plan->steps[p->plan->step_count++];
    step->block = (uint8_t)block;
    memcpy(step->words, words, count * sizeof(words[0]));
}

/* A block whose programming was begun is programmed again: bits of its code may be missing, which nobody sees. */
static bool plan_coded(const planning_t *p, unsigned block, unsigned words)
{
    const uint32_t *staged = eli_staged_words(p->ctx, block);
    const bool is_begun = (p->state->begun_blocks >> block & 1u) != 0 || staged[ELI_BEGUN_WORD] != 0;
    const bool is_done = (p->state->done_blocks >> block & 1u) != 0;
    if (eli_is_hidden(p->state, block)) {
        return is_done || refuse(p, ESP_LOADER_EFUSE_BLOCK_UNREADABLE, block, first_new_bit(p, block));
    }
    const held_t held = compare(eli_held(p->state, block), staged, words);
    if (held == SAME && (is_done || !is_begun)) {
        return true;
    }
    if (held == OTHER || (held == WITHIN && !is_begun)) {
        return refuse(p, ESP_LOADER_EFUSE_BLOCK_HAS_DATA, block, first_other_bit(p, block));
    }
    if (eli_bit(eli_held(p->state, 0), p->chip->block_guard[block])) {
        return refuse(p, ESP_LOADER_EFUSE_WRITE_PROTECTED, block, first_new_bit(p, block));
    }
    add_step(p, block, staged, words);
    return true;
}

static bool plan_uncoded(const planning_t *p, unsigned block, unsigned words)
{
    uint32_t missing[ELI_CODED_WORDS] = {0};
    const uint32_t *staged = eli_staged_words(p->ctx, block);
    if (eli_is_hidden(p->state, block)) {
        return (p->state->done_blocks >> block & 1u) != 0 ||
               refuse(p, ESP_LOADER_EFUSE_BLOCK_UNREADABLE, block, first_new_bit(p, block));
    }
    for (unsigned i = 0; i < words; i++) {
        missing[i] = staged[i] & ~eli_held(p->state, block)[i];
    }
    const bool is_needed = is_staged(missing, words);
    const bool is_guarded = eli_bit(eli_held(p->state, 0), p->chip->block_guard[block]);
    if (is_needed && !is_guarded) {
        add_step(p, block, missing, words);
    }
    eli_wipe(missing, sizeof(missing));
    return !is_needed || !is_guarded ||
           refuse(p, ESP_LOADER_EFUSE_WRITE_PROTECTED, block, first_new_bit(p, block));
}

static bool plan_data(const planning_t *p)
{
    const unsigned scheme = eli_coding_scheme(p->chip, eli_held(p->state, 0));
    for (unsigned block = p->layout->block_count - 1u; block > 0; block--) {
        const unsigned words = p->layout->blocks[block].words;
        const uint32_t *staged = eli_staged_words(p->ctx, block);
        if (!is_staged(staged, words)) {
            continue;
        }
        if (scheme == ELI_CODING_REPEAT) {
            return refuse(p, ESP_LOADER_EFUSE_CODING_UNSUPPORTED, block, 0);
        }
        if (eli_coding_scheme(p->chip, eli_staged_words(p->ctx, 0)) != 0 &&
            is_new(p, 0, p->chip->coding_scheme) + is_new(p, 0, p->chip->coding_scheme + 1u) != 0) {
            return refuse(p, ESP_LOADER_EFUSE_CODING_WITH_DATA, block, 0);
        }
        if (scheme == ELI_CODING_34 && is_staged(&staged[ELI_34_WORDS], words - ELI_34_WORDS)) {
            return refuse(p, ESP_LOADER_EFUSE_BEYOND_CODING, block, 32 * ELI_34_WORDS);
        }
        const bool is_coded = eli_is_coded(p->chip, eli_held(p->state, 0), block);
        if (!(is_coded ? plan_coded(p, block, scheme == ELI_CODING_34 ? ELI_34_WORDS : words)
                       : plan_uncoded(p, block, words))) {
            return false;
        }
    }
    return true;
}

/* ---- BLOCK0 ---- */

static bool is_guarded(const planning_t *p, const eli_burn_bits_t *run)
{
    return run->guard != ELI_NO_GUARD && eli_bit(eli_held(p->state, 0), run->guard);
}

/* Bits that no field has belong to the first pass. */
static bool sort_into_passes(const planning_t *p, uint32_t passes[ELI_PASS_COUNT][BLOCK0_WORDS])
{
    for (unsigned i = 0; i < p->layout->blocks[0].words; i++) {
        passes[ELI_PASS_SETTINGS][i] = eli_staged_words(p->ctx, 0)[i] & ~eli_held(p->state, 0)[i];
    }
    for (unsigned i = 0; i < p->chip->bit_runs; i++) {
        const eli_burn_bits_t *run = &p->chip->bits[i];
        for (unsigned bit = run->first; bit < run->first + (unsigned)run->count; bit++) {
            if (!is_new(p, 0, bit)) {
                continue;
            }
            if (is_guarded(p, run)) {
                return refuse(p, ESP_LOADER_EFUSE_WRITE_PROTECTED, 0, bit);
            }
            passes[ELI_PASS_SETTINGS][bit / 32] &= ~(1u << bit % 32);
            passes[run->pass][bit / 32] |= 1u << bit % 32;
        }
    }
    return true;
}

/* What protects bits is not burnt in an earlier pass than these. Moving one may require moving another. */
static void delay_guards(const planning_t *p, uint32_t passes[ELI_PASS_COUNT][BLOCK0_WORDS])
{
    for (unsigned i = 0; i < 2 * p->chip->bit_runs; i++) {
        const eli_burn_bits_t *run = &p->chip->bits[i % p->chip->bit_runs];
        for (unsigned pass = 1; pass < ELI_PASS_COUNT && run->guard != ELI_NO_GUARD; pass++) {
            bool is_in = false;
            for (unsigned bit = run->first; bit < run->first + (unsigned)run->count; bit++) {
                is_in = is_in || eli_bit(passes[pass], bit);
            }
            for (unsigned earlier = 0; earlier < pass && is_in; earlier++) {
                if (eli_bit(passes[earlier], run->guard)) {
                    passes[earlier][run->guard / 32] &= ~(1u << run->guard % 32);
                    eli_set_bit(passes[pass], run->guard);
                }
            }
        }
    }
}

static bool plan_block0(const planning_t *p)
{
    uint32_t passes[ELI_PASS_COUNT][BLOCK0_WORDS] = {{0}};
    if (!sort_into_passes(p, passes)) {
        return false;
    }
    delay_guards(p, passes);
    for (unsigned pass = 0; pass < ELI_PASS_COUNT; pass++) {
        if (is_staged(passes[pass], BLOCK0_WORDS)) {
            add_step(p, 0, passes[pass], BLOCK0_WORDS);
            p->plan->steps[p->plan->step_count - 1].is_unverified = pass == ELI_PASS_DOWNLOAD;
        }
    }
    return true;
}

/* ---- what must not be ---- */

/* Secure boot verifies with a digest that it cannot read: never. */
static bool check_digests(const planning_t *p)
{
    uint32_t block0[BLOCK0_WORDS];
    for (unsigned i = 0; i < BLOCK0_WORDS; i++) {
        block0[i] = eli_staged_words(p->ctx, 0)[i] | eli_held(p->state, 0)[i];
    }
    for (unsigned key = 0; key < p->chip->key_count; key++) {
        if (eli_is_boot_digest(eli_purpose_of(p->chip, block0, key)) && is_new(p, 0, RD_DIS + key)) {
            return refuse(p, ESP_LOADER_EFUSE_DIGEST_UNREADABLE, 0, RD_DIS + key);
        }
    }
    return true;
}

/* The same where a key's place says what it is for: the second half of the ESP32-C2's only key, and the ESP32's second. */
static bool check_digest_place(const planning_t *p)
{
    enum { C2_HIGH_HALF = 33, ESP32_BLOCK2 = 17, V3_0 = 300 };
    const bool is_boot_on = will_be_set(p, p->chip->secure_boot);
    if (p->chip->key_length != 0 && is_new(p, 0, C2_HIGH_HALF) &&
        (is_boot_on || !will_be_set(p, p->chip->key_length))) {
        return refuse(p, ESP_LOADER_EFUSE_DIGEST_UNREADABLE, 0, C2_HIGH_HALF);
    }
    if (p->chip->coding_scheme != 0 && p->state->revision >= V3_0 && is_boot_on &&
        is_new(p, 0, ESP32_BLOCK2)) {
        return refuse(p, ESP_LOADER_EFUSE_DIGEST_UNREADABLE, 0, ESP32_BLOCK2);
    }
    return true;
}

static bool check_usb(const planning_t *p)
{
    const uint8_t *both = p->chip->never_together;
    if (both[0] != 0 && will_be_set(p, both[0]) && will_be_set(p, both[1]) &&
        (is_new(p, 0, both[0]) || is_new(p, 0, both[1]))) {
        return refuse(p, ESP_LOADER_EFUSE_USB_LOST, 0, both[1]);
    }
    return true;
}

static esp_loader_error_t error_of(esp_loader_efuse_refusal_t refusal)
{
    switch (refusal) {
    case ESP_LOADER_EFUSE_ALLOWED:
        return ESP_LOADER_SUCCESS;
    case ESP_LOADER_EFUSE_CODING_UNSUPPORTED:
        return ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
    case ESP_LOADER_EFUSE_DIGEST_UNREADABLE:
    case ESP_LOADER_EFUSE_USB_LOST:
    case ESP_LOADER_EFUSE_CODING_WITH_DATA:
    case ESP_LOADER_EFUSE_BEYOND_CODING:
        return ESP_LOADER_ERROR_INVALID_PARAM;
    case ESP_LOADER_EFUSE_WOULD_CLEAR:
    case ESP_LOADER_EFUSE_WRITE_PROTECTED:
    case ESP_LOADER_EFUSE_BLOCK_HAS_DATA:
    case ESP_LOADER_EFUSE_BLOCK_UNREADABLE:
    case ESP_LOADER_EFUSE_KEY_SLOT_IN_USE:
        break;
    }
    return ESP_LOADER_ERROR_EFUSE_BLOCK_IN_USE;
}

esp_loader_error_t esp_loader_efuse_make_plan(const esp_loader_efuse_state_t *state,
                                              const esp_loader_efuse_ctx_t *ctx,
                                              esp_loader_efuse_plan_t *plan)
{
    if (state == NULL || ctx == NULL || plan == NULL) {
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    const planning_t p = {state, ctx, eli_burn_chip_of(state->chip, state->revision),
                          eli_efuse_layout_of(state->chip), plan};
    memset(plan, 0, sizeof(*plan));
    if (p.chip == NULL || p.layout == NULL) {
        return ESP_LOADER_ERROR_UNSUPPORTED_CHIP;
    }
    if (!(plan_data(&p) && plan_block0(&p) && check_digests(&p) && check_digest_place(&p) && check_usb(&p))) {
        eli_wipe(plan->steps, sizeof(plan->steps));
        plan->step_count = 0;
    }
    return error_of(plan->refusal);
}

#endif
