/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Stand-in for the CDC-ACM class driver. It does what the real one does to callers: callbacks in its own task
 * "USB-CDC", also before open has returned; an IN transfer that failed is not started again; a device that is
 * closed is freed at once, whoever still uses it; a control request that is late answers the next one.
 */
#include "usb/cdc_acm_host.h"

#include <stdlib.h>
#include <string.h>

#include "freertos/semphr.h"
#include "freertos/task.h"

#include "cdc_driver.h"
#include "usb_internal.h"

#define IN_SIZE            64u
#define CONTROL_SIZE       64u
#define CONTROL_TIMEOUT_MS 5000u
#define POLL_MS            50u

struct cdc_dev_s {
    cdc_acm_dev_hdl_t next;
    usb_device_handle_t device;
    cdc_acm_host_dev_callback_t event_cb;
    cdc_acm_data_callback_t data_cb;
    void *arg;
    transfer_t in;
    transfer_t out;
    transfer_t control;
    SemaphoreHandle_t out_done;
    SemaphoreHandle_t out_mutex;
    SemaphoreHandle_t control_done;
    SemaphoreHandle_t control_mutex;
    size_t out_size;
};

static struct {
    usb_host_client_handle_t client;
    SemaphoreHandle_t open_close_mutex;
    cdc_acm_dev_hdl_t devices;
    bool is_old;
    cdc_driver_counts_t counts;
    void (*pauses[CDC_PLACE_COUNT])(void);
} driver;

void cdc_driver_pause_at(cdc_place_t place, void (*function)(void))
{
    kernel_lock();
    driver.pauses[place] = function;
    kernel_unlock();
}

void cdc_driver_be_older_than_2_2(void)
{
    driver.is_old = true;
}

cdc_driver_counts_t cdc_driver_counts(void)
{
    kernel_lock();
    const cdc_driver_counts_t counts = driver.counts;
    kernel_unlock();
    return counts;
}

static void pause_at(cdc_place_t place)
{
    kernel_lock();
    void (*function)(void) = driver.pauses[place];
    kernel_unlock();
    if (function != NULL) {
        function();
    }
}

/* ---- in the driver's task ---- */

static void tell(cdc_acm_dev_hdl_t dev, const cdc_acm_host_dev_event_data_t *event)
{
    kernel_lock();
    const cdc_acm_host_dev_callback_t callback = dev->event_cb;
    void *arg = dev->arg;
    kernel_unlock();
    if (callback != NULL) {
        pause_at(CDC_BEFORE_EVENT_CALLBACK);
        callback(event, arg);
    }
}

static esp_err_t submit(transfer_t *transfer)
{
    kernel_lock();
    const esp_err_t err = bus_submit(transfer);
    kernel_unlock();
    return err;
}

static void on_in_done(transfer_t *transfer)
{
    cdc_acm_dev_hdl_t dev = transfer->context;
    if (transfer->status == TRANSFER_NO_DEVICE || transfer->status == TRANSFER_CANCELED) {
        return;
    }
    if (transfer->status != TRANSFER_COMPLETED) {
        tell(dev, &(cdc_acm_host_dev_event_data_t){.type = CDC_ACM_HOST_ERROR,
                                                   .data = {.error = (int)transfer->status}});
        return;
    }
    kernel_lock();
    const cdc_acm_data_callback_t callback = dev->data_cb;
    void *arg = dev->arg;
    kernel_unlock();
    if (callback != NULL) {
        pause_at(CDC_BEFORE_DATA_CALLBACK);
        if (!callback(transfer->data, transfer->moved, arg)) {
            kernel_panic("the data callback returned false, which does not bring the bytes back");
        }
    }
    kernel_lock();
    if (dev->data_cb != NULL) {     /* not being closed */
        (void)bus_submit(transfer); /* refused when the device is gone meanwhile */
    }
    kernel_unlock();
}

static void on_out_done(transfer_t *transfer)
{
    (void)xSemaphoreGive(transfer->context);
}

static void on_client_event(const usb_host_client_event_msg_t *event, void *arg)
{
    (void)arg;
    if (event->event == USB_HOST_CLIENT_EVENT_NEW_DEV) {
        return;
    }
    kernel_lock();
    cdc_acm_dev_hdl_t dev = driver.devices;
    while (dev != NULL && dev->device != event->dev_gone.dev_hdl) {
        dev = dev->next;
    }
    kernel_unlock();
    if (dev != NULL) {
        tell(dev, &(cdc_acm_host_dev_event_data_t){.type = CDC_ACM_HOST_DEVICE_DISCONNECTED,
                                                   .data = {.cdc_hdl = dev}});
    }
}

