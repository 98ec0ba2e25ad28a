/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The target's life, its two receive paths and its replies. The ROM takes bytes from a ring that an interrupt
 * fills without looking whether there is room [rom]. The stub decodes in its interrupt into one of two
 * buffers; when a frame is complete it has none until its main loop comes by, and what arrives meanwhile is
 * lost; a delimiter toggles between inside and outside [stub].
 */
#include "chip.h"

#include <string.h>

enum { END = 0xC0, ESC = 0xDB, ESC_END = 0xDC, ESC_ESC = 0xDD };
enum { TURNAROUND_US = 1000, GREETING_US = 10000 };

void chip_init(chip_t *chip, chip_model_t model, bool is_usb)
{
    memset(chip, 0, offsetof(chip_t, flash));
    chip->model = model;
    chip->is_usb = is_usb;
}

void chip_free(chip_t *chip)
{
    stream_close(chip);
}

static void forget_reception(chip_t *chip)
{
    chip->ring_head = chip->ring_count = 0;
    chip->frame_size = 0;
    chip->is_in_frame = chip->is_escaped = chip->has_pending = false;
    chip->is_armed = true;
}

void chip_reset(chip_t *chip, bool is_download)
{
    stream_close(chip);
    memset(&chip->write, 0, sizeof(chip->write));
    forget_reception(chip);
    chip->state = is_download ? STATE_ROM : STATE_SILENT;
    chip->has_synced = chip->is_deaf = chip->is_ram_open = false;
    chip->syncs_eaten = 0;
    chip->busy_until_us = 0;
    chip->deferred = 0;
    chip->last_opcode = 0;
    chip->last_value = 0;
    chip->register_count = 0;
    chip->rom_flash_size = 4u << 20;
    memset(chip->digest_text, 0, sizeof(chip->digest_text));
    memset(chip->ram, 0, sizeof(chip->ram));
    if (!chip->is_usb) {
        chip->emit_text(chip->ctx, chip->now_us,
                        is_download
                            ? "rst:0x1 (POWERON),boot:0x4 (DOWNLOAD(USB/UART0))\r\nwaiting for download\r\n"
                            : "rst:0x1 (POWERON),boot:0xc (SPI_FAST_FLASH_BOOT)\r\nI (24) boot: hello\r\n");
    }
}

void chip_start_stub(chip_t *chip)
{
    forget_reception(chip);
    chip->state = STATE_STUB;
    chip->deferred = 0;
    memset(&chip->write, 0, sizeof(chip->write));
}

/* ---- replies ---- */

static void put_reply(chip_t *chip, uint8_t opcode, uint32_t value, const uint8_t *body, size_t size)
{
    uint8_t frame[REPLY_MAX];
    put_head(frame, HEAD_REPLY, opcode, size, value);
    memcpy(frame + HEAD_SIZE, body, size);
    chip->emit(chip->ctx, chip->now_us + TURNAROUND_US + chip->before_us, frame, 8 + size);
    chip->last_opcode = opcode;
    chip->last_value = value;
}

static size_t status_size(const chip_t *chip)
{
    return chip->state == STATE_STUB ? 2 : 4; /* [doc] */
}

/* A fault's status instead of the right answer: as a ROM's reason, as a stub's code. */
static void put_fault(chip_t *chip)
{
    uint8_t body[4] = {1, chip->verdict.status, 0, 0};
    if (chip->state == STATE_STUB) {
        body[0] = chip->verdict.status;
        body[1] = 0;
    }
    put_reply(chip, chip->opcode, 0, body, status_size(chip));
}

void chip_answer(chip_t *chip, uint32_t value, const uint8_t *payload, size_t size)
{
    uint8_t body[64 + 4] = {0};
    chip->is_answered = true;
    if (chip->verdict.has_status) {
        put_fault(chip);
        return;
    }
    if (size > 0) {
        memcpy(body, payload, size);
    }
    put_reply(chip, chip->opcode, value, body, size + status_size(chip));
}

void chip_done(chip_t *chip)
{
    chip_answer(chip, 0, NULL, 0);
}

void chip_refuse(chip_t *chip, uint8_t status, uint8_t reason)
{
    const uint8_t body[4] = {status, reason, 0, 0};
    chip->is_answered = true;
    put_reply(chip, chip->opcode, 0, body, status_size(chip));
}

void chip_refuse_behind(chip_t *chip, uint8_t reason, const uint8_t *payload, size_t size)
{
    uint8_t body[64 + 4] = {0};
    memcpy(body, payload, size);
    body[size] = 1;
    body[size + 1] = reason;
    chip->is_answered = true;
    put_reply(chip, chip->opcode, 0, body, size + 4);
}

void chip_unknown(chip_t *chip)
{
    static const uint8_t body[4] = {1, 5, 0, 0};
    unsigned count = chip->last_opcode == SYNC ? 8 : 1;
    uint8_t opcode = chip->last_opcode;
    uint32_t value = chip->last_value;
    chip->is_answered = true;
    for (unsigned i = 0; i < count; i++) {
        put_reply(chip, opcode, value, body, sizeof(body));
    }
}

