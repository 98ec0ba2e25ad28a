/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A list of contents, known by MD5 and size. One thread compresses at a time; who asks for a content that is
 * being compressed waits for it.
 */
#define _GNU_SOURCE
#include "files/deflate_cache.h"

#include <libdeflate.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { BEST_LEVEL = 12 };

/** Bytes kept at most; what comes later is sent as it is. More than any one set of images. */
static const size_t CAPACITY = (size_t)256 << 20;

typedef struct entry entry_t;

struct entry {
    entry_t *next;
    uint8_t digest[ESP_LOADER_MD5_SIZE];
    uint32_t size;          /* of the content */
    uint32_t deflated_size; /* 0: does not get smaller */
    uint8_t deflated[];
};

struct deflate_cache {
    pthread_mutex_t lock;
    entry_t *entries;
    size_t used;
    const esp_loader_image_t *images; /* of the thread */
    size_t count;
    pthread_t thread;
    bool has_thread;
    bool is_ending;
};

deflate_cache_t *deflate_cache_new(void)
{
    deflate_cache_t *cache = calloc(1, sizeof(*cache));

    if (cache != NULL && pthread_mutex_init(&cache->lock, NULL) != 0) {
        free(cache);
        return NULL;
    }
    return cache;
}

static entry_t *find(const deflate_cache_t *cache, const uint8_t *digest, uint32_t size)
{
    entry_t *entry = cache->entries;

    while (entry != NULL &&
           (entry->size != size || memcmp(entry->digest, digest, sizeof(entry->digest)) != 0)) {
        entry = entry->next;
    }
    return entry;
}

/** Compresses @p bytes into a new entry; NULL when there is no memory. */
static entry_t *compress(const uint8_t *bytes, uint32_t size)
{
    struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(BEST_LEVEL);
    entry_t *entry = malloc(sizeof(*entry) + size);

    if (compressor == NULL || entry == NULL) {
        libdeflate_free_compressor(compressor);
        free(entry);
        return NULL;
    }
    size_t deflated = libdeflate_zlib_compress(compressor, bytes, size, entry->deflated, size - 1);
    libdeflate_free_compressor(compressor);
    entry->size = size;
    entry->deflated_size = (uint32_t)deflated; /* 0 when it did not fit */
    entry_t *trimmed = realloc(entry, sizeof(*entry) + deflated);
    return trimmed != NULL ? trimmed : entry;
}

/** The entry of @p bytes, made if there is none; NULL: cannot be had. */
static const entry_t *get(deflate_cache_t *cache, const uint8_t *bytes, uint32_t size)
{
    uint8_t digest[ESP_LOADER_MD5_SIZE];
    esp_loader_md5_t md5;

    esp_loader_md5_init(&md5);
    esp_loader_md5_update(&md5, bytes, size);
    esp_loader_md5_finish(&md5, digest);
    pthread_mutex_lock(&cache->lock);
    entry_t *entry = find(cache, digest, size);
    if (entry == NULL && cache->used < CAPACITY) {
        entry = compress(bytes, size);
        if (entry != NULL) {
            memcpy(entry->digest, digest, sizeof(digest));
            entry->next = cache->entries;
            cache->entries = entry;
            cache->used += sizeof(*entry) + entry->deflated_size;
        }
    }
    pthread_mutex_unlock(&cache->lock);
    return entry;
}

static esp_loader_error_t deflate(void *ctx, const esp_loader_source_t *content,
                                  esp_loader_source_t *out_deflated)
{
    uint8_t *bytes = malloc(content->size);

    *out_deflated = (esp_loader_source_t){0};
    if (bytes == NULL) {
        return ESP_LOADER_SUCCESS; /* goes as it is */
    }
    esp_loader_error_t error = content->read(content->ctx, 0, bytes, content->size);
    const entry_t *entry = error == ESP_LOADER_SUCCESS ? get(ctx, bytes, content->size) : NULL;
    free(bytes);
    if (entry != NULL) {
        union {
            const uint8_t *bytes;
            void *ctx;
        } stream = {entry->deflated}; /* esp_loader_read_memory() only reads */
        *out_deflated = (esp_loader_source_t){esp_loader_read_memory, stream.ctx, entry->deflated_size};
    }
    return error;
}

esp_loader_deflater_t deflate_cache_deflater(deflate_cache_t *cache)
{
    return (esp_loader_deflater_t){.deflate = deflate, .ctx = cache};
}

/* ---- in the background ---- */

static bool is_ending(deflate_cache_t *cache)
{
    pthread_mutex_lock(&cache->lock);
    bool result = cache->is_ending;
    pthread_mutex_unlock(&cache->lock);
    return result;
}

/** A failure here shows when the plan asks. */
static void *compress_images(void *ctx)
{
    deflate_cache_t *cache = ctx;

    for (size_t i = 0; i < cache->count && !is_ending(cache); i++) {
        esp_loader_source_t unused;
        (void)deflate(cache, &cache->images[i].source, &unused);
    }
    return NULL;
}

void deflate_cache_begin(deflate_cache_t *cache, const esp_loader_image_t *images, size_t count)
{
    if (cache->has_thread) {
        return;
    }
    cache->images = images;
    cache->count = count;
    cache->has_thread = pthread_create(&cache->thread, NULL, compress_images, cache) == 0;
}

void deflate_cache_free(deflate_cache_t *cache)
{
    if (cache == NULL) {
        return;
    }
    pthread_mutex_lock(&cache->lock);
    cache->is_ending = true;
    pthread_mutex_unlock(&cache->lock);
    if (cache->has_thread) {
        pthread_join(cache->thread, NULL);
    }
    while (cache->entries != NULL) {
        entry_t *entry = cache->entries;
        cache->entries = entry->next;
        free(entry);
    }
    pthread_mutex_destroy(&cache->lock);
    free(cache);
}
