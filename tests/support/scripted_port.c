/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "scripted_port.h"

#include <stdlib.h>
#include <string.h>

static scripted_port_t *script_of(esp_loader_port_t *port)
{
    return container_of(port, scripted_port_t, base.port);
}

/* To one of the script's buffers. */
static void append(uint8_t *buf, size_t *fill, const void *data, size_t size)
{
    if (size > SCRIPT_BUFFER_SIZE - *fill) {
        abort();
    }
    memcpy(&buf[*fill], data, size);
    *fill += size;
}

void scripted_port_push(scripted_port_t *script, const void *data, size_t size)
{
    append(script->input, &script->input_size, data, size);
}

static size_t end_of_reply(const scripted_port_t *script, size_t count)
{
    return count > 0 ? script->reply_ends[count - 1] : 0;
}

void scripted_port_reply(scripted_port_t *script, const void *data, size_t size)
{
    size_t end = end_of_reply(script, script->reply_count);
    if (script->is_joined) {
        script->reply_count--;
        script->is_joined = false;
    }
    if (script->reply_count == SCRIPT_MAX_REPLIES) {
        abort();
    }
    append(script->replies, &end, data, size);
    script->reply_ends[script->reply_count++] = end;
}

static esp_loader_error_t write_all(esp_loader_port_t *port, const uint8_t *data, size_t size,
                                    uint32_t timeout_ms, size_t *out_written)
{
    scripted_port_t *script = script_of(port);
    (void)timeout_ms;
    *out_written = 0;
    if (script->write_error != ESP_LOADER_SUCCESS) {
        return script->write_error;
    }
    append(script->sent, &script->sent_size, data, size);
    *out_written = size;
    if (script->next_reply < script->reply_count) {
        size_t begin = end_of_reply(script, script->next_reply++);
        scripted_port_push(script, &script->replies[begin], end_of_reply(script, script->next_reply) - begin);
    }
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t read_some(esp_loader_port_t *port, uint8_t *buf, size_t capacity,
                                    uint32_t timeout_ms, size_t *out_read)
{
    scripted_port_t *script = script_of(port);
    size_t count = script->input_size - script->input_next;
    if (script->noise != NULL) {
        for (size_t i = 0; i < capacity; i++) {
            buf[i] = (uint8_t)script->noise[script->noise_next++ % strlen(script->noise)];
        }
        *out_read = capacity;
        script->base.now_ms += 1;
        return ESP_LOADER_SUCCESS;
    }
    if (count == 0) {
        *out_read = 0;
        script->base.now_ms += timeout_ms;
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

void scripted_port_init(scripted_port_t *script)
{
    static const esp_loader_port_ops_t hooks = {.write_all = write_all, .read_some = read_some};
    memset(script, 0, sizeof(*script));
    test_port_init(&script->base, &hooks);
}
