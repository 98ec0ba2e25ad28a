/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * el-bench RESULTS.json: flashes one MiB into simulated chips in every way that the project promises a time
 * for, prints a table, writes the file, and fails when anything takes longer than promised. Everything runs
 * on the virtual clock, so the figures are exact and the same on every machine.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cables.h"
#include "reads.h"
#include "table.h"
#include "unnamed.h"

/* The links that are promised something, ROM and stub each; the last is on a network. */
static const bench_link_t LINKS[] = {
    {"esp32s3", ESP_SIM_WIRING_USJ, 0, false, 0},          {"esp32s3", ESP_SIM_WIRING_USJ, 0, true, 0},
    {"esp32c6", ESP_SIM_WIRING_USJ, 0, false, 0},          {"esp32c6", ESP_SIM_WIRING_USJ, 0, true, 0},
    {"esp32", ESP_SIM_WIRING_BRIDGE, 115200, false, 0},    {"esp32", ESP_SIM_WIRING_BRIDGE, 115200, true, 0},
    {"esp32", ESP_SIM_WIRING_BRIDGE, 921600, false, 0},    {"esp32", ESP_SIM_WIRING_BRIDGE, 921600, true, 0},
    {"esp32", ESP_SIM_WIRING_BRIDGE, 921600, true, 20000},
};

/* What is done on each of them. The plain writes come before the rewrites, which are measured against them.
 */
static const struct {
    image_kind_t image;
    flash_kind_t flash;
    bool is_compared;
    uint32_t size;
} JOBS[] = {
    {IMAGE_RANDOM, FLASH_USED, false, BENCH_IMAGE_SIZE},
    {IMAGE_RANDOM, FLASH_BLANK, false, BENCH_IMAGE_SIZE},
    {IMAGE_FIRMWARE, FLASH_USED, false, BENCH_IMAGE_SIZE},
    {IMAGE_FIRMWARE, FLASH_BLANK, false, BENCH_IMAGE_SIZE},
    {IMAGE_SET, FLASH_USED, false, IMAGE_SET_SIZE},
    {IMAGE_FIRMWARE, FLASH_SAME, true, BENCH_IMAGE_SIZE},
    {IMAGE_FIRMWARE, FLASH_EDITED, true, BENCH_IMAGE_SIZE},
    {IMAGE_FIRMWARE, FLASH_USED, true, BENCH_IMAGE_SIZE},
    {IMAGE_FIRMWARE, FLASH_SHIFTED, true, BENCH_IMAGE_SIZE},
    {IMAGE_RANDOM, FLASH_USED, true, BENCH_IMAGE_SIZE},
    {IMAGE_PIECES, FLASH_USED, false, BENCH_IMAGE_SIZE},
    {IMAGE_PIECES, FLASH_SAME, true, BENCH_IMAGE_SIZE},
    {IMAGE_PIECES, FLASH_USED, true, BENCH_IMAGE_SIZE},
    {IMAGE_NEAR, FLASH_USED, false, BENCH_IMAGE_SIZE},
};

/* Time against size, for the plot: over USB, to an ESP32-S3. */
static const bench_case_t CURVES[] = {
    {{"esp32s3", ESP_SIM_WIRING_USJ, 0, false, 0}, IMAGE_FIRMWARE, FLASH_USED, false, 0},
    {{"esp32s3", ESP_SIM_WIRING_USJ, 0, true, 0}, IMAGE_FIRMWARE, FLASH_USED, false, 0},
    {{"esp32s3", ESP_SIM_WIRING_USJ, 0, true, 0}, IMAGE_FIRMWARE, FLASH_BLANK, false, 0},
    {{"esp32s3", ESP_SIM_WIRING_USJ, 0, true, 0}, IMAGE_FIRMWARE, FLASH_EDITED, true, 0},
    {{"esp32s3", ESP_SIM_WIRING_USJ, 0, true, 0}, IMAGE_FIRMWARE, FLASH_SAME, true, 0},
};
static const uint32_t CURVE_SIZES[] = {64u << 10,  128u << 10, 256u << 10,
                                       512u << 10, 768u << 10, 1024u << 10};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define ROW_COUNT    (COUNT(LINKS) * COUNT(JOBS))
#define CURVE_COUNT  (COUNT(CURVES) * COUNT(CURVE_SIZES))

typedef struct {
    uint8_t images[IMAGE_KINDS][BENCH_IMAGE_SIZE];
    uint8_t before[BENCH_IMAGE_SIZE];
    row_t rows[ROW_COUNT];
    size_t row_count;
    row_t curves[CURVE_COUNT];
} bench_t;

