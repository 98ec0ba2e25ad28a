/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The segments of an executable image, one after the other.
 */
#ifndef CLI_SEGMENTS_H
#define CLI_SEGMENTS_H

#include "esp_loader_image.h"

/** One segment. */
typedef struct {
    uint32_t address; /**< where it is loaded or mapped; 0 = mapped where it lies in flash (ESP8266) */
    uint32_t size;    /**< bytes */
    uint32_t offset;  /**< of its data in the image */
} segment_t;

/** A walk over them. */
typedef struct {
    const esp_loader_source_t *source;
    const esp_loader_image_info_t *info;
    uint32_t offset; /**< of the next header */
    unsigned index;
    unsigned count; /**< of all segments, also of one that no checksum covers */
} segments_t;

/** Begins a walk over an image that has been checked; all three must outlive it. */
void segments_begin(segments_t *segments, const esp_loader_source_t *source,
                    const esp_loader_image_info_t *info);

/** Reads the next one of segments->count. */
esp_loader_error_t segments_next(segments_t *segments, segment_t *out_segment);

#endif
