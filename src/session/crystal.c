/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The target's crystal: which one it is, and what its ROM takes it for. A ROM computes its UART's divider
 * from the frequency it assumes, so it must be asked for another rate where it is wrong. Source:
 * esptool 5.3, change_baud and get_crystal_freq of the ESP32, ESP32-C2 and ESP32-C5 targets.
 */
#include "session/chip.h"
#include "session/core.h"

#define MHZ                1000000u
#define DIVIDER_MASK       0xFFFFFu
#define CK8M_EFUSE_OFF     0x10u /* bits 7:0 say how fast the ESP32's internal oscillator is */
#define CALIBRATION_FACTOR 15625u
#define CALIBRATION_UNIT   40u

/* The crystal that a measured frequency must mean, 0 = none. */
static uint32_t nominal_hz(uint64_t hz)
{
    if (hz < 20u * MHZ || hz > 60u * MHZ) {
        return 0;
    }
    return hz > 45u * MHZ ? 48u * MHZ : hz > 33u * MHZ ? 40u * MHZ : 26u * MHZ;
}

/* By the divider of the target's UART at the host's rate. */
static esp_loader_error_t measure(esp_loader_t *loader, const eli_clock_t *clock, uint32_t rate_baud,
                                  uint32_t *out_hz)
{
    uint32_t divider;
    RETURN_ON_ERROR(eli_register_read(loader, clock->uart_divider_addr, &divider));
    *out_hz = nominal_hz((uint64_t)rate_baud * (divider & DIVIDER_MASK) / clock->uart_factor);
    return ESP_LOADER_SUCCESS;
}

/* The ESP32's ROM measures its crystal with the internal oscillator, and keeps what it found. */
static esp_loader_error_t read_calibration(esp_loader_t *loader, const eli_clock_t *clock, uint64_t *out_hz)
{
    uint32_t cycles;
    uint32_t ck8m;
    RETURN_ON_ERROR(eli_register_read(loader, clock->calibration_addr, &cycles));
    RETURN_ON_ERROR(eli_register_read(loader, eli_target(loader)->efuse_base + CK8M_EFUSE_OFF, &ck8m));
    *out_hz = (uint64_t)(cycles >> 7) * CALIBRATION_FACTOR * (ck8m & 0xFFu) / CALIBRATION_UNIT;
    return ESP_LOADER_SUCCESS;
}

/* Crystal frequency the ROM assumes, and the true one. */
static esp_loader_error_t read_clock(esp_loader_t *loader, const eli_clock_t *clock, uint32_t now_baud,
                                     uint64_t *out_assumed_hz, uint32_t *out_true_hz)
{
    if (clock->calibration_addr != 0) {
        RETURN_ON_ERROR(read_calibration(loader, clock, out_assumed_hz));
        *out_true_hz = nominal_hz(*out_assumed_hz);
        if (*out_true_hz == 48u * MHZ) { /* it comes with no such crystal: the oscillator was slow */
            *out_true_hz = 40u * MHZ;
        }
        return ESP_LOADER_SUCCESS;
    }
    uint32_t assumed_mhz = clock->rom_mhz;
    if (clock->rom_mhz_addr != 0) {
        RETURN_ON_ERROR(eli_register_read(loader, clock->rom_mhz_addr, &assumed_mhz));
        assumed_mhz = assumed_mhz >> 24 & 0x7Fu;
    }
    *out_assumed_hz = (uint64_t)assumed_mhz * MHZ;
    return measure(loader, clock, now_baud, out_true_hz);
}

esp_loader_error_t eli_crystal_read(esp_loader_t *loader, uint32_t *out_hz)
{
    const eli_clock_t *clock = eli_clock_of(loader->_chip);
    uint32_t rate_baud = loader->_rate_baud != 0 ? loader->_rate_baud : ELI_DEFAULT_RATE_BAUD;
    uint64_t assumed_hz;
    *out_hz = 0;
    return clock != NULL ? read_clock(loader, clock, rate_baud, &assumed_hz, out_hz) : ESP_LOADER_SUCCESS;
}

esp_loader_error_t eli_rom_rate(esp_loader_t *loader, uint32_t now_baud, uint32_t rate_baud,
                                uint32_t *out_baud)
{
    const eli_clock_t *clock = eli_clock_of(loader->_chip);
    uint64_t assumed_hz;
    uint32_t true_hz;
    *out_baud = rate_baud;
    if (clock == NULL) {
        return ESP_LOADER_SUCCESS;
    }
    RETURN_ON_ERROR(eli_refuse_secure_download(loader, 0));
    RETURN_ON_ERROR(read_clock(loader, clock, now_baud, &assumed_hz, &true_hz));
    if (nominal_hz(assumed_hz) == 0 || true_hz == 0) {
        return ESP_LOADER_SUCCESS; /* nonsense: ask for the rate itself; whether that worked is checked */
    }
    *out_baud = (uint32_t)(rate_baud * assumed_hz / true_hz);
    return ESP_LOADER_SUCCESS;
}
