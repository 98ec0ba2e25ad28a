/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Frames and packets over SDIO (src/link/sdio.c, sip.c), access by access: what is read and written where, in which order.
 */
#include <string.h>

#include "link/sdio.h"
#include "test.h"

enum { ACCESSES = 1200, END = 0x1F800, FRAME = 4096 };

typedef struct {
    bool is_write;
    uint32_t function, address;
    uint16_t size;
    uint8_t bytes[8]; /* that were written, the first ones */
} access_t;

/* A card that answers from its registers and notes what is done to it. */
typedef struct {
    esp_loader_port_t port;
    uint8_t common[256];  /* function 0, below 256; the CIS begins at 0x80 */
    uint32_t ready_after; /* looks at IO_READY before the function is ready */
    uint32_t slc;         /* SLCCONF1 */
    bool forgets;
    uint32_t credits;
    uint32_t credit_delay; /* looks at the credits before a packet counts */
    uint32_t interrupt_after, length;
    bool shows_next; /* another frame follows the first */
    uint8_t frame[FRAME];
    uint8_t sent[2 * FRAME]; /* what was written to the window, by its distance to the end */
    access_t accesses[ACCESSES];
    size_t count;
    size_t failing; /* number of the access that fails, from 1; 0 = none */
    uint32_t now_ms;
} card_t;

static card_t card;
static esp_loader_t loader;

static esp_loader_error_t note(bool is_write, uint32_t function, uint32_t address, const uint8_t *data,
                               uint16_t size)
{
    assert_true(card.count < ACCESSES);
    assert_in_range(size, 1, 512);
    access_t *access = &card.accesses[card.count++];
    *access = (access_t){is_write, function, address, size, {0}};
    if (is_write) {
        memcpy(access->bytes, data, size < sizeof(access->bytes) ? size : sizeof(access->bytes));
    }
    return card.count == card.failing ? ESP_LOADER_ERROR_IO : ESP_LOADER_SUCCESS;
}

static void put_word(uint8_t *out, uint32_t word)
{
    for (unsigned i = 0; i < 4; i++) {
        out[i] = (uint8_t)(word >> 8 * i);
    }
}

static esp_loader_error_t card_init(esp_loader_port_t *port)
{
    (void)port;
    return ESP_LOADER_SUCCESS;
}

static uint32_t next_word(uint32_t address)
{
    if (address == 0x44) {
        if (card.credit_delay > 0 && --card.credit_delay == 0) {
            card.credits++;
        }
        return card.credits << 16 | 0xABC;
    }
    if (address == 0x58) {
        return card.interrupt_after > 0 && --card.interrupt_after > 0 ? 0xFF7FFFFF : 1u << 23;
    }
    return address == 0x64 ? card.slc : address == 0x6C ? card.length : 0;
}

static esp_loader_error_t sdio_read(esp_loader_port_t *port, uint32_t function, uint32_t address,
                                    uint8_t *data, uint16_t size, uint32_t timeout)
{
    (void)port;
    (void)timeout;
    const esp_loader_error_t err = note(false, function, address, NULL, size);
    if (function == 0) {
        assert_int_equal(size, 1);
        if (address == 0x03 && card.ready_after > 0) {
            card.ready_after--;
            *data = 0x04;
        } else {
            *data = address < sizeof(card.common) ? card.common[address] : 0xFF;
        }
    } else if (address >= 0x1000) {
        memcpy(data, card.frame + (address - (END - card.length)), size);
        if (address + size == END && card.shows_next) {
            card.length = 4;
            card.shows_next = false;
        }
    } else {
        assert_int_equal(size, 4);
        put_word(data, next_word(address));
    }
    return err;
}

static esp_loader_error_t sdio_write(esp_loader_port_t *port, uint32_t function, uint32_t address,
                                     const uint8_t *data, uint16_t size, uint32_t timeout)
{
    (void)port;
    (void)timeout;
    const esp_loader_error_t err = note(true, function, address, data, size);
    if (function == 0) {
        card.common[address] = *data;
    } else if (address >= END - sizeof(card.sent)) {
        memcpy(card.sent + (address - (END - sizeof(card.sent))), data, size);
    } else if (address == 0x80 && data[4] == 0x1C && !card.forgets) {
        card.slc = data[0];
    }
    return err;
}

static uint32_t now_ms(esp_loader_port_t *port)
{
    (void)port;
    return card.now_ms;
}

