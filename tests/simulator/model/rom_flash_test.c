/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * ROM flash commands: what they do to the flash, what they answer, how long they take.
 */
#include "host.h"

TEST_FLASH(write_programs_the_flash_and_md5_is_ascii_hex, FAST)
{
    host_flash_write(sim, 0x10000, (const uint8_t *)"message digest", 14);
    assert_memory_equal(esp_sim_flash(sim) + 0x10000, "message digest\xFF\xFF", 16);
    host_send_words(sim, 0x13, WORDS(0x10000, 14, 0, 0));
    /* RFC 1321, A.5 */
    static const uint8_t REPLY[] = "\x01\x13\x24\x00\x00\x00\x00\x00"
                                   "f96b697d7cb7938d525a2f31aaf161d0\x00\x00\x00";
    host_expect_frame(sim, REPLY, sizeof(REPLY));
}

TEST_FLASH(begin_erases_whole_sectors_before_it_answers, FAST)
{
    memset(esp_sim_flash(sim), 0, 0x40000);
    host_flash_begin(sim, 0x11000, 0x1001);
    assert_int_equal(esp_sim_flash(sim)[0x10FFF], 0x00);
    for (uint32_t at = 0x11000; at < 0x13000; at++) {
        assert_int_equal(esp_sim_flash(sim)[at], 0xFF);
    }
    assert_int_equal(esp_sim_flash(sim)[0x13000], 0x00);
    assert_int_equal(esp_sim_stats(sim)->sector_erases, 2);
    assert_int_equal(esp_sim_stats(sim)->block_erases, 0);
}

/* The place to write at is set all the same: data that follows lands on what was not erased. */
TEST(begin_inside_a_sector_is_refused_and_erases_nothing)
{
    static const uint8_t DATA[1024] = {0x0F, 0x33};
    for (size_t i = 0; esp_sim_chip_names()[i] != NULL; i++) {
        const char *chip = esp_sim_chip_names()[i];
        if (strcmp(chip, "esp8266") == 0) {
            continue; /* has not been looked at; a host should not do it there either */
        }
        esp_sim_t *sim = host_start_as_rom(chip);
        host_attach_flash(sim);
        memset(esp_sim_flash(sim), 0x55, 0x20000);
        for (uint32_t at = 0x10102; at < 0x10100 + sizeof(DATA); at++) {
            esp_sim_flash(sim)[at] = 0;
        }
        host_send_begin(sim, chip, 0x02, 1024, 1, 0x10100);
        host_expect_reason(sim, 0x02, 0x06);
        assert_int_equal(esp_sim_stats(sim)->sectors_erased, 0);
        host_block_refused(sim, 0x03, 0x08, 0, DATA, sizeof(DATA));
        assert_int_equal(esp_sim_flash(sim)[0x10100], 0x55 & 0x0F);
        assert_int_equal(esp_sim_flash(sim)[0x10101], 0x55 & 0x33);
        assert_int_equal(esp_sim_flash(sim)[0x10000], 0x55);
        host_end(sim);
    }
}

static const struct {
    uint32_t offset, size;
    uint64_t us;
} ERASES[] = {
    {0x1000, 0x1000, 45000},
    {0x1000, 0x5000, 5 * 45000},
    {0x10000, 0x10000, 16 * 45000}, /* up to 16 sectors at either end are single */
    {0x10000, 0x20000, 32 * 45000},
    {0x10000, 0x20001, 16 * 45000 + 150000 + 45000},
    {0xF000, 0x11000, 17 * 45000},
    {0xF000, 0x21000, 45000 + 150000 + 16 * 45000},
    {0x1F000, 0x22000, 45000 + 2 * 150000 + 45000},
    {0x100000, 0x100000, 32 * 45000 + 14 * 150000},
    {0x8000, 0x10000, 16 * 45000}, /* 64 KiB, but across two blocks */
};

TEST_ROWS(erase_time_is_exact, ERASES)
{
    esp_sim_t *sim = host_start_attached(&(esp_sim_config_t){TIMED});
    uint64_t start_us = esp_sim_now_us(sim);
    host_flash_begin(sim, row->offset, row->size);
    uint64_t took_us = esp_sim_now_us(sim) - start_us - 2125; /* turnaround, flush; a transfer begins */
    assert_in_range(took_us, row->us, row->us + 100);         /* 38 bytes of request, 2.5 us each */
    assert_int_equal(esp_sim_stats(sim)->flash_busy_us, row->us);
    host_end(sim);
}

