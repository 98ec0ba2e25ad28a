/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Changing the baud rate of both ends, and confirming it with a command.
 */
#include "session/chip.h"
#include "session/core.h"
#include "session/limits.h"
#include "session/rate.h"

#define STUB_SETTLE_MS 15u /* it waits twice 5 ms around the change; source: esp-flasher-stub 1.1 */

/* A target that did not understand stays at the old rate, so that is where it is looked for. */
static esp_loader_error_t fall_back(esp_loader_t *loader, uint32_t old_rate, uint32_t rate)
{
    loader->_is.needs_resync = true;
    loader->_rate_baud = old_rate;
    esp_loader_error_t err = eli_port_set_rate(loader, old_rate);
    if (err == ESP_LOADER_SUCCESS) {
        err = eli_resync(loader);
    }
    (void)err; /* of the log alone, which a build may leave out */
    ELI_LOG(loader, ESP_LOADER_LOG_INFO, "no answer at %u baud, %s", (unsigned)rate,
            err == ESP_LOADER_SUCCESS ? "back at the old rate" : "nor at the old rate");
    return eli_fail_for(loader, ESP_LOADER_ERROR_TIMEOUT, ESP_LOADER_ERROR_RATE, 0, rate);
}

/* A port that refuses a rate does so before the target has been told: one that has gone there would be lost.
 */
static esp_loader_error_t check_port(esp_loader_t *loader, uint32_t old_rate, uint32_t rate)
{
    esp_loader_error_t err = eli_port_set_rate(loader, rate);
    esp_loader_error_t back = eli_port_set_rate(loader, old_rate);
    if (err == ESP_LOADER_ERROR_UNSUPPORTED_FUNC || err == ESP_LOADER_ERROR_INVALID_PARAM) {
        return eli_fail_for(loader, ESP_LOADER_ERROR_UNSUPPORTED_FUNC, ESP_LOADER_ERROR_RATE, 0, rate);
    }
    err = err == ESP_LOADER_SUCCESS ? back : err;
    return err == ESP_LOADER_SUCCESS ? err : eli_fail_here(loader, err, 0, rate);
}

/* The ESP8266's stub multiplies its divider by 115200 / rate, whatever its rate is. Source: esp-flasher-stub.
 */
static uint32_t relative_rate(uint32_t old_rate, uint32_t rate)
{
    const uint32_t unit = 100; /* so that the product fits, for any rate that its UART can do */
    const uint32_t factor = ELI_DEFAULT_RATE_BAUD / unit;
    bool can_compute = old_rate >= unit && rate <= UINT32_MAX / factor;
    return can_compute ? eli_divide(rate * factor, eli_divide(old_rate, unit)) : rate;
}

bool eli_rate_can_change(const esp_loader_t *loader)
{
    bool target_can = eli_is_stub(loader) || eli_has(eli_target(loader), ELI_ROM_CHANGE_RATE);
    return target_can && eli_port_can_set_rate(loader) && !eli_port_is_own_usb(loader);
}

void eli_rate_words(const esp_loader_t *loader, uint32_t old_baud, uint32_t baud, uint32_t rom_baud,
                    uint32_t words[2])
{
    words[0] = rom_baud;
    words[1] = 0;
    if (eli_is_stub(loader)) { /* it knows its crystal and wants the present rate, too */
        bool is_relative = eli_has(eli_target(loader), ELI_STUB_RATE_IS_RELATIVE);
        words[0] = is_relative ? relative_rate(old_baud, baud) : baud;
        words[1] = old_baud;
    }
}

esp_loader_error_t eli_rate_follow(esp_loader_t *loader, uint32_t baud)
{
    loader->_is.needs_resync = true; /* a ROM may send stray delimiters around the switch */
    RETURN_ON_ERROR(eli_port_set_rate(loader, baud));
    loader->_rate_baud = baud;
    eli_port_delay(loader, eli_is_stub(loader) ? STUB_SETTLE_MS : 0);
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t esp_loader_change_transmission_rate(esp_loader_t *loader, uint32_t rate)
{
    RETURN_ON_ERROR(eli_enter(loader, ESP_LOADER_STAGE_RATE));
    if (eli_port_is_own_usb(loader)) {
        return ESP_LOADER_SUCCESS;
    }
    const bool can_change = eli_rate_can_change(loader);
    if (!can_change || rate == 0) {
        esp_loader_error_t error =
            can_change ? ESP_LOADER_ERROR_INVALID_PARAM : ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
        return eli_fail_here(loader, error, 0, rate);
    }
    uint32_t old_rate = loader->_rate_baud != 0 ? loader->_rate_baud : ELI_DEFAULT_RATE_BAUD;
    uint32_t rom_rate = rate;
    uint32_t words[2];
    RETURN_ON_ERROR(check_port(loader, old_rate, rate));
    if (ELI_MEASURES_CRYSTALS && !eli_is_stub(loader)) {
        RETURN_ON_ERROR(eli_rom_rate(loader, old_rate, rate, &rom_rate));
    }
    eli_rate_words(loader, old_rate, rate, rom_rate, words);
    loader->_rom_rate_scale = 0; /* the caller's choice from now on */
    RETURN_ON_ERROR(eli_tell(loader, ELI_RATE_SHAPE, words, 0));
    esp_loader_error_t err = eli_rate_follow(loader, rate);
    if (err == ESP_LOADER_SUCCESS) {
        err = eli_resync(loader);
    }
    if (err == ESP_LOADER_ERROR_TIMEOUT) {
        return fall_back(loader, old_rate, rate);
    }
    return err == ESP_LOADER_SUCCESS ? err : eli_fail_here(loader, err, 0, rate);
}
