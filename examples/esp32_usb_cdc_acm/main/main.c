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
#include <stdint.h>
#include <string.h>

#include "freertos/FreeRTOS.h"
#include "freertos/semphr.h"
#include "freertos/task.h"

#include "driver/gpio.h"
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
#define LOOK_PERIOD_MS 1000
#define REAPPEAR_US    5000000 /* a board that was reset is back on USB within this time */
#define SERIAL_SIZE    18      /* a MAC address and a NUL: the serial number of USB-Serial/JTAG */

static const char *const tag = FLASHER_TAG;
static SemaphoreHandle_t disconnected;
static char flashed_serial[SERIAL_SIZE]; /* of the board that was flashed last; "" when that failed */
static int64_t unplugged_us;             /* when the last board left */

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

/** Flashes the board that is open, unless it is the one flashed last, which was reset and has come back. */
static void serve_board(void)
{
    char serial[SERIAL_SIZE];
    flasher_read_serial(serial, sizeof(serial));
    if (serial[0] != '\0' && strcmp(serial, flashed_serial) == 0 &&
        esp_timer_get_time() - unplugged_us < REAPPEAR_US) {
        ESP_LOGI(tag, "This board has just been flashed and started");
        return;
    }
    flashed_serial[0] = '\0';
    if (flasher_run() == ESP_LOADER_SUCCESS) {
        ESP_LOGI(tag, "Done!");
        memcpy(flashed_serial, serial, sizeof(flashed_serial));
#if CONFIG_USB_FLASHER_RESET_TARGET
        flasher_reset_target();
#endif
    }
}

/** The driver says nothing of a board that left within microseconds after it was opened, so it is also looked
 * for. */
static void wait_until_unplugged(void)
{
    while (xSemaphoreTake(disconnected, pdMS_TO_TICKS(LOOK_PERIOD_MS)) != pdTRUE && flasher_is_attached()) {
    }
    unplugged_us = esp_timer_get_time();
}

#if defined(CONFIG_USB_FLASHER_VBUS_GPIO) && CONFIG_USB_FLASHER_VBUS_GPIO >= 0

static void switch_power_on(void)
{
    ESP_ERROR_CHECK(gpio_reset_pin(CONFIG_USB_FLASHER_VBUS_GPIO));
    ESP_ERROR_CHECK(gpio_set_level(CONFIG_USB_FLASHER_VBUS_GPIO, CONFIG_USB_FLASHER_VBUS_LEVEL));
    ESP_ERROR_CHECK(gpio_set_direction(CONFIG_USB_FLASHER_VBUS_GPIO, GPIO_MODE_OUTPUT));
}

#else

static void switch_power_on(void)
{
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
    switch_power_on();
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
        wait_until_unplugged();
        flasher_close();
    }
}
