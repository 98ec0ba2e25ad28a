/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Promised is: at most 2 % more than over the same link when it is known, and over a fast one only the first 64 KiB are
 * compressed.
 */
#include "unnamed.h"

typedef struct {
    const char *name;
    bench_link_t link;
    bool is_fast;
} unnamed_case_t;

static const unnamed_case_t CASES[] = {
    {"esp32s3 USB", {"esp32s3", ESP_SIM_WIRING_USJ, 0, true, 0}, true},
    {"esp32c6 USB", {"esp32c6", ESP_SIM_WIRING_USJ, 0, true, 0}, true},
    {"esp32 UART 115200", {"esp32", ESP_SIM_WIRING_BRIDGE, 115200, true, 0}, false},
    {"esp32 UART 921600", {"esp32", ESP_SIM_WIRING_BRIDGE, 921600, true, 0}, false},
    {"esp32 UART 921600 +20 ms", {"esp32", ESP_SIM_WIRING_BRIDGE, 921600, true, 20000}, false},
};

enum { CASE_COUNT = sizeof(CASES) / sizeof(CASES[0]), MEASURED_SIZE = 65536 };

typedef struct {
    double seconds;
    double known_s; /* when the port says what it is */
    uint64_t deflated;
} result_t;

static result_t results[CASE_COUNT];

static bool measure(const unnamed_case_t *c, const uint8_t *image, uint8_t *before, result_t *out)
{
    const bench_case_t job = {
        .link = c->link, .image = IMAGE_FIRMWARE, .flash = FLASH_USED, .size = BENCH_IMAGE_SIZE};
    figures_t found = {0};
    figures_t known = {0};

    if (!bench_run_unnamed(&job, image, before, &found) || !bench_run(&job, image, before, &known)) {
        return false;
    }
    *out = (result_t){(double)found.write_us / 1e6, (double)known.write_us / 1e6, found.deflated};
    return out->seconds <= 1.02 * out->known_s && (!c->is_fast || out->deflated <= MEASURED_SIZE);
}

bool unnamed_run(const uint8_t *image, uint8_t *before)
{
    bool is_good = true;
    printf("\nthe port does not say what it is: 1 MiB of firmware, used flash, stub, seconds\n%-40s %8s %8s "
           "%10s\n",
           "link", "seconds", "known", "compressed");
    for (size_t i = 0; i < CASE_COUNT; i++) {
        bool is_within = measure(&CASES[i], image, before, &results[i]);
        printf("%-40s %8.3f %8.3f %10llu%s\n", CASES[i].name, results[i].seconds, results[i].known_s,
               (unsigned long long)results[i].deflated, is_within ? "" : "  NOT AS PROMISED");
        is_good &= is_within;
    }
    return is_good;
}

void unnamed_write_json(FILE *file)
{
    fputs("  \"unnamed\": [", file);
    for (size_t i = 0; i < CASE_COUNT; i++) {
        fprintf(file, "%s\n    {\"link\": \"%s\", \"seconds\": %.6f, \"known_s\": %.6f, \"deflated\": %llu}",
                i > 0 ? "," : "", CASES[i].name, results[i].seconds, results[i].known_s,
                (unsigned long long)results[i].deflated);
    }
    fputs("\n  ]", file);
}
