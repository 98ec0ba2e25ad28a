/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The port's operations. Received bytes stay in TinyUSB's FIFO until they are read: while it has no room for a packet, none is
 * asked for, and the device keeps what it has.
 *
 * Requests to the device are always made with a callback: those without one wait in the stack, up to 0.18 for ever when the
 * device leaves meanwhile.
 */
#include "tinyusb_host_port.h"

#include <string.h>

#include "tinyusb_host_device.h"

#if TUSB_VERSION_MAJOR == 0 && TUSB_VERSION_MINOR < 17
#error "needs TinyUSB 0.17: before, tuh_cdc_mounted() is true while a device is still being configured"
#endif
#if TUSB_VERSION_MAJOR == 0 && TUSB_VERSION_MINOR < 19 && CFG_TUH_CDC_RX_BUFSIZE > CFG_TUH_CDC_TX_BUFSIZE
#error                                                                                                       \
    "TinyUSB before 0.19 gives the receive FIFO the size of the other: make CFG_TUH_CDC_TX_BUFSIZE as large"
#endif
#if TUSB_VERSION_MAJOR == 0 && TUSB_VERSION_MINOR < 21 && CFG_TUH_CDC_RX_EPSIZE > 64
#error                                                                                                       \
    "TinyUSB before 0.21 asks for several packets at once, and full ones are then held back: CFG_TUH_CDC_RX_EPSIZE 64"
#endif
#if CFG_TUH_CDC_LINE_CONTROL_ON_ENUM
#error "CFG_TUH_CDC_LINE_CONTROL_ON_ENUM resets boards that are plugged in"
#endif

/* These controllers' drivers cannot end a request (hcd_edpt_abort_xfer(), 0.17 to 0.21), which tuh_edpt_abort_xfer() does not
 * report: the next request would be started on top of it, for which RP2040's driver calls panic(). */
#if (defined(OPT_MCU_RP2040) && CFG_TUSB_MCU == OPT_MCU_RP2040 && !CFG_TUH_RPI_PIO_USB &&                    \
     !CFG_TUH_MAX3421) ||                                                                                    \
    defined(TUP_USBIP_OHCI) || defined(TUP_USBIP_RUSB2) || defined(TUP_USBIP_MUSB)
#define CAN_GIVE_UP false
#else
#define CAN_GIVE_UP true
#endif

#define DEFAULT_CONNECTION_TIMEOUT_MS 2000u
#define UART_RATE_BAUD                115200u
#define REQUEST_MS                    1000u /* after that it is given up, so that others can be made */
#define BUSY_MS                       500u  /* how long other requests may be in its way */
#define GONE_MS                       200u  /* from a failed request to the news that the device has left */
#define LATENCY_MS                    3u    /* of the last packets */
#define LONGEST_FIFO                  UINT16_MAX /* TinyUSB cuts lengths to 16 bits */
#define DATA_BITS                     8

static tinyusb_host_port_t *self_of(esp_loader_port_t *port)
{
    return container_of(port, tinyusb_host_port_t, port);
}

/* Callbacks of the stack are given the index of an interface: this is whose it is. */
static tinyusb_host_port_t *owners[CFG_TUH_CDC];

static void run_stack(const tinyusb_host_port_t *self, uint32_t ms)
{
    if (self->wait != NULL) {
        self->wait(ms);
    } else {
        tuh_task_ext(0, false);
    }
}

static uint32_t elapsed_ms(const tinyusb_host_port_t *self, uint32_t since_ms)
{
    return self->now_ms() - since_ms;
}

/* What is left of a timeout, 0 = it is over. */
static uint32_t left_ms(const tinyusb_host_port_t *self, uint32_t since_ms, uint32_t timeout_ms)
{
    const uint32_t passed_ms = elapsed_ms(self, since_ms);
    return passed_ms < timeout_ms ? timeout_ms - passed_ms : 0;
}

/* The second question is for programs whose callback does not pass it on. What is mounted there later is another device. */
static bool is_gone(tinyusb_host_port_t *self)
{
    if (!tuh_cdc_mounted(self->_state.index)) {
        self->_state.is_gone = true;
    }
    return self->_state.is_gone;
}

void tinyusb_host_port_unmounted(uint8_t index)
{
    tinyusb_host_port_t *self = index < CFG_TUH_CDC ? owners[index] : NULL;
    if (self != NULL) { /* the last moment in which the FIFO can be read */
        owners[index] = NULL;
        self->_state.rest_size = tuh_cdc_read(index, self->_state.rest, sizeof(self->_state.rest));
        self->_state.is_gone = true;
    }
}

#ifndef TINYUSB_HOST_PORT_NO_CALLBACK
void tuh_cdc_umount_cb(uint8_t index)
{
    tinyusb_host_port_unmounted(index);
}
#endif

/* ---- time ---- */

