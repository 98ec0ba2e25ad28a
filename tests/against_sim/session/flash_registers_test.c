/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Status registers and parameters of the flash chip, through the SPI peripheral of every chip, with the ROM loader and with
 * the stub.
 */
#include <string.h>

#include "operations.h"

/* Registers of the ESP32-S3. */
#define SPI_CMD  0x60002000u
#define SPI_USR  0x60002018u
#define SPI_USR2 0x60002020u

static bench_t make_bench(const char *chip, size_t loader)
{
    return (bench_t){.config = {.chip = chip,
                                .wiring = ESP_SIM_WIRING_BRIDGE,
                                .timing = ESP_SIM_TIMING_FAST,
                                .accepts_any_stub = true},
                     .target_loader = (int)loader};
}

static uint32_t read_status(bench_t *b, unsigned count)
{
    uint32_t status = 0;

    assert_success(esp_loader_flash_read_status_registers(&b->loader, count, &status));
    return status;
}

TEST_CONNECTED_EACH(status_registers_are_written_and_read_on_every_chip_with_either_loader,
                    chip_count *LOADER_COUNT, make_bench(chips[i % chip_count].sim_name, i / chip_count))
{
    static uint8_t data[2000];

    assert_int_equal(read_status(b, 3), 0);
    assert_success(esp_loader_flash_write_status_registers(&b->loader, 3, 0x604280, true));
    assert_int_equal(read_status(b, 3), 0x604280);
    assert_int_equal(read_status(b, 2), 0x4280);
    assert_int_equal(read_status(b, 1), 0x80);
    assert_success(esp_loader_flash_write_status_registers(&b->loader, 2, 0x0200, false));
    assert_int_equal(read_status(b, 3), 0x600200);
    assert_success(esp_loader_flash_write_status_registers(&b->loader, 1, 0, true));
    bench_fill(data, sizeof(data), 3); /* the loader's own routines find the peripheral as they expect it */
    assert_success(bench_flash(b, 0x10000, data, sizeof(data), true));
    assert_memory_equal(esp_sim_flash(b->sim) + 0x10000, data, sizeof(data));
}

TEST_CONNECTED_EACH(sfdp_is_read_on_every_chip_with_either_loader, chip_count *LOADER_COUNT,
                    make_bench(chips[i % chip_count].sim_name, i / chip_count))
{
    uint8_t sfdp[0x40];
    uint8_t piece[3];

    assert_success(esp_loader_flash_read_sfdp(&b->loader, 0, sfdp, sizeof(sfdp)));
    assert_memory_equal(sfdp, "SFDP", 4);
    assert_int_equal(sfdp[12], 0x30); /* where the table stands */
    assert_memory_equal(&sfdp[0x30], "\xE5\x20\xF1\xFF", 4);
    assert_success(esp_loader_flash_read_sfdp(&b->loader, 0x31, piece, sizeof(piece)));
    assert_memory_equal(piece, &sfdp[0x31], sizeof(piece));
    assert_success(esp_loader_flash_read_sfdp(&b->loader, 0xFFFFFF, piece, 1));
    assert_int_equal(piece[0], 0xFF);
}

static esp_loader_error_t read_all_kinds(bench_t *b, uint32_t *status, uint8_t sfdp[0x34])
{
    esp_loader_error_t err = esp_loader_flash_read_status_registers(&b->loader, 3, status);
    return err != ESP_LOADER_SUCCESS ? err : esp_loader_flash_read_sfdp(&b->loader, 0, sfdp, 0x34);
}

TEST(reading_that_is_refused_is_no_success)
{
    esp_loader_error_t err = ESP_LOADER_ERROR_INVALID_RESPONSE;
    uint32_t status = 0;
    uint8_t sfdp[0x34] = {0};

    for (unsigned n = 1; err == ESP_LOADER_ERROR_INVALID_RESPONSE; n++) {
        bench_t b = make_bench("esp32s3", ROM);
        bench_connect(&b);
        assert_success(esp_loader_flash_write_status_registers(&b.loader, 3, 0x604280, true));
        bench_faults_at(&b, "from command %u of 0x0A: error 0x06", n);
        err = read_all_kinds(&b, &status, sfdp);
        bench_close(&b);
    }
    assert_success(err);
    assert_int_equal(status, 0x604280);
    assert_memory_equal(&sfdp[0x30], "\xE5\x20\xF1\xFF", 4);
}

TEST_CONNECTED(what_is_not_there_is_refused, BENCH(.chip = "esp32s3"))
{
    uint32_t status;
    uint8_t byte;

    for (unsigned count = 0; count < 8; count += 4) {
        assert_int_equal(esp_loader_flash_read_status_registers(&b->loader, count, &status),
                         ESP_LOADER_ERROR_INVALID_PARAM);
        assert_int_equal(esp_loader_flash_write_status_registers(&b->loader, count, 0, true),
                         ESP_LOADER_ERROR_INVALID_PARAM);
    }
    assert_int_equal(esp_loader_flash_read_sfdp(&b->loader, 0, NULL, 1), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_flash_read_sfdp(&b->loader, 0x1000000, &byte, 1),
                     ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_flash_read_sfdp(&b->loader, 0xFFFFFF, &byte, 2),
                     ESP_LOADER_ERROR_INVALID_PARAM);
}

TEST_CONNECTED(registers_are_not_read_or_written_in_secure_download_mode, BENCH(.is_secure_download = true))
{
    uint32_t status;
    uint8_t byte;

    assert_int_equal(esp_loader_flash_read_status_registers(&b->loader, 1, &status),
                     ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(bench_cause(b), ESP_LOADER_ERROR_SECURITY);
    assert_int_equal(esp_loader_flash_write_status_registers(&b->loader, 1, 0, true),
                     ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(bench_cause(b), ESP_LOADER_ERROR_SECURITY);
    assert_int_equal(esp_loader_flash_read_sfdp(&b->loader, 0, &byte, 1), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(bench_cause(b), ESP_LOADER_ERROR_SECURITY);
}

/* A command without data. */
static void give_flash_command(bench_t *b, uint8_t opcode)
{
    assert_success(esp_loader_write_register(&b->loader, SPI_USR, 1u << 31));
    assert_success(esp_loader_write_register(&b->loader, SPI_USR2, 7u << 28 | opcode));
    assert_success(esp_loader_write_register(&b->loader, SPI_CMD, 1u << 18));
}

TEST_CONNECTED(a_part_that_stays_busy_is_a_timeout, BENCH(.chip = "esp32s3"))
{
    uint32_t status = read_status(b, 1); /* attaches it */

    give_flash_command(b, 0x06);
    give_flash_command(b, 0xC7); /* erases the whole chip, which takes much longer */
    assert_int_equal(esp_loader_flash_write_status_registers(&b->loader, 1, status, true),
                     ESP_LOADER_ERROR_TIMEOUT);
}
