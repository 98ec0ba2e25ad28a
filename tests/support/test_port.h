/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the ports of tests have in common. A port of a test embeds a test_port_t and brings `write_all` and
 * `read_some`, and of the other entries of the second generation those that are not as here: a virtual clock
 * that goes on with delays, lines and a rate that are noted, a link kind that is a field. The entries of the
 * first generation are made of them.
 */
#ifndef TEST_PORT_H
#define TEST_PORT_H

#include "esp_loader_io.h"

typedef struct {
    esp_loader_port_t port;    /* what the library is given; first, so it is the test_port_t as well */
    esp_loader_port_ops_t ops; /* its entries: a test may replace one, or take it away */
    const esp_loader_port_ops_t *hooks; /* what the concrete port brings */
    esp_loader_link_t link;
    unsigned writes; /* calls */
    unsigned reads;

    uint32_t now_ms;
    char lines[256]; /* states set, e.g. "00 10 11 01 00"; DTR first */
    uint32_t rate;   /* the last one set, baud */
    uint32_t timer_end_ms;
} test_port_t;

/* Fresh, of the second generation. @p hooks stay valid. */
void test_port_init(test_port_t *base, const esp_loader_port_ops_t *hooks);
/* The same port with the entries of the first generation alone: a one-shot timer, exact reads, and a reset into
 * download mode of its own, which is the hook `enter_bootloader_checked` or noted as lines "01". */
void test_port_make_v1(test_port_t *base);

#endif
