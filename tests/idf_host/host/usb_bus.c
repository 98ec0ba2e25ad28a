/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The wire of usb_bus.h. Every transfer waits a moment, then its packets move as the gadget takes or gives
 * them.
 */
#include "usb_bus.h"

#include <string.h>

#include "usb_internal.h"

#define PACKET_SIZE        64u
#define ENUMERATION_US     450000u
#define TRANSFER_US        100u
#define POLL_US            20u
#define CONTROL_US         500u
#define MAX_TIMERS         32
#define MAX_SIZES          16u
#define REQUEST_LINE_STATE 0x22
#define REQUEST_LINE_CODE  0x20
#define CLASS_OUT          0x21

typedef struct {
    uint64_t at_us;
    void (*function)(void *arg);
    void *arg;
} bench_timer_t;

typedef enum { PORT_EMPTY, PORT_DEBOUNCE, PORT_USED } port_state_t;

typedef struct {
    usb_gadget_t *gadget; /* plugged in */
    bool was_attached;
    port_state_t state;
    uint64_t enumerated_us;
    usb_device_handle_t device; /* not gone */
} port_t;

static struct {
    port_t ports[BUS_PORTS]; /* the first is the root port, or the first of a hub on it */
    bus_watcher_t watcher;
    void *watcher_arg;
    unsigned transfer_count;
    unsigned packet_count;
    bench_timer_t timers[MAX_TIMERS];
    unsigned timer_count;
    size_t out_sizes[MAX_SIZES];
    unsigned out_count;
} bus;

static bus_action_t ask(const transfer_t *transfer, bus_moment_t moment)
{
    return bus.watcher == NULL ? BUS_GO_ON
                               : bus.watcher(bus.watcher_arg, transfer->number, transfer->endpoint, moment);
}

static void finish(transfer_t *transfer, transfer_status_t status)
{
    transfer->device->pipes[transfer->endpoint].transfer = NULL;
    transfer->status = status;
    lib_done(transfer);
}

static void fail(transfer_t *transfer)
{
    const bool is_control = transfer->endpoint == BUS_CONTROL;
    transfer->device->pipes[transfer->endpoint].is_halted = !is_control;
    finish(transfer, is_control ? TRANSFER_STALL : TRANSFER_ERROR);
}

/** Asks the watcher before data moves; false when the transfer does not go on. */
static bool may_start(transfer_t *transfer)
{
    switch (ask(transfer, BUS_BEFORE)) {
    case BUS_GO_ON:
        return true;
    case BUS_UNPLUG:
        bus_unplug_from(transfer->device->port);
        return false;
    case BUS_ERROR:
        fail(transfer);
        return false;
    case BUS_STUCK:
        transfer->is_stuck = true;
        return false;
    }
    return false;
}

static void finish_completed(transfer_t *transfer)
{
    const bus_action_t action = ask(transfer, BUS_AFTER);
    const unsigned port = transfer->device->port;
    finish(transfer, TRANSFER_COMPLETED);
    if (action == BUS_UNPLUG) {
        bus_unplug_from(port);
    }
}

void bus_cancel(transfer_t *transfer)
{
    pipe_t *pipe = &transfer->device->pipes[transfer->endpoint];
    if (pipe->transfer == transfer) {
        finish(transfer, TRANSFER_CANCELED);
    }
    pipe->is_halted = false;
}

void bus_forget(const transfer_t *transfer)
{
    pipe_t *pipe = &transfer->device->pipes[transfer->endpoint];
    if (pipe->transfer == transfer) {
        pipe->transfer = NULL;
    }
}

/* ---- data ---- */

static bool is_cut_after_packet(unsigned port)
{
    const unsigned number = bus.packet_count++;
    const bool is_cut =
        bus.watcher != NULL && bus.watcher(bus.watcher_arg, number, BUS_OUT, BUS_PACKET) == BUS_UNPLUG;
    if (is_cut) {
        bus_unplug_from(port);
    }
    return is_cut;
}

static void move_out(usb_device_handle_t device, pipe_t *pipe)
{
    transfer_t *transfer = pipe->transfer;
    usb_gadget_t *gadget = device->gadget;
    while (transfer->moved < transfer->size) {
        const size_t at_packet = transfer->moved % PACKET_SIZE;
        const size_t left = transfer->size - transfer->moved;
        const size_t packet = left < PACKET_SIZE - at_packet ? left : PACKET_SIZE - at_packet;
        size_t taken = packet;
        if (pipe->toggle == gadget->toggle_out) {
            taken = gadget->write(gadget->model, transfer->data + transfer->moved, packet);
            if (taken == 0) {
                return;
            }
        }
        transfer->moved += taken;
        if (taken == packet) {
            gadget->toggle_out = !pipe->toggle;
            pipe->toggle = !pipe->toggle;
            if (is_cut_after_packet(device->port)) {
                return;
            }
        }
    }
    finish_completed(transfer);
}

