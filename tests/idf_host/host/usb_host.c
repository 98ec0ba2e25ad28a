/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Stand-in for the USB Host Library: devices, clients, and the work that only happens while somebody handles
 * library events (enumeration, disconnects, routing of control transfers).
 */
#include "usb/usb_host.h"

#include <stdlib.h>
#include <string.h>

#include "usb_internal.h"

#define MAX_EVENTS 4

struct usb_host_client_handle_s {
    usb_host_client_handle_t next;
    SemaphoreHandle_t wake;
    usb_host_client_event_cb_t callback;
    void *callback_arg;
    usb_host_client_event_msg_t events[MAX_EVENTS];
    unsigned event_count;
    usb_device_handle_t opened[BUS_PORTS];
    unsigned opened_count;
    transfer_t *done; /* oldest first */
};

static struct {
    bool is_installed;
    SemaphoreHandle_t wake;
    uint32_t flags;
    usb_gadget_t *to_enumerate[BUS_PORTS];
    transfer_t *control_done;
    usb_device_handle_t devices[BUS_PORTS]; /* NULL = none; kept until it is gone and closed */
    bool loses_disconnect;
    uint8_t last_address;
    usb_host_client_handle_t clients;
} lib;

/* ---- descriptors: the chip's own USB device. Source: ESP32-S3 TRM ch. 33 and descriptors read from hardware
 * ---- */

static const uint8_t usj_config[CONFIG_SIZE] = {
    9, 2,    CONFIG_SIZE, 0,    3,  1,    0,    0xC0, 250, /* configuration */
    8, 11,   0,           2,    2,  2,    0,    0,         /* association */
    9, 4,    0,           0,    1,  2,    2,    0,    0,   /* communications interface */
    5, 0x24, 0,           0x10, 1,  5,    0x24, 1,    0,   1,    4, 0x24, 2, 2,
    5, 0x24, 6,           0,    1,                                              /* functional */
    7, 5,    0x82,        3,    64, 0,    1,                                    /* notification */
    9, 4,    1,           0,    2,  10,   2,    0,    0,                        /* data interface */
    7, 5,    0x01,        2,    64, 0,    1,    7,    5,   0x81, 2, 64,   0, 1, /* bulk pair */
    9, 4,    2,           0,    2,  0xFF, 0xFF, 1,    0,                        /* JTAG */
    7, 5,    0x02,        2,    64, 0,    1,    7,    5,   0x83, 2, 64,   0, 1,
};

static const uint8_t vendor_config[] = {
    9, 2, 32, 0, 1,    1, 0,  0x80, 50, 9, 4, 0,    0, 2,  0xFF, 0,
    0, 0, 7,  5, 0x01, 2, 64, 0,    0,  7, 5, 0x81, 2, 64, 0,    0,
};

static usb_device_handle_t make_device(unsigned port, usb_gadget_t *gadget)
{
    usb_device_handle_t device = calloc(1, sizeof(*device));
    if (device == NULL) {
        kernel_panic("out of memory");
    }
    device->address = ++lib.last_address;
    device->port = port;
    device->gadget = gadget;
    device->descriptor =
        (usb_device_desc_t){.bLength = 18, .idVendor = gadget->vid, .idProduct = gadget->pid};
    if (gadget->is_vendor_specific) {
        memcpy(device->config, vendor_config, sizeof(vendor_config));
    } else {
        memcpy(device->config, usj_config, sizeof(usj_config));
    }
    const size_t length = strlen(gadget->serial);
    device->serial[0] = gadget->has_bad_serial ? gadget->serial_length : (uint8_t)(2 + 2 * length);
    device->serial[1] = 3;
    for (size_t i = 0; i < length; i++) {
        device->serial[2 + 2 * i] = (uint8_t)gadget->serial[i];
    }
    return device;
}

/* ---- events ---- */

static void send_event(usb_host_client_handle_t client, usb_host_client_event_msg_t event)
{
    if (client->event_count == MAX_EVENTS) {
        kernel_panic("a USB host client does not handle its events");
    }
    client->events[client->event_count++] = event;
    (void)kernel_give_locked(client->wake);
}

static void append_done(transfer_t **list, transfer_t *transfer)
{
    transfer->next_done = NULL;
    while (*list != NULL) {
        list = &(*list)->next_done;
    }
    *list = transfer;
}

void lib_done(transfer_t *transfer)
{
    if (transfer->endpoint == BUS_CONTROL) { /* the library's task routes it */
        append_done(&lib.control_done, transfer);
        (void)kernel_give_locked(lib.wake);
    } else {
        append_done(&transfer->device->client->done, transfer);
        (void)kernel_give_locked(transfer->device->client->wake);
    }
}

void lib_attached(unsigned port, usb_gadget_t *gadget)
{
    lib.to_enumerate[port] = gadget;
    (void)kernel_give_locked(lib.wake);
}

