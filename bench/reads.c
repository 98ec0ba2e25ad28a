/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A stub is promised that the wire, or over USB the flash, takes the time: it is not kept waiting.
 */
#include "reads.h"

#include <stdlib.h>
#include <string.h>

#include "sim_port.h"

#define FLASH_SIZE (4u << 20)

typedef struct {
    const char *name;
    bench_link_t link;
    uint32_t call_size; /* bytes per call of esp_loader_flash_read() */
    double bound_s;
} read_case_t;

static const read_case_t CASES[] = {
    {"esp32s3 USB", {"esp32s3", ESP_SIM_WIRING_USJ, 0, true, 0}, BENCH_IMAGE_SIZE, 0.95},
    {"esp32s3 USB, 64 KiB a call", {"esp32s3", ESP_SIM_WIRING_USJ, 0, true, 0}, 65536, 1.0},
    {"esp32s3 USB, 4 KiB a call", {"esp32s3", ESP_SIM_WIRING_USJ, 0, true, 0}, 4096, 1.7},
    {"esp32s3 USB", {"esp32s3", ESP_SIM_WIRING_USJ, 0, false, 0}, BENCH_IMAGE_SIZE, 38.6},
    {"esp32 UART 921600", {"esp32", ESP_SIM_WIRING_BRIDGE, 921600, true, 0}, BENCH_IMAGE_SIZE, 12.0},
    {"esp32 UART 921600 +20 ms",
     {"esp32", ESP_SIM_WIRING_BRIDGE, 921600, true, 20000},
     BENCH_IMAGE_SIZE,
     13.0},
};

enum { CASE_COUNT = sizeof(CASES) / sizeof(CASES[0]) };

typedef struct {
    double seconds;
    uint64_t writes, reads;
} result_t;

static result_t results[CASE_COUNT];

static esp_loader_error_t connect(esp_loader_t *loader, sim_port_t *port, const bench_link_t *link)
{
    esp_loader_connect_args_t args = ESP_LOADER_CONNECT_DEFAULT();
    uint8_t byte;

    RETURN_ON_ERROR(esp_loader_init_serial(loader, &port->base.port));
    RETURN_ON_ERROR(link->is_stub ? esp_loader_connect_with_stub(loader, &args)
                                  : esp_loader_connect(loader, &args));
    if (link->rate_baud != 0) {
        RETURN_ON_ERROR(esp_loader_change_transmission_rate(loader, link->rate_baud));
    }
    return esp_loader_flash_read(loader, &byte, 0, 1); /* attaches the flash */
}

static bool measure(const read_case_t *c, const uint8_t *content, result_t *out)
{
    static uint8_t data[BENCH_IMAGE_SIZE];
    esp_sim_config_t config = {.chip = c->link.chip,
                               .wiring = c->link.wiring,
                               .flash_size = FLASH_SIZE,
                               .latency_us = c->link.latency_us,
                               .accepts_any_stub = true};
    esp_sim_t *sim = esp_sim_new(&config, NULL, 0);
    sim_port_t port;
    esp_loader_t loader;

    if (sim == NULL) {
        return false;
    }
    memcpy(esp_sim_flash(sim) + BENCH_IMAGE_OFFSET, content, BENCH_IMAGE_SIZE);
    memset(data, 0, sizeof(data));
    sim_port_init(&port, sim, c->link.wiring);
    esp_loader_error_t err = connect(&loader, &port, &c->link);
    const uint64_t start_us = esp_sim_now_us(sim);
    const uint64_t writes = port.base.writes;
    const uint64_t reads = port.base.reads;
    for (uint32_t done = 0; err == ESP_LOADER_SUCCESS && done < BENCH_IMAGE_SIZE; done += c->call_size) {
        err = esp_loader_flash_read(&loader, data + done, BENCH_IMAGE_OFFSET + done, c->call_size);
    }
    *out = (result_t){(double)(esp_sim_now_us(sim) - start_us) / 1e6, port.base.writes - writes,
                      port.base.reads - reads};
    bool is_good = err == ESP_LOADER_SUCCESS && memcmp(data, content, BENCH_IMAGE_SIZE) == 0 &&
                   esp_sim_misuse(sim)[0] == '\0';
    if (!is_good) {
        fprintf(stderr, "bench: %s: %s\n%s", c->name, esp_loader_error_name(err), esp_sim_misuse(sim));
    }
    esp_sim_free(sim);
    return is_good;
}

bool reads_run(const uint8_t *content)
{
    bool is_good = true;
    printf("\nreading 1 MiB, seconds\n%-40s %-5s %8s %8s %8s %8s\n", "link", "loader", "seconds", "at most",
           "writes", "reads");
    for (size_t i = 0; i < CASE_COUNT; i++) {
        const read_case_t *c = &CASES[i];
        result_t *result = &results[i];
        bool is_read = measure(c, content, result);
        bool is_within = is_read && result->seconds <= c->bound_s;
        printf("%-40s %-5s %8.3f %8.3f %8llu %8llu%s\n", c->name, c->link.is_stub ? "stub" : "ROM",
               result->seconds, c->bound_s, (unsigned long long)result->writes,
               (unsigned long long)result->reads,
               is_within ? ""
               : is_read ? "  TOO SLOW"
                         : "  FAILED");
        is_good &= is_within;
    }
    return is_good;
}

void reads_write_json(FILE *file)
{
    fputs("  \"reading\": [", file);
    for (size_t i = 0; i < CASE_COUNT; i++) {
        fprintf(file,
                "%s\n    {\"link\": \"%s\", \"loader\": \"%s\", \"seconds\": %.6f, \"bound_s\": %.3f, "
                "\"writes\": %llu, \"reads\": %llu}",
                i > 0 ? "," : "", CASES[i].name, CASES[i].link.is_stub ? "stub" : "ROM", results[i].seconds,
                CASES[i].bound_s, (unsigned long long)results[i].writes,
                (unsigned long long)results[i].reads);
    }
    fputs("\n  ]", file);
}
