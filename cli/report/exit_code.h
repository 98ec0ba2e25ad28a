/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Exit codes of the command line: one per group of causes. Part of the interface: scripts rely on them,
 * --help and docs/cli.md list them.
 */
#ifndef CLI_EXIT_CODE_H
#define CLI_EXIT_CODE_H

typedef enum {
    CLI_OK = 0,        /**< done */
    CLI_OTHER = 1,     /**< anything not below, e.g. standard output could not be written */
    CLI_USAGE = 2,     /**< invalid command line */
    CLI_PORT = 3,      /**< the port cannot be opened or failed */
    CLI_NO_ANSWER = 4, /**< no target answers, or it stopped answering */
    CLI_INPUT = 5,     /**< an input file is unusable or the images do not go together */
    CLI_TARGET = 6,    /**< the images do not fit this target, or it refused */
    CLI_VERIFY = 7,    /**< the flash differs from what was written */
    CLI_CANCELLED = 8, /**< interrupted by the user */
} cli_exit_t;

#endif
