/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Strict mode only watches: every misuse has its line in the report, and the chip answers as it does with
 * as_rom.
 */
#include "host.h"

enum { RAM = 0x3FC90000, IRAM = 0x40378000 };

typedef struct {
    const char *name;
    void (*act)(esp_sim_t *sim);
    const char *line;
    uint8_t opcode;
    const uint32_t *words;
    size_t count;
} case_t;

/* ---- one misuse each; every chip is synced and has its flash attached ---- */

static void block(esp_sim_t *sim, uint8_t opcode, uint32_t number, size_t size, uint8_t fill)
{
    uint8_t data[4096];
    memset(data, fill, sizeof(data));
    host_block_ok(sim, opcode, number, data, size);
}

static void refused_block(esp_sim_t *sim, uint8_t opcode, uint32_t number, size_t size, uint8_t fill)
{
    uint8_t data[4096];
    memset(data, fill, sizeof(data));
    host_block_refused(sim, opcode, 0x05, number, data, size);
}

static void words(esp_sim_t *sim, uint8_t opcode, const uint32_t *list, size_t count)
{
    host_send_words(sim, opcode, list, count);
    frame_t frame;
    assert_true(host_receive(sim, &frame, 10000000));
}

static void checksum_on_a_command(esp_sim_t *sim)
{
    host_send(sim, 0x0A, 0xEF, "\x00\x10\x00\x40", 4);
    host_expect_ok(sim, 0x0A);
}

static void trailing_bytes(esp_sim_t *sim)
{
    host_send_raw(sim, "\xC0\x00\x0A\x04\x00\x00\x00\x00\x00\x00\x10\x00\x40\x99\x99\xC0", 16);
    host_expect_ok(sim, 0x0A);
}

static void block_with_words_that_must_be_zero(esp_sim_t *sim)
{
    host_flash_begin(sim, 0, 1024);
    uint8_t data[16 + 1024] = {0, 4, 0, 0, 0, 0, 0, 0, 1};
    host_send(sim, 0x03, 0xEF, data, sizeof(data));
    host_expect_ok(sim, 0x03);
}

static void block_with_another_length(esp_sim_t *sim)
{
    host_flash_begin(sim, 0, 1024);
    uint8_t data[16 + 1024] = {1, 4};
    host_send(sim, 0x03, 0xEF, data, sizeof(data));
    host_expect_reason(sim, 0x03, 0x05);
}

static void block_with_a_wrong_checksum(esp_sim_t *sim)
{
    host_flash_begin(sim, 0, 1024);
    uint8_t data[16 + 1024] = {0, 4};
    host_send(sim, 0x03, 0xEE, data, sizeof(data));
    host_expect_reason(sim, 0x03, 0x07);
}

static void block_number_skipped(esp_sim_t *sim)
{
    host_flash_begin(sim, 0, 2048);
    refused_block(sim, 0x03, 1, 1024, 0);
}

static void block_number_repeated(esp_sim_t *sim)
{
    host_flash_begin(sim, 0, 2048);
    block(sim, 0x03, 0, 1024, 0);
    refused_block(sim, 0x03, 0, 1024, 0);
}

static void block_beyond_the_count(esp_sim_t *sim)
{
    host_flash_begin(sim, 0, 1024);
    block(sim, 0x03, 0, 1024, 0xFF);
    block(sim, 0x03, 1, 1024, 0xFF);
}

static void block_larger_than_announced(esp_sim_t *sim)
{
    host_flash_begin(sim, 0, 1024);
    refused_block(sim, 0x03, 0, 2048, 0xFF);
}

static void last_block_not_padded(esp_sim_t *sim)
{
    host_flash_begin(sim, 0, 1000);
    block(sim, 0x03, 0, 1000, 0);
}

static void last_block_padded_with_zeros(esp_sim_t *sim)
{
    host_flash_begin(sim, 0, 1000);
    block(sim, 0x03, 0, 1024, 0);
}

static void end_with_blocks_missing(esp_sim_t *sim)
{
    host_flash_begin(sim, 0, 2048);
    block(sim, 0x03, 0, 1024, 0);
    words(sim, 0x04, WORDS(1));
}

static void ram_with_large_blocks(esp_sim_t *sim)
{
    host_words_refused(sim, 0x05, 0x05, WORDS(0x2000, 1, 0x2000, RAM));
}

static void ram_block_skipped(esp_sim_t *sim)
{
    words(sim, 0x05, WORDS(8, 1, 0x1800, RAM));
    refused_block(sim, 0x07, 1, 8, 0);
}