static void move_in(usb_device_handle_t device, pipe_t *pipe)
{
    transfer_t *transfer = pipe->transfer;
    usb_gadget_t *gadget = device->gadget;
    const size_t size = gadget->read(gadget->model, transfer->data, PACKET_SIZE);
    if (size == 0) {
        return;
    }
    const bool is_expected = pipe->toggle == gadget->toggle_in;
    gadget->toggle_in = !gadget->toggle_in;
    if (!is_expected) {
        return;
    }
    pipe->toggle = !pipe->toggle;
    transfer->number = bus.transfer_count++;
    if (may_start(transfer)) {
        transfer->moved = size;
        finish_completed(transfer);
    }
}

static void move_control(usb_device_handle_t device, pipe_t *pipe)
{
    transfer_t *transfer = pipe->transfer;
    usb_gadget_t *gadget = device->gadget;
    const uint8_t *setup = transfer->data;
    if (setup[0] == CLASS_OUT && setup[1] == REQUEST_LINE_STATE) {
        gadget->set_lines(gadget->model, (setup[2] & 1) != 0, (setup[2] & 2) != 0);
    } else if (setup[0] == CLASS_OUT && setup[1] == REQUEST_LINE_CODE) {
        gadget->set_rate(gadget->model, (uint32_t)setup[8] | (uint32_t)setup[9] << 8 |
                                            (uint32_t)setup[10] << 16 | (uint32_t)setup[11] << 24);
    } else {
        fail(transfer);
        return;
    }
    transfer->moved = transfer->size;
    finish_completed(transfer);
}

static void move_data(uint64_t now_us)
{
    static void (*const move[3])(usb_device_handle_t, pipe_t *) = {move_out, move_in, move_control};
    for (unsigned n = 0; n < BUS_PORTS; n++) {
        const port_t *port = &bus.ports[n];
        for (unsigned i = 0; i < 3 && port->device != NULL && port->gadget != NULL; i++) {
            pipe_t *pipe = &port->device->pipes[i];
            if (pipe->transfer != NULL && !pipe->transfer->is_stuck && pipe->transfer->due_us <= now_us) {
                move[i](port->device, pipe);
            }
        }
    }
}

esp_err_t bus_submit(transfer_t *transfer)
{
    pipe_t *pipe = &transfer->device->pipes[transfer->endpoint];
    if (transfer->is_in_flight) {
        return ESP_ERR_NOT_FINISHED;
    }
    if (transfer->device->is_gone || pipe->is_halted) {
        return ESP_ERR_INVALID_STATE;
    }
    transfer->is_in_flight = true;
    transfer->is_stuck = false;
    transfer->moved = 0;
    pipe->transfer = transfer;
    if (transfer->endpoint == BUS_IN) {
        transfer->due_us = kernel_now_us_locked() + POLL_US;
        if (transfer->device->gadget->is_instant) {
            move_in(transfer->device, pipe);
        }
        return ESP_OK;
    }
    transfer->number = bus.transfer_count++;
    transfer->due_us = kernel_now_us_locked() + (transfer->endpoint == BUS_OUT ? TRANSFER_US : CONTROL_US);
    if (transfer->endpoint == BUS_OUT) {
        bus.out_sizes[bus.out_count++ % MAX_SIZES] = transfer->size;
    }
    (void)may_start(transfer);
    return ESP_OK;
}

/* ---- plug ---- */

static void start_debounce(port_t *port)
{
    port->state = PORT_DEBOUNCE;
    port->enumerated_us = kernel_now_us_locked() + ENUMERATION_US;
}

static void attach(port_t *port)
{
    port->was_attached = true;
    port->gadget->toggle_out = false;
    port->gadget->toggle_in = false;
    if (port->state == PORT_EMPTY) {
        start_debounce(port);
    }
}

static void detach(port_t *port)
{
    port->was_attached = false;
    if (port->state == PORT_DEBOUNCE) {
        port->state = PORT_EMPTY;
    }
    port->device = NULL;
    if (port->state == PORT_USED) {
        lib_detached((unsigned)(port - bus.ports));
    }
}

void bus_plug_into(unsigned number, usb_gadget_t *gadget)
{
    port_t *port = &bus.ports[number];
    if (port->gadget != NULL) {
        kernel_panic("the bench plugged a second device into a port");
    }
    port->gadget = gadget;
    attach(port);
}

