/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Parser of fault scripts; README.md has the grammar. A script is read completely before anything of it is
 * applied.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "state/model.h"

enum { TOKEN_SIZE = 32 };

typedef struct {
    const char *at;
    char token[TOKEN_SIZE]; /**< the current word; "" at the end of a statement */
    char *error;
    size_t error_size;
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

/* ---- words ---- */

static bool is_end(char c)
{
    return c == '\0' || c == ';' || c == '\n' || c == '#';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* Reads the next word of the statement; ':' is a word of its own. */
static void next_word(script_t *s)
{
    while (is_blank(*s->at)) {
        s->at++;
    }
    size_t n = 0;
    if (*s->at == ':') {
        s->token[n++] = *s->at++;
    } else {
        while (!is_end(*s->at) && !is_blank(*s->at) && *s->at != ':') {
            if (n < TOKEN_SIZE - 1) {
                s->token[n++] = *s->at;
            }
            s->at++;
        }
    }
    s->token[n] = '\0';
}

static bool is_word(const script_t *s, const char *word)
{
    return strcmp(s->token, word) == 0;
}

static bool fail_at_word(const script_t *s, const char *expected)
{
    const char *found = s->token[0] == '\0' ? "the end of the statement" : s->token;
    return sim_error(s->error, s->error_size, "fault script: %s expected, found '%s'", expected, found);
}

/* Takes the word when it is there. */
static bool skip_word(script_t *s, const char *word)
{
    if (!is_word(s, word)) {
        return false;
    }
    next_word(s);
    return true;
}

static bool expect_word(script_t *s, const char *word)
{
    return skip_word(s, word) ? true : fail_at_word(s, word);
}

static bool take_number(script_t *s, uint64_t max, uint64_t *out)
{
    char *end = s->token;
    errno = 0;
    unsigned long long value = s->token[0] >= '0' && s->token[0] <= '9' ? strtoull(s->token, &end, 0) : 0;
    if (end == s->token || *end != '\0' || errno != 0 || value > max) {
        char what[64];
        snprintf(what, sizeof(what), "a number up to %llu", (unsigned long long)max);
        return fail_at_word(s, what);
    }
    *out = value;
    next_word(s);
    return true;
}

static bool take_u32(script_t *s, uint32_t max, uint32_t *out)
{
    uint64_t value = 0;
    if (!take_number(s, max, &value)) {
        return false;
    }
    *out = (uint32_t)value;
    return true;
}

/* "50ms" or "50 ms"; units us, ms and s. */
static bool take_time(script_t *s, uint64_t *out_ns)
{
    char *end = s->token;
    errno = 0;
    unsigned long long value = s->token[0] >= '0' && s->token[0] <= '9' ? strtoull(s->token, &end, 10) : 0;
    if (end == s->token || errno != 0 || value > 1000000000u) {
        return fail_at_word(s, "a time such as 50 ms");
    }
    char unit[TOKEN_SIZE];
    memcpy(unit, end, strlen(end) + 1);
    if (unit[0] == '\0') {
        next_word(s);
        memcpy(unit, s->token, TOKEN_SIZE);
    }
    uint64_t scale = strcmp(unit, "us") == 0   ? 1000u
                     : strcmp(unit, "ms") == 0 ? 1000000u
                     : strcmp(unit, "s") == 0  ? 1000000000u
                                               : 0;
    if (scale == 0) {
        return fail_at_word(s, "a unit (us, ms or s)");
    }
    *out_ns = value * scale;
    next_word(s);
    return true;
}

static bool is_at_end(const script_t *s)
{
    return s->token[0] == '\0';
}

/* ---- faults ---- */

static bool parse_place(script_t *s, sim_fault_t *fault)
{
    if (skip_word(s, "time")) {
        fault->place = SIM_AT_TIME;
        return take_time(s, &fault->number);
    }
    bool is_efuse = is_word(s, "efuse");
    bool is_command = is_word(s, "command") || is_word(s, "reply");
    if (skip_word(s, "byte")) {
        fault->place = SIM_AT_BYTE;
    } else if (skip_word(s, "transfer")) {
        fault->place = SIM_AT_TRANSFER;
    } else if (skip_word(s, "command")) {
        fault->place = SIM_AT_COMMAND;
    } else if (skip_word(s, "reply")) {
        fault->place = SIM_AT_REPLY;
        fault->direction = SIM_IN;
    } else if (skip_word(s, "efuse")) {
        fault->place = SIM_AT_EFUSE;
    } else {
        return fail_at_word(s, "byte, transfer, command, reply, efuse or time");
    }
    if (!take_number(s, UINT64_MAX, &fault->number)) {
        return false;
    }
    if (fault->number == 0) {
        return sim_error(s->error, s->error_size, "fault script: counting starts at 1");
    }
    if (is_efuse) {
        return true;
    }
    if (is_command) {
        uint32_t opcode = 0;
        if (skip_word(s, "of")) {
            if (!take_u32(s, 0xFF, &opcode)) {
                return false;
            }
            fault->opcode = (int)opcode;
        }
        return true;
    }
    if (skip_word(s, "in")) {
        fault->direction = SIM_IN;
        return true;
    }
    return skip_word(s, "out") ? true : fail_at_word(s, "in or out");
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
    {"disconnect", SIM_DO_DISCONNECT, ANYWHERE, OPTIONAL_TIME},
    {"reset", SIM_DO_RESET, ANYWHERE, NO_ARGUMENT},
    {"error", SIM_DO_ERROR, PLACE(SIM_AT_COMMAND), REASON},
    {"wrong", SIM_DO_WRONG_MD5, PLACE(SIM_AT_COMMAND), NO_ARGUMENT},
};

static bool parse_argument(script_t *s, const action_row_t *row, sim_fault_t *fault)
{
    uint32_t value = 1;
    fault->time_ns = SIM_NEVER;
    switch (row->argument) {
    case NO_ARGUMENT:
        return row->action == SIM_DO_WRONG_MD5 ? expect_word(s, "md5") : true;
    case TIME:
        return take_time(s, &fault->time_ns);
    case OPTIONAL_TIME:
        return is_at_end(s) || take_time(s, &fault->time_ns);
    case MASK:
        if (!is_at_end(s) && !take_u32(s, 0xFF, &value)) {
            return false;
        }
        break;
    case REASON:
        if (!take_u32(s, 0xFF, &value)) {
            return false;
        }
        break;
    }
    fault->value = (uint8_t)value;
    return true;
}

static bool parse_fault(script_t *s)
{
    sim_fault_t fault = {.opcode = -1, .is_lasting = is_word(s, "from")};
    next_word(s);
    if (!parse_place(s, &fault) || !expect_word(s, ":")) {
        return false;
    }
    for (size_t i = 0; i < sizeof(ACTIONS) / sizeof(ACTIONS[0]); i++) {
        const action_row_t *row = &ACTIONS[i];
        if (!is_word(s, row->name)) {
            continue;
        }
        if ((row->places & PLACE(fault.place)) == 0) {
            return sim_error(s->error, s->error_size, "fault script: '%s' cannot happen at that place",
                             row->name);
        }
        next_word(s);
        fault.action = row->action;
        if (!parse_argument(s, row, &fault)) {
            return false;
        }
        s->faults = sim_realloc(s->faults, (s->fault_count + 1) * sizeof(fault));
        s->faults[s->fault_count++] = fault;
        return true;
    }
    return fail_at_word(
        s, "an action (drop, corrupt, duplicate, delay, stall, disconnect, reset, error or wrong md5)");
}

/* ---- settings ---- */

static bool parse_stuck(script_t *s)
{
    uint32_t addr = 0;
    uint32_t bit = 0;
    uint32_t value = 0;
    if (!take_u32(s, s->flash_size - 1, &addr) || !expect_word(s, "bit") || !take_u32(s, 7, &bit) ||
        !expect_word(s, "at") || !take_u32(s, 1, &value)) {
        return false;
    }
    s->stuck = sim_realloc(s->stuck, (s->stuck_count + 1) * sizeof(*s->stuck));
    s->stuck[s->stuck_count++] = (sim_stuck_bits_t){addr, (uint8_t)(1u << bit), (uint8_t)(value << bit)};
    return true;
}

static bool parse_flash(script_t *s)
{
    if (skip_word(s, "stuck")) {
        return parse_stuck(s);
    }
    if (skip_word(s, "protected")) {
        s->is_protected = true;
        return true;
    }
    if (!expect_word(s, "slow")) {
        return false;
    }
    if (skip_word(s, "erase")) {
        return take_u32(s, 1000, &s->erase_factor);
    }
    return expect_word(s, "program") && take_u32(s, 1000, &s->program_factor);
}

static bool parse_packet_size(script_t *s)
{
    uint32_t size = 0;
    if (!take_u32(s, SIM_USB_PACKET_SIZE, &size)) {
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
    if (!expect_word(s, "above") || !take_u32(s, UINT32_MAX, &limit.above_baud)) {
        return false;
    }
    if (skip_word(s, "out")) {
        limit.directions = 1u << SIM_OUT;
    } else if (skip_word(s, "in")) {
        limit.directions = 1u << SIM_IN;
    }
    if (!expect_word(s, ":")) {
        return false;
    }
    limit.is_lost = skip_word(s, "lose");
    if ((!limit.is_lost && !skip_word(s, "flip")) || !skip_word(s, "1") || !skip_word(s, "in")) {
        return fail_at_word(s, "flip 1 in or lose 1 in");
    }
    if (!take_u32(s, UINT32_MAX, &limit.one_in)) {
        return false;
    }
    if (limit.one_in == 0 || limits->cable_count == SIM_CABLE_LIMITS) {
        return sim_error(s->error, s->error_size, "fault script: 1 in 1 or more, and at most %d cables",
                         SIM_CABLE_LIMITS);
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
    if (!expect_word(s, "above") || !take_u32(s, UINT32_MAX, &limits->bridge_above_baud) ||
        !expect_word(s, ":")) {
        return false;
    }
    if (skip_word(s, "refuse")) {
        return true;
    }
    return expect_word(s, "make") && take_u32(s, UINT32_MAX, &limits->bridge_makes_baud);
}

static bool parse_setting(script_t *s)
{
    if (skip_word(s, "cable")) {
        return parse_cable(s);
    }
    if (skip_word(s, "bridge")) {
        return parse_bridge(s);
    }
    if (skip_word(s, "flash")) {
        return parse_flash(s);
    }
    if (skip_word(s, "boot")) {
        return expect_word(s, "garbage") && take_u32(s, 1u << 20, &s->settings.boot_garbage);
    }
    if (skip_word(s, "stale")) {
        return take_u32(s, 1u << 16, &s->settings.stale_output);
    }
    if (skip_word(s, "sync")) {
        if (skip_word(s, "replies")) {
            return take_u32(s, 1000, &s->settings.sync_replies);
        }
        return expect_word(s, "ignore") && take_u32(s, UINT32_MAX, &s->settings.ignored_syncs);
    }
    if (skip_word(s, "dead")) {
        s->settings.is_dead_after_reset = true;
        return expect_word(s, "after") && expect_word(s, "reset");
    }
    if (skip_word(s, "reset")) {
        s->settings.core_reset_drops_bus = true;
        return expect_word(s, "drops") && expect_word(s, "bus");
    }
    if (skip_word(s, "output")) {
        return expect_word(s, "timeout") && take_time(s, &s->settings.in_timeout_ns);
    }
    if (skip_word(s, "packet")) {
        return expect_word(s, "size") && parse_packet_size(s);
    }
    if (skip_word(s, "no")) {
        s->settings.has_no_zero_packet = true;
        return expect_word(s, "zero") && expect_word(s, "packet");
    }
    if (skip_word(s, "en")) {
        return expect_word(s, "rise") && take_time(s, &s->settings.en_rise_ns);
    }
    return fail_at_word(s, "at, from or a setting");
}

/* ---- whole scripts ---- */

static bool parse_script(script_t *s)
{
    while (*s->at != '\0') {
        next_word(s);
        if (!is_at_end(s)) {
            bool is_fault = is_word(s, "at") || is_word(s, "from");
            if (!(is_fault ? parse_fault(s) : parse_setting(s))) {
                return false;
            }
            if (!is_at_end(s)) {
                return fail_at_word(s, "';'");
            }
        }
        while (*s->at == '#') {
            s->at += strcspn(s->at, "\n");
        }
        if (*s->at != '\0') {
            s->at++;
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
    script_t s = {.at = script,
                  .error = error,
                  .error_size = error_size,
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
