/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The time of idf_time.h.
 */
#include "idf_time.h"

#include "esp_timer.h"
#include "freertos/task.h"

#define MAX_TIMEOUT_US (3600ll * 1000 * 1000)

int64_t idf_deadline_after(uint32_t timeout_ms)
{
    return esp_timer_get_time() + (int64_t)timeout_ms * 1000;
}

TickType_t idf_ticks_until(int64_t deadline_us)
{
    const int64_t tick_us = 1000000 / configTICK_RATE_HZ;
    const int64_t left_us = deadline_us - esp_timer_get_time();
    if (left_us <= 0) {
        return 0;
    }
    return (TickType_t)(((left_us < MAX_TIMEOUT_US ? left_us : MAX_TIMEOUT_US) + tick_us - 1) / tick_us);
}

uint32_t idf_now_ms(esp_loader_port_t *port)
{
    (void)port;
    return (uint32_t)(esp_timer_get_time() / 1000);
}

void idf_delay_ms(esp_loader_port_t *port, uint32_t ms)
{
    (void)port;
    const int64_t deadline_us = idf_deadline_after(ms);
    for (TickType_t ticks = idf_ticks_until(deadline_us); ticks > 0; ticks = idf_ticks_until(deadline_us)) {
        vTaskDelay(ticks);
    }
}
