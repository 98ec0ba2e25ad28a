/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What addresses and panics mean, with programs that compilers of others have made, and with damaged ones.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "decode/decoder.h"
#include "test.h"

enum { FILE_MAX = 256 * 1024 };

static decoder_t *open_one(const char *path)
{
    const char *why = NULL;
    const char *about = NULL;
    decoder_t *decoder = decoder_open(&path, 1, &why, &about);

    if (decoder == NULL) {
        fail_msg("%s: %s", path, why);
    }
    return decoder;
}

static const char *decode(decoder_t *decoder, const char *line)
{
    return decoder_line(decoder, line, strlen(line)) ? decoder_answer(decoder) : "";
}

/** Everything that is said about the log of a panic. */
static void decode_log(const char *elf, const char *log, char *out, size_t size)
{
    decoder_t *decoder = open_one(elf);
    FILE *file = fopen(log, "rb");
    char line[1024];

    assert_non_null(file);
    out[0] = '\0';
    while (fgets(line, sizeof(line), file) != NULL) {
        line[strcspn(line, "\r\n")] = '\0';
        strncat(out, decode(decoder, line), size - strlen(out) - 1);
    }
    assert_int_equal(fclose(file), 0);
    decoder_close(decoder);
}

static const struct {
    const char *elf;
    const char *log;
} panics[] = {
    {PROGRAMS "riscv_small.elf", PROGRAMS "riscv_small.log"},
    {PROGRAMS "riscv_plain.elf", PROGRAMS "riscv_plain.log"},
    {PROGRAMS "riscv_frame.elf", PROGRAMS "riscv_frame.log"},
};

TEST_ROWS(a_panic_of_riscv_has_its_frames, panics)
{
    static const char *const frames[] = {
        "--- #0  0x",
        " in stop_here at /src/program.c:",
        "--- (inlined by) twice at /src/program.c:",
        "--- (inlined by) ",
        "four_times at /src/program.c:",
        "--- (inlined by) motor::Driver::turn(unsigned int) at /src/program.c:",
        "--- #1  0x",
        " in descend at /src/program.c:",
        "--- #2  0x",
        " in descend at ",
        "--- #3  0x",
        " in descend at ",
        "--- #4  0x",
        " in descend at /src/program.c:",
        "--- #5  0x",
        " in main at ",
        "--- #6  0x",
        " in _start at /src/program.c:",
    };
    char text[32768];
    const char *at = text;

    decode_log(row->elf, row->log, text, sizeof(text));
    for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
        const char *found = strstr(at, frames[i]);

        if (found == NULL) {
            fail_msg("no '%s' at its place in:\n%s", frames[i], text);
        }
        at = found + strlen(frames[i]);
    }
    assert_null(strstr(at, "--- #7"));
}

TEST(what_no_file_knows_is_not_decoded)
{
    decoder_t *decoder = open_one(PROGRAMS "riscv_small.elf");

    assert_string_equal(decode(decoder, "A0      : 0x3fc80000  A1      : 0x00000000"), "");
    assert_string_equal(decode(decoder, "no address"), "");
    decoder_close(decoder);
    decoder_close(NULL);
}

/** The only child of this process. */
static pid_t child(void)
{
    char path[64];
    int pid = 0;

    (void)snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%d", &pid), 1);
    assert_int_equal(fclose(file), 0);
    return pid;
}

TEST(a_process_that_a_file_has_ended_is_reported_once)
{
    decoder_t *decoder = open_one(PROGRAMS "riscv_small.elf");

    assert_int_equal(kill(child(), SIGKILL), 0);
    assert_string_equal(decode(decoder, "0x42000100"),
                        "--- the ELF file could not be read: addresses are not decoded any more\n");
    assert_string_equal(decode(decoder, "0x42000100"), "");
    decoder_close(decoder);
}

static const struct {
    const char *path;
    const char *why;
} unusable[] = {
    {"/nonexistent/app.elf", "cannot be opened"},
    {"/dev/null", "not an ELF file"},
    {"/", "not an ELF file"},
    {"/proc/self/exe", "not an ELF file of an Espressif chip"},
};

TEST_ROWS(a_file_that_is_no_program_is_named, unusable)
{
    const char *paths[] = {PROGRAMS "xtensa.elf", row->path};
    const char *why = NULL;
    const char *path = NULL;

    assert_null(decoder_open(paths, 2, &why, &path));
    assert_string_equal(why, row->why);
    assert_string_equal(path, row->path);
}

TEST(files_beyond_the_limit_are_refused)
{
    const char *paths[DECODER_FILES + 1];
    const char *why = NULL;
    const char *path = NULL;

    for (size_t i = 0; i < DECODER_FILES + 1; i++) {
        paths[i] = PROGRAMS "xtensa.elf";
    }
    assert_null(decoder_open(paths, DECODER_FILES + 1, &why, &path));
    assert_string_equal(why, "too many ELF files");
    assert_null(path);
}

static size_t read_file(const char *path, uint8_t *out)
{
    FILE *file = fopen(path, "rb");
    size_t size = 0;

    assert_non_null(file);
    size = fread(out, 1, FILE_MAX, file);
    assert_int_equal(fclose(file), 0);
    assert_in_range(size, 1000, FILE_MAX - 1);
    return size;
}

/** Whatever a file contains: an answer comes, each line of it begins as it should, and nothing acts on a terminal. */
static void assert_harmless(const char *text)
{
    while (*text != '\0') {
        const char *end = strchr(text, '\n');

        assert_non_null(end);
        assert_memory_equal(text, "--- ", 4);
        for (; text < end; text++) {
            assert_in_range((unsigned char)*text, 0x20, 0xFF);
        }
        text = end + 1;
    }
}

TEST(damaged_files_do_no_harm)
{
    static uint8_t sound[FILE_MAX];
    static uint8_t damaged[FILE_MAX];
    const size_t size = read_file(PROGRAMS "riscv_small.elf", sound);
    char path[] = "/tmp/esp-loader-decoder-XXXXXX";
    const int fd = mkstemp(path);
    uint32_t random = 1;
    unsigned opened = 0;

    assert_true(fd >= 0);
    for (unsigned run = 0; run < 60; run++) {
        const char *paths[] = {path};
        const char *why = NULL;
        const char *about = NULL;
        decoder_t *decoder = NULL;

        memcpy(damaged, sound, size);
        for (unsigned i = 0; i < 1 + run * 4; i++) {
            random = random * 1664525 + 1013904223;
            damaged[random % size] ^= (uint8_t)(random >> 24 | 1);
        }
        assert_int_equal(pwrite(fd, damaged, size, 0), size);
        decoder = decoder_open(paths, 1, &why, &about);
        if (decoder != NULL) {
            opened++;
            for (uint32_t address = 0x42000000; address < 0x42000200; address += 0x20) {
                char line[32];

                (void)snprintf(line, sizeof(line), "0x%08x", (unsigned)address);
                assert_harmless(decode(decoder, line));
            }
        }
        decoder_close(decoder);
    }
    assert_int_equal(close(fd), 0);
    assert_int_equal(unlink(path), 0);
    assert_in_range(opened, 20, 60);
}
