/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The baud rate that looks after itself: the highest one that target, port and cable carry, found by using
 * it. The rules and errors of esp_loader.h hold here as well.
 *
 * A rate is judged by questions whose answers are known: MD5s of flash, SYNCs, and with a stub flash that is
 * read. All of them change nothing, whatever bit of them is damaged on the way. No command carries much data
 * towards the target without an effect, so in that direction the first blocks that are written are the rest of
 * the proof: a plan goes on at a lower rate when they do not arrive.
 */
#ifndef ESP_LOADER_RATE_H
#define ESP_LOADER_RATE_H

#include "esp_loader.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What became of a rate that was tried. */
typedef enum {
    ESP_LOADER_RATE_GOOD = 0, /**< everything was answered, or all but one question */
    ESP_LOADER_RATE_REFUSED,  /**< the port does not support it; the target was not asked */
    ESP_LOADER_RATE_SILENT,   /**< the target did not answer: the port makes another rate of it, or hardly
                                   anything comes through */
    ESP_LOADER_RATE_DAMAGED,  /**< it answered, but at least two questions without success */
} esp_loader_rate_result_t;

/** One rate that was tried. */
typedef struct {
    uint32_t rate_baud;              /**< the rate, baud */
    esp_loader_rate_result_t result; /**< whether it carries */
    uint16_t questions;              /**< that were asked */
    uint16_t errors;                 /**< that were not answered, or wrongly */
    bool was_reset;                  /**< the target had to be reset to be reached again */
    uint32_t time_ms;                /**< on the port's clock; 0 on a first-generation port, which has none */
} esp_loader_rate_trial_t;

/** How to look for a rate. Zero is the default everywhere. */
typedef struct {
    /** No rate above it is tried, baud; 0 = what the port states (esp_loader_port_ops_t, `max_rate`), and
     * where that is not known either 921600, which every bridge in use can do; 460800 if the port cannot
     * reset the target, which then could not be reached again. */
    uint32_t highest_baud;
    /** Tried before all others, such as the one that worked the last time, baud; 0 = none. If it works, no
     * higher one is tried. */
    uint32_t first_baud;
    const uint32_t
        *rates_baud;   /**< to be tried, descending; NULL = 3 M, 2 M, 1.5 M, 921600, 460800, 230400 */
    size_t rate_count; /**< of `rates_baud` */
    /** Called after each trial; may be NULL; must not call the loader. */
    void (*on_trial)(void *ctx, const esp_loader_rate_trial_t *trial);
    void *ctx; /**< passed to it */
} esp_loader_rate_options_t;

/** The session's rate, baud: the last one that was set through the library, else 115200. */
uint32_t esp_loader_get_rate(const esp_loader_t *loader);

/** Raises the baud rate to the highest one that carries. Where there is none above the present rate, nothing to
 * judge by (no MD5: ROM of the ESP8266, secure download mode), or no rate (the chip's own USB, socket://), it
 * stays and that is no error. A target that is lost on the way is reset and brought back as it was: ROM or
 * stub, size of the flash. Blocks about 0.2 s per rate that carries or damages, 2 s per rate at which the target
 * has to be reset, of which there are at most two.
 *  @param options  NULL = the defaults
 *  @param out_baud the rate afterwards; may be NULL
 *  @retval ESP_LOADER_ERROR_TIMEOUT  cause RATE: the target was lost and does not answer after a reset, or
 *                                    cannot be reset; detail.value is the rate that was tried last */
ESP_LOADER_MUST_CHECK
esp_loader_error_t esp_loader_raise_rate(esp_loader_t *loader, const esp_loader_rate_options_t *options,
                                         uint32_t *out_baud);

/** Goes down to the next lower rate that carries, at least to 115200 baud, from one that does not: the target is
 * told again and again, until it has understood, or is reset, as with esp_loader_raise_rate(). What it was doing
 * before is over; flash that was written is not touched.
 *  @param options  NULL = the defaults; `first_baud` is not used
 *  @param out_baud the rate afterwards; may be NULL
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  cause RATE: the rate is 115200 or less already; or the target or
 *                                             the port cannot change it
 *  @retval ESP_LOADER_ERROR_TIMEOUT           as esp_loader_raise_rate() */
ESP_LOADER_MUST_CHECK
esp_loader_error_t esp_loader_lower_rate(esp_loader_t *loader, const esp_loader_rate_options_t *options,
                                         uint32_t *out_baud);

#ifdef __cplusplus
}
#endif

#endif
