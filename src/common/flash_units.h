/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Units in which flash is erased, bytes: the same for every supported flash chip.
 */
#ifndef ELI_FLASH_UNITS_H
#define ELI_FLASH_UNITS_H

#define ELI_SECTOR_SIZE      4096u
#define ELI_ERASE_BLOCK_SIZE 65536u

#endif
