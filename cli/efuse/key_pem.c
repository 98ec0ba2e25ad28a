/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "efuse/key_pem.h"

#include <string.h>

#include "efuse/wipe.h"

enum { DER_SIZE = 3072 };

/* ---- DER ---- */

typedef struct {
    const uint8_t *at;
    size_t left;
} der_t;

enum {
    DER_INTEGER = 0x02,
    DER_BITS = 0x03,
    DER_OCTETS = 0x04,
    DER_OID = 0x06,
    DER_SEQUENCE = 0x30,
    DER_PARAMETERS = 0xA0,
    DER_PUBLIC = 0xA1
};

static bool take_length(der_t *in, size_t *out)
{
    if (in->left == 0) {
        return false;
    }
    size_t bytes = *in->at & 0x80 ? *in->at & 0x7Fu : 0;
    *out = bytes == 0 ? *in->at : 0;
    in->at++;
    in->left--;
    if (bytes > 2 || bytes > in->left || (in->at[-1] & 0x80 && bytes == 0)) {
        return false;
    }
    for (; bytes != 0; bytes--) {
        *out = *out << 8 | *in->at++;
        in->left--;
    }
    return *out <= in->left;
}

/** Takes an element of that type; @p out is what it holds. */
static bool take(der_t *in, uint8_t type, der_t *out)
{
    size_t length;

    if (in->left == 0 || *in->at != type) {
        return false;
    }
    in->at++;
    in->left--;
    if (!take_length(in, &length)) {
        return false;
    }
    *out = (der_t){in->at, length};
    in->at += length;
    in->left -= length;
    return true;
}

/** A number that is not negative, without zeros in front. */
static bool take_number(der_t *in, der_t *out)
{
    if (!take(in, DER_INTEGER, out) || out->left == 0 || (*out->at & 0x80) != 0) {
        return false;
    }
    while (out->left != 0 && *out->at == 0) {
        out->at++;
        out->left--;
    }
    return true;
}

static bool take_small(der_t *in, uint32_t value)
{
    der_t number;

    return take_number(in, &number) &&
           (value == 0 ? number.left == 0 : number.left == 1 && *number.at == value);
}

/** Whole bytes of a string of bits. */
static bool take_bits(der_t *in, der_t *out)
{
    if (!take(in, DER_BITS, out) || out->left == 0 || *out->at != 0) {
        return false;
    }
    out->at++;
    out->left--;
    return true;
}

/* ---- what kind of key ---- */

typedef struct {
    uint8_t bytes[10], count;
    size_t size; /**< of the curve's numbers */
} oid_t;

static const oid_t curves[] = {
    {{0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x01}, 8, 24}, /* prime192v1 */
    {{0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07}, 8, 32}, /* prime256v1 */
    {{0x2B, 0x81, 0x04, 0x00, 0x22}, 5, 48},                   /* secp384r1 */
};
static const oid_t ec_key = {{0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01}, 7, 0};
static const oid_t rsa_key = {{0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01}, 9, 0};

static bool is_oid(const der_t *oid, const oid_t *wanted)
{
    return oid->left == wanted->count && memcmp(oid->at, wanted->bytes, wanted->count) == 0;
}

static bool take_curve(der_t *in, pem_key_t *key)
{
    der_t oid;

    if (!take(in, DER_OID, &oid)) {
        return false;
    }
    for (size_t i = 0; i < sizeof(curves) / sizeof(curves[0]); i++) {
        if (is_oid(&oid, &curves[i])) {
            key->size = curves[i].size;
            return true;
        }
    }
    return false;
}

static bool take_algorithm(der_t *in, pem_key_t *key)
{
    der_t algorithm;
    der_t oid;

    if (!take(in, DER_SEQUENCE, &algorithm) || !take(&algorithm, DER_OID, &oid)) {
        return false;
    }
    key->is_rsa = is_oid(&oid, &rsa_key);
    return key->is_rsa || (is_oid(&oid, &ec_key) && take_curve(&algorithm, key));
}

/* ---- keys ---- */

/** The point without compression. */
static bool keep_point(const der_t *point, pem_key_t *key)
{
    if (point->left != 1 + 2 * key->size || *point->at != 0x04) {
        return false;
    }
    memcpy(key->x, point->at + 1, key->size);
    memcpy(key->y, point->at + 1 + key->size, key->size);
    key->has_point = true;
    return true;
}

static bool is_zero(const uint8_t *bytes, size_t size)
{
    while (size != 0 && bytes[size - 1] == 0) {
        size--;
    }
    return size == 0;
}

/** RFC 5915. The curve may be known already. */
static bool read_ec_private(der_t in, pem_key_t *key)
{
    der_t sequence, number, curve, outer, point;

    if (!take(&in, DER_SEQUENCE, &sequence) || !take_small(&sequence, 1) ||
        !take(&sequence, DER_OCTETS, &number)) {
        return false;
    }
    if (take(&sequence, DER_PARAMETERS, &curve) && !take_curve(&curve, key)) {
        return false;
    }
    if (key->size == 0 || number.left > key->size || is_zero(number.at, number.left)) {
        return false;
    }
    memcpy(key->private_number + key->size - number.left, number.at, number.left);
    key->is_private = true;
    return !take(&sequence, DER_PUBLIC, &outer) || (take_bits(&outer, &point) && keep_point(&point, key));
}