static void ram_block_beyond_the_size(esp_sim_t *sim)
{
    words(sim, 0x05, WORDS(8, 1, 0x1800, RAM));
    block(sim, 0x07, 0, 12, 0);
}

static void ram_block_too_short(esp_sim_t *sim)
{
    words(sim, 0x05, WORDS(0x3000, 2, 0x1800, RAM));
    block(sim, 0x07, 0, 8, 0);
}

static void ram_end_with_bytes_missing(esp_sim_t *sim)
{
    words(sim, 0x05, WORDS(8, 1, 0x1800, RAM));
    words(sim, 0x06, WORDS(1, 0));
}

/* A misuse that a function makes, or one that is a single request. */
#define DOES(function, text)                                                                                 \
    {                                                                                                        \
        .name = #function, .act = function, .line = text                                                     \
    }
#define ASKS(id, text, code, ...)                                                                            \
    {                                                                                                        \
        .name = #id, .line = text, .opcode = code, .words = WORDS(__VA_ARGS__)                               \
    }

static const case_t CASES[] = {
    DOES(checksum_on_a_command, "READ_REG with a checksum word of 0x000000EF, must be 0"),
    DOES(trailing_bytes, "frame has 2 bytes more than its length field says"),
    ASKS(odd_register, "READ_REG of 0x40001001, not a multiple of 4", 0x0A, 0x40001001),
    ASKS(odd_register_write, "WRITE_REG of 0x60008002, not a multiple of 4", 0x09, 0x60008002, 0, 0xFFFFFFFF,
         0),
    ASKS(attach_with_a_second_word, "SPI_ATTACH: second word must be 0", 0x0D, 0, 1),
    ASKS(params_with_another_page_size, "SPI_SET_PARAMS: word 4 is 0x200, 0x100", 0x0B, 0, 8u << 20, 0x10000,
         0x1000, 0x200, 0xFFFF),
    ASKS(params_larger_than_the_flash, "SPI_SET_PARAMS with 16777216 bytes", 0x0B, 0, 16u << 20, 0x10000,
         0x1000, 0x100, 0xFFFF),
    ASKS(begin_beyond_the_flash, "the ROM assumes 8388608 bytes of flash", 0x02, 2048, 2, 1024,
         (8u << 20) - 1024, 0),
    ASKS(begin_with_large_blocks, "FLASH_BEGIN with blocks of 4096 bytes", 0x02, 4096, 1, 4096, 0, 0),
    ASKS(begin_with_bytes_for_blocks, "4096 blocks of 1024 bytes do not fit 4096 bytes", 0x02, 4096, 4096,
         1024, 0, 0),
    ASKS(begin_with_too_few_blocks, "4 blocks of 1024 bytes do not fit 4097 bytes", 0x02, 4097, 4, 1024, 0,
         0),
    ASKS(begin_at_an_odd_offset, "FLASH_BEGIN at 0x1001, inside a sector", 0x02, 1024, 1, 1024, 0x1001, 0),
    ASKS(begin_inside_a_sector, "FLASH_BEGIN at 0x1800, inside a sector", 0x02, 4096, 4, 1024, 0x1800, 0),
    ASKS(begin_with_encryption, "FLASH_BEGIN asks for encryption", 0x02, 1024, 1, 1024, 0, 1),
    ASKS(deflate_begin_with_an_exact_size, "whole blocks of 1024 bytes, got 1000", 0x10, 1000, 1, 1024, 0, 0),
    DOES(block_with_words_that_must_be_zero, "third and fourth word of a block"),
    DOES(block_with_another_length, "block says 1025 bytes and has 1024"),
    DOES(block_with_a_wrong_checksum, "block checksum is 0xEF, sent as 0x000000EE"),
    DOES(block_number_skipped, "flash data block 1, 0 expected"),
    DOES(block_number_repeated, "flash data block 0, 1 expected"),
    DOES(block_beyond_the_count, "flash data beyond the announced 1 blocks"),
    DOES(block_larger_than_announced, "flash data block of 2048 bytes, 1024 announced"),
    DOES(last_block_not_padded, "flash data block of 1000 bytes: the ROM wants whole blocks"),
    DOES(last_block_padded_with_zeros, "padding of the last block is not 0xFF"),
    DOES(end_with_blocks_missing, "FLASH_END after 1 of 2 blocks"),
    ASKS(end_with_another_word, "FLASH_END with 0x2, must be 0 or 1", 0x04, 2),
    ASKS(md5_with_words_that_must_be_zero, "SPI_FLASH_MD5: third and fourth word", 0x13, 0, 16, 0, 1),
    ASKS(rate_with_the_old_rate, "the ROM wants 0 as second word", 0x0F, 921600, 115200),
    ASKS(ram_into_iram_by_bytes, "that RAM takes 32-bit words only", 0x05, 6, 1, 0x1800, IRAM),
    ASKS(ram_with_too_many_blocks, "MEM_BEGIN: 2 blocks of 6144 bytes do not fit 8 bytes", 0x05, 8, 2, 0x1800,
         RAM),
    DOES(ram_with_large_blocks, "MEM_BEGIN with blocks of 8192 bytes"),
    DOES(ram_block_skipped, "MEM_DATA block 1, 0 expected"),
    DOES(ram_block_beyond_the_size, "MEM_DATA beyond the announced 8 bytes"),
    DOES(ram_block_too_short, "MEM_DATA of 8 bytes, blocks have 6144"),
    DOES(ram_end_with_bytes_missing, "MEM_END after 0 of 8 bytes"),
    ASKS(ram_end_that_stays_with_an_entry, "MEM_END with flag 1 and entry", 0x06, 1, RAM),
    ASKS(ram_entry_outside, "entry 0x42000000 is outside RAM", 0x06, 0, 0x42000000),
};

