/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Giving the flash chip power, before it is attached or a stub attaches it. What is to be done is data:
 * target/power_up.c.
 */
#include "target/power_up.h"

#include "session/chip.h"
#include "session/core.h"
#include "session/flash.h"

static esp_loader_error_t carry_out(esp_loader_t *loader, const eli_power_step_t *step)
{
    uint32_t mask = step->field == 0 ? UINT32_MAX : (uint32_t)step->field << step->shift;
    RETURN_ON_ERROR(eli_register_change(loader, ELI_POWER_UP_BASE + step->off,
                                        (uint32_t)step->value << step->shift, mask));
    eli_port_delay(loader, step->wait_ms);
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t eli_flash_power_up(esp_loader_t *loader)
{
    const eli_target_t *target = eli_target(loader);
    uint32_t revision;
    uint32_t rom = 0;
    if (!eli_has(target, ELI_FLASH_POWER_UP) || loader->_is.secure_download || eli_is_stub(loader)) {
        return ESP_LOADER_SUCCESS; /* registers are out of reach, or the stub was started with the flash on */
    }
    RETURN_ON_ERROR(eli_register_read(loader, target->efuse_base + ELI_POWER_UP_REVISION_OFF, &revision));
    revision &= ELI_POWER_UP_REVISION_MASK;
    if (revision == ELI_POWER_UP_REVISION_ROM) {
        RETURN_ON_ERROR(eli_register_read(loader, target->efuse_base + ELI_POWER_UP_ROM_OFF, &rom));
    } else if (revision != ELI_POWER_UP_REVISION_HOST) {
        return ESP_LOADER_SUCCESS;
    }
    bool is_on = (rom >> ELI_POWER_UP_ROM_BIT & 1u) != 0;
    for (size_t i = is_on ? 0 : 1; i < (is_on ? 1 : ELI_POWER_UP_STEPS); i++) {
        RETURN_ON_ERROR(carry_out(loader, &eli_power_up_steps[i]));
    }
    return ESP_LOADER_SUCCESS;
}
