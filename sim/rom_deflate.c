/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * ROM commands for compressed writes: the data blocks are one zlib stream; what it yields is programmed
 * before the reply. Source: esptool 5.3 (flash_defl_begin, flash_defl_block) and its serial protocol
 * document.
 */
#include <stdlib.h>
#include <string.h>

#include "model.h"

enum { OUTPUT_STEP = 32768 };

void sim_rom_close_write(sim_flash_write_t *write)
{
    if (write->is_stream_open) {
        inflateEnd(&write->stream);
        write->is_stream_open = false;
    }
    write->is_open = false;
}

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
            sim_misuse(sim, "FLASH_DEFL_DATA with %u bytes behind the end of the stream",
                       write->stream.avail_in);
        }
        sim->rom.work_ns += (uint64_t)out_size * sim->timing->inflate_mib_ns >> 20;
        sim_rom_program(sim, out, out_size);
    }
    free(out);
}
