/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Function 1, below the window: what the host sees of the slave, and the two registers through which it reads and writes
 * those of the SLC (7 bits of word index, bit 7 = go, bit 6 = write).
 */
#include "link/sdio.h"

#include <string.h>

#include "state/model.h"

enum {
    TOKENS = 0x44, /**< the credits are bits 27:16 */
    INT_RAW = 0x50,
    INT_ST = 0x58,
    STATE = 0x64, /**< what was read of the SLC */
    LENGTH = 0x6C,
    WINDOW_VALUE = 0x80,
    WINDOW_COMMAND = 0x84,
    INT_CLR = 0xD4,
    INT_ENA = 0xDC,
};

enum { SLCCONF1 = 0x70, LEN_CONF = 0xF4 };

#define NEW_PACKET   (1u << 23)
#define STITCH       0x60u      /* both directions */
#define LOAD_ENABLE  (1u << 24) /* clears itself */
#define ROM_ENABLES  0x00800040u
#define WINDOW_GO    0x80u
#define WINDOW_WRITE 0x40u

void sim_sdio_start(esp_sim_t *sim)
{
    sim_sdio_t *sdio = &sim->sdio;
    memset(sdio->slc, 0, sizeof(sdio->slc));
    sdio->is_loaded = false;
    sdio->credits = 0; /* the ROM leaves the register as it is after a reset, and adds one for each packet */
    sdio->interrupts = 0;
    sdio->enabled = ROM_ENABLES;
}

void sim_sdio_set_credits(esp_sim_t *sim, uint16_t credits)
{
    sim->sdio.credits = credits & 0xFFF;
}

static uint32_t length(const esp_sim_t *sim)
{
    const sim_sdio_t *sdio = &sim->sdio;
    if (sim->faults.sdio.has_length) {
        return sim->faults.sdio.length;
    }
    return sdio->is_shown ? (uint32_t)sdio->out[0].size : 0;
}

uint32_t sim_sdio_register(const esp_sim_t *sim, uint32_t offset)
{
    const sim_sdio_t *sdio = &sim->sdio;
    switch (offset) {
    case TOKENS:
        return sim->faults.sdio.has_no_credits ? 0 : (uint32_t)sdio->credits << 16;
    case INT_RAW:
        return sdio->interrupts;
    case INT_ST:
        return sdio->interrupts & sdio->enabled;
    case STATE:
        return sdio->state;
    case LENGTH:
        return length(sim);
    case INT_ENA:
        return sdio->enabled;
    default:
        return 0;
    }
}

static void run_window(esp_sim_t *sim, uint32_t command)
{
    sim_sdio_t *sdio = &sim->sdio;
    uint32_t index = command & 0x7F;
    uint32_t flags = command >> 8;
    if ((flags & WINDOW_GO) == 0) {
        sim_misuse(sim, "SDIO: window command 0x%04X does nothing", (unsigned)command);
    } else if ((flags & WINDOW_WRITE) == 0) {
        sdio->state = sdio->slc[index];
    } else if (4 * index == LEN_CONF) {
        sdio->is_loaded = sdio->is_loaded || (sdio->window_value & LOAD_ENABLE) != 0;
        sdio->slc[index] = sdio->window_value & ~LOAD_ENABLE;
    } else if (!sim->faults.sdio.forgets_setup) {
        sdio->slc[index] = sdio->window_value;
    }
    if ((sdio->slc[SLCCONF1 / 4] & STITCH) != STITCH) {
        sdio->is_loaded = false;
    }
    if ((flags & WINDOW_WRITE) != 0) {
        sim->events->slc_written(sim, 4 * index, sdio->window_value);
    }
}

void sim_sdio_set_register(esp_sim_t *sim, uint32_t offset, uint32_t value)
{
    sim_sdio_t *sdio = &sim->sdio;
    switch (offset) {
    case WINDOW_VALUE:
        sdio->window_value = value;
        break;
    case WINDOW_COMMAND:
        run_window(sim, value & 0xFFFF);
        break;
    case INT_CLR:
        sdio->interrupts &= ~value;
        break;
    case INT_ENA:
        sdio->enabled = value;
        break;
    default:
        sim_misuse(sim, "SDIO: write to 0x%05X of function 1", (unsigned)offset);
        break;
    }
}
