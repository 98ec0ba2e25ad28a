/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Bounds are factors over what floor.c says; docs/performance.md gives the reasons.
 */
#include "table.h"

#include "cables.h"
#include "reads.h"
#include "unnamed.h"

#include <string.h>

enum {
    ROM_BLOCK = 1024,
    ROM_USB_BLOCK = 6144,
    STUB_BLOCK = 16384,
    MAX_WRITES = 1100,
    MAX_READS = 3000,
    ROUND_TRIPS = 10
};

/* A request of 26 bytes and a reply to SPI_FLASH_MD5 of 46 (ROM) or 28 (stub), on the wire. */
enum { REQUEST_BYTES = 26, ROM_REPLY_BYTES = 46, STUB_REPLY_BYTES = 28 };

static const sim_timing_t *timing(void)
{
    return sim_timing_get(ESP_SIM_TIMING_DEFAULT);
}

static bool is_uart(const bench_link_t *link)
{
    return link->wiring != ESP_SIM_WIRING_USJ;
}

const char *table_link_name(const bench_link_t *link)
{
    static char name[40];
    if (link->latency_us != 0) {
        snprintf(name, sizeof(name), "%s UART %u +%u ms", link->chip, (unsigned)link->rate_baud,
                 (unsigned)link->latency_us / 1000);
    } else if (is_uart(link)) {
        snprintf(name, sizeof(name), "%s UART %u", link->chip, (unsigned)link->rate_baud);
    } else {
        snprintf(name, sizeof(name), "%s USB", link->chip);
    }
    return name;
}

const char *table_image_name(const bench_case_t *c)
{
    static const char *const NAMES[IMAGE_KINDS] = {"random", "firmware", "demo set", "64 images", "64 near"};
    return NAMES[c->image];
}

const char *table_flash_name(const bench_case_t *c)
{
    static const char *const WRITE[] = {"used", "blank", "same", "edited", "shifted"};
    static const char *const COMPARE[] = {"all changed", "blank, compared", "unchanged", "1 % changed",
                                          "shifted"};
    return (c->is_compared ? COMPARE : WRITE)[c->flash];
}

static double byte_us(const bench_link_t *link)
{
    if (is_uart(link)) {
        return 1e7 / link->rate_baud;
    }
    return (double)(link->is_stub ? timing()->usb_stub_byte_ns : timing()->usb_rom_byte_ns) / 1e3;
}

/* From the end of a request to its reply at the host, the command's work aside: the loader's turnaround and
 * the delivery of a short reply, which on USB waits for the end of a frame, and the way through a network; on USB
 * also the start of the next transfer. */
static double turnaround_us(const bench_link_t *link)
{
    double reply = is_uart(link) ? 14 * byte_us(link) : (double)timing()->usb_transfer_ns / 1e3;
    return (double)(timing()->turnaround_ns + timing()->in_flush_ns) / 1e3 + link->latency_us + reply;
}

static size_t read_piece(const bench_link_t *link)
{
    return strcmp(link->chip, "esp32") == 0 ? 64 : 16;
}

/* A whole SPI_FLASH_MD5, the hashing aside. */
static double round_trip_us(const bench_link_t *link)
{
    int reply = link->is_stub ? STUB_REPLY_BYTES : ROM_REPLY_BYTES;
    return REQUEST_BYTES * byte_us(link) + (is_uart(link) ? (reply - 14) * byte_us(link) : 0) +
           turnaround_us(link);
}

static bool is_deflated(const bench_case_t *c)
{
    return c->link.is_stub && is_uart(&c->link) && c->image != IMAGE_RANDOM && !image_is_cut(c->image);
}

static size_t block_size(const bench_link_t *link)
{
    return link->is_stub ? (size_t)STUB_BLOCK : is_uart(link) ? (size_t)ROM_BLOCK : (size_t)ROM_USB_BLOCK;
}

/* What must be sent: the image as it is, or what zlib makes of it where the loader inflates and the wire is
 * what takes the time. */
static double wire_us(const bench_case_t *c, const uint8_t *image, size_t size)
{
    double plain = (double)floor_wire_bytes(image, size, block_size(&c->link));
    if (is_deflated(c)) {
        double deflated = (double)image_deflated_size(image, size);
        plain = deflated * (1 + 2.0 / 256 + 26.0 / STUB_BLOCK);
    }
    return plain * byte_us(&c->link);
}

