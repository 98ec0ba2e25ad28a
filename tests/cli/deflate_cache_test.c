/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "files/deflate_cache.h"
#include "test.h"

#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { SIZE = 300000, LARGE_SIZE = 2 << 20, THREADS = 8 };

static uint8_t content[SIZE];

/* Text-like or incompressible. */
static void fill(uint32_t seed, uint8_t mask)
{
    for (size_t i = 0; i < SIZE; i++) {
        seed = seed * 1664525u + 1013904223u;
        content[i] = (uint8_t)((seed >> 24) & mask);
    }
}

static esp_loader_source_t get(deflate_cache_t *cache, uint32_t size)
{
    const esp_loader_source_t source = {esp_loader_read_memory, content, size};
    const esp_loader_deflater_t deflater = deflate_cache_deflater(cache);
    esp_loader_source_t deflated = {0};

    assert_int_equal(deflater.deflate(deflater.ctx, &source, &deflated), ESP_LOADER_SUCCESS);
    return deflated;
}

static void assert_inflates_to_content(const esp_loader_source_t *deflated, uint32_t size)
{
    uint8_t *stream = malloc(deflated->size);
    uint8_t *out = malloc(size);
    uLongf out_size = size;

    assert_true(stream != NULL && out != NULL);
    assert_int_equal(deflated->read(deflated->ctx, 0, stream, deflated->size), ESP_LOADER_SUCCESS);
    assert_int_equal(uncompress(out, &out_size, stream, deflated->size), Z_OK);
    assert_int_equal(out_size, size);
    assert_memory_equal(out, content, size);
    free(out);
    free(stream);
}

TEST(streams_inflate_to_what_they_were_made_of)
{
    deflate_cache_t *cache = deflate_cache_new(NULL);

    fill(1, 0x1F);
    static const uint32_t sizes[] = {100, 4096, SIZE};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        esp_loader_source_t deflated = get(cache, sizes[i]);
        assert_true(deflated.size > 0 && deflated.size < sizes[i]);
        assert_inflates_to_content(&deflated, sizes[i]);
    }
    deflate_cache_free(cache);
}

TEST(it_compresses_nearly_as_well_as_zlib_can)
{
    deflate_cache_t *cache = deflate_cache_new(NULL);
    uLongf size = compressBound(SIZE);
    uint8_t *out = malloc(size);

    assert_non_null(out);
    fill(1, 0x1F);
    assert_int_equal(compress2(out, &size, content, SIZE, 9), Z_OK);
    assert_true(get(cache, SIZE).size <= size + size / 200);
    free(out);
    deflate_cache_free(cache);
}

TEST(what_does_not_get_smaller_has_no_stream)
{
    deflate_cache_t *cache = deflate_cache_new(NULL);

    fill(1, 0xFF);
    assert_int_equal(get(cache, SIZE).size, 0);
    assert_int_equal(get(cache, 1).size, 0);
    deflate_cache_free(cache);
}

TEST(the_same_content_is_compressed_once)
{
    deflate_cache_t *cache = deflate_cache_new(NULL);

    fill(1, 0x1F);
    void *first = get(cache, SIZE).ctx;
    assert_ptr_equal(get(cache, SIZE).ctx, first);
    content[SIZE - 1] ^= 1;
    esp_loader_source_t other = get(cache, SIZE);
    assert_ptr_not_equal(other.ctx, first);
    assert_inflates_to_content(&other, SIZE);
    content[SIZE - 1] ^= 1;
    assert_ptr_equal(get(cache, SIZE).ctx, first);
    deflate_cache_free(cache);
}

static esp_loader_error_t fail_to_read(void *ctx, uint32_t offset, void *buf, size_t size)
{
    (void)ctx;
    (void)offset;
    (void)buf;
    (void)size;
    return ESP_LOADER_ERROR_IO;
}

/** Each time another last byte. */
static esp_loader_error_t read_changing(void *ctx, uint32_t offset, void *buf, size_t size)
{
    (void)ctx;
    content[SIZE - 1] ^= offset + size == SIZE ? 1 : 0;
    return esp_loader_read_memory(content, offset, buf, size);
}

TEST(an_error_of_read_is_passed_on)
{
    deflate_cache_t *cache = deflate_cache_new(NULL);
    const esp_loader_source_t source = {fail_to_read, NULL, 100};
    const esp_loader_deflater_t deflater = deflate_cache_deflater(cache);
    esp_loader_source_t deflated;

    assert_int_equal(deflater.deflate(deflater.ctx, &source, &deflated), ESP_LOADER_ERROR_IO);
    assert_int_equal(deflated.size, 0);
    deflate_cache_free(cache);
}

/* ---- what it costs ---- */

/** Content that is made as it is read. */
typedef struct {
    uint32_t mask;
    uint32_t text_start; /* from here on all bytes are the same */
    uint64_t read_bytes;
} made_t;

static esp_loader_error_t read_made(void *ctx, uint32_t offset, void *buf, size_t size)
{
    made_t *made = ctx;

    for (size_t i = 0; i < size; i++) {
        uint32_t at = (uint32_t)(offset + i);
        uint32_t mixed = (at ^ at >> 15) * 0x2C1B3C6Du;
        mixed = (mixed ^ mixed >> 12) * 0x297A2D39u;
        ((uint8_t *)buf)[i] = at >= made->text_start ? 'x' : (uint8_t)((mixed ^ mixed >> 15) & made->mask);
    }
    made->read_bytes += size;
    return ESP_LOADER_SUCCESS;
}

