/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-sim, the in-process interface: one virtual Espressif chip in download mode or out of it, its flash, its
 * reset logic and its clock. Everything runs on the model's own time: nothing happens unless the caller
 * advances it, so a run is exact and repeatable. The front ends (TCP, RFC 2217, pty, USB/IP) tie that time to
 * the real clock. This header and everything below sim/ share nothing with the library that is tested against
 * it.
 *
 * Not thread-safe: one thread at a time per chip. Different chips are independent.
 */
#ifndef ESP_SIM_H
#define ESP_SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef struct esp_sim esp_sim_t;

/** What connects the host to the chip. Decides wire time, packet sizes, back-pressure and what DTR/RTS do. */
typedef enum {
    ESP_SIM_WIRING_USJ = 0, /**< USB-Serial/JTAG: the peripheral interprets the line pair (the default) */
    ESP_SIM_WIRING_BRIDGE,  /**< UART bridge with the two-transistor circuit on EN and the strapping pin */
    ESP_SIM_WIRING_NONE,    /**< UART without control lines; the chip starts in download mode */
    ESP_SIM_WIRING_OTG,     /**< CDC device of the ROM on USB-OTG (S2, S3, P4): the ROM ignores the lines, the
                               stub resets the chip when RTS falls */
    ESP_SIM_WIRING_SDIO, /**< SDIO bus, with the reset pin and the strapping pins at the host: esp_sim_sdio_write() and
                               its like, esp_sim_reset_button(). In process only */
    ESP_SIM_WIRING_SPI, /**< the host is an SPI master and the chip's ROM its slave (S3, C2, C3, H2): no bytes, no
                               lines, but the bus below. Download mode is that of the straps for SPI */
} esp_sim_wiring_t;

/** Named sets of timing constants (docs/timing.md). */
typedef enum {
    ESP_SIM_TIMING_DEFAULT = 0, /**< typical NOR flash, 1 ms turnaround */
    ESP_SIM_TIMING_SLOW,        /**< worn, cold parts: the maxima of the data sheets */
    ESP_SIM_TIMING_FAST,        /**< nothing takes time: unit tests */
} esp_sim_timing_t;

/** chip_revision of a chip of revision v0.0. */
#define ESP_SIM_REVISION_0_0 0xFFFFu

typedef enum {
    ESP_SIM_SECURE_BOOT_OFF = 0,
    ESP_SIM_SECURE_BOOT_V1, /**< ESP32 only */
    ESP_SIM_SECURE_BOOT_V2,
} esp_sim_secure_boot_t;

/** Burnt bits of an eFuse word. */
typedef struct {
    uint32_t addr; /**< as READ_REG sees it; 0 ends the list */
    uint32_t bits;
} esp_sim_efuse_t;

enum { ESP_SIM_EFUSES = 16 };

/** What the ROM does with a data block whose number is not the next one. All published ROMs refuse it
 * (FilePacketSendReqMsgProc); those of ESP8266, H21 and H4 are not published, so a host should get along with
 * all. */
typedef enum {
    ESP_SIM_REPEATED_REFUSE = 0,
    ESP_SIM_REPEATED_WRITE,  /**< takes it as the next block */
    ESP_SIM_REPEATED_IGNORE, /**< acknowledges and forgets one whose number it just had, takes any other */
} esp_sim_repeated_t;

