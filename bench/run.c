/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "esp_loader_plan.h"
#include "sim_port.h"

#define FLASH_SIZE (4u << 20)

typedef struct {
    const bench_case_t *c;
    const bench_cable_t *cable; /* NULL: the rate is kept */
    sim_port_t port;
    esp_loader_t loader;
    image_part_t parts[IMAGE_MAX_PARTS];
    size_t part_count;
    uint8_t *deflated; /* newest zlib stream */
    bool has_begun;
    uint64_t began_us;
    esp_sim_stats_t before; /* counters when it began */
    uint64_t writes, reads;
    figures_t figures;
} run_t;

static uint64_t now_us(const run_t *run)
{
    return esp_sim_now_us(run->port.sim);
}

/* The first event comes before the first command about the image. */
static void on_event(void *ctx, const esp_loader_plan_event_t *event)
{
    run_t *run = ctx;
    (void)event;
    if (!run->has_begun) {
        run->has_begun = true;
        run->began_us = now_us(run);
        run->before = *esp_sim_stats(run->port.sim);
        run->writes = run->port.base.writes;
        run->reads = run->port.base.reads;
    }
}

static void on_trial(void *ctx, const esp_loader_rate_trial_t *trial)
{
    run_t *run = ctx;
    run->figures.rate_ms += trial->time_ms;
    if (trial->result == ESP_LOADER_RATE_GOOD) {
        run->figures.rate_baud = trial->rate_baud;
    }
}

/* A host that compresses. */
static esp_loader_error_t deflate(void *ctx, const esp_loader_source_t *content,
                                  esp_loader_source_t *out_deflated)
{
    run_t *run = ctx;
    size_t size = 0;
    uint8_t *bytes = malloc(content->size);
    if (bytes == NULL) {
        return ESP_LOADER_ERROR_SOURCE;
    }
    esp_loader_error_t err = content->read(content->ctx, 0, bytes, content->size);
    free(run->deflated);
    run->figures.deflated += content->size;
    run->deflated = image_deflate(bytes, content->size, &size);
    free(bytes);
    *out_deflated = (esp_loader_source_t){esp_loader_read_memory, run->deflated, (uint32_t)size};
    return err;
}

