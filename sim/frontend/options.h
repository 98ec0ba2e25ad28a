/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-sim's command line as a struct. Parsing only reads its arguments; what they name (files, ports) is
 * opened elsewhere, and whether a chip can be made of them is esp_sim_new()'s to say. The help text is in
 * usage.c.
 */
#ifndef FE_OPTIONS_H
#define FE_OPTIONS_H

#include "esp_sim.h"

/** What the client of the chip is connected by; every chip has one. */
typedef enum {
    FE_CABLE_NONE = 0,
    FE_CABLE_TCP,
    FE_CABLE_RFC2217,
    FE_CABLE_PTY,
    FE_CABLE_USBIP,
} fe_cable_t;

/** How model time follows the real clock. */
typedef struct {
    bool is_max;   /**< jump over every time in which only the model is busy */
    uint32_t rate; /**< thousandths of real time, see model_clock.h */
} fe_speed_t;

typedef enum {
    FE_BOOT_BY_CABLE = 0, /**< as the cable suggests */
    FE_BOOT_APP,          /**< power-on with the boot button up */
    FE_BOOT_DOWNLOAD,     /**< power-on with the boot button held */
} fe_boot_t;

#define FE_COUNT_MAX 250u /* they count up one byte of the MAC */

/** Strings point into argv. */
typedef struct {
    esp_sim_config_t chip; /**< without faults and trace: `faults` and `trace_path` say where they are */
    fe_cable_t cable;
    const char *cable_at;     /**< HOST:PORT, a pty's link or NULL */
    const char *control_path; /**< NULL = no control socket */
    const char *flash_path;   /**< NULL = flash starts erased and is forgotten */
    const char *efuse_path;   /**< NULL = as the chip comes, and what is burnt is forgotten */
    const char *faults;       /**< the script, or '@' and a file that holds it; NULL = none */
    const char *trace_path;   /**< NULL with is_tracing = standard error */
    fe_speed_t speed;
    unsigned count;           /**< chips */
    unsigned line_pairing_ms; /**< how long rfc2217.c waits for the second line of a pair */
    bool is_tracing;
    bool is_quiet;
    bool has_console;  /**< copy the chip's text to standard output */
    bool is_once;      /**< exit when the first client leaves */
    bool exits_on_eof; /**< exit when standard input ends */
} fe_options_t;

typedef enum {
    FE_OPTIONS_OK = 0,
    FE_OPTIONS_HELP,           /**< help was asked for */
    FE_OPTIONS_LIST_REGISTERS, /**< the registers without effect were asked for */
    FE_OPTIONS_BAD,            /**< one sentence was written to the error buffer */
} fe_options_result_t;

/** Parses a command line; on FE_OPTIONS_OK wiring and start mode are decided, also where the cable chooses
 * them. May reorder @p argv. Not thread-safe (getopt). */
fe_options_result_t fe_options_parse(int argc, char **argv, fe_options_t *out_options, char *error,
                                     size_t error_size);

#endif
