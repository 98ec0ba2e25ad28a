/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * eFuses for people and for programs.
 */
#ifndef CLI_EFUSE_REPORT_H
#define CLI_EFUSE_REPORT_H

#include <jansson.h>
#include <stdio.h>

#include "efuse/efuse_contents.h"
#include "efuse/flash_voltage.h"
#include "efuse/security_state.h"

/** All fields, block by block, with errors in the blocks. */
void efuse_print_summary(FILE *out, const efuse_contents_t *contents);
/** The words of all blocks. */
void efuse_print_dump(FILE *out, const efuse_contents_t *contents);
/** One field, in one line. */
void efuse_print_field(FILE *out, const efuse_contents_t *contents, const efuse_field_t *field);
/** One line for each state; the first one begins with @p label, the others are indented as far. */
void efuse_print_states(FILE *out, const char *label, const security_states_t *states);
/** One line, where the chip chooses the voltage of its flash. */
void efuse_print_voltage(FILE *out, const flash_voltage_t *voltage);

/** An object for a field. */
json_t *efuse_json_field(const efuse_contents_t *contents, const efuse_field_t *field);
/** An array of all fields. */
json_t *efuse_json_fields(const efuse_contents_t *contents);
/** An array of the blocks: words, errors. */
json_t *efuse_json_blocks(const efuse_contents_t *contents);
json_t *efuse_json_states(const security_states_t *states);
/** An object, or NULL where the chip does not choose it. */
json_t *efuse_json_voltage(const flash_voltage_t *voltage);

#endif
