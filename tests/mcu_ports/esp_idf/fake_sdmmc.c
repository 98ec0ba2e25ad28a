/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * How the driver behaves. Rules are those of ESP-IDF 5.5, components/sdmmc/sdmmc_io.c unless they name another file, and of 4.4
 * where they are stricter. With CONFIG_IDF_TARGET_ESP32P4 memory is behind a cache, with IDF_HOST_OLD_SDMMC_DRIVER the host is
 * that of 4.4.
 */
#include <string.h>

#include "fake_gpio.h"
#include "fake_sim_time.h"
#include "sdio_rig.h"
#include "test.h"

enum {
    BLOCK = 512,
    WORD = 4,
    SLOTS = 2,
    TICK_US = 10000,
    COMMAND_US = 10,   /* a command with its answer, at 20 MHz */
    BYTES_PER_US = 10, /* four data lines */
    NO_ANSWER_US = 10, /* 64 clocks */
    DATA_TIMEOUT_US = 1000,
    CARD_INIT_US = 5000,
    HOLD_US = 3000,
#ifdef CONFIG_IDF_TARGET_ESP32P4
    LINE = 64,
#else
    LINE = WORD,
#endif
};

static struct {
    esp_sim_t *sim;
    sdio_rig_seen_t seen;
    bool is_host_initialized;
    bool is_slot_initialized[SLOTS];
    bool was_en;
    bool is_strap_sampled;
    uint64_t en_us;
    unsigned lost_at;
    bool is_memory;
    bool is_unreachable;
    uint64_t late_us;
    uint64_t interrupt_us;
} rig;

/* ---- pins ---- */

static void pins_changed(void)
{
    const bool is_en = fake_gpio_level(SDIO_RIG_EN);
    const bool is_boot = !fake_gpio_level(SDIO_RIG_BOOT);
    const uint64_t now_us = esp_sim_now_us(rig.sim);
    if (rig.is_strap_sampled && !is_boot) {
        rig.is_strap_sampled = false;
        if (now_us < rig.en_us + HOLD_US) { /* too soon: it has started something else */
            esp_sim_reset_button(rig.sim, false);
        } else {
            rig.seen.loader_resets++;
        }
    }
    if (is_en && !rig.was_en) {
        rig.seen.resets++;
        rig.is_strap_sampled = is_boot;
        rig.en_us = now_us;
        esp_sim_reset_button(rig.sim, is_boot);
    }
    rig.was_en = is_en;
    rig.seen.has_pulled_low |= !is_en || is_boot;
}

/* ---- the rig ---- */

esp_sim_t *sdio_rig_start(const esp_sim_config_t *config)
{
    char error[200] = "";
    sdio_rig_stop();
    rig.sim = esp_sim_new(config, error, sizeof(error));
    assert_string_equal(error, "");
    rig.was_en = true;
    rig.interrupt_us = UINT64_MAX;
    fake_sim_time_start(rig.sim);
    fake_gpio_start(pins_changed);
    return rig.sim;
}

void sdio_rig_stop(void)
{
    if (rig.sim != NULL) {
        esp_sim_free(rig.sim);
    }
    memset(&rig, 0, sizeof(rig));
}

const sdio_rig_seen_t *sdio_rig_seen(void)
{
    return &rig.seen;
}

void sdio_rig_lose_event(unsigned n)
{
    rig.lost_at = n;
}

void sdio_rig_be_late(uint64_t time_us)
{
    rig.late_us = time_us;
}

void sdio_rig_make_memory(void)
{
    rig.is_memory = true;
}

void sdio_rig_make_unreachable(void)
{
    rig.is_unreachable = true;
}

void sdio_rig_interrupt_after(uint64_t time_us)
{
    rig.interrupt_us = esp_sim_now_us(rig.sim) + time_us;
}

/* ---- the host: components/esp_driver_sdmmc/src/sdmmc_host.c ---- */

/* That of 4.4 is initialised once. */
esp_err_t sdmmc_host_init(void)
{
#ifdef IDF_HOST_OLD_SDMMC_DRIVER
    if (rig.is_host_initialized) {
        return ESP_ERR_INVALID_STATE;
    }
#endif
    rig.seen.hosts += !rig.is_host_initialized;
    rig.is_host_initialized = true;
    return ESP_OK;
}

