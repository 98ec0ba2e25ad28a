/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Writing what changed: run after run of sectors, each erased and sent on its own. While a block is on its
 * way the next one is read, if the caller's buffer has room for two.
 */
#include "plan/plan.h"
#include "session/blocks.h"

#define SECTOR ELI_SECTOR_SIZE
#define BLOCK  ELI_ERASE_BLOCK_SIZE

/* Shorter stretches are not worth a second one. */
#define MEASURED_FROM (4 * BLOCK)

/* Sectors that follow each other and are treated alike. */
typedef struct {
    uint32_t start; /* bytes from the start of the image */
    uint32_t end;   /* whole sectors, or the end of the image */
    bool is_blank;  /* known to be erased */
    bool is_empty;  /* nothing but 0xFF is to be there: erasing is enough */
    bool is_trial;  /* shows how fast the link is */
} stretch_t;

/* The data of a stretch on its way to the target, as it is or as a zlib stream. */
typedef struct {
    eli_plan_t *plan;
    const stretch_t *stretch;
    esp_loader_blocks_t sent;
    esp_loader_source_t deflated; /* size 0: send as it is */
    uint32_t size;                /* bytes to send */
    eli_cost_blocks_t blocks;
} stream_t;

/* ---- what to treat alike ---- */

/* A stub looks whether sectors are blank only until it finds one that is not, so what is known to be blank
 * begins a stretch of its own. */
static bool ends_before(const eli_plan_t *plan, const eli_changes_t *changes, uint32_t at)
{
    return at >= changes->end || !eli_changes_is_changed(changes, at) ||
           (eli_is_stub(plan->loader) && eli_changes_is_blank(changes, at) &&
            !eli_changes_is_blank(changes, at - SECTOR));
}

static uint32_t next_sector(const eli_changes_t *changes, uint32_t at)
{
    return changes->end - at < SECTOR ? changes->end : at + SECTOR;
}

/* Moves @p at, where a stretch is to be cut, to a place that leaves 64 KiB blocks whole; a cut at either end
 * of the stretch stays. */
static uint32_t cut_at(const eli_plan_t *plan, const stretch_t *stretch, uint32_t at, bool is_upwards)
{
    uint32_t over = (plan->image->offset + at) % BLOCK;

    if (over == 0 || at == stretch->start || at == stretch->end) {
        return at;
    }
    if (is_upwards) {
        return stretch->end - at < BLOCK - over ? stretch->end : at + BLOCK - over;
    }
    return at - stretch->start < over ? stretch->start : at - over;
}

static esp_loader_error_t skip_empty(eli_plan_t *plan, const eli_changes_t *changes, const stretch_t *stretch,
                                     bool is_empty, uint32_t *at)
{
    while (*at < stretch->end) {
        bool is_sector_empty;
        RETURN_ON_ERROR(eli_plan_is_empty(plan, *at, &is_sector_empty));
        if (is_sector_empty != is_empty) {
            break;
        }
        *at = next_sector(changes, *at);
    }
    return ESP_LOADER_SUCCESS;
}

/* Cuts a stretch short where sectors that are to stay empty begin or end. */
static esp_loader_error_t split_empty(eli_plan_t *plan, const eli_changes_t *changes, stretch_t *stretch)
{
    uint32_t at = stretch->start;

    while (at < stretch->end) {
        uint32_t empty = at;
        RETURN_ON_ERROR(skip_empty(plan, changes, stretch, false, &empty));
        at = empty;
        RETURN_ON_ERROR(skip_empty(plan, changes, stretch, true, &at));
        uint32_t first = cut_at(plan, stretch, empty, true);
        uint32_t last = cut_at(plan, stretch, at, false);
        if (first < last) {
            stretch->is_empty = first == stretch->start;
            stretch->end = stretch->is_empty ? last : first;
        }
    }
    return ESP_LOADER_SUCCESS;
}

