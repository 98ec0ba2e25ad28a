/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Printing JSON.
 */
#define _GNU_SOURCE
#include "session/json_print.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "report/standard_streams.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static bool write_whole(const char *text, size_t size)
{
    while (size > 0) {
        const ssize_t count = write(STDOUT_FILENO, text, size);

        if (count < 0 && errno != EINTR) {
            return false;
        }
        text += count < 0 ? 0 : count;
        size -= count < 0 ? 0 : (size_t)count;
    }
    return true;
}

const char *json_print(const json_t *object, size_t format)
{
    const size_t flags = format | JSON_ENSURE_ASCII; /* what is printed does nothing to a terminal */
    const size_t size = json_dumpb(object, NULL, 0, flags);
    char *text = size != 0 ? malloc(size + 1) : NULL;

    if (text == NULL || json_dumpb(object, text, size, flags) != size) {
        free(text);
        return "out of memory";
    }
    text[size] = '\n';
    pthread_mutex_lock(&lock);
    const bool is_written = write_whole(text, size + 1);
    pthread_mutex_unlock(&lock);
    free(text);
    return is_written || standard_streams_is_reader_gone() ? NULL : "cannot write to standard output";
}
