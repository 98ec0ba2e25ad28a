/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The baud rate of a run: raised before much is written, lowered where it does not carry, set back at the end.
 */
#include "plan/plan.h"

#ifndef ESP_LOADER_SMALL

#include "session/rate.h"

/* What is written faster at 115200 baud than a higher rate is found: 16 KiB. */
#define FEW_SECTORS 4u

/* A rate that the caller has set is the caller's. */
static bool is_automatic(const eli_plan_t *plan)
{
    const esp_loader_t *loader = plan->loader;
    return !plan->options->keep_rate && (loader->_rate_baud == 0 || loader->_rom_rate_scale != 0);
}

void eli_plan_begin_rate(eli_plan_t *plan)
{
    esp_loader_t *loader = plan->loader;
    bool is_safe =
        plan->options->rate != NULL || eli_port_can_reset(loader) || eli_port_max_rate(loader) != 0;

    plan->rate_before = loader->_rate_baud;
    if (is_automatic(plan) && is_safe && eli_rate_can_change(loader) && eli_flash_has_md5(loader)) {
        uint32_t limit_baud = eli_rate_limit(loader, plan->options->rate);
        plan->expected_baud = limit_baud > esp_loader_get_rate(loader) ? limit_baud : 0;
    }
}

esp_loader_error_t eli_plan_raise_rate(eli_plan_t *plan, uint32_t sectors)
{
    if (plan->expected_baud == 0 || sectors <= FEW_SECTORS) {
        return ESP_LOADER_SUCCESS;
    }
    plan->expected_baud = 0;
    plan->has_raised_rate = true;
    plan->has_taken_pieces = false; /* looking for a rate may reset the target */
    RETURN_ON_ERROR(esp_loader_raise_rate(plan->loader, plan->options->rate, NULL));
    eli_plan_choose_costs(plan);
    return ESP_LOADER_SUCCESS;
}

/* One block in eight, and not by chance. */
#define RESENT_LEAST 4u
#define RESENT_SHARE 8u

static void forget_rate(eli_plan_t *plan)
{
    plan->measured_kib_us = 0;
    plan->failures_at_rate = 0;
    plan->blocks_at_rate = 0;
    plan->resent_at_rate = 0;
}

/* May the plan go to a lower rate? */
static bool can_lower(const eli_plan_t *plan)
{
    return is_automatic(plan) && esp_loader_get_rate(plan->loader) > ELI_DEFAULT_RATE_BAUD;
}

esp_loader_error_t eli_plan_judge_rate(eli_plan_t *plan)
{
    esp_loader_t *loader = plan->loader;

    plan->blocks_at_rate++;
    plan->resent_at_rate += loader->_detail.attempts > 1;
    if (plan->resent_at_rate < RESENT_LEAST || plan->resent_at_rate < plan->blocks_at_rate / RESENT_SHARE ||
        !can_lower(plan)) {
        return ESP_LOADER_SUCCESS;
    }
    return eli_fail(loader, ESP_LOADER_ERROR_INVALID_RESPONSE, ESP_LOADER_ERROR_CHECKSUM,
                    ESP_LOADER_STAGE_WRITE, 0, 0);
}

/* A block that arrives damaged four times in a row, or too many of them once; or the second failure at this rate. */
static bool is_bad_rate(eli_plan_t *plan, const esp_loader_error_detail_t *detail)
{
    plan->failures_at_rate++;
    return detail->cause == ESP_LOADER_ERROR_CHECKSUM || plan->failures_at_rate > 1;
}

bool eli_plan_lower_rate(eli_plan_t *plan)
{
    esp_loader_t *loader = plan->loader;
    const esp_loader_error_detail_t detail = loader->_detail;
    uint32_t baud = 0;

    if (!can_lower(plan) || !is_bad_rate(plan, &detail)) {
        return false;
    }
    if (esp_loader_lower_rate(loader, plan->options->rate, &baud) != ESP_LOADER_SUCCESS) {
        loader->_detail = detail; /* what went wrong first */
        return false;
    }
    forget_rate(plan);
    ELI_LOG(loader, ESP_LOADER_LOG_WARN, "damaged on the way: going on at %u baud", (unsigned)baud);
    eli_plan_choose_costs(plan);
    return true;
}

bool eli_plan_is_link_open(const eli_plan_t *plan)
{
    return plan->measured_kib_us == 0 && plan->options->deflater != NULL && eli_is_stub(plan->loader) &&
           eli_port_link_kind(plan->loader) == ESP_LOADER_LINK_UNKNOWN && eli_port_has_clock(plan->loader);
}

/* Less says more about the round trip than about the wire. */
#define LEAST_MEASURED 2048u

/* A stub acknowledges the first block before it does anything about it: this is the time of the wire. */
void eli_plan_measure_link(eli_plan_t *plan, uint32_t size, uint32_t sent_ms)
{
    const uint32_t limit_ms = eli_now_ms(plan->loader) - sent_ms + 1;

    if (size >= LEAST_MEASURED && limit_ms <= UINT32_MAX / 1000) {
        plan->measured_kib_us = limit_ms * 1000 / (size >> 10);
        eli_plan_choose_costs(plan);
    }
}

/* Not of a target that does not answer: the plan has waited for it long enough. */
esp_loader_error_t eli_plan_end_rate(eli_plan_t *plan, esp_loader_error_t err)
{
    esp_loader_t *loader = plan->loader;
    const esp_loader_error_detail_t detail = loader->_detail;
    const uint32_t baud = plan->rate_before != 0 ? plan->rate_before : ELI_DEFAULT_RATE_BAUD;
    bool is_lost = err != ESP_LOADER_SUCCESS &&
                   (detail.cause == ESP_LOADER_ERROR_TIMEOUT || detail.cause == ESP_LOADER_ERROR_RATE ||
                    detail.cause == ESP_LOADER_ERROR_DISCONNECTED || detail.cause == ESP_LOADER_ERROR_IO);

    if (plan->has_raised_rate && !is_lost && esp_loader_get_rate(loader) != baud &&
        esp_loader_change_transmission_rate(loader, baud) == ESP_LOADER_SUCCESS) {
        loader->_rate_baud = plan->rate_before;
    }
    loader->_detail = detail;
    return err;
}

#endif