/* ---- commands ---- */

const command_t *chip_find_command(const command_t *commands, size_t count, const request_t *request)
{
    for (size_t i = 0; i < count; i++) {
        if (commands[i].opcode == request->opcode) {
            return &commands[i];
        }
    }
    return NULL;
}

void chip_accept(chip_t *chip, const request_t *request)
{
    (void)request;
    chip_done(chip);
}

void chip_read_register(chip_t *chip, const request_t *request)
{
    chip_answer(chip, register_read(chip, word(request, 0)), NULL, 0);
}

/* The host does not follow: the sweep changes no rate of its own. */
void chip_change_rate(chip_t *chip, const request_t *request)
{
    (void)request;
    chip_done(chip);
    chip->is_deaf = !chip->is_usb;
}

void chip_synced(chip_t *chip, uint32_t value)
{
    for (unsigned i = 0; i < 8; i++) {
        chip_answer(chip, value, NULL, 0);
    }
}

uint8_t block_checksum(const uint8_t *data, size_t size)
{
    uint8_t sum = 0xEF;
    for (size_t i = 0; i < size; i++) {
        sum ^= data[i];
    }
    return sum;
}

static void flip_programmed(chip_t *chip)
{
    if (chip->verdict.flip >= 0 && chip->programmed_size > 0) {
        uint32_t bit = (uint32_t)chip->verdict.flip * 2654435761u % (8 * chip->programmed_size);
        chip->flash[(chip->programmed_at + bit / 8) % FLASH_SIZE] ^= (uint8_t)(1u << bit % 8);
    }
}

static void carry_out(chip_t *chip, const request_t *request)
{
    chip->before_us = chip->after_us = 0;
    chip->programmed_size = 0;
    chip->opcode = request->opcode;
    chip->is_answered = false;
    if (chip->verdict.has_status && chip->verdict.is_refused) {
        put_fault(chip);
    } else if (chip->state == STATE_ROM) {
        rom_execute(chip, request);
    } else {
        stub_execute(chip, request);
    }
    flip_programmed(chip);
    chip->busy_until_us = chip->now_us + TURNAROUND_US + chip->before_us + chip->after_us;
}

static bool end_of_life(chip_t *chip, bool is_after)
{
    const verdict_t verdict = chip->verdict;
    if (verdict.is_after != is_after) {
        return false;
    }
    if (verdict.dies) {
        chip->state = STATE_SILENT;
    } else if (verdict.resets || verdict.resets_to_download) {
        chip_reset(chip, verdict.resets_to_download);
    }
    return verdict.dies || verdict.resets || verdict.resets_to_download;
}

static void take_frame(chip_t *chip, const uint8_t *frame, size_t size)
{
    /* A frame that is too short is carried out with what the buffer holds from earlier ones by the ROM
     * [rom]; the stub answers C0 [stub]. */
    const request_t request = {.opcode = frame[1],
                               .checksum = frame[4],
                               .checksum_word = get32(frame + 4),
                               .data = frame + 8,
                               .size = size < 8 ? 0 : size - 8};
    const bool is_rom = chip->state == STATE_ROM;
    chip->opcode = request.opcode;
    chip->before_us = chip->after_us = 0;
    if (is_rom && !chip->has_synced && request.opcode != SYNC) {
        return; /* nothing else is answered before the first SYNC [rom] */
    }
    if (is_rom && request.opcode == SYNC && chip->syncs_eaten < chip->syncs_to_lose) {
        chip->syncs_eaten++;
        return;
    }
    chip->verdict = (verdict_t){.flip = -1};
    chip->gate(chip->ctx, request.opcode, &chip->verdict);
    if (end_of_life(chip, false) || chip->verdict.is_dropped) {
        return;
    }
    if (is_rom ? frame[0] != 0
               : frame[0] != 0 || size < 8 || (frame[2] | (size_t)frame[3] << 8) != size - 8) {
        if (is_rom) {
            chip_refuse(chip, 1, 5); /* direction 1 [rom] */
        } else {
            chip_refuse(chip, frame[0] != 0 && size >= 8 ? 0xC3 : 0xC0, 0); /* [stub] */
        }
        return;
    }
    carry_out(chip, &request);
    if (chip->verdict.is_doubled && chip->state != STATE_SILENT) {
        carry_out(chip, &request);
    }
    (void)end_of_life(chip, true);
}

/* ---- the ROM's receive path ---- */

