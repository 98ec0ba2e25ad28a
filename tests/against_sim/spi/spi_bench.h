/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * One simulated chip as an SPI slave, one port, one session.
 */
#ifndef SPI_BENCH_H
#define SPI_BENCH_H

#include "spi_port.h"
#include "test.h"

#define assert_success(call) assert_int_equal(call, ESP_LOADER_SUCCESS)

typedef struct {
    const char *name; /* of the chip, as the simulator calls it */
    target_chip_t chip;
    uint32_t ram; /* where nothing else is, 8 KiB */
    uint32_t mac_addr;
} spi_chip_t;

typedef struct {
    const spi_chip_t *chip;
    esp_sim_t *sim;
    spi_port_t port;
    esp_loader_t loader;
    bool expects_misuse;
} spi_bench_t;

/* The chips there are; one of them where EL_ROM names a ROM's ELF file, which is executed then. */
const char *spi_rom_file(void); /* NULL = none */
size_t spi_chip_count(void);
const spi_chip_t *spi_chip(size_t i);

/* Creates chip and session; fails the test when it cannot. */
void spi_bench_open(spi_bench_t *b, const spi_chip_t *chip, bool is_first_generation);
void spi_bench_connect(spi_bench_t *b, const spi_chip_t *chip);
/* Ends everything. Misuse fails the test, unless it is expected. */
void spi_bench_close(spi_bench_t *b);

void spi_bench_faults(spi_bench_t *b, const char *script);

/* Loads @p size reproducible bytes into RAM; the first error. */
esp_loader_error_t spi_bench_load(spi_bench_t *b, uint32_t size, uint32_t block_size, uint32_t entry);
bool spi_bench_is_loaded(const spi_bench_t *b, uint32_t size);

#endif