/** Modulus and exponent, which both kinds of RSA keys have next to each other. */
static bool keep_rsa(der_t *in, pem_key_t *key)
{
    der_t modulus, exponent;

    if (!take_number(in, &modulus) || !take_number(in, &exponent) || modulus.left != PEM_RSA_SIZE ||
        (*modulus.at & 0x80) == 0 || (modulus.at[PEM_RSA_SIZE - 1] & 1) == 0 || exponent.left > 4) {
        return false;
    }
    memcpy(key->modulus, modulus.at, PEM_RSA_SIZE);
    for (; exponent.left != 0; exponent.left--) {
        key->exponent = key->exponent << 8 | *exponent.at++;
    }
    key->is_rsa = true;
    return key->exponent >= 3 && (key->exponent & 1) != 0;
}

static bool read_rsa_private(der_t in, pem_key_t *key)
{
    der_t sequence;

    key->is_private = true;
    return take(&in, DER_SEQUENCE, &sequence) && take_small(&sequence, 0) && keep_rsa(&sequence, key);
}

/** RFC 5958. */
static bool read_private(der_t in, pem_key_t *key)
{
    der_t sequence, inner;

    if (!take(&in, DER_SEQUENCE, &sequence) || !take_small(&sequence, 0) || !take_algorithm(&sequence, key) ||
        !take(&sequence, DER_OCTETS, &inner)) {
        return false;
    }
    return key->is_rsa ? read_rsa_private(inner, key) : read_ec_private(inner, key);
}

static bool read_public(der_t in, pem_key_t *key)
{
    der_t sequence, bits, numbers;

    if (!take(&in, DER_SEQUENCE, &sequence) || !take_algorithm(&sequence, key) ||
        !take_bits(&sequence, &bits)) {
        return false;
    }
    return key->is_rsa ? take(&bits, DER_SEQUENCE, &numbers) && keep_rsa(&numbers, key)
                       : keep_point(&bits, key);
}

/* ---- PEM ---- */

static const struct {
    const char *begin, *end;
    bool (*read)(der_t in, pem_key_t *key);
} forms[] = {
    {"-----BEGIN EC PRIVATE KEY-----", "-----END EC PRIVATE KEY-----", read_ec_private},
    {"-----BEGIN RSA PRIVATE KEY-----", "-----END RSA PRIVATE KEY-----", read_rsa_private},
    {"-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----", read_private},
    {"-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----", read_public},
};

static int digit_of(uint8_t c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *found = c != 0 ? strchr(digits, c) : NULL;

    return found != NULL ? (int)(found - digits) : -1;
}

/** Base64 with line ends. false: something else is in it, or it is too long. */
static bool decode(const uint8_t *text, size_t size, uint8_t out[DER_SIZE], size_t *out_size)
{
    uint32_t bits = 0;
    unsigned count = 0;
    unsigned padding = 0;

    *out_size = 0;
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '\n' || text[i] == '\r' || text[i] == ' ') {
            continue;
        }
        const int digit = text[i] == '=' && count % 4 >= 2 ? 0 : digit_of(text[i]);
        if (digit < 0 || (padding != 0 && text[i] != '=')) {
            return false;
        }
        padding += text[i] == '=';
        bits = bits << 6 | (uint32_t)digit;
        if (++count % 4 == 0) {
            for (unsigned byte = 0; byte < 3 - padding; byte++) {
                if (*out_size == DER_SIZE) {
                    return false;
                }
                out[(*out_size)++] = (uint8_t)(bits >> (16 - 8 * byte));
            }
        }
    }
    return count % 4 == 0;
}

static const uint8_t *find_text(const uint8_t *file, const uint8_t *end, const char *text)
{
    return memmem(file, (size_t)(end - file), text, strlen(text));
}

bool pem_is(const uint8_t *file, size_t size)
{
    return find_text(file, file + size, "-----BEGIN ") != NULL;
}

/** OpenSSL writes the curve before a key; of more than that, nobody knows which one is meant. */
static bool has_several(const uint8_t *file, const uint8_t *end)
{
    static const char begin[] = "-----BEGIN ";
    static const char curve[] = "EC PARAMETERS-----";
    unsigned count = 0;

    for (const uint8_t *at = find_text(file, end, begin); at != NULL; at = find_text(at, end, begin)) {
        at += strlen(begin);
        count += (size_t)(end - at) < strlen(curve) || memcmp(at, curve, strlen(curve)) != 0;
    }
    return count > 1;
}

static const char *read_form(pem_key_t *key, size_t form, const uint8_t *begin, size_t size)
{
    static const char damaged[] =
        "the key in it is damaged, or of another kind than RSA-3072, P-192, P-256 and P-384";
    uint8_t bytes[DER_SIZE];
    der_t der = {bytes, 0};

    const uint8_t *end = memmem(begin, size, forms[form].end, strlen(forms[form].end));
    const bool is_read =
        end != NULL && decode(begin, (size_t)(end - begin), bytes, &der.left) && forms[form].read(der, key);
    wipe_bytes(bytes, sizeof(bytes));
    return is_read ? NULL : damaged;
}

const char *pem_read(pem_key_t *key, const uint8_t *file, size_t size)
{
    memset(key, 0, sizeof(*key));
    if (memmem(file, size, "BEGIN ENCRYPTED", 15) != NULL || memmem(file, size, "4,ENCRYPTED", 11) != NULL) {
        return "the key in it is encrypted";
    }
    if (has_several(file, file + size)) {
        return "there is more in it than one key";
    }
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        const size_t length = strlen(forms[i].begin);
        const uint8_t *found = memmem(file, size, forms[i].begin, length);
        if (found != NULL) {
            return read_form(key, i, found + length, size - (size_t)(found - file) - length);
        }
    }
    return "there is no key in it";
}
