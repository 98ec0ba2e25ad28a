/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Two GPIO lines requested together, so that one ioctl changes both. Polarity is left to the kernel
 * (active-low flag). Source: Linux uapi linux/gpio.h, version 2 of the interface (Linux 5.10 and later).
 */
#define _GNU_SOURCE
#include "gpio_lines.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/gpio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "posix_io.h"

enum { RESET_INDEX, BOOT_INDEX, LINE_COUNT };

static esp_loader_error_t open_error(int error_number)
{
    switch (error_number) {
    case EACCES:
    case EPERM:
        return ESP_LOADER_ERROR_PORT_ACCESS;
    case EBUSY:
        return ESP_LOADER_ERROR_PORT_BUSY;
    case ENOENT:
    case ENODEV:
    case ENXIO:
    case ENOTDIR:
    case ENOTTY: /* a file, but not a GPIO chip */
    case EINVAL: /* no such line */
        return ESP_LOADER_ERROR_PORT_NOT_FOUND;
    default:
        return ESP_LOADER_ERROR_IO;
    }
}

static void describe(const gpio_lines_config_t *config, struct gpio_v2_line_request *out_request)
{
    uint64_t active_high_mask = (config->is_reset_inverted ? 1u << RESET_INDEX : 0u) |
                                (config->is_boot_inverted ? 1u << BOOT_INDEX : 0u);

    memset(out_request, 0, sizeof(*out_request));
    memcpy(out_request->consumer, "esp-loader", sizeof("esp-loader"));
    out_request->offsets[RESET_INDEX] = config->reset_pin;
    out_request->offsets[BOOT_INDEX] = config->boot_pin;
    out_request->num_lines = LINE_COUNT;
    out_request->config.flags = GPIO_V2_LINE_FLAG_OUTPUT | GPIO_V2_LINE_FLAG_ACTIVE_LOW;
    /* Lines named in an attribute take its flags instead. */
    if (active_high_mask != 0) {
        struct gpio_v2_line_config_attribute *flags =
            &out_request->config.attrs[out_request->config.num_attrs++];
        flags->attr.id = GPIO_V2_LINE_ATTR_ID_FLAGS;
        flags->attr.flags = GPIO_V2_LINE_FLAG_OUTPUT;
        flags->mask = active_high_mask;
    }
    struct gpio_v2_line_config_attribute *values =
        &out_request->config.attrs[out_request->config.num_attrs++];
    values->attr.id = GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES;
    values->attr.values = 0; /* inactive from the start: requesting the lines must not reset the target */
    values->mask = (1u << LINE_COUNT) - 1u;
}

esp_loader_error_t gpio_lines_open(const gpio_lines_config_t *config, int *out_fd)
{
    struct gpio_v2_line_request request;
    esp_loader_error_t error = ESP_LOADER_SUCCESS;

    if (config->chip_path == NULL || config->reset_pin == config->boot_pin) {
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    int chip_fd = open(config->chip_path, O_RDWR | O_CLOEXEC);
    if (chip_fd < 0) {
        return open_error(errno);
    }
    describe(config, &request);
    if (ioctl(chip_fd, GPIO_V2_GET_LINE_IOCTL, &request) != 0) {
        error = open_error(errno);
    } else {
        *out_fd = request.fd;
    }
    close(chip_fd); /* the lines have a descriptor of their own */
    return error;
}

esp_loader_error_t gpio_lines_set(int fd, bool is_reset_active, bool is_boot_active)
{
    struct gpio_v2_line_values values = {
        .bits = (is_reset_active ? 1u << RESET_INDEX : 0u) | (is_boot_active ? 1u << BOOT_INDEX : 0u),
        .mask = (1u << LINE_COUNT) - 1u,
    };

    return ioctl(fd, GPIO_V2_LINE_SET_VALUES_IOCTL, &values) == 0 ? ESP_LOADER_SUCCESS : posix_error(errno);
}
