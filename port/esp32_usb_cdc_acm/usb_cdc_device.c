/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The table of known devices, the search for them and questions about one. All of it looks at descriptors
 * only, through a short-lived client of the USB Host Library of its own, so trying ids one after the other,
 * each with a full timeout, is not needed.
 *
 * Sources: USB ids from esptool 5.3, esp-idf and esp-usb; CDC class codes from "USB Class Definitions for
 * Communications Devices" 1.2, section 4.
 */
#include "usb_cdc_device.h"

#include <string.h>

#include "usb/usb_host.h"

#include "esp32_usb_cdc_acm_port.h"

#define DESCRIPTOR_TYPE_INTERFACE 0x04
#define INTERFACE_SIZE            9
#define CLASS_COMMUNICATIONS      0x02
#define SUBCLASS_ACM              0x02
#define ANY_PID                   0

typedef struct {
    uint16_t vid;
    uint16_t pid;
    usb_cdc_driver_t driver;
    esp_loader_link_t kind;
} known_device_t;

/* The first row that fits decides. Devices of Espressif that are not listed run a USB stack of their
 * application. */
static const known_device_t known_devices[] = {
    {ESPRESSIF_VID, ESP_SERIAL_JTAG_PID, USB_CDC_DRIVER_ACM, ESP_LOADER_LINK_USB_SERIAL_JTAG},
    {ESPRESSIF_VID, 0x0002, USB_CDC_DRIVER_ACM, ESP_LOADER_LINK_USB_OTG}, /* ROM of the ESP32-S2 */
    {ESPRESSIF_VID, 0x0009, USB_CDC_DRIVER_ACM, ESP_LOADER_LINK_USB_OTG}, /* ROM of the ESP32-S3 */
    {ESPRESSIF_VID, 0x0012, USB_CDC_DRIVER_ACM, ESP_LOADER_LINK_USB_OTG}, /* ROM of the ESP32-P4 */
    {ESPRESSIF_VID, 0x1002, USB_CDC_DRIVER_ACM, ESP_LOADER_LINK_UART},    /* ESP USB bridge */
    {ESPRESSIF_VID, ANY_PID, USB_CDC_DRIVER_ACM, ESP_LOADER_LINK_UNKNOWN},
    {0x10C4, 0xEA60, USB_CDC_DRIVER_CP210X, ESP_LOADER_LINK_UART}, /* CP2102, CP2104, CP2102N */
    {0x10C4, 0xEA70, USB_CDC_DRIVER_CP210X, ESP_LOADER_LINK_UART}, /* CP2105 */
    {0x10C4, 0xEA71, USB_CDC_DRIVER_CP210X, ESP_LOADER_LINK_UART}, /* CP2108 */
    {0x1A86, 0x7522, USB_CDC_DRIVER_CH34X, ESP_LOADER_LINK_UART},  /* CH340 */
    {0x1A86, 0x7523, USB_CDC_DRIVER_CH34X, ESP_LOADER_LINK_UART},  /* CH340 */
    {0x1A86, 0x5523, USB_CDC_DRIVER_CH34X, ESP_LOADER_LINK_UART},  /* CH341 */
};

/** What a device with these ids is; an id that is not in the table is taken for a CDC-ACM converter. */
static usb_cdc_device_t device_from_ids(uint16_t vid, uint16_t pid)
{
    usb_cdc_device_t device = {
        .vid = vid, .pid = pid, .driver = USB_CDC_DRIVER_ACM, .kind = ESP_LOADER_LINK_UART};
    for (size_t i = 0; i < sizeof(known_devices) / sizeof(known_devices[0]); i++) {
        const known_device_t *row = &known_devices[i];
        if (row->vid == vid && (row->pid == pid || row->pid == ANY_PID)) {
            device.driver = row->driver;
            device.kind = row->kind;
            break;
        }
    }
    return device;
}

/** Finds the first CDC-ACM communications interface of a configuration descriptor, which is the device's
 * word. */
static bool find_acm_interface(const uint8_t *descriptor, size_t size, uint8_t *out_interface)
{
    size_t at = 0;
    while (size - at >= 2) {
        const size_t length = descriptor[at];
        if (length < 2 || length > size - at) {
            return false;
        }
        if (descriptor[at + 1] == DESCRIPTOR_TYPE_INTERFACE && length >= INTERFACE_SIZE &&
            descriptor[at + 5] == CLASS_COMMUNICATIONS && descriptor[at + 6] == SUBCLASS_ACM) {
            *out_interface = descriptor[at + 2];
            return true;
        }
        at += length;
    }
    return false;
}

/** Decides whether an attached device fits. One that was asked for by both ids need not show a CDC-ACM
 * function: its driver may find a way. */
static bool can_drive(usb_device_handle_t handle, uint16_t vid, uint16_t pid, usb_cdc_device_t *out_device)
{
    const usb_device_desc_t *descriptor;
    const usb_config_desc_t *config;
    if (usb_host_get_device_descriptor(handle, &descriptor) != ESP_OK ||
        usb_host_get_active_config_descriptor(handle, &config) != ESP_OK) {
        return false;
    }
    if ((vid != USB_VID_PID_AUTO_DETECT && vid != descriptor->idVendor) ||
        (pid != USB_VID_PID_AUTO_DETECT && pid != descriptor->idProduct)) {
        return false;
    }
    *out_device = device_from_ids(descriptor->idVendor, descriptor->idProduct);
    const bool has_acm = find_acm_interface((const uint8_t *)(const void *)config, config->wTotalLength,
                                            &out_device->interface_idx);
    const bool is_exact = vid != USB_VID_PID_AUTO_DETECT && pid != USB_VID_PID_AUTO_DETECT;
    return has_acm || is_exact || out_device->driver != USB_CDC_DRIVER_ACM;
}