TEST_FLASH(slow_set_has_the_maxima_of_the_data_sheet, SLOW)
{
    uint64_t start_us = esp_sim_now_us(sim);
    host_flash_begin(sim, 0xF000, 0x12000);
    assert_in_range(esp_sim_now_us(sim) - start_us, 2871000,
                    2872000); /* 2 s + 2 x 0.4 s + 20 ms + 50 ms + 1 ms */
}

TEST_FLASH(interrupted_erase_leaves_the_sectors_that_were_done, TIMED)
{
    memset(esp_sim_flash(sim), 0, 0x10000);
    host_send_words(sim, 0x02, WORDS(0x4000, 16, 1024, 0, 0));
    host_wait_us(sim, 1000 + 2 * 45000 + 10000);
    esp_sim_unplug(sim);
    assert_int_equal(esp_sim_flash(sim)[0x1FFF], 0xFF);
    assert_int_equal(esp_sim_flash(sim)[0x2000], 0x00);
}

TEST_FLASH(block_is_answered_when_it_is_in_flash, TIMED)
{
    host_flash_begin(sim, 0, 1024);
    uint8_t block[1024];
    memset(block, 0x11, sizeof(block));
    uint64_t start_us = esp_sim_now_us(sim);
    host_send_block(sim, 0x03, 0, block, sizeof(block));
    uint64_t sent_us = esp_sim_now_us(sim);
    host_wait_us(sim, 2000);
    assert_int_equal(esp_sim_flash(sim)[0], 0x11);
    assert_int_equal(esp_sim_flash(sim)[1023], 0xFF);
    host_expect_ok(sim, 0x03);
    assert_int_equal(esp_sim_flash(sim)[1023], 0x11);
    /* The last packet is handed over (and then read in 2.5 us a byte); 32 pieces of 107.5 us and 36 bytes of
     * SPI at 0.2 us each; 64 reads of 20; turnaround and flush 1 ms each. */
    assert_in_range(esp_sim_now_us(sim) - sent_us, 5926, 5926 + 160);
    assert_in_range(sent_us - start_us, 125 + 16 * 160, 125 + 17 * 160);
}

TEST_FLASH(second_begin_starts_anew, FAST)
{
    uint8_t data[1024];
    memset(data, 0x22, sizeof(data));
    host_flash_begin(sim, 0, 4096);
    host_flash_write(sim, 0x4000, data, sizeof(data));
    assert_int_equal(esp_sim_flash(sim)[0], 0xFF);
    assert_memory_equal(esp_sim_flash(sim) + 0x4000, data, sizeof(data));
}

TEST_FLASH(only_the_low_byte_of_the_checksum_is_compared, FAST, .as_rom = true)
{
    host_flash_begin(sim, 0, 1024);
    uint8_t data[16 + 1024] = {0, 4};
    host_send(sim, 0x03, 0x100EF, data, sizeof(data));
    host_expect_ok(sim, 0x03);
}

TEST_FLASH(block_whose_number_is_not_the_next_one_is_refused, FAST, .as_rom = true)
{
    host_flash_begin(sim, 0, 2048);
    host_fill_block(sim, 0x03, 0, 0x44, 1024, 0);
    host_fill_block(sim, 0x03, 0, 0x44, 1024, 0x05);
    host_fill_block(sim, 0x03, 2, 0x44, 1024, 0x05);
    assert_int_equal(esp_sim_flash(sim)[1024], 0xFF);
    host_fill_block(sim, 0x03, 1, 0x44, 1024, 0);
}

TEST_FLASH(block_with_a_wrong_checksum_is_counted_and_not_written, FAST, .as_rom = true)
{
    host_flash_begin(sim, 0, 1024);
    uint8_t block[16 + 1024] = {0, 4};
    memset(block + 16, 0x44, 1024);
    host_send(sim, 0x03, 0x00, block, sizeof(block));
    host_expect_reason(sim, 0x03, 0x07);
    host_send(sim, 0x03, 0xEF, block, sizeof(block)); /* right, but still number 0 */
    host_expect_reason(sim, 0x03, 0x05);
    assert_int_equal(esp_sim_flash(sim)[0], 0xFF);
    block[4] = 1;
    host_send(sim, 0x03, 0xEF, block, sizeof(block));
    host_expect_ok(sim, 0x03);
    assert_int_equal(esp_sim_flash(sim)[0], 0x44);
}

TEST_FLASH(block_larger_than_announced_or_not_in_words_is_refused, FAST, .as_rom = true)
{
    host_flash_begin(sim, 0, 2048);
    host_fill_block(sim, 0x03, 0, 0, 1028, 0x05);
    host_fill_block(sim, 0x03, 0, 0, 1001, 0x05);
    host_fill_block(sim, 0x03, 0, 0, 1024, 0);
}

