/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Triggering of faults.
 */
#include "faults.h"

#include <inttypes.h>
#include <stdlib.h>

#include "model.h"

static const char *const ACTION_NAMES[] = {"drop",       "corrupt", "duplicate", "delay",    "stall",
                                           "disconnect", "reset",   "error",     "wrong md5"};

static void plug_again(void *ctx)
{
    esp_sim_t *sim = ctx;
    esp_sim_plug(sim, sim_chip_starts_in_download(sim));
}

static void time_has_come(void *ctx)
{
    sim_faults_schedule(ctx);
}

void sim_faults_init(esp_sim_t *sim)
{
    sim_faults_t *faults = &sim->faults;
    faults->sync_replies = 8;
    faults->in_packet_size = 64;
    sim_clock_add(&sim->clock, &faults->timer, time_has_come, sim);
    faults->timer.is_watch = true;
    sim_clock_add(&sim->clock, &faults->plug_timer, plug_again, sim);
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

static const sim_fault_t *trigger(esp_sim_t *sim, sim_fault_t *fault)
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
    return hit == NULL ? NULL : trigger(sim, hit);
}

bool sim_fault_is(const sim_fault_t *fault, sim_action_t action)
{
    return fault != NULL && fault->action == action;
}

bool sim_faults_act_on_board(esp_sim_t *sim, const sim_fault_t *fault)
{
    uint64_t end_ns = fault->time_ns == SIM_NEVER ? SIM_NEVER : sim->clock.now_ns + fault->time_ns;
    switch (fault->action) {
    case SIM_DO_STALL:
        sim_link_hold(sim, end_ns, end_ns);
        return true;
    case SIM_DO_DISCONNECT:
        esp_sim_unplug(sim);
        sim_timer_set(&sim->clock, &sim->faults.plug_timer, end_ns);
        return true;
    case SIM_DO_RESET:
        sim_chip_reset(sim, SIM_RESET_RTC_WDT);
        return true;
    case SIM_DO_DROP:
    case SIM_DO_CORRUPT:
    case SIM_DO_DUPLICATE:
    case SIM_DO_DELAY:
    case SIM_DO_ERROR:
    case SIM_DO_WRONG_MD5:
        break;
    }
    return false;
}

void sim_faults_schedule(esp_sim_t *sim)
{
    uint64_t next_ns = SIM_NEVER;
    for (size_t i = 0; i < sim->faults.count; i++) {
        sim_fault_t *fault = &sim->faults.list[i];
        if (fault->place != SIM_AT_TIME || fault->is_spent) {
            continue;
        }
        if (fault->number <= sim->clock.now_ns) {
            fault->seen++;
            sim_faults_act_on_board(sim, trigger(sim, fault));
        } else if (fault->number < next_ns) {
            next_ns = fault->number;
        }
    }
    sim_timer_set(&sim->clock, &sim->faults.timer, next_ns);
}
