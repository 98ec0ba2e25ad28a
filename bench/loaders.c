/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * el-bench-loaders CHIP ROM-ELF rom|stub: what a loader does for 256 KiB, counted while the simulator executes its code.
 * The flash takes no time, so its status is asked no more often than has to be. Over USB-Serial/JTAG, where bytes are
 * never waited for; chips without it at 115200 baud, where instructions are also those of waiting, as far as they are
 * executed. Prints one line of JSON.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "images.h"
#include "sim_port.h"

enum {
    OFFSET = 0x10000, /* where a block of 64 KiB begins */
    SIZE = 256 * 1024,
    ROM_BLOCK = 1024,
    STUB_BLOCK = 16384,
    FLASH_SIZE = 4 << 20,
    USED = 0xA5,
};

static uint8_t image[SIZE];

static void print_step(const char *name, const esp_sim_stats_t *before, const esp_sim_stats_t *after)
{
    printf(", \"%s\": {\"instructions\": %llu, \"commands\": %llu, \"polls\": %llu, \"programs\": %llu, "
           "\"reads\": %llu, \"sectors\": %llu, \"blocks\": %llu}",
           name, (unsigned long long)(after->instructions - before->instructions),
           (unsigned long long)(after->spi_commands - before->spi_commands),
           (unsigned long long)(after->spi_polls - before->spi_polls),
           (unsigned long long)(after->spi_programs - before->spi_programs),
           (unsigned long long)(after->spi_reads - before->spi_reads),
           (unsigned long long)(after->sector_erases - before->sector_erases),
           (unsigned long long)(after->block_erases - before->block_erases));
}

static esp_loader_error_t write_image(esp_loader_t *loader, esp_loader_flash_cfg_t *cfg)
{
    esp_loader_error_t error = ESP_LOADER_SUCCESS;
    for (uint32_t at = 0; at < SIZE && error == ESP_LOADER_SUCCESS; at += cfg->block_size) {
        error = esp_loader_flash_write(loader, cfg, image + at, cfg->block_size);
    }
    return error == ESP_LOADER_SUCCESS ? esp_loader_flash_finish(loader, cfg) : error;
}

/* Behind a UART bridge when the chip has no USB-Serial/JTAG. */
static esp_sim_t *new_chip(const char *chip, const char *rom, esp_sim_wiring_t *wiring)
{
    char text[256] = "";
    esp_sim_config_t config = {.chip = chip,
                               .rom_elf = rom,
                               .wiring = ESP_SIM_WIRING_USJ,
                               .timing = ESP_SIM_TIMING_FAST,
                               .flash_size = FLASH_SIZE};
    esp_sim_t *sim = esp_sim_new(&config, text, sizeof(text));
    if (sim == NULL) {
        config.wiring = ESP_SIM_WIRING_BRIDGE;
        sim = esp_sim_new(&config, text, sizeof(text));
    }
    if (sim == NULL) {
        fprintf(stderr, "%s\n", text);
    }
    *wiring = config.wiring;
    return sim;
}

static esp_loader_error_t run(esp_sim_t *sim, esp_loader_t *loader, bool has_stub)
{
    uint8_t md5[ESP_LOADER_MD5_SIZE];
    esp_loader_flash_cfg_t cfg = {.offset = OFFSET,
                                  .image_size = SIZE,
                                  .block_size = has_stub ? STUB_BLOCK : ROM_BLOCK,
                                  .skip_verify = true};
    esp_sim_stats_t steps[4];
    memset(esp_sim_flash(sim), USED, FLASH_SIZE);
    esp_loader_error_t error =
        has_stub ? esp_loader_connect_with_stub(loader, NULL) : esp_loader_connect(loader, NULL);
    steps[0] = *esp_sim_stats(sim);
    error = error == ESP_LOADER_SUCCESS ? esp_loader_flash_start(loader, &cfg) : error;
    steps[1] = *esp_sim_stats(sim);
    error = error == ESP_LOADER_SUCCESS ? write_image(loader, &cfg) : error;
    steps[2] = *esp_sim_stats(sim);
    error = error == ESP_LOADER_SUCCESS ? esp_loader_flash_md5(loader, OFFSET, SIZE, md5) : error;
    steps[3] = *esp_sim_stats(sim);
    if (error == ESP_LOADER_SUCCESS) {
        print_step("begin", &steps[0], &steps[1]);
        print_step("write", &steps[1], &steps[2]);
        print_step("md5", &steps[2], &steps[3]);
    }
    return error;
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fputs("usage: el-bench-loaders CHIP ROM-ELF rom|stub\n", stderr);
        return EXIT_FAILURE;
    }
    esp_sim_wiring_t wiring;
    esp_sim_t *sim = new_chip(argv[1], argv[2], &wiring);
    if (sim == NULL) {
        return EXIT_FAILURE;
    }
    sim_port_t port;
    esp_loader_t loader;
    sim_port_init(&port, sim, wiring);
    image_fill(IMAGE_RANDOM, image, sizeof(image));
    printf("{\"chip\": \"%s\", \"loader\": \"%s\", \"wire\": \"%s\"", argv[1], argv[3],
           wiring == ESP_SIM_WIRING_BRIDGE ? "UART" : "USB");
    esp_loader_error_t error = esp_loader_init_serial(&loader, &port.base.port);
    error = error == ESP_LOADER_SUCCESS ? run(sim, &loader, strcmp(argv[3], "stub") == 0) : error;
    bool is_right = memcmp(esp_sim_flash(sim) + OFFSET, image, SIZE) == 0;
    printf(", \"error\": %d, \"is_right\": %s, \"all\": %llu, \"cpu_s\": %.3f}\n", (int)error,
           is_right ? "true" : "false", (unsigned long long)esp_sim_stats(sim)->instructions,
           (double)clock() / CLOCKS_PER_SEC);
    esp_loader_deinit(&loader);
    esp_sim_free(sim);
    return error == ESP_LOADER_SUCCESS && is_right ? EXIT_SUCCESS : EXIT_FAILURE;
}
