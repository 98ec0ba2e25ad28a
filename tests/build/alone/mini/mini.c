/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Runs tests written for cmocka: see cmocka.h next to this file.
 */
#include "cmocka.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static jmp_buf test_end;

void print_message(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
}

void mini_fail(const char *file, int line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    printf("%s:%d: ", file, line);
    vprintf(format, args);
    putchar('\n');
    va_end(args);
    longjmp(test_end, 1);
}

void mini_memory(const void *a, const void *b, size_t size, bool want_equal, const char *file, int line)
{
    const unsigned char *left = a;
    const unsigned char *right = b;
    size_t i = 0;
    while (i < size && left[i] == right[i]) {
        i++;
    }
    if (want_equal && i < size) {
        mini_fail(file, line, "byte %zu of %zu: 0x%02x, not 0x%02x", i, size, left[i], right[i]);
    }
    if (!want_equal && i == size) {
        mini_fail(file, line, "all %zu bytes are equal", size);
    }
}

void mini_string(const char *a, const char *b, bool want_equal, const char *file, int line)
{
    if ((strcmp(a, b) == 0) != want_equal) {
        mini_fail(file, line, "\"%s\" %s \"%s\"", a, want_equal ? "!=" : "==", b);
    }
}

/* Not inlined: what must survive longjmp() is in memory by then. */
static bool run_one(const struct CMUnitTest *test)
{
    void *state = test->initial_state;
    volatile bool passed = false;
    if (test->setup != NULL && test->setup(&state) != 0) {
        printf("setup of %s failed\n", test->name);
        return false;
    }
    void *const test_state = state;
    if (setjmp(test_end) == 0) {
        test->test(&state);
        passed = true;
    } else {
        state = test_state;
    }
    if (test->teardown != NULL && test->teardown(&state) != 0) {
        printf("teardown of %s failed\n", test->name);
        return false;
    }
    return passed;
}

int _cmocka_run_group_tests(const char *group, const struct CMUnitTest *tests, size_t count,
                            CMFixtureFunction setup, CMFixtureFunction teardown)
{
    void *state = NULL;
    int failed = 0;
    printf("%s\n", group);
    if (count == 0 || (setup != NULL && setup(&state) != 0)) {
        return 1;
    }
    for (size_t i = 0; i < count; i++) {
        bool passed = run_one(&tests[i]);
        printf("%s %s\n", passed ? "passed" : "FAILED", tests[i].name);
        failed += passed ? 0 : 1;
    }
    if (teardown != NULL && teardown(&state) != 0) {
        failed++;
    }
    return failed;
}
