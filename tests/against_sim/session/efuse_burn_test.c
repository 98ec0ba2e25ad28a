/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Burning through the controller of a simulated chip: what is refused, and what goes wrong.
 */
#include "esp_loader_efuse_plan.h"

#include <string.h>

#include "bench.h"
#include "efuse/esp32c6/esp_loader_efuse_table.h"

#define C6_BASE 0x600B0800u
#define KEY0    (C6_BASE + 0x9C)

static const esp_sim_config_t c6 = {.chip = "esp32c6", .timing = ESP_SIM_TIMING_FAST};
static const esp_sim_config_t esp32 = {
    .chip = "esp32", .wiring = ESP_SIM_WIRING_BRIDGE, .timing = ESP_SIM_TIMING_FAST};
static const uint8_t key[32] = {1, 2, 3};

static bool is_empty(const esp_loader_efuse_ctx_t *ctx)
{
    return memcmp(ctx, &(esp_loader_efuse_ctx_t){{0}}, sizeof(*ctx)) == 0;
}

/* ---- staging ---- */

TEST_CONNECTED(staging_fields_sends_nothing, (bench_t){.config = c6})
{
    static const uint8_t value[] = {0xA5, 0xFF};
    esp_loader_t *loader = &b->loader;
    esp_loader_efuse_ctx_t ctx = {{0}};
    const uint64_t before = esp_sim_stats(b->sim)->commands;
    assert_success(esp_loader_efuse_write_field(loader, &ctx, ESP32C6_EFUSE_USER_DATA, value, 12));
    assert_success(esp_loader_efuse_write_field_bit(loader, &ctx, ESP32C6_EFUSE_DIS_PAD_JTAG));
    assert_success(esp_loader_efuse_write_bit(loader, &ctx, 10, 255));
    assert_int_equal(ctx._buf[3 * 9], 0xFA5);
    assert_int_equal(ctx._buf[1], 1u << 19);
    assert_int_equal(ctx._buf[10 * 9 + 7], 1u << 31);
    assert_int_equal(esp_loader_efuse_write_bit(loader, &ctx, 10, 256), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_efuse_write_bit(loader, &ctx, 11, 0), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_efuse_write_field(loader, NULL, ESP32C6_EFUSE_USER_DATA, value, 1),
                     ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_efuse_write_field(loader, &ctx, NULL, value, 1),
                     ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_efuse_write_field(loader, &ctx, ESP32C6_EFUSE_USER_DATA, NULL, 1),
                     ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_sim_stats(b->sim)->commands, before);
}

TEST_CONNECTED(a_key_is_staged_with_what_protects_it, (bench_t){.config = c6})
{
    esp_loader_efuse_ctx_t ctx = {{0}};
    assert_success(esp_loader_efuse_write_key(&b->loader, &ctx, ESP_LOADER_EFUSE_KEY0,
                                              ESP_LOADER_KEY_PURPOSE_XTS_AES_128_KEY, key, sizeof(key),
                                              NULL));
    assert_int_equal(ctx._buf[4 * 9 + 7], 0x01020300); /* reversed */
    assert_int_equal(ctx._buf[0], 1u << 23 | 1u << 8);
    assert_int_equal(ctx._buf[1], 1);
    assert_int_equal(ctx._buf[2], 4u << 24);
    assert_int_equal(esp_loader_efuse_write_key(&b->loader, &ctx, (esp_loader_efuse_key_block_t)6,
                                                ESP_LOADER_KEY_PURPOSE_USER, key, sizeof(key), NULL),
                     ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_efuse_write_key_legacy(&b->loader, &ctx, ESP_LOADER_LEGACY_KEY_C2_XTS_AES_128,
                                                       key, sizeof(key), NULL),
                     ESP_LOADER_ERROR_INVALID_PARAM);
}

TEST_CONNECTED(a_key_block_that_holds_data_is_refused,
               BENCH(.chip = "esp32c6", .timing = ESP_SIM_TIMING_FAST, .efuses = {{KEY0 + 28, 0x80}}))
{
    esp_loader_efuse_ctx_t ctx = {{0}};
    assert_int_equal(esp_loader_efuse_write_key(&b->loader, &ctx, ESP_LOADER_EFUSE_KEY0,
                                                ESP_LOADER_KEY_PURPOSE_XTS_AES_128_KEY, key, sizeof(key),
                                                NULL),
                     ESP_LOADER_ERROR_EFUSE_BLOCK_IN_USE);
    assert_true(is_empty(&ctx));
    assert_success(esp_loader_efuse_write_key(&b->loader, &ctx, ESP_LOADER_EFUSE_KEY1,
                                              ESP_LOADER_KEY_PURPOSE_XTS_AES_128_KEY, key, sizeof(key),
                                              NULL));
}

