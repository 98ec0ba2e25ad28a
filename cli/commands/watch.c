/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-loader watch: flashes board after board, each as it is plugged in. One thread per board flashes; the
 * main thread looks for boards, starts threads and says what has become of them.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ports/cancel.h"
#include "commands/command.h"
#include "commands/watch_table.h"
#include "flash/flash_content.h"
#include "flash/flash_report.h"
#include "flash/flash_summary.h"
#include "report/clock.h"
#include "report/screen.h"
#include "session/json_report.h"
#include "text/safe_text.h"
#include "ports/file_limit.h"
#include "ports/watch_net.h"
#include "ports/watch_places.h"
#include "ports/watch_scan.h"

enum { POLL_MS = 100, POLL_MAX_MS = 500, STACK_SIZE = 512 * 1024 };

/** One board being flashed. */
typedef struct {
    struct watch_s *watch;
    watch_place_t *place; /**< NULL = not in use */
    watch_net_t *net;     /**< of a place on a network */
    pthread_t thread;
    bool has_thread;
    watch_board_t board;
    session_options_t session;
    flash_run_t run;
    cli_exit_t code;
    uint64_t start_ms;
    uint64_t end_ms;
    atomic_bool is_finished;
    bool has_mac; /**< under the lock of the watch: the board connected last in this place */
    uint8_t mac[6];
    tally_t tally; /**< under the lock, too */
} worker_t;

typedef struct watch_s {
    flash_job_t job;
    const char **ports;
    watch_net_t **nets; /**< by port; NULL = it is not on a network */
    size_t port_count;
    uint32_t count_max; /**< 0 = no end */
    bool is_quiet;
    bool is_live; /**< standard output is a terminal for a table */

    watch_boards_t boards; /**< of the last look */
    watch_places_t places; /**< `turn` of each is its worker_t, or NULL */
    pthread_mutex_t lock;
    uint32_t started;
    uint32_t done;
    uint32_t failed;
    cli_exit_t last_failure;
} watch_t;

/** A line above the table. */
__attribute__((format(printf, 2, 3))) static void say(const watch_t *watch, const char *format, ...)
{
    va_list args;

    if (watch->is_quiet) {
        return;
    }
    screen_begin_text();
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    screen_end_text();
}

/* ---- a board ---- */

/** A board with a bridge and with the chip's own USB may be plugged in twice. Called in the worker's thread.
 */
static const char *refuse_if_known(void *ctx, const uint8_t mac[6])
{
    worker_t *self = ctx;
    watch_t *watch = self->watch;
    const char *reason = NULL;

    pthread_mutex_lock(&watch->lock);
    for (size_t i = 0; i < watch->places.count; i++) {
        const worker_t *other = watch->places.list[i]->turn;
        if (other != NULL && other != self && other->has_mac &&
            memcmp(other->mac, mac, sizeof(other->mac)) == 0) {
            reason = "this board is plugged in twice: unplug one of its connectors";
        }
    }
    self->has_mac = reason == NULL;
    memcpy(self->mac, mac, sizeof(self->mac));
    pthread_mutex_unlock(&watch->lock);
    return reason;
}

/** Called in the worker's thread. */
static void note_progress(void *ctx, const tally_t *tally)
{
    worker_t *worker = ctx;

    pthread_mutex_lock(&worker->watch->lock);
    worker->tally = *tally;
    pthread_mutex_unlock(&worker->watch->lock);
}

static void *flash_board(void *argument)
{
    worker_t *worker = argument;

    worker->code = flash_job_run(&worker->watch->job, &worker->run);
    worker->end_ms = clock_now_ms();
    atomic_store(&worker->is_finished, true);
    return NULL;
}

/** Of the place, made if there is none; NULL when there is no memory. */
static worker_t *worker_of(watch_t *watch, watch_place_t *place)
{
    if (place->turn == NULL) {
        worker_t *worker = calloc(1, sizeof(*worker));

        pthread_mutex_lock(&watch->lock);
        place->turn = worker;
        pthread_mutex_unlock(&watch->lock);
    }
    return place->turn;
}

