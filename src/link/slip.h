/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The bytes that SLIP gives a meaning. Source: RFC 1055.
 */
#ifndef ELI_SLIP_H
#define ELI_SLIP_H

#define ELI_END     0xC0u /**< delimiter */
#define ELI_ESC     0xDBu /**< the next byte stands for another: */
#define ELI_ESC_END 0xDCu
#define ELI_ESC_ESC 0xDDu

#endif
