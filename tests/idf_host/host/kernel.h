/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The kernel under the FreeRTOS stand-ins: tasks are threads, and as many of them run at the same time as
 * there are cores. With one core a run is strictly by priority and exactly repeatable; with two, code really
 * runs in parallel, which is what the sanitizers need to see.
 *
 * Time is virtual. While any task can run it stands still; when all are blocked it jumps to whatever happens
 * next: a task's timeout, or an event of the machine (machine_t, the USB bus). When nothing will ever happen
 * again the run ends as a deadlock.
 *
 * One lock protects kernel and machine: functions named *_locked are called with it held, all others without.
 */
#ifndef IDF_HOST_KERNEL_H
#define IDF_HOST_KERNEL_H

#include <stdbool.h>
#include <stdint.h>

#include "freertos/FreeRTOS.h"
#include "freertos/semphr.h"
#include "freertos/task.h"

#define KERNEL_NEVER UINT64_MAX

/** The hardware around the tasks. */
typedef struct {
    uint64_t (*next_event_us)(
        void); /**< with the lock: when something happens by itself, KERNEL_NEVER = nothing */
    void (*run_until)(uint64_t time_us); /**< with the lock: lets it happen; gives semaphores */
} machine_t;

/** Starts the scheduler with one task and never returns; the run ends with kernel_end(). */
void kernel_run(unsigned cores, const machine_t *machine, TaskFunction_t main_task, UBaseType_t priority)
    __attribute__((noreturn));

/** Ends the whole run, from anywhere, with this exit status. */
void kernel_end(int status) __attribute__((noreturn));
/** Ends the run as failed: what really happens to the host here is a panic. */
void kernel_panic(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

void kernel_lock(void);
/** Releases the lock; gives way to a task of higher priority that has become ready. */
void kernel_unlock(void);
uint64_t kernel_now_us_locked(void);
bool kernel_give_locked(SemaphoreHandle_t semaphore);
/** true when the calling task has this name. */
bool kernel_is_task(const char *name);
/** Semaphores that exist. */
unsigned kernel_semaphore_count(void);

#endif
