/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Compressed images: each content is compressed once, as well as can be, and kept for the next board. A plan
 * asks for it where a stub inflates and the wire is what takes the time.
 */
#ifndef CLI_DEFLATE_CACHE_H
#define CLI_DEFLATE_CACHE_H

#include <stddef.h>

#include "esp_loader_plan.h"

typedef struct deflate_cache deflate_cache_t;

/** NULL when there is no memory. */
deflate_cache_t *deflate_cache_new(void);

/** Waits for what deflate_cache_begin() has begun; NULL is harmless. */
void deflate_cache_free(deflate_cache_t *cache);

/** Compresses the images in the background, so that they are ready when a target is; they must stay open.
 * Does nothing when no thread can be had. */
void deflate_cache_begin(deflate_cache_t *cache, const esp_loader_image_t *images, size_t count);

/** For esp_loader_plan_options_t. The streams stay valid until the cache is freed. Plans may run in several
 * threads. */
esp_loader_deflater_t deflate_cache_deflater(deflate_cache_t *cache);

#endif
