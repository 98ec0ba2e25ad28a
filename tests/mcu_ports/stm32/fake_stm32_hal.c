/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * How the stand-in behaves. Each rule names the file of the driver, or the manual, that it is from.
 */
#include "stm32_port.h"

#include <string.h>

#include "stm32_rig.h"
#include "test.h"

enum { POLL_US = 50, COUNTER_COST_US = 1, TRANSMITTER_SIZE = 2 };

#define UNTOUCHED 0x10000u

GPIO_TypeDef fake_gpioa;
UART_HandleTypeDef stm32_rig_uart;
DMA_HandleTypeDef stm32_rig_dma;
uint32_t stm32_rig_clock_hz = 42000000;
bool stm32_rig_is_low_power;
static USART_TypeDef registers;

static struct {
    bool has_byte;
    bool is_overrun;
    bool is_accessed;
    uint8_t byte;
    bool en;
    bool boot;
} uart;

/* RM0090 30.6.2: reading gives the byte and clears RXNE; after the status was read, it clears ORE, too. On the newer ones
 * (RM0351 40.8.8) ORE has a bit in ICR. Writing goes to the transmitter. */
static void settle(void)
{
    if (!uart.is_accessed) {
        return;
    }
    uart.is_accessed = false;
    if ((registers.data[0] & UNTOUCHED) == 0) {
        assert_true(wire_pending() < TRANSMITTER_SIZE); /* else a byte would be lost: TXE was not asked */
        wire_put((uint8_t)registers.data[0]);
        return;
    }
    uart.has_byte = false;
#ifdef USART_SR_RXNE
    uart.is_overrun = false;
#endif
}

static bool is_dma_on(void)
{
    return (registers.CR3 & USART_CR3_DMAR) != 0 && stm32_rig_dma.is_running;
}

/* RM0090 10.3.9 (circular mode): at the end the counter is loaded anew, and the transfer-complete flag stays until it is
 * cleared. */
static void dma_take(uint8_t byte)
{
    DMA_HandleTypeDef *dma = &stm32_rig_dma;
    dma->memory[dma->size - dma->counter] = byte;
    if (--dma->counter == 0) {
        dma->counter = dma->size;
        dma->is_complete = true;
    }
}

/* RM0090 30.6.1 (ORE): a byte that is complete while the one before has not been read is lost, and that one stays. */
static void receive(uint8_t byte)
{
    if (is_dma_on()) {
        dma_take(byte);
    } else if (uart.has_byte) {
        uart.is_overrun = true;
    } else {
        uart.has_byte = true;
        uart.byte = byte;
    }
}

const wire_uart_t stm32_rig_wire = {.receive = receive, .settle = settle};

/* stm32f4xx_hal_uart.h (1.8.3), UART_BRR_SAMPLING16: sixteenths, rounded from hundredths of which the rest was dropped.
 * stm32l4xx_hal_uart.h (1.13.5), UART_DIV_SAMPLING16 and UART_DIV_LPUART: rounded; an LPUART divides in 256ths. */
static uint32_t divisor_of(uint32_t rate_baud)
{
#ifdef USART_SR_RXNE
    const uint64_t hundredths = 25ull * stm32_rig_clock_hz / (4ull * rate_baud);
    return (uint32_t)((hundredths * 16u + 50u) / 100u);
#else
    return (uint32_t)(((stm32_rig_is_low_power ? 256ull : 1ull) * stm32_rig_clock_hz + rate_baud / 2) /
                      rate_baud);
#endif
}

void stm32_rig_start(bool has_dma)
{
    memset(&uart, 0, sizeof(uart));
    memset(&registers, 0, sizeof(registers));
    uart.en = true;
    uart.boot = true;
    stm32_rig_dma = (DMA_HandleTypeDef){.Init.Mode = DMA_CIRCULAR, .is_complete = true};
    stm32_rig_uart = (UART_HandleTypeDef){
        .Instance = &registers, .Init.BaudRate = 115200, .hdmarx = has_dma ? &stm32_rig_dma : NULL};
    registers.BRR = divisor_of(115200);
    wire_start(&stm32_rig_wire, NULL);
}

/* stm32f4xx_hal.c: a variable that an interrupt counts; it wraps. Who polls in time sees every
 * byte: little time passes while there is one, much while there is none. */
uint32_t HAL_GetTick(void)
{
    settle();
    if (uart.has_byte) {
        wire_pass_us(1);
    } else {
        wire_pass_to_event(POLL_US);
    }
    return (uint32_t)(wire_clock_us() / 1000);
}

