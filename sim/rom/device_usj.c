/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * USB-Serial/JTAG as the CPU sees it: a packet from the host at a time, and bytes to it. Source: ESP32-S3 TRM, USB
 * Serial/JTAG controller.
 */
#include "rom/code_state.h"
#include "state/model.h"

enum {
    EP1 = 0x00,
    EP1_CONF = 0x04,
    INT_RAW = 0x08,
    INT_ST = 0x0C,
    INT_ENA = 0x10,
    INT_CLR = 0x14,

    CONF_IN_FREE = 1 << 1,
    CONF_OUT_DATA = 1 << 2,
    RAISED_SOF = 1 << 1,
    RAISED_OUT = 1 << 2,
    RAISED_IN_EMPTY = 1 << 3,
};

static uint32_t raised(const sim_code_t *code)
{
    const sim_code_port_t *port = &code->usj;
    bool has_host = sim_wiring_is_usb(code->sim->config.wiring) && code->sim->link.is_attached;
    return port->raised | (has_host ? RAISED_SOF | RAISED_IN_EMPTY : 0) | (port->count > 0 ? RAISED_OUT : 0);
}

bool sim_code_usj_interrupts(const sim_code_t *code)
{
    return code->core->count >= code->usj.enabled_at && (raised(code) & code->usj.enabled) != 0;
}

bool sim_code_usj_load(sim_code_t *code, uint32_t offset, uint32_t *value)
{
    sim_code_port_t *port = &code->usj;
    switch (offset) {
    case EP1:
        *value = sim_code_port_pop(code, port);
        sim_code_update_lines(code, 1);
        return true;
    case EP1_CONF:
        *value = CONF_IN_FREE | (port->count > 0 ? CONF_OUT_DATA : 0);
        return true;
    case INT_RAW:
        *value = raised(code);
        return true;
    case INT_ST:
        *value = raised(code) & port->enabled;
        return true;
    case INT_ENA:
        *value = port->enabled;
        return true;
    default:
        return false;
    }
}

bool sim_code_usj_store(sim_code_t *code, uint32_t offset, uint32_t value)
{
    sim_code_port_t *port = &code->usj;
    switch (offset) {
    case EP1:
        sim_code_port_send(code, port, (uint8_t)value);
        return true;
    case INT_ENA:
        sim_code_port_enable(code, port, value);
        return true;
    case INT_CLR:
        port->raised &= ~value;
        sim_code_update_lines(code, 1);
        return true;
    default:
        return false;
    }
}
