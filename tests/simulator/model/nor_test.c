/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The flash part itself: NOR rules, and its commands over the SPI1 registers as hosts use them.
 */
#define _DEFAULT_SOURCE /* mkstemp, truncate */
#include <stdlib.h>
#include <unistd.h>

#include "host.h"

enum {
    SPI = 0x60002000,
    SPI_CMD = SPI + 0x00,
    SPI_ADDR = SPI + 0x04,
    SPI_USR = SPI + 0x18,
    SPI_USR1 = SPI + 0x1C,
    SPI_USR2 = SPI + 0x20,
    SPI_MOSI_DLEN = SPI + 0x24,
    SPI_MISO_DLEN = SPI + 0x28,
    SPI_W0 = SPI + 0x58,
};

/* One user command. addr_bits and dummy_bits may be 0. Returns W0 after it. */
static uint32_t command(esp_sim_t *sim, uint8_t opcode, uint32_t addr, uint32_t addr_bits,
                        uint32_t dummy_bits, uint32_t mosi_bits, uint32_t data, uint32_t miso_bits)
{
    uint32_t usr = 1u << 31 | (addr_bits > 0 ? 1u << 30 : 0) | (dummy_bits > 0 ? 1u << 29 : 0) |
                   (miso_bits > 0 ? 1u << 28 : 0) | (mosi_bits > 0 ? 1u << 27 : 0);
    if (mosi_bits > 0) {
        host_write_reg(sim, SPI_MOSI_DLEN, mosi_bits - 1);
    }
    if (miso_bits > 0) {
        host_write_reg(sim, SPI_MISO_DLEN, miso_bits - 1);
    }
    host_write_reg(sim, SPI_USR1,
                   (dummy_bits > 0 ? dummy_bits - 1 : 0) | (addr_bits > 0 ? (addr_bits - 1) << 26 : 0));
    host_write_reg(sim, SPI_USR, usr);
    host_write_reg(sim, SPI_USR2, 7u << 28 | opcode);
    host_write_reg(sim, SPI_ADDR, addr);
    host_write_reg(sim, SPI_W0, data);
    host_write_reg(sim, SPI_CMD, 1u << 18);
    assert_int_equal(host_read_reg(sim, SPI_CMD), 0);
    return host_read_reg(sim, SPI_W0);
}

static uint32_t simple(esp_sim_t *sim, uint8_t opcode, uint32_t miso_bits)
{
    return command(sim, opcode, 0, 0, 0, 0, 0, miso_bits);
}

/* An official stub uses them where the flash is larger than 16 MB. */
TEST_FLASH(addresses_of_four_bytes_reach_beyond_16_mb, FAST, .flash_size = 32u << 20)
{
    const uint32_t at = (16u << 20) + 0x34560;
    memset(esp_sim_flash(sim) + at, 0, 4096);
    simple(sim, 0x06, 0);
    command(sim, 0x21, at, 32, 0, 0, 0, 0);
    assert_int_equal(command(sim, 0x13, at, 32, 0, 0, 0, 32), 0xFFFFFFFF);
    simple(sim, 0x06, 0);
    command(sim, 0x12, at, 32, 0, 32, 0x11223344, 0);
    assert_int_equal(command(sim, 0x13, at, 32, 0, 0, 0, 32), 0x11223344);
    assert_int_equal(command(sim, 0x0C, at, 32, 8, 0, 0, 32), 0x11223344);
    simple(sim, 0x06, 0);
    command(sim, 0xDC, at, 32, 0, 0, 0, 0);
    assert_int_equal(command(sim, 0x13, at, 32, 0, 0, 0, 32), 0xFFFFFFFF);
}

static const struct {
    uint32_t size, id;
} SIZES[] = {
    {256u << 10, 0x1240EF}, {1u << 20, 0x1440EF},  {4u << 20, 0x1640EF},  {8u << 20, 0x1740EF},
    {16u << 20, 0x1840EF},  {32u << 20, 0x1940EF}, {64u << 20, 0x2040EF}, {128u << 20, 0x2140EF},
};

TEST_ROWS(jedec_id_tells_the_size, SIZES)
{
    esp_sim_t *sim = host_start_attached(&(esp_sim_config_t){FAST, .flash_size = row->size});
    assert_int_equal(simple(sim, 0x9F, 24), row->id);
    host_end(sim);
}

