/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Stand-in for ESP-IDF: the microsecond clock.
 * Names, types and signatures are those of the real header; what they do is host/.
 */
#ifndef IDF_HOST_ESP_TIMER_H
#define IDF_HOST_ESP_TIMER_H

#include <stdint.h>

int64_t esp_timer_get_time(void);

#endif
