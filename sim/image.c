/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The executable image format: 8-byte header, 16 bytes more on all chips but the first, segments, a checksum
 * byte at the end of a 16-byte line, SHA-256 when the header says so. The first chip has a second form: flash
 * content as a segment that is in no checksum, another header, the other segments; its CRC is not checked.
 * Source: ESP-IDF 6.1 (esp_app_format.h, bootloader_support), esptool 5.3 (bin_image.py).
 */
#include "image.h"

#include <openssl/evp.h>
#include <string.h>

#include "model.h"

enum {
    IMAGE_MAGIC = 0xE9,
    IMAGE_MAGIC_2 = 0xEA,
    SHORT_HEADER_SIZE = 8,
    SEGMENT_HEADER_SIZE = 8,
    EXTENDED_HEADER_SIZE = 24,
    DIGEST_SIZE = 32,
    NO_MAXIMUM = 65535,
};

typedef struct {
    const esp_sim_t *sim;
    uint32_t offset, limit;
    char *why;
    size_t why_size;
} check_t;

static uint32_t word_at(const check_t *check, uint32_t at)
{
    uint8_t b[4];
    sim_flash_read(check->sim, check->offset + at, b, sizeof(b));
    return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static uint8_t byte_at(const check_t *check, uint32_t at)
{
    uint8_t byte;
    sim_flash_read(check->sim, check->offset + at, &byte, 1);
    return byte;
}

static uint32_t half_at(const check_t *check, uint32_t at)
{
    return byte_at(check, at) | (uint32_t)byte_at(check, at + 1) << 8;
}

#define FAIL(check, ...) sim_error((check)->why, (check)->why_size, __VA_ARGS__)

static bool check_revision(const check_t *check)
{
    const esp_sim_t *sim = check->sim;
    uint32_t revision = sim->config.chip_revision;
    uint32_t legacy = byte_at(check, 14);
    uint32_t min = half_at(check, 15);
    uint32_t max = half_at(check, 17);
    bool is_legacy = max == 0 || (max == NO_MAXIMUM && min == 0 && legacy != 0);
    if (is_legacy) {
        uint32_t have = sim->chip->is_legacy_min_rev_minor ? revision % 100 : revision / 100;
        return have >= legacy ? true : FAIL(check, "it needs chip revision %u or later", (unsigned)legacy);
    }
    if (revision < min || (max != NO_MAXIMUM && revision > max)) {
        return FAIL(check, "it needs chip revision v%u.%u to v%u.%u, this chip is v%u.%u",
                    (unsigned)min / 100, (unsigned)min % 100, (unsigned)max / 100, (unsigned)max % 100,
                    (unsigned)revision / 100, (unsigned)revision % 100);
    }
    return true;
}

/* Flash size as the header says, in bytes; 0 = no such code. */
static uint32_t flash_size_of(const sim_chip_t *chip, uint8_t code)
{
    static const uint16_t FIRST_CHIP_KIB[] = {512, 256, 1024, 2048, 4096, 2048, 4096, 0, 8192, 16384};
    if (chip->image_header_size < EXTENDED_HEADER_SIZE) {
        return code < sizeof(FIRST_CHIP_KIB) / sizeof(FIRST_CHIP_KIB[0]) ? FIRST_CHIP_KIB[code] * 1024u : 0;
    }
    return code <= 7 ? 0x100000u << code : 0;
}

/* Passes the first header of the second form and its flash content. */
static bool find_header(const check_t *check, uint32_t *at)
{
    *at = 0;
    bool has_first = check->sim->chip->image_header_size < EXTENDED_HEADER_SIZE &&
                     byte_at(check, 0) == IMAGE_MAGIC_2 && check->limit >= EXTENDED_HEADER_SIZE;
    if (has_first) {
        uint32_t size = word_at(check, SHORT_HEADER_SIZE + 4);
        if (size > check->limit - EXTENDED_HEADER_SIZE) {
            return FAIL(check, "its flash content has %u bytes, more than there is room for", (unsigned)size);
        }
        *at = SHORT_HEADER_SIZE + SEGMENT_HEADER_SIZE + size;
    }
    return true;
}

static bool check_header(const check_t *check, sim_image_t *out, uint32_t *at)
{
    const sim_chip_t *chip = check->sim->chip;
    if (!find_header(check, at)) {
        return false;
    }
    if (check->limit < EXTENDED_HEADER_SIZE || byte_at(check, *at) != IMAGE_MAGIC) {
        return FAIL(check, "no image there (first byte 0x%02x, 0xe9 expected)", byte_at(check, *at));
    }
    out->segment_count = byte_at(check, *at + 1);
    out->flash_size = flash_size_of(chip, byte_at(check, *at + 3) >> 4);
    out->entry = word_at(check, *at + 4);
    *at += chip->image_header_size;
    if (out->segment_count == 0 || out->segment_count > SIM_IMAGE_SEGMENTS) {
        return FAIL(check, "header has %u segments", out->segment_count);
    }
    if (chip->image_header_size < EXTENDED_HEADER_SIZE) {
        return true;
    }
    if (half_at(check, 12) != chip->image_chip_id) {
        return FAIL(check, "it is for chip id %u, %s has %u", (unsigned)half_at(check, 12), chip->title,
                    chip->image_chip_id);
    }
    if (byte_at(check, 23) > 1) {
        return FAIL(check, "digest flag is 0x%02x, must be 0 or 1", byte_at(check, 23));
    }
    out->has_digest = byte_at(check, 23) == 1;
    return check_revision(check);
}

/* A segment that is mapped from flash must sit at the same place in its MMU page as its address says. */
static bool check_mapping(const check_t *check, uint32_t addr, uint32_t data_at)
{
    const sim_chip_t *chip = check->sim->chip;
    for (size_t i = 0; i < sizeof(chip->mapped) / sizeof(chip->mapped[0]) && chip->mapped[i].end != 0; i++) {
        bool is_mapped = addr >= chip->mapped[i].start && addr < chip->mapped[i].end;
        if (is_mapped && (addr - (check->offset + data_at)) % chip->mmu_page_size != 0) {
            return FAIL(check, "segment for 0x%08x lies at flash 0x%x, not at the same place of a page",
                        (unsigned)addr, (unsigned)(check->offset + data_at));
        }
    }
    return true;
}

/* Walks the segments; *at ends behind the last one, *checksum covers their data. */
static bool check_segments(const check_t *check, sim_image_t *out, uint32_t *at, uint8_t *checksum)
{
    for (uint8_t i = 0; i < out->segment_count; i++) {
        if (check->limit - *at < SEGMENT_HEADER_SIZE) {
            return FAIL(check, "segment %u begins beyond the end", i);
        }
        uint32_t addr = word_at(check, *at);
        uint32_t size = word_at(check, *at + 4);
        *at += SEGMENT_HEADER_SIZE;
        if (size > check->limit - *at) {
            return FAIL(check, "segment %u has %u bytes, more than there is room for", i, (unsigned)size);
        }
        if (!check_mapping(check, addr, *at)) {
            return false;
        }
        out->segment_addr[i] = addr;
        out->segment_size[i] = size;
        for (uint32_t end = *at + size; *at < end; (*at)++) {
            *checksum ^= byte_at(check, *at);
        }
    }
    return true;
}

static bool check_digest(const check_t *check, uint32_t size)
{
    uint8_t stored[DIGEST_SIZE];
    uint8_t computed[DIGEST_SIZE];
    EVP_MD_CTX *sha = EVP_MD_CTX_new();
    EVP_DigestInit_ex(sha, EVP_sha256(), NULL);
    uint8_t chunk[1024];
    for (uint32_t at = 0; at < size; at += sizeof(chunk)) {
        size_t n = size - at < sizeof(chunk) ? size - at : sizeof(chunk);
        sim_flash_read(check->sim, check->offset + at, chunk, n);
        EVP_DigestUpdate(sha, chunk, n);
    }
    EVP_DigestFinal_ex(sha, computed, NULL);
    EVP_MD_CTX_free(sha);
    sim_flash_read(check->sim, check->offset + size, stored, sizeof(stored));
    return memcmp(stored, computed, sizeof(stored)) == 0;
}

bool sim_image_check(const esp_sim_t *sim, uint32_t offset, uint32_t limit, sim_image_t *out, char *why,
                     size_t why_size)
{
    check_t check = {sim, offset, limit, why, why_size};
    *out = (sim_image_t){0};
    uint32_t at = 0;
    if (!check_header(&check, out, &at)) {
        return false;
    }
    uint8_t checksum = 0xEF;
    if (!check_segments(&check, out, &at, &checksum)) {
        return false;
    }
    uint32_t end = (at + 16) & ~15u;
    uint32_t tail = out->has_digest ? (uint32_t)DIGEST_SIZE : 0;
    if (end > limit || tail > limit - end) {
        return FAIL(&check, "it is cut off before its checksum");
    }
    if (byte_at(&check, end - 1) != checksum) {
        return FAIL(&check, "checksum is 0x%02x, calculated 0x%02x", byte_at(&check, end - 1), checksum);
    }
    if (out->has_digest && !check_digest(&check, end)) {
        return FAIL(&check, "SHA-256 does not match");
    }
    out->size = end + tail;
    return true;
}