TEST_FLASH(jedec_id_can_be_chosen, FAST, .flash_jedec_id = 0x164020)
{
    assert_int_equal(simple(sim, 0x9F, 24), 0x164020);
}

TEST_FLASH(jedec_id_can_be_absent, FAST, .flash_jedec_id = 0xFFFFFFFF)
{
    assert_int_equal(simple(sim, 0x9F, 24), 0xFFFFFF);
}

/* A host cannot know better than the id, so using all that it tells is no misuse. */
TEST_ROM(part_whose_id_tells_more_than_it_has_wraps_around, FAST, .flash_size = 1u << 20,
         .flash_jedec_id = 0x1640EF)
{
    static const uint8_t low[] = {1, 2, 3, 4};
    static const uint8_t high[] = {5, 6, 7, 8};
    host_words_ok(sim, 0x0D, WORDS(0, 0));
    host_words_ok(sim, 0x0B, WORDS(0, 4u << 20, 0x10000, 0x1000, 0x100, 0xFFFF));
    host_flash_write(sim, 0x10000, low, sizeof(low));
    assert_memory_equal(esp_sim_flash(sim) + 0x10000, low, sizeof(low));
    host_flash_write(sim, (3u << 20) + 0x10000, high, sizeof(high));
    assert_memory_equal(esp_sim_flash(sim) + 0x10000, high, sizeof(high));
    assert_string_equal(esp_sim_misuse(sim), "");
    host_words_ok(sim, 0x0B, WORDS(0, 8u << 20, 0x10000, 0x1000, 0x100, 0xFFFF)); /* than the id, too */
    host_expect_misuse(sim, "SPI_SET_PARAMS with 8388608 bytes, the flash has 1048576");
}

TEST_ROM(flash_does_not_answer_before_attach, FAST)
{
    assert_int_equal(simple(sim, 0x9F, 24), 0xFFFFFF);
    host_expect_misuse(sim, "before SPI_ATTACH");
}

TEST_FLASH(sfdp_has_signature_and_density, FAST, .flash_size = 4u << 20)
{
    assert_int_equal(command(sim, 0x5A, 0, 24, 8, 0, 0, 32), 0x50444653);
    assert_int_equal(command(sim, 0x5A, 0x34, 24, 8, 0, 0, 32), (4u << 20) * 8 - 1);
    assert_int_equal(command(sim, 0x5A, 0x1000, 24, 8, 0, 0, 32), 0xFFFFFFFF);
}

TEST_FLASH(unique_id_is_made_from_the_mac, FAST)
{
    assert_int_equal(command(sim, 0x4B, 0, 0, 32, 0, 0, 32), 0x0002E5E5);
}

TEST_FLASH(programming_only_clears_bits, FAST)
{
    esp_sim_flash(sim)[0x100] = 0xF0;
    simple(sim, 0x06, 0);
    command(sim, 0x02, 0x100, 24, 0, 8, 0xAA, 0);
    assert_int_equal(esp_sim_flash(sim)[0x100], 0xA0);
}

TEST_FLASH(nothing_changes_without_write_enable, FAST)
{
    command(sim, 0x02, 0x100, 24, 0, 8, 0x00, 0);
    assert_int_equal(esp_sim_flash(sim)[0x100], 0xFF);
    simple(sim, 0x06, 0);
    assert_int_equal(simple(sim, 0x05, 8), 0x02);
    simple(sim, 0x04, 0);
    assert_int_equal(simple(sim, 0x05, 8), 0x00);
    command(sim, 0x20, 0, 24, 0, 0, 0, 0);
    assert_int_equal(esp_sim_stats(sim)->sector_erases, 0);
}

TEST_FLASH(erase_units_are_aligned_down, FAST, .flash_size = 1u << 20)
{
    static const struct {
        uint8_t opcode;
        uint32_t start, size;
    } CASES[] = {{0x20, 0x34000, 0x1000}, {0xD8, 0x30000, 0x10000}, {0xC7, 0, 1u << 20}};
    for (size_t i = 0; i < 3; i++) {
        memset(esp_sim_flash(sim), 0, 1u << 20);
        simple(sim, 0x06, 0);
        command(sim, CASES[i].opcode, 0x34567, CASES[i].opcode == 0xC7 ? 0 : 24, 0, 0, 0, 0);
        uint32_t erased = 0;
        for (uint32_t at = 0; at < 1u << 20; at++) {
            erased += esp_sim_flash(sim)[at] == 0xFF;
        }
        assert_int_equal(erased, CASES[i].size);
        assert_int_equal(esp_sim_flash(sim)[CASES[i].start], 0xFF);
        host_wait_us(sim, 1);
    }
}

