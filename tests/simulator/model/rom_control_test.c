/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * ROM commands about the connection and the chip, byte for byte.
 */
#include "host.h"

TEST_NEW(sync_is_answered_eight_times_with_a_value, FAST, .start_in_download = true)
{
    host_skip(sim, 1000);
    uint8_t frame[] = "\xC0\x00\x08\x24\x00\x00\x00\x00\x00\x07\x07\x12\x20"
                      "UUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUU\xC0";
    assert_int_equal(host_send_raw(sim, frame, sizeof(frame) - 1), 46);
    uint8_t replies[200];
    assert_int_equal(host_drain(sim, replies, sizeof(replies), 1000), 8 * 14);
    static const uint8_t REPLY[] = {0xC0, 1, 8, 4, 0, 7, 7, 0x12, 0x20, 0, 0, 0, 0, 0xC0};
    for (size_t i = 0; i < 8; i++) {
        assert_memory_equal(replies + 14 * i, REPLY, sizeof(REPLY));
    }
    assert_int_equal(esp_sim_stats(sim)->commands, 1);
}

TEST_ROM(reply_takes_drain_turnaround_and_flush, TIMED)
{
    uint64_t start_us = esp_sim_now_us(sim);
    host_read_reg(sim, 0x40001000);
    /* A transfer begins, 14 bytes accepted at 2.5 us each, 1 ms turnaround, 1 ms until the short packet is fetched */
    assert_int_equal(esp_sim_now_us(sim) - start_us, 125 + 35 + 1000 + 1000);
}

TEST_ROM(read_reg_returns_identity, FAST, .mac = {0x7C, 0xDF, 0xA1, 0x01, 0x02, 0x03}, .chip_revision = 102)
{
    host_send_words(sim, 0x0A, WORDS(0x60007044));
    static const uint8_t LOW[] = {1, 0x0A, 4, 0, 0x03, 0x02, 0x01, 0xA1, 0, 0, 0, 0};
    host_expect_frame(sim, LOW, sizeof(LOW));
    assert_int_equal(host_read_reg(sim, 0x60007048), 0x7CDF);
    assert_int_equal(host_read_reg(sim, 0x40001000), 0x00000009);
    assert_int_equal(host_read_reg(sim, 0x60007050) >> 18 & 7, 2); /* minor revision */
    assert_int_equal(host_read_reg(sim, 0x60007058) >> 24 & 3, 1); /* major revision */
    assert_int_equal(host_read_reg(sim, 0x3FCEF14C) & 0xFF, 4);    /* port in use: USB-Serial/JTAG */
    assert_int_equal(host_read_reg(sim, 0x60004038), 0x8);         /* strap: boot pin high */
}

TEST_ROM(write_reg_obeys_its_mask_and_delay, FAST)
{
    host_write_reg(sim, 0x60008000, 0x12345678);
    uint64_t start_us = esp_sim_now_us(sim);
    host_words_ok(sim, 0x09, WORDS(0x60008000, 0xFFFFFFFF, 0x0000FF00, 250));
    assert_int_equal(esp_sim_now_us(sim) - start_us, 250);
    assert_int_equal(host_read_reg(sim, 0x60008000), 0x1234FF78);
    assert_int_equal(esp_sim_peek(sim, 0x60008000), 0x1234FF78);
}

TEST(security_info_has_chip_id_and_flags)
{
    for (unsigned secure = 0; secure < 2; secure++) {
        esp_sim_config_t config = {.timing = ESP_SIM_TIMING_FAST, .is_secure_download = secure == 1};
        esp_sim_t *sim = host_start(&config);
        host_send(sim, 0x14, 0, NULL, 0);
        uint8_t reply[8 + 20 + 4] = {1, 0x14, 24, 0};
        reply[8] = secure == 1 ? 4 : 0;
        reply[20] = 9;
        host_expect_frame(sim, reply, sizeof(reply));
        host_end(sim);
    }
}

static void expect_unsupported(esp_sim_t *sim)
{
    uint8_t replies[200];
    assert_int_equal(host_drain(sim, replies, sizeof(replies), 1000), 112);
    static const uint8_t REPLY[] = {0xC0, 1, 0, 4, 0, 0, 0, 0, 0, 1, 5, 0, 0, 0xC0};
    for (size_t i = 0; i < 8; i++) {
        assert_memory_equal(replies + 14 * i, REPLY, sizeof(REPLY));
    }
}

TEST_ROM(unknown_opcode_is_answered_eight_times_under_another_opcode, FAST)
{
    static const uint8_t UNKNOWN[] = {0x00, 0x01, 0x0C, 0x15, 0x1F, 0x20, 0xD0, 0xD2, 0xFF};
    for (size_t i = 0; i < sizeof(UNKNOWN); i++) {
        host_send_words(sim, UNKNOWN[i], WORDS(0));
        expect_unsupported(sim);
    }
}

