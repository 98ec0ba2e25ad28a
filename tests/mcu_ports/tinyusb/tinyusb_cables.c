/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What is behind the endpoints: a bridge with a UART, or a virtual chip's own USB.
 */
#include <string.h>

#include "test.h"
#include "tinyusb_rig.h"

enum {
    PACKET = 64,
    BRIDGE_FIFO = 576, /* of a CP2102 (data sheet) */
    BRIDGE_TX_FIFO = 640,
    LARGEST_RATE = 3000000,
};

const tinyusb_device_t tinyusb_cp210x = {.cable = &tinyusb_bridge_cable, .vid = 0x10C4, .pid = 0xEA60};
const tinyusb_device_t tinyusb_ch340 = {
    .cable = &tinyusb_bridge_cable, .vid = 0x1A86, .pid = 0x7523, .subclass = 1};
const tinyusb_device_t tinyusb_ft232 = {
    .cable = &tinyusb_bridge_cable, .vid = 0x0403, .pid = 0x6001, .subclass = 0xFF};
const tinyusb_device_t tinyusb_ch9102 = {
    .cable = &tinyusb_bridge_cable, .vid = 0x1A86, .pid = 0x55D4, .subclass = 2};
const tinyusb_device_t tinyusb_usj = {
    .cable = &tinyusb_chip_cable, .vid = 0x303A, .pid = 0x1001, .subclass = 2};
const tinyusb_device_t tinyusb_s3_rom = {
    .cable = &tinyusb_chip_cable, .vid = 0x303A, .pid = 0x0009, .subclass = 2};

/* ---- a bridge ---- */

static struct {
    uint8_t bytes[BRIDGE_FIFO];
    size_t count;
} bridge;

/* What has no room is lost, and nobody is told. */
static void bridge_receive(uint8_t byte)
{
    if (bridge.count < sizeof(bridge.bytes)) {
        bridge.bytes[bridge.count++] = byte;
    }
}

const wire_uart_t tinyusb_bridge_wire = {.receive = bridge_receive};

static void bridge_pass_us(uint64_t time_us)
{
    wire_pass_to_event(time_us);
}

static size_t bridge_take_packet(uint8_t *packet)
{
    const size_t size = bridge.count < PACKET ? bridge.count : PACKET;
    memcpy(packet, bridge.bytes, size);
    bridge.count -= size;
    memmove(bridge.bytes, bridge.bytes + size, bridge.count);
    return size;
}

static bool bridge_give_packet(const uint8_t *packet, size_t size)
{
    if (wire_pending() + size > BRIDGE_TX_FIFO) {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        wire_put(packet[i]);
    }
    return true;
}

/* Two transistors: RTS alone pulls EN, DTR alone the strapping pin. */
static void bridge_set_lines(bool dtr, bool rts)
{
    wire_set_pins(!(rts && !dtr), !(dtr && !rts));
}

static bool bridge_set_rate(uint32_t rate_baud)
{
    if (rate_baud > LARGEST_RATE) {
        return false;
    }
    wire_set_rate(rate_baud);
    return true;
}

const tinyusb_cable_t tinyusb_bridge_cable = {
    .now_us = wire_now_us,
    .pass_us = bridge_pass_us,
    .take_packet = bridge_take_packet,
    .give_packet = bridge_give_packet,
    .set_lines = bridge_set_lines,
    .set_rate = bridge_set_rate,
};

/* ---- a chip's own USB ---- */

static esp_sim_t *chip;

void tinyusb_chip_connect(esp_sim_t *sim)
{
    chip = sim;
}

static uint64_t chip_now_us(void)
{
    return esp_sim_now_us(chip);
}

static void chip_pass_us(uint64_t time_us)
{
    esp_sim_run_until(chip, esp_sim_now_us(chip) + time_us);
}

static size_t chip_take_packet(uint8_t *packet)
{
    return esp_sim_host_read(chip, packet, PACKET);
}

static bool chip_give_packet(const uint8_t *packet, size_t size)
{
    const size_t taken = esp_sim_host_write(chip, packet, size);
    assert_true(taken == 0 || taken == size);
    return taken == size;
}

static void chip_set_lines(bool dtr, bool rts)
{
    esp_sim_host_set_lines(chip, dtr, rts);
}

static bool chip_set_rate(uint32_t rate_baud)
{
    (void)rate_baud;
    fail_msg("the chip's own USB has no rate");
    return false;
}

static uint32_t chip_attachment(void)
{
    return esp_sim_is_attached(chip) ? esp_sim_attach_count(chip) : 0;
}

const tinyusb_cable_t tinyusb_chip_cable = {
    .now_us = chip_now_us,
    .pass_us = chip_pass_us,
    .take_packet = chip_take_packet,
    .give_packet = chip_give_packet,
    .set_lines = chip_set_lines,
    .set_rate = chip_set_rate,
    .attachment = chip_attachment,
};
