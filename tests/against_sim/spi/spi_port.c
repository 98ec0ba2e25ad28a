/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "spi_port.h"

#include <string.h>

#include "test.h"

enum { BITS_PER_US = 20, RESET_US = 100000, BOOT_US = 50000 };

static spi_port_t *self(esp_loader_port_t *port)
{
    return container_of(port, spi_port_t, port);
}

static void pass_us(spi_port_t *port, uint64_t us)
{
    esp_sim_run_until(port->sim, esp_sim_now_us(port->sim) + us);
}

static void pass(spi_port_t *port, size_t size)
{
    port->bits += (uint32_t)size * 8;
    pass_us(port, port->bits / BITS_PER_US);
    port->bits %= BITS_PER_US;
}

static esp_loader_error_t init(esp_loader_port_t *base)
{
    (void)base;
    return ESP_LOADER_SUCCESS;
}

static void deinit(esp_loader_port_t *base)
{
    assert_false(self(base)->is_selected);
}

static void set_cs(esp_loader_port_t *base, uint32_t level)
{
    assert_true(level <= 1);
    self(base)->is_selected = level == 0;
    esp_sim_spi_select(self(base)->sim, level == 0);
}

static esp_loader_error_t write_all(esp_loader_port_t *base, const uint8_t *data, size_t size,
                                    uint32_t timeout_ms, size_t *out_written)
{
    (void)timeout_ms;
    esp_sim_spi_transfer(self(base)->sim, data, NULL, size);
    pass(self(base), size);
    *out_written = size;
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t read_some(esp_loader_port_t *base, uint8_t *buf, size_t capacity,
                                    uint32_t timeout_ms, size_t *out_read)
{
    (void)timeout_ms;
    assert_int_equal((uintptr_t)buf % 4, 0);
    assert_int_equal(capacity % 4, 0);
    esp_sim_spi_transfer(self(base)->sim, NULL, buf, capacity);
    pass(self(base), capacity);
    *out_read = capacity;
    return ESP_LOADER_SUCCESS;
}

static uint32_t now_ms(esp_loader_port_t *base)
{
    return (uint32_t)(esp_sim_now_us(self(base)->sim) / 1000);
}

static void delay_ms(esp_loader_port_t *base, uint32_t ms)
{
    pass_us(self(base), (uint64_t)ms * 1000);
}

static void reset_with(esp_loader_port_t *base, bool are_straps_set)
{
    assert_false(self(base)->is_selected);
    pass_us(self(base), RESET_US);
    esp_sim_reset_button(self(base)->sim, are_straps_set);
    pass_us(self(base), BOOT_US);
}

static void enter_bootloader(esp_loader_port_t *base)
{
    self(base)->resets++;
    reset_with(base, true);
}

static void reset_target(esp_loader_port_t *base)
{
    reset_with(base, false);
}

/* ---- first generation ---- */

static esp_loader_error_t write(esp_loader_port_t *base, const uint8_t *data, uint16_t size,
                                uint32_t timeout_ms)
{
    size_t written;
    return write_all(base, data, size, timeout_ms, &written);
}

static esp_loader_error_t read(esp_loader_port_t *base, uint8_t *data, uint16_t size, uint32_t timeout_ms)
{
    size_t count;
    return read_some(base, data, size, timeout_ms, &count);
}

static void start_timer(esp_loader_port_t *base, uint32_t ms)
{
    self(base)->timer_end_ms = now_ms(base) + ms;
}

static uint32_t remaining_time(esp_loader_port_t *base)
{
    const uint32_t left = self(base)->timer_end_ms - now_ms(base);
    return left > UINT32_MAX / 2 ? 0 : left;
}

static void make(spi_port_t *port, esp_sim_t *sim, const esp_loader_port_ops_t *ops)
{
    memset(port, 0, sizeof(*port));
    port->port.ops = ops;
    port->sim = sim;
}

/* What all kinds have, and those of the second generation. */
#define COMMON .init = init, .deinit = deinit, .delay_ms = delay_ms, .spi_set_cs = set_cs
#define SECOND .write_all = write_all, .read_some = read_some, .now_ms = now_ms
#define RESETS .enter_bootloader = enter_bootloader, .reset_target = reset_target

void spi_port_init(spi_port_t *port, esp_sim_t *sim)
{
    static const esp_loader_port_ops_t ops = {COMMON, SECOND, RESETS};
    make(port, sim, &ops);
}

void spi_port_init_without_reset(spi_port_t *port, esp_sim_t *sim)
{
    static const esp_loader_port_ops_t ops = {COMMON, SECOND};
    make(port, sim, &ops);
}

void spi_port_init_first_generation(spi_port_t *port, esp_sim_t *sim)
{
    static const esp_loader_port_ops_t ops = {
        COMMON,         RESETS,      .start_timer = start_timer, .remaining_time = remaining_time,
        .write = write, .read = read};
    make(port, sim, &ops);
}