static watch_net_t *net_of(const watch_t *watch, const watch_board_t *board)
{
    for (size_t i = 0; i < watch->port_count; i++) {
        if (watch->nets[i] != NULL && strcmp(watch->ports[i], board->port) == 0) {
            return watch->nets[i];
        }
    }
    return NULL;
}

/** A stack of its own for each board: what a plan and the ports need is known. */
static bool start_thread(worker_t *worker)
{
    pthread_attr_t attributes;

    if (pthread_attr_init(&attributes) != 0) {
        return false;
    }
    (void)pthread_attr_setstacksize(&attributes, STACK_SIZE);
    const bool is_started = pthread_create(&worker->thread, &attributes, flash_board, worker) == 0;
    (void)pthread_attr_destroy(&attributes);
    return is_started;
}

static void start(watch_t *watch, watch_place_t *place)
{
    worker_t *worker = worker_of(watch, place);
    char error[OPTION_ERROR_SIZE];
    char board[SAFE_TEXT_SIZE];
    char port[SAFE_TEXT_SIZE];

    if (worker == NULL) {
        report_labelled_line(place->board.place, "out of memory");
        watch->started++;
        watch->failed++;
        watch->last_failure = CLI_OTHER;
        watch_places_finish(place);
        return;
    }
    worker->watch = watch;
    worker->place = place;
    worker->board = place->board;
    worker->net = net_of(watch, &worker->board);
    worker->session = watch->job.session;
    worker->session.port = worker->board.port;
    (void)session_options_check(&worker->session,
                                error); /* it has been: leaves out a rate where there is none */
    worker->session.is_quiet = true;
    worker->run = (flash_run_t){.session.options = &worker->session,
                                .label = worker->board.place,
                                .refuse = refuse_if_known,
                                .refuse_ctx = worker,
                                .on_progress = note_progress,
                                .on_progress_ctx = worker};
    worker->tally = (tally_t){0};
    worker->start_ms = clock_now_ms();
    atomic_store(&worker->is_finished, false);
    watch->started++;
    say(watch, "%s: flashing through %s\n", safe_text(worker->board.place, board),
        safe_text(worker->board.port, port));
    worker->has_thread = start_thread(worker);
    if (!worker->has_thread) {
        report_labelled_line(worker->board.place, "out of memory");
        worker->code = CLI_OTHER;
        worker->end_ms = clock_now_ms();
        atomic_store(&worker->is_finished, true);
    }
}

static json_t *board_members(const session_t *session, const void *ctx)
{
    const worker_t *worker = ctx;

    (void)session;
    return json_pack("{s:{s:o, s:o*}, s:I, s:o, s:o*}", "board", "place",
                     json_report_text(worker->board.place), "serial", json_report_text(worker->board.serial),
                     "time_ms", (json_int_t)(worker->end_ms - worker->start_ms), "images",
                     flash_report_images(&worker->watch->job, &worker->run), "notes",
                     flash_report_notes(&worker->watch->job, &worker->run));
}

static void report_turn(watch_t *watch, const worker_t *worker)
{
    const flash_run_t *run = &worker->run;
    const uint8_t *mac = run->session.mac;
    const unsigned tenths = (unsigned)((worker->end_ms - worker->start_ms + 50) / 100);
    char text[128];
    char board[SAFE_TEXT_SIZE];
    char name[32] = "board";

    if (run->session.has_mac) {
        snprintf(name, sizeof(name), "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3], mac[4],
                 mac[5]);
    }
    if (json_report_line(&run->session, worker->code, board_members, worker) != worker->code) {
        watch->last_failure = CLI_OTHER;
    }
    if (worker->code != CLI_OK) {
        report_labelled_line(worker->board.place, "%s FAILED after %u.%u s (%d)", name, tenths / 10,
                             tenths % 10, (int)worker->code);
        watch->failed++;
        watch->last_failure = worker->code;
        return;
    }
    watch->done++;
    flash_summary_results(run, watch->job.count, text, sizeof(text));
    say(watch, "%s: %s done in %u.%u s%s\n", safe_text(worker->board.place, board), name, tenths / 10,
        tenths % 10, text);
}

