/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A flash whose id does not tell its size, or tells more than there is: nothing is assumed, what the caller
 * states counts everywhere, and a flash that wraps around is found, with the ROM loader and with the stub.
 */
#include <string.h>

#include "bench.h"

#define UNKNOWN_ID 0x4A25BFu /* a plausible one: its capacity code is in no table */
#define ID_OF_8_MB 0x1740EFu
#define MIB        (1u << 20)

enum { DATA_SIZE = 3000 };

static const char *const chips[] = {"esp8266", "esp32", "esp32s3", "esp32c3"};

/* Each chip with each loader. */
#define TEST_CHIPS(name, flash_size, id)                                                                     \
    TEST_CONNECTED_EACH(name, COUNT(chips) * LOADER_COUNT,                                                   \
                        make_bench(chips[i % COUNT(chips)], flash_size, id, i / COUNT(chips)))

static const uint8_t *data(void)
{
    static uint8_t bytes[DATA_SIZE];
    bench_fill(bytes, sizeof(bytes), 5);
    return bytes;
}

static bench_t make_bench(const char *chip, uint32_t flash_size, uint32_t id, size_t loader)
{
    return (bench_t){.config = {.chip = chip,
                                .wiring = ESP_SIM_WIRING_BRIDGE,
                                .timing = ESP_SIM_TIMING_FAST,
                                .accepts_any_stub = true,
                                .flash_size = flash_size,
                                .flash_jedec_id = id},
                     .target_loader = (int)loader};
}

