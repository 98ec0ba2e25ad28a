/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The simulated chip as an SDIO card, register by register: how it is set up, what the ROM takes, how the stub's frames
 * come and go.
 */
#include "host.h"

enum { END = 0x1F800, TOKENS = 0x44, STATUS = 0x58, LENGTH = 0x6C, CLEAR = 0xD4, NEW_PACKET = 1 << 23 };
enum { TEXT = 0x40800000, DATA = 0x40852F0C, ENTRY = 0x4080127C, OTHER = 0x40810000 };
enum { WRITE_MEMORY = 1, WRITE_REG = 3, BOOTUP = 5, LATEST = 100 };

static void expect_write(esp_sim_t *sim, uint32_t function, uint32_t address, const void *data, size_t size)
{
    assert_int_equal(esp_sim_sdio_write(sim, function, address, data, size), ESP_SIM_SDIO_DONE);
}

static void write_byte(esp_sim_t *sim, uint32_t address, uint8_t value)
{
    expect_write(sim, 0, address, &value, 1);
}

static uint8_t read_byte(esp_sim_t *sim, uint32_t address)
{
    uint8_t value = 0xA5;
    assert_int_equal(esp_sim_sdio_read(sim, 0, address, &value, 1), ESP_SIM_SDIO_DONE);
    return value;
}

static void write_word(esp_sim_t *sim, uint32_t address, uint32_t value)
{
    uint8_t bytes[4];
    put32(bytes, value);
    expect_write(sim, 1, address, bytes, sizeof(bytes));
}

static uint32_t read_word(esp_sim_t *sim, uint32_t address)
{
    uint8_t bytes[4];
    assert_int_equal(esp_sim_sdio_read(sim, 1, address, bytes, sizeof(bytes)), ESP_SIM_SDIO_DONE);
    return get32(bytes);
}

static uint32_t credits(esp_sim_t *sim)
{
    return read_word(sim, TOKENS) >> 16;
}

/* Writes a register of the SLC. */
static void write_slc(esp_sim_t *sim, uint32_t offset, uint32_t value)
{
    uint8_t bytes[8] = {0};
    put32(bytes, value);
    bytes[4] = (uint8_t)(offset / 4);
    bytes[5] = 0xC0;
    expect_write(sim, 1, 0x80, bytes, sizeof(bytes));
}

static uint32_t read_slc(esp_sim_t *sim, uint32_t offset)
{
    const uint8_t command[4] = {(uint8_t)(offset / 4), 0x80};
    expect_write(sim, 1, 0x84, command, sizeof(command));
    return read_word(sim, 0x64);
}

static void enable_function(esp_sim_t *sim)
{
    write_byte(sim, 0x02, 0x02);
    for (unsigned i = 0; (read_byte(sim, 0x03) & 0x02) == 0; i++) {
        assert_in_range(i, 0, LATEST);
        host_wait_us(sim, 1000);
    }
}

/* In download mode, nothing asked of the card yet. */
static esp_sim_t *power(const esp_sim_config_t *config)
{
    esp_sim_config_t all = *config;
    all.wiring = ESP_SIM_WIRING_SDIO;
    all.chip = all.chip != NULL ? all.chip : "esp32c6";
    all.start_in_download = true;
    esp_sim_t *sim = host_new(&all);
    host_wait_us(sim, 500000);
    return sim;
}

static void set_up(esp_sim_t *sim)
{
    write_slc(sim, 0x70, 0x60);
    write_slc(sim, 0xF4, 1u << 24);
}

static esp_sim_t *start(const esp_sim_config_t *config)
{
    esp_sim_t *sim = power(config);
    assert_int_equal(esp_sim_sdio_init(sim), ESP_SIM_SDIO_DONE);
    enable_function(sim);
    set_up(sim);
    return sim;
}

/* What follows the name are members of the chip's config. */
#define CASE(start, ...)            CASE_WITH(start, __VA_ARGS__, .timing = ESP_SIM_TIMING_FAST)
#define CASE_WITH(start, name, ...) TEST_ON(name, start, .accepts_any_stub = true, __VA_ARGS__)
#define TEST_POWER(...)             CASE(power, __VA_ARGS__)
#define TEST_SDIO(...)              CASE(start, __VA_ARGS__)

