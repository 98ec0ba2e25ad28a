/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The port of board_port.h. docs/porting.md explains each entry.
 */
#include "board_port.h"

#include "board.h"

enum { PIN_HOLD_MS = 100 };

static esp_loader_error_t port_init(esp_loader_port_t *port)
{
    (void)port;
    board_init();
    return ESP_LOADER_SUCCESS;
}

static void port_deinit(esp_loader_port_t *port)
{
    (void)port;
}

static uint32_t port_now_ms(esp_loader_port_t *port)
{
    (void)port;
    return board_now_ms();
}

static void port_delay_ms(esp_loader_port_t *port, uint32_t ms)
{
    (void)port;
    uint32_t start = board_now_ms();
    while (board_now_ms() - start < ms) {
        uint8_t ignored; /* what arrives now is dropped, and reading lets time pass */
        (void)board_uart_read(&ignored, sizeof(ignored), 1);
    }
}

static esp_loader_error_t port_write_all(esp_loader_port_t *port, const uint8_t *data, size_t size,
                                         uint32_t timeout_ms, size_t *out_written)
{
    (void)port;
    *out_written = board_uart_write(data, size, timeout_ms);
    return *out_written == size ? ESP_LOADER_SUCCESS : ESP_LOADER_ERROR_TIMEOUT;
}

static esp_loader_error_t port_read_some(esp_loader_port_t *port, uint8_t *buf, size_t capacity,
                                         uint32_t timeout_ms, size_t *out_read)
{
    (void)port;
    *out_read = board_uart_read(buf, capacity, timeout_ms);
    return *out_read > 0 ? ESP_LOADER_SUCCESS : ESP_LOADER_ERROR_TIMEOUT;
}

static esp_loader_error_t port_enter_bootloader(esp_loader_port_t *port)
{
    board_set_pins(false, false);
    port_delay_ms(port, PIN_HOLD_MS);
    board_set_pins(true, false); /* the strapping pin is sampled now */
    port_delay_ms(port, PIN_HOLD_MS);
    board_set_pins(true, true);
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t port_reset(esp_loader_port_t *port)
{
    board_set_pins(false, true);
    port_delay_ms(port, PIN_HOLD_MS);
    board_set_pins(true, true);
    return ESP_LOADER_SUCCESS;
}

static esp_loader_link_t port_link_kind(esp_loader_port_t *port)
{
    (void)port;
    return ESP_LOADER_LINK_UART;
}

const esp_loader_port_ops_t board_port_ops = {
    .init = port_init,
    .deinit = port_deinit,
    .delay_ms = port_delay_ms,
    .write_all = port_write_all,
    .read_some = port_read_some,
    .now_ms = port_now_ms,
    .enter_bootloader_checked = port_enter_bootloader,
    .reset_checked = port_reset,
    .link_kind = port_link_kind,
};
