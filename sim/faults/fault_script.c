/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Parser of fault scripts; README.md has the grammar. A script is read completely before anything of it is
 * applied.
 */
#include <stdlib.h>
#include <string.h>

#include "faults/script_words.h"
#include "state/model.h"

typedef struct {
    sim_words_t words;
    /* what was read so far */
    sim_fault_t *faults;
    size_t fault_count;
    sim_stuck_bits_t *stuck;
    size_t stuck_count;
    sim_faults_t settings;
    uint32_t erase_factor, program_factor;
    bool is_protected;
    uint32_t flash_size;
} script_t;

/* ---- faults ---- */

static bool parse_place(script_t *s, sim_fault_t *fault)
{
    if (sim_skip_word(&s->words, "time")) {
        fault->place = SIM_AT_TIME;
        return sim_take_time(&s->words, &fault->number);
    }
    bool has_no_direction = sim_is_word(&s->words, "efuse") || sim_is_word(&s->words, "flash");
    bool is_command = sim_is_word(&s->words, "command") || sim_is_word(&s->words, "reply");
    if (sim_skip_word(&s->words, "byte")) {
        fault->place = SIM_AT_BYTE;
    } else if (sim_skip_word(&s->words, "transfer")) {
        fault->place = SIM_AT_TRANSFER;
    } else if (sim_skip_word(&s->words, "command")) {
        fault->place = SIM_AT_COMMAND;
    } else if (sim_skip_word(&s->words, "reply")) {
        fault->place = SIM_AT_REPLY;
        fault->direction = SIM_IN;
    } else if (sim_skip_word(&s->words, "efuse")) {
        fault->place = SIM_AT_EFUSE;
    } else if (sim_skip_word(&s->words, "flash")) {
        fault->place = SIM_AT_FLASH;
    } else {
        return sim_fail_at_word(&s->words, "byte, transfer, command, reply, efuse, flash or time");
    }
    if (!sim_take_number(&s->words, UINT64_MAX, &fault->number)) {
        return false;
    }
    if (fault->number == 0) {
        return sim_error(s->words.error, s->words.error_size, "fault script: counting starts at 1");
    }
    if (has_no_direction) {
        return true;
    }
    if (is_command) {
        uint32_t opcode = 0;
        if (sim_skip_word(&s->words, "of")) {
            if (!sim_take_u32(&s->words, 0xFF, &opcode)) {
                return false;
            }
            fault->opcode = (int)opcode;
        }
        return true;
    }
    if (sim_skip_word(&s->words, "in")) {
        fault->direction = SIM_IN;
        return true;
    }
    return sim_skip_word(&s->words, "out") ? true : sim_fail_at_word(&s->words, "in or out");
}

typedef struct {
    const char *name;
    sim_action_t action;
    unsigned places; /**< where it makes sense */
    enum { NO_ARGUMENT, TIME, OPTIONAL_TIME, MASK, REASON } argument;
} action_row_t;

#define PLACE(place) (1u << (place))
#define ON_WIRE      (PLACE(SIM_AT_BYTE) | PLACE(SIM_AT_TRANSFER))
#define ON_FRAME     (PLACE(SIM_AT_COMMAND) | PLACE(SIM_AT_REPLY))
#define ANYWHERE     (ON_WIRE | ON_FRAME | PLACE(SIM_AT_TIME) | PLACE(SIM_AT_EFUSE))

static const action_row_t ACTIONS[] = {
    {"drop", SIM_DO_DROP, ON_WIRE | ON_FRAME | PLACE(SIM_AT_EFUSE), NO_ARGUMENT},
    {"corrupt", SIM_DO_CORRUPT, ON_WIRE | ON_FRAME, MASK},
    {"duplicate", SIM_DO_DUPLICATE, ON_WIRE | PLACE(SIM_AT_REPLY), NO_ARGUMENT},
    {"delay", SIM_DO_DELAY, ON_WIRE | ON_FRAME, TIME},
    {"stall", SIM_DO_STALL, ANYWHERE, OPTIONAL_TIME},
    {"disconnect", SIM_DO_DISCONNECT, ANYWHERE | PLACE(SIM_AT_FLASH), OPTIONAL_TIME},
    {"reset", SIM_DO_RESET, ANYWHERE | PLACE(SIM_AT_FLASH), NO_ARGUMENT},
    {"error", SIM_DO_ERROR, PLACE(SIM_AT_COMMAND), REASON},
    {"wrong", SIM_DO_WRONG_MD5, PLACE(SIM_AT_COMMAND), NO_ARGUMENT},
};

