/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Stand-in for Zephyr's kernel.h (3.4), what the port uses: time, a semaphore, a spinlock.
 */
#ifndef ZEPHYR_KERNEL_H
#define ZEPHYR_KERNEL_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    int64_t ms;
} k_timeout_t;
#define K_MSEC(time) ((k_timeout_t){time})
#define K_NO_WAIT    ((k_timeout_t){0})
struct k_sem {
    unsigned int count;
    unsigned int limit;
};
int k_sem_init(struct k_sem *sem, unsigned int initial_count, unsigned int limit);
void k_sem_give(struct k_sem *sem);
int k_sem_take(struct k_sem *sem, k_timeout_t timeout);
void k_sem_reset(struct k_sem *sem);

struct k_spinlock {
    bool is_held;
};
typedef struct {
    int key;
} k_spinlock_key_t;
k_spinlock_key_t k_spin_lock(struct k_spinlock *l);
void k_spin_unlock(struct k_spinlock *l, k_spinlock_key_t key);

int64_t k_uptime_get(void);
uint32_t k_uptime_get_32(void);
int32_t k_msleep(int32_t ms);

#endif
