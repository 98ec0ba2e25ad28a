/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Resets by two pins of a microcontroller, one at the target's EN and one at its strapping pin. What the ports of
 * microcontrollers share.
 */
#ifndef PIN_RESET_H
#define PIN_RESET_H

#include "esp_loader_io.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A pin of the target. */
typedef enum {
    PIN_EN,   /**< Reset. */
    PIN_BOOT, /**< The strapping pin. */
} pin_reset_pin_t;

/** Drives one pin: true = active, which is low at the target's pin. False if the port has no such pin. */
typedef bool (*pin_reset_drive_t)(esp_loader_port_t *port, pin_reset_pin_t pin, bool is_active);

/** Resets into the application, for `reset_checked` of a port whose pins are inactive: EN is active for
 * SERIAL_FLASHER_RESET_HOLD_TIME_MS, by the port's delay_ms. UNSUPPORTED_FUNC if the port has no pin at EN. */
esp_loader_error_t pin_reset_into_app(esp_loader_port_t *port, pin_reset_drive_t drive);

/** The same with the strapping pin active until SERIAL_FLASHER_BOOT_HOLD_TIME_MS later, which starts the ROM loader, for
 * `enter_bootloader_checked`. UNSUPPORTED_FUNC if the port does not have both pins. */
esp_loader_error_t pin_reset_into_loader(esp_loader_port_t *port, pin_reset_drive_t drive);

#ifdef __cplusplus
}
#endif

#endif
