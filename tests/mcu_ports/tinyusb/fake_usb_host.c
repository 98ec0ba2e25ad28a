/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * How the stack behaves. Rules are those of TinyUSB 0.18.0 and 0.21.0: src/host/usbh.c, src/class/cdc/cdc_host.c, and the
 * streams of src/tusb.c. The controller moves packets whenever time passes; the rest of the stack only where it is run.
 */
#include <string.h>

#include "fake_usb_host.h"
#include "test.h"

enum {
    EVENTS = 64,
    POLL_US = 20,
    PACKET_US = 125, /* at most one packet per direction in this time */
    CONTROL_US = 1000,
    DEBOUNCE_US = 200000,
    ENUMERATION_US = 30000,
};

typedef enum { ATTACH, MOUNT, REMOVE, IN_DONE, OUT_DONE, CONTROL_DONE } event_kind_t;

typedef struct {
    event_kind_t kind;
    uint64_t due_us;
    uint8_t index;
    xfer_result_t result;
    uint8_t packet[FAKE_PACKET_SIZE];
    size_t size;
} event_t;

static struct {
    fake_interface_t interfaces[CFG_TUH_CDC];
    event_t events[EVENTS];
    size_t event_count;
    fake_request_t requests[1 + FAKE_QUEUED_REQUESTS]; /* the first one is under way */
    size_t request_count;
    const tinyusb_cable_t *cable;
    tinyusb_faults_t faults;
    bool is_controller_busy; /**< with a request of which the stack knows no more */
    uint64_t next_packet_us;
    bool is_running;
    uint8_t lines[64];
    size_t line_count;
} bus;

/* ---- events ---- */

static event_t *post(event_kind_t kind, uint8_t index, uint64_t due_us)
{
    assert_true(bus.event_count < EVENTS);
    event_t *event = &bus.events[bus.event_count++];
    *event = (event_t){.kind = kind, .index = index, .due_us = due_us};
    return event;
}

static uint64_t now_us(void)
{
    return bus.cable->now_us();
}

static bool take_event(event_t *out_event)
{
    for (size_t i = 0; i < bus.event_count; i++) {
        if (bus.events[i].due_us <= now_us()) {
            *out_event = bus.events[i];
            bus.event_count--;
            memmove(&bus.events[i], &bus.events[i + 1], (bus.event_count - i) * sizeof(bus.events[0]));
            return true;
        }
    }
    return false;
}

/* ---- the controller ---- */

static void follow_chip(void)
{
    for (uint8_t i = 0; i < CFG_TUH_CDC; i++) {
        fake_interface_t *itf = &bus.interfaces[i];
        if (itf->device == NULL || itf->is_unplugged || itf->device->cable->attachment == NULL) {
            continue;
        }
        const uint32_t attachment = itf->device->cable->attachment();
        if (attachment != itf->attachment) {
            if (itf->attachment != 0) {
                (void)post(REMOVE, i, now_us());
            }
            if (attachment != 0) {
                (void)post(ATTACH, i, now_us());
            }
            itf->attachment = attachment;
        }
    }
}

static void move_packets(uint8_t index)
{
    fake_interface_t *itf = &bus.interfaces[index];
    if (itf->address == 0 || itf->is_unplugged) {
        return;
    }
    if (itf->is_in_armed) {
        uint8_t packet[FAKE_PACKET_SIZE];
        const size_t size = itf->device->cable->take_packet(packet);
        if (size > 0) {
            event_t *event = post(IN_DONE, index, now_us());
            itf->is_in_armed = false;
            event->size = size;
            memcpy(event->packet, packet, size);
            if (bus.faults.failing_in > 0) {
                bus.faults.failing_in--;
                event->result = XFER_RESULT_FAILED;
            }
        }
    }
    if (itf->packet_size > 0 && itf->is_out_busy &&
        (bus.faults.failing_out > 0 || itf->device->cable->give_packet(itf->packet, itf->packet_size))) {
        event_t *event = post(OUT_DONE, index, now_us());
        itf->packet_size = 0;
        if (bus.faults.failing_out > 0) {
            bus.faults.failing_out--;
            event->result = XFER_RESULT_FAILED;
        }
    }
}

