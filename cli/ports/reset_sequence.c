/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The library asks a port for its own way into download mode before it drives DTR and RTS itself, so a sequence is
 * two entries in front of the port's.
 *
 * Source of the notation: esptool's documentation, "Configuration File".
 */
#include "ports/reset_sequence.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WAIT_MAX_MS = 30000, WORD_SIZE = 24 };

/** A walk over the text. */
typedef struct {
    reset_sequence_t *sequence;
    bool dtr;
    bool rts;
    uint32_t waited_ms;
} walk_t;

static bool take_digit(const char **text, bool *out_is_on)
{
    const char digit = **text;

    if (digit != '0' && digit != '1') {
        return false;
    }
    *out_is_on = digit == '1';
    (*text)++;
    return true;
}

static bool add_state(walk_t *walk)
{
    reset_sequence_t *sequence = walk->sequence;

    if (sequence->count == RESET_SEQUENCE_STEPS_MAX) {
        return false;
    }
    sequence->steps[sequence->count++] = (reset_step_t){.dtr = walk->dtr, .rts = walk->rts};
    return true;
}

static bool add_wait(walk_t *walk, const char *text)
{
    char *end = NULL;
    const double seconds = strtod(text, &end);
    reset_sequence_t *sequence = walk->sequence;

    if (end == text || *end != '\0' || !(seconds >= 0 && seconds * 1000 <= WAIT_MAX_MS - walk->waited_ms)) {
        return false;
    }
    const uint32_t ms = (uint32_t)(seconds * 1000 + 0.5);
    walk->waited_ms += ms;
    if (sequence->count == 0) {
        sequence->wait_ms += ms;
    } else {
        sequence->steps[sequence->count - 1].hold_ms += ms;
    }
    return true;
}

/** Takes one command, e.g. "U0, 1". */
static bool take_word(walk_t *walk, const char *word)
{
    const char *rest = word + 1;

    switch (word[0]) {
    case 'D':
    case 'd':
        return take_digit(&rest, &walk->dtr) && *rest == '\0' && add_state(walk);
    case 'R':
    case 'r':
        return take_digit(&rest, &walk->rts) && *rest == '\0' && add_state(walk);
    case 'U':
    case 'u':
        if (!take_digit(&rest, &walk->dtr) || *rest != ',') {
            return false;
        }
        rest++;
        return take_digit(&rest, &walk->rts) && *rest == '\0' && add_state(walk);
    case 'W':
    case 'w':
        return add_wait(walk, rest);
    default:
        return false;
    }
}

/** Copies a word without its blanks; false when it has no room. */
static bool copy_word(const char *text, size_t size, char word[WORD_SIZE])
{
    size_t used = 0;

    for (size_t i = 0; i < size; i++) {
        if (text[i] != ' ' && text[i] != '\t') {
            if (used == WORD_SIZE - 1) {
                return false;
            }
            word[used++] = text[i];
        }
    }
    word[used] = '\0';
    return true;
}

bool reset_sequence_parse(reset_sequence_t *sequence, const char *text, char error[RESET_SEQUENCE_ERROR_SIZE])
{
    /* An open serial port has both lines asserted; the first command changes one of them. */
    walk_t walk = {.sequence = sequence, .dtr = true, .rts = true};

    *sequence = (reset_sequence_t){.count = 0};
    for (const char *at = text; *at != '\0';) {
        const size_t size = strcspn(at, "|");
        char word[WORD_SIZE];

        if (!copy_word(at, size, word) || (word[0] != '\0' && !take_word(&walk, word))) {
            snprintf(
                error, RESET_SEQUENCE_ERROR_SIZE,
                "invalid reset sequence at '%.*s': give states of the lines and waits, 30 s at most, for "
                "example D0|R1|W0.1|D1|R0|W0.05|D0",
                size < WORD_SIZE ? (int)size : WORD_SIZE, at);
            return false;
        }
        at += size + (at[size] == '|' ? 1 : 0);
    }
    if (sequence->count == 0) {
        snprintf(error, RESET_SEQUENCE_ERROR_SIZE,
                 "the reset sequence sets no line: give one like D0|R1|W0.1|D1|R0|W0.05|D0");
    }
    return sequence->count != 0;
}

/** Through the table that counts now: what is in front of it sees the lines change, and may end the waits. */
static esp_loader_error_t play(esp_loader_port_t *port, const reset_sequence_t *sequence)
{
    port->ops->delay_ms(port, sequence->wait_ms);
    for (size_t i = 0; i < sequence->count; i++) {
        const reset_step_t *step = &sequence->steps[i];

        RETURN_ON_ERROR(port->ops->set_lines(port, step->dtr, step->rts));
        port->ops->delay_ms(port, step->hold_ms);
    }
    return ESP_LOADER_SUCCESS;
}

static cli_port_t *self_of(esp_loader_port_t *port)
{
    return container_of(port, cli_port_t, as.serial.port);
}

static esp_loader_error_t enter(esp_loader_port_t *port)
{
    return play(port, self_of(port)->enter_sequence);
}

static esp_loader_error_t run(esp_loader_port_t *port)
{
    esp_loader_error_t error = play(port, self_of(port)->run_sequence);

    /* A device that is gone by now has left because of its reset. */
    return error == ESP_LOADER_ERROR_DISCONNECTED ? ESP_LOADER_SUCCESS : error;
}

void reset_sequence_begin(cli_port_t *port, const reset_sequence_t *enter_sequence,
                          const reset_sequence_t *run_sequence)
{
    const esp_loader_port_ops_t *ops = port->port->ops;

    if (ops->set_lines == NULL || enter_sequence->count + run_sequence->count == 0) {
        return;
    }
    port->sequence_ops = *ops;
    port->enter_sequence = enter_sequence;
    port->run_sequence = run_sequence;
    if (enter_sequence->count != 0) {
        port->sequence_ops.enter_bootloader_checked = enter;
    }
    if (run_sequence->count != 0) {
        port->sequence_ops.reset_checked = run;
    }
    port->port->ops = &port->sequence_ops;
}
