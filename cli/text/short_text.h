/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Values as short texts for people. Each writes to @p out and returns it.
 */
#ifndef CLI_SHORT_TEXT_H
#define CLI_SHORT_TEXT_H

#include <stdint.h>

enum { SHORT_TEXT_SIZE = 17 };

/** Bytes: "8 MB" for whole multiples of 1 MiB, "512 KB" of 1 KiB, else "4097 bytes". */
const char *short_text_of_size(uint32_t size, char out[SHORT_TEXT_SIZE]);

/** A chip's revision, major * 100 + minor: "v3.1". */
const char *short_text_of_revision(uint32_t revision, char out[SHORT_TEXT_SIZE]);

#endif
