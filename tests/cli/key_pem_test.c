/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Keys in PEM files, made up for this test with OpenSSL; digests as espsecure 5.6 has them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "efuse/burn_pem.h"
#include "efuse/key_digest.h"
#include "test.h"

#define SEC1                                                                                                 \
    "-----BEGIN EC PARAMETERS-----\n"                                                                        \
    "BggqhkjOPQMBBw==\n"                                                                                     \
    "-----END EC PARAMETERS-----\n"                                                                          \
    "-----BEGIN EC PRIVATE KEY-----\n"                                                                       \
    "MHcCAQEEILKsixTjdhOFElskkyL/mzryjCl2AHOMPN9iTbkNqLPEoAoGCCqGSM49\n"                                     \
    "AwEHoUQDQgAE/2NtHxwyQFMluwKSPPv/WDbanFIfHdSAlfhCkvjBpmV3ywKlp8U3\n"                                     \
    "wTjLkJhJAwbZgTcMtZQUDqe/5omly/4LOQ==\n"                                                                 \
    "-----END EC PRIVATE KEY-----\n"

#define PKCS8                                                                                                \
    "-----BEGIN PRIVATE KEY-----\n"                                                                          \
    "MG8CAQAwEwYHKoZIzj0CAQYIKoZIzj0DAQEEVTBTAgEBBBjvzh9Dd8AK2RusqAaA\n"                                     \
    "kyeS7uZT8sBhr5ihNAMyAATuL7kAydNtslRf4zo6Y5Phm44xg/l27tY+zKhC6W44\n"                                     \
    "e0WhVDxhIzHRfGNRN14KmYU=\n"                                                                             \
    "-----END PRIVATE KEY-----\n"

#define PKCS8_384                                                                                            \
    "-----BEGIN PRIVATE KEY-----\n"                                                                          \
    "MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDAj+x/OPYUwmkeaRbMw\n"                                     \
    "6KvNdVyo2jqx9rpiVfKfuYOVZ8ruYzXwHMWIY2zLhgq1r42hZANiAASm7+9f7EbY\n"                                     \
    "svi5EvUN234QAF3qLtcHjZEogvKBp9V4nPUdky2owV3mhzMALVSmLXm5pnUPT3Xk\n"                                     \
    "Ttd/yxFQZEqSmVUdr7Nl4IDCmeYDge0OyfBdCWcEXstJsGvwe3Gi5qw=\n"                                             \
    "-----END PRIVATE KEY-----\n"

#define PUBLIC_384                                                                                           \
    "-----BEGIN PUBLIC KEY-----\n"                                                                           \
    "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEpu/vX+xG2LL4uRL1Ddt+EABd6i7XB42R\n"                                     \
    "KILygafVeJz1HZMtqMFd5oczAC1Upi15uaZ1D0915E7Xf8sRUGRKkplVHa+zZeCA\n"                                     \
    "wpnmA4HtDsnwXQlnBF7LSbBr8Htxouas\n"                                                                     \
    "-----END PUBLIC KEY-----\n"

#define PUBLIC_RSA                                                                                           \
    "-----BEGIN PUBLIC KEY-----\n"                                                                           \
    "MIIBojANBgkqhkiG9w0BAQEFAAOCAY8AMIIBigKCAYEA3z5f4dVNcz3zMF5wuULg\n"                                     \
    "CA6fP+Xi90bdeScEBeGVyE1pYrn235dObwhqvSFQU5c0Hz1gC/8fVtunu5BBNx5j\n"                                     \
    "1a7gJlM7U47aq6AEtpCoLDBwmYggXnSQtbithmaDhWFMpWi8e52mE10EXUNw3eNi\n"                                     \
    "Rvu+FyZMQJeLNPBjG0coFKc9MS2Rrd+/UH/jRcPy9DHxB/gnZZMeTtZ8Bynywc7R\n"                                     \
    "DlMkfEloVMgwEy7smZhFwjpXDD4vzgrx4fEQDuiP54c1eUs5X+e0yA1cyYXxPRMU\n"                                     \
    "x9L2KAV3kKt5sCM26DZoI5hcIlCrqWyF4/Ue5lfe6qoKKL+R6ROOeGbI+7Lhk0Zg\n"                                     \
    "qg1YP7WcwkvAkfRSdgOQ348VXz6y3cAAC/yJElILE619zud9IMGEcuhyfxflEBBn\n"                                     \
    "2SgjdoJMEGwey/EP8icZEw2QBsW632MaNDL31mPWGrs8CHTtDdVOA7vDVqPQ2be9\n"                                     \
    "pd+MS2nBmR78YfdtElDJh+MWHc73kkw6oWfe62Ov7TfZAgMBAAE=\n"                                                 \
    "-----END PUBLIC KEY-----\n"

