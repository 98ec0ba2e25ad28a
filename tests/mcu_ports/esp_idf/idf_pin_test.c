/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Pins of the ports for ESP-IDF, at the target itself and at transistors, which are active high.
 */
#include "fake_gpio.h"
#include "idf_pin.h"
#include "test.h"

enum { PIN = 7 };

static uint32_t watched_active;
static unsigned activations;

static void changed(void)
{
    activations += fake_gpio_level(PIN) == (watched_active != 0);
}

/* The target pulls the wire up, and a transistor's base resistor pulls it down: there it floats until it is an output. */
static void start(uint32_t active)
{
    watched_active = active;
    fake_gpio_start(changed);
    activations = 0;
}

TEST(pin_at_the_target_is_open_drain_and_never_low_by_itself)
{
    start(0);
    assert_int_equal(idf_pin_set_up(PIN, 0), ESP_OK);
    assert_true(fake_gpio_is_output(PIN));
    assert_false(fake_gpio_is_push_pull(PIN));
    idf_pin_release(PIN, 0);
    assert_int_equal(activations, 0);
    assert_false(fake_gpio_is_output(PIN));
}

TEST(pin_at_a_transistor_is_push_pull_and_lets_it_off)
{
    start(1);
    assert_int_equal(idf_pin_set_up(PIN, 1), ESP_OK);
    assert_true(fake_gpio_is_push_pull(PIN));
    assert_false(fake_gpio_level(PIN));
    assert_true(idf_pin_drive(PIN, 1, true));
    assert_true(fake_gpio_level(PIN));
    assert_true(idf_pin_drive(PIN, 1, false));
    idf_pin_release(PIN, 1);
    assert_false(fake_gpio_is_output(PIN));
    assert_false(fake_gpio_level(PIN)); /* pulled down: pulled up it would hold the target in reset */
}

TEST(pin_that_is_not_connected_is_left_alone_and_one_that_does_not_exist_refused)
{
    start(0);
    assert_int_equal(idf_pin_set_up(GPIO_NUM_NC, 0), ESP_OK);
    assert_false(idf_pin_drive(GPIO_NUM_NC, 0, true));
    idf_pin_release(GPIO_NUM_NC, 0);
    assert_int_equal(idf_pin_set_up(GPIO_NUM_MAX, 0), ESP_ERR_INVALID_ARG);
    assert_int_equal(idf_pin_set_up(-2, 0), ESP_ERR_INVALID_ARG);
    assert_int_equal(idf_pin_output(GPIO_NUM_NC, 1, GPIO_MODE_OUTPUT), ESP_ERR_INVALID_ARG);
}
