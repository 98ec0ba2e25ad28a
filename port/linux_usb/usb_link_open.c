/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Taking a device from the kernel's driver and giving it back. Source: libusb 1.0 API reference.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "usb_link_state.h"

enum { MAX_PORTS = 7 }; /* of a path: hubs nest no deeper */

static esp_loader_error_t open_error_of(int code)
{
    switch (code) {
    case LIBUSB_SUCCESS:
        return ESP_LOADER_SUCCESS;
    case LIBUSB_ERROR_ACCESS:
        return ESP_LOADER_ERROR_PORT_ACCESS;
    case LIBUSB_ERROR_BUSY:
        return ESP_LOADER_ERROR_PORT_BUSY;
    case LIBUSB_ERROR_NO_DEVICE:
    case LIBUSB_ERROR_NOT_FOUND:
        return ESP_LOADER_ERROR_PORT_NOT_FOUND;
    default:
        return ESP_LOADER_ERROR_IO;
    }
}

static bool is_at(const usb_link_t *link, libusb_device *device, const char *usb_path)
{
    uint8_t ports[MAX_PORTS];
    char path[64];

    int count = link->usb.get_port_numbers(device, ports, MAX_PORTS);
    int length = snprintf(path, sizeof(path), "%u", link->usb.get_bus_number(device));
    for (int i = 0; i < count; i++) {
        length +=
            snprintf(path + length, sizeof(path) - (size_t)length, "%c%u", i == 0 ? '-' : '.', ports[i]);
    }
    return strcmp(path, usb_path) == 0;
}

static esp_loader_error_t find_device(usb_link_t *link, const char *usb_path)
{
    libusb_device **devices = NULL;
    ssize_t count = link->usb.get_device_list(link->context, &devices);

    if (count < 0) {
        return open_error_of((int)count);
    }
    for (ssize_t i = 0; i < count && link->device == NULL; i++) {
        if (is_at(link, devices[i], usb_path)) {
            link->device = link->usb.ref_device(devices[i]);
        }
    }
    link->usb.free_device_list(devices, 1);
    return link->device != NULL ? ESP_LOADER_SUCCESS : ESP_LOADER_ERROR_PORT_NOT_FOUND;
}

/** Claiming takes the interfaces from cdc_acm, and releasing gives them back. */
static esp_loader_error_t claim(usb_link_t *link)
{
    struct libusb_config_descriptor *config = NULL;

    int code = link->usb.get_active_config_descriptor(link->device, &config);
    if (code != LIBUSB_SUCCESS) {
        return open_error_of(code);
    }
    bool is_cdc = usb_cdc_find(config, &link->cdc);
    link->usb.free_config_descriptor(config);
    if (!is_cdc) {
        return ESP_LOADER_ERROR_PORT_NOT_FOUND;
    }
    (void)link->usb.set_auto_detach_kernel_driver(link->handle,
                                                  1); /* without one there is nothing to detach */
    code = link->usb.claim_interface(link->handle, link->cdc.control_interface);
    link->has_control = code == LIBUSB_SUCCESS;
    if (code == LIBUSB_SUCCESS) {
        code = link->usb.claim_interface(link->handle, link->cdc.data_interface);
        link->has_data = code == LIBUSB_SUCCESS;
    }
    return open_error_of(code);
}

static esp_loader_error_t open_device(usb_link_t *link, const char *usb_path)
{
    if (!usb_library_load(&link->usb)) {
        return ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
    }
    int code = link->usb.init(&link->context);
    if (code != LIBUSB_SUCCESS) {
        link->context = NULL;
        return ESP_LOADER_ERROR_IO;
    }
    esp_loader_error_t error = find_device(link, usb_path);
    if (error != ESP_LOADER_SUCCESS) {
        return error;
    }
    if (link->usb.has_capability(LIBUSB_CAP_HAS_HOTPLUG) != 0) {
        link->has_hotplug = link->usb.hotplug_register_callback(
                                link->context, LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT, LIBUSB_HOTPLUG_NO_FLAGS,
                                LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY,
                                usb_link_on_hotplug, link, &link->hotplug) == LIBUSB_SUCCESS;
    }
    code = link->usb.open(link->device, &link->handle);
    if (code != LIBUSB_SUCCESS) {
        link->handle = NULL;
        return open_error_of(code);
    }
    error = claim(link);
    return error == ESP_LOADER_SUCCESS ? usb_link_start_receiving(link) : error;
}

esp_loader_error_t usb_link_open(const char *usb_path, usb_link_t **out_link)
{
    usb_link_t *link = calloc(1, sizeof(*link));

    *out_link = NULL;
    if (link == NULL) {
        return ESP_LOADER_ERROR_IO;
    }
    esp_loader_error_t error = open_device(link, usb_path);
    if (error != ESP_LOADER_SUCCESS) {
        usb_link_close(link);
        return error;
    }
    *out_link = link;
    return ESP_LOADER_SUCCESS;
}

void usb_link_close(usb_link_t *link)
{
    if (link == NULL || !usb_link_stop(link)) {
        return;
    }
    if (link->has_hotplug) {
        link->usb.hotplug_deregister_callback(link->context, link->hotplug);
    }
    /* cdc_acm takes both when it gets its control interface, so that comes last. */
    if (link->has_data) {
        (void)link->usb.release_interface(link->handle, link->cdc.data_interface);
    }
    if (link->has_control) {
        (void)link->usb.release_interface(link->handle, link->cdc.control_interface);
    }
    if (link->handle != NULL) {
        link->usb.close(link->handle);
    }
    if (link->device != NULL) {
        link->usb.unref_device(link->device);
    }
    if (link->context != NULL) {
        link->usb.exit(link->context);
    }
    free(link);
}
