/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench.h"
#include "test.h"

#include <string.h>

void bench_open(bench_t *bench)
{
    char error[200] = "";
    bench->sim = esp_sim_new(&bench->config, error, sizeof(error));
    if (bench->sim == NULL) {
        fail_msg("%s", error);
    }
    sim_port_init(&bench->port, bench->sim, bench->config.wiring);
    memset(&bench->loader, 0xA5, sizeof(bench->loader)); /* init assumes garbage */
    assert_int_equal(esp_loader_init_serial(&bench->loader, &bench->port.port), ESP_LOADER_SUCCESS);
}

void bench_connect(bench_t *bench)
{
    bench_open(bench);
    esp_loader_connect_args_t args = ESP_LOADER_CONNECT_DEFAULT();
    assert_int_equal(esp_loader_connect(&bench->loader, &args), ESP_LOADER_SUCCESS);
}

void bench_close_ignoring_misuse(bench_t *bench)
{
    esp_loader_deinit(&bench->loader);
    esp_sim_free(bench->sim);
    bench->sim = NULL;
}

void bench_close(bench_t *bench)
{
    assert_string_equal(esp_sim_misuse(bench->sim), "");
    bench_close_ignoring_misuse(bench);
}

void bench_faults(bench_t *bench, const char *script)
{
    char error[200] = "";
    if (!esp_sim_add_faults(bench->sim, script, error, sizeof(error))) {
        fail_msg("%s", error);
    }
}

esp_loader_error_t bench_flash(bench_t *bench, uint32_t offset, const uint8_t *data, uint32_t size,
                               bool skip_verify)
{
    esp_loader_flash_cfg_t cfg = {
        .offset = offset, .image_size = size, .block_size = 1024, .skip_verify = skip_verify};
    RETURN_ON_ERROR(esp_loader_flash_start(&bench->loader, &cfg));
    for (uint32_t done = 0; done < size; done += 1024) {
        uint32_t chunk = size - done < 1024 ? size - done : 1024;
        RETURN_ON_ERROR(esp_loader_flash_write(&bench->loader, &cfg, data + done, chunk));
    }
    return esp_loader_flash_finish(&bench->loader, &cfg);
}

void bench_fill(uint8_t *data, size_t size, uint32_t seed)
{
    for (size_t i = 0; i < size; i++) {
        seed = seed * 1664525u + 1013904223u;
        data[i] = (uint8_t)(seed >> 24);
    }
}

esp_loader_error_t bench_cause(const bench_t *bench)
{
    return esp_loader_error_detail(&bench->loader)->cause;
}
