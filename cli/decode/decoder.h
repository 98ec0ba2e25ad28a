/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Says what addresses and panics in the target's output mean, with the ELF files of its programs. The files are read by
 * a process of their own, which can open nothing and write nothing but its answers: a file may come from anywhere, and one
 * that libdw cannot stand ends that process alone.
 */
#ifndef CLI_DECODER_H
#define CLI_DECODER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    DECODER_FILES = 16,              /**< ELF files at most: app, bootloader, ROM … */
    DECODER_ANSWER_SIZE = 64 * 1024, /**< bytes, with the zero; a longer answer is cut */
    DECODER_PATIENCE_MS = 20000,     /**< a first question to a file of 50 MB takes about two seconds */
};

typedef struct decoder decoder_t;

/** The version of libdw that decoding uses. @return NULL when this build or this machine has none */
const char *decoder_library_version(void);

/** Opens the files and starts the process.
 *  @param out_why  on failure: what the user reads, static or in @p paths
 *  @param out_path on failure: the file that it is about, or NULL
 *  @return NULL on failure */
decoder_t *decoder_open(const char *const *paths, size_t count, const char **out_why, const char **out_path);

/** NULL is allowed. */
void decoder_close(decoder_t *decoder);

/** Takes the next line of the target's output, without its end.
 *  @return true when something was asked: its answer comes, and is to be taken before the next line */
bool decoder_line(decoder_t *decoder, const char *line, size_t length);

/** Takes the answer: lines that each begin with "--- " and end with a newline, safe for a terminal; empty when nothing
 *  is known. Waits until it is there, at most DECODER_PATIENCE_MS; after that, or when the process has ended, it
 *  reports this and decodes nothing more. */
const char *decoder_answer(decoder_t *decoder);

#endif
