/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The UART port for ESP-IDF, unchanged, on a stand-in for its driver: the contract, plans with a virtual chip, and what is
 * special about it.
 */
#include "conformance_report.h"
#include "esp_idf_rig.h"
#include "esp_loader_v1.h"
#include "fake_gpio.h"
#include "flash_rig.h"
#include "test.h"

static esp32_port_t new_port(void)
{
    esp_idf_rig_start();
    return (esp32_port_t){.port.ops = &esp32_uart_ops,
                          .uart_port = UART_NUM_1,
                          .reset_pin = GPIO_NUM_4,
                          .boot_pin = GPIO_NUM_5};
}

TEST(it_conforms)
{
    esp32_port_t port = new_port();
    assert_conforms(&port.port, &wire_peer,
                    (const char *const[]){"vanishes: a UART cannot be unplugged", NULL});
}

TEST(plans_flash)
{
    esp32_port_t port = new_port();
    flash_rig_run(&port.port, &esp_idf_rig_wire, NULL);
    flash_rig_run_faults(&port.port, &esp_idf_rig_wire);
}

TEST(pins_are_open_drain_and_inputs_after_deinit)
{
    esp32_port_t port = new_port();
    assert_int_equal(esp32_uart_ops.init(&port.port), ESP_LOADER_SUCCESS);
    assert_false(fake_gpio_is_push_pull(GPIO_NUM_4));
    assert_false(fake_gpio_is_push_pull(GPIO_NUM_5));
    esp32_uart_ops.deinit(&port.port);
    assert_false(uart_is_driver_installed(UART_NUM_1));
}

TEST(queue_of_the_application_gets_the_events)
{
    esp32_port_t port = new_port();
    QueueHandle_t queue = NULL;
    uint8_t buf[8];
    size_t got;
    port.uart_queue = &queue;
    assert_int_equal(esp32_uart_ops.init(&port.port), ESP_LOADER_SUCCESS);
    assert_non_null(queue);
    wire_peer.send(NULL, (const uint8_t *)"OHAI", 4, 0);
    assert_int_equal(esp32_uart_ops.read_some(&port.port, buf, sizeof(buf), 100, &got), ESP_LOADER_SUCCESS);
    assert_int_not_equal(uxQueueSpacesAvailable(queue), 64);
}

TEST(driver_of_the_application_stays)
{
    esp32_port_t port = new_port();
    QueueHandle_t queue;
    port.dont_initialize_peripheral = true;
    assert_int_equal(esp32_uart_ops.init(&port.port), ESP_LOADER_ERROR_PORT_NOT_FOUND);
    assert_int_equal(uart_param_config(UART_NUM_1, &(uart_config_t){.baud_rate = 115200}), ESP_OK);
    assert_int_equal(uart_driver_install(UART_NUM_1, 2048, 0, 16, &queue, 0), ESP_OK);
    assert_int_equal(esp32_uart_ops.init(&port.port), ESP_LOADER_SUCCESS);
    esp32_uart_ops.deinit(&port.port);
    assert_true(uart_is_driver_installed(UART_NUM_1));
    port.dont_initialize_peripheral = false;
    assert_int_equal(esp32_uart_ops.init(&port.port), ESP_LOADER_ERROR_PORT_BUSY);
}

TEST(rate_that_the_uart_cannot_make_is_refused_and_the_old_one_stays)
{
    esp32_port_t port = new_port();
    assert_int_equal(esp32_uart_ops.init(&port.port), ESP_LOADER_SUCCESS);
    assert_int_equal(esp32_uart_ops.set_rate(&port.port, 10000000), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(esp32_uart_ops.set_rate(&port.port, UINT32_MAX), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_non_null(esp32_uart_ops.max_rate);
    assert_int_equal(esp32_uart_ops.max_rate(&port.port), UART_BITRATE_MAX);
    assert_in_range(wire_peer.rate(NULL), 114000, 116000);
}

TEST(errors_of_init)
{
    esp32_port_t port = new_port();
    port.uart_port = UART_NUM_MAX;
    assert_int_equal(esp32_uart_ops.init(&port.port), ESP_LOADER_ERROR_INVALID_PARAM);
    port = new_port();
    port.reset_pin = GPIO_NUM_MAX;
    assert_int_equal(esp32_uart_ops.init(&port.port), ESP_LOADER_ERROR_INVALID_PARAM);
    port = new_port();
    port.baud_rate = 10000000;
    assert_int_equal(esp32_uart_ops.init(&port.port), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_false(uart_is_driver_installed(UART_NUM_1));
}

TEST(without_pins_the_target_is_reset_by_hand)
{
    esp32_port_t port = new_port();
    port.reset_pin = GPIO_NUM_NC;
    port.boot_pin = GPIO_NUM_NC;
    assert_int_equal(esp32_uart_ops.init(&port.port), ESP_LOADER_SUCCESS);
    assert_int_equal(esp32_uart_ops.enter_bootloader_checked(&port.port), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(esp32_uart_ops.reset_checked(&port.port), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
}

TEST(one_port_in_the_form_of_1_x)
{
    esp_idf_rig_start();
    assert_int_equal(loader_port_esp32_init(NULL), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(loader_port_esp32_init(&(loader_esp32_config_t){.uart_port = UART_NUM_1,
                                                                     .reset_trigger_pin = GPIO_NUM_4,
                                                                     .gpio0_trigger_pin = GPIO_NUM_5}),
                     ESP_LOADER_SUCCESS);
    conformance_pins_t states[8];
    (void)wire_peer.pins(NULL, states, 8);
    esp_loader_v1_reset_target();
    assert_int_equal(wire_peer.pins(NULL, states, 8), 3); /* high, low, high */
    loader_port_esp32_deinit();
    assert_false(uart_is_driver_installed(UART_NUM_1));
}