/* Empty frames leave it inside of one, a bad escape sequence is taken as it is [rom]. */
static void rom_decode(chip_t *chip, uint8_t byte)
{
    uint8_t *frame = chip->frame[0];
    if (byte == END) {
        uint32_t size = chip->frame_size;
        bool is_complete = chip->is_in_frame && size > 0;
        chip->is_in_frame = !is_complete;
        chip->is_escaped = false;
        chip->frame_size = 0;
        if (is_complete) {
            take_frame(chip, frame, size);
        }
        return;
    }
    if (!chip->is_in_frame) {
        return;
    }
    if (byte == ESC && !chip->is_escaped) {
        chip->is_escaped = true;
        return;
    }
    if (chip->is_escaped) {
        byte = byte == ESC_END ? END : byte == ESC_ESC ? ESC : byte;
        chip->is_escaped = false;
    }
    if (chip->frame_size < FRAME_MAX) {
        frame[chip->frame_size++] = byte;
    }
}

static void rom_receive(chip_t *chip, uint8_t byte)
{
    if (chip->now_us >= chip->busy_until_us) {
        rom_decode(chip, byte);
        return;
    }
    if (chip->ring_count == ROM_RING) {
        chip->ring_count = 0; /* the writer has lapped the reader */
    }
    chip->ring[(chip->ring_head + chip->ring_count++) % ROM_RING] = byte;
}

static void rom_idle(chip_t *chip)
{
    while (chip->state == STATE_ROM && chip->ring_count > 0 && chip->now_us >= chip->busy_until_us) {
        uint8_t byte = chip->ring[chip->ring_head];
        chip->ring_head = (chip->ring_head + 1) % ROM_RING;
        chip->ring_count--;
        rom_decode(chip, byte);
    }
}

/* ---- the stub's ---- */

static void stub_idle(chip_t *chip)
{
    while (chip->state == STATE_STUB && chip->has_pending && chip->now_us >= chip->busy_until_us) {
        const uint8_t *frame = chip->frame[chip->filling];
        uint32_t size = chip->pending_size;
        chip->filling = 1 - chip->filling;
        chip->has_pending = false;
        chip->is_armed = true;
        take_frame(chip, frame, size);
    }
}

static void stub_drop(chip_t *chip)
{
    chip->is_in_frame = chip->is_escaped = false;
    chip->frame_size = 0;
}

static void stub_receive(chip_t *chip, uint8_t byte)
{
    if (!chip->is_armed) {
        return;
    }
    if (byte == END) {
        bool is_complete = chip->is_in_frame && chip->frame_size > 0;
        chip->is_in_frame = !chip->is_in_frame;
        if (is_complete) {
            chip->has_pending = true;
            chip->pending_size = chip->frame_size;
            chip->is_armed = false;
        }
        chip->is_escaped = false;
        chip->frame_size = 0;
        return;
    }
    if (!chip->is_in_frame) {
        return;
    }
    if (byte == ESC && !chip->is_escaped) {
        chip->is_escaped = true;
        return;
    }
    if (chip->is_escaped && byte != ESC_END && byte != ESC_ESC) {
        stub_drop(chip); /* no reply; its closing delimiter opens the next */
        return;
    }
    if (chip->is_escaped) {
        byte = byte == ESC_END ? END : ESC;
        chip->is_escaped = false;
    }
    if (chip->frame_size == FRAME_MAX) {
        stub_drop(chip);
        return;
    }
    chip->frame[chip->filling][chip->frame_size++] = byte;
}

/* ---- time ---- */

void chip_advance(chip_t *chip, uint64_t now_us)
{
    uint64_t event;
    while ((event = chip_next_event(chip)) <= now_us) {
        chip->now_us = event > chip->now_us ? event : chip->now_us;
        rom_idle(chip);
        stub_idle(chip);
    }
    chip->now_us = now_us;
}

uint64_t chip_next_event(const chip_t *chip)
{
    bool is_waiting = (chip->state == STATE_ROM && chip->ring_count > 0) ||
                      (chip->state == STATE_STUB && chip->has_pending);
    return is_waiting ? chip->busy_until_us : UINT64_MAX;
}

size_t chip_receive_plain(chip_t *chip, const uint8_t *data, size_t size)
{
    bool is_rom = chip->state == STATE_ROM && chip->now_us >= chip->busy_until_us && chip->ring_count == 0;
    bool is_stub = chip->state == STATE_STUB && chip->is_armed;
    size_t room = FRAME_MAX - chip->frame_size;
    size_t count = 0;
    if (chip->is_deaf || chip->is_escaped || !chip->is_in_frame || !(is_rom || is_stub)) {
        return 0;
    }
    size = size < room ? size : room;
    while (count < size && data[count] != END && data[count] != ESC) {
        count++;
    }
    memcpy(chip->frame[is_rom ? 0 : chip->filling] + chip->frame_size, data, count);
    chip->frame_size += (uint32_t)count;
    return count;
}

void chip_receive(chip_t *chip, uint8_t byte)
{
    if (chip->is_deaf) {
        return;
    }
    if (chip->state == STATE_ROM) {
        rom_receive(chip, byte);
    } else if (chip->state == STATE_STUB) {
        stub_receive(chip, byte);
        chip_advance(chip, chip->now_us);
    }
}
