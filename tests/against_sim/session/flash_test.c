/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The explicit flash operations on a simulated ESP32-S3 with its ROM loader.
 */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "bench.h"
#include "test.h"

/* Data in an exact-size allocation, so that a sanitizer sees every byte read too far. */
static uint8_t *make_data(uint32_t size)
{
    uint8_t *data = malloc(size);
    assert_non_null(data);
    bench_fill(data, size, size);
    return data;
}

TEST(image_of_any_size_is_written_and_verified)
{
    static const uint32_t sizes[] = {1, 2, 3, 4, 5, 1023, 1024, 1025, 4095, 4096, 4097, 70001};
    static const esp_sim_wiring_t wirings[] = {ESP_SIM_WIRING_USJ, ESP_SIM_WIRING_BRIDGE,
                                               ESP_SIM_WIRING_NONE};
    for (size_t w = 0; w < 3; w++) {
        for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
            bench_t b = {.config = {.wiring = wirings[w], .timing = ESP_SIM_TIMING_FAST}};
            uint8_t *data = make_data(sizes[i]);
            bench_connect(&b);
            memset(esp_sim_flash(b.sim) + 0x10000, 0, 0x20000); /* used flash */
            assert_int_equal(bench_flash(&b, 0x10000, data, sizes[i], false), ESP_LOADER_SUCCESS);
            assert_memory_equal(esp_sim_flash(b.sim) + 0x10000, data, sizes[i]);
            bench_close(&b);
            free(data);
        }
    }
}

TEST(whole_sectors_are_erased_and_nothing_else)
{
    static const struct {
        uint32_t offset;
        uint32_t size;
        uint32_t first; /* erased range */
        uint32_t end;
    } cases[] = {{0x20000, 1, 0x20000, 0x21000},
                 {0x20000, 0x1000, 0x20000, 0x21000},
                 {0x20000, 0x1001, 0x20000, 0x22000},
                 {0x20000, 0x12345, 0x20000, 0x33000}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        bench_t b = {.config = {.timing = ESP_SIM_TIMING_FAST}};
        uint8_t *data = make_data(cases[i].size);
        bench_connect(&b);
        uint8_t *flash = esp_sim_flash(b.sim);
        memset(flash, 0, esp_sim_flash_size(b.sim));
        assert_int_equal(bench_flash(&b, cases[i].offset, data, cases[i].size, false), ESP_LOADER_SUCCESS);
        for (uint32_t a = 0; a < 0x40000; a++) {
            bool is_data = a >= cases[i].offset && a - cases[i].offset < cases[i].size;
            bool is_erased = a >= cases[i].first && a < cases[i].end;
            uint8_t expected = is_data ? data[a - cases[i].offset] : is_erased ? 0xFF : 0;
            if (flash[a] != expected) {
                fail_msg("case %zu: 0x%x is 0x%02x, not 0x%02x", i, a, flash[a], expected);
            }
        }
        bench_close(&b);
        free(data);
    }
}

/* A ROM would refuse it, and program what follows without having erased. */
TEST(offset_inside_a_sector_is_refused_before_anything_is_sent)
{
    static const uint32_t offsets[] = {0x20001, 0x20004, 0x20100, 0x20FFC};
    bench_t b = {.config = {.timing = ESP_SIM_TIMING_FAST}};
    bench_connect(&b);
    const uint64_t commands = esp_sim_stats(b.sim)->commands;
    for (size_t i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
        esp_loader_flash_cfg_t plain = {.offset = offsets[i], .image_size = 4096, .block_size = 1024};
        esp_loader_flash_deflate_cfg_t deflate = {
            .offset = offsets[i], .image_size = 4096, .compressed_size = 100, .block_size = 1024};
        assert_int_equal(esp_loader_flash_start(&b.loader, &plain), ESP_LOADER_ERROR_INVALID_PARAM);
        assert_int_equal(bench_cause(&b), ESP_LOADER_ERROR_ALIGNMENT);
        assert_int_equal(esp_loader_flash_deflate_start(&b.loader, &deflate), ESP_LOADER_ERROR_INVALID_PARAM);
        assert_int_equal(bench_cause(&b), ESP_LOADER_ERROR_ALIGNMENT);
        assert_int_equal(esp_loader_error_detail(&b.loader)->address, offsets[i]);
    }
    assert_int_equal(esp_sim_stats(b.sim)->commands, commands);
    bench_close(&b);
}

