/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The words of a fault script, one after the other.
 */
#ifndef SIM_SCRIPT_WORDS_H
#define SIM_SCRIPT_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SIM_WORD_SIZE = 32 };

typedef struct {
    const char *at;
    char token[SIM_WORD_SIZE]; /**< the current word; "" at the end of a statement */
    char *error;
    size_t error_size;
} sim_words_t;

/** Reads the next word of the statement; ':' is a word of its own. */
void sim_next_word(sim_words_t *s);
bool sim_is_word(const sim_words_t *s, const char *word);
bool sim_is_at_end(const sim_words_t *s);
/** Writes what was expected to the error; false. */
bool sim_fail_at_word(const sim_words_t *s, const char *expected);
/** Takes the word when it is there. */
bool sim_skip_word(sim_words_t *s, const char *word);
bool sim_expect_word(sim_words_t *s, const char *word);
bool sim_take_number(sim_words_t *s, uint64_t max, uint64_t *out);
bool sim_take_u32(sim_words_t *s, uint32_t max, uint32_t *out);
/** "50ms" or "50 ms"; units us, ms and s. */
bool sim_take_time(sim_words_t *s, uint64_t *out_ns);

#endif
