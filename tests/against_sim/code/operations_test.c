/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Every operation of the library against a chip's own code: its mask ROM, and the published flasher stub that runs on it.
 * Over each link of the chip it must come out as with the model of the loader. Not here: starting a program in RAM, for
 * which the model needs none.
 */
#include <string.h>

#include "operations.h"

/* The chip, with memory to write to that neither ROM nor stub uses. */
static const chip_t *chip(void)
{
    static chip_t found;
    size_t i = 0;
    while (i < chip_count && strcmp(chips[i].sim_name, CHIP) != 0) {
        i++;
    }
    assert_true(i < chip_count);
    found = chips[i];
    found.ram_addr = FREE_RAM;
    return &found;
}

static esp_loader_error_t run_on(const operation_t *operation, int loader, esp_sim_wiring_t wiring,
                                 const char *rom)
{
    bench_t b = bench_for(chip(), wiring);
    b.config.accepts_any_stub = false;
    b.config.rom_elf = rom;
    b.target_loader = loader;
    bench_open(&b);
    memset(esp_sim_flash(b.sim), 0, b.config.flash_size);
    esp_loader_error_t err = bench_try_connect(&b);
    if (err != ESP_LOADER_SUCCESS) {
        fail_msg("%s: connecting: %s\n%s", operation->name, esp_loader_error_name(err),
                 esp_sim_console(b.sim));
    }
    err = operation->run(&b, chip());
    bench_close(&b);
    return err;
}

static void check(int loader, esp_sim_wiring_t wiring)
{
    for (size_t o = 0; o < operation_count; o++) {
        if ((operations[o].is_for_stub && loader == ROM) || strcmp(operations[o].name, "RAM") == 0) {
            continue;
        }
        esp_loader_error_t code = run_on(&operations[o], loader, wiring, ROM_FILE);
        esp_loader_error_t model = run_on(&operations[o], loader, wiring, NULL);
        if (code != model) {
            fail_msg("%s: %s with the code, %s with the model", operations[o].name,
                     esp_loader_error_name(code), esp_loader_error_name(model));
        }
    }
}

TEST(rom_does_what_its_model_does)
{
    check(ROM, ESP_SIM_WIRING_BRIDGE);
}

TEST(rom_does_what_its_model_does_over_usb)
{
    if (chip()->has_usb) {
        check(ROM, ESP_SIM_WIRING_USJ);
    }
}

TEST(stub_does_what_its_model_does)
{
    check(STUB, ESP_SIM_WIRING_BRIDGE);
}

TEST(stub_does_what_its_model_does_over_usb)
{
    if (chip()->has_usb) {
        check(STUB, ESP_SIM_WIRING_USJ);
    }
}
