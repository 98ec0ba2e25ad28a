/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "efuse/burn_report.h"

#include <string.h>

#include "efuse/wipe.h"

enum { BLOCK0_BITS = 32 * EFUSE_WORDS };

static bool has_bit(const esp_loader_efuse_step_t *step, size_t bit)
{
    return (step->words[bit / 32] >> bit % 32 & 1u) != 0;
}

static bool is_key(const efuse_contents_t *contents, const esp_loader_efuse_step_t *step)
{
    return contents->table->controller->blocks[step->block].is_key;
}

static bool contains(const efuse_field_t *field, uint8_t block, size_t bit)
{
    for (size_t i = 0; i < field->run_count; i++) {
        const efuse_run_t *run = &efuse_runs[field->run + i];
        if (run->block == block && bit >= run->first && bit < (size_t)run->first + run->count) {
            return true;
        }
    }
    return false;
}

static const efuse_field_t *field_of(const efuse_contents_t *contents, uint8_t block, size_t bit)
{
    for (size_t i = 0; i < contents->table->field_count; i++) {
        if (contains(&contents->table->fields[i], block, bit)) {
            return &contents->table->fields[i];
        }
    }
    return NULL;
}

/** What a bit of BLOCK0 protects, or nothing. */
static void print_protected(FILE *out, const efuse_contents_t *contents, size_t bit)
{
    const char *between = "";

    for (size_t i = 0; i < contents->table->field_count; i++) {
        const efuse_field_t *field = &contents->table->fields[i];
        if (field->wr_dis == bit) {
            fprintf(out, "%s%s", between[0] == '\0' ? ": no more writing of " : between, field->name);
            between = ", ";
        } else if (bit >= field->rd_dis && bit < (size_t)field->rd_dis + field->rd_dis_count) {
            fprintf(out, "%s%s", between[0] == '\0' ? ": no more reading of " : between, field->name);
            between = ", ";
        }
    }
}

static void print_bits(FILE *out, const efuse_contents_t *contents, const esp_loader_efuse_step_t *step)
{
    for (size_t bit = 0; bit < BLOCK0_BITS; bit++) {
        if (!has_bit(step, bit)) {
            continue;
        }
        const efuse_field_t *field = field_of(contents, step->block, bit);
        fprintf(out, "  block %u bit %-3u %s", step->block, (unsigned)bit,
                field != NULL ? field->name : "reserved");
        if (step->block == 0) {
            print_protected(out, contents, bit);
        }
        fputc('\n', out);
    }
}

static bool is_among(const security_states_t *states, const security_state_t *state)
{
    for (size_t i = 0; i < states->count; i++) {
        if (strcmp(states->states[i].what, state->what) == 0 &&
            strcmp(states->states[i].text, state->text) == 0) {
            return true;
        }
    }
    return false;
}

static void print_changes(FILE *out, const efuse_contents_t *before, const efuse_contents_t *after,
                          uint32_t revision)
{
    security_states_t was;
    security_states_t is;

    security_state_find(&was, before, revision);
    security_state_find(&is, after, revision);
    for (size_t i = 0; i < is.count; i++) {
        if (!is_among(&was, &is.states[i])) {
            fprintf(out, "After it:   %s: %s\n", is.states[i].what, is.states[i].text);
        }
    }
    const flash_voltage_t now = flash_voltage_by_efuses(before);
    const flash_voltage_t then = flash_voltage_by_efuses(after);
    char text[FLASH_VOLTAGE_TEXT_SIZE];
    if (then.is_known && (!now.is_known || now.millivolts != then.millivolts)) {
        fprintf(out, "After it:   flash VDD: %s\n", flash_voltage_text(&then, text));
    }
}

void burn_print_plan(FILE *out, const efuse_contents_t *contents, uint32_t revision,
                     const esp_loader_efuse_plan_t *plan)
{
    efuse_contents_t after = burn_result(contents, plan);

    fprintf(out, "To be burnt, for good:\n");
    for (unsigned i = 0; i < plan->step_count; i++) {
        const esp_loader_efuse_step_t *step = &plan->steps[i];
        fprintf(out, "Step %u of %u%s\n", i + 1, plan->step_count,
                step->is_unverified ? ": contact ends, it cannot be compared" : "");
        if (is_key(contents, step)) {
            fprintf(out, "  block %u         %s: a key, not shown\n", step->block,
                    field_of(contents, step->block, 0)->name);
        } else {
            print_bits(out, contents, step);
        }
    }
    print_changes(out, contents, &after, revision);
    wipe_bytes(&after, sizeof(after));
}

static json_t *make_bits(const esp_loader_efuse_step_t *step)
{
    json_t *bits = json_array();

    for (size_t bit = 0; bit < BLOCK0_BITS; bit++) {
        if (has_bit(step, bit)) {
            (void)json_array_append_new(bits, json_integer((json_int_t)bit));
        }
    }
    return bits;
}

json_t *burn_json_steps(const efuse_contents_t *contents, const esp_loader_efuse_plan_t *plan, unsigned done)
{
    json_t *steps = json_array();

    for (unsigned i = 0; i < plan->step_count; i++) {
        const esp_loader_efuse_step_t *step = &plan->steps[i];
        (void)json_array_append_new(steps, json_pack("{s:i, s:b, s:o*, s:b, s:b}", "block", (int)step->block,
                                                     "key", is_key(contents, step), "bits",
                                                     is_key(contents, step) ? NULL : make_bits(step), "burnt",
                                                     i < done, "compared", i < done && !step->is_unverified));
    }
    return steps;
}

efuse_contents_t burn_result(const efuse_contents_t *contents, const esp_loader_efuse_plan_t *plan)
{
    efuse_contents_t after = *contents;

    for (unsigned i = 0; i < plan->step_count; i++) {
        for (size_t word = 0; word < EFUSE_WORDS; word++) {
            after.words[plan->steps[i].block][word] |= plan->steps[i].words[word];
        }
    }
    return after;
}