#define NO_POINT                                                                                             \
    "-----BEGIN EC PRIVATE KEY-----\n"                                                                       \
    "MDECAQEEILKsixTjdhOFElskkyL/mzryjCl2AHOMPN9iTbkNqLPEoAoGCCqGSM49\n"                                     \
    "AwEH\n"                                                                                                 \
    "-----END EC PRIVATE KEY-----\n"

#define OLD_ENCRYPTION                                                                                       \
    "-----BEGIN EC PRIVATE KEY-----\n"                                                                       \
    "Proc-Type: 4,ENCRYPTED\n"                                                                               \
    "DEK-Info: AES-128-CBC,A787469F32C124D5E2F21863F84E2C72\n"                                               \
    "\n"                                                                                                     \
    "dte3zW4EdTSDH1a3SjFnPSRZY2rRKLZRQoOR/+r9VseMs663cVbijrH5cllH75tc\n"                                     \
    "htidA4nQJ0QyrGXx4R06Mf3m8H9oHSDgLIS7tSiU2FoMrf2WqeFV4D1Z5u434WFK\n"                                     \
    "Gyqaqkm6cXUqe5JMjzNpxIYB94uqI4DuGhZGDSADh+8=\n"                                                         \
    "-----END EC PRIVATE KEY-----\n"

#define ENCRYPTED                                                                                            \
    "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"                                                                \
    "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgoKYmyazBt2wICCAAw\n"                                     \
    "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEMe8czEL0LNGFWRuAuZdM8gEgZAg\n"                                     \
    "qa5diPaXY0OlSPaa8yYgmAUjO6s6vFsaeQiqd9g25iHdeD7TFojRYsNVM81HEOAL\n"                                     \
    "1A6J3dbR44ze618JNvz8QjHHhrFleQKu0ORHBIYoQYlt7zcYaeqi0ui+fdQw72Mo\n"                                     \
    "Y99DU7nBtpee/CWONCd3peZR9hCzfOJ2B2Ltwg74X74VKqUHxAUL359itxdHVvo=\n"                                     \
    "-----END ENCRYPTED PRIVATE KEY-----\n"

#define COMPRESSED                                                                                           \
    "-----BEGIN PUBLIC KEY-----\n"                                                                           \
    "MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgAD/2NtHxwyQFMluwKSPPv/WDbanFIf\n"                                     \
    "HdSAlfhCkvjBpmU=\n"                                                                                     \
    "-----END PUBLIC KEY-----\n"

#define OTHER_CURVE                                                                                          \
    "-----BEGIN EC PRIVATE KEY-----\n"                                                                       \
    "MHQCAQEEIPRvt+6563OuAB2cfkdgzr5hmKTRJt68Tan5UximNzLQoAcGBSuBBAAK\n"                                     \
    "oUQDQgAEu2aX8+GuM/996P+D1gPqqk2y6j1nnNKNydXaCuhZa8UumxyneYq6gu3W\n"                                     \
    "MqfmveOatb8PLwpW0RENzSr1VCvEmg==\n"                                                                     \
    "-----END EC PRIVATE KEY-----\n"

