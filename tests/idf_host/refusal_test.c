/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The example built with binaries for the ESP32-C3 only: an ESP32-S3 looks the same on USB and has to be
 * refused.
 */
#include <string.h>

#include "console.h"
#include "test.h"

#define HOUR_US 3600000000u

static void check_untouched(unsigned number)
{
    (void)number;
    CHECK(esp_sim_stats(bench_board()->sim)->sectors_erased == 0);
    CHECK(esp_sim_stats(bench_board()->sim)->bytes_programmed == 0);
}

static void setup(void)
{
    bench_start(&(bench_t){.board_count = 2,
                           .verdict = "no binaries",
                           .before_unplug = check_untouched,
                           .patience_us = HOUR_US});
}

TEST(refuses_a_chip_without_binaries_by_name_once_before_anything_is_erased)
{
#define REFUSED                                                                                              \
    "Connected to target\n" LOADER                                                                           \
    "E usb_flasher: This is an ESP32-S3, for which there are no binaries: nothing was erased\n"
    assert_string_equal(console_of(setup), INSTALLED OPENING REFUSED OPENING REFUSED OPENING);
}
