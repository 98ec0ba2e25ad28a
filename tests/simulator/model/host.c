/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The test host: SLIP, requests and replies byte by byte.
 */
#include "host.h"

#include <stdlib.h>

enum { SEND_LIMIT_S = 1000 };

static bool is_misuse_expected; /* by the case that runs */

esp_sim_t *host_new(const esp_sim_config_t *config)
{
    char error[200] = "";
    esp_sim_t *sim = esp_sim_new(config, error, sizeof(error));
    if (sim == NULL) {
        fail_msg("esp_sim_new: %s", error);
    }
    return sim;
}

esp_sim_t *host_start(const esp_sim_config_t *config)
{
    esp_sim_config_t plain = {.timing = ESP_SIM_TIMING_FAST};
    esp_sim_t *sim = host_new(config == NULL ? &plain : config);
    if (config == NULL || config->wiring == ESP_SIM_WIRING_USJ) {
        host_usj_download(sim);
    } else {
        host_wait_us(sim, 400000);
    }
    host_skip(sim, 200000);
    host_sync(sim);
    return sim;
}

esp_sim_t *host_start_attached(const esp_sim_config_t *config)
{
    esp_sim_t *sim = host_start(config);
    host_attach_flash(sim);
    return sim;
}

esp_sim_t *host_start_faulty(const esp_sim_config_t *config)
{
    char error[200] = "";
    esp_sim_config_t sound = *config;
    sound.faults = NULL;
    esp_sim_t *sim = host_start_attached(&sound);
    if (!esp_sim_add_faults(sim, config->faults, error, sizeof(error))) {
        fail_msg("%s", error);
    }
    return sim;
}

esp_sim_t *host_start_as_rom(const char *chip)
{
    esp_sim_config_t config = {.chip = chip,
                               .wiring = ESP_SIM_WIRING_BRIDGE,
                               .start_in_download = true,
                               .timing = ESP_SIM_TIMING_FAST,
                               .as_rom = true};
    if (strcmp(chip, "esp32p4") == 0) {
        config.chip_revision = 300; /* later ones leave the flash without power */
    }
    return host_start(&config);
}

void host_end(esp_sim_t *sim)
{
    assert_string_equal(esp_sim_misuse(sim), "");
    esp_sim_free(sim);
}

void host_wait_us(esp_sim_t *sim, uint64_t us)
{
    esp_sim_run_until(sim, esp_sim_now_us(sim) + us);
}

void host_usj_download(esp_sim_t *sim)
{
    esp_sim_host_set_lines(sim, false, false);
    esp_sim_host_set_lines(sim, true, false);
    esp_sim_host_set_lines(sim, true, true);
    esp_sim_host_set_lines(sim, false, true);
    host_wait_us(sim, 100000);
    esp_sim_host_set_lines(sim, false, false);
    host_wait_us(sim, 300000);
}

void host_usj_run(esp_sim_t *sim)
{
    esp_sim_host_set_lines(sim, false, false);
    esp_sim_host_set_lines(sim, false, true);
    host_wait_us(sim, 100000);
    esp_sim_host_set_lines(sim, false, false);
    host_wait_us(sim, 300000);
}

size_t host_send_raw(esp_sim_t *sim, const void *data, size_t size)
{
    const uint8_t *bytes = data;
    size_t sent = 0;
    uint64_t limit_us = esp_sim_now_us(sim) + SEND_LIMIT_S * 1000000ull;
    while (sent < size) {
        size_t n = esp_sim_host_write(sim, bytes + sent, size - sent);
        sent += n;
        if (n == 0) {
            uint64_t next_us = esp_sim_next_event_us(sim);
            if (next_us > limit_us) {
                break;
            }
            esp_sim_run_until(sim, next_us);
        }
    }
    return sent;
}

void host_send(esp_sim_t *sim, uint8_t opcode, uint32_t checksum, const void *data, size_t size)
{
    uint8_t *frame = malloc(size + 8);
    uint8_t *wire = malloc(2 * size + 18);
    assert_non_null(frame);
    assert_non_null(wire);
    put_head(frame, HEAD_REQUEST, opcode, size, checksum);
    if (size > 0) {
        memcpy(frame + 8, data, size);
    }
    size_t n = 0;
    wire[n++] = 0xC0;
    for (size_t i = 0; i < size + 8; i++) {
        if (frame[i] == 0xC0 || frame[i] == 0xDB) {
            wire[n++] = 0xDB;
            wire[n++] = frame[i] == 0xC0 ? 0xDC : 0xDD;
        } else {
            wire[n++] = frame[i];
        }
    }
    wire[n++] = 0xC0;
    host_send_raw(sim, wire, n);
    free(frame);
    free(wire);
}