TEST_CONNECTED(keys_of_the_esp32, BENCH(.chip = "esp32", .wiring = ESP_SIM_WIRING_BRIDGE,
                                        .timing = ESP_SIM_TIMING_FAST, .efuses = {{0x3FF5A000 + 0x58, 1}}))
{
    esp_loader_efuse_ctx_t ctx = {{0}};
    assert_success(esp_loader_efuse_write_key_legacy(
        &b->loader, &ctx, ESP_LOADER_LEGACY_KEY_ESP32_FLASH_ENCRYPTION, key, sizeof(key), NULL));
    assert_int_equal(ctx._buf[0], 1u << 16 | 1u << 7);
    assert_int_equal(esp_loader_efuse_write_key_legacy(&b->loader, &ctx,
                                                       ESP_LOADER_LEGACY_KEY_ESP32_SECURE_BOOT_V1, key,
                                                       sizeof(key), NULL),
                     ESP_LOADER_ERROR_EFUSE_BLOCK_IN_USE);
    assert_int_equal(esp_loader_efuse_write_key(&b->loader, &ctx, ESP_LOADER_EFUSE_KEY0,
                                                ESP_LOADER_KEY_PURPOSE_USER, key, sizeof(key), NULL),
                     ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
}

/* What the blocks hold has to be read first. */
TEST_CONNECTED(a_key_is_not_staged_for_a_target_that_is_gone, (bench_t){.config = esp32})
{
    esp_loader_efuse_ctx_t ctx = {{0}};
    esp_sim_unplug(b->sim);
    assert_int_equal(esp_loader_efuse_write_key_legacy(&b->loader, &ctx,
                                                       ESP_LOADER_LEGACY_KEY_ESP32_FLASH_ENCRYPTION, key,
                                                       sizeof(key), NULL),
                     ESP_LOADER_ERROR_DISCONNECTED);
    assert_true(is_empty(&ctx));
}

TEST_CONNECTED(secure_boot_v2_needs_a_later_esp32, (bench_t){.config = {.chip = "esp32",
                                                                        .wiring = ESP_SIM_WIRING_BRIDGE,
                                                                        .timing = ESP_SIM_TIMING_FAST}})
{
    esp_loader_efuse_ctx_t ctx = {{0}};
    uint32_t revision;
    assert_success(esp_loader_read_chip_revision(&b->loader, &revision));
    assert_int_equal(esp_loader_efuse_write_key_legacy(&b->loader, &ctx,
                                                       ESP_LOADER_LEGACY_KEY_ESP32_SECURE_BOOT_V2, key,
                                                       sizeof(key), NULL),
                     revision < 300 ? ESP_LOADER_ERROR_UNSUPPORTED_FUNC : ESP_LOADER_SUCCESS);
}

/* ---- what cannot be burnt ---- */

#define REFUSED(call, expected)                                                                              \
    do {                                                                                                     \
        assert_int_equal(call, ESP_LOADER_ERROR_UNSUPPORTED_FUNC);                                           \
        assert_int_equal(bench_cause(b), expected);                                                          \
    } while (0)

static void refuses_all(bench_t *b, esp_loader_error_t cause)
{
    static const esp_loader_efuse_step_t step = {.block = 0, .words = {0, 1}};
    esp_loader_t *loader = &b->loader;
    esp_loader_efuse_ctx_t ctx = {{0}};
    esp_loader_efuse_state_t state;
    const uint64_t before = esp_sim_stats(b->sim)->commands;
    REFUSED(esp_loader_efuse_write_field(loader, &ctx, ESP32C6_EFUSE_USER_DATA, key, 8), cause);
    REFUSED(esp_loader_efuse_write_field_bit(loader, &ctx, ESP32C6_EFUSE_DIS_PAD_JTAG), cause);
    REFUSED(esp_loader_efuse_write_key(loader, &ctx, ESP_LOADER_EFUSE_KEY0, ESP_LOADER_KEY_PURPOSE_USER, key,
                                       sizeof(key), NULL),
            cause);
    REFUSED(esp_loader_efuse_write_key_legacy(loader, &ctx, ESP_LOADER_LEGACY_KEY_C2_XTS_AES_128, key,
                                              sizeof(key), NULL),
            cause);
    REFUSED(esp_loader_efuse_commit(loader, &ctx), cause);
    REFUSED(esp_loader_efuse_read_state(loader, &state), cause);
    REFUSED(esp_loader_efuse_burn_step(loader, &step), cause);
    assert_int_equal(esp_sim_stats(b->sim)->commands, before);
}

TEST_CONNECTED(secure_download_mode_lets_nothing_be_burnt,
               BENCH(.chip = "esp32c6", .timing = ESP_SIM_TIMING_FAST, .is_secure_download = true))
{
    refuses_all(b, ESP_LOADER_ERROR_SECURITY);
}

TEST_CONNECTED(the_esp8266_has_no_such_efuses,
               BENCH(.chip = "esp8266", .wiring = ESP_SIM_WIRING_BRIDGE, .timing = ESP_SIM_TIMING_FAST))
{
    refuses_all(b, ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
}

TEST_CONNECTED(what_is_not_given_is_refused, (bench_t){.config = c6})
{
    esp_loader_t *loader = &b->loader;
    static const esp_loader_efuse_step_t step = {.block = 11};
    assert_int_equal(esp_loader_efuse_commit(loader, NULL), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_efuse_read_state(loader, NULL), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_efuse_burn_step(loader, NULL), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_efuse_burn_step(loader, &step), ESP_LOADER_ERROR_INVALID_PARAM);
}

/* A digest for secure boot in KEY0, and a write-protected counter. */
TEST_CONNECTED(a_commit_that_is_refused_burns_nothing,
               BENCH(.chip = "esp32c6", .timing = ESP_SIM_TIMING_FAST,
                     .efuses = {{C6_BASE + 0x34, 9u << 24}, {C6_BASE + 0x2C, 1u << 4}, {C6_BASE + 0x7C, 1}}))
{
    static const struct {
        unsigned block, bit;
        esp_loader_error_t error, cause;
    } rows[] = {
        {0, 32, ESP_LOADER_ERROR_INVALID_PARAM, ESP_LOADER_ERROR_SECURITY},
        {0, 82, ESP_LOADER_ERROR_EFUSE_BLOCK_IN_USE, ESP_LOADER_ERROR_EFUSE_BLOCK_IN_USE},
        {3, 1, ESP_LOADER_ERROR_EFUSE_BLOCK_IN_USE, ESP_LOADER_ERROR_EFUSE_BLOCK_IN_USE},
    };
    for (size_t k = 0; k < COUNT(rows); k++) {
        esp_loader_efuse_ctx_t ctx = {{0}};
        esp_loader_efuse_image_t before;
        esp_loader_efuse_image_t after;
        assert_success(esp_loader_efuse_read_image(&b->loader, &before));
        assert_success(
            esp_loader_efuse_write_bit(&b->loader, &ctx, (uint8_t)rows[k].block, (uint16_t)rows[k].bit));
        assert_success(esp_loader_efuse_write_bit(&b->loader, &ctx, 0, 52)); /* which could be burnt */
        assert_int_equal(esp_loader_efuse_commit(&b->loader, &ctx), rows[k].error);
        assert_int_equal(bench_cause(b), rows[k].cause);
        assert_false(is_empty(&ctx));
        assert_success(esp_loader_efuse_read_image(&b->loader, &after));
        assert_memory_equal(&before, &after, sizeof(before));
    }
}

/* ---- what goes wrong ---- */

TEST_CONNECTED(bits_that_do_not_come_are_a_failure,
               BENCH(.chip = "esp32c6", .timing = ESP_SIM_TIMING_FAST, .efuses = {{C6_BASE + 0x2C, 1u << 4}}))
{
    const esp_loader_efuse_step_t step = {.block = 0,
                                          .words = {0, 0, 1u << 18}}; /* its protection is overlooked */
    b->expects_misuse = true;
    assert_int_equal(esp_loader_efuse_burn_step(&b->loader, &step), ESP_LOADER_ERROR_EFUSE_BURN_FAILED);
    assert_answers(b);
}

/* Of a block with a code the second word stays as it is at each attempt; BLOCK0 is not begun then. */
TEST_CONNECTED(a_commit_that_failed_can_be_repeated, (bench_t){.config = c6})
{
    static const uint8_t data[] = {1, 2, 3, 4, 5, 6, 7, 8};
    esp_loader_efuse_ctx_t ctx = {{0}};
    esp_loader_efuse_image_t image;
    uint32_t errors;
    assert_success(esp_loader_efuse_write_field(&b->loader, &ctx, ESP32C6_EFUSE_USER_DATA, data, 64));
    assert_success(esp_loader_efuse_write_field_bit(&b->loader, &ctx, ESP32C6_EFUSE_DIS_PAD_JTAG));
    bench_faults(b, "at efuse 2: drop; at efuse 13: drop; at efuse 24: drop");
    assert_int_equal(esp_loader_efuse_commit(&b->loader, &ctx), ESP_LOADER_ERROR_EFUSE_BURN_FAILED);
    assert_success(esp_loader_efuse_read_image(&b->loader, &image));
    assert_int_equal(image.blocks[3].words[1], 0x08070605); /* its code has corrected four bytes */
    assert_success(esp_loader_read_register(&b->loader, C6_BASE + 0x1C0, &errors));
    assert_int_equal(errors, 4u << 8);
    assert_int_equal(image.blocks[0].words[1], 0);
    assert_success(esp_loader_efuse_commit(&b->loader, &ctx));
    assert_true(is_empty(&ctx));
    assert_success(esp_loader_efuse_read_image(&b->loader, &image));
    assert_int_equal(image.blocks[0].words[1], 1u << 19);
    assert_success(esp_loader_read_register(&b->loader, C6_BASE + 0x1C0, &errors));
    assert_int_equal(errors, 0);
    assert_success(esp_loader_efuse_commit(&b->loader, &ctx)); /* nothing is left */
}

/* The errors of KEY5 are the first in the second word, those of BLOCK10 the last. The code corrects them: what is read
 * looks right. */
static const uint8_t last_blocks[] = {9, 10};

TEST_CONNECTED_EACH(errors_of_the_last_blocks_are_seen, COUNT(last_blocks), (bench_t){.config = c6})
{
    const esp_loader_efuse_step_t step = {.block = last_blocks[i], .words = {0x04030201, 0x08070605}};
    bench_faults(b, "at efuse 2: drop; at efuse 13: drop; at efuse 24: drop");
    const uint64_t before = esp_sim_stats(b->sim)->commands;
    assert_int_equal(esp_loader_efuse_burn_step(&b->loader, &step), ESP_LOADER_ERROR_EFUSE_BURN_FAILED);
    assert_int_equal(esp_sim_stats(b->sim)->commands - before, 387); /* 3 attempts, each with 5 readings */
    assert_success(esp_loader_efuse_burn_step(&b->loader, &step));
}

/* What ends contact is not compared, and the session goes on until the target is reset. */
TEST_CONNECTED(the_end_of_download_mode_is_burnt_last, (bench_t){.config = c6})
{
    esp_loader_efuse_ctx_t ctx = {{0}};
    assert_success(esp_loader_efuse_write_field_bit(&b->loader, &ctx, ESP32C6_EFUSE_DIS_DOWNLOAD_MODE));
    assert_success(esp_loader_efuse_write_field_bit(&b->loader, &ctx, ESP32C6_EFUSE_DIS_PAD_JTAG));
    assert_success(esp_loader_efuse_commit(&b->loader, &ctx));
    assert_true(is_empty(&ctx));
    assert_string_equal(esp_sim_burns(b->sim), "0x02 1=00080000: done\n0x02 4=00000001: done\n");
    assert_answers(b);
}

TEST_CONNECTED(crystal_that_cannot_be_measured_is_not_guessed, (bench_t){.config = esp32})
{
    const esp_loader_efuse_step_t step = {.block = 3, .words = {1}};
    assert_success(esp_loader_write_register(&b->loader, 0x3FF5F06C, 0)); /* what the ROM has measured */
    REFUSED(esp_loader_efuse_burn_step(&b->loader, &step), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
}
