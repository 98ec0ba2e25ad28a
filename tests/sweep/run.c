/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "run.h"

#include <stdio.h>
#include <string.h>

#include "wire_faults.h"

enum { LIMIT_MS = 1200000 };

void world_choose(world_t *world, const config_t *config)
{
    material_make(&world->material, config);
}

static void begin(world_t *world, const fault_t *faults, size_t count, bool is_traced)
{
    const config_t *config = world->material.config;
    chip_t *chip = &world->chip;
    wire_t *wire = &world->wire;
    chip_free(chip);
    chip_init(chip, config->model, config->link != ESP_LOADER_LINK_UART);
    chip->syncs_to_lose = config->syncs_to_lose;
    wire_init(wire, chip);
    wire->link = config->link;
    wire->has_reset = config->has_reset;
    wire->is_first_generation = config->is_first_generation;
    wire->clock_base_ms = config->clock_base_ms;
    wire->limit_ms = LIMIT_MS;
    wire->is_traced = is_traced;
    wire_open(wire);
    memcpy(chip->flash, world->material.before, FLASH_SIZE);
    chip_reset(chip, !config->has_reset); /* the boot log comes before the session */
    wire->queue_count = 0;
    memset(wire->counts, 0, sizeof(wire->counts));
    if (config->is_stub && !config->has_reset) {
        chip_start_stub(chip);
    }
    wire->fault_count = count;
    if (count > 0) {
        memcpy(wire->faults, faults, count * sizeof(*faults));
    }
}

/* ---- the ways to write ---- */

static esp_loader_error_t run_plan(world_t *world, esp_loader_t *loader, esp_loader_image_report_t *reports)
{
    static uint8_t buffer[BUFFER_MAX];
    static const esp_loader_deflater_t deflater = {sweep_deflate, NULL};
    const config_t *config = world->material.config;
    esp_loader_image_t images[IMAGES];
    const esp_loader_plan_options_t options = {.buffer = buffer,
                                               .buffer_size = config->buffer_size,
                                               .skip_verify = config->skip_verify,
                                               .rewrite_equal = config->rewrite_equal,
                                               .deflater = config->is_compressed ? &deflater : NULL};
    material_images(&world->material, images);
    return esp_loader_plan_run(loader, images, IMAGES, &options, reports);
}

