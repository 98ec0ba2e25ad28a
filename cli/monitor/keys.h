/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a key means: most go to the target, some are the monitor's own, as in ESP-IDF's monitor. Source: ESP-IDF
 * Programming Guide, IDF Monitor, "Keyboard Shortcuts".
 */
#ifndef CLI_MONITOR_KEYS_H
#define CLI_MONITOR_KEYS_H

#include <stdbool.h>

typedef enum {
    MONITOR_KEY_NOTHING, /**< the next key decides */
    MONITOR_KEY_SEND,    /**< it goes to the target */
    MONITOR_KEY_EXIT,
    MONITOR_KEY_RESET,
    MONITOR_KEY_DOWNLOAD,
    MONITOR_KEY_PAUSE, /**< or go on */
    MONITOR_KEY_LOG,   /**< begin or end */
    MONITOR_KEY_TIMESTAMPS,
    MONITOR_KEY_HELP,
    MONITOR_KEY_UNKNOWN,
} monitor_key_t;

/** Zero = none has been typed. */
typedef struct {
    bool is_menu; /**< the menu key was the last one */
} monitor_keys_t;

monitor_key_t monitor_keys_take(monitor_keys_t *keys, char key);

extern const char monitor_keys_help[];

#endif
