/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The port for Zephyr and its device, unchanged, on a stand-in for the kernel and its drivers: the contract, plans with a
 * virtual chip, and what is special about it.
 */
#include <errno.h>

#include "conformance_report.h"
#include "esp_loader_v1.h"
#include "flash_rig.h"
#include "test.h"
#include "zephyr_rig.h"

static const esp_loader_config_t config = {
    .uart_dev = &fake_uart,
    .enable_spec = {.port = &fake_gpio, .pin = 0, .dt_flags = GPIO_ACTIVE_LOW},
    .boot_spec = {.port = &fake_gpio, .pin = 1, .dt_flags = GPIO_ACTIVE_LOW},
    .baud_rate = 115200,
};
static zephyr_port_t port;

static void start(const esp_loader_config_t *wanted, zephyr_rig_lacks_t lacks)
{
    zephyr_rig_start(&lacks);
    port = (zephyr_port_t){.port.ops = &zephyr_uart_ops, .config = wanted};
}

TEST(it_conforms)
{
    start(&config, (zephyr_rig_lacks_t){0});
    assert_conforms(&port.port, &wire_peer,
                    (const char *const[]){"vanishes: a UART cannot be unplugged", NULL});
}

TEST(it_conforms_where_an_empty_transmitter_is_no_interrupt)
{
    start(&config, (zephyr_rig_lacks_t){.has_no_fifo = true});
    assert_conforms(&port.port, &wire_peer,
                    (const char *const[]){"vanishes: a UART cannot be unplugged", NULL});
    flash_rig_run(&port.port, &zephyr_rig_wire, NULL);
}

TEST(plans_flash)
{
    start(&config, (zephyr_rig_lacks_t){0});
    flash_rig_run(&port.port, &zephyr_rig_wire, NULL);
    flash_rig_run_faults(&port.port, &zephyr_rig_wire);
}

TEST(drivers_that_lack_something)
{
    static const esp_loader_config_t no_pins = {.uart_dev = &fake_uart};
    start(&config, (zephyr_rig_lacks_t){.is_absent = true});
    assert_int_equal(zephyr_uart_ops.init(&port.port), ESP_LOADER_ERROR_PORT_NOT_FOUND);
    start(&config, (zephyr_rig_lacks_t){.has_no_irq = true});
    assert_int_equal(zephyr_uart_ops.init(&port.port), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    start(&config, (zephyr_rig_lacks_t){.refuses_pins = true});
    assert_int_equal(zephyr_uart_ops.init(&port.port), ESP_LOADER_ERROR_IO);
    start(&no_pins, (zephyr_rig_lacks_t){.has_no_errors = true});
    assert_int_equal(zephyr_uart_ops.init(&port.port), ESP_LOADER_SUCCESS);
    assert_int_equal(zephyr_uart_ops.enter_bootloader_checked(&port.port), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(zephyr_uart_ops.reset_checked(&port.port), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
}

/* Of 3.4's drivers that of the Stellaris UART is one, for example. */
TEST(driver_without_configuration_stays_at_the_rate_of_its_devicetree)
{
    start(&config, (zephyr_rig_lacks_t){.has_no_config = true});
    assert_int_equal(zephyr_uart_ops.init(&port.port), ESP_LOADER_SUCCESS);
    assert_int_equal(wire_peer.rate(NULL), 115200);
    assert_int_equal(zephyr_uart_ops.set_rate(&port.port, 460800), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    flash_rig_run(&port.port, &zephyr_rig_wire, NULL);
}

TEST(init_that_the_rate_is_refused_to_fails)
{
    esp_loader_config_t impossible = config;
    impossible.baud_rate = 4000000;
    start(&impossible, (zephyr_rig_lacks_t){0});
    assert_int_equal(zephyr_uart_ops.init(&port.port), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
}

TEST(rate_that_the_driver_refuses_leaves_the_old_one)
{
    start(&config, (zephyr_rig_lacks_t){0});
    assert_int_equal(zephyr_uart_ops.init(&port.port), ESP_LOADER_SUCCESS);
    assert_int_equal(zephyr_uart_ops.set_rate(&port.port, 4000000), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(wire_peer.rate(NULL), 115200);
}

TEST(device_of_the_devicetree)
{
    zephyr_rig_start(&(zephyr_rig_lacks_t){0});
    assert_int_equal(fake_loader_device.init(&fake_loader_device), 0);
    assert_int_equal(esp_loader_config_from_device(&fake_loader_device)->baud_rate_high, 460800);
    assert_int_equal(esp_loader_connect_args_from_device(&fake_loader_device)->trials, 7);
    assert_int_equal(esp_loader_connect_args_from_device(&fake_loader_device)->sync_timeout, 120);
    esp_loader_t *loader = esp_loader_from_device(&fake_loader_device);
    assert_int_equal(esp_loader_host_baudrate(loader, 460800), ESP_LOADER_SUCCESS);
    assert_int_equal(wire_peer.rate(NULL), 460800);
    esp_loader_deinit(loader);
    zephyr_rig_start(&(zephyr_rig_lacks_t){.is_absent = true});
    assert_int_equal(fake_loader_device.init(&fake_loader_device), -ENODEV);
}

TEST(one_port_in_the_form_of_1_x)
{
    zephyr_rig_start(&(zephyr_rig_lacks_t){0});
    assert_int_equal(loader_port_zephyr_init(&(loader_zephyr_config_t){.uart_dev = &fake_uart,
                                                                       .enable_spec = config.enable_spec,
                                                                       .boot_spec = config.boot_spec}),
                     ESP_LOADER_SUCCESS);
    conformance_pins_t states[8];
    (void)wire_peer.pins(NULL, states, 8);
    esp_loader_v1_reset_target();
    assert_int_equal(wire_peer.pins(NULL, states, 8), 3); /* high, low, high */
    esp_loader_v1_detach();
}