static void delay_ms(esp_loader_port_t *port, uint32_t ms)
{
    (void)port;
    card.now_ms += ms;
}

static const esp_loader_port_ops_t OPS = {.sdio_card_init = card_init,
                                          .sdio_read = sdio_read,
                                          .sdio_write = sdio_write,
                                          .now_ms = now_ms,
                                          .delay_ms = delay_ms};

static const uint8_t CIS[] = {0x00, 0x21, 2, 0x20, 4, 0x20, 4, 0x92, 0x00, 0x0D, 0x10, 0xFF};

static void begin(void)
{
    memset(&card, 0, sizeof(card));
    card.port.ops = &OPS;
    memcpy(card.common + 0x80, CIS, sizeof(CIS));
    card.common[0x09] = 0x80;
    assert_int_equal(esp_loader_init_sdio(&loader, &card.port), ESP_LOADER_SUCCESS);
    memset(&loader._buffers.sdio, 0, sizeof(loader._buffers.sdio));
    eli_port_set_deadline(&loader, 100);
}

#define TEST_LINK(name) TEST_GIVEN(name, void, (begin(), case_##name()))

static void expect_access(size_t number, bool is_write, uint32_t function, uint32_t address, uint16_t size)
{
    assert_true(number < card.count);
    const access_t *access = &card.accesses[number];
    if (access->is_write != is_write || access->function != function || access->address != address ||
        access->size != size) {
        fail_msg("access %zu: %s of %u bytes at 0x%05X of function %u", number,
                 access->is_write ? "write" : "read", access->size, (unsigned)access->address,
                 (unsigned)access->function);
    }
}

static void expect_word(size_t number, size_t at, uint32_t word)
{
    uint8_t bytes[4];
    put_word(bytes, word);
    assert_memory_equal(card.accesses[number].bytes + at, bytes, sizeof(bytes));
}

/* The last bytes that were written to the window. */
static const uint8_t *sent(size_t size)
{
    return card.sent + sizeof(card.sent) - size;
}

/* ---- the card ---- */

TEST_LINK(function_1_is_enabled_beside_others_and_waited_for)
{
    eli_sdio_id_t id;
    card.common[0x02] = 0x08;
    card.common[0x03] = 0x02;
    card.ready_after = 3;
    assert_int_equal(eli_sdio_open(&loader, &id), ESP_LOADER_SUCCESS);
    expect_access(0, false, 0, 0x02, 1);
    expect_access(1, true, 0, 0x02, 1);
    assert_int_equal(card.common[0x02], 0x0A);
    for (size_t i = 2; i < 6; i++) {
        expect_access(i, false, 0, 0x03, 1);
    }
}

TEST_LINK(ids_are_found_after_fillers_and_other_tuples)
{
    eli_sdio_id_t id;
    card.common[0x03] = 0x02;
    assert_int_equal(eli_sdio_open(&loader, &id), ESP_LOADER_SUCCESS);
    assert_int_equal(id.vendor, ELI_SDIO_VENDOR);
    assert_int_equal(id.device, 0x100D);
}

TEST_LINK(a_chain_without_ids_ends)
{
    eli_sdio_id_t id;
    card.common[0x03] = 0x02;
    memset(card.common + 0x80, 0xFF, sizeof(CIS));
    assert_int_equal(eli_sdio_open(&loader, &id), ESP_LOADER_ERROR_INVALID_RESPONSE);
    memset(card.common + 0x80, 0, 128); /* nothing but fillers, then the end */
    assert_int_equal(eli_sdio_open(&loader, &id), ESP_LOADER_ERROR_INVALID_RESPONSE);
    memset(card.common + 0x80, 0x11, 128); /* long tuples */
    card.common[0x0A] = 0xFF;
    card.common[0x0B] = 0xFF;
    assert_int_equal(eli_sdio_open(&loader, &id), ESP_LOADER_ERROR_INVALID_RESPONSE);
}

TEST_LINK(a_function_that_does_not_become_ready_is_a_timeout)
{
    eli_sdio_id_t id;
    assert_int_equal(eli_sdio_open(&loader, &id), ESP_LOADER_ERROR_TIMEOUT);
    assert_in_range(card.now_ms, 100, 101);
}

