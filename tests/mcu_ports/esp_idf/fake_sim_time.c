/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Rules are those of components/freertos of ESP-IDF 5.5.
 */
#include "fake_sim_time.h"

#include "esp_timer.h"
#include "freertos/FreeRTOS.h"
#include "freertos/task.h"

enum { TICK_US = 10000 }; /* 100 Hz, which is the default */

TickType_t idf_host_tick_rate_hz = 1000000 / TICK_US;

static esp_sim_t *target;

void fake_sim_time_start(esp_sim_t *sim)
{
    target = sim;
}

void fake_sim_time_pass_us(uint64_t time_us)
{
    esp_sim_run_until(target, esp_sim_now_us(target) + time_us);
}

int64_t esp_timer_get_time(void)
{
    fake_sim_time_pass_us(1);
    return (int64_t)esp_sim_now_us(target);
}

/* tasks.c, vTaskDelay(): until the end of the n-th tick. */
void vTaskDelay(TickType_t xTicksToDelay)
{
    const uint64_t now_us = esp_sim_now_us(target);
    fake_sim_time_pass_us((now_us / TICK_US + xTicksToDelay) * TICK_US - now_us);
}
