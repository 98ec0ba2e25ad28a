/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Names of commands, options and choices as users type them: exact, with '_' for '-', or almost right.
 */
#ifndef CLI_NAME_H
#define CLI_NAME_H

#include <stdbool.h>
#include <stddef.h>

/** Are the first @p length characters of @p text this name? '_' counts as '-'. */
bool name_is(const char *name, const char *text, size_t length);

/** The first word of a list that is separated by blanks, and its length; the list becomes what follows it.
 * NULL when there is none, or no list. */
const char *name_next(const char **names, size_t *out_size);

/** Are they one of @p names, which are separated by blanks? NULL = there are none. */
bool name_is_among(const char *names, const char *text, size_t length);

/** The best guess so far at what the user meant. Zero = none; set the word. */
typedef struct {
    const char *word;
    size_t length;
    const char *name; /**< NULL = nothing is like it */
    size_t distance;
} name_guess_t;

/** Takes @p name if it is nearer to the word than the guess so far, and near enough: one letter in three may
 * be missing, superfluous, replaced, or exchanged with its neighbour. */
void name_guess(name_guess_t *guess, const char *name);

#endif
