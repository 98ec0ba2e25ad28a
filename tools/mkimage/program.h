/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Turns what a linker made into an executable image, for programs that live in RAM: second-stage bootloaders
 * and others that the ROM loads as one.
 */
#ifndef MKIMAGE_PROGRAM_H
#define MKIMAGE_PROGRAM_H

#include <stddef.h>
#include <stdint.h>

#include "image.h"

/** Makes an image of the loadable segments of an ELF file, in the order of their addresses; what lies side by
 * side becomes one segment.
 *  @param elf        the file; 32-bit, little endian, RISC-V or Xtensa
 *  @param out_error  one sentence when there is no image
 *  @return the image, to be freed by the caller, or NULL */
uint8_t *mkimage_elf(const mkimage_options_t *options, const uint8_t *elf, size_t size, size_t *out_size,
                     const char **out_error);

#endif
