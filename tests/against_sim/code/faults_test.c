/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Plans against a chip's own code, ROM and stub, on a link with faults: bytes and transfers that are lost, damaged,
 * doubled, late or held back in either direction, a reset, a cable that is pulled and put back, flash that keeps a bit,
 * output that is still there from before. What the tests with the models demand holds for the code, too: an image that is
 * reported VERIFIED or EQUAL is in flash as it should be, no run lasts for ever, and the next run without a fault ends well.
 *
 * The faults are enumerated from a fixed seed; EL_RUNS says how many for each loader.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan.h"
#include "rom.h"

enum { OLD = 0x5A, FLASH_SIZE = 1 << 20, MINUTES_MAX = 20, RUNS = 16, FAULT_OVER_US = 10000000 };

/* What one run meets: %u is a place, counted from the moment the plan starts. Bytes are as on the wire; of them a plan
 * sends some 18,000 through a ROM, a tenth of it compressed, and gets some 1,500. */
static const struct {
    const char *script;
    unsigned places;
} FAULTS[] = {
    {"at byte %u out: drop", 18000},
    {"at byte %u out: corrupt 0x20", 18000},
    {"at byte %u out: corrupt 0x01", 4000},
    {"at byte %u out: duplicate", 18000},
    {"at byte %u out: delay 400ms", 18000},
    {"at byte %u out: stall 4s", 18000},
    {"at byte %u in: drop", 1500},
    {"at byte %u in: corrupt 0x04", 1500},
    {"at byte %u in: corrupt 0x80", 1500},
    {"at byte %u in: duplicate", 1500},
    {"at byte %u in: delay 2s", 1500},
    {"at transfer %u out: drop", 60},
    {"at transfer %u out: corrupt 0xFF", 60},
    {"at transfer %u out: duplicate", 60},
    {"at transfer %u in: drop", 40},
    {"at transfer %u in: corrupt 0x10", 40},
    {"at transfer %u in: duplicate", 40},
    {"at transfer %u in: delay 5s", 40},
    {"at byte %u out: disconnect 300ms", 18000},
    {"at byte %u out: reset", 18000},
    {"flash stuck 0x1%04x bit 3 at 0", 8000},
    {"stale %u", 300},
};

static uint32_t random_state;

static unsigned below(unsigned count)
{
    random_state = random_state * 1664525u + 1013904223u;
    return (unsigned)((uint64_t)random_state * count >> 32);
}

static unsigned runs(void)
{
    const char *text = getenv("EL_RUNS");
    return text == NULL ? RUNS : (unsigned)strtoul(text, NULL, 10);
}

static const plan_chip_t *chip_of_rom(void)
{
    size_t i = 0;
    while (i < plan_chip_count && strcmp(plan_chips[i].name, rom()->chip) != 0) {
        i++;
    }
    assert_true(i < plan_chip_count);
    return &plan_chips[i];
}

static void open_plan(plan_t *plan, int loader)
{
    plan_begin(plan);
    plan_take_chip(plan, chip_of_rom());
    plan->bench.config.wiring = rom()->has_usb ? ESP_SIM_WIRING_USJ : ESP_SIM_WIRING_BRIDGE;
    plan->bench.config.accepts_any_stub = false;
    plan->bench.config.flash_size = FLASH_SIZE;
    plan->bench.config.chip_revision = rom()->revision;
    plan->bench.config.rom_elf = rom_file();
    plan->bench.target_loader = loader;
    plan->bench.expects_misuse = true;
    plan_connect(plan);
    memset(esp_sim_flash(plan->bench.sim), OLD, FLASH_SIZE);
}

static void check_reports(const plan_t *plan, const char *fault)
{
    for (size_t i = 0; i < plan->count; i++) {
        esp_loader_image_result_t result = plan->reports[i].result;
        bool is_said = result == ESP_LOADER_IMAGE_VERIFIED || result == ESP_LOADER_IMAGE_EQUAL;
        const uint8_t *flash = esp_sim_flash(plan->bench.sim) + plan->images[i].offset;
        if (is_said && memcmp(flash, plan->blobs[i].bytes, plan->blobs[i].size) != 0) {
            fail_msg("%s: image %zu is said to be right and is not", fault, i);
        }
    }
}

/* A bit that flash does not let go of is no fault that passes. */
static bool passes(const char *fault)
{
    return strncmp(fault, "flash", 5) != 0;
}

static esp_loader_error_t connect_and_run(plan_t *plan)
{
    plan->bench.port.open_wait_ms = FAULT_OVER_US / 1000;
    RETURN_ON_ERROR(esp_loader_init_serial(&plan->bench.loader, &plan->bench.port.base.port));
    RETURN_ON_ERROR(bench_try_connect(&plan->bench));
    return plan_run(plan);
}

/* Where the first run did not get to the fault, the second may have. */
static void run_again(plan_t *plan, const char *fault)
{
    bench_wait_us(&plan->bench, FAULT_OVER_US);
    esp_loader_error_t err = connect_and_run(plan);
    if (err != ESP_LOADER_SUCCESS) {
        bench_wait_us(&plan->bench, FAULT_OVER_US);
        err = connect_and_run(plan);
    }
    if (err != ESP_LOADER_SUCCESS) {
        fail_msg("%s: the run after it: %s\n%s", fault, esp_loader_error_name(err),
                 esp_sim_console(plan->bench.sim));
    }
    assert_all_flashed(plan);
}

static void meet_faults(int loader)
{
    static plan_t plan;
    unsigned successes = 0;
    random_state = 1;
    for (unsigned i = 0; i < runs(); i++) {
        char fault[100];
        size_t kind = i % COUNT(FAULTS);
        (void)snprintf(fault, sizeof(fault), FAULTS[kind].script, 1 + below(FAULTS[kind].places));
        open_plan(&plan, loader);
        bench_faults(&plan.bench, fault);
        uint64_t start_us = esp_sim_now_us(plan.bench.sim);
        successes += plan_run(&plan) == ESP_LOADER_SUCCESS ? 1 : 0;
        check_reports(&plan, fault);
        if (bench_elapsed_ms(&plan.bench, start_us) > MINUTES_MAX * 60000ull) {
            fail_msg("%s: takes more than %d minutes", fault, MINUTES_MAX);
        }
        if (passes(fault)) {
            run_again(&plan, fault);
        }
        plan_end(&plan);
    }
    printf("%u of %u runs with a fault ended in success\n", successes, runs());
}

TEST(rom_is_never_said_to_hold_what_it_does_not)
{
    meet_faults(ROM);
}

TEST(stub_is_never_said_to_hold_what_it_does_not)
{
    if (!rom()->lacks_stub) { /* then the library does not load it: operations_test.c */
        meet_faults(STUB);
    }
}
