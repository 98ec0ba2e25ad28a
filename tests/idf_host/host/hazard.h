/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the tests of the port alone share.
 */
#ifndef IDF_HOST_HAZARD_H
#define IDF_HOST_HAZARD_H

#include "rig.h"
#include "scenario.h"
#include "test.h"

/** TEST() of a scenario, which is the body: runs on one core, where it is exactly repeatable, and on two. */
#define TEST_HAZARD(name)                                                                                    \
    static void name##_main(void);                                                                           \
    TEST(name)                                                                                               \
    {                                                                                                        \
        hazard_passes(name##_main);                                                                          \
    }                                                                                                        \
    static void name##_main(void)

void hazard_passes(void (*main)(void));

/** Starts USB, plugs in a toy that looks like a chip's own USB, opens it. */
toy_t *hazard_open(esp32_usb_cdc_acm_port_t *port);

/** Read, write, lines and rate all return @p error. */
void hazard_check_every_call(esp32_usb_cdc_acm_port_t *port, esp_loader_error_t error);

/** What every hazard must leave behind: a host that takes the next device. */
void hazard_check_next_device(esp32_usb_cdc_acm_port_t *port);

#endif
