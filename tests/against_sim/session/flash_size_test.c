/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A flash whose id does not tell its size, or tells more than there is: nothing is assumed, what the caller
 * states counts everywhere, and a flash that wraps around is found, with the ROM loader and with the stub.
 */
#include <stdio.h>
#include <string.h>

#include "bench.h"
#include "test.h"

#define UNKNOWN_ID 0x4A25BFu /* a plausible one: its capacity code is in no table */
#define ID_OF_8_MB 0x1740EFu
#define MIB        (1u << 20)

enum { DATA_SIZE = 3000 };

static const char *const chips[] = {"esp8266", "esp32", "esp32s3", "esp32c3"};
static const size_t chip_count = sizeof(chips) / sizeof(chips[0]);

static const uint8_t *data(void)
{
    static uint8_t bytes[DATA_SIZE];
    bench_fill(bytes, sizeof(bytes), 5);
    return bytes;
}

/* false: this build has no stub. */
static bool begin(bench_t *b, const char *chip, uint32_t flash_size, uint32_t id, bool with_stub)
{
    *b = (bench_t){.config = {.chip = chip,
                              .wiring = ESP_SIM_WIRING_BRIDGE,
                              .timing = ESP_SIM_TIMING_FAST,
                              .accepts_any_stub = true,
                              .flash_size = flash_size,
                              .flash_jedec_id = id}};
    bench_open(b);
    esp_loader_error_t err =
        with_stub ? esp_loader_connect_with_stub(&b->loader, NULL) : esp_loader_connect(&b->loader, NULL);
    if (with_stub && err == ESP_LOADER_ERROR_UNSUPPORTED_FUNC) {
        bench_close(b);
        return false;
    }
    assert_int_equal(err, ESP_LOADER_SUCCESS);
    return true;
}

static bool has_md5(const char *chip, bool with_stub)
{
    return with_stub || strcmp(chip, "esp8266") != 0;
}

/* ---- an id that tells none ---- */

