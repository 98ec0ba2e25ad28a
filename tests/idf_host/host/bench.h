/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The person at the bench: plugs virtual boards into the host one after the other, goes by what the host says
 * on its console, and ends the scenario when the host waits for a board and there is none left.
 */
#ifndef IDF_HOST_BENCH_H
#define IDF_HOST_BENCH_H

#include "esp_loader.h"

#include "gadget.h"

#define BENCH_PAUSE_US 700000u /* between two things a person does */

typedef struct {
    unsigned board_count;
    usb_gadget_t *(*make)(unsigned number); /**< from 1; NULL = an ESP32-S3 */
    esp_sim_timing_t timing;
    uint64_t first_in_us; /**< from now to plugging in the first; 0 = 2 * BENCH_PAUSE_US */
    const char
        *verdict; /**< once the host has said something that contains this, it is time to unplug; NULL =
                              "Done!" */
    /** Instead: true = the host has said this about board @p number, and it is time. May be NULL. */
    bool (*is_verdict)(unsigned number, const char *text);
    void (*before_unplug)(unsigned number); /**< may look at the board; may be NULL */
    uint64_t patience_us;                   /**< from verdict to unplugging; 0 = BENCH_PAUSE_US */
} bench_t;

/** To be called in a scenario's setup; @p bench is copied. */
void bench_start(const bench_t *bench);

/** Inside a scenario: that board's flash holds the images for @p chip, completely. */
void bench_check_flash(target_chip_t chip);

/** The last board made by the bench itself, or shown to it. */
board_t *bench_board(void);
void bench_watch(board_t *board);

/** The console as a person sees it: times taken out, of a line rewritten with \\r the last state. Valid until
 * the next call. */
const char *bench_console(const char *output);

#endif
