/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Stand-in for ESP-IDF's driver/sdmmc_host.h, as of 5.5, or of 4.4, where the host does not count its slots.
 */
#ifndef DRIVER_SDMMC_HOST_H
#define DRIVER_SDMMC_HOST_H

#include "driver/gpio.h"
#include "sdmmc_cmd.h"

#define SOC_SDMMC_USE_GPIO_MATRIX 1
#define SDMMC_HOST_SLOT_0         0
#define SDMMC_HOST_SLOT_1         1

typedef struct {
    gpio_num_t clk;
    gpio_num_t cmd;
    gpio_num_t d0;
    gpio_num_t d1;
    gpio_num_t d2;
    gpio_num_t d3;
    gpio_num_t cd;
    gpio_num_t wp;
    uint8_t width;
    uint32_t flags;
} sdmmc_slot_config_t;
#define SDMMC_SLOT_CONFIG_DEFAULT()                                                                          \
    {                                                                                                        \
        .clk = 14, .cmd = 15, .d0 = 2, .d1 = 4, .d2 = 12, .d3 = 13, .cd = GPIO_NUM_NC, .wp = GPIO_NUM_NC     \
    }

esp_err_t sdmmc_host_init(void);
esp_err_t sdmmc_host_init_slot(int slot, const sdmmc_slot_config_t *slot_config);
esp_err_t sdmmc_host_deinit(void);
esp_err_t sdmmc_host_deinit_slot(int slot);

#ifdef IDF_HOST_OLD_SDMMC_DRIVER
#define SDMMC_HOST_DEFAULT()                                                                                 \
    {                                                                                                        \
        .flags = SDMMC_HOST_FLAG_1BIT | SDMMC_HOST_FLAG_4BIT, .slot = SDMMC_HOST_SLOT_1,                     \
        .max_freq_khz = SDMMC_FREQ_DEFAULT, .deinit = sdmmc_host_deinit                                      \
    }
#else
#define SDMMC_HOST_DEFAULT()                                                                                 \
    {                                                                                                        \
        .flags = SDMMC_HOST_FLAG_1BIT | SDMMC_HOST_FLAG_4BIT | SDMMC_HOST_FLAG_DEINIT_ARG,                   \
        .slot = SDMMC_HOST_SLOT_1, .max_freq_khz = SDMMC_FREQ_DEFAULT, .deinit_p = sdmmc_host_deinit_slot    \
    }
#endif

#endif