static uint32_t port_now_ms(esp_loader_port_t *port)
{
    return self_of(port)->now_ms();
}

static void port_delay_ms(esp_loader_port_t *port, uint32_t ms)
{
    const tinyusb_host_port_t *self = self_of(port);
    const uint32_t begin_ms = self->now_ms();
    while (ms > 0 && elapsed_ms(self, begin_ms) <= ms) { /* the first millisecond had begun already */
        run_stack(self, 1);
    }
}

/* ---- requests ---- */

/* The owner's index and the request's number: an answer that comes late is nobody's. */
static uintptr_t token_of(const tinyusb_host_port_t *self)
{
    return (uintptr_t)self->_state.request << 8 | self->_state.index;
}

static void on_answer(tuh_xfer_t *xfer)
{
    tinyusb_host_port_t *self = owners[(xfer->user_data & 0xFFu) % CFG_TUH_CDC];
    if (self != NULL && xfer->user_data == token_of(self)) {
        self->_state.result = xfer->result;
        self->_state.is_answered = true;
    }
}

static bool start_lines(const tinyusb_host_port_t *self, uint32_t lines)
{
    return tuh_cdc_set_control_line_state(self->_state.index, (uint16_t)lines, on_answer, token_of(self));
}

/* Of an ACM device only all of the line coding can be set: the stack would fill in zeros. Up to 0.18 bridges have the rate
 * alone; they come up with 8N1. */
static bool start_rate(const tinyusb_host_port_t *self, uint32_t rate_baud)
{
    const cdc_line_coding_t coding = {.bit_rate = rate_baud, .data_bits = DATA_BITS};
    return self->_state.is_acm
               ? tuh_cdc_set_line_coding(self->_state.index, &coding, on_answer, token_of(self))
               : tuh_cdc_set_baudrate(self->_state.index, rate_baud, on_answer, token_of(self));
}

static esp_loader_error_t failure_of(tinyusb_host_port_t *self)
{
    const uint32_t begin_ms = self->now_ms();
    while (!is_gone(self) && elapsed_ms(self, begin_ms) < GONE_MS) {
        run_stack(self, 1);
    }
    return is_gone(self) ? ESP_LOADER_ERROR_DISCONNECTED : ESP_LOADER_ERROR_IO;
}

/* A request that could not be given up may still be answered. */
static bool is_free(tinyusb_host_port_t *self)
{
    if (CAN_GIVE_UP || !self->_state.is_stuck) {
        return true;
    }
    const uint32_t begin_ms = self->now_ms();
    while (self->_state.is_stuck && !is_gone(self) && elapsed_ms(self, begin_ms) < BUSY_MS) {
        run_stack(self, 1);
        self->_state.is_stuck = !self->_state.is_answered;
    }
    return !self->_state.is_stuck;
}

/* The stack has one request at a time: up to 0.20 it does not take another one meanwhile, which looks as if the device could
 * not. */
static esp_loader_error_t ask(tinyusb_host_port_t *self,
                              bool (*start)(const tinyusb_host_port_t *self, uint32_t value), uint32_t value)
{
    if (!is_free(self)) {
        return failure_of(self);
    }
    const uint32_t begin_ms = self->now_ms();
    bool is_started = false;
    self->_state.is_answered = false;
    self->_state.request++;
    while (!self->_state.is_answered) {
        if (is_gone(self)) {
            return ESP_LOADER_ERROR_DISCONNECTED;
        }
        is_started = is_started || start(self, value);
        if (elapsed_ms(self, begin_ms) >= (is_started ? REQUEST_MS : BUSY_MS)) {
            break;
        }
        run_stack(self, 1);
    }
    if (!is_started) {
        return ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
    }
    if (!self->_state.is_answered) {
        tuh_itf_info_t info;
        self->_state.is_stuck = !CAN_GIVE_UP;
        if (CAN_GIVE_UP && tuh_cdc_itf_get_info(self->_state.index, &info)) {
            (void)tuh_edpt_abort_xfer(info.daddr, 0);
        }
        return failure_of(self);
    }
    switch (self->_state.result) {
    case XFER_RESULT_SUCCESS:
        return ESP_LOADER_SUCCESS;
    case XFER_RESULT_STALLED:
        return ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
    default:
        return failure_of(self);
    }
}

/* ---- opening ---- */

static void port_deinit(esp_loader_port_t *port)
{
    tinyusb_host_port_t *self = self_of(port);
    if (self->_state.is_open && owners[self->_state.index] == self) {
        owners[self->_state.index] = NULL;
    }
    self->_state.is_open = false;
}

