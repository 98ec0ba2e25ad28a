/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Log lines of the Linux ports: which levels come through, and what they look like.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "posix_log.h"
#include "test.h"

static char text[4096];
static FILE *sink;
static int kept_stderr;

static void begin(void)
{
    sink = tmpfile();
    assert_non_null(sink);
    fflush(stderr);
    kept_stderr = dup(STDERR_FILENO);
    assert_int_equal(dup2(fileno(sink), STDERR_FILENO), STDERR_FILENO);
}

/* What has been written to standard error since begin(). */
static const char *end(void)
{
    fflush(stderr);
    assert_int_equal(dup2(kept_stderr, STDERR_FILENO), STDERR_FILENO);
    close(kept_stderr);
    rewind(sink);
    text[fread(text, 1, sizeof(text) - 1, sink)] = '\0';
    fclose(sink);
    return text;
}

static const char *logged(int highest, int level, const char *fmt, ...)
{
    posix_logging_port_t port = {.log_level = (esp_loader_log_level_t)highest};
    va_list args;
    begin();
    va_start(args, fmt);
    posix_port_log(&port.port, (esp_loader_log_level_t)level, fmt, args);
    va_end(args);
    return end();
}

static const char *dumped(int highest, const char *label, const void *data, size_t size)
{
    posix_logging_port_t port = {.log_level = (esp_loader_log_level_t)highest};
    begin();
    posix_port_log_hex(&port.port, ESP_LOADER_LOG_LEVEL_DEBUG, label, data, size);
    return end();
}

TEST(line_has_its_level_in_front)
{
    assert_string_equal(logged(4, ESP_LOADER_LOG_LEVEL_ERROR, "rate %u", 9600u), "error: rate 9600\n");
    assert_string_equal(logged(4, ESP_LOADER_LOG_LEVEL_WARN, "%s", "a"), "warning: a\n");
    assert_string_equal(logged(4, ESP_LOADER_LOG_LEVEL_INFO, "b"), "info: b\n");
    assert_string_equal(logged(4, ESP_LOADER_LOG_LEVEL_DEBUG, "c"), "debug: c\n");
}

TEST(levels_above_the_highest_are_silent)
{
    for (int highest = ESP_LOADER_LOG_LEVEL_NONE; highest <= ESP_LOADER_LOG_LEVEL_DEBUG; highest++) {
        for (int level = ESP_LOADER_LOG_LEVEL_NONE; level <= ESP_LOADER_LOG_LEVEL_DEBUG; level++) {
            bool is_wanted = level != ESP_LOADER_LOG_LEVEL_NONE && level <= highest;
            assert_int_equal(logged(highest, level, "x")[0] != '\0', is_wanted);
        }
    }
}

TEST(level_that_there_is_not_is_silent)
{
    assert_string_equal(logged(99, ESP_LOADER_LOG_LEVEL_DEBUG + 1, "x"), "");
}

TEST(long_line_is_cut)
{
    char line[600];
    memset(line, 'x', sizeof(line) - 1);
    line[sizeof(line) - 1] = '\0';
    const char *out = logged(4, ESP_LOADER_LOG_LEVEL_INFO, "%s", line);
    assert_int_equal(strlen(out), strlen("info: ") + 255 + 1);
    assert_int_equal(out[strlen(out) - 1], '\n');
}

TEST(bytes_are_dumped_in_lines_of_sixteen)
{
    static const uint8_t data[17] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 255, 0xC0};
    assert_string_equal(dumped(4, "sent", data, 17),
                        "sent 0000: 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e ff\nsent 0010: c0\n");
    assert_string_equal(dumped(4, NULL, data, 2), "data 0000: 00 01\n");
    assert_string_equal(dumped(4, "none", data, 0), "");
    assert_string_equal(dumped(3, "sent", data, 17), "");
}
