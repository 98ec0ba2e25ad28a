/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Runs scenarios in processes of their own and collects what they print.
 */
#define _POSIX_C_SOURCE 200809L
#include "scenario.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

/* A scenario takes milliseconds; one that runs that long will never end. */
#define STUCK_AFTER_S 120

enum { OUTPUT_SIZE = 1 << 18, PANIC_STATUS = 99, DRIVER_CORES = 2, MAIN_PRIORITY = 1 };

static char output[OUTPUT_SIZE];
static void (*program)(void);

static void main_task(void *arg)
{
    (void)arg;
    program();
    scenario_succeed();
}

void scenario_succeed(void)
{
    kernel_end(EXIT_SUCCESS);
}

static void run_child(const scenario_t *scenario, FILE *sink)
{
    dup2(fileno(sink), STDOUT_FILENO);
    dup2(fileno(sink), STDERR_FILENO);
    alarm(STUCK_AFTER_S);
    idf_host_tick_rate_hz = scenario->tick_rate_hz != 0 ? scenario->tick_rate_hz : 1000;
    program = scenario->main;
    if (scenario->setup != NULL) {
        scenario->setup();
    }
    kernel_run(scenario->cores != 0 ? scenario->cores : DRIVER_CORES, bus_machine(), main_task,
               MAIN_PRIORITY);
}

/** Exit status, or 1000 + signal. */
static int run(const scenario_t *scenario)
{
    FILE *sink = tmpfile();
    assert_non_null(sink);
    fflush(stdout);
    fflush(stderr);
    const pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        run_child(scenario, sink);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    rewind(sink);
    const size_t size = fread(output, 1, sizeof(output) - 1, sink);
    output[size] = '\0';
    fclose(sink);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

const char *scenario_passes(const scenario_t *scenario)
{
    const int status = run(scenario);
    if (status != 0) {
        fprintf(stderr, "--- scenario %s ended with status %d\n%s\n---\n",
                scenario->label != NULL ? scenario->label : "", status, output);
    }
    assert_int_equal(status, 0);
    return output;
}

void scenario_panics(const scenario_t *scenario, const char *text)
{
    const int status = run(scenario);
    if (status != PANIC_STATUS || strstr(output, text) == NULL) {
        fprintf(stderr, "--- scenario ended with status %d, not with a panic about \"%s\"\n%s\n---\n", status,
                text, output);
    }
    assert_int_equal(status, PANIC_STATUS);
    assert_non_null(strstr(output, text));
}
