/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The library's main header: one context, one target, explicit operations. For several images in one checked
 * job read esp_loader_plan.h; to write a port read esp_loader_io.h.
 *
 * Rules that hold for every function: it blocks at most for the time its documentation states; it never
 * allocates; on failure esp_loader_error_detail() holds what happened; calls on one context must not overlap,
 * calls on different contexts may. Unless stated otherwise a function needs a successful connect first and
 * returns ESP_LOADER_ERROR_INVALID_PARAM (cause NOT_CONNECTED) without it.
 *
 * Errors any function that talks to the target can return, and therefore not repeated below:
 *
 * - TIMEOUT: no complete reply in time. The next call first resynchronises with the target, so a late reply
 *   is never taken for the reply to a later command.
 * - INVALID_RESPONSE: the target rejected the command (cause TARGET_STATUS, its status bytes are in the
 *   detail; cause CHECKSUM: a damaged block, each time), its reply could not be decoded (cause
 *   MALFORMED_REPLY), or its flash chip did not answer (cause FLASH_ID).
 * - UNSUPPORTED_FUNC: the loader on the target does not know the command; with cause SECURITY: secure
 *   download mode does not permit it, and nothing was sent; with cause FLASH_SIZE: the size of the flash chip
 *   cannot be derived from its id. The library assumes no size: see esp_loader_flash_set_size().
 * - IMAGE_SIZE, cause FLASH_RANGE: a range of flash exceeds the flash, or what this loader can address.
 * - INVALID_PARAM: NULL, where the documentation does not permit it.
 * - DISCONNECTED, IO, CANCELLED of a port that was told to stop, and FAIL of a first-generation port: from the
 *   port, unchanged.
 */
#ifndef ESP_LOADER_H
#define ESP_LOADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "esp_loader_error.h"
#include "esp_loader_io.h"
#include "esp_loader_md5.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- build-time settings: the same for the library and for every file that includes this header ---- */

/** Size of the transmit buffer in esp_loader_t, bytes. A frame that fits is sent with one port write, a
 * longer one buffer by buffer. The default fits a 1 KiB block with typical SLIP escaping. Minimum: 64. */
#ifndef ESP_LOADER_TX_BUFFER_SIZE
#define ESP_LOADER_TX_BUFFER_SIZE 1152
#endif

/** Bytes requested from the port per read. 64 is one full-speed USB packet; a session that is to be small takes less.
 * Minimum: 16. */
#ifndef ESP_LOADER_RX_BUFFER_SIZE
#define ESP_LOADER_RX_BUFFER_SIZE (ESP_LOADER_TX_BUFFER_SIZE < 256 ? 24 : 64)
#endif

/** Highest log level compiled in, ESP_LOADER_LOG_*. */
#ifndef SERIAL_FLASHER_LOG_LEVEL
#define SERIAL_FLASHER_LOG_LEVEL ESP_LOADER_LOG_WARN
#endif

/** Retries of a data block that the target rejected with a checksum error, the only case in which resending
 * is safe. Compressed blocks are retried only with the stub. A block whose reply was lost is never sent
 * again. The same limit holds for repeating a query and for reading a piece of flash again. */
#ifndef SERIAL_FLASHER_WRITE_BLOCK_RETRIES
#define SERIAL_FLASHER_WRITE_BLOCK_RETRIES 3
#endif

/** How long reset is held in a reset sequence, ms. */
#ifndef SERIAL_FLASHER_RESET_HOLD_TIME_MS
#define SERIAL_FLASHER_RESET_HOLD_TIME_MS 100
#endif

/** How long the strapping pin is held after reset is released, ms. */
#ifndef SERIAL_FLASHER_BOOT_HOLD_TIME_MS
#define SERIAL_FLASHER_BOOT_HOLD_TIME_MS 50
#endif

/** Returns the error of @p x from the calling function unless it is success. */
#define RETURN_ON_ERROR(x)                                                                                   \
    do {                                                                                                     \
        esp_loader_error_t _err_ = (x);                                                                      \
        if (_err_ != ESP_LOADER_SUCCESS) {                                                                   \
            return _err_;                                                                                    \
        }                                                                                                    \
    } while (0)

