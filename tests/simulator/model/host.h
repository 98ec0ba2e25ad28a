/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A host for the simulator's own tests: raw bytes, its own SLIP, time only when it asks for it. Every
 * function fails the running cmocka test when the simulator does not do what is expected.
 */
#ifndef SIM_MODEL_HOST_H
#define SIM_MODEL_HOST_H

#include <stdbool.h>
#include <string.h>

#include "bytes.h"
#include "esp_sim.h"
#include "test.h"

enum { HOST_FRAME_SIZE = 4096, HOST_MAGIC = 0x40001000 };

typedef struct {
    uint8_t bytes[HOST_FRAME_SIZE];
    size_t size;
} frame_t;

#define WORDS(...) (const uint32_t[]){__VA_ARGS__}, sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t)

/** A chip in ROM download mode, synced, SYNC replies read. Timing "fast" and strict unless the config says
 * so. */
esp_sim_t *host_start(const esp_sim_config_t *config);

/** A chip of that name that accepts what its ROM accepts, in download mode behind a UART bridge. */
esp_sim_t *host_start_as_rom(const char *chip);

/** FLASH_BEGIN or FLASH_DEFL_BEGIN for blocks of 1 KiB, with as many words as the chip wants. */
void host_send_begin(esp_sim_t *sim, const char *chip, uint8_t opcode, uint32_t size, uint32_t blocks,
                     uint32_t offset);
/** A chip made from @p config as it is, nothing sent. */
esp_sim_t *host_new(const esp_sim_config_t *config);
/** Expects that there is no such chip, for this reason. */
void host_expect_no_chip(const esp_sim_config_t *config, const char *sentence);
/** Expects that the host did nothing wrong and frees the chip. */
void host_end(esp_sim_t *sim);

/** Lets time pass. */
void host_wait_us(esp_sim_t *sim, uint64_t us);
/** Goes through the USB-Serial/JTAG download sequence and waits until the ROM is ready. */
void host_usj_download(esp_sim_t *sim);
/** Goes through the USB-Serial/JTAG run sequence and waits. */
void host_usj_run(esp_sim_t *sim);

/** Sends raw bytes, waiting while the transport takes none; at most 1000 s. Returns how many went. */
size_t host_send_raw(esp_sim_t *sim, const void *data, size_t size);
/** Sends one request frame. */
void host_send(esp_sim_t *sim, uint8_t opcode, uint32_t checksum, const void *data, size_t size);
void host_send_words(esp_sim_t *sim, uint8_t opcode, const uint32_t *words, size_t count);
/** Sends a data command: 16-byte header (size, number, 0, 0), data, right checksum. */
void host_send_block(esp_sim_t *sim, uint8_t opcode, uint32_t number, const void *data, size_t size);

/** Reads one frame within @p timeout_us; false when none came. Bytes between frames are skipped. */
bool host_receive(esp_sim_t *sim, frame_t *out, uint64_t timeout_us);
/** Reads everything that comes in @p us; returns how much, at most @p capacity. */
size_t host_drain(esp_sim_t *sim, void *buf, size_t capacity, uint64_t us);
/** The same for what a case does not look at: a boot log, noise. */
void host_skip(esp_sim_t *sim, uint64_t us);

/** Expects a reply with exactly these bytes. */
void host_expect_frame(esp_sim_t *sim, const void *bytes, size_t size);
/** Expects a success reply without payload, and returns its value. */
uint32_t host_expect_ok(esp_sim_t *sim, uint8_t opcode);
/** Expects a failure reply with this reason. */
void host_expect_reason(esp_sim_t *sim, uint8_t opcode, uint8_t reason);
/** A command or a block, and its success reply, or its failure reply with this reason. */
void host_words_ok(esp_sim_t *sim, uint8_t opcode, const uint32_t *words, size_t count);
void host_words_refused(esp_sim_t *sim, uint8_t opcode, uint8_t reason, const uint32_t *words, size_t count);
void host_block_ok(esp_sim_t *sim, uint8_t opcode, uint32_t number, const void *data, size_t size);
void host_block_refused(esp_sim_t *sim, uint8_t opcode, uint8_t reason, uint32_t number, const void *data,
                        size_t size);
