/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the eFuse controller refuses, and what it does when a host does something wrong.
 */
#define _DEFAULT_SOURCE /* mkstemp */
#include "efuse_host.h"

#include <stdlib.h>
#include <unistd.h>

#define KEY0_DATA                                                                                            \
    "0x12 0=03020100 1=07060504 2=0B0A0908 3=0F0E0D0C 4=13121110 5=17161514 6=1B1A1918 7=1F1E1D1C"
#define KEY0 KEY0_DATA " / 0D474CA0 03B2FC3F 13F4E9DA"

static esp_sim_t *blank(void)
{
    return efuse_blank("esp32s3", 0, 0);
}

/* The words before a burn, the burn, its report, and what is read after it. */
static void expect_word(const esp_sim_t *sim, size_t block, size_t word, uint32_t expected)
{
    assert_int_equal(efuse_word(sim, efuse_host("esp32s3"), block, word), expected);
}

TEST(bits_are_added_and_none_is_taken_away)
{
    esp_sim_t *sim = blank();
    const efuse_host_t *host = efuse_host("esp32s3");
    efuse_burn(sim, host, "0x02 1=00100000");
    efuse_burn(sim, host, "0x02 1=00000100");
    efuse_burn(sim, host, "0x02");
    expect_word(sim, 0, 1, 0x00100100);
    efuse_reset(sim);
    expect_word(sim, 0, 1, 0x00100100);
    host_end(sim);
}

TEST(what_is_burnt_is_read_after_a_read_command_or_a_reset)
{
    esp_sim_t *sim = blank();
    const efuse_host_t *host = efuse_host("esp32s3");
    efuse_set_timing(sim, host);
    efuse_fill(sim, host, "0x02 1=00100000");
    efuse_command(sim, host, 0x5A5A, 0x02);
    expect_word(sim, 0, 1, 0);
    efuse_command(sim, host, 0x5AA5, 0x01);
    expect_word(sim, 0, 1, 0x00100000);
    efuse_fill(sim, host, "0x02 1=00000100");
    efuse_command(sim, host, 0x5A5A, 0x02);
    expect_word(sim, 0, 1, 0x00100000);
    efuse_reset(sim);
    expect_word(sim, 0, 1, 0x00100100);
    host_end(sim);
}

static const struct {
    uint32_t opcode, command;
    const char *misuse;
} refused[] = {
    {0x5AA5, 0x02, "eFuse command 0x2 with the opcode 0x5AA5"},
    {0, 0x02, "eFuse command 0x2 with the opcode 0x0000"},
    {0x5A5A, 0x01, "eFuse command 0x1 with the opcode 0x5A5A"},
    {0x5A5A, 0x03, "eFuse command 0x3 with the opcode 0x5A5A"},
    {0x5A5A, 0x2E, "eFuse command 0x2E with the opcode 0x5A5A"}, /* block 11 */
};

TEST_ROWS(a_command_with_the_wrong_opcode_does_nothing, refused)
{
    esp_sim_t *sim = blank();
    const efuse_host_t *host = efuse_host("esp32s3");
    efuse_set_timing(sim, host);
    efuse_fill(sim, host, "0x02 1=00100000");
    efuse_command(sim, host, row->opcode, row->command);
    host_expect_misuse(sim, row->misuse);
    efuse_command(sim, host, 0x5AA5, 0x01);
    expect_word(sim, 0, 1, 0);
    assert_string_equal(esp_sim_burns(sim), "");
    esp_sim_free(sim);
}

static const struct {
    const char *chip;
    uint32_t at, value;
    bool burns;
} timings[] = {
    {"esp32s3", 0, 0, true},      {"esp32s3", 0x1E8, 0x1FE29, false}, {"esp32s3", 0x1F4, 0x200000, false},
    {"esp32s3", 0x1F8, 0, false}, {"esp32c2", 0x110, 0x8200, false}, /* right for another crystal */
    {"esp32", 0, 0, true},        {"esp32", 0xF8, 0xFFFA, false},     {"esp32", 0x118, 52, false},
    {"esp32s2", 0, 0, true},      {"esp32s2", 0x1E8, 160, false}, /* of another clock than all others */
};

