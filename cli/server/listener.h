/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The socket that clients connect to.
 */
#ifndef CLI_LISTENER_H
#define CLI_LISTENER_H

#include <stdbool.h>
#include <stddef.h>

enum { LISTENER_NAME_SIZE = 80, LISTENER_ERROR_SIZE = 200 };

typedef struct {
    int fd;                        /**< -1 = closed */
    char name[LISTENER_NAME_SIZE]; /**< where it listens, as after rfc2217:// */
    bool is_local;                 /**< only programs of this machine can connect */
} listener_t;

/** Listens at @p text: ADDRESS:PORT, :PORT or PORT, the address being 127.0.0.1 where it is left out; one of IPv6 is in
 * brackets. Port 0 = any that is free. false and one sentence in @p error, with *out_is_usage set if @p text is invalid. */
bool listener_open(listener_t *listener, const char *text, bool *out_is_usage,
                   char error[LISTENER_ERROR_SIZE]);

void listener_close(listener_t *listener);

/** Takes the next client, not blocking, without Nagle's delay, and found out when its machine is gone (half a minute).
 *  @param out_name  who it is
 *  @return its socket; -1 = there is none */
int listener_accept(const listener_t *listener, char out_name[LISTENER_NAME_SIZE]);

/** Tells a client a sentence and leaves it. */
void listener_refuse(int client, const char *sentence);

#endif
