/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Larger pieces with a chip's own code: the mask ROM, and the published stub on it, program and read 64 bytes at a time
 * when a plan tells them to, and the flash holds what it should. 64 KiB are 2,048 or 1,024 program operations, and
 * 4,096 or 1,024 reads when they are hashed and, by the ROM, when each block is read back.
 */
#include <string.h>

#include "bench.h"
#include "esp_loader_plan.h"
#include "rom.h"

enum { SIZE = 64 << 10, OFFSET = 0x20000, FEW = 16 };

/* rom_spiflash_legacy_funcs, and where in what it names the sizes are; of other chips they are constants. */
static const struct {
    const char *rom;
    uint32_t variable, sizes_off;
} TABLES[] = {
    {"esp32s3_rev0", 0x3FCEFFE8, 4},   {"esp32c2_rev100", 0x3FCDFFF4, 4},  {"esp32c3_rev0", 0x3FCDFFF4, 0},
    {"esp32c3_rev101", 0x3FCDFFF4, 0}, {"esp32c3_rev300", 0x3FCDFFF4, 0},  {"esp32c5_rev100", 0x4085FFF0, 4},
    {"esp32c6_rev0", 0x4087FFF0, 4},   {"esp32c61_rev100", 0x4084FFF0, 4}, {"esp32h2_rev0", 0x4084FFF0, 4},
    {"esp32p4_rev0", 0x4FF3FFEC, 4},   {"esp32p4_rev300", 0x4FFBFFEC, 4},  {"esp32s31_rev0", 0x2F07FFE4, 4},
};

/* Index of the ROM's row, COUNT(TABLES) if it has none. */
static size_t find_table(void)
{
    size_t i = 0;
    while (i < COUNT(TABLES) && strcmp(TABLES[i].rom, rom()->name) != 0) {
        i++;
    }
    return i;
}

static bench_t bench_of(int loader)
{
    return (bench_t){.config = {.chip = rom()->chip,
                                .chip_revision = rom()->revision,
                                .wiring = ESP_SIM_WIRING_BRIDGE,
                                .flash_size = 4 << 20,
                                .rom_elf = rom_file()},
                     .target_loader = loader};
}

typedef struct {
    uint64_t programs, reads;
} counts_t;

static esp_loader_error_t read_data(void *ctx, uint32_t offset, void *buf, size_t size)
{
    memcpy(buf, (const uint8_t *)ctx + offset, size);
    return ESP_LOADER_SUCCESS;
}

/* Flashes 64 KiB that differ from what is there and counts what the flash chip was asked. */
static counts_t flash(bench_t *b, esp_loader_pieces_t *pieces, uint32_t seed)
{
    static uint8_t data[SIZE], buffer[2 * 16384];
    bench_fill(data, SIZE, seed);
    const esp_loader_image_t image = {.offset = OFFSET, .source = {read_data, data, SIZE}, .is_raw = true};
    const esp_loader_plan_options_t options = {.buffer = buffer,
                                               .buffer_size = sizeof(buffer),
                                               .rewrite_equal = true,
                                               .keep_rate = true,
                                               .pieces = pieces};
    esp_loader_image_report_t report;
    const esp_sim_stats_t before = *esp_sim_stats(b->sim);
    esp_loader_error_t err = esp_loader_plan_run(&b->loader, &image, 1, &options, &report);
    if (err != ESP_LOADER_SUCCESS) {
        fail_msg("%s\n%s", esp_loader_error_name(err), esp_sim_console(b->sim));
    }
    assert_int_equal(report.result, ESP_LOADER_IMAGE_VERIFIED);
    assert_memory_equal(esp_sim_flash(b->sim) + OFFSET, data, SIZE);
    const esp_sim_stats_t *now = esp_sim_stats(b->sim);
    return (counts_t){now->spi_programs - before.spi_programs, now->spi_reads - before.spi_reads};
}

