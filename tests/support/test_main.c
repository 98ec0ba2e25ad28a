/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Runs the cases that the program has registered: see test.h.
 */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

#define MAX_CASES 100u

static struct CMUnitTest cases[MAX_CASES];
static size_t count;

void test_register(const char *name, CMUnitTestFunction run, CMFixtureFunction set_up,
                   CMFixtureFunction tear_down)
{
    if (count == MAX_CASES) {
        fprintf(stderr, "more than %u cases: %s has no place\n", MAX_CASES, name);
        abort();
    }
    cases[count++] = (struct CMUnitTest){name, run, set_up, tear_down, NULL};
}

int main(void)
{
    if (count == 0) {
        fprintf(stderr, "no case is registered\n");
        return EXIT_FAILURE;
    }
    return _cmocka_run_group_tests("cases", cases, count, NULL, NULL);
}
