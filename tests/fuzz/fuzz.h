/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the fuzz targets share: taking an input apart, making seeds, and failing. A target is one file with
 * two functions, fuzz_one() and FUZZ_SEEDS(). CMakeLists.txt makes two programs of it: with gcc an
 * ordinary test that runs the seeds, with clang and libFuzzer the same and the fuzzer (scripts/stage/fuzz).
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- each target has these ---- */

/* Runs one input; any bytes are one. */
void fuzz_one(const uint8_t *data, size_t size);

/* An input in the making. */
typedef struct {
    uint8_t bytes[8192];
    size_t size;
} fuzz_seed_t;

/* Makes seed number @p number, from 0. Inputs that once failed are seeds too. */
void fuzz_make_seed(unsigned number, fuzz_seed_t *seed);
extern const unsigned fuzz_seed_count;

/* Begins the function, for so many seeds. */
#define FUZZ_SEEDS(count)                                                                                    \
    const unsigned fuzz_seed_count = (count);                                                                \
    void fuzz_make_seed(unsigned number, fuzz_seed_t *seed)

/* ---- making seeds; aborts when one becomes too long ---- */

void fuzz_put(fuzz_seed_t *seed, const void *data, size_t size);
void fuzz_put_u8(fuzz_seed_t *seed, unsigned value);
void fuzz_put_u32(fuzz_seed_t *seed, uint32_t value); /* little endian */
void fuzz_put_text(fuzz_seed_t *seed, const char *text);

/* ---- taking inputs apart; what is used up reads as 0 ---- */

typedef struct {
    const uint8_t *data;
    size_t size;
} fuzz_input_t;

uint8_t fuzz_u8(fuzz_input_t *input);
uint16_t fuzz_u16(fuzz_input_t *input); /* little endian */
uint32_t fuzz_u32(fuzz_input_t *input);

/* Copies the next @p size bytes, as far as there are so many; the rest of @p out stays. */
void fuzz_fill(fuzz_input_t *input, void *out, size_t size);

/* The next @p size bytes, or fewer when there are no more. */
fuzz_input_t fuzz_take(fuzz_input_t *input, size_t size);

/* A copy on a heap block of exactly its size, so that reading beyond it is seen. The caller frees it. */
uint8_t *fuzz_copy(fuzz_input_t input);

/* The same as a string; it ends at the first NUL. Bytes from 0xC0 on stand for a word of @p words, each of which ends
 * with a "|", so that a grammar's words need not be found letter by letter. */
char *fuzz_text(fuzz_input_t input, const char *words);

/* ---- failing ---- */

/* The property that a target shows; ends the program when it does not hold. */
#define FUZZ_CHECK(condition) ((condition) ? (void)0 : fuzz_fail(__FILE__, __LINE__, #condition))

_Noreturn void fuzz_fail(const char *file, int line, const char *condition);

#endif