TEST(missing_buffer_is_refused_everywhere)
{
    bench_t b = {.config = {.timing = ESP_SIM_TIMING_FAST}};
    esp_loader_flash_cfg_t plain = {.offset = 0x10000, .image_size = 100, .block_size = 1024};
    esp_loader_flash_deflate_cfg_t deflate = {
        .offset = 0x20000, .image_size = 100, .compressed_size = 100, .block_size = 1024};
    esp_loader_mem_cfg_t ram = {.offset = 0x3FC90000, .size = 100, .block_size = 1024};
    bench_connect(&b);
    assert_int_equal(esp_loader_flash_start(&b.loader, &plain), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_flash_write(&b.loader, &plain, NULL, 100), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_flash_deflate_start(&b.loader, &deflate), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_flash_deflate_write(&b.loader, &deflate, NULL, 100),
                     ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_mem_start(&b.loader, &ram), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_mem_write(&b.loader, &ram, NULL, 100), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_flash_read(&b.loader, NULL, 0, 64), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_flash_read_unique_id(&b.loader, NULL, 8), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_flash_md5(&b.loader, 0, 64, NULL), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_flash_verify_known_md5(&b.loader, 0, 64, NULL),
                     ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_read_mac(&b.loader, NULL), ESP_LOADER_ERROR_INVALID_PARAM);
    bench_close(&b);
}

TEST(bad_arguments_are_refused_before_anything_is_erased)
{
    static const struct {
        esp_loader_flash_cfg_t cfg;
        esp_loader_error_t error;
        esp_loader_error_t cause;
    } cases[] = {
        {{.offset = 2, .image_size = 100, .block_size = 1024},
         ESP_LOADER_ERROR_INVALID_PARAM,
         ESP_LOADER_ERROR_ALIGNMENT},
        {{.offset = 0, .image_size = 0, .block_size = 1024},
         ESP_LOADER_ERROR_INVALID_PARAM,
         ESP_LOADER_ERROR_INVALID_PARAM},
        {{.offset = 0, .image_size = 100, .block_size = 0},
         ESP_LOADER_ERROR_INVALID_PARAM,
         ESP_LOADER_ERROR_INVALID_PARAM},
        {{.offset = 0, .image_size = 100, .block_size = 12},
         ESP_LOADER_ERROR_INVALID_PARAM,
         ESP_LOADER_ERROR_INVALID_PARAM},
        {{.offset = 0, .image_size = 100, .block_size = 1022},
         ESP_LOADER_ERROR_INVALID_PARAM,
         ESP_LOADER_ERROR_INVALID_PARAM},
        {{.offset = 0, .image_size = 100, .block_size = 16388},
         ESP_LOADER_ERROR_INVALID_PARAM,
         ESP_LOADER_ERROR_INVALID_PARAM},
        {{.offset = 0, .image_size = (8u << 20) + 1, .block_size = 1024},
         ESP_LOADER_ERROR_IMAGE_SIZE,
         ESP_LOADER_ERROR_FLASH_RANGE},
        {{.offset = 4096, .image_size = 8u << 20, .block_size = 1024},
         ESP_LOADER_ERROR_IMAGE_SIZE,
         ESP_LOADER_ERROR_FLASH_RANGE},
        {{.offset = 0xFFFFF000, .image_size = 0x1008, .block_size = 1024},
         ESP_LOADER_ERROR_IMAGE_SIZE,
         ESP_LOADER_ERROR_FLASH_RANGE},
        {{.offset = 0x1000, .image_size = 0xFFFFFFFF, .block_size = 1024},
         ESP_LOADER_ERROR_IMAGE_SIZE,
         ESP_LOADER_ERROR_FLASH_RANGE},
    };
    bench_t b = {.config = {.timing = ESP_SIM_TIMING_FAST}};
    bench_connect(&b);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        esp_loader_flash_cfg_t cfg = cases[i].cfg;
        assert_int_equal(esp_loader_flash_start(&b.loader, &cfg), cases[i].error);
        assert_int_equal(bench_cause(&b), cases[i].cause);
        assert_int_equal(esp_loader_error_detail(&b.loader)->stage, ESP_LOADER_STAGE_CHECK);
        assert_int_equal(esp_loader_flash_write(&b.loader, &cfg, "x", 1), cases[i].error);
    }
    assert_int_equal(esp_sim_stats(b.sim)->sectors_erased, 0);
    bench_close(&b);
}

