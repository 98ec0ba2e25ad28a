/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * library CHIP ROM-ELF bridge|usj rom|stub: the library's operations on a chip that executes its mask ROM, and the stub
 * that the library uploads, on the virtual clock. Exit code 0 when every operation succeeded and the flash holds what
 * was written; prints the first that did not, or what it cost.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "esp_loader_flash_chip.h"
#include "sim_port.h"

enum { SIZE = 100000, OFFSET = 0x10000, BLOCK = 1024, FLASH_SIZE = 4 << 20, SECTOR = 4096 };

typedef struct {
    esp_sim_t *sim;
    esp_loader_t loader;
    const char *step;
} run_t;

/* One operation; false when it failed. */
static bool is_done(run_t *run, const char *step, esp_loader_error_t error)
{
    run->step = step;
    if (error != ESP_LOADER_SUCCESS) {
        printf("%s: error %d\n", step, (int)error);
    }
    return error == ESP_LOADER_SUCCESS;
}

static bool is_right(run_t *run, const char *step, bool is)
{
    run->step = step;
    if (!is) {
        printf("%s: wrong\n", step);
    }
    return is;
}

static void fill(uint8_t *data, size_t size)
{
    uint32_t seed = 1;
    for (size_t i = 0; i < size; i++) {
        seed = seed * 1664525u + 1013904223u;
        data[i] = (uint8_t)(seed >> 24);
    }
}

static esp_loader_error_t write_image(run_t *run, const uint8_t *data)
{
    esp_loader_flash_cfg_t cfg = {.offset = OFFSET, .image_size = SIZE, .block_size = BLOCK};
    esp_loader_error_t error = esp_loader_flash_start(&run->loader, &cfg);
    for (uint32_t at = 0; at < SIZE && error == ESP_LOADER_SUCCESS; at += BLOCK) {
        error = esp_loader_flash_write(&run->loader, &cfg, data + at, SIZE - at < BLOCK ? SIZE - at : BLOCK);
    }
    return error == ESP_LOADER_SUCCESS ? esp_loader_flash_finish(&run->loader, &cfg) : error;
}

static bool run_operations(run_t *run, bool has_stub)
{
    static uint8_t data[SIZE], read[SECTOR + 100];
    uint32_t value = 0, size = 0;
    uint8_t mac[6];
    esp_loader_t *loader = &run->loader;
    fill(data, sizeof(data));
    memset(esp_sim_flash(run->sim), 0xA5, FLASH_SIZE);
    const uint8_t *flash = esp_sim_flash(run->sim);
    return is_done(run, "connect",
                   has_stub ? esp_loader_connect_with_stub(loader, NULL)
                            : esp_loader_connect(loader, NULL)) &&
           is_done(run, "read the MAC", esp_loader_read_mac(loader, mac)) &&
           is_right(run, "MAC", memcmp(mac, esp_sim_mac(run->sim), sizeof(mac)) == 0) &&
           is_done(run, "read the flash's id", esp_loader_flash_read_id(loader, &value)) &&
           is_done(run, "find the flash's size", esp_loader_flash_detect_size(loader, &size)) &&
           is_right(run, "size", size == FLASH_SIZE) && is_done(run, "write", write_image(run, data)) &&
           is_right(run, "what was written", memcmp(flash + OFFSET, data, SIZE) == 0) &&
           is_right(run, "before it", flash[OFFSET - 1] == 0xA5) &&
           is_right(run, "after its last sector", flash[OFFSET + (SIZE / SECTOR + 1) * SECTOR] == 0xA5) &&
           is_done(run, "read", esp_loader_flash_read(loader, read, OFFSET + 1, sizeof(read))) &&
           is_right(run, "what was read", memcmp(read, data + 1, sizeof(read)) == 0) &&
           is_done(run, "erase", esp_loader_flash_erase_region(loader, OFFSET, SECTOR)) &&
           is_right(run, "what was erased",
                    flash[OFFSET] == 0xFF && flash[OFFSET + SECTOR - 1] == 0xFF &&
                        flash[OFFSET + SECTOR] == data[SECTOR]);
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        fprintf(stderr, "usage: library CHIP ROM-ELF bridge|usj rom|stub\n");
        return 2;
    }
    char error[256] = "";
    run_t run = {.sim = NULL};
    esp_sim_wiring_t wiring = strcmp(argv[3], "usj") == 0 ? ESP_SIM_WIRING_USJ : ESP_SIM_WIRING_BRIDGE;
    esp_sim_config_t config = {
        .chip = argv[1],
        .rom_elf = argv[2],
        .wiring = wiring,
        .flash_size = FLASH_SIZE,
    };
    run.sim = esp_sim_new(&config, error, sizeof(error));
    if (run.sim == NULL) {
        fprintf(stderr, "%s\n", error);
        return 2;
    }
    sim_port_t port;
    sim_port_init(&port, run.sim, wiring);
    bool is_ok = is_done(&run, "open", esp_loader_init_serial(&run.loader, &port.base.port)) &&
                 run_operations(&run, strcmp(argv[4], "stub") == 0);
    const esp_sim_stats_t *stats = esp_sim_stats(run.sim);
    if (is_ok) {
        printf("%.1f s, %llu million instructions\n", (double)esp_sim_now_us(run.sim) / 1e6,
               (unsigned long long)stats->instructions / 1000000);
    } else {
        printf("%s", esp_sim_console(run.sim));
    }
    esp_loader_deinit(&run.loader);
    esp_sim_free(run.sim);
    return is_ok ? 0 : 1;
}
