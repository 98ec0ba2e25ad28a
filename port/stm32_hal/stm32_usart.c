/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Receiver and transmitter of stm32_usart.h. The position of the DMA channel is read from its counter, so there is no callback, no
 * interrupt, and nothing of the HAL's own reception, which any framing error would end.
 */
#include "stm32_usart.h"

#include <string.h>

#ifdef USART_SR_RXNE
#define RECEIVE_REGISTER  DR
#define TRANSMIT_REGISTER DR
#else
#define RECEIVE_REGISTER  RDR
#define TRANSMIT_REGISTER TDR
#endif

#define BITS_PER_BYTE 10u

static bool has_ring(const stm32_port_t *self)
{
    return self->rx_ring != NULL;
}

static uint8_t read_data(UART_HandleTypeDef *huart)
{
    return (uint8_t)(huart->Instance->RECEIVE_REGISTER & 0xFFu);
}

/* An overrun: the flag is read and cleared. On the older UARTs reading the data register, after the status, clears it:
 * where a byte is there its reader does that, the DMA channel included. */
static bool had_overrun(UART_HandleTypeDef *huart)
{
    if (!__HAL_UART_GET_FLAG(huart, UART_FLAG_ORE)) {
        return false;
    }
#ifdef USART_SR_RXNE
    if (!__HAL_UART_GET_FLAG(huart, UART_FLAG_RXNE)) {
        (void)read_data(huart);
    }
#else
    __HAL_UART_CLEAR_FLAG(huart, UART_CLEAR_OREF);
#endif
    return true;
}

bool stm32_transmit(stm32_port_t *self, uint8_t byte)
{
    if (!__HAL_UART_GET_FLAG(self->huart, UART_FLAG_TXE)) {
        return false;
    }
    self->huart->Instance->TRANSMIT_REGISTER = byte;
    return true;
}

/* ---- polled ---- */

static bool take_byte(stm32_port_t *self, uint8_t *out_byte)
{
    if (had_overrun(self->huart)) {
        self->_state.is_lossy = true;
    }
    if (!__HAL_UART_GET_FLAG(self->huart, UART_FLAG_RXNE)) {
        return false;
    }
    *out_byte = read_data(self->huart);
    return true;
}

void stm32_receiver_poll(stm32_port_t *self)
{
    uint8_t byte;
    while (!has_ring(self) && take_byte(self, &byte)) {
        if (self->_state.early_count < STM32_PORT_EARLY_SIZE) {
            self->_state.early[self->_state.early_count++] = byte;
        } else {
            self->_state.is_lossy = true;
        }
    }
}

static size_t take_polled(stm32_port_t *self, uint8_t *buf, size_t capacity)
{
    const size_t early = self->_state.early_count < capacity ? self->_state.early_count : capacity;
    size_t size = early;

    memcpy(buf, self->_state.early, early);
    self->_state.early_count -= (uint32_t)early;
    memmove(self->_state.early, self->_state.early + early, self->_state.early_count);
    while (size < capacity && self->_state.early_count == 0 && take_byte(self, buf + size)) {
        size++;
    }
    return size;
}

/* ---- ring ---- */

#ifdef DMA_CIRCULAR

static bool is_circular(const stm32_port_t *self)
{
    const DMA_HandleTypeDef *channel = self->huart->hdmarx;
    return channel != NULL && channel->Init.Mode == DMA_CIRCULAR;
}

static uint32_t position(const stm32_port_t *self)
{
    const uint32_t left = __HAL_DMA_GET_COUNTER(self->huart->hdmarx);
    return left == 0 || left > self->rx_ring_size ? 0 : self->rx_ring_size - left;
}

static bool has_gone_round(const stm32_port_t *self)
{
    DMA_HandleTypeDef *channel = self->huart->hdmarx;
    if (!__HAL_DMA_GET_FLAG(channel, __HAL_DMA_GET_TC_FLAG_INDEX(channel))) {
        return false;
    }
    __HAL_DMA_CLEAR_FLAG(channel, __HAL_DMA_GET_TC_FLAG_INDEX(channel));
    return true;
}

/* Looks at the channel: where it writes next, and whether it has overtaken the reader: it has passed the end and is not behind
 * the reader any more, or so much time has passed that it may have done so twice. The flag is read first: a round that ends in
 * between shows in the position, and its flag is taken then. */
