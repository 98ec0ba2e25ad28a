/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Start-up of a Cortex-M without vendor code: vector table, memory, clock, and how deep the stack was.
 */
#include "startup.h"

#include "board_uart.h"
#include "console.h"

#define SYSTICK_CSR (*(volatile uint32_t *)0xE000E010u) /* ARMv7-M Architecture Reference Manual, B3.3 */
#define SYSTICK_RVR (*(volatile uint32_t *)0xE000E014u)
#define SYSTICK_CVR (*(volatile uint32_t *)0xE000E018u)
#define SYSTICK_ON  7u /* core clock, interrupt, counting */

#define PATTERN 0xA5A5A5A5u

/* firmware.ld */
extern uint32_t firmware_data_load[];
extern uint32_t firmware_data_begin[];
extern uint32_t firmware_data_end[];
extern uint32_t firmware_bss_begin[];
extern uint32_t firmware_bss_end[];
extern uint32_t firmware_stack_begin[];
extern uint32_t firmware_stack_end[];

volatile uint32_t startup_ms;

int main(void);

void startup_begin_clock(uint32_t core_hz)
{
    SYSTICK_RVR = core_hz / 1000 - 1;
    SYSTICK_CVR = 0;
    SYSTICK_CSR = SYSTICK_ON;
}

static uint32_t distance(const uint32_t *from, const uint32_t *to)
{
    return (uint32_t)((uintptr_t)to - (uintptr_t)from);
}

uint32_t startup_stack_size(void)
{
    return distance(firmware_stack_begin, firmware_stack_end);
}

uint32_t startup_stack_used(void)
{
    const uint32_t *word = firmware_stack_begin;
    while (word < firmware_stack_end && *word == PATTERN) {
        word++;
    }
    return distance(word, firmware_stack_end);
}

uint32_t startup_static_size(void)
{
    return distance(firmware_data_begin, firmware_stack_begin);
}

static void on_systick(void)
{
    startup_ms++;
}

static void on_fault(void)
{
    console_text("fault\n");
    for (;;) {
    }
}

/* The processor starts here, with nothing but a stack. */
static void start(void)
{
    const uint32_t *from = firmware_data_load;
    for (uint32_t *to = firmware_data_begin; to < firmware_data_end; to++) {
        *to = *from++;
    }
    for (uint32_t *to = firmware_bss_begin; to < firmware_bss_end; to++) {
        *to = 0;
    }
    for (uint32_t *to = firmware_stack_begin; to < (uint32_t *)__builtin_frame_address(0) - 8; to++) {
        *to = PATTERN;
    }
    (void)main();
    for (;;) {
        __asm volatile("wfi");
    }
}

typedef void (*vector_t)(void);

enum {
    VECTOR_FAULTS = 2, /* from NMI on */
    VECTOR_SYSTICK = 15,
    VECTOR_INTERRUPT = 16 /* the first of the peripherals */
};

__attribute__((section(".vectors"), used)) static const vector_t VECTORS[VECTOR_INTERRUPT + 64] = {
    (vector_t)firmware_stack_end,
    start,
    [VECTOR_FAULTS] = on_fault,
    on_fault,
    on_fault,
    on_fault,
    on_fault,
    [VECTOR_SYSTICK] = on_systick,
    [VECTOR_INTERRUPT + BOARD_TARGET_INTERRUPT] = board_target_interrupt,
};
