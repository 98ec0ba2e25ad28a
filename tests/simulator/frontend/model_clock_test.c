/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Model time against real time.
 */
#include "model_clock.h"
#include "test.h"

static const struct {
    uint32_t rate;
    uint64_t real_us, model_us;
} times[] = {{1000, 5000000, 5000000}, {500, 5000000, 2500000}, {1000000, 7, 7000}, {1, 1999, 1}};

TEST_ROWS(time_passes_at_the_given_rate, times)
{
    fe_model_clock_t clock;
    fe_model_clock_start(&clock, 1000000, row->rate);
    assert_int_equal(fe_model_clock_at(&clock, 1000000), 0);
    assert_int_equal(fe_model_clock_at(&clock, 1000000 + row->real_us), row->model_us);
}

static const uint32_t rates[] = {1, 3, 999, 1000, 1001, 2500, 1000000};

TEST_ROWS(an_event_has_come_when_the_clock_was_said_to_show_it_and_not_before, rates)
{
    fe_model_clock_t clock;
    fe_model_clock_start(&clock, 77, *row);
    for (uint64_t model_us = 1; model_us < 100000; model_us += 997) {
        const uint64_t real_us = fe_model_clock_when(&clock, model_us);
        assert_true(fe_model_clock_at(&clock, real_us) >= model_us);
        assert_true(fe_model_clock_at(&clock, real_us - 1) < model_us);
    }
}

TEST(never_stays_never)
{
    fe_model_clock_t clock;
    fe_model_clock_start(&clock, 1000, FE_CLOCK_RATE_MIN);
    assert_true(fe_model_clock_when(&clock, FE_NEVER) == FE_NEVER);
    assert_true(fe_model_clock_when(&clock, FE_NEVER - 1) == FE_NEVER);
    assert_int_equal(fe_model_clock_when(&clock, 0), 1000);
}

TEST(time_runs_on_from_a_jump)
{
    fe_model_clock_t clock;
    fe_model_clock_start(&clock, 0, FE_CLOCK_RATE_REAL);
    fe_model_clock_jump(&clock, 100, 45000000);
    assert_int_equal(fe_model_clock_at(&clock, 100), 45000000);
    assert_int_equal(fe_model_clock_at(&clock, 110), 45000010);
    assert_int_equal(fe_model_clock_when(&clock, 45000010), 110);
    assert_int_equal(fe_model_clock_when(&clock, 1), 100);
}