TEST_ROWS(with_the_wrong_timing_no_bit_is_burnt, timings)
{
    esp_sim_t *sim = efuse_blank(row->chip, 0, 0);
    const efuse_host_t *host = efuse_host(row->chip);
    efuse_set_timing(sim, host);
    if (row->at != 0) {
        host_write_reg(sim, host->base + row->at, row->value);
    }
    efuse_fill(sim, host, host->writes != NULL ? "0x02 +20=00000100" : "0x02 1=00000100");
    efuse_command(sim, host, 0x5A5A, 0x02);
    if (row->burns) {
        assert_string_equal(esp_sim_misuse(sim), "");
    } else {
        host_expect_misuse(sim, "eFuses are burnt with the wrong timing");
    }
    efuse_command(sim, host, 0x5AA5, 0x01);
    assert_int_equal(efuse_word(sim, host, 0, 1), row->burns ? 0x100 : 0);
    esp_sim_free(sim);
}

/* Tools differ in whether they write them. */
static const struct {
    const char *chip;
    bool burns;
} kept[] = {{"esp32", false},  {"esp32s2", false}, {"esp32s3", false}, {"esp32c2", false}, {"esp32c3", false},
            {"esp32c5", true}, {"esp32c6", true},  {"esp32c61", true}, {"esp32h2", true},  {"esp32h21", true},
            {"esp32h4", true}, {"esp32p4", true},  {"esp32s31", true}};

TEST_ROWS(some_chips_burn_with_the_timing_they_have_after_a_reset, kept)
{
    esp_sim_t *sim = efuse_blank(row->chip, 0, 0);
    const efuse_host_t *host = efuse_host(row->chip);
    efuse_fill(sim, host, host->writes != NULL ? "0x02 +20=00000100" : "0x02 1=00000100");
    efuse_command(sim, host, 0x5A5A, 0x02);
    if (row->burns) {
        assert_string_equal(esp_sim_misuse(sim), "");
    } else {
        host_expect_misuse(sim, "eFuses are burnt with the wrong timing");
    }
    efuse_command(sim, host, 0x5AA5, 0x01);
    assert_int_equal(efuse_word(sim, host, 0, 1), row->burns ? 0x100 : 0);
    esp_sim_free(sim);
}

TEST(a_write_protected_block_keeps_what_it_has)
{
    esp_sim_t *sim = blank();
    const efuse_host_t *host = efuse_host("esp32s3");
    efuse_burn(sim, host, "0x02 0=00800000");
    efuse_burn(sim, host, KEY0);
    host_expect_misuse(sim, "eFuses are burnt that are write-protected");
    for (size_t word = 0; word < 8; word++) {
        expect_word(sim, 4, word, 0);
    }
    esp_sim_free(sim);
}

TEST(a_write_protected_field_keeps_what_it_has_and_others_change)
{
    esp_sim_t *sim = blank();
    const efuse_host_t *host = efuse_host("esp32s3");
    efuse_burn(sim, host, "0x02 0=00000010 2=00040000"); /* SPI_BOOT_CRYPT_CNT and its protection */
    efuse_burn(sim, host, "0x02 2=003C0000");            /* all of it, and SECURE_BOOT_KEY_REVOKE0 */
    host_expect_misuse(sim, "eFuses are burnt that are write-protected");
    expect_word(sim, 0, 2, 0x00240000);
    esp_sim_free(sim);
}

TEST(protection_begins_when_it_is_read)
{
    esp_sim_t *sim = blank();
    const efuse_host_t *host = efuse_host("esp32s3");
    efuse_set_timing(sim, host);
    efuse_fill(sim, host, "0x02 0=00800000");
    efuse_command(sim, host, 0x5A5A, 0x02);
    efuse_burn(sim, host, KEY0);
    expect_word(sim, 4, 0, 0x03020100);
    host_end(sim);
}