static void check_table(bench_t *b, size_t i, uint32_t table)
{
    assert_int_equal(esp_sim_peek(b->sim, TABLES[i].variable), table);
    assert_int_equal(esp_sim_peek(b->sim, table + TABLES[i].sizes_off), 16);
    assert_int_equal(esp_sim_peek(b->sim, table + TABLES[i].sizes_off + 4), 32);
}

/* The stub looks whether the first sector is blank, and the plan for what is next to the image. */
static void check_reads(int loader, uint64_t usual, uint64_t large)
{
    const uint64_t least = loader == ROM ? 2 * SIZE / 16 : SIZE / 16;
    assert_in_range(usual, least, least + least / 2);
    assert_in_range(4 * large, usual - FEW, usual + FEW);
}

static void check(int loader)
{
    bench_t b = bench_of(loader);
    esp_loader_pieces_t pieces = {.code = &esp_loader_pieces_64};
    const size_t i = find_table();
    bench_connect(&b);
    memset(esp_sim_flash(b.sim), 0, 4 << 20);
    const counts_t usual = flash(&b, NULL, 1);
    const uint32_t table = i < COUNT(TABLES) ? esp_sim_peek(b.sim, TABLES[i].variable) : 0;
    const counts_t large = flash(&b, &pieces, 2);
    assert_false(pieces.is_left);
    assert_int_equal(usual.programs, SIZE / 32);
    if (i == COUNT(TABLES)) {
        assert_int_equal(pieces.result, ESP_LOADER_PIECES_UNSUPPORTED);
        assert_int_equal(large.programs, usual.programs);
    } else {
        assert_int_equal(pieces.result, ESP_LOADER_PIECES_USED);
        assert_int_equal(large.programs, SIZE / 64);
        check_reads(loader, usual.reads, large.reads);
        check_table(&b, i, table);
    }
    bench_close(&b);
}

/* Where the ESP32-C3's table is copied to, with 4 KiB on either side. */
enum { COPY = 0x3FCC0000, AROUND = 4096, COPY_SIZE = 44 };

static void fill_around(bench_t *b)
{
    static uint8_t pattern[2 * AROUND];
    esp_loader_mem_cfg_t cfg = {.offset = COPY - AROUND, .size = sizeof(pattern), .block_size = 1024};
    memset(pattern, 0xA5, sizeof(pattern));
    assert_success(esp_loader_mem_start(&b->loader, &cfg));
    for (uint32_t at = 0; at < sizeof(pattern); at += 1024) {
        assert_success(esp_loader_mem_write(&b->loader, &cfg, pattern + at, 1024));
    }
}

TEST(neither_rom_nor_stub_uses_the_ram_of_the_copied_table)
{
    if (strcmp(rom()->chip, "esp32c3") != 0) {
        return; /* its table is in RAM */
    }
    bench_t b = bench_of(ROM);
    b.config.wiring = ESP_SIM_WIRING_NONE;
    b.config.start_in_download = true;
    esp_loader_pieces_t pieces = {.code = &esp_loader_pieces_64};
    bench_connect(&b);
    fill_around(&b);
    b.target_loader = STUB;
    assert_success(bench_try_connect(&b)); /* without a reset: it clears RAM here */
    flash(&b, &pieces, 1);
    assert_int_equal(pieces.result, ESP_LOADER_PIECES_USED);
    for (uint32_t at = COPY - AROUND; at < COPY + AROUND; at += 4) {
        const bool is_size = at < COPY + 8, is_slot = at < COPY + COPY_SIZE;
        const uint32_t wanted = at < COPY || !is_slot ? 0xA5A5A5A5u : is_size ? 64 : 0;
        if (esp_sim_peek(b.sim, at) != wanted) {
            fail_msg("0x%08x is 0x%08x", (unsigned)at, (unsigned)esp_sim_peek(b.sim, at));
        }
    }
    bench_close(&b);
}

TEST(rom_programs_and_reads_larger_pieces)
{
    check(ROM);
}

TEST(stub_programs_and_reads_larger_pieces)
{
    check(STUB);
}
