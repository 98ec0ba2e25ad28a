/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * USB, as USB-Serial/JTAG does it: one 64-byte buffer per direction. The CDC device on USB-OTG is taken to do
 * the same. A bulk OUT packet is accepted only when the CPU has read
 * the one before it completely; until then the device answers NAK, here: takes nothing. Source: ESP32-S3 TRM,
 * USB Serial/JTAG controller.
 */
#include "state/model.h"

static uint64_t accept_ns(const esp_sim_t *sim, size_t size)
{
    uint64_t byte_ns = sim->state == ESP_SIM_STATE_DOWNLOAD_STUB ? sim->timing->usb_stub_byte_ns
                                                                 : sim->timing->usb_rom_byte_ns;
    uint64_t ns = size * byte_ns;
    uint64_t start_ns = sim->link.is_in_transfer ? 0 : sim->timing->usb_transfer_ns;
    return start_ns + (ns > sim->timing->usb_packet_min_ns ? ns : sim->timing->usb_packet_min_ns);
}

/* Hands one packet to the device, as the faults want it. Returns false when the host has to offer it again.
 */
static bool accept_packet(esp_sim_t *sim, const uint8_t *data, size_t size)
{
    sim_link_t *link = &sim->link;
    const sim_fault_t *fault = sim_faults_check(sim, SIM_AT_TRANSFER, SIM_OUT, -1);
    if (fault != NULL && sim->events->fault(sim, fault)) {
        return false;
    }
    if (sim_fault_is(fault, SIM_DO_DROP)) {
        return true;
    }
    unsigned copies = sim_fault_is(fault, SIM_DO_DUPLICATE) ? 2 : 1;
    for (unsigned copy = 0; copy < copies; copy++) {
        for (size_t i = 0; i < size; i++) {
            bool is_hit = sim_fault_is(fault, SIM_DO_CORRUPT) && i == 0;
            sim_link_push_tx(link, is_hit ? data[i] ^ fault->value : data[i]);
        }
    }
    uint64_t delay_ns = sim_fault_is(fault, SIM_DO_DELAY) ? fault->time_ns : 0;
    sim_timer_set(&sim->clock, &link->out_timer, sim->clock.now_ns + delay_ns + accept_ns(sim, size));
    link->is_in_transfer = size == SIM_USB_PACKET_SIZE; /* a shorter one ends it */
    return true;
}

static size_t usb_host_write(esp_sim_t *sim, const uint8_t *data, size_t size)
{
    sim_link_t *link = &sim->link;
    size_t taken = 0;
    while (taken < size && link->is_attached && link->tx_count == 0 && link->rx_count == 0 &&
           sim->clock.now_ns >= link->out_hold_ns) {
        size_t left = size - taken;
        size_t packet = left < SIM_USB_PACKET_SIZE ? left : (size_t)SIM_USB_PACKET_SIZE;
        if (!accept_packet(sim, data + taken, packet)) {
            break;
        }
        taken += packet;
        sim_clock_run_until(&sim->clock, sim->clock.now_ns);
    }
    return taken;
}

static void usb_arrive(esp_sim_t *sim)
{
    sim_link_t *link = &sim->link;
    while (link->tx_count > 0) {
        sim_link_push_rx(link, sim_link_pop_tx(link)); /* fits: rx was empty and holds two packets */
    }
    sim_link_pump(sim);
}

/* Bytes join the packet that has not left yet. A full packet leaves at once, another after the flush delay.
 */
static void usb_send(esp_sim_t *sim, const uint8_t *data, size_t size)
{
    sim_link_t *link = &sim->link;
    const sim_timing_t *timing = sim->timing;
    uint64_t now_ns = sim->clock.now_ns;
    for (size_t i = 0; i < size; i++) {
        bool has_left =
            i == 0 && (link->in_head == link->in_end || link->in[link->in_end - 1].ready_ns <= now_ns);
        bool is_open = !has_left && link->packet_size < sim->faults.in_packet_size;
        uint64_t base_ns = link->ready_ns > now_ns ? link->ready_ns : now_ns;
        sim_link_push_in(sim, data[i], is_open ? link->ready_ns : base_ns + timing->in_flush_ns, !is_open);
        if (link->packet_size == sim->faults.in_packet_size) {
            size_t start = link->in_end - link->packet_size;
            uint64_t before_ns = start > link->in_head ? link->in[start - 1].ready_ns : 0;
            before_ns = before_ns > now_ns ? before_ns : now_ns;
            link->ready_ns = before_ns + timing->usb_packet_full_ns;
            for (size_t at = start; at < link->in_end; at++) {
                link->in[at].ready_ns = link->ready_ns;
            }
        }
    }
}

const sim_link_ops_t sim_link_usb = {usb_host_write, usb_arrive, usb_send, true};
