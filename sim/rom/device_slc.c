/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The DMA of the SDIO slave as the CPU sees it, as far as the ROMs in download mode and the published stubs need it:
 * descriptors that are loaded (ROM) or started (stub), frames of the host in them, frames to the host, the interrupts, the
 * credits. Other registers keep what CPU or host writes. Source: ESP32-C6 TRM, SDIO Slave Controller; slc_init_attach(),
 * slc_from_host_chain_fetch() and slc_send_to_host_chain() in the ROMs of C5, C6 and C61; the stubs, executed.
 */
#include <string.h>

#include "rom/code_state.h"
#include "state/model.h"

enum {
    INT_RAW = 0x04,
    INT_ST = 0x08,
    INT_ENA = 0x0C,
    INT_CLR = 0x10,
    TX_LINK = 0x44,
    TX_FIRST = 0x48, /* descriptors that are started rather than loaded */
    TOKEN1 = 0x64,
    LEN_CONF = 0xF4,
    LOAD_FIRST = 0xFC, /* descriptors to be loaded: the first, the last */
    LOAD_LAST = 0x100,
    SEND_FIRST = 0x104, /* descriptors of what is sent to the host */
    GOT_FIRST = 0x10C,  /* those of the frame that was taken */
    GOT_LAST = 0x110,
    DATE = 0x1F8, /* 0 = there is no slave */
};

#define LINK_START      (1u << 29)
#define LINK_PARKED     (1u << 31)
#define TOKEN_SET       (1u << 12)
#define TOKEN_ADD       (1u << 14)
#define TOKEN_MASK      0xFFFu
#define LEN_LOAD        (1u << 24)
#define LEN_TAKE        (1u << 26)
#define LEN_HAS         (1u << 28)
#define LEN_SEND_LENGTH (1u << 22)
#define LEN_SEND        (1u << 23)
#define LEN_MASK        0xFFFFFu
#define RAISED_FRAME    (1u << 15)
#define RAISED_TAKEN    (3u << 16) /* the descriptor, the frame */
#define DATE_VALUE      0x22031500u

/* A descriptor: room, length, flags; where the bytes go; the next one. */
#define ROOM_MASK    0x3FFFu
#define LENGTH_SHIFT 14
#define IS_LAST      (1u << 30)
#define IS_HARDWARES (1u << 31)

static uint32_t *word(sim_code_t *code, uint32_t offset)
{
    return &code->sim->sdio.slc[offset / 4];
}

static uint8_t *memory_at(const sim_code_t *code, uint32_t address, size_t size)
{
    size_t left = 0;
    uint8_t *bytes = sim_code_bytes(code, address, &left);
    return bytes != NULL && left >= size ? bytes : NULL;
}

bool sim_code_slc_interrupts(const sim_code_t *code)
{
    return (code->slc.raised & code->sim->sdio.slc[INT_ENA / 4]) != 0;
}

static void load_descriptors(sim_code_t *code)
{
    sim_code_slc_t *slc = &code->slc;
    uint32_t last = *word(code, LOAD_LAST);
    for (uint32_t at = *word(code, LOAD_FIRST); slc->count < SIM_CODE_SLC_CHAIN;) {
        const uint8_t *descriptor = memory_at(code, at, 12);
        if (descriptor == NULL) {
            return;
        }
        slc->chain[slc->count++] = at;
        if (at == last) {
            return;
        }
        at = sim_get32(descriptor + 8);
    }
}

static uint32_t field(const uint8_t *descriptor, unsigned shift)
{
    return sim_get32(descriptor) >> shift & ROOM_MASK;
}

static void send_frame(sim_code_t *code, size_t size)
{
    uint8_t frame[SIM_SDIO_OUT_MAX];
    size_t done = 0;
    for (uint32_t at = *word(code, SEND_FIRST); done < size && size <= sizeof(frame);) {
        const uint8_t *descriptor = memory_at(code, at, 12);
        size_t piece = descriptor != NULL ? field(descriptor, LENGTH_SHIFT) : 0;
        piece = piece < size - done ? piece : size - done;
        const uint8_t *bytes = piece > 0 ? memory_at(code, sim_get32(descriptor + 4), piece) : NULL;
        if (bytes == NULL) {
            return;
        }
        memcpy(frame + done, bytes, piece);
        done += piece;
        at = sim_get32(descriptor + 8);
    }
    sim_code_sync(code);
    sim_sdio_send(code->sim, frame, done);
    sim_code_reschedule(code);
}

void sim_code_frame_taken(sim_code_t *code)
{
    code->slc.raised |= RAISED_TAKEN;
    sim_code_wake(code);
}