/* In pieces of at most 512 bytes, as a host's controller does. */
static void send_frame(esp_sim_t *sim, const uint8_t *frame, size_t size)
{
    for (size_t done = 0; done < size;) {
        size_t piece = size - done < 512 ? size - done : 512;
        expect_write(sim, 1, (uint32_t)(END - size + done), frame + done, piece);
        done += piece;
    }
}

static void send_packet(esp_sim_t *sim, uint8_t flags, uint32_t command, uint32_t number,
                        const uint32_t *words, size_t count)
{
    uint8_t packet[300] = {0, flags, (uint8_t)(12 + 4 * count), (uint8_t)((12 + 4 * count) >> 8)};
    put32(packet + 4, command);
    put32(packet + 8, number);
    for (size_t i = 0; i < count; i++) {
        put32(packet + 12 + 4 * i, words[i]);
    }
    send_frame(sim, packet, 12 + 4 * count);
}

static void await_interrupt(esp_sim_t *sim)
{
    for (unsigned i = 0; (read_word(sim, STATUS) & NEW_PACKET) == 0; i++) {
        assert_in_range(i, 0, LATEST);
        host_wait_us(sim, 1000);
    }
    write_word(sim, CLEAR, NEW_PACKET);
}

static void expect_frame(esp_sim_t *sim, const void *bytes, size_t size)
{
    uint8_t frame[512];
    await_interrupt(sim);
    assert_int_equal(read_word(sim, LENGTH), size);
    assert_int_equal(esp_sim_sdio_read(sim, 1, (uint32_t)(END - size), frame, size), ESP_SIM_SDIO_DONE);
    assert_memory_equal(frame, bytes, size);
}

static void load_stub(esp_sim_t *sim)
{
    send_packet(sim, 0, WRITE_MEMORY, 0, WORDS(TEXT, 4, 0));
    send_packet(sim, 0, WRITE_MEMORY, 1, WORDS(TEXT + 4, 4, 0));
    send_packet(sim, 0, WRITE_MEMORY, 2, WORDS(DATA, 4, 0));
    send_packet(sim, 4, BOOTUP, 0, WORDS(TEXT, 1));
}

static esp_sim_t *start_stub(const esp_sim_config_t *config)
{
    esp_sim_t *sim = start(config);
    load_stub(sim);
    expect_frame(sim, "OHAI", 4);
    return sim;
}

#define TEST_STUB(...) CASE(start_stub, __VA_ARGS__)

static void send_sync(esp_sim_t *sim)
{
    uint8_t frame[44] = {0, 0x08, 36, 0, 0, 0, 0, 0, 0x07, 0x07, 0x12, 0x20};
    memset(frame + 12, 0x55, 32);
    send_frame(sim, frame, sizeof(frame));
}

static const uint8_t SYNCED[10] = {1, 0x08, 2};

/* ---- the card ---- */

TEST_POWER(nothing_answers_before_the_card_is_selected)
{
    uint8_t byte;
    assert_int_equal(esp_sim_sdio_read(sim, 0, 0, &byte, 1), ESP_SIM_SDIO_NO_ANSWER);
}

TEST_POWER(card_is_gone_after_a_reset)
{
    uint8_t byte;
    assert_int_equal(esp_sim_sdio_init(sim), ESP_SIM_SDIO_DONE);
    esp_sim_reset_button(sim, true);
    assert_int_equal(esp_sim_sdio_init(sim), ESP_SIM_SDIO_NO_ANSWER);
    host_wait_us(sim, 500000);
    assert_int_equal(esp_sim_sdio_read(sim, 0, 0, &byte, 1), ESP_SIM_SDIO_NO_ANSWER);
    assert_int_equal(esp_sim_sdio_init(sim), ESP_SIM_SDIO_DONE);
}

