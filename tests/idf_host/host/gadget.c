/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The devices of gadget.h.
 */
#include "gadget.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Devices live as long as the scenario; the list keeps leak detection from counting them. */
typedef struct keeper {
    struct keeper *next;
    void *device;
} keeper_t;

static keeper_t *keepers;

static void *allocate(size_t size)
{
    void *device = calloc(1, size);
    keeper_t *keeper = malloc(sizeof(*keeper));
    if (device == NULL || keeper == NULL) {
        kernel_panic("out of memory");
    }
    *keeper = (keeper_t){.next = keepers, .device = device};
    keepers = keeper;
    return device;
}

/* ---- board ---- */

static size_t board_write(void *model, const uint8_t *data, size_t size)
{
    return esp_sim_host_write(((board_t *)model)->sim, data, size);
}

static size_t board_read(void *model, uint8_t *buf, size_t capacity)
{
    return esp_sim_host_read(((board_t *)model)->sim, buf, capacity);
}

static void board_set_lines(void *model, bool dtr, bool rts)
{
    esp_sim_host_set_lines(((board_t *)model)->sim, dtr, rts);
}

static void board_set_rate(void *model, uint32_t rate_baud)
{
    esp_sim_host_set_rate(((board_t *)model)->sim, rate_baud);
}

static void board_run_until(void *model, uint64_t time_us)
{
    board_t *board = model;
    esp_sim_run_until(board->sim, time_us - board->start_us);
}

static uint64_t board_next_event_us(void *model)
{
    const board_t *board = model;
    const uint64_t next = esp_sim_next_event_us(board->sim);
    return next == UINT64_MAX ? KERNEL_NEVER : next + board->start_us;
}

static bool board_is_attached(void *model)
{
    return esp_sim_is_attached(((board_t *)model)->sim);
}

board_t *board_from(const esp_sim_config_t *config)
{
    board_t *board = allocate(sizeof(*board));
    char error[200];
    board->sim = esp_sim_new(config, error, sizeof(error));
    if (board->sim == NULL) {
        kernel_panic("%s", error);
    }
    board->start_us = kernel_now_us_locked();
    board->gadget = (usb_gadget_t){
        .vid = 0x303A,
        .pid = 0x1001,
        .model = board,
        .write = board_write,
        .read = board_read,
        .set_lines = board_set_lines,
        .set_rate = board_set_rate,
        .run_until = board_run_until,
        .next_event_us = board_next_event_us,
        .is_attached = board_is_attached,
    };
    const uint8_t *mac = esp_sim_mac(board->sim);
    snprintf(board->gadget.serial, sizeof(board->gadget.serial), "%02X:%02X:%02X:%02X:%02X:%02X", mac[0],
             mac[1], mac[2], mac[3], mac[4], mac[5]);
    return board;
}

board_t *board_new(const char *chip, unsigned number, esp_sim_timing_t timing)
{
    const esp_sim_config_t config = {
        .chip = chip,
        .flash_size = 1024u * 1024u,
        .timing = timing,
        .mac = {0x02, 0, 0, 0, (uint8_t)(number >> 8), (uint8_t)number},
        .accepts_any_stub = true, /* those of the tests are stand-ins */
    };
    return board_from(&config);
}

/* ---- toy ---- */

static size_t toy_write(void *model, const uint8_t *data, size_t size)
{
    toy_t *toy = model;
    if (toy->is_deaf || kernel_now_us_locked() < toy->deaf_until_us) {
        return 0;
    }
    if (size > sizeof(toy->from_host) - toy->from_host_size) {
        kernel_panic("the toy's memory is full");
    }
    memcpy(toy->from_host + toy->from_host_size, data, size);
    toy->from_host_size += size;
    return size;
}

static size_t toy_read(void *model, uint8_t *buf, size_t capacity)
{
    toy_t *toy = model;
    const size_t left = toy->to_host_size - toy->to_host_at;
    const size_t size = left < capacity ? left : capacity;
    memcpy(buf, toy->to_host + toy->to_host_at, size);
    toy->to_host_at += size;
    return size;
}

static void toy_set_lines(void *model, bool dtr, bool rts)
{
    toy_t *toy = model;
    toy->dtr = dtr;
    toy->rts = rts;
    toy->line_changes++;
}

static void toy_set_rate(void *model, uint32_t rate_baud)
{
    toy_t *toy = model;
    toy->rate_baud = rate_baud;
    toy->rate_changes++;
}

static void toy_run_until(void *model, uint64_t time_us)
{
    (void)model;
    (void)time_us;
}

static uint64_t toy_next_event_us(void *model)
{
    const toy_t *toy = model;
    return toy->deaf_until_us > kernel_now_us_locked() ? toy->deaf_until_us : KERNEL_NEVER;
}

static bool toy_is_attached(void *model)
{
    (void)model;
    return true;
}

toy_t *toy_new(uint16_t vid, uint16_t pid)
{
    toy_t *toy = allocate(sizeof(*toy));
    toy->gadget = (usb_gadget_t){
        .vid = vid,
        .pid = pid,
        .serial = "toy",
        .model = toy,
        .write = toy_write,
        .read = toy_read,
        .set_lines = toy_set_lines,
        .set_rate = toy_set_rate,
        .run_until = toy_run_until,
        .next_event_us = toy_next_event_us,
        .is_attached = toy_is_attached,
    };
    return toy;
}

void toy_send(toy_t *toy, const void *data, size_t size)
{
    if (size > sizeof(toy->to_host) - toy->to_host_size) {
        kernel_panic("the toy's memory is full");
    }
    memcpy(toy->to_host + toy->to_host_size, data, size);
    toy->to_host_size += size;
    bus_poke();
}
