/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Scheduler, virtual clock, tasks and semaphores of kernel.h.
 */
#define _POSIX_C_SOURCE 200809L
#include "kernel.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef enum { TASK_READY, TASK_RUNNING, TASK_BLOCKED } task_state_t;

struct tskTaskControlBlock {
    struct tskTaskControlBlock *next; /* in all tasks */
    pthread_cond_t may_run;
    task_state_t state;
    UBaseType_t priority;
    uint64_t ready_since; /* order of arrival among equals */
    uint64_t wake_us;     /* while blocked */
    SemaphoreHandle_t waits_for;
    bool has_got_it;
    char name[16];
    TaskFunction_t function;
    void *arg;
};

struct QueueDefinition {
    bool is_given;
    bool is_mutex;
    TaskHandle_t owner; /* of a mutex */
};

TickType_t idf_host_tick_rate_hz = 1000;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static TaskHandle_t tasks;
static unsigned core_count;
static unsigned running_count;
static uint64_t now_us;
static uint64_t arrivals;
static unsigned semaphore_count;
static machine_t machine;

static _Thread_local TaskHandle_t self;
static _Thread_local unsigned critical_nesting;

/* ---- end of the run ---- */

void kernel_end(int status)
{
    fflush(stdout);
    fflush(stderr);
    exit(status);
}

