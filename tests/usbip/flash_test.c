/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The whole conversation of flashing over USB/IP, with the library at the host's end: reset into download
 * mode by the lines, connect, write, verify, reset; unplugged in the middle and begun again.
 */
#define _DEFAULT_SOURCE

#include "bench.h"
#include "esp_loader_plan.h"
#include "usbip_port.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

enum { IMAGE_SIZE = 50000, OFFSET = 0x20000, BLOCK_SIZE = 1024 };

typedef struct {
    bench_t bench;
    usbip_client_t client;
    usbip_port_t port;
    esp_loader_t loader;
    uint8_t image[IMAGE_SIZE];
    uint8_t block[BLOCK_SIZE];
    esp_loader_image_report_t report;
} desk_t;

/* A case with an esp-sim at this speed, which reports nothing: no misuse either. */
static void run_desk(const char *speed, void (*run)(desk_t *desk))
{
    static desk_t desk;
    bench_start(&desk.bench, (const char *const[]){"--usbip=0", "--speed", speed, "--quiet", NULL});
    for (size_t i = 0; i < IMAGE_SIZE; i++)
        desk.image[i] = (uint8_t)(i * 7 + i / 256);
    run(&desk);
    assert_int_equal(program_stop(&desk.bench.program, SIGTERM, desk.bench.answer), 0);
    assert_string_equal(desk.bench.answer, "");
    bench_stop(&desk.bench);
}

#define TEST_DESK(name, speed) TEST_GIVEN(name, desk_t *desk, run_desk(speed, case_##name))

/* Imports the board and runs the plan. */
static esp_loader_error_t flash(desk_t *desk)
{
    uint32_t status;
    while ((status = usbip_import(&desk->client, desk->bench.where, "1-1")) != 0)
        assert_int_equal(status, 4); /* not back on the bus yet */
    usbip_port_init(&desk->port, &desk->client);
    const esp_loader_image_t image = {.name = "data",
                                      .offset = OFFSET,
                                      .source = {esp_loader_read_memory, desk->image, IMAGE_SIZE},
                                      .is_raw = true};
    const esp_loader_plan_options_t options = {.buffer = desk->block, .buffer_size = BLOCK_SIZE};
    desk->report = (esp_loader_image_report_t){0};

    esp_loader_error_t error = esp_loader_init_serial(&desk->loader, &desk->port.base.port);
    if (error == ESP_LOADER_SUCCESS)
        error = esp_loader_connect(&desk->loader, NULL);
    if (error == ESP_LOADER_SUCCESS)
        error = esp_loader_plan_run(&desk->loader, &image, 1, &options, &desk->report);
    if (error == ESP_LOADER_SUCCESS)
        error = esp_loader_reset_target_checked(&desk->loader);
    usbip_close(&desk->client);
    return error;
}

/* The flash holds the image: compared byte for byte from a saved copy. */
static void assert_flashed(desk_t *desk)
{
    static uint8_t found[IMAGE_SIZE];
    char command[256];
    program_path(&desk->bench.program, "save %/flash.bin", command, sizeof(command));
    bench_control(&desk->bench, command);
    FILE *file = fopen(command + strlen("save "), "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, OFFSET, SEEK_SET), 0);
    assert_int_equal(fread(found, 1, IMAGE_SIZE, file), IMAGE_SIZE);
    (void)fclose(file);
    assert_memory_equal(found, desk->image, IMAGE_SIZE);
}

static void check_writing(desk_t *desk)
{
    assert_int_equal(flash(desk), ESP_LOADER_SUCCESS);
    assert_int_equal(desk->report.result, ESP_LOADER_IMAGE_VERIFIED);
    assert_flashed(desk);
}

TEST_DESK(image_is_written_and_verified, "max")
{
    check_writing(desk);
}

TEST_DESK(image_is_written_and_verified_at_ten_times_the_speed, "10")
{
    check_writing(desk);
}

TEST_DESK(second_run_finds_nothing_to_do, "max")
{
    assert_int_equal(flash(desk), ESP_LOADER_SUCCESS);
    assert_int_equal(flash(desk), ESP_LOADER_SUCCESS);
    assert_int_equal(desk->report.result, ESP_LOADER_IMAGE_EQUAL);
}

TEST_DESK(unplugged_board_is_noticed_and_flashed_when_it_is_back, "max")
{
    static const unsigned transfers[] = {3, 20, 100, 400, 800};
    for (size_t i = 0; i < sizeof(transfers) / sizeof(transfers[0]); i++) {
        char command[64];
        for (size_t k = 0; k < IMAGE_SIZE; k += 1024)
            desk->image[k] ^= 0xFF; /* all of it is to be written each time */
        (void)snprintf(command, sizeof(command), "faults at transfer %u out : disconnect 2 s", transfers[i]);
        bench_control(&desk->bench, command);
        assert_int_equal(flash(desk), ESP_LOADER_ERROR_DISCONNECTED);
        assert_int_equal(flash(desk), ESP_LOADER_SUCCESS);
        assert_flashed(desk);
    }
}