static esp_loader_error_t connect(run_t *run)
{
    const bench_link_t *link = &run->c->link;
    esp_loader_connect_args_t args = ESP_LOADER_CONNECT_DEFAULT();
    uint64_t start_us = now_us(run);
    RETURN_ON_ERROR(esp_loader_init_serial(&run->loader, &run->port.base.port));
    RETURN_ON_ERROR(esp_loader_connect(&run->loader, &args));
    run->figures.connect_us = now_us(run) - start_us;
    if (link->is_stub) {
        start_us = now_us(run);
        RETURN_ON_ERROR(esp_loader_connect_with_stub(&run->loader, &args));
        uint64_t again_us = now_us(run) - start_us; /* connects once more, then loads the stub */
        run->figures.stub_us = again_us > run->figures.connect_us ? again_us - run->figures.connect_us : 0;
    }
    if (link->wiring != ESP_SIM_WIRING_USJ && link->rate_baud != 115200) {
        RETURN_ON_ERROR(esp_loader_change_transmission_rate(&run->loader, link->rate_baud));
    }
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t verify(run_t *run, const uint8_t *image)
{
    uint64_t start_us = now_us(run);
    for (size_t i = 0; i < run->part_count; i++) {
        const image_part_t *part = &run->parts[i];
        uint8_t digest[ESP_LOADER_MD5_SIZE];
        esp_loader_md5_t md5;
        esp_loader_md5_init(&md5);
        esp_loader_md5_update(&md5, image + part->offset, part->size);
        esp_loader_md5_finish(&md5, digest);
        RETURN_ON_ERROR(esp_loader_flash_verify_known_md5(&run->loader, BENCH_IMAGE_OFFSET + part->offset,
                                                          part->size, digest));
    }
    run->figures.verify_us = now_us(run) - start_us;
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t flash(run_t *run, const uint8_t *image)
{
    static uint8_t buffer[32768];
    esp_loader_image_t plan[IMAGE_MAX_PARTS];
    for (size_t i = 0; i < run->part_count; i++) {
        const image_part_t *part = &run->parts[i];
        union {
            const uint8_t *bytes;
            void *ctx;
        } content = {image + part->offset}; /* esp_loader_read_memory() only reads */
        plan[i] = (esp_loader_image_t){.name = "image",
                                       .offset = BENCH_IMAGE_OFFSET + part->offset,
                                       .source = {esp_loader_read_memory, content.ctx, part->size},
                                       .is_raw = true};
    }
    const esp_loader_deflater_t deflater = {deflate, run};
    const esp_loader_rate_options_t rate = {
        .highest_baud = run->cable != NULL ? run->cable->max_rate_baud : 0, .on_trial = on_trial, .ctx = run};
    esp_loader_plan_options_t options = {.buffer = buffer,
                                         .buffer_size = sizeof(buffer),
                                         .skip_verify = run->cable == NULL,
                                         .rewrite_equal = !run->c->is_compared,
                                         .on_event = on_event,
                                         .ctx = run,
                                         .deflater = &deflater,
                                         .keep_rate = run->cable == NULL,
                                         .rate = &rate};
    RETURN_ON_ERROR(connect(run));
    uint64_t start_us = now_us(run);
    RETURN_ON_ERROR(esp_loader_plan_run(&run->loader, plan, run->part_count, &options, NULL));
    const esp_sim_stats_t *after = esp_sim_stats(run->port.sim);
    run->figures.prepare_us = run->began_us - start_us;
    run->figures.write_us = now_us(run) - run->began_us;
    run->figures.writes = run->port.base.writes - run->writes;
    run->figures.reads = run->port.base.reads - run->reads;
    run->figures.bytes_out = after->bytes_out - run->before.bytes_out;
    run->figures.bytes_in = after->bytes_in - run->before.bytes_in;
    run->figures.sectors_erased = after->sectors_erased - run->before.sectors_erased;
    run->figures.flash_busy_us = after->flash_busy_us - run->before.flash_busy_us;
    return verify(run, image);
}

static bool holds(const run_t *run, const uint8_t *image, const uint8_t *flash_bytes)
{
    for (size_t i = 0; i < run->part_count; i++) {
        const image_part_t *part = &run->parts[i];
        if (memcmp(flash_bytes + BENCH_IMAGE_OFFSET + part->offset, image + part->offset, part->size) != 0) {
            return false;
        }
    }
    return true;
}

/* On a bad cable the host looks as if it misused the chip. */
static bool run_on(const bench_cable_t *cable, bool is_unnamed, const bench_case_t *c, const uint8_t *image,
                   uint8_t *before, figures_t *out)
{
    char error[160] = "";
    esp_sim_config_t config = {.chip = c->link.chip,
                               .wiring = c->link.wiring,
                               .flash_size = FLASH_SIZE,
                               .latency_us = c->link.latency_us,
                               .faults = cable != NULL ? cable->faults : NULL,
                               .accepts_any_stub = true};
    esp_sim_t *sim = esp_sim_new(&config, error, sizeof(error));
    if (sim == NULL) {
        fprintf(stderr, "bench: %s\n", error);
        return false;
    }
    uint8_t *bytes = esp_sim_flash(sim);
    flash_fill(c->flash, image, c->size, bytes, FLASH_SIZE, BENCH_IMAGE_OFFSET);
    memcpy(before, bytes + BENCH_IMAGE_OFFSET, c->size);

    run_t run = {.c = c, .cable = cable};
    run.part_count = image_parts(c->image, c->size, run.parts);
    sim_port_init(&run.port, sim, c->link.wiring);
    run.port.base.link = is_unnamed ? ESP_LOADER_LINK_UNKNOWN : run.port.base.link;
    esp_loader_error_t result = flash(&run, image);
    bool is_good = result == ESP_LOADER_SUCCESS && holds(&run, image, bytes) &&
                   ((cable != NULL && cable->faults != NULL) || esp_sim_misuse(sim)[0] == '\0');
    if (!is_good) {
        fprintf(stderr, "bench: %s: %s\n%s", c->link.chip, esp_loader_error_name(result),
                esp_sim_misuse(sim));
    }
    esp_sim_free(sim);
    free(run.deflated);
    *out = run.figures;
    return is_good;
}

bool bench_run(const bench_case_t *c, const uint8_t *image, uint8_t *before, figures_t *out)
{
    return run_on(NULL, false, c, image, before, out);
}

bool bench_run_unnamed(const bench_case_t *c, const uint8_t *image, uint8_t *before, figures_t *out)
{
    return run_on(NULL, true, c, image, before, out);
}

bool bench_run_on(const bench_cable_t *cable, const bench_case_t *c, const uint8_t *image, uint8_t *before,
                  figures_t *out)
{
    return run_on(cable, false, c, image, before, out);
}
