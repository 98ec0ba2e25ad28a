/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Keys in PEM files. A key that is accepted has the numbers of its kind, and a digest.
 *
 * Input: which form; then what is in it, as DER, or the file itself.
 */
#include "efuse/key_pem.h"

#include <stdlib.h>
#include <string.h>

#include "efuse/key_digest.h"
#include "fuzz.h"

enum { FORMS = 5, TEXT_SIZE = 16384, DER_MAX = 3500 };

static const char *const names[FORMS - 1] = {"EC PRIVATE KEY", "RSA PRIVATE KEY", "PRIVATE KEY",
                                             "PUBLIC KEY"};

static size_t add(char *text, size_t at, const char *more)
{
    const size_t length = strlen(more);
    FUZZ_CHECK(at + length < TEXT_SIZE);
    memcpy(text + at, more, length);
    return at + length;
}

static size_t encode(char *text, size_t at, fuzz_input_t der)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < der.size; i += 3) {
        uint32_t bits = 0;
        char four[5] = "====";
        for (size_t byte = 0; byte < 3; byte++) {
            bits = bits << 8 | (i + byte < der.size ? der.data[i + byte] : 0u);
        }
        for (size_t digit = 0; digit < 4 && i + digit <= der.size; digit++) {
            four[digit] = digits[bits >> (18 - 6 * digit) & 63];
        }
        at = add(text, at, four);
        at = i % 48 == 45 ? add(text, at, "\n") : at;
    }
    return at;
}

static size_t wrap(char *text, const char *name, fuzz_input_t der)
{
    size_t at = add(text, add(text, add(text, 0, "-----BEGIN "), name), "-----\n");
    at = encode(text, at, der);
    return add(text, add(text, add(text, at, "\n-----END "), name), "-----\n");
}

static bool is_zero(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] != 0) {
            return false;
        }
    }
    return true;
}

static void check_key(const pem_key_t *key)
{
    uint8_t digest[KEY_DIGEST_SIZE];
    if (key->is_rsa) {
        FUZZ_CHECK((key->modulus[0] & 0x80) != 0 && (key->modulus[PEM_RSA_SIZE - 1] & 1) != 0);
    } else {
        FUZZ_CHECK(key->size == 24 || key->size == 32 || key->size == 48);
        FUZZ_CHECK(key->is_private || key->has_point);
        FUZZ_CHECK(!key->is_private || !is_zero(key->private_number, key->size));
    }
    key_digest(key, digest);
}

void fuzz_one(const uint8_t *data, size_t size)
{
    static char text[TEXT_SIZE];
    fuzz_input_t input = {data, size};
    pem_key_t key;
    const uint8_t form = fuzz_u8(&input) % FORMS;
    fuzz_input_t file = fuzz_take(&input, DER_MAX);
    if (form < FORMS - 1) {
        file = (fuzz_input_t){(const uint8_t *)text, wrap(text, names[form], file)};
    }
    uint8_t *exact = fuzz_copy(file);
    const char *why = pem_read(&key, exact, file.size);
    FUZZ_CHECK(why != NULL || pem_is(exact, file.size));
    free(exact);
    if (why == NULL) {
        check_key(&key);
    }
}

static void put_hex(fuzz_seed_t *seed, const char *hex)
{
    for (; *hex != '\0'; hex += 2) {
        const char digits[] = {hex[0], hex[1], '\0'};
        fuzz_put_u8(seed, (unsigned)strtoul(digits, NULL, 16));
    }
}

/* One of each kind, made up with OpenSSL; one that is cut off; a file. */
FUZZ_SEEDS(6)
{
    static const struct {
        unsigned form;
        const char *der;
    } keys[] = {
        {0, "30770201010420b2ac8b14e3761385125b249322ff9b3af28c297600738c3cdf624db90da8b3c4a00a06082a8648ce3d"
            "030107a14403420004ff636d1f1c32405325bb02923cfbff5836da9c521f1dd48095f84292f8c1a66577cb02a5a7c537"
            "c138cb9098490306d981370cb594140ea7bfe689a5cbfe0b39"},
        {2, "306f020100301306072a8648ce3d020106082a8648ce3d030101045530530201010418efce1f4377c00ad91baca80680"
            "932792eee653f2c061af98a13403320004ee2fb900c9d36db2545fe33a3a6393e19b8e3183f976eed63ecca842e96e38"
            "7b45a1543c612331d17c6351375e0a9985"},
        {3, "3076301006072a8648ce3d020106052b8104002203620004a6efef5fec46d8b2f8b912f50ddb7e10005dea2ed7078d91"
            "2882f281a7d5789cf51d932da8c15de68733002d54a62d79b9a6750f4f75e44ed77fcb1150644a9299551dafb365e080"
            "c299e60381ed0ec9f05d0967045ecb49b06bf07b71a2e6ac"},
        {3, "308201a2300d06092a864886f70d01010105000382018f003082018a0282018100df3e5fe1d54d733df3305e70b942e0"
            "080e9f3fe5e2f746dd79270405e195c84d6962b9f6df974e6f086abd21505397341f3d600bff1f56dba7bb9041371e63"
            "d5aee026533b538edaaba004b690a82c30709988205e7490b5b8ad86668385614ca568bc7b9da6135d045d4370dde362"
            "46fbbe17264c40978b34f0631b472814a73d312d91addfbf507fe345c3f2f431f107f82765931e4ed67c0729f2c1ced1"
            "0e53247c496854c830132eec999845c23a570c3e2fce0af1e1f1100ee88fe78735794b395fe7b4c80d5cc985f13d1314"
            "c7d2f628057790ab79b02336e8366823985c2250aba96c85e3f51ee657deeaaa0a28bf91e9138e7866c8fbb2e1934660"
            "aa0d583fb59cc24bc091f452760390df8f155f3eb2ddc0000bfc8912520b13ad7dcee77d20c18472e8727f17e5101067"
            "d9282376824c106c1ecbf10ff22719130d9006c5badf631a3432f7d663d61abb3c0874ed0dd54e03bbc356a3d0d9b7bd"
            "a5df8c4b69c1991efc61f76d1250c987e3161dcef7924c3aa167deeb63afed37d90203010001"},
    };
    if (number < 4) {
        fuzz_put_u8(seed, keys[number].form);
        put_hex(seed, keys[number].der);
    } else if (number == 4) {
        fuzz_put_u8(seed, 1);
        fuzz_put(seed, "\x30\x82\x01\x00\x02\x01\x00\x02\x82", 9);
    } else {
        fuzz_put_u8(seed, FORMS - 1);
        fuzz_put_text(seed, "-----BEGIN PUBLIC KEY-----\nMIGA\n-----END PUBLIC KEY-----\n");
    }
}
