/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The chip as an SDIO card. sdio_card.c: transactions, the card's own registers, its CIS. sdio_registers.c: the
 * registers of function 1, through which the host also reaches those of the chip's SLC. sdio_fifo.c: frames in both
 * directions. Sources: the registers of the SDIO slave as ESP-IDF names them; SDIO simplified specification 3.00; what the ROM
 * does with them: slc_init_attach() and sip_boot_rx_ctrl() in the ROMs of C5, C6 and C61 (esp-rom-elfs).
 */
#ifndef SIM_SDIO_H
#define SIM_SDIO_H

#include "base/clock.h"
#include "esp_sim.h"

enum {
    SIM_SDIO_TRANSFER_MAX = 512, /**< bytes of one CMD53 in byte mode */
    SIM_SDIO_UNIT = 512,         /**< bytes that a credit of the stub stands for */
    SIM_SDIO_FIFO = 0x1000, /**< first address of function 1 that is taken for the window, which is larger */
    SIM_SDIO_WINDOW_END = 0x1F800, /**< the frame ends where this begins */
    SIM_SDIO_FRAME_MAX = 16384,    /**< bytes towards the chip: 32 credits */
    SIM_SDIO_OUT_MAX = 4096,       /**< bytes towards the host */
    SIM_SDIO_QUEUE = 16,           /**< frames that wait for the host */
    SIM_SDIO_CCCR = 0x14,
    SIM_SDIO_SLC_WORDS = 128,
};

typedef struct {
    size_t size;
    uint8_t data[SIM_SDIO_OUT_MAX];
} sim_sdio_frame_t;

typedef struct {
    bool is_selected;
    uint8_t cccr[SIM_SDIO_CCCR];
    uint64_t ready_ns; /**< function 1 is ready from then on */

    uint32_t slc[SIM_SDIO_SLC_WORDS];
    bool is_loaded; /**< the host has let the receive chain be loaded */
    uint32_t window_value, state;
    uint32_t interrupts, enabled;
    uint16_t credits;

    /* host to chip */
    size_t in_announced, in_size; /**< announced 0 = no frame has begun */
    uint8_t in[SIM_SDIO_FRAME_MAX];

    /* chip to host: the first one is what the host sees once it is shown */
    sim_sdio_frame_t out[SIM_SDIO_QUEUE];
    size_t out_count;
    bool is_shown;
    size_t out_announced, out_read; /**< by the host; 0 = it has not begun */
    sim_timer_t out_timer;          /**< shows the first frame, or gives it up */
} sim_sdio_t;

/* for the programs on the chip */

void sim_sdio_init(esp_sim_t *sim);
/** The ROM serves the slave from here on. */
void sim_sdio_start(esp_sim_t *sim);
/** The card is gone until it is initialised again. */
void sim_sdio_stop(esp_sim_t *sim);
void sim_sdio_set_credits(esp_sim_t *sim, uint16_t credits);
/** Sends a frame. The host has a second for it. */
void sim_sdio_send(esp_sim_t *sim, const uint8_t *data, size_t size);

/* between the three files; offsets and addresses are those of function 1 */

uint32_t sim_sdio_register(const esp_sim_t *sim, uint32_t offset);
void sim_sdio_set_register(esp_sim_t *sim, uint32_t offset, uint32_t value);
void sim_sdio_fifo_write(esp_sim_t *sim, uint32_t address, const uint8_t *data, size_t size);
void sim_sdio_fifo_read(esp_sim_t *sim, uint32_t address, uint8_t *out, size_t size);

#endif
