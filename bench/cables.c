/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Each cable is measured beside the best rate that it carries, set by hand. What may be added: looking for the rate,
 * with a reset where the target is lost, and verifying, which the run by hand does afterwards.
 */
#include "cables.h"

enum { LOADER_COUNT = 2 };

typedef struct {
    bench_cable_t cable;
    uint32_t best_baud;             /* that it carries, of those that are tried */
    double allowed_s[LOADER_COUNT]; /* more than at that rate, ROM and stub */
} cable_case_t;

static const cable_case_t CASES[] = {
    {{"good, and the port can do 3000000", NULL, 3000000}, 3000000, {0.7, 0.7}},
    {{"good, and the port can do 2000000", NULL, 2000000}, 2000000, {0.7, 0.7}},
    {{"good, and nothing is known of the port", NULL, 0}, 921600, {0.7, 0.7}},
    {{"the bridge refuses more than 1000000", "bridge above 1000000: refuse", 3000000}, 921600, {0.7, 0.7}},
    {{"the bridge makes 921600 of all above", "bridge above 921600: make 921600", 3000000}, 921600, {3, 3}},
    {{"one byte in 300 damaged above 2000000", "cable above 2000000: flip 1 in 300", 3000000},
     2000000,
     {1.5, 1.5}},
    {{"one byte in 300 damaged above 921600", "cable above 921600: flip 1 in 300", 3000000}, 921600, {3, 3}},
    {{"one byte in 200 lost above 921600", "cable above 921600: lose 1 in 200", 3000000}, 921600, {6, 6}},
    {{"one byte in 5000 damaged above 921600", "cable above 921600: flip 1 in 5000", 3000000},
     921600,
     {17.8, 12}},
    {{"one byte in 50 damaged above 115200", "cable above 115200: flip 1 in 50", 3000000}, 115200, {14, 14}},
};

enum { CASE_COUNT = sizeof(CASES) / sizeof(CASES[0]) };

typedef struct {
    const cable_case_t *c;
    bool is_stub;
    uint32_t found_baud;
    double search_s, seconds, best_s;
} result_t;

static result_t results[CASE_COUNT * LOADER_COUNT];
static size_t result_count;

static bool measure(const cable_case_t *c, bool is_stub, const uint8_t *image, uint8_t *before)
{
    bench_case_t by_hand = {.link = {.chip = "esp32",
                                     .wiring = ESP_SIM_WIRING_BRIDGE,
                                     .rate_baud = c->best_baud,
                                     .is_stub = is_stub},
                            .image = IMAGE_FIRMWARE,
                            .flash = FLASH_USED,
                            .size = BENCH_IMAGE_SIZE};
    bench_case_t automatic = by_hand;
    figures_t best = {0};
    figures_t found = {0};
    automatic.link.rate_baud = 115200;
    if (!bench_run(&by_hand, image, before, &best) ||
        !bench_run_on(&c->cable, &automatic, image, before, &found)) {
        return false;
    }
    result_t *result = &results[result_count++];
    *result = (result_t){.c = c,
                         .is_stub = is_stub,
                         .found_baud = found.rate_baud != 0 ? found.rate_baud : automatic.link.rate_baud,
                         .search_s = (double)found.rate_ms / 1e3,
                         .seconds = (double)(found.prepare_us + found.write_us) / 1e6,
                         .best_s = (double)(best.prepare_us + best.write_us + best.verify_us) / 1e6};
    bool is_within = result->seconds <= result->best_s + c->allowed_s[is_stub];
    printf("%-40s %-5s %8u %8.3f %9.3f %9.3f%s\n", c->cable.name, is_stub ? "stub" : "ROM",
           (unsigned)result->found_baud, result->search_s, result->seconds, result->best_s,
           is_within ? "" : "  TOO SLOW");
    return is_within;
}

bool cables_run(const uint8_t *image, uint8_t *before)
{
    bool is_good = true;
    printf("\nThe rate is found: 1 MiB of firmware over a UART, written and verified, seconds\n"
           "%-40s %-5s %8s %8s %9s %9s\n",
           "cable", "", "found", "search", "seconds", "by hand");
    for (size_t i = 0; i < CASE_COUNT; i++) {
        is_good &= measure(&CASES[i], true, image, before);
        is_good &= measure(&CASES[i], false, image, before);
    }
    return is_good;
}

void cables_write_json(FILE *file)
{
    fputs("  \"cables\": [", file);
    for (size_t i = 0; i < result_count; i++) {
        const result_t *result = &results[i];
        fprintf(file,
                "%s\n    {\"cable\": \"%s\", \"loader\": \"%s\", \"baud\": %u, \"search_s\": %.6f, "
                "\"seconds\": %.6f, \"by_hand_s\": %.6f}",
                i > 0 ? "," : "", result->c->cable.name, result->is_stub ? "stub" : "ROM",
                (unsigned)result->found_baud, result->search_s, result->seconds, result->best_s);
    }
    fputs("\n  ]", file);
}
