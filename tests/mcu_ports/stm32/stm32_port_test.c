/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The STM32 port, unchanged, on a stand-in for the HAL: the contract, plans with a virtual chip, and what is special about
 * it. Built for both generations of UARTs.
 */
#include "conformance_report.h"
#include "esp_loader_v1.h"
#include "flash_rig.h"
#include "stm32_rig.h"
#include "test.h"

enum { RING_SIZE = 2048 };

static uint8_t ring[RING_SIZE]; /* below 4 GiB: the DMA's addresses have 32 bits */

static stm32_port_t polled_port(void)
{
    stm32_rig_start(false);
    return (stm32_port_t){.port.ops = &stm32_uart_ops,
                          .huart = &stm32_rig_uart,
                          .port_boot = GPIOA,
                          .pin_num_boot = STM32_RIG_BOOT,
                          .port_rst = GPIOA,
                          .pin_num_rst = STM32_RIG_EN};
}

static stm32_port_t ring_port(void)
{
    stm32_port_t port = polled_port();
    stm32_rig_start(true);
    port.rx_ring = ring;
    port.rx_ring_size = RING_SIZE;
    return port;
}

TEST(with_a_ring_it_conforms)
{
    stm32_port_t port = ring_port();
    assert_conforms(&port.port, &wire_peer,
                    (const char *const[]){"vanishes: a UART cannot be unplugged", NULL});
}

TEST(polled_it_conforms)
{
    stm32_port_t port = polled_port();
    assert_conforms(&port.port, &wire_peer,
                    (const char *const[]){"vanishes: a UART cannot be unplugged", NULL});
}

TEST(with_a_ring_plans_flash)
{
    stm32_port_t port = ring_port();
    flash_rig_run(&port.port, &stm32_rig_wire, NULL);
    flash_rig_run_faults(&port.port, &stm32_rig_wire);
}

TEST(polled_plans_flash)
{
    stm32_port_t port = polled_port();
    flash_rig_run(&port.port, &stm32_rig_wire, NULL);
    flash_rig_run_faults(&port.port, &stm32_rig_wire);
}

/* Round after round, in pieces of any size, at a rate at which bytes come between two looks at the registers. */
TEST(ring_is_read_across_its_end_without_a_false_alarm)
{
    enum { TOTAL = 20 * RING_SIZE };
    static uint8_t data[TOTAL];
    stm32_port_t port = ring_port();
    uint8_t buf[300];
    size_t got;

    for (size_t i = 0; i < TOTAL; i++) {
        data[i] = (uint8_t)(i * 7 + i / 256);
    }
    assert_int_equal(stm32_uart_ops.init(&port.port), ESP_LOADER_SUCCESS);
    assert_int_equal(stm32_uart_ops.set_rate(&port.port, 2000000), ESP_LOADER_SUCCESS);
    wire_peer.send(NULL, data, TOTAL, 0);
    for (size_t done = 0; done < TOTAL; done += got) {
        assert_int_equal(stm32_uart_ops.read_some(&port.port, buf, 1 + done % sizeof(buf), 100, &got),
                         ESP_LOADER_SUCCESS);
        assert_memory_equal(buf, data + done, got);
    }
}

/* The reader is away for exactly so many bytes more than the ring has room for. */
static const size_t excesses[] = {
    1, 2, RING_SIZE / 2, RING_SIZE - 1, RING_SIZE, RING_SIZE + 1, 3 * RING_SIZE};

TEST_ROWS(ring_that_is_overtaken_is_told_wherever_the_reader_was, excesses)
{
    static const uint8_t data[8 * RING_SIZE];
    for (size_t begin = 0; begin < RING_SIZE; begin += 97) {
        stm32_port_t port = ring_port();
        uint8_t buf[RING_SIZE];
        size_t got = 0;
        assert_int_equal(stm32_uart_ops.init(&port.port), ESP_LOADER_SUCCESS);
        wire_peer.send(NULL, data, begin, 0);
        for (size_t done = 0; done < begin; done += got) {
            assert_int_equal(stm32_uart_ops.read_some(&port.port, buf, sizeof(buf), 100, &got),
                             ESP_LOADER_SUCCESS);
        }
        wire_peer.send(NULL, data, RING_SIZE + *row - 1, 0);
        wire_pass_us(2000000);
        assert_int_equal(stm32_uart_ops.read_some(&port.port, buf, sizeof(buf), 100, &got),
                         ESP_LOADER_ERROR_IO);
    }
}

/* The receiver of a polled port keeps the first bytes that come while it waits. */
TEST(polled_port_keeps_what_comes_during_a_delay)
{
    stm32_port_t port = polled_port();
    uint8_t buf[STM32_PORT_EARLY_SIZE];
    size_t got;
    assert_int_equal(stm32_uart_ops.init(&port.port), ESP_LOADER_SUCCESS);
    wire_peer.send(NULL, (const uint8_t *)"OHAI", 4, 0);
    stm32_uart_ops.delay_ms(&port.port, 10);
    assert_int_equal(stm32_uart_ops.read_some(&port.port, buf, sizeof(buf), 0, &got), ESP_LOADER_SUCCESS);
    assert_int_equal(got, 4);
    assert_memory_equal(buf, "OHAI", 4);
}

