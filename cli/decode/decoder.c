/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "decode/decoder.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "decode/decoder_process.h"
#include "decode/elf_code.h"
#include "text/safe_text.h"

static const char prefix[] = "--- ";

struct decoder {
    elf_code_t code[DECODER_FILES];
    size_t count;
    int fd; /**< -1 when the process is gone */
    int pid;
    panic_reader_t reader;
    decoder_question_t question; /**< of the line that comes next */
    bool has_panic; /**< the registers and the stack are complete: asked after the line's addresses */
    char raw[DECODER_ANSWER_SIZE];
    char text[2 * DECODER_ANSWER_SIZE];
};

static void stop(decoder_t *decoder)
{
    if (decoder->fd < 0) {
        return;
    }
    (void)close(decoder->fd);
    decoder->fd = -1;
    (void)kill(decoder->pid, SIGKILL);
    (void)waitpid(decoder->pid, NULL, 0);
}

static void close_all(const int *fds, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        (void)close(fds[i]);
    }
}

decoder_t *decoder_open(const char *const *paths, size_t count, const char **out_why, const char **out_path)
{
    int fds[DECODER_FILES];
    decoder_t *decoder = NULL;
    size_t opened = 0;

    *out_path = NULL;
    *out_why =
        "decoding needs libdw (elfutils), which this machine does not have, or this build was made without";
    if (decoder_library_version() == NULL) {
        return NULL;
    }
    *out_why = "too many ELF files";
    decoder = count > DECODER_FILES ? NULL : calloc(1, sizeof(*decoder));
    if (decoder == NULL) {
        return NULL;
    }
    for (*out_why = NULL; opened < count && *out_why == NULL; opened++) {
        *out_path = paths[opened];
        fds[opened] = open(paths[opened], O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        if (fds[opened] < 0) {
            *out_why = "cannot be opened";
            break;
        }
        *out_why = elf_code_read(fds[opened], &decoder->code[opened]);
    }
    decoder->count = opened;
    decoder->fd = *out_why != NULL ? -1 : decoder_process_start(paths, fds, count, &decoder->pid);
    close_all(fds, opened);
    if (decoder->fd < 0) {
        if (*out_why == NULL) {
            *out_why = "the process that decodes cannot be started";
            *out_path = NULL;
        }
        free(decoder);
        return NULL;
    }
    return decoder;
}

void decoder_close(decoder_t *decoder)
{
    if (decoder != NULL) {
        stop(decoder);
        free(decoder);
    }
}

static bool is_code(const decoder_t *decoder, uint32_t address)
{
    for (size_t i = 0; i < decoder->count; i++) {
        if (elf_code_has(&decoder->code[i], address)) {
            return true;
        }
    }
    return false;
}

static bool ask(decoder_t *decoder)
{
    if (send(decoder->fd, &decoder->question, sizeof(decoder->question), MSG_NOSIGNAL) !=
        (ssize_t)sizeof(decoder->question)) {
        stop(decoder);
    }
    return true; /* a process that is gone is what the answer says */
}

static bool ask_panic(decoder_t *decoder)
{
    decoder->has_panic = false;
    decoder->question.is_panic = true;
    decoder->question.about.panic = decoder->reader.panic;
    return ask(decoder);
}

bool decoder_line(decoder_t *decoder, const char *line, size_t length)
{
    uint32_t found[PANIC_LINE_ADDRESSES];
    size_t count = 0;
    size_t kept = 0;

    if (decoder->fd < 0) {
        return false;
    }
    decoder->has_panic = panic_reader_line(&decoder->reader, line, length);
    count = decoder->reader.is_in_stack ? 0 : panic_addresses(line, length, found); /* the frames follow */
    decoder->question.is_panic = false;
    for (size_t i = 0; i < count; i++) {
        if (is_code(decoder, found[i])) {
            decoder->question.about.line.addresses[kept++] = found[i];
        }
    }
    decoder->question.about.line.count = kept;
    if (kept != 0) {
        return ask(decoder);
    }
    return decoder->has_panic && ask_panic(decoder);
}

/** One more line of the answer. */
static void add_line(decoder_t *decoder, size_t *used, const char *line, size_t length)
{
    const size_t left = sizeof(decoder->text) - *used;
    char *to = decoder->text + *used;

    if (left < sizeof(prefix) + length + 1) {
        return;
    }
    memcpy(to, prefix, sizeof(prefix) - 1);
    memcpy(to + sizeof(prefix) - 1, line, length);
    to[sizeof(prefix) - 1 + length] = '\0';
    safe_text_clean(to);
    *used += strlen(to);
    decoder->text[(*used)++] = '\n';
    decoder->text[*used] = '\0';
}

static void take(decoder_t *decoder, size_t *used)
{
    struct pollfd wait = {.fd = decoder->fd, .events = POLLIN};
    ssize_t size = 0;

    if (decoder->fd >= 0 && poll(&wait, 1, DECODER_PATIENCE_MS) == 1) {
        size = recv(decoder->fd, decoder->raw, sizeof(decoder->raw), 0);
    }
    if (size <= 0) {
        static const char sentence[] = "the ELF file could not be read: addresses are not decoded any more";

        stop(decoder);
        add_line(decoder, used, sentence, sizeof(sentence) - 1);
        return;
    }
    for (const char *at = decoder->raw, *end = decoder->raw + size - 1; at < end;) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *line_end = newline == NULL ? end : newline;

        add_line(decoder, used, at, (size_t)(line_end - at));
        at = line_end + 1;
    }
}

const char *decoder_answer(decoder_t *decoder)
{
    size_t used = 0;

    decoder->text[0] = '\0';
    take(decoder, &used);
    if (decoder->has_panic && decoder->fd >= 0 && ask_panic(decoder)) {
        take(decoder, &used);
    }
    return decoder->text;
}
