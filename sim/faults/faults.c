/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Triggering of faults.
 */
#include "faults/faults.h"

#include <inttypes.h>
#include <stdlib.h>

#include "state/model.h"

static const char *const ACTION_NAMES[] = {"drop",       "corrupt", "duplicate", "delay",    "stall",
                                           "disconnect", "reset",   "error",     "wrong md5"};

void sim_faults_init(esp_sim_t *sim)
{
    sim_faults_t *faults = &sim->faults;
    faults->sync_replies = 8;
    faults->in_packet_size = 64;
}

void sim_faults_free(esp_sim_t *sim)
{
    free(sim->faults.list);
    sim->faults.list = NULL;
    sim->faults.count = 0;
}

void sim_faults_add(esp_sim_t *sim, const sim_fault_t *fault)
{
    sim_faults_t *faults = &sim->faults;
    faults->list = sim_realloc(faults->list, (faults->count + 1) * sizeof(*fault));
    faults->list[faults->count++] = *fault;
}

static const sim_fault_t *trigger_fault(esp_sim_t *sim, sim_fault_t *fault)
{
    fault->is_spent = !fault->is_lasting;
    sim->link.is_disturbed = true;
    sim_trace(sim, "fault: %s at number %" PRIu64, ACTION_NAMES[fault->action], fault->seen);
    return fault;
}

const sim_fault_t *sim_faults_check(esp_sim_t *sim, sim_place_t place, sim_direction_t direction, int opcode)
{
    sim_fault_t *hit = NULL;
    for (size_t i = 0; i < sim->faults.count; i++) {
        sim_fault_t *fault = &sim->faults.list[i];
        if (fault->place != place || fault->direction != direction ||
            (fault->opcode >= 0 && fault->opcode != opcode)) {
            continue;
        }
        fault->seen++;
        bool is_hit = !fault->is_spent &&
                      (fault->seen == fault->number || (fault->is_lasting && fault->seen > fault->number));
        if (is_hit && hit == NULL) {
            hit = fault;
        }
    }
    return hit == NULL ? NULL : trigger_fault(sim, hit);
}

bool sim_fault_is(const sim_fault_t *fault, sim_action_t action)
{
    return fault != NULL && fault->action == action;
}

const sim_fault_t *sim_faults_take_due(esp_sim_t *sim, size_t index)
{
    sim_fault_t *fault = &sim->faults.list[index];
    if (fault->place != SIM_AT_TIME || fault->is_spent || fault->number > sim->clock.now_ns) {
        return NULL;
    }
    fault->seen++;
    return trigger_fault(sim, fault);
}

uint64_t sim_faults_next_ns(const esp_sim_t *sim)
{
    uint64_t next_ns = SIM_NEVER;
    for (size_t i = 0; i < sim->faults.count; i++) {
        const sim_fault_t *fault = &sim->faults.list[i];
        bool is_coming = fault->place == SIM_AT_TIME && !fault->is_spent && fault->number > sim->clock.now_ns;
        if (is_coming && fault->number < next_ns) {
            next_ns = fault->number;
        }
    }
    return next_ns;
}