/* Where the speed of the link decides what is sent, it is measured with a first 64 KiB. */
static void cut_for_measuring(const eli_plan_t *plan, stretch_t *stretch)
{
    if (eli_plan_is_link_open(plan) && plan->image->deflated.size == 0 && !stretch->is_empty &&
        stretch->end - stretch->start > MEASURED_FROM) {
        stretch->end = cut_at(plan, stretch, stretch->start + BLOCK, false);
        stretch->is_trial = true;
    }
}

static esp_loader_error_t find_stretch(eli_plan_t *plan, const eli_changes_t *changes, uint32_t start,
                                       stretch_t *out)
{
    uint32_t end = next_sector(changes, start);

    while (!ends_before(plan, changes, end)) {
        end = next_sector(changes, end);
    }
    *out = (stretch_t){.start = start, .end = end, .is_blank = eli_changes_is_blank(changes, start)};
    /* A loader that may erase one sector more than asked, and has no MD5, gets the image in one piece. */
    bool is_exact =
        eli_is_stub(plan->loader) || !eli_has(eli_target(plan->loader), ELI_ROM_ERASES_HEAD_TWICE);
    if (is_exact) {
        RETURN_ON_ERROR(split_empty(plan, changes, out));
    }
    cut_for_measuring(plan, out);
    return ESP_LOADER_SUCCESS;
}

/* ---- sending ---- */

/* Source of a stretch's bytes as they are to be in flash, for the compressor. */
static esp_loader_error_t read_stretch(void *ctx, uint32_t offset, void *buf, size_t size)
{
    const stream_t *stream = ctx;

    return eli_plan_read(stream->plan, ESP_LOADER_STAGE_WRITE, stream->stretch->start + offset, buf,
                         (uint32_t)size);
}