static void driver_task(void *arg)
{
    (void)arg;
    for (;;) {
        (void)usb_host_client_handle_events(driver.client, portMAX_DELAY);
    }
}

esp_err_t cdc_acm_host_install(const cdc_acm_host_driver_config_t *config)
{
    if (driver.client != NULL) {
        return ESP_ERR_INVALID_STATE;
    }
    const usb_host_client_config_t client_config = {.max_num_event_msg = 3,
                                                    .async = {.client_event_callback = on_client_event}};
    const esp_err_t err = usb_host_client_register(&client_config, &driver.client);
    if (err != ESP_OK) {
        return err;
    }
    driver.open_close_mutex = xSemaphoreCreateMutex();
    (void)xTaskCreate(driver_task, "USB-CDC", 4096, NULL, config != NULL ? config->driver_task_priority : 10,
                      NULL);
    return ESP_OK;
}

/* ---- open ---- */

static bool is_wanted(const cdc_acm_host_open_config_t *config, usb_device_handle_t device)
{
    const usb_device_desc_t *descriptor;
    usb_device_info_t info;
    ESP_ERROR_CHECK(usb_host_get_device_descriptor(device, &descriptor));
    ESP_ERROR_CHECK(usb_host_device_info(device, &info));
    return (config->vid == 0 || config->vid == descriptor->idVendor) &&
           (config->pid == 0 || config->pid == descriptor->idProduct) &&
           (config->dev_addr == 0 || config->dev_addr == info.dev_addr);
}

/** A device that is open already is found first; its interface cannot be claimed again (2.4.0,
 * cdc_acm_find_and_open_usb_device). */
static esp_err_t find_device(const cdc_acm_host_open_config_t *config, usb_device_handle_t *out_device)
{
    for (cdc_acm_dev_hdl_t dev = driver.devices; dev != NULL; dev = dev->next) {
        if (is_wanted(config, dev->device)) {
            return ESP_ERR_INVALID_STATE;
        }
    }
    const TickType_t start = xTaskGetTickCount();
    for (;;) {
        uint8_t addresses[8];
        int count;
        ESP_ERROR_CHECK(usb_host_device_addr_list_fill((int)sizeof(addresses), addresses, &count));
        for (int i = 0; i < count; i++) {
            if (usb_host_device_open(driver.client, addresses[i], out_device) != ESP_OK) {
                continue;
            }
            if (is_wanted(config, *out_device)) {
                return ESP_OK;
            }
            (void)usb_host_device_close(driver.client, *out_device);
        }
        vTaskDelay(pdMS_TO_TICKS(POLL_MS));
        if (config->connection_timeout_ms != 0 &&
            xTaskGetTickCount() - start >= pdMS_TO_TICKS(config->connection_timeout_ms)) {
            return ESP_ERR_NOT_FOUND;
        }
    }
}

static transfer_t make_transfer(usb_device_handle_t device, bus_endpoint_t endpoint, size_t size,
                                void (*callback)(transfer_t *), void *context)
{
    transfer_t transfer = {.device = device, .endpoint = endpoint, .callback = callback, .context = context};
    transfer.data = malloc(size);
    if (transfer.data == NULL) {
        kernel_panic("out of memory");
    }
    return transfer;
}

static void free_dev(cdc_acm_dev_hdl_t dev)
{
    (void)usb_host_device_close(driver.client, dev->device);
    vSemaphoreDelete(dev->out_done);
    vSemaphoreDelete(dev->out_mutex);
    vSemaphoreDelete(dev->control_done);
    vSemaphoreDelete(dev->control_mutex);
    free(dev->in.data);
    free(dev->out.data);
    free(dev->control.data);
    free(dev);
}

/** Claims the interfaces: both bulk pipes start at DATA0, polling begins, callbacks may come from here on. */
static esp_err_t start(cdc_acm_dev_hdl_t dev)
{
    kernel_lock();
    esp_err_t err = ESP_ERR_INVALID_STATE;
    if (!dev->device->is_gone) {
        dev->device->client = driver.client;
        dev->device->pipes[BUS_OUT] = (pipe_t){0};
        dev->device->pipes[BUS_IN] = (pipe_t){0};
        err = bus_submit(&dev->in);
        dev->next = driver.devices;
        driver.devices = dev;
        driver.counts.opens++;
        driver.counts.open_now++;
    }
    kernel_unlock();
    return err;
}