/** Chips the library has a name for. The README lists those that it can flash. */
typedef enum {
    ESP8266_CHIP = 0,
    ESP32_CHIP = 1,
    ESP32S2_CHIP = 2,
    ESP32C3_CHIP = 3,
    ESP32S3_CHIP = 4,
    ESP32C2_CHIP = 5,
    ESP32C5_CHIP = 6,
    ESP32H2_CHIP = 7,
    ESP32C6_CHIP = 8,
    ESP32P4_CHIP = 9,
    ESP32C61_CHIP = 10,
    ESP32S31_CHIP = 11,
    ESP32H21_CHIP = 12,
    ESP32H4_CHIP = 13,
    ESP_MAX_CHIP = 14,
    ESP_UNKNOWN_CHIP = 14
} target_chip_t;

/** First eight bytes of an executable image, as 2.0 programs declare them. Parsing: esp_loader_image.h. */
typedef struct {
    uint8_t magic;           /**< 0xE9 */
    uint8_t segments;        /**< number of segments, at most 16 */
    uint8_t flash_mode;      /**< 0 QIO, 1 QOUT, 2 DIO, 3 DOUT */
    uint8_t flash_size_freq; /**< high nibble size, low nibble frequency */
    uint32_t entrypoint;     /**< where the program begins, a RAM address */
} esp_loader_bin_header_t;

/** One segment of an executable image, as 2.0 programs declare it. */
typedef struct {
    uint32_t addr;       /**< where it belongs in memory */
    uint32_t size;       /**< bytes */
    const uint8_t *data; /**< its content */
} esp_loader_bin_segment_t;

/** Security state as the target reports it. */
typedef struct {
    target_chip_t target_chip; /**< ESP_UNKNOWN_CHIP where the reply carries no chip id (ESP32-S2) */
    uint32_t eco_version;      /**< 0 where the reply carries none (ESP32-S2) */
    bool secure_boot_enabled;  /**< only signed bootloaders start */
    bool secure_boot_aggressive_revoke_enabled; /**< a key whose signature fails once is revoked */
    bool secure_download_mode_enabled;          /**< few commands only, none that reads */
    bool secure_boot_revoked_keys[3];           /**< of the three digests of keys, which no longer count */
    bool jtag_software_disabled;                /**< JTAG off, until software with a key enables it */
    bool jtag_hardware_disabled;                /**< JTAG off for good */
    bool usb_disabled;                          /**< no USB */
    bool flash_encryption_enabled;              /**< the content of the flash is encrypted */
    bool dcache_in_uart_download_disabled;      /**< no data cache in download mode */
    bool icache_in_uart_download_disabled;      /**< no instruction cache in download mode */
    /* not in the 2.0 API: */
    uint8_t flash_crypt_count; /**< flash is encrypted while an odd number of its bits is set */
    /** Of KEY0 … KEY5 as the eFuses code them, 0 = empty or the user's; the last is reserved. All 0 on the
     * ESP32-C2, whose only key has one purpose. */
    uint8_t key_purposes[7];
} esp_loader_target_security_info_t;

/** Connection timeout and number of attempts. */
typedef struct {
    /** How long one attempt waits for a reply, ms; 0 means 100. The excess over 100 also extends every other
     * deadline of the session, for targets on slow networks. With 100 or less the deadlines are extended once
     * a reply has been late. A build with ESP_LOADER_SMALL does neither. */
    uint32_t sync_timeout;
    int32_t trials; /**< number of attempts, at least 1; the target is reset before attempts 1, 6, 11, … */
} esp_loader_connect_args_t;

/** 10 attempts of 100 ms. */
#define ESP_LOADER_CONNECT_DEFAULT()                                                                         \
    {                                                                                                        \
        .sync_timeout = 100, .trials = 10,                                                                   \
    }

