/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What src/link/spi.c puts on the bus, call by call, against a slave that is a few registers. `|` is chip select going low,
 * `/` going high, then the bytes that are written, in hexadecimal, `<n` for n that are read.
 */
#include <stdio.h>
#include <string.h>

#include "common/bytes.h"
#include "link/spi.h"
#include "test.h"

static struct {
    esp_loader_port_t port;
    esp_loader_t loader;
    char bus[600];
    uint32_t statuses[2]; /* input, output */
    uint32_t mailbox;
    uint8_t preamble[3];
    uint8_t reply[100];
    unsigned calls, failing_call; /* of write and read; 0 = none fails */
    uint32_t now_ms;
    bool is_low;
    size_t read; /* bytes of this transaction */
} f;

static void note(const char *text)
{
    if (strlen(f.bus) + strlen(text) < sizeof(f.bus)) { /* polling goes on for long */
        strcat(f.bus, text);
    }
}

static void set_cs(esp_loader_port_t *port, uint32_t level)
{
    (void)port;
    f.is_low = level == 0;
    f.read = 0;
    note(f.is_low ? "|" : "/");
}

static esp_loader_error_t write_all(esp_loader_port_t *port, const uint8_t *data, size_t size,
                                    uint32_t timeout_ms, size_t *out_written)
{
    (void)port;
    (void)timeout_ms;
    assert_true(f.is_low);
    if (size == 3) {
        memcpy(f.preamble, data, 3);
    }
    for (size_t i = 0; i < size; i++) {
        char text[3];
        snprintf(text, sizeof(text), "%02x", data[i]);
        note(text);
    }
    note(" ");
    *out_written = size;
    return ++f.calls == f.failing_call ? ESP_LOADER_ERROR_IO : ESP_LOADER_SUCCESS;
}

/* Two bytes at most: a port that does not give all at once. */
static esp_loader_error_t read_some(esp_loader_port_t *port, uint8_t *buf, size_t capacity,
                                    uint32_t timeout_ms, size_t *out_read)
{
    (void)port;
    (void)timeout_ms;
    uint8_t bytes[4];
    const uint8_t address = f.preamble[1];
    const bool is_reply = f.preamble[0] == 0x04;
    assert_true(f.is_low);
    eli_put_u32(bytes, address == 12 ? f.mailbox : f.statuses[address == 8]);
    *out_read = capacity < 2 ? capacity : 2;
    memcpy(buf, is_reply ? &f.reply[f.read] : &bytes[f.read], *out_read);
    f.read += *out_read;
    note("<2 ");
    return ++f.calls == f.failing_call ? ESP_LOADER_ERROR_IO : ESP_LOADER_SUCCESS;
}

static uint32_t now_ms(esp_loader_port_t *port)
{
    (void)port;
    return f.now_ms;
}

static void delay_ms(esp_loader_port_t *port, uint32_t ms)
{
    (void)port;
    f.now_ms += ms;
}

static void open_link(void)
{
    static const esp_loader_port_ops_t ops = {.delay_ms = delay_ms,
                                              .spi_set_cs = set_cs,
                                              .write_all = write_all,
                                              .read_some = read_some,
                                              .now_ms = now_ms};
    memset(&f, 0, sizeof(f));
    f.port.ops = &ops;
    f.loader._port = &f.port;
    memset(f.loader._buffers.tx, 0xA5, sizeof(f.loader._buffers.tx)); /* of what was sent before */
    eli_spi_forget(&f.loader);
    eli_port_set_deadline(&f.loader, 50);
}

static esp_loader_error_t send(size_t payload_size)
{
    static const uint8_t header[] = {0x00, 0x0A, 0x04, 0x00};
    static const uint8_t payload[] = {0xC0, 0xDB};
    return eli_spi_send(&f.loader, header, sizeof(header), payload, payload_size);
}

#define STATUS(address) "|02" address "00 <2 <2 /"

TEST(port_needs_chip_select)
{
    open_link();
    esp_loader_port_ops_t ops = *f.port.ops;
    esp_loader_port_t port = {.ops = &ops};
    assert_true(eli_spi_port_is_complete(&port));
    ops.spi_set_cs = NULL;
    assert_false(eli_spi_port_is_complete(&port));
}

TEST(frame_is_one_transaction_as_it_is_after_two_equal_statuses)
{
    open_link();
    f.statuses[0] = 0x8001;
    assert_int_equal(send(2), ESP_LOADER_SUCCESS);
    assert_string_equal(f.bus, STATUS("04") STATUS("04") "|030000 000a0400 c0db /|070000 /");
}

TEST(frame_without_payload_has_two_writes)
{
    open_link();
    f.statuses[0] = 0x8001;
    assert_int_equal(send(0), ESP_LOADER_SUCCESS);
    assert_non_null(strstr(f.bus, "|030000 000a0400 /"));
}

