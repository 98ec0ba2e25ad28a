/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The chip's SPI controller as a half-duplex slave: from chip select and bytes to what the program on the chip sees of them.
 * Source: ESP-IDF, SPI slave HD mode; ESP32-C3 TRM, SPI controller.
 */
#ifndef SIM_SPI_SLAVE_H
#define SIM_SPI_SLAVE_H

#include "esp_sim.h"

enum {
    SIM_SPI_REGISTERS = 64,  /**< bytes that both sides read and write */
    SIM_SPI_BUFFER = 0x2000, /**< more than any ROM has for a frame */
    SIM_SPI_PREAMBLE = 3,    /**< command, address, dummy */
};

/** The program on the chip. All but load happen when chip select rises. */
typedef struct {
    uint8_t (*load)(esp_sim_t *sim, unsigned address);
    void (*store)(esp_sim_t *sim, unsigned address, uint8_t byte);
    /** The registers from @p address on have been written. */
    void (*written)(esp_sim_t *sim, unsigned address, size_t size);
    /** A frame has come. false: nobody waits for one, it is lost. */
    bool (*received)(esp_sim_t *sim, const uint8_t *data, size_t size);
    /** What the host is about to read; returns how many bytes there are, at most @p capacity. */
    size_t (*offered)(esp_sim_t *sim, uint8_t *out, size_t capacity);
    /** The host has read it. */
    void (*taken)(esp_sim_t *sim);
} sim_spi_slave_ops_t;

typedef struct {
    const sim_spi_slave_ops_t *ops; /**< NULL = nobody listens */
    bool is_selected, is_lost;      /**< lost: by a fault, or the slave does not understand it */
    bool is_disturbed;              /**< the same of an earlier one: what follows is no misuse */
    uint8_t preamble[SIM_SPI_PREAMBLE];
    size_t count; /**< bytes since chip select fell */
    size_t offered;
    uint8_t data[SIM_SPI_BUFFER];
} sim_spi_slave_t;

void sim_spi_slave_select(esp_sim_t *sim, bool is_selected);
/** Clocks bytes. @p out NULL = the host drives nothing; @p in NULL = it does not look. */
void sim_spi_slave_transfer(esp_sim_t *sim, const uint8_t *out, uint8_t *in, size_t size);
/** From now on this program listens; NULL = none. */
void sim_spi_slave_set_ops(esp_sim_t *sim, const sim_spi_slave_ops_t *ops);

#endif
