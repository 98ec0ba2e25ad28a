/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A chip that executes its ROM, with a ROM made here: it prints a byte that it was given as the initial value of a
 * variable, then answers each byte from the host. The real ROMs are run elsewhere, where they can be fetched.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <unistd.h>

#include "host.h"
#include "rom/elf.h"

enum {
    ROM = 0x40000000,
    ECHO = ROM + 0x94,
    VARIABLE = 0x3FCDF000,
    SOURCE = 0x40000200,
    TABLE = 0x40000300,
    CHIP_ID = 0x40000340
};

/* Where things are in the file. */
enum {
    TEXT_AT = 0x100,
    TEXT_SIZE = 0x400,
    DATA_AT = 0x500,
    SYMBOLS_AT = 0x510,
    SYMBOL_COUNT = 6,
    NAMES_AT = 0x600,
    NAMES_SIZE = 0x80,
    SECTIONS_AT = 0x680,
    SECTION_COUNT = 5,
    FILE_SIZE = SECTIONS_AT + SECTION_COUNT * 40,
};

/* Assembled by binutils. */
static const uint32_t PROGRAM[] = {
    0x60000437, /* lui s0,0x60000 */
    0x400004b7, /* lui s1,0x40000 */
    0x2004c503, /* lbu a0,512(s1) */
    0x00a42023, /* sw a0,0(s0) */
    0x01c42583, /* lw a1,28(s0) */
    0x3ff5f593, /* and a1,a1,1023 */
    0xfe058ce3, /* beqz a1,10 */
    0x00042503, /* lw a0,0(s0) */
    0x02100613, /* li a2,33 */
    0x00c50e63, /* beq a0,a2,40 */
    0x03f00613, /* li a2,63 */
    0x02c50263, /* beq a0,a2,50 */
    0x07700613, /* li a2,119 */
    0x02c50263, /* beq a0,a2,58 */
    0x05c000ef, /* jal 94 */
    0xfd5ff06f, /* j 10 */
    0x600086b7, /* lui a3,0x60008 */
    0x80000737, /* lui a4,0x80000 */
    0x00e6a023, /* sw a4,0(a3) */
    0xfc5ff06f, /* j 10 */
    0x100006b7, /* lui a3,0x10000 */
    0x0046a703, /* lw a4,4(a3) */
    0x600026b7, /* lui a3,0x60002 */
    0x40000737, /* lui a4,0x40000 */
    0x00e6a023, /* sw a4,0(a3) */
    0x040017b7, /* lui a5,0x4001 */
    0x00f6a223, /* sw a5,4(a3) */
    0x04a6ac23, /* sw a0,88(a3) */
    0x02000737, /* lui a4,0x2000 */
    0x00e6a023, /* sw a4,0(a3) */
    0x08000737, /* lui a4,0x8000 */
    0x00e6a023, /* sw a4,0(a3) */
    0x02c6a703, /* lw a4,44(a3) */
    0x00177713, /* and a4,a4,1 */
    0xfe0718e3, /* bnez a4,78 */
    0x00a42023, /* sw a0,0(s0) */
    0xf81ff06f, /* j 10 */
    0x00a42023, /* echo: sw a0,0(s0) */
    0x00008067, /* ret */
};

static const char NAMES[NAMES_SIZE] = "\0_rom_store_table\0_bss_start\0main\0_rom_chip_id\0echo";

static void put16(uint8_t *out, uint32_t value)
{
    out[0] = (uint8_t)value;
    out[1] = (uint8_t)(value >> 8);
}

static void add_symbol(uint8_t *file, unsigned number, unsigned name, uint32_t value)
{
    uint8_t *symbol = file + SYMBOLS_AT + 16 * number;
    put32(symbol, name);
    put32(symbol + 4, value);
    symbol[12] = 2; /* a function */
    symbol[14] = 1; /* in section 1 */
}

