/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The life cycle of an open device. Two kinds of code meet here: calls of the application's task, and
 * callbacks in the CDC-ACM driver's task ("USB-CDC"), which may run on another core and may come at any
 * instant, even while open has not returned yet or just after close has.
 *
 *   state     calls enter   callbacks enter   left by
 *   FREE      no            no                open: to OPENING
 *   OPENING   no            yes               open: to OPEN, or on failure to CLOSING
 *   OPEN      yes           yes               close: to CLOSING
 *   CLOSING   no            no                close, when the last one inside has left: to FREE
 *
 * is_gone, has_failed and has_overrun record what happened to a link; they never change its state.
 *
 * Nothing is used after it was freed: this table is never freed. A callback carries a token (index and
 * generation) instead of a pointer and is, like every call, counted in and out under the lock. Closing turns
 * the gate, waits until no task is inside, closes the device, and only then frees ring and semaphore.
 *
 * Nothing waits for ever: who is inside runs a few instructions, or waits on `wake`, which close gives, or is
 * in a driver function with a time limit. A semaphore and not a task notification, because the USB Host
 * Library uses index 0 of the calling task itself.
 */
#include "usb_cdc_link.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "freertos/semphr.h"
#include "freertos/task.h"

#include "esp_err.h"
#include "esp_log.h"
#include "esp_timer.h"

#include "rx_ring.h"
#include "usb_cdc_claim.h"

#define DEFAULT_CONNECTION_TIMEOUT_MS 1000u
#define DEFAULT_OUT_BUFFER_SIZE       4096u
#define MIN_OUT_BUFFER_SIZE           64u   /* one full-speed packet */
#define MAX_OUT_BUFFER_SIZE           8128u /* 127 full-speed packets, the controller's limit */
#define LOOK_PERIOD_MS                50u   /* between two looks for a device, as the driver has it */
#define OPEN_SLICE_MS                 100u  /* the driver holds its lock while it waits; 0 means for ever */
#define GONE_DELAY_MS                 50u   /* from a failed transfer to the disconnect event */
#define LARGEST_COPY                  512u  /* bytes, with interrupts disabled: one high-speed packet */
#define UART_RATE_BAUD                115200u

static const char *const tag = "usb_cdc_acm";

typedef enum { LINK_FREE = 0, LINK_OPENING, LINK_OPEN, LINK_CLOSING } link_state_t;

struct usb_cdc_link {
    /* under the lock */
    link_state_t state;
    const esp32_usb_cdc_acm_port_t *owner;
    uint32_t generation; /* of this use of the entry */
    uint32_t inside;     /* calls and callbacks that have entered */
    TaskHandle_t callback_task;
    bool is_gone;
    bool has_failed;
    bool has_overrun;
    rx_ring_t ring;

    /* written before callbacks or calls can enter, constant until all have left */
    usb_cdc_link_info_t info;
    SemaphoreHandle_t wake;
    loader_port_esp32_usb_cdc_acm_callback_t on_error;
    loader_port_esp32_usb_cdc_acm_callback_t on_disconnect;
    loader_port_esp32_usb_cdc_acm_callback_t on_serial_state;
};

static usb_cdc_link_t links[ESP32_USB_CDC_ACM_MAX_OPEN];
static portMUX_TYPE lock = portMUX_INITIALIZER_UNLOCKED;

static TickType_t ms_to_ticks_up(uint32_t ms)
{
    return (TickType_t)(((uint64_t)ms * configTICK_RATE_HZ + 999u) / 1000u);
}

/* ---- the gate ---- */

/* Under the lock. */
static usb_cdc_link_t *find(const esp32_usb_cdc_acm_port_t *port)
{
    for (size_t i = 0; i < ESP32_USB_CDC_ACM_MAX_OPEN; i++) {
        if (links[i].state != LINK_FREE && links[i].owner == port) {
            return &links[i];
        }
    }
    return NULL;
}

usb_cdc_link_t *usb_cdc_link_enter(const esp32_usb_cdc_acm_port_t *port)
{
    portENTER_CRITICAL(&lock);
    usb_cdc_link_t *link = find(port);
    if (link != NULL && link->state == LINK_OPEN) {
        link->inside++;
    } else {
        link = NULL;
    }
    portEXIT_CRITICAL(&lock);
    return link;
}

void usb_cdc_link_leave(usb_cdc_link_t *link)
{
    portENTER_CRITICAL(&lock);
    link->inside--;
    portEXIT_CRITICAL(&lock);
}

static void *token_of(const usb_cdc_link_t *link)
{
    const uintptr_t index = (uintptr_t)(link - links);
    return (void *)((uintptr_t)link->generation * ESP32_USB_CDC_ACM_MAX_OPEN + index);
}

