/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Where the values of the options about flashing go.
 */
#define _GNU_SOURCE
#include "flash/flash_job.h"

#include <stdio.h>
#include <stdlib.h>

static bool add_raw_offset(flash_job_t *job, uint32_t offset, char error[OPTION_ERROR_SIZE])
{
    uint32_t *offsets = reallocarray(job->raw_offsets, job->raw_count + 1, sizeof(*offsets));

    if (offsets == NULL) {
        snprintf(error, OPTION_ERROR_SIZE, "out of memory");
        return false;
    }
    job->raw_offsets = offsets;
    offsets[job->raw_count++] = offset;
    return true;
}

/** Where a flash setting goes: a project's own count more than those of the environment. */
static flash_params_text_t *own_params(flash_job_t *job, const option_value_t *value)
{
    if (value->source != NULL) {
        return &job->default_params;
    }
    job->has_own_params = true;
    return &job->params;
}

bool flash_job_take(flash_job_t *job, const option_value_t *value, char error[OPTION_ERROR_SIZE])
{
    switch (value->option->id) {
    case OPTION_VERIFY:
        job->skip_verify = false;
        return true;
    case OPTION_NO_VERIFY:
        job->skip_verify = true;
        return true;
    case OPTION_REWRITE:
        job->is_rewrite = true;
        return true;
    case OPTION_ERASE_ALL:
        job->is_erase_all = true;
        return true;
    case OPTION_NO_COMPRESS:
        job->is_uncompressed = true;
        return true;
    case OPTION_PIECES:
        job->has_large_pieces = value->number == 1;
        return true;
    case OPTION_FORCE_RAW:
        job->is_raw = true;
        return true;
    case OPTION_FORCE_RAW_AT:
        return add_raw_offset(job, value->number, error);
    case OPTION_APP_PARTITION:
        job->app_partition = value->text;
        return true;
    case OPTION_PROJECT:
        job->project = value->text;
        return true;
    case OPTION_FLASH_MODE:
        own_params(job, value)->mode = value->text;
        return true;
    case OPTION_FLASH_FREQ:
        own_params(job, value)->freq = value->text;
        return true;
    case OPTION_FLASH_SIZE:
        own_params(job, value)->size = value->text;
        return true;
    default:
        return session_options_take(&job->session, value, error);
    }
}

bool flash_job_check(const flash_job_t *job, char error[OPTION_ERROR_SIZE])
{
    const char *unknown = flash_params_find_unknown(&job->params);

    unknown = unknown != NULL ? unknown : flash_params_find_unknown(&job->default_params);
    if (unknown != NULL) {
        snprintf(error, OPTION_ERROR_SIZE, "no chip has the given value of --%s", unknown);
    }
    return unknown == NULL;
}
