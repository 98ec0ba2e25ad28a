/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "test_port.h"

#include <stdio.h>
#include <string.h>

static test_port_t *base_of(esp_loader_port_t *port)
{
    return container_of(port, test_port_t, port);
}

/* ---- second generation ---- */

static esp_loader_error_t write_all(esp_loader_port_t *port, const uint8_t *data, size_t size,
                                    uint32_t timeout_ms, size_t *out_written)
{
    base_of(port)->writes++;
    return base_of(port)->hooks->write_all(port, data, size, timeout_ms, out_written);
}

static esp_loader_error_t read_some(esp_loader_port_t *port, uint8_t *buf, size_t capacity,
                                    uint32_t timeout_ms, size_t *out_read)
{
    base_of(port)->reads++;
    return base_of(port)->hooks->read_some(port, buf, capacity, timeout_ms, out_read);
}

static uint32_t now_ms(esp_loader_port_t *port)
{
    return base_of(port)->now_ms;
}

static void delay_ms(esp_loader_port_t *port, uint32_t ms)
{
    base_of(port)->now_ms += ms;
}

static esp_loader_error_t set_lines(esp_loader_port_t *port, bool dtr, bool rts)
{
    test_port_t *base = base_of(port);
    size_t used = strlen(base->lines);
    snprintf(&base->lines[used], sizeof(base->lines) - used, "%s%d%d", used > 0 ? " " : "", dtr, rts);
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t set_rate(esp_loader_port_t *port, uint32_t rate_baud)
{
    base_of(port)->rate = rate_baud;
    return ESP_LOADER_SUCCESS;
}

static esp_loader_link_t link_kind(esp_loader_port_t *port)
{
    return base_of(port)->link;
}

void test_port_init(test_port_t *base, const esp_loader_port_ops_t *hooks)
{
    memset(base, 0, sizeof(*base));
    base->port.ops = &base->ops;
    base->hooks = hooks;
    base->ops = *hooks;
    base->ops.write_all = write_all;
    base->ops.read_some = read_some;
    base->ops.now_ms = hooks->now_ms != NULL ? hooks->now_ms : now_ms;
    base->ops.delay_ms = hooks->delay_ms != NULL ? hooks->delay_ms : delay_ms;
    base->ops.set_lines = hooks->set_lines != NULL ? hooks->set_lines : set_lines;
    base->ops.set_rate = hooks->set_rate != NULL ? hooks->set_rate : set_rate;
    base->ops.link_kind = hooks->link_kind != NULL ? hooks->link_kind : link_kind;
}

/* ---- first generation ---- */

static esp_loader_error_t write_v1(esp_loader_port_t *port, const uint8_t *data, uint16_t size,
                                   uint32_t timeout_ms)
{
    size_t written;
    return write_all(port, data, size, timeout_ms, &written);
}

static esp_loader_error_t read_v1(esp_loader_port_t *port, uint8_t *data, uint16_t size, uint32_t timeout_ms)
{
    for (size_t done = 0; done < size;) {
        size_t count;
        esp_loader_error_t err = read_some(port, data + done, size - done, timeout_ms, &count);
        if (err != ESP_LOADER_SUCCESS) {
            return err;
        }
        done += count;
    }
    return ESP_LOADER_SUCCESS;
}

static uint32_t clock_of(esp_loader_port_t *port)
{
    const esp_loader_port_ops_t *hooks = base_of(port)->hooks;
    return hooks->now_ms != NULL ? hooks->now_ms(port) : now_ms(port);
}

static void start_timer(esp_loader_port_t *port, uint32_t ms)
{
    base_of(port)->timer_end_ms = clock_of(port) + ms;
}

static uint32_t remaining_time(esp_loader_port_t *port)
{
    int32_t left = (int32_t)(base_of(port)->timer_end_ms - clock_of(port));
    return left > 0 ? (uint32_t)left : 0;
}

static void enter_bootloader(esp_loader_port_t *port)
{
    const esp_loader_port_ops_t *hooks = base_of(port)->hooks;
    if (hooks->enter_bootloader_checked != NULL) {
        (void)hooks->enter_bootloader_checked(port);
    } else {
        (void)set_lines(port, false, true);
    }
}

void test_port_make_v1(test_port_t *base)
{
    base->ops = (esp_loader_port_ops_t){.init = base->ops.init,
                                        .deinit = base->ops.deinit,
                                        .enter_bootloader = enter_bootloader,
                                        .start_timer = start_timer,
                                        .remaining_time = remaining_time,
                                        .delay_ms = base->ops.delay_ms,
                                        .log = base->ops.log,
                                        .change_transmission_rate = base->ops.set_rate,
                                        .write = write_v1,
                                        .read = read_v1};
}
