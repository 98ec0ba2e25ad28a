/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-sim --help. The options themselves are in options.c.
 */
#ifndef FE_USAGE_H
#define FE_USAGE_H

#include <stdio.h>

/** How the program ends; also in the help text. */
enum {
    FE_EXIT_OK = 0,
    FE_EXIT_FAILURE = 1, /**< it could not start, go on, or save */
    FE_EXIT_USAGE = 2,   /**< the command line is wrong */
    FE_EXIT_MISUSE = 3,  /**< it ran well, but the strict checks found host misuse */
};

/** Writes the whole help text to @p out. */
void fe_usage_print(FILE *out);

#endif
