/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * MD5 (built once in each form), SHA-256 and the checksum against published vectors. Sources: RFC 1321
 * appendix A.5; FIPS 180-4 examples; RFC 6234 section 8.5. Digests of longer data were computed with Python's
 * hashlib.
 */
#include <stdlib.h>
#include <string.h>

#include "digest/checksum.h"
#include "digest/sha256.h"
#include "esp_loader_md5.h"
#include "test.h"

#define MILLION 1000000u

typedef struct {
    const char *text;
    const char *digest;
} vector_t;

static void assert_digest(const uint8_t *digest, size_t size, const char *expected)
{
    static const char digits[] = "0123456789abcdef";
    char text[2 * ELI_SHA256_SIZE + 1];

    for (size_t i = 0; i < size; i++) {
        text[2 * i] = digits[digest[i] >> 4];
        text[2 * i + 1] = digits[digest[i] & 0x0F];
    }
    text[2 * size] = '\0';
    assert_string_equal(text, expected);
}

static void md5_of(const void *data, size_t size, uint8_t out[ESP_LOADER_MD5_SIZE])
{
    esp_loader_md5_t md5;

    esp_loader_md5_init(&md5);
    esp_loader_md5_update(&md5, data, size);
    esp_loader_md5_finish(&md5, out);
}

static void sha256_of(const void *data, size_t size, uint8_t out[ELI_SHA256_SIZE])
{
    eli_sha256_t sha;

    eli_sha256_init(&sha);
    eli_sha256_update(&sha, data, size);
    eli_sha256_finish(&sha, out);
}

/* Copy that ends where the heap block ends and begins at any alignment. */
static uint8_t *copy_at(const uint8_t *data, size_t size, size_t shift, uint8_t **out_block)
{
    *out_block = malloc(shift + size + (shift + size == 0));
    assert_non_null(*out_block);
    memcpy(*out_block + shift, data, size);
    return *out_block + shift;
}

static void fill(uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        data[i] = (uint8_t)(i * 7 + i / 256 * 13 + 1);
    }
}

static const vector_t md5_vectors[] = {
    {"", "d41d8cd98f00b204e9800998ecf8427e"},
    {"a", "0cc175b9c0f1b6a831c399e269772661"},
    {"abc", "900150983cd24fb0d6963f7d28e17f72"},
    {"message digest", "f96b697d7cb7938d525a2f31aaf161d0"},
    {"abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"},
    {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "d174ab98d277d9f5a5611c2c9f419d9f"},
    {"12345678901234567890123456789012345678901234567890123456789012345678901234567890",
     "57edf4a22be3c955ac49da2e2107b67a"},
};

TEST_ROWS(md5_gives_the_digests_of_rfc_1321, md5_vectors)
{
    uint8_t digest[ESP_LOADER_MD5_SIZE];
    md5_of(row->text, strlen(row->text), digest);
    assert_digest(digest, sizeof(digest), row->digest);
}

static const vector_t sha256_vectors[] = {
    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmno"
     "pqrst"
     "nopqrstu",
     "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
};

TEST_ROWS(sha256_gives_the_digests_of_fips_180, sha256_vectors)
{
    uint8_t digest[ELI_SHA256_SIZE];
    sha256_of(row->text, strlen(row->text), digest);
    assert_digest(digest, sizeof(digest), row->digest);
}