void kernel_panic(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fflush(stdout);
    fputs("\npanic: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    fflush(stderr);
    _Exit(99);
}

/* ---- scheduling ---- */

static void make_ready(TaskHandle_t task)
{
    task->state = TASK_READY;
    task->ready_since = arrivals++;
    task->waits_for = NULL;
}

static TaskHandle_t best_ready(void)
{
    TaskHandle_t best = NULL;
    for (TaskHandle_t task = tasks; task != NULL; task = task->next) {
        if (task->state == TASK_READY &&
            (best == NULL || task->priority > best->priority ||
             (task->priority == best->priority && task->ready_since < best->ready_since))) {
            best = task;
        }
    }
    return best;
}

/** Fills idle cores. */
static void dispatch(void)
{
    while (running_count < core_count) {
        TaskHandle_t task = best_ready();
        if (task == NULL) {
            return;
        }
        task->state = TASK_RUNNING;
        running_count++;
        pthread_cond_signal(&task->may_run);
    }
}

static uint64_t next_wake_us(void)
{
    uint64_t next = KERNEL_NEVER;
    for (TaskHandle_t task = tasks; task != NULL; task = task->next) {
        if (task->state == TASK_BLOCKED && task->wake_us < next) {
            next = task->wake_us;
        }
    }
    return next;
}

static void print_tasks(void)
{
    for (TaskHandle_t task = tasks; task != NULL; task = task->next) {
        fprintf(stderr, "  task %s waits for %s\n", task->name,
                task->waits_for != NULL ? "a semaphore" : "nothing");
    }
}

/** Every task is blocked: time jumps until one is not. */
static void let_time_pass(void)
{
    while (running_count == 0) {
        const uint64_t wake = next_wake_us();
        const uint64_t event = machine.next_event_us();
        const uint64_t next = wake < event ? wake : event;
        if (next == KERNEL_NEVER) {
            print_tasks();
            kernel_panic("deadlock: every task waits for ever");
        }
        if (next > now_us) {
            now_us = next;
        }
        machine.run_until(now_us);
        for (TaskHandle_t task = tasks; task != NULL; task = task->next) {
            if (task->state == TASK_BLOCKED && task->wake_us <= now_us) {
                make_ready(task);
            }
        }
        dispatch();
    }
}

static void wait_for_core(void)
{
    while (self->state != TASK_RUNNING) {
        pthread_cond_wait(&self->may_run, &lock);
    }
}

/** Gives up the core and returns when the task runs again. */
static void block_until(uint64_t wake_us)
{
    self->wake_us = wake_us;
    self->state = TASK_BLOCKED;
    running_count--;
    dispatch();
    if (running_count == 0) {
        let_time_pass();
    }
    wait_for_core();
}

static void yield_to_higher(void)
{
    const TaskHandle_t best = best_ready();
    if (best != NULL && best->priority > self->priority && running_count == core_count) {
        make_ready(self);
        running_count--;
        dispatch();
        wait_for_core();
    } else {
        dispatch();
    }
}

void kernel_lock(void)
{
    if (critical_nesting != 0) {
        kernel_panic("a kernel function was called inside a critical section");
    }
    pthread_mutex_lock(&lock);
}

void kernel_unlock(void)
{
    yield_to_higher();
    pthread_mutex_unlock(&lock);
}

uint64_t kernel_now_us_locked(void)
{
    return now_us;
}

void idf_host_enter_critical(portMUX_TYPE *spinlock)
{
    pthread_mutex_lock(&spinlock->mutex);
    critical_nesting++;
}

void idf_host_exit_critical(portMUX_TYPE *spinlock)
{
    critical_nesting--;
    pthread_mutex_unlock(&spinlock->mutex);
}

/* ---- tasks ---- */

static void *run_task(void *arg)
{
    self = arg;
    pthread_mutex_lock(&lock);
    wait_for_core();
    pthread_mutex_unlock(&lock);
    self->function(self->arg);
    kernel_panic("task %s returned", self->name);
}

static TaskHandle_t create_task(TaskFunction_t function, const char *name, void *arg, UBaseType_t priority)
{
    TaskHandle_t task = calloc(1, sizeof(*task));
    if (task == NULL) {
        kernel_panic("out of memory");
    }
    pthread_cond_init(&task->may_run, NULL);
    task->priority = priority;
    task->function = function;
    task->arg = arg;
    snprintf(task->name, sizeof(task->name), "%s", name);
    make_ready(task);
    task->next = tasks;
    tasks = task;
    pthread_t thread;
    if (pthread_create(&thread, NULL, run_task, task) != 0) {
        kernel_panic("cannot create a thread");
    }
    pthread_detach(thread);
    return task;
}

BaseType_t xTaskCreate(TaskFunction_t function, const char *name, uint32_t stack_bytes, void *arg,
                       UBaseType_t priority, TaskHandle_t *out_task)
{
    (void)stack_bytes;
    kernel_lock();
    TaskHandle_t task = create_task(function, name, arg, priority);
    if (out_task != NULL) {
        *out_task = task;
    }
    kernel_unlock();
    return pdTRUE;
}

void vTaskDelete(TaskHandle_t task)
{
    if (task != NULL && task != self) {
        kernel_panic("a task can only delete itself here");
    }
    kernel_lock();
    for (TaskHandle_t *link = &tasks; *link != NULL; link = &(*link)->next) {
        if (*link == self) {
            *link = self->next;
            break;
        }
    }
    running_count--;
    dispatch();
    if (running_count == 0) {
        let_time_pass();
    }
    pthread_cond_destroy(&self->may_run);
    free(self);
    pthread_mutex_unlock(&lock);
    pthread_exit(NULL);
}

/** End of a wait of @p ticks: a tick boundary, so the wait is up to one tick shorter than its name. */
static uint64_t after_ticks(TickType_t ticks)
{
    const uint64_t tick = now_us * idf_host_tick_rate_hz / 1000000u + ticks;
    return (tick * 1000000u + idf_host_tick_rate_hz - 1u) / idf_host_tick_rate_hz;
}

void vTaskDelay(TickType_t ticks)
{
    if (ticks == 0) {
        kernel_panic("vTaskDelay(0) is not imitated");
    }
    kernel_lock();
    block_until(after_ticks(ticks));
    kernel_unlock();
}

TickType_t xTaskGetTickCount(void)
{
    kernel_lock();
    const TickType_t ticks = (TickType_t)(now_us * idf_host_tick_rate_hz / 1000000u);
    kernel_unlock();
    return ticks;
}

TaskHandle_t xTaskGetCurrentTaskHandle(void)
{
    return self;
}

bool kernel_is_task(const char *name)
{
    return self != NULL && strcmp(self->name, name) == 0;
}

int64_t esp_timer_get_time(void);
int64_t esp_timer_get_time(void)
{
    kernel_lock();
    const int64_t time_us = (int64_t)now_us;
    kernel_unlock();
    return time_us;
}

/* ---- semaphores ---- */

static SemaphoreHandle_t create_semaphore(bool is_mutex)
{
    SemaphoreHandle_t semaphore = calloc(1, sizeof(*semaphore));
    if (semaphore == NULL) {
        kernel_panic("out of memory");
    }
    semaphore->is_mutex = is_mutex;
    semaphore->is_given = is_mutex;
    kernel_lock();
    semaphore_count++;
    kernel_unlock();
    return semaphore;
}

SemaphoreHandle_t xSemaphoreCreateBinary(void)
{
    return create_semaphore(false);
}

SemaphoreHandle_t xSemaphoreCreateMutex(void)
{
    return create_semaphore(true);
}

static void require(SemaphoreHandle_t semaphore)
{
    if (semaphore == NULL) {
        kernel_panic("assert failed: a semaphore function was called with NULL");
    }
}

BaseType_t xSemaphoreTake(SemaphoreHandle_t semaphore, TickType_t ticks)
{
    require(semaphore);
    kernel_lock();
    bool is_taken = semaphore->is_given;
    if (is_taken) {
        semaphore->is_given = false;
    } else if (ticks > 0) {
        self->waits_for = semaphore;
        self->has_got_it = false;
        block_until(ticks == portMAX_DELAY ? KERNEL_NEVER : after_ticks(ticks));
        is_taken = self->has_got_it;
    }
    if (is_taken && semaphore->is_mutex) {
        semaphore->owner = self;
    }
    kernel_unlock();
    return is_taken ? pdTRUE : pdFALSE;
}

bool kernel_give_locked(SemaphoreHandle_t semaphore)
{
    TaskHandle_t best = NULL;
    for (TaskHandle_t task = tasks; task != NULL; task = task->next) {
        if (task->state == TASK_BLOCKED && task->waits_for == semaphore &&
            (best == NULL || task->priority > best->priority)) {
            best = task;
        }
    }
    if (best != NULL) {
        best->has_got_it = true;
        make_ready(best);
        return true;
    }
    const bool is_new = !semaphore->is_given;
    semaphore->is_given = true;
    return is_new;
}

BaseType_t xSemaphoreGive(SemaphoreHandle_t semaphore)
{
    require(semaphore);
    kernel_lock();
    if (semaphore->is_mutex) {
        if (semaphore->owner != self) {
            kernel_panic("assert failed: a mutex was given by a task that does not hold it");
        }
        semaphore->owner = NULL;
    }
    const bool is_given = kernel_give_locked(semaphore);
    kernel_unlock();
    return is_given ? pdTRUE : pdFALSE;
}

void vSemaphoreDelete(SemaphoreHandle_t semaphore)
{
    require(semaphore);
    kernel_lock();
    for (TaskHandle_t task = tasks; task != NULL; task = task->next) {
        if (task->state == TASK_BLOCKED && task->waits_for == semaphore) {
            kernel_panic("a semaphore was deleted while task %s waits for it", task->name);
        }
    }
    semaphore_count--;
    kernel_unlock();
    free(semaphore);
}

unsigned kernel_semaphore_count(void)
{
    kernel_lock();
    const unsigned count = semaphore_count;
    kernel_unlock();
    return count;
}

/* ---- start ---- */

void kernel_run(unsigned cores, const machine_t *the_machine, TaskFunction_t main_task, UBaseType_t priority)
{
    pthread_mutex_lock(&lock);
    core_count = cores;
    machine = *the_machine;
    create_task(main_task, "main", NULL, priority);
    dispatch();
    pthread_mutex_unlock(&lock);
    for (;;) {
        pause();
    }
}