/** How a chip starts. Zero is the default everywhere. */
typedef struct {
    const char *chip;    /**< "esp32s3" (NULL = that); any name esp_sim_chip_names() lists */
    uint32_t flash_size; /**< bytes, a power of two from 256 KiB to 128 MiB; 0 = 8 MiB */
    esp_sim_wiring_t wiring;
    esp_sim_timing_t timing;
    bool as_rom; /**< false = strict: every field is checked, also those a ROM ignores, and host misuse is
                      recorded; true = accept what the ROM accepts */
    bool start_in_download;  /**< start in download mode without any reset sequence (boot button held) */
    bool is_secure_download; /**< secure download mode: reduced command set */
    bool is_flash_encrypted; /**< in the eFuses; the model encrypts nothing, and boots nothing plain */
    esp_sim_secure_boot_t secure_boot; /**< the same; with V2 an image boots when a signature block of its
                                          content follows it, whosever it is. Of the loaders only the ROMs of
                                          S3 and C3 act on it: no jump into RAM */
    const char *efuse_file; /**< what the eFuse registers hold, from the first one on, in place of what the
                                 chip comes with: words as READ_REG reads them, low byte first; or what
                                 esp_sim_efuse_save() has stored. NULL = none */
    esp_sim_efuse_t efuses[ESP_SIM_EFUSES]; /**< further bits that are burnt */
    uint8_t mac[6];                         /**< all zero = 02:00:00:00:00:01 */
    uint32_t chip_revision;   /**< major * 100 + minor, ESP_SIM_REVISION_0_0; 0 = the newest known */
    uint32_t crystal_mhz;     /**< of those the chip comes with; 0 = the usual one */
    uint32_t rom_crystal_khz; /**< what the ROM takes it for, where it can be wrong (ESP32, C5); 0 = what it
                                 is. The C2's always takes it for 40 MHz */
    uint32_t flash_jedec_id;  /**< 0 = made from flash_size; 0xFFFFFFFF = no flash answers */
    uint32_t flash_pins;      /**< where the flash is, as SPI_ATTACH has it; 0 = at the usual pins */
    uint32_t latency_us;      /**< round trip of a network between host and port: the host receives what the
                                 chip sends that much later, as if the chip's time lagged by half of it */
    const char
        *rom_elf; /**< the chip's mask ROM as an ELF file: its code is executed and takes the place of the
                                 models of loader and stub; NULL = the models */
    bool
        executes_boot; /**< with rom_elf, a start from flash is executed, too: no model judges what is there. Only
                             programs that need no more peripherals than the ROM run */
    const char *faults; /**< fault script (sim/README.md), NULL = none */
    esp_sim_repeated_t repeated_blocks;
    bool rom_powers_flash; /**< an eFuse of the ESP32-P4 v3.2: its ROM gives the flash its power. Other P4
                            from v3.1 on leave it without until the host writes registers */
    bool accepts_any_stub; /**< whatever is loaded to the stub's place and jumped into counts as the stub;
                            false: strict mode wants the published one */
    FILE *trace;           /**< one line per command and event, NULL = none */
    bool traces_code;      /**< with rom_elf, the trace also has the functions that the code calls, by name */
} esp_sim_config_t;

/** Creates a powered chip at time 0 with erased flash. On failure returns NULL and writes one sentence to @p
 * error. */
esp_sim_t *esp_sim_new(const esp_sim_config_t *config, char *error, size_t error_size);
void esp_sim_free(esp_sim_t *sim);

/** NULL-terminated list of chip names. */
const char *const *esp_sim_chip_names(void);

/** Prints what has no effect in chips that execute their ROM: registers that read a constant, with the reason, and those
 * that only keep what is written. An access to any other address where nothing is stops the code. */
void esp_sim_list_registers(FILE *out);

/* ---- time, microseconds since creation ---- */

uint64_t esp_sim_now_us(const esp_sim_t *sim);
/** Advances the model; everything due by then happens, in order. A time in the past does nothing. */
void esp_sim_run_until(esp_sim_t *sim, uint64_t time_us);
/** When something will happen by itself next (a byte arrives at the host, the chip accepts more, a reset
 * ends); UINT64_MAX when the model only waits for the host. */
uint64_t esp_sim_next_event_us(const esp_sim_t *sim);
/** The same without what only happens when the host is too slow or a time has come: watchdogs and faults at a
 * time. A caller that skips the times in which only the chip is busy skips to this one. */
uint64_t esp_sim_next_work_us(const esp_sim_t *sim);

/* ---- the host's end of the cable ---- */

/** Offers bytes; returns how many the transport takes now (0 = back-pressure: advance time and offer the
 * rest). On USJ one call is one or more bulk OUT packets of at most 64 bytes. */
size_t esp_sim_host_write(esp_sim_t *sim, const void *data, size_t size);
/** Takes bytes that have reached the host by now. Each call is counted as one IN transfer. */
size_t esp_sim_host_read(esp_sim_t *sim, void *buf, size_t capacity);
/** Whether bytes from the chip wait for the host or are on their way to it. */
bool esp_sim_has_output(const esp_sim_t *sim);
/** USJ: whether the chip has nothing more to send and sends an empty packet, which ends a host's transfer
 * that so far holds full packets only. */
