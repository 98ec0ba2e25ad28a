/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The stub's end of the wire. Its receive interrupt fills one of two buffers; when a frame is complete it has
 * none until the main loop comes by, and what arrives meanwhile is lost. A delimiter toggles between inside
 * and outside of a frame, so one too many leaves it out of frame sync until another comes.
 */
#include <string.h>

#include "state/model.h"

enum { DELIMITER = 0xC0, ESCAPE = 0xDB, ESCAPED_DELIMITER = 0xDC, ESCAPED_ESCAPE = 0xDD };
enum { REPLY_PAYLOAD_MAX = 64 };

/* ---- the main loop ---- */

static void fire_next(void *ctx)
{
    esp_sim_t *sim = ctx;
    sim->stub.next(sim);
}

void sim_stub_after(esp_sim_t *sim, uint64_t ns, void (*next)(esp_sim_t *sim))
{
    sim->stub.is_busy = true;
    sim->stub.next = next;
    sim->stub.timer.fire = fire_next;
    sim_timer_set(&sim->clock, &sim->stub.timer, sim->clock.now_ns + ns);
}

/* Over SDIO it shows as many units as its receive chain has: always the same, whatever of it is in use. */
void sim_stub_arm(esp_sim_t *sim)
{
    sim->stub.is_armed = true;
    sim_sdio_set_credits(sim, SIM_STUB_FRAME_SIZE / SIM_SDIO_UNIT);
}

static void take_frame(esp_sim_t *sim)
{
    sim_stub_t *stub = &sim->stub;
    unsigned taken = stub->filling;
    bool is_broken = stub->is_frame_broken;
    size_t size = stub->frame_size[taken];
    stub->filling = 1 - taken;
    stub->frame_size[stub->filling] = 0;
    stub->has_frame = stub->is_frame_broken = false;
    sim_stub_arm(sim);
    if (is_broken) {
        sim_stub_idle(sim);
    } else {
        stub->execute(sim, stub->frame[taken], size);
    }
}

void sim_stub_idle(esp_sim_t *sim)
{
    sim->stub.is_busy = false;
    if (sim->stub.has_frame) {
        sim_stub_after(sim, sim->timing->turnaround_ns, take_frame);
    }
}

/* ---- receiving ---- */

/* An acknowledgement that arrives before its packet has begun may still be counted after it, if the stub is reading: nothing
 * to rely on. */
static void count_acknowledgement(esp_sim_t *sim)
{
    sim_stub_read_t *read = &sim->stub.read;
    if (++read->acks > read->packets && read->sent < read->size) {
        sim_misuse(sim,
                   "READ_FLASH: acknowledgement %u before packet %u has begun: the stub may wait for ever",
                   (unsigned)read->acks, (unsigned)read->acks);
        read->is_stalled = true;
    }
}

static void end_frame(esp_sim_t *sim, bool is_broken)
{
    sim_stub_t *stub = &sim->stub;
    stub->is_in_frame = stub->is_escaped = false;
    stub->is_armed = false;
    stub->has_frame = true;
    stub->is_frame_broken = is_broken;
    if (stub->read.is_active) {
        count_acknowledgement(sim);
    }
    if (is_broken) {
        sim->stats.bad_frames++;
        sim_misuse(sim, "frame dropped: bad escape sequence or longer than the stub's buffer");
    }
    if (!stub->is_busy) {
        sim_stub_idle(sim);
    }
}

static void take_byte(esp_sim_t *sim, uint8_t byte)
{
    sim_stub_t *stub = &sim->stub;
    if (stub->is_escaped) {
        if (byte != ESCAPED_DELIMITER && byte != ESCAPED_ESCAPE) {
            end_frame(sim, true);
            return;
        }
        byte = byte == ESCAPED_DELIMITER ? DELIMITER : ESCAPE;
        stub->is_escaped = false;
    } else if (byte == ESCAPE) {
        stub->is_escaped = true;
        return;
    }
    size_t *size = &stub->frame_size[stub->filling];
    if (*size == SIM_STUB_FRAME_SIZE) {
        end_frame(sim, true);
        return;
    }
    stub->frame[stub->filling][(*size)++] = byte;
}

/* Is there a buffer for what arrives? */
static bool has_buffer(esp_sim_t *sim)
{
    sim_stub_t *stub = &sim->stub;
    if (!stub->is_armed && stub->has_sent_ohai && !stub->has_reported_loss) {
        sim_misuse(sim, "bytes sent while the stub has no free buffer: lost");
    }
    stub->has_reported_loss = !stub->is_armed;
    return stub->is_armed;
}

