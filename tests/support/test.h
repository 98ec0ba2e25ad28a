/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A test case is TEST(what_it_shows) { ... }. Writing it is registering it: main() in test_main.c runs every case of
 * the program, in the order of the file.
 */
#ifndef TEST_H
#define TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/** Called before main() by each TEST. */
void test_register(const char *name, CMUnitTestFunction run, CMFixtureFunction set_up,
                   CMFixtureFunction tear_down);

/** A case between set_up(&state) and tear_down(&state), either of which may be NULL; the case sees the same state. */
#define TEST_WITH(name, set_up, tear_down)                                                                   \
    static void name(void **state);                                                                          \
    __attribute__((constructor)) static void register_##name(void)                                           \
    {                                                                                                        \
        test_register(#name, name, set_up, tear_down);                                                       \
    }                                                                                                        \
    static void name(__attribute__((unused)) void **state)

#define TEST(name) TEST_WITH(name, NULL, NULL)

/** A case for each row of a table at file scope, which it sees as `row`; a failure says which it was. */
#define TEST_ROWS(name, rows)                                                                                \
    static void row_##name(const __typeof__((rows)[0]) *row);                                                \
    TEST_WITH(name, NULL, test_report_row)                                                                   \
    {                                                                                                        \
        for (size_t i = 0; i < sizeof(rows) / sizeof((rows)[0]); i += test_row_step()) {                     \
            test_begin_row(#rows, i);                                                                        \
            row_##name(&(rows)[i]);                                                                          \
        }                                                                                                    \
        test_begin_row(NULL, 0);                                                                             \
    }                                                                                                        \
    static void row_##name(const __typeof__((rows)[0]) *row)

/** How far it is to the next row: 1, or what EL_TEST_ROW_STEP says, for a tool under which each row takes long, and which
 * looks for what does not depend on the row (scripts/stage/valgrind). */
size_t test_row_step(void);

/** Called by TEST_ROWS() before each row and, with NULL, after the last; and at the end, whichever way it came. */
void test_begin_row(const char *rows, size_t number);
int test_report_row(void **state);

/** A case that is given something: @p run makes it, calls case_NAME with it, and cleans up after it. */
#define TEST_GIVEN(name, parameter, run)                                                                     \
    static void case_##name(parameter);                                                                      \
    TEST(name)                                                                                               \
    {                                                                                                        \
        run;                                                                                                 \
    }                                                                                                        \
    static void case_##name(__attribute__((unused)) parameter)

#endif
