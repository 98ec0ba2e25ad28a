/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#define _DEFAULT_SOURCE /* mkstemp */
#include "efuse_host.h"

#include <stdlib.h>
#include <unistd.h>

enum { END = 0xFFFF, BUFFER = 11 };

static const uint16_t BLOCKS[] = {0x2C, 0x44, 0x5C, 0x7C, 0x9C, 0xBC, 0xDC, 0xFC, 0x11C, 0x13C, 0x15C, END};
static const uint16_t BLOCKS_S31[] = {0x2C, 0x50, 0x68, 0x88, 0xA8, 0xC8, 0xE8, 0x108, 0x128, 0x148, END};
static const uint16_t BLOCKS_C2[] = {0x2C, 0x34, 0x40, 0x60, END};
static const uint16_t BLOCKS_ESP32[] = {0x00, 0x38, 0x58, 0x78, END};
static const uint16_t WRITES_ESP32[] = {0x1C, 0x98, 0xB8, 0xD8, END};

static const efuse_host_t HOSTS[] = {
    {"esp32",
     0x3FF5A000,
     0xFC,
     0x104,
     BLOCKS_ESP32,
     WRITES_ESP32,
     {{0xF8, 0, 160}, {0xF8, 8, 255}, {0x118, 0, 80}}},
    {"esp32s2",
     0x3F41A000,
     0x1CC,
     0x1D4,
     BLOCKS,
     NULL,
     {{0x1F4, 0, 1},
      {0x1F0, 16, 400},
      {0x1F0, 0, 1},
      {0x1F0, 8, 2},
      {0x1E8, 0, 80},
      {0x1F4, 8, 0x5100},
      {0x1F8, 0, 0x80}}},
    {"esp32s3",
     0x60007000,
     0x1CC,
     0x1D4,
     BLOCKS,
     NULL,
     {{0x1E8, 9, 0xFF}, {0x1E8, 0, 0x28}, {0x1F4, 8, 0x3000}, {0x1F8, 0, 0x190}}},
    {"esp32c2",
     0x60008800,
     0x8C,
     0x94,
     BLOCKS_C2,
     NULL,
     {{0x108, 9, 0xFF}, {0x108, 0, 0x28}, {0x114, 8, 0x3000}, {0x118, 0, 0x190}, {0x110, 8, 200}}},
    {"esp32c3",
     0x60008800,
     0x1CC,
     0x1D4,
     BLOCKS,
     NULL,
     {{0x1E8, 9, 0xFF}, {0x1E8, 0, 0x28}, {0x1F0, 8, 0x3000}, {0x1F4, 0, 0x190}}},
    {"esp32c5",
     0x600B4800,
     0x1CC,
     0x1D8,
     BLOCKS,
     NULL,
     {{0x1EC, 0, 0x28}, {0x1F4, 8, 0x3000}, {0x1F8, 0, 0x190}}},
    {"esp32c6",
     0x600B0800,
     0x1CC,
     0x1D4,
     BLOCKS,
     NULL,
     {{0x1E8, 0, 0x28}, {0x1F0, 8, 0x3000}, {0x1F4, 0, 0x190}}},
    {"esp32c61",
     0x600B4800,
     0x1CC,
     0x1D4,
     BLOCKS,
     NULL,
     {{0x1E8, 0, 0x28}, {0x1F0, 8, 0x3000}, {0x1F4, 0, 0x190}}},
    {"esp32h2",
     0x600B0800,
     0x1CC,
     0x1D4,
     BLOCKS,
     NULL,
     {{0x1E8, 0, 0x28}, {0x1F0, 8, 0x3000}, {0x1F4, 0, 0x190}}},
    {"esp32h21", 0x600B4000, 0x1CC, 0x1D4, BLOCKS, NULL, {{0}}},
    {"esp32h4", 0x600B1800, 0x1CC, 0x1D8, BLOCKS, NULL, {{0}}},
    {"esp32p4", 0x5012D000, 0x1CC, 0x1D4, BLOCKS, NULL, {{0}}},
    {"esp32s31", 0x20715000, 0x1CC, 0x1D8, BLOCKS_S31, NULL, {{0}}},
};

const efuse_host_t *efuse_host(const char *chip)
{
    for (size_t i = 0; i < sizeof(HOSTS) / sizeof(HOSTS[0]); i++) {
        if (strcmp(HOSTS[i].chip, chip) == 0) {
            return &HOSTS[i];
        }
    }
    fail_msg("no host for %s", chip);
    return NULL;
}

