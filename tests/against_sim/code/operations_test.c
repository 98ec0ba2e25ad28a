/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Every operation of the library against a chip's own code: its mask ROM, and the published flasher stub that runs on it.
 * Over each link of the chip it must come out as with the model of the loader, and as the table in
 * docs/real-code.md says. Starting a program in RAM, for
 * which the model needs none, is a test of its own.
 */
#include <stdio.h>
#include <string.h>

#include "operations.h"
#include "rom.h"

/* The chip whose ROM it is, with memory to write to that neither ROM nor stub uses. */
static const chip_t *chip(void)
{
    static chip_t found;
    size_t i = 0;
    while (i < chip_count && strcmp(chips[i].sim_name, rom()->chip) != 0) {
        i++;
    }
    assert_true(i < chip_count);
    found = chips[i];
    found.ram_addr = rom()->free_ram;
    found.revision = rom()->revision;
    return &found;
}

static esp_loader_error_t run_on(const operation_t *operation, int loader, esp_sim_wiring_t wiring,
                                 const char *elf)
{
    bench_t b = bench_for(chip(), wiring);
    b.config.accepts_any_stub = false;
    b.config.rom_elf = elf;
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

/* Not here: what needs a stub, without one. */
static bool is_run(const operation_t *operation, int loader)
{
    return strcmp(operation->name, "RAM") != 0 && (loader == STUB || !operation->is_for_stub);
}

static esp_loader_error_t result_of(const operation_t *operation, int loader, esp_sim_wiring_t wiring)
{
    esp_loader_error_t code = run_on(operation, loader, wiring, rom_file());
    esp_loader_error_t model = run_on(operation, loader, wiring, NULL);
    if (code != model) {
        fail_msg("%s: %s with the code, %s with the model", operation->name, esp_loader_error_name(code),
                 esp_loader_error_name(model));
    }
    return code;
}

/* A line of the table in docs/real-code.md. */
typedef struct {
    char text[400];
    size_t size;
} line_t;

__attribute__((format(printf, 2, 3))) static void add(line_t *line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int size = vsnprintf(line->text + line->size, sizeof(line->text) - line->size, format, args);
    va_end(args);
    assert_in_range(size, 0, sizeof(line->text) - line->size - 1);
    line->size += (size_t)size;
}

static void assert_page_has(const line_t *line)
{
    char read[sizeof(line->text)];
    bool is_found = false;
    FILE *page = fopen(PAGE, "r");
    assert_non_null(page);
    while (!is_found && fgets(read, sizeof(read), page) != NULL) {
        is_found = strcmp(read, line->text) == 0;
    }
    (void)fclose(page);
    if (!is_found) {
        fail_msg("%s lacks:\n%s", PAGE, line->text);
    }
}

static const char *cell(esp_loader_error_t err)
{
    return err == ESP_LOADER_SUCCESS ? "yes" : err == ESP_LOADER_ERROR_UNSUPPORTED_FUNC ? "no" : "fails";
}

static void check(int loader)
{
    line_t line = {.size = 0};
    add(&line, "| %s | %s | %s |", rom()->name, loader == STUB ? "stub" : "ROM",
        rom()->has_usb ? "UART, USB" : "UART");
    for (size_t o = 0; o < operation_count; o++) {
        if (strcmp(operations[o].name, "RAM") == 0) {
            continue;
        }
        if (!is_run(&operations[o], loader)) {
            add(&line, " - |");
            continue;
        }
        esp_loader_error_t uart = result_of(&operations[o], loader, ESP_SIM_WIRING_BRIDGE);
        add(&line, " %s", cell(uart));
        if (rom()->has_usb) {
            esp_loader_error_t usb = result_of(&operations[o], loader, ESP_SIM_WIRING_USJ);
            if (usb != uart) {
                add(&line, ", %s", cell(usb));
            }
        }
        add(&line, " |");
    }
    add(&line, "\n");
    assert_page_has(&line);
}

TEST(rom_does_what_its_model_does)
{
    check(ROM);
}

TEST(stub_does_what_its_model_does)
{
    if (!rom()->lacks_stub) {
        check(STUB);
        return;
    }
    bench_t b = bench_for(chip(), ESP_SIM_WIRING_BRIDGE);
    b.config.chip_revision = ESP_SIM_REVISION_0_0;
    b.config.rom_elf = rom_file();
    b.target_loader = STUB;
    bench_open(&b);
    assert_int_equal(bench_try_connect(&b), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    bench_close(&b);
}

TEST(page_names_the_operations)
{
    line_t line = {.size = 0};
    add(&line, "| ROM | loader | over |");
    for (size_t o = 0; o < operation_count; o++) {
        if (strcmp(operations[o].name, "RAM") != 0) {
            add(&line, " %s |", operations[o].name);
        }
    }
    add(&line, "\n");
    assert_page_has(&line);
}

/* Programs that store a word below themselves and stay. For RISC-V: auipc t0, 0; sw t0, 64(t0); j . For Xtensa: where
 * and what, then entry a1, 32; l32r a2, where; l32r a3, what; s32i.n a3, a2, 0; j . */
static const uint8_t RISCV_PROGRAM[] = {0x97, 0x02, 0, 0, 0x23, 0xA0, 0x52, 0x04, 0x6F, 0, 0, 0};
static const uint8_t XTENSA_PROGRAM[] = {0,    0,    0,    0,    0,    0,    0,    0,    0x36, 0x41, 0, 0x21,
                                         0xFD, 0xFF, 0x31, 0xFD, 0xFF, 0x39, 0x02, 0x06, 0xFF, 0xFF, 0, 0};

TEST(rom_starts_a_program_in_ram)
{
    enum { STORED = 64, ENTRY_OF_XTENSA = 8 };
    bool is_xtensa = strcmp(rom()->chip, "esp32") == 0 || strcmp(rom()->chip, "esp32s2") == 0 ||
                     strcmp(rom()->chip, "esp32s3") == 0;
    uint8_t program[sizeof(XTENSA_PROGRAM)] = {0};
    const chip_t *one = chip();
    size_t i = 0;
    while (chips[i].chip != one->chip) {
        i++;
    }
    uint32_t base = chips[i].ram_addr, entry = is_xtensa ? base + ENTRY_OF_XTENSA : base;
    memcpy(program, is_xtensa ? XTENSA_PROGRAM : RISCV_PROGRAM,
           is_xtensa ? sizeof(XTENSA_PROGRAM) : sizeof(RISCV_PROGRAM));
    if (is_xtensa) {
        const uint32_t words[] = {base + STORED, base};
        memcpy(program, words, sizeof(words));
    }
    bench_t b = bench_for(one, ESP_SIM_WIRING_BRIDGE);
    b.config.rom_elf = rom_file();
    b.target_loader = ROM;
    bench_connect(&b);
    esp_loader_mem_cfg_t cfg = {.offset = base, .size = sizeof(program), .block_size = sizeof(program)};
    assert_success(esp_loader_mem_start(&b.loader, &cfg));
    assert_success(esp_loader_mem_write(&b.loader, &cfg, program, sizeof(program)));
    assert_success(esp_loader_mem_finish(&b.loader, &cfg, entry));
    bench_wait_us(&b, 100000);
    assert_int_equal(esp_sim_peek(b.sim, base + STORED), base);
    bench_close(&b);
}
