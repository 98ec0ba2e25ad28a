/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a ROM is told when it is to attach the flash. On simulated chips: tests/against_sim/session.
 */
#include "common/bytes.h"
#include "conversation.h"
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
