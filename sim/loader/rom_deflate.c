/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * ROM commands for compressed writes: the data blocks are one zlib stream; what it yields is programmed
 * before the reply. Source: esptool 5.3 (flash_defl_begin, flash_defl_block) and its serial protocol
 * document; what the ESP32 writes after the end: its published ROM (revisions 0 and 3), executed.
 */
#include <stdlib.h>
#include <string.h>

#include "state/model.h"

enum { OUTPUT_STEP = SIM_INFLATE_WINDOW };

static bool open_stream(sim_flash_write_t *write)
{
    if (!write->is_stream_open && !write->is_stream_ended) {
        memset(&write->stream, 0, sizeof(write->stream));
        write->is_stream_open = inflateInit(&write->stream) == Z_OK;
    }
    return write->is_stream_open;
}

/* Inflates one block into *out, which the caller frees. Returns 0 or the reason to refuse it. */
static int inflate_block(sim_flash_write_t *write, const uint8_t *data, size_t size, uint8_t **out,
                         size_t *out_size)
{
    z_stream *stream = &write->stream;
    size_t room = write->size - write->written;
    size_t capacity = 0;
    stream->next_in = data;
    stream->avail_in = (uInt)size;
    int result = Z_OK;
    do {
        capacity += OUTPUT_STEP;
        *out = sim_realloc(*out, capacity);
        stream->next_out = *out + *out_size;
        stream->avail_out = OUTPUT_STEP;
        result = inflate(stream, Z_NO_FLUSH);
        *out_size = capacity - stream->avail_out;
        capacity = *out_size;
        if (*out_size > room) {
            return SIM_REASON_DEFLATE_PARAMETER;
        }
    } while (result == Z_OK && (stream->avail_in > 0 || stream->avail_out == 0));
    if (result == Z_STREAM_END) {
        write->is_stream_ended = true;
        return 0;
    }
    if (result == Z_OK || result == Z_BUF_ERROR) {
        /* The block that completes the number must complete the stream; a ROM goes on with zeros, so that the
         * checksum does not fit. */
        return write->blocks_taken < write->block_count ? 0 : SIM_REASON_ADLER;
    }
    bool is_adler = stream->msg != NULL && strcmp(stream->msg, "incorrect data check") == 0;
    return is_adler ? SIM_REASON_ADLER : SIM_REASON_DEFLATE;
}

/* The output that the stream may refer back to. */
static void keep_window(sim_flash_write_t *write, const uint8_t *out, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        write->window[(write->written + i) % SIM_INFLATE_WINDOW] = out[i];
    }
}

/* A ROM that programs its window as a whole adds to the output what the rest of the window holds. The host
 * may have had more erased than its image takes. */
static void fill_window(esp_sim_t *sim, uint8_t **out, size_t *size)
{
    const sim_flash_write_t *write = &sim->rom.write;
    size_t used = (write->written + *size) % SIM_INFLATE_WINDOW;
    uint64_t erased = ((uint64_t)write->size + SIM_SECTOR_SIZE - 1) / SIM_SECTOR_SIZE * SIM_SECTOR_SIZE;
    if (!write->is_stream_ended || used == 0) {
        return;
    }
    size_t rest = SIM_INFLATE_WINDOW - used;
    if (write->written + *size + rest > erased) {
        sim_misuse(sim,
                   "FLASH_DEFL_DATA: the ROM writes %zu bytes after the end of the stream, not all erased",
                   rest);
    }
    *out = sim_realloc(*out, *size + rest);
    memcpy(*out + *size, write->window + used, rest);
    *size += rest;
}

void sim_rom_deflate_data(esp_sim_t *sim, const sim_request_t *request)
{
    sim_flash_write_t *write = &sim->rom.write;
    if (!sim_rom_take_block(sim, request, true)) {
        return;
    }
    if (write->is_stream_ended || !open_stream(write)) {
        sim_misuse(sim, "FLASH_DEFL_DATA after the end of the stream");
        sim_rom_refuse(sim, SIM_REASON_DEFLATE);
        return;
    }
    if (request->size - 16 < write->block_size && write->blocks_taken < write->block_count) {
        sim_misuse(sim, "FLASH_DEFL_DATA of %zu bytes before the last block", request->size - 16);
    }
    uint8_t *out = NULL;
    size_t out_size = 0;
    int reason = inflate_block(write, request->data + 16, request->size - 16, &out, &out_size);
    if (reason != 0) {
        sim_rom_refuse(sim, (sim_reason_t)reason);
    } else {
        if (write->is_stream_ended && write->stream.avail_in > 0) {
            sim_misuse(sim, "FLASH_DEFL_DATA with %u bytes after the end of the stream",
                       write->stream.avail_in);
        }
        sim->rom.work_ns += (uint64_t)out_size * sim->timing->inflate_mib_ns >> 20;
        if (sim->chip->inflates_whole_windows) {
            keep_window(write, out, out_size);
            fill_window(sim, &out, &out_size);
        }
        sim_rom_program(sim, out, out_size);
    }
    free(out);
}
