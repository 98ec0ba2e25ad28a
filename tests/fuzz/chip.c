/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "chip.h"

#include <string.h>

#include "bytes.h"
#include "loader/stub.h"

enum { STILL_EVENTS_MAX = 10000, SEND_TRIES = 6, DATA_MAX = 8192, SHORT_WAIT_US = 20000 };

/* ---- time and bytes ---- */

void chip_wait(chip_t *chip, uint64_t us)
{
    const uint64_t end_us = esp_sim_now_us(chip->sim) + us;
    uint64_t before_us = esp_sim_now_us(chip->sim);
    unsigned still = 0;
    for (;;) {
        uint64_t next_us = esp_sim_next_event_us(chip->sim);
        FUZZ_CHECK(next_us >= esp_sim_now_us(chip->sim));
        if (next_us > end_us) {
            break;
        }
        esp_sim_run_until(chip->sim, next_us);
        still = next_us == before_us ? still + 1 : 0;
        before_us = next_us;
        FUZZ_CHECK(still < STILL_EVENTS_MAX);
    }
    esp_sim_run_until(chip->sim, end_us);
    FUZZ_CHECK(esp_sim_now_us(chip->sim) == end_us);
}

static void send(chip_t *chip, const uint8_t *bytes, size_t size)
{
    for (unsigned i = 0; i < SEND_TRIES && size > 0; i++) {
        size_t taken = esp_sim_host_write(chip->sim, bytes, size);
        FUZZ_CHECK(taken <= size);
        chip->written += taken;
        bytes += taken;
        size -= taken;
        if (size > 0) {
            chip_wait(chip, SHORT_WAIT_US);
        }
    }
}

static void take_output(chip_t *chip)
{
    uint8_t bytes[4096];
    size_t size = esp_sim_host_read(chip->sim, bytes, sizeof(bytes));
    FUZZ_CHECK(size <= sizeof(bytes));
    chip->read += size;
}

/* ---- requests ---- */

static void send_request(chip_t *chip, uint8_t opcode, uint32_t checksum, const uint8_t *data, size_t size)
{
    static uint8_t frame[2 * (DATA_MAX + 8) + 2];
    uint8_t header[HEAD_SIZE];
    size_t count = 0;
    put_head(header, HEAD_REQUEST, opcode, size, checksum);
    FUZZ_CHECK(size <= DATA_MAX);
    frame[count++] = 0xC0;
    for (size_t i = 0; i < sizeof(header) + size; i++) {
        uint8_t byte = i < sizeof(header) ? header[i] : data[i - sizeof(header)];
        if (byte == 0xC0 || byte == 0xDB) {
            frame[count++] = 0xDB;
            byte = byte == 0xC0 ? 0xDC : 0xDD;
        }
        frame[count++] = byte;
    }
    frame[count++] = 0xC0;
    send(chip, frame, count);
}

static void request_words(chip_t *chip, uint8_t opcode, const uint32_t *words, size_t count)
{
    uint8_t bytes[16];
    for (size_t i = 0; i < count; i++) {
        put32(bytes + 4 * i, words[i]);
    }
    send_request(chip, opcode, 0, bytes, 4 * count);
}

static uint32_t checksum_of(const uint8_t *data, size_t size)
{
    uint8_t sum = 0xEF;
    for (size_t i = 0; i < size; i++) {
        sum ^= data[i];
    }
    return sum;
}

static void send_block(chip_t *chip, uint8_t opcode, uint32_t number, const uint8_t *data, size_t size)
{
    static uint8_t bytes[DATA_MAX];
    FUZZ_CHECK(size <= sizeof(bytes) - 16);
    memset(bytes, 0, 16);
    put32(bytes, (uint32_t)size);
    put32(bytes + 4, number);
    memcpy(bytes + 16, data, size);
    send_request(chip, opcode, checksum_of(data, size), bytes, 16 + size);
}

static void load(chip_t *chip, uint32_t addr, uint32_t size)
{
    static const uint8_t zeros[4096];
    const uint32_t block = sizeof(zeros);
    request_words(chip, 0x05, (const uint32_t[]){size, (size + block - 1) / block, block, addr}, 4);
    chip_wait(chip, SHORT_WAIT_US);
    for (uint32_t done = 0; done < size; done += block) {
        send_block(chip, 0x07, done / block, zeros, size - done < block ? size - done : block);
        chip_wait(chip, SHORT_WAIT_US);
    }
}

void chip_start_stub(chip_t *chip)
{
    const sim_stub_image_t *stub = sim_stub_image_of(chip->name, 0);
    if (stub == NULL) {
        return;
    }
    load(chip, stub->text.addr, stub->text.size);
    load(chip, stub->data.addr, stub->data.size);
    request_words(chip, 0x06, (const uint32_t[]){0, stub->entry}, 2);
    chip_wait(chip, 10 * SHORT_WAIT_US);
}

/* ---- steps ---- */

enum {
    STEP_RAW,
    STEP_REQUEST,
    STEP_BLOCK,
    STEP_WAIT,
    STEP_LONG_WAIT,
    STEP_LINES,
    STEP_RATE,
    STEP_BUTTON,
    STEP_PLUG,
    STEP_STUB,
    STEP_KINDS = 16
};