/** Progress of a block transfer. Private, like everything that begins with an underscore. */
typedef struct {
    esp_loader_error_t _failure;
    esp_loader_stage_t _stage;
    uint8_t _opcode;
    bool _takes_short_blocks; /* before the last one, too */
    uint32_t _address;        /* of the first byte on the target */
    uint32_t _size;           /* bytes to send in all */
    uint32_t _block_size;
    uint32_t _work_ms; /* for one block */
    uint32_t _written;
    uint32_t _sequence;
} esp_loader_blocks_t;

/** One flash write operation. Fill the named fields, leave `_state` alone; it may be uninitialised. */
typedef struct {
    /** Flash offset: a multiple of 4096; with the stub, a multiple of 4. Whole 4 KiB sectors are erased:
     * other data in the first and last sector is lost. */
    uint32_t offset;
    uint32_t image_size; /**< bytes to write in total, at least 1, any length */
    /** Bytes per esp_loader_flash_write(), multiple of 4, at least 16, at most 16384, 2048 on USB-OTG, 12288 over
     * SDIO. Use 1024 with the ROM loader. */
    uint32_t block_size;
    bool skip_verify; /**< true: esp_loader_flash_finish() does not compare MD5 */
    struct {
        esp_loader_blocks_t _blocks;
        esp_loader_md5_t _md5;
    } _state;
} esp_loader_flash_cfg_t;

/** One compressed flash write operation: the payload is a zlib stream (RFC 1950). */
typedef struct {
    uint32_t offset;          /**< as in esp_loader_flash_cfg_t */
    uint32_t image_size;      /**< bytes after decompression */
    uint32_t compressed_size; /**< bytes of the zlib stream, exact */
    uint32_t block_size;      /**< bytes per esp_loader_flash_deflate_write(), at most as there */
    struct {
        esp_loader_blocks_t _blocks;
    } _state;
} esp_loader_flash_deflate_cfg_t;

/** One load into the target's RAM. */
typedef struct {
    uint32_t offset; /**< RAM address, multiple of 4 */
    uint32_t size;   /**< bytes to load in total */
    /** Bytes per esp_loader_mem_write(), multiple of 4, at most 6144, 2048 on USB-OTG. */
    uint32_t block_size;
    struct {
        esp_loader_blocks_t _blocks;
    } _state;
} esp_loader_mem_cfg_t;

/** One session with one target. The caller owns it; fields are private. It may start uninitialised, may be
 * copied by value between calls, and holds no pointer into itself. Size: at most 1.5 KiB with default
 * buffers. */
typedef struct {
    esp_loader_port_t *_port;
    const void *_target; /* the chip's row in the library's table, once _chip is known */
    /* A Cortex-M0+ reaches bytes with one instruction up to offset 31, halfwords up to 62, words up to 124. */
    struct {
        bool connected;
        uint8_t stub_running; /* 0 = none, 1 = any, 2 = the library's, started by this session */
        bool secure_download;
        bool flash_attached;
        bool flash_size_stated; /* by the caller, rather than by the flash chip's id */
        bool needs_resync;      /* a reply may still be on its way */
    } _is;
    uint8_t _block_opcode; /* opcode of the block at _block_addr; 0 = none pending */
    target_chip_t _chip;
    struct {
        bool is_overdue; /* the deadline has passed, and one last read was made */
        esp_loader_error_t tx_error;
        uint16_t tx_size; /* over SPI of these two: which of two buffers was used last */
        uint16_t rx_size;
        uint16_t rx_next;
    } _link;
    esp_loader_error_detail_t _detail;
    const void *_ops; /* of the link, as the init function has chosen */
    uint32_t _deadline_ms;
    uint32_t _rom_rate_scale;      /* what a ROM is asked for to get 2^20 baud, 0 = not known */
    uint32_t _flash_size;          /* bytes, 0 = not known yet */
    uint32_t _told_flash_size;     /* where the loader takes the flash to end, 0 = not known */
    uint32_t _block_addr;          /* flash offset of a block the stub has acknowledged, but not confirmed */
    uint32_t _rate_baud;           /* last rate set through the library, 0 = as the port was opened */
    uint32_t _last_answer;         /* one word of it, 0 = none that could come again */
    uint32_t _round_trip_limit_ms; /* upper bound of the fastest READ_REG round trip, 0 = not measured */
    uint32_t _unfinished_ms;       /* how long the target may still work on what it was told */
    uint32_t _patience_ms;         /* extends every deadline: replies arrive later than over a cable */
    uint32_t _flash_pins;          /* where SPI_ATTACH looks for the flash, 0 = at the usual pins */
    struct {                       /* esp_loader_init_serial() clears all that lies before them */
        uint8_t frame[76];         /* longest reply: 8 header, 64 payload, 4 status */
        union {
            uint8_t rx[ESP_LOADER_RX_BUFFER_SIZE];
            esp_loader_sdio_t sdio;
        };
        uint8_t tx[ESP_LOADER_TX_BUFFER_SIZE];
    } _buffers;
} esp_loader_t;

