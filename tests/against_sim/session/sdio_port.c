/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "sdio_port.h"

#include <string.h>

/* A command with its answer, and eight bits a byte at 20 MHz with the checksum's share. */
#define COMMAND_US    10u
#define BYTES_PER_US  2u
#define BOOT_HOLD_US  50000u
#define CARD_INIT_US  5000u
#define NO_ANSWER_US  1000u
#define RESET_HOLD_US 100000u

static sdio_port_t *self(esp_loader_port_t *port)
{
    return container_of(port, sdio_port_t, port);
}

static void pass(const sdio_port_t *port, uint64_t time_us)
{
    esp_sim_run_until(port->sim, esp_sim_now_us(port->sim) + time_us);
}

static void enter_bootloader(esp_loader_port_t *base)
{
    sdio_port_t *port = self(base);
    port->resets++;
    pass(port, RESET_HOLD_US);
    esp_sim_reset_button(port->sim, true);
    pass(port, BOOT_HOLD_US);
}

static void reset_target(esp_loader_port_t *base)
{
    sdio_port_t *port = self(base);
    pass(port, RESET_HOLD_US);
    esp_sim_reset_button(port->sim, false);
}

static void start_timer(esp_loader_port_t *base, uint32_t ms)
{
    sdio_port_t *port = self(base);
    port->timer_end_us = esp_sim_now_us(port->sim) + (uint64_t)ms * 1000;
}

static uint32_t remaining_time(esp_loader_port_t *base)
{
    sdio_port_t *port = self(base);
    uint64_t now_us = esp_sim_now_us(port->sim);
    return now_us < port->timer_end_us ? (uint32_t)((port->timer_end_us - now_us + 999) / 1000) : 0;
}

static void delay_ms(esp_loader_port_t *base, uint32_t ms)
{
    pass(self(base), (uint64_t)ms * 1000);
}

static esp_loader_error_t outcome(sdio_port_t *port, esp_sim_sdio_t result, size_t size)
{
    port->transactions++;
    pass(port, result == ESP_SIM_SDIO_NO_ANSWER ? NO_ANSWER_US : COMMAND_US + size / BYTES_PER_US);
    switch (result) {
    case ESP_SIM_SDIO_DONE:
        return ESP_LOADER_SUCCESS;
    case ESP_SIM_SDIO_NO_ANSWER:
        return ESP_LOADER_ERROR_TIMEOUT;
    case ESP_SIM_SDIO_CRC:
    case ESP_SIM_SDIO_REFUSED:
        break;
    }
    return ESP_LOADER_ERROR_IO;
}

static esp_loader_error_t sdio_write(esp_loader_port_t *base, uint32_t function, uint32_t addr,
                                     const uint8_t *data, uint16_t size, uint32_t timeout)
{
    (void)timeout;
    return outcome(self(base), esp_sim_sdio_write(self(base)->sim, function, addr, data, size), size);
}

static esp_loader_error_t sdio_read(esp_loader_port_t *base, uint32_t function, uint32_t addr, uint8_t *data,
                                    uint16_t size, uint32_t timeout)
{
    (void)timeout;
    return outcome(self(base), esp_sim_sdio_read(self(base)->sim, function, addr, data, size), size);
}

static esp_loader_error_t sdio_card_init(esp_loader_port_t *base)
{
    pass(self(base), CARD_INIT_US);
    return outcome(self(base), esp_sim_sdio_init(self(base)->sim), 0);
}

void sdio_port_init(sdio_port_t *port, esp_sim_t *sim)
{
    memset(port, 0, sizeof(*port));
    port->ops = (esp_loader_port_ops_t){.enter_bootloader = enter_bootloader,
                                        .reset_target = reset_target,
                                        .start_timer = start_timer,
                                        .remaining_time = remaining_time,
                                        .delay_ms = delay_ms,
                                        .sdio_write = sdio_write,
                                        .sdio_read = sdio_read,
                                        .sdio_card_init = sdio_card_init};
    port->port.ops = &port->ops;
    port->sim = sim;
}
