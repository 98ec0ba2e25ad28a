/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The programs around the targets. Without arguments the ordinary one runs the seeds. Both take
 * "--hex BYTES", one input to run alone, and "--seeds FOLDER", where to write the seeds as files.
 */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- seeds ---- */

void fuzz_put(fuzz_seed_t *seed, const void *data, size_t size)
{
    FUZZ_CHECK(size <= sizeof(seed->bytes) - seed->size);
    for (size_t i = 0; i < size; i++) {
        seed->bytes[seed->size++] = ((const uint8_t *)data)[i];
    }
}

void fuzz_put_u8(fuzz_seed_t *seed, unsigned value)
{
    const uint8_t byte = (uint8_t)value;
    fuzz_put(seed, &byte, 1);
}

void fuzz_put_u32(fuzz_seed_t *seed, uint32_t value)
{
    for (unsigned shift = 0; shift < 32; shift += 8) {
        fuzz_put_u8(seed, value >> shift & 0xFF);
    }
}

void fuzz_put_text(fuzz_seed_t *seed, const char *text)
{
    fuzz_put(seed, text, strlen(text));
}

/* ---- inputs ---- */

fuzz_input_t fuzz_take(fuzz_input_t *input, size_t size)
{
    fuzz_input_t taken = {input->data, size < input->size ? size : input->size};
    input->data += taken.size;
    input->size -= taken.size;
    return taken;
}

void fuzz_fill(fuzz_input_t *input, void *out, size_t size)
{
    fuzz_input_t taken = fuzz_take(input, size);
    if (taken.size > 0) {
        memcpy(out, taken.data, taken.size);
    }
}

uint8_t fuzz_u8(fuzz_input_t *input)
{
    uint8_t byte = 0;
    fuzz_fill(input, &byte, 1);
    return byte;
}

uint16_t fuzz_u16(fuzz_input_t *input)
{
    uint8_t low = fuzz_u8(input);
    return (uint16_t)(low | fuzz_u8(input) << 8);
}

uint32_t fuzz_u32(fuzz_input_t *input)
{
    uint32_t low = fuzz_u16(input);
    return low | (uint32_t)fuzz_u16(input) << 16;
}

uint8_t *fuzz_copy(fuzz_input_t input)
{
    uint8_t *copy = malloc(input.size);
    FUZZ_CHECK(copy != NULL || input.size == 0);
    if (input.size > 0) {
        memcpy(copy, input.data, input.size);
    }
    return copy;
}

/* Word number @p number of a list, or where there are fewer counted again from its beginning; its length. */
static size_t find_word(const char *words, unsigned number, const char **out_word)
{
    const char *word = words;
    for (; number > 0; number--) {
        word += strcspn(word, "|") + 1;
        word = *word == '\0' ? words : word;
    }
    *out_word = word;
    return strcspn(word, "|");
}

char *fuzz_text(fuzz_input_t input, const char *words)
{
    enum { FIRST_WORD = 0xC0, WORD_MAX = 64 };
    char *text = malloc(input.size * WORD_MAX + 1);
    size_t size = 0;
    FUZZ_CHECK(text != NULL);
    for (size_t i = 0; i < input.size; i++) {
        const uint8_t byte = input.data[i];
        const char *word = (const char *)&byte;
        const size_t length = byte >= FIRST_WORD ? find_word(words, byte - FIRST_WORD, &word) : 1;
        FUZZ_CHECK(length <= WORD_MAX);
        memcpy(text + size, word, length);
        size += length;
    }
    text[size] = '\0';
    char *exact = realloc(text, size + 1); /* so that reading beyond it is seen */
    FUZZ_CHECK(exact != NULL);
    return exact;
}

void fuzz_fail(const char *file, int line, const char *condition)
{
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, condition);
    abort();
}

/* ---- programs ---- */

static int write_seeds(const char *folder)
{
    static fuzz_seed_t seed;
    for (unsigned i = 0; i < fuzz_seed_count; i++) {
        char path[4096];
        seed.size = 0;
        fuzz_make_seed(i, &seed);
        snprintf(path, sizeof(path), "%s/seed-%03u", folder, i);
        FILE *file = fopen(path, "wb");
        if (file == NULL || fwrite(seed.bytes, 1, seed.size, file) != seed.size || fclose(file) != 0) {
            perror(path);
            return EXIT_FAILURE;
        }
    }
    return EXIT_SUCCESS;
}

static int run_hex(const char *hex)
{
    const size_t size = strlen(hex) / 2;
    uint8_t *bytes = malloc(size + 1);
    int status = EXIT_FAILURE;
    size_t i = 0;
    while (bytes != NULL && i < size && sscanf(hex + 2 * i, "%2hhx", &bytes[i]) == 1) {
        i++;
    }
    if (bytes != NULL && i == size) {
        fuzz_one(bytes, size);
        status = EXIT_SUCCESS;
    }
    free(bytes);
    return status;
}

/* What was asked for on the command line; false when it was something else. */
static bool run_command(int argc, char **argv, int *out_status)
{
    if (argc == 3 && strcmp(argv[1], "--seeds") == 0) {
        *out_status = write_seeds(argv[2]);
        return true;
    }
    if (argc == 3 && strcmp(argv[1], "--hex") == 0) {
        *out_status = run_hex(argv[2]);
        return true;
    }
    return false;
}

#ifdef FUZZ_WITH_LIBFUZZER

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    int status;
    if (run_command(*argc, *argv, &status)) {
        exit(status);
    }
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_one(data, size);
    return 0;
}

#else

int main(int argc, char **argv)
{
    static fuzz_seed_t seed;
    int status = EXIT_FAILURE;
    if (argc > 1) {
        if (!run_command(argc, argv, &status)) {
            fprintf(stderr, "%s: --hex BYTES or --seeds FOLDER; the fuzzer is not built in (EL_FUZZ)\n",
                    argv[0]);
        }
        return status;
    }
    for (unsigned i = 0; i < fuzz_seed_count; i++) {
        seed.size = 0;
        fuzz_make_seed(i, &seed);
        fuzz_one(seed.bytes, seed.size);
    }
    fuzz_one(seed.bytes, 0);
    printf("%u seeds\n", fuzz_seed_count);
    return fuzz_seed_count > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
