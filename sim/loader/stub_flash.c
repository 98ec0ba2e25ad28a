/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The stub's writes and erases. A block is acknowledged first and written then. Sectors are erased ahead of
 * the data: until the first one that is not blank each is checked, afterwards all are erased, in units of
 * 64 KiB where the address and what is left allow it. An erase is started and not waited for; whatever needs
 * the part next waits. BEGIN starts the first one, inflating starts one per round (at most 32 KiB of output)
 * if the part is ready, and a write starts those it needs. Source: esp-flasher-stub 1.1, command handlers.
 */
#include <stdlib.h>
#include <string.h>

#include "state/model.h"

/* Beyond this a stub programs with a routine of its own. */
enum { SHORT_ADDRESS = 16 << 20 };

void sim_stub_close_write(sim_stub_write_t *write)
{
    if (write->is_stream_open) {
        inflateEnd(&write->stream);
    }
    *write = (sim_stub_write_t){0};
}

/* ---- erasing ahead ---- */

static bool is_blank(esp_sim_t *sim, uint64_t addr)
{
    uint8_t sector[SIM_SECTOR_SIZE];
    sim_flash_read(sim, (uint32_t)addr & sim->stub.addr_mask, sector, sizeof(sector));
    for (size_t i = 0; i < sizeof(sector); i++) {
        if (sector[i] != 0xFF) {
            return false;
        }
    }
    return true;
}

/* Calls @p next when the part is ready. */
static void when_ready(esp_sim_t *sim, void (*next)(esp_sim_t *sim))
{
    sim->stub.is_busy = true;
    sim->stub.when_ready = next;
}

static void erase_ended(esp_sim_t *sim)
{
    void (*next)(esp_sim_t * sim) = sim->stub.when_ready;
    sim->stub.when_ready = NULL;
    if (next != NULL) {
        next(sim);
    }
}

/* One step of erasing ahead: a look at a sector, or the start of an erase if the part is ready. Adds the time
 * of the look to @p ns. */
static void erase_ahead(esp_sim_t *sim, uint64_t *ns)
{
    sim_stub_write_t *write = &sim->stub.write;
    uint64_t at = write->erased_to;
    if (at >= write->erase_end || sim->stub.eraser.is_active) {
        return;
    }
    if (!write->has_dirt) {
        *ns += sim_pieces_read_ns(sim, SIM_SECTOR_SIZE);
        if (is_blank(sim, at)) {
            write->erased_to += SIM_SECTOR_SIZE;
            return;
        }
        write->has_dirt = true;
    }
    bool is_block = at % SIM_BLOCK_SIZE == 0 && write->erase_end - at >= SIM_BLOCK_SIZE;
    write->erased_to += is_block ? (unsigned)SIM_BLOCK_SIZE : (unsigned)SIM_SECTOR_SIZE;
    sim_flash_job_erase(&sim->stub.eraser, at, write->erased_to);
    sim_flash_job_run(&sim->stub.eraser, *ns, sim->stub.addr_mask, erase_ended);
}

/* ---- BEGIN and END ---- */

static void begin_done(esp_sim_t *sim)
{
    sim_stub_finish(sim, SIM_STUB_OK);
}

void sim_stub_flash_begin(esp_sim_t *sim, const sim_stub_request_t *request)
{
    sim_stub_write_t *write = &sim->stub.write;
    uint64_t ns = 0;
    sim_stub_close_write(write);
    write->is_open = true;
    write->is_deflate = request->opcode == SIM_OP_FLASH_DEFL_BEGIN;
    write->size = sim_stub_word(request, 0);
    write->offset = sim_stub_word(request, 3);
    write->compressed_left = sim_stub_word(request, 1) * sim_stub_word(request, 2);
    write->erased_to = write->offset / SIM_SECTOR_SIZE * SIM_SECTOR_SIZE;
    write->erase_end =
        ((uint64_t)write->offset + write->size + SIM_SECTOR_SIZE - 1) / SIM_SECTOR_SIZE * SIM_SECTOR_SIZE;
    if (write->erase_end > sim->flash.seeming_size) {
        sim_misuse(sim, "FLASH_BEGIN of %u bytes at 0x%X exceeds the flash", (unsigned)write->size,
                   (unsigned)write->offset);
    }
    if (write->size == 0) {
        sim_stub_finish(sim, SIM_STUB_OK);
        return;
    }
    erase_ahead(sim, &ns);
    sim_stub_after(sim, ns, begin_done);
}

