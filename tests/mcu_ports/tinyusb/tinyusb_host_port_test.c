/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The port for TinyUSB's host stack, unchanged, on a stand-in for it: the contract, plans with virtual chips behind a bridge
 * and on their own USB, and what is special about it.
 */
#include <string.h>

#include "conformance_excuses.h"
#include "conformance_report.h"
#include "flash_rig.h"
#include "tinyusb_case.h"

enum { PATIENT_MS = 5000 };

/* ---- the contract ---- */

static void restart_peer(void *ctx)
{
    (void)ctx;
    tinyusb_rig_start();
    tinyusb_rig_plug(&tinyusb_cp210x);
}

static void unplug_peer(void *ctx)
{
    (void)ctx;
    tinyusb_rig_unplug();
}

/* The last packet leaves without the stack. */
static size_t receive_at_peer(void *ctx, uint8_t *buf, size_t capacity)
{
    tinyusb_rig_sleep_ms(10);
    return wire_peer.receive(ctx, buf, capacity);
}

/* No byte is lost in the host: it asks for no packet that it has no room for. Pins are lines here. */
TEST_USB(it_conforms)
{
    conformance_peer_t peer = wire_peer;
    peer.restart = restart_peer;
    peer.unplug = unplug_peer;
    peer.receive = receive_at_peer;
    peer.overrun = NULL;
    assert_conforms(port, &peer,
                    (const char *const[]){"overrun: USB holds the device back", EXCUSES_WITHOUT_PINS, NULL});
}

/* ---- plans ---- */

static void connect_bridge(const void *device, esp_sim_t *sim)
{
    tinyusb_rig_start();
    wire_start(&tinyusb_bridge_wire, sim);
    if (sim != NULL) {
        tinyusb_rig_plug(device);
    }
}

static void connect_chip(const void *device, esp_sim_t *sim)
{
    tinyusb_rig_start();
    if (sim != NULL) {
        tinyusb_chip_connect(sim);
        tinyusb_rig_plug(device);
    }
}

TEST_USB(plans_flash_through_each_bridge)
{
    static const tinyusb_device_t *const bridges[] = {&tinyusb_cp210x, &tinyusb_ch340, &tinyusb_ft232,
                                                      &tinyusb_ch9102};
    for (size_t i = 0; i < sizeof(bridges) / sizeof(bridges[0]); i++) {
        const flash_rig_cable_t cable = {.chip = "esp32c3",
                                         .wiring = ESP_SIM_WIRING_BRIDGE,
                                         .connect = connect_bridge,
                                         .context = bridges[i]};
        flash_rig_run_over(port, &cable, NULL);
        if (i == 0) {
            flash_rig_run_faults_over(port, &cable);
        }
    }
}

TEST_USB(plans_flash_through_the_chips_own_usb)
{
    const flash_rig_cable_t cable = {
        .chip = "esp32c3", .wiring = ESP_SIM_WIRING_USJ, .connect = connect_chip, .context = &tinyusb_usj};
    flash_rig_run_over(port, &cable, NULL);
    flash_rig_run_faults_over(port, &cable);
}

TEST_USB(plans_flash_through_the_rom_on_usb_otg)
{
    const flash_rig_cable_t cable = {.chip = "esp32s3",
                                     .wiring = ESP_SIM_WIRING_OTG,
                                     .starts_in_download = true,
                                     .connect = connect_chip,
                                     .context = &tinyusb_s3_rom};
    flash_rig_run_over(port, &cable, NULL);
}

/* ---- which device ---- */

