/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The sequences of pin_reset.h. The strapping pin is active before reset ends and until well after it: the chip looks at it
 * when EN rises, which takes a while with the usual capacitor.
 */
#include "pin_reset.h"

#include "esp_loader.h"

void pin_reset_into_loader(esp_loader_port_t *port, pin_reset_set_t set)
{
    set(port, true, true);
    port->ops->delay_ms(port, SERIAL_FLASHER_RESET_HOLD_TIME_MS);
    set(port, false, true);
    port->ops->delay_ms(port, SERIAL_FLASHER_BOOT_HOLD_TIME_MS);
    set(port, false, false);
}

void pin_reset_into_app(esp_loader_port_t *port, pin_reset_set_t set)
{
    set(port, true, false);
    port->ops->delay_ms(port, SERIAL_FLASHER_RESET_HOLD_TIME_MS);
    set(port, false, false);
}
