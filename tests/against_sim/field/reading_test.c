/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Reports of people who read a flash over a link that lost, damaged or doubled bytes: a read repeats what it
 * has to, and what it calls read is what the flash holds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan.h"

/* Not whole words, and more than one packet of the stub or piece of the ROM. */
enum { PLACE = 0x1003, SIZE = 4096 + 1021 };

static void connect(plan_t *plan)
{
    plan->bench.config.wiring = ESP_SIM_WIRING_BRIDGE;
    plan_connect(plan);
    bench_fill(esp_sim_flash(plan->bench.sim), PLACE + SIZE, 3);
}

static esp_loader_error_t read_back(plan_t *plan)
{
    static uint8_t data[SIZE];

    memset(data, 0x55, SIZE);
    esp_loader_error_t err = esp_loader_flash_read(&plan->bench.loader, data, PLACE, SIZE);
    if (err == ESP_LOADER_SUCCESS) {
        assert_memory_equal(data, esp_sim_flash(plan->bench.sim) + PLACE, SIZE);
    }
    return err;
}

/* Bytes of a read that are tried: all at its beginning and its end, where the frames are, and some between.
 */
enum {
    EDGE = 100,
    STRIDE = 37,
    RUNS_PER_CHIP = 64 /* a chip looks through all the faults that it was given */
};

/* Loses each of these bytes in turn; how many reads succeed of how many. */
static void lose(int loader, const char *fault, unsigned *out_successes, unsigned *out_runs)
{
    plan_t plan;
    uint64_t bytes = 0;

    *out_successes = 0;
    *out_runs = 0;
    for (unsigned byte = 0; byte <= bytes; byte += byte < EDGE || byte + EDGE > bytes ? 1 : STRIDE) {
        if (*out_runs % RUNS_PER_CHIP == 0) {
            plan_begin(&plan);
            plan.bench.target_loader = loader;
            connect(&plan);
            assert_success(read_back(&plan)); /* the flash is attached from here on */
            const esp_sim_stats_t before = *esp_sim_stats(plan.bench.sim);
            assert_success(read_back(&plan));
            const esp_sim_stats_t *after = esp_sim_stats(plan.bench.sim);
            bytes = strstr(fault, "out") != NULL ? after->bytes_out - before.bytes_out
                                                 : after->bytes_in - before.bytes_in;
        }
        char script[80];

        snprintf(script, sizeof(script), fault, byte + 1, byte + 701); // NOLINT: a literal of the caller's
        bench_faults(&plan.bench, script);
        uint64_t since_us = esp_sim_now_us(plan.bench.sim);
        *out_successes += read_back(&plan) == ESP_LOADER_SUCCESS;
        ++*out_runs;
        assert_true(bench_elapsed_ms(&plan.bench, since_us) < 20000);
        if (*out_runs % RUNS_PER_CHIP == 0 || byte == bytes) {
            plan.bench.expects_misuse = true;
            plan_end(&plan);
        }
    }
}

/* esptool issues 234, 478 and 862, espflash issue 697, teddycloud issue 266: bytes were lost while the flash
 * was read. */
TEST(a_read_goes_on_after_a_lost_byte)
{
    static const char *const faults[] = {
        "at byte %u in: drop",       "at byte %u in: corrupt 0x20",
        "at byte %u in: corrupt 1",  "at byte %u in: duplicate",
        "at byte %u out: drop",      "at byte %u out: corrupt 0x20",
        "at byte %u out: duplicate", "at byte %u in: drop; at byte %u in: drop"};

    for (int loader = 0; loader < LOADER_COUNT; loader++) {
        for (size_t i = 0; i < COUNT(faults); i++) {
            unsigned successes;
            unsigned runs;

            lose(loader, faults[i], &successes, &runs);
            print_message("%s, %s: %u of %u\n", loader == ROM ? "ROM" : "stub", faults[i], successes, runs);
            assert_in_range(runs, 30, UINT32_MAX);
            assert_true(successes * 100 >= runs * 95);
        }
    }
}

/* A byte is lost every now and then: what was verified before it is not read again. */
TEST_LOADERS(a_long_read_goes_on_after_every_lost_byte)
{
    enum { LONG_SIZE = 0x100000, STEP = 200000 };
    uint8_t *data = malloc(LONG_SIZE);

    assert_non_null(data);
    plan->bench.config.wiring = ESP_SIM_WIRING_BRIDGE;
    plan_connect(plan);
    assert_success(esp_loader_change_transmission_rate(&plan->bench.loader, 921600));
    bench_fill(esp_sim_flash(plan->bench.sim), LONG_SIZE, 4);
    assert_success(esp_loader_flash_read(&plan->bench.loader, data, 0, 1));
    for (unsigned byte = STEP; byte < LONG_SIZE; byte += STEP) {
        bench_faults_at(&plan->bench, "at byte %u in: drop", byte);
    }
    const uint64_t bytes_before = esp_sim_stats(plan->bench.sim)->bytes_in;
    assert_success(esp_loader_flash_read(&plan->bench.loader, data, 0, LONG_SIZE));
    assert_memory_equal(data, esp_sim_flash(plan->bench.sim), LONG_SIZE);
    const uint64_t bytes = esp_sim_stats(plan->bench.sim)->bytes_in - bytes_before;
    print_message("%s: %llu bytes for %u\n", loader == ROM ? "ROM" : "stub", (unsigned long long)bytes,
                  (unsigned)LONG_SIZE);
    assert_in_range(bytes, LONG_SIZE, LONG_SIZE / 2 * 3);
    plan->bench.expects_misuse = true;
    free(data);
}

