/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The thread that asks.
 */
#define _GNU_SOURCE
#include "ports/watch_net.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ports/cancel_port.h"
#include "ports/watch_places.h"

enum {
    SLICE_MS = 100,
    AGAIN_MS = 1000, /* between two attempts to find a board */
    ASK_MS = 2000,   /* between two questions to one in download mode */
    OPEN_MS = 5000,
    OPEN_TRIES = 3, /* a server may not have noticed yet that the client before has left */
    /* A gap in which watch_places.h sees a removal. */
    GONE_MS = WATCH_REMOVED_MS + 2 * SLICE_MS,
};

typedef enum { LOOKING = 0, THERE, DONE_RUNNING, DONE_IN_DOWNLOAD_MODE } state_t;

struct watch_net_s {
    const char *url;
    cli_connect_t how;
    pthread_t thread;
    atomic_int state; /* state_t */
    atomic_bool is_stopped;
    cli_port_t port;
    esp_loader_t loader;
};

static void wait_ms(const watch_net_t *net, uint32_t ms)
{
    const struct timespec slice = {.tv_nsec = SLICE_MS * 1000000L};

    for (uint32_t waited = 0; waited < ms && !atomic_load(&net->is_stopped); waited += SLICE_MS) {
        nanosleep(&slice, NULL);
    }
}

static bool open_port(watch_net_t *net)
{
    if (!cli_port_prepare(&net->port, net->url)) {
        return false;
    }
    net->port.as.net.connect_timeout_ms = OPEN_MS;
    if (esp_loader_init_serial(&net->loader, net->port.port) != ESP_LOADER_SUCCESS) {
        return false;
    }
    cancel_port_begin(&net->port);
    return true;
}

static void close_port(watch_net_t *net)
{
    cancel_port_end(&net->port);
    esp_loader_deinit(&net->loader);
}

static bool look_once(watch_net_t *net)
{
    if (!open_port(net)) {
        return false;
    }
    const bool is_there = cli_port_connect(&net->port, &net->loader, net->how) == ESP_LOADER_SUCCESS;
    close_port(net);
    return is_there;
}

/** Reads what its application prints, for @p ms. false: the server has closed the connection. */
static bool listen_ms(watch_net_t *net, uint32_t ms)
{
    esp_loader_port_t *port = net->port.port;
    const uint32_t begin_ms = port->ops->now_ms(port);
    esp_loader_error_t error = ESP_LOADER_SUCCESS;

    while ((error == ESP_LOADER_SUCCESS || error == ESP_LOADER_ERROR_TIMEOUT) &&
           port->ops->now_ms(port) - begin_ms < ms && !atomic_load(&net->is_stopped)) {
        uint8_t bytes[512];
        size_t count;

        error = port->ops->read_some(port, bytes, sizeof(bytes), SLICE_MS, &count);
    }
    return error == ESP_LOADER_SUCCESS || error == ESP_LOADER_ERROR_TIMEOUT;
}

/** Does it answer without a reset, as the one with this address? A chip that does not report its address has none. */
static bool still_answers(watch_net_t *net, uint8_t mac[6])
{
    const cli_connect_t how = {.is_reset_off = true, .timeout_ms = net->how.timeout_ms};
    uint8_t now[6] = {0};

    if (cli_port_connect(&net->port, &net->loader, how) != ESP_LOADER_SUCCESS) {
        return false;
    }
    (void)esp_loader_read_mac(&net->loader, now);
    const bool is_first = memcmp(mac, (const uint8_t[6]){0}, 6) == 0;
    const bool is_same = is_first || memcmp(mac, now, sizeof(now)) == 0;
    memcpy(mac, now, sizeof(now));
    return is_same;
}

/** Waits until a board that has had its turn is gone. */
static void wait_until_gone(watch_net_t *net, bool is_in_download_mode)
{
    uint8_t mac[6] = {0};
    bool is_there = false;

    for (unsigned i = 0; i < OPEN_TRIES && !is_there; i++) {
        wait_ms(net, 3 * SLICE_MS);
        is_there = open_port(net);
    }
    if (!is_there) {
        return;
    }
    while (is_there && !atomic_load(&net->is_stopped)) {
        is_there = (!is_in_download_mode || still_answers(net, mac)) && listen_ms(net, ASK_MS);
    }
    close_port(net);
}

static void *run(void *argument)
{
    watch_net_t *net = argument;

    while (!atomic_load(&net->is_stopped)) {
        const state_t state = (state_t)atomic_load(&net->state);

        if (state == LOOKING) {
            if (look_once(net)) {
                atomic_store(&net->state, THERE);
            } else {
                wait_ms(net, AGAIN_MS);
            }
        } else if (state == THERE) {
            wait_ms(net, SLICE_MS);
        } else {
            wait_until_gone(net, state == DONE_IN_DOWNLOAD_MODE);
            atomic_store(&net->state, LOOKING);
            wait_ms(net, GONE_MS);
        }
    }
    return NULL;
}

watch_net_t *watch_net_start(const char *url, cli_connect_t how)
{
    watch_net_t *net = calloc(1, sizeof(*net));

    if (net == NULL) {
        return NULL;
    }
    net->url = url;
    net->how = how;
    if (pthread_create(&net->thread, NULL, run, net) != 0) {
        free(net);
        return NULL;
    }
    return net;
}

bool watch_net_is_there(const watch_net_t *net)
{
    return atomic_load(&net->state) != LOOKING;
}

void watch_net_finish(watch_net_t *net, bool is_in_download_mode)
{
    atomic_store(&net->state, is_in_download_mode ? DONE_IN_DOWNLOAD_MODE : DONE_RUNNING);
}

void watch_net_stop(watch_net_t *net)
{
    if (net != NULL) {
        atomic_store(&net->is_stopped, true);
        pthread_join(net->thread, NULL);
        free(net);
    }
}