void sim_stub_flash_end(esp_sim_t *sim, const sim_stub_request_t *request)
{
    sim_stub_write_t *write = &sim->stub.write;
    if (sim_stub_word(request, 0) != 1) {
        sim_misuse(sim, "FLASH_END with 0x%X: the stub cannot leave, send 1",
                   (unsigned)sim_stub_word(request, 0));
    }
    if (!write->is_open) {
        sim_stub_finish(sim, SIM_STUB_NOT_IN_MODE);
    } else if (write->written < write->size) {
        sim_stub_finish(sim, SIM_STUB_BAD_LENGTH);
    } else {
        sim_stub_close_write(write);
        sim_stub_finish(sim, SIM_STUB_OK);
    }
}

/* ---- data ---- */

/* Checks of a data command; answers it when it is refused. */
static bool is_block_right(esp_sim_t *sim, const sim_stub_request_t *request, bool is_deflate)
{
    const sim_stub_write_t *write = &sim->stub.write;
    uint32_t checksum = 0xEF;
    for (size_t i = 16; i < request->size; i++) {
        checksum ^= request->data[i];
    }
    if (!write->is_open || write->is_deflate != is_deflate) {
        sim_misuse(sim, "flash data without its BEGIN");
        sim_stub_finish(sim, SIM_STUB_NOT_IN_MODE);
    } else if (sim_stub_word(request, 0) != request->size - 16) {
        sim_misuse(sim, "block says %u bytes and has %zu", (unsigned)sim_stub_word(request, 0),
                   request->size - 16);
        sim_stub_finish(sim, SIM_STUB_TOO_MUCH_DATA);
    } else if (checksum != request->checksum) {
        sim_misuse(sim, "block checksum is 0x%02X, sent as 0x%08X", (unsigned)checksum,
                   (unsigned)request->checksum);
        sim_stub_finish(sim, SIM_STUB_BAD_CHECKSUM);
    } else {
        return true;
    }
    return false;
}

static void defl_round(esp_sim_t *sim);

static void piece_written(esp_sim_t *sim)
{
    sim_stub_write_t *write = &sim->stub.write;
    write->written += (uint32_t)write->out_size;
    write->out_size = 0;
    if (write->is_deflate) {
        defl_round(sim);
    } else {
        sim_stub_idle(sim);
    }
}

/* Programs what is in `out`, once all of its place is erased. */
static void write_out(esp_sim_t *sim)
{
    sim_stub_write_t *write = &sim->stub.write;
    sim_flash_job_t *job = &sim->stub.job;
    uint64_t needed = (uint64_t)write->offset + write->written + write->out_size;
    uint64_t ns = 0;
    sim->stub.is_busy = true;
    if (needed > write->erase_end) {
        sim_misuse(sim, "more data than FLASH_BEGIN announced: the stub never returns");
        return;
    }
    while (write->erased_to < needed && !sim->stub.eraser.is_active) {
        erase_ahead(sim, &ns);
    }
    if (sim->stub.eraser.is_active) {
        when_ready(sim, write_out);
        return;
    }
    sim_flash_job_program(job, write->offset + write->written, write->out, write->out_size,
                          needed > SHORT_ADDRESS ? (size_t)SIM_PROGRAM_PIECE : sim_pieces_program_size(sim));
    sim_flash_job_run(job, ns, sim->stub.addr_mask, piece_written);
}

/* A fault makes the write of this block fail: nothing of it is written and the position stays. */
static bool is_write_failing(esp_sim_t *sim)
{
    sim->stub.deferred_status = sim->stub.fault_status;
    if (sim->stub.fault_status != SIM_STUB_OK) {
        sim_stub_idle(sim);
    }
    return sim->stub.fault_status != SIM_STUB_OK;
}

void sim_stub_flash_data(esp_sim_t *sim, const sim_stub_request_t *request)
{
    sim_stub_write_t *write = &sim->stub.write;
    size_t size = request->size - 16;
    size_t left = write->size - write->written;
    if (!is_block_right(sim, request, false) || !sim_stub_reply(sim, SIM_STUB_OK, 0, NULL, 0) ||
        is_write_failing(sim)) {
        return;
    }
    write->out_size = size < left ? size : left;
    if (write->out_size == 0) {
        sim_stub_idle(sim);
        return;
    }
    memcpy(write->out, request->data + 16, write->out_size);
    write_out(sim);
}

