/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A list of contents, known by MD5 and size. One thread compresses at a time; who asks for a content that is
 * being compressed waits for it. Contents are read piece by piece, never as a whole.
 */
#define _GNU_SOURCE
#include "files/deflate_cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum {
    PIECE_SIZE = 32 * 1024,
    WINDOW_BITS = 15, /* what a stub inflates with */
    MEMORY_LEVEL = 8, /* zlib's own default */
    LEVEL = 7,        /* 0.3 % above the best of firmware, in half the time; where it matters, in a tenth */
    SAMPLES = 8,      /* pieces that are tried of a content that has many */
    SAVED_SHARE = 32, /* they have to get smaller by one in so many bytes */
};

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
    bool (*is_cancelled)(void *ctx);
};

/** A content that is being compressed. */
typedef struct {
    const deflate_cache_t *cache;
    const esp_loader_source_t *content;
    esp_loader_error_t error; /* of reading it */
    z_stream stream;
    entry_t *entry;  /* NULL: there is none */
    size_t capacity; /* for its stream */
    uint8_t piece[PIECE_SIZE];
} job_t;

deflate_cache_t *deflate_cache_new(bool (*is_cancelled)(void *ctx))
{
    deflate_cache_t *cache = calloc(1, sizeof(*cache));

    if (cache != NULL && pthread_mutex_init(&cache->lock, NULL) != 0) {
        free(cache);
        return NULL;
    }
    if (cache != NULL) {
        cache->is_cancelled = is_cancelled;
    }
    return cache;
}

static bool is_cancelled(const deflate_cache_t *cache)
{
    return cache->is_cancelled != NULL && cache->is_cancelled(NULL);
}

/** Brings the piece at @p offset; its size, or 0 when it cannot be read or nobody wants it any more. */
static uint32_t read_piece(job_t *job, uint32_t offset)
{
    const esp_loader_source_t *content = job->content;
    const uint32_t left = content->size - offset;
    const uint32_t size = left < PIECE_SIZE ? left : PIECE_SIZE;

    if (is_cancelled(job->cache)) {
        return 0;
    }
    job->error = content->read(content->ctx, offset, job->piece, size);
    return job->error == ESP_LOADER_SUCCESS ? size : 0;
}

static bool hash(job_t *job, uint8_t out_digest[ESP_LOADER_MD5_SIZE])
{
    esp_loader_md5_t md5;

    esp_loader_md5_init(&md5);
    for (uint32_t done = 0, size; done < job->content->size; done += size) {
        size = read_piece(job, done);
        if (size == 0) {
            return false;
        }
        esp_loader_md5_update(&md5, job->piece, size);
    }
    esp_loader_md5_finish(&md5, out_digest);
    return true;
}

/* ---- compressing ---- */

/* zlib's own are not seen by the test that counts memory. */
static voidpf allocate(voidpf ctx, uInt count, uInt size)
{
    (void)ctx;
    return calloc(count, size);
}

static void release(voidpf ctx, voidpf memory)
{
    (void)ctx;
    free(memory);
}

static bool begin_stream(job_t *job, int level)
{
    job->stream = (z_stream){.zalloc = allocate, .zfree = release};
    return deflateInit2(&job->stream, level, Z_DEFLATED, WINDOW_BITS, MEMORY_LEVEL, Z_DEFAULT_STRATEGY) ==
           Z_OK;
}

/** Compresses the first half of pieces from all over the content, quickly, each on its own. false: that is not worth
 * the time it takes, or cannot be found out. */
static bool shrinks(job_t *job)
{
    static const uint32_t size = PIECE_SIZE / 2;
    const uint32_t step = job->content->size / SAMPLES;
    uint32_t deflated_size = 0;

    if (step < PIECE_SIZE) {
        return true;
    }
    if (!begin_stream(job, Z_BEST_SPEED)) {
        return false;
    }
    bool is_read = true;
    for (uint32_t i = 0; i < SAMPLES && is_read; i++) {
        is_read = read_piece(job, i * step) != 0;
        job->stream.next_in = job->piece;
        job->stream.avail_in = size;
        job->stream.next_out = job->piece + size;
        job->stream.avail_out = size;
        const bool is_smaller = is_read && deflate(&job->stream, Z_FINISH) == Z_STREAM_END;
        deflated_size += is_smaller ? size - job->stream.avail_out : size;
        (void)deflateReset(&job->stream);
    }
    (void)deflateEnd(&job->stream);
    return is_read && deflated_size < SAMPLES * (size - size / SAVED_SHARE);
}