TEST(a_read_protected_key_reads_as_zero_and_is_still_there)
{
    char path[] = "/tmp/esp-sim-efuse-XXXXXX";
    static const uint8_t key[] = {0, 1, 2, 3};
    uint8_t saved[4];
    FILE *file;
    esp_sim_t *sim = blank();
    const efuse_host_t *host = efuse_host("esp32s3");
    efuse_burn(sim, host, KEY0);
    expect_word(sim, 4, 0, 0x03020100);
    efuse_burn(sim, host, "0x02 1=00000001");
    expect_word(sim, 4, 0, 0);
    expect_word(sim, 4, 7, 0);
    assert_true(close(mkstemp(path)) == 0 && esp_sim_efuse_save(sim, path, NULL, 0));
    file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 512 + 4 * 11 * 4, SEEK_SET), 0);
    assert_int_equal(fread(saved, 1, sizeof(saved), file), sizeof(saved));
    assert_memory_equal(saved, key, sizeof(key));
    assert_int_equal(fclose(file), 0);
    esp_sim_t *again = host_start(&(esp_sim_config_t){FAST, .efuse_file = path});
    assert_int_equal(unlink(path), 0);
    for (uint32_t at = 0x2C; at < 0x1CC; at += 4) {
        assert_int_equal(esp_sim_peek(again, host->base + at), esp_sim_peek(sim, host->base + at));
    }
    host_end(again);
    host_end(sim);
}

static const struct {
    const char *first, *second, *misuse;
    uint32_t errors, word;
} spoilt[] = {
    /* a wrong check word: three of its bytes are corrected, and the data are right */
    {KEY0_DATA " / 0DFFFFFF 03B2FC3F 13F4E9DA", NULL, "eFuse block 4: check words that do not fit its data",
     3u << 12, 0x03020100},
    /* no check words at all: more than can be corrected */
    {KEY0_DATA, NULL, "eFuse block 4: check words that do not fit its data", 8u << 12, 0x03020100},
    /* twice, with other data: read as they are */
    {KEY0, "0x12 0=80808080 1=80808080 / 26F38D85 E2C65E9B 44B3A9C8", "check words that do not fit", 8u << 12,
     0x83828180},
};

TEST_ROWS(a_wrong_code_shows_in_the_error_registers, spoilt)
{
    esp_sim_t *sim = blank();
    const efuse_host_t *host = efuse_host("esp32s3");
    efuse_burn(sim, host, row->first);
    if (row->second != NULL) {
        efuse_burn(sim, host, row->second);
    }
    host_expect_misuse(sim, row->misuse);
    assert_int_equal(esp_sim_peek(sim, host->base + 0x1C0), row->errors);
    expect_word(sim, 4, 0, row->word);
    esp_sim_free(sim);
}

TEST(other_data_with_their_own_code_spoil_a_block)
{
    esp_sim_t *sim = blank();
    const efuse_host_t *host = efuse_host("esp32s3");
    efuse_burn(sim, host, "0x0E 6=EFCDAA00 7=00030201 / C92CE963 27830A0E 6EAF2EA8");
    efuse_burn(sim, host, "0x0E 0=80000001 7=80000000 / 7E220952 5617E8B5 8D644AB9");
    host_expect_misuse(sim, "eFuse block 3 is burnt a second time, with other data: its code is spoilt");
    assert_int_equal(esp_sim_peek(sim, host->base + 0x1C0), 8u << 8);
    expect_word(sim, 3, 7, 0x80030201);
    esp_sim_free(sim);
}

/* Where a chip says that a block is lost. */
static const struct {
    const char *chip, *burn;
    uint32_t at, errors;
} lost[] = {
    {"esp32c3", "0x0E 0=01010101 1=01010101", 0x1C0, 8u << 12}, /* one block late */
    {"esp32c2", "0x0E 0=01010101 1=01010101", 0x84, 8u << 8},
    {"esp32c61", "0x0E 0=01010101 1=01010101", 0x190, 8u << 8},
    {"esp32s31", "0x26 0=01010101 1=01010101", 0x18C, 8u << 4},
    {"esp32h4", "0x2A 0=01010101 1=01010101", 0x194, 8u << 4},
};

TEST_ROWS(each_chip_has_its_own_place_for_lost_blocks, lost)
{
    esp_sim_t *sim = efuse_blank(row->chip, 0, 0);
    const efuse_host_t *host = efuse_host(row->chip);
    efuse_burn(sim, host, row->burn);
    host_expect_misuse(sim, "check words that do not fit its data");
    assert_int_equal(esp_sim_peek(sim, host->base + row->at), row->errors);
    esp_sim_free(sim);
}

