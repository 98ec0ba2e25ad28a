/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * el-bench-cpu-read: reads one MiB from a stub through a first-generation port that has every byte at once.
 * bench/cpu.py runs it under callgrind and counts the library's instructions per byte.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "esp_loader.h"
#include "images.h"

#define IMAGE_SIZE  (1024u * 1024u)
#define PACKET_SIZE 4096u
#define READ_FLASH  0xD2

/* What the target has to say: all of it before the library is counted. */
typedef struct {
    esp_loader_port_t port;
    const uint8_t *stream;
    size_t stream_size, stream_next;
    uint8_t reply[34];
    size_t reply_next;
    bool is_reading;
} null_port_t;

static null_port_t *self(esp_loader_port_t *port)
{
    return container_of(port, null_port_t, port);
}

/* Commands are answered; acknowledgements begin otherwise. */
static esp_loader_error_t write_port(esp_loader_port_t *port, const uint8_t *data, uint16_t size,
                                     uint32_t timeout_ms)
{
    null_port_t *null = self(port);
    (void)timeout_ms;
    if (size >= 10 && data[1] == 0) {
        /* As in cpu.c: the chip id of an ESP32-S3, and success for whatever wants no information. */
        const uint8_t reply[sizeof(null->reply)] = {0xC0, 1, data[2], [5] = 1, [9 + 12] = 9, [33] = 0xC0};
        memcpy(null->reply, reply, sizeof(reply));
        null->reply_next = 0;
        null->is_reading = data[2] == READ_FLASH;
    }
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t read_port(esp_loader_port_t *port, uint8_t *data, uint16_t size,
                                    uint32_t timeout_ms)
{
    null_port_t *null = self(port);
    (void)timeout_ms;
    if (null->reply_next < sizeof(null->reply)) { /* byte by byte */
        *data = null->reply[null->reply_next++];
        return ESP_LOADER_SUCCESS;
    }
    if (!null->is_reading || null->stream_size - null->stream_next < size) {
        return ESP_LOADER_ERROR_TIMEOUT;
    }
    memcpy(data, null->stream + null->stream_next, size);
    null->stream_next += size;
    return ESP_LOADER_SUCCESS;
}

static void start_timer(esp_loader_port_t *port, uint32_t ms)
{
    (void)port;
    (void)ms;
}

static uint32_t remaining_time(esp_loader_port_t *port)
{
    (void)port;
    return 1000;
}

/* No further question is asked of one whose links are checked. */
static esp_loader_link_t link_kind(esp_loader_port_t *port)
{
    (void)port;
    return ESP_LOADER_LINK_USB_SERIAL_JTAG;
}

static const esp_loader_port_ops_t OPS = {.write = write_port,
                                          .read = read_port,
                                          .start_timer = start_timer,
                                          .remaining_time = remaining_time,
                                          .link_kind = link_kind};

static size_t put_frame(uint8_t *out, const uint8_t *data, size_t size)
{
    size_t n = 0;
    out[n++] = 0xC0;
    for (size_t i = 0; i < size; i++) {
        if (data[i] == 0xC0 || data[i] == 0xDB) {
            out[n++] = 0xDB;
            out[n++] = data[i] == 0xC0 ? 0xDC : 0xDD;
        } else {
            out[n++] = data[i];
        }
    }
    out[n++] = 0xC0;
    return n;
}

static size_t make_stream(const uint8_t *image, uint8_t *out)
{
    uint8_t digest[ESP_LOADER_MD5_SIZE];
    esp_loader_md5_t md5;
    size_t size = 0;

    for (size_t at = 0; at < IMAGE_SIZE; at += PACKET_SIZE) {
        size += put_frame(out + size, image + at, PACKET_SIZE);
    }
    esp_loader_md5_init(&md5);
    esp_loader_md5_update(&md5, image, IMAGE_SIZE);
    esp_loader_md5_finish(&md5, digest);
    return size + put_frame(out + size, digest, sizeof(digest));
}

int main(void)
{
    static uint8_t image[IMAGE_SIZE], stream[2 * IMAGE_SIZE + 4096], data[IMAGE_SIZE];
    null_port_t port = {.port.ops = &OPS, .stream = stream, .reply_next = sizeof(port.reply)};
    esp_loader_t loader;

    image_fill(IMAGE_RANDOM, image, sizeof(image));
    port.stream_size = make_stream(image, stream);
    if (esp_loader_init_serial(&loader, &port.port) != ESP_LOADER_SUCCESS ||
        esp_loader_connect_secure_download_mode(&loader, NULL, 4u << 20) != ESP_LOADER_SUCCESS) {
        return 1;
    }
    /* A stub runs, and the flash is attached: that is not what is counted. */
    loader._is.secure_download = false;
    loader._is.stub_running = true;
    loader._is.flash_attached = true;
    loader._told_flash_size = 4u << 20;
    esp_loader_error_t error = esp_loader_flash_read(&loader, data, 0, IMAGE_SIZE);
    printf("%u bytes: %s\n", IMAGE_SIZE, esp_loader_error_name(error));
    return error == ESP_LOADER_SUCCESS && memcmp(data, image, IMAGE_SIZE) == 0 ? 0 : 1;
}