static void pass_us(uint64_t time_us)
{
    const uint64_t end_us = now_us() + time_us;
    while (now_us() < end_us) {
        const uint64_t left_us = end_us - now_us();
        bus.cable->pass_us(left_us < POLL_US ? left_us : POLL_US);
        follow_chip();
        if (now_us() >= bus.next_packet_us) {
            bus.next_packet_us = now_us() + PACKET_US;
            for (uint8_t i = 0; i < CFG_TUH_CDC; i++) {
                move_packets(i);
            }
        }
    }
}

/* tu_edpt_stream_read_xfer(): only where there is room for a packet, and not twice. */
void fake_arm_in(fake_interface_t *itf)
{
    itf->is_in_armed = itf->is_in_armed || CFG_TUH_CDC_RX_BUFSIZE - itf->received.count >= FAKE_PACKET_SIZE;
}

/* tu_edpt_stream_write_xfer() */
uint32_t fake_start_out(fake_interface_t *itf)
{
    const size_t size = itf->to_send.count < FAKE_PACKET_SIZE ? itf->to_send.count : FAKE_PACKET_SIZE;
    if (size == 0 || itf->is_out_busy) {
        return 0;
    }
    memcpy(itf->packet, itf->to_send.bytes, size);
    itf->to_send.count -= size;
    memmove(itf->to_send.bytes, itf->to_send.bytes + size, itf->to_send.count);
    itf->packet_size = size;
    itf->is_out_busy = true;
    return (uint32_t)size;
}

/* ---- requests ---- */

static void start_request(void)
{
    if (bus.request_count > 0 &&
        (!bus.faults.is_control_silent || bus.requests[0].kind == FAKE_SOMEBODY_ELSES)) {
        const bool is_other = bus.requests[0].kind == FAKE_SOMEBODY_ELSES;
        (void)post(CONTROL_DONE, bus.requests[0].index,
                   now_us() + (is_other ? bus.requests[0].value * 1000ull : CONTROL_US));
    }
}

/* tuh_control_xfer(): up to 0.20 one at a time, since 0.21 those with a callback are queued. */
bool fake_put_request(const fake_request_t *request)
{
    /* src/portable/raspberrypi/rp2040/hcd_rp2040.c: panic("ep %02X was already available") */
    assert_false(bus.is_controller_busy);
    const size_t room = TUSB_VERSION_MINOR >= 21 ? 1 + FAKE_QUEUED_REQUESTS : 1;
    if (bus.request_count == room) {
        return false;
    }
    bus.requests[bus.request_count++] = *request;
    if (bus.request_count == 1) {
        start_request();
    }
    return true;
}

static void drop_request(void)
{
    bus.request_count--;
    memmove(&bus.requests[0], &bus.requests[1], bus.request_count * sizeof(bus.requests[0]));
    start_request();
}

static xfer_result_t execute(const fake_request_t *request)
{
    const fake_interface_t *itf = &bus.interfaces[request->index];
    if (bus.faults.is_control_failing || itf->is_unplugged) {
        return XFER_RESULT_FAILED;
    }
    if (request->kind == FAKE_SET_LINES) {
        assert_true(bus.line_count < sizeof(bus.lines));
        bus.lines[bus.line_count++] = (uint8_t)request->value;
        itf->device->cable->set_lines((request->value & CDC_CONTROL_LINE_STATE_DTR) != 0,
                                      (request->value & CDC_CONTROL_LINE_STATE_RTS) != 0);
        return XFER_RESULT_SUCCESS;
    }
    if (request->data_bits != 8 || !itf->device->cable->set_rate(request->value)) {
        return XFER_RESULT_STALLED;
    }
    return XFER_RESULT_SUCCESS;
}

