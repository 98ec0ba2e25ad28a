/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The baud rate of a session that looks after itself: what the library is told about it, what became of it, and
 * what is remembered.
 */
#ifndef CLI_AUTO_RATE_H
#define CLI_AUTO_RATE_H

#include <stdbool.h>

#include "esp_loader_rate.h"
#include "ports/port_open.h"
#include "ports/rate_cache.h"

enum { AUTO_RATE_TRIALS_MAX = 16 };

typedef struct {
    esp_loader_rate_options_t options; /**< for the library */
    bool is_remembered;                /**< the device has a name, and the user wants it */
    uint32_t known_baud;               /**< what worked the last time, 0 = not known */
    const char *limit_by;              /**< who says what the highest rate is, e.g. "CP210x"; NULL = nobody */
    uint32_t limit_baud;
    char key[RATE_CACHE_KEY_SIZE];
    esp_loader_rate_trial_t trials[AUTO_RATE_TRIALS_MAX]; /**< the last ones */
    size_t trial_count;
} auto_rate_t;

/** Before anything is sent at another rate; the port is open. Keep @p rate where it is. */
void auto_rate_begin(auto_rate_t *rate, const cli_port_t *port, bool is_reset_off, bool is_cache_off);

/** At the end: remembers the rate that was good last. */
void auto_rate_end(const auto_rate_t *rate);

/** The rate that was good last, baud; 115200 when none was. */
uint32_t auto_rate_baud(const auto_rate_t *rate);

/** Says which rates were tried, and why it became this one. */
void auto_rate_print(const auto_rate_t *rate);

#endif
