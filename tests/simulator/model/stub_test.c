/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The flasher stub of the simulated chip, byte by byte: how it starts, what it answers, when it writes, and
 * how its receiver loses and finds the frame.
 */
#include <openssl/evp.h>
#include <stdlib.h>
#include <zlib.h>

#include "host.h"

enum { TEXT = 0x40378000, DATA = 0x3FCB2DC4, ENTRY = 0x403795A8, TEXT_SIZE = 0x1800, DATA_SIZE = 264 };

static void load(esp_sim_t *sim, uint32_t addr, uint32_t size)
{
    uint8_t bytes[TEXT_SIZE] = {0};
    host_words_ok(sim, 0x05, WORDS(size, 1, TEXT_SIZE, addr));
    host_block_ok(sim, 0x07, 0, bytes, size);
}

static void load_stub(esp_sim_t *sim, uint32_t text, uint32_t data, uint32_t entry)
{
    load(sim, text, TEXT_SIZE);
    load(sim, data, DATA_SIZE);
    host_words_ok(sim, 0x06, WORDS(0, entry));
    host_expect_frame(sim, "OHAI", 4);
}

static esp_sim_t *start(const esp_sim_config_t *config)
{
    esp_sim_t *sim = host_start(config);
    load_stub(sim, TEXT, DATA, ENTRY);
    return sim;
}

#define TEST_STUB(name, time) TEST_ON(name, start, time, .accepts_any_stub = true)

static void expect(esp_sim_t *sim, uint8_t opcode, uint8_t status)
{
    const uint8_t reply[10] = {1, opcode, 2, 0, 0, 0, 0, 0, status, 0};
    host_expect_frame(sim, reply, sizeof(reply));
}

static void expect_words(esp_sim_t *sim, uint8_t opcode, uint8_t status, const uint32_t *words, size_t count)
{
    host_send_words(sim, opcode, words, count);
    expect(sim, opcode, status);
}

static void expect_block(esp_sim_t *sim, uint8_t opcode, uint8_t status, uint32_t number, const void *data,
                         size_t size)
{
    host_send_block(sim, opcode, number, data, size);
    expect(sim, opcode, status);
}

static void await_synced(esp_sim_t *sim)
{
    for (unsigned i = 0; i < 8; i++) {
        expect(sim, 0x08, 0);
    }
}

static void expect_synced(esp_sim_t *sim)
{
    host_send_sync(sim);
    await_synced(sim);
}

static void begin(esp_sim_t *sim, uint32_t offset, uint32_t size)
{
    expect_words(sim, 0x02, 0, WORDS(size, (size + 0x3FFF) / 0x4000, 0x4000, offset, 0));
}

TEST_STUB(it_greets_and_answers_sync_with_value_0, FAST)
{
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_DOWNLOAD_STUB);
    expect_synced(sim);
    host_expect_silence(sim);
}

TEST_ON(strict_mode_wants_the_published_stub, start, FAST)
{
    host_expect_misuse(sim, "the stub is not the one");
}

TEST_ON(rom_does_not_mind_which_stub_it_is, start, FAST, .as_rom = true)
{
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_DOWNLOAD_STUB);
}

TEST_ROM(other_code_is_not_taken_for_the_stub, FAST)
{
    load(sim, TEXT, TEXT_SIZE); /* there, but without its data */
    host_words_ok(sim, 0x06, WORDS(0, ENTRY));
    host_wait_us(sim, 100000);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_RAM_CODE);
}

/* Of this chip the data moved by 48 KiB between releases. */
TEST_ROM(stub_of_an_earlier_release_is_accepted_as_a_rom_does, FAST, .chip = "esp32c61", .as_rom = true)
{
    load_stub(sim, 0x40800000, 0x40816D68, 0x40801130);
}

TEST_STUB(unknown_commands_have_their_status, FAST)
{
    expect_words(sim, 0x0E, 0xC3, WORDS(0, 0));
    host_send(sim, 0xD5, 0, NULL, 0);
    expect(sim, 0xD5, 0xFF);
    expect_words(sim, 0x04, 0xC6, WORDS(1));
}

TEST_STUB(wrong_sizes_have_their_status, FAST)
{
    expect_words(sim, 0x0A, 0xC0, WORDS(0, 0));
    expect_words(sim, 0xD1, 0xC0, WORDS(0x800, 0x1000));
    host_expect_misuse(sim, "READ_REG with 8 bytes of data");
}

TEST_STUB(block_is_acknowledged_before_it_is_written, TIMED)
{
    uint8_t block[4096];
    memset(block, 0x5A, sizeof(block));
    memset(esp_sim_flash(sim), 0, 0x3000);
    begin(sim, 0, sizeof(block));
    host_wait_us(sim, 1000000); /* the first sector is erased */
    expect_block(sim, 0x03, 0, 0, block, sizeof(block));
    assert_int_not_equal(esp_sim_flash(sim)[4095], 0x5A);
    expect_words(sim, 0x04, 0, WORDS(1));
    assert_memory_equal(esp_sim_flash(sim), block, sizeof(block));
    assert_int_equal(esp_sim_flash(sim)[4096], 0);
}

