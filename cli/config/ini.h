/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * One section of a file in the notation of Python's configparser: esptool.cfg, setup.cfg, tox.ini.
 */
#ifndef CLI_INI_H
#define CLI_INI_H

#include <stddef.h>

#include "config/config_entry.h"

/** Reads the entries of [@p section] in @p size bytes, which @p text has and changes; text[size] is 0. What other
 * sections hold is not looked at. false: *error says where and why.
 *  @param out_has_section  set on every return */
bool ini_read(char *text, size_t size, const char *section, const config_taker_t *taker,
              bool *out_has_section, config_error_t *error);

#endif
