/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What is wrong with an SDIO card for good.
 */
#ifndef SIM_SDIO_FAULTS_H
#define SIM_SDIO_FAULTS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    bool is_absent;
    bool forgets_setup;      /**< bits of SLCCONF1 do not stay */
    bool has_no_credits;     /**< none is ever shown */
    uint32_t vendor, device; /**< other ids in the CIS, 0 = its own */
    uint32_t fillers;        /**< null tuples before the ids */
    uint64_t ready_ns;       /**< from enabling function 1 to its being ready */
    bool has_length;
    uint32_t length; /**< what the chip says instead of a frame's length */
} sim_sdio_faults_t;

#endif