static void expect_size_wanted(bench_t *b, esp_loader_error_t err)
{
    const esp_loader_error_detail_t *detail = esp_loader_error_detail(&b->loader);

    assert_int_equal(err, ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(detail->cause, ESP_LOADER_ERROR_FLASH_SIZE);
    assert_int_equal(detail->stage, ESP_LOADER_STAGE_ATTACH);
    assert_int_equal(detail->value, UNKNOWN_ID);
}

/* What needs the size of the flash; the ESP8266's ROM has not all of it. */
static void expect_everything(bench_t *b, bool has_all, uint32_t offset,
                              void (*expect)(bench_t *b, esp_loader_error_t err))
{
    uint8_t digest[16];
    uint8_t buf[16];

    expect(b, bench_flash(b, offset, data(), DATA_SIZE, true));
    expect(b, esp_loader_flash_erase_region(&b->loader, offset, 4096));
    if (has_all) {
        expect(b, esp_loader_flash_read(&b->loader, buf, offset, sizeof(buf)));
        expect(b, esp_loader_flash_md5(&b->loader, offset, 4096, digest));
        expect(b, esp_loader_flash_verify_known_md5(&b->loader, offset, 4096, digest));
    }
}

TEST(no_size_is_assumed_where_the_id_tells_none)
{
    for (size_t i = 0; i < 2 * chip_count; i++) {
        uint32_t value = 123;
        bench_t b;
        if (!begin(&b, chips[i / 2], 8 * MIB, UNKNOWN_ID, i % 2 != 0)) {
            continue;
        }
        expect_everything(&b, has_md5(chips[i / 2], i % 2 != 0), 0, expect_size_wanted);
        expect_size_wanted(&b, esp_loader_flash_erase(&b.loader));
        expect_size_wanted(&b, esp_loader_flash_detect_size(&b.loader, &value));
        assert_int_equal(value, 123);
        assert_int_equal(esp_loader_flash_read_id(&b.loader, &value), ESP_LOADER_SUCCESS); /* needs none */
        assert_int_equal(value, UNKNOWN_ID);
        assert_int_equal(esp_sim_stats(b.sim)->sectors_erased, 0);
        bench_close(&b);
    }
}

static void expect_success(bench_t *b, esp_loader_error_t err)
{
    (void)b;
    if (err != ESP_LOADER_ERROR_INVALID_MD5) { /* the digest that is compared is none of the range */
        assert_int_equal(err, ESP_LOADER_SUCCESS);
    }
}

static void expect_out_of_range(bench_t *b, esp_loader_error_t err)
{
    assert_int_equal(err, ESP_LOADER_ERROR_IMAGE_SIZE);
    assert_int_equal(bench_cause(b), ESP_LOADER_ERROR_FLASH_RANGE);
}

TEST(a_stated_size_counts_everywhere)
{
    for (size_t i = 0; i < 2 * chip_count; i++) {
        const bool has_all = has_md5(chips[i / 2], i % 2 != 0);
        bench_t b;
        if (!begin(&b, chips[i / 2], 8 * MIB, UNKNOWN_ID, i % 2 != 0)) {
            continue;
        }
        expect_size_wanted(&b, esp_loader_flash_erase_region(&b.loader, 0, 4096)); /* too late is not */
        assert_int_equal(esp_loader_flash_set_size(&b.loader, 8 * MIB), ESP_LOADER_SUCCESS);
        expect_everything(&b, has_all, 7 * MIB, expect_success);
        assert_int_equal(bench_flash(&b, 6 * MIB, data(), DATA_SIZE, !has_all), ESP_LOADER_SUCCESS);
        assert_memory_equal(esp_sim_flash(b.sim) + 6 * MIB, data(), DATA_SIZE);
        expect_everything(&b, has_all, 8 * MIB, expect_out_of_range);

        assert_int_equal(esp_loader_flash_set_size(&b.loader, 4 * MIB), ESP_LOADER_SUCCESS);
        expect_everything(&b, has_all, 4 * MIB, expect_out_of_range);
        expect_everything(&b, has_all, 3 * MIB, expect_success);

        assert_int_equal(esp_loader_flash_set_size(&b.loader, 0), ESP_LOADER_SUCCESS); /* as the id tells */
        expect_everything(&b, has_all, 0, expect_size_wanted);
        bench_close(&b);
    }
}

TEST(a_stated_size_counts_instead_of_what_the_id_tells)
{
    bench_t b;
    assert_true(begin(&b, "esp32s3", 8 * MIB, ID_OF_8_MB, false));
    assert_int_equal(bench_flash(&b, 6 * MIB, data(), DATA_SIZE, false), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_flash_set_size(&b.loader, 4 * MIB), ESP_LOADER_SUCCESS);
    expect_everything(&b, true, 6 * MIB, expect_out_of_range);
    assert_int_equal(esp_loader_flash_erase(&b.loader), ESP_LOADER_SUCCESS);
    assert_memory_equal(esp_sim_flash(b.sim) + 6 * MIB, data(), DATA_SIZE);
    bench_close(&b);
}

TEST(only_powers_of_two_are_sizes_and_only_while_connected)
{
    static const uint32_t sizes[] = {1, 2048, 4095, 4097, 3 * MIB, 8 * MIB + 4096, UINT32_MAX};
    bench_t b;
    assert_true(begin(&b, "esp32s3", 8 * MIB, UNKNOWN_ID, false));
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        assert_int_equal(esp_loader_flash_set_size(&b.loader, sizes[i]), ESP_LOADER_ERROR_INVALID_PARAM);
        assert_int_equal(esp_loader_error_detail(&b.loader)->value, sizes[i]);
    }
    assert_int_equal(esp_loader_flash_set_size(&b.loader, 8 * MIB), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_connect(&b.loader, NULL), ESP_LOADER_SUCCESS);
    expect_size_wanted(&b, esp_loader_flash_erase(&b.loader)); /* what was stated is forgotten */
    bench_close(&b);
    bench_open(&b);
    assert_int_equal(esp_loader_flash_set_size(&b.loader, 8 * MIB), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(bench_cause(&b), ESP_LOADER_ERROR_NOT_CONNECTED);
    bench_close(&b);
}

/* ---- wrap-around ---- */

static uint32_t measured(bench_t *b)
{
    uint32_t size = 123;
    assert_int_equal(esp_loader_flash_measure_size(&b->loader, &size), ESP_LOADER_SUCCESS);
    return size;
}

TEST(a_flash_that_wraps_around_is_measured)
{
    for (size_t i = 0; i < 2 * chip_count; i++) {
        for (uint32_t size = MIB / 4; size <= 8 * MIB; size *= 2) {
            bench_t b;
            if (!has_md5(chips[i / 2], i % 2 != 0) ||
                !begin(&b, chips[i / 2], size, ID_OF_8_MB, i % 2 != 0)) {
                continue;
            }
            assert_int_equal(measured(&b), 0); /* erased */
            memset(esp_sim_flash(b.sim), 0, size);
            assert_int_equal(measured(&b), 0); /* all the same */
            bench_fill(esp_sim_flash(b.sim) + 0x8000, DATA_SIZE, 7);
            assert_int_equal(measured(&b), size);
            bench_fill(esp_sim_flash(b.sim), size, 7);
            assert_int_equal(measured(&b), size);
            assert_int_equal(esp_sim_stats(b.sim)->sectors_erased, 0);
            bench_close(&b);
        }
    }
}

/* What lies beyond 16 MB this loader cannot tell. */
TEST(a_flash_is_measured_as_far_as_the_loader_reaches)
{
    static const struct {
        uint32_t size;
        uint32_t expected;
    } cases[] = {{8 * MIB, 8 * MIB}, {16 * MIB, 32 * MIB}, {32 * MIB, 32 * MIB}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        bench_t b;
        assert_true(begin(&b, "esp32c3", cases[i].size, 0x1940EF, false));
        bench_fill(esp_sim_flash(b.sim), cases[i].size, 7);
        assert_int_equal(measured(&b), cases[i].expected);
        bench_close(&b);
    }
}

TEST(a_loader_without_md5_measures_nothing)
{
    uint32_t size = 123;
    bench_t b;
    assert_true(begin(&b, "esp8266", 8 * MIB, 0, false));
    assert_int_equal(esp_loader_flash_measure_size(&b.loader, &size), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(size, 123);
    bench_close(&b);
}

/* Whatever question fails, nothing is said about the size. */
TEST(a_failed_question_is_an_error)
{
    for (unsigned nth = 1; nth <= 5; nth++) {
        char script[80];
        uint32_t size = 123;
        bench_t b;
        assert_true(begin(&b, "esp32s3", 4 * MIB, ID_OF_8_MB, false));
        bench_fill(esp_sim_flash(b.sim), 4 * MIB, 7);
        snprintf(script, sizeof(script), "from command %u of 0x13: error 0x05", nth);
        bench_faults(&b, script);
        assert_int_not_equal(esp_loader_flash_measure_size(&b.loader, &size), ESP_LOADER_SUCCESS);
        assert_int_equal(size, 123);
        bench_close(&b);
    }
}

/* As after an image that one flipped bit of an address has written to the middle as well. */
TEST(what_stands_at_the_start_and_in_the_middle_is_no_smaller_flash)
{
    bench_t b;
    uint32_t size = 0;

    begin(&b, "esp32s3", 8 * MIB, ID_OF_8_MB, false);
    bench_fill(esp_sim_flash(b.sim), 128 * 1024, 3);
    memcpy(esp_sim_flash(b.sim) + 4 * MIB, esp_sim_flash(b.sim), 64 * 1024);
    assert_int_equal(esp_loader_flash_measure_size(&b.loader, &size), ESP_LOADER_SUCCESS);
    assert_int_equal(size, 8 * MIB);
    bench_close(&b);
}