static void add_section(uint8_t *file, unsigned number, const uint32_t *fields)
{
    static const uint8_t AT[] = {4, 8, 12, 16, 20, 24};
    for (unsigned i = 0; i < 6; i++) {
        put32(file + SECTIONS_AT + 40 * number + AT[i], fields[i]);
    }
}

static void make_elf(uint8_t *file)
{
    static const uint8_t IDENTITY[] = {0x7F, 'E', 'L', 'F', 1, 1, 1};
    static const uint32_t SECTIONS[SECTION_COUNT][6] = {
        /* type, flags, address, offset, size, link */
        {0},
        {1, 6, ROM, TEXT_AT, TEXT_SIZE, 0},
        {1, 1, VARIABLE - 8, DATA_AT, 16, 0}, /* not allocated, and begins before the variable */
        {2, 0, 0, SYMBOLS_AT, 16 * SYMBOL_COUNT, 4},
        {3, 0, 0, NAMES_AT, NAMES_SIZE, 0},
    };
    memset(file, 0, FILE_SIZE);
    memcpy(file, IDENTITY, sizeof(IDENTITY));
    put16(file + 18, SIM_ELF_RISCV);
    put32(file + 24, ROM);
    put32(file + 32, SECTIONS_AT);
    put16(file + 46, 40);
    put16(file + 48, SECTION_COUNT);
    memcpy(file + TEXT_AT, PROGRAM, sizeof(PROGRAM));
    put32(file + TEXT_AT + (TABLE - ROM), VARIABLE);
    put32(file + TEXT_AT + (TABLE - ROM) + 4, VARIABLE + 4);
    put32(file + TEXT_AT + (TABLE - ROM) + 8, SOURCE);
    put32(file + TEXT_AT + (CHIP_ID - ROM), 5); /* ESP32-C3 */
    file[DATA_AT + 8] = 'V';
    memcpy(file + NAMES_AT, NAMES, sizeof(NAMES));
    add_symbol(file, 1, 1, TABLE);
    add_symbol(file, 2, 18, TABLE + 16);
    add_symbol(file, 3, 29, ROM);
    add_symbol(file, 4, 34, CHIP_ID);
    add_symbol(file, 5, 47, ECHO);
    for (unsigned i = 0; i < SECTION_COUNT; i++) {
        add_section(file, i, SECTIONS[i]);
    }
}

/* Writes a file and makes a chip of it; NULL and the sentence when it cannot be. */
static esp_sim_t *new_chip_of(esp_sim_config_t config, const uint8_t *file, size_t size, char *error,
                              size_t error_size)
{
    char path[] = "/tmp/esp-sim-code-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, file, size), (long)size);
    close(fd);
    config.timing = ESP_SIM_TIMING_FAST;
    config.rom_elf = path;
    error[0] = 0;
    esp_sim_t *sim = esp_sim_new(&config, error, error_size);
    unlink(path);
    return sim;
}

static esp_sim_t *new_traced_chip(const uint8_t *file, size_t size, const char *name, FILE *trace,
                                  bool traces_code, char *error, size_t error_size)
{
    const esp_sim_config_t config = {.chip = name,
                                     .wiring = ESP_SIM_WIRING_NONE,
                                     .start_in_download = true,
                                     .trace = trace,
                                     .traces_code = traces_code};
    return new_chip_of(config, file, size, error, error_size);
}

static esp_sim_t *new_chip(const uint8_t *file, size_t size, const char *name, char *error, size_t error_size)
{
    return new_traced_chip(file, size, name, NULL, false, error, error_size);
}

static esp_sim_t *start(void)
{
    static uint8_t file[FILE_SIZE];
    char error[256];
    make_elf(file);
    esp_sim_t *sim = new_chip(file, sizeof(file), "esp32c3", error, sizeof(error));
    assert_string_equal(error, "");
    assert_non_null(sim);
    return sim;
}

static void expect_text(esp_sim_t *sim, const char *text)
{
    char got[16] = "";
    size_t size = host_drain(sim, got, sizeof(got) - 1, 10000);
    assert_int_equal(size, strlen(text));
    assert_string_equal(got, text);
}