/* ---- life cycle ---- */

/** Prepares @p loader for a byte-stream @p port and opens it through the port's `init`. Both must stay valid
 * while the loader is used. May be called again on the same objects without esp_loader_deinit().
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM  NULL argument, or the port lacks mandatory entries
 *                                          (esp_loader_io.h); an ESP_LOADER_SMALL build does not look
 *  @return otherwise the error of the port's `init` */
esp_loader_error_t esp_loader_init_serial(esp_loader_t *loader, esp_loader_port_t *port);

/** Prepares @p loader for a @p port that is an SPI master, to a chip whose ROM is its slave (ESP32-S3, C2, C3, H2 with straps
 * for SPI download). esp_loader_connect(), loading RAM, registers and what is read through them work as over a byte stream;
 * everything else returns UNSUPPORTED_FUNC. docs/porting.md says what the port does.
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM  NULL argument, or the port lacks `spi_set_cs`, cannot read, cannot write, or has
 *                                          no clock
 *  @return otherwise the error of the port's `init` */
esp_loader_error_t esp_loader_init_spi(esp_loader_t *loader, esp_loader_port_t *port);

/** For a @p port that is an SDIO host: ESP32-C5, C6, C61. The stub of C5 and C6 serves all but baud rates, a ROM loading RAM and
 * writing registers; the rest returns UNSUPPORTED_FUNC. docs/porting.md, "SDIO hosts".
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM  NULL argument, or one of the port's three SDIO entries or a clock is missing
 *  @return otherwise the error of the port's `init` */
esp_loader_error_t esp_loader_init_sdio(esp_loader_t *loader, esp_loader_port_t *port);

/** Ends the session and closes the port. Sends nothing to the target. */
void esp_loader_deinit(esp_loader_t *loader);

/** Puts the target into download mode and identifies it. Tries the reset sequences that fit the port's link,
 * tolerates boot messages, stale replies and lost bytes, and stops the watchdogs that keep running on
 * USB-Serial/JTAG. Blocks at most @p connect_args->trials times (sync_timeout + 450 ms), plus 5 s for
 * identification; if nothing answers, at most twice the time for which SYNC was sent, plus 0.2 s. If a reply
 * arrives only after the target has been reset again, connecting starts over with longer deadlines.
 *  @param connect_args  NULL means ESP_LOADER_CONNECT_DEFAULT()
 *  @retval ESP_LOADER_ERROR_TIMEOUT           nothing answered
 *  @retval ESP_LOADER_ERROR_INVALID_TARGET    cause UNSUPPORTED_CHIP: it answered, but this build does not know
 *                                             the chip; detail.value is the chip id or magic value it
 *                                             reported. With no other cause: a stub was left running, and
 *                                             this build knows none
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM     no trial at all (connect_args->trials) */
esp_loader_error_t esp_loader_connect(esp_loader_t *loader, esp_loader_connect_args_t *connect_args);

