/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A C++14 program for the 2.0 API: its port table is initialised by position, up to the last entry that API
 * has, so the order of those entries is fixed. Flashes one file: host, TCP service, offset, file.
 */
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <vector>

#include "esp_loader.h"
#include "tcp_port.h"

static void log_hex(esp_loader_port_t *, esp_loader_log_level_t, const char *, const uint8_t *, size_t)
{
}

static esp_loader_error_t change_transmission_rate(esp_loader_port_t *, uint32_t)
{
    return ESP_LOADER_SUCCESS;
}

static const esp_loader_port_ops_t OPS = {
    tcp_port_init,
    tcp_port_deinit,
    tcp_port_enter_bootloader,
    tcp_port_reset_target,
    tcp_port_start_timer,
    tcp_port_remaining_time,
    tcp_port_delay_ms,
    tcp_port_log,
    log_hex,
    change_transmission_rate,
    tcp_port_write,
    tcp_port_read,
    nullptr, // spi_set_cs
    nullptr, // sdio_write
    nullptr, // sdio_read
    nullptr, // sdio_card_init
};

static esp_loader_error_t flash(esp_loader_t &loader, uint32_t offset, const std::vector<uint8_t> &image)
{
    esp_loader_flash_cfg_t cfg{};
    cfg.offset = offset;
    cfg.image_size = static_cast<uint32_t>(image.size());
    cfg.block_size = 1024;
    esp_loader_connect_args_t args = ESP_LOADER_CONNECT_DEFAULT();
    RETURN_ON_ERROR(esp_loader_connect(&loader, &args));
    RETURN_ON_ERROR(esp_loader_flash_start(&loader, &cfg));
    for (uint32_t done = 0; done < cfg.image_size; done += cfg.block_size) {
        uint32_t left = cfg.image_size - done;
        uint32_t size = left < cfg.block_size ? left : cfg.block_size;
        RETURN_ON_ERROR(esp_loader_flash_write(&loader, &cfg, image.data() + done, size));
    }
    return esp_loader_flash_finish(&loader, &cfg);
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        std::fputs("usage: program HOST SERVICE OFFSET FILE\n", stderr);
        return EXIT_FAILURE;
    }
    std::ifstream file(argv[4], std::ios::binary);
    const std::vector<uint8_t> image((std::istreambuf_iterator<char>(file)),
                                     std::istreambuf_iterator<char>());

    tcp_port_t tcp{};
    tcp.port.ops = &OPS;
    tcp.host = argv[1];
    tcp.service = argv[2];
    esp_loader_t loader;
    esp_loader_error_t error = esp_loader_init_serial(&loader, &tcp.port);
    if (error == ESP_LOADER_SUCCESS) {
        error = flash(loader, static_cast<uint32_t>(std::strtoul(argv[3], nullptr, 0)), image);
        esp_loader_deinit(&loader);
    }
    if (error != ESP_LOADER_SUCCESS) {
        std::fprintf(stderr, "error %d\n", static_cast<int>(error));
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