TEST(a_million_letters_a_give_the_published_digests)
{
    uint8_t *data = malloc(MILLION);
    uint8_t md5[ESP_LOADER_MD5_SIZE];
    uint8_t sha[ELI_SHA256_SIZE];

    assert_non_null(data);
    memset(data, 'a', MILLION);
    md5_of(data, MILLION, md5);
    sha256_of(data, MILLION, sha);
    free(data);
    assert_digest(md5, sizeof(md5), "7707d6ae4e027c70eea2a935c2296f21");
    assert_digest(sha, sizeof(sha), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* Digest of the digests of all lengths around one, two and three blocks. */
TEST(every_length_around_a_block_is_padded_right)
{
    uint8_t data[200];
    uint8_t digest[ELI_SHA256_SIZE];
    esp_loader_md5_t all_md5;
    eli_sha256_t all_sha;

    fill(data, sizeof(data));
    esp_loader_md5_init(&all_md5);
    eli_sha256_init(&all_sha);
    for (size_t size = 0; size <= sizeof(data); size++) {
        md5_of(data, size, digest);
        esp_loader_md5_update(&all_md5, digest, ESP_LOADER_MD5_SIZE);
        sha256_of(data, size, digest);
        eli_sha256_update(&all_sha, digest, ELI_SHA256_SIZE);
    }
    esp_loader_md5_finish(&all_md5, digest);
    assert_digest(digest, ESP_LOADER_MD5_SIZE, "2e3ec01a4d26bb2493e8ccdb451b81c2");
    eli_sha256_finish(&all_sha, digest);
    assert_digest(digest, ELI_SHA256_SIZE,
                  "a762260eaf7d0bf0f3e5c702dd2bc7de18bb629df9cad5b668d384084812f4f8");
}

TEST(the_digest_does_not_depend_on_how_data_is_cut)
{
    uint8_t data[200];
    uint8_t expected[ELI_SHA256_SIZE];
    uint8_t digest[ELI_SHA256_SIZE];

    fill(data, sizeof(data));
    for (size_t cut = 0; cut <= sizeof(data); cut++) {
        esp_loader_md5_t md5;
        eli_sha256_t sha;

        esp_loader_md5_init(&md5);
        esp_loader_md5_update(&md5, data, cut);
        esp_loader_md5_update(&md5, data + cut, sizeof(data) - cut);
        esp_loader_md5_finish(&md5, digest);
        md5_of(data, sizeof(data), expected);
        assert_memory_equal(digest, expected, ESP_LOADER_MD5_SIZE);

        eli_sha256_init(&sha);
        eli_sha256_update(&sha, data, cut);
        eli_sha256_update(&sha, data + cut, sizeof(data) - cut);
        eli_sha256_finish(&sha, digest);
        sha256_of(data, sizeof(data), expected);
        assert_memory_equal(digest, expected, ELI_SHA256_SIZE);
    }
}

TEST(the_digest_does_not_depend_on_alignment)
{
    uint8_t data[137];
    uint8_t expected[ELI_SHA256_SIZE];
    uint8_t digest[ELI_SHA256_SIZE];

    fill(data, sizeof(data));
    for (size_t shift = 0; shift < 8; shift++) {
        uint8_t *block;
        const uint8_t *copy = copy_at(data, sizeof(data), shift, &block);

        md5_of(data, sizeof(data), expected);
        md5_of(copy, sizeof(data), digest);
        assert_memory_equal(digest, expected, ESP_LOADER_MD5_SIZE);
        sha256_of(data, sizeof(data), expected);
        sha256_of(copy, sizeof(data), digest);
        assert_memory_equal(digest, expected, ELI_SHA256_SIZE);
        free(block);
    }
}

TEST(a_copied_md5_goes_on_by_itself)
{
    uint8_t digest[ESP_LOADER_MD5_SIZE];
    esp_loader_md5_t md5;
    esp_loader_md5_t fork;

    esp_loader_md5_init(&md5);
    esp_loader_md5_update(&md5, "a", 1);
    fork = md5;
    esp_loader_md5_finish(&md5, digest);
    assert_digest(digest, sizeof(digest), "0cc175b9c0f1b6a831c399e269772661");
    esp_loader_md5_update(&fork, "bc", 2);
    esp_loader_md5_finish(&fork, digest);
    assert_digest(digest, sizeof(digest), "900150983cd24fb0d6963f7d28e17f72");
}

TEST(no_bytes_may_come_without_a_pointer)
{
    uint8_t digest[ELI_SHA256_SIZE];

    md5_of(NULL, 0, digest);
    assert_digest(digest, ESP_LOADER_MD5_SIZE, "d41d8cd98f00b204e9800998ecf8427e");
    sha256_of(NULL, 0, digest);
    assert_digest(digest, ELI_SHA256_SIZE,
                  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(the_checksum_is_the_xor_of_all_bytes_from_its_seed_on)
{
    static const uint8_t data[] = {0x01, 0x80, 0xFF, 0x10};

    assert_int_equal(eli_checksum_add(ELI_CHECKSUM_SEED, NULL, 0), 0xEF);
    assert_int_equal(eli_checksum_add(ELI_CHECKSUM_SEED, data, 1), 0xEE);
    assert_int_equal(eli_checksum_add(ELI_CHECKSUM_SEED, data, 4), 0x81);
    assert_int_equal(eli_checksum_add(eli_checksum_add(ELI_CHECKSUM_SEED, data, 2), data + 2, 2), 0x81);
}
