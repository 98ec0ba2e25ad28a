/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Things to plug in. board_*: a virtual chip (esp-sim) on its own USB-Serial/JTAG. toy_*: a device that sends
 * what the test puts into it and remembers what it got, for tests of the port alone. All functions are called
 * with the kernel's lock held, or before the kernel runs.
 */
#ifndef IDF_HOST_GADGET_H
#define IDF_HOST_GADGET_H

#include "esp_sim.h"

#include "usb_bus.h"

typedef struct {
    usb_gadget_t gadget;
    esp_sim_t *sim;
    uint64_t start_us; /**< of the model's time */
} board_t;

/** A board that has power from now on. @p number goes into its MAC address. */
board_t *board_new(const char *chip, unsigned number, esp_sim_timing_t timing);
/** A board as @p config says. */
board_t *board_from(const esp_sim_config_t *config);

typedef struct {
    usb_gadget_t gadget;
    uint8_t to_host[16384];
    size_t to_host_size;
    size_t to_host_at;
    uint8_t from_host[65536];
    size_t from_host_size;
    bool is_deaf; /**< takes nothing: NAK */
    uint64_t deaf_until_us;
    bool dtr;
    bool rts;
    unsigned line_changes;
    uint32_t rate_baud;
    unsigned rate_changes;
} toy_t;

toy_t *toy_new(uint16_t vid, uint16_t pid);
void toy_send(toy_t *toy, const void *data, size_t size);

#endif
