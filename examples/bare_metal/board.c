/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What examples/minimal asks of a board (board.h), for the boards of this folder: an interrupt fills a ring with what the
 * target sends, the program sleeps until there is something.
 */
#include "board.h"

#include "board_uart.h"
#include "startup.h"

/* A power of two. The target sends no more than a reply and its boot messages before it is read. */
enum { RING_SIZE = 2048 };

#define NVIC_ISER ((volatile uint32_t *)0xE000E100u) /* ARMv7-M Architecture Reference Manual, B3.4 */

/* The interrupt moves the head, the program the tail. */
static volatile uint8_t ring[RING_SIZE];
static volatile uint32_t ring_head;
static volatile uint32_t ring_tail;
static volatile bool is_ring_lossy;

void board_target_interrupt(void)
{
    uint8_t byte;
    while (board_uart_take(&byte)) {
        if (ring_head - ring_tail == RING_SIZE) {
            is_ring_lossy = true;
            continue;
        }
        ring[ring_head % RING_SIZE] = byte;
        ring_head++;
    }
}

void board_init(void)
{
    board_set_pins(true, true); /* nothing is pulled low while the pins become outputs */
    startup_begin_clock(board_core_hz);
    board_uart_open();
    NVIC_ISER[BOARD_TARGET_INTERRUPT / 32] = 1u << (BOARD_TARGET_INTERRUPT % 32);
}

uint32_t board_now_ms(void)
{
    return startup_ms;
}

size_t board_uart_write(const uint8_t *data, size_t size, uint32_t timeout_ms)
{
    const uint32_t start = startup_ms;
    size_t done = 0;
    while (done < size) {
        if (board_uart_give(data[done])) {
            done++;
        } else if (startup_ms - start >= timeout_ms) {
            break;
        }
    }
    return done;
}

size_t board_uart_read(uint8_t *data, size_t capacity, uint32_t timeout_ms)
{
    const uint32_t start = startup_ms;
    size_t size = 0;
    while (ring_tail == ring_head) {
        if (startup_ms - start >= timeout_ms) {
            return 0;
        }
        __asm volatile("wfi"); /* SysTick ends it at the latest */
    }
    while (size < capacity && ring_tail != ring_head) {
        data[size++] = ring[ring_tail % RING_SIZE];
        ring_tail++;
    }
    return size;
}

bool board_has_lost_bytes(void)
{
    return is_ring_lossy;
}
