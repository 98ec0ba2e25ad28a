/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The sum at the end of a run.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>

#include "flash/flash_summary.h"
#include "test.h"

static const esp_loader_image_report_t reports[] = {
    {.result = ESP_LOADER_IMAGE_EQUAL, .bytes = 20480},
    {.result = ESP_LOADER_IMAGE_VERIFIED, .bytes = 1048576, .bytes_sent = 115200},
};

/** Of 115200 bytes, which take 10 s at 115200 baud. */
static const struct {
    flash_summary_t summary;
    flash_limit_t limit;
} limits[] = {
    {{.connect_ms = 500, .compare_ms = 100, .write_ms = 400, .verify_ms = 50}, FLASH_LIMIT_CONNECTING},
    {{.connect_ms = 500, .compare_ms = 500, .write_ms = 900, .verify_ms = 401}, FLASH_LIMIT_TARGET},
    {{.write_ms = 10500, .rate_baud = 115200}, FLASH_LIMIT_WIRE},
    {{.write_ms = 14000, .rate_baud = 115200}, FLASH_LIMIT_WIRE},
    {{.write_ms = 15000, .rate_baud = 115200}, FLASH_LIMIT_FLASH},
    {{.write_ms = 10500, .rate_baud = 115200, .is_usb = true}, FLASH_LIMIT_FLASH},
    {{.write_ms = 10500}, FLASH_LIMIT_LINK},
};

TEST_ROWS(limit_is_what_takes_most, limits)
{
    flash_summary_t summary = row->summary;

    summary.reports = reports;
    summary.count = 2;
    assert_int_equal(flash_summary_limit(&summary), row->limit);
}

static void assert_prints(const flash_summary_t *summary, const char *expected)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    flash_summary_print(out, summary);
    assert_int_equal(fclose(out), 0);
    assert_string_equal(text, expected);
    free(text);
}

TEST(summary_says_how_much_how_fast_and_where_the_time_went)
{
    assert_prints(&(flash_summary_t){.reports = reports,
                                     .count = 2,
                                     .connect_ms = 1100,
                                     .compare_ms = 400,
                                     .write_ms = 10500,
                                     .verify_ms = 200,
                                     .rate_baud = 115200},
                  "Total:      1044 KB in 12.2 s, 85 KB/s\n"
                  "Sent:       113 KB; 1 of 2 images skipped: in the flash already\n"
                  "Time:       connect 1.1 s, compare 0.4 s, erase+write 10.5 s, verify 0.2 s\n"
                  "Limit:      the wire, at 115200 baud\n");
}

TEST(summary_of_no_time_has_no_rate)
{
    assert_prints(&(flash_summary_t){.reports = reports + 1, .count = 1},
                  "Total:      1024 KB in 0.0 s\n"
                  "Sent:       113 KB\n"
                  "Time:       connect 0.0 s, compare 0.0 s, erase+write 0.0 s, verify 0.0 s\n"
                  "Limit:      connecting\n");
}
