/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a session over SPI can do: with the model of each chip's ROM, or with the ROM that EL_ROM names.
 */
#include <string.h>

#include "esp_loader_chip_info.h"
#include "esp_loader_flash_chip.h"
#include "esp_loader_rate.h"
#include "spi_bench.h"

/* A case for each chip. */
#define TEST_SPI(name)                                                                                       \
    static void name##_on(spi_bench_t *b, const spi_chip_t *chip);                                           \
    TEST(name)                                                                                               \
    {                                                                                                        \
        for (size_t i = 0; i < spi_chip_count(); i++) {                                                      \
            static spi_bench_t bench;                                                                        \
            name##_on(&bench, spi_chip(i));                                                                  \
        }                                                                                                    \
    }                                                                                                        \
    static void name##_on(spi_bench_t *b, const spi_chip_t *chip)

TEST_SPI(connecting_finds_the_chip)
{
    spi_bench_connect(b, chip);
    assert_int_equal(esp_loader_get_target(&b->loader), chip->chip);
    assert_int_equal(b->port.resets, 1);
    assert_false(esp_loader_stub_is_running(&b->loader));
    spi_bench_close(b);
}

TEST_SPI(first_generation_port_does_the_same)
{
    spi_bench_open(b, chip, true);
    assert_success(esp_loader_connect(&b->loader, NULL));
    assert_success(spi_bench_load(b, 100, 40, 0));
    assert_true(spi_bench_is_loaded(b, 100));
    spi_bench_close(b);
}

TEST_SPI(registers_are_read_and_written)
{
    uint32_t value = 0;
    spi_bench_connect(b, chip);
    assert_success(esp_loader_write_register(&b->loader, chip->ram, 0x12345678));
    assert_success(esp_loader_read_register(&b->loader, chip->ram, &value));
    assert_int_equal(value, 0x12345678);
    assert_int_equal(esp_sim_peek(b->sim, chip->ram), 0x12345678);
    spi_bench_close(b);
}

TEST_SPI(mac_address_and_revision_are_read_through_registers)
{
    uint8_t mac[6];
    spi_bench_connect(b, chip);
    assert_success(esp_loader_read_mac(&b->loader, mac));
    assert_memory_equal(mac, esp_sim_mac(b->sim), sizeof(mac));
    spi_bench_close(b);
}

/* An odd number of blocks and an even one, the largest blocks, a last one that is short. */
TEST_SPI(ram_is_loaded)
{
    static const struct {
        uint32_t size, block_size;
    } loads[] = {{4, 4}, {0x1800, 0x1800}, {0x2000, 0x1800}, {0x1000, 0x400}, {1001, 500}};
    spi_bench_connect(b, chip);
    for (size_t i = 0; i < sizeof(loads) / sizeof(loads[0]); i++) {
        assert_success(spi_bench_load(b, loads[i].size, loads[i].block_size, 0));
        assert_true(spi_bench_is_loaded(b, loads[i].size));
    }
    spi_bench_close(b);
}

TEST_SPI(loaded_code_is_entered)
{
    spi_bench_connect(b, chip);
    assert_success(spi_bench_load(b, 64, 64, chip->ram));
    esp_sim_run_until(b->sim, esp_sim_now_us(b->sim) + 1000);
    uint32_t value;
    assert_int_not_equal(esp_loader_read_register(&b->loader, chip->ram, &value), ESP_LOADER_SUCCESS);
    b->expects_misuse = true;
    spi_bench_close(b);
}

TEST_SPI(session_goes_on_where_another_was_left)
{
    for (uint32_t commands = 0; commands < 4; commands++) {
        uint32_t value;
        spi_bench_connect(b, chip);
        for (uint32_t i = 0; i < commands; i++) {
            assert_success(esp_loader_read_register(&b->loader, chip->ram, &value));
        }
        b->port.port.ops = NULL; /* without a way to reset */
        spi_port_init_without_reset(&b->port, b->sim);
        assert_success(esp_loader_init_spi(&b->loader, &b->port.port));
        assert_success(esp_loader_connect(&b->loader, NULL));
        assert_int_equal(esp_loader_get_target(&b->loader), chip->chip);
        spi_bench_close(b);
    }
}

