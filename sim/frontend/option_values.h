/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Values of esp-sim's options as text. Each parser takes the whole text or none: false when it is malformed.
 */
#ifndef FE_OPTION_VALUES_H
#define FE_OPTION_VALUES_H

#include "options.h"

/** Decimal, or hexadecimal with 0x; no sign, at most @p max. */
bool fe_options_parse_number(const char *text, uint32_t max, uint32_t *out_value);
/** A decimal fraction with at most three places after the point, in thousandths. */
bool fe_options_parse_thousandths(const char *text, uint32_t max, uint32_t *out_value);
/** "8MB", "512K", "0x1000". */
bool fe_options_parse_size(const char *text, uint32_t *out_size);
bool fe_options_parse_mac(const char *text, uint8_t out_mac[6]);
/** "real", "max", or a factor. */
bool fe_options_parse_speed(const char *text, fe_speed_t *out_speed);
/** "3.1" becomes 301. */
bool fe_options_parse_revision(const char *text, uint32_t *out_revision);
/** "0x60007050=0x8" joins the chip's list; false also when that is full. */
bool fe_options_add_efuse(const char *text, esp_sim_config_t *chip);

#endif
