/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * eFuses as the 2.1 API reads them, on every chip.
 */
#include "esp_loader_efuse.h"

#include <string.h>

#include "efuse/esp32s3/esp_loader_efuse_table.h"
#include "operations.h"

enum { MAX_BLOCKS = 11 };

/* Offsets of the blocks, their words, and the bits of BLOCK0 that protect them from being read. Source: register
 * headers of ESP-IDF. */
typedef struct {
    uint32_t offset;
    unsigned words, rd_dis;
} block_t;

typedef struct {
    target_chip_t chip;
    uint32_t base;
    unsigned count;
    const block_t *blocks;
} layout_t;

static const block_t esp32[] = {{0x00, 7, 0}, {0x38, 8, 16}, {0x58, 8, 17}, {0x78, 8, 18}};
static const block_t esp32c2[] = {{0x2C, 2, 0}, {0x34, 3, 0}, {0x40, 8, 0}, {0x60, 8, 32}};
static const block_t later[] = {{0x2C, 6, 0},   {0x44, 6, 0},   {0x5C, 8, 0},  {0x7C, 8, 0},
                                {0x9C, 8, 32},  {0xBC, 8, 33},  {0xDC, 8, 34}, {0xFC, 8, 35},
                                {0x11C, 8, 36}, {0x13C, 8, 37}, {0x15C, 8, 38}};

static const block_t esp32h21[] = {{0x2C, 6, 0},   {0x44, 6, 0},   {0x5C, 8, 0},  {0x7C, 8, 0},
                                   {0x9C, 8, 32},  {0xBC, 8, 33},  {0xDC, 8, 34}, {0xFC, 8, 35},
                                   {0x11C, 8, 36}, {0x13C, 8, 37}, {0x15C, 8, 0}};
static const block_t esp32s31[] = {{0x2C, 9, 0},   {0x50, 6, 0},  {0x68, 8, 0},  {0x88, 8, 0},
                                   {0xA8, 8, 32},  {0xC8, 8, 33}, {0xE8, 8, 34}, {0x108, 8, 35},
                                   {0x128, 8, 36}, {0x148, 8, 37}};

static const layout_t layouts[] = {
    {ESP32_CHIP, 0x3FF5A000, 4, esp32},        {ESP32S2_CHIP, 0x3F41A000, 11, later},
    {ESP32C3_CHIP, 0x60008800, 11, later},     {ESP32S3_CHIP, 0x60007000, 11, later},
    {ESP32C2_CHIP, 0x60008800, 4, esp32c2},    {ESP32C5_CHIP, 0x600B4800, 11, later},
    {ESP32H2_CHIP, 0x600B0800, 11, later},     {ESP32C6_CHIP, 0x600B0800, 11, later},
    {ESP32P4_CHIP, 0x5012D000, 11, later},     {ESP32C61_CHIP, 0x600B4800, 11, later},
    {ESP32S31_CHIP, 0x20715000, 10, esp32s31}, {ESP32H21_CHIP, 0x600B4000, 11, esp32h21},
    {ESP32H4_CHIP, 0x600B1800, 11, later},
};

static const layout_t *layout_of(target_chip_t chip)
{
    for (size_t i = 0; i < COUNT(layouts); i++) {
        if (layouts[i].chip == chip) {
            return &layouts[i];
        }
    }
    return NULL;
}

/* The ROM does not answer, or reads no registers, with this bit of BLOCK0. */
static bool ends_download(const layout_t *layout, unsigned bit)
{
    return layout->blocks == esp32 ? bit == 27 : layout->blocks == esp32c2 && (bit == 46 || bit == 48);
}

/* Each chip with each loader. */
static const chip_t *chip_of(size_t i)
{
    return &chips[i % chip_count];
}

static bench_t bench_of(size_t i)
{
    bench_t bench = bench_for(chip_of(i), ESP_SIM_WIRING_BRIDGE);
    bench.target_loader = i < chip_count ? ROM : STUB;
    return bench;
}

#define TEST_CHIPS(name) TEST_CONNECTED_EACH(name, LOADER_COUNT *chip_count, bench_of(i))

