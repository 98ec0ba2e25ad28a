/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Flashing one board in the 1.x form: one target, no context, every step written out.
 */
#include "flasher.h"

#include <inttypes.h>
#include <stdio.h>

#include "esp_log.h"

#include "esp32_usb_cdc_acm_port.h"
#include "esp_loader_v1.h"

#include "binaries.h"

esp_loader_error_t flasher_open(void (*on_disconnect)(void))
{
    const loader_esp32_usb_cdc_acm_config_t config = {
        .device_vid = FLASHER_VID,
        .device_pid = FLASHER_PID,
        .connection_timeout_ms = FLASHER_TIMEOUT_MS,
        .out_buffer_size = FLASHER_OUT_BUFFER,
        .device_disconnected_callback = on_disconnect,
    };
    return loader_port_esp32_usb_cdc_acm_init(&config);
}

void flasher_close(void)
{
    (void)loader_port_esp32_usb_cdc_acm_deinit(); /* always succeeds */
}

bool flasher_is_attached(void)
{
    return loader_port_esp32_usb_cdc_acm_is_attached();
}

void flasher_read_serial(char *buf, size_t size)
{
    loader_port_esp32_usb_cdc_acm_read_serial(buf, size);
}

void flasher_reset_target(void)
{
    esp_loader_reset_target();
}

/* There is no rate to raise on USB: the chip ignores it. */
static esp_loader_error_t connect_to_target(void)
{
    esp_loader_connect_args_t args = ESP_LOADER_CONNECT_DEFAULT();
    const esp_loader_error_t error = esp_loader_connect(&args);
    if (error == ESP_LOADER_SUCCESS) {
        printf("Connected to target\n");
    } else {
        ESP_LOGE(FLASHER_TAG,
                 "Cannot connect: %s. Put the board into download mode by hand and plug it in again.",
                 esp_loader_error_text(error));
    }
    return error;
}

static esp_loader_error_t write_blocks(const binary_t *binary)
{
    uint32_t done = 0;
    while (done < binary->size) {
        const uint32_t left = binary->size - done;
        const uint32_t size = left < FLASHER_BLOCK_SIZE ? left : FLASHER_BLOCK_SIZE;
        RETURN_ON_ERROR(esp_loader_flash_write(binary->data + done, size));
        done += size;
        printf("\rProgress: %" PRIu32 " %%", (uint32_t)((uint64_t)done * 100u / binary->size));
        fflush(stdout);
    }
    printf("\nFinished programming\n");
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t flash_binary(const char *name, const binary_t *binary, uint32_t offset)
{
    ESP_LOGI(FLASHER_TAG, "Loading %s...", name);
    printf("Erasing flash (this may take a while)...\n");
    RETURN_ON_ERROR(esp_loader_flash_start(offset, binary->size, FLASHER_BLOCK_SIZE));
    printf("Start programming\n");
    RETURN_ON_ERROR(write_blocks(binary));
    RETURN_ON_ERROR(esp_loader_flash_finish(false));
#if MD5_ENABLED
    RETURN_ON_ERROR(esp_loader_flash_verify_known_md5(offset, binary->size, binary->md5));
    printf("Flash verified\n");
#endif
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t flash_all(const binaries_t *set)
{
    RETURN_ON_ERROR(
        flash_binary("bootloader", &set->bootloader, esp_loader_chip_bootloader_offset(set->chip)));
    RETURN_ON_ERROR(flash_binary("partition table", &set->partition_table, FLASHER_TABLE_OFFSET));
    return flash_binary("app", &set->app, FLASHER_APP_OFFSET);
}

esp_loader_error_t flasher_run(void)
{
    RETURN_ON_ERROR(connect_to_target());
    const binaries_t *set = binaries_for(esp_loader_get_target());
    if (set == NULL) {
        ESP_LOGE(FLASHER_TAG, "This is an %s, for which there are no binaries: nothing was erased",
                 esp_loader_chip_name(esp_loader_get_target()));
        return ESP_LOADER_ERROR_INVALID_TARGET;
    }
    const esp_loader_error_t error = flash_all(set);
    if (error != ESP_LOADER_SUCCESS) {
        printf("\n");
        ESP_LOGE(FLASHER_TAG, "Flashing failed while %s: %s",
                 esp_loader_stage_name(esp_loader_error_detail()->stage), esp_loader_error_text(error));
    }
    return error;
}
