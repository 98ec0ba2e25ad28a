/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The ESP8266, whose ROM is unlike all others: it erases more than it is asked for, cannot say what is in
 * flash, and talks at a rate of its own until it has heard the host's.
 */
#include <string.h>

#include "bench.h"
#include "esp_loader_plan.h"

#define SECTOR 4096u

static bench_t make_bench(void)
{
    return (bench_t){.config = {.chip = "esp8266",
                                .wiring = ESP_SIM_WIRING_BRIDGE,
                                .timing = ESP_SIM_TIMING_FAST,
                                .flash_size = 1u << 20}};
}

/* Is every byte of [start, end) erased? */
static bool is_blank(const bench_t *b, uint32_t start, uint32_t end)
{
    return bench_holds(b, start, end - start, 0xFF);
}

static bool is_kept(const bench_t *b, uint32_t start, uint32_t end)
{
    return bench_holds(b, start, end - start, 0);
}

/* What is asked for is erased, and nothing else; an odd number of sectors that does not reach as far beyond
 * the next 64 KiB boundary as it begins before it costs one sector more: the ROM cannot do it otherwise. */
TEST_CONNECTED(exactly_the_sectors_of_the_range_are_erased, make_bench())
{
    enum { FIRST = 16, MAX_SECTORS = 50 };
    for (uint32_t start = 0; start < 16; start++) {
        for (uint32_t sectors = 1; sectors <= MAX_SECTORS; sectors++) {
            const uint32_t from = (FIRST + start) * SECTOR;
            const uint32_t to = from + sectors * SECTOR;
            const uint32_t before_boundary = 16 - start;
            const bool one_more = sectors % 2 != 0 && sectors < 2 * before_boundary;
            memset(esp_sim_flash(b->sim), 0, b->config.flash_size);
            assert_success(esp_loader_flash_erase_region(&b->loader, from, to - from));
            assert_true(is_kept(b, 0, from));
            assert_true(is_blank(b, from, to + (one_more ? SECTOR : 0)));
            assert_true(is_kept(b, to + (one_more ? SECTOR : 0), b->config.flash_size));
        }
    }
}

TEST_CONNECTED(image_of_any_size_is_written_at_every_sector_of_a_block, make_bench())
{
    static const uint32_t sizes[] = {1, 1023, 1024, 4095, 4096, 4097, 3 * SECTOR + 5, 16 * SECTOR, 69999};
    static uint8_t data[70000];
    bench_fill(data, sizeof(data), 8266);
    for (uint32_t start = 0; start < 16; start++) {
        for (size_t i = 0; i < COUNT(sizes); i++) {
            const uint32_t from = (16 + start) * SECTOR;
            const uint32_t to = from + (sizes[i] + SECTOR - 1) / SECTOR * SECTOR;
            memset(esp_sim_flash(b->sim), 0, b->config.flash_size);
            assert_success(bench_flash(b, from, data, sizes[i], true));
            assert_memory_equal(esp_sim_flash(b->sim) + from, data, sizes[i]);
            assert_true(is_blank(b, from + sizes[i], to));
            assert_true(is_kept(b, 0, from));
            assert_true(is_kept(b, to + SECTOR, b->config.flash_size));
        }
    }
}

