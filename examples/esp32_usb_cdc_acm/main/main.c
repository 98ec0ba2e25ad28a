/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * USB CDC ACM multi-partition flasher: flashes bootloader, partition table and app into every ESP32-S3 that
 * is plugged into the USB port of this ESP32-S2, -S3 or -P4, one board after the other.
 *
 * Three tasks take part: this one (app_main), which is the only one that opens, uses and closes a board; the
 * task below that handles the USB Host Library's events; and the CDC-ACM driver's, which calls
 * on_disconnect().
 */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "freertos/FreeRTOS.h"
#include "freertos/semphr.h"
#include "freertos/task.h"

#include "esp_err.h"
#include "esp_log.h"
#include "esp_timer.h"
#include "usb/cdc_acm_host.h"
#include "usb/usb_host.h"

#include "flasher.h"

#define USB_LIB_STACK    4096
#define USB_LIB_PRIORITY 20
#define DRIVER_STACK     4096
#define DRIVER_PRIORITY                                                                                      \
    10 /* above this task, and on its core: it then never closes a board in the middle of a callback */
#define RETRY_DELAY_MS 1000
#define REAPPEAR_US    5000000 /* a board that was reset and comes back by itself does so within this time */

static const char *const tag = FLASHER_TAG;
static SemaphoreHandle_t disconnected;

static void usb_lib_task(void *arg)
{
    (void)arg;
    for (;;) {
        uint32_t flags; /* all of them announce the end of the library, which never comes here */
        ESP_ERROR_CHECK(usb_host_lib_handle_events(portMAX_DELAY, &flags));
    }
}

static void on_disconnect(void)
{
    (void)xSemaphoreGive(disconnected); /* given already is as good */
}

#if CONFIG_USB_FLASHER_RESET_TARGET

#define SERIAL_SIZE 18 /* MAC address and a NUL: the USB serial number of USB-Serial/JTAG */

static void copy_serial(usb_device_handle_t device, char *out_serial)
{
    usb_device_info_t info;
    if (usb_host_device_info(device, &info) == ESP_OK && info.str_desc_serial_num != NULL) {
        const size_t length = (info.str_desc_serial_num->bLength - 2u) / 2u;
        for (size_t i = 0; i < length && i + 1 < SERIAL_SIZE; i++) {
            out_serial[i] = (char)info.str_desc_serial_num->wData[i];
        }
    }
}

static void ignore_event(const usb_host_client_event_msg_t *event, void *arg)
{
    (void)event;
    (void)arg;
}

/** Reads the serial number of the attached board through a short-lived client of the USB Host Library; ""
 * when it has none. (The driver's callback for new devices would not do: it is left out for a device that is
 * open by then.) */
static void read_serial(char *out_serial)
{
    memset(out_serial, 0, SERIAL_SIZE);
    const usb_host_client_config_t config = {.max_num_event_msg = 3,
                                             .async = {.client_event_callback = ignore_event}};
    usb_host_client_handle_t client;
    ESP_ERROR_CHECK(usb_host_client_register(&config, &client));
    uint8_t address;
    int count = 0;
    usb_device_handle_t device;
    if (usb_host_device_addr_list_fill(1, &address, &count) == ESP_OK && count == 1 &&
        usb_host_device_open(client, address, &device) == ESP_OK) {
        copy_serial(device, out_serial);
        ESP_ERROR_CHECK(usb_host_device_close(client, device));
    }
    ESP_ERROR_CHECK(usb_host_client_deregister(client)); /* events it was sent meanwhile go with it */
}

/** Flashes the board and starts it, unless it is the last one, which has come back because it was started. */
static void serve_board(void)
{
    static char last_serial[SERIAL_SIZE];
    static int64_t started_us;
    char serial[SERIAL_SIZE];
    read_serial(serial);
    if (serial[0] != '\0' && strcmp(serial, last_serial) == 0 &&
        esp_timer_get_time() - started_us < REAPPEAR_US) {
        ESP_LOGI(tag, "This board has just been flashed and started");
        return;
    }
    if (flasher_run() == ESP_LOADER_SUCCESS) {
        ESP_LOGI(tag, "Done!");
        memcpy(last_serial, serial, sizeof(last_serial));
        flasher_reset_target();
        started_us = esp_timer_get_time();
    }
}

#else

static void serve_board(void)
{
    if (flasher_run() == ESP_LOADER_SUCCESS) {
        ESP_LOGI(tag, "Done!");
    }
}

#endif

static void install_usb(void)
{
    ESP_LOGI(tag, "Installing USB Host");
    const usb_host_config_t host_config = {
        .skip_phy_setup = false,
        .intr_flags = ESP_INTR_FLAG_LEVEL1,
    };
    ESP_ERROR_CHECK(usb_host_install(&host_config));
    if (xTaskCreate(usb_lib_task, "usb_lib", USB_LIB_STACK, NULL, USB_LIB_PRIORITY, NULL) != pdTRUE) {
        ESP_ERROR_CHECK(ESP_ERR_NO_MEM);
    }

    ESP_LOGI(tag, "Installing the USB CDC-ACM driver");
    const cdc_acm_host_driver_config_t driver_config = {
        .driver_task_stack_size = DRIVER_STACK,
        .driver_task_priority = DRIVER_PRIORITY,
        .xCoreID = 0,
    };
    ESP_ERROR_CHECK(cdc_acm_host_install(&driver_config));
}

/** Returns when a board is open. Says once that it waits, and a failure once as long as it stays the same. */
static void wait_for_board(void)
{
    ESP_LOGI(tag, "Opening CDC ACM device 0x%04X:0x%04X...", FLASHER_VID, FLASHER_PID);
    esp_loader_error_t reported = ESP_LOADER_ERROR_PORT_NOT_FOUND; /* nothing there is not worth a line */
    for (;;) {
        (void)xSemaphoreTake(disconnected, 0); /* what it says is about the board before */
        const esp_loader_error_t error = flasher_open(on_disconnect);
        if (error == ESP_LOADER_SUCCESS) {
            return;
        }
        if (error != ESP_LOADER_ERROR_PORT_NOT_FOUND) { /* then the wait is over already */
            if (error != reported) {
                ESP_LOGE(tag, "Cannot open the board: %s", esp_loader_error_text(error));
                reported = error;
            }
            vTaskDelay(pdMS_TO_TICKS(RETRY_DELAY_MS));
        }
    }
}

void app_main(void);

void app_main(void)
{
    disconnected = xSemaphoreCreateBinary();
    if (disconnected == NULL) {
        ESP_ERROR_CHECK(ESP_ERR_NO_MEM);
    }
    install_usb();
    for (;;) {
        wait_for_board();
        serve_board();
        /* Done or failed: nothing more happens to this board. The next one can come when this one is
         * unplugged. */
        (void)xSemaphoreTake(disconnected, portMAX_DELAY);
        flasher_close();
    }
}
