/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Lines of ESP-IDF's log, as its second-stage bootloader and the start of an application print them.
 */
#ifndef SIM_BOOT_LOG_H
#define SIM_BOOT_LOG_H

#include "esp_sim.h"

/** An error of the component @p tag. The time stamp is always the same: no code runs that could take time. */
void sim_boot_log(esp_sim_t *sim, const char *tag, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