static void begin_in_blocks_of(esp_sim_t *sim, uint32_t size, uint32_t block_size)
{
    host_send_words(sim, 0x02, WORDS(size, (size + block_size - 1) / block_size, block_size, 0, 0));
}

/* And nothing is erased. */
TEST_FLASH(blocks_that_do_not_fit_the_buffer_of_the_rom_are_refused, FAST, .as_rom = true)
{
    begin_in_blocks_of(sim, 65536, 8192);
    host_expect_reason(sim, 0x02, 0x05);
    begin_in_blocks_of(sim, 65536, 6148);
    host_expect_reason(sim, 0x02, 0x05);
    assert_int_equal(esp_sim_stats(sim)->sectors_erased, 0);
}

/* The last one may be shorter, and is written as it is. */
TEST_FLASH(large_blocks_are_written_over_usb, FAST, .wiring = ESP_SIM_WIRING_USJ)
{
    begin_in_blocks_of(sim, 6144 + 1024, 6144);
    host_expect_ok(sim, 0x02);
    uint8_t data[6144];
    memset(data, 0x42, sizeof(data));
    host_block_ok(sim, 0x03, 0, data, 6144);
    host_block_ok(sim, 0x03, 1, data, 1024);
    assert_memory_equal(esp_sim_flash(sim), data, 6144);
    assert_memory_equal(esp_sim_flash(sim) + 6144, data, 1024);
    assert_int_equal(esp_sim_flash(sim)[6144 + 1024], 0xFF);
}

TEST_FLASH(large_blocks_are_misuse_elsewhere, FAST, .wiring = ESP_SIM_WIRING_BRIDGE,
           .start_in_download = true)
{
    begin_in_blocks_of(sim, 4096, 2048);
    host_expect_ok(sim, 0x02);
    host_expect_misuse(sim, "at most 1024");
}

TEST_FLASH(repeated_block_is_the_next_one_when_asked, FAST, .as_rom = true,
           .repeated_blocks = ESP_SIM_REPEATED_WRITE)
{
    host_flash_begin(sim, 0, 2048);
    host_fill_block(sim, 0x03, 0, 0x44, 1024, 0);
    host_fill_block(sim, 0x03, 0, 0x44, 1024, 0);
    assert_int_equal(esp_sim_flash(sim)[1024], 0x44);
}

TEST_FLASH(repeated_block_is_ignored_when_asked, FAST, .repeated_blocks = ESP_SIM_REPEATED_IGNORE)
{
    host_flash_begin(sim, 0, 2048);
    host_fill_block(sim, 0x03, 0, 0x44, 1024, 0);
    host_fill_block(sim, 0x03, 0, 0x44, 1024, 0);
    assert_int_equal(esp_sim_flash(sim)[1024], 0xFF);
    host_fill_block(sim, 0x03, 1, 0x55, 1024, 0);
    assert_int_equal(esp_sim_flash(sim)[1024], 0x55);
}

TEST_FLASH(write_into_flash_that_was_not_erased_fails_the_read_back, FAST)
{
    host_flash_begin(sim, 0, 1024);
    esp_sim_flash(sim)[100] = 0x00;
    host_fill_block(sim, 0x03, 0, 0x66, 1024, 0x08);
}

TEST_ROM(rom_believes_in_two_megabytes_until_told, FAST, .as_rom = true)
{
    host_words_ok(sim, 0x0D, WORDS(0, 0));
    host_flash_begin(sim, 0x1FF000, 0x1000);
    host_words_refused(sim, 0x02, 0x06, WORDS(0x1001, 5, 1024, 0x1FF000, 0));
    host_words_refused(sim, 0x13, 0x09, WORDS(0x200000, 1, 0, 0));
    host_attach_flash(sim);
    host_flash_begin(sim, 0x200000, 0x1000);
}

TEST_ROM(flash_commands_before_attach_are_refused, FAST)
{
    host_words_refused(sim, 0x02, 0x06, WORDS(0x1000, 4, 1024, 0, 0));
    host_words_refused(sim, 0x0E, 0x09, WORDS(0, 16));
    host_expect_misuse(sim, "FLASH_BEGIN before SPI_ATTACH");
}