#define SHORT_RSA                                                                                            \
    "-----BEGIN PUBLIC KEY-----\n"                                                                           \
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA5yuHBH6b2PcS8taB+6kx\n"                                     \
    "psm1s40a2mG2k1jcfuHJpibHYjMcbzijFvBxqQe9xeesmwbwvlsMzXc8fuMWSgpL\n"                                     \
    "ZoTOg68r5Uvtyg79nUTDN8H+5bCbgkwRCn7pRCbolU4gzyDJ7CeRzrxuVzPH4Rjr\n"                                     \
    "il0viqbx3Bt5booSm1URyPZQzt+xc3wjJtGr7xpeb3muMr6MnfIWa9epQu+AJRCy\n"                                     \
    "B86Aszuh6WSW+Oazhf1OQ+bhRO1kWoU9v4xLJ14TKpGQn7T/xgA5tF06g6H4TDN0\n"                                     \
    "Bjst/ial+Vo2S8onG+K1nDsK2VOc1pSO5w9JMZoC62cTa5FFYUbXSNwkZ7RUaYEx\n"                                     \
    "6wIDAQAB\n"                                                                                             \
    "-----END PUBLIC KEY-----\n"

#define NUMBER_192 "efce1f4377c00ad91baca80680932792eee653f2c061af98"
#define NUMBER_256 "b2ac8b14e3761385125b249322ff9b3af28c297600738c3cdf624db90da8b3c4"
#define NUMBER_384                                                                                           \
    "23fb1fce3d85309a479a45b330e8abcd755ca8da3ab1f6ba6255f29fb9839567caee6335f01cc588636ccb860ab5af8d"
#define DIGEST_192 "09f8a4dd36faec211845d913501044f894d04bf0ea78625edfdb5e4f9b93ac64"
#define DIGEST_256 "e9c737872bd151a4bd560d210bf2820f92faa0932408a5caed453b1b9c9507b8"
#define DIGEST_384 "e0b915b1b70a690c2ed1ba92ccfdd394fae40a7bc561b3e6fc280676d90aa0cf"
#define DIGEST_RSA "22e1bd0a80627dce7d2a95a1688620bd29da03c8e8d9171fdd394ab1259717f1"
#define DAMAGED    "damaged, or of another kind"
#define SEVERAL    "more in it than one key"

typedef struct {
    const char *pem;
    const char *why;             /**< a part of the sentence; NULL: it is read */
    size_t size;                 /**< 0 = RSA */
    const char *number, *digest; /**< NULL: none */
} row_t;

