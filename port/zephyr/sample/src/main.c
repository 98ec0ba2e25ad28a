/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Flashes an image from memory with a plan into the chip of the node that is chosen as zephyr,esp-loader.
 */
#include <zephyr/kernel.h>
#include <zephyr/sys/printk.h>

#include "esp_loader_plan.h"
#include "zephyr_port.h"

static const uint8_t image[8192] = {0xE9}; /* stands for yours */
static uint8_t buffer[2048];               /* two blocks */

int main(void)
{
    const struct device *dev = DEVICE_DT_GET(DT_CHOSEN(zephyr_esp_loader));
    const esp_loader_image_t images[] = {{.offset = 0x10000,
                                          .source = {esp_loader_read_memory, (void *)image, sizeof(image)},
                                          .is_raw = true}};
    const esp_loader_plan_options_t options = {.buffer = buffer, .buffer_size = sizeof(buffer)};

    if (!device_is_ready(dev)) {
        printk("UART or pins are not ready\n");
        return 0;
    }
    esp_loader_t *loader = esp_loader_from_device(dev);
    esp_loader_error_t error = esp_loader_connect(loader, esp_loader_connect_args_from_device(dev));
    if (error == ESP_LOADER_SUCCESS) {
        error = esp_loader_plan_run(loader, images, 1, &options, NULL);
    }
    if (error == ESP_LOADER_SUCCESS) {
        esp_loader_reset_target(loader);
    }
    printk("%s\n", error == ESP_LOADER_SUCCESS ? "flashed" : esp_loader_error_text(error));
    return 0;
}