/** As esp_loader_connect(), then loads the flasher stub into the target's RAM and starts it. A stub that is
 * already running is used as it is. Blocks up to 3 s more per 6 KiB of stub.
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  this build has no stub (the target was not touched), or none
 *                                             for this chip or revision; cause SECURITY: the target's
 *                                             security settings do not allow one to run. Stage STUB
 *  @retval ESP_LOADER_ERROR_TIMEOUT  stage STUB: the stub was uploaded but sent no message (`OHAI`)
 *  @return otherwise as esp_loader_connect() */
esp_loader_error_t esp_loader_connect_with_stub(esp_loader_t *loader,
                                                esp_loader_connect_args_t *connect_args);

/** As esp_loader_connect(), for a target in secure download mode. In that mode flash can only be written, and
 * is erased by writing.
 *  @param flash_size  bytes; it cannot be read from such a target
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  the chip has no such mode, or not over this link (SPI) */
esp_loader_error_t esp_loader_connect_secure_download_mode(esp_loader_t *loader,
                                                           esp_loader_connect_args_t *connect_args,
                                                           uint32_t flash_size);

/** Chip found by the last connect, ESP_UNKNOWN_CHIP before. */
target_chip_t esp_loader_get_target(esp_loader_t *loader);

/** Does the flasher stub answer, rather than the ROM loader? Valid after a connect. */
bool esp_loader_stub_is_running(const esp_loader_t *loader);

/** Resets the target so that it runs its application; the session is over afterwards. The method depends on
 * link and chip (docs/architecture.md, "Leaving download mode"). A watchdog reset makes a USB device
 * disconnect and re-enumerate. Blocks up to 1 s. */
void esp_loader_reset_target(esp_loader_t *loader);

/** As esp_loader_reset_target(), and reports whether the reset could be carried out.
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  the port cannot reset the target: reset it manually. Also
 *                                             returned, with cause SECURITY, in secure download mode over
 *                                             USB-OTG, and over USB-OTG by a build with ESP_LOADER_SMALL */
ESP_LOADER_MUST_CHECK
esp_loader_error_t esp_loader_reset_target_checked(esp_loader_t *loader);

/* ---- explicit flash operations ---- */

/** Starts writing an image: attaches and identifies the flash on first use, then erases the sectors of
 * [offset, offset + image_size); the ESP8266's ROM may have to erase one more (docs/targets.md). Blocks up to
 * 40 s per MB of the range, at least 3 s.
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM  offset (cause ALIGNMENT) or block_size out of its documented
 *                                          range, image_size 0 */
esp_loader_error_t esp_loader_flash_start(esp_loader_t *loader, esp_loader_flash_cfg_t *cfg);

/** Writes the next block; returns after the target's reply. After a failure every further write on @p cfg
 * returns the same error until the next esp_loader_flash_start().
 *  @param size  exactly cfg->block_size, or less for the last block (which is padded with 0xFF on the wire)
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM  any other size, or no payload
 *  @retval ESP_LOADER_ERROR_IMAGE_SIZE     more than was announced
 *  @return after a failure: the same again, as esp_loader_flash_start() */
esp_loader_error_t esp_loader_flash_write(esp_loader_t *loader, esp_loader_flash_cfg_t *cfg,
                                          const void *payload, uint32_t size);

/** Ends the operation; unless cfg->skip_verify the target's MD5 of the range is compared with what was sent.
 * Blocks up to 8 s per MB, at least 3 s. The target stays in download mode.
 *  @retval ESP_LOADER_ERROR_INVALID_MD5       flash differs (checked twice before it is reported)
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM     fewer bytes were written than announced
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  this loader has no MD5: set skip_verify */
esp_loader_error_t esp_loader_flash_finish(esp_loader_t *loader, esp_loader_flash_cfg_t *cfg);

/** As esp_loader_flash_start(), for compressed data.
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  ROM loaders of the ESP8266, which has no such command, and of
 *                                             the ESP32, which writes up to 32 KiB beyond the image, into
 *                                             flash that was not erased: start the stub
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM     offset (cause ALIGNMENT) or block_size out of its documented
 *                                             range, a size that is 0 */
