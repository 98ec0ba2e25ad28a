/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * One case of the benchmark: library and simulated chip in one process, on the chip's virtual clock.
 */
#ifndef BENCH_RUN_H
#define BENCH_RUN_H

#include "esp_loader.h"
#include "esp_sim.h"
#include "images.h"

#define BENCH_IMAGE_OFFSET 0x10000u
#define BENCH_IMAGE_SIZE   (1024u * 1024u)

/** Where the bytes go through. */
typedef struct {
    const char *chip;
    esp_sim_wiring_t wiring;
    uint32_t rate_baud; /**< UART only; others than 115200 are set after connecting */
    bool is_stub;
    uint32_t latency_us; /**< round trip of a network in front of the port */
} bench_link_t;

typedef struct {
    bench_link_t link;
    image_kind_t image;
    flash_kind_t flash;
    bool is_compared; /**< false: written whatever the flash holds */
    uint32_t size;    /**< of the image, bytes; IMAGE_SET_SIZE for the set */
} bench_case_t;

/** What a run did. Times in microseconds of the virtual clock. */
typedef struct {
    uint64_t connect_us; /**< reset, SYNC, detection */
    uint64_t stub_us;    /**< loading and starting the stub */
    uint64_t prepare_us; /**< from the start of the plan to its first command about the image */
    uint64_t write_us;   /**< from there to the reply that flushes the last block */
    uint64_t verify_us;  /**< MD5 of each image on the chip */
    uint64_t writes;     /**< port calls while writing */
    uint64_t reads;
    uint64_t bytes_out;
    uint64_t bytes_in;
    uint64_t sectors_erased;
    uint64_t flash_busy_us;
    uint64_t deflated;  /**< bytes that were given to the compressor */
    uint32_t rate_baud; /**< with bench_run_on(): the last one that was good, 0 = none */
    uint64_t rate_ms;   /**< what looking for rates took, within write_us */
} figures_t;

/** A cable and a bridge whose rate the plan is to find. */
typedef struct {
    const char *name;
    const char *faults;     /**< fault script, NULL = none */
    uint32_t max_rate_baud; /**< that the port states, 0 = not known */
} bench_cable_t;

/** Runs a case; false after a sentence on stderr when it failed, left wrong bytes or misused the chip.
 *  @param image   c->size bytes
 *  @param before  set to the flash at the image's place as it was, c->size bytes */
bool bench_run(const bench_case_t *c, const uint8_t *image, uint8_t *before, figures_t *out);

/** The same, but the port does not say what it is connected to, as socket:// and a pty. */
bool bench_run_unnamed(const bench_case_t *c, const uint8_t *image, uint8_t *before, figures_t *out);

/** The same as bench_run(), but the plan finds the rate by itself; flash that is written is verified as well. */
bool bench_run_on(const bench_cable_t *cable, const bench_case_t *c, const uint8_t *image, uint8_t *before,
                  figures_t *out);

#endif
