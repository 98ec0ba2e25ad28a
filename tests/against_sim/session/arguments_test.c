/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Arguments that make no sense are refused before the target hears of them, and the session goes on.
 */
#include <string.h>

#include "bench.h"
#include "test.h"

static uint8_t data[5000];

/* With the loader in ROM, or with a stub; false: this library knows none. */
static bool begin(bench_t *b, bool with_stub)
{
    *b = (bench_t){.config = {.wiring = ESP_SIM_WIRING_BRIDGE,
                              .timing = ESP_SIM_TIMING_FAST,
                              .flash_size = 4u << 20,
                              .accepts_any_stub = true}};
    bench_fill(data, sizeof(data), 21);
    bench_open(b);
    esp_loader_error_t err =
        with_stub ? esp_loader_connect_with_stub(&b->loader, NULL) : esp_loader_connect(&b->loader, NULL);
    if (with_stub && err == ESP_LOADER_ERROR_UNSUPPORTED_FUNC) {
        return false;
    }
    assert_int_equal(err, ESP_LOADER_SUCCESS);
    assert_int_equal(bench_flash(b, 0x10000, data, sizeof(data), true), ESP_LOADER_SUCCESS);
    return true;
}

static void end(bench_t *b)
{
    assert_int_equal(bench_flash(b, 0x20000, data, sizeof(data), true), ESP_LOADER_SUCCESS);
    assert_memory_equal(esp_sim_flash(b->sim) + 0x10000, data, sizeof(data));
    assert_memory_equal(esp_sim_flash(b->sim) + 0x20000, data, sizeof(data));
    bench_close(b);
}

/* Fails, is on record, and nothing was sent. */
#define REFUSED(b, call)                                                                                     \
    do {                                                                                                     \
        uint64_t commands_ = esp_sim_stats((b)->sim)->commands;                                              \
        esp_loader_error_t err_ = call;                                                                      \
        assert_int_not_equal(err_, ESP_LOADER_SUCCESS);                                                      \
        assert_int_equal(esp_loader_error_detail(&(b)->loader)->error, err_);                                \
        assert_int_equal(esp_sim_stats((b)->sim)->commands, commands_);                                      \
    } while (0)

TEST(compressed_writes_of_nothing_or_in_no_blocks_are_refused)
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
    for (unsigned with_stub = 0; with_stub < 2; with_stub++) {
        bench_t b;
        if (!begin(&b, with_stub != 0)) {
            continue;
        }
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
            esp_loader_flash_deflate_cfg_t cfg = cases[i];
            REFUSED(&b, esp_loader_flash_deflate_start(&b.loader, &cfg));
            assert_int_not_equal(esp_loader_flash_deflate_write(&b.loader, &cfg, data, 16),
                                 ESP_LOADER_SUCCESS);
            assert_int_not_equal(esp_loader_flash_deflate_finish(&b.loader, &cfg), ESP_LOADER_SUCCESS);
        }
        end(&b);
    }
}

TEST(erases_of_nothing_or_of_parts_of_sectors_are_refused)
{
    for (unsigned with_stub = 0; with_stub < 2; with_stub++) {
        bench_t b;
        if (!begin(&b, with_stub != 0)) {
            continue;
        }
        REFUSED(&b, esp_loader_flash_erase_region(&b.loader, 0x10000, 0));
        REFUSED(&b, esp_loader_flash_erase_region(&b.loader, 0x10000, 4095));
        REFUSED(&b, esp_loader_flash_erase_region(&b.loader, 0x10001, 4096));
        REFUSED(&b, esp_loader_flash_erase_region(&b.loader, 4u << 20, 4096));
        REFUSED(&b, esp_loader_flash_erase_region(&b.loader, 0x10000, 4u << 20));
        REFUSED(&b, esp_loader_flash_erase_region(&b.loader, 0xFFFFF000, 0x2000));
        end(&b);
    }
}

TEST(reading_nothing_is_no_error_and_beyond_the_flash_is_one)
{
    for (unsigned with_stub = 0; with_stub < 2; with_stub++) {
        uint8_t byte = 0xA5;
        bench_t b;
        if (!begin(&b, with_stub != 0)) {
            continue;
        }
        uint64_t commands = esp_sim_stats(b.sim)->commands;
        assert_int_equal(esp_loader_flash_read(&b.loader, &byte, 0x10000, 0), ESP_LOADER_SUCCESS);
        assert_int_equal(byte, 0xA5);
        assert_int_equal(esp_sim_stats(b.sim)->commands, commands);
        assert_int_equal(esp_loader_flash_read(&b.loader, &byte, 0x10003, 1), ESP_LOADER_SUCCESS);
        assert_int_equal(byte, data[3]);
        REFUSED(&b, esp_loader_flash_read(&b.loader, &byte, 4u << 20, 1));
        REFUSED(&b, esp_loader_flash_read(&b.loader, &byte, (4u << 20) - 1, 2));
        REFUSED(&b, esp_loader_flash_read(&b.loader, &byte, UINT32_MAX, 2));
        end(&b);
    }
}

TEST(ranges_beyond_the_flash_have_no_digest)
{
    uint8_t digest[ESP_LOADER_MD5_SIZE] = {0};
    for (unsigned with_stub = 0; with_stub < 2; with_stub++) {
        bench_t b;
        if (!begin(&b, with_stub != 0)) {
            continue;
        }
        REFUSED(&b, esp_loader_flash_md5(&b.loader, 0, (4u << 20) + 1, digest));
        REFUSED(&b, esp_loader_flash_md5(&b.loader, 4u << 20, 1, digest));
        REFUSED(&b, esp_loader_flash_verify_known_md5(&b.loader, 0xFFFFFFFF, 2, digest));
        end(&b);
    }
}