static void finish(const fake_request_t *request, xfer_result_t result)
{
    tuh_xfer_t xfer = {
        .daddr = bus.interfaces[request->index].address, .result = result, .user_data = request->user_data};
    request->callback(&xfer);
}

/* usbh.c: the place is free before the callback runs. */
static void finish_request(void)
{
    const fake_request_t request = bus.requests[0];
    const xfer_result_t result =
        request.kind == FAKE_SOMEBODY_ELSES ? XFER_RESULT_SUCCESS : execute(&request);
    drop_request();
    if (request.kind != FAKE_SOMEBODY_ELSES) {
        finish(&request, result);
    }
}

/* cdch_close() has cleared the interface before the request is ended: in no version is the callback called. */
static void forget_requests(uint8_t index)
{
    for (size_t i = bus.request_count; i-- > 0;) {
        if (bus.requests[i].index == index && bus.requests[i].kind != FAKE_SOMEBODY_ELSES) {
            bus.request_count--;
            memmove(&bus.requests[i], &bus.requests[i + 1],
                    (bus.request_count - i) * sizeof(bus.requests[0]));
        }
    }
    for (size_t i = bus.event_count; i-- > 0;) {
        if (bus.events[i].index == index && bus.events[i].kind == CONTROL_DONE) {
            bus.event_count--;
            memmove(&bus.events[i], &bus.events[i + 1], (bus.event_count - i) * sizeof(bus.events[0]));
        }
    }
}

/* ---- the stack ---- */

/* cdch_close(): the callback runs while the FIFO can still be read. */
static void remove_interface(uint8_t index)
{
    fake_interface_t *itf = &bus.interfaces[index];
    if (itf->is_mounted && !bus.faults.is_callback_lost) {
        tuh_cdc_umount_cb(index);
    }
    itf->is_mounted = false;
    itf->address = 0;
    forget_requests(index);
    if (itf->is_unplugged) {
        itf->device = NULL;
    }
}

/* cdch_open(), make_new_itf(): FIFOs are emptied, nothing is known of the line. */
static void open_interface(uint8_t index)
{
    fake_interface_t *itf = &bus.interfaces[index];
    if (TUSB_VERSION_MINOR < 21) { /* waits until contacts are settled, inside of the task */
        pass_us(DEBOUNCE_US);
    }
    if (itf->device != NULL) {
        itf->address = (uint8_t)(index + 1u); /* the lowest that is free */
        itf->received.count = 0;
        itf->to_send.count = 0;
        itf->is_in_armed = false;
        itf->is_out_busy = false;
        itf->packet_size = 0;
        itf->data_bits = 0;
        (void)post(MOUNT, index, now_us() + ENUMERATION_US + (TUSB_VERSION_MINOR < 21 ? 0 : DEBOUNCE_US));
    }
}

static void receive(fake_interface_t *itf, const event_t *event)
{
    if (event->result != XFER_RESULT_SUCCESS) { /* cdch_xfer_cb(): returns, and does not ask again */
        return;
    }
    assert_true(event->size <= CFG_TUH_CDC_RX_BUFSIZE - itf->received.count);
    memcpy(itf->received.bytes + itf->received.count, event->packet, event->size);
    itf->received.count += event->size;
    fake_arm_in(itf);
}

static void handle(const event_t *event)
{
    fake_interface_t *itf =
        &bus.interfaces[event->index % CFG_TUH_CDC]; /* somebody else's request has none */
    switch (event->kind) {
    case ATTACH:
        open_interface(event->index);
        break;
    case MOUNT:
        if (itf->address != 0) {
            itf->is_mounted = true;
            fake_arm_in(itf);
        }
        break;
    case REMOVE:
        remove_interface(event->index);
        break;
    case IN_DONE:
        if (itf->address != 0) {
            receive(itf, event);
        }
        break;
    case OUT_DONE:
        itf->is_out_busy = false;
        if (itf->address != 0 && event->result == XFER_RESULT_SUCCESS) {
            (void)fake_start_out(itf);
        }
        break;
    case CONTROL_DONE:
        finish_request();
        break;
    }
}

