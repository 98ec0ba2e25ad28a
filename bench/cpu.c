/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * el-bench-cpu: writes one MiB in blocks of 1 KiB through a port that takes everything and answers at once.
 * bench/cpu.py runs it under callgrind and counts the library's instructions per byte: escaping, checksum,
 * MD5, and everything per block.
 */
#include <stdio.h>
#include <string.h>

#include "esp_loader.h"
#include "images.h"

#define IMAGE_SIZE (1024u * 1024u)
#define BLOCK_SIZE 1024u

/* The reply to the command that was written last. */
typedef struct {
    esp_loader_port_t port;
    uint8_t opcode;
    bool has_reply;
} null_port_t;

static null_port_t *self(esp_loader_port_t *port)
{
    return container_of(port, null_port_t, port);
}

static esp_loader_error_t write_all(esp_loader_port_t *port, const uint8_t *data, size_t size,
                                    uint32_t timeout_ms, size_t *out_written)
{
    (void)timeout_ms;
    if (size > 2 && data[0] == 0xC0 && data[1] == 0x00) {
        self(port)->opcode = data[2];
        self(port)->has_reply = true;
    }
    *out_written = size;
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t read_some(esp_loader_port_t *port, uint8_t *buf, size_t capacity,
                                    uint32_t timeout_ms, size_t *out_read)
{
    /* A value as ROMs have it, the chip id of an ESP32-S3 in a security information, and status: a command
     * that wants no information finds success where that begins. */
    const uint8_t reply[] = {0xC0, 1, self(port)->opcode, [5] = 1, [9 + 12] = 9, [9 + 20 + 4] = 0xC0};
    (void)timeout_ms;
    *out_read = 0;
    if (!self(port)->has_reply || capacity < sizeof(reply)) {
        return ESP_LOADER_ERROR_TIMEOUT;
    }
    self(port)->has_reply = false;
    memcpy(buf, reply, sizeof(reply));
    *out_read = sizeof(reply);
    return ESP_LOADER_SUCCESS;
}

static uint32_t now_ms(esp_loader_port_t *port)
{
    (void)port;
    return 0;
}

static const esp_loader_port_ops_t OPS = {.write_all = write_all, .read_some = read_some, .now_ms = now_ms};

static esp_loader_error_t write_image(esp_loader_t *loader, const uint8_t *image)
{
    esp_loader_flash_cfg_t cfg = {.offset = 0x10000, .image_size = IMAGE_SIZE, .block_size = BLOCK_SIZE};
    RETURN_ON_ERROR(esp_loader_flash_start(loader, &cfg));
    for (uint32_t done = 0; done < IMAGE_SIZE; done += BLOCK_SIZE) {
        RETURN_ON_ERROR(esp_loader_flash_write(loader, &cfg, image + done, BLOCK_SIZE));
    }
    return ESP_LOADER_SUCCESS;
}

int main(void)
{
    static uint8_t image[IMAGE_SIZE];
    null_port_t port = {.port.ops = &OPS};
    esp_loader_t loader;

    image_fill(IMAGE_RANDOM, image, sizeof(image));
    if (esp_loader_init_serial(&loader, &port.port) != ESP_LOADER_SUCCESS ||
        esp_loader_connect_secure_download_mode(&loader, NULL, 4u << 20) != ESP_LOADER_SUCCESS) {
        return 1; /* secure download mode: no registers to answer for */
    }
    esp_loader_error_t error = write_image(&loader, image);
    printf("%u bytes: %s\n", IMAGE_SIZE, esp_loader_error_name(error));
    return error == ESP_LOADER_SUCCESS ? 0 : 1;
}
