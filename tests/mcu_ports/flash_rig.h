/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A plan through the port of a microcontroller, with a virtual chip at the other end of the wire.
 */
#ifndef MCU_FLASH_RIG_H
#define MCU_FLASH_RIG_H

#include "esp_loader_io.h"
#include "wire.h"

/** How the virtual chip is connected to the port. */
typedef struct {
    const char *chip;
    esp_sim_wiring_t wiring;
    bool starts_in_download;                              /**< its ROM does not see the lines */
    void (*connect)(const void *context, esp_sim_t *sim); /**< NULL takes it away again */
    const void *context;
} flash_rig_cable_t;

/** As flash_rig_run(), with another cable than a UART. */
void flash_rig_run_over(esp_loader_port_t *port, const flash_rig_cable_t *cable, const char *faults);

/** Resets the chip by the port's pins, flashes three images with a plan, which raises the baud rate, and resets it into
 * the application. Without @p faults it must succeed; with them (sim/README.md) it must end, and an image that is reported as
 * verified must be in the flash. */
void flash_rig_run(esp_loader_port_t *port, const wire_uart_t *uart, const char *faults);

/** The same as flash_rig_run_faults(). */
void flash_rig_run_faults_over(esp_loader_port_t *port, const flash_rig_cable_t *cable);

/** Runs flash_rig_run() with lost and damaged bytes in both directions, and a chip that is silent. */
void flash_rig_run_faults(esp_loader_port_t *port, const wire_uart_t *uart);

#endif
