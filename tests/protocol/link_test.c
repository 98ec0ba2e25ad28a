/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * SLIP framing of src/link/link.c, byte-exact in both directions.
 */
#include <string.h>

#include "link/link.h"
#include "conversation.h"
#include "test.h"

static void open_session(fixture_t *f)
{
    scripted_port_init(&f->script);
    memset(&f->loader, 0xA5, sizeof(f->loader)); /* init assumes garbage */
    assert_int_equal(esp_loader_init_serial(&f->loader, &f->script.base.port), ESP_LOADER_SUCCESS);
    eli_port_set_deadline(&f->loader, 100);
}

#define FEED(f, ...)                                                                                         \
    do {                                                                                                     \
        const uint8_t bytes_[] = {__VA_ARGS__};                                                              \
        scripted_port_push(&(f)->script, bytes_, sizeof(bytes_));                                            \
    } while (0)

static void expect_frame(fixture_t *f, const char *text)
{
    uint8_t buf[16];
    size_t size;
    assert_int_equal(eli_link_receive(&f->loader, buf, sizeof(buf), &size), ESP_LOADER_SUCCESS);
    assert_int_equal(size, strlen(text));
    assert_memory_equal(buf, text, size);
}

static void expect_nothing(fixture_t *f)
{
    uint8_t buf[16];
    size_t size;
    assert_int_equal(eli_link_receive(&f->loader, buf, sizeof(buf), &size), ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(size, 0);
}

TEST(frame_is_delimited_and_escaped_in_one_write)
{
    static fixture_t f;
    open_session(&f);
    static const uint8_t data[] = {0x01, 0xC0, 0x02, 0xDB, 0x03};
    static const uint8_t wire[] = {0xC0, 0x01, 0xDB, 0xDC, 0x02, 0xDB, 0xDD, 0x03, 0xC0};
    eli_link_begin_frame(&f.loader);
    eli_link_put(&f.loader, data, sizeof(data));
    assert_int_equal(eli_link_end_frame(&f.loader), ESP_LOADER_SUCCESS);
    assert_int_equal(f.script.base.writes, 1);
    assert_int_equal(f.script.sent_size, sizeof(wire));
    assert_memory_equal(f.script.sent, wire, sizeof(wire));
}

TEST(frame_that_does_not_fit_goes_out_in_full_buffers)
{
    static fixture_t f;
    static uint8_t data[ESP_LOADER_TX_BUFFER_SIZE];
    memset(data, 0xC0, sizeof(data)); /* doubles on the wire */
    open_session(&f);
    eli_link_begin_frame(&f.loader);
    eli_link_put(&f.loader, data, sizeof(data));
    assert_int_equal(eli_link_end_frame(&f.loader), ESP_LOADER_SUCCESS);
    assert_int_equal(f.script.sent_size, 2 * sizeof(data) + 2);
    assert_int_equal(f.script.base.writes, 3); /* 2 x buffer + 2 bytes */
}

/* Any length, any alignment, few to many bytes to escape, handed over in two pieces. */
TEST(any_content_is_escaped_byte_by_byte)
{
    static const uint8_t alphabet[] = {0xC0, 0xDB, 0xC1, 0xDA, 0x40, 0x00, 0xBF, 0xDC};
    static fixture_t f;
    static uint8_t data[3000 + 8];
    static uint8_t wire[2 * sizeof(data) + 2];
    uint32_t seed = 1;

    for (unsigned round = 0; round < 2000; round++) {
        size_t wire_size = 0;
        size_t size = (seed >> 7) % (round % 8 == 0 ? 3000 : 40);
        uint8_t *start = data + round % 8;
        unsigned one_in = 1u << (round % 9);
        wire[wire_size++] = 0xC0;
        for (size_t i = 0; i < size; i++) {
            seed = seed * 1664525u + 1013904223u;
            bool is_odd = (seed >> 9) % one_in == 0;
            start[i] = is_odd ? alphabet[seed >> 29] : (uint8_t)(seed >> 20 & 0x7F);
            bool is_escaped = start[i] == 0xC0 || start[i] == 0xDB;
            if (is_escaped) {
                wire[wire_size++] = 0xDB;
            }
            wire[wire_size++] = !is_escaped ? start[i] : start[i] == 0xC0 ? 0xDC : 0xDD;
        }
        wire[wire_size++] = 0xC0;
        seed = seed * 1664525u + 1013904223u;
        size_t first = size == 0 ? 0 : (seed >> 8) % size;
        open_session(&f);
        eli_link_begin_frame(&f.loader);
        eli_link_put(&f.loader, start, first);
        eli_link_put(&f.loader, start + first, size - first);
        assert_int_equal(eli_link_end_frame(&f.loader), ESP_LOADER_SUCCESS);
        assert_int_equal(f.script.sent_size, wire_size);
        assert_memory_equal(f.script.sent, wire, wire_size);
    }
}

TEST(failed_write_ends_the_frame_and_is_reported)
{
    static fixture_t f;
    static uint8_t data[3 * ESP_LOADER_TX_BUFFER_SIZE];
    open_session(&f);
    f.script.write_error = ESP_LOADER_ERROR_DISCONNECTED;
    eli_link_begin_frame(&f.loader);
    eli_link_put(&f.loader, data, sizeof(data));
    assert_int_equal(eli_link_end_frame(&f.loader), ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(f.script.base.writes, 1); /* nothing is sent after the first error */
}

TEST(fill_bytes_are_part_of_the_frame)
{
    static fixture_t f;
    static const uint8_t wire[] = {0xC0, 0xFF, 0xFF, 0xFF, 0xC0};
    open_session(&f);
    eli_link_begin_frame(&f.loader);
    eli_link_put_fill(&f.loader, 0xFF, 3);
    assert_int_equal(eli_link_end_frame(&f.loader), ESP_LOADER_SUCCESS);
    assert_int_equal(f.script.sent_size, sizeof(wire));
    assert_memory_equal(f.script.sent, wire, sizeof(wire));
}

TEST(frame_is_received_whatever_the_chunks)
{
    static fixture_t f;
    for (size_t chunk = 1; chunk <= 9; chunk++) {
        open_session(&f);
        f.script.chunk = chunk;
        FEED(&f, 0xC0, 'a', 0xDB, 0xDC, 'b', 0xDB, 0xDD, 0xC0);
        expect_frame(&f, "a\xC0"
                         "b\xDB");
    }
}

TEST(first_byte_of_a_frame_may_be_escaped)
{
    static fixture_t f;
    open_session(&f);
    FEED(&f, 0xC0, 0xDB, 0xDC, 'x', 0xC0);
    expect_frame(&f, "\xC0x");
}

TEST(empty_frames_are_skipped)
{
    static fixture_t f;
    open_session(&f);
    FEED(&f, 0xC0, 0xC0, 0xC0, 'a', 0xC0);
    expect_frame(&f, "a");
    expect_nothing(&f);
}

TEST(frames_may_share_a_delimiter)
{
    static fixture_t f;
    open_session(&f);
    FEED(&f, 0xC0, 'a', 0xC0, 'b', 0xC0);
    expect_frame(&f, "a");
    expect_frame(&f, "b");
}

TEST(lost_or_extra_delimiter_costs_at_most_one_frame)
{
    static fixture_t f;
    open_session(&f);
    FEED(&f, 0xC0, 'a', 0xC0, 0xC0, 'n', 'o', 'i', 's', 'e', 0xC0, 'b', 0xC0, 'c', 0xC0);
    expect_frame(&f, "a");
    expect_frame(&f, "noise");
    expect_frame(&f, "b");
    expect_frame(&f, "c");
}

TEST(bad_escape_drops_the_frame)
{
    static fixture_t f;
    open_session(&f);
    FEED(&f, 0xC0, 'a', 0xDB, 'b', 0xC0, 0xC0, 'c', 0xC0);
    expect_frame(&f, "c");
}

TEST(escape_before_the_delimiter_drops_the_frame)
{
    static fixture_t f;
    open_session(&f);
    FEED(&f, 0xC0, 'a', 0xDB, 0xC0, 0xC0, 'c', 0xC0);
    expect_frame(&f, "c");
}

TEST(frame_with_an_escape_that_is_none_is_dropped_and_the_next_one_taken)
{
    static const uint8_t seconds[] = {0x00, 0xDB, 0xDE, 0xDA, 0xFF};
    static fixture_t f;
    for (size_t i = 0; i < sizeof(seconds); i++) {
        open_session(&f);
        FEED(&f, 0xC0, 'a', 0xDB, seconds[i], 'b', 0xC0, 'c', 'd', 0xC0);
        expect_frame(&f, "cd");
        expect_nothing(&f);
    }
    open_session(&f);
    FEED(&f, 0xC0, 'a', 0xDB, 0xC0, 'b', 0xC0); /* cut off in the middle of an escape */
    expect_frame(&f, "b");
    expect_nothing(&f);
}

TEST(frame_longer_than_the_buffer_is_dropped_whole)
{
    static fixture_t f;
    for (size_t size = 16; size <= 18; size++) {
        uint8_t frame[20] = {0xC0};
        open_session(&f);
        memset(&frame[1], 'x', size);
        frame[1 + size] = 0xC0;
        scripted_port_push(&f.script, frame, size + 2);
        FEED(&f, 0xC0, 'o', 'k', 0xC0);
        if (size == 16) {
            expect_frame(&f, "xxxxxxxxxxxxxxxx");
        }
        expect_frame(&f, "ok");
        expect_nothing(&f);
    }
}

TEST(half_a_frame_is_a_timeout)
{
    static fixture_t f;
    open_session(&f);
    FEED(&f, 0xC0, 'a', 'b');
    expect_nothing(&f);
    assert_int_equal(f.script.base.now_ms, 100);
}

TEST(endless_noise_ends_at_the_deadline)
{
    static fixture_t f;
    open_session(&f);
    f.script.noise = "x"; /* never a delimiter; each read takes a millisecond */
    expect_nothing(&f);
    assert_in_range(f.script.base.now_ms, 100, 102);
}

TEST(frames_without_end_stop_at_the_deadline)
{
    static fixture_t f;
    uint8_t frame[16];
    size_t size;
    unsigned frames = 0;
    open_session(&f);
    f.script.noise = "x\xC0";
    while (eli_link_receive(&f.loader, frame, sizeof(frame), &size) == ESP_LOADER_SUCCESS) {
        assert_true(frames++ < 110 * sizeof(f.loader._link.rx));
    }
    assert_in_range(f.script.base.now_ms, 100, 102);
}

TEST(discarding_ends_although_the_target_never_stops)
{
    static fixture_t f;
    open_session(&f);
    f.script.noise = "x";
    eli_link_discard_input(&f.loader);
    assert_int_equal(f.script.base.reads, 16384 / ESP_LOADER_RX_BUFFER_SIZE);
}

TEST(discarded_bytes_never_come_back)
{
    static fixture_t f;
    open_session(&f);
    FEED(&f, 0xC0, 'o', 'l', 'd', 0xC0, 0xC0, 'o', 'l', 'd', '2', 0xC0);
    expect_frame(&f, "old"); /* leaves bytes in the session's own buffer */
    eli_link_discard_input(&f.loader);
    eli_port_set_deadline(&f.loader, 100);
    expect_nothing(&f);
}

TEST(port_error_reaches_the_caller)
{
    static fixture_t f;
    uint8_t buf[16];
    size_t size;
    open_session(&f);
    FEED(&f, 0xC0, 'a');
    f.script.read_error = ESP_LOADER_ERROR_DISCONNECTED;
    assert_int_equal(eli_link_receive(&f.loader, buf, sizeof(buf), &size), ESP_LOADER_ERROR_DISCONNECTED);
}

TEST(deadline_survives_the_wrap_of_the_clock)
{
    static fixture_t f;
    open_session(&f);
    f.script.base.now_ms = UINT32_MAX - 10;
    eli_port_set_deadline(&f.loader, 100);
    assert_int_equal(eli_port_remaining_ms(&f.loader), 100);
    f.script.base.now_ms += 60;
    assert_int_equal(eli_port_remaining_ms(&f.loader), 40);
    f.script.base.now_ms += 41;
    assert_int_equal(eli_port_remaining_ms(&f.loader), 0);
}

TEST(first_generation_port_is_read_byte_by_byte)
{
    static fixture_t f;
    scripted_port_init(&f.script);
    test_port_make_v1(&f.script.base);
    assert_int_equal(esp_loader_init_serial(&f.loader, &f.script.base.port), ESP_LOADER_SUCCESS);
    eli_port_set_deadline(&f.loader, 100);
    FEED(&f, 0xC0, 'a', 'b', 0xC0);
    expect_frame(&f, "ab");
    assert_int_equal(f.script.base.reads, 4);
    expect_nothing(&f);
}

TEST(incomplete_ports_are_refused)
{
    static fixture_t f;
    scripted_port_init(&f.script);
    const esp_loader_port_ops_t complete = f.script.base.ops;
    assert_int_equal(esp_loader_init_serial(&f.loader, &f.script.base.port), ESP_LOADER_SUCCESS);
    f.script.base.ops.write_all = NULL;
    assert_int_equal(esp_loader_init_serial(&f.loader, &f.script.base.port), ESP_LOADER_ERROR_INVALID_PARAM);
    f.script.base.ops = complete;
    f.script.base.ops.read_some = NULL;
    assert_int_equal(esp_loader_init_serial(&f.loader, &f.script.base.port), ESP_LOADER_ERROR_INVALID_PARAM);
    f.script.base.ops = complete;
    f.script.base.ops.now_ms = NULL;
    assert_int_equal(esp_loader_init_serial(&f.loader, &f.script.base.port), ESP_LOADER_ERROR_INVALID_PARAM);
    f.script.base.ops = complete;
    f.script.base.ops.delay_ms = NULL; /* lines without a delay make no reset sequence */
    assert_int_equal(esp_loader_init_serial(&f.loader, &f.script.base.port), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_init_serial(NULL, &f.script.base.port), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_init_serial(&f.loader, NULL), ESP_LOADER_ERROR_INVALID_PARAM);
}
