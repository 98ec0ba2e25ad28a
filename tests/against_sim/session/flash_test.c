/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The explicit flash operations on a simulated ESP32-S3 with its ROM loader.
 */
#include <stdlib.h>
#include <string.h>

#include "bench.h"

static const uint32_t sizes[] = {1, 2, 3, 4, 5, 1023, 1024, 1025, 4095, 4096, 4097, 70001};
static const esp_sim_wiring_t wirings[] = {ESP_SIM_WIRING_USJ, ESP_SIM_WIRING_BRIDGE, ESP_SIM_WIRING_NONE};

TEST_CONNECTED_EACH(image_of_any_size_is_written_and_verified, COUNT(wirings) * COUNT(sizes),
                    BENCH(.wiring = wirings[i / COUNT(sizes)], .timing = ESP_SIM_TIMING_FAST))
{
    const uint32_t size = sizes[i % COUNT(sizes)];
    uint8_t *data = bench_make_data(size);
    memset(esp_sim_flash(b->sim) + 0x10000, 0, 0x20000); /* used flash */
    assert_success(bench_flash(b, 0x10000, data, size, false));
    assert_memory_equal(esp_sim_flash(b->sim) + 0x10000, data, size);
    free(data);
}

static const struct {
    uint32_t offset;
    uint32_t size;
    uint32_t first; /* erased range */
    uint32_t end;
} erased_ranges[] = {{0x20000, 1, 0x20000, 0x21000},
                     {0x20000, 0x1000, 0x20000, 0x21000},
                     {0x20000, 0x1001, 0x20000, 0x22000},
                     {0x20000, 0x12345, 0x20000, 0x33000}};

TEST_CONNECTED_EACH(whole_sectors_are_erased_and_nothing_else, COUNT(erased_ranges),
                    BENCH(.timing = ESP_SIM_TIMING_FAST))
{
    uint8_t *data = bench_make_data(erased_ranges[i].size);
    uint8_t *flash = esp_sim_flash(b->sim);
    memset(flash, 0, esp_sim_flash_size(b->sim));
    assert_success(bench_flash(b, erased_ranges[i].offset, data, erased_ranges[i].size, false));
    for (uint32_t a = 0; a < 0x40000; a++) {
        bool is_data = a >= erased_ranges[i].offset && a - erased_ranges[i].offset < erased_ranges[i].size;
        bool is_erased = a >= erased_ranges[i].first && a < erased_ranges[i].end;
        uint8_t expected = is_data ? data[a - erased_ranges[i].offset] : is_erased ? 0xFF : 0;
        if (flash[a] != expected) {
            fail_msg("case %zu: 0x%x is 0x%02x, not 0x%02x", i, a, flash[a], expected);
        }
    }
    free(data);
}

/* A ROM would refuse it, and program what follows without having erased. */
TEST_CONNECTED(offset_inside_a_sector_is_refused_before_anything_is_sent,
               BENCH(.timing = ESP_SIM_TIMING_FAST))
{
    static const uint32_t offsets[] = {0x20001, 0x20004, 0x20100, 0x20FFC};
    const uint64_t commands = esp_sim_stats(b->sim)->commands;
    for (size_t i = 0; i < COUNT(offsets); i++) {
        esp_loader_flash_cfg_t plain = {.offset = offsets[i], .image_size = 4096, .block_size = 1024};
        esp_loader_flash_deflate_cfg_t deflate = {
            .offset = offsets[i], .image_size = 4096, .compressed_size = 100, .block_size = 1024};
        assert_int_equal(esp_loader_flash_start(&b->loader, &plain), ESP_LOADER_ERROR_INVALID_PARAM);
        assert_int_equal(bench_cause(b), ESP_LOADER_ERROR_ALIGNMENT);
        assert_int_equal(esp_loader_flash_deflate_start(&b->loader, &deflate),
                         ESP_LOADER_ERROR_INVALID_PARAM);
        assert_int_equal(bench_cause(b), ESP_LOADER_ERROR_ALIGNMENT);
        assert_int_equal(esp_loader_error_detail(&b->loader)->address, offsets[i]);
    }
    assert_int_equal(esp_sim_stats(b->sim)->commands, commands);
}

