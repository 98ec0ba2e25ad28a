/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Reading, sending, resetting, and waiting for a device that has left.
 */
#define _GNU_SOURCE
#include "monitor/listener.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ports/capture_port.h"
#include "report/report.h"

/** A key waits for the target no longer than READ_MS. */
enum {
    READ_MS = 20,
    SEND_MS = 20,
    SEND_SIZE = 512,
    RETURN_POLL_MS = 100,
    CHUNK = 16384,
    LOADER_BAUD = 115200
};

/** Says a sentence in between of what the target prints. */
__attribute__((format(printf, 2, 3))) static void remark(listener_t *listener, const char *format, ...)
{
    char text[REPORT_SIZE];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    pieces_put(listener->pieces, true, text, strlen(text));
}

static void take_bytes(void *ctx, const uint8_t *bytes, size_t size)
{
    listener_t *listener = ctx;

    pieces_put(listener->pieces, false, bytes, size);
}

static void remember_place(listener_t *listener)
{
    const linux_device_t *device = cli_port_device(&listener->session->port);

    listener->place = device != NULL ? *device : (linux_device_t){0};
}

/* ---- a device that has left ---- */

/** Is it in the place where the device was? A bridge may have several interfaces. */
static bool is_same_place(const linux_device_t *before, const linux_device_t *now)
{
    return before->usb_interface[0] != '\0' ? strcmp(before->usb_interface, now->usb_interface) == 0
                                            : strcmp(before->usb_path, now->usb_path) == 0;
}

/** Finds out the name that the device has now; false while it is not there. */
static bool find_device(listener_t *listener)
{
    size_t count = 0;
    bool is_there = false;

    if (listener->place.usb_path[0] == '\0') {
        return true; /* opening will show it */
    }
    port_entry_t *entries = port_list_read(&count);
    for (size_t i = 0; i < count && !is_there; i++) {
        if (entries[i].port[0] != '\0' && is_same_place(&listener->place, &entries[i].device)) {
            is_there = true;
            snprintf(listener->path, sizeof(listener->path), "%s", entries[i].port);
            cli_port_move(&listener->session->port, listener->path);
        }
    }
    free(entries);
    return is_there;
}

/** Waits as long as it takes: a target in deep sleep, or an application that has the USB for itself, may be away for
 * long. */
static void wait_for_return(listener_t *listener)
{
    cli_port_t *port = &listener->session->port;

    remark(listener, "%s is gone; waiting for it", listener->session->context.port);
    port->port->ops->deinit(port->port);
    cli_port_open_at(port, listener->rate_baud);
    while (!atomic_load(&listener->is_stopped)) {
        if (find_device(listener) && port->port->ops->init(port->port) == ESP_LOADER_SUCCESS) {
            remember_place(listener);
            remark(listener, "%s is back",
                   listener->path[0] != '\0' ? listener->path : listener->session->context.port);
            return;
        }
        port->port->ops->delay_ms(port->port, RETURN_POLL_MS);
    }
}

/* ---- the port ---- */

static esp_loader_error_t set_rate(const listener_t *listener, uint32_t rate_baud)
{
    const cli_port_t *port = &listener->session->port;

    return port->has_rate && port->port->ops->set_rate != NULL
               ? port->port->ops->set_rate(port->port, rate_baud)
               : ESP_LOADER_SUCCESS;
}

static void remark_failure(listener_t *listener)
{
    session_t *session = listener->session;
    char sentence[REPORT_SIZE];

    report_sentence(&session->context, esp_loader_error_detail(&session->loader), sentence);
    remark(listener, "%s", sentence);
}

/** The rate is set here once more: not every way to reset has a moment at which the target is held. */
static void reset(listener_t *listener)
{
    session_t *session = listener->session;

    if (listener->is_in_loader) { /* which is asked before it is reset */
        (void)set_rate(listener, LOADER_BAUD);
        listener->is_in_loader = false;
    }
    capture_port_begin(&session->port, listener->rate_baud,
                       (capture_sink_t){.take = take_bytes, .ctx = listener});
    esp_loader_error_t error = esp_loader_reset_target_checked(&session->loader);
    capture_port_end(&session->port);
    session->is_rate_changed = session->is_rate_changed && error != ESP_LOADER_SUCCESS;
    if (error == ESP_LOADER_ERROR_UNSUPPORTED_FUNC) {
        remark(listener, "this port cannot reset the target: press its reset button");
    } else if (error != ESP_LOADER_SUCCESS) {
        remark_failure(listener);
    }
    if (set_rate(listener, listener->rate_baud) == ESP_LOADER_ERROR_UNSUPPORTED_FUNC) {
        remark(listener, "%s cannot do %u baud", session->context.port, (unsigned)listener->rate_baud);
    }
}

