/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The CDC device of a ROM on USB-OTG: what the lines do to ROM and stub, and how it leaves and joins the bus.
 */
#include "host.h"

enum { TEXT = 0x40028000, DATA = 0x3FFE2DC4, FORCE_DOWNLOAD = 0x3F408128 };

#define OTG                                                                                                  \
    FAST, .chip = "esp32s2", .wiring = ESP_SIM_WIRING_OTG, .start_in_download = true, .accepts_any_stub = true

static void load(esp_sim_t *sim, uint32_t addr, uint32_t size)
{
    uint8_t bytes[0x800] = {0};
    host_words_ok(sim, 0x05, WORDS(size, 1, sizeof(bytes), addr));
    host_block_ok(sim, 0x07, 0, bytes, size);
}

static esp_sim_t *start_stub(const esp_sim_config_t *config)
{
    esp_sim_t *sim = host_start(config);
    load(sim, TEXT, 0x800);
    load(sim, DATA, 212);
    host_write_reg(sim, FORCE_DOWNLOAD, 1);
    host_words_ok(sim, 0x06, WORDS(0, TEXT + 4));
    host_expect_frame(sim, "OHAI", 4);
    return sim;
}

TEST_ROM(rom_does_not_act_on_the_lines, OTG)
{
    for (unsigned pair = 0; pair < 12; pair++) {
        esp_sim_host_set_lines(sim, (pair & 1) != 0, (pair & 2) != 0);
        host_wait_us(sim, 1000);
    }
    assert_int_equal(esp_sim_stats(sim)->resets, 0);
    assert_int_equal(host_read_reg(sim, 0x3FFFFD14) & 0xFF, 2); /* port in use: USB-OTG */
}

TEST_ON(stub_resets_the_chip_when_rts_falls, start_stub, OTG)
{
    esp_sim_host_set_lines(sim, true, true);
    esp_sim_host_set_lines(sim, false, true);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_DOWNLOAD_STUB);
    esp_sim_host_set_lines(sim, false, false);
    host_wait_us(sim, 2000000);
    assert_true(esp_sim_is_attached(sim));
    assert_int_equal(esp_sim_attach_count(sim), 2);
    assert_int_equal(esp_sim_peek(sim, FORCE_DOWNLOAD), 0);
    /* It was a core reset, so the boot pin, low when the chip started, still counts. */
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_DOWNLOAD_ROM);
    assert_non_null(strstr(esp_sim_console(sim), "rst:0x3 (RTC_SW_SYS_RST)"));
}

TEST_ROM(watchdog_samples_the_boot_pin_again, OTG)
{
    host_write_reg(sim, 0x3F4080AC, 0x50D83AA1);
    host_write_reg(sim, 0x3F408098, 2000);
    host_write_reg(sim, 0x3F408094, 0xD0000102);
    host_wait_us(sim, 2000000);
    assert_true(esp_sim_is_attached(sim));
    assert_int_equal(esp_sim_attach_count(sim), 2);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_BOOT_FAILED);
}

TEST_ROM(large_blocks_are_reported, OTG)
{
    uint8_t bytes[0x801] = {0};
    host_words_ok(sim, 0x05, WORDS(0x1000, 1, 0x1000, TEXT));
    host_block_ok(sim, 0x07, 0, bytes, sizeof(bytes));
    host_expect_misuse(sim, "block of 2049 bytes, USB-OTG is good for 2048");
}

TEST(chips_without_it_are_refused_with_a_sentence)
{
    host_expect_no_chip(&(esp_sim_config_t){.chip = "esp32c3", .wiring = ESP_SIM_WIRING_OTG},
                        "the ROM of ESP32-C3 has no console on USB-OTG: choose another wiring");
}
