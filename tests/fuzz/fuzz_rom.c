/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A chip whose ROM is anything: the ELF file, or the code in a file that is right. It is refused with a sentence, or runs
 * inside of its memory and registers; time goes on whatever it does, and each byte is counted once.
 *
 * Input: chip, flags, size of the file or code, the file or code, then what the host sends.
 */
#define _GNU_SOURCE
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bytes.h"
#include "chip.h"
#include "rom/code_chip.h"
#include "rom/elf.h"

enum {
    FLASH_SIZE = 256 * 1024,
    IS_FILE = 1,
    HAS_USB = 2,
    HAS_TRACE = 4,
    STARTS_FROM_FLASH = 8,
    CODE_MAX = 2048,
    SENDS_MAX = 16,
    WAIT_US = 300, /* thousands of instructions */

    /* where things are in the file */
    SYMBOLS_AT = 0x34,
    SYMBOL_COUNT = 4,
    NAMES_AT = SYMBOLS_AT + 16 * SYMBOL_COUNT,
    NAMES_SIZE = 48,
    SECTIONS_AT = NAMES_AT + NAMES_SIZE,
    SECTION_COUNT = 4,
    CODE_AT = SECTIONS_AT + 40 * SECTION_COUNT,
    FILE_MAX = CODE_AT + CODE_MAX,
};

static const char *const names[] = {"esp32c3", "esp32s3", "esp32p4", "esp32",
                                    "esp32c6", "esp32c5", "esp32s2", "esp32h2"};
enum { NAME_COUNT = sizeof(names) / sizeof(names[0]) };

static void put16(uint8_t *out, uint32_t value)
{
    out[0] = (uint8_t)value;
    out[1] = (uint8_t)(value >> 8);
}

static void put_words(uint8_t *out, const uint32_t *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        put32(out + 4 * i, words[i]);
    }
}

/* A file that is right, with this code at the ROM's entry, and a table of initial values without entries. */
static size_t make_elf(uint8_t *file, const sim_code_chip_t *chip, fuzz_input_t code)
{
    static const char NAMES[NAMES_SIZE] = "\0_data_table_start\0_data_table_end\0main";
    const uint32_t entry = chip->entry, size = (uint32_t)code.size;
    const uint32_t symbols[SYMBOL_COUNT][3] = {{0}, {1, entry}, {19, entry}, {35, entry}};
    const uint32_t sections[SECTION_COUNT][7] = {
        /* name, type, flags, address, offset, size, link */
        {0},
        {0, 1, 6, entry, CODE_AT, size, 0},
        {0, 2, 0, 0, SYMBOLS_AT, 16 * SYMBOL_COUNT, 3},
        {0, 3, 0, 0, NAMES_AT, NAMES_SIZE, 0},
    };
    memset(file, 0, CODE_AT);
    memcpy(file,
           "\x7F"
           "ELF\1\1\1",
           7);
    put16(file + 18, chip->elf_machine);
    put32(file + 24, entry);
    put32(file + 32, SECTIONS_AT);
    put16(file + 46, 40);
    put16(file + 48, SECTION_COUNT);
    for (size_t i = 0; i < SYMBOL_COUNT; i++) {
        put_words(file + SYMBOLS_AT + 16 * i, symbols[i], 3);
        file[SYMBOLS_AT + 16 * i + 14] = 1; /* in the section with the code */
    }
    for (size_t i = 0; i < SECTION_COUNT; i++) {
        put_words(file + SECTIONS_AT + 40 * i, sections[i], 7);
    }
    memcpy(file + NAMES_AT, NAMES, NAMES_SIZE);
    if (code.size > 0) {
        memcpy(file + CODE_AT, code.data, code.size);
    }
    return CODE_AT + code.size;
}

