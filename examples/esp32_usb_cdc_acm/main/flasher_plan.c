/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Flashing one board with the plan API: the images are checked as a whole before anything is erased, and what
 * the board holds already is not written again. Where flasher stubs are built in, the board gets one: it
 * writes faster than the loader in its ROM, because the next block is on its way while one is written.
 */
#include "flasher.h"

#include <inttypes.h>
#include <stdio.h>

#include "esp_log.h"

#include "esp32_usb_cdc_acm_port.h"
#include "esp_loader_plan.h"

#include "binaries.h"

#ifndef MD5_ENABLED
#define MD5_ENABLED 0
#endif

#define IMAGE_COUNT 3
#define NO_IMAGE    SIZE_MAX

/* Where blocks are kept. A stub takes up to 16 KiB at a time; a buffer of twice that has room for the next
 * one. */
#ifndef ESP_LOADER_HAS_STUBS
#define BUFFER_SIZE FLASHER_BLOCK_SIZE
#elif defined(CONFIG_USB_FLASHER_STUB_BUFFER)
#define BUFFER_SIZE CONFIG_USB_FLASHER_STUB_BUFFER
#else
#define BUFFER_SIZE 32768
#endif

static esp_loader_t loader;
static esp32_usb_cdc_acm_port_t port;

esp_loader_error_t flasher_open(void (*on_disconnect)(void))
{
    port = (esp32_usb_cdc_acm_port_t){
        .port.ops = &esp32_usb_cdc_acm_ops,
        .device_vid = FLASHER_VID,
        .device_pid = FLASHER_PID,
        .connection_timeout_ms = FLASHER_TIMEOUT_MS,
        .out_buffer_size = FLASHER_OUT_BUFFER,
        .device_disconnected_callback = on_disconnect,
    };
    return esp_loader_init_serial(&loader, &port.port);
}

void flasher_close(void)
{
    esp_loader_deinit(&loader);
}

bool flasher_is_attached(void)
{
    return esp32_usb_cdc_acm_is_attached(&port);
}

void flasher_read_serial(char *buf, size_t size)
{
    esp32_usb_cdc_acm_read_serial(&port, buf, size);
}

void flasher_reset_target(void)
{
    esp_loader_reset_target(&loader);
}

typedef struct {
    size_t image_index; /* of the last event */
    esp_loader_image_report_t reports[IMAGE_COUNT];
} progress_t;

static void print_result(const esp_loader_image_report_t *report)
{
    if (report->result == ESP_LOADER_IMAGE_EQUAL) {
        printf("Already up to date\n");
    } else {
        printf("\nFinished programming\n");
    }
    if (report->result == ESP_LOADER_IMAGE_VERIFIED) {
        printf("Flash verified\n");
    }
}

static void on_event(void *ctx, const esp_loader_plan_event_t *event)
{
    progress_t *progress = ctx;
    if (progress->image_index != event->image_index) {
        progress->image_index = event->image_index;
        ESP_LOGI(FLASHER_TAG, "Loading %s...", event->image->name);
    }
    switch (event->step) {
    case ESP_LOADER_PLAN_ERASE:
        printf("Erasing flash (this may take a while)...\n");
        break;
    case ESP_LOADER_PLAN_WRITE:
        if (event->done == 0) {
            printf("Start programming\n");
        } else {
            printf("\rProgress: %" PRIu32 " %%", (uint32_t)((uint64_t)event->done * 100u / event->total));
            fflush(stdout);
        }
        break;
    case ESP_LOADER_PLAN_DONE:
        print_result(&progress->reports[event->image_index]);
        break;
    case ESP_LOADER_PLAN_COMPARE:
    case ESP_LOADER_PLAN_VERIFY:
        break;
    }
}

static esp_loader_image_t image_of(const char *name, uint32_t offset, const binary_t *binary)
{
    return (esp_loader_image_t){
        .name = name,
        .offset = offset,
        .source = {.read = esp_loader_read_memory,
                   .ctx = (void *)(uintptr_t)binary->data,
                   .size = binary->size},
    };
}

static esp_loader_error_t flash_all(const binaries_t *set)
{
    static uint8_t buffer[BUFFER_SIZE];
    const esp_loader_image_t images[IMAGE_COUNT] = {
        image_of("bootloader", esp_loader_chip_bootloader_offset(set->chip), &set->bootloader),
        image_of("partition table", FLASHER_TABLE_OFFSET, &set->partition_table),
        image_of("app", FLASHER_APP_OFFSET, &set->app),
    };
    progress_t progress = {.image_index = NO_IMAGE};
    const esp_loader_plan_options_t options = {
        .buffer = buffer,
        .buffer_size = sizeof(buffer),
        .skip_verify = !MD5_ENABLED,
        .on_event = on_event,
        .ctx = &progress,
    };
    return esp_loader_plan_run(&loader, images, IMAGE_COUNT, &options, progress.reports);
}

#ifdef ESP_LOADER_HAS_STUBS

/** Did the stub fail, rather than the board? There may be none for it, its security may not let one run, or
 * it was uploaded but sent no start-up message. */
static bool is_stub_to_blame(void)
{
    const esp_loader_error_detail_t *detail = esp_loader_error_detail(&loader);
    return detail->stage == ESP_LOADER_STAGE_STUB && detail->error != ESP_LOADER_ERROR_DISCONNECTED &&
           detail->error != ESP_LOADER_ERROR_IO;
}

/** Connects to the stub, or where it does not run to the ROM loader, which is reset and so there again. */
static esp_loader_error_t connect_to_board(void)
{
    const esp_loader_error_t error = esp_loader_connect_with_stub(&loader, NULL);
    if (error == ESP_LOADER_SUCCESS || !is_stub_to_blame()) {
        return error;
    }
    ESP_LOGW(FLASHER_TAG, "The flasher stub does not run (%s): using the ROM loader, which is slower",
             esp_loader_error_text(esp_loader_error_detail(&loader)->cause));
    return esp_loader_connect(&loader, NULL);
}

#else

static esp_loader_error_t connect_to_board(void)
{
    return esp_loader_connect(&loader, NULL);
}

#endif

esp_loader_error_t flasher_run(void)
{
    esp_loader_error_t error = connect_to_board();
    if (error != ESP_LOADER_SUCCESS) {
        ESP_LOGE(FLASHER_TAG,
                 "Cannot connect: %s. Put the board into download mode by hand and plug it in again.",
                 esp_loader_error_text(error));
        return error;
    }
    printf("Connected to target\n");
    if (esp_loader_stub_is_running(&loader)) {
        ESP_LOGI(FLASHER_TAG, "Using the flasher stub");
    }
    const binaries_t *set = binaries_for(esp_loader_get_target(&loader));
    if (set == NULL) {
        ESP_LOGE(FLASHER_TAG, "This is an %s, for which there are no binaries: nothing was erased",
                 esp_loader_chip_name(esp_loader_get_target(&loader)));
        return ESP_LOADER_ERROR_INVALID_TARGET;
    }
    error = flash_all(set);
    if (error != ESP_LOADER_SUCCESS) {
        printf("\n");
        ESP_LOGE(FLASHER_TAG, "Flashing failed while %s: %s",
                 esp_loader_stage_name(esp_loader_error_detail(&loader)->stage),
                 esp_loader_error_text(error));
    }
    return error;
}
