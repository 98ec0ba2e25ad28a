/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Time on ESP-IDF, for the ports of its drivers. Every wait has a deadline in microseconds of esp_timer, and ticks are only
 * ever rounded up, so a short timeout on a slow tick is neither skipped nor shortened.
 */
#ifndef IDF_TIME_H
#define IDF_TIME_H

#include "freertos/FreeRTOS.h"

#include "esp_loader_io.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Time of esp_timer at which @p timeout_ms from now are over, us. */
int64_t idf_deadline_after(uint32_t timeout_ms);

/** At least so long, 0 for what is over. A wait of n ticks may end a tick early: who uses this looks at the clock again. */
TickType_t idf_ticks_until(int64_t deadline_us);

/** Entries `now_ms` and `delay_ms` of a port. */
uint32_t idf_now_ms(esp_loader_port_t *port);
void idf_delay_ms(esp_loader_port_t *port, uint32_t ms);

#ifdef __cplusplus
}
#endif

#endif