TEST_STUB(blank_sectors_are_skipped_until_the_first_dirty_one, FAST)
{
    static uint8_t block[0x4000];
    esp_sim_flash(sim)[0x12000] = 0;
    begin(sim, 0x10000, sizeof(block));
    expect_block(sim, 0x03, 0, 0, block, sizeof(block));
    expect_words(sim, 0x04, 0, WORDS(1));
    assert_int_equal(esp_sim_stats(sim)->sector_erases, 2); /* the third and the fourth */
}

TEST_STUB(aligned_64_kib_are_erased_at_once, FAST)
{
    memset(esp_sim_flash(sim), 0, 0x40000);
    begin(sim, 0xF000, 0x12000);
    static uint8_t block[0x4000];
    for (uint32_t at = 0; at < 0x12000; at += sizeof(block)) {
        uint32_t left = 0x12000 - at;
        expect_block(sim, 0x03, 0, at / 0x4000, block, left < sizeof(block) ? left : sizeof(block));
    }
    expect_words(sim, 0x04, 0, WORDS(1));
    assert_int_equal(esp_sim_stats(sim)->block_erases, 1);
    assert_int_equal(esp_sim_stats(sim)->sector_erases, 2);
}

TEST_STUB(failed_write_is_the_answer_to_the_next_command, FAST)
{
    uint8_t block[1024] = {0};
    assert_true(esp_sim_add_faults(sim, "at command 1 of 3: error 0xC4", NULL, 0));
    begin(sim, 0, sizeof(block));
    expect_block(sim, 0x03, 0, 0, block, sizeof(block));
    host_send_sync(sim); /* not carried out: one answer */
    expect(sim, 0x08, 0xC4);
    host_expect_silence(sim);
    expect_synced(sim);
    expect_words(sim, 0x04, 0xC0, WORDS(1)); /* bytes are outstanding */
}

TEST_STUB(wrong_checksum_is_refused_at_once, FAST)
{
    const uint8_t block[20] = {4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4};
    begin(sim, 0, 4);
    host_send(sim, 0x03, 0xEE, block, sizeof(block));
    expect(sim, 0x03, 0xC1);
    host_expect_misuse(sim, "block checksum");
}

TEST_STUB(lone_delimiter_turns_the_receiver_over_and_another_back, FAST)
{
    host_send_raw(sim, "\xC0", 1);
    host_send_sync(sim);
    host_expect_silence(sim);
    host_send_sync(sim); /* still turned over */
    host_expect_silence(sim);
    host_send_raw(sim, "\xC0", 1);
    expect_synced(sim);
    host_send_raw(sim, "\xC0\xC0", 2); /* a pair is neutral */
    expect_synced(sim);
}

TEST_STUB(what_arrives_while_both_buffers_are_in_use_is_lost, TIMED)
{
    host_send(sim, 0xD0, 0, NULL, 0); /* busy for seconds */
    host_wait_us(sim, 10000);
    host_send_sync(sim); /* fits the other buffer */
    host_send_sync(sim); /* is lost */
    expect(sim, 0xD0, 0);
    await_synced(sim);
    host_expect_silence(sim);
    host_expect_misuse(sim, "no free buffer");
}

TEST_STUB(flash_is_read_as_acknowledged_frames_and_a_digest, FAST)
{
    uint8_t digest[16];
    for (unsigned i = 0; i < 3000; i++) {
        esp_sim_flash(sim)[0x101 + i] = (uint8_t)(i * 7);
    }
    expect_words(sim, 0xD2, 0, WORDS(0x101, 3000, 2048, 64));
    host_expect_frame(sim, esp_sim_flash(sim) + 0x101, 2048);
    host_expect_silence(sim);
    host_send_raw(sim, "\xC0\x00\x08\x00\x00\xC0", 6);
    host_expect_frame(sim, esp_sim_flash(sim) + 0x101 + 2048, 3000 - 2048);
    host_send_raw(sim, "\xC0\xB8\x0B\x00\x00\xC0", 6);
    EVP_Digest(esp_sim_flash(sim) + 0x101, 3000, digest, NULL, EVP_md5(), NULL);
    host_expect_frame(sim, digest, sizeof(digest));
}

/* It is taken when the packet is out: so it may be sent while that is on its way. */
TEST_STUB(acknowledgement_may_come_while_the_packet_arrives, TIMED)
{
    expect_words(sim, 0xD2, 0, WORDS(0, 8192, 4096, 1));
    host_wait_us(sim, 1000); /* the packet has begun */
    host_send_raw(sim, "\xC0\x00\x10\x00\x00\xC0", 6);
    host_expect_frame(sim, esp_sim_flash(sim), 4096);
    host_expect_frame(sim, esp_sim_flash(sim) + 4096, 4096);
    host_expect_silence(sim); /* until all of it is acknowledged */
    host_send_raw(sim, "\xC0\xFF\x1F\x00\x00\xC0", 6);
    host_expect_silence(sim);
    host_send_raw(sim, "\xC0\x00\x20\x00\x00\xC0", 6);
    frame_t digest;
    assert_true(host_receive(sim, &digest, 1000000));
    assert_int_equal(digest.size, 16);
}

