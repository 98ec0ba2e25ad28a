/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A program in the context form that has nothing to do with the 1.x façade. It is linked and looked at, never
 * run.
 */
#include "sim_port.h"

int main(void)
{
    static esp_loader_t loader;
    static sim_port_t port;
    char error[100];
    esp_sim_t *sim = esp_sim_new(&(esp_sim_config_t){0}, error, sizeof(error));
    if (sim == NULL) {
        return 1;
    }
    sim_port_init(&port, sim, ESP_SIM_WIRING_USJ);
    bool is_connected = esp_loader_init_serial(&loader, &port.base.port) == ESP_LOADER_SUCCESS &&
                        esp_loader_connect(&loader, NULL) == ESP_LOADER_SUCCESS;
    return is_connected ? 0 : 1;
}
