/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Plans over SDIO: the same as over a byte stream, with a stub.
 */
#include "plan.h"

#include <string.h>

static const plan_chip_t sdio_chips[] = {{"esp32c5", 23, 0x2000}, {"esp32c6", 13, 0x0}};

/* Before the chip is made. */
static void take_sdio(plan_t *plan, size_t chip)
{
    plan_take_chip(plan, &sdio_chips[chip]);
    plan->bench.config.wiring = ESP_SIM_WIRING_SDIO;
    plan->bench.target_loader = STUB;
}

TEST_PLAN(rom_alone_flashes_nothing)
{
    take_sdio(plan, 1);
    plan->bench.target_loader = ROM;
    plan_connect(plan);
    assert_int_equal(plan_run(plan), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(bench_cause(&plan->bench), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(esp_sim_stats(plan->bench.sim)->sectors_erased, 0);
}

#ifndef ESP_LOADER_SMALL /* which has no stub */

enum { CUT_STEP = 9, CUTS_MAX = 3000 };

TEST_PLAN_EACH(set_is_flashed_and_boots, COUNT(sdio_chips))
{
    take_sdio(plan, i);
    plan_connect(plan);
    assert_success(plan_run(plan));
    assert_all_flashed(plan);
    assert_boots(plan);
}

TEST_PLAN_EACH(what_is_there_already_is_only_compared, COUNT(sdio_chips))
{
    take_sdio(plan, i);
    plan_connect(plan);
    assert_success(plan_run(plan));
    const uint64_t erased = esp_sim_stats(plan->bench.sim)->sectors_erased;
    assert_success(plan_run(plan));
    assert_int_equal(esp_sim_stats(plan->bench.sim)->sectors_erased, erased);
    assert_all_flashed(plan);
}

/* The host loses the card at one transaction of the plan after the other: what a plan calls flashed is there, and the next one
 * finishes what it has left. */
static bool cut(size_t number, const char *direction)
{
    plan_t plan;
    plan_begin(&plan);
    take_sdio(&plan, 1);
    plan.bench.expects_misuse = true;
    plan_connect(&plan);
    bench_faults_at(&plan.bench, "at transfer %zu %s: drop", number, direction);
    const bool is_read = direction[0] == 'i';
    const esp_sim_stats_t *stats = esp_sim_stats(plan.bench.sim);
    const uint64_t before = is_read ? stats->host_reads : stats->host_writes;
    const bool has_failed = plan_run(&plan) != ESP_LOADER_SUCCESS;
    const uint64_t count = (is_read ? stats->host_reads : stats->host_writes) - before;
    if (has_failed) {
        plan_reconnect(&plan);
        assert_success(plan_run(&plan));
    }
    assert_all_flashed(&plan);
    plan_end(&plan);
    return count >= number;
}

static void cut_everywhere(const char *direction)
{
    size_t number = 1;
    while (cut(number, direction)) {
        number += CUT_STEP;
        assert_in_range(number, 0, CUTS_MAX);
    }
    assert_true(number > CUT_STEP);
}

TEST(a_lost_transaction_is_made_good_by_the_next_plan)
{
    cut_everywhere("out");
    cut_everywhere("in");
}

/* What the bus's checksum does not find, digests do. */
TEST(a_flipped_bit_is_never_called_flashed)
{
    for (unsigned step = 0; step < 60; step++) {
        plan_t plan;
        plan_begin(&plan);
        take_sdio(&plan, 1);
        plan.bench.expects_misuse = true;
        plan_connect(&plan);
        bench_faults_at(&plan.bench, "at byte %u out: corrupt 0x10", 1 + 97 * step);
        if (plan_run(&plan) == ESP_LOADER_SUCCESS) {
            assert_all_flashed(&plan);
        }
        plan_end(&plan);
    }
}

#endif