TEST(the_rom_finds_its_variables_and_answers_what_the_host_sends)
{
    esp_sim_t *sim = start();
    expect_text(sim, "V");
    host_send_raw(sim, "hello", 5);
    expect_text(sim, "hello");
    assert_int_equal(esp_sim_peek(sim, SOURCE), 'V');
    assert_string_equal(esp_sim_console(sim), "Vhello");
    host_wait_us(sim, 10000000); /* it sleeps meanwhile */
    assert_true(esp_sim_next_work_us(sim) == UINT64_MAX);
    host_send_raw(sim, "x", 1);
    expect_text(sim, "x");
    esp_sim_free(sim);
}

TEST(an_access_to_nothing_stops_the_code_and_says_where)
{
    esp_sim_t *sim = start();
    expect_text(sim, "V");
    host_send_raw(sim, "?", 1);
    expect_text(sim, "");
    assert_non_null(strstr(esp_sim_console(sim),
                           "[sim] code stopped at 0x40000054 (main+0x54): nothing answers to a load "
                           "from 0x10000004\r\n"));
    host_send_raw(sim, "x", 1);
    expect_text(sim, "");
    esp_sim_reset_button(sim, true);
    expect_text(sim, "V");
    esp_sim_free(sim);
}

TEST(a_software_reset_starts_the_rom_again)
{
    esp_sim_t *sim = start();
    expect_text(sim, "V");
    host_send_raw(sim, "!", 1);
    expect_text(sim, "V");
    assert_int_equal(esp_sim_stats(sim)->resets, 1);
    esp_sim_free(sim);
}

TEST(the_flash_is_written_by_the_controllers_own_commands)
{
    esp_sim_t *sim = start();
    expect_text(sim, "V");
    host_send_raw(sim, "w", 1);
    expect_text(sim, "w");
    assert_int_equal(get32(esp_sim_flash(sim) + 0x1000), 'w');
    assert_int_equal(esp_sim_stats(sim)->bytes_programmed, 4);
    esp_sim_free(sim);
}

/* What the trace says of the code while the host has a few bytes echoed. */
static void trace_echoes(bool traces_code, char *text, size_t size)
{
    static uint8_t file[FILE_SIZE];
    char error[256];
    FILE *trace = fmemopen(text, size, "w");
    assert_non_null(trace);
    make_elf(file);
    esp_sim_t *sim = new_traced_chip(file, sizeof(file), "esp32c3", trace, traces_code, error, sizeof(error));
    assert_non_null(sim);
    expect_text(sim, "V");
    host_send_raw(sim, "abcx", 4);
    expect_text(sim, "abcx");
    esp_sim_free(sim);
    fclose(trace);
}

TEST(the_trace_names_the_functions_that_are_called)
{
    static char text[4096];
    trace_echoes(true, text, sizeof(text));
    const char *line = strstr(text, " us  code: echo, called at main+0x38\n");
    assert_non_null(line);
    assert_null(strstr(line + 12, "code: echo")); /* calls that go round are written once */
    trace_echoes(false, text, sizeof(text));
    assert_null(strstr(text, "code:"));
}

typedef struct {
    const char *chip;
    size_t at;
    uint8_t value;
    const char *sentence;
} bad_t;

static const bad_t BAD[] = {
    {"esp32c3", 0, 'E', "not an ELF file of a 32-bit little endian processor"},
    {"esp32c3", 18, SIM_ELF_XTENSA, "the ROM's ELF file is of another processor than that of ESP32-C3"},
    {"esp32c3", 46, 41, "ELF file without its section headers: cut off?"},
    {"esp32c3", SECTIONS_AT + 40 + 23, 1, "section 1 of the ROM's ELF file is cut off"},
    {"esp32c3", TEXT_AT + 0x340, 13, "the ROM is of another chip: its id is 13, that of ESP32-C3 is 5"},
    {"esp32c3", NAMES_AT + 1, 'x', "the ROM's ELF file has no table of initial values"},
    {"esp32c3", SYMBOLS_AT + 16 + 7, 0x50, "the table of initial values is not in the ROM"},
    {"esp8266", 0, 0x7F, "the code of ESP8266 cannot be executed here"},
};