static bool is_same_link(const bench_link_t *a, const bench_link_t *b)
{
    return strcmp(a->chip, b->chip) == 0 && a->wiring == b->wiring && a->rate_baud == b->rate_baud &&
           a->is_stub == b->is_stub && a->latency_us == b->latency_us;
}

/* The plain write that a rewrite, or one in pieces, is measured against; NULL when it has not run. */
static const row_t *find_plain(const row_t *rows, size_t count, const bench_case_t *c)
{
    for (size_t i = 0; i < count; i++) {
        const bench_case_t *other = &rows[i].c;
        image_kind_t image = image_is_cut(c->image) ? IMAGE_RANDOM : c->image;
        if (!other->is_compared && other->flash == FLASH_USED && other->image == image &&
            is_same_link(&other->link, &c->link)) {
            return &rows[i];
        }
    }
    return NULL;
}

/* Sums over the parts of a case, beside those that a row keeps. */
typedef struct {
    uint64_t stream_ns;
    size_t rom_blocks;
    size_t stub_blocks;
} limits_t;

static void set_bound(row_t *row, double seconds, const char *words)
{
    row->bound_s = seconds;
    row->bound = words;
}

/* A compressed write may take 1.05 times the slower of flash and wire, unless the stub's own order makes more
 * of it: then 1.05 times that. On a network each block waits for its answer: the stub has no room for
 * more. */
static void bound_of_write(row_t *row, const limits_t *limits, const row_t *plain)
{
    if (image_is_cut(row->c.image)) {
        set_bound(row, 1.1 * plain->seconds, "1.1 in one image");
        return;
    }
    const bench_link_t *link = &row->c.link;
    double wire_s = (double)row->wire_us / 1e6;
    double network_s = (double)limits->stub_blocks * link->latency_us / 1e6;
    double stream_s = (double)limits->stream_ns / 1e9 + network_s;
    double slower = (row->floor_s > wire_s ? row->floor_s : wire_s) + network_s;
    if (link->is_stub && !is_uart(link)) {
        set_bound(row, 1.05 * row->floor_s, "1.05 floor");
    } else if (is_deflated(&row->c) && stream_s > 1.05 * slower) {
        set_bound(row, 1.05 * stream_s,
                  network_s > 0 ? "1.05 (stub's order + answers)" : "1.05 stub's order");
    } else if (link->is_stub) {
        set_bound(row, 1.05 * slower,
                  network_s > 0 ? "1.05 (max(floor, wire) + answers)" : "1.05 max(floor, wire)");
    } else if (row->c.flash == FLASH_USED) {
        set_bound(row,
                  1.03 * (row->floor_s + wire_s + (double)limits->rom_blocks * turnaround_us(link) / 1e6),
                  "1.03 (floor + wire + turnarounds)");
    }
}

/* Questions whose answers decide about the next one cannot overlap: on a network they cost more. */
static void bound_of_rewrite(row_t *row, const row_t *plain)
{
    const bench_link_t *link = &row->c.link;
    uint64_t hash_ns = link->is_stub ? timing()->stub_hash_mib_ns : timing()->rom_hash_mib_ns;
    double hash_s = (double)hash_ns / 1e9 * BENCH_IMAGE_SIZE / (1 << 20) +
                    (double)floor_read_ns(timing(), BENCH_IMAGE_SIZE, read_piece(link)) / 1e9;
    double plain_s = plain == NULL ? 0 : plain->seconds;
    bool is_remote = row->c.link.latency_us != 0;
    switch (row->c.flash) {
    case FLASH_SAME:
        set_bound(row, hash_s + ROUND_TRIPS * round_trip_us(&row->c.link) / 1e6, "hash + 10 round trips");
        break;
    case FLASH_EDITED:
        set_bound(row, 2 * hash_s + (is_remote ? 0.13 : 0.05) * plain_s,
                  is_remote ? "2 hash + 0.13 plain write" : "2 hash + 0.05 plain write");
        break;
    case FLASH_USED:
    case FLASH_SHIFTED:
        set_bound(row, (is_remote ? 1.06 : 1.05) * plain_s,
                  is_remote ? "1.06 plain write" : "1.05 plain write");
        break;
    case FLASH_BLANK:
        break;
    }
}