esp_loader_error_t esp_loader_flash_deflate_start(esp_loader_t *loader, esp_loader_flash_deflate_cfg_t *cfg);

/** As esp_loader_flash_write(), for compressed data; never padded.
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM  more than cfg->block_size, less in a block that is not the last,
 *                                          or no payload
 *  @retval ESP_LOADER_ERROR_IMAGE_SIZE     more than was announced
 *  @return after a failure: the same again, as esp_loader_flash_deflate_start() */
esp_loader_error_t esp_loader_flash_deflate_write(esp_loader_t *loader, esp_loader_flash_deflate_cfg_t *cfg,
                                                  const void *payload, uint32_t size);

/** Ends a compressed write and collects the outcome of its last block. Verify with
 * esp_loader_flash_verify_known_md5(): the library does not see the decompressed data.
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM  fewer bytes were written than announced
 *  @return after a failure: the same again, as esp_loader_flash_deflate_start() */
esp_loader_error_t esp_loader_flash_deflate_finish(esp_loader_t *loader, esp_loader_flash_deflate_cfg_t *cfg);

/** Reads @p length bytes of flash from @p address, in pieces of at most 64 KiB (ROM: 4 KiB). Each piece is
 * compared with its MD5 on the target and read again if bytes were lost, damaged or duplicated in transit.
 *  @retval ESP_LOADER_ERROR_INVALID_MD5    read data does not match the flash, after all retries */
esp_loader_error_t esp_loader_flash_read(esp_loader_t *loader, uint8_t *buf, uint32_t address,
                                         uint32_t length);

/** Checks whether flash encryption, secure boot and areas reserved by the target permit erasing @p size bytes
 * of flash from @p offset, or writing plain content there. Plans check this for every image that is not raw.
 * The functions below, esp_loader_flash_start() and the other write functions do not: they also serve
 * programs that write encrypted or signed content. Call this first if the target may be of either kind:
 * otherwise it may never boot again.
 *  @retval ESP_LOADER_ERROR_SECURITY  not permitted; in secure download mode areas reserved by eFuses are not
 *                                     known and not checked */
ESP_LOADER_MUST_CHECK
esp_loader_error_t esp_loader_flash_check_security(esp_loader_t *loader, uint32_t offset, uint32_t size);

/** Erases the whole flash chip. Blocks up to 120 s. Does not check the target's security settings: see
 * esp_loader_flash_check_security(). */
esp_loader_error_t esp_loader_flash_erase(esp_loader_t *loader);

/** Erases @p size bytes from @p offset, both multiples of 4096; the ESP8266's ROM may have to erase one
 * sector more (docs/targets.md). Blocks up to 40 s per MB, at least 3 s. Does not check the target's
 * security settings: see esp_loader_flash_check_security().
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM  cause ALIGNMENT: not a whole number of sectors, or 0 */
esp_loader_error_t esp_loader_flash_erase_region(esp_loader_t *loader, uint32_t offset, uint32_t size);

/** MD5 of a flash range, computed by the target. Blocks up to 8 s per MB, at least 3 s.
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  this loader has no MD5 command */
ESP_LOADER_MUST_CHECK
esp_loader_error_t esp_loader_flash_md5(esp_loader_t *loader, uint32_t address, uint32_t size,
                                        uint8_t out_md5[ESP_LOADER_MD5_SIZE]);

/** Compares a flash range with a known MD5 of 16 raw bytes.
 *  @retval ESP_LOADER_ERROR_INVALID_MD5       it differs
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  this loader has no MD5 command */
esp_loader_error_t esp_loader_flash_verify_known_md5(esp_loader_t *loader, uint32_t address, uint32_t size,
                                                     const uint8_t *expected_md5);

/* ---- RAM ---- */

/** Starts loading a program or data into the target's RAM.
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM  offset or block_size out of its documented range, or size 0 */
esp_loader_error_t esp_loader_mem_start(esp_loader_t *loader, esp_loader_mem_cfg_t *cfg);

