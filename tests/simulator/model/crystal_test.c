/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a ROM makes of a rate when it is wrong about its crystal, byte for byte and in figures worked out by
 * hand.
 */
#include "host.h"

static esp_sim_t *start(const char *chip, uint32_t crystal_mhz, uint32_t rom_crystal_khz)
{
    esp_sim_config_t config = {.chip = chip,
                               .wiring = ESP_SIM_WIRING_NONE,
                               .crystal_mhz = crystal_mhz,
                               .rom_crystal_khz = rom_crystal_khz};
    return host_start(&config);
}

static bool is_understood_at(esp_sim_t *sim, uint32_t baud)
{
    uint8_t noise[64];
    frame_t frame;
    host_drain(sim, noise, sizeof(noise), 50000);
    esp_sim_host_set_rate(sim, baud);
    host_send_words(sim, 0x0A, WORDS(0x40001000));
    return host_receive(sim, &frame, 500000) && frame.size == 12 && frame.bytes[1] == 0x0A;
}

static const struct {
    const char *chip;
    uint32_t crystal_mhz, rom_crystal_khz;
    uint32_t actual; /* when it is asked for 460800 */
} crystals[] = {
    {"esp32c2", 26, 0, 299520},     {"esp32c2", 40, 0, 460800},     {"esp32c5", 48, 40000, 552960},
    {"esp32c5", 40, 48000, 384000}, {"esp32c5", 48, 48000, 460800}, {"esp32", 40, 44000, 418909},
    {"esp32", 26, 24000, 499200},   {"esp32", 40, 0, 460800},
};

TEST_ROWS(rom_that_is_wrong_about_its_crystal_is_off_by_the_same_factor, crystals)
{
    bool is_right = row->actual == 460800;
    esp_sim_t *sim = start(row->chip, row->crystal_mhz, row->rom_crystal_khz);
    host_words_ok(sim, 0x0F, WORDS(460800, 0));
    assert_int_equal(is_understood_at(sim, 460800), is_right);
    assert_true(is_understood_at(sim, row->actual));
    esp_sim_free(sim);
}

static const struct {
    const char *chip;
    uint32_t crystal_mhz, addr, whole;
} dividers[] = {
    {"esp32", 40, 0x3FF40014, 347},   {"esp32", 26, 0x3FF40014, 225},   {"esp32c2", 26, 0x60000014, 225},
    {"esp32c5", 48, 0x60000014, 416}, {"esp32s2", 40, 0x3F400014, 347}, {"esp32h2", 32, 0x60000014, 277},
};

TEST_ROWS(divider_register_tells_the_crystal, dividers)
{
    esp_sim_t *sim = start(row->chip, row->crystal_mhz, 0);
    assert_int_equal(host_read_reg(sim, row->addr) & 0xFFFFF, row->whole);
    host_end(sim);
}

TEST(rom_of_a_26_mhz_c2_prints_its_text_at_74880_baud)
{
    char text[256] = "";
    esp_sim_config_t config = {.chip = "esp32c2", .wiring = ESP_SIM_WIRING_NONE, .crystal_mhz = 26};
    for (int attempt = 0; attempt < 2; attempt++) {
        esp_sim_t *sim = host_new(&config);
        esp_sim_host_set_rate(sim, attempt == 0 ? 115200 : 74880);
        memset(text, 0, sizeof(text));
        host_drain(sim, text, sizeof(text) - 1, 200000);
        assert_int_equal(strstr(text, "waiting for download") != NULL, attempt == 1);
        esp_sim_free(sim);
    }
}

TEST_ROM(spi_clock_register_holds_the_crystal_that_the_rom_assumes, TIMED, .chip = "esp32c5",
         .wiring = ESP_SIM_WIRING_NONE, .crystal_mhz = 48, .rom_crystal_khz = 40000)
{
    assert_int_equal(host_read_reg(sim, 0x60096110) >> 24 & 0x7F, 40);
}

TEST_ROM(calibration_registers_hold_the_crystal_that_the_rom_assumes, TIMED, .chip = "esp32",
         .wiring = ESP_SIM_WIRING_NONE, .crystal_mhz = 40, .rom_crystal_khz = 41200)
{
    uint64_t cycles = host_read_reg(sim, 0x3FF5F06C) >> 7;
    uint64_t ck8m = host_read_reg(sim, 0x3FF5A010) & 0xFF;
    assert_in_range(cycles * 15625 * ck8m / 40, 41170000, 41230000);
}

TEST(impossible_crystals_are_refused_with_a_sentence)
{
    host_expect_no_chip(&(esp_sim_config_t){.crystal_mhz = 26}, "ESP32-S3 has no crystal of 26 MHz");
    host_expect_no_chip(&(esp_sim_config_t){.rom_crystal_khz = 41000},
                        "the ROM of ESP32-S3 never takes its crystal for one of 41000 kHz");
    host_expect_no_chip(&(esp_sim_config_t){.chip = "esp32c5", .rom_crystal_khz = 26000},
                        "the ROM of ESP32-C5 never takes its crystal for one of 26000 kHz");
    host_expect_no_chip(
        &(esp_sim_config_t){.chip = "esp32", .wiring = ESP_SIM_WIRING_BRIDGE, .rom_crystal_khz = 26000},
        "the ROM of ESP32 never takes its crystal for one of 26000 kHz");
}