static bool fits(const tinyusb_host_port_t *self, uint8_t index, tuh_itf_info_t *out_info,
                 const tinyusb_host_device_t **out_device)
{
    uint16_t vid;
    uint16_t pid;
    if (!tuh_cdc_mounted(index) || !tuh_cdc_itf_get_info(index, out_info) ||
        !tuh_vid_pid_get(out_info->daddr, &vid, &pid)) {
        return false;
    }
    *out_device = tinyusb_host_device_find(vid, pid);
    return (self->device_vid == 0 || self->device_vid == vid) &&
           (self->device_pid == 0 || self->device_pid == pid) &&
           (self->device_address == 0 || self->device_address == out_info->daddr) &&
           out_info->desc.bInterfaceNumber >= self->first_interface;
}

/* Looks once at what is mounted. */
static esp_loader_error_t take_device(tinyusb_host_port_t *self)
{
    esp_loader_error_t error = ESP_LOADER_ERROR_PORT_NOT_FOUND;
    for (uint8_t i = 0; i < CFG_TUH_CDC; i++) {
        tuh_itf_info_t info;
        const tinyusb_host_device_t *device;
        if (!fits(self, i, &info, &device)) {
            continue;
        }
        if (owners[i] == NULL) {
            self->_state.index = i;
            self->_state.device = device;
            self->_state.is_acm = info.desc.bInterfaceSubClass == CDC_COMM_SUBCLASS_ABSTRACT_CONTROL_MODEL;
            owners[i] = self;
            return ESP_LOADER_SUCCESS;
        }
        error = ESP_LOADER_ERROR_PORT_BUSY;
    }
    return error;
}

/* A bridge may still be at the rate of its last user. The chip's own USB has none. */
static esp_loader_error_t set_first_rate(tinyusb_host_port_t *self)
{
    self->_state.rate_baud = UART_RATE_BAUD;
    if (self->_state.device->kind != ESP_LOADER_LINK_UART) {
        return ESP_LOADER_SUCCESS;
    }
    const esp_loader_error_t error = ask(self, start_rate, UART_RATE_BAUD);
    return error == ESP_LOADER_ERROR_UNSUPPORTED_FUNC ? ESP_LOADER_SUCCESS : error;
}