static void defl_inflated(esp_sim_t *sim)
{
    const sim_stub_write_t *write = &sim->stub.write;
    bool is_full = write->out_size == SIM_STUB_WRITE_STEP;
    if (write->out_size > 0 && (is_full || write->is_stream_ended)) {
        write_out(sim);
    } else {
        sim_stub_idle(sim);
    }
}

/* Inflates what is left of the block until the output is full. */
static void defl_round(esp_sim_t *sim)
{
    sim_stub_write_t *write = &sim->stub.write;
    z_stream *stream = &write->stream;
    uint64_t ns = 0;
    if (stream->avail_in == 0 || write->is_stream_ended) {
        sim_stub_idle(sim);
        return;
    }
    erase_ahead(sim, &ns);
    stream->next_out = write->out + write->out_size;
    stream->avail_out = (uInt)(SIM_STUB_WRITE_STEP - write->out_size);
    int result = inflate(stream, Z_NO_FLUSH);
    size_t size = SIM_STUB_WRITE_STEP - stream->avail_out;
    ns += (uint64_t)(size - write->out_size) * sim->timing->inflate_mib_ns >> 20;
    write->out_size = size;
    write->is_stream_ended = result == Z_STREAM_END;
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
        sim->stub.deferred_status = SIM_STUB_INFLATE;
        sim_stub_after(sim, ns, sim_stub_idle);
        return;
    }
    sim_stub_after(sim, ns, defl_inflated);
}

void sim_stub_defl_data(esp_sim_t *sim, const sim_stub_request_t *request)
{
    sim_stub_write_t *write = &sim->stub.write;
    uint32_t size = (uint32_t)(request->size - 16);
    if (!is_block_right(sim, request, true) || !sim_stub_reply(sim, SIM_STUB_OK, 0, NULL, 0) ||
        is_write_failing(sim)) {
        return;
    }
    if (sim_stub_word(request, 1) == 0 && !write->is_stream_open) {
        write->is_stream_open = inflateInit(&write->stream) == Z_OK;
    }
    if (size > write->compressed_left) {
        sim_misuse(sim, "more compressed data than FLASH_DEFL_BEGIN announced");
        sim->stub.deferred_status = SIM_STUB_TOO_MUCH_DATA;
        sim_stub_idle(sim);
        return;
    }
    write->compressed_left -= size;
    if (!write->is_stream_open || write->is_stream_ended) {
        sim->stub.deferred_status = SIM_STUB_INFLATE;
        sim_stub_idle(sim);
        return;
    }
    write->stream.next_in = request->data + 16; /* stays: the other buffer receives */
    write->stream.avail_in = size;
    defl_round(sim);
}

/* ---- erase commands ---- */

static void erase_done(esp_sim_t *sim)
{
    sim_stub_finish(sim, SIM_STUB_OK);
}

static void erase_range(esp_sim_t *sim, uint64_t start, uint64_t end)
{
    sim->stub.is_busy = true;
    sim_flash_job_erase(&sim->stub.job, start, end);
    sim_flash_job_program_nothing(&sim->stub.job);
    sim_flash_job_run(&sim->stub.job, 0, sim->stub.addr_mask, erase_done);
}

static void chip_erased(esp_sim_t *sim)
{
    sim_flash_erase(sim, 0, SIM_ERASE_CHIP);
    if (sim->stub.is_busy) { /* a fault may have stopped it */
        sim_stub_finish(sim, SIM_STUB_OK);
    }
}

void sim_stub_erase_flash(esp_sim_t *sim, const sim_stub_request_t *request)
{
    (void)request;
    sim_stub_after(sim, sim_flash_erase_ns(sim, SIM_ERASE_CHIP), chip_erased);
}

void sim_stub_erase_region(esp_sim_t *sim, const sim_stub_request_t *request)
{
    uint32_t offset = sim_stub_word(request, 0);
    uint32_t size = sim_stub_word(request, 1);
    if (offset % SIM_SECTOR_SIZE != 0 || size % SIM_SECTOR_SIZE != 0) {
        sim_misuse(sim, "ERASE_REGION of %u bytes at 0x%X: not whole sectors", (unsigned)size,
                   (unsigned)offset);
        sim_stub_finish(sim, SIM_STUB_BAD_LENGTH);
        return;
    }
    if (offset > sim->flash.seeming_size || size > sim->flash.seeming_size - offset) {
        sim_misuse(sim, "ERASE_REGION of %u bytes at 0x%X exceeds the flash", (unsigned)size,
                   (unsigned)offset);
    }
    erase_range(sim, offset, (uint64_t)offset + size);
}
