/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Erasing and writing, in the range that may be lost.
 */
#define _GNU_SOURCE
#include "commands/selftest_scratch.h"

#include <stdio.h>
#include <string.h>

#include "esp_loader_md5.h"
#include "esp_loader_plan.h"
#include "report/clock.h"
#include "text/short_text.h"

enum { SECTOR = 4096, BLOCK = 65536, BLOCK_SIZE_MAX = 16384, PLAN_MAX = 262144 };

/* What the simulator takes, milliseconds: docs/timing.md, columns "default" and "slow"; of ROM and stub. */
static const step_model_t sector_model = {.typical = 45, .maximum = 400};
static const step_model_t block_model[] = {{720, 6400, false},
                                           {150, 2000, false}}; /* 16 sectors or a block */
/* per KiB: 32 pieces of 32 bytes, each with 36 bytes on the SPI bus; a ROM reads 64 times 16 bytes back */
static const step_model_t program_model[] = {{3.93, 12.97, true}, {3.67, 12.46, true}};

static uint8_t buffer[BLOCK];

static void fill_with_pattern(uint32_t size, uint32_t seed)
{
    for (uint32_t i = 0; i < size; i++) {
        seed = seed * 1664525u + 1013904223u;
        buffer[i] = (uint8_t)(seed >> 24);
    }
}

