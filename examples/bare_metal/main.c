/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A microcontroller without an operating system flashes three images with a plan: progress and errors in words on its
 * console, and at the end how much memory that took.
 */
#include "board.h"
#include "board_port.h"
#include "board_uart.h"
#include "console.h"
#include "esp_loader_plan.h"
#include "startup.h"

/* images.S */
extern const uint8_t image_bootloader[], image_bootloader_end[];
extern const uint8_t image_table[], image_table_end[];
extern const uint8_t image_app[], image_app_end[];

/* Two blocks of the ROM loader, so that the next one is read while the target works on this one. */
static uint8_t buffer[2 * 1024];
static esp_loader_t loader;

static esp_loader_source_t memory(const uint8_t *begin, const uint8_t *end)
{
    return (esp_loader_source_t){esp_loader_read_memory, (void *)(uintptr_t)begin, (uint32_t)(end - begin)};
}

/* One line per image; a dot for each eighth of it that is there. */
static void show_progress(void *ctx, const esp_loader_plan_event_t *event)
{
    uint32_t *dots = ctx;
    if (event->step == ESP_LOADER_PLAN_WRITE) {
        if (event->done == 0) {
            console_text("  ");
            console_text(event->image->name);
            console_text(" at ");
            console_hex(event->image->offset);
            console_text(" ");
            *dots = 0;
        }
        for (; *dots < 8 && event->done >= (event->total + 7) / 8 * (*dots + 1); (*dots)++) {
            console_text(".");
        }
        if (event->done == event->total) {
            console_text(*dots < 8 ? ".\n" : "\n");
        }
    } else if (event->step == ESP_LOADER_PLAN_DONE) {
        console_text("  ");
        console_text(event->image->name);
        console_text(" verified, ");
        console_number(event->total);
        console_text(" bytes\n");
    }
}

static esp_loader_error_t flash_images(void)
{
    const esp_loader_image_t images[] = {
        {.name = "bootloader",
         .offset = BOOTLOADER_OFFSET,
         .source = memory(image_bootloader, image_bootloader_end)},
        {.name = "partition table", .offset = TABLE_OFFSET, .source = memory(image_table, image_table_end)},
        {.name = "app", .offset = APP_OFFSET, .source = memory(image_app, image_app_end)},
    };
    uint32_t dots = 0;
    const esp_loader_plan_options_t options = {
        .buffer = buffer, .buffer_size = sizeof(buffer), .on_event = show_progress, .ctx = &dots};

    RETURN_ON_ERROR(esp_loader_connect(&loader, NULL));
    RETURN_ON_ERROR(esp_loader_plan_run(&loader, images, 3, &options, NULL));
    esp_loader_reset_target(&loader);
    return ESP_LOADER_SUCCESS;
}

static void print_memory(void)
{
    console_text("stack: ");
    console_number(startup_stack_used());
    console_text(" of ");
    console_number(startup_stack_size());
    console_text(" bytes, other RAM: ");
    console_number(startup_static_size());
    console_text(" bytes\n");
}

int main(void)
{
    esp_loader_port_t port = {.ops = &board_port_ops};
    esp_loader_error_t error = esp_loader_init_serial(&loader, &port);
    console_text("flashing three images\n");
    if (error == ESP_LOADER_SUCCESS) {
        error = flash_images();
    }
    if (error != ESP_LOADER_SUCCESS) {
        console_text("failed while ");
        console_text(esp_loader_stage_name(esp_loader_error_detail(&loader)->stage));
        console_text(": ");
        console_text(esp_loader_error_text(error));
        console_text("\n");
    }
    if (board_has_lost_bytes()) {
        console_text("bytes were lost\n");
    }
    esp_loader_deinit(&loader);
    print_memory();
    console_text("result: ");
    console_text(esp_loader_error_name(error));
    console_text("\n");
    return (int)error;
}