static esp_sim_t *new_chip(const char *name, unsigned flags, fuzz_input_t file, FILE *trace)
{
    char path[40], error[200] = "";
    const int fd = memfd_create("rom", 0);
    FUZZ_CHECK(fd >= 0 && write(fd, file.data, file.size) == (ssize_t)file.size);
    (void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    const esp_sim_config_t config = {.chip = name,
                                     .rom_elf = path,
                                     .flash_size = FLASH_SIZE,
                                     .wiring =
                                         (flags & HAS_USB) != 0 ? ESP_SIM_WIRING_USJ : ESP_SIM_WIRING_BRIDGE,
                                     .timing = ESP_SIM_TIMING_FAST,
                                     .start_in_download = (flags & STARTS_FROM_FLASH) == 0,
                                     .executes_boot = true,
                                     .trace = trace,
                                     .traces_code = trace != NULL};
    esp_sim_t *sim = esp_sim_new(&config, error, sizeof(error));
    FUZZ_CHECK(sim != NULL || error[0] != '\0');
    close(fd);
    return sim;
}

static void talk(chip_t *chip, fuzz_input_t *input)
{
    uint8_t bytes[256];
    chip_wait(chip, WAIT_US);
    for (unsigned i = 0; i < SENDS_MAX && input->size > 0; i++) {
        const fuzz_input_t chunk = fuzz_take(input, fuzz_u8(input) % 64);
        chip->written += esp_sim_host_write(chip->sim, chunk.data, chunk.size);
        chip_wait(chip, WAIT_US);
        chip->read += esp_sim_host_read(chip->sim, bytes, sizeof(bytes));
    }
    const esp_sim_stats_t *stats = esp_sim_stats(chip->sim);
    FUZZ_CHECK(stats->bytes_out == chip->written && stats->bytes_in == chip->read);
    FUZZ_CHECK(esp_sim_state(chip->sim) <= ESP_SIM_STATE_RAM_CODE);
    FUZZ_CHECK(strlen(esp_sim_console(chip->sim)) < UINT32_MAX);
}

void fuzz_one(const uint8_t *data, size_t size)
{
    static uint8_t built[FILE_MAX];
    fuzz_input_t input = {data, size};
    const char *name = names[fuzz_u8(&input) % NAME_COUNT];
    const unsigned flags = fuzz_u8(&input);
    fuzz_input_t file = fuzz_take(&input, fuzz_u16(&input) % CODE_MAX);
    if ((flags & IS_FILE) == 0) {
        file = (fuzz_input_t){built, make_elf(built, sim_code_chip_find(name), file)};
    }
    FILE *trace = (flags & HAS_TRACE) != 0 ? fopen("/dev/null", "w") : NULL;
    chip_t chip = {.name = name, .sim = new_chip(name, flags, file, trace)};
    if (chip.sim != NULL) {
        talk(&chip, &input);
        esp_sim_free(chip.sim);
    }
    if (trace != NULL) {
        (void)fclose(trace);
    }
}

/* Assembled by binutils: the first answers each byte of UART0, calls, programs a word of the flash and resets the chip;
 * the second stores to where nothing is. */
static const uint32_t RISCV[] = {
    0x60000437, /* lui s0,0x60000 */
    0x01c42583, /* lw a1,28(s0) */
    0x00b42023, /* sw a1,0(s0) */
    0x02c000ef, /* jal 38 */
    0x600026b7, /* lui a3,0x60002 */
    0x40000737, /* lui a4,0x40000 */
    0x00e6a023, /* sw a4,0(a3) */
    0x04b6ac23, /* sw a1,88(a3) */
    0x02000737, /* lui a4,0x2000 */
    0x00e6a023, /* sw a4,0(a3) */
    0x600086b7, /* lui a3,0x60008 */
    0x80000737, /* lui a4,0x80000 */
    0x00e6a023, /* sw a4,0(a3) */
    0xfd1ff06f, /* j 4 */
    0x00008067, /* ret */
};
static const uint8_t XTENSA[] = {
    0x0C, 0x02,       /* movi.n a2, 0 */
    0x1B, 0x22,       /* addi.n a2, a2, 1 */
    0x05, 0x00, 0x00, /* call0 */
    0x29, 0x02,       /* s32i.n a2, a2, 0 */
};

static void put_code(fuzz_seed_t *seed, const sim_code_chip_t *chip, bool is_file)
{
    static uint8_t file[FILE_MAX], riscv[sizeof(RISCV)];
    put_words(riscv, RISCV, sizeof(RISCV) / sizeof(RISCV[0]));
    fuzz_input_t code = {riscv, sizeof(riscv)};
    if (chip->elf_machine == SIM_ELF_XTENSA) {
        code = (fuzz_input_t){XTENSA, sizeof(XTENSA)};
    }
    if (is_file) {
        code = (fuzz_input_t){file, make_elf(file, chip, code)};
    }
    fuzz_put_u8(seed, code.size & 0xFF);
    fuzz_put_u8(seed, code.size >> 8 & 0xFF);
    fuzz_put(seed, code.data, code.size);
}

FUZZ_SEEDS(2 * NAME_COUNT)
{
    const sim_code_chip_t *chip = sim_code_chip_find(names[number % NAME_COUNT]);
    const bool is_file = number >= NAME_COUNT;
    fuzz_put_u8(seed, number % NAME_COUNT);
    fuzz_put_u8(seed, (is_file ? IS_FILE : 0) | (number % 2 != 0 ? HAS_TRACE : 0));
    put_code(seed, chip, is_file);
    fuzz_put_u8(seed, 5);
    fuzz_put_text(seed, "hello");
}
