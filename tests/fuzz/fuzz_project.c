/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The files in which build systems write down what is to be flashed: flasher_args.json and files of words.
 * What is accepted is pairs of offset and file; what is refused is reported in one line; and either way all
 * memory comes back.
 *
 * Input: 'j' for JSON, anything else for words; then the file.
 */
#define _GNU_SOURCE
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "flash/flash_input.h"
#include "fuzz.h"
#include "text/number.h"
#include "report/report.h"

static unsigned reported;

/* Instead of report.c. */
void report_line(const char *format, ...)
{
    char line[16384];
    va_list args;
    va_start(args, format);
    int size = vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    FUZZ_CHECK(size > 0);
    reported++;
}

/* ---- the file ---- */

static char folder[] = "/tmp/fuzz-project-XXXXXX";
static const char json_file[] = "flasher_args.json";
static const char words_file[] = "flash_args";

static void clean_up(void)
{
    unlink(json_file);
    unlink(words_file);
    rmdir(folder);
}

/* A place of our own for the files, as long as the program runs. Its name, and where jansson begins to hash,
 * are not the same in any two runs: libFuzzer must not meet them. */
static void prepare(void)
{
    static bool is_prepared;
    if (!is_prepared) {
        is_prepared = true;
        FUZZ_CHECK(mkdtemp(folder) != NULL && chdir(folder) == 0);
        atexit(clean_up);
        json_object_seed(1);
    }
}

static void write_file(const char *path, const char *content)
{
    FILE *file = fopen(path, "wb");
    FUZZ_CHECK(file != NULL);
    FUZZ_CHECK(fputs(content, file) >= 0 && fclose(file) == 0);
}

static const char words[] =
    "{\"flash_files\":{|\"0x0\":|\"0x10000\":|\"a.bin\"|},|\"flash_settings\":{|\"flash_mode\":|"
    "\"flash_size\":|\"flash_freq\":|\"extra_esptool_args\":{\"chip\":|}}|\"encrypted\":|\"true\"|true|"
    "null|[]|{}|--flash_mode |--flash-size=|--|0x8000 |\\u0000|\xFF|\xC3\xA9|4294967296 |";

/* ---- properties ---- */

static bool is_kept(const flash_input_t *input, const char *text)
{
    for (size_t i = 0; i < input->string_count; i++) {
        if (input->strings[i] == text) {
            return true;
        }
    }
    return text == NULL;
}

static void check_accepted(const flash_input_t *input, bool is_json)
{
    uint32_t before = 0;
    FUZZ_CHECK(input->operand_count % 2 == 0 && (!is_json || input->operand_count > 0));
    for (size_t i = 0; i < input->operand_count; i += 2) {
        uint32_t offset = 0;
        FUZZ_CHECK(is_kept(input, input->operands[i]) && is_kept(input, input->operands[i + 1]));
        FUZZ_CHECK(input->operands[i + 1][0] == '/' || strncmp(input->operands[i + 1], "./", 2) == 0);
        FUZZ_CHECK(!is_json || (number_parse(input->operands[i], &offset) && offset >= before));
        before = offset;
    }
    FUZZ_CHECK(is_kept(input, input->params.mode) && is_kept(input, input->params.freq));
    FUZZ_CHECK(is_kept(input, input->params.size) && is_kept(input, input->chip));
}

void fuzz_one(const uint8_t *data, size_t size)
{
    fuzz_input_t input = {data, size};
    flash_input_t files = {0};
    const bool is_json = fuzz_u8(&input) == 'j';
    prepare();
    char *text = fuzz_text(input, words);
    const char *path = is_json ? json_file : words_file;
    write_file(path, text);
    free(text);
    reported = 0;
    cli_exit_t code =
        is_json ? flash_input_add_project(&files, path) : flash_input_add_arguments(&files, path);
    FUZZ_CHECK(code == CLI_OK || code == CLI_INPUT);
    FUZZ_CHECK(reported == (code == CLI_OK ? 0 : 1));
    if (code == CLI_OK) {
        check_accepted(&files, is_json);
    }
    flash_input_free(&files);
}

static const char *const seeds[] = {
    "w--flash_mode dio --flash_freq 80m --flash_size 8MB\n0x0 bootloader/bootloader.bin\n0x10000 "
    "app.bin\n",
    "w0x8000 'a \"b\" c' \"d\\\"e\" --flash-size=detect \\\r\n\tx\\ y",
    "w--flash-mode",
    "w0x1000",
    "w'open",
    "j{\"flash_files\":{\"0x8000\":\"t.bin\",\"0x0\":\"b.bin\",\"0x10000\":\"/a.bin\"},"
    "\"flash_settings\":{\"flash_mode\":\"dio\",\"flash_size\":\"2MB\",\"flash_freq\":\"80m\"},"
    "\"extra_esptool_args\":{\"chip\":\"esp32s3\",\"stub\":true}}",
    "j{\"flash_files\":{\"0x0\":\"b\"},\"app\":{\"offset\":\"0x0\",\"encrypted\":\"true\"}}",
    "j{\"flash_files\":{\"zero\":\"b\"}}",
    "j{\"flash_files\":{\"1k\":[{}]},\"flash_settings\":null}",
    "j[1,"};

FUZZ_SEEDS(sizeof(seeds) / sizeof(seeds[0]))
{
    fuzz_put_text(seed, seeds[number]);
}