void host_send_words(esp_sim_t *sim, uint8_t opcode, const uint32_t *words, size_t count)
{
    uint8_t data[64];
    assert_true(count * 4 <= sizeof(data));
    for (size_t i = 0; i < count; i++) {
        put32(data + 4 * i, words[i]);
    }
    host_send(sim, opcode, 0, data, count * 4);
}

void host_send_block(esp_sim_t *sim, uint8_t opcode, uint32_t number, const void *data, size_t size)
{
    uint8_t *block = calloc(1, size + 16);
    assert_non_null(block);
    put32(block, (uint32_t)size);
    put32(block + 4, number);
    memcpy(block + 16, data, size);
    uint8_t checksum = 0xEF;
    for (size_t i = 0; i < size; i++) {
        checksum ^= block[16 + i];
    }
    host_send(sim, opcode, checksum, block, size + 16);
    free(block);
}

/* One byte from the chip by @p limit_us. */
static bool receive_byte(esp_sim_t *sim, uint8_t *out, uint64_t limit_us)
{
    while (esp_sim_host_read(sim, out, 1) == 0) {
        uint64_t now_us = esp_sim_now_us(sim);
        uint64_t next_us = esp_sim_next_event_us(sim);
        if (now_us >= limit_us && next_us > now_us) {
            return false;
        }
        esp_sim_run_until(sim, next_us < limit_us ? next_us : limit_us);
    }
    return true;
}

bool host_receive(esp_sim_t *sim, frame_t *out, uint64_t timeout_us)
{
    uint64_t limit_us = esp_sim_now_us(sim) + timeout_us;
    uint8_t byte = 0;
    do {
        if (!receive_byte(sim, &byte, limit_us)) {
            return false;
        }
    } while (byte != 0xC0);
    out->size = 0;
    while (receive_byte(sim, &byte, limit_us)) {
        if (byte == 0xC0) {
            if (out->size > 0) {
                return true;
            }
            continue; /* an empty frame: that delimiter opens the next */
        }
        if (byte == 0xDB) {
            assert_true(receive_byte(sim, &byte, limit_us));
            assert_true(byte == 0xDC || byte == 0xDD);
            byte = byte == 0xDC ? 0xC0 : 0xDB;
        }
        assert_true(out->size < sizeof(out->bytes));
        out->bytes[out->size++] = byte;
    }
    return false;
}

size_t host_drain(esp_sim_t *sim, void *buf, size_t capacity, uint64_t us)
{
    uint64_t limit_us = esp_sim_now_us(sim) + us;
    uint8_t *out = buf;
    size_t n = 0;
    uint8_t byte = 0;
    while (receive_byte(sim, &byte, limit_us)) {
        if (n < capacity) {
            out[n++] = byte;
        }
    }
    return n;
}

void host_skip(esp_sim_t *sim, uint64_t us)
{
    host_drain(sim, NULL, 0, us);
}

void host_expect_frame(esp_sim_t *sim, const void *bytes, size_t size)
{
    frame_t frame;
    assert_true(host_receive(sim, &frame, 1000000000u));
    assert_int_equal(frame.size, size);
    assert_memory_equal(frame.bytes, bytes, size);
}

uint32_t host_expect_ok(esp_sim_t *sim, uint8_t opcode)
{
    frame_t frame;
    assert_true(host_receive(sim, &frame, 1000000000u));
    assert_int_equal(frame.size, 12);
    const uint8_t head[4] = {1, opcode, 4, 0};
    const uint8_t status[4] = {0};
    assert_memory_equal(frame.bytes, head, sizeof(head));
    assert_memory_equal(frame.bytes + 8, status, sizeof(status));
    return get32(frame.bytes + 4);
}

void host_expect_reason(esp_sim_t *sim, uint8_t opcode, uint8_t reason)
{
    const uint8_t reply[12] = {1, opcode, 4, 0, 0, 0, 0, 0, 1, reason, 0, 0};
    host_expect_frame(sim, reply, sizeof(reply));
}

void host_send_begin(esp_sim_t *sim, const char *chip, uint8_t opcode, uint32_t size, uint32_t blocks,
                     uint32_t offset)
{
    if (strcmp(chip, "esp32") == 0) {
        host_send_words(sim, opcode, WORDS(size, blocks, 1024, offset));
    } else {
        host_send_words(sim, opcode, WORDS(size, blocks, 1024, offset, 0));
    }
}

void host_words_ok(esp_sim_t *sim, uint8_t opcode, const uint32_t *words, size_t count)
{
    host_send_words(sim, opcode, words, count);
    host_expect_ok(sim, opcode);
}

