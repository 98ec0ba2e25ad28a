/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The fault sweep: plans of three images against the scripted target, with every kind of fault at every byte,
 * frame and command, as far as the number of runs reaches, and with several at once. The same number of runs
 * is always the same runs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run.h"
#include "tally.h"

static const char USAGE[] = "sweep [--runs N] [--config NAME] [--kind NAME] [--jobs N] [--first 1]\n"
                            "    sweeps, in N processes; fails when a run is bad. --runs 0: without faults "
                            "only. --first 1: ends with the\n"
                            "    first configuration that has a bad one\n"
                            "sweep --config NAME --faults LIST [--way 0|1|2|3]\n"
                            "    one run, traced: a plan, explicit functions, compressed, questions\n"
                            "sweep --shares N [--plan PERCENT] [--explicit PERCENT]\n"
                            "    what single lost bytes come to; fails below a bound\n";

static world_t world;
static tally_t tally;

static uint32_t random_state = 20260601;

static uint32_t random_below(uint32_t limit)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return random_state % limit;
}

/* ---- what there is to strike at ---- */

typedef struct {
    uint32_t counts[SPACE_COUNT];
    uint32_t headers[HEADERS_MAX];
    uint32_t begins[HEADERS_MAX];
    uint32_t connect_out;
} points_t;

/* A run without faults tells it; it must be right. */
static bool find_points(const config_t *config, way_t way, points_t *out)
{
    world_choose(&world, config);
    result_t result = world_run(&world, way, NULL, 0, false);
    if (result.error != ESP_LOADER_SUCCESS || result_is_bad(&result, NULL, 0) || result.is_unchecked_wrong ||
        result.is_unverified || result.is_spread) {
        printf("BAD: without faults: --config %s: %s at stage %s, command %02X, status %02X %02X\n",
               config->name, esp_loader_error_name(result.error), esp_loader_stage_name(result.detail.stage),
               result.detail.command, result.detail.target_status, result.detail.target_reason);
        return false;
    }
    memcpy(out->counts, world.wire.counts, sizeof(out->counts));
    memcpy(out->headers, world.wire.headers, sizeof(out->headers));
    memcpy(out->begins, world.wire.begins, sizeof(out->begins));
    out->counts[SPACE_BEGIN] = world.wire.begin_count;
    out->counts[SPACE_HEADER] = world.wire.header_count * HEADER_SIZE;
    out->counts[SPACE_WHOLE] = 1;
    out->connect_out = world.connect_out;
    return true;
}

static fault_t make_fault(const points_t *points, fault_kind_t kind, uint64_t point)
{
    uint32_t forms = fault_rows[kind].forms;
    fault_t fault = {kind, (uint32_t)(point / forms), (uint32_t)(point % forms)};
    if (fault_rows[kind].space == SPACE_HEADER) {
        fault.at = points->headers[fault.at / HEADER_SIZE] + fault.at % HEADER_SIZE;
    }
    if (fault_rows[kind].space == SPACE_BEGIN) {
        fault.at = points->begins[fault.at];
    }
    return fault;
}

static uint64_t point_count(const points_t *points, fault_kind_t kind)
{
    return (uint64_t)points->counts[fault_rows[kind].space] * fault_rows[kind].forms;
}

static uint64_t greatest_divisor(uint64_t a, uint64_t b)
{
    while (b != 0) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* A step through all points that visits each once and spreads the first ones evenly. */
static uint64_t step_through(uint64_t total)
{
    uint64_t step = total * 618 / 1000 + 1;
    while (greatest_divisor(step, total) != 1) {
        step++;
    }
    return step;
}

static void run_one(const config_t *config, way_t way, const fault_t *faults, size_t count)
{
    result_t result = world_run(&world, way, faults, count, false);
    tally_add(&tally, config, way, faults, count, &result);
}

static void sweep_kind(const config_t *config, way_t way, const points_t *points, fault_kind_t kind,
                       uint64_t runs)
{
    uint64_t total = point_count(points, kind);
    uint64_t step = step_through(total == 0 ? 1 : total);
    for (uint64_t i = 0; i < runs && i < total; i++) {
        fault_t fault = make_fault(points, kind, (i + 1) * step % total);
        /* A byte stream keeps its order: the answer to the question before last does not come again. */
        if (way != WAY_ASK || kind != FAULT_REPLY_PREVIOUS || fault.form == 0) {
            run_one(config, way, &fault, 1);
        }
    }
}

static void sweep_several(const config_t *config, const points_t *points, uint32_t runs)
{
    for (uint32_t i = 0; i < runs; i++) {
        fault_t faults[FAULTS_MAX];
        size_t count = 2 + i % (FAULTS_MAX - 1);
        for (size_t k = 0; k < count; k++) {
            uint64_t total;
            fault_kind_t kind;
            do {
                kind = (fault_kind_t)random_below(FAULT_KINDS);
                total = point_count(points, kind);
            } while (total == 0);
            faults[k] = make_fault(points, kind, random_below((uint32_t)total));
        }
        run_one(config, WAY_PLAN, faults, count);
    }
}

/* Questions outside of plans, with what changes no value: that no checksum would tell. */
static bool sweep_questions(const config_t *config, uint32_t runs)
{
    static const fault_kind_t kinds[] = {FAULT_COMMAND_DROP, FAULT_COMMAND_DOUBLE, FAULT_REPLY_DROP,
                                         FAULT_REPLY_LATE,   FAULT_REPLY_DOUBLE,   FAULT_REPLY_PREVIOUS,
                                         FAULT_OUT_LATE,     FAULT_IN_LATE,        FAULT_LATENCY};
    static points_t points;
    const uint32_t count = sizeof(kinds) / sizeof(kinds[0]);
    if (!find_points(config, WAY_ASK, &points)) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        sweep_kind(config, WAY_ASK, &points, kinds[i], runs / count);
    }
    return true;
}