esp_sim_t *efuse_blank(const char *chip, uint32_t addr, uint32_t bits)
{
    static const uint8_t zeros[0x200];
    char path[] = "/tmp/esp-sim-efuse-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, zeros, sizeof(zeros)), sizeof(zeros));
    assert_int_equal(close(fd), 0);
    /* Before v3.0 of the ESP32 no bit ends download mode. */
    esp_sim_t *sim = host_start(&(esp_sim_config_t){
        FAST, .chip = chip, .wiring = ESP_SIM_WIRING_BRIDGE, .start_in_download = true, .efuse_file = path,
        .chip_revision = strcmp(chip, "esp32") == 0 ? 100 : 0, .efuses = {{addr, bits}}});
    assert_int_equal(unlink(path), 0);
    return sim;
}

static void write_reg(esp_sim_t *sim, const efuse_host_t *host, uint32_t at, uint32_t value)
{
    host_write_reg(sim, host->base + at, value);
}

void efuse_set_timing(esp_sim_t *sim, const efuse_host_t *host)
{
    for (size_t i = 0; i < 8 && host->timing[i][0] != 0; i++) {
        uint32_t value = host_read_reg(sim, host->base + host->timing[i][0]);
        uint32_t mask = host->timing[i][2] > 0xFF || host->timing[i][1] == 16 || host->timing[i][0] >= 0x1F8
                            ? 0xFFFF
                            : 0xFF;
        value &= ~(mask << host->timing[i][1]);
        write_reg(sim, host, host->timing[i][0], value | (uint32_t)host->timing[i][2] << host->timing[i][1]);
    }
}

static void clear(esp_sim_t *sim, const efuse_host_t *host)
{
    for (size_t block = 0; host->writes != NULL && host->writes[block] != END; block++) {
        for (uint32_t i = 0; i < (block == 0 ? 7u : 8u); i++) {
            write_reg(sim, host, host->writes[block] + 4 * i, 0);
        }
    }
    for (uint32_t i = 0; host->writes == NULL && i < BUFFER; i++) {
        write_reg(sim, host, 4 * i, 0);
    }
}

void efuse_fill(esp_sim_t *sim, const efuse_host_t *host, const char *burn)
{
    unsigned at, value, check = 8;
    int used = 0;
    clear(sim, host);
    burn += strcspn(burn, " ");
    while (*burn != '\0') {
        if (sscanf(burn, " +%x=%x%n", &at, &value, &used) == 2) {
            write_reg(sim, host, at, value);
        } else if (sscanf(burn, " %u=%x%n", &at, &value, &used) == 2) {
            write_reg(sim, host, 4 * at, value);
        } else if (sscanf(burn, " / %x%n", &value, &used) == 1 || sscanf(burn, " %x%n", &value, &used) == 1) {
            write_reg(sim, host, 4 * check++, value);
        } else {
            fail_msg("what is '%s'?", burn);
        }
        burn += used;
    }
}

void efuse_command(esp_sim_t *sim, const efuse_host_t *host, uint32_t opcode, uint32_t command)
{
    write_reg(sim, host, host->conf, opcode);
    write_reg(sim, host, host->cmd, command);
    for (unsigned i = 0; host_read_reg(sim, host->base + host->cmd) != 0; i++) {
        assert_in_range(i, 0, 500);
        host_wait_us(sim, 1000);
    }
}

void efuse_burn(esp_sim_t *sim, const efuse_host_t *host, const char *burn)
{
    efuse_set_timing(sim, host);
    efuse_fill(sim, host, burn);
    efuse_command(sim, host, 0x5A5A, (uint32_t)strtoul(burn, NULL, 16));
    clear(sim, host);
    efuse_command(sim, host, 0x5AA5, 1);
}

uint32_t efuse_word(const esp_sim_t *sim, const efuse_host_t *host, size_t block, size_t word)
{
    return esp_sim_peek(sim, host->base + host->blocks[block] + 4 * (uint32_t)word);
}

void efuse_reset(esp_sim_t *sim)
{
    esp_sim_reset_button(sim, true);
    host_wait_us(sim, 400000);
    host_skip(sim, 200000);
    host_sync(sim);
}
