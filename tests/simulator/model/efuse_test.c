/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * eFuses that a config has burnt, as registers, security information and the ROM's behaviour show them.
 */
#define _DEFAULT_SOURCE /* mkstemp */
#include "host.h"

#include <stdlib.h>
#include <unistd.h>

TEST_ROM(burnt_bits_are_added_to_the_identity, FAST, .chip_revision = 2,
         .efuses = {{0x60007050, 0x08000000}, {0x60007054, 0x13}})
{
    assert_int_equal(host_read_reg(sim, 0x60007050), 0x08000000 | 2u << 18);
    assert_int_equal(host_read_reg(sim, 0x60007054), 0x13);
}

/* A file of that many bytes, which count up from 1; those that would switch download mode off are 0. */
static void make_file(char path[32], size_t size)
{
    (void)strcpy(path, "/tmp/esp-sim-efuse-XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    for (size_t i = 0; i < size; i++) {
        assert_int_equal(write(fd, &(uint8_t){(uint8_t)(i / 4 == 0x3C / 4 ? 0 : i + 1)}, 1), 1);
    }
    assert_int_equal(close(fd), 0);
}

TEST(a_file_says_what_the_registers_hold)
{
    char path[32];
    make_file(path, 0x4C);
    esp_sim_t *sim =
        host_start(&(esp_sim_config_t){FAST, .efuse_file = path, .efuses = {{0x60007048, 0x80}}});
    assert_int_equal(host_read_reg(sim, 0x60007000), 0); /* the write buffer */
    assert_int_equal(host_read_reg(sim, 0x6000702C), 0x302F2E2D);
    assert_int_equal(host_read_reg(sim, 0x60007044), 0x48474645); /* in place of the MAC address */
    assert_int_equal(host_read_reg(sim, 0x60007048), 0x4C4B4AC9); /* a bit of its own is added */
    assert_int_equal(host_read_reg(sim, 0x6000704C), 0);
    host_end(sim);
    assert_int_equal(unlink(path), 0);
}

TEST(a_file_that_no_registers_can_hold_is_refused)
{
    char path[32], sentence[128];
    make_file(path, 0x204);
    (void)snprintf(sentence, sizeof(sentence),
                   "'%s' is not what eFuse registers of ESP32-S3 hold: up to 128 words", path);
    host_expect_no_chip(&(esp_sim_config_t){.efuse_file = path}, sentence);
    assert_int_equal(truncate(path, 6), 0);
    host_expect_no_chip(&(esp_sim_config_t){.efuse_file = path}, sentence);
    assert_int_equal(unlink(path), 0);
    (void)snprintf(sentence, sizeof(sentence), "cannot read '%s': No such file or directory", path);
    host_expect_no_chip(&(esp_sim_config_t){.efuse_file = path}, sentence);
}

/* KEY0 and KEY1; KEY2 and KEY5 */
TEST_ROM(security_info_tells_what_the_efuses_say, FAST, .is_flash_encrypted = true,
         .secure_boot = ESP_SIM_SECURE_BOOT_V2,
         .efuses = {{0x60007034, 4u << 24 | 9u << 28}, {0x60007038, 10u | 11u << 12}})
{
    host_send(sim, 0x14, 0, NULL, 0);
    const uint8_t reply[8 + 20 + 4] = {1, 0x14, 24, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 4, 9, 10, 0, 0, 11, 0, 9};
    host_expect_frame(sim, reply, sizeof(reply));
}

TEST_ROM(key_purposes_of_the_c5_have_five_bits, FAST, .chip = "esp32c5",
         .efuses = {{0x600B4834, 17u << 22 | 18u << 27}})
{
    host_send(sim, 0x14, 0, NULL, 0);
    const uint8_t reply[8 + 20 + 4] = {1, 0x14, 24, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 17, 18, 0, 0, 0, 0, 0, 23};
    host_expect_frame(sim, reply, sizeof(reply));
}

static const struct {
    const char *chip;
    uint32_t ram;
    bool jumps;
} jumps[] = {{"esp32s3", 0x40378000, false}, {"esp32c3", 0x4037C000, false}, {"esp32c6", 0x40800000, true}};

TEST_ROWS(secure_boot_keeps_the_rom_from_jumping_on_two_chips, jumps)
{
    esp_sim_t *sim =
        host_start(&(esp_sim_config_t){FAST, .chip = row->chip, .secure_boot = ESP_SIM_SECURE_BOOT_V2});
    host_words_ok(sim, 0x05, WORDS(16, 1, 16, row->ram));
    host_fill_block(sim, 0x07, 0, 0, 16, 0);
    host_words_ok(sim, 0x06, WORDS(0, row->ram));
    host_wait_us(sim, 100000);
    assert_int_equal(esp_sim_state(sim), row->jumps ? ESP_SIM_STATE_RAM_CODE : ESP_SIM_STATE_DOWNLOAD_ROM);
    host_end(sim);
}

TEST(what_a_chip_does_not_have_is_refused_with_a_sentence)
{
    host_expect_no_chip(&(esp_sim_config_t){.efuses = {{0x60007051, 1}}},
                        "invalid eFuse address 0x60007051: those of ESP32-S3 are 0x60007000 to 0x600071FC");
    host_expect_no_chip(&(esp_sim_config_t){.efuses = {{0x60007200, 1}}},
                        "invalid eFuse address 0x60007200: those of ESP32-S3 are 0x60007000 to 0x600071FC");
    host_expect_no_chip(&(esp_sim_config_t){.secure_boot = ESP_SIM_SECURE_BOOT_V1},
                        "ESP32-S3 has no secure boot V1");
    host_expect_no_chip(
        &(esp_sim_config_t){.chip = "esp8266", .wiring = ESP_SIM_WIRING_BRIDGE, .is_flash_encrypted = true},
        "ESP8266 has no flash encryption");
    host_expect_no_chip(&(esp_sim_config_t){.chip = "esp8266",
                                            .wiring = ESP_SIM_WIRING_BRIDGE,
                                            .secure_boot = ESP_SIM_SECURE_BOOT_V2},
                        "ESP8266 has no secure boot V2");
}