static bool parse_argument(script_t *s, const action_row_t *row, sim_fault_t *fault)
{
    uint32_t value = 1;
    fault->time_ns = SIM_NEVER;
    switch (row->argument) {
    case NO_ARGUMENT:
        return row->action == SIM_DO_WRONG_MD5 ? sim_expect_word(&s->words, "md5") : true;
    case TIME:
        return sim_take_time(&s->words, &fault->time_ns);
    case OPTIONAL_TIME:
        return sim_is_at_end(&s->words) || sim_take_time(&s->words, &fault->time_ns);
    case MASK:
        if (!sim_is_at_end(&s->words) && !sim_take_u32(&s->words, 0xFF, &value)) {
            return false;
        }
        break;
    case REASON:
        if (!sim_take_u32(&s->words, 0xFF, &value)) {
            return false;
        }
        break;
    }
    fault->value = (uint8_t)value;
    return true;
}

static bool parse_fault(script_t *s)
{
    sim_fault_t fault = {.opcode = -1, .is_lasting = sim_is_word(&s->words, "from")};
    sim_next_word(&s->words);
    if (!parse_place(s, &fault) || !sim_expect_word(&s->words, ":")) {
        return false;
    }
    for (size_t i = 0; i < sizeof(ACTIONS) / sizeof(ACTIONS[0]); i++) {
        const action_row_t *row = &ACTIONS[i];
        if (!sim_is_word(&s->words, row->name)) {
            continue;
        }
        if ((row->places & PLACE(fault.place)) == 0) {
            return sim_error(s->words.error, s->words.error_size,
                             "fault script: '%s' cannot happen at that place", row->name);
        }
        sim_next_word(&s->words);
        fault.action = row->action;
        if (!parse_argument(s, row, &fault)) {
            return false;
        }
        s->faults = sim_realloc(s->faults, (s->fault_count + 1) * sizeof(fault));
        s->faults[s->fault_count++] = fault;
        return true;
    }
    return sim_fail_at_word(
        &s->words,
        "an action (drop, corrupt, duplicate, delay, stall, disconnect, reset, error or wrong md5)");
}

/* ---- settings ---- */

static bool parse_stuck(script_t *s)
{
    uint32_t addr = 0;
    uint32_t bit = 0;
    uint32_t value = 0;
    if (!sim_take_u32(&s->words, s->flash_size - 1, &addr) || !sim_expect_word(&s->words, "bit") ||
        !sim_take_u32(&s->words, 7, &bit) || !sim_expect_word(&s->words, "at") ||
        !sim_take_u32(&s->words, 1, &value)) {
        return false;
    }
    s->stuck = sim_realloc(s->stuck, (s->stuck_count + 1) * sizeof(*s->stuck));
    s->stuck[s->stuck_count++] = (sim_stuck_bits_t){addr, (uint8_t)(1u << bit), (uint8_t)(value << bit)};
    return true;
}

static bool parse_flash(script_t *s)
{
    if (sim_skip_word(&s->words, "stuck")) {
        return parse_stuck(s);
    }
    if (sim_skip_word(&s->words, "protected")) {
        s->is_protected = true;
        return true;
    }
    if (!sim_expect_word(&s->words, "slow")) {
        return false;
    }
    if (sim_skip_word(&s->words, "erase")) {
        return sim_take_u32(&s->words, 1000, &s->erase_factor);
    }
    return sim_expect_word(&s->words, "program") && sim_take_u32(&s->words, 1000, &s->program_factor);
}

static bool parse_packet_size(script_t *s)
{
    uint32_t size = 0;
    if (!sim_take_u32(&s->words, SIM_USB_PACKET_SIZE, &size)) {
        return false;
    }
    s->settings.in_packet_size = size == 0 ? (uint32_t)SIM_USB_PACKET_SIZE : size;
    return true;
}

