/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What examples/coprocessor is made of: the order of versions, and images behind one block of memory.
 */
#include <string.h>

#include "block_source.h"
#include "coprocessor_update.h"
#include "test.h"

/* One below the other: each is older than all that follow with another number. */
static const struct {
    const char *text;
    unsigned order;
} VERSIONS[] = {
    {"v0.9", 1},
    {"1", 2},
    {"1.0.0", 2},
    {"v1.0-rc1", 2},
    {"1.0-7-g12ab34", 2},
    {"1.0.1", 3},
    {"1.2", 4},
    {"1.2.0.0", 4},
    {"1.2.9", 5},
    {"1.2.10", 6},
    {"1.2.010", 6},
    {"1.10", 7},
    {"4.0.0.1", 8},
    {"v20", 9},
    {"100", 10},
    {"18446744073709551617", 11},
    {"99999999999999999999999999999", 12},
};

TEST_ROWS(versions_are_ordered_by_their_numbers, VERSIONS)
{
    for (size_t i = 0; i < sizeof(VERSIONS) / sizeof(VERSIONS[0]); i++) {
        assert_int_equal(coprocessor_is_older(row->text, VERSIONS[i].text), row->order < VERSIONS[i].order);
    }
}

static const char *const NUMBERLESS[] = {"", "v", "main", "g12ab34", "-1", ".1", "vv1"};

TEST_ROWS(what_has_no_number_is_neither_older_nor_newer, NUMBERLESS)
{
    assert_false(coprocessor_is_older(*row, "1.0"));
    assert_false(coprocessor_is_older("1.0", *row));
    assert_false(coprocessor_is_older(*row, *row));
}

/* ---- a source with one block ---- */

typedef struct {
    unsigned fetches;
    unsigned fail_at;
} server_t;

static const uint32_t SIZES[] = {5000, 100, BLOCK_SOURCE_SIZE};

static uint8_t byte_of(size_t image, uint32_t offset)
{
    return (uint8_t)(image * 77 + offset * 13 + offset / 256);
}

static esp_loader_error_t fetch(void *ctx, size_t image, uint32_t offset, uint8_t *out, size_t size)
{
    server_t *server = ctx;

    assert_true(offset + size <= SIZES[image]);
    assert_in_range(size, 1, BLOCK_SOURCE_SIZE);
    if (++server->fetches == server->fail_at) {
        out[0] = 0xEE; /* part of it came */
        return ESP_LOADER_ERROR_TIMEOUT;
    }
    for (size_t i = 0; i < size; i++) {
        out[i] = byte_of(image, offset + (uint32_t)i);
    }
    return ESP_LOADER_SUCCESS;
}

static void assert_reads(block_source_t *source, size_t image, uint32_t offset, size_t size)
{
    uint8_t bytes[5000];

    assert_int_equal(block_source_read(source, image, offset, bytes, size), ESP_LOADER_SUCCESS);
    for (size_t i = 0; i < size; i++) {
        assert_int_equal(bytes[i], byte_of(image, offset + (uint32_t)i));
    }
}

TEST(bytes_come_from_the_block_or_from_the_server)
{
    server_t server = {0, 0};
    block_source_t source = {.fetch = fetch, .sizes = SIZES, .ctx = &server};

    for (uint32_t at = 0; at < 5000; at += 100) {
        assert_reads(&source, 0, at, 100);
    }
    assert_int_equal(server.fetches, 5);
    assert_reads(&source, 0, 4999, 1);
    assert_int_equal(server.fetches, 5);
    assert_reads(&source, 0, 0, 5000);
    assert_reads(&source, 1, 0, 100);
    assert_reads(&source, 2, 0, BLOCK_SOURCE_SIZE);
    assert_reads(&source, 2, BLOCK_SOURCE_SIZE - 1, 1);
    assert_int_equal(server.fetches, 12);
    assert_reads(&source, 1, 99, 1);
    assert_int_equal(server.fetches, 13);
}

TEST(a_block_that_did_not_come_is_not_served)
{
    server_t server = {0, 2};
    block_source_t source = {.fetch = fetch, .sizes = SIZES, .ctx = &server};
    uint8_t byte;

    assert_reads(&source, 0, 10, 10);
    assert_int_equal(block_source_read(&source, 0, 2000, &byte, 1), ESP_LOADER_ERROR_TIMEOUT);
    assert_reads(&source, 0, 2000, 1);
    assert_reads(&source, 0, 10, 10);
    assert_int_equal(server.fetches, 4);
}

static const struct {
    size_t image;
    uint32_t offset;
    size_t size;
} OUTSIDE[] = {
    {1, 100, 1}, {1, 101, 1}, {1, 0, 101}, {1, 4096, 4}, {1, UINT32_MAX, 2}, {2, BLOCK_SOURCE_SIZE, 1},
};

/* The server has less than the manifest says. */
TEST_ROWS(bytes_after_the_end_are_an_error_and_not_asked_for, OUTSIDE)
{
    server_t server = {0, 0};
    block_source_t source = {.fetch = fetch, .sizes = SIZES, .ctx = &server};
    uint8_t bytes[128];

    assert_reads(&source, row->image, 0, 10);
    assert_int_equal(block_source_read(&source, row->image, row->offset, bytes, row->size),
                     ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(server.fetches, 1);
}
