/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Stand-in for ESP-IDF's sdmmc_cmd.h and sd_protocol_types.h, as of 5.5: what the SDIO port uses. `dma_aligned_buffer` came
 * with 5.3. In 6.x the time that sdmmc_io_wait_int() takes is uint32_t, which TickType_t is.
 */
#ifndef SDMMC_CMD_H
#define SDMMC_CMD_H

#include <stddef.h>
#include <stdint.h>

#include "esp_err.h"
#include "freertos/FreeRTOS.h"

typedef struct {
    uint32_t flags;
#define SDMMC_HOST_FLAG_1BIT       (1 << 0)
#define SDMMC_HOST_FLAG_4BIT       (1 << 1)
#define SDMMC_HOST_FLAG_DEINIT_ARG (1 << 5)
    int slot;
    int max_freq_khz;
#define SDMMC_FREQ_DEFAULT 20000
    union {
        esp_err_t (*deinit)(void);
        esp_err_t (*deinit_p)(int slot);
    };
    int command_timeout_ms;
    void *dma_aligned_buffer;
} sdmmc_host_t;

typedef struct {
    sdmmc_host_t host;
    uint32_t is_mem : 1;
    uint32_t is_sdio : 1;
    uint32_t others[43]; /* with them it is 200 bytes, as on a 32-bit processor */
} sdmmc_card_t;

esp_err_t sdmmc_card_init(const sdmmc_host_t *host, sdmmc_card_t *out_card);
esp_err_t sdmmc_io_read_byte(sdmmc_card_t *card, uint32_t function, uint32_t reg, uint8_t *out_byte);
esp_err_t sdmmc_io_write_byte(sdmmc_card_t *card, uint32_t function, uint32_t reg, uint8_t in_byte,
                              uint8_t *out_byte);
esp_err_t sdmmc_io_read_bytes(sdmmc_card_t *card, uint32_t function, uint32_t addr, void *dst, size_t size);
esp_err_t sdmmc_io_write_bytes(sdmmc_card_t *card, uint32_t function, uint32_t addr, const void *src,
                               size_t size);
esp_err_t sdmmc_io_wait_int(sdmmc_card_t *card, TickType_t timeout_ticks);

#endif
