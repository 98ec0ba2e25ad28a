/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Reset and boot of the target on two lines of a GPIO chip, through the kernel's character device. Knows
 * lines and levels; the sequence is in linux_port.c.
 */
#ifndef ESP_LOADER_PORT_GPIO_LINES_H
#define ESP_LOADER_PORT_GPIO_LINES_H

#include <stdbool.h>
#include <stdint.h>

#include "esp_loader_error.h"

typedef struct {
    const char *chip_path;
    uint32_t reset_pin;
    uint32_t boot_pin;
    bool is_reset_inverted; /**< false: active means low */
    bool is_boot_inverted;
} gpio_lines_config_t;

/** Requests both lines as outputs, inactive. The descriptor holds them until it is closed.
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM   no path, or both lines are the same
 *  @retval ESP_LOADER_ERROR_PORT_NOT_FOUND  no such chip or line
 *  @retval ESP_LOADER_ERROR_PORT_ACCESS     no permission
 *  @retval ESP_LOADER_ERROR_PORT_BUSY       a line is in use
 *  @retval ESP_LOADER_ERROR_IO              anything else */
esp_loader_error_t gpio_lines_open(const gpio_lines_config_t *config, int *out_fd);

/** Sets both lines in one step.
 *  @retval ESP_LOADER_ERROR_IO, ESP_LOADER_ERROR_DISCONNECTED */
esp_loader_error_t gpio_lines_set(int fd, bool is_reset_active, bool is_boot_active);

#endif