/** Enters a callback, unless the link it was registered for is closing or closed. */
static usb_cdc_link_t *enter_callback(void *token)
{
    usb_cdc_link_t *link = &links[(uintptr_t)token % ESP32_USB_CDC_ACM_MAX_OPEN];
    const TaskHandle_t task = xTaskGetCurrentTaskHandle();
    portENTER_CRITICAL(&lock);
    if ((link->state == LINK_OPENING || link->state == LINK_OPEN) && token_of(link) == token) {
        link->inside++;
        link->callback_task = task;
    } else {
        link = NULL;
    }
    portEXIT_CRITICAL(&lock);
    return link;
}

static void leave_callback(usb_cdc_link_t *link)
{
    portENTER_CRITICAL(&lock);
    link->callback_task = NULL;
    link->inside--;
    portEXIT_CRITICAL(&lock);
}

/* ---- driver callbacks ---- */

static bool on_data(const uint8_t *data, size_t size, void *token)
{
    usb_cdc_link_t *link = enter_callback(token);
    if (link != NULL) {
        portENTER_CRITICAL(&lock);
        /* After an overrun nothing is taken until the reader has come to the hole and knows. */
        if (!link->has_overrun && rx_ring_put(&link->ring, data, size) < size) {
            link->has_overrun = true;
        }
        portEXIT_CRITICAL(&lock);
        (void)xSemaphoreGive(link->wake); /* fails when it is given already, which is as good */
        leave_callback(link);
    }
    return true; /* false would not bring the bytes back */
}

static void raise_flag(usb_cdc_link_t *link, bool *flag)
{
    portENTER_CRITICAL(&lock);
    *flag = true;
    portEXIT_CRITICAL(&lock);
    (void)xSemaphoreGive(link->wake);
}

static void call(loader_port_esp32_usb_cdc_acm_callback_t callback)
{
    if (callback != NULL) {
        callback();
    }
}

static void on_event(const cdc_acm_host_dev_event_data_t *event, void *token)
{
    usb_cdc_link_t *link = enter_callback(token);
    if (link == NULL) {
        return;
    }
    switch (event->type) {
    case CDC_ACM_HOST_ERROR: /* the driver does not poll this endpoint again */
        ESP_LOGW(tag, "USB transfer failed, status %d", event->data.error);
        raise_flag(link, &link->has_failed);
        call(link->on_error);
        break;
    case CDC_ACM_HOST_DEVICE_DISCONNECTED:
        raise_flag(link, &link->is_gone);
        call(link->on_disconnect);
        break;
    case CDC_ACM_HOST_SERIAL_STATE:
        if (event->data.serial_state.bOverRun) {
            raise_flag(link, &link->has_overrun);
        }
        call(link->on_serial_state);
        break;
    default: /* suspend, resume, network */
        break;
    }
    leave_callback(link);
}

/* ---- open and close ---- */

/* Under the lock. */
static bool is_in_any_callback(TaskHandle_t task)
{
    bool is_in = false;
    for (size_t i = 0; i < ESP32_USB_CDC_ACM_MAX_OPEN; i++) {
        is_in = is_in || (links[i].state != LINK_FREE && links[i].callback_task == task);
    }
    return is_in;
}

static size_t out_buffer_size(uint32_t wanted)
{
    const uint32_t size = wanted == 0 ? DEFAULT_OUT_BUFFER_SIZE : wanted;
    return size < MIN_OUT_BUFFER_SIZE   ? MIN_OUT_BUFFER_SIZE
           : size > MAX_OUT_BUFFER_SIZE ? MAX_OUT_BUFFER_SIZE
                                        : size;
}

static usb_cdc_link_t *claim(const esp32_usb_cdc_acm_port_t *port)
{
    usb_cdc_link_t *link = NULL;
    portENTER_CRITICAL(&lock);
    for (size_t i = 0; i < ESP32_USB_CDC_ACM_MAX_OPEN && link == NULL; i++) {
        if (links[i].state == LINK_FREE) {
            link = &links[i];
            *link = (usb_cdc_link_t){
                .state = LINK_OPENING,
                .owner = port,
                .generation = links[i].generation + 1u,
                .inside = 1,
                .on_error = port->acm_host_error_callback,
                .on_disconnect = port->device_disconnected_callback,
                .on_serial_state = port->acm_host_serial_state_callback,
            };
        }
    }
    portEXIT_CRITICAL(&lock);
    if (link != NULL) {
        link->info.max_transfer = out_buffer_size(port->out_buffer_size);
    }
    return link;
}

