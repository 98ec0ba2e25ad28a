/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * One line of the control socket's protocol as a value; pure. What a command does is in control.c.
 */
#ifndef FE_CONTROL_LINE_H
#define FE_CONTROL_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    FE_CONTROL_LINES = 0, /**< lines [dtr=0|1] [rts=0|1] */
    FE_CONTROL_RATE,      /**< rate BAUD */
    FE_CONTROL_RESET,     /**< reset [boot] */
    FE_CONTROL_UNPLUG,
    FE_CONTROL_PLUG, /**< plug [boot] */
    FE_CONTROL_STATE,
    FE_CONTROL_STATS,
    FE_CONTROL_CONSOLE,
    FE_CONTROL_MISUSE,
    FE_CONTROL_BURNS,
    FE_CONTROL_SAVE,      /**< save [FILE] */
    FE_CONTROL_LOAD,      /**< load FILE */
    FE_CONTROL_FAULTS,    /**< faults SCRIPT */
    FE_CONTROL_APP_PRINT, /**< app-print COUNT TEXT */
    FE_CONTROL_APP_RATE,  /**< app-rate BAUD */
    FE_CONTROL_APP_ECHO,  /**< app-echo on|off */
    FE_CONTROL_HELP,
    FE_CONTROL_QUIT,
} fe_control_verb_t;

typedef struct {
    fe_control_verb_t verb;
    bool holds_boot;
    bool has_dtr; /**< dtr was given */
    bool has_rts;
    bool dtr;
    bool rts;
    bool is_on;
    uint32_t baud;
    uint32_t count;   /**< how often */
    const char *text; /**< the file, script or text, points into the line; "" = none */
} fe_control_command_t;

/** What `help` answers, one line per command. */
extern const char fe_control_help[];

/** Parses @p line, which has no line end. False with one sentence in @p error when it is no command. */
bool fe_control_parse(const char *line, fe_control_command_t *out_command, char *error, size_t error_size);

#endif
