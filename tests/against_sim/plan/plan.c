/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Setting up the usual plan and looking at what became of it.
 */
#include "plan.h"
#include "test.h"

#include <string.h>

static const entry_t entries[] = {
    {1, 0x02, 0x9000, 0x6000, "nvs"},
    {0, 0x00, 0x10000, 0x10000, "factory"},
};

static bool is_cancelled(void *ctx)
{
    plan_t *plan = ctx;

    return ++plan->questions == plan->cancel_at;
}

static blob_t image_for(uint16_t chip_id, bool is_app, uint32_t segment_size)
{
    image_spec_t spec = plain_image;

    spec.chip_id = chip_id;
    spec.segment_size = segment_size;
    spec.is_app = is_app;
    return make_image(&spec);
}

void plan_begin_for(plan_t *plan, const char *chip, uint16_t chip_id, uint32_t bootloader_offset)
{
    memset(plan, 0, sizeof(*plan));
    plan->bench.config = (esp_sim_config_t){.chip = chip, .timing = ESP_SIM_TIMING_FAST};
    plan->options.buffer = plan->buffer;
    plan->options.buffer_size = sizeof(plan->buffer);
    plan->options.is_cancelled = is_cancelled;
    plan->options.ctx = plan;
    const bool is_esp8266 = chip_id == ESP_LOADER_IMAGE_NO_CHIP_ID;
    plan_add(plan, bootloader_offset,
             is_esp8266 ? make_esp8266_image(0x40100000, 2000) : image_for(chip_id, false, 1000));
    plan_add(plan, 0x8000, make_table(entries, 2));
    plan_add(plan, 0x10000,
             is_esp8266 ? make_esp8266_image(0x40210010, 10000) : image_for(chip_id, true, 5000));
}

void plan_begin(plan_t *plan)
{
    plan_begin_for(plan, "esp32s3", TEST_CHIP_ID, 0x0);
}

void plan_replace(plan_t *plan, size_t image, blob_t blob)
{
    free_blob(&plan->blobs[image]);
    plan->blobs[image] = blob;
    plan->images[image].source = source_of(&plan->blobs[image]);
}

esp_loader_image_t *plan_add(plan_t *plan, uint32_t offset, blob_t blob)
{
    assert_true(plan->count < MAX_IMAGES);
    plan->blobs[plan->count] = blob;
    plan->images[plan->count].offset = offset;
    plan->images[plan->count].source = source_of(&plan->blobs[plan->count]);
    return &plan->images[plan->count++];
}

void plan_connect(plan_t *plan)
{
    bench_connect(&plan->bench);
}

void plan_reconnect(plan_t *plan)
{
    plan->bench.port.open_wait_ms = 10000;
    assert_int_equal(esp_loader_init_serial(&plan->bench.loader, &plan->bench.port.port), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_connect(&plan->bench.loader, NULL), ESP_LOADER_SUCCESS);
}

esp_loader_error_t plan_run(plan_t *plan)
{
    plan->questions = 0;
    return esp_loader_plan_run(&plan->bench.loader, plan->images, plan->count, &plan->options, plan->reports);
}

void assert_flashed(plan_t *plan, size_t image)
{
    assert_memory_equal(esp_sim_flash(plan->bench.sim) + plan->images[image].offset, plan->blobs[image].bytes,
                        plan->blobs[image].size);
}

void assert_results(const plan_t *plan, esp_loader_image_result_t bootloader, esp_loader_image_result_t table,
                    esp_loader_image_result_t app)
{
    assert_int_equal(plan->reports[BOOTLOADER].result, bootloader);
    assert_int_equal(plan->reports[TABLE].result, table);
    assert_int_equal(plan->reports[APP].result, app);
}

void assert_boots(plan_t *plan)
{
    esp_sim_t *sim = plan->bench.sim;

    esp_sim_reset_button(sim, false);
    esp_sim_run_until(sim, esp_sim_now_us(sim) + 5000000);
    if (esp_sim_state(sim) != ESP_SIM_STATE_APP) {
        fail_msg("%s", esp_sim_console(sim));
    }
}

static void free_images(plan_t *plan)
{
    for (size_t i = 0; i < plan->count; i++) {
        free_blob(&plan->blobs[i]);
    }
}

void plan_end(plan_t *plan)
{
    bench_close(&plan->bench);
    free_images(plan);
}

void plan_end_ignoring_misuse(plan_t *plan)
{
    bench_close_ignoring_misuse(&plan->bench);
    free_images(plan);
}