static void ignore_client_event(const usb_host_client_event_msg_t *event, void *arg)
{
    (void)event;
    (void)arg;
}

static esp_err_t enter(usb_host_client_handle_t *out_client)
{
    const usb_host_client_config_t config = {
        .max_num_event_msg = 3,
        .async = {.client_event_callback = ignore_client_event},
    };
    return usb_host_client_register(&config, out_client);
}

/* Both fail only for what is not open. Events that came meanwhile go with the client. */
static esp_err_t leave(usb_host_client_handle_t client, usb_device_handle_t device)
{
    if (device != NULL) {
        (void)usb_host_device_close(client, device);
    }
    return usb_host_client_deregister(client);
}

esp_err_t usb_cdc_device_find(uint16_t vid, uint16_t pid, bool (*is_taken)(uint8_t address),
                              usb_cdc_device_t *out_device)
{
    usb_host_client_handle_t client;
    esp_err_t err = enter(&client);
    if (err != ESP_OK) {
        return err;
    }

    uint8_t addresses[16];
    int count = 0;
    err = usb_host_device_addr_list_fill((int)sizeof(addresses), addresses, &count);
    bool is_found = false;
    for (int i = 0; err == ESP_OK && i < count && !is_found; i++) {
        usb_device_handle_t handle;
        if (!is_taken(addresses[i]) && usb_host_device_open(client, addresses[i], &handle) == ESP_OK) {
            is_found = can_drive(handle, vid, pid, out_device);
            out_device->address = addresses[i];
            (void)usb_host_device_close(client, handle); /* fails only for a handle that is not open */
        }
    }

    const esp_err_t left = leave(client, NULL);
    if (err != ESP_OK || left != ESP_OK) {
        return err != ESP_OK ? err : left;
    }
    return is_found ? ESP_OK : ESP_ERR_NOT_FOUND;
}

bool usb_cdc_device_is_attached(uint8_t address)
{
    usb_host_client_handle_t client;
    if (enter(&client) != ESP_OK) {
        return true;
    }
    usb_device_handle_t device = NULL;
    const bool is_attached = usb_host_device_open(client, address, &device) == ESP_OK;
    (void)leave(client, device);
    return is_attached;
}

void usb_cdc_device_read_serial(uint8_t address, char *buf, size_t size)
{
    memset(buf, 0, size);
    usb_host_client_handle_t client;
    if (enter(&client) != ESP_OK) {
        return;
    }
    usb_device_handle_t device = NULL;
    usb_device_info_t info;
    if (usb_host_device_open(client, address, &device) == ESP_OK &&
        usb_host_device_info(device, &info) == ESP_OK && info.str_desc_serial_num != NULL) {
        const size_t bytes = info.str_desc_serial_num->bLength; /* the device's word; its header has 2 */
        for (size_t i = 0; 2u * i + 3u < bytes && i + 1u < size; i++) {
            const uint16_t character = info.str_desc_serial_num->wData[i];
            buf[i] = character > ' ' && character <= '~' ? (char)character : '?';
        }
    }
    (void)leave(client, device);
}

/* The driver has had addresses since 2.4.0, in which cdc_acm_host_open became a macro. */
#ifdef cdc_acm_host_open

#define ACM_OPENS_BY_ADDRESS true

static esp_err_t open_acm(const usb_cdc_device_t *device, const cdc_acm_host_device_config_t *config,
                          cdc_acm_dev_hdl_t *out_handle)
{
    const cdc_acm_host_open_config_t open_config = {
        .vid = device->vid,
        .pid = device->pid,
        .interface_idx = device->interface_idx,
        .dev_addr = device->address,
        .connection_timeout_ms = config->connection_timeout_ms,
        .out_buffer_size = config->out_buffer_size,
        .in_buffer_size = config->in_buffer_size,
        .event_cb = config->event_cb,
        .data_cb = config->data_cb,
        .user_arg = config->user_arg,
    };
    return cdc_acm_host_open(&open_config, out_handle);
}

#else

#define ACM_OPENS_BY_ADDRESS false

static esp_err_t open_acm(const usb_cdc_device_t *device, const cdc_acm_host_device_config_t *config,
                          cdc_acm_dev_hdl_t *out_handle)
{
    return cdc_acm_host_open(device->vid, device->pid, device->interface_idx, config, out_handle);
}

#endif

bool usb_cdc_device_opens_by_address(const usb_cdc_device_t *device)
{
    return ACM_OPENS_BY_ADDRESS && device->driver == USB_CDC_DRIVER_ACM;
}

esp_err_t usb_cdc_device_open(const usb_cdc_device_t *device, const cdc_acm_host_device_config_t *config,
                              cdc_acm_dev_hdl_t *out_handle)
{
    return device->driver == USB_CDC_DRIVER_ACM ? open_acm(device, config, out_handle)
                                                : usb_cdc_vendor_open(device, config, out_handle);
}