static void print_constants(void)
{
    const sim_timing_t *t = sim_timing_get(ESP_SIM_TIMING_DEFAULT);
    printf("1 MiB at 0x%X, virtual time, the model's default constants (docs/timing.md):\n"
           "  flash: program 32 bytes %.1f us, erase 4 KiB %.0f ms, 64 KiB %.0f ms, SPI %.1f us per byte\n"
           "  chip:  MD5 %.0f (ROM) or %.0f ms per MiB (stub) beside reading, inflate %.0f ms per MiB\n"
           "  wire:  USB %.2f us per byte (ROM) or %.2f us (stub), OUT transfer %.3f ms, IN packet %.0f ms, "
           "turnaround %.0f ms\n\n",
           BENCH_IMAGE_OFFSET, (double)t->program_piece_ns / 1e3, (double)t->sector_erase_ns / 1e6,
           (double)t->block_erase_ns / 1e6, (double)t->spi_byte_ns / 1e3, (double)t->rom_hash_mib_ns / 1e6,
           (double)t->stub_hash_mib_ns / 1e6, (double)t->inflate_mib_ns / 1e6,
           (double)t->usb_rom_byte_ns / 1e3, (double)t->usb_stub_byte_ns / 1e3,
           (double)t->usb_transfer_ns / 1e6, (double)t->in_flush_ns / 1e6, (double)t->turnaround_ns / 1e6);
}

static bool run_all(bench_t *bench)
{
    bool is_good = true;
    for (size_t link = 0; link < COUNT(LINKS); link++) {
        for (size_t job = 0; job < COUNT(JOBS); job++) {
            if (image_is_cut(JOBS[job].image) && strcmp(LINKS[link].chip, LINKS[0].chip) != 0) {
                continue; /* they are one image, whatever the link */
            }
            row_t *row = &bench->rows[bench->row_count];
            const uint8_t *image = bench->images[JOBS[job].image];
            row->c = (bench_case_t){LINKS[link], JOBS[job].image, JOBS[job].flash, JOBS[job].is_compared,
                                    JOBS[job].size};
            is_good &= bench_run(&row->c, image, bench->before, &row->figures);
            table_judge(row, bench->rows, bench->row_count, image, bench->before);
            table_print(row);
            is_good &= row->is_within;
            bench->row_count++;
        }
    }
    return is_good;
}

static bool run_curves(bench_t *bench)
{
    bool is_good = true;
    for (size_t i = 0; i < CURVE_COUNT; i++) {
        row_t *row = &bench->curves[i];
        row->c = CURVES[i / COUNT(CURVE_SIZES)];
        row->c.size = CURVE_SIZES[i % COUNT(CURVE_SIZES)];
        is_good &= bench_run(&row->c, bench->images[row->c.image], bench->before, &row->figures);
    }
    return is_good;
}

/* The promise about firmware is one about images that compress like it. */
static bool is_firmware_like(const uint8_t *image)
{
    double ratio = (double)image_deflated_size(image, BENCH_IMAGE_SIZE) / BENCH_IMAGE_SIZE;
    printf("firmware-like image: zlib level 9 leaves %.3f of it\n\n", ratio);
    return ratio >= 0.55 && ratio <= 0.65;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fputs("usage: el-bench RESULTS.json\n", stderr);
        return EXIT_FAILURE;
    }
    bench_t *bench = calloc(1, sizeof(*bench));
    if (bench == NULL) {
        fputs("bench: out of memory\n", stderr);
        return EXIT_FAILURE;
    }
    for (size_t kind = 0; kind < IMAGE_KINDS; kind++) {
        image_fill((image_kind_t)kind, bench->images[kind], BENCH_IMAGE_SIZE);
    }
    print_constants();
    bool is_good = is_firmware_like(bench->images[IMAGE_FIRMWARE]);
    table_print_head();
    is_good &= run_all(bench);
    table_print_around(bench->rows, bench->row_count);
    is_good &= run_curves(bench);
    is_good &= cables_run(bench->images[IMAGE_FIRMWARE], bench->before);
    is_good &= reads_run(bench->images[IMAGE_RANDOM]);
    is_good &= unnamed_run(bench->images[IMAGE_FIRMWARE], bench->before);
    is_good &= table_write_json(argv[1], bench->rows, bench->row_count, bench->curves, CURVE_COUNT);
    free(bench);
    return is_good ? EXIT_SUCCESS : EXIT_FAILURE;
}
