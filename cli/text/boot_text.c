/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Boot messages.
 */
#define _GNU_SOURCE
#include "text/boot_text.h"

#include <stdint.h>
#include <string.h>

/** The library has waited after the reset, so the text is there already or does not come. */
enum { TEXT_SIZE = 1024, LISTEN_MS = 100 };

boot_mode_t boot_text_find(const char *text, size_t size)
{
    static const char boot[] = "boot:0x";
    static const char download[] = "DOWNLOAD";

    const char *start = memmem(text, size, boot, sizeof(boot) - 1);
    if (start == NULL) {
        return BOOT_UNKNOWN;
    }
    const size_t rest = size - (size_t)(start - text);
    const char *end = memchr(start, '\n', rest);
    if (end == NULL) {
        return BOOT_UNKNOWN;
    }
    return memmem(start, (size_t)(end - start), download, sizeof(download) - 1) != NULL ? BOOT_DOWNLOAD
                                                                                        : BOOT_FLASH;
}

void boot_text_take(boot_text_t *text, const void *bytes, size_t size)
{
    const char *next = bytes;

    for (size_t i = 0; i < size; i++) {
        if (text->size < sizeof(text->line)) {
            text->line[text->size++] = next[i];
        }
        if (next[i] == '\n') {
            const boot_mode_t mode = boot_text_find(text->line, text->size);
            text->mode = text->mode == BOOT_DOWNLOAD || mode == BOOT_UNKNOWN ? text->mode : mode;
            text->size = 0;
        }
    }
}

boot_mode_t boot_text_listen(esp_loader_port_t *port)
{
    char text[TEXT_SIZE];
    size_t size = 0;
    boot_mode_t mode = BOOT_UNKNOWN;

    while (mode == BOOT_UNKNOWN && size < sizeof(text)) {
        size_t got = 0;

        if (port->ops->read_some(port, (uint8_t *)text + size, sizeof(text) - size, LISTEN_MS, &got) !=
            ESP_LOADER_SUCCESS) {
            break;
        }
        size += got;
        mode = boot_text_find(text, size);
    }
    return mode;
}
