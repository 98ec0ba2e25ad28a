/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a ROM is told when it is to attach the flash. On simulated chips: tests/against_sim/session.
 */
#include "common/bytes.h"
#include "conversation.h"
#include "esp_loader_flash_chip.h"
#include "session/flash.h"

/* Source: ESP-IDF, esp32/esp_efuse_table.csv, SPI_PAD_CONFIG_HD to _CLK; the order in the word: esptool 5.3,
 * SPI_ATTACH. */
TEST(an_esp32_is_told_the_pads_that_its_efuses_name)
{
    enum { HD = 21, CS = 13, D = 10, Q = 5, CLK = 3 };
    const size_t question_size = 1 + 8 + 4 + 1;
    open_connected(ESP32_CHIP);
    f.loader._is.flash_attached = false;
    answer(ELI_READ_REG, ~(0x1Fu << 4) | HD << 4);
    answer(ELI_READ_REG, 0xFFF00000u | CS << 15 | D << 10 | Q << 5 | CLK);
    answer(ELI_SPI_ATTACH, 0);
    answer(ELI_SPI_SET_PARAMS, 0);
    assert_int_equal(eli_flash_attach(&f.loader), ESP_LOADER_SUCCESS);
    const uint8_t *attach = f.script.sent + 2 * question_size;
    assert_int_equal(attach[2], ELI_SPI_ATTACH);
    assert_int_equal(eli_get_u32(attach + 9), HD << 24 | CS << 18 | D << 12 | Q << 6 | CLK);
}

/* ---- the flash of an ESP32-P4 that the host has to switch on ---- */

typedef struct {
    uint32_t address, value, mask;
    uint32_t wait_ms; /* at least, before what follows */
} change_t;

/* Sources: esptool 5.6, ESP32-P4 target, power_on_flash (order, bits, pauses); ESP-IDF, soc/esp32p4, registers of the PMU
 * and of the LP system (addresses). */
static const change_t by_host[] = {
    {0x5011010C, 0x00000001, 0xFFFFFFFF, 10}, /* pads */
    {0x501151BC, 0x08000000, 0x08000000, 0},  /* current limited */
    {0x501151B8, 0x00000080, 0x00000080, 0},  /* tied to its input */
    {0x501153FC, 0x00000003, 0x00000003, 1},  /* forced on */
    {0x501151BC, 0x00000000, 0x08000000, 0},  /* no longer limited */
    {0x501151B8, 0x00000000, 0x7F800000, 0},  /* voltage */
    {0x501151B8, 0x00000080, 0x00000080, 0},  /* taken over */
    {0x501151B8, 0x00000000, 0x00000080, 2},  /* no longer tied */
};
static const change_t by_rom[] = {{0x501153FC, 0x00000000, 0x00000003, 0}};

static void open_p4(uint32_t revision)
{
    open_connected(ESP32P4_CHIP);
    answer(ELI_READ_REG, revision | 0xFF7FFFC0u); /* the other bits say nothing about the revision */
}

static void assert_changes(const uint8_t *sent, const change_t *changes, size_t count)
{
    for (size_t i = 0; i < count; i++, sent += 1 + 8 + 16 + 1) {
        assert_int_equal(sent[2], ELI_WRITE_REG);
        assert_int_equal(eli_get_u32(sent + 9), changes[i].address);
        assert_int_equal(eli_get_u32(sent + 13), changes[i].value);
        assert_int_equal(eli_get_u32(sent + 17), changes[i].mask);
    }
    assert_ptr_equal(sent, f.script.sent + f.script.sent_size);
}

static void answer_changes(size_t count)
{
    for (size_t i = 0; i < count; i++) {
        answer(ELI_WRITE_REG, 0);
    }
}

TEST(an_esp32_p4_v3_1_has_its_flash_switched_on)
{
    const size_t count = sizeof(by_host) / sizeof(by_host[0]);

    open_p4(0x31);
    answer_changes(count);
    const uint32_t before_ms = f.port->now_ms;
    assert_int_equal(eli_flash_power_up(&f.loader), ESP_LOADER_SUCCESS);
    assert_changes(f.script.sent + 14, by_host, count);
    assert_in_range(f.port->now_ms - before_ms, 10 + 1 + 2, 20);
}

TEST(an_esp32_p4_v3_2_without_its_efuse_too)
{
    const size_t count = sizeof(by_host) / sizeof(by_host[0]);

    open_p4(0x32);
    answer(ELI_READ_REG, ~(1u << 16));
    answer_changes(count);
    assert_int_equal(eli_flash_power_up(&f.loader), ESP_LOADER_SUCCESS);
    assert_changes(f.script.sent + 2 * 14, by_host, count);
}

TEST(the_request_of_a_rom_that_has_switched_it_on_is_taken_back)
{
    open_p4(0x32);
    answer(ELI_READ_REG, 1u << 16);
    answer_changes(1);
    assert_int_equal(eli_flash_power_up(&f.loader), ESP_LOADER_SUCCESS);
    assert_changes(f.script.sent + 2 * 14, by_rom, 1);
}

TEST(other_revisions_have_power)
{
    static const uint32_t revisions[] = {0x30, 0x33, 0x01, 0x800031, 0x11};

    for (size_t i = 0; i < sizeof(revisions) / sizeof(revisions[0]); i++) {
        open_p4(revisions[i]);
        assert_int_equal(eli_flash_power_up(&f.loader), ESP_LOADER_SUCCESS);
        assert_changes(f.script.sent + 14, NULL, 0);
    }
}

/* What an SPI peripheral brings that does not come to an end is no answer of the flash. */
TEST(a_flash_command_that_does_not_end_is_a_failure)
{
    uint32_t status = 0;

    open_connected(ESP32S3_CHIP);
    for (uint32_t saved = 1; saved <= 3; saved++) {
        answer(ELI_READ_REG, saved);
    }
    for (unsigned written = 0; written < 6; written++) {
        answer(ELI_WRITE_REG, 0);
    }
    answer(ELI_READ_REG, 1u << 18);
    for (unsigned restored = 0; restored < 3; restored++) {
        answer(ELI_WRITE_REG, 0);
    }
    assert_int_equal(esp_loader_flash_read_status_registers(&f.loader, 1, &status),
                     ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(f.loader._detail.cause, ESP_LOADER_ERROR_FLASH_ID);
}
