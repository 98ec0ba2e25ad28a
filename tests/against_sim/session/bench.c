/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static esp_loader_error_t open_session(bench_t *bench)
{
    if (bench->config.wiring == ESP_SIM_WIRING_SDIO) {
        return esp_loader_init_sdio(&bench->loader, &bench->sdio.port);
    }
    return esp_loader_init_serial(&bench->loader, &bench->port.base.port);
}

void bench_open(bench_t *bench)
{
    char error[200] = "";
    bench->sim = esp_sim_new(&bench->config, error, sizeof(error));
    if (bench->sim == NULL) {
        fail_msg("%s", error);
    }
    sim_port_init(&bench->port, bench->sim, bench->config.wiring);
    sdio_port_init(&bench->sdio, bench->sim);
    memset(&bench->loader, 0xA5, sizeof(bench->loader)); /* init assumes garbage */
    assert_success(open_session(bench));
}

esp_loader_error_t bench_try_connect(bench_t *bench)
{
    return bench->target_loader == STUB ? esp_loader_connect_with_stub(&bench->loader, NULL)
                                        : esp_loader_connect(&bench->loader, NULL);
}

void bench_connect(bench_t *bench)
{
    bench_open(bench);
    assert_success(bench_try_connect(bench));
}

void bench_reconnect(bench_t *bench)
{
    bench->port.open_wait_ms = 10000;
    assert_success(open_session(bench));
    assert_success(bench_try_connect(bench));
}

void assert_answers(bench_t *bench)
{
    uint8_t mac[6];

    assert_success(esp_loader_read_mac(&bench->loader, mac));
    assert_memory_equal(mac, esp_sim_mac(bench->sim), sizeof(mac));
}

void bench_close(bench_t *bench)
{
    if (!bench->expects_misuse) {
        assert_string_equal(esp_sim_misuse(bench->sim), "");
    }
    esp_loader_deinit(&bench->loader);
    esp_sim_free(bench->sim);
    bench->sim = NULL;
}

void bench_faults(bench_t *bench, const char *script)
{
    char error[200] = "";
    if (!esp_sim_add_faults(bench->sim, script, error, sizeof(error))) {
        fail_msg("%s", error);
    }
}

void bench_run(bench_t bench, bench_start_t start, bench_case_t run, size_t i)
{
    test_begin_row(bench.config.chip != NULL ? bench.config.chip : "esp32s3", i);
    start(&bench);
    run(&bench, i);
    bench_close(&bench);
    test_begin_row(NULL, 0);
}

void bench_wait_us(bench_t *bench, uint64_t time_us)
{
    esp_sim_run_until(bench->sim, esp_sim_now_us(bench->sim) + time_us);
}

uint64_t bench_elapsed_ms(const bench_t *bench, uint64_t since_us)
{
    return (esp_sim_now_us(bench->sim) - since_us) / 1000;
}

void bench_faults_at(bench_t *bench, const char *format, ...)
{
    char script[100];
    va_list args;

    va_start(args, format);
    const int size = vsnprintf(script, sizeof(script), format, args);
    va_end(args);
    assert_in_range(size, 0, sizeof(script) - 1);
    bench_faults(bench, script);
}

/* The next block of a series, whose last one may be shorter. */
static uint32_t size_of_block(uint32_t total, uint32_t done, uint32_t block_size)
{
    return total - done < block_size ? total - done : block_size;
}

esp_loader_error_t bench_flash_blocks(bench_t *bench, uint32_t offset, const uint8_t *data, uint32_t size,
                                      uint32_t block_size, bool skip_verify)
{
    esp_loader_flash_cfg_t cfg = {
        .offset = offset, .image_size = size, .block_size = block_size, .skip_verify = skip_verify};
    RETURN_ON_ERROR(esp_loader_flash_start(&bench->loader, &cfg));
    for (uint32_t done = 0; done < size; done += block_size) {
        uint32_t block = size_of_block(size, done, block_size);
        RETURN_ON_ERROR(esp_loader_flash_write(&bench->loader, &cfg, data + done, block));
    }
    return esp_loader_flash_finish(&bench->loader, &cfg);
}

esp_loader_error_t bench_flash(bench_t *bench, uint32_t offset, const uint8_t *data, uint32_t size,
                               bool skip_verify)
{
    return bench_flash_blocks(bench, offset, data, size, 1024, skip_verify);
}

esp_loader_error_t bench_send_deflated(bench_t *bench, esp_loader_flash_deflate_cfg_t *cfg,
                                       const uint8_t *stream)
{
    RETURN_ON_ERROR(esp_loader_flash_deflate_start(&bench->loader, cfg));
    for (uint32_t done = 0; done < cfg->compressed_size; done += cfg->block_size) {
        uint32_t block = size_of_block(cfg->compressed_size, done, cfg->block_size);
        RETURN_ON_ERROR(esp_loader_flash_deflate_write(&bench->loader, cfg, stream + done, block));
    }
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t bench_flash_deflated(bench_t *bench, uint32_t offset, uint32_t size,
                                        const stream_t *stream, uint32_t block_size)
{
    esp_loader_flash_deflate_cfg_t cfg = {
        .offset = offset, .image_size = size, .compressed_size = stream->size, .block_size = block_size};
    RETURN_ON_ERROR(bench_send_deflated(bench, &cfg, stream->bytes));
    return esp_loader_flash_deflate_finish(&bench->loader, &cfg);
}

stream_t bench_deflate(const uint8_t *data, uint32_t size)
{
    uLongf packed_size = compressBound(size);
    stream_t stream = {.bytes = malloc(packed_size)};

    assert_non_null(stream.bytes);
    assert_int_equal(compress2(stream.bytes, &packed_size, data, size, 9), Z_OK);
    stream.size = (uint32_t)packed_size;
    return stream;
}

uint8_t *bench_make_data(uint32_t size)
{
    uint8_t *data = malloc(size);

    assert_non_null(data);
    bench_fill(data, size, size);
    return data;
}

void bench_fill(uint8_t *data, size_t size, uint32_t seed)
{
    for (size_t i = 0; i < size; i++) {
        seed = seed * 1664525u + 1013904223u;
        data[i] = (uint8_t)(seed >> 24);
    }
}

bool bench_holds(const bench_t *bench, uint32_t offset, uint32_t size, uint8_t value)
{
    const uint8_t *flash = esp_sim_flash(bench->sim) + offset;

    for (uint32_t i = 0; i < size; i++) {
        if (flash[i] != value) {
            return false;
        }
    }
    return true;
}

esp_loader_error_t bench_cause(const bench_t *bench)
{
    return esp_loader_error_detail(&bench->loader)->cause;
}
