/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * SHA-256 of data as it passes by: the digest at the end of executable images. Internal. Source: FIPS 180-4.
 */
#ifndef ELI_SHA256_H
#define ELI_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define ELI_SHA256_SIZE 32u /**< bytes of a digest */

/** Running digest; fields are private. */
typedef struct {
    uint32_t state[8];
    uint32_t size;
    uint32_t block[16];
} eli_sha256_t;

/** Starts a new digest. */
void eli_sha256_init(eli_sha256_t *sha);

/** Adds @p size bytes, any alignment; @p data may be NULL when @p size is 0. At most 4 GiB - 1 in total. */
void eli_sha256_update(eli_sha256_t *sha, const void *data, size_t size);

/** Writes the digest and ends it; init() before the next use. */
void eli_sha256_finish(eli_sha256_t *sha, uint8_t out_digest[ELI_SHA256_SIZE]);

#endif
