/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The executable image format: 8-byte header, 16 bytes more on all chips but the first, segments, a checksum
 * byte at the end of a 16-byte line, SHA-256 if the header announces one. The first chip has a second form:
 * flash content as a segment that is in no checksum, another header, the other segments; its CRC is not
 * checked.
 *
 * Sources, ESP-IDF at v6.0 where no other tag is named: components/bootloader_support/src/esp_image_format.c
 * (verify_image_header, verify_segment_header, process_checksum, process_appended_hash_and_sig,
 * verify_simple_hash), bootloader_common_loader.c (bootloader_common_check_chip_validity; the one-byte form
 * at v5.0); esp_app_format.h, esp_secure_boot.h (layout of the signature block); rBoot, rboot.c
 * (check_image). Not modelled: where the bootloader's own code and stack lie, block revisions of the eFuses,
 * rollback.
 */
#include "boot/image.h"

#include <openssl/evp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "state/model.h"

enum {
    IMAGE_MAGIC = 0xE9,
    IMAGE_MAGIC_2 = 0xEA,
    SHORT_HEADER_SIZE = 8,
    SEGMENT_HEADER_SIZE = 8,
    EXTENDED_HEADER_SIZE = 24,
    DIGEST_SIZE = 32,
    NO_MAXIMUM = 65535,
    MMU_PAGE_LOG_OFF = 180, /* in the description of an app */
    LONGEST_SEGMENT = 0x1000000,
    SIGNATURE_MAGIC = 0xE7,
    SIGNATURE_VERSION = 2,
    SIGNATURE_DIGEST_OFF = 4,
};

#define APP_DESCRIPTION_MAGIC 0xABCD5432u

typedef struct {
    const esp_sim_t *sim;
    uint32_t offset;
    uint32_t room; /**< to the end of the flash: what is longer than its partition is read all the same */
    sim_image_reader_t reader;
    sim_image_why_t *why;
    uint32_t page_size;
} check_t;

