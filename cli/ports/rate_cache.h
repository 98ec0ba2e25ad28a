/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Which baud rate worked the last time, per USB device and place it is plugged in: one small text file in the user's
 * cache folder. Nothing here fails: what cannot be read is not known, what cannot be written is not remembered.
 */
#ifndef CLI_RATE_CACHE_H
#define CLI_RATE_CACHE_H

#include <stdint.h>
#include <time.h>

#include "linux_devices.h"

enum { RATE_CACHE_KEY_SIZE = 192, RATE_CACHE_ENTRIES_MAX = 256 };

/** How long an entry counts: cables are changed. */
#define RATE_CACHE_SECONDS (24 * 60 * 60)

/** Names a device by ids, serial number and place, in one word. */
void rate_cache_key(const linux_device_t *device, char key[RATE_CACHE_KEY_SIZE]);

/** The rate of @p key, baud; 0 = not known, or too long ago. */
uint32_t rate_cache_find(const char *key, time_t now);

/** Remembers a rate. The file is replaced as a whole, so other processes see the old one or the new one. */
void rate_cache_store(const char *key, uint32_t baud, time_t now);

#endif
