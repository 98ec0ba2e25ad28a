/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * eFuses for people.
 */
#include "efuse/efuse_report.h"
#include "efuse/efuse_text.h"

enum { NAME_WIDTH = 33, VALUE_WIDTH = 24 };

static void print_block_state(FILE *out, const efuse_contents_t *contents, uint8_t block)
{
    bool is_lost;

    if (contents->has_errors && efuse_has_error(contents, block, &is_lost)) {
        fprintf(out, "  %s\n",
                is_lost ? "ERROR: this block is damaged beyond correction, its values are wrong"
                        : "ERROR: bits of this block do not fit its code or its copies");
    }
}

void efuse_print_field(FILE *out, const efuse_contents_t *contents, const efuse_field_t *field)
{
    char text[EFUSE_TEXT_SIZE];

    fprintf(out, "%-*s %s  %-*s %s\n", NAME_WIDTH, field->name, efuse_access(contents, field), VALUE_WIDTH,
            efuse_value_text(contents, field, text), efuse_meanings[field->meaning].text);
}

void efuse_print_summary(FILE *out, const efuse_contents_t *contents)
{
    const efuse_table_t *table = contents->table;

    for (uint8_t block = 0; block < table->controller->block_count; block++) {
        fprintf(out, "Block %u:\n", block);
        print_block_state(out, contents, block);
        for (size_t i = 0; i < table->field_count; i++) {
            if (efuse_runs[table->fields[i].run].block == block) {
                fprintf(out, "  ");
                efuse_print_field(out, contents, &table->fields[i]);
            }
        }
    }
}

void efuse_print_dump(FILE *out, const efuse_contents_t *contents)
{
    const efuse_controller_t *controller = contents->table->controller;

    for (uint8_t block = 0; block < controller->block_count; block++) {
        const bool is_read = (contents->blocks & EFUSE_BLOCK(block)) != 0;
        fprintf(out, "Block %-2u at 0x%08x:", block,
                (unsigned)(controller->base + controller->blocks[block].off));
        for (size_t word = 0; is_read && word < controller->blocks[block].words; word++) {
            fprintf(out, " %08x", (unsigned)contents->words[block][word]);
        }
        fprintf(out, "%s\n", is_read ? "" : " not read (--show-keys)");
        print_block_state(out, contents, block);
    }
}

void efuse_print_states(FILE *out, const char *label, const security_states_t *states)
{
    for (size_t i = 0; i < states->count; i++) {
        fprintf(out, "%-12s%s: %s\n", i == 0 ? label : "", states->states[i].what, states->states[i].text);
    }
}

void efuse_print_voltage(FILE *out, const flash_voltage_t *voltage)
{
    char text[FLASH_VOLTAGE_TEXT_SIZE];

    if (voltage->source != FLASH_VOLTAGE_NOWHERE) {
        fprintf(out, "Flash VDD:  %s\n", flash_voltage_text(voltage, text));
    }
}
