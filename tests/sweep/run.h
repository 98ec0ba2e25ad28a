/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * One run: a session with faults, what it reported held against what the flash holds, and the session after
 * it.
 */
#ifndef SWEEP_RUN_H
#define SWEEP_RUN_H

#include "config.h"
#include "wire.h"

typedef enum { WAY_PLAN, WAY_EXPLICIT, WAY_EXPLICIT_DEFLATE, WAY_ASK } way_t;

/** How a run ended. Several of the judgements may hold. */
typedef struct {
    esp_loader_error_t error;
    esp_loader_error_detail_t detail;
    bool is_connected;      /**< the failure, if there is one, came later */
    bool is_verified_wrong; /**< success, and an image VERIFIED or EQUAL whose content is wrong; or an answer
                               that belongs to another question */
    bool is_stale;          /**< the same in a run that failed */
    bool is_unverified;     /**< success without verification that nobody asked to leave out */
    bool is_unverified_wrong; /**< and the content is wrong */
    bool is_unchecked_wrong;  /**< as before, but it was to be left out */
    bool is_spread;           /**< sectors outside the plan are not as they were */
    bool is_spread_unseen;    /**< and nobody could have told */
    bool has_hung;
    bool has_no_detail; /**< an error without stage and cause */
    bool is_next_wrong; /**< the run after it, without faults, failed or left wrong content */
    uint32_t time_ms;   /**< virtual time of the first session */
} result_t;

typedef struct {
    chip_t chip;
    wire_t wire;
    material_t material;
    bool is_misled;       /**< the library has believed an answer to another question */
    uint32_t connect_out; /**< bytes to the target before the plan began, of the last run */
} world_t;

/** Chooses a configuration and makes its images. */
void world_choose(world_t *world, const config_t *config);

result_t world_run(world_t *world, way_t way, const fault_t *faults, size_t count, bool is_traced);

/** Must the sweep fail for it? */
bool result_is_bad(const result_t *result, const fault_t *faults, size_t count);

#endif
