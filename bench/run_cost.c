/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * el-run-cost FILE PROGRAM ARGUMENTS...: runs the program; FILE gets the CPU time that it took, milliseconds, and the
 * memory that it had at most, KiB. The exit status is the program's. A small program of its own, because the peak of a
 * process begins with that of the one that started it.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>

static pid_t child;

/* The program ends with the test. */
static void pass_on(int number)
{
    (void)kill(child, number);
}

static double ms(struct timeval time)
{
    return (double)time.tv_sec * 1e3 + (double)time.tv_usec / 1e3;
}

int main(int argc, char **argv, char **environment)
{
    struct rusage usage;
    int status = 0;

    if (argc < 3 || posix_spawnp(&child, argv[2], NULL, NULL, &argv[2], environment) != 0) {
        fputs("usage: el-run-cost FILE PROGRAM ARGUMENTS...\n", stderr);
        return EXIT_FAILURE;
    }
    (void)signal(SIGTERM, pass_on);
    while (wait4(child, &status, 0, &usage) != child) {
    }
    FILE *file = fopen(argv[1], "w");
    if (file == NULL ||
        fprintf(file, "%.0f %ld\n", ms(usage.ru_utime) + ms(usage.ru_stime), usage.ru_maxrss) < 0 ||
        fclose(file) != 0) {
        perror(argv[1]);
        return EXIT_FAILURE;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE;
}
