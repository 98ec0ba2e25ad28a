/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The thread that shows: it waits for what the listener has read, for keys, and for signals. Standard output has what
 * the target prints and nothing else; remarks are on standard error.
 */
#define _GNU_SOURCE
#include "monitor/monitor.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "monitor/explain.h"
#include "monitor/finder.h"
#include "monitor/keys.h"
#include "monitor/listener.h"
#include "monitor/log_file.h"
#include "monitor/pieces.h"
#include "monitor/terminal.h"
#include "monitor/timestamp.h"
#include "ports/cancel.h"
#include "report/clock.h"
#include "text/safe_text.h"

/** Text without an end is shown after IDLE_MS without more. Keys are checked after TURN_PIECES at the latest. */
enum { IDLE_MS = 100, TURN_PIECES = 64, INPUT_SIZE = 256 };

typedef struct {
    const monitor_options_t *options;
    bool is_quiet;
    pieces_t pieces;
    listener_t listener;
    monitor_view_t view;
    explain_t explain;
    finder_t finder;
    monitor_keys_t keys;
    log_file_t log;
    bool has_input; /**< standard input has not ended */
    bool is_paused;
    bool is_ended;
    bool is_found;      /**< the text that ends it */
    bool is_idle;       /**< all that has come is shown */
    uint64_t last_ms;   /**< when something came */
    uint64_t end_by_ms; /**< UINT64_MAX = never */
} monitor_t;

/* ---- output ---- */

static void put(void *ctx, const char *text, size_t size)
{
    (void)ctx;
    (void)fwrite(text, 1, size, stdout); /* main() looks at ferror() */
}

static struct timespec now(void)
{
    struct timespec at = {0};

    clock_gettime(CLOCK_REALTIME, &at);
    return at;
}

static void print_remark(monitor_t *monitor, const char *text)
{
    const struct timespec at = now();

    if (monitor->is_quiet) {
        return;
    }
    if (isatty(STDOUT_FILENO)) {
        monitor_view_break(&monitor->view, &at);
    }
    fflush(stdout);
    while (*text != '\0') {
        const int size = (int)strcspn(text, "\n");

        fprintf(stderr, "--- %.*s\n", size, text);
        text += size + (text[size] == '\n' ? 1 : 0);
    }
}

static void show_bytes(monitor_t *monitor, const piece_t *piece)
{
    log_file_write(&monitor->log, piece->bytes, piece->size);
    if (monitor->finder.text != NULL && !monitor->is_found &&
        finder_take(&monitor->finder, piece->bytes, piece->size)) {
        monitor->is_found = true;
        monitor->end_by_ms = clock_now_ms() + IDLE_MS; /* for the rest of the line */
    }
    monitor_view_take(&monitor->view, piece->bytes, piece->size, &piece->at);
    monitor->last_ms = clock_now_ms();
    monitor->is_idle = false;
}

static void show_remark(monitor_t *monitor, const piece_t *piece)
{
    char text[REPORT_SIZE];
    char clean[SAFE_TEXT_SIZE];

    snprintf(text, sizeof(text), "%.*s", (int)piece->size, (const char *)piece->bytes);
    print_remark(monitor, safe_text(text, clean));
}

/** Shows what waits; true when there may be more. */
static bool show_pieces(monitor_t *monitor)
{
    eventfd_t count;
    piece_t *piece = NULL;

    (void)eventfd_read(monitor->pieces.wake_fd, &count);
    for (int i = 0; i < TURN_PIECES && (piece = pieces_take(&monitor->pieces)) != NULL; i++) {
        if (piece->is_remark) {
            show_remark(monitor, piece);
        } else {
            show_bytes(monitor, piece);
        }
        free(piece);
    }
    fflush(stdout);
    return piece != NULL;
}

static void show_rest_if_idle(monitor_t *monitor)
{
    const struct timespec at = now();

    if (!monitor->is_idle && clock_now_ms() - monitor->last_ms >= IDLE_MS) {
        monitor->is_idle = true;
        monitor_view_idle(&monitor->view, &at);
        fflush(stdout);
    }
}

/* ---- input ---- */

