/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A port whose other end is a script: every frame the library writes is recorded and answered by the next
 * queued reply. Time is virtual: a read with nothing to read lets its timeout pass.
 */
#ifndef SCRIPTED_PORT_H
#define SCRIPTED_PORT_H

#include "esp_loader.h"

#define SCRIPT_MAX_REPLIES 64

typedef struct {
    esp_loader_port_t port;
    uint32_t now_ms;
    size_t chunk; /* bytes per read at most, 0 = no limit */
    esp_loader_link_t link;

    uint8_t sent[65536]; /* everything written */
    size_t sent_size;
    unsigned writes; /* calls */
    unsigned reads;
    esp_loader_error_t write_error; /* returned by every write while not SUCCESS */
    esp_loader_error_t read_error;  /* returned instead of TIMEOUT while not SUCCESS */
    const char *noise;              /* reads never run dry: they give this, over and over */
    size_t noise_next;

    const void *replies[SCRIPT_MAX_REPLIES];
    size_t reply_sizes[SCRIPT_MAX_REPLIES];
    size_t reply_count;
    size_t next_reply;
    uint8_t input[65536]; /* waiting to be read */
    size_t input_size;
    size_t input_next;
    char lines[256]; /* states set, e.g. "00 10 11 01 00" */
    uint32_t rate;
} scripted_port_t;

/* Second-generation port. */
void scripted_port_init(scripted_port_t *script);
/* The same conversation through first-generation entries. */
void scripted_port_init_v1(scripted_port_t *script);

/* After the next write that is not answered yet, @p size bytes arrive. The bytes must stay valid. */
void scripted_port_reply(scripted_port_t *script, const void *data, size_t size);
/* Bytes arrive now. */
void scripted_port_push(scripted_port_t *script, const void *data, size_t size);

#endif