TEST_CONNECTED(its_rom_has_no_md5, make_bench())
{
    uint8_t md5[ESP_LOADER_MD5_SIZE] = {0};
    assert_int_equal(esp_loader_flash_md5(&b->loader, 0, 16, md5), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(esp_loader_flash_verify_known_md5(&b->loader, 0, 16, md5),
                     ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(esp_loader_error_detail(&b->loader)->stage, ESP_LOADER_STAGE_VERIFY);
}

TEST_CONNECTED(offset_inside_a_sector_is_refused, make_bench())
{
    static const uint8_t data[SECTOR] = {0};
    assert_int_equal(bench_flash(b, 0x10800, data, sizeof(data), true), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(bench_cause(b), ESP_LOADER_ERROR_ALIGNMENT);
    assert_int_equal(esp_sim_stats(b->sim)->sectors_erased, 0);
}

/* The sector after the last is the first. */
TEST_CONNECTED(erase_that_would_reach_around_the_end_is_refused, make_bench())
{
    static const uint8_t data[SECTOR] = {0};
    const uint32_t last = b->config.flash_size - SECTOR;
    assert_int_equal(bench_flash(b, last, data, sizeof(data), true), ESP_LOADER_ERROR_IMAGE_SIZE);
    assert_int_equal(bench_cause(b), ESP_LOADER_ERROR_FLASH_RANGE);
    assert_int_equal(esp_loader_flash_erase_region(&b->loader, last, SECTOR), ESP_LOADER_ERROR_IMAGE_SIZE);
    assert_int_equal(esp_sim_stats(b->sim)->sectors_erased, 0);
    assert_success(esp_loader_flash_erase_region(&b->loader, last - SECTOR, 2 * SECTOR));
    assert_int_equal(esp_sim_stats(b->sim)->sectors_erased, 2);
}

static const uint8_t macs[][6] = {
    {0x18, 0xFE, 0x34, 1, 2, 3}, {0xAC, 0xD0, 0x74, 0xFE, 0xDC, 0xBA}, {0x5C, 0xCF, 0x7F, 0x80, 0x90, 0xA0}};

static bench_t make_bench_of(const uint8_t mac[6])
{
    bench_t b = make_bench();
    memcpy(b.config.mac, mac, 6);
    return b;
}

TEST_CONNECTED_EACH(address_of_every_maker_is_read, COUNT(macs), make_bench_of(macs[i]))
{
    assert_answers(b);
    assert_memory_equal(esp_sim_mac(b->sim), macs[i], 6);
}

TEST_CONNECTED(address_of_an_unknown_maker_is_an_error, make_bench())
{
    uint8_t mac[6];
    assert_success(esp_loader_write_register(&b->loader, 0x3FF0005C, 0));
    assert_success(esp_loader_write_register(&b->loader, 0x3FF00054, 0x00020000));
    assert_int_equal(esp_loader_read_mac(&b->loader, mac), ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(esp_loader_error_detail(&b->loader)->value, 0x00020000);
}

static const uint32_t first_rates[] = {115200, 74880, 57600};

/* Its boot log comes at 74880 baud; the SYNC tells it the host's rate. */
TEST_OPEN_EACH(chip_is_found_at_every_rate_up_to_115200, COUNT(first_rates),
               BENCH(.chip = "esp8266", .wiring = ESP_SIM_WIRING_BRIDGE))
{
    esp_sim_host_set_rate(b->sim, first_rates[i]);
    assert_success(bench_try_connect(b));
    assert_int_equal(esp_loader_get_target(&b->loader), ESP8266_CHIP);
    assert_non_null(strstr(esp_sim_console(b->sim), "boot mode:(1,"));
}

/* The ROM has no way to look at the flash: what was written is reported as unverified, and always written. */
TEST_CONNECTED(plan_is_written_and_reported_as_unverified, make_bench())
{
    static uint8_t data[10000];
    uint8_t buffer[1024];
    bench_fill(data, sizeof(data), 3);
    const esp_loader_image_t image = {.name = "data",
                                      .offset = 0x20000,
                                      .is_raw = true,
                                      .source = {esp_loader_read_memory, data, sizeof(data)}};
    const esp_loader_plan_options_t options = {.buffer = buffer, .buffer_size = sizeof(buffer)};
    for (int run = 0; run < 2; run++) {
        esp_loader_image_report_t report;
        assert_success(esp_loader_plan_run(&b->loader, &image, 1, &options, &report));
        assert_int_equal(report.result, ESP_LOADER_IMAGE_UNVERIFIED);
        assert_memory_equal(esp_sim_flash(b->sim) + 0x20000, data, sizeof(data));
    }
}

/* The one sector too many must not be that of an image before it in the plan. */
TEST_CONNECTED(plan_in_which_an_erase_hits_an_earlier_image_is_refused, make_bench())
{
    static uint8_t data[10];
    uint8_t buffer[1024];
    const esp_loader_source_t source = {esp_loader_read_memory, data, sizeof(data)};
    const esp_loader_image_t descending[] = {{.offset = 0x21000, .is_raw = true, .source = source},
                                             {.offset = 0x20000, .is_raw = true, .source = source}};
    const esp_loader_image_t ascending[] = {descending[1], descending[0]};
    const esp_loader_plan_options_t options = {.buffer = buffer, .buffer_size = sizeof(buffer)};
    assert_int_equal(esp_loader_plan_run(&b->loader, descending, 2, &options, NULL),
                     ESP_LOADER_ERROR_OVERLAP);
    assert_int_equal(esp_sim_stats(b->sim)->sectors_erased, 0);
    assert_success(esp_loader_plan_run(&b->loader, ascending, 2, &options, NULL));
    assert_memory_equal(esp_sim_flash(b->sim) + 0x20000, data, sizeof(data));
    assert_memory_equal(esp_sim_flash(b->sim) + 0x21000, data, sizeof(data));
}
