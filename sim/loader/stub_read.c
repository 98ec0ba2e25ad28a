/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * READ_FLASH: after its reply the stub sends bare frames of data, waits for the acknowledgement of each (the
 * window is one whatever the host asks for), and ends with the MD5 of it all. An acknowledgement that is not
 * four bytes long ends the stream early. There is no retransmission. An acknowledgement is looked for when a packet
 * is out, and only then is the next one read: here reading overlaps with sending. The stub compares the numbers of
 * acknowledgements and packets, without sign: one acknowledgement more, and it waits for ever. What an
 * acknowledgement says counts only at the end. Source: s_read_flash_post_process() of esp-flasher-stub.
 */
#include "state/model.h"

static void send_packet(esp_sim_t *sim)
{
    sim_stub_read_t *read = &sim->stub.read;
    uint8_t data[SIM_STUB_READ_MAX];
    if (read->is_stalled) {
        sim_stub_idle(sim);
        return;
    }
    uint32_t left = read->size - read->sent;
    uint32_t size = left < read->packet_size ? left : read->packet_size;
    sim_flash_read(sim, (read->offset + read->sent) & sim->stub.addr_mask, data, size);
    read->sent += size;
    read->packets++;
    sim_stub_send_bare(sim, data, size);
    sim_stub_idle(sim);
}

static void send_digest(esp_sim_t *sim)
{
    sim_stub_read_t *read = &sim->stub.read;
    uint8_t digest[16];
    sim_flash_md5(sim, read->offset, sim->stub.addr_mask, read->sent, digest);
    if (sim->stub.is_md5_wrong) {
        digest[0] ^= 1;
    }
    read->is_active = false;
    sim_stub_send_bare(sim, digest, sizeof(digest));
    sim_stub_idle(sim);
}

void sim_stub_read_flash(esp_sim_t *sim, const sim_stub_request_t *request)
{
    sim_stub_read_t *read = &sim->stub.read;
    *read = (sim_stub_read_t){.offset = sim_stub_word(request, 0),
                              .size = sim_stub_word(request, 1),
                              .packet_size = sim_stub_word(request, 2)};
    if (!sim_stub_reply(sim, SIM_STUB_OK, 0, NULL, 0)) {
        return;
    }
    if (read->packet_size == 0 || read->packet_size > SIM_STUB_READ_MAX) {
        sim_misuse(sim, "READ_FLASH in packets of %u bytes, at most 4096", (unsigned)read->packet_size);
        sim->stub.deferred_status = SIM_STUB_BAD_LENGTH;
        sim_stub_idle(sim);
        return;
    }
    read->is_active = true;
    sim_stub_after(sim, sim_pieces_read_ns(sim, read->packet_size),
                   read->size > 0 ? send_packet : send_digest);
}

void sim_stub_read_ack(esp_sim_t *sim, const uint8_t *ack, size_t size)
{
    sim_stub_read_t *read = &sim->stub.read;
    sim->link.is_disturbed = false;
    if (size != 4 || (read->sent == read->size && sim_get32(ack) >= read->size)) {
        send_digest(sim);
    } else if (read->sent == read->size || read->is_stalled) {
        sim_stub_idle(sim);
    } else {
        sim_stub_after(sim, sim_pieces_read_ns(sim, read->packet_size), send_packet);
    }
}