TEST_STUB(acknowledgement_before_its_packet_stops_the_stream_for_good, TIMED)
{
    frame_t frame;
    expect_words(sim, 0xD2, 0, WORDS(0, 8192, 4096, 1));
    host_expect_frame(sim, esp_sim_flash(sim), 4096);
    host_send_raw(sim, "\xC0\x00\x10\x00\x00\xC0", 6);
    host_wait_us(sim, 1200); /* it is taken, and the stub reads */
    host_send_raw(sim, "\xC0\x00\x20\x00\x00\xC0", 6);
    host_expect_silence(sim);
    host_send_raw(sim, "\xC0\x00\x10\x00\x00\xC0", 6);
    host_expect_silence(sim);
    host_send_sync(sim); /* ends it */
    assert_true(host_receive(sim, &frame, 1000000));
    assert_int_equal(frame.size, 16);
    expect_synced(sim);
    host_expect_misuse(sim, "before packet 2 has begun");
}

TEST_STUB(acknowledgement_of_another_size_ends_the_stream, FAST)
{
    frame_t frame;
    expect_words(sim, 0xD2, 0, WORDS(0, 9000, 1024, 1));
    host_expect_frame(sim, esp_sim_flash(sim), 1024);
    host_send_sync(sim);
    assert_true(host_receive(sim, &frame, 1000000));
    assert_int_equal(frame.size, 16);
    expect_synced(sim);
}

TEST_STUB(md5_is_raw, FAST)
{
    uint8_t reply[26] = {1, 0x13, 18, 0};
    memset(esp_sim_flash(sim) + 5, 0x31, 1000);
    EVP_Digest(esp_sim_flash(sim) + 5, 1001, reply + 8, NULL, EVP_md5(), NULL);
    host_send_words(sim, 0x13, WORDS(5, 1001, 0, 0));
    host_expect_frame(sim, reply, sizeof(reply));
}

/* A chip would take hours; what it would say then is not the point. */
TEST_STUB(md5_takes_its_time_by_size, TIMED)
{
    uint64_t start_us = esp_sim_now_us(sim);
    host_send_words(sim, 0x13, WORDS(0, 0x100000, 0, 0));
    frame_t frame;
    assert_true(host_receive(sim, &frame, 10000000));
    /* 230 ms of hashing, 65,536 reads of 20 bytes at 0.2 us; 2 ms */
    assert_in_range(esp_sim_now_us(sim) - start_us, 494000, 494500);
}

TEST_STUB(a_blank_sector_is_read_in_256_transactions, TIMED)
{
    uint64_t start_us = esp_sim_now_us(sim);
    begin(sim, 0, 0x1000);
    assert_in_range(esp_sim_now_us(sim) - start_us, 1024 + 2000, 1024 + 2300); /* of 20 bytes at 0.2 us */
}

TEST_STUB(md5_of_more_than_there_is_comes_to_an_end, FAST)
{
    frame_t frame;
    host_send_words(sim, 0x13, WORDS(0, 0xFFFFFFFF, 0, 0));
    assert_true(host_receive(sim, &frame, 1000000));
    assert_int_equal(frame.size, 26);
}

TEST_STUB(compressed_data_is_inflated_and_damage_reported_late, FAST)
{
    static uint8_t data[50000];
    static uint8_t packed[1000];
    uLongf size = sizeof(packed);
    memset(data, 0x42, sizeof(data));
    assert_int_equal(compress(packed, &size, data, sizeof(data)), Z_OK);
    for (unsigned round = 0; round < 2; round++) {
        expect_words(sim, 0x10, 0, WORDS(sizeof(data), 1, 0x4000, 0x20000, 0));
        expect_block(sim, 0x11, 0, 0, packed, size);
        expect_words(sim, 0x12, round == 0 ? 0 : 0xC7, WORDS(1));
        if (round == 0) {
            assert_memory_equal(esp_sim_flash(sim) + 0x20000, data, sizeof(data));
        }
        packed[0] ^= 0xFF; /* for the second round */
    }
}

TEST_STUB(regions_and_the_whole_flash_are_erased, FAST)
{
    memset(esp_sim_flash(sim), 0, 0x30000);
    expect_words(sim, 0xD1, 0, WORDS(0xF000, 0x11000));
    assert_int_equal(esp_sim_flash(sim)[0xEFFF], 0);
    assert_int_equal(esp_sim_flash(sim)[0xF000], 0xFF);
    assert_int_equal(esp_sim_flash(sim)[0x1FFFF], 0xFF);
    assert_int_equal(esp_sim_flash(sim)[0x20000], 0);
    assert_int_equal(esp_sim_stats(sim)->block_erases, 1);
    host_send(sim, 0xD0, 0, NULL, 0);
    expect(sim, 0xD0, 0);
    assert_int_equal(esp_sim_flash(sim)[0x20000], 0xFF);
}

TEST_STUB(reset_ends_the_stub, FAST)
{
    host_usj_download(sim);
    host_skip(sim, 200000);
    host_sync(sim); /* the ROM's replies */
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_DOWNLOAD_ROM);
}
