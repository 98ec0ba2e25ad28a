/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Strict mode only watches: every misuse has its line in the report, and the chip answers as it does with
 * as_rom.
 */
#include "host.h"

enum { RAM = 0x3FC90000, IRAM = 0x40378000, ANY_REPLY = 0xFF };

/* A request, or a block of one byte over and over. */
typedef struct {
    uint8_t opcode, reason; /* of its reply; 0: it is carried out */
    const uint32_t *words;  /* NULL: a block */
    size_t count;
    uint32_t number;
    uint8_t fill;
    size_t size;
} step_t;

typedef struct {
    const char *name;
    const char *line;
    void (*act)(esp_sim_t *sim); /* or the steps */
    step_t steps[3];
} case_t;

/* ---- one misuse each; every chip is synced and has its flash attached ---- */

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

#define REQUEST(code, why, ...)                                                                              \
    {                                                                                                        \
        .opcode = code, .reason = why, .words = WORDS(__VA_ARGS__)                                           \
    }
#define BLOCK(code, why, index, byte, bytes)                                                                 \
    {                                                                                                        \
        .opcode = code, .reason = why, .number = index, .fill = byte, .size = bytes                          \
    }
#define FLASH_BEGIN(size)       REQUEST(0x02, 0, size, (size + 1023) / 1024, 1024, 0, 0)
#define MEM_BEGIN(size, blocks) REQUEST(0x05, 0, size, blocks, 0x1800, RAM)

#define DOES(function, text)                                                                                 \
    {                                                                                                        \
        .name = #function, .line = text, .act = function                                                     \
    }
#define SENDS(id, text, ...)                                                                                 \
    {                                                                                                        \
        .name = #id, .line = text, .steps = { __VA_ARGS__ }                                                  \
    }