static bool has_md5(const bench_t *b)
{
    return b->target_loader == STUB || strcmp(b->config.chip, "esp8266") != 0;
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
static void expect_everything(bench_t *b, uint32_t offset, void (*expect)(bench_t *b, esp_loader_error_t err))
{
    uint8_t digest[16];
    uint8_t buf[16];

    expect(b, bench_flash(b, offset, data(), DATA_SIZE, true));
    expect(b, esp_loader_flash_erase_region(&b->loader, offset, 4096));
    if (has_md5(b)) {
        expect(b, esp_loader_flash_read(&b->loader, buf, offset, sizeof(buf)));
        expect(b, esp_loader_flash_md5(&b->loader, offset, 4096, digest));
        expect(b, esp_loader_flash_verify_known_md5(&b->loader, offset, 4096, digest));
    }
}

TEST_CHIPS(no_size_is_assumed_where_the_id_tells_none, 8 * MIB, UNKNOWN_ID)
{
    uint32_t value = 123;
    expect_everything(b, 0, expect_size_wanted);
    expect_size_wanted(b, esp_loader_flash_erase(&b->loader));
    expect_size_wanted(b, esp_loader_flash_detect_size(&b->loader, &value));
    assert_int_equal(value, 123);
    assert_success(esp_loader_flash_read_id(&b->loader, &value)); /* needs none */
    assert_int_equal(value, UNKNOWN_ID);
    assert_int_equal(esp_sim_stats(b->sim)->sectors_erased, 0);
}

static void expect_success(bench_t *b, esp_loader_error_t err)
{
    (void)b;
    if (err != ESP_LOADER_ERROR_INVALID_MD5) { /* the digest that is compared is none of the range */
        assert_success(err);
    }
}

static void expect_out_of_range(bench_t *b, esp_loader_error_t err)
{
    assert_int_equal(err, ESP_LOADER_ERROR_IMAGE_SIZE);
    assert_int_equal(bench_cause(b), ESP_LOADER_ERROR_FLASH_RANGE);
}

TEST_CHIPS(a_stated_size_counts_everywhere, 8 * MIB, UNKNOWN_ID)
{
    expect_size_wanted(b, esp_loader_flash_erase_region(&b->loader, 0, 4096)); /* too late is not */
    assert_success(esp_loader_flash_set_size(&b->loader, 8 * MIB));
    expect_everything(b, 7 * MIB, expect_success);
    assert_success(bench_flash(b, 6 * MIB, data(), DATA_SIZE, !has_md5(b)));
    assert_memory_equal(esp_sim_flash(b->sim) + 6 * MIB, data(), DATA_SIZE);
    expect_everything(b, 8 * MIB, expect_out_of_range);

    assert_success(esp_loader_flash_set_size(&b->loader, 4 * MIB));
    expect_everything(b, 4 * MIB, expect_out_of_range);
    expect_everything(b, 3 * MIB, expect_success);

    assert_success(esp_loader_flash_set_size(&b->loader, 0)); /* as the id tells */
    expect_everything(b, 0, expect_size_wanted);
}

TEST_CONNECTED(a_stated_size_counts_instead_of_what_the_id_tells,
               make_bench("esp32s3", 8 * MIB, ID_OF_8_MB, ROM))
{
    assert_success(bench_flash(b, 6 * MIB, data(), DATA_SIZE, false));
    assert_success(esp_loader_flash_set_size(&b->loader, 4 * MIB));
    expect_everything(b, 6 * MIB, expect_out_of_range);
    assert_success(esp_loader_flash_erase(&b->loader));
    assert_memory_equal(esp_sim_flash(b->sim) + 6 * MIB, data(), DATA_SIZE);
}

TEST_OPEN(only_powers_of_two_are_sizes_and_only_while_connected,
          make_bench("esp32s3", 8 * MIB, UNKNOWN_ID, ROM))
{
    static const uint32_t sizes[] = {1, 2048, 4095, 4097, 3 * MIB, 8 * MIB + 4096, UINT32_MAX};
    assert_int_equal(esp_loader_flash_set_size(&b->loader, 8 * MIB), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(bench_cause(b), ESP_LOADER_ERROR_NOT_CONNECTED);
    assert_success(bench_try_connect(b));
    for (size_t i = 0; i < COUNT(sizes); i++) {
        assert_int_equal(esp_loader_flash_set_size(&b->loader, sizes[i]), ESP_LOADER_ERROR_INVALID_PARAM);
        assert_int_equal(esp_loader_error_detail(&b->loader)->value, sizes[i]);
    }
    assert_success(esp_loader_flash_set_size(&b->loader, 8 * MIB));
    assert_success(bench_try_connect(b));
    expect_size_wanted(b, esp_loader_flash_erase(&b->loader)); /* what was stated is forgotten */
}

/* ---- wrap-around ---- */

static uint32_t measured(bench_t *b)
{
    uint32_t size = 123;
    assert_success(esp_loader_flash_measure_size(&b->loader, &size));
    return size;
}

TEST_CONNECTED_EACH(a_flash_that_wraps_around_is_measured, COUNT(chips) * LOADER_COUNT * 6,
                    make_bench(chips[i / 6 % COUNT(chips)], (MIB / 4) << i % 6, ID_OF_8_MB,
                               i / 6 / COUNT(chips)))
{
    const uint32_t size = b->config.flash_size;
    if (!has_md5(b)) {
        return;
    }
    assert_int_equal(measured(b), 0); /* erased */
    memset(esp_sim_flash(b->sim), 0, size);
    assert_int_equal(measured(b), 0); /* all the same */
    bench_fill(esp_sim_flash(b->sim) + 0x18000, DATA_SIZE, 7);
    assert_int_equal(measured(b), 0); /* the samples are */
    memset(esp_sim_flash(b->sim), 0, size);
    bench_fill(esp_sim_flash(b->sim) + 0x8000, DATA_SIZE, 7);
    assert_int_equal(measured(b), size);
    bench_fill(esp_sim_flash(b->sim), size, 7);
    assert_int_equal(measured(b), size);
    assert_int_equal(esp_sim_stats(b->sim)->sectors_erased, 0);
}

static const struct {
    uint32_t size;
    uint32_t expected;
} large_flashes[] = {{8 * MIB, 8 * MIB}, {16 * MIB, 32 * MIB}, {32 * MIB, 32 * MIB}};

/* What lies beyond 16 MB this loader cannot tell. */
TEST_CONNECTED_EACH(a_flash_is_measured_as_far_as_the_loader_reaches, COUNT(large_flashes),
                    make_bench("esp32c3", large_flashes[i].size, 0x1940EF, ROM))
{
    bench_fill(esp_sim_flash(b->sim), large_flashes[i].size, 7);
    assert_int_equal(measured(b), large_flashes[i].expected);
}

TEST_CONNECTED(a_loader_without_md5_measures_nothing, make_bench("esp8266", 8 * MIB, 0, ROM))
{
    uint32_t size = 123;
    assert_int_equal(esp_loader_flash_measure_size(&b->loader, &size), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(size, 123);
}

/* Whatever question fails, nothing is said about the size. */
TEST_CONNECTED_EACH(a_failed_question_is_an_error, 5u, make_bench("esp32s3", 4 * MIB, ID_OF_8_MB, ROM))
{
    uint32_t size = 123;
    bench_fill(esp_sim_flash(b->sim), 4 * MIB, 7);
    bench_faults_at(b, "from command %u of 0x13: error 0x05", (unsigned)i + 1);
    assert_int_not_equal(esp_loader_flash_measure_size(&b->loader, &size), ESP_LOADER_SUCCESS);
    assert_int_equal(size, 123);
}

/* One that was not answered, however often it was asked, is not taken to be answered by the next. */
TEST_CONNECTED_EACH(a_single_failed_question_is_an_error, 5u, make_bench("esp32s3", 4 * MIB, ID_OF_8_MB, ROM))
{
    enum { TRIES = SERIAL_FLASHER_WRITE_BLOCK_RETRIES + 1 };
    uint32_t size = 123;

    b->expects_misuse = true;
    bench_fill(esp_sim_flash(b->sim), 4 * MIB, 7);
    for (unsigned n = 0; n < TRIES; n++) {
        bench_faults_at(b, "at command %u of 0x13: error 0x05", (unsigned)i + 1 + n);
    }
    assert_int_equal(esp_loader_flash_measure_size(&b->loader, &size), ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(size, 123);
}

/* As after an image that one flipped bit of an address has written to the middle as well. */
TEST_CONNECTED(what_stands_at_the_start_and_in_the_middle_is_no_smaller_flash,
               make_bench("esp32s3", 8 * MIB, ID_OF_8_MB, ROM))
{
    bench_fill(esp_sim_flash(b->sim), 128 * 1024, 3);
    memcpy(esp_sim_flash(b->sim) + 4 * MIB, esp_sim_flash(b->sim), 64 * 1024);
    assert_int_equal(measured(b), 8 * MIB);
}
