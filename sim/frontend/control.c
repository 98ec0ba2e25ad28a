/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The control socket: what a person at the board can do and see, one command per line, for scripts and for
 * `nc -U`. The answer to each command is any number of lines and then one line `ok` or `error: <sentence>`;
 * text that comes from the chip is quoted, each line after "| ", so it is never mistaken for the end. The
 * commands are in control_line.c.
 */
#define _GNU_SOURCE
#include "endpoint.h"

#include "accept.h"
#include "control_line.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { CLIENTS = 4, LINE_CAPACITY = 1024, ERROR_SIZE = 512 };

/* A client's next command is read when the answer to the last one has gone out whole. */
typedef struct {
    int fd; /**< -1 = this place is free */
    char line[LINE_CAPACITY];
    size_t line_size;
    bool is_line_too_long;
    char *answer; /**< NULL = none is on its way */
    size_t answer_size;
    size_t answer_sent;
} client_t;

typedef struct {
    fe_endpoint_t endpoint;
    int listener;
    struct sockaddr_un address;
    client_t clients[CLIENTS];
} control_t;

/* ---- the commands ---- */

static const char *state_name(esp_sim_state_t state)
{
    switch (state) {
    case ESP_SIM_STATE_OFF:
        return "off";
    case ESP_SIM_STATE_STARTING:
        return "starting";
    case ESP_SIM_STATE_DOWNLOAD_ROM:
        return "download-rom";
    case ESP_SIM_STATE_DOWNLOAD_STUB:
        return "download-stub";
    case ESP_SIM_STATE_APP:
        return "app";
    case ESP_SIM_STATE_BOOT_FAILED:
        return "boot-failed";
    case ESP_SIM_STATE_RAM_CODE:
        return "ram-code";
    }
    return "unknown";
}

static void print_state(const fe_station_t *station, FILE *answer)
{
    const uint8_t *mac = esp_sim_mac(station->sim);
    (void)fprintf(answer, "state %s\n", state_name(esp_sim_state(station->sim)));
    (void)fprintf(answer, "attached %d\n", esp_sim_is_attached(station->sim));
    (void)fprintf(answer, "mac %02x:%02x:%02x:%02x:%02x:%02x\n", mac[0], mac[1], mac[2], mac[3], mac[4],
                  mac[5]);
    (void)fprintf(answer, "dtr %d\nrts %d\n", station->dtr, station->rts);
    (void)fprintf(answer, "time_us %" PRIu64 "\n", esp_sim_now_us(station->sim));
}

static void print_stats(const esp_sim_stats_t *stats, FILE *answer)
{
    const struct {
        const char *name;
        uint64_t value;
    } rows[] = {
        {"host_writes", stats->host_writes},
        {"host_reads", stats->host_reads},
        {"bytes_out", stats->bytes_out},
        {"bytes_in", stats->bytes_in},
        {"commands", stats->commands},
        {"bad_frames", stats->bad_frames},
        {"sectors_erased", stats->sectors_erased},
        {"block_erases", stats->block_erases},
        {"sector_erases", stats->sector_erases},
        {"bytes_programmed", stats->bytes_programmed},
        {"programs", stats->programs},
        {"flash_busy_us", stats->flash_busy_us},
        {"resets", stats->resets},
        {"line_changes", stats->line_changes},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        (void)fprintf(answer, "%s %" PRIu64 "\n", rows[i].name, rows[i].value);
    }
}

/* Quotes text line by line; a last line without an end gets one. */
static void print_quoted(const char *text, FILE *answer)
{
    while (*text != '\0') {
        const size_t size = strcspn(text, "\r\n");
        (void)fprintf(answer, "| %.*s\n", (int)size, text);
        text += size;
        text += *text == '\r' ? 1 : 0;
        text += *text == '\n' ? 1 : 0;
    }
}

static bool save(const fe_station_t *station, const char *file, char *error)
{
    const char *path = file[0] != '\0' ? file : station->flash_path;
    if (path == NULL) {
        (void)snprintf(error, ERROR_SIZE, "save: name a file; there was no --flash");
        return false;
    }
    return esp_sim_flash_save(station->sim, path, error, ERROR_SIZE);
}

/* Decodes the escapes, in place. Returns the length of what they stand for. */
static size_t unescape(char *text)
{
    static const char letters[] = "nrte\\";
    static const char values[] = "\n\r\t\033\\";
    size_t size = 0;

    for (const char *from = text; *from != '\0';) {
        const char *letter = *from == '\\' && from[1] != '\0' ? strchr(letters, from[1]) : NULL;
        unsigned value = 0;
        int used = 0;

        if (letter != NULL) {
            text[size++] = values[letter - letters];
            from += 2;
        } else if (sscanf(from, "\\x%2x%n", &value, &used) == 1 && used == 4) {
            text[size++] = (char)value;
            from += 4;
        } else {
            text[size++] = *from++;
        }
    }
    return size;
}

