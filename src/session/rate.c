/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Changing the baud rate of both ends, and confirming it with a command.
 */
#include "session/chip.h"
#include "session/core.h"

/* A target that did not understand stays at the old rate, so that is where it is looked for. */
static esp_loader_error_t fall_back(esp_loader_t *loader, uint32_t old_rate, uint32_t rate)
{
    loader->_is.needs_resync = true;
    loader->_rate_baud = old_rate;
    esp_loader_error_t err = eli_port_set_rate(loader, old_rate);
    if (err == ESP_LOADER_SUCCESS) {
        err = eli_resync(loader);
    }
    ELI_LOG(loader, ESP_LOADER_LOG_WARN, "no answer at %u baud, %s", (unsigned)rate,
            err == ESP_LOADER_SUCCESS ? "back at the old rate" : "nor at the old rate");
    return eli_fail(loader, ESP_LOADER_ERROR_TIMEOUT, ESP_LOADER_ERROR_RATE, ESP_LOADER_STAGE_RATE, 0, rate);
}

/* A port that refuses a rate does so before the target has been told: one that has gone there would be lost.
 */
static esp_loader_error_t check_port(esp_loader_t *loader, uint32_t old_rate, uint32_t rate)
{
    esp_loader_error_t err = eli_port_set_rate(loader, rate);
    esp_loader_error_t back = eli_port_set_rate(loader, old_rate);
    if (err == ESP_LOADER_ERROR_UNSUPPORTED_FUNC || err == ESP_LOADER_ERROR_INVALID_PARAM) {
        return eli_fail(loader, ESP_LOADER_ERROR_UNSUPPORTED_FUNC, ESP_LOADER_ERROR_RATE,
                        ESP_LOADER_STAGE_RATE, 0, rate);
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
    return can_compute ? rate * factor / (old_rate / unit) : rate;
}

esp_loader_error_t esp_loader_change_transmission_rate(esp_loader_t *loader, uint32_t rate)
{
    RETURN_ON_ERROR(eli_enter(loader, ESP_LOADER_STAGE_RATE));
    if (eli_port_is_own_usb(loader)) {
        return ESP_LOADER_SUCCESS;
    }
    bool target_can = eli_is_stub(loader) || eli_has(eli_target(loader), ELI_ROM_CHANGE_RATE);
    if (!target_can || !eli_port_can_set_rate(loader)) {
        return eli_fail_here(loader, ESP_LOADER_ERROR_UNSUPPORTED_FUNC, 0, rate);
    }
    if (rate == 0) {
        return eli_fail_here(loader, ESP_LOADER_ERROR_INVALID_PARAM, 0, rate);
    }
    uint32_t old_rate = loader->_rate_baud != 0 ? loader->_rate_baud : ELI_DEFAULT_RATE_BAUD;
    RETURN_ON_ERROR(check_port(loader, old_rate, rate));
    eli_command_t command = {.opcode = ELI_CHANGE_BAUDRATE, .words = {rate, old_rate}, .word_count = 2};
    if (!eli_is_stub(loader)) { /* a stub knows its crystal and wants the present rate, too */
        RETURN_ON_ERROR(eli_rom_rate(loader, old_rate, rate, &command.words[0]));
        command.words[1] = 0;
    } else if (eli_has(eli_target(loader), ELI_STUB_RATE_IS_RELATIVE)) {
        command.words[0] = relative_rate(old_rate, rate);
    }
    RETURN_ON_ERROR(eli_transact(loader, &command, 0, NULL));

    loader->_is.needs_resync = true; /* a ROM may send stray delimiters around the switch */
    esp_loader_error_t err = eli_port_set_rate(loader, rate);
    if (err == ESP_LOADER_SUCCESS) {
        loader->_rate_baud = rate;
        err = eli_resync(loader);
    }
    if (err == ESP_LOADER_ERROR_TIMEOUT) {
        return fall_back(loader, old_rate, rate);
    }
    return err == ESP_LOADER_SUCCESS ? err : eli_fail_here(loader, err, 0, rate);
}
