/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "hostile.h"

#include <string.h>

#include "bytes.h"

enum { STUB_PACKET_SIZE = 4096 };

static hostile_t *self(esp_loader_port_t *port)
{
    return container_of(port, hostile_t, base.port);
}

/* ---- what the target sends ---- */

static void send_byte(hostile_t *target, uint8_t byte)
{
    if (target->output_size < sizeof(target->output)) {
        target->output[target->output_size++] = byte;
    }
}

static void send_escaped(hostile_t *target, const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] == 0xC0 || bytes[i] == 0xDB) {
            send_byte(target, 0xDB);
            send_byte(target, bytes[i] == 0xC0 ? 0xDC : 0xDD);
        } else {
            send_byte(target, bytes[i]);
        }
    }
}

static void send_frame(hostile_t *target, const uint8_t *bytes, size_t size)
{
    send_byte(target, 0xC0);
    send_escaped(target, bytes, size);
    send_byte(target, 0xC0);
}

static void send_reply(hostile_t *target, uint8_t opcode, uint32_t value, const uint8_t *body, size_t size)
{
    uint8_t header[HEAD_SIZE];
    put_head(header, HEAD_REPLY, opcode, size, value);
    send_byte(target, 0xC0);
    send_escaped(target, header, sizeof(header));
    send_escaped(target, body, size);
    send_byte(target, 0xC0);
}

static void send_raw(hostile_t *target, fuzz_input_t bytes)
{
    for (size_t i = 0; i < bytes.size; i++) {
        send_byte(target, bytes.data[i]);
    }
}

/* The next packet of a READ_FLASH; behind the last one the MD5. */
static void send_packet(hostile_t *target)
{
    uint8_t packet[STUB_PACKET_SIZE];
    uint32_t size = target->stream_left < sizeof(packet) ? target->stream_left : (uint32_t)sizeof(packet);
    if (size == 0) {
        esp_loader_md5_finish(&target->stream_md5, packet);
        target->is_streaming = false;
        send_frame(target, packet, ESP_LOADER_MD5_SIZE);
        return;
    }
    memset(packet, fuzz_u8(&target->input), size);
    esp_loader_md5_update(&target->stream_md5, packet, size);
    target->stream_left -= size;
    send_frame(target, packet, size);
}

static uint32_t word_of(const hostile_t *target, size_t index)
{
    return get32(&target->request[HEAD_SIZE + 4 * index]);
}

/* Bytes in front of the status of a right reply. */
static size_t payload_size(const hostile_t *target, uint8_t opcode)
{
    switch (opcode) {
    case 0x0E: /* READ_FLASH_SLOW */
        return 64;
    case 0x13: /* SPI_FLASH_MD5 */
        return target->sync_value == 0 ? 16 : 32;
    case 0x14: /* GET_SECURITY_INFO */
        return 20;
    default:
        return 0;
    }
}

static void send_right(hostile_t *target, uint8_t opcode)
{
    uint8_t body[64 + 4] = {0};
    const size_t size = payload_size(target, opcode);
    const size_t status_size = target->sync_value == 0 ? 2 : 4;
    uint32_t value = 0;
    if (opcode == 0x14 && target->chip_id == NO_SECURITY_INFO) {
        static const uint8_t unknown[] = {1, 5, 0, 0};
        send_reply(target, 0x00, 0, unknown, sizeof(unknown));
        return;
    }
    fuzz_fill(&target->input, body, size);
    if (opcode == 0x13 && size == 32) { /* text */
        for (size_t i = 0; i < size; i++) {
            body[i] = (uint8_t) "0123456789abcdef"[body[i] & 0xF];
        }
    } else if (opcode == 0x14) {
        put32(body + 12, target->chip_id & 0xFFFF);
    } else if (opcode == 0x0A) {
        value = word_of(target, 0) == 0x40001000u ? target->magic : fuzz_u32(&target->input);
    } else if (opcode == 0x08) {
        value = target->sync_value;
    }
    for (unsigned i = 0; i < (opcode == 0x08 && target->sync_value != 0 ? 8u : 1u); i++) {
        send_reply(target, opcode, value, body, size + status_size);
    }
    if (opcode == 0xD2) {
        target->is_streaming = true;
        target->stream_left = word_of(target, 1);
        esp_loader_md5_init(&target->stream_md5);
        send_packet(target);
    }
}

static void start_noise(hostile_t *target)
{
    fuzz_input_t noise = fuzz_take(&target->input, 1 + fuzz_u8(&target->input) % sizeof(target->noise));
    if (noise.size > 0) {
        memcpy(target->noise, noise.data, noise.size);
    }
    target->noise_size = noise.size;
    target->noise_next = 0;
}

