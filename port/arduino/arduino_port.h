/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Port for a serial port of an Arduino board (Serial1 and the like) and two pins. A C++ file, as Arduino's classes are; for
 * boards with 32-bit processors.
 */
#ifndef ARDUINO_PORT_H
#define ARDUINO_PORT_H

#include <Arduino.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "esp_loader_io.h"

/** Bytes of the ring in each port, a power of two. It is filled whenever the port is called. */
#ifndef ARDUINO_PORT_RING_SIZE
#define ARDUINO_PORT_RING_SIZE 2048u
#endif

#define ARDUINO_PORT_NO_PIN (-1) /**< not connected; 0 is a pin */

/** One serial port with two pins. It holds the ring, so it is too large for a stack. */
struct arduino_port_t {
    esp_loader_port_t port; /**< .ops = &arduino_serial_ops */
    HardwareSerial *serial; /**< for example &Serial1 */
    uint32_t baudrate;      /**< rate after init, baud; 0 = 115200 */
    int reset_pin;          /**< to the target's EN, or ARDUINO_PORT_NO_PIN */
    int boot_pin;           /**< to the target's strapping pin, or ARDUINO_PORT_NO_PIN */
    bool dont_begin;        /**< the program has called begin(), for `baudrate` */
    bool
        has_no_write_room; /**< availableForWrite() of this core is always 0 (mbed): writes wait, whatever their timeout */

    struct {
        bool is_open;
        bool is_lossy; /* bytes were lost and nobody has been told */
        uint32_t rate_baud;
        size_t head;
        size_t tail;
        uint8_t ring[ARDUINO_PORT_RING_SIZE];
    } _state;
};

/** The port's table. Its `init` returns ESP_LOADER_ERROR_INVALID_PARAM where there is no `serial`. */
extern const esp_loader_port_ops_t arduino_serial_ops;

#endif