static void finish(watch_t *watch, worker_t *worker)
{
    if (worker->has_thread) {
        pthread_join(worker->thread, NULL);
    }
    report_turn(watch, worker);
    if (worker->net != NULL) {
        watch_net_finish(worker->net, worker->run.session.left != SESSION_LEFT_RUNNING);
    }
    flash_run_free(&worker->run);
    watch_places_finish(worker->place);
    worker->place = NULL;
}

/* ---- all boards ---- */

static bool is_any_busy(watch_t *watch)
{
    bool is_busy = false;

    for (size_t i = 0; i < watch->places.count; i++) {
        worker_t *worker = watch->places.list[i]->turn;

        if (worker == NULL || worker->place == NULL) {
            continue;
        }
        if (atomic_load(&worker->is_finished)) {
            finish(watch, worker);
        }
        is_busy = is_busy || worker->place != NULL;
    }
    return is_busy;
}

static bool is_last_started(const watch_t *watch)
{
    return watch->count_max != 0 && watch->started >= watch->count_max;
}

/** Adds the boards that have answered on a network. */
static void add_nets(watch_t *watch)
{
    for (size_t i = 0; i < watch->port_count; i++) {
        watch_board_t *board = watch->nets[i] != NULL && watch_net_is_there(watch->nets[i])
                                   ? watch_boards_add(&watch->boards)
                                   : NULL;

        if (board != NULL) {
            board->is_accessible = true;
            snprintf(board->place, sizeof(board->place), "%s", watch->ports[i]);
            snprintf(board->port, sizeof(board->port), "%s", watch->ports[i]);
        }
    }
}

static void look(watch_t *watch)
{
    watch_place_t *place;
    char name[SAFE_TEXT_SIZE];

    watch->boards.count = 0;
    watch_scan(watch->ports, watch->port_count, &watch->boards);
    add_nets(watch);
    uint64_t at_ms = clock_now_ms();
    pthread_mutex_lock(&watch->lock); /* workers look through the places */
    watch_places_see(&watch->places, watch->boards.list, watch->boards.count, at_ms);
    pthread_mutex_unlock(&watch->lock);
    while ((place = watch_places_remove(&watch->places, at_ms)) != NULL) {
        worker_t *worker = place->turn;

        if (worker == NULL) {
            continue;
        }
        pthread_mutex_lock(&watch->lock);
        worker->has_mac = false;
        pthread_mutex_unlock(&watch->lock);
        json_events_tell(&worker->run.session, "removed", NULL);
        say(watch, "%s: removed\n", safe_text(place->board.place, name));
    }
    while (!is_last_started(watch) && (place = watch_places_take(&watch->places, at_ms)) != NULL) {
        start(watch, place);
    }
}

static void draw(watch_t *watch)
{
    watch_row_t rows[WATCH_TABLE_ROWS];
    watch_sum_t sum = {.flashed = watch->done, .failed = watch->failed};

    if (!watch->is_live) {
        return;
    }
    for (size_t i = 0; i < watch->places.count; i++) {
        const worker_t *worker = watch->places.list[i]->turn;

        if (worker == NULL || worker->place == NULL) {
            continue;
        }
        if (sum.busy++ < WATCH_TABLE_ROWS) {
            watch_row_t *row = &rows[sum.busy - 1];
            pthread_mutex_lock(&watch->lock);
            row->tally = worker->tally;
            pthread_mutex_unlock(&watch->lock);
            row->place = worker->board.place;
            row->image = watch->job.images[row->tally.image_index].name;
        }
    }
    const bar_style_t style = screen_style(stdout);
    watch_table_draw(stdout, &style, screen_height(stdout), rows, &sum);
}

static cli_exit_t watch_boards(watch_t *watch)
{
    struct timespec pause = {.tv_nsec = POLL_MS * 1000000L};

    json_report_done();
    say(watch, "Waiting for boards; Ctrl-C ends\n");
    while (!cancel_is_requested(NULL) && !(is_last_started(watch) && !is_any_busy(watch))) {
        look(watch);
        draw(watch);
        const size_t ms = POLL_MS + 2 * watch->boards.count; /* looking costs something for each */
        pause.tv_nsec = (long)(ms < POLL_MAX_MS ? ms : POLL_MAX_MS) * 1000000L;
        nanosleep(&pause, NULL); /* a signal ends it early */
        (void)is_any_busy(watch);
    }
    while (is_any_busy(watch)) {
        draw(watch);
        nanosleep(&pause, NULL);
    }
    say(watch, "%u flashed, %u failed\n", (unsigned)watch->done, (unsigned)watch->failed);
    return cancel_is_requested(NULL) ? CLI_CANCELLED : watch->last_failure;
}

