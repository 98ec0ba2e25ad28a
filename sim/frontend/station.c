/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The bench place behind station.h.
 */
#define _GNU_SOURCE
#include "station.h"

#include "endpoint.h"
#include "usbip_hub.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Model events in one advance before the descriptors are looked at again. */
enum { EVENTS_PER_ADVANCE = 256 };

/* Several chips get files and sockets of their own: PATH.0, PATH.1 … Returns NULL when memory is short. */
static char *numbered_path(const fe_station_t *station, const char *path)
{
    char *result = NULL;
    if (station->options->count == 1)
        return strdup(path);
    return asprintf(&result, "%s.%u", path, station->index) < 0 ? NULL : result;
}

/* Says at the start, not after hours of flashing, that a file cannot be written; a new one is made empty.
 * What is there and has not the flash's size is somebody's file, not a flash: it would be lost at the end. */
static bool open_flash_file(const char *path, uint32_t flash_size, char *error, size_t error_size)
{
    struct stat status;
    const int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0 || fstat(fd, &status) != 0) {
        (void)snprintf(error, error_size, "cannot write flash file '%s': %s", path, strerror(errno));
        if (fd >= 0)
            (void)close(fd);
        return false;
    }
    (void)close(fd);
    if (!S_ISREG(status.st_mode) || status.st_size == 0 || status.st_size == (off_t)flash_size)
        return true;
    (void)snprintf(
        error, error_size,
        "'%s' is no content of this flash: it has %lld bytes, the flash has %u (--flash-size); it would be "
        "overwritten at the end",
        path, (long long)status.st_size, (unsigned)flash_size);
    return false;
}

static bool open_chip(fe_station_t *station, const char *faults, FILE *trace, char *error, size_t error_size)
{
    static const uint8_t no_mac[6];
    static const uint8_t first_mac[6] = {0x02, 0, 0, 0, 0, 0x01};
    esp_sim_config_t config = station->options->chip;

    config.faults = faults;
    config.trace = trace;
    if (memcmp(config.mac, no_mac, sizeof(no_mac)) == 0)
        memcpy(config.mac, first_mac, sizeof(first_mac));
    config.mac[5] = (uint8_t)(config.mac[5] + station->index);
    station->sim = esp_sim_new(&config, error, error_size);
    if (station->sim == NULL)
        return false;
    if (station->flash_path == NULL)
        return true;
    return open_flash_file(station->flash_path, esp_sim_flash_size(station->sim), error, error_size) &&
           esp_sim_flash_load(station->sim, station->flash_path, error, error_size);
}

static fe_endpoint_t *open_cable(fe_station_t *station, char *error, size_t error_size)
{
    const fe_options_t *options = station->options;
    char *link = NULL;
    fe_endpoint_t *cable;

    switch (options->cable) {
    case FE_CABLE_TCP:
        return fe_tcp_new(station, options->cable_at, error, error_size);
    case FE_CABLE_RFC2217:
        return fe_rfc2217_new(station, options->cable_at, options->line_pairing_ms, error, error_size);
    case FE_CABLE_PTY:
        if (options->cable_at != NULL && (link = numbered_path(station, options->cable_at)) == NULL)
            break;
        cable = fe_pty_new(station, link, error, error_size);
        free(link);
        return cable;
    case FE_CABLE_USBIP:
        if (station->bench->hub == NULL)
            station->bench->hub = fe_usbip_hub_new(station, options->cable_at, error, error_size);
        if (station->bench->hub == NULL)
            return NULL;
        return fe_usbip_cable_new(station, station->bench->hub, error, error_size);
    case FE_CABLE_NONE:
        break;
    }
    (void)snprintf(error, error_size, "no cable");
    return NULL;
}

bool fe_station_open(fe_station_t *station, const fe_options_t *options, unsigned index, const char *faults,
                     FILE *trace, fe_bench_t *bench, char *error, size_t error_size)
{
    *station = (fe_station_t){.options = options, .index = index, .bench = bench};

    if (options->flash_path != NULL) {
        station->flash_path = numbered_path(station, options->flash_path);
        if (station->flash_path == NULL) {
            (void)snprintf(error, error_size, "out of memory");
            return false;
        }
    }
    if (!open_chip(station, faults, trace, error, error_size))
        return false;

    /* The control socket first: whoever waits for the cable's line finds both. */
    if (options->control_path != NULL) {
        char *path = numbered_path(station, options->control_path);
        if (path == NULL) {
            (void)snprintf(error, error_size, "out of memory");
            return false;
        }
        station->control = fe_control_new(station, path, error, error_size);
        free(path);
        if (station->control == NULL)
            return false;
    }
    station->cable = open_cable(station, error, error_size);
    return station->cable != NULL;
}

