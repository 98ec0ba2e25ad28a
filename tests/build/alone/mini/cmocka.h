/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The part of cmocka's interface that our unit tests use, so that they can run where Debian has no cmocka: in
 * 32-bit programs. Written from cmocka's public documentation. A test ends at its first failed assertion.
 */
#ifndef MINI_CMOCKA_H
#define MINI_CMOCKA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef void (*CMUnitTestFunction)(void **state);
typedef int (*CMFixtureFunction)(void **state);

struct CMUnitTest {
    const char *name;
    CMUnitTestFunction test;
    CMFixtureFunction setup;
    CMFixtureFunction teardown;
    void *initial_state;
};

/** Runs all tests; returns how many failed, or 1 when there was none to run. */
int _cmocka_run_group_tests(const char *group, const struct CMUnitTest *tests, size_t count,
                            CMFixtureFunction setup, CMFixtureFunction teardown);

/** Prints a remark of a test. */
void print_message(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** Ends the running test as failed. */
_Noreturn void mini_fail(const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void mini_memory(const void *a, const void *b, size_t size, bool want_equal, const char *file, int line);
void mini_string(const char *a, const char *b, bool want_equal, const char *file, int line);

#define fail_msg(...) mini_fail(__FILE__, __LINE__, __VA_ARGS__)
#define fail()        mini_fail(__FILE__, __LINE__, "fail()")
#define assert_true(x)                                                                                       \
    do {                                                                                                     \
        if (!(x)) {                                                                                          \
            mini_fail(__FILE__, __LINE__, "%s", #x);                                                         \
        }                                                                                                    \
    } while (0)
#define assert_false(x)            assert_true(!(x))
#define assert_null(x)             assert_true((x) == NULL)
#define assert_non_null(x)         assert_true((x) != NULL)
#define assert_ptr_equal(a, b)     assert_true((const void *)(a) == (const void *)(b))
#define assert_ptr_not_equal(a, b) assert_true((const void *)(a) != (const void *)(b))
#define MINI_COMPARE(a, op, b)                                                                               \
    do {                                                                                                     \
        unsigned long long mini_a = (unsigned long long)(a);                                                 \
        unsigned long long mini_b = (unsigned long long)(b);                                                 \
        if (!(mini_a op mini_b)) {                                                                           \
            mini_fail(__FILE__, __LINE__, "%s (0x%llx) " #op " %s (0x%llx)", #a, mini_a, #b, mini_b);        \
        }                                                                                                    \
    } while (0)
#define assert_int_equal(a, b)     MINI_COMPARE(a, ==, b)
#define assert_int_not_equal(a, b) MINI_COMPARE(a, !=, b)
#define assert_in_range(x, min, max)                                                                         \
    do {                                                                                                     \
        MINI_COMPARE(x, >=, min);                                                                            \
        MINI_COMPARE(x, <=, max);                                                                            \
    } while (0)
#define assert_not_in_range(x, min, max)    assert_true((x) < (min) || (x) > (max))
#define assert_memory_equal(a, b, size)     mini_memory(a, b, size, true, __FILE__, __LINE__)
#define assert_memory_not_equal(a, b, size) mini_memory(a, b, size, false, __FILE__, __LINE__)
#define assert_string_equal(a, b)           mini_string(a, b, true, __FILE__, __LINE__)
#define assert_string_not_equal(a, b)       mini_string(a, b, false, __FILE__, __LINE__)

#endif