/** Connecting is the way into download mode. What the loader answers is for no reader and is not shown. */
static void enter_download_mode(listener_t *listener)
{
    session_t *session = listener->session;

    (void)set_rate(listener, LOADER_BAUD);
    listener->is_in_loader =
        cli_port_connect(&session->port, &session->loader, (cli_connect_t){0}) == ESP_LOADER_SUCCESS;
    if (listener->is_in_loader) {
        remark(listener, "the %s is in download mode",
               esp_loader_chip_name(esp_loader_get_target(&session->loader)));
    } else {
        remark_failure(listener);
    }
    (void)set_rate(listener, listener->rate_baud);
}

static void carry_out(listener_t *listener, listener_order_t order)
{
    if (order == LISTENER_RESET) {
        reset(listener);
    } else if (order == LISTENER_DOWNLOAD) {
        enter_download_mode(listener);
    }
}

/** What could not be sent now is sent later. */
static void send_typed(listener_t *listener)
{
    esp_loader_port_t *port = listener->session->port.port;
    uint8_t bytes[SEND_SIZE];
    size_t sent = 0;

    pthread_mutex_lock(&listener->lock);
    const size_t size = listener->typed_size < sizeof(bytes) ? listener->typed_size : sizeof(bytes);
    memcpy(bytes, listener->typed, size);
    pthread_mutex_unlock(&listener->lock);
    if (size == 0) {
        return;
    }
    (void)port->ops->write_all(port, bytes, size, SEND_MS, &sent); /* reading finds out what is wrong */
    sent = sent < size ? sent : size;
    pthread_mutex_lock(&listener->lock);
    listener->typed_size -= sent;
    memmove(listener->typed, listener->typed + sent, listener->typed_size);
    pthread_mutex_unlock(&listener->lock);
}

static void *listen(void *argument)
{
    listener_t *listener = argument;
    esp_loader_port_t *port = listener->session->port.port;
    uint8_t bytes[CHUNK];

    remember_place(listener);
    while (!atomic_load(&listener->is_stopped)) {
        size_t size = 0;

        carry_out(listener, (listener_order_t)atomic_exchange(&listener->order, LISTENER_NOTHING));
        send_typed(listener);
        esp_loader_error_t error = port->ops->read_some(port, bytes, sizeof(bytes), READ_MS, &size);
        if (size > 0) {
            take_bytes(listener, bytes, size);
        }
        if (error != ESP_LOADER_SUCCESS && error != ESP_LOADER_ERROR_TIMEOUT) {
            wait_for_return(listener);
        }
    }
    return NULL;
}

/* ---- the other threads ---- */

bool listener_begin(listener_t *listener, listener_order_t order)
{
    sigset_t all;
    sigset_t before;

    listener_ask(listener, order);
    if (pthread_mutex_init(&listener->lock, NULL) != 0) {
        return false;
    }
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* signals are to interrupt the thread that writes */
    const bool is_running = pthread_create(&listener->thread, NULL, listen, listener) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return is_running;
}

void listener_end(listener_t *listener)
{
    atomic_store(&listener->is_stopped, true);
    pieces_end(listener->pieces);
    pthread_join(listener->thread, NULL);
    pthread_mutex_destroy(&listener->lock);
}

size_t listener_send(listener_t *listener, const void *bytes, size_t size)
{
    pthread_mutex_lock(&listener->lock);
    const size_t room = LISTENER_TYPED_MAX - listener->typed_size;
    const size_t taken = size < room ? size : room;
    memcpy(listener->typed + listener->typed_size, bytes, taken);
    listener->typed_size += taken;
    pthread_mutex_unlock(&listener->lock);
    return taken;
}

size_t listener_room(listener_t *listener)
{
    pthread_mutex_lock(&listener->lock);
    const size_t room = LISTENER_TYPED_MAX - listener->typed_size;
    pthread_mutex_unlock(&listener->lock);
    return room;
}

void listener_ask(listener_t *listener, listener_order_t order)
{
    atomic_store(&listener->order, (int)order);
}