static void step(chip_t *chip, fuzz_input_t *input)
{
    const uint8_t kind = fuzz_u8(input);
    switch (kind % STEP_KINDS) {
    case STEP_RAW: {
        fuzz_input_t bytes = fuzz_take(input, fuzz_u8(input));
        send(chip, bytes.data, bytes.size);
        break;
    }
    case STEP_REQUEST: {
        const uint8_t opcode = fuzz_u8(input);
        fuzz_input_t data = fuzz_take(input, fuzz_u8(input));
        send_request(chip, opcode, kind / 16 * 8u, data.data, data.size);
        break;
    }
    case STEP_BLOCK: {
        static uint8_t bytes[DATA_MAX - 16];
        const uint8_t opcode = fuzz_u8(input);
        const uint8_t number = fuzz_u8(input);
        const size_t size = fuzz_u16(input) % sizeof(bytes);
        fuzz_input_t data = fuzz_take(input, fuzz_u8(input)); /* the rest are zeros */
        memset(bytes, 0, size);
        memcpy(bytes, data.size > 0 ? data.data : bytes, data.size < size ? data.size : size);
        send_block(chip, opcode, number, bytes, size);
        break;
    }
    case STEP_LONG_WAIT:
        chip_wait(chip, kind / 16 * UINT64_C(1000000));
        break;
    case STEP_LINES:
        esp_sim_host_set_lines(chip->sim, (kind & 16) != 0, (kind & 32) != 0);
        break;
    case STEP_RATE:
        esp_sim_host_set_rate(chip->sim, fuzz_u32(input));
        break;
    case STEP_BUTTON:
        esp_sim_reset_button(chip->sim, (kind & 16) != 0);
        break;
    case STEP_PLUG:
        esp_sim_unplug(chip->sim);
        chip_wait(chip, kind);
        esp_sim_plug(chip->sim, (kind & 16) != 0);
        break;
    case STEP_STUB:
        chip_start_stub(chip);
        break;
    case STEP_WAIT:
    default:
        chip_wait(chip, kind * UINT64_C(100));
        take_output(chip);
    }
}

static void check(const chip_t *chip)
{
    const esp_sim_stats_t *stats = esp_sim_stats(chip->sim);
    const char *misuse = esp_sim_misuse(chip->sim);
    FUZZ_CHECK(stats->bytes_out == chip->written && stats->bytes_in == chip->read);
    FUZZ_CHECK(misuse[0] == '\0' || misuse[strlen(misuse) - 1] == '\n');
    FUZZ_CHECK(stats->sector_erases <= stats->sectors_erased);
    FUZZ_CHECK(esp_sim_state(chip->sim) <= ESP_SIM_STATE_RAM_CODE);
}

void chip_run(chip_t *chip, fuzz_input_t *input, unsigned steps_max)
{
    for (unsigned i = 0; i < steps_max && input->size > 0; i++) {
        step(chip, input);
    }
    chip_wait(chip, 2000000);
    take_output(chip);
    check(chip);
}

/* ---- seeds ---- */

void chip_put_request(fuzz_seed_t *seed, uint8_t opcode, const void *data, size_t size)
{
    fuzz_put_u8(seed, STEP_REQUEST);
    fuzz_put_u8(seed, opcode);
    fuzz_put_u8(seed, (unsigned)size);
    fuzz_put(seed, data, size);
    chip_put_wait(seed);
}

void chip_put_block(fuzz_seed_t *seed, uint8_t opcode, uint32_t number, const void *data, size_t size)
{
    fuzz_put_u8(seed, STEP_BLOCK);
    fuzz_put_u8(seed, opcode);
    fuzz_put_u8(seed, number);
    fuzz_put_u8(seed, size & 0xFF);
    fuzz_put_u8(seed, size >> 8 & 0xFF);
    fuzz_put_u8(seed, size < 64 ? (unsigned)size : 0);
    fuzz_put(seed, data, size < 64 ? size : 0);
    chip_put_wait(seed);
}

void chip_put_words(fuzz_seed_t *seed, uint8_t opcode, const uint32_t *words, size_t count)
{
    uint8_t bytes[32];
    for (size_t i = 0; i < count; i++) {
        put32(bytes + 4 * i, words[i]);
    }
    chip_put_request(seed, opcode, bytes, 4 * count);
}

void chip_put_wait(fuzz_seed_t *seed)
{
    fuzz_put_u8(seed, 0xF0 + STEP_WAIT);
}

void chip_put_sync(fuzz_seed_t *seed)
{
    uint8_t pattern[36];
    memset(pattern, 0x55, sizeof(pattern));
    memcpy(pattern, "\x07\x07\x12\x20", 4);
    chip_put_request(seed, 0x08, pattern, sizeof(pattern));
}

void chip_put_start_stub(fuzz_seed_t *seed)
{
    fuzz_put_u8(seed, STEP_STUB);
}

void chip_put_write(fuzz_seed_t *seed, bool is_deflate)
{
    /* 1024 zeros as a zlib stream */
    static const uint8_t packed[] = {0x78, 0x9C, 0x63, 0x60, 0x18, 0x05, 0xA3, 0x60, 0x14,
                                     0x8C, 0x54, 0x00, 0x00, 0x04, 0x00, 0x00, 0x01};
    const uint32_t write[] = {1024, 1, 1024, 0x1000, 0};
    chip_put_words(seed, 0x0D, (const uint32_t[]){0, 0}, 2);
    chip_put_words(seed, 0x0B, (const uint32_t[]){0, 256 * 1024, 65536, 4096, 256, 0xFFFF}, 6);
    chip_put_words(seed, is_deflate ? 0x10 : 0x02, write, 5);
    if (is_deflate) {
        chip_put_block(seed, 0x11, 0, packed, sizeof(packed));
    } else {
        chip_put_block(seed, 0x03, 0, NULL, 1024);
    }
    chip_put_words(seed, 0x13, (const uint32_t[]){0x1000, 1024, 0, 0}, 4);
}
