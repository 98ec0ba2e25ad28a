/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The sequences of pin_reset.h. The strapping pin is active before reset begins and until well after it: the chip looks at it
 * when EN rises, which takes a while with the usual capacitor.
 */
#include "pin_reset.h"

#include "esp_loader.h"

esp_loader_error_t pin_reset_into_app(esp_loader_port_t *port, pin_reset_drive_t drive)
{
    if (!drive(port, PIN_EN, true)) {
        return ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
    }
    port->ops->delay_ms(port, SERIAL_FLASHER_RESET_HOLD_TIME_MS);
    (void)drive(port, PIN_EN, false);
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t pin_reset_into_loader(esp_loader_port_t *port, pin_reset_drive_t drive)
{
    if (!drive(port, PIN_EN, false) || !drive(port, PIN_BOOT, true)) {
        return ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
    }
    (void)pin_reset_into_app(port, drive);
    port->ops->delay_ms(port, SERIAL_FLASHER_BOOT_HOLD_TIME_MS);
    (void)drive(port, PIN_BOOT, false);
    return ESP_LOADER_SUCCESS;
}
