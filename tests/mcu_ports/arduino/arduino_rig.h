/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The board of the stand-in: Serial1 and two pins, as the tests in C see it.
 */
#ifndef ARDUINO_RIG_H
#define ARDUINO_RIG_H

#include <stdbool.h>
#include <stdint.h>

#include "esp_loader_io.h"

#ifdef __cplusplus
extern "C" {
#endif

#include "wire.h" /* of C alone */

extern const wire_uart_t arduino_rig_wire;

/** As after power-up: pins are inputs, no serial port has begun. */
void arduino_rig_start(void);

/** The core has no availableForWrite(). */
void arduino_rig_set_no_write_room(bool has_none);

/** How often Serial1 began and ended. */
unsigned arduino_rig_begins(void);
unsigned arduino_rig_ends(void);

/** A port at Serial1 with these pins. Called again, a new one. */
esp_loader_port_t *arduino_rig_port(int reset_pin, int boot_pin);
/** More of its settings. */
void arduino_rig_configure(uint32_t baudrate, bool dont_begin, bool has_no_write_room, bool has_serial);

enum { ARDUINO_RIG_EN = 2, ARDUINO_RIG_BOOT = 3, ARDUINO_RIG_NO_PIN = -1 };

/** Runs the sketch's setup(). @return the last line it printed */
const char *arduino_rig_run_sketch(void);

/** The image of the sketch. */
extern const uint8_t *const arduino_rig_image;
extern const uint32_t arduino_rig_image_size;
extern const uint32_t arduino_rig_image_offset;

#ifdef __cplusplus
}
#endif

#endif
