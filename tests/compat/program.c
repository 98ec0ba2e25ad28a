/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A program for the 2.0 API, context form: host, TCP service, then pairs of offset and file. Uses only names
 * of that API, the context uninitialised on the stack, chunks of 1 KiB, and verification by MD5.
 */
#include <stdio.h>
#include <stdlib.h>

#include "esp_loader.h"
#include "tcp_port.h"

static esp_loader_error_t flash_file(esp_loader_t *loader, uint32_t offset, FILE *file, uint32_t size)
{
    static uint8_t payload[1024];
    esp_loader_flash_cfg_t cfg = {
        .offset = offset,
        .image_size = size,
        .block_size = sizeof(payload),
    };
    RETURN_ON_ERROR(esp_loader_flash_start(loader, &cfg));
    for (size_t count; (count = fread(payload, 1, sizeof(payload), file)) > 0;) {
        RETURN_ON_ERROR(esp_loader_flash_write(loader, &cfg, payload, (uint32_t)count));
    }
    return esp_loader_flash_finish(loader, &cfg);
}

static esp_loader_error_t describe(esp_loader_t *loader)
{
    uint8_t mac[6];
    uint32_t size;
    esp_loader_target_security_info_t info;
    RETURN_ON_ERROR(esp_loader_read_mac(loader, mac));
    RETURN_ON_ERROR(esp_loader_flash_detect_size(loader, &size));
    RETURN_ON_ERROR(esp_loader_get_security_info(loader, &info));
    printf("chip %d, mac %02x:%02x:%02x:%02x:%02x:%02x, flash %u bytes, secure boot %s\n",
           (int)esp_loader_get_target(loader), mac[0], mac[1], mac[2], mac[3], mac[4], mac[5], (unsigned)size,
           info.secure_boot_enabled ? "on" : "off");
    return ESP_LOADER_SUCCESS;
}

static int fail(const char *what, esp_loader_error_t error)
{
    fprintf(stderr, "%s: error %d\n", what, (int)error);
    return EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    if (argc < 5) {
        fputs("usage: program HOST SERVICE OFFSET FILE ...\n", stderr);
        return EXIT_FAILURE;
    }
    tcp_port_t tcp = {.port.ops = &tcp_port_ops, .host = argv[1], .service = argv[2]};
    esp_loader_connect_args_t args = ESP_LOADER_CONNECT_DEFAULT();
    esp_loader_t loader;
    esp_loader_error_t error = esp_loader_init_serial(&loader, &tcp.port);
    if (error != ESP_LOADER_SUCCESS) {
        return fail("init", error);
    }
    error = esp_loader_connect(&loader, &args);
    if (error != ESP_LOADER_SUCCESS) {
        return fail("connect", error);
    }
    if (esp_loader_get_target(&loader) != ESP32S3_CHIP) {
        return fail("target", ESP_LOADER_ERROR_INVALID_TARGET);
    }
    error = describe(&loader);
    for (int i = 3; i + 1 < argc && error == ESP_LOADER_SUCCESS; i += 2) {
        FILE *file = fopen(argv[i + 1], "rb");
        if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
            return fail(argv[i + 1], ESP_LOADER_ERROR_FAIL);
        }
        uint32_t size = (uint32_t)ftell(file);
        rewind(file);
        error = flash_file(&loader, (uint32_t)strtoul(argv[i], NULL, 0), file, size);
        fclose(file);
    }
    if (error != ESP_LOADER_SUCCESS) {
        return fail("flash", error);
    }
    esp_loader_reset_target(&loader);
    esp_loader_deinit(&loader);
    puts("done");
    return EXIT_SUCCESS;
}
