/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * From the text after --port to one of the library's ports.
 */
#ifndef CLI_PORT_OPEN_H
#define CLI_PORT_OPEN_H

#include <stdbool.h>
#include <stdio.h>

#include "text/boot_text.h"
#include "esp_loader.h"
#include "linux_port.h"
#include "linux_usb_port.h"
#include "net_port.h"
#include "ports/trace_frame.h"

enum { CLI_PORT_GPIO_SIZE = 256 };

/** Where bytes go that come while the target is reset. Called in the thread that uses the port. */
typedef struct {
    void (*take)(void *ctx, const uint8_t *bytes, size_t size);
    void *ctx;
} capture_sink_t;

struct reset_sequence; /* ports/reset_sequence.h */

/** A port of any kind. Keep it where it is once prepared: the library points into it. */
typedef struct {
    union {
        linux_port_t serial;
        linux_usb_port_t usb;
        net_port_t net;
    } as;
    esp_loader_port_t *port;          /**< the member in use */
    const linux_followed_t *followed; /**< what is known of its device; NULL = it is on a network */
    bool has_rate;                    /**< the transport has a baud rate */
    bool is_serial;                   /**< a serial device of this machine */
    /* private to trace_port.c */
    FILE *trace; /**< NULL = nothing is written down */
    bool is_trace_hidden;
    const esp_loader_port_ops_t *traced;
    esp_loader_port_ops_t trace_ops;
    uint32_t trace_start_ms;
    trace_frame_t trace_sent;
    trace_frame_t trace_received;
    /* private to reset_sequence.c */
    const struct reset_sequence *enter_sequence;
    const struct reset_sequence *run_sequence;
    esp_loader_port_ops_t sequence_ops;
    /* private to cancel_port.c */
    esp_loader_port_ops_t ops;          /**< while it can be cancelled */
    const esp_loader_port_ops_t *inner; /**< those of the port itself */
    bool is_cancellable;
    /* private to capture_port.c */
    esp_loader_port_ops_t capture_ops;
    const esp_loader_port_ops_t *captured;
    uint32_t capture_rate_baud;
    capture_sink_t capture;
    boot_text_t boot;                       /**< what the target has printed while it was connected to */
    const esp_loader_port_ops_t *_complete; /* the port's own table, while connecting */
} cli_port_t;

/** Chooses the port for @p text (a path, usb:..., or a socket:// or rfc2217:// URL, which must stay valid).
 * Opens nothing. false when @p text looks like a URL but is none the net port understands. */
bool cli_port_prepare(cli_port_t *port, const char *text);

/** The device that the port was opened as; NULL = it is closed, or none that this machine has. */
const linux_device_t *cli_port_device(const cli_port_t *port);

/** Path of the serial device that a prepared port is; NULL = it is none. */
const char *cli_port_serial_device(const cli_port_t *port);

/** Drives reset and boot by two lines of a GPIO chip, for a prepared serial device. @p text is CHIP:RESET:BOOT, for example
 * /dev/gpiochip0:17:27; @p room keeps the chip's path and must stay valid like the port. false and one sentence in
 * @p error: it is not of this form, or the port is no serial device. */
bool cli_port_use_gpio(cli_port_t *port, const char *text, char room[CLI_PORT_GPIO_SIZE],
                       char error[CLI_PORT_GPIO_SIZE]);

/** The rate at which the port will be opened, where it has one. */
void cli_port_open_at(cli_port_t *port, uint32_t rate_baud);

/** The path at which a serial device will be opened; it must stay valid. Nothing on any other port. */
void cli_port_move(cli_port_t *port, const char *path);

/** How to connect. Zero = reset the target, to the loader in its ROM. */
typedef struct {
    bool is_reset_off;          /**< the target is in download mode already */
    bool with_stub;             /**< as esp_loader_connect_with_stub() */
    uint32_t timeout_ms;        /**< how late answers may be; 0 = as they are found to be */
    uint32_t secure_flash_size; /**< not 0: as esp_loader_connect_secure_download_mode() */
} cli_connect_t;

/** Is there a server in between that does not say whether it obeys requests about DTR and RTS? */
bool cli_port_lines_are_unconfirmed(const cli_port_t *port);

/** What an open port is connected to. */
esp_loader_link_t cli_port_link(const cli_port_t *port);

/** Connects to the target; the port must be open. */
esp_loader_error_t cli_port_connect(cli_port_t *port, esp_loader_t *loader, cli_connect_t how);

#endif