/** Room for another piece of the stream. */
static bool make_room(job_t *job)
{
    entry_t *entry = realloc(job->entry, sizeof(*entry) + job->capacity + PIECE_SIZE);

    if (entry == NULL) {
        return false;
    }
    job->entry = entry;
    job->stream.next_out = entry->deflated + job->capacity;
    job->stream.avail_out = PIECE_SIZE;
    job->capacity += PIECE_SIZE;
    return true;
}

/** Compresses the piece that has been read, and what is left if it is the last one. false: there is no memory, or the
 * stream is no smaller than the content. */
static bool add_piece(job_t *job, uint32_t size, bool is_last)
{
    const int flush = is_last ? Z_FINISH : Z_NO_FLUSH;
    int result = Z_OK;

    job->stream.next_in = job->piece;
    job->stream.avail_in = size;
    do {
        if (job->stream.avail_out == 0 && !make_room(job)) {
            return false;
        }
        result = deflate(&job->stream, flush);
    } while (result == Z_OK && job->stream.avail_out == 0);
    return job->stream.total_out < job->content->size && (!is_last || result == Z_STREAM_END);
}

/** Compresses the content, whose MD5 is @p digest, to job->entry. false: it is not that content any more, or the same as
 * of add_piece(). */
static bool make_stream(job_t *job, const uint8_t *digest)
{
    const uint32_t size = job->content->size;
    uint8_t now[ESP_LOADER_MD5_SIZE];
    esp_loader_md5_t md5;
    bool is_good = true;

    esp_loader_md5_init(&md5);
    for (uint32_t done = 0, piece; done < size && is_good; done += piece) {
        piece = read_piece(job, done);
        esp_loader_md5_update(&md5, job->piece, piece);
        is_good = piece != 0 && add_piece(job, piece, done + piece == size);
    }
    esp_loader_md5_finish(&md5, now);
    return is_good && memcmp(now, digest, sizeof(now)) == 0;
}

/** The entry of the content, without a stream where that is not smaller; NULL when there is no memory, or nobody wants it
 * any more. */
static entry_t *make_entry(job_t *job, const uint8_t *digest)
{
    uint32_t deflated_size = 0;

    if (shrinks(job) && begin_stream(job, LEVEL)) {
        deflated_size = make_stream(job, digest) ? (uint32_t)job->stream.total_out : 0;
        (void)deflateEnd(&job->stream);
    }
    entry_t *entry = job->error == ESP_LOADER_SUCCESS && !is_cancelled(job->cache)
                         ? realloc(job->entry, sizeof(*entry) + deflated_size)
                         : NULL;
    if (entry == NULL) {
        free(job->entry);
        return NULL;
    }
    memcpy(entry->digest, digest, sizeof(entry->digest));
    entry->size = job->content->size;
    entry->deflated_size = deflated_size;
    return entry;
}

/* ---- the cache ---- */

static entry_t *find(const deflate_cache_t *cache, const uint8_t *digest, uint32_t size)
{
    entry_t *entry = cache->entries;

    while (entry != NULL &&
           (entry->size != size || memcmp(entry->digest, digest, sizeof(entry->digest)) != 0)) {
        entry = entry->next;
    }
    return entry;
}

/** The entry of the content, made if there is none; NULL: cannot be had. */
static const entry_t *get(deflate_cache_t *cache, job_t *job)
{
    uint8_t digest[ESP_LOADER_MD5_SIZE];

    if (!hash(job, digest)) {
        return NULL;
    }
    pthread_mutex_lock(&cache->lock);
    entry_t *entry = find(cache, digest, job->content->size);
    if (entry == NULL && cache->used < CAPACITY) {
        entry = make_entry(job, digest);
        if (entry != NULL) {
            entry->next = cache->entries;
            cache->entries = entry;
            cache->used += sizeof(*entry) + entry->deflated_size;
        }
    }
    pthread_mutex_unlock(&cache->lock);
    return entry;
}

static esp_loader_error_t deflate_content(void *ctx, const esp_loader_source_t *content,
                                          esp_loader_source_t *out_deflated)
{
    job_t *job = calloc(1, sizeof(*job));

    *out_deflated = (esp_loader_source_t){0};
    if (job == NULL) {
        return ESP_LOADER_SUCCESS; /* goes as it is */
    }
    job->cache = ctx;
    job->content = content;
    const entry_t *entry = get(ctx, job);
    const esp_loader_error_t error = job->error;
    free(job);
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
    return (esp_loader_deflater_t){.deflate = deflate_content, .ctx = cache};
}

void deflate_cache_free(deflate_cache_t *cache)
{
    if (cache == NULL) {
        return;
    }
    while (cache->entries != NULL) {
        entry_t *entry = cache->entries;
        cache->entries = entry->next;
        free(entry);
    }
    pthread_mutex_destroy(&cache->lock);
    free(cache);
}