TEST_FLASH(addresses_wrap_at_24_bits, FAST, .flash_size = 32u << 20)
{
    uint8_t data[1024];
    memset(data, 0x77, sizeof(data));
    host_flash_write(sim, 0x1001000, data, sizeof(data));
    assert_int_equal(esp_sim_flash(sim)[0x1001000], 0xFF);
    assert_memory_equal(esp_sim_flash(sim) + 0x1000, data, sizeof(data));
}

TEST_ROM(addresses_wrap_at_the_size_of_the_part, FAST, .flash_size = 4u << 20, .as_rom = true)
{
    host_words_ok(sim, 0x0D, WORDS(0, 0));
    host_words_ok(sim, 0x0B, WORDS(0, 16u << 20, 0x10000, 0x1000, 0x100, 0xFFFF));
    uint8_t data[1024];
    memset(data, 0x77, sizeof(data));
    host_flash_write(sim, 0x801000, data, sizeof(data));
    assert_memory_equal(esp_sim_flash(sim) + 0x1000, data, sizeof(data));
}

TEST_FLASH(slow_read_returns_64_bytes_of_which_the_first_count, FAST)
{
    memcpy(esp_sim_flash(sim) + 0x123, "abcdef", 6);
    host_send_words(sim, 0x0E, WORDS(0x123, 4));
    uint8_t reply[8 + 64 + 4] = {1, 0x0E, 68, 0, 0, 0, 0, 0, 'a', 'b', 'c', 'd'};
    host_expect_frame(sim, reply, sizeof(reply));
}

TEST_FLASH(md5_takes_its_time_by_size, TIMED)
{
    uint64_t start_us = esp_sim_now_us(sim);
    host_send_words(sim, 0x13, WORDS(0, 0x100000, 0, 0));
    frame_t frame;
    assert_true(host_receive(sim, &frame, 10000000));
    assert_in_range(esp_sim_now_us(sim) - start_us, 776000,
                    776400); /* 512 ms of hashing, 65,536 reads of 20 bytes at 0.2 us; 2 ms */
}

/* 16,384 reads of 68 bytes. */
TEST_FLASH(md5_with_larger_reads_takes_less, TIMED)
{
    host_words_ok(sim, 0x09, WORDS(0x3FCEF674, 64, 0xFFFFFFFF, 0)); /* rom_default_spiflash_legacy_funcs */
    uint64_t start_us = esp_sim_now_us(sim);
    host_send_words(sim, 0x13, WORDS(0, 0x100000, 0, 0));
    frame_t frame;
    assert_true(host_receive(sim, &frame, 10000000));
    assert_in_range(esp_sim_now_us(sim) - start_us, 736600, 737100);
}

/* A ROM believes the size it is told. */
TEST_FLASH(md5_of_more_than_there_is_comes_to_an_end, FAST)
{
    frame_t frame;
    host_words_ok(sim, 0x0B, WORDS(0, 0xFFFFFFFF, 0x10000, 0x1000, 0x100, 0xFFFF));
    host_send_words(sim, 0x13, WORDS(0, 0xFFFFFFFF, 0, 0));
    assert_true(host_receive(sim, &frame, 1000000));
    assert_int_equal(frame.size, 44);
    host_expect_misuse(sim, "SPI_SET_PARAMS with 4294967295 bytes");
}

TEST(flash_end_leaves_the_loader_whatever_its_word)
{
    for (uint32_t word = 0; word < 2; word++) {
        esp_sim_t *sim = host_start_attached(&(esp_sim_config_t){FAST});
        host_make_bootable(sim);
        host_words_ok(sim, 0x04, WORDS(word));
        assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_APP);
        host_skip(sim, 100000);
        host_expect_no_answer(sim);
        assert_int_equal(esp_sim_stats(sim)->resets, 1);
        host_end(sim);
    }
}

TEST_ROM(attach_to_other_pins_finds_no_flash, FAST, .as_rom = true)
{
    host_words_ok(sim, 0x0D, WORDS(0x12345, 0));
    host_words_refused(sim, 0x13, 0x09, WORDS(0, 16, 0, 0));
}

TEST_NEW(large_part_is_made_and_written_sparsely, FAST, .flash_size = 128u << 20)
{
    const uint8_t *flash = esp_sim_flash(sim);
    assert_int_equal(esp_sim_flash_size(sim), 128u << 20);
    for (uint32_t at = 0; at < 128u << 20; at += 0x3FFFF) {
        assert_int_equal(flash[at], 0xFF);
    }
    assert_int_equal(flash[(128u << 20) - 1], 0xFF);
    esp_sim_flash(sim)[0] = 0x12; /* the chunks are separate although they begin as one */
    assert_int_equal(flash[256 * 1024], 0xFF);
}