TEST(pieces_of_the_three_quarter_code_are_checked)
{
    esp_sim_t *sim = efuse_blank("esp32", 0x3FF5A018, 1);
    const efuse_host_t *host = efuse_host("esp32");
    efuse_burn(sim, host, "0x02 +98=03020100 +9C=1E010504 +A0=09080706 +A4=2E010B0A");
    assert_int_equal(efuse_word(sim, host, 1, 1), 0x07060504);
    assert_int_equal(esp_sim_peek(sim, 0x3FF5A11C), 2); /* the second piece */
    host_expect_misuse(sim, "eFuse block 1: pieces that do not fit their checks");
    esp_sim_free(sim);
}

TEST(the_repeated_code_has_each_word_twice)
{
    esp_sim_t *sim = efuse_blank("esp32", 0x3FF5A018, 2);
    const efuse_host_t *host = efuse_host("esp32");
    efuse_burn(sim, host, "0x02 +D8=00000001 +E8=00000001 +DC=00000002");
    assert_int_equal(efuse_word(sim, host, 3, 0), 1);
    assert_int_equal(efuse_word(sim, host, 3, 1), 2);
    assert_int_equal(efuse_word(sim, host, 3, 4), 0);
    assert_int_equal(esp_sim_peek(sim, 0x3FF5A11C), 0x200);
    host_end(sim);
}

TEST(one_command_burns_all_blocks_of_the_esp32)
{
    esp_sim_t *sim = efuse_blank("esp32", 0, 0);
    const efuse_host_t *host = efuse_host("esp32");
    efuse_burn(sim, host, "0x02 +34=00000040 +98=1C1D1E1F +F4=00030201");
    assert_int_equal(efuse_word(sim, host, 0, 6), 0x40);
    assert_int_equal(efuse_word(sim, host, 1, 0), 0x1C1D1E1F);
    assert_int_equal(efuse_word(sim, host, 3, 7), 0x00030201);
    assert_string_equal(esp_sim_burns(sim), "0x02 +34=00000040 +98=1C1D1E1F +F4=00030201: done\n");
    host_end(sim);
}

TEST(while_a_burn_goes_on_the_controller_takes_nothing)
{
    esp_sim_t *sim = host_start(&(esp_sim_config_t){TIMED});
    const efuse_host_t *host = efuse_host("esp32s3");
    efuse_set_timing(sim, host);
    efuse_fill(sim, host, KEY0);
    host_write_reg(sim, host->base + host->conf, 0x5A5A);
    host_write_reg(sim, host->base + host->cmd, 0x12);
    assert_int_equal(host_read_reg(sim, host->base + host->cmd), 0x12);
    host_write_reg(sim, host->base + 4, 0xFF00);
    host_expect_misuse(sim, "write to eFuse register 0x60007004 while a command goes on");
    host_write_reg(sim, host->base + host->cmd, 0x01);
    host_expect_misuse(sim, "eFuse command 0x1 while the last one goes on");
    host_wait_us(sim, 20000);
    assert_int_equal(host_read_reg(sim, host->base + host->cmd), 0);
    efuse_command(sim, host, 0x5AA5, 0x01);
    expect_word(sim, 4, 1, 0x07060504);
    esp_sim_free(sim);
}

/* The power goes before word n: the words before it stand, and nothing else. */
TEST(a_power_cut_leaves_the_words_that_were_burnt)
{
    static const char burn[] = KEY0;
    for (size_t cut = 1; cut <= 12; cut++) {
        char script[64], report[64];
        esp_sim_t *sim = blank();
        const efuse_host_t *host = efuse_host("esp32s3");
        efuse_set_timing(sim, host);
        efuse_fill(sim, host, burn);
        (void)snprintf(script, sizeof(script), "at efuse %u: disconnect 10ms", (unsigned)cut);
        assert_true(esp_sim_add_faults(sim, script, NULL, 0));
        host_write_reg(sim, host->base + host->conf, 0x5A5A);
        const uint32_t words[] = {host->base + host->cmd, 0x12, 0xFFFFFFFF, 0};
        host_send_words(sim, 0x09, words, 4);
        host_skip(sim, 100000);
        (void)snprintf(report, sizeof(report),
                       cut <= 11 ? ": cut before word %u of 11: not done\n" : "9DA: done\n", (unsigned)cut);
        assert_non_null(strstr(esp_sim_burns(sim), report));
        efuse_reset(sim);
        for (size_t word = 0; word < 8; word++) {
            uint32_t whole = 0x03020100u + (uint32_t)word * 0x04040404u;
            bool is_there =
                word + 1 < cut && cut != 2; /* three bytes are less than nothing with three errors */
            assert_int_equal(efuse_word(sim, host, 4, word), is_there ? whole : 0);
        }
        uint32_t errors = esp_sim_peek(sim, host->base + 0x1C0) >> 12;
        assert_int_equal(errors, cut == 1 || cut == 12 ? 0 : cut == 2 ? 3 : cut == 11 ? 4 : 8);
        host_end(sim);
    }
}

