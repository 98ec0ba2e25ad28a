/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The target's crystal: which one it is, and what its ROM takes it for. A ROM computes its UART's divider
 * from the frequency it assumes, so it must be asked for another rate where it is wrong. Source:
 * esptool 5.6, change_baud and get_crystal_freq of the ESP32, ESP32-C2 and ESP32-C5 targets.
 */
#include "session/chip.h"
#include "session/core.h"
#include "session/limits.h"

#define MHZ                1000u /* frequencies are in kHz: two of them fit one multiplication */
#define DIVIDER_MASK       0xFFFFFu
#define CK8M_EFUSE_OFF     0x10u /* bits 7:0 say how fast the ESP32's internal oscillator is */
#define CALIBRATION_FACTOR 25u   /* source: 15.625 MHz / 40 */
#define CALIBRATION_UNIT   64u

/* The crystal that a measured frequency must mean, 0 = none. */
static uint32_t nominal_khz(uint32_t khz)
{
    if (khz < 20u * MHZ || khz > 60u * MHZ) {
        return 0;
    }
    return khz > 45u * MHZ ? 48u * MHZ : khz > 33u * MHZ ? 40u * MHZ : 26u * MHZ;
}

/* a * b / divisor without wrapping: nonsense that was read gives 0, which no frequency is. */
static uint32_t scaled(uint32_t a, uint32_t b, uint32_t divisor)
{
    return b == 0 || a > eli_divide(UINT32_MAX, b) ? 0 : eli_divide(a * b, divisor);
}

/* By the divider of the target's UART at the host's rate. */
static esp_loader_error_t measure(esp_loader_t *loader, const eli_clock_t *clock, uint32_t rate_baud,
                                  uint32_t *out_khz)
{
    uint32_t divider;
    RETURN_ON_ERROR(eli_register_read(loader, clock->uart_divider_addr, &divider));
    *out_khz = nominal_khz(scaled(rate_baud, divider & DIVIDER_MASK, 1000u * clock->uart_factor));
    return ESP_LOADER_SUCCESS;
}

/* The ESP32's ROM measures its crystal with the internal oscillator, and keeps what it found. */
static esp_loader_error_t read_calibration(esp_loader_t *loader, const eli_clock_t *clock, uint32_t *out_khz)
{
    uint32_t cycles;
    uint32_t ck8m;
    RETURN_ON_ERROR(eli_register_read(loader, clock->calibration_addr, &cycles));
    RETURN_ON_ERROR(eli_register_read(loader, eli_target(loader)->efuse_base + CK8M_EFUSE_OFF, &ck8m));
    *out_khz = scaled(cycles >> 7, (ck8m & 0xFFu) * CALIBRATION_FACTOR, CALIBRATION_UNIT);
    return ESP_LOADER_SUCCESS;
}

/* Crystal frequency the ROM assumes, and the true one. */
static esp_loader_error_t read_clock(esp_loader_t *loader, const eli_clock_t *clock, uint32_t now_baud,
                                     uint32_t *out_assumed_khz, uint32_t *out_true_khz)
{
    if (clock->calibration_addr != 0) {
        RETURN_ON_ERROR(read_calibration(loader, clock, out_assumed_khz));
        *out_true_khz = nominal_khz(*out_assumed_khz);
        if (*out_true_khz == 48u * MHZ) { /* it comes with no such crystal: the oscillator was slow */
            *out_true_khz = 40u * MHZ;
        }
        return ESP_LOADER_SUCCESS;
    }
    uint32_t assumed_mhz = clock->rom_mhz;
    if (clock->rom_mhz_addr != 0) {
        RETURN_ON_ERROR(eli_register_read(loader, clock->rom_mhz_addr, &assumed_mhz));
        assumed_mhz = assumed_mhz >> 24 & 0x7Fu;
    }
    *out_assumed_khz = assumed_mhz * MHZ;
    return measure(loader, clock, now_baud, out_true_khz);
}

esp_loader_error_t eli_crystal_read(esp_loader_t *loader, uint32_t *out_hz)
{
    const eli_clock_t *clock = eli_clock_of(loader->_chip);
    uint32_t rate_baud = loader->_rate_baud != 0 ? loader->_rate_baud : ELI_DEFAULT_RATE_BAUD;
    uint32_t assumed_khz;
    uint32_t true_khz = 0;
    esp_loader_error_t err = ESP_LOADER_SUCCESS;
    if (clock != NULL) {
        err = read_clock(loader, clock, rate_baud, &assumed_khz, &true_khz);
    }
    *out_hz = true_khz * 1000u;
    return err;
}

esp_loader_error_t eli_rom_rate(esp_loader_t *loader, uint32_t now_baud, uint32_t rate_baud,
                                uint32_t *out_baud)
{
    const eli_clock_t *clock = eli_clock_of(loader->_chip);
    uint32_t assumed_khz;
    uint32_t true_khz;
    *out_baud = rate_baud;
    if (clock == NULL) {
        return ESP_LOADER_SUCCESS;
    }
    if (loader->_is.secure_download && clock->rom_mhz_addr != 0) {
        return ESP_LOADER_SUCCESS; /* this ROM finds out which crystal it has, and is nearly always right */
    }
    RETURN_ON_ERROR(eli_refuse_secure_download(loader, 0));
    RETURN_ON_ERROR(read_clock(loader, clock, now_baud, &assumed_khz, &true_khz));
    if (nominal_khz(assumed_khz) == 0 || true_khz == 0) {
        return ESP_LOADER_SUCCESS; /* nonsense: ask for the rate itself; whether that worked is checked */
    }
    const uint32_t whole = eli_divide(rate_baud, true_khz);
    *out_baud = whole * assumed_khz + eli_divide((rate_baud - whole * true_khz) * assumed_khz, true_khz);
    return ESP_LOADER_SUCCESS;
}