esp_err_t cdc_acm_host_open_v2(const cdc_acm_host_open_config_t *config, cdc_acm_dev_hdl_t *out_dev)
{
    if (driver.client == NULL) {
        return ESP_ERR_INVALID_STATE;
    }
    (void)xSemaphoreTake(driver.open_close_mutex, portMAX_DELAY);
    usb_device_handle_t device;
    esp_err_t err = find_device(config, &device);
    if (err == ESP_OK) {
        cdc_acm_dev_hdl_t dev = calloc(1, sizeof(*dev));
        if (dev == NULL) {
            kernel_panic("out of memory");
        }
        dev->device = device;
        dev->event_cb = config->event_cb;
        dev->data_cb = config->data_cb;
        dev->arg = config->user_arg;
        dev->out_done = xSemaphoreCreateBinary();
        dev->out_mutex = xSemaphoreCreateMutex();
        dev->control_done = xSemaphoreCreateBinary();
        dev->control_mutex = xSemaphoreCreateMutex();
        dev->out_size = config->out_buffer_size;
        dev->in = make_transfer(device, BUS_IN, IN_SIZE, on_in_done, dev);
        dev->out = make_transfer(device, BUS_OUT, config->out_buffer_size, on_out_done, dev->out_done);
        dev->control = make_transfer(device, BUS_CONTROL, CONTROL_SIZE, on_out_done, dev->control_done);
        err = start(dev);
        if (err == ESP_OK) {
            pause_at(CDC_BEFORE_OPEN_RETURNS);
            *out_dev = dev;
        } else {
            free_dev(dev);
        }
    }
    (void)xSemaphoreGive(driver.open_close_mutex);
    return err;
}

esp_err_t cdc_acm_host_open_v1_dispatch(uint16_t vid, uint16_t pid, uint8_t interface_idx,
                                        const cdc_acm_host_device_config_t *config,
                                        cdc_acm_dev_hdl_t *out_dev)
{
    const cdc_acm_host_open_config_t open_config = {
        .vid = vid,
        .pid = pid,
        .interface_idx = interface_idx,
        .connection_timeout_ms = config->connection_timeout_ms,
        .out_buffer_size = config->out_buffer_size,
        .in_buffer_size = config->in_buffer_size,
        .event_cb = config->event_cb,
        .data_cb = config->data_cb,
        .user_arg = config->user_arg,
    };
    if (config->in_buffer_size % IN_SIZE != 0) {
        kernel_panic(
            "in_buffer_size is not a multiple of the packet size: the first IN transfer aborts the chip");
    }
    return cdc_acm_host_open_v2(&open_config, out_dev);
}

/* ---- close ---- */

/** The library refuses to release an interface while one of its transfers is in a callback or on its way. */
static bool is_busy(cdc_acm_dev_hdl_t dev)
{
    kernel_lock();
    const bool is_any = dev->in.is_in_flight || dev->in.is_in_callback || dev->out.is_in_callback ||
                        dev->control.is_in_callback;
    kernel_unlock();
    return is_any;
}

esp_err_t cdc_acm_host_close(cdc_acm_dev_hdl_t dev)
{
    if (driver.client == NULL) {
        return ESP_ERR_INVALID_STATE;
    }
    if (dev == NULL) {
        return ESP_ERR_INVALID_ARG;
    }
    (void)xSemaphoreTake(driver.open_close_mutex, portMAX_DELAY);
    kernel_lock();
    cdc_acm_dev_hdl_t *link = &driver.devices;
    while (*link != NULL && *link != dev) {
        link = &(*link)->next;
    }
    const bool is_open = *link == dev;
    if (is_open) {
        dev->event_cb = NULL;
        dev->data_cb = NULL;
        bus_cancel(&dev->in);
        if (dev->out.is_in_flight) {
            kernel_panic("close while an OUT transfer is in flight: its interface cannot be released");
        }
    }
    kernel_unlock();
    if (is_open) {
        while (is_busy(dev)) {
            if (kernel_is_task("USB-CDC")) {
                kernel_panic("close inside a callback: the interface is released with a transfer in flight");
            }
            vTaskDelay(1);
        }
        kernel_lock();
        *link = dev->next; /* opening and closing exclude each other, so it still points here */
        bus_forget(&dev->control);
        driver.counts.closes++;
        driver.counts.open_now--;
        kernel_unlock();
        free_dev(dev);
    }
    (void)xSemaphoreGive(driver.open_close_mutex);
    return ESP_OK;
}

/* ---- data and control ---- */