TEST(a_word_that_was_not_burnt_shows_when_it_is_read_back)
{
    esp_sim_t *sim = blank();
    const efuse_host_t *host = efuse_host("esp32s3");
    assert_true(esp_sim_add_faults(sim, "at efuse 2: drop", NULL, 0));
    efuse_burn(sim, host, "0x02 0=00000010 1=00000100");
    expect_word(sim, 0, 0, 0x10);
    expect_word(sim, 0, 1, 0);
    host_end(sim);
}

TEST(what_is_read_cannot_be_written)
{
    esp_sim_t *sim = blank();
    host_write_reg(sim, 0x60007000 + 0x30, 0xFFFFFFFF);
    expect_word(sim, 0, 1, 0);
    host_end(sim);
}

/* What takes effect when it is read. */
TEST(secure_download_mode_begins_when_it_is_read)
{
    esp_sim_t *sim = blank();
    const efuse_host_t *host = efuse_host("esp32s3");
    efuse_set_timing(sim, host);
    efuse_fill(sim, host, "0x02 4=00000020");
    efuse_command(sim, host, 0x5A5A, 0x02);
    host_write_reg(sim, host->base + host->conf, 0x5AA5);
    host_write_reg(sim, host->base + host->cmd, 1);
    host_wait_us(sim, 1000);
    host_send_words(sim, 0x0A, WORDS(host->base + host->cmd));
    const uint8_t refused_reply[12] = {1, 0, 4, 0, [8] = 1, 5};
    for (unsigned i = 0; i < 8; i++) {
        host_expect_frame(sim, refused_reply, sizeof(refused_reply));
    }
    host_send(sim, 0x14, 0, NULL, 0);
    const uint8_t reply[8 + 20 + 4] = {1, 0x14, 24, 0, 0, 0, 0, 0, 4, [20] = 9};
    host_expect_frame(sim, reply, sizeof(reply));
    host_end(sim);
}

static const struct {
    const char *chip, *burn;
    uint32_t revision;
    bool ends;
} silent[] = {{"esp32", "0x02 +1C=08000000", 300, true}, {"esp32", "0x02 +1C=08000000", 101, false},
              {"esp32s2", "0x02 4=00000001", 0, true},   {"esp32c2", "0x02 1=00004000", 0, true},
              {"esp32c5", "0x02 4=00000001", 0, true},   {"esp32c61", "0x02 3=00000001", 0, true},
              {"esp32s31", "0x02 4=00010000", 0, true},  {"esp32h4", "0x02 3=80000000", 0, true},
              {"esp32h21", "0x02 4=00000001", 0, true},  {"esp32p4", "0x02 4=00000001", 0, true}};

TEST_ROWS(without_download_mode_nothing_answers, silent)
{
    esp_sim_t *sim =
        host_start(&(esp_sim_config_t){FAST, .chip = row->chip, .wiring = ESP_SIM_WIRING_BRIDGE,
                                       .start_in_download = true, .chip_revision = row->revision});
    const efuse_host_t *host = efuse_host(row->chip);
    efuse_set_timing(sim, host);
    efuse_fill(sim, host, row->burn);
    efuse_command(sim, host, 0x5A5A, 0x02);
    host_write_reg(sim, host->base + host->conf, 0x5AA5);
    host_write_reg(sim, host->base + host->cmd, 1);
    host_wait_us(sim, 1000);
    if (row->ends) {
        host_expect_no_answer(sim);
        esp_sim_reset_button(sim, true);
        host_wait_us(sim, 400000);
        assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_BOOT_FAILED);
        assert_non_null(strstr(esp_sim_console(sim), "Download boot modes disabled"));
    } else {
        assert_int_equal(host_read_reg(sim, HOST_MAGIC), 0x00F01D83);
    }
    host_end(sim);
}