esp_err_t sdmmc_host_init_slot(int slot, const sdmmc_slot_config_t *slot_config)
{
    if (!rig.is_host_initialized) {
        return ESP_ERR_INVALID_STATE;
    }
    if (slot < 0 || slot >= SLOTS || slot_config->clk >= GPIO_NUM_MAX || slot_config->cmd >= GPIO_NUM_MAX ||
        slot_config->d0 >= GPIO_NUM_MAX) {
        return ESP_ERR_INVALID_ARG;
    }
    assert_int_equal(slot_config->cd & slot_config->wp, GPIO_NUM_NC); /* 0 is a pin */
    rig.seen.width = slot_config->width;
    rig.is_slot_initialized[slot] = true;
    return ESP_OK;
}

/* Ends all slots. */
esp_err_t sdmmc_host_deinit(void)
{
    if (!rig.is_host_initialized) {
        return ESP_ERR_INVALID_STATE;
    }
    memset(rig.is_slot_initialized, 0, sizeof(rig.is_slot_initialized));
    rig.is_host_initialized = false;
    rig.seen.hosts--;
    return ESP_OK;
}

/* Lets go of the pins that the slot was given, which are all GPIO 0 where it was not; the last slot ends the host. */
esp_err_t sdmmc_host_deinit_slot(int slot)
{
    assert_true(rig.is_slot_initialized[slot]);
    rig.is_slot_initialized[slot] = false;
    return rig.is_slot_initialized[1 - slot] ? ESP_OK : sdmmc_host_deinit();
}

/* sdmmc_host_do_transaction(), sdmmc_transaction.c: a wait for the end, in ticks that are rounded down. What takes longer
 * happens on the bus all the same. */
static esp_err_t wait_for_end(const sdmmc_card_t *card, esp_sim_sdio_t result, uint64_t time_us)
{
    time_us += rig.late_us;
    const uint64_t now_us = esp_sim_now_us(rig.sim);
    const uint64_t ticks = (uint64_t)card->host.command_timeout_ms / portTICK_PERIOD_MS;
    const uint64_t end_us = ticks == 0 ? now_us : (now_us / TICK_US + ticks) * TICK_US;
    assert_true(card->host.command_timeout_ms > 0); /* 0 is a second */
    rig.seen.commands++;
    if ((rig.lost_at > 0 && --rig.lost_at == 0) || now_us + time_us > end_us) {
        fake_sim_time_pass_us(end_us - now_us);
        return ESP_ERR_TIMEOUT;
    }
    fake_sim_time_pass_us(time_us);
    switch (result) {
    case ESP_SIM_SDIO_DONE:
        return ESP_OK;
    case ESP_SIM_SDIO_CRC:
        return 0x109; /* ESP_ERR_INVALID_CRC */
    default:
        return ESP_ERR_TIMEOUT;
    }
}

/* ---- the card: components/sdmmc/sdmmc_init.c ---- */

/* The card is zeroed and gets its host first: what it had before is gone. A memory card answers, too. */
esp_err_t sdmmc_card_init(const sdmmc_host_t *host, sdmmc_card_t *out_card)
{
    memset(out_card, 0, sizeof(*out_card));
    out_card->host = *host;
    assert_true(rig.is_slot_initialized[host->slot]);
    assert_int_equal((host->flags & SDMMC_HOST_FLAG_4BIT) != 0, rig.seen.width == 4);
    rig.seen.max_freq_khz = host->max_freq_khz;
    if (rig.is_memory) {
        out_card->is_mem = 1;
        return ESP_OK;
    }
    const esp_err_t err = wait_for_end(out_card, esp_sim_sdio_init(rig.sim), CARD_INIT_US);
    out_card->is_sdio = err == ESP_OK;
    return err;
}

/* sdmmc_io_rw_direct(): looks at none of the flags by which a card refuses. */
static esp_err_t end_of_byte(const sdmmc_card_t *card, esp_sim_sdio_t result)
{
    return wait_for_end(card, result == ESP_SIM_SDIO_REFUSED ? ESP_SIM_SDIO_DONE : result, COMMAND_US);
}

esp_err_t sdmmc_io_read_byte(sdmmc_card_t *card, uint32_t function, uint32_t reg, uint8_t *out_byte)
{
    *out_byte = 0;
    return end_of_byte(card, esp_sim_sdio_read(rig.sim, function, reg, out_byte, 1));
}

