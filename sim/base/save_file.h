/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Saving a file so that a failure leaves the old one as it was.
 */
#ifndef SIM_SAVE_FILE_H
#define SIM_SAVE_FILE_H

#include <stdbool.h>
#include <stddef.h>

/** Puts @p size bytes into the file at @p path: a regular file is replaced by a complete new one with its
 * permissions, also through a symbolic link; a device or a pipe is written in place. false: errno says why,
 * and a file that was there is untouched. */
bool sim_save_file(const char *path, const void *bytes, size_t size);

#endif
