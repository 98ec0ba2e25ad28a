/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The port: the host-side transport driver. This is the only header a port author reads; docs/porting.md
 * walks through a port. The library calls a port from one place (src/link/port.c) and never from two tasks at
 * once.
 *
 * The table holds two generations of entries. The first are those of the 2.0 API, in its order, so existing
 * ports work unchanged. The second generation follows. A new port fills only `init`, `deinit`, `delay_ms` and
 * `log` of the first, and what it supports of the second. Where both are present, the second is used.
 */
#ifndef ESP_LOADER_IO_H
#define ESP_LOADER_IO_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "esp_loader_error.h"

#ifdef __cplusplus
extern "C" {
#endif

/** @{ Log level, usable in \#if. */
#define ESP_LOADER_LOG_NONE  0
#define ESP_LOADER_LOG_ERROR 1
#define ESP_LOADER_LOG_WARN  2
#define ESP_LOADER_LOG_INFO  3
#define ESP_LOADER_LOG_DEBUG 4
/** @} */

/** Log level; each includes those before it. */
typedef enum {
    ESP_LOADER_LOG_LEVEL_NONE = ESP_LOADER_LOG_NONE,
    ESP_LOADER_LOG_LEVEL_ERROR = ESP_LOADER_LOG_ERROR,
    ESP_LOADER_LOG_LEVEL_WARN = ESP_LOADER_LOG_WARN,
    ESP_LOADER_LOG_LEVEL_INFO = ESP_LOADER_LOG_INFO,
    ESP_LOADER_LOG_LEVEL_DEBUG = ESP_LOADER_LOG_DEBUG,
} esp_loader_log_level_t;

/** Recovers the concrete port from a pointer to the embedded esp_loader_port_t. */
#ifndef container_of
#define container_of(ptr, type, member) ((type *)((char *)(ptr)-offsetof(type, member)))
#endif

/** What is between the host and the target; decides reset sequences, watchdog handling and rate changes. */
typedef enum {
    ESP_LOADER_LINK_UNKNOWN = 0,     /**< not known (raw TCP, RFC 2217, first-generation port) */
    ESP_LOADER_LINK_UART,            /**< UART, directly or through a USB bridge */
    ESP_LOADER_LINK_USB_SERIAL_JTAG, /**< the chip's own USB-Serial/JTAG peripheral (303A:1001) */
    ESP_LOADER_LINK_USB_OTG,         /**< CDC device of the ROM on the chip's USB-OTG controller */
} esp_loader_link_t;

typedef struct esp_loader_port_s esp_loader_port_t;

/** A frame that is on its way, in pieces (`write_frame`). Private. */
typedef struct {
    const uint8_t *_header;
    const uint8_t *_payload;
    uint16_t _header_size;
    uint16_t _payload_size;
    uint16_t _padding;
    uint8_t _fill;
    bool _has_begun;
    bool _has_ended;
} esp_loader_frame_t;

/** The next bytes of a frame, which stay where they are until the port returns: what can be sent as it is comes from where
 * the caller has it.
 *  @return NULL  that was all of it */
const uint8_t *esp_loader_frame_next(esp_loader_frame_t *frame, size_t *out_size);

/** What a session over SDIO keeps in place of received bytes. Private. */
typedef struct {
    uint32_t _address; /* where the next block of RAM goes */
    uint32_t _next;    /* address of the next byte of a frame */
    uint16_t _packets; /* that the ROM was sent */
    uint16_t _credits; /* of the ROM, as it was last seen */
    uint8_t _answered; /* opcode whose reply waits, 0 = none */
    bool _has_booted;  /* the ROM was left: a stub answers, or a program runs */
    bool _is_lost;     /* nobody knows whether the ROM has the last packet */
} esp_loader_sdio_t;

/** Entries a port provides. Those that the transport does not need may be NULL; esp_loader_init_serial()
 * rejects a port that cannot read, cannot write, or has no clock (`now_ms`, or both timer entries). */
typedef struct {
    /* ---- first generation: names, order and types of the 2.0 API ---- */

    /** Opens the transport. Called by esp_loader_init_*(), possibly again without deinit(): must then close
     * it first. */
    esp_loader_error_t (*init)(esp_loader_port_t *port);
    /** Releases everything; harmless when not open. */
    void (*deinit)(esp_loader_port_t *port);
    /** Puts the target into download mode. */
    void (*enter_bootloader)(esp_loader_port_t *port);
    /** Resets the target into its application. */
    void (*reset_target)(esp_loader_port_t *port);
    /** Starts the port's one-shot timer, @p ms milliseconds. Unused when `now_ms` is present. */
    void (*start_timer)(esp_loader_port_t *port, uint32_t ms);
    /** Milliseconds left on that timer, 0 when it has elapsed. */
    uint32_t (*remaining_time)(esp_loader_port_t *port);
    /** Waits at least @p ms milliseconds. Used between line changes of a reset sequence, both generations. */
    void (*delay_ms)(esp_loader_port_t *port, uint32_t ms);
    /** Writes one line to the log, printf-like, without newline at the end. Both generations. */
    void (*log)(esp_loader_port_t *port, esp_loader_log_level_t level, const char *fmt, va_list args);
    /** Dumps @p size bytes to the log; @p label may be NULL. Both generations. */
    void (*log_hex)(esp_loader_port_t *port, esp_loader_log_level_t level, const char *label,
                    const uint8_t *data, size_t size);
    /** Sets the host's rate in baud. */
    esp_loader_error_t (*change_transmission_rate)(esp_loader_port_t *port, uint32_t rate);
    /** Writes exactly @p size bytes or fails. */
    esp_loader_error_t (*write)(esp_loader_port_t *port, const uint8_t *data, uint16_t size,
                                uint32_t timeout_ms);
    /** Reads exactly @p size bytes or returns TIMEOUT. */
    esp_loader_error_t (*read)(esp_loader_port_t *port, uint8_t *data, uint16_t size, uint32_t timeout_ms);
    /** Chip select, SPI ports only: 0 selects. Between 0 and 1 `write` and `read` clock their bytes out and in; neither
     * changes it. */
    void (*spi_set_cs)(esp_loader_port_t *port, uint32_t level);
    /** SDIO ports only: writes 1 to 512 bytes at ascending addresses of a function of the card, 0 or 1, in one transaction
     * or several. TIMEOUT: no answer; IO: a wrong checksum, or the card reports an error. */
    esp_loader_error_t (*sdio_write)(esp_loader_port_t *port, uint32_t function, uint32_t addr,
                                     const uint8_t *data, uint16_t size, uint32_t timeout);
    /** SDIO ports only: reads the same way. */
    esp_loader_error_t (*sdio_read)(esp_loader_port_t *port, uint32_t function, uint32_t addr, uint8_t *data,
                                    uint16_t size, uint32_t timeout);
    /** SDIO ports only: finds the card and selects it (CMD5, CMD3, CMD7), and sets width and clock of the bus; again at each
     * call. Function 1 and the CIS are the library's. TIMEOUT: there is no card yet. */
    esp_loader_error_t (*sdio_card_init)(esp_loader_port_t *port);

    /* ---- second generation: what new ports implement ---- */

    /** Writes @p size bytes. @p timeout_ms covers the whole call. @p *out_written is set on every return,
     * also on failure: bytes the transport has accepted. A frame that fits ESP_LOADER_TX_BUFFER_SIZE is
     * written with one call, which a packet transport should send as one transfer.
     *  @retval ESP_LOADER_ERROR_TIMEOUT, ESP_LOADER_ERROR_DISCONNECTED, ESP_LOADER_ERROR_IO,
     *          ESP_LOADER_ERROR_CANCELLED */
    esp_loader_error_t (*write_all)(esp_loader_port_t *port, const uint8_t *data, size_t size,
                                    uint32_t timeout_ms, size_t *out_written);
    /** Reads what is available: at least one byte, at most @p capacity. Waits at most @p timeout_ms for the
     * first byte (0 = do not wait), never for more. @p *out_read is set on every return.
     *  @retval ESP_LOADER_ERROR_TIMEOUT       nothing arrived; *out_read is 0
     *  @retval ESP_LOADER_ERROR_DISCONNECTED  the device is gone and every byte it sent has been read
     *  @retval ESP_LOADER_ERROR_IO            the transport failed
     *  @retval ESP_LOADER_ERROR_CANCELLED     the application has told its port to stop */
    esp_loader_error_t (*read_some)(esp_loader_port_t *port, uint8_t *buf, size_t capacity,
                                    uint32_t timeout_ms, size_t *out_read);
    /** Monotonic milliseconds with an arbitrary start; wraps at 2^32. */
    uint32_t (*now_ms)(esp_loader_port_t *port);
    /** Sets DTR and RTS together, in one step of the transport where it has one. true = asserted (TTL pin
     * low). The library composes reset sequences from it (src/session/reset.c).
     *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  the transport has no such lines; connecting continues
     *                                             without a reset */
    esp_loader_error_t (*set_lines)(esp_loader_port_t *port, bool dtr, bool rts);
    /** Puts the target into download mode, for ports that use GPIOs or a method of their own instead of
     * lines. Preferred over `set_lines`. */
    esp_loader_error_t (*enter_bootloader_checked)(esp_loader_port_t *port);
    /** Resets the target into its application; counterpart of `enter_bootloader_checked`. */
    esp_loader_error_t (*reset_checked)(esp_loader_port_t *port);
    /** Sets the host's rate, baud. Called after the target's reply to a rate change, when nothing is in
     * flight. */
    esp_loader_error_t (*set_rate)(esp_loader_port_t *port, uint32_t rate_baud);
    /** Kind of link, valid after `init`. NULL = ESP_LOADER_LINK_UNKNOWN. */
    esp_loader_link_t (*link_kind)(esp_loader_port_t *port);
    /** Highest rate that the transport can do, baud, valid after `init`: of its UART, or of the USB bridge.
     * esp_loader_raise_rate() tries none above it. NULL or 0 = not known. */
    uint32_t (*max_rate)(esp_loader_port_t *port);
    /** Optional, for hosts with little memory: writes a whole frame in one call, whose pieces it fetches with
     * esp_loader_frame_next() and sends one after the other. @p timeout_ms covers the whole call. Used where the library
     * is built with an ESP_LOADER_TX_BUFFER_SIZE of less than 1152, which does not hold a frame; `write_all` is needed all
     * the same. Errors as those of `write_all`. */
    esp_loader_error_t (*write_frame)(esp_loader_port_t *port, esp_loader_frame_t *frame,
                                      uint32_t timeout_ms);
} esp_loader_port_ops_t;

/** A port. Embed it in the concrete port's struct and recover that with container_of(). */
struct esp_loader_port_s {
    const esp_loader_port_ops_t *ops; /**< constant while the port is used */
};

#ifdef __cplusplus
}
#endif

#endif
