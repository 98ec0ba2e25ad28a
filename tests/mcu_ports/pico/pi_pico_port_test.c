/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The port for the Raspberry Pi Pico, unchanged, on a stand-in for the pico-sdk: the contract, plans with a virtual chip, and
 * what is special about it.
 */
#include "conformance_report.h"
#include "esp_loader_v1.h"
#include "flash_rig.h"
#include "pico_rig.h"
#include "test.h"

static pi_pico_port_t port;

static int set_up(void **state)
{
    (void)state;
    pico_rig_start();
    port = (pi_pico_port_t){.port.ops = &pi_pico_uart_ops,
                            .uart_inst = uart1,
                            .uart_rx_pin_num = 9,
                            .uart_tx_pin_num = 8,
                            .reset_pin_num = PICO_RIG_EN,
                            .boot_pin_num = PICO_RIG_BOOT};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    pi_pico_uart_ops.deinit(&port.port);
    return 0;
}

#define TEST_PICO(name) TEST_WITH(name, set_up, tear_down)

TEST_PICO(it_conforms)
{
    assert_conforms(&port.port, &wire_peer,
                    (const char *const[]){"vanishes: a UART cannot be unplugged", NULL});
}

TEST_PICO(plans_flash)
{
    flash_rig_run(&port.port, &pico_rig_wire, NULL);
    flash_rig_run_faults(&port.port, &pico_rig_wire);
}

TEST_PICO(break_is_not_a_byte)
{
    uint8_t buf[4];
    size_t got;
    assert_int_equal(pi_pico_uart_ops.init(&port.port), ESP_LOADER_SUCCESS);
    pico_rig_break();
    assert_int_equal(pi_pico_uart_ops.read_some(&port.port, buf, sizeof(buf), 20, &got),
                     ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(pico_rig_fifo_level(), 0);
}

TEST_PICO(one_port_per_uart)
{
    static pi_pico_port_t other;
    other = (pi_pico_port_t){.port.ops = &pi_pico_uart_ops,
                             .uart_inst = uart1,
                             .reset_pin_num = PI_PICO_PORT_NO_PIN,
                             .boot_pin_num = PI_PICO_PORT_NO_PIN};
    assert_int_equal(pi_pico_uart_ops.init(&port.port), ESP_LOADER_SUCCESS);
    assert_int_equal(pi_pico_uart_ops.init(&other.port), ESP_LOADER_ERROR_PORT_BUSY);
    pi_pico_uart_ops.deinit(&port.port);
    assert_int_equal(pi_pico_uart_ops.init(&other.port), ESP_LOADER_SUCCESS);
    assert_int_equal(pi_pico_uart_ops.enter_bootloader_checked(&other.port),
                     ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(pi_pico_uart_ops.reset_checked(&other.port), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    pi_pico_uart_ops.deinit(&other.port);
}

TEST_PICO(uart_of_the_program_is_used_as_it_is)
{
    uint8_t buf[4];
    size_t got;
    (void)uart_init(uart1, 115200);
    port.dont_initialize_peripheral = true;
    assert_int_equal(pi_pico_uart_ops.init(&port.port), ESP_LOADER_SUCCESS);
    wire_peer.send(NULL, (const uint8_t *)"OHAI", 4, 0);
    assert_int_equal(pi_pico_uart_ops.read_some(&port.port, buf, sizeof(buf), 20, &got), ESP_LOADER_SUCCESS);
}

TEST_PICO(rates)
{
    port.baudrate = 10000000;
    assert_int_equal(pi_pico_uart_ops.init(&port.port), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    port.baudrate = 0;
    assert_int_equal(pi_pico_uart_ops.init(&port.port), ESP_LOADER_SUCCESS);
    assert_int_equal(pi_pico_uart_ops.max_rate(&port.port), 7812500);
    assert_int_equal(pi_pico_uart_ops.set_rate(&port.port, 10000000), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_in_range(wire_peer.rate(NULL), 114000, 116000);
}

TEST_PICO(no_uart)
{
    port.uart_inst = NULL;
    assert_int_equal(pi_pico_uart_ops.init(&port.port), ESP_LOADER_ERROR_INVALID_PARAM);
}

TEST_PICO(one_port_in_the_form_of_1_x)
{
    assert_int_equal(loader_port_pi_pico_init(NULL), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(loader_port_pi_pico_init(&(loader_pi_pico_config_t){.uart_inst = uart1,
                                                                         .reset_trigger_pin_num = PICO_RIG_EN,
                                                                         .boot_pin_num = PICO_RIG_BOOT}),
                     ESP_LOADER_SUCCESS);
    conformance_pins_t states[8];
    (void)wire_peer.pins(NULL, states, 8);
    esp_loader_v1_reset_target();
    assert_int_equal(wire_peer.pins(NULL, states, 8), 3); /* high, low, high */
    loader_port_pi_pico_deinit();
}
