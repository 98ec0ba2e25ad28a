/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Checking one executable image in flash, as the code does that would start it.
 */
#ifndef SIM_IMAGE_H
#define SIM_IMAGE_H

#include "esp_sim.h"

enum { SIM_IMAGE_SEGMENTS = 16, SIM_IMAGE_WHY_SIZE = 160 };

/** Who reads the image: each looks at less or more of it. */
typedef enum {
    SIM_READER_ROM,            /**< the ROM, and rBoot */
    SIM_READER_EBOOT,          /**< Arduino's for the ESP8266: follows the segments and compares nothing */
    SIM_READER_BOOTLOADER,     /**< ESP-IDF's bootloader */
    SIM_READER_OLD_BOOTLOADER, /**< one of the time when headers had a minimum revision of one byte only */
} sim_image_reader_t;

/** Why it is refused. */
typedef struct {
    const char *tag; /**< component of the bootloader whose log line @p text is; NULL = half a sentence of the
                        model's own */
    char text[SIM_IMAGE_WHY_SIZE];
} sim_image_why_t;

typedef struct {
    uint32_t size;  /**< digest included */
    uint32_t start; /**< of the header that counts, after any flash content in front of it */
    uint32_t entry;
    uint32_t flash_size; /**< what a bootloader with this header takes the flash for */
    uint32_t min_revision, max_revision;
    uint8_t segment_count;
    uint32_t segment_addr[SIM_IMAGE_SEGMENTS];
    uint32_t segment_size[SIM_IMAGE_SEGMENTS];
    bool is_mapped;  /**< a segment belongs where flash is mapped to, not into RAM */
    bool has_digest; /**< a SHA-256 follows the checksum */
    uint8_t stored_digest[32], computed_digest[32];
} sim_image_t;

/** Reads and checks the image at @p offset, of at most @p limit bytes. The digest is compared by a bootloader
 * only; what both are is in @p out. On failure @p why is filled. */
bool sim_image_check(const esp_sim_t *sim, uint32_t offset, uint32_t limit, sim_image_reader_t reader,
                     sim_image_t *out, sim_image_why_t *why);
/** Is the digest in the file that of the content? */
bool sim_image_is_digest_right(const sim_image_t *image);
/** Is the image followed by a signature block for this content? The signature itself is not looked at. On
 * failure @p why has what the ROM says. */
bool sim_image_is_signed(const esp_sim_t *sim, uint32_t offset, const sim_image_t *image, char *why,
                         size_t why_size);

#endif
