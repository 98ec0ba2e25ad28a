/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Compressed images: each content is compressed once and kept for the next board. A plan asks for it where a stub
 * inflates and the wire is what takes the time, and only for what it is about to send.
 */
#ifndef CLI_DEFLATE_CACHE_H
#define CLI_DEFLATE_CACHE_H

#include <stdbool.h>
#include <stddef.h>

#include "esp_loader_plan.h"

typedef struct deflate_cache deflate_cache_t;

/** @param is_cancelled  asked every 32 KiB: true stops, and what is not compressed yet has no stream; NULL = nobody
 *                       stops it
 *  @return NULL when there is no memory */
deflate_cache_t *deflate_cache_new(bool (*is_cancelled)(void *ctx));

/** NULL is harmless. */
void deflate_cache_free(deflate_cache_t *cache);

/** For esp_loader_plan_options_t. The streams stay valid until the cache is freed. Plans may run in several
 * threads. Beside the streams it takes less than 512 KiB, whatever the content. */
esp_loader_deflater_t deflate_cache_deflater(deflate_cache_t *cache);

#endif