/* What was begun cannot be gone on with after the target was let go. */
TEST(writes_end_with_the_connection)
{
    for (unsigned with_stub = 0; with_stub < 2; with_stub++) {
        esp_loader_flash_cfg_t cfg = {.offset = 0x30000, .image_size = 4096, .block_size = 1024};
        esp_loader_flash_cfg_t whole = {.offset = 0x40000, .image_size = 1024, .block_size = 1024};
        bench_t b;
        if (!begin(&b, with_stub != 0)) {
            continue;
        }
        assert_int_equal(esp_loader_flash_start(&b.loader, &whole), ESP_LOADER_SUCCESS);
        assert_int_equal(esp_loader_flash_write(&b.loader, &whole, data, 1024), ESP_LOADER_SUCCESS);
        assert_int_equal(esp_loader_flash_start(&b.loader, &cfg), ESP_LOADER_SUCCESS);
        assert_int_equal(esp_loader_flash_write(&b.loader, &cfg, data, 1024), ESP_LOADER_SUCCESS);
        assert_int_equal(esp_loader_reset_target_checked(&b.loader), ESP_LOADER_SUCCESS);
        REFUSED(&b, esp_loader_flash_write(&b.loader, &cfg, data, 1024));
        assert_int_equal(bench_cause(&b), ESP_LOADER_ERROR_NOT_CONNECTED);
        REFUSED(&b, esp_loader_flash_finish(&b.loader, &whole));
        assert_int_equal(bench_cause(&b), ESP_LOADER_ERROR_NOT_CONNECTED);
        bench_close_ignoring_misuse(&b);
    }
}

/* Nothing, less than a block where it is not the last, more than a block, more than is left. */
TEST(pieces_that_are_no_block_are_refused)
{
    static const struct {
        uint32_t written, size;
        esp_loader_error_t error;
    } cases[] = {{0, 0, ESP_LOADER_ERROR_INVALID_PARAM},    {0, 1023, ESP_LOADER_ERROR_INVALID_PARAM},
                 {0, 1025, ESP_LOADER_ERROR_INVALID_PARAM}, {1024, 475, ESP_LOADER_ERROR_INVALID_PARAM},
                 {1024, 477, ESP_LOADER_ERROR_IMAGE_SIZE},  {1024, 1024, ESP_LOADER_ERROR_IMAGE_SIZE}};
    for (unsigned with_stub = 0; with_stub < 2; with_stub++) {
        bench_t b;
        if (!begin(&b, with_stub != 0)) {
            continue;
        }
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
            esp_loader_flash_cfg_t cfg = {.offset = 0x30000, .image_size = 1500, .block_size = 1024};
            assert_int_equal(esp_loader_flash_start(&b.loader, &cfg), ESP_LOADER_SUCCESS);
            if (cases[i].written > 0) {
                assert_int_equal(esp_loader_flash_write(&b.loader, &cfg, data, cases[i].written),
                                 ESP_LOADER_SUCCESS);
            }
            REFUSED(&b, esp_loader_flash_write(&b.loader, &cfg, data, cases[i].size));
            assert_int_equal(esp_loader_error_detail(&b.loader)->error, cases[i].error);
        }
        esp_loader_flash_cfg_t cfg = {.offset = 0x30000, .image_size = 1500, .block_size = 1024};
        assert_int_equal(esp_loader_flash_start(&b.loader, &cfg), ESP_LOADER_SUCCESS);
        REFUSED(&b, esp_loader_flash_write(&b.loader, &cfg, NULL, 1024));
        end(&b);
    }
}

TEST(more_than_was_announced_is_refused_whatever_it_is_sent_to)
{
    bench_t b;
    esp_loader_mem_cfg_t ram = {.offset = 0x3FCA0000, .size = 1500, .block_size = 1024};
    esp_loader_flash_deflate_cfg_t flash = {
        .offset = 0x30000, .image_size = 1500, .compressed_size = 1500, .block_size = 1024};

    begin(&b, false);
    assert_int_equal(esp_loader_mem_start(&b.loader, &ram), ESP_LOADER_SUCCESS);
    REFUSED(&b, esp_loader_mem_write(&b.loader, &ram, data, 1501));
    assert_int_equal(esp_loader_error_detail(&b.loader)->error, ESP_LOADER_ERROR_IMAGE_SIZE);
    assert_int_equal(esp_loader_flash_deflate_start(&b.loader, &flash), ESP_LOADER_SUCCESS);
    REFUSED(&b, esp_loader_flash_deflate_write(&b.loader, &flash, data, 1501));
    assert_int_equal(esp_loader_error_detail(&b.loader)->error, ESP_LOADER_ERROR_IMAGE_SIZE);
    end(&b);
}

TEST(registers_are_at_multiples_of_four)
{
    bench_t b;
    uint32_t value = 0;

    begin(&b, false);
    for (uint32_t rest = 1; rest < 4; rest++) {
        REFUSED(&b, esp_loader_read_register(&b.loader, 0x60000014 + rest, &value));
        REFUSED(&b, esp_loader_write_register(&b.loader, 0x60000014 + rest, 0));
        assert_int_equal(esp_loader_error_detail(&b.loader)->error, ESP_LOADER_ERROR_INVALID_PARAM);
    }
    end(&b);
}
