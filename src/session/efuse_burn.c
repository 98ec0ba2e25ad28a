/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Burning as the 2.1 API has it: staging, and a commit. A library without burning refuses all of it before
 * anything is sent.
 */
#include "esp_loader_efuse.h"

#include "session/core.h"

#if !defined(ESP_LOADER_EFUSE_BURN)

static esp_loader_error_t refuse(esp_loader_t *loader)
{
    eli_forget_failure(loader, ESP_LOADER_STAGE_REGISTER);
    return eli_fail_here(loader, ESP_LOADER_ERROR_UNSUPPORTED_FUNC, 0, 0);
}

esp_loader_error_t esp_loader_efuse_write_field(esp_loader_t *loader, esp_loader_efuse_ctx_t *ctx,
                                                const esp_loader_efuse_desc_t *field[], const uint8_t *src,
                                                size_t src_size_bits)
{
    (void)ctx;
    (void)field;
    (void)src;
    (void)src_size_bits;
    return refuse(loader);
}

esp_loader_error_t esp_loader_efuse_write_field_bit(esp_loader_t *loader, esp_loader_efuse_ctx_t *ctx,
                                                    const esp_loader_efuse_desc_t *field[])
{
    (void)ctx;
    (void)field;
    return refuse(loader);
}

esp_loader_error_t esp_loader_efuse_write_bit(esp_loader_t *loader, esp_loader_efuse_ctx_t *ctx,
                                              uint8_t block, uint16_t bit_num)
{
    (void)ctx;
    (void)block;
    (void)bit_num;
    return refuse(loader);
}

esp_loader_error_t esp_loader_efuse_write_key(esp_loader_t *loader, esp_loader_efuse_ctx_t *ctx,
                                              esp_loader_efuse_key_block_t block,
                                              esp_loader_key_purpose_t purpose, const uint8_t *key,
                                              size_t key_size,
                                              const esp_loader_efuse_write_key_config_t *config)
{
    (void)ctx;
    (void)block;
    (void)purpose;
    (void)key;
    (void)key_size;
    (void)config;
    return refuse(loader);
}

esp_loader_error_t esp_loader_efuse_write_key_legacy(esp_loader_t *loader, esp_loader_efuse_ctx_t *ctx,
                                                     esp_loader_legacy_key_target_t target,
                                                     const uint8_t *key, size_t key_size,
                                                     const esp_loader_efuse_write_key_config_t *config)
{
    (void)ctx;
    (void)target;
    (void)key;
    (void)key_size;
    (void)config;
    return refuse(loader);
}

esp_loader_error_t esp_loader_efuse_commit(esp_loader_t *loader, esp_loader_efuse_ctx_t *ctx)
{
    (void)ctx;
    return refuse(loader);
}

#else

#include "burn/stage.h"
#include "common/count_of.h"
#include "esp_loader_efuse_plan.h"
#include "session/efuse_state.h"

/* ---- staging ---- */