/* What is to be swept. */
typedef struct {
    const config_t *config; /* NULL: all */
    int kind;               /* -1: all, and several at once */
    uint32_t runs;
    uint32_t jobs;
    bool stops_at_first;
} order_t;

static bool sweep_config(const order_t *order, const config_t *config, uint32_t share)
{
    static points_t points;
    uint32_t before = tally.runs;
    bool is_good = true;
    random_state = 20260601 + (uint32_t)(config - sweep_configs);
    if (!find_points(config, WAY_PLAN, &points)) {
        return false;
    }
    for (unsigned kind = 0; kind < FAULT_KINDS; kind++) {
        uint64_t of_kind = order->kind < 0 ? (uint64_t)share * fault_rows[kind].share / 1000 : share;
        if (order->kind < 0 || order->kind == (int)kind) {
            sweep_kind(config, WAY_PLAN, &points, (fault_kind_t)kind, of_kind);
        }
    }
    if (order->kind < 0 && share > 0) {
        is_good = sweep_questions(config, share / 20);
        uint32_t done = tally.runs - before;
        sweep_several(config, &points, done + share / 10 < share ? share - done : share / 10);
    }
    return is_good;
}

/* Runs of a configuration: large images take long and get a quarter. */
static uint32_t share_of_config(uint32_t runs, uint32_t index)
{
    uint32_t parts = 0;
    for (size_t i = 0; i < sweep_config_count; i++) {
        parts += sweep_configs[i].is_large ? 1 : 4;
    }
    return (uint32_t)((uint64_t)runs * (sweep_configs[index].is_large ? 1 : 4) / parts) + (runs > 0);
}

/* The configurations of one process: every jobs-th. */
static bool sweep_part(const order_t *order, uint32_t part)
{
    const uint32_t count = (uint32_t)sweep_config_count;
    bool is_good = true;
    for (uint32_t c = part; c < count; c += order->jobs) {
        uint32_t share = order->config != NULL ? order->runs : share_of_config(order->runs, c);
        if (order->config == NULL || order->config == &sweep_configs[c]) {
            is_good = sweep_config(order, &sweep_configs[c], share) && is_good;
        }
        fflush(stdout);
        if (order->stops_at_first && (!is_good || tally.bad > 0)) {
            break;
        }
    }
    return is_good;
}

/* Each process sends its counts through a pipe, which takes them at once. */
_Static_assert(sizeof(tally_t) <= 4096, "PIPE_BUF");
static bool sweep_in_processes(const order_t *order)
{
    static tally_t other;
    bool is_good = true;
    int ends[2];
    if (pipe(ends) != 0) {
        perror("sweep");
        exit(2);
    }
    for (uint32_t part = 0; part < order->jobs; part++) {
        if (fork() == 0) {
            bool is_part_good = sweep_part(order, part);
            bool is_sent = write(ends[1], &tally, sizeof(tally)) == (ssize_t)sizeof(tally);
            _exit(is_part_good && is_sent ? 0 : 1);
        }
    }
    close(ends[1]);
    for (uint32_t part = 0; part < order->jobs; part++) {
        int status;
        is_good = read(ends[0], &other, sizeof(other)) == (ssize_t)sizeof(other) && wait(&status) >= 0 &&
                  status == 0 && is_good;
        tally_merge(&tally, &other);
    }
    return is_good;
}

static bool sweep(const order_t *order)
{
    bool is_good = order->jobs > 1 ? sweep_in_processes(order) : sweep_part(order, 0);
    tally_print(&tally);
    return is_good && tally.bad == 0 && (tally.runs > 0 || order->runs == 0);
}

/* ---- what single lost bytes come to ---- */

static const config_t *config_named(const char *name)
{
    for (size_t i = 0; i < sweep_config_count; i++) {
        if (strcmp(sweep_configs[i].name, name) == 0) {
            return &sweep_configs[i];
        }
    }
    fprintf(stderr, "sweep: there is no configuration '%s'\n", name);
    exit(2);
}

