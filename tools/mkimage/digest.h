/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The two digests that image formats contain, from OpenSSL. A machine whose OpenSSL cannot compute them
 * cannot make images: the program then ends with a message.
 */
#ifndef MKIMAGE_DIGEST_H
#define MKIMAGE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

void mkimage_sha256(const void *data, size_t size, uint8_t out_digest[32]);
void mkimage_md5(const void *data, size_t size, uint8_t out_digest[16]);

#endif
