/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * How large the flash of a session's target is, by which source, and whether that is true.
 */
#ifndef CLI_FLASH_SIZE_H
#define CLI_FLASH_SIZE_H

#include "session/session.h"

/** Finds it out. What the user has stated counts if the id has no size, or a larger one: what lies beyond the
 * end of a flash is its start. The size that a project was built for does not count if the flash has one in
 * its id. No failure where it cannot be found out: what needs it asks flash_size_need(). */
esp_loader_error_t flash_size_find(session_t *session);

/** Prints it as a line of the introduction; nothing where nothing is known. */
void flash_size_print(FILE *out, const session_t *session);

/** Refuses to go on where the size of the flash is not known, and says why not. */
cli_exit_t flash_size_need(session_t *session);

/** Looks whether the flash is as large as it is taken for, where that is in doubt: where the size was stated,
 * or the range that ends at @p end is not in the lower half. Says so in a note if it is smaller, or, where
 * something is to be changed, refuses that. */
cli_exit_t flash_size_check_wrap(session_t *session, uint64_t end, bool is_change);

#endif
