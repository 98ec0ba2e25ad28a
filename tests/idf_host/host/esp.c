/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Stand-ins for esp_log, esp_err and GPIOs. A log line is handed to the bench as well, which acts on what the
 * host says.
 */
#include <stdarg.h>
#include <stdio.h>

#include "driver/gpio.h"
#include "esp_err.h"
#include "esp_log.h"

#include "esp_host.h"
#include "kernel.h"

static void (*listener)(const char *text);

void esp_host_listen(void (*function)(const char *text))
{
    listener = function;
}

void idf_host_log(esp_log_level_t level, const char *tag, const char *format, ...)
{
    static const char letters[] = "-EWIDV";
    char text[256];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (level > ESP_LOG_INFO) {
        return;
    }
    kernel_lock();
    printf("%c (%lu) %s: %s\n", letters[level], (unsigned long)(kernel_now_us_locked() / 1000), tag, text);
    if (listener != NULL) {
        listener(text);
    }
    kernel_unlock();
}

void idf_host_error_check_failed(esp_err_t code, const char *file, int line, const char *expression)
{
    kernel_panic("ESP_ERROR_CHECK failed: esp_err_t 0x%x at %s:%d: %s", (unsigned)code, file, line,
                 expression);
}

/* ---- GPIOs: what is driven ---- */

#define GPIO_COUNT 55

static struct {
    bool is_output;
    int level;
} pins[GPIO_COUNT];

static esp_err_t set_pin(gpio_num_t pin, bool is_output, int level)
{
    if (pin < 0 || pin >= GPIO_COUNT) {
        return ESP_ERR_INVALID_ARG;
    }
    kernel_lock();
    pins[pin].is_output = is_output;
    pins[pin].level = level;
    kernel_unlock();
    return ESP_OK;
}

esp_err_t gpio_reset_pin(gpio_num_t gpio_num)
{
    return set_pin(gpio_num, false, 0);
}

esp_err_t gpio_set_level(gpio_num_t gpio_num, uint32_t level)
{
    return set_pin(gpio_num, pins[gpio_num].is_output, level != 0 ? 1 : 0);
}

esp_err_t gpio_set_direction(gpio_num_t gpio_num, gpio_mode_t mode)
{
    return set_pin(gpio_num, mode == GPIO_MODE_OUTPUT, pins[gpio_num].level);
}

int esp_host_output_level(int pin)
{
    return pins[pin].is_output ? pins[pin].level : -1;
}
