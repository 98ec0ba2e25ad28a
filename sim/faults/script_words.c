/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "faults/script_words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "state/model.h"

static bool is_end(char c)
{
    return c == '\0' || c == ';' || c == '\n' || c == '#';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

void sim_next_word(sim_words_t *s)
{
    while (is_blank(*s->at)) {
        s->at++;
    }
    size_t n = 0;
    if (*s->at == ':') {
        s->token[n++] = *s->at++;
    } else {
        while (!is_end(*s->at) && !is_blank(*s->at) && *s->at != ':') {
            if (n < SIM_WORD_SIZE - 1) {
                s->token[n++] = *s->at;
            }
            s->at++;
        }
    }
    s->token[n] = '\0';
}

bool sim_is_word(const sim_words_t *s, const char *word)
{
    return strcmp(s->token, word) == 0;
}

bool sim_fail_at_word(const sim_words_t *s, const char *expected)
{
    const char *found = s->token[0] == '\0' ? "the end of the statement" : s->token;
    return sim_error(s->error, s->error_size, "fault script: %s expected, found '%s'", expected, found);
}

bool sim_skip_word(sim_words_t *s, const char *word)
{
    if (!sim_is_word(s, word)) {
        return false;
    }
    sim_next_word(s);
    return true;
}

bool sim_expect_word(sim_words_t *s, const char *word)
{
    return sim_skip_word(s, word) ? true : sim_fail_at_word(s, word);
}

bool sim_take_number(sim_words_t *s, uint64_t max, uint64_t *out)
{
    char *end = s->token;
    errno = 0;
    unsigned long long value = s->token[0] >= '0' && s->token[0] <= '9' ? strtoull(s->token, &end, 0) : 0;
    if (end == s->token || *end != '\0' || errno != 0 || value > max) {
        char what[64];
        snprintf(what, sizeof(what), "a number up to %llu", (unsigned long long)max);
        return sim_fail_at_word(s, what);
    }
    *out = value;
    sim_next_word(s);
    return true;
}

bool sim_take_u32(sim_words_t *s, uint32_t max, uint32_t *out)
{
    uint64_t value = 0;
    if (!sim_take_number(s, max, &value)) {
        return false;
    }
    *out = (uint32_t)value;
    return true;
}

bool sim_take_time(sim_words_t *s, uint64_t *out_ns)
{
    char *end = s->token;
    errno = 0;
    unsigned long long value = s->token[0] >= '0' && s->token[0] <= '9' ? strtoull(s->token, &end, 10) : 0;
    if (end == s->token || errno != 0 || value > 1000000000u) {
        return sim_fail_at_word(s, "a time such as 50 ms");
    }
    char unit[SIM_WORD_SIZE];
    memcpy(unit, end, strlen(end) + 1);
    if (unit[0] == '\0') {
        sim_next_word(s);
        memcpy(unit, s->token, SIM_WORD_SIZE);
    }
    uint64_t scale = strcmp(unit, "us") == 0   ? 1000u
                     : strcmp(unit, "ms") == 0 ? 1000000u
                     : strcmp(unit, "s") == 0  ? 1000000000u
                                               : 0;
    if (scale == 0) {
        return sim_fail_at_word(s, "a unit (us, ms or s)");
    }
    *out_ns = value * scale;
    sim_next_word(s);
    return true;
}

bool sim_is_at_end(const sim_words_t *s)
{
    return s->token[0] == '\0';
}