static void answer(hostile_t *target, uint8_t opcode)
{
    uint8_t kind = fuzz_u8(&target->input);
    switch ((hostile_answer_t)(kind % 16)) {
    case ANSWER_REFUSAL: {
        const uint8_t body[4] = {1, fuzz_u8(&target->input), 0, 0};
        send_reply(target, opcode, 0, body, kind >= 128 ? 2 : 4);
        break;
    }
    case ANSWER_OF_INPUT: {
        uint32_t value = fuzz_u32(&target->input);
        fuzz_input_t body = fuzz_take(&target->input, kind / 16u * 8u);
        send_reply(target, opcode, value, body.data, body.size);
        break;
    }
    case ANSWER_RAW:
        send_raw(target, fuzz_take(&target->input, fuzz_u8(&target->input)));
        break;
    case ANSWER_NOISE:
        start_noise(target);
        break;
    case ANSWER_SILENCE:
        break;
    case ANSWER_GREETING:
        target->sync_value = 0;
        send_frame(target, (const uint8_t *)"OHAI", 4);
        break;
    case ANSWER_LATER:
        send_raw(target, fuzz_take(&target->input, 1 + kind / 16u));
        send_right(target, opcode);
        break;
    case ANSWER_TWICE:
        send_right(target, opcode);
        send_right(target, opcode);
        break;
    case ANSWER_RIGHT:
    case ANSWER_KINDS:
    default:
        if (opcode == 0x06 && target->sync_value != 0) { /* MEM_END: the stub starts */
            target->sync_value = 0;
            send_frame(target, (const uint8_t *)"OHAI", 4);
        } else {
            send_right(target, opcode);
        }
    }
}

/* ---- what the library sends ---- */

static bool is_known_opcode(uint8_t opcode)
{
    return (opcode >= 0x02 && opcode <= 0x14 && opcode != 0x0C) || (opcode >= 0xD0 && opcode <= 0xD2);
}

static void take_request(hostile_t *target)
{
    target->noise_size = 0;
    target->requests++;
    if (target->is_streaming && target->request_size == 4) {
        send_packet(target);
        return;
    }
    target->is_streaming = false;
    FUZZ_CHECK(target->request_size >= 8);
    FUZZ_CHECK(target->request[0] == 0);
    FUZZ_CHECK(is_known_opcode(target->request[1]));
    FUZZ_CHECK((size_t)(target->request[2] | target->request[3] << 8) == target->request_size - 8);
    memset(target->request + target->request_size, 0, 64); /* words it does not have */
    answer(target, target->request[1]);
}

static void take_byte(hostile_t *target, uint8_t byte)
{
    if (byte == 0xC0) {
        FUZZ_CHECK(!target->is_escaped);
        if (target->request_size > 0) {
            take_request(target);
        }
        target->request_size = 0;
        return;
    }
    if (!target->is_escaped && byte == 0xDB) {
        target->is_escaped = true;
        return;
    }
    if (target->is_escaped) {
        FUZZ_CHECK(byte == 0xDC || byte == 0xDD);
        byte = byte == 0xDC ? 0xC0 : 0xDB;
        target->is_escaped = false;
    }
    FUZZ_CHECK(target->request_size < sizeof(target->request) - 64);
    target->request[target->request_size++] = byte;
}

/* ---- the port ---- */

static esp_loader_error_t write_all(esp_loader_port_t *port, const uint8_t *data, size_t size,
                                    uint32_t timeout_ms, size_t *out_written)
{
    (void)timeout_ms;
    for (size_t i = 0; i < size; i++) {
        take_byte(self(port), data[i]);
    }
    *out_written = size;
    return ESP_LOADER_SUCCESS;
}

static bool next_byte(hostile_t *target, uint8_t *out)
{
    if (target->output_next < target->output_size) {
        *out = target->output[target->output_next++];
    } else if (target->noise_size > 0) {
        *out = target->noise[target->noise_next++ % target->noise_size];
    } else {
        target->output_next = target->output_size = 0;
        return false;
    }
    return true;
}

static esp_loader_error_t read_some(esp_loader_port_t *port, uint8_t *buf, size_t capacity,
                                    uint32_t timeout_ms, size_t *out_read)
{
    hostile_t *target = self(port);
    size_t count = 0;
    if (target->chunk != 0 && capacity > target->chunk) {
        capacity = target->chunk;
    }
    while (count < capacity && next_byte(target, &buf[count])) {
        count++;
    }
    *out_read = count;
    if (count == 0) {
        target->base.now_ms += timeout_ms;
        return ESP_LOADER_ERROR_TIMEOUT;
    }
    target->bytes_of_ms += (unsigned)count;
    target->base.now_ms += target->bytes_of_ms / HOSTILE_BYTES_PER_MS;
    target->bytes_of_ms %= HOSTILE_BYTES_PER_MS;
    return ESP_LOADER_SUCCESS;
}

void hostile_init(hostile_t *target, bool is_first_generation, bool has_lines)
{
    static const esp_loader_port_ops_t hooks = {.write_all = write_all, .read_some = read_some};
    test_port_init(&target->base, &hooks);
    esp_loader_port_ops_t *ops = &target->base.ops;
    if (is_first_generation) { /* with a clock instead of its timer, and without a reset */
        uint32_t (*now_ms)(esp_loader_port_t *) = ops->now_ms;
        test_port_make_v1(&target->base);
        ops->now_ms = now_ms;
        ops->start_timer = NULL;
        ops->remaining_time = NULL;
        ops->enter_bootloader = NULL;
    } else if (!has_lines) {
        ops->set_lines = NULL;
    }
}
