/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The claims of usb_cdc_claim.h. An address stays claimed from before the device is opened until it was
 * closed; as long as it is open the USB Host Library gives its address to no other.
 */
#include "usb_cdc_claim.h"

#include "freertos/FreeRTOS.h"
#include "freertos/task.h"

#include "esp_err.h"

#include "esp32_usb_cdc_acm_port.h"

typedef struct {
    uint8_t address; /* 0 = free */
    uint16_t vid;
    uint16_t pid;
} claim_t;

static claim_t claims[ESP32_USB_CDC_ACM_MAX_OPEN];
static portMUX_TYPE lock = portMUX_INITIALIZER_UNLOCKED;

/* Under the lock. */
static claim_t *find(uint8_t address)
{
    for (size_t i = 0; i < ESP32_USB_CDC_ACM_MAX_OPEN; i++) {
        if (claims[i].address == address) {
            return &claims[i];
        }
    }
    return NULL;
}

static bool is_claimed(uint8_t address)
{
    portENTER_CRITICAL(&lock);
    const bool is_found = find(address) != NULL;
    portEXIT_CRITICAL(&lock);
    return is_found;
}

/* Under the lock. */
static bool has_twin(const usb_cdc_device_t *device)
{
    bool is_any = false;
    for (size_t i = 0; i < ESP32_USB_CDC_ACM_MAX_OPEN; i++) {
        is_any = is_any ||
                 (claims[i].address != 0 && claims[i].vid == device->vid && claims[i].pid == device->pid);
    }
    return is_any;
}

static esp_err_t claim(const usb_cdc_device_t *device)
{
    esp_err_t err = ESP_OK;
    portENTER_CRITICAL(&lock);
    claim_t *entry = find(0);
    if (find(device->address) != NULL || entry == NULL) { /* another task was faster */
        err = ESP_ERR_NOT_FOUND;
    } else if (has_twin(device) && !usb_cdc_device_opens_by_address(device)) {
        err = ESP_ERR_NOT_SUPPORTED;
    } else {
        *entry = (claim_t){.address = device->address, .vid = device->vid, .pid = device->pid};
    }
    portEXIT_CRITICAL(&lock);
    return err;
}

void usb_cdc_claim_release(uint8_t address)
{
    portENTER_CRITICAL(&lock);
    claim_t *entry = address != 0 ? find(address) : NULL;
    if (entry != NULL) {
        *entry = (claim_t){0};
    }
    portEXIT_CRITICAL(&lock);
}

esp_err_t usb_cdc_claim_open(uint16_t vid, uint16_t pid, const cdc_acm_host_device_config_t *config,
                             usb_cdc_device_t *out_device, cdc_acm_dev_hdl_t *out_handle)
{
    usb_cdc_device_t device;
    esp_err_t err = usb_cdc_device_find(vid, pid, is_claimed, &device);
    if (err == ESP_OK) {
        err = claim(&device);
    }
    if (err != ESP_OK) {
        return err;
    }
    *out_device = device;
    err = usb_cdc_device_open(&device, config, out_handle);
    if (err != ESP_OK) {
        *out_device = (usb_cdc_device_t){0};
        *out_handle = NULL;
        usb_cdc_claim_release(device.address);
    }
    return err;
}