static esp_loader_error_t allocate(usb_cdc_link_t *link)
{
    link->wake = xSemaphoreCreateBinary();
    link->ring = (rx_ring_t){.memory = malloc(ESP32_USB_CDC_ACM_RX_RING_SIZE)};
    if (link->wake == NULL || link->ring.memory == NULL) {
        ESP_LOGE(tag, "not enough memory to open a device");
        return ESP_LOADER_ERROR_FAIL;
    }
    link->ring.capacity = ESP32_USB_CDC_ACM_RX_RING_SIZE;
    return ESP_LOADER_SUCCESS;
}

static bool is_still_opening(const usb_cdc_link_t *link)
{
    portENTER_CRITICAL(&lock);
    const bool is_opening = link->state == LINK_OPENING;
    portEXIT_CRITICAL(&lock);
    return is_opening;
}

/** One slice of waiting: looks for a device and opens it. */
static esp_err_t try_to_open(usb_cdc_link_t *link, const esp32_usb_cdc_acm_port_t *port)
{
    const cdc_acm_host_device_config_t config = {
        .connection_timeout_ms = OPEN_SLICE_MS,
        .out_buffer_size = link->info.max_transfer,
        .in_buffer_size =
            0, /* one packet: a longer transfer would wait for a short packet the chip does not send */
        .event_cb = on_event,
        .data_cb = on_data,
        .user_arg = token_of(link),
    };
    const esp_err_t err =
        usb_cdc_claim_open(port->device_vid, port->device_pid, &config, &link->info.id, &link->info.device);
    if (err != ESP_OK) {
        vTaskDelay(ms_to_ticks_up(LOOK_PERIOD_MS));
    }
    return err;
}

static esp_loader_error_t wait_for_device(usb_cdc_link_t *link, const esp32_usb_cdc_acm_port_t *port)
{
    const uint32_t timeout_ms =
        port->connection_timeout_ms == 0 ? DEFAULT_CONNECTION_TIMEOUT_MS : port->connection_timeout_ms;
    const int64_t deadline_us = esp_timer_get_time() + (int64_t)timeout_ms * 1000;
    for (;;) {
        const esp_err_t err = try_to_open(link, port);
        if (err == ESP_OK) {
            return ESP_LOADER_SUCCESS;
        }
        if (err == ESP_ERR_NOT_SUPPORTED) {
            ESP_LOGE(tag,
                     "no driver in this build for the attached USB device, or none that opens a second one");
            return ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
        }
        if (!is_still_opening(link)) {
            return ESP_LOADER_ERROR_DISCONNECTED;
        }
        if (esp_timer_get_time() >= deadline_us) {
            if (err == ESP_ERR_NOT_FOUND) {
                return ESP_LOADER_ERROR_PORT_NOT_FOUND;
            }
            ESP_LOGE(tag, "cannot open the USB device: error 0x%x", (unsigned)err);
            return err == ESP_ERR_NO_MEM ? ESP_LOADER_ERROR_FAIL : ESP_LOADER_ERROR_IO;
        }
    }
}

/** A converter may still be at the rate of its last user. The chip's own USB has no rate. */
static esp_loader_error_t set_first_rate(usb_cdc_link_t *link)
{
    if (link->info.id.kind != ESP_LOADER_LINK_UART) {
        return ESP_LOADER_SUCCESS;
    }
    const cdc_acm_line_coding_t coding = {.dwDTERate = UART_RATE_BAUD, .bDataBits = 8};
    const esp_err_t err = cdc_acm_host_line_coding_set(link->info.device, &coding);
    return err == ESP_OK || err == ESP_ERR_NOT_SUPPORTED ? ESP_LOADER_SUCCESS
                                                         : usb_cdc_link_lost(link, false);
}

esp_loader_error_t usb_cdc_link_open(const esp32_usb_cdc_acm_port_t *port)
{
    usb_cdc_link_close(port);
    usb_cdc_link_t *link = claim(port);
    if (link == NULL) {
        return ESP_LOADER_ERROR_PORT_BUSY;
    }
    esp_loader_error_t error = allocate(link);
    if (error == ESP_LOADER_SUCCESS) {
        error = wait_for_device(link, port);
    }
    if (error == ESP_LOADER_SUCCESS) {
        error = set_first_rate(link);
    }
    portENTER_CRITICAL(&lock);
    if (error == ESP_LOADER_SUCCESS) {
        if (link->state == LINK_OPENING && !link->is_gone) {
            link->state = LINK_OPEN;
        } else {
            error = ESP_LOADER_ERROR_DISCONNECTED;
        }
    }
    link->inside--;
    portEXIT_CRITICAL(&lock);
    if (error != ESP_LOADER_SUCCESS) {
        usb_cdc_link_close(port);
    }
    return error;
}