TEST_ROWS(a_file_that_does_not_fit_is_refused, BAD)
{
    uint8_t file[FILE_SIZE];
    char error[256];
    make_elf(file);
    file[row->at] = row->value;
    assert_null(new_chip(file, sizeof(file), row->chip, error, sizeof(error)));
    assert_string_equal(error, row->sentence);
}

TEST(a_missing_file_is_said)
{
    char error[256];
    esp_sim_config_t config = {.chip = "esp32c3", .rom_elf = "/nowhere/rom.elf"};
    assert_null(esp_sim_new(&config, error, sizeof(error)));
    assert_string_equal(error, "cannot read the ROM's ELF file '/nowhere/rom.elf'");
}

TEST(a_file_that_is_cut_off_anywhere_is_refused_or_read_within_its_bytes)
{
    uint8_t file[FILE_SIZE];
    char error[256];
    make_elf(file);
    for (size_t size = 0; size < sizeof(file); size++) {
        uint8_t *cut = malloc(size + 1); /* of its own, so that a sanitizer sees a step too far */
        assert_non_null(cut);
        memcpy(cut, file, size);
        sim_elf_t elf;
        assert_false(sim_elf_open(&elf, cut, size, error, sizeof(error))); /* the headers are last */
        free(cut);
    }
}

/* ---- watchdogs in a start from flash ---- */

#define TIMER_GROUP 0x6001f2b7 /* lui t0,0x6001f */
#define LOCK        0x0602a223 /* sw zero,100(t0) */
#define TURN_OFF    0x0402a423 /* sw zero,72(t0) */
#define LOOP        0x0000006f /* j . */
#define NOP         0x00000013

/* Of the timer group after 0.65 s; the RTC watchdog, which these programs do not know, after 9 s. */
static const struct {
    uint32_t program[4];
    bool is_in_download;
    unsigned after_640_ms, after_660_ms, after_9050_ms;
} WATCHED[] = {
    {{NOP, NOP, NOP, LOOP}, false, 0, 1, 13},
    {{TIMER_GROUP, LOCK, TURN_OFF, LOOP}, false, 0, 1, 13},
    {{TIMER_GROUP, TURN_OFF, LOCK, LOOP}, false, 0, 0, 1},
    {{NOP, NOP, NOP, LOOP}, true, 0, 0, 0},
};

TEST_ROWS(a_program_from_flash_turns_its_watchdogs_off_or_is_reset, WATCHED)
{
    static uint8_t file[FILE_SIZE];
    char error[256];
    make_elf(file);
    for (size_t i = 0; i < sizeof(row->program) / sizeof(row->program[0]); i++) {
        put32(file + TEXT_AT + 4 * i, row->program[i]);
    }
    const esp_sim_config_t config = {.chip = "esp32c3",
                                     .wiring = ESP_SIM_WIRING_BRIDGE,
                                     .executes_boot = true,
                                     .start_in_download = row->is_in_download};
    esp_sim_t *sim = new_chip_of(config, file, sizeof(file), error, sizeof(error));
    assert_string_equal(error, "");
    const uint64_t first = esp_sim_stats(sim)->resets;
    host_wait_us(sim, 640000);
    assert_int_equal(esp_sim_stats(sim)->resets - first, row->after_640_ms);
    host_wait_us(sim, 20000);
    assert_int_equal(esp_sim_stats(sim)->resets - first, row->after_660_ms);
    host_wait_us(sim, 8390000);
    assert_int_equal(esp_sim_stats(sim)->resets - first, row->after_9050_ms);
    esp_sim_free(sim);
}
