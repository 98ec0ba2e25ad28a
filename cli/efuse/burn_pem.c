/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "efuse/burn_pem.h"

#include <string.h>
#include <strings.h>

#include "efuse/key_digest.h"
#include "efuse/wipe.h"

/** Purposes with a private number, the curves that they are for, and how long it is in eFuses. */
static const struct {
    const char *purpose;
    size_t least, most, size;
} numbers[] = {
    {"ECDSA_KEY", 24, 32, 32}, /* the curve is chosen when the key is used */
    {"ECDSA_KEY_P192", 24, 24, 24},
    {"ECDSA_KEY_P256", 32, 32, 32},
    {"ECDSA_KEY_P384", 48, 48, 48},
};

static void keep(burn_key_t *key, const uint8_t *bytes, size_t size, size_t zeros)
{
    wipe_bytes(key->bytes, key->size); /* the file */
    memcpy(key->bytes + zeros, bytes, size);
    key->size = zeros + size;
}

static const char *keep_digest(burn_key_t *key, const pem_key_t *pem)
{
    uint8_t digest[KEY_DIGEST_SIZE];

    if (!pem->is_rsa && !pem->has_point) {
        return "the private key in it comes without its public one";
    }
    key_digest(pem, digest);
    keep(key, digest, sizeof(digest), 0);
    key->kind = pem->is_rsa ? BURN_OF_RSA : BURN_OF_ECDSA;
    return NULL;
}

static const char *keep_number(burn_key_t *key, const pem_key_t *pem)
{
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        if (strcasecmp(numbers[i].purpose, key->purpose) != 0) {
            continue;
        }
        if (pem->is_rsa || !pem->is_private) {
            return "it has no private key of ECDSA";
        }
        if (pem->size < numbers[i].least || pem->size > numbers[i].most) {
            return "the key in it is of another curve than its purpose";
        }
        keep(key, pem->private_number, pem->size, numbers[i].size - pem->size);
        return NULL;
    }
    return "a key for this purpose is not taken from a PEM file";
}

static bool is_of_secure_boot(const burn_key_t *key)
{
    return key->purpose != NULL ? strncasecmp(key->purpose, "SECURE_BOOT_DIGEST", 18) == 0
                                : strcasecmp(key->block, "secure_boot_v2") == 0;
}

const char *burn_take_pem(burn_key_t *key, bool is_digest)
{
    pem_key_t pem;

    if (!pem_is(key->bytes, key->size)) {
        return is_digest ? "it is not a PEM file" : NULL;
    }
    const char *why = pem_read(&pem, key->bytes, key->size);
    if (why == NULL && is_of_secure_boot(key)) {
        why = keep_digest(key, &pem);
    } else if (why == NULL && !is_digest && key->purpose != NULL) {
        why = keep_number(key, &pem);
    } else if (why == NULL) {
        why = "a key for this purpose is not taken from a PEM file";
    }
    wipe_bytes(&pem, sizeof(pem));
    return why;
}
