/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the bench hears and sees of the host (esp.c).
 */
#ifndef IDF_HOST_ESP_HOST_H
#define IDF_HOST_ESP_HOST_H

/** Calls @p function with the text of every log line, with the kernel's lock held. */
void esp_host_listen(void (*function)(const char *text));

/** Level of a GPIO that the host drives; -1 when it does not. With the kernel's lock held. */
int esp_host_output_level(int pin);

#endif