void sim_stub_receive_frame(esp_sim_t *sim, const uint8_t *data, size_t size)
{
    sim_stub_t *stub = &sim->stub;
    if (has_buffer(sim)) {
        memcpy(stub->frame[stub->filling], data, size); /* fits: no link carries larger ones */
        stub->frame_size[stub->filling] = size;
        end_frame(sim, false);
    }
}

void sim_stub_receive(esp_sim_t *sim, uint8_t byte)
{
    sim_stub_t *stub = &sim->stub;
    if (!has_buffer(sim)) {
        return;
    }
    if (byte != DELIMITER) {
        if (stub->is_in_frame) {
            take_byte(sim, byte);
        }
    } else if (!stub->is_in_frame) {
        stub->is_in_frame = true;
        stub->frame_size[stub->filling] = 0;
    } else if (stub->frame_size[stub->filling] == 0) {
        stub->is_in_frame = false;
    } else {
        end_frame(sim, false);
    }
}

/* ---- sending ---- */

static bool has_frames(const esp_sim_t *sim)
{
    return sim->config.wiring == ESP_SIM_WIRING_SDIO;
}

/* As the link carries it; @p out holds 2 * size + 2 bytes. */
static size_t encode_frame(const esp_sim_t *sim, const uint8_t *frame, size_t size, uint8_t *out)
{
    size_t n = 0;
    if (has_frames(sim)) {
        memcpy(out, frame, size);
        return size;
    }
    out[n++] = DELIMITER;
    for (size_t i = 0; i < size; i++) {
        bool is_special = frame[i] == DELIMITER || frame[i] == ESCAPE;
        if (is_special) {
            out[n++] = ESCAPE;
        }
        out[n++] = !is_special             ? frame[i]
                   : frame[i] == DELIMITER ? (uint8_t)ESCAPED_DELIMITER
                                           : (uint8_t)ESCAPED_ESCAPE;
    }
    out[n++] = DELIMITER;
    return n;
}

static void send(esp_sim_t *sim, const uint8_t *wire, size_t size)
{
    if (has_frames(sim)) {
        sim_sdio_send(sim, wire, size);
    } else {
        sim_link_send(sim, wire, size);
    }
}

void sim_stub_send_bare(esp_sim_t *sim, const void *data, size_t size)
{
    uint8_t wire[2 * SIM_STUB_READ_MAX + 2];
    send(sim, wire, encode_frame(sim, data, size, wire));
}

/* SYNC is answered eight times; a fault acts on all of them. */
bool sim_stub_reply(esp_sim_t *sim, sim_stub_status_t status, uint32_t value, const void *payload,
                    size_t size)
{
    uint8_t frame[SIM_HEADER_SIZE + REPLY_PAYLOAD_MAX + 2] = {1, sim->stub.opcode, (uint8_t)(size + 2), 0};
    uint8_t wire[2 * sizeof(frame) + 2];
    sim_put32(frame + 4, value);
    if (size > 0) {
        memcpy(frame + SIM_HEADER_SIZE, payload, size);
    }
    frame[SIM_HEADER_SIZE + size] = (uint8_t)status;
    size_t wire_size = encode_frame(sim, frame, SIM_HEADER_SIZE + size + 2, wire);
    if (status != SIM_STUB_OK) {
        sim_trace(sim, "stub: status 0x%02X", status);
    }
    const sim_fault_t *fault = sim_faults_check(sim, SIM_AT_REPLY, SIM_IN, sim->stub.opcode);
    if ((fault != NULL && sim->events->fault(sim, fault)) || sim_fault_is(fault, SIM_DO_DROP)) {
        return sim->state == ESP_SIM_STATE_DOWNLOAD_STUB;
    }
    if (sim_fault_is(fault, SIM_DO_DELAY)) {
        sim_link_hold(sim, 0, sim->clock.now_ns + fault->time_ns);
    }
    if (sim_fault_is(fault, SIM_DO_CORRUPT)) {
        wire[wire_size / 2] ^= fault->value;
    }
    unsigned copies = sim->stub.opcode == SIM_OP_SYNC && status == SIM_STUB_OK ? sim->faults.sync_replies : 1;
    copies *= sim_fault_is(fault, SIM_DO_DUPLICATE) ? 2 : 1;
    for (unsigned i = 0; i < copies; i++) {
        send(sim, wire, wire_size);
    }
    return true;
}

void sim_stub_finish(esp_sim_t *sim, sim_stub_status_t status)
{
    if (sim_stub_reply(sim, status, 0, NULL, 0)) {
        sim_stub_idle(sim);
    }
}