TEST(flash_beyond_the_reach_of_the_rom_is_refused)
{
    static const uint8_t data[16];
    bench_t b = {.config = {.flash_size = 32u << 20, .timing = ESP_SIM_TIMING_FAST}};
    bench_connect(&b);
    assert_int_equal(bench_flash(&b, (16u << 20) - 4096, data, 16, false), ESP_LOADER_SUCCESS);
    assert_int_equal(bench_flash(&b, 16u << 20, data, 16, false), ESP_LOADER_ERROR_IMAGE_SIZE);
    assert_int_equal(bench_cause(&b), ESP_LOADER_ERROR_FLASH_RANGE);
    bench_close(&b);
}

TEST(chunks_that_do_not_fit_the_announcement_are_refused)
{
    static const uint8_t data[2048];
    bench_t b = {.config = {.timing = ESP_SIM_TIMING_FAST}};
    bench_connect(&b);
    esp_loader_flash_cfg_t cfg = {.offset = 0, .image_size = 1500, .block_size = 1024};
    assert_int_equal(esp_loader_flash_start(&b.loader, &cfg), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_flash_write(&b.loader, &cfg, data, 1000), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_flash_start(&b.loader, &cfg), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_flash_write(&b.loader, &cfg, data, 0), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_flash_start(&b.loader, &cfg), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_flash_write(&b.loader, &cfg, data, 1024), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_flash_finish(&b.loader, &cfg),
                     ESP_LOADER_ERROR_INVALID_PARAM); /* too early */
    assert_int_equal(esp_loader_flash_write(&b.loader, &cfg, data, 477), ESP_LOADER_ERROR_IMAGE_SIZE);
    bench_close(&b);
}