static void switch_log(monitor_t *monitor)
{
    char text[PATH_MAX + 32];
    const bool was_open = monitor->log.fd >= 0;

    if (was_open) {
        log_file_close(&monitor->log);
    } else if (!log_file_open(&monitor->log, NULL)) {
        return;
    }
    snprintf(text, sizeof(text), was_open ? "%s ends here" : "writing %s", monitor->log.path);
    print_remark(monitor, text);
}

static void switch_timestamps(monitor_t *monitor)
{
    const char *format = monitor->options->timestamps;

    format = format != NULL ? format : TIMESTAMP_USUAL;
    monitor->view.timestamps = monitor->view.timestamps == NULL ? format : NULL;
}

static void switch_pause(monitor_t *monitor)
{
    if (!monitor->is_paused) {
        print_remark(monitor, "held: nothing is shown or logged, and nothing lost, until Ctrl-T Ctrl-Y");
    }
    monitor->is_paused = !monitor->is_paused;
}

static void act_on_key(monitor_t *monitor, char key)
{
    switch (monitor_keys_take(&monitor->keys, key)) {
    case MONITOR_KEY_SEND:
        (void)listener_send(&monitor->listener, &key, 1); /* a target that takes nothing loses keys */
        break;
    case MONITOR_KEY_EXIT:
        monitor->is_ended = true;
        break;
    case MONITOR_KEY_RESET:
        listener_ask(&monitor->listener, LISTENER_RESET);
        break;
    case MONITOR_KEY_DOWNLOAD:
        listener_ask(&monitor->listener, LISTENER_DOWNLOAD);
        break;
    case MONITOR_KEY_PAUSE:
        switch_pause(monitor);
        break;
    case MONITOR_KEY_LOG:
        switch_log(monitor);
        break;
    case MONITOR_KEY_TIMESTAMPS:
        switch_timestamps(monitor);
        break;
    case MONITOR_KEY_HELP:
        print_remark(monitor, monitor_keys_help);
        break;
    case MONITOR_KEY_UNKNOWN:
        print_remark(monitor, "no such key; Ctrl-T Ctrl-H shows those that there are");
        break;
    case MONITOR_KEY_NOTHING:
    default:
        break;
    }
}

/** Of a terminal each key is examined; everything else goes to the target as it is. */
static void read_input(monitor_t *monitor)
{
    char bytes[INPUT_SIZE];
    const size_t room = listener_room(&monitor->listener);
    const bool is_limited = !terminal_has_keys() && room < sizeof(bytes);
    const ssize_t size = read(STDIN_FILENO, bytes, is_limited ? room : sizeof(bytes));

    if (size == 0 || (size < 0 && errno != EINTR && errno != EAGAIN)) {
        monitor->has_input = false;
    } else if (size > 0 && !terminal_has_keys()) {
        (void)listener_send(&monitor->listener, bytes, (size_t)size); /* there is room */
    } else {
        for (ssize_t i = 0; i < size; i++) {
            act_on_key(monitor, bytes[i]);
        }
    }
}

/* ---- the loop ---- */

static int wait_ms(const monitor_t *monitor, bool has_more)
{
    const uint64_t now_ms = clock_now_ms();
    uint64_t until_ms = monitor->end_by_ms;

    if (!monitor->is_idle && monitor->last_ms + IDLE_MS < until_ms) {
        until_ms = monitor->last_ms + IDLE_MS;
    }
    if (has_more || until_ms <= now_ms) {
        return 0;
    }
    return until_ms == UINT64_MAX ? -1 : until_ms - now_ms > 60000 ? 60000 : (int)(until_ms - now_ms);
}

static void loop(monitor_t *monitor)
{
    bool has_more = false;

    while (!monitor->is_ended && !terminal_is_end_wanted() && clock_now_ms() < monitor->end_by_ms &&
           !ferror(stdout)) {
        const bool is_input_wanted =
            monitor->has_input && (terminal_has_keys() || listener_room(&monitor->listener) > 0);
        struct pollfd fds[] = {
            {.fd = monitor->is_paused ? -1 : monitor->pieces.wake_fd, .events = POLLIN},
            {.fd = is_input_wanted ? STDIN_FILENO : -1, .events = POLLIN},
            {.fd = terminal_wake_fd(), .events = POLLIN},
        };

        (void)poll(fds, sizeof(fds) / sizeof(fds[0]), wait_ms(monitor, has_more));
        if (!monitor->is_paused) {
            has_more = show_pieces(monitor);
            show_rest_if_idle(monitor);
        }
        if (fds[1].revents != 0) {
            read_input(monitor);
        }
    }
}

