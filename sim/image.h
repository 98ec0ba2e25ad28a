/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Checking one executable image in flash: header, segments, checksum, digest.
 */
#ifndef SIM_IMAGE_H
#define SIM_IMAGE_H

#include "esp_sim.h"

enum { SIM_IMAGE_SEGMENTS = 16 };

typedef struct {
    uint32_t size; /**< digest included */
    uint32_t entry;
    uint32_t flash_size; /**< as the header says; 0 = unknown code */
    uint8_t segment_count;
    uint32_t segment_addr[SIM_IMAGE_SEGMENTS];
    uint32_t segment_size[SIM_IMAGE_SEGMENTS];
    bool has_digest;
} sim_image_t;

/** Reads and checks the image at @p offset, of at most @p limit bytes. On failure @p why has half a sentence.
 */
bool sim_image_check(const esp_sim_t *sim, uint32_t offset, uint32_t limit, sim_image_t *out, char *why,
                     size_t why_size);

#endif