TEST_USB(kinds_and_rates)
{
    static const struct {
        uint16_t vid;
        uint16_t pid;
        esp_loader_link_t kind;
        uint32_t max_rate_baud;
    } rows[] = {
        {0x10C4, 0xEA60, ESP_LOADER_LINK_UART, 921600},  {0x1A86, 0x7523, ESP_LOADER_LINK_UART, 2000000},
        {0x1A86, 0x55D3, ESP_LOADER_LINK_UART, 0},       {0x1A86, 0x55D4, ESP_LOADER_LINK_UART, 0},
        {0x0403, 0x6001, ESP_LOADER_LINK_UART, 3000000}, {0x303A, 0x1001, ESP_LOADER_LINK_USB_SERIAL_JTAG, 0},
        {0x303A, 0x0002, ESP_LOADER_LINK_USB_OTG, 0},    {0x303A, 0x0009, ESP_LOADER_LINK_USB_OTG, 0},
        {0x303A, 0x0012, ESP_LOADER_LINK_USB_OTG, 0},    {0x303A, 0x1002, ESP_LOADER_LINK_UART, 0},
        {0x303A, 0x4001, ESP_LOADER_LINK_UNKNOWN, 0},    {0x1209, 0x0001, ESP_LOADER_LINK_UART, 0},
    };
    assert_int_equal(ops->link_kind(port), ESP_LOADER_LINK_UNKNOWN);
    assert_int_equal(ops->max_rate(port), 0);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const tinyusb_device_t device = {
            .cable = &tinyusb_bridge_cable, .vid = rows[i].vid, .pid = rows[i].pid, .subclass = 2};
        tinyusb_rig_start();
        open_with(&device);
        assert_int_equal(ops->link_kind(port), rows[i].kind);
        assert_int_equal(ops->max_rate(port), rows[i].max_rate_baud);
        ops->deinit(port);
    }
}

TEST_USB(device_that_is_asked_for)
{
    tinyusb_rig_plug(&tinyusb_cp210x);
    tinyusb_rig_plug(&tinyusb_ch340);
    usb.device_vid = tinyusb_ch340.vid;
    assert_int_equal(ops->init(port), ESP_LOADER_SUCCESS);
    assert_int_equal(ops->max_rate(port), 2000000);
    usb.device_vid = 0;
    usb.device_pid = tinyusb_cp210x.pid;
    assert_int_equal(ops->init(port), ESP_LOADER_SUCCESS);
    assert_int_equal(ops->max_rate(port), 921600);
    usb.device_pid = 0;
    usb.device_address = 2;
    assert_int_equal(ops->init(port), ESP_LOADER_SUCCESS);
    assert_int_equal(ops->max_rate(port), 2000000);
    usb.device_address = 3;
    assert_int_equal(ops->init(port), ESP_LOADER_ERROR_PORT_NOT_FOUND);
}

/* An FT2232: the first channel is JTAG, and is not touched. */
TEST_USB(second_channel_of_a_device)
{
    const tinyusb_device_t channel_b = {
        .cable = &tinyusb_bridge_cable, .vid = 0x0403, .pid = 0x6010, .subclass = 0xFF, .interface = 1};
    usb.first_interface = 1;
    tinyusb_rig_plug(&tinyusb_ft232);
    assert_int_equal(ops->init(port), ESP_LOADER_ERROR_PORT_NOT_FOUND);
    tinyusb_rig_plug(&channel_b);
    assert_int_equal(ops->init(port), ESP_LOADER_SUCCESS);
    assert_int_equal(usb._state.index, 1);
}

TEST_USB(nothing_is_plugged_in)
{
    const uint32_t begin_ms = tinyusb_rig_now_ms();
    usb.connection_timeout_ms = 300;
    assert_int_equal(ops->init(port), ESP_LOADER_ERROR_PORT_NOT_FOUND);
    assert_in_range(took_ms(begin_ms), 300, 310);
    usb.connection_timeout_ms = 0;
    assert_int_equal(ops->init(port), ESP_LOADER_ERROR_PORT_NOT_FOUND);
    assert_in_range(took_ms(begin_ms), 2300, 2320);
}

TEST_USB(each_device_is_one_ports)
{
    static tinyusb_host_port_t other;
    other = usb;
    open_with(&tinyusb_cp210x);
    assert_int_equal(ops->init(&other.port), ESP_LOADER_ERROR_PORT_BUSY);
    tinyusb_rig_plug(&tinyusb_ch340);
    assert_int_equal(ops->init(&other.port), ESP_LOADER_SUCCESS);
    assert_int_equal(ops->max_rate(&other.port), 2000000);
    ops->deinit(port);
    assert_int_equal(ops->init(port), ESP_LOADER_SUCCESS);
    assert_int_equal(ops->max_rate(port), 921600);
    ops->deinit(&other.port);
}