/** Sends a block of @p size times @p fill and expects success, or this reason where it is not 0. */
void host_fill_block(esp_sim_t *sim, uint8_t opcode, uint32_t number, uint8_t fill, size_t size,
                     uint8_t reason);
/** Expects silence for half a second. */
void host_expect_silence(esp_sim_t *sim);

/** SYNC; and with its eight replies. */
void host_send_sync(esp_sim_t *sim);
void host_sync(esp_sim_t *sim);
/** SPI_ATTACH, SPI_SET_PARAMS with the chip's real size. */
void host_attach_flash(esp_sim_t *sim);
uint32_t host_read_reg(esp_sim_t *sim, uint32_t addr);
void host_write_reg(esp_sim_t *sim, uint32_t addr, uint32_t value);
/** FLASH_BEGIN and its reply, with blocks of 1 KiB. */
void host_flash_begin(esp_sim_t *sim, uint32_t offset, uint32_t size);
/** A whole plain write: begin, blocks, all replies. The last block is padded. */
void host_flash_write(esp_sim_t *sim, uint32_t offset, const uint8_t *data, uint32_t size);

/** Puts a valid ESP32-S3 image with one segment of @p size bytes into @p out; returns its size (checksum,
 * SHA-256). */
size_t host_make_image(uint8_t *out, uint16_t chip_id, uint32_t load_addr, const uint8_t *segment,
                       uint32_t size);
/** Recomputes checksum and digest of an image made by host_make_image() after its bytes were changed. */
void host_seal_image(uint8_t *image);
void host_sha256(const uint8_t *data, size_t size, uint8_t out[32]);
/** Puts a partition table with MD5 into @p out (0xC00 bytes). Each entry: type, subtype, offset, size, label.
 */
typedef struct {
    uint8_t type, subtype;
    uint32_t offset, size;
    const char *label;
} host_partition_t;
void host_make_table(uint8_t *out, const host_partition_t *entries, size_t count);
/** Puts a bootable set into the flash: bootloader, table with factory at 0x10000, app "demo" "1.0". */
void host_make_bootable(esp_sim_t *sim);

/** Asks for a word of the ROM that tells chips apart; awaits it; does both; or expects silence instead. */
void host_ask(esp_sim_t *sim);
void host_await_answer(esp_sim_t *sim);
void host_expect_answer(esp_sim_t *sim);
void host_expect_no_answer(esp_sim_t *sim);

/** Does the misuse report have this text? */
bool host_has_misuse(const esp_sim_t *sim, const char *text);
/** Expects that it has, now, and lets the case end with a report. */
void host_expect_misuse(const esp_sim_t *sim, const char *text);

/* ---- cases ----
 *
 * A case is given its chip, which stands where the case begins, and is freed after it; a report of misuse that
 * the case did not expect fails it. The arguments after the name are the chip's config, its timing first. */

#define FAST  .timing = ESP_SIM_TIMING_FAST
#define TIMED .timing = ESP_SIM_TIMING_DEFAULT
#define SLOW  .timing = ESP_SIM_TIMING_SLOW

typedef esp_sim_t *(*host_start_t)(const esp_sim_config_t *config);

/** Runs a case on a chip that @p start makes from @p config. */
void host_run(host_start_t start, const esp_sim_config_t *config, void (*run)(esp_sim_t *sim));

/* Ways to start: the flash attached as well; and with the config's faults from there on. */
esp_sim_t *host_start_attached(const esp_sim_config_t *config);
esp_sim_t *host_start_faulty(const esp_sim_config_t *config);

#define TEST_ON(name, start, ...)                                                                            \
    TEST_GIVEN(name, esp_sim_t *sim, host_run(start, &(const esp_sim_config_t){__VA_ARGS__}, case_##name))

#define TEST_NEW(name, ...)             TEST_ON(name, host_new, __VA_ARGS__)
#define TEST_ROM(name, ...)             TEST_ON(name, host_start, __VA_ARGS__)
#define TEST_FLASH(name, ...)           TEST_ON(name, host_start_attached, __VA_ARGS__)
#define TEST_FAULTS(name, time, script) TEST_ON(name, host_start_faulty, time, .faults = script)

#endif
