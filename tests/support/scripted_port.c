/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "scripted_port.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static scripted_port_t *script_of(esp_loader_port_t *port)
{
    return container_of(port, scripted_port_t, port);
}

void scripted_port_push(scripted_port_t *script, const void *data, size_t size)
{
    if (size > sizeof(script->input) - script->input_size) {
        abort();
    }
    memcpy(&script->input[script->input_size], data, size);
    script->input_size += size;
}

void scripted_port_reply(scripted_port_t *script, const void *data, size_t size)
{
    if (script->reply_count == SCRIPT_MAX_REPLIES) {
        abort();
    }
    script->replies[script->reply_count] = data;
    script->reply_sizes[script->reply_count++] = size;
}

static esp_loader_error_t write_all(esp_loader_port_t *port, const uint8_t *data, size_t size,
                                    uint32_t timeout_ms, size_t *out_written)
{
    scripted_port_t *script = script_of(port);
    (void)timeout_ms;
    script->writes++;
    *out_written = 0;
    if (script->write_error != ESP_LOADER_SUCCESS) {
        return script->write_error;
    }
    if (size > sizeof(script->sent) - script->sent_size) {
        abort();
    }
    memcpy(&script->sent[script->sent_size], data, size);
    script->sent_size += size;
    *out_written = size;
    if (script->next_reply < script->reply_count) {
        scripted_port_push(script, script->replies[script->next_reply],
                           script->reply_sizes[script->next_reply]);
        script->next_reply++;
    }
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t read_some(esp_loader_port_t *port, uint8_t *buf, size_t capacity,
                                    uint32_t timeout_ms, size_t *out_read)
{
    scripted_port_t *script = script_of(port);
    size_t count = script->input_size - script->input_next;
    script->reads++;
    if (script->noise != NULL) {
        for (size_t i = 0; i < capacity; i++) {
            buf[i] = (uint8_t)script->noise[script->noise_next++ % strlen(script->noise)];
        }
        *out_read = capacity;
        script->now_ms += 1;
        return ESP_LOADER_SUCCESS;
    }
    if (count == 0) {
        *out_read = 0;
        script->now_ms += timeout_ms;
        return script->read_error != ESP_LOADER_SUCCESS ? script->read_error : ESP_LOADER_ERROR_TIMEOUT;
    }
    if (count > capacity) {
        count = capacity;
    }
    if (script->chunk != 0 && count > script->chunk) {
        count = script->chunk;
    }
    memcpy(buf, &script->input[script->input_next], count);
    script->input_next += count;
    *out_read = count;
    return ESP_LOADER_SUCCESS;
}

static uint32_t now_ms(esp_loader_port_t *port)
{
    return script_of(port)->now_ms;
}

static void delay_ms(esp_loader_port_t *port, uint32_t ms)
{
    script_of(port)->now_ms += ms;
}

static esp_loader_error_t set_lines(esp_loader_port_t *port, bool dtr, bool rts)
{
    scripted_port_t *script = script_of(port);
    size_t used = strlen(script->lines);
    snprintf(&script->lines[used], sizeof(script->lines) - used, "%s%d%d", used > 0 ? " " : "", dtr, rts);
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t set_rate(esp_loader_port_t *port, uint32_t rate_baud)
{
    script_of(port)->rate = rate_baud;
    return ESP_LOADER_SUCCESS;
}

static esp_loader_link_t link_kind(esp_loader_port_t *port)
{
    return script_of(port)->link;
}

void scripted_port_init(scripted_port_t *script)
{
    static const esp_loader_port_ops_t ops = {.delay_ms = delay_ms,
                                              .write_all = write_all,
                                              .read_some = read_some,
                                              .now_ms = now_ms,
                                              .set_lines = set_lines,
                                              .set_rate = set_rate,
                                              .link_kind = link_kind};
    memset(script, 0, sizeof(*script));
    script->port.ops = &ops;
}

/* ---- first generation ---- */

static esp_loader_error_t write_v1(esp_loader_port_t *port, const uint8_t *data, uint16_t size,
                                   uint32_t timeout_ms)
{
    size_t written;
    return write_all(port, data, size, timeout_ms, &written);
}

static esp_loader_error_t read_v1(esp_loader_port_t *port, uint8_t *data, uint16_t size, uint32_t timeout_ms)
{
    size_t done = 0;
    while (done < size) {
        size_t count;
        esp_loader_error_t err = read_some(port, data + done, size - done, timeout_ms, &count);
        if (err != ESP_LOADER_SUCCESS) {
            return err;
        }
        done += count;
    }
    return ESP_LOADER_SUCCESS;
}

static void start_timer(esp_loader_port_t *port, uint32_t ms)
{
    script_of(port)->rate =
        script_of(port)->now_ms + ms; /* the rate is not used on this port: keep the deadline there */
}

static uint32_t remaining_time(esp_loader_port_t *port)
{
    const scripted_port_t *script = script_of(port);
    return script->rate > script->now_ms ? script->rate - script->now_ms : 0;
}

static void enter_bootloader(esp_loader_port_t *port)
{
    (void)set_lines(port, false, true);
}

void scripted_port_init_v1(scripted_port_t *script)
{
    static const esp_loader_port_ops_t ops = {.enter_bootloader = enter_bootloader,
                                              .start_timer = start_timer,
                                              .remaining_time = remaining_time,
                                              .delay_ms = delay_ms,
                                              .write = write_v1,
                                              .read = read_v1};
    memset(script, 0, sizeof(*script));
    script->port.ops = &ops;
}
