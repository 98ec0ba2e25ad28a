/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Frames through the window of function 1. A frame of N bytes lies at the last N addresses: where the host begins says
 * how long it is, and the access to the last address completes it. It may take several transactions, at ascending
 * addresses. The other way the chip says how long its frame is, and shows one at a time.
 */
#include "link/sdio.h"

#include <string.h>

#include "state/model.h"

#define NEW_PACKET (1u << 23)

/* How long the stub waits for a host to take its frame. Source: esp-stub-lib, C5 and C6. */
#define GIVE_UP_NS SIM_NS(1000000)

/* ---- host to chip ---- */

static void complete(esp_sim_t *sim)
{
    sim_sdio_t *sdio = &sim->sdio;
    size_t size = sdio->in_size;
    sdio->in_announced = sdio->in_size = 0;
    if (!sdio->is_loaded) {
        sim_misuse(sim, "SDIO: frame of %zu bytes before the link was set up: lost", size);
        return;
    }
    sim->events->receive_frame(sim, sdio->in, size);
}

void sim_sdio_fifo_write(esp_sim_t *sim, uint32_t address, const uint8_t *data, size_t size)
{
    sim_sdio_t *sdio = &sim->sdio;
    size_t announced = SIM_SDIO_WINDOW_END - address;
    if (sdio->in_announced == 0 || announced != sdio->in_announced - sdio->in_size) {
        if (sdio->in_announced != 0) {
            sim_misuse(sim, "SDIO: write to 0x%05X within a frame that goes on elsewhere", (unsigned)address);
        }
        sdio->in_announced = announced;
        sdio->in_size = 0;
    }
    if (sdio->in_announced > SIM_SDIO_FRAME_MAX) {
        sim_misuse(sim, "SDIO: frame of %zu bytes, there is no room for more than %u", sdio->in_announced,
                   (unsigned)SIM_SDIO_FRAME_MAX);
        sdio->in_announced = 0;
        return;
    }
    memcpy(sdio->in + sdio->in_size, data, size); /* fits: it ends before the window does */
    sdio->in_size += size;
    if (sdio->in_size == sdio->in_announced) {
        complete(sim);
    }
}

/* ---- chip to host ---- */

/* Lets the host see the first frame, now or when a fault holds it back no longer. */
static void show_next(esp_sim_t *sim)
{
    sim_sdio_t *sdio = &sim->sdio;
    uint64_t now_ns = sim->clock.now_ns;
    if (sdio->out_count > 0 && !sdio->is_shown) {
        uint64_t hold_ns = sim->link.in_hold_ns;
        sim_timer_set(&sim->clock, &sdio->out_timer, hold_ns > now_ns ? hold_ns : now_ns);
    }
}

static void remove_first(esp_sim_t *sim)
{
    sim_sdio_t *sdio = &sim->sdio;
    sdio->out_count--;
    memmove(&sdio->out[0], &sdio->out[1], sdio->out_count * sizeof(sdio->out[0]));
    sdio->is_shown = false;
    sdio->out_announced = sdio->out_read = 0;
    sim_timer_clear(&sdio->out_timer);
    show_next(sim);
}

static void out_timer_fires(void *ctx)
{
    esp_sim_t *sim = ctx;
    sim_sdio_t *sdio = &sim->sdio;
    if (sdio->is_shown) {
        sim_trace(sim, "sdio: host did not take a frame of %zu bytes: dropped", sdio->out[0].size);
        remove_first(sim);
        return;
    }
    sdio->is_shown = true;
    sdio->interrupts |= NEW_PACKET;
    sim_timer_set(&sim->clock, &sdio->out_timer, sim->clock.now_ns + GIVE_UP_NS);
}

void sim_sdio_send(esp_sim_t *sim, const uint8_t *data, size_t size)
{
    sim_sdio_t *sdio = &sim->sdio;
    if (sdio->out_count == SIM_SDIO_QUEUE) {
        sim_trace(sim, "sdio: too many frames wait: %zu bytes dropped", size);
        return;
    }
    sim_sdio_frame_t *frame = &sdio->out[sdio->out_count++];
    frame->size = size;
    memcpy(frame->data, data, size);
    show_next(sim);
}

static uint8_t read_byte(const sim_sdio_t *sdio, size_t index)
{
    return sdio->is_shown && index < sdio->out[0].size ? sdio->out[0].data[index] : 0;
}

void sim_sdio_fifo_read(esp_sim_t *sim, uint32_t address, uint8_t *out, size_t size)
{
    sim_sdio_t *sdio = &sim->sdio;
    size_t announced = SIM_SDIO_WINDOW_END - address;
    bool is_first = sdio->out_announced == 0;
    if (!sdio->is_shown || (is_first && announced != sdio->out[0].size) ||
        (!is_first && announced != sdio->out_announced - sdio->out_read)) {
        sim_misuse(sim, "SDIO: %zu bytes read at 0x%05X, where no frame goes on", size, (unsigned)address);
    }
    if (is_first) {
        sdio->out_announced = announced;
    }
    for (size_t i = 0; i < size; i++) {
        out[i] = read_byte(sdio, sdio->out_read + i);
    }
    sdio->out_read += size;
    if (address + size == SIM_SDIO_WINDOW_END) {
        if (sdio->is_shown) {
            remove_first(sim);
            sim->events->frame_taken(sim);
        }
        sdio->out_announced = sdio->out_read = 0;
    }
}

/* ---- life ---- */

void sim_sdio_init(esp_sim_t *sim)
{
    sim_clock_add(&sim->clock, &sim->sdio.out_timer, out_timer_fires, sim);
}

void sim_sdio_stop(esp_sim_t *sim)
{
    sim_sdio_t *sdio = &sim->sdio;
    sim_timer_clear(&sdio->out_timer);
    sdio->is_selected = sdio->is_shown = false;
    sdio->in_announced = sdio->in_size = 0;
    sdio->out_count = sdio->out_announced = sdio->out_read = 0;
}

/* ---- the byte stream that there is not: what is printed goes to a UART that nobody listens to ---- */

static size_t host_write(esp_sim_t *sim, const uint8_t *data, size_t size)
{
    (void)sim;
    (void)data;
    (void)size;
    return 0;
}

static void arrive(esp_sim_t *sim)
{
    (void)sim;
}

static void send(esp_sim_t *sim, const uint8_t *data, size_t size)
{
    (void)sim;
    (void)data;
    (void)size;
}

const sim_link_ops_t sim_link_sdio = {host_write, arrive, send, false};
