/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The port for Arduino, unchanged, on a stand-in for its classes, and the sketch that flashes an image.
 */
#include <string.h>

#include "arduino_rig.h"
#include "conformance_report.h"
#include "flash_rig.h"
#include "test.h"

static esp_loader_port_t *port;

static int set_up(void **state)
{
    (void)state;
    arduino_rig_start();
    port = arduino_rig_port(ARDUINO_RIG_EN, ARDUINO_RIG_BOOT);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    port->ops->deinit(port);
    return 0;
}

#define TEST_ARDUINO(name) TEST_WITH(name, set_up, tear_down)

TEST_ARDUINO(it_conforms)
{
    assert_conforms(port, &wire_peer, (const char *const[]){"vanishes: a UART cannot be unplugged", NULL});
}

TEST_ARDUINO(plans_flash)
{
    flash_rig_run(port, &arduino_rig_wire, NULL);
    flash_rig_run_faults(port, &arduino_rig_wire);
}

/* As Arduino runs it, with a virtual chip at Serial1. */
TEST_ARDUINO(the_sketch_flashes_its_image)
{
    char sentence[200] = "";
    esp_sim_t *sim = esp_sim_new(&(esp_sim_config_t){.chip = "esp32c3", .wiring = ESP_SIM_WIRING_BRIDGE},
                                 sentence, sizeof(sentence));
    assert_non_null(sim);
    wire_start(&arduino_rig_wire, sim);
    assert_string_equal(arduino_rig_run_sketch(), "flashed and verified");
    assert_memory_equal(esp_sim_flash(sim) + arduino_rig_image_offset, arduino_rig_image,
                        arduino_rig_image_size);
    assert_string_equal(esp_sim_misuse(sim), "");
    wire_start(&arduino_rig_wire, NULL);
    assert_string_equal(arduino_rig_run_sketch(), "ESP_LOADER_ERROR_TIMEOUT"); /* nobody answers */
    esp_sim_free(sim);
}

/* More bytes than the core's buffer holds, fewer than the port's ring. */
static void assert_all_are_read(size_t wanted)
{
    static uint8_t buf[4096];
    size_t done = 0;
    size_t got;
    esp_loader_error_t error;
    while ((error = port->ops->read_some(port, buf, sizeof(buf), 50, &got)) == ESP_LOADER_SUCCESS) {
        done += got;
    }
    assert_int_equal(error, ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(done, wanted);
}

TEST_ARDUINO(bytes_are_kept_while_the_port_waits)
{
    static const uint8_t bytes[2500];
    size_t written;
    assert_int_equal(port->ops->init(port), ESP_LOADER_SUCCESS);
    wire_peer.send(NULL, bytes, 1500, 0);
    port->ops->delay_ms(port, 200);
    assert_all_are_read(1500);
    wire_peer.send(NULL, bytes, 1500, 0);
    assert_int_equal(port->ops->write_all(port, bytes, sizeof(bytes), 1000, &written), ESP_LOADER_SUCCESS);
    assert_all_are_read(1500);
    wire_peer.send(NULL, bytes, 30, 0); /* begin() empties the core's buffer */
    wire_pass_us(10000);
    assert_int_equal(port->ops->set_rate(port, 230400), ESP_LOADER_SUCCESS);
    assert_all_are_read(30);
}

TEST_ARDUINO(full_ring_is_told)
{
    static const uint8_t bytes[2500];
    uint8_t byte;
    size_t got;
    assert_int_equal(port->ops->init(port), ESP_LOADER_SUCCESS);
    wire_peer.send(NULL, bytes, sizeof(bytes), 0);
    port->ops->delay_ms(port, 300);
    assert_int_equal(port->ops->read_some(port, &byte, 1, 50, &got), ESP_LOADER_ERROR_IO);
    assert_all_are_read(0);
}

/* Also where the clock's millisecond is nearly over. */
TEST_ARDUINO(delays_are_no_shorter)
{
    assert_int_equal(port->ops->init(port), ESP_LOADER_SUCCESS);
    for (size_t i = 0; i < 20; i++) {
        const uint64_t begin_us = wire_now_us();
        port->ops->delay_ms(port, 1);
        assert_in_range(wire_now_us() - begin_us, 1000, 2200);
        wire_pass_us(i * 53);
    }
}

TEST_ARDUINO(pins_that_are_not_connected)
{
    port = arduino_rig_port(ARDUINO_RIG_NO_PIN, ARDUINO_RIG_NO_PIN);
    assert_int_equal(port->ops->init(port), ESP_LOADER_SUCCESS);
    assert_int_equal(port->ops->enter_bootloader_checked(port), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(port->ops->reset_checked(port), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    port->ops->deinit(port);
    port = arduino_rig_port(ARDUINO_RIG_EN, ARDUINO_RIG_NO_PIN);
    assert_int_equal(port->ops->init(port), ESP_LOADER_SUCCESS);
    assert_int_equal(port->ops->enter_bootloader_checked(port), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(port->ops->reset_checked(port), ESP_LOADER_SUCCESS);
}

TEST_ARDUINO(no_serial_port)
{
    arduino_rig_configure(0, false, false, false);
    assert_int_equal(port->ops->init(port), ESP_LOADER_ERROR_INVALID_PARAM);
}

/* One that the program has begun stays so. */
TEST_ARDUINO(serial_port_of_the_program)
{
    arduino_rig_configure(230400, true, false, true);
    assert_int_equal(port->ops->init(port), ESP_LOADER_SUCCESS);
    port->ops->deinit(port);
    assert_int_equal(arduino_rig_begins(), 0);
    assert_int_equal(arduino_rig_ends(), 0);
    arduino_rig_configure(230400, false, false, true);
    assert_int_equal(port->ops->init(port), ESP_LOADER_SUCCESS);
    assert_int_equal(wire_peer.rate(NULL), 230400);
    port->ops->deinit(port);
    assert_int_equal(arduino_rig_ends(), 1);
}

/* A core whose availableForWrite() is always 0. */
TEST_ARDUINO(core_that_does_not_tell_its_room)
{
    size_t written;
    uint8_t data[300] = {0};
    arduino_rig_set_no_write_room(true);
    assert_int_equal(port->ops->init(port), ESP_LOADER_SUCCESS);
    assert_int_equal(port->ops->write_all(port, data, sizeof(data), 50, &written), ESP_LOADER_ERROR_TIMEOUT);
    arduino_rig_configure(0, false, true, true);
    assert_int_equal(port->ops->write_all(port, data, sizeof(data), 50, &written), ESP_LOADER_SUCCESS);
    assert_int_equal(written, sizeof(data));
}

TEST_ARDUINO(rates_that_no_board_has)
{
    assert_int_equal(port->ops->init(port), ESP_LOADER_SUCCESS);
    assert_int_equal(port->ops->set_rate(port, 100), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(port->ops->set_rate(port, 5000001), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(wire_peer.rate(NULL), 115200);
}