static void act(esp_sim_t *sim, const case_t *misuse)
{
    if (misuse->act != NULL) {
        misuse->act(sim);
    } else {
        words(sim, misuse->opcode, misuse->words, misuse->count);
    }
}

static esp_sim_t *start(bool as_rom)
{
    esp_sim_config_t config = {.timing = ESP_SIM_TIMING_FAST, .as_rom = as_rom};
    esp_sim_t *sim = host_start(&config);
    host_attach_flash(sim);
    assert_string_equal(esp_sim_misuse(sim), "");
    return sim;
}

TEST(each_misuse_has_its_own_line_in_strict_mode)
{
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        esp_sim_t *sim = start(false);
        act(sim, &CASES[i]);
        if (!host_has_misuse(sim, CASES[i].line)) {
            fail_msg("%s: report is '%s'", CASES[i].name, esp_sim_misuse(sim));
        }
        const char *first_end = strchr(esp_sim_misuse(sim), '\n');
        assert_non_null(first_end);
        if (first_end[1] != '\0') {
            fail_msg("%s: more than one line: '%s'", CASES[i].name, esp_sim_misuse(sim));
        }
        esp_sim_free(sim);
    }
}

TEST(nothing_is_reported_as_rom)
{
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        esp_sim_t *sim = start(true);
        act(sim, &CASES[i]);
        host_end(sim);
    }
}

TEST(command_before_the_first_sync_is_reported)
{
    esp_sim_config_t config = {.timing = ESP_SIM_TIMING_FAST, .start_in_download = true};
    esp_sim_t *sim = host_new(&config);
    uint8_t text[512];
    host_drain(sim, text, sizeof(text), 1000);
    host_read_reg(sim, 0x40001000);
    assert_true(host_has_misuse(sim, "READ_REG before the first SYNC after a reset"));
    esp_sim_free(sim);
}

TEST(spi_user_commands_are_checked)
{
    esp_sim_t *sim = start(false);
    host_write_reg(sim, 0x60002018, 1u << 31 | 1u << 30 | 1u << 28); /* SFDP without dummy bits */
    host_write_reg(sim, 0x6000201C, 23u << 26);
    host_write_reg(sim, 0x60002020, 7u << 28 | 0x5A);
    host_write_reg(sim, 0x60002028, 31);
    host_write_reg(sim, 0x60002000, 1u << 18);
    assert_true(host_has_misuse(sim, "SFDP read with 24 address and 0 dummy bits, 24 and 8 expected"));
    host_write_reg(sim, 0x60002020, 3u << 28 | 0x9F);
    host_write_reg(sim, 0x60002000, 1u << 18);
    assert_true(host_has_misuse(sim, "SPI user command with 4 command bits"));
    host_write_reg(sim, 0x60002020, 7u << 28 | 0x9F);
    host_write_reg(sim, 0x60002028, 1023);
    host_write_reg(sim, 0x60002000, 1u << 18);
    assert_true(host_has_misuse(sim, "SPI user command with more data than W0..W15 hold"));
    esp_sim_free(sim);
}

TEST(whole_ordinary_session_is_clean)
{
    esp_sim_t *sim = start(false);
    uint8_t data[5000];
    memset(data, 0x5A, sizeof(data));
    host_flash_write(sim, 0x10000, data, sizeof(data));
    host_send_words(sim, 0x13, WORDS(0x10000, sizeof(data), 0, 0));
    frame_t frame;
    assert_true(host_receive(sim, &frame, 1000000));
    host_words_ok(sim, 0x02, WORDS(0, 0, 1024, 0, 0));
    host_end(sim);
}