static cli_exit_t outcome(const monitor_t *monitor)
{
    if (terminal_is_end_wanted()) {
        return CLI_CANCELLED;
    }
    if (monitor->options->exit_on != NULL && !monitor->is_found && !monitor->is_ended && !ferror(stdout)) {
        report_line("the text of --exit-on has not come in %u.%u s",
                    (unsigned)(monitor->options->exit_after_ms / 1000),
                    (unsigned)(monitor->options->exit_after_ms / 100 % 10));
        return CLI_NO_ANSWER;
    }
    return monitor->log.has_failed ? CLI_OTHER : CLI_OK;
}

static void print_beginning(monitor_t *monitor)
{
    const session_t *session = monitor->listener.session;
    const char *advice = terminal_has_keys() ? "; Ctrl-] ends, Ctrl-T Ctrl-H shows the other keys" : "";
    char name[SAFE_TEXT_SIZE];
    char text[SAFE_TEXT_SIZE + 96];

    safe_text(session->context.port, name);
    if (session->port.has_rate) {
        snprintf(text, sizeof(text), "%s at %u baud%s", name, (unsigned)monitor->options->rate_baud, advice);
    } else {
        snprintf(text, sizeof(text), "%s%s", name, advice);
    }
    print_remark(monitor, text);
}

/** What was held back until its end, which does not come any more. */
static void show_rest(monitor_t *monitor)
{
    const struct timespec at = now();

    monitor_view_idle(&monitor->view, &at);
    if (isatty(STDOUT_FILENO)) {
        monitor_view_break(&monitor->view, &at);
    }
    fflush(stdout);
}

static cli_exit_t run(monitor_t *monitor)
{
    const monitor_options_t *options = monitor->options;

    if (options->log != NULL && !log_file_open(&monitor->log, options->log)) {
        return CLI_OTHER;
    }
    terminal_begin();
    monitor->has_input = terminal_has_keys() || !isatty(STDIN_FILENO);
    print_beginning(monitor);
    if (!listener_begin(&monitor->listener, options->is_reset_off ? LISTENER_NOTHING : LISTENER_RESET)) {
        terminal_end();
        report_line("out of memory");
        return CLI_OTHER;
    }
    loop(monitor);
    cancel_request(); /* whatever the listener waits for */
    listener_end(&monitor->listener);
    while (!ferror(stdout) && show_pieces(monitor)) {
    }
    show_rest(monitor);
    terminal_end();
    log_file_close(&monitor->log);
    return outcome(monitor);
}

cli_exit_t monitor_run(session_t *session, const monitor_options_t *options)
{
    monitor_t *monitor = calloc(1, sizeof(*monitor));

    if (monitor == NULL || !pieces_begin(&monitor->pieces, PIECES_BYTES_MAX)) {
        free(monitor);
        report_line("out of memory");
        return CLI_OTHER;
    }
    monitor->options = options;
    monitor->is_quiet = session->options->is_quiet;
    monitor->listener =
        (listener_t){.session = session, .rate_baud = options->rate_baud, .pieces = &monitor->pieces};
    monitor->view = (monitor_view_t){.mode = options->mode,
                                     .filter = options->filter,
                                     .timestamps = options->timestamps,
                                     .out = {.put = put},
                                     .explain = {.line = explain_line, .ctx = &monitor->explain}};
    monitor->finder.text = options->exit_on;
    monitor->log = LOG_FILE_CLOSED;
    monitor->is_idle = true;
    monitor->end_by_ms = options->exit_after_ms != 0 ? clock_now_ms() + options->exit_after_ms : UINT64_MAX;
    cli_exit_t code = CLI_INPUT;
    if (explain_begin(&monitor->explain, options->elves, options->elf_count, options->rom_folder)) {
        code = run(monitor);
        explain_end(&monitor->explain);
    }
    pieces_free(&monitor->pieces);
    free(monitor);
    return code;
}