static uint32_t word_at(const check_t *check, uint32_t at)
{
    uint8_t b[4];
    sim_flash_read(check->sim, check->offset + at, b, sizeof(b));
    return sim_get32(b);
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

static bool __attribute__((format(printf, 3, 4)))
refuse(const check_t *check, const char *tag, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(check->why->text, sizeof(check->why->text), format, args);
    va_end(args);
    check->why->tag = tag;
    return false;
}

/* ESP-IDF's code reads it, and logs what it thinks of it. */
static bool is_logged(const check_t *check)
{
    return check->reader == SIM_READER_BOOTLOADER || check->reader == SIM_READER_OLD_BOOTLOADER;
}

/* In the model's words: no code reports it, or its words are not known. */
#define FAIL(check, ...) refuse(check, NULL, __VA_ARGS__)
/* As the bootloader logs it. */
#define LOG_FAIL(check, tag, ...) refuse(check, is_logged(check) ? (tag) : NULL, __VA_ARGS__)

/* Bootloaders up to v5.0 know the one-byte form only, later ones do not look at it. */
static bool check_one_byte_revision(const check_t *check)
{
    const esp_sim_t *sim = check->sim;
    uint32_t revision = sim->config.chip_revision;
    uint32_t have = sim->chip->is_legacy_min_rev_minor ? revision % 100 : revision / 100;
    uint32_t need = byte_at(check, 14);
    if (have >= need) {
        return true;
    }
    return refuse(check, "boot_comm",
                  "This chip is revision %u but the application is configured for minimum revision %u. "
                  "Can't run.",
                  (unsigned)have, (unsigned)need);
}

static bool check_revision(const check_t *check, const sim_image_t *image)
{
    bool is_own = check->reader == SIM_READER_ROM; /* it has been loaded, and looks at its own header */
    bool is_old = check->reader == SIM_READER_OLD_BOOTLOADER || (is_own && image->max_revision == 0);
    if (check->sim->chip->image_header_size < EXTENDED_HEADER_SIZE) {
        return true;
    }
    if (is_old) {
        return check_one_byte_revision(check);
    }
    unsigned revision = check->sim->config.chip_revision;
    unsigned min = image->min_revision;
    unsigned max = image->max_revision;
    if (revision < min) {
        return refuse(check, "boot_comm", "chip revision check failed. Required >= v%u.%u, found v%u.%u.",
                      min / 100, min % 100, revision / 100, revision % 100);
    }
    bool has_max = max != 0 && max != NO_MAXIMUM && !is_own;
    if (has_max && revision > max) {
        return refuse(check, "boot_comm", "chip revision check failed. Required <= v%u.%u, found v%u.%u.",
                      max / 100, max % 100, revision / 100, revision % 100);
    }
    return true;
}

/* Flash size as the header says, in bytes; a code that is none means 2 MB (update_flash_config() in
 * bootloader_flash_config_*.c, default_config() of rBoot: 512 KB). */
static uint32_t flash_size_of(const sim_chip_t *chip, uint8_t code)
{
    static const uint16_t FIRST_CHIP_KIB[] = {512, 256, 1024, 2048, 4096, 2048, 4096, 512, 8192, 16384};
    if (chip->image_header_size < EXTENDED_HEADER_SIZE) {
        return (code < sizeof(FIRST_CHIP_KIB) / sizeof(FIRST_CHIP_KIB[0]) ? FIRST_CHIP_KIB[code] : 512u) *
               1024u;
    }
    return code <= 7 ? 0x100000u << code : 0x200000u;
}

/* Passes the first header of the second form and its flash content. */
static bool find_header(const check_t *check, uint32_t *at)
{
    *at = 0;
    bool has_first = check->sim->chip->image_header_size < EXTENDED_HEADER_SIZE &&
                     byte_at(check, 0) == IMAGE_MAGIC_2 && check->room >= EXTENDED_HEADER_SIZE;
    if (has_first) {
        uint32_t size = word_at(check, SHORT_HEADER_SIZE + 4);
        if (size > check->room - EXTENDED_HEADER_SIZE) {
            return FAIL(check, "its flash content has %u bytes, more than there is room for", (unsigned)size);
        }
        *at = SHORT_HEADER_SIZE + SEGMENT_HEADER_SIZE + size;
    }
    return true;
}

static bool check_magic(const check_t *check, uint32_t at)
{
    if (check->room >= EXTENDED_HEADER_SIZE && byte_at(check, at) == IMAGE_MAGIC) {
        return true;
    }
    if (!is_logged(check)) {
        return FAIL(check, "no image there (first byte 0x%02x, 0xe9 expected)", byte_at(check, at));
    }
    return LOG_FAIL(check, "esp_image", "image at 0x%x has invalid magic byte (nothing flashed here?)",
                    (unsigned)check->offset);
}

static bool check_header(const check_t *check, sim_image_t *out, uint32_t *at)
{
    const sim_chip_t *chip = check->sim->chip;
    if (!find_header(check, at) || !check_magic(check, *at)) {
        return false;
    }
    out->start = *at;
    out->segment_count = byte_at(check, *at + 1);
    out->flash_size = flash_size_of(chip, byte_at(check, *at + 3) >> 4);
    out->entry = word_at(check, *at + 4);
    bool is_extended = chip->image_header_size >= EXTENDED_HEADER_SIZE;
    if (is_extended) {
        out->min_revision = half_at(check, 15);
        out->max_revision = half_at(check, 17);
        out->has_digest = byte_at(check, 23) != 0;
        if (half_at(check, 12) != chip->image_chip_id) {
            return !is_logged(check) ? FAIL(check, "it is for chip id %u, %s has %u",
                                            (unsigned)half_at(check, 12), chip->title, chip->image_chip_id)
                                     : refuse(check, "boot_comm", "mismatch chip ID, expected %d, found %d",
                                              chip->image_chip_id, (int)half_at(check, 12));
        }
        if (is_logged(check) && !check_revision(check, out)) {
            return false;
        }
    }
    if (out->segment_count > SIM_IMAGE_SEGMENTS) {
        return LOG_FAIL(check, "esp_image", "image at 0x%x segment count %d exceeds max %d",
                        (unsigned)check->offset, out->segment_count, SIM_IMAGE_SEGMENTS);
    }
    *at += chip->image_header_size;
    return out->segment_count > 0 ? true : FAIL(check, "header has no segments: there is nothing to run");
}

/* Where the MMU's page can be chosen, an app says which it was linked for. */
static bool find_page_size(check_t *check, uint32_t data_at)
{
    const sim_chip_t *chip = check->sim->chip;
    check->page_size = chip->mmu_page_size;
    if (!chip->chooses_mmu_page || !is_logged(check)) {
        return true;
    }
    if (word_at(check, data_at) != APP_DESCRIPTION_MAGIC) {
        return LOG_FAIL(check, "esp_image", "Failed to fetch app description header!");
    }
    uint8_t log = byte_at(check, data_at + MMU_PAGE_LOG_OFF);
    if (log > 0 && log < 32) {
        check->page_size = 1u << log;
    }
    return true;
}

static bool is_mapped(const sim_chip_t *chip, uint32_t addr)
{
    for (size_t i = 0; i < sizeof(chip->mapped) / sizeof(chip->mapped[0]) && chip->mapped[i].end != 0; i++) {
        if (addr >= chip->mapped[i].start && addr < chip->mapped[i].end) {
            return true;
        }
    }
    return false;
}

/* A bootloader takes whole words only, and what is mapped from flash must sit at the same place of an MMU
 * page as its address says. */
static bool check_segment(const check_t *check, unsigned number, uint32_t addr, uint32_t size,
                          uint32_t data_at)
{
    if (!is_logged(check)) {
        return true;
    }
    if ((size & 3) != 0 || size >= LONGEST_SEGMENT) {
        return LOG_FAIL(check, "esp_image", "invalid segment length 0x%x", (unsigned)size);
    }
    uint32_t data_offset = check->offset + data_at;
    if (is_mapped(check->sim->chip, addr) && (addr - data_offset) % check->page_size != 0) {
        return LOG_FAIL(check, "esp_image", "Segment %u load address 0x%08x, doesn't match data 0x%08x",
                        number, (unsigned)addr, (unsigned)data_offset);
    }
    return true;
}

/* Walks the segments; *at ends after the last one, *checksum covers their data. */
static bool check_segments(check_t *check, sim_image_t *out, uint32_t *at, uint8_t *checksum)
{
    if (!find_page_size(check, *at + SEGMENT_HEADER_SIZE)) {
        return false;
    }
    for (uint8_t i = 0; i < out->segment_count; i++) {
        if (check->room - *at < SEGMENT_HEADER_SIZE) {
            return FAIL(check, "segment %u begins beyond the end", i);
        }
        uint32_t addr = word_at(check, *at);
        uint32_t size = word_at(check, *at + 4);
        *at += SEGMENT_HEADER_SIZE;
        if (!check_segment(check, i, addr, size, *at)) {
            return false;
        }
        if (size > check->room - *at) {
            return FAIL(check, "segment %u has %u bytes, more than there is room for", i, (unsigned)size);
        }
        out->is_mapped = out->is_mapped || is_mapped(check->sim->chip, addr);
        out->segment_addr[i] = addr;
        out->segment_size[i] = size;
        for (uint32_t end = *at + size; *at < end; (*at)++) {
            *checksum ^= byte_at(check, *at);
        }
    }
    return true;
}

static void compute_digest(const esp_sim_t *sim, uint32_t offset, uint32_t size, uint8_t out[DIGEST_SIZE])
{
    EVP_MD_CTX *sha = EVP_MD_CTX_new();
    EVP_DigestInit_ex(sha, EVP_sha256(), NULL);
    uint8_t chunk[1024];
    for (uint32_t at = 0; at < size; at += sizeof(chunk)) {
        size_t n = size - at < sizeof(chunk) ? size - at : sizeof(chunk);
        sim_flash_read(sim, offset + at, chunk, n);
        EVP_DigestUpdate(sha, chunk, n);
    }
    EVP_DigestFinal_ex(sha, out, NULL);
    EVP_MD_CTX_free(sha);
}

bool sim_image_is_digest_right(const sim_image_t *image)
{
    return memcmp(image->stored_digest, image->computed_digest, DIGEST_SIZE) == 0;
}

/* What follows the segments, which end at @p at. */
static bool check_tail(const check_t *check, uint32_t limit, sim_image_t *out, uint32_t at, uint8_t checksum)
{
    uint32_t end = (at + 16) & ~15u;
    uint32_t tail = out->has_digest ? (uint32_t)DIGEST_SIZE : 0;
    if (end > check->room || tail > check->room - end) {
        return FAIL(check, "it is cut off before its checksum");
    }
    out->size = end + tail;
    if (check->reader == SIM_READER_EBOOT) {
        return true;
    }
    if (byte_at(check, end - 1) != checksum) {
        return LOG_FAIL(check, "esp_image", "Checksum failed. Calculated 0x%x read 0x%x", checksum,
                        byte_at(check, end - 1));
    }
    if (out->size > limit) {
        return LOG_FAIL(check, "esp_image", "Image length %u doesn't fit in partition length %u",
                        (unsigned)out->size, (unsigned)limit);
    }
    if (!out->has_digest) {
        return true;
    }
    compute_digest(check->sim, check->offset, end, out->computed_digest);
    sim_flash_read(check->sim, check->offset + end, out->stored_digest, DIGEST_SIZE);
    if (is_logged(check) && !sim_image_is_digest_right(out)) {
        return LOG_FAIL(check, "esp_image", "Image hash failed - image is corrupt");
    }
    return true;
}

bool sim_image_check(const esp_sim_t *sim, uint32_t offset, uint32_t limit, sim_image_reader_t reader,
                     sim_image_t *out, sim_image_why_t *why)
{
    uint32_t room = offset < sim->flash.size ? sim->flash.size - offset : 0;
    check_t check = {.sim = sim, .offset = offset, .room = room, .reader = reader, .why = why};
    *out = (sim_image_t){0};
    uint32_t at = 0;
    uint8_t checksum = 0xEF;
    return check_header(&check, out, &at) && check_segments(&check, out, &at, &checksum) &&
           check_tail(&check, limit, out, at, checksum) &&
           (reader != SIM_READER_ROM || check_revision(&check, out));
}

bool sim_image_is_signed(const esp_sim_t *sim, uint32_t offset, const sim_image_t *image, char *why,
                         size_t why_size)
{
    uint32_t end = (image->size + SIM_SECTOR_SIZE - 1) / SIM_SECTOR_SIZE * SIM_SECTOR_SIZE;
    uint8_t block[SIGNATURE_DIGEST_OFF + DIGEST_SIZE];
    uint8_t digest[DIGEST_SIZE];
    sim_flash_read(sim, offset + end, block, sizeof(block));
    if (block[0] != SIGNATURE_MAGIC || block[1] != SIGNATURE_VERSION) {
        return sim_error(why, why_size,
                         "No signature block magic byte found at signature sector (found 0x%x not 0x%x). "
                         "Image not V2 signed?",
                         block[0], SIGNATURE_MAGIC);
    }
    compute_digest(sim, offset, end, digest);
    return memcmp(block + SIGNATURE_DIGEST_OFF, digest, DIGEST_SIZE) == 0
               ? true
               : sim_error(why, why_size, "Sig block 0 invalid: Image digest does not match");
}