static uint32_t size_made(deflate_cache_t *cache, made_t *made, uint32_t size)
{
    const esp_loader_source_t source = {read_made, made, size};
    const esp_loader_deflater_t deflater = deflate_cache_deflater(cache);
    esp_loader_source_t deflated = {0};

    assert_int_equal(deflater.deflate(deflater.ctx, &source, &deflated), ESP_LOADER_SUCCESS);
    return deflated.size;
}

TEST(what_does_not_shrink_is_found_out_soon)
{
    deflate_cache_t *cache = deflate_cache_new(NULL);
    made_t made = {.mask = 0xFF, .text_start = UINT32_MAX};

    assert_int_equal(size_made(cache, &made, LARGE_SIZE), 0);
    assert_in_range(made.read_bytes, LARGE_SIZE, LARGE_SIZE + 256 * 1024); /* its MD5, and samples */
    made.read_bytes = 0;
    assert_int_equal(size_made(cache, &made, LARGE_SIZE), 0);
    assert_int_equal(made.read_bytes, LARGE_SIZE); /* it is known */

    made = (made_t){.mask = 0xFF, .text_start = LARGE_SIZE / 4 * 3}; /* a part of it does */
    assert_in_range(size_made(cache, &made, LARGE_SIZE), LARGE_SIZE / 4 * 3, LARGE_SIZE / 5 * 4);
    deflate_cache_free(cache);
}

static bool is_counting;
static size_t heap_size; /* of what cache and zlib have taken since */
static size_t heap_peak;

static void count(const void *memory, bool is_freed)
{
    const size_t size = is_counting ? malloc_usable_size((void *)(uintptr_t)memory) : 0;

    heap_size = is_freed ? heap_size - size : heap_size + size;
    heap_peak = heap_size > heap_peak ? heap_size : heap_peak;
}

void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void __real_free(void *memory);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);
void __wrap_free(void *memory);

void *__wrap_calloc(size_t number, size_t size)
{
    void *memory = __real_calloc(number, size);
    count(memory, false);
    return memory;
}

void *__wrap_realloc(void *memory, size_t size)
{
    count(memory, true);
    void *moved = __real_realloc(memory, size);
    count(moved, false);
    return moved;
}

void __wrap_free(void *memory)
{
    count(memory, true);
    __real_free(memory);
}

TEST(memory_is_that_of_the_stream_whatever_the_image)
{
    static const uint32_t masks[] = {0x01, 0x0F, 0x3F, 0x7F};

    for (size_t i = 0; i < sizeof(masks) / sizeof(masks[0]); i++) {
        deflate_cache_t *cache = deflate_cache_new(NULL);
        made_t made = {.mask = masks[i], .text_start = UINT32_MAX};

        heap_size = 0;
        heap_peak = 0;
        is_counting = true;
        const uint32_t deflated_size = size_made(cache, &made, LARGE_SIZE);
        is_counting = false;
        assert_in_range(deflated_size, 1, LARGE_SIZE);
        assert_in_range(heap_peak, deflated_size, deflated_size + 512 * 1024);
        assert_in_range(heap_size, deflated_size, deflated_size + 4096); /* kept */
        deflate_cache_free(cache);
    }
}

static uint64_t asked;

static bool is_third_time(void *ctx)
{
    (void)ctx;
    return ++asked >= 3 + LARGE_SIZE / 32768;
}

TEST(it_stops_when_the_tool_is_to_end)
{
    deflate_cache_t *cache = deflate_cache_new(is_third_time);
    made_t made = {.mask = 0x0F, .text_start = UINT32_MAX};

    asked = 0;
    assert_int_equal(size_made(cache, &made, LARGE_SIZE), 0);
    assert_in_range(made.read_bytes, LARGE_SIZE, LARGE_SIZE + 3 * 32768);
    assert_int_equal(size_made(cache, &made, LARGE_SIZE), 0); /* and begins no more */
    assert_in_range(made.read_bytes, LARGE_SIZE, LARGE_SIZE + 3 * 32768);
    deflate_cache_free(cache);
}

TEST(content_that_changes_while_it_is_compressed_has_no_stream)
{
    deflate_cache_t *cache = deflate_cache_new(NULL);
    const esp_loader_source_t source = {read_changing, NULL, SIZE};
    const esp_loader_deflater_t deflater = deflate_cache_deflater(cache);
    esp_loader_source_t deflated;

    fill(1, 0x1F);
    assert_int_equal(deflater.deflate(deflater.ctx, &source, &deflated), ESP_LOADER_SUCCESS);
    assert_int_equal(deflated.size, 0);
    deflate_cache_free(cache);
}

static void *ask(void *ctx)
{
    return get(ctx, SIZE).ctx;
}

TEST(several_boards_share_one_stream)
{
    deflate_cache_t *cache = deflate_cache_new(NULL);
    pthread_t threads[THREADS];
    void *first = NULL;

    fill(1, 0x1F);
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, ask, cache), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        void *stream = NULL;
        assert_int_equal(pthread_join(threads[i], &stream), 0);
        first = i == 0 ? stream : first;
        assert_ptr_equal(stream, first);
    }
    deflate_cache_free(cache);
}
