/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Runs the cases that the program has registered: see test.h.
 */
#include "test.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static const char *rows_begun;
static size_t row_begun;

void test_begin_row(const char *rows, size_t number)
{
    rows_begun = rows;
    row_begun = number;
}

size_t test_row_step(void)
{
    const char *step = getenv("EL_TEST_ROW_STEP");
    return step != NULL ? strtoul(step, NULL, 10) : 1;
}

int test_report_row(__attribute__((unused)) void **state)
{
    if (rows_begun != NULL) {
        fprintf(stderr, "it was row %s[%zu]\n", rows_begun, row_begun);
    }
    rows_begun = NULL;
    return 0;
}

/* Leaves the case @p name as the next of those that are run. */
static bool take_case(const char *name, size_t *taken)
{
    for (size_t i = *taken; i < count; i++) {
        if (strcmp(cases[i].name, name) == 0) {
            const struct CMUnitTest found = cases[i];
            memmove(&cases[*taken + 1], &cases[*taken], (i - *taken) * sizeof(cases[0]));
            cases[(*taken)++] = found;
            return true;
        }
    }
    fprintf(stderr, "there is no case %s\n", name);
    return false;
}

/* Of EL_TEST_CASES, names with a comma between them; without it all cases stay. */
static bool take_cases(void)
{
    char names[2048];
    const char *wanted = getenv("EL_TEST_CASES");
    size_t taken = 0;

    if (wanted == NULL) {
        return true;
    }
    if (strlen(wanted) >= sizeof(names)) {
        fprintf(stderr, "EL_TEST_CASES is too long\n");
        return false;
    }
    strcpy(names, wanted);
    for (char *name = strtok(names, ","); name != NULL; name = strtok(NULL, ",")) {
        if (!take_case(name, &taken)) {
            return false;
        }
    }
    count = taken;
    return true;
}

int main(void)
{
    if (!take_cases()) {
        return EXIT_FAILURE;
    }
    if (count == 0) {
        fprintf(stderr, "no case is registered\n");
        return EXIT_FAILURE;
    }
    if (test_row_step() == 0) {
        fprintf(stderr, "EL_TEST_ROW_STEP is no number from 1 on\n");
        return EXIT_FAILURE;
    }
    return _cmocka_run_group_tests("cases", cases, count, NULL, NULL);
}