void lib_detached(unsigned port)
{
    if (lib.to_enumerate[port] != NULL) {
        lib.to_enumerate[port] = NULL;
        bus_recycle_port(port);
    } else if (lib.devices[port] != NULL && !lib.devices[port]->is_gone) {
        lib.devices[port]->has_left = true;
        (void)kernel_give_locked(lib.wake);
    }
}

static void free_device(usb_device_handle_t device)
{
    const unsigned port = device->port;
    free(device);
    lib.devices[port] = NULL;
    lib.flags |= USB_HOST_LIB_EVENT_FLAGS_ALL_FREE;
    (void)kernel_give_locked(lib.wake);
    bus_recycle_port(port);
}

/* ---- the library's task ---- */

static void enumerate(unsigned port)
{
    usb_device_handle_t device = make_device(port, lib.to_enumerate[port]);
    lib.to_enumerate[port] = NULL;
    lib.devices[port] = device;
    bus_use(device);
    for (usb_host_client_handle_t client = lib.clients; client != NULL; client = client->next) {
        send_event(client, (usb_host_client_event_msg_t){.event = USB_HOST_CLIENT_EVENT_NEW_DEV,
                                                         .new_dev = {.address = device->address}});
    }
}

/** Transfers come back first, then who has it open is told. */
static void process_disconnect(usb_device_handle_t device)
{
    device->has_left = false;
    device->is_gone = true;
    device->gadget = NULL;
    for (unsigned i = 0; i < 3; i++) {
        transfer_t *transfer = device->pipes[i].transfer;
        if (transfer != NULL) {
            device->pipes[i].transfer = NULL;
            transfer->status = TRANSFER_NO_DEVICE;
            lib_done(transfer);
        }
        device->pipes[i].is_halted = true;
    }
    for (usb_host_client_handle_t client = lib.clients; client != NULL; client = client->next) {
        if (client->opened[device->port] == device && !lib.loses_disconnect) {
            send_event(client, (usb_host_client_event_msg_t){.event = USB_HOST_CLIENT_EVENT_DEV_GONE,
                                                             .dev_gone = {.dev_hdl = device}});
        }
    }
    lib.loses_disconnect = false;
    if (device->open_count == 0) {
        free_device(device);
    }
}

static void route_control_transfers(void)
{
    while (lib.control_done != NULL) {
        transfer_t *transfer = lib.control_done;
        lib.control_done = transfer->next_done;
        usb_host_client_handle_t client = transfer->device->client;
        append_done(&client->done, transfer);
        (void)kernel_give_locked(client->wake);
    }
}

esp_err_t usb_host_lib_handle_events(TickType_t timeout_ticks, uint32_t *event_flags_ret)
{
    if (!lib.is_installed) {
        return ESP_ERR_INVALID_STATE;
    }
    const bool is_woken = xSemaphoreTake(lib.wake, timeout_ticks) == pdTRUE;
    kernel_lock();
    for (unsigned port = 0; port < BUS_PORTS; port++) {
        if (lib.devices[port] != NULL && lib.devices[port]->has_left) {
            process_disconnect(lib.devices[port]);
        }
        if (lib.to_enumerate[port] != NULL) {
            enumerate(port);
        }
    }
    route_control_transfers();
    *event_flags_ret = lib.flags;
    lib.flags = 0;
    kernel_unlock();
    return is_woken ? ESP_OK : ESP_ERR_TIMEOUT;
}

esp_err_t usb_host_install(const usb_host_config_t *config)
{
    if (config == NULL) {
        return ESP_ERR_INVALID_ARG;
    }
    if (lib.is_installed) {
        return ESP_ERR_INVALID_STATE;
    }
    lib.wake = xSemaphoreCreateBinary();
    lib.is_installed = true;
    return ESP_OK;
}

/* ---- clients ---- */

esp_err_t usb_host_client_register(const usb_host_client_config_t *config,
                                   usb_host_client_handle_t *out_client)
{
    if (!lib.is_installed) {
        return ESP_ERR_INVALID_STATE;
    }
    if (config == NULL || config->max_num_event_msg <= 0 || config->async.client_event_callback == NULL) {
        return ESP_ERR_INVALID_ARG;
    }
    usb_host_client_handle_t client = calloc(1, sizeof(*client));
    if (client == NULL) {
        return ESP_ERR_NO_MEM;
    }
    client->wake = xSemaphoreCreateBinary();
    client->callback = config->async.client_event_callback;
    client->callback_arg = config->async.callback_arg;
    kernel_lock();
    client->next = lib.clients;
    lib.clients = client;
    kernel_unlock();
    *out_client = client;
    return ESP_OK;
}

esp_err_t usb_host_client_deregister(usb_host_client_handle_t client)
{
    kernel_lock();
    const bool can_leave = client->opened_count == 0 && client->done == NULL;
    if (can_leave) {
        usb_host_client_handle_t *link = &lib.clients;
        while (*link != client) {
            link = &(*link)->next;
        }
        *link = client->next;
        if (lib.clients == NULL) {
            lib.flags |= USB_HOST_LIB_EVENT_FLAGS_NO_CLIENTS;
            (void)kernel_give_locked(lib.wake);
        }
    }
    kernel_unlock();
    if (!can_leave) {
        return ESP_ERR_INVALID_STATE;
    }
    vSemaphoreDelete(client->wake);
    free(client);
    return ESP_OK;
}

