/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * No deadline passes while the target is still at work: sizes and alignments, every way to write, to read and
 * to erase, with the ROM and the stub, on typical flash and on the slowest that data sheets allow.
 */
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "session/core.h"

enum { FLASH_SIZE = 4 << 20, SECTOR = 4096 };

/* ---- what erasing takes, by a loader that is looked at ---- */

/* Sectors to the next boundary of 64 KiB, 16 on one; blocks while more than 16 sectors remain; sectors. */
static uint32_t slow_rom_erase_ms(uint32_t sector, uint32_t sectors)
{
    uint32_t head = 16 - sector % 16 < sectors ? 16 - sector % 16 : sectors;
    uint32_t ms = head * 400;
    uint32_t left = sectors - head;
    for (; left > 16; left -= 16) {
        ms += 2000;
    }
    return ms + left * 400;
}

TEST(erase_deadlines_hold_for_the_pattern_of_the_published_roms)
{
    for (uint32_t sectors = 1; sectors <= 600; sectors++) {
        for (uint32_t sector = 0; sector < 32; sector++) {
            uint32_t ms = eli_erase_ms(sector * SECTOR, sectors * SECTOR);
            assert_in_range(ms, slow_rom_erase_ms(sector, sectors), UINT32_MAX);
            /* One that erases the sectors before the first block twice, as the ESP8266's. */
            uint32_t head = 16 - sector % 16 < sectors ? 16 - sector % 16 : sectors;
            assert_in_range(ms, slow_rom_erase_ms(sector, sectors - head / 2) - 400, UINT32_MAX);
        }
    }
}

#ifndef ESP_LOADER_SMALL
/* A target that is gone is noticed: the time is no more than twice what a slow one takes. */
TEST(erase_deadlines_are_no_longer_than_twice_what_is_needed)
{
    for (uint32_t sectors = 1; sectors <= 4096; sectors++) {
        assert_in_range(eli_erase_ms(0, sectors * SECTOR), 0, 2 * slow_rom_erase_ms(0, sectors));
    }
}
#endif

/* ---- on the virtual clock ---- */

typedef enum { ZEROS, FIRMWARE, RANDOM } content_t;

/* A session with a flash that holds something else everywhere. */
static void start(bench_t *b, esp_sim_timing_t timing, bool is_stub)
{
    *b = (bench_t){.config = {.timing = timing,
                              .flash_size = FLASH_SIZE,
                              .accepts_any_stub = true,
                              .wiring = ESP_SIM_WIRING_USJ},
                   .target_loader = is_stub ? STUB : ROM};
    bench_connect(b);
    memset(esp_sim_flash(b->sim), 0x5A, FLASH_SIZE);
}

static uint8_t *make(content_t content, uint32_t size)
{
    uint8_t *data = calloc(1, size);
    assert_non_null(data);
    if (content != ZEROS) {
        bench_fill(data, size, 7);
    }
    for (uint32_t i = 0; content == FIRMWARE && i < size; i += 64) { /* compresses by half */
        memset(data + i, 0, size - i < 32 ? size - i : 32);
    }
    return data;
}

typedef struct {
    uint32_t offset, size;
    content_t content;
    bool is_verified;
} write_t;

static esp_loader_error_t write_deflated(bench_t *b, const write_t *write, const uint8_t *data,
                                         uint32_t block)
{
    stream_t stream = bench_deflate(data, write->size);
    uint8_t md5[ESP_LOADER_MD5_SIZE];
    esp_loader_md5_t hash;
    esp_loader_flash_deflate_cfg_t cfg = {.offset = write->offset,
                                          .image_size = write->size,
                                          .compressed_size = stream.size,
                                          .block_size = block};
    esp_loader_error_t err = bench_send_deflated(b, &cfg, stream.bytes);
    free(stream.bytes);
    if (err != ESP_LOADER_SUCCESS || !write->is_verified) {
        return err != ESP_LOADER_SUCCESS ? err : esp_loader_flash_deflate_finish(&b->loader, &cfg);
    }
    /* At once, as a plan does: with a stub the last blocks are still being written. */
    esp_loader_md5_init(&hash);
    esp_loader_md5_update(&hash, data, write->size);
    esp_loader_md5_finish(&hash, md5);
    return esp_loader_flash_verify_known_md5(&b->loader, write->offset, write->size, md5);
}

