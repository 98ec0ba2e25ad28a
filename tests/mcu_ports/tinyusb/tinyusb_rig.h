/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The bus of the stand-in: what is plugged in, and what goes wrong with it.
 */
#ifndef TINYUSB_RIG_H
#define TINYUSB_RIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tinyusb_host_port.h"
#include "wire.h"

/** What is behind a device's endpoints. */
typedef struct {
    uint64_t (*now_us)(void);
    void (*pass_us)(uint64_t time_us);
    /** A packet is there for the host: up to 64 bytes, 0 = none. */
    size_t (*take_packet)(uint8_t *packet);
    /** Offers a packet. false = the device cannot take it yet. */
    bool (*give_packet)(const uint8_t *packet, size_t size);
    void (*set_lines)(bool dtr, bool rts);
    /** false = the device refuses it. */
    bool (*set_rate)(uint32_t rate_baud);
    /** How often the device came onto the bus, 0 = it is off it. NULL = it stays there. */
    uint32_t (*attachment)(void);
} tinyusb_cable_t;

/** A bridge with FIFOs to a UART (wire.h), and a virtual chip's own USB. */
extern const tinyusb_cable_t tinyusb_bridge_cable;
extern const tinyusb_cable_t tinyusb_chip_cable;
/** The UART's end of the bridge. */
extern const wire_uart_t tinyusb_bridge_wire;
/** Puts a chip behind tinyusb_chip_cable. */
void tinyusb_chip_connect(esp_sim_t *sim);

typedef struct {
    const tinyusb_cable_t *cable;
    uint16_t vid;
    uint16_t pid;
    uint8_t subclass;  /**< 2 = ACM */
    uint8_t interface; /**< its number */
} tinyusb_device_t;

extern const tinyusb_device_t tinyusb_cp210x;
extern const tinyusb_device_t tinyusb_ch340;
extern const tinyusb_device_t tinyusb_ft232;
extern const tinyusb_device_t tinyusb_ch9102; /**< a bridge by the class */
extern const tinyusb_device_t tinyusb_usj;
extern const tinyusb_device_t tinyusb_s3_rom;

/** An empty bus; the stack runs. */
void tinyusb_rig_start(void);
void tinyusb_rig_plug(const tinyusb_device_t *device);
/** All devices leave. The stack learns it when it runs next. */
void tinyusb_rig_unplug(void);
/** The program's clock. */
uint32_t tinyusb_rig_now_ms(void);
/** Lets time pass without the stack being run. */
void tinyusb_rig_sleep_ms(uint32_t ms);
/** Bytes in the receive FIFO of an interface. */
size_t tinyusb_rig_fifo_level(uint8_t index);

/** What goes wrong from now on. */
typedef struct {
    bool is_stack_off;
    bool is_control_silent;  /**< the device answers no request */
    bool is_control_failing; /**< requests end with an error of the bus */
    bool is_callback_lost;   /**< the program has a callback of its own, and does not pass it on */
    bool has_no_lines;       /**< an ACM device whose capabilities have no line requests */
    uint32_t busy_ms;        /**< somebody else's request takes so long, from now on */
    unsigned failing_in;     /**< so many IN transfers end with an error, and their bytes are lost */
    unsigned failing_out;    /**< the same for OUT transfers */
} tinyusb_faults_t;

void tinyusb_rig_set_faults(const tinyusb_faults_t *faults);

/** The lines that the device was told, in order: bit 0 DTR, bit 1 RTS. @return how many since the last call */
size_t tinyusb_rig_lines(uint8_t *states, size_t capacity);

#endif
