/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Arguments that make no sense are refused before the target hears of them, and the session goes on.
 */

#include "bench.h"

static uint8_t data[5000];

/* Writes something, to see afterwards that it is still there and that the session goes on. */
static void start(bench_t *b)
{
    bench_fill(data, sizeof(data), 21);
    bench_connect(b);
    assert_success(bench_flash(b, 0x10000, data, sizeof(data), true));
}

static void end(bench_t *b)
{
    assert_success(bench_flash(b, 0x20000, data, sizeof(data), true));
    assert_memory_equal(esp_sim_flash(b->sim) + 0x10000, data, sizeof(data));
    assert_memory_equal(esp_sim_flash(b->sim) + 0x20000, data, sizeof(data));
}

#define TEST_ARGUMENTS(name)                                                                                 \
    BENCH_TEST(name, start, i, LOADER_COUNT,                                                                 \
               (bench_t){.config = {.wiring = ESP_SIM_WIRING_BRIDGE,                                         \
                                    .timing = ESP_SIM_TIMING_FAST,                                           \
                                    .flash_size = 4u << 20,                                                  \
                                    .accepts_any_stub = true},                                               \
                         .target_loader = (int)i})

/* Fails, is on record, and nothing was sent. */
#define REFUSED(b, call)                                                                                     \
    do {                                                                                                     \
        uint64_t commands_ = esp_sim_stats((b)->sim)->commands;                                              \
        esp_loader_error_t err_ = call;                                                                      \
        assert_int_not_equal(err_, ESP_LOADER_SUCCESS);                                                      \
        assert_int_equal(esp_loader_error_detail(&(b)->loader)->error, err_);                                \
        assert_int_equal(esp_sim_stats((b)->sim)->commands, commands_);                                      \
    } while (0)

TEST_ARGUMENTS(compressed_writes_of_nothing_or_in_no_blocks_are_refused)
{
    static const esp_loader_flash_deflate_cfg_t cases[] = {
        {.offset = 0x30000, .image_size = 0, .compressed_size = 16, .block_size = 16},
        {.offset = 0x30000, .image_size = 16, .compressed_size = 0, .block_size = 16},
        {.offset = 0x30000, .image_size = 16, .compressed_size = 16, .block_size = 0},
        {.offset = 0x30000, .image_size = 16, .compressed_size = 16, .block_size = 16385},
        {.offset = 0x30000, .image_size = 16, .compressed_size = 16, .block_size = UINT32_MAX},
        {.offset = 0x30001, .image_size = 16, .compressed_size = 16, .block_size = 16},
        {.offset = 0x30002, .image_size = 16, .compressed_size = 16, .block_size = 16},
        {.offset = 4u << 20, .image_size = 16, .compressed_size = 16, .block_size = 16},
        {.offset = (4u << 20) - 4096, .image_size = 4097, .compressed_size = 16, .block_size = 16},
    };
    for (size_t k = 0; k < COUNT(cases); k++) {
        esp_loader_flash_deflate_cfg_t cfg = cases[k];
        REFUSED(b, esp_loader_flash_deflate_start(&b->loader, &cfg));
        assert_int_not_equal(esp_loader_flash_deflate_write(&b->loader, &cfg, data, 16), ESP_LOADER_SUCCESS);
        assert_int_not_equal(esp_loader_flash_deflate_finish(&b->loader, &cfg), ESP_LOADER_SUCCESS);
    }
    end(b);
}

TEST_ARGUMENTS(erases_of_nothing_or_of_parts_of_sectors_are_refused)
{
    REFUSED(b, esp_loader_flash_erase_region(&b->loader, 0x10000, 0));
    REFUSED(b, esp_loader_flash_erase_region(&b->loader, 0x10000, 4095));
    REFUSED(b, esp_loader_flash_erase_region(&b->loader, 0x10001, 4096));
    REFUSED(b, esp_loader_flash_erase_region(&b->loader, 4u << 20, 4096));
    REFUSED(b, esp_loader_flash_erase_region(&b->loader, 0x10000, 4u << 20));
    REFUSED(b, esp_loader_flash_erase_region(&b->loader, 0xFFFFF000, 0x2000));
    end(b);
}

TEST_ARGUMENTS(reading_nothing_is_no_error_and_beyond_the_flash_is_one)
{
    uint8_t byte = 0xA5;
    uint64_t commands = esp_sim_stats(b->sim)->commands;
    assert_success(esp_loader_flash_read(&b->loader, &byte, 0x10000, 0));
    assert_int_equal(byte, 0xA5);
    assert_int_equal(esp_sim_stats(b->sim)->commands, commands);
    assert_success(esp_loader_flash_read(&b->loader, &byte, 0x10003, 1));
    assert_int_equal(byte, data[3]);
    REFUSED(b, esp_loader_flash_read(&b->loader, &byte, 4u << 20, 1));
    REFUSED(b, esp_loader_flash_read(&b->loader, &byte, (4u << 20) - 1, 2));
    REFUSED(b, esp_loader_flash_read(&b->loader, &byte, UINT32_MAX, 2));
    end(b);
}