static transfer_t *take_done(usb_host_client_handle_t client)
{
    kernel_lock();
    transfer_t *transfer = client->done;
    if (transfer != NULL) {
        client->done = transfer->next_done;
        transfer->is_in_flight = false;
        transfer->is_in_callback = true;
    }
    kernel_unlock();
    return transfer;
}

static void call_back(transfer_t *transfer)
{
    transfer->callback(transfer);
    kernel_lock();
    transfer->is_in_callback = false;
    kernel_unlock();
}

static bool take_event(usb_host_client_handle_t client, usb_host_client_event_msg_t *out_event)
{
    kernel_lock();
    const bool has_event = client->event_count > 0;
    if (has_event) {
        *out_event = client->events[0];
        client->event_count--;
        memmove(client->events, client->events + 1, client->event_count * sizeof(client->events[0]));
    }
    kernel_unlock();
    return has_event;
}

esp_err_t usb_host_client_handle_events(usb_host_client_handle_t client, TickType_t timeout_ticks)
{
    if (xSemaphoreTake(client->wake, timeout_ticks) != pdTRUE) {
        return timeout_ticks == 0 ? ESP_OK : ESP_ERR_TIMEOUT;
    }
    for (transfer_t *transfer = take_done(client); transfer != NULL; transfer = take_done(client)) {
        call_back(transfer);
    }
    usb_host_client_event_msg_t event;
    while (take_event(client, &event)) {
        client->callback(&event, client->callback_arg);
    }
    return ESP_OK;
}

/* ---- devices ---- */

esp_err_t usb_host_device_addr_list_fill(int list_len, uint8_t *list, int *out_count)
{
    if (list_len < 0 || list == NULL || out_count == NULL) {
        return ESP_ERR_INVALID_ARG;
    }
    kernel_lock();
    *out_count = 0;
    for (unsigned port = 0; port < BUS_PORTS; port++) {
        if (lib.devices[port] != NULL && *out_count < list_len) {
            list[(*out_count)++] = lib.devices[port]->address;
        }
    }
    kernel_unlock();
    return ESP_OK;
}

static usb_device_handle_t find_device(uint8_t address)
{
    for (unsigned port = 0; port < BUS_PORTS; port++) {
        if (lib.devices[port] != NULL && lib.devices[port]->address == address) {
            return lib.devices[port];
        }
    }
    return NULL;
}

/* One that is gone is listed until everybody has closed it, and cannot be opened (usbh.c: usbh_devs_open). */
esp_err_t usb_host_device_open(usb_host_client_handle_t client, uint8_t address,
                               usb_device_handle_t *out_device)
{
    esp_err_t err = ESP_OK;
    kernel_lock();
    usb_device_handle_t device = find_device(address);
    if (device == NULL) {
        err = ESP_ERR_NOT_FOUND;
    } else if (device->is_gone || client->opened[device->port] == device) {
        err = ESP_ERR_INVALID_STATE;
    } else {
        client->opened[device->port] = device;
        client->opened_count++;
        device->open_count++;
        *out_device = device;
    }
    kernel_unlock();
    return err;
}

esp_err_t usb_host_device_close(usb_host_client_handle_t client, usb_device_handle_t device)
{
    esp_err_t err = ESP_OK;
    kernel_lock();
    if (client->opened[device->port] != device) {
        err = ESP_ERR_NOT_FOUND;
    } else {
        client->opened[device->port] = NULL;
        client->opened_count--;
        device->open_count--;
        if (device->is_gone && device->open_count == 0) {
            free_device(device);
        }
    }
    kernel_unlock();
    return err;
}

esp_err_t usb_host_device_info(usb_device_handle_t device, usb_device_info_t *out_info)
{
    *out_info = (usb_device_info_t){
        .dev_addr = device->address,
        .str_desc_serial_num = (const usb_str_desc_t *)(const void *)device->serial,
    };
    return ESP_OK;
}

esp_err_t usb_host_get_device_descriptor(usb_device_handle_t device, const usb_device_desc_t **out_descriptor)
{
    *out_descriptor = &device->descriptor;
    return ESP_OK;
}

esp_err_t usb_host_get_active_config_descriptor(usb_device_handle_t device,
                                                const usb_config_desc_t **out_config)
{
    *out_config = (const usb_config_desc_t *)(const void *)device->config;
    return ESP_OK;
}

void bus_raise_library_flags(uint32_t flags)
{
    lib.flags |= flags;
    (void)kernel_give_locked(lib.wake);
}

unsigned bus_device_count(void)
{
    unsigned count = 0;
    for (unsigned port = 0; port < BUS_PORTS; port++) {
        count += lib.devices[port] != NULL ? 1u : 0u;
    }
    return count;
}

void bus_lose_disconnect(void)
{
    lib.loses_disconnect = true;
}
