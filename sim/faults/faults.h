/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Faults: what goes wrong, and when. A script (grammar in README.md, parser in fault_script.c) becomes a list
 * of faults with a trigger and an action, and a few settings that hold from then on. The places where
 * something can happen (a byte, a transfer, a command, a reply, a moment) ask here.
 */
#ifndef SIM_FAULTS_H
#define SIM_FAULTS_H

#include "base/clock.h"
#include "esp_sim.h"
#include "faults/rate_limits.h"
#include "faults/sdio_faults.h"

typedef enum {
    SIM_AT_BYTE,
    SIM_AT_TRANSFER,
    SIM_AT_COMMAND,
    SIM_AT_REPLY,
    SIM_AT_TIME,
    SIM_AT_EFUSE,
    SIM_AT_FLASH
} sim_place_t;
typedef enum { SIM_OUT = 0, SIM_IN } sim_direction_t;

typedef enum {
    SIM_DO_DROP,
    SIM_DO_CORRUPT,
    SIM_DO_DUPLICATE,
    SIM_DO_DELAY,
    SIM_DO_STALL,      /**< nothing moves in either direction */
    SIM_DO_DISCONNECT, /**< the device is unplugged */
    SIM_DO_RESET,      /**< system reset of the chip, as by a brown-out */
    SIM_DO_ERROR,      /**< the command is refused */
    SIM_DO_WRONG_MD5,  /**< the digest in the reply is wrong */
} sim_action_t;

typedef struct sim_fault {
    sim_place_t place;
    sim_direction_t direction;
    uint64_t
        number; /**< of the byte, transfer, command, eFuse word, flash operation, the first is 1; the time, ns */
    int opcode;      /**< counts only commands with this code; -1 = all */
    bool is_lasting; /**< acts on that one and all later ones */
    bool is_spent;
    uint64_t seen;
    sim_action_t action;
    uint64_t time_ns; /**< of a delay, stall or disconnection; SIM_NEVER = without end */
    uint8_t value;    /**< corrupt: bits to flip; error: reason code */
} sim_fault_t;

typedef struct {
    sim_fault_t *list;
    size_t count;
    uint32_t sync_replies;    /**< per SYNC */
    uint32_t ignored_syncs;   /**< SYNCs left unanswered after each reset */
    uint32_t stale_output;    /**< bytes of old output that wait for the host at once */
    uint32_t boot_garbage;    /**< random bytes before each boot log */
    uint32_t in_packet_size;  /**< largest bulk IN packet */
    uint64_t in_timeout_ns;   /**< firmware drops output the host does not take in this time; 0 = never */
    uint64_t en_rise_ns;      /**< 0 = as the timing set says */
    bool is_dead_after_reset; /**< a core reset leaves the port enumerated but silent */
    bool core_reset_drops_bus;
    bool has_no_zero_packet; /**< a full bulk IN packet at the end is not followed by an empty one */
    sim_rate_limits_t rate_limits;
    sim_sdio_faults_t sdio;
} sim_faults_t;

void sim_faults_init(esp_sim_t *sim);
void sim_faults_free(esp_sim_t *sim);
/** Something happened at @p place: returns the fault that acts on it, NULL for none. @p opcode only for
 * commands and replies. */
const sim_fault_t *sim_faults_check(esp_sim_t *sim, sim_place_t place, sim_direction_t direction, int opcode);
/** Is this a fault with that action? @p fault may be NULL. */
bool sim_fault_is(const sim_fault_t *fault, sim_action_t action);
/** Takes fault @p index of the list when it is one at a point in time that has come; NULL = it is not. */
const sim_fault_t *sim_faults_take_due(esp_sim_t *sim, size_t index);
/** When the next fault at a point in time is due; SIM_NEVER = none. */
uint64_t sim_faults_next_ns(const esp_sim_t *sim);

/** Adds one fault to the list. */
void sim_faults_add(esp_sim_t *sim, const sim_fault_t *fault);
/** Parses and adds a script; nothing is added when it is malformed. What it makes happen at once is the
 * caller's: stale output, and faults that are due. */
bool sim_fault_script_add(esp_sim_t *sim, const char *script, char *error, size_t error_size);

#endif