bool esp_sim_sends_zero_packet(const esp_sim_t *sim);
/** Changes DTR and RTS together; true = asserted. */
void esp_sim_host_set_lines(esp_sim_t *sim, bool dtr, bool rts);
/** Changes the host's rate, baud; ignored on USJ. A rate the chip is not at turns bytes into garbage. false:
 * the bridge cannot do it (fault script), and keeps its rate; it may also make another one without a word. */
bool esp_sim_host_set_rate(esp_sim_t *sim, uint32_t baud);
/** false while the device is off the bus: unplugged, or between a system reset and re-enumeration. */
bool esp_sim_is_attached(const esp_sim_t *sim);
/** How often the device came onto the bus: a host's handle is dead once this has changed. */
uint32_t esp_sim_attach_count(const esp_sim_t *sim);

/* ---- the same over SDIO: what the host's controller does ---- */

/** How a transaction on the bus ended. */
typedef enum {
    ESP_SIM_SDIO_DONE = 0,
    ESP_SIM_SDIO_NO_ANSWER, /**< there is no card, or it was not initialised, or it is busy elsewhere */
    ESP_SIM_SDIO_CRC,       /**< damaged on the way; a write was not accepted, what was read is lost */
    ESP_SIM_SDIO_REFUSED, /**< the card reports an error: function not enabled, address or length out of range */
} esp_sim_sdio_t;

/** Finds the card and selects it: I/O reset, CMD5, CMD3, CMD7. Function 1 is off afterwards. */
esp_sim_sdio_t esp_sim_sdio_init(esp_sim_t *sim);
/** One transaction, 1 to 512 bytes at ascending addresses of a function: 0 (CCCR and CIS) or 1. */
esp_sim_sdio_t esp_sim_sdio_write(esp_sim_t *sim, uint32_t function, uint32_t address, const void *data,
                                  size_t size);
esp_sim_sdio_t esp_sim_sdio_read(esp_sim_t *sim, uint32_t function, uint32_t address, void *out, size_t size);

/* ---- the host's end of an SPI bus (ESP_SIM_WIRING_SPI) ---- */

/** Chip select; true = low. */
void esp_sim_spi_select(esp_sim_t *sim, bool is_selected);
/** Clocks bytes, which takes no time: advancing it is the caller's. @p out NULL = the host drives nothing; @p in NULL = it
 * does not look. One of them is NULL where the bus is half duplex, which is all that ROMs serve. */
void esp_sim_spi_transfer(esp_sim_t *sim, const uint8_t *out, uint8_t *in, size_t size);

/* ---- a person's hands: what can be done at the board ---- */

void esp_sim_unplug(esp_sim_t *sim);
/** Plugs the (bus powered) board in again: power-on reset; flash is kept. @p hold_boot starts download mode.
 */
void esp_sim_plug(esp_sim_t *sim, bool hold_boot);
/** EN button. */
void esp_sim_reset_button(esp_sim_t *sim, bool hold_boot);
/** Adds faults to the running chip; same syntax as the config's script. false and a sentence when it is
 * malformed. */
bool esp_sim_add_faults(esp_sim_t *sim, const char *script, char *error, size_t error_size);

/* ---- the application; no code of it is executed, so the caller says what it does ---- */

/** The running application prints @p size bytes, which may hold anything. false: none runs. */
bool esp_sim_app_print(esp_sim_t *sim, const void *data, size_t size);
/** Until the next reset it is at another rate, baud. false: none runs. */
bool esp_sim_app_set_rate(esp_sim_t *sim, uint32_t baud);
/** Until the next reset it sends back, or does not, what it receives. false: none runs. */
bool esp_sim_app_set_echo(esp_sim_t *sim, bool is_on);

/* ---- looking inside ---- */

