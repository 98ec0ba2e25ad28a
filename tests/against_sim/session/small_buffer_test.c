/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The smallest transmit buffer: a session for hosts that have no 1.4 KB to spare (docs/porting.md). Library and test are
 * compiled for it.
 */
#include "bench.h"

#include <string.h>

#include "esp_loader_plan.h"

_Static_assert(ESP_LOADER_TX_BUFFER_SIZE == 64, "this test is compiled with the smallest buffer");

enum { OFFSET = 0x10000, SIZE = 64 * 1024, BLOCK_SIZE = 1024, WRITES_PER_BLOCK = 18 };

static const esp_sim_config_t chips[] = {
    {.chip = "esp32s3", .flash_size = 4u << 20, .accepts_any_stub = true},
    {.chip = "esp32", .flash_size = 4u << 20, .accepts_any_stub = true, .wiring = ESP_SIM_WIRING_BRIDGE},
};

static bench_t of_row(size_t i)
{
    return (bench_t){.config = chips[i / 2], .target_loader = i % 2 == 0 ? ROM : STUB};
}

/* Flashes an image, @p most port writes per block. */
static void expect_writes(bench_t *b, const uint8_t *data, uint32_t least, uint32_t most)
{
    esp_loader_flash_cfg_t cfg = {.offset = OFFSET, .image_size = SIZE, .block_size = BLOCK_SIZE};
    assert_success(esp_loader_flash_start(&b->loader, &cfg));
    for (uint32_t done = 0; done < SIZE; done += BLOCK_SIZE) {
        const unsigned before = b->port.base.writes;
        assert_success(esp_loader_flash_write(&b->loader, &cfg, data + done, BLOCK_SIZE));
        assert_in_range(b->port.base.writes - before, least, most);
    }
    assert_success(esp_loader_flash_finish(&b->loader, &cfg));
    assert_memory_equal(esp_sim_flash(b->sim) + OFFSET, data, SIZE);
}

TEST_CONNECTED_EACH(a_block_takes_few_port_writes, 2 * COUNT(chips), of_row(i))
{
    static uint8_t data[SIZE];
    bench_fill(data, SIZE, 3);
    expect_writes(b, data, BLOCK_SIZE / 64, WRITES_PER_BLOCK);
}

static esp_loader_error_t write_frame(esp_loader_port_t *port, esp_loader_frame_t *frame, uint32_t timeout_ms)
{
    static uint8_t bytes[2 * (BLOCK_SIZE + 64)];
    size_t size = 0;
    size_t count;
    size_t written;
    for (const uint8_t *piece; (piece = esp_loader_frame_next(frame, &count)) != NULL; size += count) {
        assert_true(count > 0 && count <= sizeof(bytes) - size);
        memcpy(bytes + size, piece, count);
    }
    assert_int_equal(count, 0);
    return port->ops->write_all(port, bytes, size, timeout_ms, &written);
}

/* Half of it is twice as long on the wire; the last block is padded. */
TEST_CONNECTED_EACH(a_port_that_gathers_writes_each_block_at_once, 2 * COUNT(chips), of_row(i))
{
    static uint8_t data[SIZE];
    esp_loader_flash_cfg_t cfg = {.offset = OFFSET, .image_size = BLOCK_SIZE + 5, .block_size = BLOCK_SIZE};
    bench_fill(data, SIZE, 3);
    memset(data, 0xC0, SIZE / 4);
    memset(data + SIZE / 4, 0xDB, SIZE / 4);
    b->port.base.ops.write_frame = write_frame;
    expect_writes(b, data, 1, 1);
    data[BLOCK_SIZE] = 0x11;
    assert_success(esp_loader_flash_start(&b->loader, &cfg));
    assert_success(esp_loader_flash_write(&b->loader, &cfg, data, BLOCK_SIZE));
    assert_success(esp_loader_flash_write(&b->loader, &cfg, data + BLOCK_SIZE, 5));
    assert_success(esp_loader_flash_finish(&b->loader, &cfg));
    assert_memory_equal(esp_sim_flash(b->sim) + OFFSET, data, BLOCK_SIZE + 5);
}

TEST_CONNECTED_EACH(flash_is_read_and_a_plan_runs, 2 * COUNT(chips), of_row(i))
{
    static uint8_t data[SIZE];
    static uint8_t back[SIZE];
    static uint8_t block[2 * BLOCK_SIZE];
    const esp_loader_image_t image = {
        .offset = OFFSET, .source = {esp_loader_read_memory, data, SIZE}, .is_raw = true};
    const esp_loader_plan_options_t options = {.buffer = block, .buffer_size = sizeof(block)};
    bench_fill(data, SIZE, 4);
    memset(data, 0xC0, SIZE / 2); /* twice as long on the wire */
    assert_success(esp_loader_plan_run(&b->loader, &image, 1, &options, NULL));
    assert_success(esp_loader_flash_read(&b->loader, back, OFFSET, SIZE));
    assert_memory_equal(back, data, SIZE);
}
