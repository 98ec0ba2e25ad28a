/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "files/deflate_cache.h"
#include "test.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { SIZE = 300000, THREADS = 8 };

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
    deflate_cache_t *cache = deflate_cache_new();

    fill(1, 0x1F);
    static const uint32_t sizes[] = {100, 4096, SIZE};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        esp_loader_source_t deflated = get(cache, sizes[i]);
        assert_true(deflated.size > 0 && deflated.size < sizes[i]);
        assert_inflates_to_content(&deflated, sizes[i]);
    }
    deflate_cache_free(cache);
}

TEST(it_compresses_better_than_zlib)
{
    deflate_cache_t *cache = deflate_cache_new();
    uLongf size = compressBound(SIZE);
    uint8_t *out = malloc(size);

    assert_non_null(out);
    fill(1, 0x1F);
    assert_int_equal(compress2(out, &size, content, SIZE, 9), Z_OK);
    assert_true(get(cache, SIZE).size <= size);
    free(out);
    deflate_cache_free(cache);
}

TEST(what_does_not_get_smaller_has_no_stream)
{
    deflate_cache_t *cache = deflate_cache_new();

    fill(1, 0xFF);
    assert_int_equal(get(cache, SIZE).size, 0);
    assert_int_equal(get(cache, 1).size, 0);
    deflate_cache_free(cache);
}

TEST(the_same_content_is_compressed_once)
{
    deflate_cache_t *cache = deflate_cache_new();

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

TEST(an_error_of_read_is_passed_on)
{
    deflate_cache_t *cache = deflate_cache_new();
    const esp_loader_source_t source = {fail_to_read, NULL, 100};
    const esp_loader_deflater_t deflater = deflate_cache_deflater(cache);
    esp_loader_source_t deflated;

    assert_int_equal(deflater.deflate(deflater.ctx, &source, &deflated), ESP_LOADER_ERROR_IO);
    assert_int_equal(deflated.size, 0);
    deflate_cache_free(cache);
}

TEST(images_are_compressed_in_the_background)
{
    deflate_cache_t *cache = deflate_cache_new();
    const esp_loader_image_t images[] = {{.source = {esp_loader_read_memory, content, SIZE}},
                                         {.source = {fail_to_read, NULL, 100}},
                                         {.source = {esp_loader_read_memory, content, 4096}}};

    fill(1, 0x1F);
    deflate_cache_begin(cache, images, 3);
    deflate_cache_begin(cache, images, 3); /* once is enough */
    esp_loader_source_t deflated = get(cache, SIZE);
    assert_inflates_to_content(&deflated, SIZE);
    deflate_cache_free(cache);
    cache = deflate_cache_new();
    deflate_cache_begin(cache, images, 3);
    deflate_cache_free(cache); /* while it works */
    deflate_cache_free(NULL);
}

static void *ask(void *ctx)
{
    return get(ctx, SIZE).ctx;
}

TEST(several_boards_share_one_stream)
{
    deflate_cache_t *cache = deflate_cache_new();
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
