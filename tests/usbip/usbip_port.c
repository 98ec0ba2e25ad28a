/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The port behind usbip_port.h.
 */
#include "usbip_port.h"

#include <string.h>

#include "posix_io.h"
#include "posix_log.h"

enum { ENDPOINT_SERIAL = 1 };

static usbip_port_t *self(esp_loader_port_t *port)
{
    return container_of(port, usbip_port_t, base.port);
}

static esp_loader_error_t as_error(usbip_result_t result)
{
    switch (result) {
    case USBIP_DONE:
        return ESP_LOADER_SUCCESS;
    case USBIP_TIMEOUT:
        return ESP_LOADER_ERROR_TIMEOUT;
    case USBIP_GONE:
        break;
    }
    return ESP_LOADER_ERROR_DISCONNECTED;
}

static void submit_reads(usbip_port_t *usb)
{
    for (size_t i = 0; i < 2; i++) {
        if (usb->waiting[i] == 0)
            usb->waiting[i] = usbip_submit(usb->client, ENDPOINT_SERIAL, NULL, NULL, sizeof(usb->packet));
    }
}

static esp_loader_error_t init(esp_loader_port_t *port)
{
    submit_reads(self(port));
    return ESP_LOADER_SUCCESS;
}

static void write_log(esp_loader_port_t *port, esp_loader_log_level_t level, const char *format, va_list args)
{
    posix_logging_port_t logging = {.log_level = ESP_LOADER_LOG_LEVEL_WARN};

    (void)port;
    posix_port_log(&logging.port, level, format, args);
}

static esp_loader_error_t write_all(esp_loader_port_t *port, const uint8_t *data, size_t size,
                                    uint32_t timeout_ms, size_t *out_written)
{
    usbip_port_t *usb = self(port);
    usbip_reply_t reply = {0};
    const uint32_t seqnum = usbip_submit(usb->client, ENDPOINT_SERIAL, NULL, data, size);
    const usbip_result_t result = usbip_wait(usb->client, seqnum, timeout_ms, &reply);
    *out_written = result == USBIP_DONE ? reply.size : 0;
    if (result == USBIP_TIMEOUT)
        (void)usbip_wait(usb->client, usbip_unlink(usb->client, seqnum), timeout_ms, &reply);
    return as_error(result);
}

static esp_loader_error_t read_some(esp_loader_port_t *port, uint8_t *buf, size_t capacity,
                                    uint32_t timeout_ms, size_t *out_read)
{
    usbip_port_t *usb = self(port);
    *out_read = 0;
    if (usb->packet_taken == usb->packet_size) {
        usbip_reply_t reply;
        const usbip_result_t result = usbip_wait(usb->client, usb->waiting[0], timeout_ms, &reply);
        if (result != USBIP_DONE)
            return as_error(result);
        if (reply.status != 0 || reply.size > sizeof(usb->packet))
            return ESP_LOADER_ERROR_IO;
        memcpy(usb->packet, reply.data, reply.size);
        usb->packet_size = reply.size;
        usb->packet_taken = 0;
        usb->waiting[0] = usb->waiting[1];
        usb->waiting[1] = 0;
        submit_reads(usb);
    }
    const size_t left = usb->packet_size - usb->packet_taken;
    const size_t size = left < capacity ? left : capacity;
    memcpy(buf, usb->packet + usb->packet_taken, size);
    usb->packet_taken += size;
    *out_read = size;
    return size > 0 ? ESP_LOADER_SUCCESS : ESP_LOADER_ERROR_TIMEOUT;
}

static esp_loader_error_t set_lines(esp_loader_port_t *port, bool dtr, bool rts)
{
    return usbip_set_lines(self(port)->client, dtr, rts) ? ESP_LOADER_SUCCESS : ESP_LOADER_ERROR_DISCONNECTED;
}

void usbip_port_init(usbip_port_t *port, usbip_client_t *client)
{
    static const esp_loader_port_ops_t hooks = {.init = init,
                                                .delay_ms = posix_port_delay_ms,
                                                .log = write_log,
                                                .write_all = write_all,
                                                .read_some = read_some,
                                                .now_ms = posix_port_now_ms,
                                                .set_lines = set_lines};
    memset(port, 0, sizeof(*port));
    test_port_init(&port->base, &hooks);
    port->base.link = ESP_LOADER_LINK_USB_SERIAL_JTAG;
    port->client = client;
}