/* Over the chip's own USB a stub is asked for everything at once; after a loss, for pieces. */
TEST_LOADERS(a_long_read_over_usb_goes_on_after_every_lost_byte)
{
    enum { LONG_SIZE = 0x40000, STEP = 100000 };
    static uint8_t data[LONG_SIZE];

    plan_connect(plan);
    bench_fill(esp_sim_flash(plan->bench.sim), LONG_SIZE, 4);
    assert_success(esp_loader_flash_read(&plan->bench.loader, data, 0, 1));
    const uint64_t commands_before = esp_sim_stats(plan->bench.sim)->commands;
    assert_success(esp_loader_flash_read(&plan->bench.loader, data, 0, LONG_SIZE));
    assert_memory_equal(data, esp_sim_flash(plan->bench.sim), LONG_SIZE);
    if (loader == STUB) {
        assert_int_equal(esp_sim_stats(plan->bench.sim)->commands, commands_before + 1);
    }
    for (unsigned byte = STEP; byte < LONG_SIZE; byte += STEP) {
        bench_faults_at(&plan->bench, "at byte %u in: drop", byte);
    }
    memset(data, 0, sizeof(data));
    assert_success(esp_loader_flash_read(&plan->bench.loader, data, 0, LONG_SIZE));
    assert_memory_equal(data, esp_sim_flash(plan->bench.sim), LONG_SIZE);
    plan->bench.expects_misuse = true;
}

/* What stays away of a packet in the middle is an error in seconds, and the data before it is not called read. */
TEST_LOADERS(a_packet_that_stays_away_ends_a_read_over_usb)
{
    plan_connect(plan);
    bench_fill(esp_sim_flash(plan->bench.sim), PLACE + SIZE, 3);
    assert_success(read_back(plan));
    bench_faults(&plan->bench, "from byte 3000 in: drop");
    uint64_t since_us = esp_sim_now_us(plan->bench.sim);
    assert_int_equal(read_back(plan), ESP_LOADER_ERROR_TIMEOUT);
    assert_true(bench_elapsed_ms(&plan->bench, since_us) < 20000);
    plan->bench.expects_misuse = true;
}

static const struct {
    const char *rom, *stub;
    bool stops_stub; /* a read through a stub is one command */
} lasting[] = {
    {"from byte 500 in: drop", "from byte 500 in: drop", true},
    {"from command 2 of 0x0E: drop", "from command 2 of 0xD2: drop", false},
    {"from command 2 of 0x0E: stall 60 s", "from command 2 of 0xD2: stall 60 s", false},
    {"from command 1 of 0x13: wrong md5", "from command 1 of 0xD2: wrong md5", true},
};

/* Whatever happens each time ends the read, soon: with the last failure. */
TEST_LOADERS_EACH(a_link_that_goes_on_losing_bytes_is_an_error_soon, COUNT(lasting))
{
    connect(plan);
    assert_success(read_back(plan));
    bench_faults(&plan->bench, loader == STUB ? lasting[i].stub : lasting[i].rom);
    uint64_t since_us = esp_sim_now_us(plan->bench.sim);
    esp_loader_error_t err = read_back(plan);
    if (loader == STUB && !lasting[i].stops_stub) {
        assert_success(err);
    } else {
        assert_int_equal(err, i == 3 ? ESP_LOADER_ERROR_INVALID_MD5 : ESP_LOADER_ERROR_TIMEOUT);
    }
    assert_true(bench_elapsed_ms(&plan->bench, since_us) < 20000);
    plan->bench.expects_misuse = true;
}

/* esptool issues 619 and 620: the wire stood still. */
TEST_LOADERS_EACH(a_read_that_stalls_is_an_error_and_can_be_repeated, 7u)
{
    connect(plan);
    bench_faults_at(&plan->bench, "at byte %u in: stall 60 s", 100 + 787 * (unsigned)i);
    uint64_t since_us = esp_sim_now_us(plan->bench.sim);
    assert_int_equal(read_back(plan), ESP_LOADER_ERROR_TIMEOUT);
    assert_true(bench_elapsed_ms(&plan->bench, since_us) < 10000);
    esp_sim_run_until(plan->bench.sim, since_us + 70000000);
    assert_success(bench_try_connect(&plan->bench));
    assert_success(read_back(plan));
    plan->bench.expects_misuse = true;
}