/** Where the chip is. */
typedef enum {
    ESP_SIM_STATE_OFF = 0,      /**< unpowered or held in reset */
    ESP_SIM_STATE_STARTING,     /**< out of reset, not ready yet */
    ESP_SIM_STATE_DOWNLOAD_ROM, /**< ROM loader waits for commands */
    ESP_SIM_STATE_DOWNLOAD_STUB,
    ESP_SIM_STATE_APP,         /**< booted: bootloader, partition table and app were found valid */
    ESP_SIM_STATE_BOOT_FAILED, /**< nothing bootable; the boot log says why */
    ESP_SIM_STATE_RAM_CODE,    /**< jumped to code that was loaded into RAM; what it does is not modelled */
} esp_sim_state_t;

esp_sim_state_t esp_sim_state(const esp_sim_t *sim);

/** The chip's base MAC address, 6 bytes; also the USB serial number of a USB-Serial/JTAG chip. */
const uint8_t *esp_sim_mac(const esp_sim_t *sim);
/** The word at a bus address as READ_REG would see it, without side effects: registers, eFuse, loaded RAM. */
uint32_t esp_sim_peek(const esp_sim_t *sim, uint32_t address);
/** Puts a word there, without side effects and also where a host cannot write. What is burnt in eFuses stays as it
 * is: the next reset reads it again. */
void esp_sim_poke(esp_sim_t *sim, uint32_t address, uint32_t value);

/** Flash content, writable for tests; flash_size bytes. */
uint8_t *esp_sim_flash(esp_sim_t *sim);
uint32_t esp_sim_flash_size(const esp_sim_t *sim);
/** Loads and stores flash from and to a file; false with a sentence on failure. A shorter file leaves 0xFF.
 * A failure to store leaves the file as it was. */
bool esp_sim_flash_load(esp_sim_t *sim, const char *path, char *error, size_t error_size);
bool esp_sim_flash_save(const esp_sim_t *sim, const char *path, char *error, size_t error_size);

/** What the eFuse controller was told to burn since creation, one line per command, NUL terminated; "" = nothing
 * (sim/README.md). */
const char *esp_sim_burns(const esp_sim_t *sim);
enum { ESP_SIM_EFUSE_BLOCKS = 11, ESP_SIM_EFUSE_BLOCK_WORDS = 11 };
/** What is burnt, also what no register shows: ESP_SIM_EFUSE_BLOCK_WORDS for each of ESP_SIM_EFUSE_BLOCKS, data and then
 * check words, 0 where the chip has none. */
const uint32_t *esp_sim_efuse_cells(const esp_sim_t *sim);
/** Stores what is burnt in a file that a config may name. false with a sentence on failure: the file is as it was. */
bool esp_sim_efuse_save(const esp_sim_t *sim, const char *path, char *error, size_t error_size);

/** Everything the chip printed as text since creation (boot log, [sim] lines), NUL terminated. */
const char *esp_sim_console(const esp_sim_t *sim);

/** Host misuse found by the strict checks, one line each, NUL terminated; "" = none. */
const char *esp_sim_misuse(const esp_sim_t *sim);

/** Counters since creation. */
typedef struct {
    uint64_t host_writes;    /**< calls that offered bytes */
    uint64_t host_reads;     /**< calls that returned bytes */
    uint64_t bytes_out;      /**< host to chip */
    uint64_t bytes_in;       /**< chip to host */
    uint64_t commands;       /**< complete request frames */
    uint64_t bad_frames;     /**< frames dropped: framing, length, checksum */
    uint64_t sectors_erased; /**< 4 KiB units, also inside block erases */
    uint64_t block_erases;   /**< 64 KiB operations */
    uint64_t sector_erases;  /**< 4 KiB operations */
    uint64_t bytes_programmed;
    uint64_t programs;      /**< program operations, also of a modelled loader */
    uint64_t flash_busy_us; /**< time the flash spent erasing and programming */
    uint64_t resets;        /**< of any kind */
    uint64_t line_changes;
    uint64_t instructions; /**< executed with a real ROM, without loops that wait for the host or the flash */
    uint64_t spi_commands; /**< to the flash, by the SPI controller */
    uint64_t spi_reads;    /**< of them, of the array */
    uint64_t spi_polls;    /**< of them, of the status */
    uint64_t spi_programs; /**< of them */
} esp_sim_stats_t;

const esp_sim_stats_t *esp_sim_stats(const esp_sim_t *sim);

#endif