TEST_LINK(the_link_is_set_up_register_by_register)
{
    card.slc = 0x10;
    card.credits = 7;
    assert_int_equal(eli_sdio_prepare(&loader), ESP_LOADER_SUCCESS);
    expect_access(0, true, 1, 0x84, 4); /* which register to read */
    expect_word(0, 0, 0x801C);
    expect_access(1, false, 1, 0x64, 4);
    expect_access(2, true, 1, 0x80, 8);
    expect_word(2, 0, 0x70);
    expect_word(2, 4, 0xC01C);
    expect_word(3, 0, 0x801C); /* is it there? */
    expect_word(5, 0, 0x803D);
    expect_access(7, true, 1, 0x80, 8);
    expect_word(7, 0, 0x01000070);
    expect_word(7, 4, 0xC03D);
    expect_access(8, false, 1, 0x44, 4);
    assert_int_equal(loader._buffers.sdio._credits, 7);
}

TEST_LINK(a_register_that_keeps_nothing_is_noticed)
{
    card.forgets = true;
    assert_int_equal(eli_sdio_prepare(&loader), ESP_LOADER_ERROR_INVALID_RESPONSE);
}

/* ---- frames ---- */

TEST_LINK(a_frame_ends_where_the_window_does)
{
    static const uint8_t head[] = {1, 2, 3}, tail[] = {4, 5, 6, 7};
    eli_sdio_begin(&loader, 9);
    eli_sdio_put(&loader, head, sizeof(head));
    eli_sdio_put(&loader, tail, sizeof(tail));
    eli_sdio_put_fill(&loader, 0xFF, 2);
    assert_int_equal(eli_sdio_end(&loader), ESP_LOADER_SUCCESS);
    assert_int_equal(card.count, 1);
    expect_access(0, true, 1, END - 9, 9);
    assert_memory_equal(sent(9), "\1\2\3\4\5\6\7\xFF\xFF", 9);
}

/* The last @p size bytes before the end of the window, from the access of this number on; returns the next number. */
static size_t expect_pieces(size_t number, bool is_write, uint32_t size)
{
    const uint32_t piece = ESP_LOADER_TX_BUFFER_SIZE < 512 ? ESP_LOADER_TX_BUFFER_SIZE & ~3u : 512;

    for (; size > 0; number++) {
        const uint32_t now = size < piece ? size : piece;
        expect_access(number, is_write, 1, END - size, (uint16_t)now);
        size -= now;
    }
    return number;
}

TEST_LINK(a_long_frame_is_written_in_pieces_at_ascending_addresses)
{
    static uint8_t data[1300];
    for (size_t i = 0; i < sizeof(data); i++) {
        data[i] = (uint8_t)(i * 7);
    }
    eli_sdio_begin(&loader, sizeof(data));
    eli_sdio_put(&loader, data, 100);
    eli_sdio_put(&loader, data + 100, sizeof(data) - 100);
    assert_int_equal(eli_sdio_end(&loader), ESP_LOADER_SUCCESS);
    assert_int_equal(expect_pieces(0, true, sizeof(data)), card.count);
    assert_memory_equal(sent(sizeof(data)), data, sizeof(data));
}

TEST_LINK(the_first_error_of_a_frame_ends_it)
{
    static const uint8_t data[2000];
    card.failing = 2;
    eli_sdio_begin(&loader, sizeof(data));
    eli_sdio_put(&loader, data, sizeof(data));
    assert_int_equal(eli_sdio_end(&loader), ESP_LOADER_ERROR_IO);
    assert_int_equal(card.count, 2);
}

TEST_LINK(room_is_counted_in_units_of_512_bytes)
{
    card.credits = 2;
    assert_int_equal(eli_sdio_await_room(&loader, 1024), ESP_LOADER_SUCCESS);
    assert_int_equal(eli_sdio_await_room(&loader, 1025), ESP_LOADER_ERROR_TIMEOUT);
}

TEST_LINK(the_interrupt_is_cleared_before_the_frame_is_read)
{
    uint8_t buf[FRAME];
    size_t size;
    card.interrupt_after = 2;
    card.length = 700;
    for (size_t i = 0; i < 700; i++) {
        card.frame[i] = (uint8_t)(i * 3);
    }
    assert_int_equal(eli_sdio_receive(&loader, buf, sizeof(buf), &size), ESP_LOADER_SUCCESS);
    assert_int_equal(size, 700);
    assert_memory_equal(buf, card.frame, 700);
    expect_access(0, false, 1, 0x58, 4);
    expect_access(1, false, 1, 0x58, 4);
    expect_access(2, true, 1, 0xD4, 4);
    expect_word(2, 0, 1u << 23);
    expect_access(3, false, 1, 0x6C, 4);
    assert_int_equal(expect_pieces(4, false, 700), card.count);
}

