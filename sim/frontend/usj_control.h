/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The control endpoint of the USB-Serial/JTAG device: standard requests (USB 2.0, chapter 9) and the class
 * requests of a CDC ACM device, of which only SET_CONTROL_LINE_STATE does anything. Pure but for its own
 * state: what a request wants of the chip is in the answer.
 */
#ifndef FE_USJ_CONTROL_H
#define FE_USJ_CONTROL_H

#include "usj_descriptors.h"

/** Zero-initialised is a device that was just plugged in. */
typedef struct {
    uint8_t configuration;               /**< 0 = none chosen yet */
    bool is_halted[2][FE_USJ_ENDPOINTS]; /**< [is IN][number] */
} fe_usj_control_t;

typedef struct {
    bool is_stalled; /**< the request is refused; nothing else is valid */
    uint8_t data[FE_USJ_DESCRIPTOR_MAX];
    size_t size; /**< bytes for the host, no more than it asked for */
    bool has_lines;
    bool dtr, rts;
} fe_usj_answer_t;

/** Carries out a request.
 *  @param setup  its eight setup bytes
 *  @param size   bytes that the host sent with it, or room it has for the answer */
void fe_usj_control_request(fe_usj_control_t *control, const uint8_t mac[6], const uint8_t setup[8],
                            size_t size, fe_usj_answer_t *out);

#endif
