/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The codes that eFuse blocks are stored in. Source: technical reference manuals, chapter eFuse Controller.
 */
#ifndef SIM_EFUSE_CODE_H
#define SIM_EFUSE_CODE_H

#include <stdint.h>

enum { SIM_RS_DATA = 32, SIM_RS_CHECK = 12, SIM_RS_SIZE = SIM_RS_DATA + SIM_RS_CHECK };

/** RS(44, 32) over GF(2^8) with the polynomial 0x11D: computes the check bytes of 32 bytes. */
void sim_rs_encode(const uint8_t data[SIM_RS_DATA], uint8_t check[SIM_RS_CHECK]);
/** Corrects up to six bytes; returns how many, or -1 with nothing changed when there are more. */
int sim_rs_correct(uint8_t code[SIM_RS_SIZE]);

enum { SIM_34_DATA = 24, SIM_34_SIZE = 32 };

/** The ESP32's 3/4 code: four times six bytes, their exclusive or, and a count of their bits. */
void sim_34_encode(const uint8_t data[SIM_34_DATA], uint8_t code[SIM_34_SIZE]);
/** Takes the data out as it is; returns one bit for each of the four pieces that do not fit. */
unsigned sim_34_decode(const uint8_t code[SIM_34_SIZE], uint8_t data[SIM_34_DATA]);

#endif
