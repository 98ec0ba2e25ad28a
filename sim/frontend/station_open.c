/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "station_open.h"

#include "endpoint.h"
#include "usbip_hub.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Several chips get files and sockets of their own: PATH.0, PATH.1 … Returns NULL when memory is short. */
static char *numbered_path(const fe_station_t *station, const char *path)
{
    char *result = NULL;
    if (station->options->count == 1) {
        return strdup(path);
    }
    return asprintf(&result, "%s.%u", path, station->index) < 0 ? NULL : result;
}

/* Reports at the start, not after hours of flashing, that a file cannot be written; a new one is made empty. */
static bool open_file(const char *path, const char *what, struct stat *status, char *error, size_t error_size)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    const bool is_open = fd >= 0 && fstat(fd, status) == 0;
    if (!is_open) {
        (void)snprintf(error, error_size, "cannot write %s file '%s': %s", what, path, strerror(errno));
    }
    if (fd >= 0) {
        (void)close(fd);
    }
    return is_open;
}

/* A file without the flash's size is not a flash but a user's file, which would be lost at the end. */
static bool open_flash_file(const char *path, uint32_t flash_size, char *error, size_t error_size)
{
    struct stat status;
    if (!open_file(path, "flash", &status, error, error_size)) {
        return false;
    }
    if (!S_ISREG(status.st_mode) || status.st_size == 0 || status.st_size == (off_t)flash_size) {
        return true;
    }
    (void)snprintf(
        error, error_size,
        "'%s' does not fit this flash: it has %lld bytes, the flash has %u (--flash-size); it would be "
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
    if (memcmp(config.mac, no_mac, sizeof(no_mac)) == 0) {
        memcpy(config.mac, first_mac, sizeof(first_mac));
    }
    config.mac[5] = (uint8_t)(config.mac[5] + station->index);
    if (station->efuse_path != NULL) {
        struct stat status;
        if (!open_file(station->efuse_path, "eFuse", &status, error, error_size)) {
            return false;
        }
        config.efuse_file = status.st_size > 0 ? station->efuse_path : NULL;
    }
    station->sim = esp_sim_new(&config, error, error_size);
    if (station->sim == NULL) {
        return false;
    }
    if (station->flash_path == NULL) {
        return true;
    }
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
        if (options->cable_at != NULL && (link = numbered_path(station, options->cable_at)) == NULL) {
            break;
        }
        cable = fe_pty_new(station, link, error, error_size);
        free(link);
        return cable;
    case FE_CABLE_USBIP:
        if (station->shared->hub == NULL) {
            station->shared->hub = fe_usbip_hub_new(station, options->cable_at, error, error_size);
        }
        if (station->shared->hub == NULL) {
            return NULL;
        }
        return fe_usbip_cable_new(station, station->shared->hub, error, error_size);
    case FE_CABLE_NONE:
        break;
    }
    (void)snprintf(error, error_size, "no cable");
    return NULL;
}

bool fe_station_open(fe_station_t *station, const fe_options_t *options, unsigned index, const char *faults,
                     FILE *trace, fe_shared_t *shared, char *error, size_t error_size)
{
    *station = (fe_station_t){.options = options, .index = index, .shared = shared};

    if ((options->flash_path != NULL &&
         (station->flash_path = numbered_path(station, options->flash_path)) == NULL) ||
        (options->efuse_path != NULL &&
         (station->efuse_path = numbered_path(station, options->efuse_path)) == NULL)) {
        (void)snprintf(error, error_size, "out of memory");
        return false;
    }
    if (!open_chip(station, faults, trace, error, error_size)) {
        return false;
    }

    /* The control socket first: a program that waits for the cable's line finds both. */
    if (options->control_path != NULL) {
        char *path = numbered_path(station, options->control_path);
        if (path == NULL) {
            (void)snprintf(error, error_size, "out of memory");
            return false;
        }
        station->control = fe_control_new(station, path, error, error_size);
        free(path);
        if (station->control == NULL) {
            return false;
        }
    }
    station->cable = open_cable(station, error, error_size);
    return station->cable != NULL;
}

static void destroy_endpoint(fe_endpoint_t *endpoint)
{
    if (endpoint != NULL) {
        endpoint->ops->destroy(endpoint);
    }
}

void fe_station_close(fe_station_t *station)
{
    destroy_endpoint(station->cable);
    destroy_endpoint(station->control);
    esp_sim_free(station->sim);
    free(station->flash_path);
    free(station->efuse_path);
    *station = (fe_station_t){0};
}

void fe_shared_close(fe_shared_t *shared)
{
    destroy_endpoint(shared->hub);
    shared->hub = NULL;
}