/** Begins to ask on the ports that are on a network. */
static bool start_nets(watch_t *watch)
{
    const session_options_t *options = &watch->job.session;
    const cli_connect_t how = {.is_reset_off = options->is_reset_before_off,
                               .timeout_ms = options->timeout_ms};

    for (size_t i = 0; i < watch->port_count; i++) {
        if (strstr(watch->ports[i], "://") == NULL) {
            continue;
        }
        watch->nets[i] = watch_net_start(watch->ports[i], how);
        if (watch->nets[i] == NULL) {
            report_line("out of memory");
            return false;
        }
    }
    return true;
}

/* ---- command line ---- */

static bool add_port(watch_t *watch, const char *port, char error[OPTION_ERROR_SIZE])
{
    if (strcmp(port, "auto") == 0 || strlen(port) >= PORT_TEXT_SIZE) {
        snprintf(error, OPTION_ERROR_SIZE, "no board can be plugged in at '%.60s'", port);
        return false;
    }
    watch->ports[watch->port_count++] = port;
    return true;
}

static bool take_option(void *state, const option_value_t *value, char error[OPTION_ERROR_SIZE])
{
    watch_t *watch = state;

    switch (value->option->id) {
    case OPTION_BOARD_COUNT:
        watch->count_max = value->number;
        return true;
    case OPTION_PORT:
        return add_port(watch, value->text, error);
    default:
        return flash_job_take(&watch->job, value, error);
    }
}

/** Are the options good for each of the ports? */
static bool check_ports(const watch_t *watch, char error[OPTION_ERROR_SIZE])
{
    for (size_t i = 0; i < watch->port_count; i++) {
        session_options_t options = watch->job.session;

        options.port = watch->ports[i];
        if (!session_options_check(&options, error)) {
            return false;
        }
    }
    return true;
}

static cli_exit_t run_watch(void *state, operands_t operands)
{
    watch_t *watch = state;
    char error[OPTION_ERROR_SIZE];

    watch->is_quiet = watch->job.session.is_quiet;
    watch->is_live = !watch->is_quiet && screen_is_live(stdout);
    if (!flash_job_check(&watch->job, error) || !check_ports(watch, error)) {
        return command_mistake(COMMAND_WATCH, error);
    }
    cli_exit_t code = flash_job_open(&watch->job, operands.words, operands.count);
    if (code == CLI_OK) {
        flash_content_note(&watch->job);
        file_limit_raise();
        code = start_nets(watch) ? watch_boards(watch) : CLI_OTHER;
    }
    return code;
}

static bool begin_watch(void *state, size_t word_count)
{
    watch_t *watch = state;

    watch->ports = calloc(word_count, sizeof(*watch->ports));
    watch->nets = calloc(word_count, sizeof(watch_net_t *));
    return pthread_mutex_init(&watch->lock, NULL) == 0 && watch->ports != NULL && watch->nets != NULL;
}

static void end_watch(void *state)
{
    watch_t *watch = state;

    for (size_t i = 0; i < watch->port_count; i++) {
        watch_net_stop(watch->nets[i]);
    }
    flash_job_close(&watch->job);
    for (size_t i = 0; i < watch->places.count; i++) {
        free(watch->places.list[i]->turn);
    }
    watch_places_free(&watch->places);
    watch_boards_free(&watch->boards);
    pthread_mutex_destroy(&watch->lock);
    free(watch->nets);
    free(watch->ports);
}

const command_t watch_command = {.state_size = sizeof(watch_t),
                                 .session_offset = offsetof(watch_t, job.session),
                                 .needs_no_port = true,
                                 .begin = begin_watch,
                                 .take = take_option,
                                 .run = run_watch,
                                 .end = end_watch};
