/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The bench's ear for the log of the host (esp.c).
 */
#ifndef IDF_HOST_ESP_HOST_H
#define IDF_HOST_ESP_HOST_H

/** Calls @p function with the text of every log line, with the kernel's lock held. */
void esp_host_listen(void (*function)(const char *text));

#endif