static uint32_t look(stm32_port_t *self, bool *out_is_overtaken)
{
    const uint32_t now_ms = HAL_GetTick();
    const uint64_t most_bytes = (uint64_t)(now_ms - self->_state.polled_at_ms + 1u) *
                                self->huart->Init.BaudRate / (1000u * BITS_PER_BYTE);
    const uint32_t tail = self->_state.tail;
    const bool is_round = has_gone_round(self);
    const uint32_t head = position(self);

    self->_state.polled_at_ms = now_ms;
    if (!is_round && head < tail) {
        (void)has_gone_round(self);
    }
    *out_is_overtaken = is_round && (head >= tail || most_bytes >= 2ull * self->rx_ring_size - (tail - head));
    return head;
}

static size_t take_from_ring(stm32_port_t *self, uint8_t *buf, size_t capacity)
{
    bool is_overtaken;
    const bool is_lost = had_overrun(self->huart);
    const uint32_t head = look(self, &is_overtaken);
    size_t size = 0;

#if defined(__DCACHE_PRESENT) && (__DCACHE_PRESENT == 1U)
    SCB_InvalidateDCache_by_Addr((void *)self->rx_ring, (int32_t)self->rx_ring_size);
#endif
    if (is_lost || is_overtaken) {
        self->_state.is_lossy = true;
        self->_state.tail = head;
        return 0;
    }
    while (size < capacity && self->_state.tail != head) {
        buf[size++] = self->rx_ring[self->_state.tail];
        self->_state.tail = self->_state.tail + 1u == self->rx_ring_size ? 0 : self->_state.tail + 1u;
    }
    return size;
}

static esp_loader_error_t start_ring(stm32_port_t *self)
{
    UART_HandleTypeDef *huart = self->huart;
    if (!is_circular(self) || self->rx_ring_size == 0) {
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    (void)has_gone_round(self); /* of an earlier use of the channel, which would not start */
    if (HAL_DMA_Start(huart->hdmarx, (uint32_t)(uintptr_t)&huart->Instance->RECEIVE_REGISTER,
                      (uint32_t)(uintptr_t)self->rx_ring, self->rx_ring_size) != HAL_OK) {
        return ESP_LOADER_ERROR_IO;
    }
    SET_BIT(huart->Instance->CR3, USART_CR3_DMAR);
    self->_state.tail = 0;
    self->_state.polled_at_ms = HAL_GetTick();
    return ESP_LOADER_SUCCESS;
}

static void stop_ring(stm32_port_t *self)
{
    CLEAR_BIT(self->huart->Instance->CR3, USART_CR3_DMAR);
    (void)HAL_DMA_Abort(self->huart->hdmarx);
    (void)has_gone_round(self);
}

#else /* channels whose circular mode is a linked list: not served */

static size_t take_from_ring(stm32_port_t *self, uint8_t *buf, size_t capacity)
{
    (void)self;
    (void)buf;
    (void)capacity;
    return 0;
}

static esp_loader_error_t start_ring(stm32_port_t *self)
{
    (void)self;
    return ESP_LOADER_ERROR_INVALID_PARAM;
}

static void stop_ring(stm32_port_t *self)
{
    (void)self;
}

#endif

/* ---- both ---- */

esp_loader_error_t stm32_receiver_start(stm32_port_t *self)
{
    uint8_t ignored;
    self->_state.early_count = 0;
    while (take_byte(self, &ignored)) {
    }
    self->_state.is_lossy = false;
    return has_ring(self) ? start_ring(self) : ESP_LOADER_SUCCESS;
}

void stm32_receiver_stop(stm32_port_t *self)
{
    if (has_ring(self)) {
        stop_ring(self);
    }
}

size_t stm32_receiver_take(stm32_port_t *self, uint8_t *buf, size_t capacity)
{
    return has_ring(self) ? take_from_ring(self, buf, capacity) : take_polled(self, buf, capacity);
}

void stm32_receiver_clear(stm32_port_t *self)
{
    uint8_t ignored[16];
    while (stm32_receiver_take(self, ignored, sizeof(ignored)) > 0) {
    }
    self->_state.is_lossy = false;
}
