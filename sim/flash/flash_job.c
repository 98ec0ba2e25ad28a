/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * One flash operation after the other on the virtual clock.
 */
#include "flash/flash_job.h"

#include <stdlib.h>
#include <string.h>

#include "state/model.h"

static void start_operation(sim_flash_job_t *job);

static size_t piece_size(const sim_flash_job_t *job)
{
    size_t left = job->size - job->done;
    return left < job->piece ? left : job->piece;
}

static void finish_operation(void *ctx)
{
    sim_flash_job_t *job = ctx;
    esp_sim_t *sim = job->sim;
    if (job->erase_at < job->erase_end) {
        const uint32_t addr = (uint32_t)job->erase_at & job->addr_mask;
        job->erase_at +=
            job->erase_unit == SIM_ERASE_BLOCK ? (unsigned)SIM_BLOCK_SIZE : (unsigned)SIM_SECTOR_SIZE;
        sim_flash_erase(sim, addr, job->erase_unit);
    } else if (job->done < job->size) {
        size_t size = piece_size(job);
        const size_t done = job->done;
        job->done += size;
        sim_flash_program(sim, (job->addr + (uint32_t)done) & job->addr_mask, job->data + done, size);
    }
    if (job->is_active) { /* a fault may have stopped it */
        start_operation(job);
    }
}

static void after_delay(void *ctx)
{
    sim_flash_job_t *job = ctx;
    job->timer.fire = finish_operation;
    start_operation(job);
}

static bool is_block_next(const sim_flash_job_t *job)
{
    uint64_t left = job->erase_end - job->erase_at;
    bool is_aligned = job->erase_at % SIM_BLOCK_SIZE == 0;
    return job->has_single_ends ? is_aligned && job->erase_at > job->erase_start && left > SIM_BLOCK_SIZE
                                : is_aligned && left >= SIM_BLOCK_SIZE;
}

static void start_operation(sim_flash_job_t *job)
{
    esp_sim_t *sim = job->sim;
    uint64_t ns = 0;
    if (job->erase_at < job->erase_end) {
        job->erase_unit = is_block_next(job) ? SIM_ERASE_BLOCK : SIM_ERASE_SECTOR;
        ns = sim_flash_erase_ns(sim, job->erase_unit);
    } else if (job->done < job->size) {
        ns = sim_flash_program_ns(sim, piece_size(job));
    } else if (job->read_back_ns != 0) {
        ns = job->read_back_ns;
        job->read_back_ns = 0;
    } else {
        job->is_active = false;
        job->on_done(sim);
        return;
    }
    sim_timer_set(&sim->clock, &job->timer, sim->clock.now_ns + ns);
}

void sim_flash_job_init(esp_sim_t *sim, sim_flash_job_t *job)
{
    *job = (sim_flash_job_t){.sim = sim};
    sim_clock_add(&sim->clock, &job->timer, finish_operation, job);
}

void sim_flash_job_cancel(sim_flash_job_t *job)
{
    sim_timer_clear(&job->timer);
    free(job->data);
    job->data = NULL;
    job->size = job->done = 0;
    job->read_back_ns = 0;
    job->erase_at = job->erase_end = 0;
    job->is_active = false;
}

void sim_flash_job_erase(sim_flash_job_t *job, uint64_t start, uint64_t end)
{
    job->erase_at = job->erase_start = start;
    job->erase_end = end;
    job->has_single_ends = false;
}

void sim_flash_job_erase_as_rom(sim_flash_job_t *job, uint64_t start, uint64_t end)
{
    sim_flash_job_erase(job, start, end);
    job->has_single_ends = true;
}

void sim_flash_job_program(sim_flash_job_t *job, uint32_t addr, const uint8_t *data, size_t size,
                           size_t piece)
{
    job->addr = addr;
    job->piece = piece;
    job->size = size;
    job->done = 0;
    job->read_back_ns = 0;
    if (size > 0) {
        job->data = sim_realloc(job->data, size);
        memcpy(job->data, data, size);
    }
}

void sim_flash_job_read_back(sim_flash_job_t *job, size_t piece)
{
    job->read_back_ns = sim_flash_read_ns(job->sim, job->size, piece);
}

void sim_flash_job_program_nothing(sim_flash_job_t *job)
{
    job->size = job->done = 0;
    job->read_back_ns = 0;
}

void sim_flash_job_run(sim_flash_job_t *job, uint64_t delay_ns, uint32_t addr_mask,
                       void (*on_done)(esp_sim_t *sim))
{
    job->addr_mask = addr_mask;
    job->on_done = on_done;
    job->is_active = true;
    job->timer.fire = after_delay;
    sim_timer_set(&job->sim->clock, &job->timer, job->sim->clock.now_ns + delay_ns);
}
