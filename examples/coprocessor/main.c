/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A host that runs on Linux, as it would at its start: main PORT CHIP OFFSET=FILE... PORT is rfc2217://HOST:PORT, of esp-sim
 * or a real board, or a serial device. A real host is sent the manifest with the firmware; this one makes it of the files.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "block_source.h"
#include "coprocessor_update.h"
#include "linux_port.h"
#include "net_port.h"

typedef struct {
    FILE *files[COPROCESSOR_IMAGES_MAX];
    uint32_t sizes[COPROCESSOR_IMAGES_MAX];
    coprocessor_image_t images[COPROCESSOR_IMAGES_MAX];
    size_t count;
    block_source_t source;
} files_t;

/* ---- the images: files, where others have a server ---- */

static esp_loader_error_t fetch(void *ctx, size_t image, uint32_t offset, uint8_t *out, size_t size)
{
    FILE *file = ((files_t *)ctx)->files[image];

    return fseek(file, (long)offset, SEEK_SET) == 0 && fread(out, 1, size, file) == size
               ? ESP_LOADER_SUCCESS
               : ESP_LOADER_ERROR_IO;
}

static esp_loader_error_t read_image(void *ctx, size_t image, uint32_t offset, void *buf, size_t size)
{
    return block_source_read(&((files_t *)ctx)->source, image, offset, buf, size);
}

static bool measure(FILE *file, coprocessor_image_t *image)
{
    uint8_t piece[BLOCK_SOURCE_SIZE];
    size_t size;
    esp_loader_md5_t md5;

    esp_loader_md5_init(&md5);
    while ((size = fread(piece, 1, sizeof(piece), file)) > 0) {
        esp_loader_md5_update(&md5, piece, size);
        image->size += (uint32_t)size;
    }
    esp_loader_md5_finish(&md5, image->md5);
    return image->size > 0 && ferror(file) == 0;
}

/* OFFSET=FILE */
static bool add_file(files_t *files, const char *argument)
{
    const char *path = strchr(argument, '=');

    if (path == NULL || files->count == COPROCESSOR_IMAGES_MAX) {
        return false;
    }
    coprocessor_image_t *image = &files->images[files->count];
    image->name = path + 1;
    image->offset = (uint32_t)strtoul(argument, NULL, 0);
    FILE *file = fopen(path + 1, "rb");
    if (file == NULL) {
        return false;
    }
    files->files[files->count] = file;
    const bool is_read = measure(file, image);
    files->sizes[files->count++] = image->size;
    return is_read;
}

/* ---- saying what happens ---- */

static void show(void *ctx, const esp_loader_plan_event_t *event)
{
    (void)ctx;
    if (event->step == ESP_LOADER_PLAN_ERASE) {
        printf("  %s: writing what differs\n", event->image->name);
    }
}

static void print_outcome(coprocessor_result_t result, const coprocessor_update_t *update)
{
    static const char *const RESULTS[] = {"up to date", "updated", "updated by itself", "left as it was",
                                          "incomplete: start again"};
    static const char *const REASONS[] = {
        "",
        "cannot be worked with",
        "what runs is newer",
        "an image could not be read",
        "an image is damaged",
        "another chip",
        "an older chip",
        "no connection",
        "the mark cannot be stored",
        "another version runs",
        "flashing failed",
    };

    printf("%s", RESULTS[result]);
    if (update->reason != COPROCESSOR_NO_REASON) {
        printf(" (%s: %s)", REASONS[update->reason], esp_loader_error_text(update->error));
    }
    printf(", %u bytes written\n", (unsigned)update->bytes_written);
}

/* ---- one start ---- */

static target_chip_t chip_of(const char *name)
{
    for (unsigned chip = 0; chip < ESP_MAX_CHIP; chip++) {
        const char *full = esp_loader_chip_name((target_chip_t)chip);
        const char *dash = strchr(full, '-');
        const size_t head = dash != NULL ? (size_t)(dash - full) : strlen(full);
        if (strncasecmp(full, name, head) == 0 &&
            strcasecmp(dash != NULL ? dash + 1 : "", name + head) == 0) {
            return (target_chip_t)chip;
        }
    }
    return ESP_UNKNOWN_CHIP;
}

static int start(esp_loader_port_t *port, target_chip_t chip, files_t *files)
{
    static esp_loader_t loader;
    static uint8_t buffer[2 * 1024];
    const coprocessor_manifest_t manifest = {
        .chip = chip, .version = "", .images = files->images, .image_count = files->count};
    const coprocessor_host_t host = {.read = read_image, .on_event = show, .ctx = files};
    coprocessor_update_t update = {.manifest = &manifest,
                                   .host = &host,
                                   .buffer = buffer,
                                   .buffer_size = sizeof(buffer),
                                   .use_stub = true};
    coprocessor_result_t result = COPROCESSOR_UNCHANGED;

    const esp_loader_error_t error = esp_loader_init_serial(&loader, port);
    if (error == ESP_LOADER_SUCCESS) {
        result = coprocessor_update(&update, &loader);
        esp_loader_deinit(&loader);
    } else {
        update.reason = COPROCESSOR_LINK;
        update.error = error;
    }
    print_outcome(result, &update);
    return result >= COPROCESSOR_UNCHANGED;
}

int main(int argc, char **argv)
{
    static files_t files;
    net_port_t net = {.port.ops = &net_ops};
    linux_port_t serial = {.port.ops = &linux_uart_ops, .gpio_mode = LINUX_GPIO_DTR_RTS};

    if (argc < 4) {
        fprintf(stderr, "usage: %s PORT CHIP OFFSET=FILE...\n", argv[0]);
        return 2;
    }
    files.source = (block_source_t){.fetch = fetch, .sizes = files.sizes, .ctx = &files};
    net.url = serial.device = argv[1];
    const target_chip_t chip = chip_of(argv[2]);
    bool is_complete = chip != ESP_UNKNOWN_CHIP;
    for (int i = 3; i < argc && is_complete; i++) {
        is_complete = add_file(&files, argv[i]);
    }
    int status = 2;
    if (is_complete) {
        status = start(strstr(argv[1], "://") != NULL ? &net.port : &serial.port, chip, &files);
    } else {
        fprintf(stderr, "%s: no such chip or file, or more than %d files\n", argv[0], COPROCESSOR_IMAGES_MAX);
    }
    while (files.count > 0) {
        fclose(files.files[--files.count]);
    }
    return status;
}