TEST(reply_is_read_with_the_length_that_the_status_says)
{
    uint8_t buf[80];
    size_t size = 0;
    open_link();
    f.statuses[1] = 4 << 2 | 2; /* the first one has an init bit */
    memcpy(f.reply, "abcd", 4);
    assert_int_equal(eli_spi_receive(&f.loader, buf, sizeof(buf), &size), ESP_LOADER_SUCCESS);
    assert_int_equal(size, 4);
    assert_memory_equal(buf, "abcd", 4);
    assert_string_equal(f.bus, STATUS("08") STATUS("08") "|040000 <2 <2 /|080000 /");
}

TEST(reply_of_one_byte_is_one)
{
    uint8_t buf[8];
    size_t size = 0;
    open_link();
    f.statuses[1] = 1 << 2;
    assert_int_equal(eli_spi_receive(&f.loader, buf, sizeof(buf), &size), ESP_LOADER_SUCCESS);
    assert_int_equal(size, 1);
}

TEST(reply_that_is_too_long_is_not_read)
{
    uint8_t buf[8];
    size_t size = 0;
    open_link();
    f.statuses[1] = 12 << 2;
    assert_int_equal(eli_spi_receive(&f.loader, buf, sizeof(buf), &size), ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_null(strstr(f.bus, "|04"));
}

/* Nothing there, a wire without a chip, busy, the phase of the one before, too little room. */
static const uint32_t not_ready[] = {0, UINT32_MAX, 1, 0x8000, 0x8002, 1 | 5 << 2};

TEST_ROWS(status_that_is_no_new_buffer_is_waited_for_until_the_deadline, not_ready)
{
    open_link();
    f.statuses[0] = *row;
    assert_int_equal(send(2), ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(f.now_ms, 50);
    assert_null(strstr(f.bus, "|03"));
    assert_false(f.is_low);
}

TEST(phases_alternate)
{
    open_link();
    f.statuses[0] = 0x8001;
    assert_int_equal(send(0), ESP_LOADER_SUCCESS);
    assert_int_equal(send(0), ESP_LOADER_ERROR_TIMEOUT); /* still the same buffer */
    eli_port_set_deadline(&f.loader, 50);
    f.statuses[0] = 0x8000;
    assert_int_equal(send(0), ESP_LOADER_SUCCESS);
}

TEST(whatever_call_fails_chip_select_is_high_and_the_error_is_the_ports)
{
    for (unsigned call = 1; call <= 10; call++) {
        open_link();
        f.statuses[0] = 0x8001;
        f.failing_call = call;
        assert_int_equal(send(2), ESP_LOADER_ERROR_IO);
        assert_int_equal(f.calls, call);
        assert_false(f.is_low);
    }
    f.failing_call = 11;
    f.calls = 0;
    f.statuses[0] = 0x8000;
    assert_int_equal(send(2), ESP_LOADER_SUCCESS);
}

TEST(mailbox_is_a_byte_in_a_register)
{
    uint8_t value;
    open_link();
    f.mailbox = 0xAA;
    assert_int_equal(eli_spi_read_mailbox(&f.loader, &value), ESP_LOADER_SUCCESS);
    assert_int_equal(value, ELI_SPI_IDLE);
    assert_int_equal(eli_spi_write_mailbox(&f.loader, ELI_SPI_READY), ESP_LOADER_SUCCESS);
    assert_string_equal(f.bus, STATUS("0c") "|010c00 a5000000 /");
}

/* Once: the chip still shows it afterwards. */
static const bool was_lost[] = {false, true};

TEST_ROWS(draining_drops_a_reply_that_was_not_read, was_lost)
{
    open_link();
    f.statuses[0] = 0x8001;
    f.statuses[1] = 12 << 2;
    assert_int_equal(eli_spi_drain(&f.loader, *row), ESP_LOADER_SUCCESS);
    const char *const read = strstr(f.bus, "|040000 <2 <2 <2 <2 <2 <2 /");
    assert_non_null(read);
    assert_null(strstr(read + 1, "|04"));
}

TEST(draining_believes_old_statuses_only_when_a_transfer_was_lost)
{
    open_link();
    f.statuses[0] = 0x8000;
    assert_int_equal(eli_spi_drain(&f.loader, false), ESP_LOADER_ERROR_TIMEOUT);
    eli_port_set_deadline(&f.loader, 50);
    assert_int_equal(eli_spi_drain(&f.loader, true), ESP_LOADER_SUCCESS);
    eli_port_set_deadline(&f.loader, 50);
    assert_int_equal(send(0), ESP_LOADER_SUCCESS);
}

/* Its phase is that of the frame it works on: the next one has the other. */
TEST(draining_after_a_lost_transfer_waits_for_a_chip_that_is_busy)
{
    open_link();
    f.statuses[0] = 1;
    f.statuses[1] = 0;
    assert_int_equal(eli_spi_drain(&f.loader, true), ESP_LOADER_ERROR_TIMEOUT);
    f.statuses[0] = 0x8000;
    eli_port_set_deadline(&f.loader, 50);
    assert_int_equal(send(0), ESP_LOADER_SUCCESS);
}
