/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The bench of bench.h.
 */
#include "bench.h"

#include <string.h>

#include "binaries.h"
#include "esp_host.h"
#include "flasher.h"
#include "scenario.h"

static bench_t bench;
static unsigned number; /* of the board plugged in last */
static board_t *board;

board_t *bench_board(void)
{
    return board;
}

void bench_watch(board_t *the_board)
{
    board = the_board;
}

void bench_check_flash(target_chip_t chip)
{
    const binaries_t *set = binaries_for(chip);
    const uint8_t *flash = esp_sim_flash(board->sim);
    CHECK(memcmp(flash, set->bootloader.data, set->bootloader.size) == 0);
    CHECK(memcmp(flash + FLASHER_TABLE_OFFSET, set->partition_table.data, set->partition_table.size) == 0);
    CHECK(memcmp(flash + FLASHER_APP_OFFSET, set->app.data, set->app.size) == 0);
}

static void plug_next(void *arg)
{
    (void)arg;
    number++;
    if (bench.make != NULL) {
        bus_plug(bench.make(number));
    } else {
        board = board_new("esp32s3", number, bench.timing);
        bus_plug(&board->gadget);
    }
}

static void unplug(void *arg)
{
    (void)arg;
    if (bench.before_unplug != NULL) {
        bench.before_unplug(number);
    }
    bus_unplug();
    if (number < bench.board_count) {
        bus_after(BENCH_PAUSE_US, plug_next, NULL);
    }
}

static void on_log(const char *text)
{
    if (number == bench.board_count && !bus_is_plugged() && strncmp(text, "Opening", 7) == 0) {
        scenario_succeed();
    }
    const bool is_verdict =
        bench.is_verdict != NULL ? bench.is_verdict(number, text) : strstr(text, bench.verdict) != NULL;
    if (number > 0 && is_verdict) {
        bus_after(bench.patience_us, unplug, NULL);
    }
}

void bench_start(const bench_t *the_bench)
{
    bench = *the_bench;
    if (bench.verdict == NULL) {
        bench.verdict = "Done!";
    }
    if (bench.patience_us == 0) {
        bench.patience_us = BENCH_PAUSE_US;
    }
    esp_host_listen(on_log);
    bus_after(bench.first_in_us != 0 ? bench.first_in_us : 2u * BENCH_PAUSE_US, plug_next, NULL);
}

const char *bench_console(const char *output)
{
    static char text[1 << 18];
    char *out = text;
    for (const char *line = output; *line != '\0';) {
        const char *end = strchr(line, '\n');
        const char *next = end != NULL ? end + 1 : line + strlen(line);
        for (const char *at = line; at < next; at++) {
            if (*at == '\r') {
                line = at + 1;
            }
        }
        const char *time_end = memchr(line, ')', (size_t)(next - line));
        if (line[0] != '\0' && line[1] == ' ' && line[2] == '(' &&
            time_end != NULL) { /* "I (123) tag: text" */
            *out++ = *line;
            line = time_end + 1;
        }
        memcpy(out, line, (size_t)(next - line));
        out += next - line;
        line = next;
    }
    *out = '\0';
    return text;
}
