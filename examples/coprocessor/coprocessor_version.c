/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Which of two versions is the older one. "-rc1" is older than nothing, "-14-g1a2b3c" of git is newer: so whatever follows the
 * numbers is not compared.
 */
#include <string.h>

#include "coprocessor_update.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Moves behind a number and gives its digits without leading zeros; a number of any length. */
static size_t take_number(const char **text, const char **out_digits)
{
    while (**text == '0') {
        (*text)++;
    }
    *out_digits = *text;
    while (is_digit(**text)) {
        (*text)++;
    }
    return (size_t)(*text - *out_digits);
}

/* To the next number: over a 'v' in front or a dot in between. false: there is none. */
static bool find_number(const char **text, char before)
{
    if (**text == before) {
        (*text)++;
    }
    return is_digit(**text);
}

bool coprocessor_is_older(const char *version, const char *than)
{
    char before = 'v';

    while (true) {
        const char *own = "", *other = "";
        const bool has_own = find_number(&version, before);
        const bool has_other = find_number(&than, before);
        if ((!has_own && !has_other) || (before == 'v' && (!has_own || !has_other))) {
            return false;
        }
        const size_t own_size = has_own ? take_number(&version, &own) : 0;
        const size_t other_size = has_other ? take_number(&than, &other) : 0;
        if (own_size != other_size) {
            return own_size < other_size; /* what is missing is 0, as in 1.2 and 1.2.0 */
        }
        const int order = memcmp(own, other, own_size);
        if (order != 0) {
            return order < 0;
        }
        before = '.';
    }
}