TEST_POWER(an_application_serves_no_card)
{
    esp_sim_reset_button(sim, false);
    host_wait_us(sim, 500000);
    assert_int_equal(esp_sim_sdio_init(sim), ESP_SIM_SDIO_NO_ANSWER);
}

TEST_POWER(secure_download_mode_serves_no_card, .is_secure_download = true)
{
    assert_int_equal(esp_sim_sdio_init(sim), ESP_SIM_SDIO_NO_ANSWER);
}

TEST_POWER(function_is_refused_until_it_is_enabled)
{
    uint8_t bytes[4];
    assert_int_equal(esp_sim_sdio_init(sim), ESP_SIM_SDIO_DONE);
    assert_int_equal(esp_sim_sdio_read(sim, 1, TOKENS, bytes, 4), ESP_SIM_SDIO_REFUSED);
    host_expect_misuse(sim, "4 bytes at 0x00044 of function 1");
}

TEST_POWER(function_takes_time_to_become_ready, .faults = "sdio ready 20 ms")
{
    assert_int_equal(esp_sim_sdio_init(sim), ESP_SIM_SDIO_DONE);
    write_byte(sim, 0x02, 0x02);
    assert_int_equal(read_byte(sim, 0x03), 0);
    host_wait_us(sim, 20000);
    assert_int_equal(read_byte(sim, 0x03), 2);
}

TEST_SDIO(cis_has_vendor_and_device)
{
    const uint8_t tuples[] = {0x21, 2, 0x0C, 0, 0x20, 4, 0x92, 0x00, 0x0D, 0x10, 0xFF};
    uint32_t at =
        read_byte(sim, 0x09) | (uint32_t)read_byte(sim, 0x0A) << 8 | (uint32_t)read_byte(sim, 0x0B) << 16;
    for (size_t i = 0; i < sizeof(tuples); i++) {
        assert_int_equal(read_byte(sim, at + (uint32_t)i), tuples[i]);
    }
}

TEST_SDIO(a_transaction_has_at_most_512_bytes)
{
    uint8_t bytes[513] = {0};
    assert_int_equal(esp_sim_sdio_write(sim, 1, END - 513, bytes, 513), ESP_SIM_SDIO_REFUSED);
    host_expect_misuse(sim, "513 bytes");
}

TEST(chips_without_sdio_download_do_not_have_the_wiring)
{
    host_expect_no_chip(&(esp_sim_config_t){.chip = "esp32c3", .wiring = ESP_SIM_WIRING_SDIO},
                        "the ROM of ESP32-C3 serves no SDIO download: choose another wiring");
}

/* ---- setting up ---- */

TEST_SDIO(registers_of_the_slc_keep_what_is_written)
{
    assert_int_equal(read_slc(sim, 0x70), 0x60);
    assert_int_equal(read_slc(sim, 0xF4), 0); /* its bit clears itself */
}

TEST_POWER(packets_before_the_set_up_are_lost)
{
    assert_int_equal(esp_sim_sdio_init(sim), ESP_SIM_SDIO_DONE);
    enable_function(sim);
    send_packet(sim, 0, WRITE_MEMORY, 0, WORDS(OTHER, 4, 1));
    host_expect_misuse(sim, "before the link was set up");
    assert_int_equal(esp_sim_peek(sim, OTHER), 0);
}

/* ---- what the ROM takes ---- */

TEST_SDIO(each_packet_that_was_taken_gives_a_credit)
{
    assert_int_equal(credits(sim), 0);
    send_packet(sim, 0, WRITE_MEMORY, 0, WORDS(OTHER, 8, 0x11223344, 0x55667788));
    assert_int_equal(credits(sim), 1);
    assert_int_equal(esp_sim_peek(sim, OTHER + 4), 0x55667788);
    send_packet(sim, 4, WRITE_REG, 0, WORDS(OTHER + 8, 0xABCD));
    assert_int_equal(credits(sim), 2);
    assert_int_equal(esp_sim_peek(sim, OTHER + 8), 0xABCD);
}