static esp_err_t send_one(cdc_acm_dev_hdl_t dev, const uint8_t *data, size_t size, TickType_t ticks)
{
    (void)xSemaphoreTake(dev->out_done, 0);
    memcpy(dev->out.data, data, size);
    dev->out.size = size;
    const esp_err_t err = submit(&dev->out);
    if (err != ESP_OK) {
        return err;
    }
    const bool is_done = xSemaphoreTake(dev->out_done, ticks) == pdTRUE;
    pause_at(CDC_AFTER_TX_WAITS);
    kernel_lock();
    if (!is_done) {
        bus_cancel(&dev->out);
    }
    const bool is_complete = dev->out.status == TRANSFER_COMPLETED && dev->out.moved == size;
    kernel_unlock();
    if (!is_done) {
        return ESP_ERR_TIMEOUT;
    }
    return is_complete ? ESP_OK : ESP_ERR_INVALID_RESPONSE;
}

esp_err_t cdc_acm_host_data_tx_blocking(cdc_acm_dev_hdl_t dev, const uint8_t *data, size_t size,
                                        uint32_t timeout_ms)
{
    if (dev == NULL || data == NULL || size == 0) {
        return ESP_ERR_INVALID_ARG;
    }
    if (dev->out_size == 0) {
        return ESP_ERR_NOT_SUPPORTED;
    }
    if (driver.is_old && size > dev->out_size) {
        return ESP_ERR_INVALID_SIZE;
    }
    kernel_lock();
    driver.counts.sends++;
    kernel_unlock();
    const TickType_t ticks = pdMS_TO_TICKS(timeout_ms);
    const TickType_t start_ticks = xTaskGetTickCount();
    if (xSemaphoreTake(dev->out_mutex, ticks) != pdTRUE) {
        return ESP_ERR_TIMEOUT;
    }
    esp_err_t err = ESP_OK;
    for (size_t sent = 0; sent < size && err == ESP_OK;) {
        const size_t chunk = size - sent < dev->out_size ? size - sent : dev->out_size;
        const TickType_t elapsed = xTaskGetTickCount() - start_ticks;
        err = send_one(dev, data + sent, chunk, elapsed < ticks ? ticks - elapsed : 0);
        sent += chunk;
    }
    (void)xSemaphoreGive(dev->out_mutex);
    return err;
}

static esp_err_t control(cdc_acm_dev_hdl_t dev, uint8_t type, uint8_t request, uint16_t value, uint16_t size,
                         uint8_t *data)
{
    if (xSemaphoreTake(dev->control_mutex, pdMS_TO_TICKS(CONTROL_TIMEOUT_MS)) != pdTRUE) {
        return ESP_ERR_TIMEOUT;
    }
    kernel_lock();
    driver.counts.controls++;
    kernel_unlock();
    uint8_t *setup = dev->control.data;
    memset(setup, 0, 8);
    setup[0] = type;
    setup[1] = request;
    setup[2] = (uint8_t)value;
    setup[3] = (uint8_t)(value >> 8);
    setup[6] = (uint8_t)size;
    memcpy(setup + 8, data, size);
    dev->control.size = 8u + size;
    esp_err_t err = submit(&dev->control);
    if (err == ESP_OK) {
        if (xSemaphoreTake(dev->control_done, pdMS_TO_TICKS(CONTROL_TIMEOUT_MS)) != pdTRUE) {
            err = ESP_ERR_TIMEOUT;
        } else if (dev->control.status != TRANSFER_COMPLETED) {
            err = ESP_ERR_INVALID_RESPONSE;
        } else {
            memcpy(data, setup + 8, size);
        }
    }
    (void)xSemaphoreGive(dev->control_mutex);
    return err;
}

esp_err_t cdc_acm_host_line_coding_set(cdc_acm_dev_hdl_t dev, const cdc_acm_line_coding_t *coding)
{
    if (dev == NULL || coding == NULL) {
        return ESP_ERR_INVALID_ARG;
    }
    uint8_t bytes[7];
    memcpy(bytes, coding, sizeof(bytes));
    return control(dev, 0x21, 0x20, 0, sizeof(bytes), bytes);
}

esp_err_t cdc_acm_host_set_control_line_state(cdc_acm_dev_hdl_t dev, bool dtr, bool rts)
{
    if (dev == NULL) {
        return ESP_ERR_INVALID_ARG;
    }
    uint8_t nothing[1] = {0};
    return control(dev, 0x21, 0x22, (uint16_t)((dtr ? 1 : 0) | (rts ? 2 : 0)), 0, nothing);
}
