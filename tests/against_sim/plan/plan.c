/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Setting up the usual plan and looking at what became of it.
 */
#include "plan.h"

#include <stdlib.h>
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

const plan_chip_t plan_chips[] = {
    {"esp32", 0, 0x1000},    {"esp32s2", 2, 0x1000},  {"esp32s3", 9, 0x0},      {"esp32c2", 12, 0x0},
    {"esp32c3", 5, 0x0},     {"esp32c5", 23, 0x2000}, {"esp32c6", 13, 0x0},     {"esp32c61", 20, 0x0},
    {"esp32h2", 16, 0x0},    {"esp32p4", 18, 0x2000}, {"esp32s31", 32, 0x2000}, {"esp32h21", 25, 0x0},
    {"esp32h4", 28, 0x2000},
};
const size_t plan_chip_count = COUNT(plan_chips);

static void free_images(plan_t *plan)
{
    while (plan->count > 0) {
        free_blob(&plan->blobs[--plan->count]);
    }
}

void plan_take_chip(plan_t *plan, const plan_chip_t *chip)
{
    const bool is_esp8266 = chip->image_id == ESP_LOADER_IMAGE_NO_CHIP_ID;

    free_images(plan);
    plan->bench.config.chip = chip->name;
    plan->bench.config.wiring = ESP_SIM_WIRING_BRIDGE;
    plan_add(plan, chip->bootloader_offset,
             is_esp8266 ? make_esp8266_image(0x40100000, 2000) : image_for(chip->image_id, false, 1000));
    plan_add(plan, 0x8000, make_table(entries, 2));
    plan_add(plan, 0x10000,
             is_esp8266 ? make_esp8266_image(0x40210010, 10000) : image_for(chip->image_id, true, 5000));
}

/* The chip executes its mask ROM where EL_ROM of the environment is the ELF file of that, named as scripts/fetch-roms does. */
static void take_code(plan_t *plan)
{
    const char *file = getenv("EL_ROM");
    const char *slash = file != NULL ? strrchr(file, '/') : NULL;
    const char *name = slash != NULL ? slash + 1 : file;

    for (size_t i = 0; name != NULL && i < plan_chip_count; i++) {
        const size_t size = strlen(plan_chips[i].name);
        if (strncmp(name, plan_chips[i].name, size) == 0 && name[size] == '_') {
            plan_take_chip(plan, &plan_chips[i]);
            plan->bench.config.rom_elf = file;
        }
    }
    if (file != NULL && plan->bench.config.rom_elf == NULL) {
        fail_msg("%s is of no chip that is known", file);
    }
    plan->bench.expects_misuse = file != NULL; /* code says nothing of it */
}

void plan_begin(plan_t *plan)
{
    memset(plan, 0, sizeof(*plan));
    plan->options.buffer = plan->buffer;
    plan->options.buffer_size = sizeof(plan->buffer);
    plan->options.is_cancelled = is_cancelled;
    plan->options.ctx = plan;
    plan_take_chip(plan, &(plan_chip_t){"esp32s3", TEST_CHIP_ID, 0x0});
    take_code(plan);
    plan->bench.config.wiring = ESP_SIM_WIRING_USJ;
    plan->bench.config.timing = ESP_SIM_TIMING_FAST;
    plan->bench.config.accepts_any_stub = plan->bench.config.rom_elf == NULL;
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
    bench_reconnect(&plan->bench);
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

void assert_all_flashed(plan_t *plan)
{
    for (size_t i = 0; i < plan->count; i++) {
        assert_flashed(plan, i);
    }
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

void plan_end(plan_t *plan)
{
    bench_close(&plan->bench);
    free_images(plan);
}

void plan_add_neighbour(plan_t *plan)
{
    const esp_loader_image_t *app = &plan->images[APP];
    const uint32_t end = app->offset + (app->source.size + 4095) / 4096 * 4096;

    plan_add(plan, end, make_blob(6000, 0x5A))->is_raw = true;
}

/* false: the plan ends before its n-th command. */
static bool survives_cut(int loader, size_t buffer_size, unsigned n)
{
    esp_loader_image_report_t first[MAX_IMAGES];
    plan_t plan;

    plan_begin(&plan);
    plan.bench.target_loader = loader;
    plan.bench.expects_misuse = true;
    plan.options.buffer_size = buffer_size;
    plan_add_neighbour(&plan);
    plan_connect(&plan);
    bench_faults_at(&plan.bench, "at command %u: disconnect 100ms", n);
    const esp_loader_error_t err = plan_run(&plan);
    if (err != ESP_LOADER_SUCCESS) {
        assert_int_equal(err, ESP_LOADER_ERROR_DISCONNECTED);
        memcpy(first, plan.reports, sizeof(first));
        plan_reconnect(&plan);
        assert_success(plan_run(&plan));
        for (size_t i = 0; i < plan.count; i++) {
            assert_flashed(&plan, i);
            if (first[i].result == ESP_LOADER_IMAGE_VERIFIED) {
                assert_int_equal(plan.reports[i].result, ESP_LOADER_IMAGE_EQUAL);
                assert_int_equal(plan.reports[i].sectors_erased, 0);
            }
        }
    }
    assert_boots(&plan);
    plan_end(&plan);
    return err != ESP_LOADER_SUCCESS;
}

unsigned plan_cut_everywhere(int loader, size_t buffer_size)
{
    unsigned n = 1;

    while (survives_cut(loader, buffer_size, n)) {
        n++;
    }
    return n - 1;
}

void plan_run_cases(int loaders, size_t count, plan_case_t run)
{
    for (int loader = ROM; loader < loaders; loader++) {
        for (size_t i = 0; i < count; i += test_row_step()) {
            plan_t plan;

            test_begin_row(loader == STUB ? "stub" : "ROM", i);
            plan_begin(&plan);
            plan.bench.target_loader = loader;
            run(&plan, loader, i);
            plan_end(&plan);
        }
    }
    test_begin_row(NULL, 0);
}