TEST_ON(a_packet_without_a_credit_is_lost, start, TIMED)
{
    send_packet(sim, 0, WRITE_MEMORY, 0, WORDS(OTHER, 4, 1));
    send_packet(sim, 0, WRITE_MEMORY, 1, WORDS(OTHER + 4, 4, 2));
    host_wait_us(sim, 1000);
    host_expect_misuse(sim, "no free buffer");
    assert_int_equal(credits(sim), 1);
    assert_int_equal(esp_sim_peek(sim, OTHER + 4), 0);
}

TEST_SDIO(strict_mode_counts_packets)
{
    send_packet(sim, 0, WRITE_MEMORY, 1, WORDS(OTHER, 4, 1));
    host_expect_misuse(sim, "SIP packet 1, expected 0");
    assert_int_equal(esp_sim_peek(sim, OTHER), 1); /* the ROM does not look */
}

TEST_SDIO(a_packet_has_one_buffer)
{
    uint32_t words[68] = {OTHER, 260};
    send_packet(sim, 0, WRITE_MEMORY, 0, words, 68);
    host_expect_misuse(sim, "the ROM's buffer has 268");
    assert_int_equal(credits(sim), 0);
}

TEST_SDIO(writing_where_there_is_no_ram_stops_the_rom)
{
    send_packet(sim, 0, WRITE_MEMORY, 0, WORDS(0x10000000, 4, 1));
    host_expect_misuse(sim, "WRITE_MEMORY of 4 bytes to 0x10000000");
    assert_int_equal(credits(sim), 0);
}

TEST_SDIO(nothing_is_booted_before_memory_was_written)
{
    send_packet(sim, 4, BOOTUP, 0, WORDS(OTHER, 1));
    host_expect_misuse(sim, "BOOTUP without WRITE_MEMORY");
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_DOWNLOAD_ROM);
}

TEST_SDIO(other_code_is_started)
{
    send_packet(sim, 0, WRITE_MEMORY, 0, WORDS(OTHER, 4, 1));
    send_packet(sim, 4, BOOTUP, 0, WORDS(OTHER, 1));
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_RAM_CODE);
}

TEST_SDIO(memory_is_written_byte_by_byte)
{
    send_packet(sim, 0, WRITE_MEMORY, 0, WORDS(OTHER, 4, 0x55555555));
    send_packet(sim, 0, WRITE_MEMORY, 1, WORDS(OTHER, 3, 0x44332211));
    assert_int_equal(esp_sim_peek(sim, OTHER), 0x55332211);
}

TEST_SDIO(a_frame_may_come_in_pieces_of_any_size)
{
    uint8_t packet[24] = {0, 0, 24, 0, WRITE_MEMORY};
    put32(packet + 12, OTHER);
    put32(packet + 16, 4);
    put32(packet + 20, 0x12345678);
    expect_write(sim, 1, END - 24, packet, 21);
    expect_write(sim, 1, END - 3, packet + 21, 3);
    assert_int_equal(esp_sim_peek(sim, OTHER), 0x12345678);
}

TEST_SDIO(a_frame_goes_on_where_it_stopped)
{
    uint8_t packet[24] = {0};
    expect_write(sim, 1, END - 24, packet, 12);
    expect_write(sim, 1, END - 8, packet, 4);
    host_expect_misuse(sim, "within a frame that goes on elsewhere");
}

/* ---- the stub ---- */

TEST_STUB(stub_shows_32_credits_whatever_it_does)
{
    assert_int_equal(credits(sim), 32);
    send_sync(sim);
    assert_int_equal(credits(sim), 32);
    for (unsigned i = 0; i < 8; i++) {
        expect_frame(sim, SYNCED, sizeof(SYNCED));
    }
    assert_int_equal(read_word(sim, STATUS), 0);
}

TEST_STUB(an_interrupt_that_is_cleared_late_hides_the_next_frame)
{
    uint8_t frame[10];
    send_sync(sim);
    host_wait_us(sim, 1000);
    assert_int_equal(read_word(sim, STATUS), NEW_PACKET);
    assert_int_equal(esp_sim_sdio_read(sim, 1, END - 10, frame, 10), ESP_SIM_SDIO_DONE);
    host_wait_us(sim, 1000);
    write_word(sim, CLEAR, NEW_PACKET);
    assert_int_equal(read_word(sim, STATUS), 0);
    assert_int_equal(read_word(sim, LENGTH), 10);
}