void host_words_refused(esp_sim_t *sim, uint8_t opcode, uint8_t reason, const uint32_t *words, size_t count)
{
    host_send_words(sim, opcode, words, count);
    host_expect_reason(sim, opcode, reason);
}

void host_block_ok(esp_sim_t *sim, uint8_t opcode, uint32_t number, const void *data, size_t size)
{
    host_send_block(sim, opcode, number, data, size);
    host_expect_ok(sim, opcode);
}

void host_block_refused(esp_sim_t *sim, uint8_t opcode, uint8_t reason, uint32_t number, const void *data,
                        size_t size)
{
    host_send_block(sim, opcode, number, data, size);
    host_expect_reason(sim, opcode, reason);
}

void host_fill_block(esp_sim_t *sim, uint8_t opcode, uint32_t number, uint8_t fill, size_t size,
                     uint8_t reason)
{
    uint8_t data[4096];
    assert_true(size <= sizeof(data));
    memset(data, fill, size);
    if (reason == 0) {
        host_block_ok(sim, opcode, number, data, size);
    } else {
        host_block_refused(sim, opcode, reason, number, data, size);
    }
}

void host_expect_silence(esp_sim_t *sim)
{
    uint8_t byte = 0;
    assert_int_equal(host_drain(sim, &byte, 1, 500000), 0);
}

void host_send_sync(esp_sim_t *sim)
{
    host_send(sim, 0x08, 0, "\x07\x07\x12\x20UUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUU", 36);
}

void host_sync(esp_sim_t *sim)
{
    host_send_sync(sim);
    for (unsigned i = 0; i < 8; i++) {
        host_expect_ok(sim, 0x08);
    }
}

void host_attach_flash(esp_sim_t *sim)
{
    host_send_words(sim, 0x0D, WORDS(0, 0));
    host_expect_ok(sim, 0x0D);
    host_send_words(sim, 0x0B, WORDS(0, esp_sim_flash_size(sim), 0x10000, 0x1000, 0x100, 0xFFFF));
    host_expect_ok(sim, 0x0B);
}

uint32_t host_read_reg(esp_sim_t *sim, uint32_t addr)
{
    host_send_words(sim, 0x0A, WORDS(addr));
    return host_expect_ok(sim, 0x0A);
}

void host_write_reg(esp_sim_t *sim, uint32_t addr, uint32_t value)
{
    host_send_words(sim, 0x09, WORDS(addr, value, 0xFFFFFFFF, 0));
    host_expect_ok(sim, 0x09);
}

void host_flash_begin(esp_sim_t *sim, uint32_t offset, uint32_t size)
{
    host_send_words(sim, 0x02, WORDS(size, (size + 1023) / 1024, 1024, offset, 0));
    host_expect_ok(sim, 0x02);
}

void host_flash_write(esp_sim_t *sim, uint32_t offset, const uint8_t *data, uint32_t size)
{
    host_flash_begin(sim, offset, size);
    for (uint32_t at = 0; at < size; at += 1024) {
        uint8_t block[1024];
        memset(block, 0xFF, sizeof(block));
        memcpy(block, data + at, size - at < 1024 ? size - at : 1024);
        host_send_block(sim, 0x03, at / 1024, block, sizeof(block));
        host_expect_ok(sim, 0x03);
    }
}

void host_expect_no_chip(const esp_sim_config_t *config, const char *sentence)
{
    char error[200];
    assert_null(esp_sim_new(config, error, sizeof(error)));
    assert_string_equal(error, sentence);
}

bool host_has_misuse(const esp_sim_t *sim, const char *text)
{
    return strstr(esp_sim_misuse(sim), text) != NULL;
}

void host_expect_misuse(const esp_sim_t *sim, const char *text)
{
    if (!host_has_misuse(sim, text)) {
        fail_msg("'%s' is not in the report '%s'", text, esp_sim_misuse(sim));
    }
    is_misuse_expected = true;
}

void host_run(host_start_t start, const esp_sim_config_t *config, void (*run)(esp_sim_t *sim))
{
    is_misuse_expected = false;
    esp_sim_t *sim = start(config);
    run(sim);
    if (is_misuse_expected) {
        esp_sim_free(sim);
    } else {
        host_end(sim);
    }
}

void host_ask(esp_sim_t *sim)
{
    host_send_words(sim, 0x0A, WORDS(HOST_MAGIC));
}

void host_await_answer(esp_sim_t *sim)
{
    assert_int_equal(host_expect_ok(sim, 0x0A), 9);
}

void host_expect_answer(esp_sim_t *sim)
{
    host_ask(sim);
    host_await_answer(sim);
}

void host_expect_no_answer(esp_sim_t *sim)
{
    host_ask(sim);
    host_expect_silence(sim);
}