static void change_length(sim_code_t *code, uint32_t value)
{
    sim_code_slc_t *slc = &code->slc;
    uint32_t kept = value & ~(LEN_SEND | LEN_SEND_LENGTH | LEN_LOAD | LEN_TAKE | LEN_HAS);
    if ((value & LEN_LOAD) != 0) {
        load_descriptors(code);
    }
    if ((value & LEN_TAKE) != 0 && slc->frame != 0) {
        *word(code, GOT_FIRST) = slc->frame;
        *word(code, GOT_LAST) = slc->frame_end;
        slc->frame = 0;
    }
    if ((value & LEN_SEND) != 0) {
        send_frame(code, value & LEN_MASK);
    }
    *word(code, LEN_CONF) = kept | (slc->frame != 0 ? LEN_HAS : 0);
}

void sim_code_slc_reset(sim_code_t *code)
{
    memset(&code->slc, 0, sizeof(code->slc));
}

void sim_code_slc_host_writes(sim_code_t *code, uint32_t offset, uint32_t value)
{
    if (offset == LEN_CONF) {
        change_length(code, value);
    } else {
        *word(code, offset) = value;
    }
}

bool sim_code_slc_load(sim_code_t *code, uint32_t offset, uint32_t *value)
{
    if (offset >= 4 * SIM_SDIO_SLC_WORDS) {
        return false;
    }
    *value = *word(code, offset);
    switch (offset) {
    case INT_RAW:
        *value = code->slc.raised;
        break;
    case INT_ST:
        *value = code->slc.raised & *word(code, INT_ENA);
        break;
    case TX_LINK:
        *value |= LINK_PARKED;
        break;
    case TOKEN1:
        *value = (uint32_t)code->sim->sdio.credits << 16;
        break;
    case DATE:
        *value = code->sim->config.wiring == ESP_SIM_WIRING_SDIO ? DATE_VALUE : 0;
        break;
    default:
        break;
    }
    return true;
}

bool sim_code_slc_store(sim_code_t *code, uint32_t offset, uint32_t value)
{
    uint16_t credits = code->sim->sdio.credits;
    switch (offset) {
    case INT_CLR:
        code->slc.raised &= ~value;
        break;
    case TOKEN1:
        credits = (value & TOKEN_SET) != 0 ? (uint16_t)(value & TOKEN_MASK) : credits;
        sim_sdio_set_credits(code->sim,
                             (uint16_t)(credits + ((value & TOKEN_ADD) != 0 ? value & TOKEN_MASK : 0)));
        break;
    case LEN_CONF:
        change_length(code, value);
        break;
    case TX_LINK:
        *word(code, TX_LINK) = value;
        code->slc.link = (value & LINK_START) != 0 ? *word(code, TX_FIRST) : 0;
        break;
    default:
        if (offset >= 4 * SIM_SDIO_SLC_WORDS) {
            return false;
        }
        *word(code, offset) = value;
        break;
    }
    sim_code_update_lines(code, 1);
    return true;
}

/* The descriptor of the next piece: of those that were started, or else of those that were loaded; 0 = none. */
static uint32_t next_descriptor(sim_code_slc_t *slc, const uint8_t *last)
{
    if (last != NULL) {
        return sim_get32(last + 8);
    }
    if (slc->link != 0 || slc->count == 0) {
        return slc->link;
    }
    uint32_t first = slc->chain[0];
    slc->count--;
    memmove(&slc->chain[0], &slc->chain[1], slc->count * sizeof(slc->chain[0]));
    return first;
}

static bool fill_descriptors(sim_code_t *code, const uint8_t *data, size_t size)
{
    sim_code_slc_t *slc = &code->slc;
    uint8_t *descriptor = NULL;
    uint32_t first = 0;
    for (size_t done = 0; done < size;) {
        uint32_t at = next_descriptor(slc, descriptor);
        descriptor = memory_at(code, at, 12);
        size_t piece = descriptor != NULL ? field(descriptor, 0) : 0;
        piece = piece < size - done ? piece : size - done;
        uint8_t *buffer = piece > 0 ? memory_at(code, sim_get32(descriptor + 4), piece) : NULL;
        if (buffer == NULL) {
            return false;
        }
        memcpy(buffer, data + done, piece);
        done += piece;
        uint32_t flags = sim_get32(descriptor) & ~(ROOM_MASK << LENGTH_SHIFT | IS_HARDWARES | IS_LAST);
        sim_put32(descriptor, flags | (uint32_t)piece << LENGTH_SHIFT | (done == size ? IS_LAST : 0));
        first = first == 0 ? at : first;
        slc->frame_end = at;
    }
    slc->frame = first;
    slc->link = 0; /* it is started anew for each frame */
    return true;
}

void sim_code_receive_frame(sim_code_t *code, const uint8_t *data, size_t size)
{
    if (!code->is_on) {
        return;
    }
    if (code->slc.frame != 0 || !fill_descriptors(code, data, size)) {
        sim_misuse(code->sim, "SDIO: frame of %zu bytes, for which the code has no buffer: lost", size);
        return;
    }
    *word(code, LEN_CONF) |= LEN_HAS;
    code->slc.raised |= RAISED_FRAME;
    sim_code_wake(code);
}