void bus_plug(usb_gadget_t *gadget)
{
    bus_plug_into(0, gadget);
}

void bus_unplug_from(unsigned number)
{
    port_t *port = &bus.ports[number];
    if (port->gadget != NULL) {
        if (port->was_attached) {
            detach(port);
        }
        port->gadget = NULL;
    }
}

void bus_unplug(void)
{
    bus_unplug_from(0);
}

bool bus_is_plugged(void)
{
    return bus.ports[0].gadget != NULL;
}

void bus_recycle_port(unsigned number)
{
    port_t *port = &bus.ports[number];
    port->state = PORT_EMPTY;
    if (port->gadget != NULL && port->was_attached) {
        start_debounce(port);
    }
}

/* ---- the machine ---- */

static void run_timers(uint64_t now_us)
{
    for (unsigned i = 0; i < bus.timer_count;) {
        if (bus.timers[i].at_us <= now_us) {
            const bench_timer_t timer = bus.timers[i];
            bus.timers[i] = bus.timers[--bus.timer_count];
            timer.function(timer.arg);
        } else {
            i++;
        }
    }
}

static void run_port(port_t *port, uint64_t now_us)
{
    usb_gadget_t *gadget = port->gadget;
    if (gadget != NULL) {
        gadget->run_until(gadget->model, now_us);
        const bool is_attached = gadget->is_attached(gadget->model);
        if (is_attached && !port->was_attached) {
            attach(port);
        } else if (!is_attached && port->was_attached) {
            detach(port);
        }
    }
    if (port->state == PORT_DEBOUNCE && port->enumerated_us <= now_us) {
        port->state = PORT_USED;
        lib_attached((unsigned)(port - bus.ports), port->gadget);
    }
}

static void run_until(uint64_t now_us)
{
    run_timers(now_us);
    for (unsigned n = 0; n < BUS_PORTS; n++) {
        run_port(&bus.ports[n], now_us);
    }
    move_data(now_us);
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t next_event_of_port_us(const port_t *port, uint64_t now_us)
{
    uint64_t next = port->state == PORT_DEBOUNCE ? port->enumerated_us : KERNEL_NEVER;
    for (unsigned i = 0; i < 3 && port->device != NULL; i++) {
        const transfer_t *transfer = port->device->pipes[i].transfer;
        if (transfer != NULL && !transfer->is_stuck && transfer->due_us > now_us) {
            next = earlier(next, transfer->due_us);
        }
    }
    if (port->gadget != NULL) {
        const uint64_t event = port->gadget->next_event_us(port->gadget->model);
        next = event > now_us ? earlier(next, event) : next; /* what is due already waits for the host */
    }
    return next;
}

static uint64_t next_event_us(void)
{
    const uint64_t now_us = kernel_now_us_locked();
    uint64_t next = KERNEL_NEVER;
    for (unsigned i = 0; i < bus.timer_count; i++) {
        next = earlier(next, bus.timers[i].at_us);
    }
    for (unsigned n = 0; n < BUS_PORTS; n++) {
        next = earlier(next, next_event_of_port_us(&bus.ports[n], now_us));
    }
    return next;
}

const machine_t *bus_machine(void)
{
    static const machine_t machine = {.next_event_us = next_event_us, .run_until = run_until};
    return &machine;
}

void bus_watch(bus_watcher_t watcher, void *arg)
{
    bus.watcher = watcher;
    bus.watcher_arg = arg;
}

void bus_after(uint64_t delay_us, void (*function)(void *arg), void *arg)
{
    if (bus.timer_count == MAX_TIMERS) {
        kernel_panic("the bench has no timer left");
    }
    bus.timers[bus.timer_count++] =
        (bench_timer_t){.at_us = kernel_now_us_locked() + delay_us, .function = function, .arg = arg};
}

void bus_poke(void)
{
    for (unsigned n = 0; n < BUS_PORTS; n++) {
        const usb_device_handle_t device = bus.ports[n].device;
        if (device != NULL && device->pipes[BUS_IN].transfer != NULL) {
            device->pipes[BUS_IN].transfer->due_us = kernel_now_us_locked() + POLL_US;
        }
    }
}

unsigned bus_transfer_count(void)
{
    return bus.transfer_count;
}

size_t bus_out_size(unsigned age)
{
    return age < bus.out_count ? bus.out_sizes[(bus.out_count - 1 - age) % MAX_SIZES] : 0;
}

void bus_use(usb_device_handle_t device)
{
    bus.ports[device->port].device = device;
}