void tuh_task_ext(uint32_t timeout_ms, bool in_isr)
{
    event_t event;
    assert_int_equal(timeout_ms,
                     0); /* with an operating system any other one waits; without, it is ignored */
    assert_false(in_isr);
    assert_false(bus.is_running); /* a callback that runs the stack again */
    bus.is_running = true;
    pass_us(POLL_US);
    while (take_event(&event)) {
        handle(&event);
    }
    bus.is_running = false;
}

fake_interface_t *fake_interface(uint8_t idx)
{
    assert_true(idx < CFG_TUH_CDC); /* get_itf() */
    return bus.interfaces[idx].address != 0 ? &bus.interfaces[idx] : NULL;
}

/* Of the control endpoint only the request that is under way. 0.21 calls back, 0.18 does not. Neither asks whether the
 * controller's driver has ended it: RP2040's, for one, cannot. */
bool fake_abort_request(uint8_t address)
{
    if (bus.request_count == 0 || bus.requests[0].kind == FAKE_SOMEBODY_ELSES ||
        bus.interfaces[bus.requests[0].index].address != address) {
        return false;
    }
    const fake_request_t request = bus.requests[0];
    bus.is_controller_busy = CFG_TUSB_MCU == OPT_MCU_RP2040;
    drop_request();
#if TUSB_VERSION_MINOR >= 21
    finish(&request, XFER_RESULT_ABORTED);
#else
    (void)request;
#endif
    return true;
}

const tinyusb_faults_t *fake_faults(void)
{
    return &bus.faults;
}

/* ---- the rig ---- */

void tinyusb_rig_start(void)
{
    memset(&bus, 0, sizeof(bus));
    bus.cable = &tinyusb_bridge_cable;
    wire_start(&tinyusb_bridge_wire, NULL);
}

void tinyusb_rig_plug(const tinyusb_device_t *device)
{
    uint8_t i = 0;
    while (bus.interfaces[i].device != NULL) {
        i++;
        assert_true(i < CFG_TUH_CDC);
    }
    bus.cable = device->cable;
    bus.interfaces[i].device = device;
    bus.interfaces[i].is_unplugged = false;
    bus.interfaces[i].attachment = device->cable->attachment != NULL ? device->cable->attachment() : 1;
    if (bus.interfaces[i].attachment != 0) {
        (void)post(ATTACH, i, now_us());
    }
}

void tinyusb_rig_unplug(void)
{
    for (uint8_t i = 0; i < CFG_TUH_CDC; i++) {
        if (bus.interfaces[i].device != NULL) {
            bus.interfaces[i].is_unplugged = true;
            (void)post(REMOVE, i, now_us());
        }
    }
}

uint32_t tinyusb_rig_now_ms(void)
{
    pass_us(POLL_US);
    return bus.cable == &tinyusb_bridge_cable ? (uint32_t)(wire_clock_us() / 1000u)
                                              : (uint32_t)(now_us() / 1000u);
}

void tinyusb_rig_sleep_ms(uint32_t ms)
{
    pass_us(ms * 1000ull);
}

size_t tinyusb_rig_fifo_level(uint8_t index)
{
    return bus.interfaces[index].received.count;
}

void tinyusb_rig_set_faults(const tinyusb_faults_t *faults)
{
    const bool is_answering = bus.faults.is_control_silent && !faults->is_control_silent;
    bus.faults = *faults;
    if (is_answering) {
        start_request();
    }
    if (faults->busy_ms > 0) {
        assert_int_equal(bus.request_count, 0);
        (void)fake_put_request(
            &(fake_request_t){.kind = FAKE_SOMEBODY_ELSES, .index = UINT8_MAX, .value = faults->busy_ms});
    }
}

size_t tinyusb_rig_lines(uint8_t *states, size_t capacity)
{
    const size_t count = bus.line_count;
    assert_true(count <= capacity);
    memcpy(states, bus.lines, count);
    bus.line_count = 0;
    return count;
}