TEST_ROM(secure_download_mode_serves_its_reduced_set_only, FAST, .is_secure_download = true)
{
    static const uint8_t FORBIDDEN[] = {0x05, 0x06, 0x07, 0x09, 0x0A, 0x0E, 0x10, 0x11, 0x12, 0x13};
    for (size_t i = 0; i < sizeof(FORBIDDEN); i++) {
        host_send_words(sim, FORBIDDEN[i], WORDS(0));
        expect_unsupported(sim);
    }
    host_attach_flash(sim);
    uint8_t data[1024];
    memset(data, 0x5A, sizeof(data));
    host_flash_write(sim, 0x1000, data, sizeof(data));
    assert_memory_equal(esp_sim_flash(sim) + 0x1000, data, sizeof(data));
}

TEST_ROM(wrong_sizes_are_refused_as_bad_format, FAST)
{
    static const uint8_t OPCODES[] = {0x02, 0x04, 0x05, 0x06, 0x0B, 0x0F, 0x10, 0x12, 0x14, 0x03, 0x07, 0x11};
    uint8_t data[12] = {0};
    for (size_t i = 0; i < sizeof(OPCODES); i++) {
        host_send(sim, OPCODES[i], 0, data, sizeof(data));
        host_expect_reason(sim, OPCODES[i], 0x05);
    }
    /* The encryption word of FLASH_BEGIN is not optional on this chip. */
    host_words_refused(sim, 0x02, 0x05, WORDS(0, 0, 0, 0));
    host_expect_misuse(sim, "FLASH_BEGIN with 16 bytes of data");
}

TEST_ROM(sizes_that_a_rom_does_not_compare_are_reported_and_served, FAST)
{
    host_words_ok(sim, 0x0D, WORDS(0));
    host_expect_misuse(sim, "SPI_ATTACH with 4 bytes of data");
    host_words_ok(sim, 0x0A, WORDS(0x40001000, 0));
    host_expect_misuse(sim, "READ_REG with 8 bytes of data");
    host_words_ok(sim, 0x09, WORDS(0x3FC90000, 1, ~0u, 0, 0x3FC90004, 2, ~0u, 0));
    host_expect_misuse(sim, "WRITE_REG with 32 bytes of data");
    host_send_words(sim, 0x0A, WORDS(0x3FC90004));
    assert_int_equal(host_expect_ok(sim, 0x0A), 2);
    host_send_words(sim, 0x0E, WORDS(0, 64, 64, 64));
    frame_t reply;
    assert_true(host_receive(sim, &reply, 1000000));
    assert_int_equal(reply.size, 8 + 64 + 4);
    host_expect_misuse(sim, "READ_FLASH_SLOW with 16 bytes of data");
}

static const struct {
    const char *bytes;
    size_t size;
    const char *report;
} BAD_FRAMES[] = {
    {"\xC0\x00\x0A\x04\xC0", 5, "shorter than a header"},
    {"\xC0\x01\x14\x00\x00\x00\x00\x00\x00\xC0", 10, "direction byte is not 0"},
    {"\xC0\x00\x0A\x04\x00\x00\x00\x00\x00\x00\x10\xC0", 12, "data shorter"},
    {"\xC0\x00\x14\x00\x00\xDB\x00\x00\x00\x00\xC0", 11, "bad escape"},
};

TEST_ROWS(frames_that_are_no_requests_are_dropped_without_reply, BAD_FRAMES)
{
    esp_sim_t *sim = host_start(NULL);
    host_send_raw(sim, row->bytes, row->size);
    host_expect_silence(sim);
    assert_int_equal(esp_sim_stats(sim)->bad_frames, 1);
    assert_true(host_has_misuse(sim, row->report));
    host_read_reg(sim, 0x40001000);
    esp_sim_free(sim);
}

TEST_ROM(overlong_frame_is_dropped_and_the_next_one_served, FAST)
{
    static uint8_t long_frame[0x4300];
    memset(long_frame, 0x11, sizeof(long_frame));
    long_frame[0] = 0xC0;
    long_frame[sizeof(long_frame) - 1] = 0xC0;
    host_send_raw(sim, long_frame, sizeof(long_frame));
    host_expect_misuse(sim, "longer than the ROM's buffer");
    host_read_reg(sim, 0x40001000);
}

TEST_ROM(empty_frames_and_bytes_between_frames_do_no_harm, FAST)
{
    host_send_raw(sim, "\xC0\xC0\xC0", 3);
    host_read_reg(sim, 0x40001000);
    host_send_raw(sim, "text", 4);
    host_read_reg(sim, 0x40001000);
}

TEST_ROM(rate_change_is_answered_at_the_old_rate_and_then_holds, TIMED, .wiring = ESP_SIM_WIRING_NONE)
{
    host_words_ok(sim, 0x0F, WORDS(921600, 0));
    host_skip(sim, 50000);
    esp_sim_host_set_rate(sim, 921600);
    uint64_t start_us = esp_sim_now_us(sim);
    host_read_reg(sim, 0x40001000);
    /* 14 bytes each way at 10.85 us, 1 ms turnaround; the host sees the last byte in the microsecond after */
    assert_in_range(esp_sim_now_us(sim) - start_us, 1303, 1305);
    esp_sim_host_set_rate(sim, 115200);
    host_send_words(sim, 0x0A, WORDS(0x40001000));
    host_expect_silence(sim);
}
