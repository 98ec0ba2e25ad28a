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

/** Drives both pins: true = active, which is low at the target's pin. */
typedef void (*pin_reset_set_t)(esp_loader_port_t *port, bool is_reset, bool is_boot);

/** Resets with the strapping pin active, which starts the ROM loader. The times are SERIAL_FLASHER_RESET_HOLD_TIME_MS and
 * SERIAL_FLASHER_BOOT_HOLD_TIME_MS; the port needs delay_ms. */
void pin_reset_into_loader(esp_loader_port_t *port, pin_reset_set_t set);

/** Resets into the application. */
void pin_reset_into_app(esp_loader_port_t *port, pin_reset_set_t set);

#ifdef __cplusplus
}
#endif

#endif
