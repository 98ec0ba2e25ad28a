/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The configurations that are swept: target, link, port, plan, and what the flash holds before.
 */
#ifndef SWEEP_CONFIG_H
#define SWEEP_CONFIG_H

#include "chip.h"
#include "esp_loader_plan.h"

enum { IMAGES = 3, BUFFER_MAX = 32768 };

typedef enum {
    FLASH_BLANK,
    FLASH_OLD,
    FLASH_MIXED, /**< of each image something is there */
    FLASH_EQUAL,
    FLASH_TWINS /**< the second and the third image are the same; the one that is asked for first is there */
} flash_state_t;

typedef struct {
    const char *name;
    chip_model_t model;
    esp_loader_link_t link;
    bool is_stub;
    bool has_reset; /**< without: the target is in download mode, or runs the stub of an earlier session */
    bool is_first_generation;
    flash_state_t flash;
    bool is_downwards; /**< images at higher addresses first */
    bool is_large;     /**< images that reach over several 64 KiB blocks */
    bool is_compressed;
    size_t buffer_size;
    uint32_t clock_base_ms;
    unsigned syncs_to_lose;
    bool rewrite_equal;
    bool skip_verify;
} config_t;

extern const config_t sweep_configs[];
extern const size_t sweep_config_count;

/** The three images of a configuration, in the order of the plan, and the flash before it. */
typedef struct {
    const config_t *config;
    uint32_t offset[IMAGES];
    uint32_t size[IMAGES];
    uint8_t content[IMAGES][81920];
    uint8_t before[FLASH_SIZE];
} material_t;

void material_make(material_t *material, const config_t *config);

/** The images as a plan takes them. */
void material_images(material_t *material, esp_loader_image_t out[IMAGES]);

/** The plan's deflater. */
esp_loader_error_t sweep_deflate(void *ctx, const esp_loader_source_t *content,
                                 esp_loader_source_t *out_deflated);

/** One stream of @p data. @return its bytes, valid until the next call */
const uint8_t *sweep_compress(const uint8_t *data, size_t size, size_t *out_size);

#endif
