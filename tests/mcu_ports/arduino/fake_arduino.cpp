/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * How the stand-in behaves: rules are those of ArduinoCore-avr 1.8.6, HardwareSerial.cpp and wiring_digital.c, whose buffers
 * are the smallest.
 */
#include <Arduino.h>

#include <stdlib.h>
#include <string.h>

#include "arduino_port.h"
#include "arduino_rig.h"

HardwareSerial Serial;
HardwareSerial Serial1;

namespace
{

const size_t tx_buffer_size = 64;
const uint64_t poll_us = 20;
const uint8_t pin_count = 20;

struct {
    uint8_t bytes[SERIAL_RX_BUFFER_SIZE - 1]; /* a ring of 64 holds 63 */
    size_t count;
    bool is_on;
    bool has_no_write_room;
    unsigned begins;
    unsigned ends;
    char line[100];
} serial;

struct {
    bool is_output;
    bool level;
} pins[pin_count];

arduino_port_t port;

void receive(uint8_t byte)
{
    if (serial.is_on && serial.count < sizeof(serial.bytes)) { /* else it is lost, and nobody is told */
        serial.bytes[serial.count++] = byte;
    }
}

void check(bool condition)
{
    if (!condition) {
        abort();
    }
}

bool level_of(uint8_t pin)
{
    return !pins[pin].is_output || pins[pin].level;
}

void show_pins()
{
    wire_set_pins(level_of(ARDUINO_RIG_EN), level_of(ARDUINO_RIG_BOOT));
}

} // namespace

const wire_uart_t arduino_rig_wire = {receive, nullptr, nullptr};

unsigned long millis()
{
    wire_pass_to_event(poll_us);
    return static_cast<uint32_t>(wire_clock_us() / 1000);
}

void yield()
{
}

void pinMode(uint8_t pin, uint8_t mode)
{
    check(pin < pin_count);
    pins[pin].is_output = mode == OUTPUT;
    show_pins();
}

void digitalWrite(uint8_t pin, uint8_t level)
{
    check(pin < pin_count && level == LOW);
    pins[pin].level = false;
    show_pins();
}

/* ArduinoCore-stm32 empties the buffer, others do not. */
void HardwareSerial::begin(unsigned long baud)
{
    check(baud > 0);
    if (this == &Serial1) {
        serial.count = 0;
        serial.is_on = true;
        serial.begins++;
        wire_set_rate(static_cast<uint32_t>(baud));
    }
}

/* Waits for what is to be sent, and drops what was received. */
void HardwareSerial::end()
{
    serial.is_on = false;
    serial.count = 0;
    serial.ends++;
}

int HardwareSerial::available()
{
    check(this == &Serial1);
    return static_cast<int>(serial.count);
}

int HardwareSerial::read()
{
    if (serial.count == 0) {
        return -1;
    }
    const uint8_t byte = serial.bytes[0];
    serial.count--;
    memmove(&serial.bytes[0], &serial.bytes[1], serial.count);
    return byte;
}

int HardwareSerial::availableForWrite()
{
    const size_t pending = wire_pending();
    return serial.has_no_write_room || pending >= tx_buffer_size ? 0
                                                                 : static_cast<int>(tx_buffer_size - pending);
}

/* Waits until all of it is in the buffer. */
size_t HardwareSerial::write(const uint8_t *buffer, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        while (wire_pending() >= tx_buffer_size) {
            wire_pass_to_event(poll_us);
        }
        wire_put(buffer[i]);
    }
    return size;
}

void HardwareSerial::flush()
{
    while (wire_pending() > 0) {
        wire_pass_to_event(poll_us);
    }
}

size_t HardwareSerial::println(const char *text)
{
    check(this == &Serial);
    strncpy(serial.line, text, sizeof(serial.line) - 1);
    return strlen(text);
}

/* ---- the rig ---- */

void arduino_rig_start(void)
{
    memset(&serial, 0, sizeof(serial));
    memset(&pins, 0, sizeof(pins));
    wire_start(&arduino_rig_wire, nullptr);
}

void arduino_rig_set_no_write_room(bool has_none)
{
    serial.has_no_write_room = has_none;
}

unsigned arduino_rig_begins(void)
{
    return serial.begins;
}

unsigned arduino_rig_ends(void)
{
    return serial.ends;
}

esp_loader_port_t *arduino_rig_port(int reset_pin, int boot_pin)
{
    port = arduino_port_t();
    port.port.ops = &arduino_serial_ops;
    port.serial = &Serial1;
    port.reset_pin = reset_pin;
    port.boot_pin = boot_pin;
    return &port.port;
}

void arduino_rig_configure(uint32_t baudrate, bool dont_begin, bool has_no_write_room, bool has_serial)
{
    port.baudrate = baudrate;
    port.dont_begin = dont_begin;
    port.has_no_write_room = has_no_write_room;
    port.serial = has_serial ? &Serial1 : nullptr;
}

const char *arduino_rig_run_sketch(void)
{
    setup();
    loop();
    return serial.line;
}
