/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a part can still do, in plain words, by the eFuses of BLOCK0.
 */
#ifndef CLI_SECURITY_STATE_H
#define CLI_SECURITY_STATE_H

#include "efuse/efuse_contents.h"

enum { SECURITY_STATES = 24, SECURITY_STATE_SIZE = 96 };

typedef struct {
    const char *what; /**< e.g. "flash encryption" */
    bool is_on;
    bool is_final; /**< no eFuse can change it any more */
    char text[SECURITY_STATE_SIZE];
} security_state_t;

typedef struct {
    size_t count;
    security_state_t states[SECURITY_STATES];
} security_states_t;

/** @param contents  with BLOCK0
 *  @param revision  of the chip, major * 100 + minor */
void security_state_find(security_states_t *states, const efuse_contents_t *contents, uint32_t revision);

#endif