TEST_ARGUMENTS(ranges_beyond_the_flash_have_no_digest)
{
    uint8_t digest[ESP_LOADER_MD5_SIZE] = {0};
    REFUSED(b, esp_loader_flash_md5(&b->loader, 0, (4u << 20) + 1, digest));
    REFUSED(b, esp_loader_flash_md5(&b->loader, 4u << 20, 1, digest));
    REFUSED(b, esp_loader_flash_verify_known_md5(&b->loader, 0xFFFFFFFF, 2, digest));
    end(b);
}

/* What was begun cannot be gone on with after the target was let go. */
TEST_ARGUMENTS(writes_end_with_the_connection)
{
    esp_loader_flash_cfg_t cfg = {.offset = 0x30000, .image_size = 4096, .block_size = 1024};
    esp_loader_flash_cfg_t whole = {.offset = 0x40000, .image_size = 1024, .block_size = 1024};
    assert_success(esp_loader_flash_start(&b->loader, &whole));
    assert_success(esp_loader_flash_write(&b->loader, &whole, data, 1024));
    assert_success(esp_loader_flash_start(&b->loader, &cfg));
    assert_success(esp_loader_flash_write(&b->loader, &cfg, data, 1024));
    assert_success(esp_loader_reset_target_checked(&b->loader));
    REFUSED(b, esp_loader_flash_write(&b->loader, &cfg, data, 1024));
    assert_int_equal(bench_cause(b), ESP_LOADER_ERROR_NOT_CONNECTED);
    REFUSED(b, esp_loader_flash_finish(&b->loader, &whole));
    assert_int_equal(bench_cause(b), ESP_LOADER_ERROR_NOT_CONNECTED);
    b->expects_misuse = true;
}

/* Nothing, less than a block where it is not the last, more than a block, more than is left. */
TEST_ARGUMENTS(pieces_that_are_no_block_are_refused)
{
    static const struct {
        uint32_t written, size;
        esp_loader_error_t error;
    } cases[] = {{0, 0, ESP_LOADER_ERROR_INVALID_PARAM},    {0, 1023, ESP_LOADER_ERROR_INVALID_PARAM},
                 {0, 1025, ESP_LOADER_ERROR_INVALID_PARAM}, {1024, 475, ESP_LOADER_ERROR_INVALID_PARAM},
                 {1024, 477, ESP_LOADER_ERROR_IMAGE_SIZE},  {1024, 1024, ESP_LOADER_ERROR_IMAGE_SIZE}};
    for (size_t k = 0; k < COUNT(cases); k++) {
        esp_loader_flash_cfg_t cfg = {.offset = 0x30000, .image_size = 1500, .block_size = 1024};
        assert_success(esp_loader_flash_start(&b->loader, &cfg));
        if (cases[k].written > 0) {
            assert_success(esp_loader_flash_write(&b->loader, &cfg, data, cases[k].written));
        }
        REFUSED(b, esp_loader_flash_write(&b->loader, &cfg, data, cases[k].size));
        assert_int_equal(esp_loader_error_detail(&b->loader)->error, cases[k].error);
    }
    esp_loader_flash_cfg_t cfg = {.offset = 0x30000, .image_size = 1500, .block_size = 1024};
    assert_success(esp_loader_flash_start(&b->loader, &cfg));
    REFUSED(b, esp_loader_flash_write(&b->loader, &cfg, NULL, 1024));
    end(b);
}

TEST_ARGUMENTS(more_than_was_announced_is_refused_whatever_it_is_sent_to)
{
    esp_loader_mem_cfg_t ram = {.offset = 0x3FCA0000, .size = 1500, .block_size = 1024};
    esp_loader_flash_deflate_cfg_t flash = {
        .offset = 0x30000, .image_size = 1500, .compressed_size = 1500, .block_size = 1024};

    assert_success(esp_loader_mem_start(&b->loader, &ram));
    REFUSED(b, esp_loader_mem_write(&b->loader, &ram, data, 1501));
    assert_int_equal(esp_loader_error_detail(&b->loader)->error, ESP_LOADER_ERROR_IMAGE_SIZE);
    assert_success(esp_loader_flash_deflate_start(&b->loader, &flash));
    REFUSED(b, esp_loader_flash_deflate_write(&b->loader, &flash, data, 1501));
    assert_int_equal(esp_loader_error_detail(&b->loader)->error, ESP_LOADER_ERROR_IMAGE_SIZE);
    end(b);
}

TEST_ARGUMENTS(registers_are_at_multiples_of_four)
{
    uint32_t value = 0;

    for (uint32_t rest = 1; rest < 4; rest++) {
        REFUSED(b, esp_loader_read_register(&b->loader, 0x60000014 + rest, &value));
        REFUSED(b, esp_loader_write_register(&b->loader, 0x60000014 + rest, 0));
        assert_int_equal(esp_loader_error_detail(&b->loader)->error, ESP_LOADER_ERROR_INVALID_PARAM);
    }
    end(b);
}
