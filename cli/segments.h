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
    uint32_t address; /**< where it is loaded or mapped */
    uint32_t size;    /**< bytes */
    uint32_t offset;  /**< of its data in the image */
} segment_t;

/** Reads the segment whose header stands at *offset of an image that has been checked, and moves *offset
 * behind it. */
esp_loader_error_t segments_next(const esp_loader_source_t *source, uint32_t *offset, segment_t *out_segment);

#endif
