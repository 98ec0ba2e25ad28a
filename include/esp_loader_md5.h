/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * MD5 of streamed data. The loaders on the target compute MD5 over flash, so the host compares with it. Not
 * for security. Source: RFC 1321.
 */
#ifndef ESP_LOADER_MD5_H
#define ESP_LOADER_MD5_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ESP_LOADER_MD5_SIZE 16 /**< bytes of a digest */

/** Running digest; holds no pointers, may be copied by value to fork it. Fields are private. */
typedef struct {
    uint32_t _state[4];
    uint32_t _size;
    uint32_t _block[16];
} esp_loader_md5_t;

/** Starts a new digest. */
void esp_loader_md5_init(esp_loader_md5_t *md5);

/** Adds @p size bytes, any alignment; @p data may be NULL when @p size is 0. At most 4 GiB - 1 in total:
 * flash addresses have 32 bits. */
void esp_loader_md5_update(esp_loader_md5_t *md5, const void *data, size_t size);

/** Writes the digest and ends it; init() before the next use. */
void esp_loader_md5_finish(esp_loader_md5_t *md5, uint8_t out_digest[ESP_LOADER_MD5_SIZE]);

#ifdef __cplusplus
}
#endif

#endif