TEST(flash_that_did_not_take_the_data_is_an_md5_error)
{
    bench_t b = {.config = {.timing = ESP_SIM_TIMING_FAST}};
    uint8_t *data = make_data(5000);
    data[1234] = 0xFF;
    bench_connect(&b);
    bench_faults(&b, "flash stuck 0x104D2 bit 3 at 0");
    esp_loader_error_t err = bench_flash(&b, 0x10000, data, 5000, false);
    assert_true(err == ESP_LOADER_ERROR_INVALID_MD5 || err == ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(bench_flash(&b, 0x20000, data, 5000, true), ESP_LOADER_SUCCESS);
    assert_int_equal(bench_flash(&b, 0x30000, data, 5000, false), ESP_LOADER_SUCCESS);
    bench_close(&b);
    free(data);
}

TEST(md5_that_differs_once_is_looked_at_again)
{
    bench_t b = {.config = {.timing = ESP_SIM_TIMING_FAST}};
    uint8_t *data = make_data(3000);
    bench_connect(&b);
    bench_faults(&b, "at command 1 of 0x13: wrong md5");
    assert_int_equal(bench_flash(&b, 0, data, 3000, false), ESP_LOADER_SUCCESS);
    bench_faults(&b, "from command 1 of 0x13: wrong md5");
    assert_int_equal(bench_flash(&b, 0, data, 3000, false), ESP_LOADER_ERROR_INVALID_MD5);
    assert_int_equal(esp_loader_error_detail(&b.loader)->stage, ESP_LOADER_STAGE_VERIFY);
    bench_close(&b);
    free(data);
}

TEST(known_md5_is_compared)
{
    uint8_t md5[ESP_LOADER_MD5_SIZE];
    bench_t b = {.config = {.timing = ESP_SIM_TIMING_FAST}};
    bench_connect(&b);
    assert_int_equal(esp_loader_flash_md5(&b.loader, 0x1000, 0x800, md5), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_flash_verify_known_md5(&b.loader, 0x1000, 0x800, md5), ESP_LOADER_SUCCESS);
    md5[15] ^= 1;
    assert_int_equal(esp_loader_flash_verify_known_md5(&b.loader, 0x1000, 0x800, md5),
                     ESP_LOADER_ERROR_INVALID_MD5);
    bench_close(&b);
}

TEST(compressed_image_is_inflated_by_the_target)
{
    static const uint8_t junk[256] = {0x78, 0xDA, 0xFF, 0xFF};
    bench_t b = {.config = {.timing = ESP_SIM_TIMING_FAST}};
    uint8_t *data = make_data(100000);
    memset(data + 20000, 'x', 50000);
    uLongf size = compressBound(100000);
    uint8_t *stream = malloc(size);
    assert_non_null(stream);
    assert_int_equal(compress2(stream, &size, data, 100000, 9), Z_OK);
    bench_connect(&b);
    esp_loader_flash_deflate_cfg_t cfg = {
        .offset = 0x10000, .image_size = 100000, .compressed_size = (uint32_t)size, .block_size = 1024};
    assert_int_equal(esp_loader_flash_deflate_start(&b.loader, &cfg), ESP_LOADER_SUCCESS);
    for (uint32_t done = 0; done < size; done += 1024) {
        uint32_t chunk = (uint32_t)size - done < 1024 ? (uint32_t)size - done : 1024;
        assert_int_equal(esp_loader_flash_deflate_write(&b.loader, &cfg, stream + done, chunk),
                         ESP_LOADER_SUCCESS);
    }
    assert_int_equal(esp_loader_flash_deflate_finish(&b.loader, &cfg), ESP_LOADER_SUCCESS);
    assert_memory_equal(esp_sim_flash(b.sim) + 0x10000, data, 100000);

    cfg.compressed_size = sizeof(junk);
    assert_int_equal(esp_loader_flash_deflate_start(&b.loader, &cfg), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_flash_deflate_write(&b.loader, &cfg, junk, sizeof(junk)),
                     ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(bench_cause(&b), ESP_LOADER_ERROR_TARGET_STATUS);
    bench_close_ignoring_misuse(&b);
    free(stream);
    free(data);
}

TEST(flash_is_read_back)
{
    uint8_t buf[1000];
    bench_t b = {.config = {.timing = ESP_SIM_TIMING_FAST}};
    bench_connect(&b);
    bench_fill(esp_sim_flash(b.sim) + 0x5000, 1000, 7);
    memset(buf, 0, sizeof(buf));
    assert_int_equal(esp_loader_flash_read(&b.loader, buf, 0x5000, sizeof(buf)), ESP_LOADER_SUCCESS);
    assert_memory_equal(buf, esp_sim_flash(b.sim) + 0x5000, sizeof(buf));
    assert_int_equal(esp_loader_flash_read(&b.loader, buf, 8u << 20, 1), ESP_LOADER_ERROR_IMAGE_SIZE);
    bench_close(&b);
}

TEST(regions_and_the_whole_chip_are_erased)
{
    bench_t b = {.config = {.timing = ESP_SIM_TIMING_SLOW, .flash_size = 4u << 20}};
    bench_connect(&b);
    uint8_t *flash = esp_sim_flash(b.sim);
    memset(flash, 0, 4u << 20);
    assert_int_equal(esp_loader_flash_erase_region(&b.loader, 0x3000, 0x2000), ESP_LOADER_SUCCESS);
    assert_int_equal(flash[0x2FFF], 0);
    assert_int_equal(flash[0x3000], 0xFF);
    assert_int_equal(flash[0x4FFF], 0xFF);
    assert_int_equal(flash[0x5000], 0);
    assert_int_equal(esp_loader_flash_erase_region(&b.loader, 0x3000, 100), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_flash_erase_region(&b.loader, 100, 4096), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_flash_erase_region(&b.loader, 4u << 20, 4096), ESP_LOADER_ERROR_IMAGE_SIZE);
    assert_int_equal(esp_loader_flash_erase(&b.loader), ESP_LOADER_SUCCESS);
    for (uint32_t i = 0; i < 4u << 20; i++) {
        assert_int_equal(flash[i], 0xFF);
    }
    bench_close(&b);
}

TEST(ram_is_loaded_and_started)
{
    bench_t b = {.config = {.timing = ESP_SIM_TIMING_FAST}};
    uint8_t *data = make_data(5000);
    bench_connect(&b);
    esp_loader_mem_cfg_t cfg = {.offset = 0x40378000, .size = 5000, .block_size = 2048};
    assert_int_equal(esp_loader_mem_start(&b.loader, &cfg), ESP_LOADER_SUCCESS);
    for (uint32_t done = 0; done < 5000; done += 2048) {
        uint32_t size = 5000 - done < 2048 ? 5000 - done : 2048;
        assert_int_equal(esp_loader_mem_write(&b.loader, &cfg, data + done, size), ESP_LOADER_SUCCESS);
    }
    for (uint32_t i = 0; i < 5000; i += 4) {
        uint32_t word = esp_sim_peek(b.sim, 0x40378000 + i);
        assert_int_equal((uint8_t)word, data[i]);
    }
    assert_int_equal(esp_loader_mem_finish(&b.loader, &cfg, 0x40378000), ESP_LOADER_SUCCESS);
    esp_sim_run_until(b.sim, esp_sim_now_us(b.sim) + 100000);
    assert_int_equal(esp_sim_state(b.sim), ESP_SIM_STATE_RAM_CODE);
    bench_close(&b);
    free(data);
}

TEST(timeouts_survive_the_slowest_flash)
{
    bench_t b = {.config = {.timing = ESP_SIM_TIMING_SLOW}};
    uint8_t *data = make_data(1u << 20);
    bench_connect(&b);
    assert_int_equal(bench_flash(&b, 0x10000, data, 1u << 20, false), ESP_LOADER_SUCCESS);
    assert_memory_equal(esp_sim_flash(b.sim) + 0x10000, data, 1u << 20);
    bench_close(&b);
    free(data);
}

TEST(secure_download_mode_is_written_without_reading_anything)
{
    uint32_t value;
    uint8_t mac[6];
    bench_t b = {.config = {.is_secure_download = true, .timing = ESP_SIM_TIMING_FAST}};
    uint8_t *data = make_data(5000);
    bench_open(&b);
    esp_loader_connect_args_t args = ESP_LOADER_CONNECT_DEFAULT();
    assert_int_equal(esp_loader_connect_secure_download_mode(&b.loader, &args, 8u << 20), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_get_target(&b.loader), ESP32S3_CHIP);
    assert_int_equal(bench_flash(&b, 0x10000, data, 5000, true), ESP_LOADER_SUCCESS);
    assert_memory_equal(esp_sim_flash(b.sim) + 0x10000, data, 5000);
    assert_int_equal(bench_flash(&b, 0x10000, data, 5000, false), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(esp_loader_read_register(&b.loader, 0x60002000, &value),
                     ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(bench_cause(&b), ESP_LOADER_ERROR_SECURITY);
    assert_int_equal(esp_loader_read_mac(&b.loader, mac), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    bench_close(&b);
    free(data);
}

TEST(one_write_per_frame_and_few_reads)
{
    /* What is promised holds for the default buffers; smaller ones are built and tested too, and cost more
     * calls. */
    const unsigned max_writes =
        1100 * (ESP_LOADER_TX_BUFFER_SIZE >= 1152 ? 1 : 1152 / ESP_LOADER_TX_BUFFER_SIZE);
    bench_t b = {.config = {.timing = ESP_SIM_TIMING_DEFAULT}};
    uint8_t *data = make_data(1u << 20);
    bench_connect(&b);
    uint64_t writes = b.port.writes;
    uint64_t reads = b.port.reads;
    assert_int_equal(bench_flash(&b, 0x10000, data, 1u << 20, false), ESP_LOADER_SUCCESS);
    assert_in_range(b.port.writes - writes, 1024, max_writes);
    assert_in_range(b.port.reads - reads, 1024, 3000);
    bench_close(&b);
    free(data);
}