esp_loader_error_t esp_loader_efuse_write_field(esp_loader_t *loader, esp_loader_efuse_ctx_t *ctx,
                                                const esp_loader_efuse_desc_t *field[], const uint8_t *src,
                                                size_t src_size_bits)
{
    const eli_efuse_layout_t *layout = NULL;
    RETURN_ON_ERROR(eli_efuse_enter(loader, &layout));
    if (ctx == NULL || field == NULL || src == NULL ||
        !eli_stage_runs(layout, ctx, field, src, src_size_bits)) {
        return eli_fail_here(loader, ESP_LOADER_ERROR_INVALID_PARAM, 0, 0);
    }
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t esp_loader_efuse_write_field_bit(esp_loader_t *loader, esp_loader_efuse_ctx_t *ctx,
                                                    const esp_loader_efuse_desc_t *field[])
{
    static const uint8_t one = 1;
    return esp_loader_efuse_write_field(loader, ctx, field, &one, 1);
}

esp_loader_error_t esp_loader_efuse_write_bit(esp_loader_t *loader, esp_loader_efuse_ctx_t *ctx,
                                              uint8_t block, uint16_t bit_num)
{
    const esp_loader_efuse_desc_t bit = {block, bit_num, 1};
    const esp_loader_efuse_desc_t *field[] = {&bit, NULL};
    return esp_loader_efuse_write_field_bit(loader, ctx, field);
}

/* An error of what is pure computation, with the session's detail. */
static esp_loader_error_t fail(esp_loader_t *loader, esp_loader_error_t error, uint32_t address,
                               uint32_t value)
{
    return error == ESP_LOADER_ERROR_UNSUPPORTED_CHIP ? eli_fail_unsupported(loader, address)
           : error != ESP_LOADER_SUCCESS              ? eli_fail_here(loader, error, address, value)
                                                      : ESP_LOADER_SUCCESS;
}

esp_loader_error_t esp_loader_efuse_write_key(esp_loader_t *loader, esp_loader_efuse_ctx_t *ctx,
                                              esp_loader_efuse_key_block_t block,
                                              esp_loader_key_purpose_t purpose, const uint8_t *key,
                                              size_t key_size,
                                              const esp_loader_efuse_write_key_config_t *config)
{
    enum { KEY0_BLOCK = 4 }; /* of all chips whose keys have a purpose */
    esp_loader_efuse_state_t state;
    const uint32_t blocks = 1u | ((unsigned)block < 6 ? 1u << (KEY0_BLOCK + (unsigned)block) : 0);
    RETURN_ON_ERROR(eli_efuse_read_state(loader, blocks, &state));
    esp_loader_error_t error =
        esp_loader_efuse_stage_key(&state, ctx, block, purpose, key, key_size, config, NULL);
    eli_wipe(&state, sizeof(state));
    return fail(loader, error, 0, (uint32_t)block);
}

esp_loader_error_t esp_loader_efuse_write_key_legacy(esp_loader_t *loader, esp_loader_efuse_ctx_t *ctx,
                                                     esp_loader_legacy_key_target_t target,
                                                     const uint8_t *key, size_t key_size,
                                                     const esp_loader_efuse_write_key_config_t *config)
{
    esp_loader_efuse_state_t state;
    RETURN_ON_ERROR(eli_efuse_read_state(loader, 1u << 0 | 1u << 1 | 1u << 2 | 1u << 3, &state));
    esp_loader_error_t error =
        esp_loader_efuse_stage_key_legacy(&state, ctx, target, key, key_size, config, NULL);
    eli_wipe(&state, sizeof(state));
    return fail(loader, error, 0, (uint32_t)target);
}

/* ---- burning ---- */

static esp_loader_error_t make_plan(esp_loader_t *loader, const esp_loader_efuse_ctx_t *ctx,
                                    esp_loader_efuse_plan_t *plan)
{
    const eli_efuse_layout_t *layout = NULL;
    esp_loader_efuse_state_t state;
    uint32_t blocks = 1;
    RETURN_ON_ERROR(eli_efuse_enter(loader, &layout));
    if (ctx == NULL) {
        return eli_fail_here(loader, ESP_LOADER_ERROR_INVALID_PARAM, 0, 0);
    }
    for (unsigned i = 0; i < ELI_COUNT_OF(ctx->_buf); i++) {
        blocks |= ctx->_buf[i] != 0 ? 1u << i / ESP_LOADER_EFUSE_MAX_WORDS_PER_BLOCK : 0;
    }
    RETURN_ON_ERROR(eli_efuse_read_state(loader, blocks, &state));
    esp_loader_error_t error = esp_loader_efuse_make_plan(&state, ctx, plan);
    eli_wipe(&state, sizeof(state));
    if (error == ESP_LOADER_ERROR_INVALID_PARAM) { /* it would harm the target */
        return eli_fail_for(loader, error, ESP_LOADER_ERROR_SECURITY, 0, plan->refused_bit);
    }
    return fail(loader, error, 0, plan->refused_bit);
}

/* What is not burnt yet stays staged, so that the same commit may be repeated. */
static void keep_rest(esp_loader_efuse_ctx_t *ctx, const esp_loader_efuse_plan_t *plan, unsigned first)
{
    memset(ctx, 0, sizeof(*ctx));
    for (unsigned i = first; i < plan->step_count; i++) {
        uint32_t *words = eli_staged(ctx, plan->steps[i].block);
        for (unsigned word = 0; word < ESP_LOADER_EFUSE_MAX_WORDS_PER_BLOCK; word++) {
            words[word] |= plan->steps[i].words[word];
        }
        if (i == first && plan->steps[i].block != 0) {
            words[ELI_BEGUN_WORD] = 1;
        }
    }
}

esp_loader_error_t esp_loader_efuse_commit(esp_loader_t *loader, esp_loader_efuse_ctx_t *ctx)
{
    esp_loader_efuse_plan_t plan;
    RETURN_ON_ERROR(make_plan(loader, ctx, &plan));
    esp_loader_error_t error = ESP_LOADER_SUCCESS;
    unsigned done = 0;
    while (done < plan.step_count && error == ESP_LOADER_SUCCESS) {
        error = esp_loader_efuse_burn_step(loader, &plan.steps[done]);
        done += error == ESP_LOADER_SUCCESS ? 1 : 0;
    }
    keep_rest(ctx, &plan, done);
    eli_wipe(&plan, sizeof(plan));
    return error;
}

#endif
