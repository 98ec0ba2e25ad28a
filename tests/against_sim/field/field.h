/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The usual plan on a simulated chip, with the loader in ROM or with the stub. The stub's bytes are stand-ins
 * (session/stub_table.c), so no network is needed.
 */
#ifndef SIM_FIELD_FIELD_H
#define SIM_FIELD_FIELD_H

#include "plan.h"

enum { ROM, STUB };

/* A small library has no stub. */
#ifdef ESP_LOADER_SMALL
enum { LOADER_COUNT = 1 };
#else
enum { LOADER_COUNT = 2 };
#endif

/* plan_begin() for a chip that takes the stand-in; change plan->bench.config before field_connect(). */
void field_begin(plan_t *plan);

/* Connects once more, on the session as it is. */
esp_loader_error_t field_try_connect(plan_t *plan, int loader);

/* Creates the chip and connects; fails the test when it cannot. */
void field_connect(plan_t *plan, int loader);

/* The same for a device that may have left: waits up to 10 s for it, and opens the port anew. */
void field_reconnect(plan_t *plan, int loader);

/* Virtual time since @p since_us, ms. */
uint64_t field_elapsed_ms(const plan_t *plan, uint64_t since_us);

#endif
