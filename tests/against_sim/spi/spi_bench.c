/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "spi_bench.h"

#include <stdlib.h>
#include <string.h>

static const spi_chip_t CHIPS[] = {
    {"esp32c3", ESP32C3_CHIP, 0x3FC90000, 0x60008844},
    {"esp32s3", ESP32S3_CHIP, 0x3FC90000, 0x60007044},
    {"esp32c2", ESP32C2_CHIP, 0x3FCB0000, 0x60008840},
    {"esp32h2", ESP32H2_CHIP, 0x40818000, 0x600B0844},
};

const char *spi_rom_file(void)
{
    return getenv("EL_ROM");
}

/* The chip whose ROM the file is, by its name; all when there is none. */
static size_t first_chip(void)
{
    const char *file = spi_rom_file();
    const char *slash = file == NULL ? NULL : strrchr(file, '/');
    for (size_t i = 0; slash != NULL && i < sizeof(CHIPS) / sizeof(CHIPS[0]); i++) {
        const size_t size = strlen(CHIPS[i].name);
        if (strncmp(slash + 1, CHIPS[i].name, size) == 0 && slash[1 + size] == '_') {
            return i;
        }
    }
    assert_null(file);
    return 0;
}

size_t spi_chip_count(void)
{
    return spi_rom_file() != NULL ? 1 : sizeof(CHIPS) / sizeof(CHIPS[0]);
}

const spi_chip_t *spi_chip(size_t i)
{
    return &CHIPS[first_chip() + i];
}

void spi_bench_open(spi_bench_t *b, const spi_chip_t *chip, bool is_first_generation)
{
    char error[200] = "";
    const esp_sim_config_t config = {.chip = chip->name,
                                     .wiring = ESP_SIM_WIRING_SPI,
                                     .timing = ESP_SIM_TIMING_FAST,
                                     .trace = getenv("EL_TRACE") != NULL ? stderr : NULL,
                                     .traces_code = spi_rom_file() != NULL && getenv("EL_TRACE") != NULL,
                                     .rom_elf = spi_rom_file()};
    memset(b, 0, sizeof(*b));
    memset(&b->loader, 0xA5, sizeof(b->loader));
    b->chip = chip;
    b->sim = esp_sim_new(&config, error, sizeof(error));
    assert_string_equal(error, "");
    if (is_first_generation) {
        spi_port_init_first_generation(&b->port, b->sim);
    } else {
        spi_port_init(&b->port, b->sim);
    }
    assert_success(esp_loader_init_spi(&b->loader, &b->port.port));
}

void spi_bench_connect(spi_bench_t *b, const spi_chip_t *chip)
{
    spi_bench_open(b, chip, false);
    assert_success(esp_loader_connect(&b->loader, NULL));
}

void spi_bench_close(spi_bench_t *b)
{
    esp_loader_deinit(&b->loader);
    if (!b->expects_misuse) {
        assert_string_equal(esp_sim_misuse(b->sim), "");
    }
    esp_sim_free(b->sim);
}

void spi_bench_faults(spi_bench_t *b, const char *script)
{
    char error[200] = "";
    assert_true(esp_sim_add_faults(b->sim, script, error, sizeof(error)));
}

static uint8_t byte_at(uint32_t i)
{
    return (uint8_t)(i * 167 + (i >> 8) * 13 + 5);
}

esp_loader_error_t spi_bench_load(spi_bench_t *b, uint32_t size, uint32_t block_size, uint32_t entry)
{
    static uint8_t data[0x2000] __attribute__((aligned(4)));
    esp_loader_mem_cfg_t cfg = {.offset = b->chip->ram, .size = size, .block_size = block_size};
    assert_true(size <= sizeof(data));
    for (uint32_t i = 0; i < size; i++) {
        data[i] = byte_at(i);
    }
    RETURN_ON_ERROR(esp_loader_mem_start(&b->loader, &cfg));
    for (uint32_t done = 0; done < size; done += block_size) {
        const uint32_t left = size - done;
        RETURN_ON_ERROR(
            esp_loader_mem_write(&b->loader, &cfg, data + done, left < block_size ? left : block_size));
    }
    return esp_loader_mem_finish(&b->loader, &cfg, entry);
}

bool spi_bench_is_loaded(const spi_bench_t *b, uint32_t size)
{
    for (uint32_t i = 0; i < size; i += 4) {
        const uint32_t word = esp_sim_peek(b->sim, b->chip->ram + i);
        for (uint32_t k = 0; k < 4 && i + k < size; k++) {
            if ((uint8_t)(word >> (8 * k)) != byte_at(i + k)) {
                return false;
            }
        }
    }
    return true;
}
