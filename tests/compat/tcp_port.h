/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A port as programs for the 2.0 API have them: first-generation entries only, over a TCP connection. It
 * includes nothing but public headers and knows nothing of the library that is behind them.
 */
#ifndef TCP_PORT_H
#define TCP_PORT_H

#include "esp_loader_io.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    esp_loader_port_t port;
    const char *host;
    const char *service;
    int socket_fd;
    int64_t timer_end_ms;
} tcp_port_t;

extern const esp_loader_port_ops_t tcp_port_ops;

/* The entries, for a program that makes a table of its own. */
esp_loader_error_t tcp_port_init(esp_loader_port_t *port);
void tcp_port_deinit(esp_loader_port_t *port);
void tcp_port_enter_bootloader(esp_loader_port_t *port);
void tcp_port_reset_target(esp_loader_port_t *port);
void tcp_port_start_timer(esp_loader_port_t *port, uint32_t ms);
uint32_t tcp_port_remaining_time(esp_loader_port_t *port);
void tcp_port_delay_ms(esp_loader_port_t *port, uint32_t ms);
void tcp_port_log(esp_loader_port_t *port, esp_loader_log_level_t level, const char *fmt, va_list args);
esp_loader_error_t tcp_port_write(esp_loader_port_t *port, const uint8_t *data, uint16_t size,
                                  uint32_t timeout_ms);
esp_loader_error_t tcp_port_read(esp_loader_port_t *port, uint8_t *data, uint16_t size, uint32_t timeout_ms);

#ifdef __cplusplus
}
#endif

#endif