static void destroy(fe_endpoint_t *endpoint)
{
    if (endpoint != NULL)
        endpoint->ops->destroy(endpoint);
}

void fe_station_close(fe_station_t *station)
{
    destroy(station->cable);
    destroy(station->control);
    esp_sim_free(station->sim);
    free(station->flash_path);
    *station = (fe_station_t){0};
}

void fe_bench_close(fe_bench_t *bench)
{
    destroy(bench->hub);
    bench->hub = NULL;
}

/* A pipe that nobody reads must not stop the boards: it takes PIPE_BUF bytes at once, or nothing is printed
 * now. */
static bool can_print(FILE *stream)
{
    struct pollfd fd = {.fd = fileno(stream), .events = POLLOUT};
    return poll(&fd, 1, 0) != 0;
}

static void print_console(fe_station_t *station)
{
    const char *text = esp_sim_console(station->sim) + station->console_printed;
    while (*text != '\0' && can_print(stdout)) {
        const size_t size = strnlen(text, PIPE_BUF);
        (void)fwrite(text, 1, size, stdout);
        (void)fflush(stdout);
        station->console_printed += size;
        text += size;
    }
}

static void exchange(fe_station_t *station)
{
    fe_endpoint_t *cable = station->cable;
    cable->ops->exchange(cable);

    if (station->options->has_console)
        print_console(station);
}

/* The next event to run to: a due one, or with @p can_jump the next that is the chip's own work. What is
 * there already and was not taken waits for the client, not for time. */
static uint64_t next_event_us(const fe_station_t *station, uint64_t target_us, bool can_jump)
{
    uint64_t next_us = esp_sim_next_event_us(station->sim);
    if (next_us > target_us && can_jump)
        next_us = esp_sim_next_work_us(station->sim);
    return next_us > esp_sim_now_us(station->sim) ? next_us : FE_NEVER;
}

uint64_t fe_station_advance(fe_station_t *station, uint64_t real_us, bool may_jump)
{
    const fe_endpoint_t *cable = station->cable;
    const uint64_t target_us = fe_model_clock_at(&station->clock, real_us);
    uint64_t wake_us = FE_NEVER;
    int events = 0;

    exchange(station);
    for (;;) {
        const bool can_jump = may_jump && station->options->speed.is_max && !cable->ops->is_blocked(cable);
        const uint64_t next_us = next_event_us(station, target_us, can_jump);
        const bool is_due = next_us <= target_us;
        if (!is_due && (!can_jump || next_us == FE_NEVER)) {
            wake_us = fe_model_clock_when(&station->clock, esp_sim_next_event_us(station->sim));
            break;
        }
        if (events++ == EVENTS_PER_ADVANCE)
            return real_us;
        esp_sim_run_until(station->sim, next_us);
        if (!is_due)
            fe_model_clock_jump(&station->clock, real_us, next_us);
        exchange(station);
    }
    esp_sim_run_until(station->sim, target_us);
    exchange(station);
    return wake_us;
}

void fe_station_set_lines(fe_station_t *station, bool dtr, bool rts)
{
    station->dtr = dtr;
    station->rts = rts;
    esp_sim_host_set_lines(station->sim, dtr, rts);
}

bool fe_station_save(const fe_station_t *station, char *error, size_t error_size)
{
    return station->flash_path == NULL ||
           esp_sim_flash_save(station->sim, station->flash_path, error, error_size);
}

bool fe_station_announce(const char *kind, const char *where)
{
    if (!can_print(stdout))
        return true;
    return printf("esp-sim: listening on %s %s\n", kind, where) > 0 && fflush(stdout) == 0;
}

void fe_station_note(const fe_station_t *station, const char *format, ...)
{
    if (station->options->is_quiet || !can_print(stderr))
        return;
    if (station->options->count > 1)
        (void)fprintf(stderr, "esp-sim: chip %u: ", station->index);
    else
        (void)fprintf(stderr, "esp-sim: ");

    va_list arguments;
    va_start(arguments, format);
    (void)vfprintf(stderr, format, arguments);
    va_end(arguments);
    (void)fputc('\n', stderr);
}

void fe_station_client_left(fe_station_t *station)
{
    if (station->options->is_once)
        station->bench->is_quitting = true;
}
