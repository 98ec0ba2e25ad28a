/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The process that reads the ELF files.
 */
#ifndef CLI_DECODER_PROCESS_H
#define CLI_DECODER_PROCESS_H

#include "decode/panic.h"

/** What it is asked. A message of the socket each. */
typedef struct {
    bool is_panic; /**< else it is about a line */
    union {
        struct {
            uint32_t addresses[PANIC_LINE_ADDRESSES];
            size_t count;
        } line;
        panic_t panic;
    } about;
} decoder_question_t;

/** Starts it; the files belong to it then.
 *  @return the socket for questions and answers, or -1; *out_pid is the process */
int decoder_process_start(const char *const *paths, const int *fds, size_t count, int *out_pid);

#endif
