/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Executable images. Segments that are mapped from flash must be at a file offset that equals their
 * address modulo the 64 KiB MMU page; RAM segments in between fill the gap, and a padding segment (address 0)
 * takes what is left. Source: esptool 5.3, image format (headers, segments, checksum, digest); ESP-IDF 6.1,
 * application and bootloader description structures.
 */
#include "image.h"

#include <stdlib.h>
#include <string.h>

#include "digest.h"

enum {
    IMAGE_MAGIC = 0xE9,
    HEADER_SIZE = 24,
    SHORT_HEADER_SIZE = 8, /* ESP8266 */
    SEGMENT_HEADER_SIZE = 8,
    CHECKSUM_SEED = 0xEF,
    DIGEST_SIZE = 32,
    MMU_PAGE = 0x10000,
    MAPPED_CODE_FROM = 0x20000, /* smaller apps have no mapped code */
    MAX_IRAM = 0xC000,
    APP_DESCRIPTION_SIZE = 256,
    BOOTLOADER_DESCRIPTION_SIZE = 80,
};

/* An image in the making: the buffer has its final size, pos is where the next segment header goes. */
typedef struct {
    const mkimage_options_t *options;
    uint32_t entry;
    uint8_t *data;
    size_t size;
    size_t pos;
    uint8_t segment_count;
    uint8_t checksum;
} builder_t;

bool mkimage_defect_find(const char *name, mkimage_defect_t *out_defect)
{
    static const char *const NAMES[] = {"", "magic", "checksum", "digest", "content", "segments", "length"};
    for (size_t i = 1; i < sizeof(NAMES) / sizeof(NAMES[0]); i++) {
        if (strcmp(NAMES[i], name) == 0) {
            *out_defect = (mkimage_defect_t)i;
            return true;
        }
    }
    return false;
}

static void put_u16(uint8_t *at, uint16_t value)
{
    at[0] = (uint8_t)value;
    at[1] = (uint8_t)(value >> 8);
}

static void put_u32(uint8_t *at, uint32_t value)
{
    put_u16(at, (uint16_t)value);
    put_u16(at + 2, (uint16_t)(value >> 16));
}

/* The field is zeroed already and keeps at least one NUL. */
static void put_text(uint8_t *at, size_t field_size, const char *text)
{
    size_t len = strlen(text);
    memcpy(at, text, len < field_size ? len : field_size - 1);
}

static size_t round_up_to(size_t n, size_t multiple)
{
    return (n + multiple - 1) / multiple * multiple;
}

static size_t header_size(const mkimage_options_t *options)
{
    return mkimage_has_short_header(options->chip) ? SHORT_HEADER_SIZE : HEADER_SIZE;
}

/* A short header cannot say that there is one. */
static size_t digest_size(const mkimage_options_t *options)
{
    return options->has_digest && !mkimage_has_short_header(options->chip) ? DIGEST_SIZE : 0;
}

/* Starts an image of @p size bytes; NULL when there is no memory. */
static uint8_t *builder_start(builder_t *b, const mkimage_options_t *options, uint32_t entry, size_t size)
{
    uint8_t *image = calloc(1, size);
    *b = (builder_t){
        .options = options, .entry = entry, .data = image, .size = size, .pos = header_size(options)};
    return image;
}

/* Starts a segment of @p len bytes, filled as the options say; returns its data for descriptions. */
static uint8_t *segment_begin(builder_t *b, uint32_t addr, size_t len)
{
    put_u32(b->data + b->pos, addr);
    put_u32(b->data + b->pos + 4, (uint32_t)len);
    uint8_t *payload = b->data + b->pos + SEGMENT_HEADER_SIZE;
    if (addr != 0) {
        mkimage_fill(b->options->fill, b->options->seed * 32 + b->segment_count, payload, len);
    }
    b->pos += SEGMENT_HEADER_SIZE + len;
    b->segment_count++;
    return payload;
}

static void segment_end(builder_t *b, const uint8_t *payload)
{
    for (const uint8_t *p = payload; p < b->data + b->pos; p++) {
        b->checksum ^= *p;
    }
}

static void segment_plain(builder_t *b, uint32_t addr, size_t len)
{
    segment_end(b, segment_begin(b, addr, len));
}

/* Length of a last segment that makes the image exactly as long as asked: four bytes remain for the checksum.
 */
static size_t rest(const builder_t *b)
{
    return b->size - digest_size(b->options) - 4 - b->pos - SEGMENT_HEADER_SIZE;
}

static void write_header(builder_t *b)
{
    const mkimage_options_t *o = b->options;
    uint8_t *h = b->data;
    h[0] = o->defect == MKIMAGE_BREAK_MAGIC ? 0x00 : IMAGE_MAGIC;
    h[1] = o->defect == MKIMAGE_BREAK_SEGMENTS ? 17 : b->segment_count;
    h[2] = o->flash_mode;
    h[3] = (uint8_t)(o->flash_size << 4 | o->flash_freq);
    put_u32(h + 4, b->entry);
    if (mkimage_has_short_header(o->chip)) {
        return;
    }
    h[8] = 0xEE; /* no write-protect pin */
    put_u16(h + 12, o->header_chip_id);
    h[14] = o->min_revision_legacy;
    put_u16(h + 15, o->min_revision);
    put_u16(h + 17, o->max_revision);
    h[23] = o->has_digest ? 1 : 0;
}