/* Loses one byte after another that is sent after connecting. */
static bool lose_bytes(const char *name, way_t way, uint32_t runs, unsigned bound)
{
    static points_t points;
    static const char *const ways[] = {"plan", "explicit", "explicit, compressed"};
    const config_t *config = config_named(name);
    uint32_t success = 0;
    uint32_t bad = 0;
    if (!find_points(config, way, &points)) {
        return false;
    }
    uint32_t first = points.connect_out;
    uint32_t total = points.counts[SPACE_OUT] - first;
    runs = runs < total ? runs : total;
    for (uint32_t i = 0; i < runs; i++) {
        fault_t fault = {FAULT_OUT_DROP, first + (uint32_t)((uint64_t)i * total / runs), 0};
        result_t result = world_run(&world, way, &fault, 1, false);
        success += result.error == ESP_LOADER_SUCCESS;
        bad += result_is_bad(&result, &fault, 1);
    }
    double percent = 100.0 * success / runs;
    bool is_good = bad == 0 && percent >= bound;
    printf("%s%-16s %-22s %5u of %5u runs with a lost byte succeed: %5.1f %%, bound %u %%, %u bad\n",
           is_good ? "" : "BAD: ", name, ways[way], success, runs, percent, bound, bad);
    return is_good;
}

static bool shares(uint32_t runs, unsigned plan_bound, unsigned explicit_bound)
{
    bool is_good = lose_bytes("rom-uart", WAY_PLAN, runs, plan_bound);
    is_good = lose_bytes("stub-uart", WAY_PLAN, runs, plan_bound) && is_good;
    is_good = lose_bytes("stub32-uart-zip", WAY_PLAN, runs, plan_bound) && is_good;
    is_good = lose_bytes("rom-uart", WAY_EXPLICIT, runs, explicit_bound) && is_good;
    is_good = lose_bytes("stub-uart", WAY_EXPLICIT, runs, explicit_bound) && is_good;
    is_good = lose_bytes("rom-uart", WAY_EXPLICIT_DEFLATE, runs, 0) && is_good;
    return lose_bytes("stub-uart", WAY_EXPLICIT_DEFLATE, runs, 0) && is_good;
}

static bool run_alone(const config_t *config, const char *text, way_t way)
{
    fault_t faults[FAULTS_MAX];
    int count = fault_parse(text, faults);
    if (count < 0) {
        fprintf(stderr, "sweep: '%s': faults are kind@index:form, at most four\n", text);
        exit(2);
    }
    world_choose(&world, config);
    result_t result = world_run(&world, way, faults, (size_t)count, true);
    printf("%s\n", result_is_bad(&result, faults, (size_t)count) ? "BAD" : "good");
    return !result_is_bad(&result, faults, (size_t)count);
}

static int kind_named(const char *name)
{
    for (int kind = 0; kind < FAULT_KINDS; kind++) {
        if (strcmp(fault_rows[kind].name, name) == 0) {
            return kind;
        }
    }
    fprintf(stderr, "sweep: there is no kind of fault '%s'\n", name);
    exit(2);
}

int main(int argc, char **argv)
{
    order_t order = {.kind = -1, .runs = 20000, .jobs = 1};
    const char *faults = NULL;
    uint32_t share_runs = 0;
    unsigned plan_bound = 0;
    unsigned explicit_bound = 0;
    way_t way = WAY_PLAN;
    for (int i = 1; i < argc; i += 2) {
        const char *value = i + 1 < argc ? argv[i + 1] : "";
        if (strcmp(argv[i], "--runs") == 0) {
            order.runs = (uint32_t)strtoul(value, NULL, 10);
        } else if (strcmp(argv[i], "--config") == 0) {
            order.config = config_named(value);
        } else if (strcmp(argv[i], "--kind") == 0) {
            order.kind = kind_named(value);
        } else if (strcmp(argv[i], "--jobs") == 0) {
            order.jobs = (uint32_t)strtoul(value, NULL, 10);
        } else if (strcmp(argv[i], "--first") == 0) {
            order.stops_at_first = strcmp(value, "0") != 0;
        } else if (strcmp(argv[i], "--faults") == 0) {
            faults = value;
        } else if (strcmp(argv[i], "--way") == 0) {
            way = (way_t)(strtoul(value, NULL, 10) % 4);
        } else if (strcmp(argv[i], "--shares") == 0) {
            share_runs = (uint32_t)strtoul(value, NULL, 10);
        } else if (strcmp(argv[i], "--plan") == 0) {
            plan_bound = (unsigned)strtoul(value, NULL, 10);
        } else if (strcmp(argv[i], "--explicit") == 0) {
            explicit_bound = (unsigned)strtoul(value, NULL, 10);
        } else {
            fprintf(stderr, "sweep: %s: invalid option\n%s", argv[i], USAGE);
            return 2;
        }
    }
    bool is_good = faults != NULL && order.config != NULL ? run_alone(order.config, faults, way)
                   : share_runs != 0                      ? shares(share_runs, plan_bound, explicit_bound)
                                                          : sweep(&order);
    chip_free(&world.chip);
    return is_good ? 0 : 1;
}
