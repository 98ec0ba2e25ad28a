/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * How the stub comes to run: the ROM has loaded something to the stub's text address, and a command makes it
 * jump into it. In strict mode it must be the published stub, byte for byte.
 */
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "state/model.h"

/* From the jump to the start-up message. Source: esp-flasher-stub, waits before it touches the UART. */
#define OHAI_NS SIM_NS(10000)

/* Other releases have their data elsewhere, but not by much: it ends where the ROM's own begins. */
#define DATA_SLACK 0x1000u

void sim_stub_init(esp_sim_t *sim)
{
    sim_flash_job_init(sim, &sim->stub.job);
    sim_flash_job_init(sim, &sim->stub.eraser);
    sim_clock_add(&sim->clock, &sim->stub.timer, NULL, sim);
    sim->stub.execute = sim_stub_execute;
}

void sim_stub_stop(esp_sim_t *sim)
{
    sim_stub_t *stub = &sim->stub;
    sim_timer_clear(&stub->timer);
    sim_flash_job_cancel(&stub->job);
    sim_flash_job_cancel(&stub->eraser);
    stub->when_ready = NULL;
    sim_stub_close_write(&stub->write);
    stub->load_count = 0;
    stub->is_armed = stub->is_in_frame = stub->is_escaped = false;
    stub->has_frame = stub->is_frame_broken = stub->has_reported_loss = false;
    stub->is_busy = stub->has_sent_ohai = false;
    stub->deferred_status = SIM_STUB_OK;
    stub->read.is_active = stub->ram.is_open = false;
}

void sim_stub_note_load(esp_sim_t *sim, uint32_t addr, uint32_t size)
{
    sim_stub_t *stub = &sim->stub;
    if (stub->load_count == SIM_STUB_LOADS) {
        memmove(stub->loads, stub->loads + 1, (SIM_STUB_LOADS - 1) * sizeof(stub->loads[0]));
        stub->load_count--;
    }
    stub->loads[stub->load_count++] = (sim_stub_segment_t){addr, size};
}

void sim_stub_note_more(esp_sim_t *sim, uint32_t addr, uint32_t size)
{
    sim_stub_t *stub = &sim->stub;
    sim_stub_segment_t *last = stub->load_count > 0 ? &stub->loads[stub->load_count - 1] : NULL;
    if (last != NULL && last->addr + last->size == addr) {
        last->size += size;
    } else {
        sim_stub_note_load(sim, addr, size);
    }
}

/* The newest load that begins at most @p slack bytes away from @p addr. */
static const sim_stub_segment_t *find_load(const sim_stub_t *stub, uint32_t addr, uint32_t slack)
{
    for (size_t i = stub->load_count; i > 0; i--) {
        const sim_stub_segment_t *load = &stub->loads[i - 1];
        if ((load->addr > addr ? load->addr - addr : addr - load->addr) <= slack) {
            return load;
        }
    }
    return NULL;
}

static bool is_published(const esp_sim_t *sim, const sim_stub_image_t *image)
{
    char hex[65];
    uint8_t digest[32];
    size_t size = image->text.size + image->data.size;
    uint8_t *bytes = sim_realloc(NULL, size);
    sim_memory_read(&sim->memory, image->text.addr, bytes, image->text.size);
    sim_memory_read(&sim->memory, image->data.addr, bytes + image->text.size, image->data.size);
    EVP_Digest(bytes, size, digest, NULL, EVP_sha256(), NULL);
    free(bytes);
    for (size_t i = 0; i < sizeof(digest); i++) {
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    }
    return strcmp(hex, image->sha256) == 0;
}

static void send_ohai(esp_sim_t *sim)
{
    sim->stub.has_sent_ohai = true;
    sim_stub_arm(sim);
    sim_stub_send_bare(sim, "OHAI", 4);
    sim_stub_idle(sim);
}

/* It answers where it was loaded through, if it has code for that. */
static bool is_on_uart(const esp_sim_t *sim)
{
    return sim->config.wiring == ESP_SIM_WIRING_SDIO &&
           (!sim->chip->stub_serves_sdio || sim->config.chip_revision < sim->chip->sdio_stub_revision);
}

bool sim_stub_start(esp_sim_t *sim, uint32_t entry)
{
    const sim_stub_image_t *image = sim_stub_image_of(sim->chip->name, sim->config.chip_revision);
    const sim_stub_segment_t *text = image == NULL ? NULL : find_load(&sim->stub, image->text.addr, 0);
    bool has_data = image != NULL && (find_load(&sim->stub, image->data.addr, DATA_SLACK) != NULL ||
                                      find_load(&sim->stub, image->earlier_data, DATA_SLACK) != NULL);
    if (text == NULL || !has_data || entry < text->addr || entry - text->addr >= text->size) {
        return false;
    }
    if (!sim->config.accepts_any_stub && (entry != image->entry || !is_published(sim, image))) {
        sim_misuse(sim, "the stub is not the one of esp-flasher-stub 1.4.1");
    }
    sim_stub_stop(sim);
    sim->stub.addr_mask = image->is_wide_addressed ? 0xFFFFFFFFu : 0x00FFFFFFu;
    sim->is_flash_attached = sim_flash_power_check(sim, "the stub") && sim->config.flash_pins == 0;
    sim->state = ESP_SIM_STATE_DOWNLOAD_STUB;
    sim_watchdog_stop(sim); /* the stub does that itself */
    sim_trace(sim, "stub: started at 0x%08X", (unsigned)entry);
    if (is_on_uart(sim)) {
        sim_trace(sim, "stub: it does not know this SDIO slave and answers on its UART");
        return true;
    }
    sim_sdio_set_credits(sim, 0);
    sim_stub_after(sim, sim->config.timing == ESP_SIM_TIMING_FAST ? 0 : OHAI_NS, send_ohai);
    return true;
}
