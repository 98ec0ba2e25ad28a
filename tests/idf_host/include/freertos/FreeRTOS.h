/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Stand-in for ESP-IDF: the kernel's types, tick conversion and critical sections.
 * Names, types and signatures are those of the real header; what they do is host/.
 */
#ifndef IDF_HOST_FREERTOS_H
#define IDF_HOST_FREERTOS_H

#ifdef __linux__
#include <pthread.h>
#endif
#include <stddef.h>
#include <stdint.h>

typedef int BaseType_t;
typedef unsigned int UBaseType_t;
typedef uint32_t TickType_t;

#define pdFALSE ((BaseType_t)0)
#define pdTRUE  ((BaseType_t)1)
#define pdPASS  pdTRUE
#define pdFAIL  pdFALSE

#define portMAX_DELAY ((TickType_t)0xFFFFFFFFu)

/* Chosen per run instead of per build, so that one program is tested at several. */
extern TickType_t idf_host_tick_rate_hz;
#define configTICK_RATE_HZ (idf_host_tick_rate_hz)
#define portTICK_PERIOD_MS ((TickType_t)(1000u / configTICK_RATE_HZ))
#define pdMS_TO_TICKS(ms)  ((TickType_t)(((uint64_t)(ms)*configTICK_RATE_HZ) / 1000u))

#ifdef __linux__
typedef struct {
    pthread_mutex_t mutex;
} portMUX_TYPE;
#define portMUX_INITIALIZER_UNLOCKED                                                                         \
    {                                                                                                        \
        PTHREAD_MUTEX_INITIALIZER                                                                            \
    }
#else /* measuring memory for a microcontroller: the real lock's size */
typedef struct {
    uint32_t owner;
    uint32_t count;
} portMUX_TYPE;
#define portMUX_INITIALIZER_UNLOCKED                                                                         \
    {                                                                                                        \
        0, 0                                                                                                 \
    }
#endif
#define portENTER_CRITICAL(spinlock) idf_host_enter_critical(spinlock)
#define portEXIT_CRITICAL(spinlock)  idf_host_exit_critical(spinlock)

void idf_host_enter_critical(portMUX_TYPE *spinlock);
void idf_host_exit_critical(portMUX_TYPE *spinlock);

#endif