TEST_USB(no_clock_and_no_stack)
{
    usb.now_ms = NULL;
    assert_int_equal(ops->init(port), ESP_LOADER_ERROR_INVALID_PARAM);
    usb.now_ms = tinyusb_rig_now_ms;
    tinyusb_rig_set_faults(&(tinyusb_faults_t){.is_stack_off = true});
    assert_int_equal(ops->init(port), ESP_LOADER_ERROR_IO);
}

/* ---- lines ---- */

/* Opening sets the rate and nothing else; both lines change in one request. */
TEST_USB(opening_leaves_the_lines)
{
    uint8_t states[8];
    conformance_pins_t pins[8];
    open_with(&tinyusb_cp210x);
    assert_int_equal(tinyusb_rig_lines(states, sizeof(states)), 0);
    assert_int_equal(ops->set_lines(port, true, false), ESP_LOADER_SUCCESS);
    assert_int_equal(ops->set_lines(port, false, true), ESP_LOADER_SUCCESS);
    assert_int_equal(ops->set_lines(port, false, false), ESP_LOADER_SUCCESS);
    ops->deinit(port);
    assert_int_equal(tinyusb_rig_lines(states, sizeof(states)), 3);
    assert_memory_equal(states, ((const uint8_t[]){1, 2, 0}), 3);
    assert_int_equal(wire_peer.pins(NULL, pins, 8), 4);
}

/* A change is in effect when the call returns. */
TEST_USB(lines_wait_for_the_device)
{
    uint8_t states[4];
    open_with(&tinyusb_cp210x);
    const uint32_t begin_ms = tinyusb_rig_now_ms();
    assert_int_equal(ops->set_lines(port, true, true), ESP_LOADER_SUCCESS);
    assert_int_equal(tinyusb_rig_lines(states, sizeof(states)), 1);
    assert_in_range(took_ms(begin_ms), 1, 3);
}

TEST_USB(stack_that_is_busy_is_asked_again)
{
    open_with(&tinyusb_cp210x);
    tinyusb_rig_set_faults(&(tinyusb_faults_t){.busy_ms = 100});
    assert_int_equal(ops->set_lines(port, true, false), ESP_LOADER_SUCCESS);
    tinyusb_rig_set_faults(&(tinyusb_faults_t){.busy_ms = 100});
    assert_int_equal(ops->set_rate(port, 230400), ESP_LOADER_SUCCESS);
    assert_int_equal(wire_peer.rate(NULL), 230400);
}