TEST_FLASH(part_is_busy_while_it_erases, TIMED)
{
    simple(sim, 0x06, 0);
    command(sim, 0xD8, 0, 24, 0, 0, 0, 0);
    assert_int_equal(simple(sim, 0x05, 8), 0x01);
    assert_int_equal(simple(sim, 0x9F, 24), 0xFFFFFF); /* ignored while busy */
    host_wait_us(sim, 150000);
    assert_int_equal(simple(sim, 0x05, 8), 0x00);
    assert_int_equal(simple(sim, 0x9F, 24), 0x1740EF);
}

TEST_FLASH(protected_flash_ignores_writes_until_unprotected, FAST, .faults = "flash protected")
{
    host_flash_begin(sim, 0, 1024);
    uint8_t data[1024] = {0};
    host_block_refused(sim, 0x03, 0x08, 0, data, sizeof(data));
    assert_int_equal(simple(sim, 0x05, 8), 0x1C);
    simple(sim, 0x06, 0);
    command(sim, 0x01, 0, 0, 0, 8, 0x00, 0);
    host_flash_write(sim, 0, data, sizeof(data));
    assert_int_equal(esp_sim_flash(sim)[0], 0x00);
}

TEST_FLASH(powered_down_part_answers_only_the_release, FAST)
{
    simple(sim, 0xB9, 0);
    assert_int_equal(simple(sim, 0x9F, 24), 0xFFFFFF);
    simple(sim, 0xAB, 0);
    assert_int_equal(simple(sim, 0x9F, 24), 0x1740EF);
}

TEST_FLASH(stuck_bits_stay_and_are_found_by_the_read_back, FAST,
           .faults = "flash stuck 0x1005 bit 3 at 0; flash stuck 0x2000 bit 7 at 1")
{
    assert_int_equal(esp_sim_flash(sim)[0x1005], 0xF7);
    uint8_t data[1024];
    memset(data, 0xFF, sizeof(data));
    host_flash_begin(sim, 0x1000, 1024);
    assert_int_equal(esp_sim_flash(sim)[0x1005], 0xF7);
    host_block_refused(sim, 0x03, 0x08, 0, data, sizeof(data));
    host_flash_begin(sim, 0x2000, 1024);
    memset(data, 0x00, sizeof(data));
    host_block_refused(sim, 0x03, 0x08, 0, data, sizeof(data));
    assert_int_equal(esp_sim_flash(sim)[0x2000], 0x80);
}

TEST(content_survives_a_file)
{
    char path[] = "/tmp/esp-sim-test-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    esp_sim_config_t config = {.timing = ESP_SIM_TIMING_FAST, .flash_size = 256u << 10};
    char error[200] = "";
    esp_sim_t *sim = host_new(&config);
    memcpy(esp_sim_flash(sim) + 0x3FFFC, "tail", 4);
    assert_true(esp_sim_flash_save(sim, path, error, sizeof(error)));
    host_end(sim);

    sim = host_new(&config);
    esp_sim_flash(sim)[5] = 0;
    assert_true(esp_sim_flash_load(sim, path, error, sizeof(error)));
    assert_int_equal(esp_sim_flash(sim)[5], 0xFF);
    assert_memory_equal(esp_sim_flash(sim) + 0x3FFFC, "tail", 4);

    assert_int_equal(truncate(path, 3), 0);
    esp_sim_flash(sim)[2] = 0;
    assert_true(esp_sim_flash_load(sim, path, error, sizeof(error)));
    assert_int_equal(esp_sim_flash(sim)[2], 0xFF);
    assert_int_equal(esp_sim_flash(sim)[3], 0xFF);
    assert_int_equal(esp_sim_flash(sim)[0x3FFFC], 0xFF);

    assert_int_equal(truncate(path, (256 << 10) + 1), 0);
    assert_false(esp_sim_flash_load(sim, path, error, sizeof(error)));
    assert_non_null(strstr(error, "larger than the flash"));
    unlink(path);
    assert_false(esp_sim_flash_load(sim, path, error, sizeof(error)));
    assert_non_null(strstr(error, "cannot open"));
    assert_false(esp_sim_flash_save(sim, "/nowhere/flash.bin", error, sizeof(error)));
    assert_non_null(strstr(error, "cannot write"));
    host_end(sim);
}