/* "cable above 921600 out: flip 1 in 2000" */
static bool parse_cable(script_t *s)
{
    sim_rate_limits_t *limits = &s->settings.rate_limits;
    sim_cable_limit_t limit = {.directions = SIM_CABLE_BOTH_WAYS};
    if (!sim_expect_word(&s->words, "above") || !sim_take_u32(&s->words, UINT32_MAX, &limit.above_baud)) {
        return false;
    }
    if (sim_skip_word(&s->words, "out")) {
        limit.directions = 1u << SIM_OUT;
    } else if (sim_skip_word(&s->words, "in")) {
        limit.directions = 1u << SIM_IN;
    }
    if (!sim_expect_word(&s->words, ":")) {
        return false;
    }
    limit.is_lost = sim_skip_word(&s->words, "lose");
    if ((!limit.is_lost && !sim_skip_word(&s->words, "flip")) || !sim_skip_word(&s->words, "1") ||
        !sim_skip_word(&s->words, "in")) {
        return sim_fail_at_word(&s->words, "flip 1 in or lose 1 in");
    }
    if (!sim_take_u32(&s->words, UINT32_MAX, &limit.one_in)) {
        return false;
    }
    if (limit.one_in == 0 || limits->cable_count == SIM_CABLE_LIMITS) {
        return sim_error(s->words.error, s->words.error_size,
                         "fault script: 1 in 1 or more, and at most %d cables", SIM_CABLE_LIMITS);
    }
    limits->cable[limits->cable_count++] = limit;
    return true;
}

/* "bridge above 921600: refuse", "bridge above 1000000: make 1000000" */
static bool parse_bridge(script_t *s)
{
    sim_rate_limits_t *limits = &s->settings.rate_limits;
    limits->has_bridge = true;
    limits->bridge_makes_baud = 0;
    if (!sim_expect_word(&s->words, "above") ||
        !sim_take_u32(&s->words, UINT32_MAX, &limits->bridge_above_baud) ||
        !sim_expect_word(&s->words, ":")) {
        return false;
    }
    if (sim_skip_word(&s->words, "refuse")) {
        return true;
    }
    return sim_expect_word(&s->words, "make") &&
           sim_take_u32(&s->words, UINT32_MAX, &limits->bridge_makes_baud);
}

static bool parse_sdio(script_t *s)
{
    sim_sdio_faults_t *sdio = &s->settings.sdio;
    if (sim_skip_word(&s->words, "absent")) {
        sdio->is_absent = true;
    } else if (sim_skip_word(&s->words, "setup")) {
        sdio->forgets_setup = true;
        return sim_expect_word(&s->words, "lost");
    } else if (sim_skip_word(&s->words, "no")) {
        sdio->has_no_credits = true;
        return sim_expect_word(&s->words, "credits");
    } else if (sim_skip_word(&s->words, "vendor")) {
        return sim_take_u32(&s->words, UINT16_MAX, &sdio->vendor);
    } else if (sim_skip_word(&s->words, "device")) {
        return sim_take_u32(&s->words, UINT16_MAX, &sdio->device);
    } else if (sim_skip_word(&s->words, "fillers")) {
        return sim_take_u32(&s->words, UINT16_MAX, &sdio->fillers);
    } else if (sim_skip_word(&s->words, "ready")) {
        return sim_take_time(&s->words, &sdio->ready_ns);
    } else {
        sdio->has_length = true;
        return sim_expect_word(&s->words, "length") && sim_take_u32(&s->words, UINT32_MAX, &sdio->length);
    }
    return true;
}