TEST_STUB(a_frame_that_is_not_taken_is_dropped_after_a_second)
{
    send_sync(sim);
    host_wait_us(sim, 7500000);
    assert_int_equal(read_word(sim, LENGTH), 10);
    host_wait_us(sim, 1000000);
    assert_int_equal(read_word(sim, LENGTH), 0);
}

TEST_STUB(nothing_comes_after_a_frame_that_was_taken)
{
    host_wait_us(sim, 2000000);
    assert_int_equal(read_word(sim, STATUS), 0);
}

TEST_STUB(reading_where_no_frame_is_gives_zeros)
{
    uint8_t bytes[4] = {1, 2, 3, 4};
    assert_int_equal(esp_sim_sdio_read(sim, 1, END - 4, bytes, 4), ESP_SIM_SDIO_DONE);
    assert_int_equal(get32(bytes), 0);
    host_expect_misuse(sim, "where no frame goes on");
}

TEST_STUB(frames_beyond_32_credits_are_lost)
{
    uint8_t byte = 0;
    expect_write(sim, 1, END - 16388, &byte, 1);
    host_expect_misuse(sim, "no room for more than 16384");
}

TEST_SDIO(stub_without_an_sdio_transport_is_silent, .chip = "esp32c61")
{
    send_packet(sim, 0, WRITE_MEMORY, 0, WORDS(TEXT, 4, 0));
    send_packet(sim, 0, WRITE_MEMORY, 1, WORDS(0x40822D68, 4, 0));
    send_packet(sim, 4, BOOTUP, 0, WORDS(TEXT, 1));
    host_wait_us(sim, 1000000);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_DOWNLOAD_STUB);
    assert_int_equal(read_word(sim, STATUS), 0);
}

TEST_SDIO(stub_of_the_c5_wants_a_rom_that_it_knows, .chip = "esp32c5", .chip_revision = 1)
{
    load_stub(sim);
    host_wait_us(sim, 1000000);
    assert_int_equal(read_word(sim, STATUS), 0);
}

/* ---- faults ---- */

TEST_SDIO(a_lost_transaction_has_no_answer)
{
    char error[100];
    uint8_t bytes[4] = {0};
    assert_true(
        esp_sim_add_faults(sim, "at transfer 1 out: drop; at transfer 2 out: corrupt", error, sizeof(error)));
    assert_int_equal(esp_sim_sdio_write(sim, 1, CLEAR, bytes, 4), ESP_SIM_SDIO_NO_ANSWER);
    assert_int_equal(esp_sim_sdio_write(sim, 1, CLEAR, bytes, 4), ESP_SIM_SDIO_CRC);
    assert_int_equal(esp_sim_sdio_write(sim, 1, CLEAR, bytes, 4), ESP_SIM_SDIO_DONE);
}

TEST_POWER(a_card_may_be_absent, .faults = "sdio absent")
{
    assert_int_equal(esp_sim_sdio_init(sim), ESP_SIM_SDIO_NO_ANSWER);
}

TEST_SDIO(a_card_may_be_another, .faults = "sdio fillers 3; sdio vendor 0x1234; sdio device 0x5678")
{
    const uint8_t tuples[] = {0, 0, 0, 0x21, 2, 0x0C, 0, 0x20, 4, 0x34, 0x12, 0x78, 0x56, 0xFF};
    for (size_t i = 0; i < sizeof(tuples); i++) {
        assert_int_equal(read_byte(sim, 0x1000 + (uint32_t)i), tuples[i]);
    }
}

TEST_SDIO(a_card_may_forget_or_show_nothing, .faults = "sdio setup lost; sdio no credits; sdio length 20000")
{
    assert_int_equal(read_slc(sim, 0x70), 0);
    assert_int_equal(credits(sim), 0);
    assert_int_equal(read_word(sim, LENGTH), 20000);
}
