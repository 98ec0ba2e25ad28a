/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The wire between host and chip. Host to chip: bytes the host has handed over travel (tx), arrive in the
 * chip's buffer (rx) and are read by whatever runs there. Chip to host: every byte has the time at which the
 * host can have it. What differs between USB (link_usb.c) and UART (link_uart.c) is behind a
 * small table of functions.
 */
#ifndef SIM_LINK_H
#define SIM_LINK_H

#include "base/clock.h"
#include "esp_sim.h"

enum {
    SIM_UART_FIFO_SIZE = 128, /**< ESP32-S3 TRM, UART controller: receive FIFO of 128 bytes per port */
    SIM_TX_SIZE = 4096,
    SIM_RX_SIZE = 128,
    SIM_OTG_BLOCK_MAX = 0x800, /**< esptool 5.3, USB_RAM_BLOCK; larger ones are untested ground */
};

typedef struct {
    uint64_t ready_ns;
    uint8_t byte;
    bool starts_packet;
    bool is_checked; /**< faults have had their look at it */
} sim_in_byte_t;

typedef struct {
    /** Offers bytes; returns how many were taken. */
    size_t (*host_write)(esp_sim_t *sim, const uint8_t *data, size_t size);
    /** Bytes in tx have arrived. */
    void (*arrive)(esp_sim_t *sim);
    /** The chip sends; faults and attachment have been looked after. */
    void (*send)(esp_sim_t *sim, const uint8_t *data, size_t size);
    bool has_packets; /**< a read ends at a packet boundary */
} sim_link_ops_t;

typedef struct {
    const sim_link_ops_t *ops;
    bool is_attached;
    uint32_t attach_count;
    bool is_disturbed; /**< what arrives may not be what the host sent: no misuse is reported until a good
                          frame */

    sim_in_byte_t *in; /**< in[in_head .. in_end) */
    size_t in_head, in_end, in_capacity;
    size_t packet_size; /**< bytes in the newest packet */
    uint64_t ready_ns;  /**< of the newest byte */

    uint8_t tx[SIM_TX_SIZE];
    size_t tx_head, tx_count;
    uint8_t rx[SIM_RX_SIZE];
    size_t rx_head, rx_count;
    bool is_rx_checked, is_rx_doubled;
    bool is_in_transfer; /**< USB: more packets of the host's transfer follow */

    uint64_t in_hold_ns, out_hold_ns; /**< nothing moves before */
    sim_timer_t out_timer, hold_timer, in_timer;

    uint32_t host_baud, chip_baud;
    bool is_autobaud; /**< the chip has not yet measured the host's rate */
    uint32_t noise;
} sim_link_t;

extern const sim_link_ops_t sim_link_usb;
extern const sim_link_ops_t sim_link_uart;
extern const sim_link_ops_t sim_link_sdio;

/** @p ops are those of the transport that the wiring makes. */
void sim_link_init(esp_sim_t *sim, const sim_link_ops_t *ops);
void sim_link_free(esp_sim_t *sim);
void sim_link_attach(esp_sim_t *sim);
/** Off the bus: everything under way is lost. */
void sim_link_detach(esp_sim_t *sim);

/** Takes bytes that have reached the host by now, at most to the end of a packet. */
size_t sim_link_read(esp_sim_t *sim, void *buf, size_t capacity);
/** The chip sends bytes to the host. */
void sim_link_send(esp_sim_t *sim, const void *data, size_t size);
/** Lets the chip read what it has received, as far as it can take it. Called whenever it can take more. */
void sim_link_pump(esp_sim_t *sim);
/** When a byte reaches the host next; SIM_NEVER when nothing is under way. */
uint64_t sim_link_next_ready_ns(const esp_sim_t *sim);
/** Stops a direction until a time; SIM_NEVER = until the next detach. An earlier hold stays when it lasts
 * longer. */
void sim_link_hold(esp_sim_t *sim, uint64_t out_until_ns, uint64_t in_until_ns);
/** Forgets what the chip has received and not read. */
void sim_link_drop_received(esp_sim_t *sim);

/** Reports a block of data that is larger than the link is good for. */
void sim_link_check_block(esp_sim_t *sim, size_t size);

/* for the two transports */
void sim_link_push_tx(sim_link_t *link, uint8_t byte);
uint8_t sim_link_pop_tx(sim_link_t *link);
/** false: the chip's buffer is full. */
bool sim_link_push_rx(sim_link_t *link, uint8_t byte);
void sim_link_push_in(esp_sim_t *sim, uint8_t byte, uint64_t ready_ns, bool starts_packet);

/* UART only */
/** The next SYNC measures the rate again. */
void sim_uart_restart_autobaud(esp_sim_t *sim);
/** A SYNC was understood: the chip is now at the host's rate. */
void sim_uart_lock_rate(esp_sim_t *sim);
/** The chip changes its rate. */
void sim_uart_set_rate(esp_sim_t *sim, uint32_t baud);
/** Does a receiver at one rate understand a sender at the other? */
bool sim_uart_is_same_rate(uint32_t a, uint32_t b);

#endif
