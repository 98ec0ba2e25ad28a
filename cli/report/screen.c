/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Rows that are drawn again. One terminal, one set of rows.
 */
#define _GNU_SOURCE
#include "report/screen.h"

#include <langinfo.h>
#include <locale.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { ROWS_MAX = 64, COLUMNS_DEFAULT = 80, HEIGHT_DEFAULT = 24 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_bool is_stopped;
static FILE *shown_on; /**< NULL = no rows are shown */
static unsigned shown_widths[ROWS_MAX];
static size_t shown_count;

bool screen_is_live(FILE *out)
{
    const char *term = getenv("TERM");

    return out != NULL && isatty(fileno(out)) == 1 && term != NULL && term[0] != '\0' &&
           strcmp(term, "dumb") != 0;
}

static struct winsize size_of(FILE *out)
{
    struct winsize size = {0};

    if (fileno(out) < 0 || ioctl(fileno(out), TIOCGWINSZ, &size) != 0) {
        size = (struct winsize){0};
    }
    return size;
}

static unsigned columns_of(FILE *out)
{
    const unsigned columns = size_of(out).ws_col;

    return columns != 0 ? columns : COLUMNS_DEFAULT;
}

unsigned screen_height(FILE *out)
{
    const unsigned height = size_of(out).ws_row;

    return height != 0 ? height : HEIGHT_DEFAULT;
}

/** What the environment says, without making it the locale of the program, whose output does not depend on it
 * otherwise. */
static bool is_utf8(void)
{
    const locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);

    if (locale == (locale_t)0) {
        return false;
    }
    const bool is_so = strcmp(nl_langinfo_l(CODESET, locale), "UTF-8") == 0;
    freelocale(locale);
    return is_so;
}

bar_style_t screen_style(FILE *out)
{
    const char *no_colour = getenv("NO_COLOR");

    return (bar_style_t){.columns = columns_of(out),
                         .is_utf8 = is_utf8(),
                         .is_coloured = no_colour == NULL || no_colour[0] == '\0'};
}

/** To the beginning of the first row. A terminal that has become narrower has wrapped them. */
static void go_to_top(void)
{
    const unsigned columns = columns_of(shown_on);
    unsigned lines = 0;

    for (size_t i = 0; i < shown_count; i++) {
        lines += shown_widths[i] > columns ? (shown_widths[i] - 1) / columns + 1 : 1;
    }
    fputc('\r', shown_on);
    if (lines > 1) {
        fprintf(shown_on, "\033[%uA", lines - 1);
    }
}

static void forget(void)
{
    shown_on = NULL;
    shown_count = 0;
}

/** Has what the signal handler said on standard error ended the row already? */
static bool is_row_ended(void)
{
    return atomic_load(&is_stopped) && isatty(STDERR_FILENO) == 1;
}

void screen_draw(FILE *out, char (*rows)[BAR_SIZE], const unsigned *widths, size_t count)
{
    const size_t shown = count < ROWS_MAX ? count : ROWS_MAX;

    pthread_mutex_lock(&lock);
    if (!atomic_load(&is_stopped)) {
        if (shown_on != NULL) {
            go_to_top();
        }
        for (size_t i = 0; i < shown; i++) {
            fputs(rows[i], out);
            fputs(i + 1 < shown ? "\033[K\n" : "", out);
            shown_widths[i] = widths[i];
        }
        fputs("\033[J", out); /* what is left of the last row, and rows that there are no more */
        fflush(out);
        shown_on = shown != 0 ? out : NULL;
        shown_count = shown;
    }
    pthread_mutex_unlock(&lock);
}

void screen_keep(void)
{
    pthread_mutex_lock(&lock);
    if (shown_on != NULL && !is_row_ended()) {
        fputc('\n', shown_on);
        fflush(shown_on);
    }
    forget();
    pthread_mutex_unlock(&lock);
}

void screen_begin_text(void)
{
    pthread_mutex_lock(&lock);
    if (shown_on != NULL && !is_row_ended()) {
        if (atomic_load(&is_stopped)) {
            fputc('\n', shown_on);
        } else {
            go_to_top();
            fputs("\033[J", shown_on);
        }
        fflush(shown_on);
    }
    forget();
}

void screen_end_text(void)
{
    pthread_mutex_unlock(&lock);
}

void screen_stop(void)
{
    atomic_store(&is_stopped, true);
}
