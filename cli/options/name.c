/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Comparison of names.
 */
#include "options/name.h"

#include <string.h>

enum { NAME_MAX_SIZE = 32 };

static char dashed(char c)
{
    return c == '_' ? '-' : c;
}

bool name_is(const char *name, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (name[i] == '\0' || name[i] != dashed(text[i])) {
            return false;
        }
    }
    return name[length] == '\0';
}

const char *name_next(const char **names, size_t *out_size)
{
    const char *name = *names;

    if (name == NULL || *name == '\0') {
        return NULL;
    }
    *out_size = strcspn(name, " ");
    *names = name + *out_size + strspn(name + *out_size, " ");
    return name;
}

bool name_is_among(const char *names, const char *text, size_t length)
{
    size_t size;

    for (const char *name; (name = name_next(&names, &size)) != NULL;) {
        size_t same = 0;

        while (same < size && same < length && name[same] == dashed(text[same])) {
            same++;
        }
        if (same == size && size == length) {
            return true;
        }
    }
    return false;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/** Letters to change: optimal string alignment distance. Both are shorter than NAME_MAX_SIZE. */
static size_t distance_of(const char *a, size_t a_size, const char *b, size_t b_size)
{
    size_t rows[3][NAME_MAX_SIZE]; /* by i modulo 3 */

    for (size_t k = 0; k <= b_size; k++) {
        rows[0][k] = k;
    }
    for (size_t i = 1; i <= a_size; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3];

        row[0] = i;
        for (size_t k = 1; k <= b_size; k++) {
            const size_t change = above[k - 1] + (dashed(a[i - 1]) != b[k - 1]);

            row[k] = least(least(above[k] + 1, row[k - 1] + 1), change);
            if (i > 1 && k > 1 && dashed(a[i - 1]) == b[k - 2] && dashed(a[i - 2]) == b[k - 1]) {
                row[k] = least(row[k], rows[(i + 1) % 3][k - 2] + 1);
            }
        }
    }
    return rows[a_size % 3][b_size];
}

void name_guess(name_guess_t *guess, const char *name)
{
    const size_t size = strlen(name);

    if (size >= NAME_MAX_SIZE || guess->length >= NAME_MAX_SIZE) {
        return;
    }
    const size_t distance = distance_of(guess->word, guess->length, name, size);
    const size_t allowed = (least(size, guess->length) + 1) / 3;
    if (distance <= allowed && (guess->name == NULL || distance < guess->distance)) {
        guess->name = name;
        guess->distance = distance;
    }
}