/* Adds what one part of the image costs at least. */
static void add_part(row_t *row, limits_t *limits, const image_part_t *part, const uint8_t *image,
                     const uint8_t *before)
{
    const floor_case_t floor_case = {.timing = timing(),
                                     .image = image + part->offset,
                                     .size = part->size,
                                     .before = before + part->offset,
                                     .offset = BENCH_IMAGE_OFFSET + part->offset,
                                     .read_piece = read_piece(&row->c.link),
                                     .is_stub = row->c.link.is_stub,
                                     .keeps_equal = row->c.is_compared};
    floor_parts_t floor = floor_of(&floor_case);
    uint64_t part_wire_us = (uint64_t)wire_us(&row->c, floor_case.image, part->size);
    row->floor.erase += floor.erase;
    row->floor.program += floor.program;
    row->floor.spi += floor.spi;
    row->floor.blank_check += floor.blank_check;
    row->floor.read_back += floor.read_back;
    row->wire_us += part_wire_us;
    limits->stream_ns += floor_of_stream(&floor_case, part_wire_us * 1000) +
                         (uint64_t)(2 * turnaround_us(&row->c.link) * 1000); /* BEGIN and END */
    limits->rom_blocks += (part->size + block_size(&row->c.link) - 1) / block_size(&row->c.link);
    limits->stub_blocks += (size_t)((double)part_wire_us / byte_us(&row->c.link)) / STUB_BLOCK + 1;
}

void table_judge(row_t *row, const row_t *rows, size_t count, const uint8_t *image, const uint8_t *before)
{
    image_part_t parts[IMAGE_MAX_PARTS];
    image_kind_t kind = image_is_cut(row->c.image) ? IMAGE_RANDOM : row->c.image; /* the floor is the same */
    size_t part_count = image_parts(kind, row->c.size, parts);
    const row_t *plain = find_plain(rows, count, &row->c);
    limits_t limits = {0};
    row->floor = (floor_parts_t){0};
    row->wire_us = 0;
    for (size_t i = 0; i < part_count; i++) {
        add_part(row, &limits, &parts[i], image, before);
    }
    row->floor_s = (double)floor_sum(&row->floor) / 1e9;
    row->seconds = (double)row->figures.write_us / 1e6;
    row->bound = "";
    if (row->c.is_compared) {
        bound_of_rewrite(row, plain);
    } else {
        bound_of_write(row, &limits, plain);
    }
    bool has_many_calls = !row->c.is_compared && !row->c.link.is_stub &&
                          (row->figures.writes > MAX_WRITES || row->figures.reads > MAX_READS);
    bool has_order = !row->c.is_compared && is_deflated(&row->c);
    double stream_s = has_order ? (double)limits.stream_ns / 1e9 : 0;
    row->least_s = stream_s > row->floor_s ? stream_s : row->floor_s;
    row->is_within = !has_many_calls && row->seconds >= row->least_s &&
                     (row->bound_s == 0 || row->seconds <= row->bound_s);
}

void table_print_head(void)
{
    printf("%-18s %-5s %-9s %-12s %8s %8s %7s %8s %7s %6s %6s %8s %6s\n", "link", "loader", "image", "flash",
           "seconds", "floor", "ratio", "at most", "of it", "writes", "reads", "bytes", "erased");
}

void table_print(const row_t *row)
{
    const figures_t *f = &row->figures;
    printf("%-18s %-5s %-9s %-12s %8.3f %8.3f", table_link_name(&row->c.link),
           row->c.link.is_stub ? "stub" : "ROM", table_image_name(&row->c), table_flash_name(&row->c),
           row->seconds, row->floor_s);
    if (row->floor_s > 0) {
        printf(" %7.3f", row->seconds / row->floor_s);
    } else {
        printf(" %7s", "");
    }
    if (row->bound_s > 0) {
        printf(" %8.3f %7.3f", row->bound_s, row->seconds / row->bound_s);
    } else {
        printf(" %8s %7s", "", "");
    }
    printf(" %6llu %6llu %8llu %6llu  %s%s\n", (unsigned long long)f->writes, (unsigned long long)f->reads,
           (unsigned long long)f->bytes_out + f->bytes_in, (unsigned long long)f->sectors_erased, row->bound,
           row->is_within                ? ""
           : row->seconds < row->least_s ? "  FASTER THAN ITS FLOOR"
                                         : "  TOO SLOW");
}