TEST_USB(device_without_lines)
{
    tinyusb_rig_set_faults(&(tinyusb_faults_t){.has_no_lines = true});
    open_with(&tinyusb_ch9102); /* opens also without a rate */
    const uint32_t begin_ms = tinyusb_rig_now_ms();
    assert_int_equal(ops->set_lines(port, true, false), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_in_range(took_ms(begin_ms), 500, 510);
}

/* The stack has one control transfer for all devices: one that is not answered is given up, and the next one is made. Where
 * the controller cannot give it up, the next one waits for its answer. */
TEST_USB(request_without_an_answer)
{
    open_with(&tinyusb_cp210x);
    tinyusb_rig_set_faults(&(tinyusb_faults_t){.is_control_silent = true});
    const uint32_t begin_ms = tinyusb_rig_now_ms();
    assert_int_equal(ops->set_lines(port, true, false), ESP_LOADER_ERROR_IO);
    assert_in_range(took_ms(begin_ms), 1000, 1250);
    assert_int_equal(ops->set_lines(port, false, true), ESP_LOADER_ERROR_IO);
    assert_int_equal(ops->set_rate(port, 230400), ESP_LOADER_ERROR_IO);
    tinyusb_rig_set_faults(&(tinyusb_faults_t){0});
    assert_int_equal(ops->set_lines(port, true, false), ESP_LOADER_SUCCESS);
}

#if TUSB_VERSION_MINOR >= 21
/* The stack has queued it: it is made later, and its answer is not that of the next one. */
TEST_USB(late_answer_is_not_the_next_ones)
{
    uint8_t states[4];
    open_with(&tinyusb_cp210x);
    tinyusb_rig_set_faults(&(tinyusb_faults_t){.busy_ms = 1500});
    assert_int_equal(ops->set_lines(port, true, false), ESP_LOADER_ERROR_IO);
    assert_int_equal(ops->set_lines(port, false, true), ESP_LOADER_SUCCESS);
    assert_int_equal(tinyusb_rig_lines(states, sizeof(states)), 2);
    assert_int_equal(states[1], 2);
}
#endif

TEST_USB(request_that_fails)
{
    open_with(&tinyusb_cp210x);
    tinyusb_rig_set_faults(&(tinyusb_faults_t){.is_control_failing = true});
    assert_int_equal(ops->set_lines(port, true, false), ESP_LOADER_ERROR_IO);
    assert_int_equal(ops->set_rate(port, 230400), ESP_LOADER_ERROR_IO);
    assert_int_equal(ops->init(port), ESP_LOADER_ERROR_IO);
    assert_int_equal(ops->set_lines(port, true, false),
                     ESP_LOADER_ERROR_DISCONNECTED); /* nothing stays open */
}

/* ---- rates ---- */

static uint32_t idle_ms;

static uint32_t now_after_idling_ms(void)
{
    return tinyusb_rig_now_ms() + idle_ms;
}

/* After 25 days a time of 32 bits in the past looks like one to come. */
TEST_USB(rate_is_changed_at_once_however_long_the_port_was_idle)
{
    static const uint32_t days[] = {24, 25, 30, 49, 50, 75};
    idle_ms = 0;
    usb.now_ms = now_after_idling_ms;
    open_with(&tinyusb_cp210x);
    for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
        size_t written;
        assert_int_equal(ops->write_all(port, (const uint8_t *)"U", 1, SHORT_MS, &written),
                         ESP_LOADER_SUCCESS);
        idle_ms += days[i] * 24u * 3600u * 1000u;
        const uint32_t begin_ms = tinyusb_rig_now_ms();
        assert_int_equal(ops->set_rate(port, i % 2 == 0 ? 230400 : 115200), ESP_LOADER_SUCCESS);
        assert_in_range(took_ms(begin_ms), 0, 100);
        idle_ms += days[i] * 24u * 3600u * 1000u;
        assert_int_equal(ops->write_all(port, (const uint8_t *)"U", 1, SHORT_MS, &written),
                         ESP_LOADER_SUCCESS);
        assert_int_equal(ops->set_rate(port, 115200), ESP_LOADER_SUCCESS);
        assert_in_range(took_ms(begin_ms), 0, 200);
    }
}