/** Loads the next block: cfg->block_size bytes, or fewer for the last.
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM  any other size, or no payload
 *  @retval ESP_LOADER_ERROR_IMAGE_SIZE     more than was announced
 *  @return after a failure: the same again, as esp_loader_mem_start() */
esp_loader_error_t esp_loader_mem_write(esp_loader_t *loader, esp_loader_mem_cfg_t *cfg, const void *payload,
                                        uint32_t size);

/** Jumps to @p entrypoint; 0 stays in the loader.
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM  fewer bytes were written than announced */
esp_loader_error_t esp_loader_mem_finish(esp_loader_t *loader, esp_loader_mem_cfg_t *cfg,
                                         uint32_t entrypoint);

/* ---- information and control ---- */

/** Security state as the target reports it.
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  ESP8266 and ESP32 report none */
esp_loader_error_t esp_loader_get_security_info(esp_loader_t *loader,
                                                esp_loader_target_security_info_t *info);

/** Factory base MAC address, 6 bytes in transmission order.
 *  @retval ESP_LOADER_ERROR_INVALID_RESPONSE  ESP8266: the vendor code in the eFuses is unknown
 *                                             (detail.value) */
esp_loader_error_t esp_loader_read_mac(esp_loader_t *loader, uint8_t *mac);

/** Chip revision, major * 100 + minor.
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  secure download mode, or a chip without the field */
ESP_LOADER_MUST_CHECK
esp_loader_error_t esp_loader_read_chip_revision(esp_loader_t *loader, uint32_t *out_revision);

/** As esp_loader_read_chip_revision(), in the form of the 2.1 API. Read at every call.
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM     @p revision is NULL
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_CHIP  a chip without the field (ESP8266) */
esp_loader_error_t esp_loader_get_chip_revision(esp_loader_t *loader, uint16_t *revision);

/** Writes a 32-bit register; @p address is a target bus address, multiple of 4.
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM  @p address is not a multiple of 4 */
esp_loader_error_t esp_loader_write_register(esp_loader_t *loader, uint32_t address, uint32_t value);

/** Reads a 32-bit register; @p address is a target bus address, multiple of 4. *value is untouched on
 * failure.
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM  @p address is not a multiple of 4 */
esp_loader_error_t esp_loader_read_register(esp_loader_t *loader, uint32_t address, uint32_t *value);

/** Changes the baud rate of target and host, and confirms it with a command at the new rate. If that fails,
 * both return to the old rate where possible. On the chip's own USB it does nothing and succeeds. Some ROMs
 * (ESP32, C2, C5) assume a wrong crystal frequency; the request is scaled so that the resulting baud rate is
 * @p rate.
 *  @retval ESP_LOADER_ERROR_TIMEOUT           cause RATE: no reply at the new rate
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  ESP8266 ROM, or the port cannot change its rate; cause RATE:
 *                                             the port does not support this one; cause SECURITY: on C2 and
 *                                             C5 the correction cannot be determined in secure download mode
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM     @p rate is 0 */
esp_loader_error_t esp_loader_change_transmission_rate(esp_loader_t *loader, uint32_t rate);

/** Marketing name of a chip, e.g. "ESP32-S3"; "unknown chip" outside the enumeration. Never NULL. */
const char *esp_loader_chip_name(target_chip_t chip);

/** Chip whose images have this chip_id in esp_loader_image_info_t; ESP_UNKNOWN_CHIP if this build does not
 * know it. */
target_chip_t esp_loader_chip_of_image(uint16_t chip_id);

/** Flash offset of the second-stage bootloader on @p chip, bytes; UINT32_MAX if this build does not know
 * the chip. */
uint32_t esp_loader_chip_bootloader_offset(target_chip_t chip);

/** What happened in the last failed call on this context. Valid until the next call; never NULL. */
const esp_loader_error_detail_t *esp_loader_error_detail(const esp_loader_t *loader);

#ifdef __cplusplus
}
#endif

#include "esp_loader_flash_chip.h"    /* parts of this one: programs of the 2.0 API include nothing else, */
#include "esp_loader_stub_provider.h" /* nor do those of 2.1 */

#endif
