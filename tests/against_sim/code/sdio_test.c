/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The library over SDIO against the chip's own code: the mask ROM, which takes packets, gives credits for them and starts
 * what was loaded, and the published stub on it, if it answers there.
 */
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "rom.h"

enum { LOADED = 0x100, PROGRAM = 0x1800, SIZE = 4999, OFFSET = 0x10000, FLASHED = 40001 };

static bench_t bench_of_rom(void)
{
    return (bench_t){.config = {.chip = rom()->chip,
                                .chip_revision = rom()->revision,
                                .wiring = ESP_SIM_WIRING_SDIO,
                                .rom_elf = rom_file()}};
}

static void load(bench_t *b, uint32_t address, const void *data, uint32_t size, uint32_t entry)
{
    esp_loader_mem_cfg_t cfg = {.offset = address, .size = size, .block_size = (size + 3) / 4 * 4};
    assert_success(esp_loader_mem_start(&b->loader, &cfg));
    assert_success(esp_loader_mem_write(&b->loader, &cfg, data, size));
    assert_success(esp_loader_mem_finish(&b->loader, &cfg, entry));
}

TEST_CONNECTED(registers_are_written, bench_of_rom())
{
    assert_success(esp_loader_write_register(&b->loader, rom()->free_ram, 0x12345678));
    assert_int_equal(esp_sim_peek(b->sim, rom()->free_ram), 0x12345678);
    assert_success(esp_loader_write_register(&b->loader, rom()->free_ram, 0x9ABCDEF0));
    assert_int_equal(esp_sim_peek(b->sim, rom()->free_ram), 0x9ABCDEF0);
}

TEST_CONNECTED(ram_is_loaded_byte_by_byte, bench_of_rom())
{
    const uint32_t address = rom()->free_ram + LOADED;
    uint8_t *data = bench_make_data(SIZE);
    load(b, address, data, SIZE, 0);
    for (uint32_t at = 0; at < SIZE + 1; at++) {
        const uint8_t byte = (uint8_t)(esp_sim_peek(b->sim, address + at / 4 * 4) >> 8 * (at % 4));
        assert_int_equal(byte, at < SIZE ? data[at] : 0);
    }
    free(data);
}

/* It stores what cannot be there otherwise, beside itself. */
TEST_CONNECTED(a_program_runs_when_it_was_loaded, bench_of_rom())
{
    static const uint8_t program[] = {
        0x97, 0x07, 0x00, 0x00, /* auipc a5, 0 */
        0x37, 0xE7, 0xCD, 0xAB, /* lui a4, 0xabcde */
        0x23, 0xA2, 0xE7, 0x10, /* sw a4, 260(a5) */
        0x6F, 0x00, 0x00, 0x00, /* j . */
    };
    const uint32_t address = rom()->free_ram + PROGRAM;
    load(b, address, program, sizeof(program), address);
    bench_wait_us(b, 100000);
    assert_int_equal(esp_sim_peek(b->sim, address + 260), 0xABCDE000);
}

TEST_CONNECTED(a_session_begins_again_with_a_reset, bench_of_rom())
{
    for (uint32_t i = 0; i < 3; i++) {
        assert_success(esp_loader_connect(&b->loader, NULL));
        assert_success(esp_loader_write_register(&b->loader, rom()->free_ram, i));
        assert_int_equal(esp_sim_peek(b->sim, rom()->free_ram), i);
    }
}

static bool has_stub(void)
{
    return strcmp(rom()->chip, "esp32c61") != 0;
}

TEST_OPEN(stub_is_started_by_the_rom_and_flashes, bench_of_rom())
{
    uint8_t *data = bench_make_data(FLASHED);
    uint8_t *back = bench_make_data(FLASHED);
    if (!has_stub()) {
        assert_int_equal(esp_loader_connect_with_stub(&b->loader, NULL), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    } else {
        assert_success(esp_loader_connect_with_stub(&b->loader, NULL));
        assert_answers(b);
        assert_success(bench_flash_blocks(b, OFFSET, data, FLASHED, 12288, false));
        assert_memory_equal(esp_sim_flash(b->sim) + OFFSET, data, FLASHED);
        memset(back, 0, FLASHED);
        assert_success(esp_loader_flash_read(&b->loader, back, OFFSET, FLASHED));
        assert_memory_equal(back, data, FLASHED);
    }
    free(data);
    free(back);
}

TEST_OPEN(compressed_data_reaches_the_stub, bench_of_rom())
{
    static uint8_t data[FLASHED]; /* most of it zeros */
    bench_fill(data, 9000, 5);
    if (has_stub()) {
        stream_t stream = bench_deflate(data, FLASHED);
        assert_success(esp_loader_connect_with_stub(&b->loader, NULL));
        assert_success(bench_flash_deflated(b, OFFSET, FLASHED, &stream, 4096));
        assert_memory_equal(esp_sim_flash(b->sim) + OFFSET, data, FLASHED);
        free(stream.bytes);
    }
}

/* Answers that the bus loses are made good; what the code was in the middle of does not matter to it. */
TEST_OPEN(stub_goes_on_after_lost_transactions, bench_of_rom())
{
    uint8_t *data = bench_make_data(FLASHED);
    if (has_stub()) {
        assert_success(esp_loader_connect_with_stub(&b->loader, NULL));
        bench_faults(b, "at transfer 40 in: drop");
        (void)bench_flash_blocks(b, OFFSET, data, FLASHED, 4096, false);
        assert_success(bench_flash_blocks(b, OFFSET, data, FLASHED, 4096, false));
        assert_memory_equal(esp_sim_flash(b->sim) + OFFSET, data, FLASHED);
    }
    free(data);
}