/* Returns the length of the file. */
static size_t builder_finish(builder_t *b)
{
    mkimage_defect_t defect = b->options->defect;
    size_t end = b->size - digest_size(b->options);
    write_header(b);
    b->data[end - 1] =
        (uint8_t)(b->checksum ^ CHECKSUM_SEED ^ (defect == MKIMAGE_BREAK_CHECKSUM ? 0x01 : 0x00));
    if (digest_size(b->options) > 0) {
        mkimage_sha256(b->data, end, b->data + end);
        if (defect == MKIMAGE_BREAK_DIGEST) {
            b->data[end] ^= 0x01;
        }
    }
    if (defect == MKIMAGE_BREAK_CONTENT) {
        b->data[b->pos - 1] ^= 0x01;
    }
    return defect == MKIMAGE_BREAK_LENGTH ? b->size - 64 : b->size;
}

static void describe_bootloader(uint8_t *at)
{
    memset(at, 0, BOOTLOADER_DESCRIPTION_SIZE);
    at[0] = 0x50;
    put_u32(at + 4, 1);
    put_text(at + 8, 32, "el-mkimage");
    put_text(at + 40, 24, "Jan  1 2026 00:00:00");
}

static void describe_app(const mkimage_options_t *options, uint8_t *at)
{
    memset(at, 0, APP_DESCRIPTION_SIZE);
    put_u32(at, 0xABCD5432u);
    put_text(at + 16, 32, options->version);
    put_text(at + 48, 32, options->project);
    put_text(at + 80, 16, "00:00:00");
    put_text(at + 96, 16, "Jan  1 2026");
    put_text(at + 112, 32, "el-mkimage");
    mkimage_fill(MKIMAGE_FILL_RANDOM, options->seed, at + 144, 32); /* in place of the ELF's SHA-256 */
    put_u16(at + 178, 99);                                          /* any eFuse block revision below v1.0 */
    at[180] = 16;                                                   /* log2 of the MMU page */
}

uint8_t *mkimage_bootloader(const mkimage_options_t *options, size_t size, size_t *out_size)
{
    builder_t b;
    uint8_t *image = builder_start(&b, options, options->chip->iram_addr, size);
    if (image == NULL) {
        return NULL;
    }
    uint8_t *data = segment_begin(&b, options->chip->dram_addr, round_up_to(size / 8, 16));
    describe_bootloader(data);
    segment_end(&b, data);
    segment_plain(&b, options->chip->iram_addr, rest(&b));
    *out_size = builder_finish(&b);
    return image;
}

/* Code for RAM up to the next place where mapped data may start, and that mapped code. */
static void add_mapped_code(builder_t *b, size_t drom_size)
{
    const mkimage_chip_t *chip = b->options->chip;
    const size_t header = header_size(b->options);
    size_t header_at = header; /* modulo a page: the same place as the first segment's */
    while (header_at < b->pos + SEGMENT_HEADER_SIZE + 16) {
        header_at += MMU_PAGE;
    }
    size_t gap = header_at - b->pos - SEGMENT_HEADER_SIZE;
    if (gap <= MAX_IRAM) {
        segment_plain(b, chip->iram_addr, gap);
    } else {
        segment_plain(b, chip->iram_addr, MAX_IRAM);
        segment_plain(b, 0, gap - MAX_IRAM - SEGMENT_HEADER_SIZE);
    }
    uint32_t window = chip->irom_addr;
    if (window == chip->drom_addr) {
        window += (uint32_t)round_up_to(header + SEGMENT_HEADER_SIZE + drom_size, MMU_PAGE);
    }
    segment_plain(b, window + (uint32_t)header + SEGMENT_HEADER_SIZE, rest(b));
}

uint8_t *mkimage_app(const mkimage_options_t *options, size_t size, size_t *out_size)
{
    const mkimage_chip_t *chip = options->chip;
    builder_t b;
    uint8_t *image = builder_start(&b, options, options->chip->iram_addr, size);
    if (image == NULL) {
        return NULL;
    }
    size_t drom_size = round_up_to(size / 3, 16);
    size_t dram_size = size / 32 < 0x4000 ? round_up_to(size / 32, 16) : 0x4000;
    uint8_t *data = segment_begin(&b, chip->drom_addr + (uint32_t)b.pos + SEGMENT_HEADER_SIZE, drom_size);
    describe_app(options, data);
    segment_end(&b, data);
    segment_plain(&b, chip->dram_addr, dram_size);
    if (size >= MAPPED_CODE_FROM) {
        add_mapped_code(&b, drom_size);
    } else {
        segment_plain(&b, chip->iram_addr, rest(&b));
    }
    *out_size = builder_finish(&b);
    return image;
}

uint8_t *mkimage_segments(const mkimage_options_t *options, uint32_t entry, const mkimage_segment_t *segments,
                          size_t count, size_t *out_size)
{
    builder_t b;
    size_t size = header_size(options);
    for (size_t i = 0; i < count; i++) {
        size += SEGMENT_HEADER_SIZE + segments[i].size;
    }
    size = round_up_to(size + 1, 16) + digest_size(options);
    uint8_t *image = builder_start(&b, options, entry, size);
    if (image == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        uint8_t *data = segment_begin(&b, segments[i].addr, segments[i].size);
        memcpy(data, segments[i].data, segments[i].size);
        segment_end(&b, data);
    }
    *out_size = builder_finish(&b);
    return image;
}