TEST_CHIPS(each_word_of_each_block_is_read_where_it_is)
{
    const layout_t *layout = layout_of(chip_of(i)->chip);
    esp_loader_efuse_image_t image;
    esp_loader_efuse_block_t block;
    if (layout == NULL) {
        assert_int_equal(chip_of(i)->chip, ESP8266_CHIP);
        assert_int_equal(esp_loader_efuse_read_block(&b->loader, 0, &block),
                         ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
        assert_int_equal(esp_loader_efuse_read_image(&b->loader, &image), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
        return;
    }
    for (unsigned n = 0; n < layout->count; n++) {
        for (unsigned word = 0; word < layout->blocks[n].words; word++) {
            const uint32_t value = n == 0 ? 0 : 0x01010101u * (16 * n + word);
            esp_sim_poke(b->sim, layout->base + layout->blocks[n].offset + 4 * word, value);
        }
    }
    assert_success(esp_loader_efuse_read_image(&b->loader, &image));
    assert_int_equal(image.block_count, layout->count);
    for (unsigned n = 0; n < layout->count; n++) {
        assert_success(esp_loader_efuse_read_block(&b->loader, (uint8_t)n, &block));
        assert_memory_equal(&block, &image.blocks[n], sizeof(block));
        assert_int_equal(block.block, n);
        assert_int_equal(block.word_count, layout->blocks[n].words);
        assert_int_equal(block.read_protected_word_mask, 0);
        for (unsigned word = 0; word < ESP_LOADER_EFUSE_MAX_WORDS_PER_BLOCK; word++) {
            const bool is_there = n != 0 && word < layout->blocks[n].words;
            assert_int_equal(block.words[word], is_there ? 0x01010101u * (16 * n + word) : 0);
        }
    }
    assert_int_equal(esp_loader_efuse_read_block(&b->loader, (uint8_t)layout->count, &block),
                     ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_efuse_read_block(&b->loader, 255, &block), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_efuse_read_block(&b->loader, 0, NULL), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_efuse_read_image(&b->loader, NULL), ESP_LOADER_ERROR_INVALID_PARAM);
}

TEST_CHIPS(each_bit_of_read_protection_is_shown_at_its_words_alone)
{
    const layout_t *layout = layout_of(chip_of(i)->chip);
    esp_loader_efuse_image_t image;
    for (unsigned bit = layout == NULL ? 64 : 0; bit < 64; bit++) {
        const uint32_t at = layout->base + layout->blocks[0].offset;
        if (ends_download(layout, bit)) {
            continue;
        }
        esp_sim_poke(b->sim, at, bit < 32 ? 1u << bit : 0);
        esp_sim_poke(b->sim, at + 4, bit < 32 ? 0 : 1u << (bit - 32));
        assert_success(esp_loader_efuse_read_image(&b->loader, &image));
        for (unsigned n = 0; n < layout->count; n++) {
            const unsigned first = layout->blocks[n].rd_dis;
            unsigned mask = first != 0 && bit == first ? 0xFF : 0;
            if (layout->blocks == esp32c2 && n == 3) { /* its key has a bit for each half */
                mask = bit == 32 ? 0x0F : bit == 33 ? 0xF0 : 0;
            }
            assert_int_equal(image.blocks[n].read_protected_word_mask, mask);
        }
    }
}

/* ---- fields ---- */

static const esp_sim_config_t s3 = {.chip = "esp32s3",
                                    .timing = ESP_SIM_TIMING_FAST,
                                    .efuses = {{0x60007034, 0x5u << 18}, /* SPI_BOOT_CRYPT_CNT */
                                               {0x6000705C, 0x80000001}, /* OPTIONAL_UNIQUE_ID */
                                               {0x60007068, 0x12345678}}};

TEST_CONNECTED(fields_are_read_into_bytes_lowest_bit_first, (bench_t){.config = s3})
{
    uint8_t bytes[18];
    static const uint8_t unique_id[17] = {0x01, 0x00, 0x00, 0x80, [12] = 0x78, 0x56, 0x34, 0x12, 0xAA};
    memset(bytes, 0xAA, sizeof(bytes));
    assert_success(esp_loader_efuse_read_field(&b->loader, ESP32S3_EFUSE_MAC, bytes, 48));
    assert_memory_equal(bytes, esp_sim_mac(b->sim), 6); /* its runs are those of the printed order */
    assert_int_equal(bytes[6], 0xAA);
    assert_success(esp_loader_efuse_read_field(&b->loader, ESP32S3_EFUSE_SPI_BOOT_CRYPT_CNT, bytes, 3));
    assert_int_equal(bytes[0], 5);
    memset(bytes, 0xAA, sizeof(bytes));
    assert_success(esp_loader_efuse_read_field(&b->loader, ESP32S3_EFUSE_OPTIONAL_UNIQUE_ID, bytes, 128));
    assert_memory_equal(bytes, unique_id, sizeof(unique_id));
}

TEST_CONNECTED(destination_of_another_size_takes_what_fits_and_the_rest_is_zero, (bench_t){.config = s3})
{
    uint8_t bytes[4];
    memset(bytes, 0xAA, sizeof(bytes));
    assert_success(esp_loader_efuse_read_field(&b->loader, ESP32S3_EFUSE_MAC, bytes, 11));
    assert_int_equal(bytes[0], esp_sim_mac(b->sim)[0]);
    assert_int_equal(bytes[1], esp_sim_mac(b->sim)[1] & 7);
    assert_int_equal(bytes[2], 0xAA);
    memset(bytes, 0xAA, sizeof(bytes));
    assert_success(esp_loader_efuse_read_field(&b->loader, ESP32S3_EFUSE_SPI_BOOT_CRYPT_CNT, bytes, 24));
    assert_int_equal(bytes[0], 5);
    assert_int_equal(bytes[1] | bytes[2], 0);
    assert_int_equal(bytes[3], 0xAA);
    assert_success(esp_loader_efuse_read_field(&b->loader, ESP32S3_EFUSE_MAC, bytes, 0));
    assert_int_equal(bytes[0], 5);
}

/* What answers like the register before it is asked for again, so no two are the same here. */
TEST_CONNECTED(words_are_read_once_each, BENCH(.chip = "esp32s3", .timing = ESP_SIM_TIMING_FAST,
                                               .efuses = {{0x6000709C, 1},
                                                          {0x600070A0, 2},
                                                          {0x600070A4, 3},
                                                          {0x600070A8, 4},
                                                          {0x600070AC, 5},
                                                          {0x600070B0, 6},
                                                          {0x600070B4, 7},
                                                          {0x600070B8, 8}}))
{
    uint8_t bytes[32];
    const uint64_t before = esp_sim_stats(b->sim)->commands;
    assert_success(esp_loader_efuse_read_field(&b->loader, ESP32S3_EFUSE_KEY0, bytes, 256));
    assert_int_equal(esp_sim_stats(b->sim)->commands - before, 8);
    for (unsigned word = 0; word < 8; word++) {
        assert_int_equal(bytes[4 * word], word + 1);
    }
}

/* Runs that do not fit the chip: of one word too many, of a block too many, and of which the end would wrap. */
static const esp_loader_efuse_desc_t good = {1, 0, 8};
static const esp_loader_efuse_desc_t bad[] = {{0, 191, 2},    {0, 192, 1},         {4, 1, 256},   {11, 0, 1},
                                              {0xFFFF, 0, 1}, {2, 0xFFFF, 0xFFFF}, {2, 0xFFFF, 1}};

TEST_CONNECTED_EACH(runs_outside_the_blocks_are_refused_before_anything_is_read, COUNT(bad),
                    (bench_t){.config = s3})
{
    uint8_t bytes[4] = {0xAA, 0xAA};
    const esp_loader_efuse_desc_t *field[] = {&good, &bad[i], NULL};
    const uint64_t before = esp_sim_stats(b->sim)->commands;
    assert_int_equal(esp_loader_efuse_read_field(&b->loader, field, bytes, 8),
                     ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_sim_stats(b->sim)->commands, before);
    assert_int_equal(bytes[0], 0xAA);
}

TEST_CONNECTED(what_is_not_given_is_refused, (bench_t){.config = s3})
{
    uint8_t byte;
    assert_int_equal(esp_loader_efuse_read_field(&b->loader, NULL, &byte, 8), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_efuse_read_field(&b->loader, ESP32S3_EFUSE_MAC, NULL, 8),
                     ESP_LOADER_ERROR_INVALID_PARAM);
}

TEST_CONNECTED(lost_register_ends_it, (bench_t){.config = s3})
{
    esp_loader_efuse_image_t image;
    bench_faults(b, "at command 20 of 0x0A: disconnect");
    assert_int_equal(esp_loader_efuse_read_image(&b->loader, &image), ESP_LOADER_ERROR_DISCONNECTED);
}

TEST_CONNECTED(secure_download_mode_lets_nothing_be_read,
               BENCH(.chip = "esp32s3", .timing = ESP_SIM_TIMING_FAST, .is_secure_download = true))
{
    esp_loader_efuse_image_t image;
    uint8_t byte;
    const uint64_t before = esp_sim_stats(b->sim)->commands;
#define REFUSED(call)                                                                                        \
    do {                                                                                                     \
        assert_int_equal(call, ESP_LOADER_ERROR_UNSUPPORTED_FUNC);                                           \
        assert_int_equal(bench_cause(b), ESP_LOADER_ERROR_SECURITY);                                         \
    } while (0)
    REFUSED(esp_loader_efuse_read_block(&b->loader, 0, &image.blocks[0]));
    REFUSED(esp_loader_efuse_read_image(&b->loader, &image));
    REFUSED(esp_loader_efuse_read_field(&b->loader, ESP32S3_EFUSE_MAC, &byte, 8));
#undef REFUSED
    assert_int_equal(esp_sim_stats(b->sim)->commands, before);
}

TEST_OPEN(nothing_is_read_without_a_connection, (bench_t){.config = s3})
{
    esp_loader_efuse_image_t image;
    uint8_t byte;
    assert_int_equal(esp_loader_efuse_read_block(&b->loader, 0, &image.blocks[0]),
                     ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(bench_cause(b), ESP_LOADER_ERROR_NOT_CONNECTED);
    assert_int_equal(esp_loader_efuse_read_image(&b->loader, &image), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_efuse_read_field(&b->loader, ESP32S3_EFUSE_MAC, &byte, 8),
                     ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(b->port.base.writes, 0);
}
