/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "boot_host.h"

esp_sim_t *boot_host_start(const esp_sim_config_t *config)
{
    esp_sim_t *sim = host_new(config);
    host_make_bootable(sim);
    return sim;
}

parts_t boot_host_parts(esp_sim_t *sim)
{
    uint8_t *flash = esp_sim_flash(sim);
    return (parts_t){flash, flash + 0x8000, flash + 0x10000};
}

static void expect(esp_sim_t *sim, esp_sim_state_t state, const char *line)
{
    size_t before = strlen(esp_sim_console(sim));
    host_usj_run(sim);
    if (strstr(esp_sim_console(sim) + before, line) == NULL) {
        fail_msg("'%s' is not in:\n%s", line, esp_sim_console(sim) + before);
    }
    assert_int_equal(esp_sim_state(sim), state);
}

void boot_host_expect(esp_sim_t *sim, const char *line)
{
    expect(sim, ESP_SIM_STATE_APP, line);
}

void boot_host_expect_failure(esp_sim_t *sim, const char *line)
{
    expect(sim, ESP_SIM_STATE_BOOT_FAILED, line);
}

void boot_host_patch(uint8_t *image, uint32_t at, uint8_t value)
{
    image[at] = value;
    host_seal_image(image);
}