/** Waits until everybody has left who entered before the state became CLOSING. */
static void wait_until_empty(usb_cdc_link_t *link)
{
    for (;;) {
        portENTER_CRITICAL(&lock);
        const bool is_empty = link->inside == 0;
        portEXIT_CRITICAL(&lock);
        if (is_empty) {
            return;
        }
        if (link->wake != NULL) {
            (void)xSemaphoreGive(link->wake);
        }
        vTaskDelay(1);
    }
}

static void wait_until_closed_by_other(const usb_cdc_link_t *link, uint32_t generation)
{
    bool is_closed = false;
    while (!is_closed) {
        vTaskDelay(1);
        portENTER_CRITICAL(&lock);
        is_closed = link->state == LINK_FREE || link->generation != generation;
        portEXIT_CRITICAL(&lock);
    }
}

void usb_cdc_link_close(const esp32_usb_cdc_acm_port_t *port)
{
    const TaskHandle_t task = xTaskGetCurrentTaskHandle();
    portENTER_CRITICAL(&lock);
    usb_cdc_link_t *link = find(port);
    const uint32_t generation = link != NULL ? link->generation : 0;
    const bool is_in_callback = link != NULL && is_in_any_callback(task);
    const bool is_mine = link != NULL && !is_in_callback && link->state != LINK_CLOSING;
    if (is_in_callback) {
        link->is_gone = true;
    } else if (is_mine) {
        link->state = LINK_CLOSING;
    }
    portEXIT_CRITICAL(&lock);
    if (link == NULL || is_in_callback) {
        return;
    }
    if (!is_mine) {
        wait_until_closed_by_other(link, generation);
        return;
    }

    wait_until_empty(link);
    if (link->info.device != NULL) {
        const esp_err_t err = cdc_acm_host_close(link->info.device);
        if (err != ESP_OK) { /* the driver was uninstalled and has taken the device with it */
            ESP_LOGW(tag, "closing the USB device: error 0x%x", (unsigned)err);
        }
    }
    usb_cdc_claim_release(link->info.id.address);
    free(link->ring.memory);
    if (link->wake != NULL) {
        vSemaphoreDelete(link->wake);
    }
    portENTER_CRITICAL(&lock);
    link->owner = NULL;
    link->state = LINK_FREE;
    portEXIT_CRITICAL(&lock);
}

/* ---- between enter and leave ---- */

const usb_cdc_link_info_t *usb_cdc_link_info(const usb_cdc_link_t *link)
{
    return &link->info;
}

/* Under the lock. */
static esp_loader_error_t state_of(const usb_cdc_link_t *link)
{
    if (link->is_gone || link->state == LINK_CLOSING) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    return link->has_failed ? ESP_LOADER_ERROR_IO : ESP_LOADER_SUCCESS;
}

esp_loader_error_t usb_cdc_link_state(usb_cdc_link_t *link)
{
    portENTER_CRITICAL(&lock);
    const esp_loader_error_t error = state_of(link);
    portEXIT_CRITICAL(&lock);
    return error;
}

size_t usb_cdc_link_take(usb_cdc_link_t *link, uint8_t *buf, size_t size, esp_loader_error_t *out_error)
{
    bool is_hole = false;
    portENTER_CRITICAL(&lock);
    const size_t taken = rx_ring_take(&link->ring, buf, size < LARGEST_COPY ? size : LARGEST_COPY);
    *out_error = ESP_LOADER_SUCCESS;
    if (taken == 0) {
        *out_error = state_of(link);
        is_hole = link->has_overrun;
        link->has_overrun = false;
    }
    portEXIT_CRITICAL(&lock);
    if (is_hole) {
        ESP_LOGW(tag, "received bytes were lost");
        if (*out_error == ESP_LOADER_SUCCESS) {
            *out_error = ESP_LOADER_ERROR_IO;
        }
    }
    return taken;
}

void usb_cdc_link_wait(usb_cdc_link_t *link, TickType_t ticks)
{
    (void)xSemaphoreTake(link->wake, ticks);
}

esp_loader_error_t usb_cdc_link_lost(usb_cdc_link_t *link, bool is_fatal)
{
    const int64_t deadline_us = esp_timer_get_time() + (int64_t)GONE_DELAY_MS * 1000;
    while (usb_cdc_link_state(link) != ESP_LOADER_ERROR_DISCONNECTED && esp_timer_get_time() < deadline_us) {
        usb_cdc_link_wait(link, ms_to_ticks_up(GONE_DELAY_MS));
    }
    portENTER_CRITICAL(&lock);
    link->has_failed = link->has_failed || is_fatal;
    const esp_loader_error_t error = state_of(link);
    portEXIT_CRITICAL(&lock);
    return error == ESP_LOADER_SUCCESS ? ESP_LOADER_ERROR_IO : error;
}