void table_print_around(const row_t *rows, size_t count)
{
    printf("\nbefore and after writing, seconds, random image, used flash\n%-18s %-5s %8s %8s %8s %8s\n",
           "link", "loader", "connect", "stub", "prepare", "verify");
    for (size_t i = 0; i < count; i++) {
        const row_t *row = &rows[i];
        const figures_t *f = &row->figures;
        if (row->c.image == IMAGE_RANDOM && row->c.flash == FLASH_USED && !row->c.is_compared) {
            printf("%-18s %-5s %8.3f %8.3f %8.3f %8.3f\n", table_link_name(&row->c.link),
                   row->c.link.is_stub ? "stub" : "ROM", (double)f->connect_us / 1e6,
                   (double)f->stub_us / 1e6, (double)f->prepare_us / 1e6, (double)f->verify_us / 1e6);
        }
    }
}

static void write_curves(FILE *file, const row_t *curves, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const row_t *row = &curves[i];
        fprintf(file, "%s\n    {\"loader\": \"%s\", \"flash\": \"%s\", \"bytes\": %u, \"seconds\": %.6f}",
                i > 0 ? "," : "", row->c.link.is_stub ? "stub" : "ROM", table_flash_name(&row->c),
                (unsigned)row->c.size, (double)row->figures.write_us / 1e6);
    }
}

bool table_write_json(const char *path, const row_t *rows, size_t count, const row_t *curves,
                      size_t curve_count)
{
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        perror(path);
        return false;
    }
    fprintf(file, "{\n  \"image_bytes\": %u,\n  \"cases\": [", BENCH_IMAGE_SIZE);
    for (size_t i = 0; i < count; i++) {
        const row_t *row = &rows[i];
        const figures_t *f = &row->figures;
        fprintf(file,
                "%s\n    {\"link\": \"%s\", \"loader\": \"%s\", \"image\": \"%s\", \"flash\": \"%s\",\n"
                "     \"seconds\": %.6f, \"floor_s\": %.6f, \"bound_s\": %.6f, \"bound\": \"%s\",\n"
                "     \"erase_s\": %.6f, \"program_s\": %.6f, \"spi_s\": %.6f, \"blank_check_s\": %.6f, "
                "\"read_back_s\": %.6f, \"wire_s\": %.6f,\n"
                "     \"connect_s\": %.6f, \"stub_s\": %.6f, \"prepare_s\": %.6f, \"verify_s\": %.6f,\n"
                "     \"writes\": %llu, \"reads\": %llu, \"bytes_out\": %llu, \"bytes_in\": %llu, "
                "\"sectors_erased\": %llu, \"flash_busy_s\": %.6f}",
                i > 0 ? "," : "", table_link_name(&row->c.link), row->c.link.is_stub ? "stub" : "ROM",
                table_image_name(&row->c), table_flash_name(&row->c), row->seconds, row->floor_s,
                row->bound_s, row->bound, (double)row->floor.erase / 1e9, (double)row->floor.program / 1e9,
                (double)row->floor.spi / 1e9, (double)row->floor.blank_check / 1e9,
                (double)row->floor.read_back / 1e9, (double)row->wire_us / 1e6, (double)f->connect_us / 1e6,
                (double)f->stub_us / 1e6, (double)f->prepare_us / 1e6, (double)f->verify_us / 1e6,
                (unsigned long long)f->writes, (unsigned long long)f->reads, (unsigned long long)f->bytes_out,
                (unsigned long long)f->bytes_in, (unsigned long long)f->sectors_erased,
                (double)f->flash_busy_us / 1e6);
    }
    fputs("\n  ],\n  \"curves\": [", file);
    write_curves(file, curves, curve_count);
    fputs("\n  ],\n", file);
    cables_write_json(file);
    fputs(",\n", file);
    reads_write_json(file);
    fputs(",\n", file);
    unnamed_write_json(file);
    fputs("\n}\n", file);
    return fclose(file) == 0;
}
