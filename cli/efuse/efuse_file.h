/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What `efuse dump` has read, as a file that needs no target: chip, revision, words of the blocks, error registers.
 */
#ifndef CLI_EFUSE_FILE_H
#define CLI_EFUSE_FILE_H

#include <jansson.h>

#include "efuse/efuse_contents.h"
#include "report/exit_code.h"

/** The registers that tell about errors, in their order; NULL when there is no memory. */
json_t *efuse_json_registers(const efuse_contents_t *contents);

/** Writes the file, which only its owner can read when it holds key blocks. CLI_OK, or a failure that has been reported.
 *  @param revision  major * 100 + minor */
cli_exit_t efuse_file_write(const char *path, const efuse_contents_t *contents, uint32_t revision);

/** Reads such a file, or the JSON report of `efuse dump`. CLI_OK, or a failure that has been reported. */
cli_exit_t efuse_file_read(const char *path, efuse_contents_t *contents, uint32_t *out_revision);

#endif