esp_err_t sdmmc_io_write_byte(sdmmc_card_t *card, uint32_t function, uint32_t reg, uint8_t in_byte,
                              uint8_t *out_byte)
{
    assert_null(out_byte);
    return end_of_byte(card, esp_sim_sdio_write(rig.sim, function, reg, &in_byte, 1));
}

static size_t rounded(size_t size)
{
    return (size + WORD - 1) / WORD * WORD;
}

/* sdmmc_host_check_buffer_alignment(): address and size, where a cache is in between. */
static bool is_aligned(const void *data, size_t size)
{
    return (uintptr_t)data % LINE == 0 && rounded(size) % LINE == 0;
}

/* sdmmc_io_rw_extended(), one command: at most a block. What is not aligned goes through the host's buffer, which is filled
 * before the data is copied to it, or is an error. A card that refuses sends or takes no data. */
static esp_err_t transfer(sdmmc_card_t *card, uint32_t function, uint32_t addr, uint8_t *data, size_t size,
                          bool is_write)
{
    uint8_t *buffer = data;
    esp_sim_sdio_t result;
    if (size > BLOCK) {
        return ESP_ERR_INVALID_SIZE;
    }
    if (rig.is_unreachable) { /* sdmmc_host_do_transaction() of 4.4 */
        return ESP_ERR_INVALID_ARG;
    }
    if (!is_aligned(data, size)) {
        if (card->host.dma_aligned_buffer == NULL) {
            return ESP_ERR_INVALID_ARG;
        }
        buffer = card->host.dma_aligned_buffer;
        assert_true((uintptr_t)buffer % LINE == 0);
        rig.seen.copies++;
        memset(buffer, 0xCC, BLOCK);
        memcpy(buffer, data, is_write ? size : 0);
    }
    if (is_write) {
        result = esp_sim_sdio_write(rig.sim, function, addr, buffer, size);
    } else {
        memset(buffer, 0xCC, rounded(size)); /* DMA writes whole words */
        result = esp_sim_sdio_read(rig.sim, function, addr, buffer, size);
    }
    if (buffer != data && !is_write) {
        memcpy(data, buffer, size);
    }
    const uint64_t time_us = result == ESP_SIM_SDIO_REFUSED     ? DATA_TIMEOUT_US
                             : result == ESP_SIM_SDIO_NO_ANSWER ? NO_ANSWER_US
                                                                : COMMAND_US + size / BYTES_PER_US;
    return wait_for_end(card, result, time_us);
}

/* sdmmc_io_read_bytes(), sdmmc_io_write_bytes(): what is no multiple of 4 is two commands. */
static esp_err_t transfer_bytes(sdmmc_card_t *card, uint32_t function, uint32_t addr, uint8_t *data,
                                size_t size, bool is_write)
{
    const size_t words = size / WORD * WORD;
    esp_err_t err = ESP_OK;
    if (words > 0) {
        err = transfer(card, function, addr, data, words, is_write);
    }
    if (err == ESP_OK && words < size) {
        err = transfer(card, function, addr + (uint32_t)words, data + words, size - words, is_write);
    }
    return err;
}

esp_err_t sdmmc_io_read_bytes(sdmmc_card_t *card, uint32_t function, uint32_t addr, void *dst, size_t size)
{
    return transfer_bytes(card, function, addr, dst, size, false);
}

esp_err_t sdmmc_io_write_bytes(sdmmc_card_t *card, uint32_t function, uint32_t addr, const void *src,
                               size_t size)
{
    return transfer_bytes(card, function, addr, (uint8_t *)(uintptr_t)src, size, true);
}

/* sdmmc_host_io_int_wait(): D1 that is low already counts; else until the end of the n-th tick. */
esp_err_t sdmmc_io_wait_int(sdmmc_card_t *card, TickType_t timeout_ticks)
{
    (void)card;
    const uint64_t now_us = esp_sim_now_us(rig.sim);
    const uint64_t end_us = timeout_ticks == 0 ? now_us : (now_us / TICK_US + timeout_ticks) * TICK_US;
    const bool comes = rig.interrupt_us <= end_us;
    const uint64_t until_us = comes ? rig.interrupt_us : end_us;
    fake_sim_time_pass_us(until_us > now_us ? until_us - now_us : 0);
    return comes ? ESP_OK : ESP_ERR_TIMEOUT;
}