static void write_once(bench_t *b, const write_t *write, bool is_stub, bool is_deflated)
{
    uint8_t *data = make(write->content, write->size);
    uint32_t block = is_stub ? 16384 : 1024;
    esp_loader_error_t err =
        is_deflated ? write_deflated(b, write, data, block)
                    : bench_flash_blocks(b, write->offset, data, write->size, block, !write->is_verified);
    if (err != ESP_LOADER_SUCCESS) {
        fail_msg("%s, %s, %u bytes of kind %d at 0x%x, verified %d: %s in stage %s", is_stub ? "stub" : "ROM",
                 is_deflated ? "compressed" : "plain", (unsigned)write->size, (int)write->content,
                 (unsigned)write->offset, write->is_verified, esp_loader_error_name(err),
                 esp_loader_stage_name(esp_loader_error_detail(&b->loader)->stage));
    }
    bench_wait_us(b, 1000000);
    assert_memory_equal(esp_sim_flash(b->sim) + write->offset, data, write->size);
    free(data);
}

static const uint32_t sizes[] = {4096, 12288, 32768, 65536, 69632, 131072, 196608, 262144, 1 << 20};
static const uint32_t offsets[] = {0x10000, 0x11000, 0x1F000};

/* Each write erases what the one before has left; that the chip is still at it is what the next one meets. */
static void writes(esp_sim_timing_t timing, bool is_stub, bool is_deflated)
{
    bench_t b;
    start(&b, timing, is_stub);
    for (size_t i = 0; i < COUNT(sizes); i++) {
        for (size_t k = 0; k < COUNT(offsets); k += test_row_step()) {
            for (unsigned kind = ZEROS; kind <= RANDOM; kind++) {
                for (unsigned verified = 0; verified < 2; verified++) {
                    const write_t write = {offsets[k], sizes[i], (content_t)kind, verified != 0};
                    bool is_too_much =
                        sizes[i] > 262144 && (kind == FIRMWARE || verified == 0); /* for one test */
                    if (!is_too_much) {
                        write_once(&b, &write, is_stub, is_deflated);
                    }
                }
            }
        }
    }
    bench_close(&b);
}

TEST(every_write_is_waited_for)
{
    for (int timing = ESP_SIM_TIMING_DEFAULT; timing <= ESP_SIM_TIMING_SLOW; timing++) {
        for (unsigned loader = 0; loader < 2 * LOADER_COUNT; loader++) {
            writes((esp_sim_timing_t)timing, loader / 2 != 0, loader % 2 != 0);
        }
    }
}

TEST(every_erase_is_waited_for)
{
    for (unsigned stub = 0; stub < LOADER_COUNT; stub++) {
        bench_t b;
        start(&b, ESP_SIM_TIMING_SLOW, stub != 0);
        for (size_t i = 0; i < COUNT(sizes); i++) {
            for (size_t k = 0; k < COUNT(offsets); k += test_row_step()) {
                assert_success(esp_loader_flash_erase_region(&b.loader, offsets[k], sizes[i]));
            }
        }
        assert_success(esp_loader_flash_erase(&b.loader));
        bench_close(&b);
    }
}

#ifndef ESP_LOADER_SMALL

/* The size that the id tells is not always the size of the part; the largest there is takes half an hour. */
TEST_CONNECTED_EACH(a_part_of_any_size_is_erased, 8u,
                    (bench_t){.config = {.timing = ESP_SIM_TIMING_SLOW,
                                         .flash_size = 1u << (20 + i),
                                         .accepts_any_stub = true},
                              .target_loader = STUB})
{
    assert_success(esp_loader_flash_erase(&b->loader));
}

/* What follows a write meets a stub that still writes: whatever it is. */
TEST(whatever_follows_a_block_waits_for_it)
{
    enum { MD5, READ, ERASE, REGISTER, BEGIN, LAST };
    for (int what = MD5; what < LAST; what++) {
        bench_t b;
        static uint8_t buf[8192];
        uint8_t md5[ESP_LOADER_MD5_SIZE];
        uint32_t value;
        start(&b, ESP_SIM_TIMING_SLOW, true);
        uint8_t *data = make(ZEROS, 131072);
        stream_t stream = bench_deflate(data, 131072);
        assert_in_range(stream.size, 1, 16384);
        esp_loader_flash_deflate_cfg_t cfg = {
            .offset = 0x11000, .image_size = 131072, .compressed_size = stream.size, .block_size = 16384};
        assert_success(bench_send_deflated(&b, &cfg, stream.bytes));
        esp_loader_flash_cfg_t next = {.offset = 0x100000, .image_size = 4096, .block_size = 4096};
        esp_loader_error_t err = what == MD5     ? esp_loader_flash_md5(&b.loader, 0, 4096, md5)
                                 : what == READ  ? esp_loader_flash_read(&b.loader, buf, 0, sizeof(buf))
                                 : what == ERASE ? esp_loader_flash_erase_region(&b.loader, 0x200000, 4096)
                                 : what == BEGIN ? esp_loader_flash_start(&b.loader, &next)
                                                 : esp_loader_read_register(&b.loader, 0x60007044, &value);
        assert_success(err);
        assert_memory_equal(esp_sim_flash(b.sim) + 0x11000, data, 131072);
        free(stream.bytes);
        free(data);
        bench_close(&b);
    }
}

#endif
