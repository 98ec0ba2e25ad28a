/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Connecting with either loader.
 */
#include "field.h"
#include "test.h"

void field_begin(plan_t *plan)
{
    plan_begin(plan);
    plan->bench.config.accepts_any_stub = true;
}

esp_loader_error_t field_try_connect(plan_t *plan, int loader)
{
    esp_loader_t *session = &plan->bench.loader;

    return loader == STUB ? esp_loader_connect_with_stub(session, NULL) : esp_loader_connect(session, NULL);
}

void field_connect(plan_t *plan, int loader)
{
    bench_open(&plan->bench);
    assert_int_equal(field_try_connect(plan, loader), ESP_LOADER_SUCCESS);
}

void field_reconnect(plan_t *plan, int loader)
{
    plan->bench.port.open_wait_ms = 10000;
    assert_int_equal(esp_loader_init_serial(&plan->bench.loader, &plan->bench.port.port), ESP_LOADER_SUCCESS);
    assert_int_equal(field_try_connect(plan, loader), ESP_LOADER_SUCCESS);
}

uint64_t field_elapsed_ms(const plan_t *plan, uint64_t since_us)
{
    return (esp_sim_now_us(plan->bench.sim) - since_us) / 1000;
}
