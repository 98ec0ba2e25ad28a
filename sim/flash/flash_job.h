/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Erasing and programming as a loader on the chip does them: one flash operation after the other, each taking
 * its time. The effect of an operation is there when its time is over, so whatever interrupts the job (reset,
 * unplugging) leaves exactly the finished operations behind.
 */
#ifndef SIM_FLASH_JOB_H
#define SIM_FLASH_JOB_H

#include <stddef.h>

#include "base/clock.h"
#include "flash/flash.h"

typedef struct {
    esp_sim_t *sim;
    sim_timer_t timer;
    uint64_t erase_at, erase_end; /**< range still to be erased, sector aligned */
    uint64_t erase_start;         /**< of the whole range */
    bool has_single_ends;         /**< its first and last sectors are erased one by one */
    sim_erase_t erase_unit;       /**< of the operation that is running */
    uint8_t *data;                /**< owned */
    size_t size, done;            /**< bytes to program, bytes programmed */
    size_t piece;                 /**< bytes per operation of programming */
    uint64_t read_back_ns;        /**< what reading it back takes */
    uint32_t addr;                /**< of data[0] */
    uint32_t addr_mask;           /**< address bits the loader puts on the bus */
    bool is_active;
    void (*on_done)(esp_sim_t *sim);
} sim_flash_job_t;

void sim_flash_job_init(esp_sim_t *sim, sim_flash_job_t *job);
void sim_flash_job_cancel(sim_flash_job_t *job);
/** What the next sim_flash_job_run() shall erase: whole sectors, 64 KiB units where aligned and enough is
 * left. */
void sim_flash_job_erase(sim_flash_job_t *job, uint64_t start, uint64_t end);
/** The same as the ROMs do it: sectors up to the next 64 KiB boundary, 16 on one; then 64 KiB units while more
 * than 16 sectors are left; then sectors. */
void sim_flash_job_erase_as_rom(sim_flash_job_t *job, uint64_t start, uint64_t end);
/** What it shall program afterwards, in pieces of @p piece bytes; copies @p data. */
void sim_flash_job_program(sim_flash_job_t *job, uint32_t addr, const uint8_t *data, size_t size,
                           size_t piece);
/** And read back in transactions of @p piece bytes, before it is done. */
void sim_flash_job_read_back(sim_flash_job_t *job, size_t piece);
/** Nothing. */
void sim_flash_job_program_nothing(sim_flash_job_t *job);
/** Starts after @p delay_ns; calls @p on_done when all is done, never before it returns. */
void sim_flash_job_run(sim_flash_job_t *job, uint64_t delay_ns, uint32_t addr_mask,
                       void (*on_done)(esp_sim_t *sim));

#endif