static esp_loader_error_t port_init(esp_loader_port_t *port)
{
    tinyusb_host_port_t *self = self_of(port);
    port_deinit(port);
    if (self->now_ms == NULL) {
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    if (!tuh_inited()) {
        return ESP_LOADER_ERROR_IO;
    }
    const uint32_t begin_ms = self->now_ms();
    const uint32_t timeout_ms =
        self->connection_timeout_ms == 0 ? DEFAULT_CONNECTION_TIMEOUT_MS : self->connection_timeout_ms;
    self->_state.is_gone = false;
    self->_state.is_stuck = false;
    self->_state.rest_taken = 0;
    self->_state.rest_size = 0;
    esp_loader_error_t error = take_device(self);
    while (error != ESP_LOADER_SUCCESS && elapsed_ms(self, begin_ms) < timeout_ms) {
        run_stack(self, 1);
        error = take_device(self);
    }
    if (error != ESP_LOADER_SUCCESS) {
        return error;
    }
    self->_state.is_open = true;
    self->_state.sends_for_ms = 0;
    error = set_first_rate(self);
    if (error != ESP_LOADER_SUCCESS) {
        port_deinit(port);
        return error;
    }
    (void)tuh_cdc_write_clear(self->_state.index);
    (void)tuh_cdc_read_clear(self->_state.index);
    return ESP_LOADER_SUCCESS;
}

/* ---- transfers ---- */

/* How long the bridge still sends what it was given. A point in time would seem to come again as the clock wraps. */
static uint32_t sending_ms(const tinyusb_host_port_t *self)
{
    return left_ms(self, self->_state.given_at_ms, self->_state.sends_for_ms);
}

/* It sends at its rate. */
static void note_sent(tinyusb_host_port_t *self, uint32_t size)
{
    const uint32_t needed_ms = (size * 10000u + self->_state.rate_baud - 1u) / self->_state.rate_baud;
    if (size > 0) {
        self->_state.sends_for_ms = sending_ms(self) + needed_ms;
        self->_state.given_at_ms = self->now_ms();
    }
}

static esp_loader_error_t port_write_all(esp_loader_port_t *port, const uint8_t *data, size_t size,
                                         uint32_t timeout_ms, size_t *out_written)
{
    tinyusb_host_port_t *self = self_of(port);
    *out_written = 0;
    if (!self->_state.is_open) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    const uint32_t begin_ms = self->now_ms();
    const uint8_t index = self->_state.index;
    for (;;) {
        if (is_gone(self)) {
            return ESP_LOADER_ERROR_DISCONNECTED;
        }
        if (*out_written < size) {
            const size_t left = size - *out_written;
            const uint32_t taken = tuh_cdc_write(index, data + *out_written,
                                                 left < LONGEST_FIFO ? (uint32_t)left : LONGEST_FIFO);
            note_sent(self, taken);
            *out_written += taken;
        }
        (void)tuh_cdc_write_flush(index); /* also goes on after a transfer that failed */
        const uint32_t unsent = CFG_TUH_CDC_TX_BUFSIZE - tuh_cdc_write_available(index);
        if (*out_written == size && unsent == 0) {
            return ESP_LOADER_SUCCESS;
        }
        const uint32_t wait_ms = left_ms(self, begin_ms, timeout_ms);
        if (wait_ms == 0) {
            (void)tuh_cdc_write_clear(index);
            *out_written -= unsent < *out_written ? unsent : *out_written;
            return ESP_LOADER_ERROR_TIMEOUT;
        }
        run_stack(self, wait_ms);
    }
}

/* Always by tuh_cdc_read(), which also asks for the next packet after a transfer that failed. */
static size_t take(tinyusb_host_port_t *self, uint8_t *buf, size_t capacity)
{
    if (!self->_state.is_gone) {
        return tuh_cdc_read(self->_state.index, buf,
                            capacity < LONGEST_FIFO ? (uint32_t)capacity : LONGEST_FIFO);
    }
    const size_t left = self->_state.rest_size - self->_state.rest_taken;
    const size_t size = left < capacity ? left : capacity;
    memcpy(buf, self->_state.rest + self->_state.rest_taken, size);
    self->_state.rest_taken += size;
    return size;
}

static esp_loader_error_t port_read_some(esp_loader_port_t *port, uint8_t *buf, size_t capacity,
                                         uint32_t timeout_ms, size_t *out_read)
{
    tinyusb_host_port_t *self = self_of(port);
    *out_read = 0;
    if (!self->_state.is_open) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    const uint32_t begin_ms = self->now_ms();
    for (bool has_looked = false;; has_looked = true) {
        const bool was_gone = is_gone(self); /* before, so that what came meanwhile is not missed */
        *out_read = take(self, buf, capacity);
        if (*out_read > 0) {
            return ESP_LOADER_SUCCESS;
        }
        if (was_gone) {
            return ESP_LOADER_ERROR_DISCONNECTED;
        }
        const uint32_t wait_ms = left_ms(self, begin_ms, timeout_ms);
        if (wait_ms == 0 && has_looked) {
            return ESP_LOADER_ERROR_TIMEOUT;
        }
        run_stack(self, wait_ms);
    }
}

/* ---- lines and rate ---- */

static esp_loader_error_t port_set_lines(esp_loader_port_t *port, bool dtr, bool rts)
{
    tinyusb_host_port_t *self = self_of(port);
    return self->_state.is_open
               ? ask(self, start_lines,
                     (dtr ? CDC_CONTROL_LINE_STATE_DTR : 0u) | (rts ? CDC_CONTROL_LINE_STATE_RTS : 0u))
               : ESP_LOADER_ERROR_DISCONNECTED;
}

static esp_loader_error_t port_set_rate(esp_loader_port_t *port, uint32_t rate_baud)
{
    tinyusb_host_port_t *self = self_of(port);
    if (!self->_state.is_open) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    if (rate_baud == 0) {
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    if (self->_state.device->kind == ESP_LOADER_LINK_USB_SERIAL_JTAG ||
        self->_state.device->kind == ESP_LOADER_LINK_USB_OTG) {
        return is_gone(self) ? ESP_LOADER_ERROR_DISCONNECTED : ESP_LOADER_SUCCESS;
    }
    if (self->_state.device->is_limited && rate_baud > self->_state.device->max_rate_baud) {
        return ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
    }
    /* a bridge changes its rate at once */
    port_delay_ms(port, left_ms(self, self->_state.given_at_ms, self->_state.sends_for_ms + LATENCY_MS));
    const esp_loader_error_t error = ask(self, start_rate, rate_baud);
    if (error == ESP_LOADER_SUCCESS) {
        self->_state.rate_baud = rate_baud;
    }
    return error;
}

static uint32_t port_max_rate(esp_loader_port_t *port)
{
    const tinyusb_host_port_t *self = self_of(port);
    return self->_state.is_open ? self->_state.device->max_rate_baud : 0;
}

static esp_loader_link_t port_link_kind(esp_loader_port_t *port)
{
    const tinyusb_host_port_t *self = self_of(port);
    return self->_state.is_open ? self->_state.device->kind : ESP_LOADER_LINK_UNKNOWN;
}

const esp_loader_port_ops_t tinyusb_host_ops = {
    .init = port_init,
    .deinit = port_deinit,
    .delay_ms = port_delay_ms,
    .write_all = port_write_all,
    .read_some = port_read_some,
    .now_ms = port_now_ms,
    .set_lines = port_set_lines,
    .set_rate = port_set_rate,
    .link_kind = port_link_kind,
    .max_rate = port_max_rate,
};
