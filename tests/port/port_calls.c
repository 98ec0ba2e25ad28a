/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "port_calls.h"
#include "test.h"

esp_loader_port_t *port_under_test;

esp_loader_error_t port_init(void)
{
    return port_under_test->ops->init(port_under_test);
}

void port_deinit(void)
{
    port_under_test->ops->deinit(port_under_test);
}

esp_loader_error_t port_write(const void *data, size_t size, uint32_t timeout_ms, size_t *out_written)
{
    return port_under_test->ops->write_all(port_under_test, data, size, timeout_ms, out_written);
}

esp_loader_error_t port_read(void *buf, size_t capacity, uint32_t timeout_ms, size_t *out_read)
{
    return port_under_test->ops->read_some(port_under_test, buf, capacity, timeout_ms, out_read);
}

esp_loader_error_t port_set_lines(bool dtr, bool rts)
{
    return port_under_test->ops->set_lines(port_under_test, dtr, rts);
}

esp_loader_error_t port_set_rate(uint32_t rate_baud)
{
    return port_under_test->ops->set_rate(port_under_test, rate_baud);
}

esp_loader_link_t port_link(void)
{
    return port_under_test->ops->link_kind(port_under_test);
}

uint32_t port_max_rate(void)
{
    return port_under_test->ops->max_rate(port_under_test);
}

uint32_t port_now_ms(void)
{
    return port_under_test->ops->now_ms(port_under_test);
}

void port_delay(uint32_t ms)
{
    port_under_test->ops->delay_ms(port_under_test, ms);
}

void assert_port_opens(void)
{
    assert_int_equal(port_init(), ESP_LOADER_SUCCESS);
}

void assert_read_fails(uint32_t timeout_ms, esp_loader_error_t expected)
{
    uint8_t byte = 0;
    size_t count = 99;

    assert_int_equal(port_read(&byte, 1, timeout_ms, &count), expected);
    assert_int_equal(count, 0);
}

void assert_port_disconnected(void)
{
    const uint8_t byte = 0;
    const uint32_t before_ms = port_now_ms();
    size_t count = 99;

    assert_read_fails(PATIENT_MS, ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(port_write(&byte, 1, PATIENT_MS, &count), ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(count, 0);
    assert_int_equal(port_set_lines(true, false), ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(port_set_lines(false, false), ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(port_set_rate(115200), ESP_LOADER_ERROR_DISCONNECTED);
    assert_true(port_now_ms() - before_ms < PATIENT_MS / 2);
}
