/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * eFuses for programs.
 */
#include "efuse/efuse_report.h"
#include "efuse/efuse_text.h"
#include "session/json_report_values.h"

static bool is_known(const efuse_contents_t *contents, const efuse_field_t *field)
{
    return efuse_is_read(contents, field) && efuse_is_readable(contents, field);
}

/** A number up to 32 bits, and hexadecimal digits of bytes beyond; NULL where it is not known. */
static json_t *value_of(const efuse_contents_t *contents, const efuse_field_t *field)
{
    char text[EFUSE_TEXT_SIZE];

    if (!is_known(contents, field)) {
        return NULL;
    }
    return efuse_bit_count(contents, field) <= 32 ? json_integer((json_int_t)efuse_number(contents, field))
                                                  : json_string(efuse_hex(contents, field, text));
}

json_t *efuse_json_field(const efuse_contents_t *contents, const efuse_field_t *field)
{
    char text[EFUSE_TEXT_SIZE];

    return json_pack("{s:s, s:I, s:I, s:o*, s:s*, s:b, s:b, s:s}", "name", field->name, "block",
                     (json_int_t)efuse_runs[field->run].block, "bits",
                     (json_int_t)efuse_bit_count(contents, field), "value", value_of(contents, field), "text",
                     is_known(contents, field) ? efuse_value_text(contents, field, text) : NULL, "readable",
                     efuse_is_readable(contents, field), "writable", efuse_is_writable(contents, field),
                     "meaning", efuse_meanings[field->meaning].text);
}

static json_t *make_field(const void *ctx, size_t index)
{
    const efuse_contents_t *contents = ctx;

    return efuse_json_field(contents, &contents->table->fields[index]);
}

json_t *efuse_json_fields(const efuse_contents_t *contents)
{
    return json_report_array(contents->table->field_count, make_field, contents);
}

typedef struct {
    const efuse_contents_t *contents;
    uint8_t block;
} word_of_t;

static json_t *make_word(const void *ctx, size_t index)
{
    const word_of_t *of = ctx;

    return json_integer((json_int_t)of->contents->words[of->block][index]);
}

static json_t *make_block(const void *ctx, size_t index)
{
    const word_of_t of = {ctx, (uint8_t)index};
    const efuse_controller_t *controller = of.contents->table->controller;
    const bool is_read = (of.contents->blocks & EFUSE_BLOCK(index)) != 0;
    bool is_lost;

    const bool has_error = efuse_has_error(of.contents, of.block, &is_lost);
    return json_pack("{s:I, s:I, s:o*, s:b, s:b}", "block", (json_int_t)index, "address",
                     (json_int_t)controller->base + controller->blocks[index].off, "words",
                     is_read ? json_report_array(controller->blocks[index].words, make_word, &of) : NULL,
                     "error", has_error, "lost", is_lost);
}

json_t *efuse_json_blocks(const efuse_contents_t *contents)
{
    return json_report_array(contents->table->controller->block_count, make_block, contents);
}

static json_t *make_state(const void *ctx, size_t index)
{
    const security_states_t *states = ctx;
    const security_state_t *state = &states->states[index];

    return json_pack("{s:s, s:b, s:b, s:s}", "what", state->what, "on", state->is_on, "final",
                     state->is_final, "text", state->text);
}

json_t *efuse_json_states(const security_states_t *states)
{
    return json_report_array(states->count, make_state, states);
}

json_t *efuse_json_voltage(const flash_voltage_t *voltage)
{
    static const char *const sources[] = {[FLASH_VOLTAGE_BY_PIN] = "pin",
                                          [FLASH_VOLTAGE_BY_EFUSES] = "efuses",
                                          [FLASH_VOLTAGE_BY_REGISTER] = "register"};

    return voltage->source == FLASH_VOLTAGE_NOWHERE
               ? NULL
               : json_pack("{s:s, s:i, s:o*}", "set_by", sources[voltage->source], "pin", (int)voltage->pin,
                           "millivolts", json_report_number(voltage->millivolts, voltage->is_known));
}
