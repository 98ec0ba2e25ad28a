/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A program for the 2.1 API: host, TCP service, offset, file. It brings the stub of the one chip that it is for, shows its
 * eFuses, tries to burn a bit, and flashes the file.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "names_2_1.h"
#include "tcp_port.h"

#ifdef ESP_LOADER_EFUSE_BURN
#define OF_BURNING ESP_LOADER_SUCCESS
#else
#define OF_BURNING ESP_LOADER_ERROR_UNSUPPORTED_FUNC
#endif

typedef struct {
    unsigned calls;
    uint32_t eco_version;
} choice_t;

static const esp_stub_t *choose(esp_loader_t *loader, target_chip_t chip, void *ctx)
{
    choice_t *choice = ctx;
    esp_loader_target_security_info_t info;
    choice->calls++;
    if (esp_loader_get_security_info(loader, &info) == ESP_LOADER_SUCCESS) {
        choice->eco_version = info.eco_version;
    }
    return chip == ESP32S3_CHIP ? &esp_stub_esp32s3 : NULL;
}

/* All fields, as a tool for production would print them. */
static esp_loader_error_t show_fields(esp_loader_t *loader)
{
    static uint8_t value[32];
    uint16_t revision;
    const esp_loader_efuse_field_set_t *set;
    RETURN_ON_ERROR(esp_loader_get_chip_revision(loader, &revision));
    RETURN_ON_ERROR(esp_loader_efuse_get_field_info(esp_loader_get_target(loader), revision, &set));
    printf("revision %u, %u fields\n", (unsigned)revision, (unsigned)set->count);
    for (uint16_t i = 0; i < set->count; i++) {
        size_t bits = 0;
        for (const esp_loader_efuse_desc_t **run = set->fields[i].field; *run != NULL; run++) {
            bits += (*run)->bit_count;
        }
        RETURN_ON_ERROR(esp_loader_efuse_read_field(loader, set->fields[i].field, value, bits));
        if (strcmp(set->fields[i].name, "MAC") == 0) {
            printf("MAC %02x:%02x:%02x:%02x:%02x:%02x\n", value[0], value[1], value[2], value[3], value[4],
                   value[5]);
        }
    }
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t show_blocks(esp_loader_t *loader)
{
    esp_loader_efuse_image_t image;
    esp_loader_efuse_block_t block;
    RETURN_ON_ERROR(esp_loader_efuse_read_image(loader, &image));
    RETURN_ON_ERROR(esp_loader_efuse_read_block(loader, 1, &block));
    if (image.block_count != 11 || memcmp(&block, &image.blocks[1], sizeof(block)) != 0) {
        return ESP_LOADER_ERROR_FAIL;
    }
    printf("%u blocks, MAC %04x%08x\n", (unsigned)image.block_count, (unsigned)(block.words[1] & 0xFFFF),
           (unsigned)block.words[0]);
    return ESP_LOADER_SUCCESS;
}

/* Stages what it wants and commits. */
static esp_loader_error_t burn(esp_loader_t *loader)
{
    esp_loader_efuse_ctx_t ctx = {0};
    uint8_t is_off = 0;
    RETURN_ON_ERROR(esp_loader_efuse_write_field_bit(loader, &ctx, ESP32S3_EFUSE_DIS_PAD_JTAG));
    RETURN_ON_ERROR(esp_loader_efuse_commit(loader, &ctx));
    RETURN_ON_ERROR(esp_loader_efuse_read_field(loader, ESP32S3_EFUSE_DIS_PAD_JTAG, &is_off, 1));
    return is_off == 1 ? ESP_LOADER_SUCCESS : ESP_LOADER_ERROR_EFUSE_BURN_FAILED;
}

static esp_loader_error_t flash_file(esp_loader_t *loader, uint32_t offset, FILE *file, uint32_t size)
{
    static uint8_t payload[1024];
    esp_loader_flash_cfg_t cfg = {.offset = offset, .image_size = size, .block_size = sizeof(payload)};
    RETURN_ON_ERROR(esp_loader_flash_start(loader, &cfg));
    for (size_t count; (count = fread(payload, 1, sizeof(payload), file)) > 0;) {
        RETURN_ON_ERROR(esp_loader_flash_write(loader, &cfg, payload, (uint32_t)count));
    }
    return esp_loader_flash_finish(loader, &cfg);
}

/* A library without stubs connects to the ROM loader instead. */
static esp_loader_error_t connect_to(esp_loader_t *loader)
{
    esp_loader_connect_args_t args = ESP_LOADER_CONNECT_DEFAULT();
    choice_t choice = {0};
    esp_loader_error_t error = esp_loader_connect_with_stub_provider(loader, &args, choose, &choice);
    printf("provider asked %u times\n", choice.calls);
    if (error != ESP_LOADER_SUCCESS && esp_stub_esp32s3.segment_count == 0) {
        error = esp_loader_connect(loader, &args);
    }
    return error;
}

int main(int argc, char **argv)
{
    FILE *file = argc == 5 ? fopen(argv[4], "rb") : NULL;
    if (file == NULL || fseek(file, 0, SEEK_END) != 0 || names_count() < 50) {
        fputs("usage: program HOST SERVICE OFFSET FILE\n", stderr);
        return EXIT_FAILURE;
    }
    const uint32_t size = (uint32_t)ftell(file);
    rewind(file);
    tcp_port_t tcp = {.port.ops = &tcp_port_ops, .host = argv[1], .service = argv[2]};
    esp_loader_t loader;
    esp_loader_error_t error = esp_loader_init_serial(&loader, &tcp.port);
    error = error == ESP_LOADER_SUCCESS ? connect_to(&loader) : error;
    error = error == ESP_LOADER_SUCCESS ? show_fields(&loader) : error;
    error = error == ESP_LOADER_SUCCESS ? show_blocks(&loader) : error;
    if (error == ESP_LOADER_SUCCESS && burn(&loader) != OF_BURNING) { /* the one difference */
        error = ESP_LOADER_ERROR_EFUSE_BURN_FAILED;
    }
    error = error == ESP_LOADER_SUCCESS ? flash_file(&loader, (uint32_t)strtoul(argv[3], NULL, 0), file, size)
                                        : error;
    fclose(file);
    if (error != ESP_LOADER_SUCCESS) {
        fprintf(stderr, "error %d\n", (int)error);
        return EXIT_FAILURE;
    }
    esp_loader_reset_target(&loader);
    esp_loader_deinit(&loader);
    puts("done");
    return EXIT_SUCCESS;
}
