/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the monitor adds to the lines of a target whose programs it has as ELF files: names of addresses, and the frames
 * of a panic.
 */
#ifndef CLI_MONITOR_EXPLAIN_H
#define CLI_MONITOR_EXPLAIN_H

#include <limits.h>

#include "decode/decoder.h"
#include "monitor/visible.h"

/** Zero = nothing is explained. */
typedef struct {
    const char *paths[DECODER_FILES];
    size_t count;
    const char *rom_folder; /**< ELF files of ROMs; NULL = there are none */
    char rom_path[PATH_MAX];
    decoder_t *decoder;
} explain_t;

/** Opens the files of @p paths, before the program has a second thread.
 *  @param rom_folder  folder with ELF files of ROMs, one of which is chosen by what the target prints; may be NULL
 *  @return false after a sentence */
bool explain_begin(explain_t *explain, const char *const *paths, size_t count, const char *rom_folder);

/** A monitor_explain_t with an explain_t as ctx. */
void explain_line(void *ctx, const char *line, size_t size, const monitor_out_t *out);

void explain_end(explain_t *explain);

#endif