#define ASKS(id, text, code, ...) SENDS(id, text, REQUEST(code, ANY_REPLY, __VA_ARGS__))

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
    ASKS(begin_with_large_blocks, "FLASH_BEGIN with blocks of 8192 bytes", 0x02, 8192, 1, 8192, 0, 0),
    ASKS(begin_with_bytes_for_blocks, "4096 blocks of 1024 bytes do not fit 4096 bytes", 0x02, 4096, 4096,
         1024, 0, 0),
    ASKS(begin_with_too_few_blocks, "4 blocks of 1024 bytes do not fit 4097 bytes", 0x02, 4097, 4, 1024, 0,
         0),
    ASKS(begin_at_an_odd_offset, "FLASH_BEGIN at 0x1001, inside a sector", 0x02, 1024, 1, 1024, 0x1001, 0),
    ASKS(begin_inside_a_sector, "FLASH_BEGIN at 0x1800, inside a sector", 0x02, 4096, 4, 1024, 0x1800, 0),
    ASKS(begin_with_encryption, "FLASH_BEGIN asks for encryption", 0x02, 1024, 1, 1024, 0, 1),
    ASKS(deflate_begin_with_an_exact_size, "whole blocks of 1024 bytes, got 1000", 0x10, 1000, 1, 1024, 0, 0),
    SENDS(block_without_begin, "flash data without its BEGIN", BLOCK(0x03, 0x06, 0, 0, 1024)),
    SENDS(compressed_block_in_a_plain_write, "flash data without its BEGIN", FLASH_BEGIN(1024),
          BLOCK(0x11, 0x06, 0, 0, 1024)),
    DOES(block_with_words_that_must_be_zero, "third and fourth word of a block"),
    DOES(block_with_another_length, "block says 1025 bytes and has 1024"),
    DOES(block_with_a_wrong_checksum, "block checksum is 0xEF, sent as 0x000000EE"),
    SENDS(block_number_skipped, "flash data block 1, 0 expected", FLASH_BEGIN(2048),
          BLOCK(0x03, 5, 1, 0, 1024)),
    SENDS(block_number_repeated, "flash data block 0, 1 expected", FLASH_BEGIN(2048),
          BLOCK(0x03, 0, 0, 0, 1024), BLOCK(0x03, 5, 0, 0, 1024)),
    SENDS(block_beyond_the_count, "flash data beyond the announced 1 blocks", FLASH_BEGIN(1024),
          BLOCK(0x03, 0, 0, 0xFF, 1024), BLOCK(0x03, 0, 1, 0xFF, 1024)),
    SENDS(block_larger_than_announced, "flash data block of 2048 bytes, 1024 announced", FLASH_BEGIN(1024),
          BLOCK(0x03, 5, 0, 0xFF, 2048)),
    SENDS(last_block_not_padded, "flash data block of 1000 bytes: the ROM wants whole blocks",
          FLASH_BEGIN(1000), BLOCK(0x03, 0, 0, 0, 1000)),
    SENDS(last_block_padded_with_zeros, "padding of the last block is not 0xFF", FLASH_BEGIN(1000),
          BLOCK(0x03, 0, 0, 0, 1024)),
    SENDS(end_with_blocks_missing, "FLASH_END after 1 of 2 blocks", FLASH_BEGIN(2048),
          BLOCK(0x03, 0, 0, 0, 1024), REQUEST(0x04, ANY_REPLY, 1)),
    ASKS(end_with_another_word, "FLASH_END with 0x2, must be 0 or 1", 0x04, 2),
    ASKS(md5_with_words_that_must_be_zero, "SPI_FLASH_MD5: third and fourth word", 0x13, 0, 16, 0, 1),
    SENDS(slow_read_of_more_than_64_bytes, "READ_FLASH_SLOW of 65 bytes", REQUEST(0x0E, 0x0A, 0, 65)),
    SENDS(sync_with_other_data, "SYNC with other data",
          REQUEST(0x08, 0x05, 0x20120707, 0, 0, 0, 0, 0, 0, 0, 0)),
    SENDS(rate_of_zero, "CHANGE_BAUDRATE to 0", REQUEST(0x0F, 0x01, 0, 0)),
    ASKS(rate_with_the_old_rate, "the ROM wants 0 as second word", 0x0F, 921600, 115200),
    SENDS(ram_from_below_it, "outside RAM", REQUEST(0x05, 0x0F, 16, 1, 0x1800, 0x3FC87FFC)),
    SENDS(ram_beyond_its_end, "outside RAM", REQUEST(0x05, 0x0F, 32, 1, 0x1800, 0x3FCFFFF0)),
    SENDS(ram_where_flash_is_mapped, "outside RAM", REQUEST(0x05, 0x0F, 16, 1, 0x1800, 0x42000000)),
    SENDS(ram_at_zero, "outside RAM", REQUEST(0x05, 0x0F, 16, 1, 0x1800, 0)),
    SENDS(ram_around_the_end_of_addresses, "outside RAM", REQUEST(0x05, 0x0F, 32, 1, 0x1800, 0xFFFFFFF0)),
    ASKS(ram_into_iram_by_bytes, "that RAM takes 32-bit words only", 0x05, 6, 1, 0x1800, IRAM),
    ASKS(ram_with_too_many_blocks, "MEM_BEGIN: 2 blocks of 6144 bytes do not fit 8 bytes", 0x05, 8, 2, 0x1800,
         RAM),
    SENDS(ram_with_large_blocks, "MEM_BEGIN with blocks of 8192 bytes",
          REQUEST(0x05, 5, 0x2000, 1, 0x2000, RAM)),
    SENDS(ram_block_skipped, "MEM_DATA block 1, 0 expected", MEM_BEGIN(8, 1), BLOCK(0x07, 5, 1, 0, 8)),
    SENDS(ram_block_beyond_the_size, "MEM_DATA beyond the announced 8 bytes", MEM_BEGIN(8, 1),
          BLOCK(0x07, 0, 0, 0, 12)),
    SENDS(ram_block_too_short, "MEM_DATA of 8 bytes, blocks have 6144", MEM_BEGIN(0x3000, 2),
          BLOCK(0x07, 0, 0, 0, 8)),
    SENDS(ram_end_with_bytes_missing, "MEM_END after 0 of 8 bytes", MEM_BEGIN(8, 1),
          REQUEST(0x06, ANY_REPLY, 1, 0)),
    ASKS(ram_end_that_stays_with_an_entry, "MEM_END with flag 1 and entry", 0x06, 1, RAM),
    ASKS(ram_entry_outside, "entry 0x42000000 is outside RAM", 0x06, 0, 0x42000000),
};