TEST_SPI(connecting_again_resets_and_begins_anew)
{
    spi_bench_connect(b, chip);
    assert_success(spi_bench_load(b, 500, 100, 0));
    assert_success(esp_loader_connect(&b->loader, NULL));
    assert_int_equal(b->port.resets, 2);
    assert_success(spi_bench_load(b, 500, 100, 0));
    spi_bench_close(b);
}

TEST_SPI(without_a_slave_connecting_ends)
{
    spi_bench_open(b, chip, false);
    esp_sim_unplug(b->sim);
    const uint64_t start_us = esp_sim_now_us(b->sim);
    assert_int_equal(esp_loader_connect(&b->loader, NULL), ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(esp_loader_error_detail(&b->loader)->stage, ESP_LOADER_STAGE_SYNC);
    assert_in_range(esp_sim_now_us(b->sim) - start_us, 1000000, 1600000);
    spi_bench_close(b);
}

TEST_SPI(reset_leaves_the_loader)
{
    spi_bench_connect(b, chip);
    assert_success(esp_loader_reset_target_checked(&b->loader));
    uint32_t value;
    assert_int_equal(esp_loader_read_register(&b->loader, chip->ram, &value), ESP_LOADER_ERROR_INVALID_PARAM);
    spi_bench_close(b);
}

/* ---- what this link does not carry ---- */

static esp_loader_error_t start_flash(esp_loader_t *loader)
{
    static esp_loader_flash_cfg_t cfg = {.offset = 0, .image_size = 4096, .block_size = 1024};
    return esp_loader_flash_start(loader, &cfg);
}

static esp_loader_error_t start_deflate(esp_loader_t *loader)
{
    static esp_loader_flash_deflate_cfg_t cfg = {
        .offset = 0, .image_size = 4096, .compressed_size = 1024, .block_size = 1024};
    return esp_loader_flash_deflate_start(loader, &cfg);
}

static esp_loader_error_t read_flash(esp_loader_t *loader)
{
    static uint8_t buf[64];
    return esp_loader_flash_read(loader, buf, 0, sizeof(buf));
}

static esp_loader_error_t detect_size(esp_loader_t *loader)
{
    uint32_t size;
    return esp_loader_flash_detect_size(loader, &size);
}

static esp_loader_error_t erase_region(esp_loader_t *loader)
{
    return esp_loader_flash_erase_region(loader, 0, 4096);
}

static esp_loader_error_t verify(esp_loader_t *loader)
{
    static const uint8_t md5[16];
    return esp_loader_flash_verify_known_md5(loader, 0, 4096, md5);
}

static esp_loader_error_t security_info(esp_loader_t *loader)
{
    esp_loader_target_security_info_t info;
    return esp_loader_get_security_info(loader, &info);
}

static esp_loader_error_t change_rate(esp_loader_t *loader)
{
    return esp_loader_change_transmission_rate(loader, 921600);
}

TEST_SPI(what_the_link_does_not_carry_is_refused_before_anything_is_sent)
{
    static esp_loader_error_t (*const calls[])(esp_loader_t *) = {
        start_flash,  start_deflate, read_flash,    detect_size, esp_loader_flash_erase,
        erase_region, verify,        security_info, change_rate};
    spi_bench_connect(b, chip);
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        uint32_t value;
        assert_success(esp_loader_read_register(&b->loader, chip->ram, &value)); /* no barrier is due */
        const uint64_t sent = esp_sim_stats(b->sim)->bytes_out;
        assert_int_equal(calls[i](&b->loader), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
        assert_int_equal(esp_loader_error_detail(&b->loader)->cause, ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
        assert_int_equal(esp_sim_stats(b->sim)->bytes_out, sent);
    }
    spi_bench_close(b);
}

TEST_SPI(neither_a_stub_nor_secure_download_mode_is_there)
{
    spi_bench_open(b, chip, false);
    assert_int_equal(esp_loader_connect_with_stub(&b->loader, NULL), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(esp_loader_connect_secure_download_mode(&b->loader, NULL, 4 << 20),
                     ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    spi_bench_close(b);
}
