/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The public interface where it is the host's end of the cable: bytes, lines, rate, and whether the device is
 * there.
 */
#include "esp_sim.h"

#include "board/lines.h"
#include "state/model.h"

size_t esp_sim_host_write(esp_sim_t *sim, const void *data, size_t size)
{
    sim_link_t *link = &sim->link;
    if (size > 0) {
        sim->stats.host_writes++;
    }
    if (!link->is_attached) {
        return 0;
    }
    sim_lines_check_write(sim);
    size_t taken = link->ops->host_write(sim, data, size);
    sim->stats.bytes_out += taken;
    return taken;
}

size_t esp_sim_host_read(esp_sim_t *sim, void *buf, size_t capacity)
{
    size_t n = sim_link_read(sim, buf, capacity);
    if (n > 0) {
        sim->stats.host_reads++;
        sim->stats.bytes_in += n;
    }
    return n;
}

bool esp_sim_has_output(const esp_sim_t *sim)
{
    return sim->link.in_head < sim->link.in_end;
}

bool esp_sim_sends_zero_packet(const esp_sim_t *sim)
{
    return !esp_sim_has_output(sim) && !sim->faults.has_no_zero_packet;
}

void esp_sim_host_set_lines(esp_sim_t *sim, bool dtr, bool rts)
{
    sim_lines_set(sim, dtr, rts);
}

bool esp_sim_host_set_rate(esp_sim_t *sim, uint32_t baud)
{
    uint32_t made_baud = sim_bridge_rate(sim, baud);
    if (made_baud != 0) {
        sim->link.host_baud = made_baud;
    }
    return made_baud != 0;
}

bool esp_sim_is_attached(const esp_sim_t *sim)
{
    return sim->link.is_attached;
}

uint32_t esp_sim_attach_count(const esp_sim_t *sim)
{
    return sim->link.attach_count;
}

void esp_sim_spi_select(esp_sim_t *sim, bool is_selected)
{
    sim_spi_slave_select(sim, is_selected);
    sim_clock_run_until(&sim->clock, sim->clock.now_ns);
}

void esp_sim_spi_transfer(esp_sim_t *sim, const uint8_t *out, uint8_t *in, size_t size)
{
    sim_spi_slave_transfer(sim, out, in, size);
}
