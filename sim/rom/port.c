/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * UART0 and USB-Serial/JTAG towards the wire: the bytes that have arrived, and those that are sent. The wire leads to one
 * of them; what is sent through the other is seen by nobody.
 */
#include "rom/code_state.h"
#include "state/model.h"

enum { FRAME_END = 0xC0 };

sim_code_port_t *sim_code_wired_port(sim_code_t *code)
{
    return sim_wiring_is_usb(code->sim->config.wiring) ? &code->usj : &code->uart;
}

void sim_code_port_push(sim_code_port_t *port, uint8_t byte, uint64_t now_ns)
{
    if (port->count < SIM_CODE_FIFO) {
        port->bytes[(port->head + port->count++) % SIM_CODE_FIFO] = byte;
        port->filled_ns = now_ns;
    }
}

uint8_t sim_code_port_pop(sim_code_t *code, sim_code_port_t *port)
{
    if (port->count == 0) {
        return 0;
    }
    uint8_t byte = port->bytes[port->head];
    port->head = (port->head + 1) % SIM_CODE_FIFO;
    port->count--;
    if (port->count == 0 || port == &code->uart) {
        code->wants_bytes = code->sim->link.rx_count > 0;
    }
    if (code->wants_bytes) {
        sim_code_break(code);
    }
    return byte;
}

/* The text that the chip prints, without the frames of the protocol. */
static void add_to_console(sim_code_t *code, uint8_t byte)
{
    char text = (char)byte;
    bool is_text = (byte >= ' ' && byte < 0x7F) || byte == '\r' || byte == '\n' || byte == '\t';
    if (byte == FRAME_END) {
        code->is_in_frame = !code->is_in_frame;
    } else if (!code->is_in_frame && is_text) {
        sim_text_add(&code->sim->console, &text, 1);
    }
}

void sim_code_port_send(sim_code_t *code, const sim_code_port_t *port, uint8_t byte)
{
    if (port != sim_code_wired_port(code)) {
        return;
    }
    sim_code_active(code);
    add_to_console(code, byte);
    sim_code_sync(code);
    sim_link_send(code->sim, &byte, 1);
    sim_code_reschedule(code);
}

void sim_code_port_enable(sim_code_t *code, sim_code_port_t *port, uint32_t interrupts)
{
    bool is_more = (interrupts & ~port->enabled) != 0;
    if (is_more) {
        port->enabled_at = code->core->count + SIM_CODE_ENABLE_DELAY;
    }
    port->enabled = interrupts;
    sim_code_update_lines(code, is_more ? SIM_CODE_ENABLE_DELAY : 1);
}
