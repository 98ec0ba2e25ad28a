/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The keys. A letter of the menu counts with Ctrl and without, in either case.
 */
#include "monitor/keys.h"

#include <stddef.h>

#define CTRL(letter) ((letter)&0x1F)

enum { MENU_KEY = CTRL('T'), EXIT_KEY = CTRL(']') };

static const struct {
    char letter;
    monitor_key_t key;
} menu[] = {{'R', MONITOR_KEY_RESET}, {'P', MONITOR_KEY_DOWNLOAD},   {'Y', MONITOR_KEY_PAUSE},
            {'L', MONITOR_KEY_LOG},   {'I', MONITOR_KEY_TIMESTAMPS}, {'H', MONITOR_KEY_HELP},
            {'X', MONITOR_KEY_EXIT}};

const char monitor_keys_help[] = "Ctrl-] ends. Ctrl-T and then\n"
                                 "  Ctrl-R  resets the target\n"
                                 "  Ctrl-P  resets it into download mode\n"
                                 "  Ctrl-Y  holds the output back, or goes on\n"
                                 "  Ctrl-L  begins to write a log file, or ends it\n"
                                 "  Ctrl-I  begins to print time stamps, or ends it\n"
                                 "  Ctrl-T  sends Ctrl-T to the target, Ctrl-] sends that\n"
                                 "  Ctrl-X  ends\n"
                                 "Everything else goes to the target.";

monitor_key_t monitor_keys_take(monitor_keys_t *keys, char key)
{
    if (!keys->is_menu) {
        keys->is_menu = key == MENU_KEY;
        return key == MENU_KEY ? MONITOR_KEY_NOTHING : key == EXIT_KEY ? MONITOR_KEY_EXIT : MONITOR_KEY_SEND;
    }
    keys->is_menu = false;
    if (key == MENU_KEY || key == EXIT_KEY) {
        return MONITOR_KEY_SEND;
    }
    for (size_t i = 0; i < sizeof(menu) / sizeof(menu[0]); i++) {
        const char letter = menu[i].letter;

        if (key == CTRL(letter) || key == letter || key == letter + ('a' - 'A')) {
            return menu[i].key;
        }
    }
    return MONITOR_KEY_UNKNOWN;
}
