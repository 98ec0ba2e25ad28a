/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Descriptors 0 to 2. Depends on the C library alone, so that every program may use it.
 */
#ifndef CLI_STANDARD_STREAMS_H
#define CLI_STANDARD_STREAMS_H

#include <stdbool.h>

/** Opens /dev/null for those of standard input, output and error that the caller has closed, before anything
 * else is opened: a port or a file with such a number would be sent the text meant for the user. */
void standard_streams_secure(void);

/** Is standard output a pipe or a socket whose other end is closed? */
bool standard_streams_is_reader_gone(void);

#endif
