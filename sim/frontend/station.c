/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Time, and what a station says.
 */
#define _GNU_SOURCE
#include "station.h"

#include "endpoint.h"

#include <limits.h>
#include <stdarg.h>
#include <string.h>

/* Model events in one advance before the descriptors are polled again. */
enum { EVENTS_PER_ADVANCE = 256 };

/* A pipe without a reader must not stop the boards: it takes PIPE_BUF bytes at once, or nothing is printed
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

static void exchange_bytes(fe_station_t *station)
{
    fe_endpoint_t *cable = station->cable;
    cable->ops->exchange(cable);

    if (station->options->has_console) {
        print_console(station);
    }
}

/* The next event to run to: a due one, or with @p can_jump the next that is the chip's own work. What is
 * there already and was not taken waits for the client, not for time. */
static uint64_t next_event_us(const fe_station_t *station, uint64_t target_us, bool can_jump)
{
    uint64_t next_us = esp_sim_next_event_us(station->sim);
    if (next_us > target_us && can_jump) {
        next_us = esp_sim_next_work_us(station->sim);
    }
    return next_us > esp_sim_now_us(station->sim) ? next_us : FE_NEVER;
}

uint64_t fe_station_advance(fe_station_t *station, uint64_t real_us, bool may_jump)
{
    const fe_endpoint_t *cable = station->cable;
    const uint64_t target_us = fe_model_clock_at(&station->clock, real_us);
    uint64_t wake_us = FE_NEVER;
    int events = 0;

    exchange_bytes(station);
    for (;;) {
        const bool can_jump = may_jump && station->options->speed.is_max && !cable->ops->is_blocked(cable);
        const uint64_t next_us = next_event_us(station, target_us, can_jump);
        const bool is_due = next_us <= target_us;
        if (!is_due && (!can_jump || next_us == FE_NEVER)) {
            wake_us = fe_model_clock_when(&station->clock, esp_sim_next_event_us(station->sim));
            break;
        }
        if (events++ == EVENTS_PER_ADVANCE) {
            return real_us;
        }
        esp_sim_run_until(station->sim, next_us);
        if (!is_due) {
            fe_model_clock_jump(&station->clock, real_us, next_us);
        }
        exchange_bytes(station);
    }
    esp_sim_run_until(station->sim, target_us);
    exchange_bytes(station);
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
    const bool is_saved = station->flash_path == NULL ||
                          esp_sim_flash_save(station->sim, station->flash_path, error, error_size);
    return is_saved && (station->efuse_path == NULL ||
                        esp_sim_efuse_save(station->sim, station->efuse_path, error, error_size));
}

bool fe_station_announce(const char *kind, const char *where)
{
    if (!can_print(stdout)) {
        return true;
    }
    return printf("esp-sim: listening on %s %s\n", kind, where) > 0 && fflush(stdout) == 0;
}

void fe_station_note(const fe_station_t *station, const char *format, ...)
{
    if (station->options->is_quiet || !can_print(stderr)) {
        return;
    }
    if (station->options->count > 1) {
        (void)fprintf(stderr, "esp-sim: chip %u: ", station->index);
    } else {
        (void)fprintf(stderr, "esp-sim: ");
    }

    va_list arguments;
    va_start(arguments, format);
    (void)vfprintf(stderr, format, arguments);
    va_end(arguments);
    (void)fputc('\n', stderr);
}

void fe_station_client_left(fe_station_t *station)
{
    if (station->options->is_once) {
        station->shared->is_quitting = true;
    }
}
