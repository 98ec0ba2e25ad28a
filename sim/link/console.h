/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The chip's console: the text that ROM, bootloader and this model print.
 */
#ifndef SIM_CONSOLE_H
#define SIM_CONSOLE_H

#include "esp_sim.h"

/** Text the chip prints: goes to the console and, when a host is attached, over the wire. Lines end with
 * "\r\n". */
void sim_print(esp_sim_t *sim, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