TEST_CONNECTED(missing_buffer_is_refused_everywhere, BENCH(.timing = ESP_SIM_TIMING_FAST))
{
    esp_loader_flash_cfg_t plain = {.offset = 0x10000, .image_size = 100, .block_size = 1024};
    esp_loader_flash_deflate_cfg_t deflate = {
        .offset = 0x20000, .image_size = 100, .compressed_size = 100, .block_size = 1024};
    esp_loader_mem_cfg_t ram = {.offset = 0x3FC90000, .size = 100, .block_size = 1024};
    assert_success(esp_loader_flash_start(&b->loader, &plain));
    assert_int_equal(esp_loader_flash_write(&b->loader, &plain, NULL, 100), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_success(esp_loader_flash_deflate_start(&b->loader, &deflate));
    assert_int_equal(esp_loader_flash_deflate_write(&b->loader, &deflate, NULL, 100),
                     ESP_LOADER_ERROR_INVALID_PARAM);
    assert_success(esp_loader_mem_start(&b->loader, &ram));
    assert_int_equal(esp_loader_mem_write(&b->loader, &ram, NULL, 100), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_flash_read(&b->loader, NULL, 0, 64), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_flash_read_unique_id(&b->loader, NULL, 8), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_flash_md5(&b->loader, 0, 64, NULL), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_flash_verify_known_md5(&b->loader, 0, 64, NULL),
                     ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_read_mac(&b->loader, NULL), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_error_detail(&b->loader)->address, 0);
    assert_int_equal(esp_loader_error_detail(&b->loader)->value, 0);
}

TEST_CONNECTED(bad_arguments_are_refused_before_anything_is_erased, BENCH(.timing = ESP_SIM_TIMING_FAST))
{
    static const struct {
        uint32_t offset, image_size, block_size;
        esp_loader_error_t error;
        esp_loader_error_t cause;
    } cases[] = {
        {2, 100, 1024, ESP_LOADER_ERROR_INVALID_PARAM, ESP_LOADER_ERROR_ALIGNMENT},
        {0, 0, 1024, ESP_LOADER_ERROR_INVALID_PARAM, ESP_LOADER_ERROR_INVALID_PARAM},
        {0, 100, 0, ESP_LOADER_ERROR_INVALID_PARAM, ESP_LOADER_ERROR_INVALID_PARAM},
        {0, 100, 12, ESP_LOADER_ERROR_INVALID_PARAM, ESP_LOADER_ERROR_INVALID_PARAM},
        {0, 100, 1022, ESP_LOADER_ERROR_INVALID_PARAM, ESP_LOADER_ERROR_INVALID_PARAM},
        {0, 100, 16388, ESP_LOADER_ERROR_INVALID_PARAM, ESP_LOADER_ERROR_INVALID_PARAM},
        {0, (8u << 20) + 1, 1024, ESP_LOADER_ERROR_IMAGE_SIZE, ESP_LOADER_ERROR_FLASH_RANGE},
        {4096, 8u << 20, 1024, ESP_LOADER_ERROR_IMAGE_SIZE, ESP_LOADER_ERROR_FLASH_RANGE},
        {0xFFFFF000, 0x1008, 1024, ESP_LOADER_ERROR_IMAGE_SIZE, ESP_LOADER_ERROR_FLASH_RANGE},
        {0x1000, 0xFFFFFFFF, 1024, ESP_LOADER_ERROR_IMAGE_SIZE, ESP_LOADER_ERROR_FLASH_RANGE},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        esp_loader_flash_cfg_t cfg = {
            .offset = cases[i].offset, .image_size = cases[i].image_size, .block_size = cases[i].block_size};
        assert_int_equal(esp_loader_flash_start(&b->loader, &cfg), cases[i].error);
        assert_int_equal(bench_cause(b), cases[i].cause);
        assert_int_equal(esp_loader_error_detail(&b->loader)->stage, ESP_LOADER_STAGE_CHECK);
        assert_int_equal(esp_loader_flash_write(&b->loader, &cfg, "x", 1), cases[i].error);
    }
    assert_int_equal(esp_sim_stats(b->sim)->sectors_erased, 0);
}

TEST_CONNECTED(flash_beyond_the_reach_of_the_rom_is_refused,
               BENCH(.flash_size = 32u << 20, .timing = ESP_SIM_TIMING_FAST))
{
    static const uint8_t data[16];
    assert_success(bench_flash(b, (16u << 20) - 4096, data, 16, false));
    assert_int_equal(bench_flash(b, 16u << 20, data, 16, false), ESP_LOADER_ERROR_IMAGE_SIZE);
    assert_int_equal(bench_cause(b), ESP_LOADER_ERROR_FLASH_RANGE);
}

TEST_CONNECTED(chunks_that_do_not_fit_the_announcement_are_refused, BENCH(.timing = ESP_SIM_TIMING_FAST))
{
    static const uint8_t data[2048];
    esp_loader_flash_cfg_t cfg = {.offset = 0, .image_size = 1500, .block_size = 1024};
    assert_success(esp_loader_flash_start(&b->loader, &cfg));
    assert_int_equal(esp_loader_flash_write(&b->loader, &cfg, data, 1000), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_success(esp_loader_flash_start(&b->loader, &cfg));
    assert_int_equal(esp_loader_flash_write(&b->loader, &cfg, data, 0), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_success(esp_loader_flash_start(&b->loader, &cfg));
    assert_success(esp_loader_flash_write(&b->loader, &cfg, data, 1024));
    assert_int_equal(esp_loader_flash_finish(&b->loader, &cfg),
                     ESP_LOADER_ERROR_INVALID_PARAM); /* too early */
    assert_int_equal(esp_loader_flash_write(&b->loader, &cfg, data, 477), ESP_LOADER_ERROR_IMAGE_SIZE);
}

TEST_CONNECTED(flash_that_did_not_take_the_data_is_an_md5_error, BENCH(.timing = ESP_SIM_TIMING_FAST))
{
    uint8_t *data = bench_make_data(5000);
    data[1234] = 0xFF;
    bench_faults(b, "flash stuck 0x104D2 bit 3 at 0");
    esp_loader_error_t err = bench_flash(b, 0x10000, data, 5000, false);
    assert_true(err == ESP_LOADER_ERROR_INVALID_MD5 || err == ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_success(bench_flash(b, 0x20000, data, 5000, true));
    assert_success(bench_flash(b, 0x30000, data, 5000, false));
    free(data);
}

TEST_CONNECTED(md5_that_differs_once_is_looked_at_again, BENCH(.timing = ESP_SIM_TIMING_FAST))
{
    uint8_t *data = bench_make_data(3000);
    bench_faults(b, "at command 1 of 0x13: wrong md5");
    assert_success(bench_flash(b, 0, data, 3000, false));
    bench_faults(b, "from command 1 of 0x13: wrong md5");
    assert_int_equal(bench_flash(b, 0, data, 3000, false), ESP_LOADER_ERROR_INVALID_MD5);
    assert_int_equal(esp_loader_error_detail(&b->loader)->stage, ESP_LOADER_STAGE_VERIFY);
    free(data);
}

/* A ROM wants whole KiB of what comes out, and no more than there are. */
TEST_CONNECTED(compressed_image_may_end_where_the_flash_does, BENCH(.timing = ESP_SIM_TIMING_FAST))
{
    uint8_t *data = bench_make_data(4096);
    for (uint32_t size = 4096; size > 4096 - 1024; size -= 341) {
        const uint32_t offset = (8u << 20) - 4096;
        stream_t stream = bench_deflate(data, size);
        assert_success(bench_flash_deflated(b, offset, size, &stream, 1024));
        assert_memory_equal(esp_sim_flash(b->sim) + offset, data, size);
        free(stream.bytes);
    }
    free(data);
}

#ifndef ESP_LOADER_SMALL /* it is not told */
/* Twice, because a question that is refused is asked again. */
TEST_CONNECTED(rom_that_is_not_told_where_its_flash_ends_erases_nothing, BENCH(.timing = ESP_SIM_TIMING_FAST))
{
    uint8_t *data = bench_make_data(100);
    assert_success(bench_flash(b, 0x10000, data, 100, false));
    const uint64_t erased = esp_sim_stats(b->sim)->sectors_erased;
    bench_faults(b, "at command 1 of 0x0b: error 0x06; at command 2 of 0x0b: error 0x06");
    assert_int_equal(bench_flash(b, 0x20000, data, 100, false), ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(bench_cause(b), ESP_LOADER_ERROR_TARGET_STATUS);
    assert_int_equal(esp_sim_stats(b->sim)->sectors_erased, erased);
    free(data);
}
#endif

TEST_CONNECTED(known_md5_is_compared, BENCH(.timing = ESP_SIM_TIMING_FAST))
{
    uint8_t md5[ESP_LOADER_MD5_SIZE];
    assert_success(esp_loader_flash_md5(&b->loader, 0x1000, 0x800, md5));
    assert_success(esp_loader_flash_verify_known_md5(&b->loader, 0x1000, 0x800, md5));
    md5[15] ^= 1;
    assert_int_equal(esp_loader_flash_verify_known_md5(&b->loader, 0x1000, 0x800, md5),
                     ESP_LOADER_ERROR_INVALID_MD5);
}

TEST_CONNECTED(compressed_image_is_inflated_by_the_target, BENCH(.timing = ESP_SIM_TIMING_FAST))
{
    static const uint8_t junk[256] = {0x78, 0xDA, 0xFF, 0xFF};
    uint8_t *data = bench_make_data(100000);
    memset(data + 20000, 'x', 50000);
    stream_t stream = bench_deflate(data, 100000);
    assert_success(bench_flash_deflated(b, 0x10000, 100000, &stream, 1024));
    assert_memory_equal(esp_sim_flash(b->sim) + 0x10000, data, 100000);

    esp_loader_flash_deflate_cfg_t cfg = {
        .offset = 0x10000, .image_size = 100000, .compressed_size = sizeof(junk), .block_size = 1024};
    assert_int_equal(bench_send_deflated(b, &cfg, junk), ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(bench_cause(b), ESP_LOADER_ERROR_TARGET_STATUS);
    b->expects_misuse = true;
    free(stream.bytes);
    free(data);
}

TEST_CONNECTED(flash_is_read_back, BENCH(.timing = ESP_SIM_TIMING_FAST))
{
    uint8_t buf[1000];
    bench_fill(esp_sim_flash(b->sim) + 0x5000, 1000, 7);
    memset(buf, 0, sizeof(buf));
    assert_success(esp_loader_flash_read(&b->loader, buf, 0x5000, sizeof(buf)));
    assert_memory_equal(buf, esp_sim_flash(b->sim) + 0x5000, sizeof(buf));
    assert_int_equal(esp_loader_flash_read(&b->loader, buf, 8u << 20, 1), ESP_LOADER_ERROR_IMAGE_SIZE);
}

TEST_CONNECTED(regions_and_the_whole_chip_are_erased,
               BENCH(.timing = ESP_SIM_TIMING_SLOW, .flash_size = 4u << 20))
{
    uint8_t *flash = esp_sim_flash(b->sim);
    memset(flash, 0, 4u << 20);
    assert_success(esp_loader_flash_erase_region(&b->loader, 0x3000, 0x2000));
    assert_int_equal(flash[0x2FFF], 0);
    assert_int_equal(flash[0x3000], 0xFF);
    assert_int_equal(flash[0x4FFF], 0xFF);
    assert_int_equal(flash[0x5000], 0);
    assert_int_equal(esp_loader_flash_erase_region(&b->loader, 0x3000, 100), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_flash_erase_region(&b->loader, 100, 4096), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_flash_erase_region(&b->loader, 4u << 20, 4096), ESP_LOADER_ERROR_IMAGE_SIZE);
    assert_success(esp_loader_flash_erase(&b->loader));
    for (uint32_t i = 0; i < 4u << 20; i++) {
        assert_int_equal(flash[i], 0xFF);
    }
}

TEST_CONNECTED(ram_is_loaded_and_started, BENCH(.timing = ESP_SIM_TIMING_FAST))
{
    uint8_t *data = bench_make_data(5000);
    esp_loader_mem_cfg_t cfg = {.offset = 0x40378000, .size = 5000, .block_size = 2048};
    assert_success(esp_loader_mem_start(&b->loader, &cfg));
    for (uint32_t done = 0; done < 5000; done += 2048) {
        uint32_t size = 5000 - done < 2048 ? 5000 - done : 2048;
        assert_success(esp_loader_mem_write(&b->loader, &cfg, data + done, size));
    }
    for (uint32_t i = 0; i < 5000; i += 4) {
        uint32_t word = esp_sim_peek(b->sim, 0x40378000 + i);
        assert_int_equal((uint8_t)word, data[i]);
    }
    assert_success(esp_loader_mem_finish(&b->loader, &cfg, 0x40378000));
    bench_wait_us(b, 100000);
    assert_int_equal(esp_sim_state(b->sim), ESP_SIM_STATE_RAM_CODE);
    free(data);
}

TEST_CONNECTED(timeouts_survive_the_slowest_flash, BENCH(.timing = ESP_SIM_TIMING_SLOW))
{
    uint8_t *data = bench_make_data(1u << 20);
    assert_success(bench_flash(b, 0x10000, data, 1u << 20, false));
    assert_memory_equal(esp_sim_flash(b->sim) + 0x10000, data, 1u << 20);
    free(data);
}

TEST_OPEN(secure_download_mode_is_written_without_reading_anything,
          BENCH(.is_secure_download = true, .timing = ESP_SIM_TIMING_FAST))
{
    uint32_t value;
    uint8_t mac[6];
    uint8_t *data = bench_make_data(5000);
    esp_loader_connect_args_t args = ESP_LOADER_CONNECT_DEFAULT();
    assert_success(esp_loader_connect_secure_download_mode(&b->loader, &args, 8u << 20));
    assert_int_equal(esp_loader_get_target(&b->loader), ESP32S3_CHIP);
    assert_success(bench_flash(b, 0x10000, data, 5000, true));
    assert_memory_equal(esp_sim_flash(b->sim) + 0x10000, data, 5000);
    assert_int_equal(bench_flash(b, 0x10000, data, 5000, false), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(esp_loader_read_register(&b->loader, 0x60002000, &value),
                     ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(bench_cause(b), ESP_LOADER_ERROR_SECURITY);
    assert_int_equal(esp_loader_read_mac(&b->loader, mac), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    free(data);
}

TEST_CONNECTED(one_write_per_frame_and_few_reads, BENCH(.timing = ESP_SIM_TIMING_DEFAULT))
{
    /* What is promised holds for the default buffers; smaller ones are built and tested too, and cost more
     * calls. */
    const unsigned max_writes =
        1100 * (ESP_LOADER_TX_BUFFER_SIZE >= 1152 ? 1 : 1152 / ESP_LOADER_TX_BUFFER_SIZE);
    uint8_t *data = bench_make_data(1u << 20);
    uint64_t writes = b->port.base.writes;
    uint64_t reads = b->port.base.reads;
    assert_success(bench_flash(b, 0x10000, data, 1u << 20, false));
    assert_in_range(b->port.base.writes - writes, 1024, max_writes);
    assert_in_range(b->port.base.reads - reads, 1024, 3000);
    free(data);
}
