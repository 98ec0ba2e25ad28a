/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Numbers, seconds and choices.
 */
#include "options/option_value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "options/name.h"
#include "text/number.h"

/** Seconds, perhaps with decimals, as milliseconds. */
static bool parse_seconds(const char *text, const option_t *option, uint32_t *out_ms)
{
    char *end = NULL;
    const double seconds = strtod(text, &end);

    if (end == text || *end != '\0' || !(seconds * 1000 >= option->min && seconds * 1000 <= option->max)) {
        return false;
    }
    *out_ms = (uint32_t)(seconds * 1000);
    return true;
}

static bool parse_choice(const char *text, const option_t *option, uint32_t *out_index)
{
    for (uint32_t i = 0; option->choices[i] != NULL; i++) {
        if (name_is_among(option->choices[i], text, strlen(text))) {
            *out_index = i;
            return true;
        }
    }
    return false;
}

/** "reset or stay": the first spelling of each choice. */
static void list_choices(const option_t *option, char *out, size_t size)
{
    size_t used = 0;

    out[0] = '\0';
    for (size_t i = 0; option->choices[i] != NULL && used < size; i++) {
        const char *before = i == 0 ? "" : option->choices[i + 1] == NULL ? " or " : ", ";

        used += (size_t)snprintf(out + used, size - used, "%s%.*s", before,
                                 (int)strcspn(option->choices[i], " "), option->choices[i]);
    }
}

/** What the row wants, e.g. "a number of seconds from 0.1 to 60". */
static void describe(const option_t *option, char *out, size_t size)
{
    if (option->kind == VALUE_CHOICE) {
        list_choices(option, out, size);
    } else if (option->kind == VALUE_SECONDS) {
        snprintf(out, size, "a number of seconds from %g to %g", option->min / 1000.0, option->max / 1000.0);
    } else if (option->max != UINT32_MAX) {
        snprintf(out, size, "a number from %u to %u", (unsigned)option->min, (unsigned)option->max);
    } else if (option->min != 0) {
        snprintf(out, size, "a number from %u on%s%s", (unsigned)option->min,
                 option->choices != NULL ? " or " : "", option->choices != NULL ? option->choices[0] : "");
    } else {
        snprintf(out, size, "a number");
    }
}

bool option_value_parse(option_value_t *value, const option_t *option, const char *text,
                        char error[OPTION_ERROR_SIZE])
{
    char wanted[96];
    bool is_valid = true;

    *value = (option_value_t){.option = option, .text = text};
    switch (option->kind) {
    case VALUE_NUMBER:
        is_valid = (option->choices != NULL && parse_choice(text, option, &value->number)) ||
                   (number_parse(text, &value->number) && value->number >= option->min &&
                    value->number <= option->max);
        break;
    case VALUE_SECONDS:
        is_valid = parse_seconds(text, option, &value->number);
        break;
    case VALUE_CHOICE:
        is_valid = parse_choice(text, option, &value->number);
        break;
    case VALUE_NONE:
    case VALUE_TEXT:
    case VALUE_FILE:
    case VALUE_FOLDER:
    case VALUE_PORT:
    case VALUE_CHIP:
    default:
        break;
    }
    if (!is_valid) {
        describe(option, wanted, sizeof(wanted));
        snprintf(error, OPTION_ERROR_SIZE, "--%s is %s, not '%.60s'", option->name, wanted, text);
    }
    return is_valid;
}

bool option_value_switch(const char *text, bool *out_is_on)
{
    *out_is_on = name_is_among("1 yes true on", text, strlen(text));
    return *out_is_on || name_is_among("0 no false off", text, strlen(text));
}

const char *option_value_find_variable(const char *names, char out_name[64], const char **out_text)
{
    size_t size;

    for (const char *name; (name = name_next(&names, &size)) != NULL;) {
        snprintf(out_name, 64, "%.*s", (int)size, name);
        *out_text = getenv(out_name);
        if (*out_text != NULL && **out_text != '\0') {
            return out_name;
        }
    }
    return NULL;
}
