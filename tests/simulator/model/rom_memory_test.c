/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Loading RAM through the ROM.
 */
#include "host.h"

enum { RAM = 0x3FC90000, IRAM = 0x40378000 };

static void load(esp_sim_t *sim, uint32_t addr, const uint8_t *data, uint32_t size)
{
    host_words_ok(sim, 0x05, WORDS(size, (size + 0x17FF) / 0x1800, 0x1800, addr));
    for (uint32_t at = 0; at < size; at += 0x1800) {
        host_block_ok(sim, 0x07, at / 0x1800, data + at, size - at < 0x1800 ? size - at : 0x1800);
    }
}

TEST_ROM(loaded_bytes_are_in_ram, FAST)
{
    static uint8_t data[0x1800 + 8];
    for (size_t i = 0; i < sizeof(data); i++) {
        data[i] = (uint8_t)(i * 7);
    }
    load(sim, RAM, data, sizeof(data));
    for (uint32_t at = 0; at < sizeof(data); at += 4) {
        assert_int_equal(esp_sim_peek(sim, RAM + at), get32(data + at));
    }
    assert_int_equal(esp_sim_peek(sim, RAM + sizeof(data)), 0);
    host_words_ok(sim, 0x06, WORDS(1, 0));
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_DOWNLOAD_ROM);
}

TEST_ROM(jump_is_answered_then_the_loader_is_gone, FAST)
{
    uint8_t code[64] = {0};
    load(sim, IRAM, code, sizeof(code));
    host_words_ok(sim, 0x06, WORDS(0, IRAM + 4));
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_RAM_CODE);
    assert_non_null(strstr(esp_sim_console(sim), "[sim] jump to 0x40378004 in RAM; no code is executed\r\n"));
}

TEST_ROM(data_without_begin_and_bad_checksums_are_refused, FAST, .as_rom = true)
{
    uint8_t data[16 + 8] = {8};
    host_send(sim, 0x07, 0xEF, data, sizeof(data));
    host_expect_reason(sim, 0x07, 0x06);
    host_words_ok(sim, 0x05, WORDS(8, 1, 0x1800, RAM));
    host_send(sim, 0x07, 0xEE, data, sizeof(data));
    host_expect_reason(sim, 0x07, 0x07);
    host_send(sim, 0x07, 0xEF, data, sizeof(data)); /* the refused one has been counted */
    host_expect_reason(sim, 0x07, 0x05);
    data[4] = 1;
    host_send(sim, 0x07, 0xEF, data, sizeof(data));
    host_expect_ok(sim, 0x07);
    data[4] = 2;
    data[0] = 9; /* length field and data differ */
    host_send(sim, 0x07, 0xEF, data, sizeof(data));
    host_expect_reason(sim, 0x07, 0x05);
}

TEST(reset_forgets_a_begun_load)
{
    esp_sim_t *sim = host_start(NULL);
    host_words_ok(sim, 0x05, WORDS(8, 1, 0x1800, RAM));
    host_usj_download(sim);
    host_sync(sim);
    host_fill_block(sim, 0x07, 0, 0, 8, 0x06);
    esp_sim_free(sim);
}
