/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * One chip with all that belongs to it: the model, its clock, its cable and its control socket. Owns the rule
 * by which model time follows the real clock. What happens on the descriptors is the endpoints' business,
 * waiting for them loop.c's.
 */
#ifndef FE_STATION_H
#define FE_STATION_H

#include "esp_sim.h"
#include "model_clock.h"
#include "options.h"

typedef struct fe_endpoint fe_endpoint_t;
typedef struct fe_station fe_station_t;

/** What all stations share. */
typedef struct {
    fe_endpoint_t *hub; /**< where USB/IP clients ask for a board; NULL = none */
    bool is_quitting;   /**< set to end the program */
} fe_shared_t;

struct fe_station {
    esp_sim_t *sim;
    fe_model_clock_t clock;
    fe_endpoint_t *cable;
    fe_endpoint_t *control; /**< NULL = none */
    const fe_options_t *options;
    unsigned index;   /**< 0 … options->count - 1 */
    char *flash_path; /**< NULL = none */
    char *efuse_path; /**< NULL = none */
    bool dtr;         /**< the lines as last set */
    bool rts;
    size_t console_printed; /**< bytes of the console that --console has copied */
    fe_shared_t *shared;
};

/** Brings the model to the time that belongs to @p real_us and moves bytes on the way. With --speed max and
 * @p may_jump, model time then goes on from event to event as long as only the model is busy: once it waits
 * for the host, or the host does not take what the chip sends, time passes as the real clock does, so a
 * client's timeouts and reset pulses keep their meaning.
 *  @return real time at which to call again at the latest, FE_NEVER = when a descriptor is ready. */
uint64_t fe_station_advance(fe_station_t *station, uint64_t real_us, bool may_jump);

/** Sets the lines and remembers them. */
void fe_station_set_lines(fe_station_t *station, bool dtr, bool rts);

/** Saves flash and eFuses to the chip's files; true when it has none. */
bool fe_station_save(const fe_station_t *station, char *error, size_t error_size);

/** Prints "esp-sim: listening on <kind> <where>" to standard output, at once. False when it cannot be
 * written. */
bool fe_station_announce(const char *kind, const char *where);

/** Prints a remark to standard error, with the chip's number when there are several; not with --quiet. */
void fe_station_note(const fe_station_t *station, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** To be called by a cable whose client left: ends the program with --once. */
void fe_station_client_left(fe_station_t *station);

#endif