static const row_t rows[] = {
    {SEC1, NULL, 32, NUMBER_256, DIGEST_256},
    {PKCS8, NULL, 24, NUMBER_192, DIGEST_192},
    {PKCS8_384, NULL, 48, NUMBER_384, DIGEST_384},
    {PUBLIC_384, NULL, 48, NULL, DIGEST_384},
    {PUBLIC_RSA, NULL, 0, NULL, DIGEST_RSA},
    {NO_POINT, NULL, 32, NUMBER_256, NULL},
    {"text before it\n" PUBLIC_384, NULL, 48, NULL, DIGEST_384},
    {SEC1 PUBLIC_384, SEVERAL, 0, NULL, NULL},
    {PUBLIC_RSA SEC1, SEVERAL, 0, NULL, NULL},
    {PKCS8 PKCS8_384, SEVERAL, 0, NULL, NULL},
    {PKCS8 "-----BEGIN ", SEVERAL, 0, NULL, NULL},
    {OLD_ENCRYPTION, "is encrypted", 0, NULL, NULL},
    {ENCRYPTED, "is encrypted", 0, NULL, NULL},
    {COMPRESSED, DAMAGED, 0, NULL, NULL},
    {OTHER_CURVE, DAMAGED, 0, NULL, NULL},
    {SHORT_RSA, DAMAGED, 0, NULL, NULL},
    {"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "no key in it", 0, NULL, NULL},
    {"-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n", DAMAGED, 0, NULL, NULL},
    {"-----BEGIN PUBLIC KEY-----\nAAAA\n", DAMAGED, 0, NULL, NULL},
    {"-----BEGIN PUBLIC KEY-----\nA!AA\n-----END PUBLIC KEY-----\n", DAMAGED, 0, NULL, NULL},
    {"-----BEGIN PUBLIC KEY-----\nMIGA\n-----END PUBLIC KEY-----\n", DAMAGED, 0, NULL, NULL},
};

/* An allocation of exactly that size, in which a sanitizer sees every byte read too far. */
static uint8_t *copy_of(const char *text, size_t size)
{
    uint8_t *copy = malloc(size != 0 ? size : 1);
    assert_non_null(copy);
    memcpy(copy, text, size);
    return copy;
}

static void expect_hex(const uint8_t *bytes, size_t size, const char *wanted)
{
    char text[2 * PEM_EC_SIZE + 1];
    assert_in_range(size, 1, PEM_EC_SIZE);
    for (size_t i = 0; i < size; i++) {
        (void)snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    }
    assert_string_equal(text, wanted);
}

TEST_ROWS(keys_are_read, rows)
{
    pem_key_t key;
    const size_t size = strlen(row->pem);
    uint8_t *file = copy_of(row->pem, size);
    assert_true(pem_is(file, size));
    const char *why = pem_read(&key, file, size);
    free(file);
    if (row->why != NULL) {
        assert_non_null(why);
        assert_non_null(strstr(why, row->why));
        return;
    }
    assert_null(why);
    assert_int_equal(key.is_rsa, row->size == 0);
    assert_int_equal(key.size, row->size);
    assert_int_equal(key.is_private, row->number != NULL);
    assert_int_equal(key.is_rsa || key.has_point, row->digest != NULL);
    if (row->number != NULL) {
        expect_hex(key.private_number, key.size, row->number);
    }
    if (row->digest != NULL) {
        uint8_t digest[KEY_DIGEST_SIZE];
        key_digest(&key, digest);
        expect_hex(digest, sizeof(digest), row->digest);
    }
}

static const struct {
    const char *exponent; /**< the last digits of PUBLIC_RSA: its element of DER, at most 65537 */
    bool is_read;
} exponents[] = {
    {"AgMBAAE=", true}, {"AgMBAAA=", false}, {"AgMAAAE=", false}, {"AgMAAAM=", true}, {"AgMAAAA=", false}};

/* No key of RSA has an even exponent, or 1: its digest would be one of a key that signs nothing. */
TEST_ROWS(exponents_that_a_key_can_have, exponents)
{
    static char file[] = PUBLIC_RSA;
    pem_key_t key;
    char *at = strstr(file, "=\n") - 7;
    memcpy(at, row->exponent, 8);
    assert_int_equal(pem_read(&key, (const uint8_t *)file, strlen(file)) == NULL, row->is_read);
}

static const struct {
    const char *pem;
} files[] = {{SEC1}, {PKCS8}, {PKCS8_384}, {PUBLIC_384}, {PUBLIC_RSA}};

/* Cut off, it is never taken for a whole key. */
TEST_ROWS(files_that_are_cut_off, files)
{
    const size_t size = (size_t)(strstr(row->pem, "-----END") - row->pem) + 10;
    for (size_t length = 0; length < size; length += test_row_step()) {
        pem_key_t key;
        uint8_t *file = copy_of(row->pem, length);
        assert_non_null(pem_read(&key, file, length));
        free(file);
    }
}

/* Damaged anywhere, it is a key or it is not; a sanitizer sees what is read or written beyond. */
TEST_ROWS(files_that_are_damaged, files)
{
    static const char digits[] = "A/gIh=\n";
    const size_t size = strlen(row->pem);
    uint8_t *file = copy_of(row->pem, size);
    for (size_t at = 0; at < size; at += test_row_step()) {
        const uint8_t was = file[at];
        for (size_t digit = 0; digit < sizeof(digits); digit++) {
            pem_key_t key;
            file[at] = (uint8_t)digits[digit];
            if (pem_read(&key, file, size) == NULL) {
                assert_true(key.is_rsa || key.size != 0);
            }
        }
        file[at] = was;
    }
    free(file);
}

/* ---- what is burnt of it ---- */

typedef struct {
    const char *pem, *block, *purpose;
    bool is_digest; /**< of burn-key-digest */
    const char *why;
    const char *bytes;
} taken_t;

#define ZEROS     "0000000000000000"
#define NOT_TAKEN "not taken from a PEM file"
#define OTHER     "another curve than its purpose"

static const taken_t taken[] = {
    {SEC1, "KEY0", "ECDSA_KEY", false, NULL, NUMBER_256},
    {SEC1, "KEY0", "ecdsa_key_p256", false, NULL, NUMBER_256},
    {PKCS8, "KEY0", "ECDSA_KEY", false, NULL, ZEROS NUMBER_192},
    {PKCS8, "KEY0", "ECDSA_KEY_P192", false, NULL, NUMBER_192},
    {PKCS8_384, "KEY0", "ECDSA_KEY_P384", false, NULL, NUMBER_384},
    {NO_POINT, "KEY0", "ECDSA_KEY", false, NULL, NUMBER_256},
    {PKCS8, "KEY0", "ECDSA_KEY_P256", false, OTHER, NULL},
    {SEC1, "KEY0", "ECDSA_KEY_P384", false, OTHER, NULL},
    {PUBLIC_384, "KEY0", "ECDSA_KEY_P384", false, "no private key", NULL},
    {PUBLIC_RSA, "KEY0", "ECDSA_KEY", false, "no private key", NULL},
    {SEC1, "KEY0", "XTS_AES_128_KEY", false, NOT_TAKEN, NULL},
    {SEC1, "flash_encryption", NULL, false, NOT_TAKEN, NULL},
    {PKCS8, "KEY0", "SECURE_BOOT_DIGEST1", false, NULL, DIGEST_192},
    {PKCS8, "KEY0", "SECURE_BOOT_DIGEST", true, NULL, DIGEST_192},
    {PUBLIC_RSA, "secure_boot_v2", NULL, true, NULL, DIGEST_RSA},
    {PUBLIC_RSA, "secure_boot_v2", NULL, false, NULL, DIGEST_RSA},
    {NO_POINT, "KEY0", "SECURE_BOOT_DIGEST0", true, "without its public one", NULL},
    {SEC1, "KEY0", "ECDSA_KEY", true, NOT_TAKEN, NULL},
    {ENCRYPTED, "KEY0", "ECDSA_KEY", false, "is encrypted", NULL},
    {"raw bytes", "KEY0", "SECURE_BOOT_DIGEST0", true, "not a PEM file", NULL},
    {"raw bytes", "KEY0", "SECURE_BOOT_DIGEST0", false, NULL, "726177206279746573"},
};

TEST_ROWS(of_a_key_its_number_or_its_digest_is_burnt, taken)
{
    burn_key_t key = {.block = row->block, .purpose = row->purpose, .size = strlen(row->pem)};
    memcpy(key.bytes, row->pem, key.size);
    const size_t size = key.size;
    const char *why = burn_take_pem(&key, row->is_digest);
    if (row->why != NULL) {
        assert_non_null(why);
        assert_non_null(strstr(why, row->why));
        return;
    }
    assert_null(why);
    assert_int_equal(key.size, strlen(row->bytes) / 2);
    expect_hex(key.bytes, key.size, row->bytes);
    for (size_t i = key.size; i < size; i++) { /* nothing is left of the file */
        assert_int_equal(key.bytes[i], 0);
    }
}