/* stm32f4xx_hal_gpio.c */
void HAL_GPIO_WritePin(GPIO_TypeDef *GPIOx, uint16_t GPIO_Pin, GPIO_PinState PinState)
{
    assert_ptr_equal(GPIOx, GPIOA);
    if ((GPIO_Pin & STM32_RIG_EN) != 0) {
        uart.en = PinState == GPIO_PIN_SET;
    }
    if ((GPIO_Pin & STM32_RIG_BOOT) != 0) {
        uart.boot = PinState == GPIO_PIN_SET;
    }
    wire_set_pins(uart.en, uart.boot);
}

/* stm32f4xx_hal_dma.c: BUSY while it runs; the flags are left alone, and a stream with flags of an earlier use must not be
 * started (RM0090 10.3.18). Addresses are 32 bits, also here: the test is linked below 4 GiB. */
HAL_StatusTypeDef HAL_DMA_Start(DMA_HandleTypeDef *hdma, uint32_t SrcAddress, uint32_t DstAddress,
                                uint32_t DataLength)
{
    assert_int_equal(SrcAddress, (uint32_t)(uintptr_t)&registers.data[0]);
    if (hdma->is_running) {
        return HAL_BUSY;
    }
    hdma->memory = (uint8_t *)(uintptr_t)DstAddress;
    hdma->size = DataLength;
    hdma->counter = DataLength;
    assert_false(hdma->is_complete);
    hdma->is_running = true;
    return HAL_OK;
}

/* stm32f4xx_hal_dma.c: clears the flags; an error when it does not run, which does no harm. */
HAL_StatusTypeDef HAL_DMA_Abort(DMA_HandleTypeDef *hdma)
{
    const bool was_running = hdma->is_running;
    hdma->is_complete = hdma->is_complete && !was_running;
    hdma->is_running = false;
    return was_running ? HAL_OK : HAL_ERROR;
}

uint32_t fake_dma_counter(DMA_HandleTypeDef *hdma)
{
    wire_pass_us(COUNTER_COST_US); /* bytes come between two looks at the registers */
    return hdma->counter;
}

size_t fake_data_register(void)
{
    settle();
    registers.data[0] = uart.byte | UNTOUCHED;
    uart.is_accessed = true;
    return 0;
}

void fake_uart_clear_overrun(UART_HandleTypeDef *huart)
{
    assert_ptr_equal(huart, &stm32_rig_uart);
    settle();
    uart.is_overrun = false;
}

bool fake_uart_flag(UART_HandleTypeDef *huart, uint32_t flag)
{
    assert_ptr_equal(huart, &stm32_rig_uart);
    settle();
    switch (flag) {
    case UART_FLAG_TC:
        return wire_pending() == 0;
    case UART_FLAG_TXE: /* there is room beside the byte that is on its way */
        return wire_pending() < TRANSMITTER_SIZE;
    case UART_FLAG_ORE:
        return uart.is_overrun;
    default:
        return uart.has_byte;
    }
}

/* RM0090 30.6.4 (UE): what is being sent is cut off: nothing may be under way. */
void fake_uart_disable(UART_HandleTypeDef *huart)
{
    assert_ptr_equal(huart, &stm32_rig_uart);
    assert_int_equal(wire_pending(), 0);
}

/* stm32f4xx_hal_uart.c, UART_SetConfig(): the divisor is not checked, and the UART cannot divide by less than 16 sixteenths (RM0090
 * 30.3.4). stm32l4xx_hal_uart.c refuses those, and for an LPUART rates outside of clock / 3 and clock / 4096. */
HAL_StatusTypeDef HAL_UART_Init(UART_HandleTypeDef *huart)
{
    const uint32_t rate_baud = huart->Init.BaudRate;
    const uint32_t brr = divisor_of(rate_baud);
    const uint32_t scale = stm32_rig_is_low_power ? 256u : 1u;
#ifndef USART_SR_RXNE
    if (stm32_rig_is_low_power ? stm32_rig_clock_hz / 3u < rate_baud || stm32_rig_clock_hz / 4096u > rate_baud
                               : brr < 16) {
        return HAL_ERROR;
    }
#endif
    registers.BRR = brr;
    if (brr >= 16) {
        wire_set_rate((uint32_t)((uint64_t)scale * stm32_rig_clock_hz / brr));
    }
    return HAL_OK;
}
