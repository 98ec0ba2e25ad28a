/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * See digest.h.
 */
#include "digest.h"

#include <stdio.h>
#include <stdlib.h>

#include <openssl/evp.h>

static void digest(const EVP_MD *kind, const void *data, size_t size, uint8_t *out)
{
    if (EVP_Digest(data, size, out, NULL, kind, NULL) != 1) {
        fputs("el-mkimage: OpenSSL does not compute MD5 or SHA-256\n", stderr);
        exit(EXIT_FAILURE);
    }
}

void mkimage_sha256(const void *data, size_t size, uint8_t out_digest[32])
{
    digest(EVP_sha256(), data, size, out_digest);
}

void mkimage_md5(const void *data, size_t size, uint8_t out_digest[16])
{
    digest(EVP_md5(), data, size, out_digest);
}
