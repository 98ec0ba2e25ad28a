/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Reset sequences of the user's own: what is understood, and what the lines do.
 */
#include <stdio.h>
#include <string.h>

#include "ports/reset_sequence.h"
#include "test.h"

/** What the lines did, as text: "0,1 100ms 1,0 50ms 0,0". */
static char told[256];

static void tell(const char *format, unsigned a, unsigned b)
{
    char word[32];

    snprintf(word, sizeof(word), format, a, b);
    snprintf(told + strlen(told), sizeof(told) - strlen(told), "%s%s", told[0] != '\0' ? " " : "", word);
}

static esp_loader_error_t lines_error;

static esp_loader_error_t set_lines(esp_loader_port_t *port, bool dtr, bool rts)
{
    (void)port;
    tell("%u,%u", dtr, rts);
    return lines_error;
}

static void delay_ms(esp_loader_port_t *port, uint32_t ms)
{
    (void)port;
    if (ms != 0) {
        tell("%ums", ms, 0);
    }
}

static const esp_loader_port_ops_t with_lines = {.set_lines = set_lines, .delay_ms = delay_ms};
static const esp_loader_port_ops_t without_lines = {.delay_ms = delay_ms};

/** What the lines do for @p text. */
static const char *play(const char *text)
{
    reset_sequence_t sequence;
    reset_sequence_t none = {.count = 0};
    char error[RESET_SEQUENCE_ERROR_SIZE];
    cli_port_t port = {.as.serial.port.ops = &with_lines};

    port.port = &port.as.serial.port;
    told[0] = '\0';
    assert_true(reset_sequence_parse(&sequence, text, error));
    reset_sequence_begin(&port, &sequence, &none);
    assert_null(port.port->ops->reset_checked);
    assert_int_equal(port.port->ops->enter_bootloader_checked(port.port), lines_error);
    return told;
}

TEST(the_lines_do_what_the_sequence_says)
{
    static const char *const cases[][2] = {
        {"D0|R1|W0.1|D1|R0|W0.05|D0", "0,1 0,1 100ms 1,1 1,0 50ms 0,0"},
        {"U0,1|W0.1|U1,0|W1.3|U0,0", "0,1 100ms 1,0 1300ms 0,0"},
        {" d0 | r1 |w0.1|W0.2| u1, 0 |", "0,1 0,1 300ms 1,0"}, /* esptool reads it so, too */
        {"R0", "1,0"},
        {"W0.1|W0.1|R0", "200ms 1,0"},
        {"D1|W0", "1,1"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_string_equal(play(cases[i][0]), cases[i][1]);
    }
}

TEST(other_texts_are_refused_in_a_sentence)
{
    static const char *const cases[][2] = {
        {"X1", "invalid reset sequence at 'X1': give"},
        {"D0|R2", "invalid reset sequence at 'R2': give"},
        {"D10", "invalid reset sequence at 'D10': give"},
        {"D0|D", "invalid reset sequence at 'D': give"},
        {"U1", "invalid reset sequence at 'U1': give"},
        {"U1,0,1", "invalid reset sequence at 'U1,0,1': give"},
        {"D0|Wsoon", "invalid reset sequence at 'Wsoon': give"},
        {"D0|W-1", "invalid reset sequence at 'W-1': give"},
        {"D0|Wnan", "invalid reset sequence at 'Wnan': give"},
        {"D0|Winf", "invalid reset sequence at 'Winf': give"},
        {"D0|W1e9", "invalid reset sequence at 'W1e9': give"},
        {"D0|W20|W20", "invalid reset sequence at 'W20': give"}, /* together */
        {"D0|W0.000000000000000000000000000001", "invalid reset sequence at 'W0.000000000000000"},
        {"", "the reset sequence sets no line"},
        {" | ", "the reset sequence sets no line"},
    };
    reset_sequence_t sequence;
    char error[RESET_SEQUENCE_ERROR_SIZE];

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_false(reset_sequence_parse(&sequence, cases[i][0], error));
        assert_memory_equal(error, cases[i][1], strlen(cases[i][1]));
    }
}

TEST(a_sequence_has_room_for_so_many_states)
{
    char text[3 * RESET_SEQUENCE_STEPS_MAX + 4] = "";
    char error[RESET_SEQUENCE_ERROR_SIZE];
    reset_sequence_t sequence;

    for (int i = 0; i < RESET_SEQUENCE_STEPS_MAX; i++) {
        memcpy(text + 3 * i, "D0|", 4);
    }
    assert_true(reset_sequence_parse(&sequence, text, error));
    memcpy(text + 3 * RESET_SEQUENCE_STEPS_MAX, "D0", 3);
    assert_false(reset_sequence_parse(&sequence, text, error));
}

TEST(each_way_has_its_own_sequence)
{
    reset_sequence_t none = {.count = 0};
    reset_sequence_t run;
    char error[RESET_SEQUENCE_ERROR_SIZE];
    cli_port_t port = {.as.serial.port.ops = &with_lines};

    port.port = &port.as.serial.port;
    reset_sequence_begin(&port, &none, &none);
    assert_ptr_equal(port.port->ops, &with_lines);
    assert_true(reset_sequence_parse(&run, "R1|W0.1|R0", error));
    reset_sequence_begin(&port, &none, &run);
    assert_null(port.port->ops->enter_bootloader_checked);
    told[0] = '\0';
    assert_int_equal(port.port->ops->reset_checked(port.port), ESP_LOADER_SUCCESS);
    assert_string_equal(told, "1,1 100ms 1,0");
}

TEST(a_failure_of_the_lines_ends_it)
{
    lines_error = ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
    assert_string_equal(play("D0|R1|W0.1"), "0,1");
    lines_error = ESP_LOADER_SUCCESS;
}

TEST(a_device_that_leaves_because_of_its_reset_has_been_reset)
{
    reset_sequence_t none = {.count = 0};
    reset_sequence_t run;
    char error[RESET_SEQUENCE_ERROR_SIZE];
    cli_port_t port = {.as.serial.port.ops = &with_lines};

    port.port = &port.as.serial.port;
    assert_true(reset_sequence_parse(&run, "R1", error));
    reset_sequence_begin(&port, &none, &run);
    lines_error = ESP_LOADER_ERROR_DISCONNECTED;
    assert_int_equal(port.port->ops->reset_checked(port.port), ESP_LOADER_SUCCESS);
    lines_error = ESP_LOADER_SUCCESS;
}

TEST(a_port_without_lines_is_left_alone)
{
    reset_sequence_t sequence;
    char error[RESET_SEQUENCE_ERROR_SIZE];
    cli_port_t port = {.as.serial.port.ops = &without_lines};

    port.port = &port.as.serial.port;
    assert_true(reset_sequence_parse(&sequence, "R1", error));
    reset_sequence_begin(&port, &sequence, &sequence);
    assert_ptr_equal(port.port->ops, &without_lines);
}
