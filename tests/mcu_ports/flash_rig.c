/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The plans of flash_rig.h.
 */
#include "flash_rig.h"

#include <string.h>

#include "esp_loader_plan.h"
#include "test.h"

enum { IMAGES = 3, LARGEST = 40000, FLASH_SIZE = 1 << 20 };

static const struct {
    uint32_t offset;
    uint32_t size;
} places[IMAGES] = {{0x0, 5000}, {0x8000, 3072}, {0x10000, LARGEST}};

static uint8_t content[IMAGES][LARGEST];

static void fill(void)
{
    uint32_t value = 1;
    for (size_t i = 0; i < IMAGES; i++) {
        for (size_t k = 0; k < LARGEST; k++) {
            value = value * 1664525u + 1013904223u;
            content[i][k] = (uint8_t)(value >> 24);
        }
    }
}

static esp_loader_error_t run_plan(esp_loader_port_t *port, esp_loader_image_report_t *reports)
{
    static esp_loader_t loader;
    static uint8_t buffer[2048];
    const esp_loader_plan_options_t options = {.buffer = buffer, .buffer_size = sizeof(buffer)};
    esp_loader_image_t images[IMAGES];
    for (size_t i = 0; i < IMAGES; i++) {
        images[i] = (esp_loader_image_t){.offset = places[i].offset,
                                         .source = {esp_loader_read_memory, content[i], places[i].size},
                                         .is_raw = true};
    }
    esp_loader_error_t error = esp_loader_init_serial(&loader, port);
    if (error == ESP_LOADER_SUCCESS) {
        error = esp_loader_connect(&loader, NULL);
    }
    if (error == ESP_LOADER_SUCCESS) {
        error = esp_loader_plan_run(&loader, images, IMAGES, &options, reports);
    }
    if (error == ESP_LOADER_SUCCESS) {
        esp_loader_reset_target(&loader);
    }
    esp_loader_deinit(&loader);
    return error;
}

void flash_rig_run_over(esp_loader_port_t *port, const flash_rig_cable_t *cable, const char *faults)
{
    esp_loader_image_report_t reports[IMAGES] = {{0}};
    char sentence[200] = "";
    esp_sim_t *sim = esp_sim_new(&(esp_sim_config_t){.chip = cable->chip,
                                                     .flash_size = FLASH_SIZE,
                                                     .wiring = cable->wiring,
                                                     .start_in_download = cable->starts_in_download,
                                                     .faults = faults},
                                 sentence, sizeof(sentence));
    assert_string_equal(sentence, "");
    assert_non_null(sim);
    fill();
    cable->connect(cable->context, sim);
    const esp_loader_error_t error = run_plan(port, reports);
    if (faults == NULL) {
        assert_int_equal(error, ESP_LOADER_SUCCESS);
        assert_string_equal(esp_sim_misuse(sim), "");
        assert_true(cable->starts_in_download ||
                    esp_sim_stats(sim)->line_changes >= 4); /* into the loader, and out of it */
    }
    for (size_t i = 0; i < IMAGES; i++) {
        if (error == ESP_LOADER_SUCCESS) {
            assert_int_equal(reports[i].result, ESP_LOADER_IMAGE_VERIFIED);
        }
        if (reports[i].result == ESP_LOADER_IMAGE_VERIFIED) {
            assert_memory_equal(esp_sim_flash(sim) + places[i].offset, content[i], places[i].size);
        }
    }
    cable->connect(cable->context, NULL);
    esp_sim_free(sim);
}

void flash_rig_run_faults_over(esp_loader_port_t *port, const flash_rig_cable_t *cable)
{
    static const char *const faults[] = {
        "at byte 3000 out: drop",  "at byte 200 in: drop", "at byte 9000 out: corrupt",
        "at byte 300 in: corrupt", "at command 12: stall",
    };
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        flash_rig_run_over(port, cable, faults[i]);
    }
}

/* ---- a UART ---- */

static void connect_uart(const void *context, esp_sim_t *sim)
{
    wire_start(context, sim);
}

static flash_rig_cable_t cable_of(const wire_uart_t *uart)
{
    return (flash_rig_cable_t){
        .chip = "esp32c3", .wiring = ESP_SIM_WIRING_BRIDGE, .connect = connect_uart, .context = uart};
}

void flash_rig_run(esp_loader_port_t *port, const wire_uart_t *uart, const char *faults)
{
    const flash_rig_cable_t cable = cable_of(uart);
    flash_rig_run_over(port, &cable, faults);
}

void flash_rig_run_faults(esp_loader_port_t *port, const wire_uart_t *uart)
{
    const flash_rig_cable_t cable = cable_of(uart);
    flash_rig_run_faults_over(port, &cable);
}