/** A target that cannot compare is none that has failed. */
static esp_loader_error_t unless_unsupported(step_t *step, esp_loader_error_t error)
{
    if (error != ESP_LOADER_ERROR_UNSUPPORTED_FUNC) {
        return error;
    }
    step_note(step, STEP_OK, "not verified: the loader on this target cannot");
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t measure_program(selftest_t *test, step_t *step, uint32_t size)
{
    esp_loader_t *loader = &test->session->loader;
    esp_loader_flash_cfg_t cfg = {.offset = test->scratch_offset,
                                  .image_size = size,
                                  .block_size = test->session->is_stub ? 2048 : 1024};

    RETURN_ON_ERROR(esp_loader_flash_erase_region(loader, cfg.offset, size));
    fill_with_pattern(size, test->session->is_stub ? 2 : 1);
    RETURN_ON_ERROR(esp_loader_flash_start(loader, &cfg));
    const uint64_t start_ms = clock_now_ms();
    for (uint32_t done = 0; done < size; done += cfg.block_size) {
        RETURN_ON_ERROR(esp_loader_flash_write(loader, &cfg, buffer + done, cfg.block_size));
    }
    const double time_ms = step_elapsed_ms(start_ms);
    step_model_t model = program_model[test->session->is_stub];
    const double size_kib = size / 1024.0;
    model.typical *= size_kib;
    model.maximum *= size_kib;
    step_measured(step, time_ms, "ms", model);
    return unless_unsupported(step, esp_loader_flash_finish(loader, &cfg));
}

static esp_loader_error_t erase_and_compare(selftest_t *test, step_t *step, uint32_t offset, uint32_t size,
                                            step_model_t model)
{
    esp_loader_t *loader = &test->session->loader;
    esp_loader_md5_t md5;
    uint8_t digest[ESP_LOADER_MD5_SIZE];

    memset(buffer, 0xFF, size);
    esp_loader_md5_init(&md5);
    esp_loader_md5_update(&md5, buffer, size);
    esp_loader_md5_finish(&md5, digest);
    const uint64_t start_ms = clock_now_ms();
    RETURN_ON_ERROR(esp_loader_flash_erase_region(loader, offset, size));
    step_measured(step, step_elapsed_ms(start_ms), "ms", model);
    return unless_unsupported(step, esp_loader_flash_verify_known_md5(loader, offset, size, digest));
}

static esp_loader_error_t measure_sector(selftest_t *test, step_t *step, uint32_t offset)
{
    return erase_and_compare(test, step, offset, SECTOR, sector_model);
}

static esp_loader_error_t measure_block(selftest_t *test, step_t *step, uint32_t offset)
{
    const uint32_t before = (BLOCK - offset % BLOCK) % BLOCK;

    if (test->scratch_size < BLOCK || test->scratch_size - BLOCK < before) {
        step_note(step, STEP_SKIPPED, "the scratch range holds no whole 64 KiB block");
        return ESP_LOADER_SUCCESS;
    }
    return erase_and_compare(test, step, offset + before, BLOCK, block_model[test->session->is_stub]);
}

/* ---- in larger pieces ---- */

static esp_loader_error_t read_buffer(void *ctx, uint32_t offset, void *buf, size_t size)
{
    (void)ctx;
    for (size_t i = 0; i < size; i++) {
        ((uint8_t *)buf)[i] = buffer[(offset + i) % sizeof(buffer)];
    }
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t write_by_plan(selftest_t *test, uint32_t size, esp_loader_pieces_t *pieces,
                                        double *out_ms)
{
    static uint8_t work[2 * BLOCK_SIZE_MAX];
    const esp_loader_image_t image = {
        .offset = test->scratch_offset, .source = {.read = read_buffer, .size = size}, .is_raw = true};
    const esp_loader_plan_options_t options = {.buffer = work,
                                               .buffer_size = sizeof(work),
                                               .rewrite_equal = true,
                                               .keep_rate = true,
                                               .pieces = pieces};
    esp_loader_image_report_t report;
    const uint64_t start_ms = clock_now_ms();
    esp_loader_error_t error = esp_loader_plan_run(&test->session->loader, &image, 1, &options, &report);

    *out_ms = step_elapsed_ms(start_ms);
    return error;
}

/** Erased, written and verified, first as usual and then in pieces of 64 bytes: as much as shows a difference. */
static esp_loader_error_t measure_pieces(selftest_t *test, step_t *step, uint32_t size)
{
    static const char *const reasons[] = {
        [ESP_LOADER_PIECES_UNSUPPORTED] = "not with this chip, its stub, or a flash of this size",
        [ESP_LOADER_PIECES_UNKNOWN] = "the target's table is not the one that is known",
        [ESP_LOADER_PIECES_FAILED] = "what was written was wrong",
    };
    esp_loader_pieces_t pieces = {.code = &esp_loader_pieces_64};
    char text[SELFTEST_NOTE_SIZE];
    double usual_ms;
    double time_ms;

    fill_with_pattern(sizeof(buffer), test->session->is_stub ? 4 : 3);
    RETURN_ON_ERROR(write_by_plan(test, size, NULL, &usual_ms));
    fill_with_pattern(sizeof(buffer), test->session->is_stub ? 6 : 5);
    RETURN_ON_ERROR(write_by_plan(test, size, &pieces, &time_ms));
    if (pieces.result != ESP_LOADER_PIECES_USED) {
        step_note(step, pieces.result == ESP_LOADER_PIECES_FAILED ? STEP_FAILED : STEP_SKIPPED,
                  reasons[pieces.result]);
        return ESP_LOADER_SUCCESS;
    }
    step_measured(step, time_ms, "ms", (step_model_t){0});
    snprintf(text, sizeof(text), "%.0f ms by 32%s", usual_ms,
             pieces.is_left ? "; they were left until the next reset" : "");
    step_note(step, STEP_OK, text);
    return ESP_LOADER_SUCCESS;
}

/* ---- all of them ---- */

void selftest_try_scratch(selftest_t *test, const char *loader)
{
    const uint32_t size = test->scratch_size < BLOCK ? test->scratch_size : BLOCK;
    char text[SHORT_TEXT_SIZE];
    char name[32];

    if (test->scratch_size == 0) {
        step_t *step = step_add(test, "erase and program");
        step->loader = loader;
        step_note(step, STEP_SKIPPED, "no --scratch OFFSET SIZE");
        step_print(test, step);
        return;
    }
    snprintf(name, sizeof(name), "program %s", short_text_of_size(size, text));
    step_run(test, loader, name, measure_program, size);
    step_run(test, loader, "write by 64 bytes", measure_pieces,
             test->scratch_size < PLAN_MAX ? test->scratch_size : PLAN_MAX);
    step_run(test, loader, "erase a sector", measure_sector, test->scratch_offset);
    step_run(test, loader, "erase a 64 KiB block", measure_block, test->scratch_offset);
}