static bool print_by_app(const fe_station_t *station, const fe_control_command_t *command)
{
    char text[LINE_CAPACITY];
    bool is_printed = true;

    (void)snprintf(text, sizeof(text), "%s", command->text);
    const size_t size = unescape(text);
    for (uint32_t i = 0; i < command->count && is_printed; i++) {
        is_printed = esp_sim_app_print(station->sim, text, size);
    }
    return is_printed;
}

/* Says what has to be so for what was tried. */
static bool need_app(bool is_done, char *error)
{
    if (!is_done) {
        (void)snprintf(error, ERROR_SIZE, "no application runs");
    }
    return is_done;
}

static bool carry_out(fe_station_t *station, const fe_control_command_t *command, FILE *answer, char *error)
{
    switch (command->verb) {
    case FE_CONTROL_LINES:
        fe_station_set_lines(station, command->has_dtr ? command->dtr : station->dtr,
                             command->has_rts ? command->rts : station->rts);
        return true;
    case FE_CONTROL_RATE:
        esp_sim_host_set_rate(station->sim, command->baud);
        return true;
    case FE_CONTROL_RESET:
        esp_sim_reset_button(station->sim, command->holds_boot);
        return true;
    case FE_CONTROL_UNPLUG:
        esp_sim_unplug(station->sim);
        return true;
    case FE_CONTROL_PLUG:
        esp_sim_plug(station->sim, command->holds_boot);
        return true;
    case FE_CONTROL_STATE:
        print_state(station, answer);
        return true;
    case FE_CONTROL_STATS:
        print_stats(esp_sim_stats(station->sim), answer);
        return true;
    case FE_CONTROL_CONSOLE:
        print_quoted(esp_sim_console(station->sim), answer);
        return true;
    case FE_CONTROL_MISUSE:
        print_quoted(esp_sim_misuse(station->sim), answer);
        return true;
    case FE_CONTROL_BURNS:
        print_quoted(esp_sim_burns(station->sim), answer);
        return true;
    case FE_CONTROL_SAVE:
        return save(station, command->text, error);
    case FE_CONTROL_LOAD:
        return esp_sim_flash_load(station->sim, command->text, error, ERROR_SIZE);
    case FE_CONTROL_FAULTS:
        return esp_sim_add_faults(station->sim, command->text, error, ERROR_SIZE);
    case FE_CONTROL_APP_PRINT:
        return need_app(print_by_app(station, command), error);
    case FE_CONTROL_APP_RATE:
        return need_app(esp_sim_app_set_rate(station->sim, command->baud), error);
    case FE_CONTROL_APP_ECHO:
        return need_app(esp_sim_app_set_echo(station->sim, command->is_on), error);
    case FE_CONTROL_HELP:
        (void)fputs(fe_control_help, answer);
        return true;
    case FE_CONTROL_QUIT:
        station->shared->is_quitting = true;
        return true;
    }
    return true;
}

/* ---- one client ---- */

static void close_client(client_t *client)
{
    (void)close(client->fd);
    free(client->answer);
    *client = (client_t){.fd = -1};
}

static void send_answer(client_t *client)
{
    while (client->answer != NULL) {
        const ssize_t sent = send(client->fd, client->answer + client->answer_sent,
                                  client->answer_size - client->answer_sent, MSG_NOSIGNAL);
        if (sent < 0) {
            if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
                close_client(client);
            }
            return;
        }
        client->answer_sent += (size_t)sent;
        if (client->answer_sent == client->answer_size) {
            free(client->answer);
            client->answer = NULL;
        }
    }
}

static void run_line(fe_station_t *station, client_t *client)
{
    char error[ERROR_SIZE] = "";
    fe_control_command_t command;
    FILE *answer = open_memstream(&client->answer, &client->answer_size);

    if (answer == NULL) {
        fe_station_note(station, "control: %s", strerror(errno));
        close_client(client);
        return;
    }
    bool is_ok = false;
    if (client->is_line_too_long) {
        (void)snprintf(error, sizeof(error), "line too long");
    } else {
        is_ok = fe_control_parse(client->line, &command, error, sizeof(error)) &&
                carry_out(station, &command, answer, error);
    }
    (void)fprintf(answer, is_ok ? "ok\n" : "error: %s\n", error);

    if (fclose(answer) != 0) { /* memory ran out: half an answer would be a wrong one */
        fe_station_note(station, "control: %s", strerror(errno));
        close_client(client);
        return;
    }
    client->answer_sent = 0;
    client->line_size = 0;
    client->is_line_too_long = false;
    send_answer(client);
}

static void take_byte(fe_station_t *station, client_t *client, char byte)
{
    if (byte == '\n') {
        const bool has_return = client->line_size > 0 && client->line[client->line_size - 1] == '\r';
        client->line[client->line_size - (has_return ? 1 : 0)] = '\0';
        run_line(station, client);
    } else if (client->line_size < LINE_CAPACITY - 1 && byte != '\0') {
        client->line[client->line_size++] = byte;
    } else {
        client->is_line_too_long = true;
    }
}

