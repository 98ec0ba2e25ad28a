/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The whole conversation of flashing over USB/IP, with the library at the host's end: reset into download
 * mode by the lines, connect, write, verify, reset; unplugged in the middle and begun again.
 */
#define _DEFAULT_SOURCE

#include "client.h"
#include "esp_loader_plan.h"
#include "test.h"
#include "usbip_port.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { IMAGE_SIZE = 50000, OFFSET = 0x20000, BLOCK_SIZE = 1024 };

typedef struct {
    program_t program;
    char where[64];
    int control;
    usbip_client_t client;
    usbip_port_t port;
    esp_loader_t loader;
    uint8_t image[IMAGE_SIZE];
    uint8_t block[BLOCK_SIZE];
    esp_loader_image_report_t report;
} bench_t;

static void bench_start(bench_t *bench, const char *speed)
{
    char path[128];
    program_start(&bench->program, (const char *const[]){"--usbip", "0", "--speed", speed, "--quiet",
                                                         "--control", "%/c", NULL});
    program_where(&bench->program, "usbip", 0, bench->where, sizeof(bench->where));
    program_path(&bench->program, "%/c", path, sizeof(path));
    bench->control = client_connect_unix(path);
    for (size_t i = 0; i < IMAGE_SIZE; i++)
        bench->image[i] = (uint8_t)(i * 7 + i / 256);
}

static void bench_stop(bench_t *bench)
{
    char errors[CLIENT_TEXT_SIZE];
    (void)close(bench->control);
    assert_int_equal(program_stop(&bench->program, SIGTERM, errors), 0);
    assert_string_equal(errors, ""); /* no misuse among it */
}

/* Imports the board and runs the plan. */
static esp_loader_error_t flash(bench_t *bench)
{
    uint32_t status;
    while ((status = usbip_import(&bench->client, bench->where, "1-1")) != 0)
        assert_int_equal(status, 4); /* not back on the bus yet */
    usbip_port_init(&bench->port, &bench->client);
    const esp_loader_image_t image = {.name = "data",
                                      .offset = OFFSET,
                                      .source = {esp_loader_read_memory, bench->image, IMAGE_SIZE},
                                      .is_raw = true};
    const esp_loader_plan_options_t options = {.buffer = bench->block, .buffer_size = BLOCK_SIZE};
    bench->report = (esp_loader_image_report_t){0};

    esp_loader_error_t error = esp_loader_init_serial(&bench->loader, &bench->port.base.port);
    if (error == ESP_LOADER_SUCCESS)
        error = esp_loader_connect(&bench->loader, NULL);
    if (error == ESP_LOADER_SUCCESS)
        error = esp_loader_plan_run(&bench->loader, &image, 1, &options, &bench->report);
    if (error == ESP_LOADER_SUCCESS)
        error = esp_loader_reset_target_checked(&bench->loader);
    usbip_close(&bench->client);
    return error;
}

/* The flash holds the image: compared byte for byte from a saved copy. */
static void assert_flashed(bench_t *bench)
{
    static uint8_t found[IMAGE_SIZE];
    char path[128];
    char command[256];
    char answer[CLIENT_TEXT_SIZE];
    program_path(&bench->program, "%/flash.bin", path, sizeof(path));
    (void)snprintf(command, sizeof(command), "save %s", path);
    client_control(bench->control, command, answer);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, OFFSET, SEEK_SET), 0);
    assert_int_equal(fread(found, 1, IMAGE_SIZE, file), IMAGE_SIZE);
    (void)fclose(file);
    assert_memory_equal(found, bench->image, IMAGE_SIZE);
}

TEST(image_is_written_and_verified)
{
    static bench_t bench;
    static const char *const speeds[] = {"max", "10"};
    for (size_t i = 0; i < 2; i++) {
        bench_start(&bench, speeds[i]);
        assert_int_equal(flash(&bench), ESP_LOADER_SUCCESS);
        assert_int_equal(bench.report.result, ESP_LOADER_IMAGE_VERIFIED);
        assert_flashed(&bench);
        bench_stop(&bench);
    }
}

TEST(second_run_finds_nothing_to_do)
{
    static bench_t bench;
    bench_start(&bench, "max");
    assert_int_equal(flash(&bench), ESP_LOADER_SUCCESS);
    assert_int_equal(flash(&bench), ESP_LOADER_SUCCESS);
    assert_int_equal(bench.report.result, ESP_LOADER_IMAGE_EQUAL);
    bench_stop(&bench);
}

TEST(unplugged_board_is_noticed_and_flashed_when_it_is_back)
{
    static const unsigned transfers[] = {3, 20, 100, 400, 800};
    static bench_t bench;
    char answer[CLIENT_TEXT_SIZE];
    bench_start(&bench, "max");
    for (size_t i = 0; i < sizeof(transfers) / sizeof(transfers[0]); i++) {
        char command[64];
        for (size_t k = 0; k < IMAGE_SIZE; k += 1024)
            bench.image[k] ^= 0xFF; /* all of it is to be written each time */
        (void)snprintf(command, sizeof(command), "faults at transfer %u out : disconnect 2 s", transfers[i]);
        client_control(bench.control, command, answer);
        assert_int_equal(flash(&bench), ESP_LOADER_ERROR_DISCONNECTED);
        assert_int_equal(flash(&bench), ESP_LOADER_SUCCESS);
        assert_flashed(&bench);
    }
    bench_stop(&bench);
}
