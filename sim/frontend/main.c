/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-sim: starts the chips the command line asks for, runs them, saves their flash and reports. The model is
 * in esp_sim.h, everything that joins it to the outside is here.
 */
#define _GNU_SOURCE
#include "loop.h"
#include "options.h"
#include "station_open.h"
#include "usage.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ERROR_SIZE = 512 };

typedef struct {
    fe_options_t options;
    fe_station_t *stations;
    size_t opened;
    char *faults; /**< NULL = none */
    FILE *trace;  /**< NULL = none */
    int signals;
    fe_shared_t shared;
} program_t;

static bool read_file(const char *path, char **out_text, char *error)
{
    FILE *file = fopen(path, "r");
    size_t size = 0;
    if (file == NULL) {
        (void)snprintf(error, ERROR_SIZE, "cannot read '%s': %s", path, strerror(errno));
        return false;
    }
    *out_text = NULL;
    const ssize_t read = getdelim(out_text, &size, '\0', file);
    const bool is_empty = read < 0 && feof(file) != 0;
    (void)fclose(file);
    if (read >= 0) {
        return true;
    }
    free(*out_text);
    *out_text = is_empty ? strdup("") : NULL;
    if (*out_text == NULL) {
        (void)snprintf(error, ERROR_SIZE, "cannot read '%s': %s", path, strerror(errno));
    }
    return *out_text != NULL;
}

/* The trace is written as it comes, so nothing can take its place that the user wants to keep. */
static bool would_overwrite(const char *trace_path, const char *path, char *error)
{
    struct stat trace, other;
    const bool is_same = trace_path != NULL && path != NULL && stat(trace_path, &trace) == 0 &&
                         S_ISREG(trace.st_mode) && stat(path, &other) == 0 && trace.st_dev == other.st_dev &&
                         trace.st_ino == other.st_ino;
    if (is_same) {
        (void)snprintf(error, ERROR_SIZE, "the trace would overwrite '%s'", path);
    }
    return is_same;
}

static bool prepare_program(program_t *program, char *error)
{
    const fe_options_t *options = &program->options;

    program->signals = fe_loop_catch_signals();
    if (program->signals < 0) {
        (void)snprintf(error, ERROR_SIZE, "cannot catch signals: %s", strerror(errno));
        return false;
    }
    if (options->faults != NULL && options->faults[0] == '@') {
        if (!read_file(options->faults + 1, &program->faults, error)) {
            return false;
        }
    } else if (options->faults != NULL && (program->faults = strdup(options->faults)) == NULL) {
        (void)snprintf(error, ERROR_SIZE, "out of memory");
        return false;
    }
    if (options->is_tracing) {
        if (would_overwrite(options->trace_path, options->flash_path, error) ||
            would_overwrite(options->trace_path, options->efuse_path, error) ||
            (options->faults != NULL && options->faults[0] == '@' &&
             would_overwrite(options->trace_path, options->faults + 1, error))) {
            return false;
        }
        program->trace = options->trace_path != NULL ? fopen(options->trace_path, "w") : stderr;
        if (program->trace == NULL) {
            (void)snprintf(error, ERROR_SIZE, "cannot write trace '%s': %s", options->trace_path,
                           strerror(errno));
            return false;
        }
        (void)setvbuf(program->trace, NULL, _IOLBF, BUFSIZ);
    }
    program->stations = calloc(options->count, sizeof(*program->stations));
    if (program->stations == NULL) {
        (void)snprintf(error, ERROR_SIZE, "out of memory");
    }
    return program->stations != NULL;
}

static bool open_all(program_t *program, char *error)
{
    while (program->opened < program->options.count) {
        fe_station_t *station = &program->stations[program->opened];
        program->opened++;
        if (!fe_station_open(station, &program->options, (unsigned)program->opened - 1, program->faults,
                             program->trace, &program->shared, error, ERROR_SIZE)) {
            return false;
        }
    }
    if (printf("esp-sim: ready\n") > 0 && fflush(stdout) == 0) {
        return true;
    }
    (void)snprintf(error, ERROR_SIZE, "cannot write to standard output: %s", strerror(errno));
    return false;
}

static void complain(const char *sentence)
{
    (void)fprintf(stderr, "esp-sim: error: %s\n", sentence);
}

/* Prints what the strict checks found; true when they found anything. */
static bool report_misuse(const program_t *program)
{
    bool has_misuse = false;
    for (size_t i = 0; i < program->opened; i++) {
        const char *text = esp_sim_misuse(program->stations[i].sim);
        while (*text != '\0') {
            const size_t size = strcspn(text, "\n");
            if (program->options.count > 1) {
                (void)fprintf(stderr, "esp-sim: chip %zu: host misuse: %.*s\n", i, (int)size, text);
            } else {
                (void)fprintf(stderr, "esp-sim: host misuse: %.*s\n", (int)size, text);
            }
            text += size + (text[size] == '\n' ? 1 : 0);
            has_misuse = true;
        }
    }
    return has_misuse;
}

/* Saves every chip, also after one could not be saved. */
static bool save_all(const program_t *program)
{
    char error[ERROR_SIZE];
    bool is_saved = true;
    for (size_t i = 0; i < program->opened; i++) {
        if (!fe_station_save(&program->stations[i], error, sizeof(error))) {
            complain(error);
            is_saved = false;
        }
    }
    return is_saved;
}

static void close_all(program_t *program)
{
    for (size_t i = 0; i < program->opened; i++) {
        fe_station_close(&program->stations[i]);
    }
    fe_shared_close(&program->shared);
    free(program->stations);
    free(program->faults);
    if (program->trace != NULL && program->trace != stderr) {
        (void)fclose(program->trace);
    }
    if (program->signals >= 0) {
        (void)close(program->signals);
    }
}

static int run_program(program_t *program)
{
    char error[ERROR_SIZE] = "";

    if (!prepare_program(program, error) || !open_all(program, error)) {
        complain(error);
        return FE_EXIT_FAILURE;
    }
    const bool has_run = fe_loop_run(program->stations, program->options.count, program->signals,
                                     program->options.exits_on_eof, &program->shared, error, sizeof(error));
    if (!has_run) {
        complain(error);
    }
    const bool has_misuse = report_misuse(program);
    const bool is_saved = save_all(program);
    if (!has_run || !is_saved) {
        return FE_EXIT_FAILURE;
    }
    return has_misuse ? FE_EXIT_MISUSE : FE_EXIT_OK;
}

/* Standard streams that are closed would give their numbers to a socket or a file, which then got what is
 * printed. */
static void take_standard_streams(void)
{
    int fd;
    do {
        fd = open("/dev/null", O_RDWR);
    } while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0) {
        (void)close(fd);
    }
}

int main(int argc, char **argv)
{
    program_t program = {.signals = -1};
    char error[ERROR_SIZE] = "";

    take_standard_streams();
    switch (fe_options_parse(argc, argv, &program.options, error, sizeof(error))) {
    case FE_OPTIONS_HELP:
        fe_usage_print(stdout);
        return fflush(stdout) == 0 ? FE_EXIT_OK : FE_EXIT_FAILURE;
    case FE_OPTIONS_LIST_REGISTERS:
        esp_sim_list_registers(stdout);
        return fflush(stdout) == 0 ? FE_EXIT_OK : FE_EXIT_FAILURE;
    case FE_OPTIONS_BAD:
        complain(error);
        (void)fprintf(stderr, "try esp-sim --help\n");
        return FE_EXIT_USAGE;
    case FE_OPTIONS_OK:
        break;
    }
    const int exit_code = run_program(&program);
    close_all(&program);
    return exit_code;
}
