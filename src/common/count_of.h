/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ELI_COUNT_OF_H
#define ELI_COUNT_OF_H

/** Number of elements of an array. */
#define ELI_COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