static void send_step(esp_sim_t *sim, const step_t *step)
{
    frame_t frame;
    if (step->words == NULL) {
        host_fill_block(sim, step->opcode, step->number, step->fill, step->size, step->reason);
    } else if (step->reason == ANY_REPLY) {
        host_send_words(sim, step->opcode, step->words, step->count);
        assert_true(host_receive(sim, &frame, 10000000));
    } else if (step->reason == 0) {
        host_words_ok(sim, step->opcode, step->words, step->count);
    } else {
        host_words_refused(sim, step->opcode, step->reason, step->words, step->count);
    }
}

static void act(esp_sim_t *sim, const case_t *misuse)
{
    if (misuse->act != NULL) {
        misuse->act(sim);
    }
    for (const step_t *step = misuse->steps; step < misuse->steps + 3 && step->opcode != 0; step++) {
        send_step(sim, step);
    }
}

TEST_ROWS(each_misuse_has_its_own_line_in_strict_mode, CASES)
{
    esp_sim_t *sim = host_start_attached(&(esp_sim_config_t){FAST});
    assert_string_equal(esp_sim_misuse(sim), "");
    act(sim, row);
    if (!host_has_misuse(sim, row->line)) {
        fail_msg("%s: report is '%s'", row->name, esp_sim_misuse(sim));
    }
    const char *first_end = strchr(esp_sim_misuse(sim), '\n');
    assert_non_null(first_end);
    if (first_end[1] != '\0') {
        fail_msg("%s: more than one line: '%s'", row->name, esp_sim_misuse(sim));
    }
    esp_sim_free(sim);
}

TEST_ROWS(nothing_is_reported_as_rom, CASES)
{
    esp_sim_t *sim = host_start_attached(&(esp_sim_config_t){FAST, .as_rom = true});
    act(sim, row);
    host_end(sim);
}

TEST_NEW(command_before_the_first_sync_is_reported, FAST, .start_in_download = true)
{
    host_skip(sim, 1000);
    host_read_reg(sim, 0x40001000);
    host_expect_misuse(sim, "READ_REG before the first SYNC after a reset");
}

TEST_FLASH(spi_user_commands_are_checked, FAST)
{
    host_write_reg(sim, 0x60002018, 1u << 31 | 1u << 30 | 1u << 28); /* SFDP without dummy bits */
    host_write_reg(sim, 0x6000201C, 23u << 26);
    host_write_reg(sim, 0x60002020, 7u << 28 | 0x5A);
    host_write_reg(sim, 0x60002028, 31);
    host_write_reg(sim, 0x60002000, 1u << 18);
    host_expect_misuse(sim, "SFDP read with 24 address and 0 dummy bits, 24 and 8 expected");
    host_write_reg(sim, 0x60002020, 3u << 28 | 0x9F);
    host_write_reg(sim, 0x60002000, 1u << 18);
    host_expect_misuse(sim, "SPI user command with 4 command bits");
    host_write_reg(sim, 0x60002020, 7u << 28 | 0x9F);
    host_write_reg(sim, 0x60002028, 1023);
    host_write_reg(sim, 0x60002000, 1u << 18);
    host_expect_misuse(sim, "SPI user command with more data than W0..W15 hold");
}

TEST_FLASH(whole_ordinary_session_is_clean, FAST)
{
    uint8_t data[5000];
    memset(data, 0x5A, sizeof(data));
    host_flash_write(sim, 0x10000, data, sizeof(data));
    host_send_words(sim, 0x13, WORDS(0x10000, sizeof(data), 0, 0));
    frame_t frame;
    assert_true(host_receive(sim, &frame, 1000000));
    host_words_ok(sim, 0x02, WORDS(0, 0, 1024, 0, 0));
}