/* Takes a zlib stream of the stretch where one is to be had and makes the write faster. */
static esp_loader_error_t choose_deflate(stream_t *stream)
{
    eli_plan_t *plan = stream->plan;
    const esp_loader_image_t *image = plan->image;
    uint32_t size = stream->stretch->end - stream->stretch->start;
    esp_loader_source_t deflated = {0};

    if (!eli_is_stub(plan->loader)) {
        return ESP_LOADER_SUCCESS;
    }
    const eli_cost_t cost = eli_plan_wire_cost(plan);
    if (!eli_cost_deflate_pays(&cost, size, 1)) {
        return ESP_LOADER_SUCCESS;
    }
    if (image->deflated.size != 0 && size == image->source.size && !plan->patch.is_active) {
        deflated = image->deflated;
    } else if (plan->options->deflater != NULL) {
        const esp_loader_deflater_t *deflater = plan->options->deflater;
        const esp_loader_source_t content = {read_stretch, stream, size};
        esp_loader_error_t err = deflater->deflate(deflater->ctx, &content, &deflated);
        if (err != ESP_LOADER_SUCCESS) {
            return eli_plan_fail(plan, ESP_LOADER_ERROR_SOURCE, ESP_LOADER_STAGE_WRITE,
                                 stream->stretch->start, (uint32_t)err);
        }
    }
    if (deflated.size != 0 && eli_cost_deflate_pays(&cost, size, deflated.size)) {
        const eli_cost_stream_t sent = {size, deflated.size,
                                        eli_cost_erases(image->offset + stream->stretch->start, size)};
        stream->deflated = deflated;
        stream->size = deflated.size;
        stream->blocks = eli_cost_inflating_blocks(&cost, &sent, plan->block_size);
    }
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t start(stream_t *stream)
{
    eli_plan_t *plan = stream->plan;
    uint32_t offset = plan->image->offset + stream->stretch->start;

    const uint32_t image_size = stream->stretch->end - stream->stretch->start;

    stream->size = image_size;
    RETURN_ON_ERROR(choose_deflate(stream));
    if (stream->deflated.size == 0) {
        eli_flash_announce(plan->loader, offset, image_size, plan->block_size, &stream->sent);
    } else {
        eli_deflate_announce(plan->loader, offset, image_size, stream->size, stream->blocks.first,
                             &stream->sent);
    }
    stream->sent._takes_short_blocks = eli_is_stub(plan->loader);
    RETURN_ON_ERROR(eli_enter(plan->loader, ESP_LOADER_STAGE_CHECK));
    return eli_flash_open(plan->loader, &stream->sent, image_size);
}

/* Plain blocks end where a stub will erase the next 64 KiB, and the one that makes it erase may be shorter.
 */
static uint32_t limit_block(const stream_t *stream, uint32_t done)
{
    const eli_plan_t *plan = stream->plan;

    if (stream->deflated.size != 0) {
        return done == 0 ? stream->blocks.first : stream->blocks.next;
    }
    uint32_t size = eli_cost_erasing_block(&plan->cost, plan->block_size);
    uint32_t to_end = BLOCK - (stream->sent._address + done) % BLOCK;

    if (size == plan->block_size || to_end == BLOCK) {
        return size;
    }
    return to_end < plan->block_size ? to_end : plan->block_size;
}

/* Brings the block at @p done into @p buf. */
static esp_loader_error_t read_block(stream_t *stream, uint32_t done, uint8_t *buf, uint32_t *out_size)
{
    eli_plan_t *plan = stream->plan;
    uint32_t left = stream->size - done;
    uint32_t limit = limit_block(stream, done);
    uint32_t offset = stream->stretch->start + done;

    *out_size = left < limit ? left : limit;
    if (stream->deflated.size == 0) {
        RETURN_ON_ERROR(eli_plan_check_cancelled(plan, ESP_LOADER_STAGE_WRITE, offset));
        return eli_plan_read(plan, ESP_LOADER_STAGE_WRITE, offset, buf, *out_size);
    }
    RETURN_ON_ERROR(eli_plan_check_cancelled(plan, ESP_LOADER_STAGE_WRITE, stream->stretch->start));
    esp_loader_error_t err = stream->deflated.read(stream->deflated.ctx, done, buf, *out_size);
    return err == ESP_LOADER_SUCCESS ? err
                                     : eli_plan_fail(plan, ESP_LOADER_ERROR_SOURCE, ESP_LOADER_STAGE_WRITE,
                                                     stream->stretch->start, (uint32_t)err);
}

/* Where in the image what comes of the first @p done bytes ends. */
static uint32_t place_of(const stream_t *stream, uint32_t done)
{
    uint32_t size = stream->stretch->end - stream->stretch->start;
    return stream->stretch->start + (uint32_t)((uint64_t)size * done / stream->size);
}

static esp_loader_error_t collect(stream_t *stream, const eli_sent_t *sent, uint32_t done)
{
    eli_plan_t *plan = stream->plan;
    uint32_t begin = place_of(stream, done - sent->command.payload_size);
    uint32_t end = place_of(stream, done);

    RETURN_ON_ERROR(eli_blocks_collect(plan->loader, &stream->sent, sent));
    eli_plan_count_sent(plan, begin, end, sent->command.payload_size);
    eli_plan_show_written(plan, begin, end);
    return eli_plan_judge_rate(plan);
}

/* At most one block is under way that the target has not acknowledged: a second one would be lost. */
static esp_loader_error_t send_all(stream_t *stream)
{
    const esp_loader_plan_options_t *options = stream->plan->options;
    uint32_t ahead = options->buffer_size / 2 >= stream->plan->block_size ? stream->plan->block_size : 0;
    uint8_t *data = options->buffer;
    uint32_t size;
    eli_sent_t sent;

    RETURN_ON_ERROR(read_block(stream, 0, data, &size));
    for (uint32_t done = 0; done < stream->size;) {
        const uint32_t sent_ms = eli_now_ms(stream->plan->loader);
        const uint32_t sent_size = size;
        RETURN_ON_ERROR(eli_blocks_send(stream->plan->loader, &stream->sent, data, size, &sent));
        done += size;
        bool is_last = done == stream->size;
        if (ahead != 0 && !is_last) {
            data = data == options->buffer ? options->buffer + ahead : options->buffer;
            esp_loader_error_t err = read_block(stream, done, data, &size);
            if (err != ESP_LOADER_SUCCESS) {
                eli_transact_abandon(stream->plan->loader);
                return err;
            }
        }
        RETURN_ON_ERROR(collect(stream, &sent, done));
        if (done == sent_size && stream->stretch->is_trial) {
            eli_plan_measure_link(stream->plan, sent_size, sent_ms);
        }
        if (ahead == 0 && !is_last) {
            RETURN_ON_ERROR(read_block(stream, done, data, &size));
        }
    }
    return ESP_LOADER_SUCCESS;
}

/* ---- one stretch ---- */

/* Where nothing is verified afterwards, FLASH_END brings a stub's outcome of the last block; else the next
 * command does. */
static esp_loader_error_t finish(stream_t *stream)
{
    if (eli_plan_verifies(stream->plan)) {
        return ESP_LOADER_SUCCESS;
    }
    return eli_flash_close(stream->plan->loader, &stream->sent);
}

static uint32_t sectors_of(const stretch_t *stretch)
{
    return (stretch->end - stretch->start + SECTOR - 1) / SECTOR;
}

/* The first erase of the image is over. */
static void begin_progress(eli_plan_t *plan, const stretch_t *stretch)
{
    if (!plan->is_writing) {
        plan->is_writing = true;
        eli_plan_show_written(plan, stretch->start, stretch->start);
    }
}

static esp_loader_error_t erase(eli_plan_t *plan, const stretch_t *stretch)
{
    RETURN_ON_ERROR(eli_flash_erase_region(plan->loader, plan->image->offset + stretch->start,
                                           sectors_of(stretch) * SECTOR));
    begin_progress(plan, stretch);
    eli_plan_show_written(plan, stretch->start, stretch->end);
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t write_stretch(eli_plan_t *plan, const stretch_t *stretch)
{
    stream_t stream = {.plan = plan, .stretch = stretch};

    if (!plan->is_writing) {
        if (eli_plan_verifies(plan)) {
            RETURN_ON_ERROR(eli_plan_hash_image(plan, 0, plan->image->source.size, plan->digest));
            if (eli_is_stub(plan->loader)) {
                RETURN_ON_ERROR(eli_plan_note_neighbour(plan));
            }
        }
        size_t index = eli_plan_index_at(plan, stretch->start);
        eli_plan_notify(plan, ESP_LOADER_PLAN_ERASE, index, eli_plan_start_of(plan, index));
    }
    RETURN_ON_ERROR(eli_plan_check_cancelled(plan, ESP_LOADER_STAGE_ERASE, stretch->start));
    plan->erased_last = plan->index;
    eli_plan_count_sectors(plan, stretch->start, stretch->end,
                           !stretch->is_blank || !eli_is_stub(plan->loader));
    if (stretch->is_empty) {
        return erase(plan, stretch);
    }
    RETURN_ON_ERROR(start(&stream));
    begin_progress(plan, stretch);
    const esp_loader_error_t err = send_all(&stream);
    if (err != ESP_LOADER_SUCCESS) { /* of what was not acknowledged something may be in blank flash */
        eli_plan_count_sectors(plan, stretch->start, stretch->end,
                               stretch->is_blank && eli_is_stub(plan->loader));
        return err;
    }
    return finish(&stream);
}

esp_loader_error_t eli_plan_write(eli_plan_t *plan, const eli_changes_t *changes)
{
    for (uint32_t at = changes->start; at < changes->end;) {
        stretch_t stretch;
        if (!eli_changes_is_changed(changes, at)) {
            at = next_sector(changes, at);
            continue;
        }
        RETURN_ON_ERROR(find_stretch(plan, changes, at, &stretch));
        RETURN_ON_ERROR(write_stretch(plan, &stretch));
        at = stretch.end;
    }
    return ESP_LOADER_SUCCESS;
}
