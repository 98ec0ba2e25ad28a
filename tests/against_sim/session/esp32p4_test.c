/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The ESP32-P4: its revision has three major bits, some revisions leave the flash without power, and newer
 * ones stop when they are asked for the register by which older chips are told apart.
 */
#include <string.h>

#include "bench.h"

static bench_t make_bench(uint32_t revision, esp_sim_wiring_t wiring)
{
    return (bench_t){
        .config = {
            .chip = "esp32p4", .wiring = wiring, .timing = ESP_SIM_TIMING_FAST, .chip_revision = revision}};
}

static void write_and_verify(bench_t *b)
{
    static uint8_t data[5000];
    bench_fill(data, sizeof(data), 4);
    assert_success(bench_flash(b, 0x10000, data, sizeof(data), false));
    assert_memory_equal(esp_sim_flash(b->sim) + 0x10000, data, sizeof(data));
}

static const uint32_t revisions[] = {1, 100, 103, 300, 301, 302, 303, 400, 715};

TEST_CONNECTED_EACH(every_revision_is_told_apart_and_its_flash_has_power, COUNT(revisions) * 2,
                    make_bench(revisions[i / 2], i % 2 == 0 ? ESP_SIM_WIRING_USJ : ESP_SIM_WIRING_BRIDGE))
{
    uint32_t revision;
    assert_success(esp_loader_read_chip_revision(&b->loader, &revision));
    assert_int_equal(revision, revisions[i / 2]);
    write_and_verify(b);
}

/* Where an eFuse makes the ROM switch the flash on, the request is taken back, and only that is done: with
 * the next start over USB the ROM makes it again, which fails when the last one still stands. */
TEST(flash_that_the_rom_has_switched_on_is_left_on)
{
    bench_t b = make_bench(302, ESP_SIM_WIRING_USJ);
    b.config.rom_powers_flash = true;
    bench_connect(&b);
    assert_int_equal(esp_sim_peek(b.sim, 0x501153FC), 0);
    assert_int_equal(esp_sim_peek(b.sim, 0x5011010C), 0);
    write_and_verify(&b);
    assert_success(esp_loader_connect(&b.loader, NULL));
    write_and_verify(&b);
    /* as a flasher leaves it that does not take it back */
    assert_success(esp_loader_write_register(&b.loader, 0x501153FC, 3));
    assert_success(esp_loader_connect(&b.loader, NULL));
    write_and_verify(&b);
    bench_close(&b);
}

/* On v3.1 the same eFuse has no effect. */
TEST(the_revision_decides_who_switches_the_flash_on)
{
    bench_t b = make_bench(301, ESP_SIM_WIRING_USJ);
    b.config.rom_powers_flash = true;
    bench_connect(&b);
    assert_int_equal(esp_sim_peek(b.sim, 0x501153FC) & 3, 3);
    write_and_verify(&b);
    bench_close(&b);
}

TEST_CONNECTED(other_bits_of_the_power_registers_are_kept, make_bench(302, ESP_SIM_WIRING_USJ))
{
    assert_success(esp_loader_write_register(&b->loader, 0x501151B8, 0x80000055));
    assert_success(esp_loader_write_register(&b->loader, 0x501151BC, 0x00001234));
    assert_success(esp_loader_write_register(&b->loader, 0x501153FC, 0x02309280));
    assert_success(esp_loader_connect(&b->loader, NULL));
    assert_int_equal(esp_sim_peek(b->sim, 0x501151B8), 0x80000055);
    assert_int_equal(esp_sim_peek(b->sim, 0x501151BC), 0x00001234);
    assert_int_equal(esp_sim_peek(b->sim, 0x501153FC), 0x02309283);
}

/* Its registers cannot be written then, so the flash has power only where the ROM gives it. */
TEST_OPEN_EACH(flash_is_not_switched_on_in_secure_download_mode, 2u,
               BENCH(.chip = "esp32p4", .wiring = ESP_SIM_WIRING_BRIDGE, .timing = ESP_SIM_TIMING_FAST,
                     .chip_revision = 302, .is_secure_download = true, .rom_powers_flash = i != 0))
{
    static const uint8_t data[16] = {1};
    assert_success(esp_loader_connect_secure_download_mode(&b->loader, NULL, 8u << 20));
    assert_int_equal(esp_loader_get_target(&b->loader), ESP32P4_CHIP);
    assert_int_equal(bench_flash(b, 0x10000, data, sizeof(data), true),
                     i != 0 ? ESP_LOADER_SUCCESS : ESP_LOADER_ERROR_INVALID_RESPONSE);
    b->expects_misuse = true;
}

/* The model's own check: what a flasher must not do is noticed. */
TEST_CONNECTED_EACH(chip_stops_when_it_is_asked_for_the_magic_register, 2u,
                    make_bench(i == 0 ? 103 : 300, ESP_SIM_WIRING_USJ))
{
    uint32_t value;
    esp_loader_error_t err = esp_loader_read_register(&b->loader, 0x40001000, &value);
    if (i == 0) {
        assert_success(err);
    } else {
        assert_int_equal(err, ESP_LOADER_ERROR_TIMEOUT);
        assert_non_null(strstr(esp_sim_misuse(b->sim), "0x40001000"));
        b->expects_misuse = true;
    }
}
