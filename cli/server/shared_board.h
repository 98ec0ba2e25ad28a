/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The serial device that is shared: its bytes, lines and rate, and its coming and going. Nothing here waits.
 *
 * Lines: with RFC 2217 a client sets one line at a time. Most then wait for the answer, some 50 ms. On boards with a
 * USB bridge, whose two transistors make EN of RTS without DTR and the strapping pin of DTR without RTS, the way from
 * reset to download mode would lead through both lines on, where the chip leaves reset with its strapping pin
 * released. So this one step, from RTS alone to both, waits until the other line changes as well, at most for
 * SHARED_BOARD_PAIRING_MS. A chip's own USB-Serial/JTAG has its lines set one by one.
 */
#ifndef CLI_SHARED_BOARD_H
#define CLI_SHARED_BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "esp_loader_error.h"
#include "linux_follow.h"
#include "tty_device.h"

enum { SHARED_BOARD_PAIRING_MS = 500 };

typedef struct {
    const char *path;
    tty_device_t tty;
    linux_device_t device;  /**< what it was opened as */
    linux_follow_t follow;  /**< decides whether it comes back by itself */
    bool has_lines;         /**< the device has DTR and RTS */
    bool dtr, rts;          /**< as they are to be */
    bool dtr_now, rts_now;  /**< as they are */
    uint64_t held_until_us; /**< they are not the same until then; 0 = they are the same */
    int errors[4];          /**< counted by the kernel: overrun, parity, framing, break */
} shared_board_t;

/** Opens the device at 115200 baud with both lines released.
 *  @param path        must stay valid
 *  @param sysfs_root  NULL = "/sys"; must stay valid, as @p dev_root, where NULL = "/dev"
 *  @retval as tty_device_open() */
esp_loader_error_t shared_board_open(shared_board_t *board, const char *path, const char *sysfs_root,
                                     const char *dev_root);

void shared_board_close(shared_board_t *board);

static inline bool shared_board_is_open(const shared_board_t *board)
{
    return board->tty.fd >= 0;
}

/** To be called when a transfer has said DISCONNECTED: closes the device.
 *  @return will it come back by itself, as after a reset that makes it leave the bus? Until when: follow.return_by_us */
bool shared_board_note_loss(shared_board_t *board);

/** Looks once for the device that has come back by itself; its rate is what it was, its lines are released.
 *  @retval ESP_LOADER_ERROR_TIMEOUT  not there yet */
esp_loader_error_t shared_board_find(shared_board_t *board);

/** Looks once for a device that was unplugged: in the same USB socket, else under the same name. As if it had never been
 * open. true when it is there. */
bool shared_board_is_back(shared_board_t *board);

/** Reads what is there.
 *  @return bytes; 0 = none
 *  @param out_is_lost  the device has left */
size_t shared_board_read(shared_board_t *board, uint8_t *bytes, size_t capacity, bool *out_is_lost);

/** Writes what finds room. The same. */
size_t shared_board_write(shared_board_t *board, const uint8_t *bytes, size_t size, bool *out_is_lost);

/** Bytes that the kernel has still to send. */
size_t shared_board_unsent(const shared_board_t *board);

/** Sets both lines; nothing on a device that has none.
 *  @param now_us  posix_now_us()
 *  @retval ESP_LOADER_ERROR_DISCONNECTED, ESP_LOADER_ERROR_IO */
esp_loader_error_t shared_board_set_lines(shared_board_t *board, bool dtr, bool rts, uint64_t now_us);

/** Sets lines that have waited long enough. */
esp_loader_error_t shared_board_tick(shared_board_t *board, uint64_t now_us);

/** Changes the rate; if it is refused, it stays what it is, tty.rate_baud. */
esp_loader_error_t shared_board_set_rate(shared_board_t *board, uint32_t rate_baud);

void shared_board_set_break(shared_board_t *board, bool is_on);

/** Drops what the kernel has received and not given out, or has still to send. */
void shared_board_purge(shared_board_t *board, bool received, bool to_send);

/** COM_PORT_CTS and so on; 0 for a device without such lines. */
uint8_t shared_board_modem(const shared_board_t *board);

/** COM_PORT_OVERRUN and so on: what has gone wrong on the line since the last call. */
uint8_t shared_board_errors(shared_board_t *board);

#endif