/* The second image of the plan, which is the largest. */
static esp_loader_error_t run_explicit(world_t *world, esp_loader_t *loader,
                                       esp_loader_image_report_t *reports)
{
    const config_t *config = world->material.config;
    const uint8_t *data = world->material.content[1];
    esp_loader_flash_cfg_t cfg = {.offset = world->material.offset[1],
                                  .image_size = world->material.size[1],
                                  .block_size = config->is_stub ? 4096 : 1024};
    RETURN_ON_ERROR(esp_loader_flash_start(loader, &cfg));
    for (uint32_t done = 0; done < cfg.image_size; done += cfg.block_size) {
        uint32_t left = cfg.image_size - done;
        RETURN_ON_ERROR(
            esp_loader_flash_write(loader, &cfg, data + done, left < cfg.block_size ? left : cfg.block_size));
    }
    RETURN_ON_ERROR(esp_loader_flash_finish(loader, &cfg));
    reports[1].result = ESP_LOADER_IMAGE_VERIFIED;
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t run_deflate(world_t *world, esp_loader_t *loader,
                                      esp_loader_image_report_t *reports)
{
    const config_t *config = world->material.config;
    size_t size;
    const uint8_t *data = sweep_compress(world->material.content[1], world->material.size[1], &size);
    esp_loader_flash_deflate_cfg_t cfg = {.offset = world->material.offset[1],
                                          .image_size = world->material.size[1],
                                          .compressed_size = (uint32_t)size,
                                          .block_size = config->is_stub ? 4096 : 1024};
    esp_loader_md5_t md5;
    uint8_t digest[ESP_LOADER_MD5_SIZE];
    RETURN_ON_ERROR(esp_loader_flash_deflate_start(loader, &cfg));
    for (uint32_t done = 0; done < size; done += cfg.block_size) {
        uint32_t left = (uint32_t)size - done;
        RETURN_ON_ERROR(esp_loader_flash_deflate_write(loader, &cfg, data + done,
                                                       left < cfg.block_size ? left : cfg.block_size));
    }
    RETURN_ON_ERROR(esp_loader_flash_deflate_finish(loader, &cfg));
    esp_loader_md5_init(&md5);
    esp_loader_md5_update(&md5, world->material.content[1], cfg.image_size);
    esp_loader_md5_finish(&md5, digest);
    RETURN_ON_ERROR(esp_loader_flash_verify_known_md5(loader, cfg.offset, cfg.image_size, digest));
    reports[1].result = ESP_LOADER_IMAGE_VERIFIED;
    return ESP_LOADER_SUCCESS;
}

/* Questions, each with an answer of its own. A wrong one that is believed is as bad as a wrong flash. */
static esp_loader_error_t run_ask(world_t *world, esp_loader_t *loader, esp_loader_image_report_t *reports)
{
    for (uint32_t i = 0; i < 6; i++) {
        uint32_t value;
        RETURN_ON_ERROR(esp_loader_read_register(loader, ANSWERING_REGISTERS + 4 * i, &value));
        if (value != ~(ANSWERING_REGISTERS + 4 * i)) {
            world->is_misled = true;
        }
    }
    for (uint32_t i = 0; i < 3; i++) {
        uint8_t theirs[ESP_LOADER_MD5_SIZE];
        uint8_t right[ESP_LOADER_MD5_SIZE];
        RETURN_ON_ERROR(esp_loader_flash_md5(loader, i * SECTOR, SECTOR, theirs));
        flash_md5(&world->chip, i * SECTOR, SECTOR, right);
        world->is_misled = world->is_misled || memcmp(theirs, right, sizeof(right)) != 0;
    }
    (void)reports;
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t session(world_t *world, way_t way, esp_loader_t *loader,
                                  esp_loader_image_report_t *reports, bool *out_connected)
{
    const config_t *config = world->material.config;
    *out_connected = false;
    memset(reports, 0, IMAGES * sizeof(*reports));
    RETURN_ON_ERROR(esp_loader_init_serial(loader, &world->wire.base.port));
    RETURN_ON_ERROR(config->is_stub ? esp_loader_connect_with_stub(loader, NULL)
                                    : esp_loader_connect(loader, NULL));
    *out_connected = true;
    world->connect_out = world->wire.counts[SPACE_OUT];
    switch (way) {
    case WAY_EXPLICIT:
        return run_explicit(world, loader, reports);
    case WAY_EXPLICIT_DEFLATE:
        return run_deflate(world, loader, reports);
    case WAY_ASK:
        return run_ask(world, loader, reports);
    case WAY_PLAN:
    default:
        return run_plan(world, loader, reports);
    }
}

/* ---- judging ---- */

static bool is_content_right(const world_t *world, unsigned image)
{
    const material_t *m = &world->material;
    return memcmp(world->chip.flash + m->offset[image], m->content[image], m->size[image]) == 0;
}

static bool is_spread(const world_t *world)
{
    const material_t *m = &world->material;
    for (uint32_t sector = 0; sector < FLASH_SIZE; sector += SECTOR) {
        bool is_in_plan = false;
        for (unsigned i = 0; i < IMAGES; i++) {
            is_in_plan = is_in_plan || (sector >= m->offset[i] && sector < m->offset[i] + m->size[i]);
        }
        if (!is_in_plan && memcmp(world->chip.flash + sector, m->before + sector, SECTOR) != 0) {
            return true;
        }
    }
    return false;
}

/* Nobody can tell where an erase went whose offset was hit, nor how far a stub's when nothing is to be
 * asked. */
static bool is_spread_unseen(const world_t *world, const fault_t *faults, size_t count)
{
    const config_t *config = world->material.config;
    if (config->is_stub && config->skip_verify) {
        return true;
    }
    for (size_t i = 0; i < count; i++) {
        for (uint32_t k = 0; k < world->wire.begin_count; k++) {
            if (k % BEGIN_SIZE >= BEGIN_SIZE / 2 && world->wire.begins[k] == faults[i].at &&
                wire_fault_is_out(&faults[i])) {
                return true;
            }
        }
    }
    return false;
}

static void judge_image(const world_t *world, unsigned image, esp_loader_image_result_t reported,
                        result_t *result)
{
    bool is_right = is_content_right(world, image);
    bool is_success = result->error == ESP_LOADER_SUCCESS;
    switch (reported) {
    case ESP_LOADER_IMAGE_VERIFIED:
    case ESP_LOADER_IMAGE_EQUAL:
        result->is_verified_wrong = result->is_verified_wrong || (is_success && !is_right);
        result->is_stale = result->is_stale || (!is_success && !is_right);
        break;
    case ESP_LOADER_IMAGE_UNVERIFIED:
        result->is_unverified = result->is_unverified || is_success;
        result->is_unverified_wrong = result->is_unverified_wrong || (is_success && !is_right);
        break;
    case ESP_LOADER_IMAGE_WRITTEN:
        result->is_unchecked_wrong = result->is_unchecked_wrong || (is_success && !is_right);
        break;
    case ESP_LOADER_IMAGE_NOT_STARTED:
    case ESP_LOADER_IMAGE_FAILED:
    default:
        break;
    }
}

/* A target that is dead, and that the port cannot reset, is switched off and on by its user. */
static void revive(world_t *world)
{
    const config_t *config = world->material.config;
    chip_t *chip = &world->chip;
    if (!config->has_reset && (chip->state == STATE_SILENT || chip->is_deaf)) {
        chip_reset(chip, true);
    }
}

static void run_next(world_t *world, way_t way, result_t *result)
{
    esp_loader_t loader;
    esp_loader_image_report_t reports[IMAGES];
    bool is_connected;
    wire_settle(&world->wire);
    revive(world);
    memset(&loader, 0xA5, sizeof(loader));
    esp_loader_error_t err = session(world, way, &loader, reports, &is_connected);
    result->is_next_wrong = err != ESP_LOADER_SUCCESS || world->wire.has_hung;
    for (unsigned i = 0; i < IMAGES; i++) {
        bool is_concerned = way == WAY_PLAN || (way != WAY_ASK && i == 1);
        result->is_next_wrong = result->is_next_wrong || (is_concerned && !is_content_right(world, i));
    }
}

result_t world_run(world_t *world, way_t way, const fault_t *faults, size_t count, bool is_traced)
{
    esp_loader_t loader;
    esp_loader_image_report_t reports[IMAGES];
    result_t result = {0};
    world->is_misled = false;
    begin(world, faults, count, is_traced);
    memset(&loader, 0xA5, sizeof(loader));
    result.error = session(world, way, &loader, reports, &result.is_connected);
    result.has_hung = world->wire.has_hung;
    result.time_ms = (uint32_t)(world->wire.now_us / 1000);
    for (unsigned i = 0; i < IMAGES; i++) {
        judge_image(world, i, reports[i].result, &result);
    }
    result.is_verified_wrong = result.is_verified_wrong || world->is_misled;
    result.is_spread = way == WAY_PLAN && is_spread(world);
    result.is_spread_unseen = result.is_spread && is_spread_unseen(world, faults, count);
    if (result.error != ESP_LOADER_SUCCESS) {
        result.detail = *esp_loader_error_detail(&loader);
        result.has_no_detail = result.detail.error != result.error ||
                               result.detail.cause == ESP_LOADER_SUCCESS ||
                               result.detail.stage == ESP_LOADER_STAGE_NONE;
        run_next(world, way, &result);
    }
    if (is_traced) {
        printf("result %s, stage %s\n", esp_loader_error_name(result.error),
               esp_loader_stage_name(result.detail.stage));
        for (unsigned i = 0; i < IMAGES; i++) {
            printf("image %u reported %d, is %s\n", i, (int)reports[i].result,
                   is_content_right(world, i) ? "right" : "WRONG");
        }
    }
    return result;
}

/* Does the fault change, behind the back of whoever does not verify, what is written or where? */
static bool is_unseen_without_md5(fault_kind_t kind)
{
    return kind == FAULT_OUT_FLIP || kind == FAULT_BEGIN_FLIP || kind == FAULT_OUT_SET ||
           kind == FAULT_OUT_INSERT || kind == FAULT_OUT_DOUBLE || kind == FAULT_COMMAND_DOUBLE ||
           kind == FAULT_COMMAND_STATUS || kind == FAULT_FLASH_FLIP;
}

bool result_is_bad(const result_t *result, const fault_t *faults, size_t count)
{
    bool is_lost_verification = result->is_unverified && count == 1;
    bool is_own_doing = result->is_unchecked_wrong && count == 1 && !is_unseen_without_md5(faults[0].kind);
    bool is_hidden =
        result->is_spread && !result->is_spread_unseen && result->error == ESP_LOADER_SUCCESS && count == 1;
    return is_hidden || result->is_verified_wrong || result->has_hung || result->is_next_wrong ||
           result->has_no_detail || is_lost_verification || is_own_doing;
}
