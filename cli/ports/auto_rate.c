/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "ports/auto_rate.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* What every bridge and every long wire can do: without a reset a target that is lost stays lost. */
#define WITHOUT_RESET_BAUD 460800u
#define CONNECT_BAUD       115200u

static void note(void *ctx, const esp_loader_rate_trial_t *trial)
{
    auto_rate_t *rate = ctx;

    if (rate->trial_count == AUTO_RATE_TRIALS_MAX) {
        rate->trial_count--;
        memmove(rate->trials, rate->trials + 1, rate->trial_count * sizeof(rate->trials[0]));
    }
    rate->trials[rate->trial_count++] = *trial;
}

void auto_rate_begin(auto_rate_t *rate, const cli_port_t *port, bool is_reset_off, bool is_cache_off)
{
    const linux_device_t *device = cli_port_device(port);

    *rate = (auto_rate_t){.options = {.on_trial = note, .ctx = rate}};
    if (device != NULL && device->usb_vid != 0) {
        rate->limit_by = linux_device_kind(device).name;
        rate->limit_baud = linux_device_max_rate(device);
        rate->is_remembered = !is_cache_off;
    }
    if (is_reset_off) {
        rate->options.highest_baud = WITHOUT_RESET_BAUD;
    }
    if (rate->is_remembered) {
        rate_cache_key(device, rate->key);
        rate->known_baud = rate_cache_find(rate->key, time(NULL));
        rate->options.first_baud = rate->known_baud;
    }
}

static const esp_loader_rate_trial_t *find_last_good(const auto_rate_t *rate)
{
    for (size_t i = rate->trial_count; i > 0; i--) {
        if (rate->trials[i - 1].result == ESP_LOADER_RATE_GOOD) {
            return &rate->trials[i - 1];
        }
    }
    return NULL;
}

uint32_t auto_rate_baud(const auto_rate_t *rate)
{
    const esp_loader_rate_trial_t *good = find_last_good(rate);

    return good != NULL ? good->rate_baud : CONNECT_BAUD;
}

void auto_rate_end(const auto_rate_t *rate)
{
    const esp_loader_rate_trial_t *good = find_last_good(rate);

    if (rate->is_remembered && good != NULL) {
        rate_cache_store(rate->key, good->rate_baud, time(NULL));
    }
}

static void print_trial(const esp_loader_rate_trial_t *trial)
{
    printf("Baud rate %u: ", (unsigned)trial->rate_baud);
    switch (trial->result) {
    case ESP_LOADER_RATE_GOOD:
        printf("good, %u of %u questions answered", (unsigned)(trial->questions - trial->errors),
               trial->questions);
        break;
    case ESP_LOADER_RATE_REFUSED:
        printf("the port does not support it");
        break;
    case ESP_LOADER_RATE_SILENT:
        printf("no answer");
        break;
    case ESP_LOADER_RATE_DAMAGED:
        printf("damaged, %u of %u questions not answered", trial->errors, trial->questions);
        break;
    }
    printf("%s (%u ms)\n", trial->was_reset ? ", the target was reset" : "", (unsigned)trial->time_ms);
}

void auto_rate_print(const auto_rate_t *rate)
{
    if (rate->known_baud != 0) {
        printf("Baud rate: %u worked here the last time\n", (unsigned)rate->known_baud);
    }
    if (rate->limit_baud != 0) {
        printf("Baud rate: the %s can do %u\n", rate->limit_by, (unsigned)rate->limit_baud);
    }
    for (size_t i = 0; i < rate->trial_count; i++) {
        print_trial(&rate->trials[i]);
    }
    if (rate->trial_count == 0) {
        printf("Baud rate: no other than that of connecting was tried\n");
    } else if (find_last_good(rate) == NULL) {
        printf("Baud rate: none above 115200 was good\n");
    }
}