static bool parse_setting(script_t *s)
{
    if (sim_skip_word(&s->words, "sdio")) {
        return parse_sdio(s);
    }
    if (sim_skip_word(&s->words, "cable")) {
        return parse_cable(s);
    }
    if (sim_skip_word(&s->words, "bridge")) {
        return parse_bridge(s);
    }
    if (sim_skip_word(&s->words, "flash")) {
        return parse_flash(s);
    }
    if (sim_skip_word(&s->words, "boot")) {
        return sim_expect_word(&s->words, "garbage") &&
               sim_take_u32(&s->words, 1u << 20, &s->settings.boot_garbage);
    }
    if (sim_skip_word(&s->words, "stale")) {
        return sim_take_u32(&s->words, 1u << 16, &s->settings.stale_output);
    }
    if (sim_skip_word(&s->words, "sync")) {
        if (sim_skip_word(&s->words, "replies")) {
            return sim_take_u32(&s->words, 1000, &s->settings.sync_replies);
        }
        return sim_expect_word(&s->words, "ignore") &&
               sim_take_u32(&s->words, UINT32_MAX, &s->settings.ignored_syncs);
    }
    if (sim_skip_word(&s->words, "dead")) {
        s->settings.is_dead_after_reset = true;
        return sim_expect_word(&s->words, "after") && sim_expect_word(&s->words, "reset");
    }
    if (sim_skip_word(&s->words, "reset")) {
        s->settings.core_reset_drops_bus = true;
        return sim_expect_word(&s->words, "drops") && sim_expect_word(&s->words, "bus");
    }
    if (sim_skip_word(&s->words, "output")) {
        return sim_expect_word(&s->words, "timeout") && sim_take_time(&s->words, &s->settings.in_timeout_ns);
    }
    if (sim_skip_word(&s->words, "packet")) {
        return sim_expect_word(&s->words, "size") && parse_packet_size(s);
    }
    if (sim_skip_word(&s->words, "no")) {
        s->settings.has_no_zero_packet = true;
        return sim_expect_word(&s->words, "zero") && sim_expect_word(&s->words, "packet");
    }
    if (sim_skip_word(&s->words, "en")) {
        return sim_expect_word(&s->words, "rise") && sim_take_time(&s->words, &s->settings.en_rise_ns);
    }
    return sim_fail_at_word(&s->words, "at, from or a setting");
}

/* ---- whole scripts ---- */

static bool parse_script(script_t *s)
{
    while (*s->words.at != '\0') {
        sim_next_word(&s->words);
        if (!sim_is_at_end(&s->words)) {
            bool is_fault = sim_is_word(&s->words, "at") || sim_is_word(&s->words, "from");
            if (!(is_fault ? parse_fault(s) : parse_setting(s))) {
                return false;
            }
            if (!sim_is_at_end(&s->words)) {
                return sim_fail_at_word(&s->words, "';'");
            }
        }
        while (*s->words.at == '#') {
            s->words.at += strcspn(s->words.at, "\n");
        }
        if (*s->words.at != '\0') {
            s->words.at++;
        }
    }
    return true;
}

static void apply_script(esp_sim_t *sim, const script_t *s)
{
    sim_faults_t *faults = &sim->faults;
    faults->sync_replies = s->settings.sync_replies;
    faults->ignored_syncs = s->settings.ignored_syncs;
    faults->stale_output = s->settings.stale_output;
    faults->boot_garbage = s->settings.boot_garbage;
    faults->in_packet_size = s->settings.in_packet_size;
    faults->in_timeout_ns = s->settings.in_timeout_ns;
    faults->en_rise_ns = s->settings.en_rise_ns;
    faults->is_dead_after_reset = s->settings.is_dead_after_reset;
    faults->core_reset_drops_bus = s->settings.core_reset_drops_bus;
    faults->has_no_zero_packet = s->settings.has_no_zero_packet;
    faults->rate_limits = s->settings.rate_limits;
    faults->sdio = s->settings.sdio;
    sim->flash.erase_factor = s->erase_factor;
    sim->flash.program_factor = s->program_factor;
    if (s->is_protected) {
        sim->flash.status[0] |= 0x1C;
    }
    for (size_t i = 0; i < s->stuck_count; i++) {
        sim_flash_add_stuck(sim, s->stuck[i]);
    }
    for (size_t i = 0; i < s->fault_count; i++) {
        sim_faults_add(sim, &s->faults[i]);
    }
}

bool sim_fault_script_add(esp_sim_t *sim, const char *script, char *error, size_t error_size)
{
    script_t s = {.words = {.at = script, .error = error, .error_size = error_size},
                  .settings = sim->faults,
                  .erase_factor = sim->flash.erase_factor,
                  .program_factor = sim->flash.program_factor,
                  .flash_size = sim->flash.size};
    bool is_ok = parse_script(&s);
    if (is_ok) {
        apply_script(sim, &s);
    }
    free(s.faults);
    free(s.stuck);
    return is_ok;
}