TEST_LINK(a_frame_that_is_too_long_is_read_and_skipped)
{
    uint8_t buf[16];
    size_t size;
    card.length = 700;
    card.shows_next = true;
    assert_int_equal(eli_sdio_receive(&loader, buf, sizeof(buf), &size), ESP_LOADER_SUCCESS);
    assert_int_equal(size, 4);
}

TEST_LINK(an_impossible_length_is_an_error)
{
    uint8_t buf[16];
    size_t size;
    assert_int_equal(eli_sdio_receive(&loader, buf, sizeof(buf), &size), ESP_LOADER_ERROR_INVALID_RESPONSE);
    card.length = 0x4000;
    assert_int_equal(eli_sdio_receive(&loader, buf, sizeof(buf), &size), ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(size, 0);
}

TEST_LINK(waiting_takes_no_longer_than_the_deadline)
{
    uint8_t buf[16];
    size_t size;
    card.interrupt_after = UINT32_MAX;
    assert_int_equal(eli_sdio_receive(&loader, buf, sizeof(buf), &size), ESP_LOADER_ERROR_TIMEOUT);
    assert_in_range(card.now_ms, 100, 101);
}

/* ---- packets ---- */

TEST_LINK(memory_is_written_in_packets_that_are_confirmed_one_by_one)
{
    static uint8_t data[300];
    memset(data, 0x77, sizeof(data));
    card.credits = 0xFFF; /* the count wraps */
    loader._buffers.sdio._credits = 0xFFF;
    card.credits = 0;
    assert_int_equal(eli_sip_write(&loader, 0x40800000, data, 5), ESP_LOADER_SUCCESS);
    static const uint8_t packet[] = {0,    0,    28, 0, 1, 0, 0,    0,    0,    0,    0,    0, 0, 0,
                                     0x80, 0x40, 5,  0, 0, 0, 0x77, 0x77, 0x77, 0x77, 0x77, 0, 0, 0};
    assert_memory_equal(sent(28), packet, sizeof(packet));
    assert_int_equal(card.accesses[0].address, END - 28);
    assert_int_equal(loader._buffers.sdio._credits, 0);
}

TEST_LINK(the_next_packet_waits_for_the_credit_of_the_one_before)
{
    static const uint8_t data[300];
    card.credit_delay = 3;
    assert_int_equal(eli_sip_write(&loader, 0x40800000, data, sizeof(data)), ESP_LOADER_ERROR_TIMEOUT);
    const size_t next = expect_pieces(0, true, 256);
    expect_access(next, false, 1, 0x44, 4);
    expect_access(next + 2, false, 1, 0x44, 4);
    expect_pieces(next + 3, true, 84); /* 64 bytes are left, and nobody confirms them */
    assert_int_equal(sent(84)[8], 1);  /* their number */
}

TEST_LINK(a_packet_that_is_not_taken_is_a_timeout_and_the_last)
{
    static const uint8_t data[300];
    assert_int_equal(eli_sip_write(&loader, 0x40800000, data, sizeof(data)), ESP_LOADER_ERROR_TIMEOUT);
    size_t writes = 0;
    for (size_t i = 0; i < card.count; i++) {
        writes += card.accesses[i].is_write;
    }
    assert_int_equal(writes, expect_pieces(0, true, 256));
}

TEST_LINK(registers_and_the_jump_have_no_number)
{
    card.credit_delay = 1;
    assert_int_equal(eli_sip_write_register(&loader, 0x600B1034, 0x12345678), ESP_LOADER_SUCCESS);
    static const uint8_t packet[] = {0, 4, 20,   0,    3,    0,    0,    0,    0,    0,
                                     0, 0, 0x34, 0x10, 0x0B, 0x60, 0x78, 0x56, 0x34, 0x12};
    assert_memory_equal(sent(20), packet, sizeof(packet));
    const size_t before = card.count;
    assert_int_equal(eli_sip_boot(&loader, 0x4080127C), ESP_LOADER_SUCCESS);
    static const uint8_t boot[] = {0, 4, 20, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0x7C, 0x12, 0x80, 0x40, 1, 0, 0, 0};
    assert_memory_equal(sent(20), boot, sizeof(boot));
    assert_int_equal(card.count, before + 1); /* it gives no credit */
}
