/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Flashing over a link with faults, library against simulated chip. A plan that says it succeeded has
 * succeeded: the flash holds the images, byte for byte. Where a fault happens once only, connecting and
 * running the plan again soon does succeed; and no run goes on for ever.
 *
 * Input: wiring and loader, what the flash holds already, sizes of the images, then faults.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "esp_loader_plan.h"
#include "fuzz.h"
#include "protocol/command.h"
#include "sim_port.h"

enum { FLASH_SIZE = 256 * 1024, FAULTS_MAX = 4, RUNS_MAX = 2 * FAULTS_MAX + 2, IMAGES = 2, RUN_MAX_S = 300 };
enum { WITHOUT_STUB = 2, SLOW = 4, WITH_CONTENT = 8 };

static const uint32_t offsets[IMAGES] = {0x8000, 0x10000};

/* ---- faults ---- */

/* One fault as a statement; returns whether it happens only once. */
static bool put_fault(fuzz_input_t *input, char *out, size_t out_size)
{
    static const char *const actions[] = {"drop", "corrupt 1",  "duplicate",         "delay 200 ms",
                                          "drop", "corrupt 64", "disconnect 300 ms", "stall 150 ms"};
    static const char *const places[] = {"byte %u out", "byte %u in", "transfer %u in", "reply %u",
                                         "command %u"};
    const uint8_t kind = fuzz_u8(input);
    const unsigned number = 1 + fuzz_u16(input) % 12000u;
    const unsigned place = kind / 8 % 5;
    const char *action = actions[kind % 8];
    char where[32];
    bool is_twice_a_command = place == 4 && strcmp(action, "duplicate") == 0; /* there is no such fault */
    snprintf(where, sizeof(where), places[place], place < 2 ? number : 1 + number % 60);
    snprintf(out, out_size, "%s %s: %s;", kind >= 248 ? "from" : "at", where,
             is_twice_a_command ? "error 6" : action);
    return kind < 248;
}

/* ---- one bench ---- */

typedef struct {
    esp_sim_t *sim;
    sim_port_t port;
    esp_loader_t loader;
    uint8_t *contents[IMAGES];
    esp_loader_image_t images[IMAGES];
    bool has_stub;
} bench_t;

static void fill(uint8_t *bytes, size_t size, uint32_t seed)
{
    for (size_t i = 0; i < size; i++) {
        seed = seed * 1664525u + 1013904223u;
        bytes[i] = (uint8_t)(seed >> 24);
    }
}

static esp_loader_error_t run(bench_t *bench)
{
    static uint8_t buffer[2 * 4096];
    const esp_loader_plan_options_t options = {.buffer = buffer, .buffer_size = sizeof(buffer)};
    esp_loader_connect_args_t args = ESP_LOADER_CONNECT_DEFAULT();
    esp_loader_image_report_t reports[IMAGES];
    RETURN_ON_ERROR(esp_loader_init_serial(&bench->loader, &bench->port.base.port));
    RETURN_ON_ERROR(bench->has_stub ? esp_loader_connect_with_stub(&bench->loader, &args)
                                    : esp_loader_connect(&bench->loader, &args));
    esp_loader_error_t err = esp_loader_plan_run(&bench->loader, bench->images, IMAGES, &options, reports);
    FUZZ_CHECK(err == ESP_LOADER_SUCCESS || esp_loader_error_detail(&bench->loader)->error == err);
    return err;
}

static bool is_flashed(const bench_t *bench)
{
    for (size_t i = 0; i < IMAGES; i++) {
        if (memcmp(esp_sim_flash(bench->sim) + offsets[i], bench->contents[i],
                   bench->images[i].source.size) != 0) {
            return false;
        }
    }
    return true;
}

static void run_until_flashed(bench_t *bench, bool has_single_faults_only)
{
    for (unsigned i = 0; i < RUNS_MAX; i++) {
        uint64_t started_us = esp_sim_now_us(bench->sim);
        esp_loader_error_t err = run(bench);
        FUZZ_CHECK(esp_sim_now_us(bench->sim) - started_us <= RUN_MAX_S * UINT64_C(1000000));
        FUZZ_CHECK(err != ESP_LOADER_SUCCESS || is_flashed(bench));
        esp_loader_deinit(&bench->loader);
        if (err == ESP_LOADER_SUCCESS) {
            return;
        }
    }
    FUZZ_CHECK(!has_single_faults_only);
}

void fuzz_one(const uint8_t *data, size_t size)
{
    static bench_t bench;
    fuzz_input_t input = {data, size};
    const uint8_t kind = fuzz_u8(&input);
    char error[200] = "";
    char faults[FAULTS_MAX * 64] = "";
    bool has_single_faults_only = true;
    const esp_sim_config_t config = {.flash_size = FLASH_SIZE,
                                     .wiring = (kind & 1) != 0 ? ESP_SIM_WIRING_BRIDGE : ESP_SIM_WIRING_USJ,
                                     .timing =
                                         (kind & SLOW) != 0 ? ESP_SIM_TIMING_DEFAULT : ESP_SIM_TIMING_FAST,
                                     .accepts_any_stub = true};
    memset(&bench, 0, sizeof(bench));
    bench.has_stub = ELI_KNOWS_STUBS && (kind & WITHOUT_STUB) == 0;
    bench.sim = esp_sim_new(&config, error, sizeof(error));
    FUZZ_CHECK(bench.sim != NULL);
    sim_port_init(&bench.port, bench.sim, config.wiring);
    bench.port.open_wait_ms = 2000;
    for (size_t i = 0; i < IMAGES; i++) {
        const uint32_t image_size = 1 + fuzz_u16(&input) % 12000u;
        bench.contents[i] = malloc(image_size);
        FUZZ_CHECK(bench.contents[i] != NULL);
        fill(bench.contents[i], image_size, (uint32_t)i);
        bench.images[i] = (esp_loader_image_t){
            .offset = offsets[i], .source = {esp_loader_read_memory, bench.contents[i], image_size}};
        if ((kind & WITH_CONTENT) != 0) { /* all but a byte is there */
            memcpy(esp_sim_flash(bench.sim) + offsets[i], bench.contents[i], image_size);
            esp_sim_flash(bench.sim)[offsets[i] + image_size / 2] ^= 1;
        }
    }
    for (unsigned i = 0; i < FAULTS_MAX && input.size > 0; i++) {
        size_t used = strlen(faults);
        has_single_faults_only =
            put_fault(&input, faults + used, sizeof(faults) - used) && has_single_faults_only;
    }
    FUZZ_CHECK(esp_sim_add_faults(bench.sim, faults, error, sizeof(error)));
    run_until_flashed(&bench, has_single_faults_only);
    esp_sim_free(bench.sim);
    for (size_t i = 0; i < IMAGES; i++) {
        free(bench.contents[i]);
    }
}

FUZZ_SEEDS(16)
{
    fuzz_put_u8(seed, number);
    fuzz_put_u32(seed, 0x20001001u + number * 0x01000100u);
    for (unsigned i = 0; i < number % 4; i++) {
        fuzz_put_u8(seed, number * 5 + i);
        fuzz_put_u8(seed, number * 16 + i);
        fuzz_put_u8(seed, number % 8 * 2);
    }
}
