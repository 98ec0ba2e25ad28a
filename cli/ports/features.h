/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What this build, on this machine, can do that others may not.
 */
#ifndef ESP_LOADER_CLI_FEATURES_H
#define ESP_LOADER_CLI_FEATURES_H

/** Prints one line per feature to standard output. */
void features_print(void);

#endif
