/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the ROM takes over SDIO: packets that write memory and jump, without replies. It has one buffer and adds a
 * credit for each packet that it has taken.
 */
#ifndef SIM_SIP_H
#define SIM_SIP_H

#include "base/clock.h"
#include "esp_sim.h"

enum { SIM_SIP_PACKET_MAX = 268 };

typedef struct {
    uint32_t writes;   /**< WRITE_MEMORY since the reset: without one the ROM does not boot what it has */
    uint32_t expected; /**< sequence number; only our strict mode compares */
    bool is_over;      /**< BOOTUP was taken */
    bool is_busy;      /**< its buffer is in use */
    sim_timer_t timer; /**< it has carried out the packet */
    uint8_t packet[SIM_SIP_PACKET_MAX];
    size_t size;
} sim_sip_t;

void sim_sip_init(esp_sim_t *sim);
void sim_sip_start(esp_sim_t *sim);
void sim_sip_stop(esp_sim_t *sim);
void sim_sip_receive(esp_sim_t *sim, const uint8_t *packet, size_t size);

#endif
