/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What events add up to, on a clock of the test.
 */
#include "report/tally.h"
#include "test.h"

static void event(tally_t *tally, size_t index, esp_loader_plan_step_t step, uint32_t done, uint32_t total,
                  uint64_t now_ms)
{
    tally_event(tally,
                &(esp_loader_plan_event_t){.step = step, .image_index = index, .done = done, .total = total},
                now_ms);
}

TEST(time_belongs_to_the_step_that_takes_it)
{
    tally_t tally;

    tally_begin(&tally, 3000, 1000);
    event(&tally, 0, ESP_LOADER_PLAN_COMPARE, 0, 1000, 1010); /* the target was asked what it is */
    event(&tally, 0, ESP_LOADER_PLAN_ERASE, 0, 1000, 1030);
    event(&tally, 0, ESP_LOADER_PLAN_WRITE, 0, 1000, 1130);
    event(&tally, 0, ESP_LOADER_PLAN_WRITE, 1000, 1000, 1330);
    event(&tally, 0, ESP_LOADER_PLAN_VERIFY, 1000, 1000, 1331);
    event(&tally, 0, ESP_LOADER_PLAN_DONE, 1000, 1000, 1371);
    event(&tally, 1, ESP_LOADER_PLAN_COMPARE, 0, 2000, 1372);
    event(&tally, 1, ESP_LOADER_PLAN_DONE, 2000, 2000, 1400);
    tally_end(&tally, 1500); /* all are looked at again */
    assert_int_equal(tally.spent_ms[ESP_LOADER_PLAN_COMPARE], 10 + 20 + 28);
    assert_int_equal(tally.spent_ms[ESP_LOADER_PLAN_ERASE], 100);
    assert_int_equal(tally.spent_ms[ESP_LOADER_PLAN_WRITE], 200 + 1);
    assert_int_equal(tally.spent_ms[ESP_LOADER_PLAN_VERIFY], 40 + 1 + 100);
    assert_int_equal(tally.spent_ms[ESP_LOADER_PLAN_DONE], 0);
}

TEST(rate_follows_what_is_written)
{
    tally_t tally;

    tally_begin(&tally, 0, 0);
    event(&tally, 0, ESP_LOADER_PLAN_COMPARE, 5000, 100000, 10);
    assert_int_equal(tally.rate, 0);
    event(&tally, 0, ESP_LOADER_PLAN_WRITE, 0, 100000, 1000);
    event(&tally, 0, ESP_LOADER_PLAN_WRITE, 1000, 100000, 1100); /* too short to say anything */
    assert_int_equal(tally.rate, 0);
    event(&tally, 0, ESP_LOADER_PLAN_WRITE, 10000, 100000, 2000);
    assert_int_equal(tally.rate, 10000);
    assert_int_equal(tally_left_ms(&tally), 9000);
    event(&tally, 0, ESP_LOADER_PLAN_COMPARE, 50000, 100000, 2000);
    event(&tally, 0, ESP_LOADER_PLAN_WRITE, 50000, 100000, 9000); /* what was only compared is no rate */
    assert_int_equal(tally.rate, 10000);
    event(&tally, 0, ESP_LOADER_PLAN_WRITE, 53000, 100000, 12000); /* slower: half of it counts after 3 s */
    assert_int_equal(tally.rate, 5500);
    event(&tally, 0, ESP_LOADER_PLAN_WRITE, 20000, 100000, 20000); /* it goes back */
    assert_int_equal(tally.rate, 5500);
    event(&tally, 0, ESP_LOADER_PLAN_WRITE, 100000, 100000, 20001);
    assert_int_equal(tally_left_ms(&tally), 0);
}

TEST(percent_of_one_and_of_all)
{
    tally_t tally;

    tally_begin(&tally, 4000, 0);
    event(&tally, 0, ESP_LOADER_PLAN_COMPARE, 900, 1000, 0);
    assert_int_equal(tally_percent(&tally), 90);
    assert_int_equal(tally_all_percent(&tally), 0); /* it may still have to be written */
    event(&tally, 0, ESP_LOADER_PLAN_DONE, 1000, 1000, 0);
    assert_int_equal(tally_all_percent(&tally), 25);
    event(&tally, 1, ESP_LOADER_PLAN_WRITE, 1500, 3000, 0);
    assert_int_equal(tally_percent(&tally), 50);
    assert_int_equal(tally_all_percent(&tally), 62);
    event(&tally, 1, ESP_LOADER_PLAN_DONE, 3000, 3000, 0);
    event(&tally, 0, ESP_LOADER_PLAN_WRITE, 10, 1000, 0); /* an image that is flashed once more */
    assert_int_equal(tally_percent(&tally), 1);
    assert_true(tally_all_percent(&tally) <= 100);
    event(&tally, 1, ESP_LOADER_PLAN_DONE, 3000, 3000, 0);
    assert_int_equal(tally_all_percent(&tally), 100);
}

TEST(per_cent_of_images_that_are_flashed_as_one)
{
    tally_t tally;

    tally_begin(&tally, 8000, 0);
    event(&tally, 0, ESP_LOADER_PLAN_WRITE, 1000, 1000, 0);
    event(&tally, 1, ESP_LOADER_PLAN_WRITE, 0, 3000, 0);
    assert_int_equal(tally_all_percent(&tally), 12);
    event(&tally, 1, ESP_LOADER_PLAN_WRITE, 3000, 3000, 0);
    event(&tally, 0, ESP_LOADER_PLAN_DONE, 1000, 1000, 0);
    assert_int_equal(tally_all_percent(&tally), 50);
    event(&tally, 1, ESP_LOADER_PLAN_DONE, 3000, 3000, 0);
    event(&tally, 2, ESP_LOADER_PLAN_COMPARE, 0, 4000, 0);
    assert_int_equal(tally_all_percent(&tally), 50);
}

TEST(nothing_is_all_done)
{
    tally_t tally;

    tally_begin(&tally, 0, 0);
    assert_int_equal(tally_percent(&tally), 100);
    assert_int_equal(tally_all_percent(&tally), 100);
    assert_int_equal(tally_left_ms(&tally), 0);
}
