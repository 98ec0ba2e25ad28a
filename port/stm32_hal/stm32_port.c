/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The port's operations. Waits are measured in the HAL's tick, which wraps, and cover the whole call.
 */
#include "stm32_port.h"

#include "pin_reset.h"
#include "stm32_usart.h"

#define DRAIN_MS          200u /* longer than a FIFO takes at 9600 baud */
#define POLLED_RATE_BAUD  230400u
#define TOLERANCE_PERCENT 2u

#ifdef SERIAL_FLASHER_RESET_INVERT
#define RESET_ACTIVE GPIO_PIN_SET
#define RESET_IDLE   GPIO_PIN_RESET
#else
#define RESET_ACTIVE GPIO_PIN_RESET
#define RESET_IDLE   GPIO_PIN_SET
#endif
#ifdef SERIAL_FLASHER_BOOT_INVERT
#define BOOT_ACTIVE GPIO_PIN_SET
#define BOOT_IDLE   GPIO_PIN_RESET
#else
#define BOOT_ACTIVE GPIO_PIN_RESET
#define BOOT_IDLE   GPIO_PIN_SET
#endif

static stm32_port_t *self_of(esp_loader_port_t *port)
{
    return container_of(port, stm32_port_t, port);
}

static uint32_t port_now_ms(esp_loader_port_t *port)
{
    (void)port;
    return HAL_GetTick();
}

/* HAL_Delay() would leave a receiver without a ring alone. The tick that runs is not counted. */
static void port_delay_ms(esp_loader_port_t *port, uint32_t ms)
{
    const uint32_t start = HAL_GetTick();
    while (ms > 0 && HAL_GetTick() - start <= ms) {
        stm32_receiver_poll(self_of(port));
    }
}

/* ---- pins ---- */

static bool drive(esp_loader_port_t *port, pin_reset_pin_t pin, bool is_active)
{
    stm32_port_t *self = self_of(port);
    GPIO_TypeDef *group = pin == PIN_EN ? self->port_rst : self->port_boot;
    if (group == NULL) {
        return false;
    }
    if (pin == PIN_EN) {
        HAL_GPIO_WritePin(group, self->pin_num_rst, is_active ? RESET_ACTIVE : RESET_IDLE);
    } else {
        HAL_GPIO_WritePin(group, self->pin_num_boot, is_active ? BOOT_ACTIVE : BOOT_IDLE);
    }
    return true;
}

static esp_loader_error_t port_enter_bootloader(esp_loader_port_t *port)
{
    stm32_port_t *self = self_of(port);
    const esp_loader_error_t error = pin_reset_into_loader(port, drive);
    if (error == ESP_LOADER_SUCCESS &&
        self->_state.is_open) { /* what came from the time before is of no use */
        stm32_receiver_clear(self);
    }
    return error;
}

static esp_loader_error_t port_reset(esp_loader_port_t *port)
{
    return pin_reset_into_app(port, drive);
}

/* ---- opening ---- */

/* UARTs divide in sixteenths, or with an oversampling of 8 in eighths, which they keep in other bits; an LPUART counts 256ths of
 * these. */
static uint32_t divisor(const UART_HandleTypeDef *huart)
{
    const uint32_t brr = huart->Instance->BRR;
#ifdef UART_OVERSAMPLING_8
    if (huart->Init.OverSampling == UART_OVERSAMPLING_8) {
        return ((brr & 0xFFFFFFF0u) >> 1) | (brr & 7u);
    }
#endif
    return brr;
}

static uint32_t clock_hz(const stm32_port_t *self)
{
#ifdef UART_INSTANCE_LOWPOWER
    return (uint32_t)(UART_INSTANCE_LOWPOWER(self->huart) ? self->_state.clock / 256u : self->_state.clock);
#else
    return (uint32_t)self->_state.clock;
#endif
}

/* The HALs of the older UARTs do not check it. */
static uint32_t least_divisor(const UART_HandleTypeDef *huart)
{
#ifdef UART_OVERSAMPLING_8
    return huart->Init.OverSampling == UART_OVERSAMPLING_8 ? 8u : 16u;
#else
    (void)huart;
    return 16u;
#endif
}

static void port_deinit(esp_loader_port_t *port)
{
    stm32_port_t *self = self_of(port);
    if (self->_state.is_open) {
        stm32_receiver_stop(self);
        self->_state.is_open = false;
    }
}

