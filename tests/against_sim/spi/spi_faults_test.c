/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What can go wrong on an SPI bus: a transaction that the slave does not see, a flipped bit, a slave that stops. Whatever
 * it is, a call ends, chip select is high, and no success is reported for RAM that holds something else, unless a bit was
 * flipped where nothing protects it.
 */
#include <stdio.h>

#include "spi_bench.h"

enum { SIZE = 600, BLOCK_SIZE = 200, TRANSFERS = 40 };

static const spi_chip_t *c3(void)
{
    return spi_chip(0);
}

/* A transaction is lost, each in turn: those of a load, and of what comes after it. */
static void lose_each(const char *direction)
{
    unsigned failed = 0;
    for (unsigned number = 1; number <= TRANSFERS; number++) {
        static spi_bench_t b;
        char script[64];
        uint32_t value;
        spi_bench_connect(&b, c3());
        b.expects_misuse = true;
        snprintf(script, sizeof(script), "at transfer %u %s: drop", number, direction);
        spi_bench_faults(&b, script);
        const uint64_t start_us = esp_sim_now_us(b.sim);
        esp_loader_error_t err = spi_bench_load(&b, SIZE, BLOCK_SIZE, 0);
        assert_in_range(esp_sim_now_us(b.sim) - start_us, 0, 5000000);
        assert_false(b.port.is_selected);
        if (err == ESP_LOADER_SUCCESS) {
            assert_true(spi_bench_is_loaded(&b, SIZE));
        } else {
            failed++;
            assert_int_equal(err, ESP_LOADER_ERROR_TIMEOUT);
        }
        err = esp_loader_write_register(&b.loader, b.chip->ram, number); /* the session goes on */
        if (err != ESP_LOADER_SUCCESS) {
            assert_success(esp_loader_write_register(&b.loader, b.chip->ram, number));
        }
        assert_success(esp_loader_read_register(&b.loader, b.chip->ram, &value));
        assert_int_equal(value, number);
        spi_bench_close(&b);
    }
    assert_in_range(failed, 1, TRANSFERS / 2); /* a block whose reply is lost is not sent again */
}

TEST(lost_writes_end_and_are_reported)
{
    lose_each("out");
}

TEST(lost_reads_end_and_are_reported)
{
    lose_each("in");
}

TEST(question_whose_transfer_is_lost_is_asked_again)
{
    static const char *const faults[] = {"at transfer 1 out: drop", "at transfer 2 out: drop",
                                         "at transfer 1 in: drop",  "at transfer 3 in: drop",
                                         "at transfer 5 in: drop",  "at command 1: drop",
                                         "at reply 1: delay 3050ms"};
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        static spi_bench_t b;
        uint32_t value = 0;
        spi_bench_connect(&b, c3());
        assert_success(esp_loader_write_register(&b.loader, b.chip->ram, 0x600DF00D));
        spi_bench_faults(&b, faults[i]);
        if (i != 5) { /* a ROM that has lost a command answers nothing any more */
            assert_success(esp_loader_read_register(&b.loader, b.chip->ram, &value));
            assert_int_equal(value, 0x600DF00D);
        } else {
            assert_int_equal(esp_loader_read_register(&b.loader, b.chip->ram, &value),
                             ESP_LOADER_ERROR_TIMEOUT);
            assert_success(esp_loader_connect(&b.loader, NULL)); /* which resets it */
        }
        b.expects_misuse = true;
        spi_bench_close(&b);
    }
}

/* Statuses, mailbox, frames and replies, one bit at a time. */
TEST(flipped_bit_never_hangs_and_a_status_is_read_twice)
{
    for (unsigned byte = 1; byte <= 120; byte += 3) {
        static const char *const directions[] = {"out", "in"};
        for (unsigned i = 0; i < 2; i++) {
            static spi_bench_t b;
            char script[64];
            uint32_t value;
            spi_bench_connect(&b, c3());
            b.expects_misuse = true;
            snprintf(script, sizeof(script), "at byte %u %s: corrupt 0x%02x", byte, directions[i],
                     1u << byte % 8);
            spi_bench_faults(&b, script);
            (void)spi_bench_load(&b, 100, 100, 0);
            (void)esp_loader_read_register(&b.loader, b.chip->ram, &value);
            assert_false(b.port.is_selected);
            assert_success(esp_loader_connect(&b.loader, NULL));
            assert_success(spi_bench_load(&b, SIZE, BLOCK_SIZE, 0));
            assert_true(spi_bench_is_loaded(&b, SIZE));
            spi_bench_close(&b);
        }
    }
}

TEST(damaged_block_is_sent_again_with_the_next_number)
{
    static spi_bench_t b;
    spi_bench_connect(&b, c3());
    spi_bench_faults(&b, "at command 2 of 0x07: corrupt 0x10");
    assert_success(spi_bench_load(&b, SIZE, BLOCK_SIZE, 0));
    assert_true(spi_bench_is_loaded(&b, SIZE));
    b.expects_misuse = true;
    spi_bench_close(&b);
}

TEST(refused_command_is_a_failure_with_its_reason)
{
    static spi_bench_t b;
    spi_bench_connect(&b, c3());
    spi_bench_faults(&b, "at command 1 of 0x06: error 0x06");
    assert_int_equal(spi_bench_load(&b, 100, 100, 0), ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(esp_loader_error_detail(&b.loader)->cause, ESP_LOADER_ERROR_TARGET_STATUS);
    assert_int_equal(esp_loader_error_detail(&b.loader)->target_reason, 6);
    spi_bench_close(&b);
}

TEST(slave_that_is_reset_meanwhile_is_found_again)
{
    static spi_bench_t b;
    uint32_t value;
    spi_bench_connect(&b, c3());
    spi_bench_faults(&b, "at command 1: reset");
    assert_int_not_equal(esp_loader_read_register(&b.loader, b.chip->ram, &value), ESP_LOADER_SUCCESS);
    assert_success(esp_loader_connect(&b.loader, NULL));
    assert_success(esp_loader_read_register(&b.loader, b.chip->ram, &value));
    b.expects_misuse = true;
    spi_bench_close(&b);
}

TEST(chip_that_is_none_of_them_is_said_to_be_unknown)
{
    static spi_bench_t b;
    spi_bench_open(&b, c3(), false);
    spi_bench_faults(&b, "at reply 1: corrupt 0x01"); /* its number */
    assert_int_equal(esp_loader_connect(&b.loader, NULL), ESP_LOADER_ERROR_INVALID_TARGET);
    assert_int_equal(esp_loader_error_detail(&b.loader)->cause, ESP_LOADER_ERROR_UNSUPPORTED_CHIP);
    assert_int_equal(esp_loader_get_target(&b.loader), ESP_UNKNOWN_CHIP);
    spi_bench_close(&b);
}