/* Reads byte by byte, so that a command after one whose answer does not fit stays in the socket; no more
 * than the longest line in one go, so that a client that sends without end stops no other. */
static void serve(fe_station_t *station, client_t *client)
{
    send_answer(client);
    for (unsigned i = 0; i < LINE_CAPACITY && client->fd >= 0 && client->answer == NULL; i++) {
        char byte;
        const ssize_t received = recv(client->fd, &byte, 1, 0);
        if (received == 1) {
            take_byte(station, client, byte);
            continue;
        }
        if (received == 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)) {
            close_client(client);
        }
        return;
    }
}

/* ---- the socket ---- */

static void accept_clients(control_t *control)
{
    for (;;) {
        const int fd = fe_accept(control->listener);
        if (fd < 0) {
            if (errno == EMFILE) {
                fe_station_note(control->endpoint.station, "control: client refused: %s", strerror(errno));
            }
            return;
        }
        size_t i = 0;
        while (i < CLIENTS && control->clients[i].fd >= 0) {
            i++;
        }
        if (i < CLIENTS) {
            control->clients[i].fd = fd;
        } else {
            fe_station_note(control->endpoint.station, "control: client refused, there are %d already",
                            CLIENTS);
            (void)close(fd);
        }
    }
}

static size_t control_watch(fe_endpoint_t *endpoint, struct pollfd *fds)
{
    control_t *control = (control_t *)endpoint;
    size_t count = 0;
    fds[count++] = (struct pollfd){.fd = control->listener, .events = POLLIN};
    for (size_t i = 0; i < CLIENTS; i++) {
        const client_t *client = &control->clients[i];
        if (client->fd >= 0) {
            fds[count++] =
                (struct pollfd){.fd = client->fd, .events = client->answer != NULL ? POLLOUT : POLLIN};
        }
    }
    return count;
}

static void control_service(fe_endpoint_t *endpoint, const struct pollfd *fds, size_t count, uint64_t real_us)
{
    control_t *control = (control_t *)endpoint;
    (void)real_us;
    for (size_t i = 0; i < CLIENTS; i++) {
        for (size_t k = 1; k < count; k++) {
            if (control->clients[i].fd == fds[k].fd && fds[k].revents != 0) {
                serve(endpoint->station, &control->clients[i]);
            }
        }
    }
    if ((fds[0].revents & POLLIN) != 0) {
        accept_clients(control);
    }
}

static void control_destroy(fe_endpoint_t *endpoint)
{
    control_t *control = (control_t *)endpoint;
    for (size_t i = 0; i < CLIENTS; i++) {
        if (control->clients[i].fd >= 0) {
            close_client(&control->clients[i]);
        }
    }
    if (control->listener >= 0) {
        (void)close(control->listener);
        (void)unlink(control->address.sun_path);
    }
    free(control);
}

static const fe_endpoint_ops_t control_ops = {
    .watch = control_watch,
    .service = control_service,
    .exchange = NULL,
    .is_blocked = NULL,
    .wake_us = NULL,
    .destroy = control_destroy,
};

/* Removes a socket that a program left behind; one with a listener stays. */
static void remove_stale(const struct sockaddr_un *address)
{
    struct stat status;
    if (lstat(address->sun_path, &status) != 0 || !S_ISSOCK(status.st_mode)) {
        return;
    }
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return;
    }
    if (connect(fd, (const struct sockaddr *)address, sizeof(*address)) != 0 && errno == ECONNREFUSED) {
        (void)unlink(address->sun_path);
    }
    (void)close(fd);
}

static bool start_listening(control_t *control)
{
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return false;
    }
    remove_stale(&control->address);
    if (bind(fd, (const struct sockaddr *)&control->address, sizeof(control->address)) != 0) {
        const int cause = errno;
        (void)close(fd);
        errno = cause;
        return false;
    }
    control->listener = fd; /* from here on the socket's file is ours to remove */
    return listen(fd, CLIENTS) == 0;
}

fe_endpoint_t *fe_control_new(fe_station_t *station, const char *path, char *error, size_t error_size)
{
    control_t *control = calloc(1, sizeof(*control));
    if (control == NULL) {
        (void)snprintf(error, error_size, "out of memory");
        return NULL;
    }
    control->endpoint = (fe_endpoint_t){.ops = &control_ops, .station = station};
    control->listener = -1;
    control->address.sun_family = AF_UNIX;
    for (size_t i = 0; i < CLIENTS; i++) {
        control->clients[i].fd = -1;
    }

    if (path[0] == '\0' || strlen(path) >= sizeof(control->address.sun_path)) {
        (void)snprintf(error, error_size, "control socket '%s': a path of 1 to %zu bytes is needed", path,
                       sizeof(control->address.sun_path) - 1);
    } else {
        memcpy(control->address.sun_path, path, strlen(path));
        if (start_listening(control) && fe_station_announce("control", path)) {
            return &control->endpoint;
        }
        (void)snprintf(error, error_size, "cannot listen on control socket '%s': %s", path, strerror(errno));
    }
    control_destroy(&control->endpoint);
    return NULL;
}