TEST_USB(rate_that_a_bridge_refuses_changes_nothing)
{
    static const tinyusb_device_t *const bridges[] = {&tinyusb_cp210x, &tinyusb_ch340, &tinyusb_ft232,
                                                      &tinyusb_ch9102};
    for (size_t i = 0; i < sizeof(bridges) / sizeof(bridges[0]); i++) {
        uint8_t byte = 0;
        tinyusb_rig_start();
        open_with(bridges[i]);
        assert_in_range(wire_peer.rate(NULL), 114000, 116000); /* bridges divide a clock */
        assert_int_equal(ops->set_rate(port, 230400), ESP_LOADER_SUCCESS);
        assert_int_equal(ops->set_rate(port, 12000000), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
        assert_int_equal(ops->set_rate(port, 0), ESP_LOADER_ERROR_INVALID_PARAM);
        assert_in_range(wire_peer.rate(NULL), 229000, 232000);
        wire_peer.send(NULL, (const uint8_t *)"U", 1, 0);
        assert_int_equal(read_byte(SHORT_MS, &byte), ESP_LOADER_SUCCESS);
        assert_int_equal(byte, 'U');
        ops->deinit(port);
    }
}

/* ---- transfers ---- */

/* The stack cuts lengths to 16 bits: 64 KiB would be nothing. */
TEST_USB(writes_of_more_than_16_bits)
{
    static uint8_t data[0x10000];
    static uint8_t arrived[sizeof(data)];
    size_t written;
    size_t done = 0;
    open_with(&tinyusb_cp210x);
    for (size_t i = 0; i < sizeof(data); i++) {
        data[i] = (uint8_t)(i * 7 + (i >> 8));
    }
    assert_int_equal(ops->set_rate(port, 921600), ESP_LOADER_SUCCESS);
    assert_int_equal(ops->write_all(port, data, sizeof(data), PATIENT_MS, &written), ESP_LOADER_SUCCESS);
    assert_int_equal(written, sizeof(data));
    for (size_t got; (got = receive_at_peer(NULL, arrived + done, sizeof(arrived) - done)) > 0;) {
        done += got;
    }
    assert_int_equal(done, sizeof(data));
    assert_memory_equal(arrived, data, sizeof(data));
}

TEST_USB(reads_of_more_than_16_bits)
{
    static uint8_t buf[0x10000];
    size_t got;
    open_with(&tinyusb_cp210x);
    wire_peer.send(NULL, (const uint8_t *)"U", 1, 0);
    assert_int_equal(ops->read_some(port, buf, sizeof(buf), SHORT_MS, &got), ESP_LOADER_SUCCESS);
    assert_int_equal(got, 1);
}

/* A write that times out takes back what has not left: it does not arrive later. */
TEST_USB(write_that_times_out_leaves_nothing)
{
    static uint8_t data[3000];
    size_t written;
    open_with(&tinyusb_cp210x);
    wire_peer.hold(NULL);
    assert_int_equal(ops->write_all(port, data, sizeof(data), SHORT_MS, &written), ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(written, 64); /* the packet that the device has not taken yet */
    assert_int_equal(tuh_cdc_write_available(0), CFG_TUH_CDC_TX_BUFSIZE);
}

/* Also where the clock's millisecond is nearly over. */
TEST_USB(delays_are_no_shorter)
{
    open_with(&tinyusb_cp210x);
    for (size_t i = 0; i < 20; i++) {
        const uint64_t begin_us = wire_now_us();
        ops->delay_ms(port, 1);
        assert_in_range(wire_now_us() - begin_us, 1000, 2200);
        wire_pass_us(i * 53);
    }
}

/* With its FIFO full the stack asks for no more packets: the device keeps them, and nothing is lost. */
TEST_USB(full_fifo_loses_nothing)
{
    static uint8_t data[1500]; /* more than the FIFO, less than with that of the bridge */
    static uint8_t buf[sizeof(data)];
    size_t done = 0;
    open_with(&tinyusb_cp210x);
    for (size_t i = 0; i < sizeof(data); i++) {
        data[i] = (uint8_t)(i * 5 + (i >> 8));
    }
    wire_peer.send(NULL, data, sizeof(data), 0);
    ops->delay_ms(port, 300);
    assert_in_range(tinyusb_rig_fifo_level(0), CFG_TUH_CDC_RX_BUFSIZE - 63, CFG_TUH_CDC_RX_BUFSIZE);
    while (done < sizeof(buf)) {
        size_t got;
        assert_int_equal(ops->read_some(port, buf + done, sizeof(buf) - done, SHORT_MS, &got),
                         ESP_LOADER_SUCCESS);
        done += got;
    }
    assert_memory_equal(buf, data, sizeof(data));
}

/* After a failed transfer the stack asks for no packet by itself. */
TEST_USB(reception_goes_on_after_a_failed_transfer)
{
    uint8_t byte = 0;
    open_with(&tinyusb_cp210x);
    tinyusb_rig_set_faults(&(tinyusb_faults_t){.failing_in = 1});
    wire_peer.send(NULL, (const uint8_t *)"?", 1, 0);
    assert_int_equal(read_byte(SHORT_MS, &byte), ESP_LOADER_ERROR_TIMEOUT);
    wire_peer.send(NULL, (const uint8_t *)"U", 1, 0);
    assert_int_equal(read_byte(SHORT_MS, &byte), ESP_LOADER_SUCCESS);
    assert_int_equal(byte, 'U');
}

TEST_USB(sending_goes_on_after_a_failed_transfer)
{
    static uint8_t data[500];
    size_t written;
    open_with(&tinyusb_cp210x);
    tinyusb_rig_set_faults(&(tinyusb_faults_t){.failing_out = 1});
    assert_int_equal(ops->write_all(port, data, sizeof(data), PATIENT_MS, &written), ESP_LOADER_SUCCESS);
    assert_int_equal(written, sizeof(data));
}