TEST(rate_that_the_divisor_cannot_make_is_refused_and_the_old_one_stays)
{
    stm32_port_t port = ring_port();
    assert_int_equal(stm32_uart_ops.init(&port.port), ESP_LOADER_SUCCESS);
    /* 42 MHz / 3900000 = 10.8: 11 makes 3818181, 2.1 % less, and is below 16 */
    assert_int_equal(stm32_uart_ops.set_rate(&port.port, 3900000), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_in_range(wire_peer.rate(NULL), 114000, 116000);
    assert_int_equal(stm32_uart_ops.max_rate(&port.port) / 100000, 26);
}

#ifdef UART_INSTANCE_LOWPOWER
/* Its divisor has 8 bits more, and the clock times 256 more than 32 bits. */
TEST(low_power_uart_changes_its_rate)
{
    stm32_rig_is_low_power = true;
    stm32_rig_clock_hz = 80000000;
    stm32_port_t port = ring_port();
    assert_int_equal(stm32_uart_ops.init(&port.port), ESP_LOADER_SUCCESS);
    assert_int_equal(stm32_uart_ops.set_rate(&port.port, 921600), ESP_LOADER_SUCCESS);
    assert_in_range(wire_peer.rate(NULL), 921000, 922000);
    assert_int_equal(stm32_uart_ops.max_rate(&port.port) / 1000, 5000);
    assert_int_equal(stm32_uart_ops.set_rate(&port.port, 15000), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_in_range(wire_peer.rate(NULL), 921000, 922000);
    stm32_rig_is_low_power = false;
    stm32_rig_clock_hz = 42000000;
}
#endif

TEST(rate_that_needs_less_than_the_least_divisor_is_refused)
{
    stm32_port_t port = ring_port();
    assert_int_equal(stm32_uart_ops.init(&port.port), ESP_LOADER_SUCCESS);
    assert_int_equal(stm32_uart_ops.set_rate(&port.port, 3500000),
                     ESP_LOADER_ERROR_UNSUPPORTED_FUNC);                                /* 12 */
    assert_int_equal(stm32_uart_ops.set_rate(&port.port, 2625000), ESP_LOADER_SUCCESS); /* 16 */
}

TEST(errors_of_init)
{
    stm32_port_t port = ring_port();
    port.huart = NULL;
    assert_int_equal(stm32_uart_ops.init(&port.port), ESP_LOADER_ERROR_INVALID_PARAM);
    port = ring_port();
    stm32_rig_dma.Init.Mode = DMA_NORMAL;
    assert_int_equal(stm32_uart_ops.init(&port.port), ESP_LOADER_ERROR_INVALID_PARAM);
    port = ring_port();
    stm32_rig_uart.hdmarx = NULL;
    assert_int_equal(stm32_uart_ops.init(&port.port), ESP_LOADER_ERROR_INVALID_PARAM);
}

TEST(one_port_in_the_form_of_1_x)
{
    stm32_rig_start(false);
    loader_port_stm32_init(&(loader_stm32_config_t){.huart = &stm32_rig_uart,
                                                    .port_io0 = GPIOA,
                                                    .pin_num_io0 = STM32_RIG_BOOT,
                                                    .port_rst = GPIOA,
                                                    .pin_num_rst = STM32_RIG_EN});
    conformance_pins_t states[8];
    (void)wire_peer.pins(NULL, states, 8);
    esp_loader_v1_reset_target();
    assert_int_equal(wire_peer.pins(NULL, states, 8), 3); /* high, low, high */
    esp_loader_v1_detach();
}

TEST(without_pins_the_target_is_reset_by_hand)
{
    stm32_port_t port = ring_port();
    port.port_rst = NULL;
    assert_int_equal(stm32_uart_ops.init(&port.port), ESP_LOADER_SUCCESS);
    assert_int_equal(stm32_uart_ops.enter_bootloader_checked(&port.port), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(stm32_uart_ops.reset_checked(&port.port), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
}

TEST(without_a_strapping_pin_only_the_application_is_started)
{
    stm32_port_t port = ring_port();
    conformance_pins_t states[8];
    port.port_boot = NULL;
    assert_int_equal(stm32_uart_ops.init(&port.port), ESP_LOADER_SUCCESS);
    (void)wire_peer.pins(NULL, states, 8);
    assert_int_equal(stm32_uart_ops.enter_bootloader_checked(&port.port), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(wire_peer.pins(NULL, states, 8), 1); /* EN has not moved */
    assert_int_equal(stm32_uart_ops.reset_checked(&port.port), ESP_LOADER_SUCCESS);
    assert_int_equal(wire_peer.pins(NULL, states, 8), 3); /* high, low, high */
}
