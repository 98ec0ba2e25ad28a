/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A port whose other end is a script: every frame the library writes is recorded and answered by the next
 * queued reply. Time is virtual: a read with nothing to read lets its timeout pass.
 */
#ifndef SCRIPTED_PORT_H
#define SCRIPTED_PORT_H

#include "esp_loader.h"
#include "test_port.h"

enum { SCRIPT_MAX_REPLIES = 64, SCRIPT_BUFFER_SIZE = 65536 };

typedef struct {
    test_port_t base; /* its clock is that of the conversation */
    size_t chunk;     /* bytes per read at most, 0 = no limit */

    uint8_t sent[SCRIPT_BUFFER_SIZE]; /* everything written */
    size_t sent_size;
    esp_loader_error_t write_error; /* returned by every write while not SUCCESS */
    esp_loader_error_t read_error;  /* returned instead of TIMEOUT while not SUCCESS */
    const char *noise;              /* reads never run dry: they give this, over and over */
    size_t noise_next;

    uint8_t replies[SCRIPT_BUFFER_SIZE]; /* one after the other */
    size_t reply_ends[SCRIPT_MAX_REPLIES];
    size_t reply_count;
    size_t next_reply;
    bool is_joined; /* the next reply to be queued arrives together with the one before it */
    uint8_t input[SCRIPT_BUFFER_SIZE]; /* waiting to be read */
    size_t input_size;
    size_t input_next;
} scripted_port_t;

/* Second-generation port; test_port_make_v1() makes it one of the first. */
void scripted_port_init(scripted_port_t *script);

/* After the next write that is not answered yet, @p size bytes arrive. */
void scripted_port_reply(scripted_port_t *script, const void *data, size_t size);
/* Bytes arrive now. */
void scripted_port_push(scripted_port_t *script, const void *data, size_t size);

#endif