static esp_loader_error_t port_init(esp_loader_port_t *port)
{
    stm32_port_t *self = self_of(port);
    port_deinit(port);
    if (self->huart == NULL) {
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    (void)drive(port, PIN_EN, false);
    (void)drive(port, PIN_BOOT, false);
    self->_state.clock = (uint64_t)divisor(self->huart) * self->huart->Init.BaudRate;
    const esp_loader_error_t error = stm32_receiver_start(self);
    self->_state.is_open = error == ESP_LOADER_SUCCESS;
    return error;
}

/* ---- transfers ---- */

static esp_loader_error_t port_write_all(esp_loader_port_t *port, const uint8_t *data, size_t size,
                                         uint32_t timeout_ms, size_t *out_written)
{
    stm32_port_t *self = self_of(port);
    const uint32_t start = HAL_GetTick();
    *out_written = 0;
    if (!self->_state.is_open) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    while (*out_written < size) {
        stm32_receiver_poll(self); /* HAL_UART_Transmit() would not */
        if (stm32_transmit(self, data[*out_written])) {
            (*out_written)++;
        } else if (HAL_GetTick() - start >= timeout_ms) {
            return ESP_LOADER_ERROR_TIMEOUT;
        }
    }
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t port_read_some(esp_loader_port_t *port, uint8_t *buf, size_t capacity,
                                         uint32_t timeout_ms, size_t *out_read)
{
    stm32_port_t *self = self_of(port);
    const uint32_t start = HAL_GetTick();
    *out_read = 0;
    if (!self->_state.is_open) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    for (;;) {
        const size_t size = stm32_receiver_take(self, buf, capacity);
        if (self->_state.is_lossy) {
            stm32_receiver_clear(self);
            return ESP_LOADER_ERROR_IO;
        }
        if (size > 0) {
            *out_read = size;
            return ESP_LOADER_SUCCESS;
        }
        if (HAL_GetTick() - start >= timeout_ms) {
            return ESP_LOADER_ERROR_TIMEOUT;
        }
    }
}

/* ---- rate ---- */

static bool is_near(uint32_t rate, uint32_t wanted)
{
    const uint32_t difference = rate > wanted ? rate - wanted : wanted - rate;
    return difference <= wanted / 100u * TOLERANCE_PERCENT;
}

/* With the handle's own state not RESET, HAL_UART_Init() leaves pins, clocks and DMA alone. */
static bool set_up(stm32_port_t *self, uint32_t rate_baud)
{
    UART_HandleTypeDef *huart = self->huart;
    __HAL_UART_DISABLE(huart);
    huart->Init.BaudRate = rate_baud;
    return HAL_UART_Init(huart) == HAL_OK && divisor(huart) >= least_divisor(huart) &&
           is_near((uint32_t)(self->_state.clock / divisor(huart)), rate_baud);
}

static esp_loader_error_t port_set_rate(esp_loader_port_t *port, uint32_t rate_baud)
{
    stm32_port_t *self = self_of(port);
    const uint32_t start = HAL_GetTick();
    if (!self->_state.is_open) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    if (rate_baud == 0 || rate_baud > clock_hz(self) / 8u) {
        return rate_baud == 0 ? ESP_LOADER_ERROR_INVALID_PARAM : ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
    }
    while (!__HAL_UART_GET_FLAG(self->huart, UART_FLAG_TC) && HAL_GetTick() - start < DRAIN_MS) {
    }
    const uint32_t before = self->huart->Init.BaudRate;
    esp_loader_error_t error = ESP_LOADER_SUCCESS;
    stm32_receiver_stop(self);
    if (!set_up(self, rate_baud)) {
        error = set_up(self, before) ? ESP_LOADER_ERROR_UNSUPPORTED_FUNC : ESP_LOADER_ERROR_IO;
    }
    const esp_loader_error_t started = stm32_receiver_start(self);
    return error == ESP_LOADER_SUCCESS ? started : error;
}

static uint32_t port_max_rate(esp_loader_port_t *port)
{
    const stm32_port_t *self = self_of(port);
    const uint32_t most = clock_hz(self) / 16u;
    return self->rx_ring == NULL && most > POLLED_RATE_BAUD ? POLLED_RATE_BAUD : most;
}

static esp_loader_link_t port_link_kind(esp_loader_port_t *port)
{
    (void)port;
    return ESP_LOADER_LINK_UART;
}

const esp_loader_port_ops_t stm32_uart_ops = {
    .init = port_init,
    .deinit = port_deinit,
    .delay_ms = port_delay_ms,
    .write_all = port_write_all,
    .read_some = port_read_some,
    .now_ms = port_now_ms,
    .enter_bootloader_checked = port_enter_bootloader,
    .reset_checked = port_reset,
    .set_rate = port_set_rate,
    .link_kind = port_link_kind,
    .max_rate = port_max_rate,
};
