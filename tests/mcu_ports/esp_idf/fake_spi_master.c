/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * How the driver behaves. Rules are those of components/esp_driver_spi/src/gpspi of ESP-IDF 5.5, spi_master.c unless they
 * name another file, and of components/driver/spi_master.c of 4.4 where they are stricter.
 */
#include <string.h>

#include "fake_gpio.h"
#include "fake_sim_time.h"
#include "spi_rig.h"
#include "test.h"

enum {
    DEFAULT_TRANSFER = 4092, /* spi_common.h */
    WITHOUT_DMA = 64,        /* SOC_SPI_MAXIMUM_BUFFER_SIZE */
    CLOCK_HZ = 80000000,
    HOLD_US = 3000, /* H2 datasheet: how long straps are held after EN rises */
    WORD = 4,
};

struct spi_device_t {
    spi_device_interface_config_t config;
    bool is_added;
};

static struct {
    esp_sim_t *sim;
    spi_rig_seen_t seen;
    struct spi_device_t device;
    bool has_dma;
    size_t max_size;
    bool was_en;
    bool was_cs;
    bool are_straps_sampled;
    uint64_t en_us;
    unsigned fail_at;
    esp_err_t failure;
    const uint8_t *flash;
    size_t flash_size;
    bool can_copy;
} rig;

/* ---- pins ---- */

static bool has_straps(void)
{
    return fake_gpio_level(SPI_RIG_STRAPS) && !fake_gpio_level(SPI_RIG_STRAPS + 1) &&
           !fake_gpio_level(SPI_RIG_STRAPS + 2) && !fake_gpio_level(SPI_RIG_STRAPS + 3);
}

/* A chip whose straps went too soon has started something else. */
static void watch_straps(void)
{
    if (rig.are_straps_sampled && !has_straps()) {
        rig.are_straps_sampled = false;
        if (esp_sim_now_us(rig.sim) < rig.en_us + HOLD_US) {
            esp_sim_reset_button(rig.sim, false);
        } else {
            rig.seen.loader_resets++;
        }
    }
}

static void watch_en(void)
{
    const bool is_en = fake_gpio_level(SPI_RIG_EN);
    if (is_en && !rig.was_en) {
        rig.seen.resets++;
        rig.are_straps_sampled = has_straps();
        rig.en_us = esp_sim_now_us(rig.sim);
        rig.seen.was_miso_output |= rig.seen.is_bus_initialized;
        assert_true(fake_gpio_level(SPI_RIG_CS));
        esp_sim_reset_button(rig.sim, rig.are_straps_sampled);
    }
    rig.was_en = is_en;
}

static void pins_changed(void)
{
    const bool is_cs = fake_gpio_level(SPI_RIG_CS);
    watch_straps();
    watch_en();
    if (is_cs != rig.was_cs) {
        esp_sim_spi_select(rig.sim, !is_cs);
        rig.was_cs = is_cs;
    }
    for (gpio_num_t pin = SPI_RIG_EN; pin <= SPI_RIG_CS; pin++) {
        rig.seen.has_pulled_low |= !fake_gpio_level(pin);
    }
}

/* ---- the rig ---- */

esp_sim_t *spi_rig_start(const char *chip)
{
    char error[200] = "";
    spi_rig_stop();
    rig.sim = esp_sim_new(
        &(esp_sim_config_t){.chip = chip, .wiring = ESP_SIM_WIRING_SPI, .timing = ESP_SIM_TIMING_FAST}, error,
        sizeof(error));
    assert_string_equal(error, "");
    rig.was_en = true;
    rig.was_cs = true;
    fake_sim_time_start(rig.sim);
    fake_gpio_start(pins_changed);
    return rig.sim;
}

void spi_rig_stop(void)
{
    if (rig.sim != NULL) {
        esp_sim_free(rig.sim);
    }
    memset(&rig, 0, sizeof(rig));
}

const spi_rig_seen_t *spi_rig_seen(void)
{
    return &rig.seen;
}

void spi_rig_fail(unsigned n, esp_err_t err)
{
    rig.fail_at = n;
    rig.failure = err;
}

void spi_rig_set_flash(const void *start, size_t size, bool can_copy)
{
    rig.flash = start;
    rig.flash_size = size;
    rig.can_copy = can_copy;
}

/* ---- the bus: spi_common.c ---- */

/* spi_bus_initialize(), spicommon_bus_initialize_io(): 0 is a pin, so those that are not used are -1. */
esp_err_t spi_bus_initialize(spi_host_device_t host_id, const spi_bus_config_t *bus_config,
                             spi_dma_chan_t dma_chan)
{
    if (host_id < SPI1_HOST || host_id >= SPI_HOST_MAX || bus_config->mosi_io_num >= GPIO_NUM_MAX ||
        bus_config->miso_io_num >= GPIO_NUM_MAX || bus_config->sclk_io_num >= GPIO_NUM_MAX) {
        return ESP_ERR_INVALID_ARG;
    }
    assert_int_equal(bus_config->quadwp_io_num & bus_config->quadhd_io_num & bus_config->data4_io_num &
                         bus_config->data5_io_num & bus_config->data6_io_num & bus_config->data7_io_num,
                     -1);
    if (host_id == SPI1_HOST || rig.seen.is_bus_initialized) { /* 1 is the flash's */
        return ESP_ERR_INVALID_STATE;
    }
    rig.has_dma = dma_chan != SPI_DMA_DISABLED;
    rig.max_size = bus_config->max_transfer_sz != 0 ? (size_t)bus_config->max_transfer_sz : DEFAULT_TRANSFER;
    rig.max_size = rig.has_dma ? rig.max_size : WITHOUT_DMA;
    rig.seen.is_bus_initialized = true;
    return ESP_OK;
}

/* spi_master_deinit_driver(): not while a device is there. */
esp_err_t spi_bus_free(spi_host_device_t host_id)
{
    (void)host_id;
    if (!rig.seen.is_bus_initialized || rig.device.is_added) {
        return ESP_ERR_INVALID_STATE;
    }
    rig.seen.is_bus_initialized = false;
    return ESP_OK;
}

esp_err_t spi_bus_get_max_transaction_len(spi_host_device_t host_id, size_t *max_bytes)
{
    (void)host_id;
    assert_true(rig.device.is_added); /* which brings the driver up */
    *max_bytes = rig.max_size;
    return ESP_OK;
}

/* ---- the device ---- */

esp_err_t spi_bus_add_device(spi_host_device_t host_id, const spi_device_interface_config_t *dev_config,
                             spi_device_handle_t *handle)
{
    assert_int_equal(host_id, SPI2_HOST);
    assert_int_equal(dev_config->spics_io_num, GPIO_NUM_NC); /* 0 is a pin */
    assert_true(dev_config->queue_size > 0);
    if (!rig.seen.is_bus_initialized) {
        return ESP_ERR_INVALID_STATE;
    }
    if (dev_config->clock_speed_hz <= 0 || dev_config->clock_speed_hz > CLOCK_HZ) {
        return ESP_ERR_INVALID_ARG;
    }
    if (rig.device.is_added) {
        return ESP_ERR_NOT_FOUND;
    }
    rig.device.config = *dev_config;
    rig.device.is_added = true;
    *handle = &rig.device;
    return ESP_OK;
}

esp_err_t spi_bus_remove_device(spi_device_handle_t handle)
{
    assert_true(handle->is_added);
    assert_false(rig.seen.is_acquired);
    handle->is_added = false;
    return ESP_OK;
}

/* spi_device_acquire_bus(): takes no finite time, and not twice. */
esp_err_t spi_device_acquire_bus(spi_device_handle_t device, TickType_t wait)
{
    assert_true(device->is_added);
    assert_int_equal(wait, portMAX_DELAY);
    assert_false(rig.seen.is_acquired);
    rig.seen.is_acquired = true;
    return ESP_OK;
}

/* After it another device may be served: chip select is high. */
void spi_device_release_bus(spi_device_handle_t dev)
{
    assert_true(dev->is_added);
    assert_true(rig.seen.is_acquired);
    assert_true(fake_gpio_level(SPI_RIG_CS));
    rig.seen.is_acquired = false;
}

/* ---- transfers ---- */

/* check_trans_valid() */
static bool is_valid(const spi_transaction_t *trans)
{
    const bool is_in_field = (trans->flags & SPI_TRANS_USE_RXDATA) != 0;
    const bool has_tx = (trans->flags & SPI_TRANS_USE_TXDATA) != 0 || trans->tx_buffer != NULL;
    const bool has_rx = is_in_field || trans->rx_buffer != NULL;
    return !(has_tx && has_rx) && has_tx == (trans->length > 0) && has_rx == (trans->rxlength > 0) &&
           trans->length <= 8 * rig.max_size && trans->rxlength <= 8 * rig.max_size &&
           (!is_in_field || trans->rxlength <= 8 * WORD);
}

/* setup_priv_desc(): what is not for DMA, or to be read to an odd address, is copied, which needs memory. */
static bool can_transfer(const spi_transaction_t *trans)
{
    const uint8_t *tx = trans->tx_buffer;
    const bool is_in_field = (trans->flags & SPI_TRANS_USE_RXDATA) != 0;
    const bool is_odd = trans->rxlength > 0 && !is_in_field && (uintptr_t)trans->rx_buffer % WORD != 0;
    const bool is_in_flash =
        trans->length > 0 && rig.flash != NULL && tx >= rig.flash && tx < rig.flash + rig.flash_size;
    if (!rig.has_dma || (!is_odd && !is_in_flash)) {
        return true;
    }
    rig.seen.copies++;
    return rig.can_copy;
}

/* spi_hal_prepare_data(), components/hal/spi_hal.c: DMA writes whole words. */
static void receive(spi_transaction_t *trans)
{
    const size_t size = trans->rxlength / 8;
    const size_t written = rig.has_dma ? (size + WORD - 1) / WORD * WORD : size;
    uint8_t *out = (trans->flags & SPI_TRANS_USE_RXDATA) != 0 ? trans->rx_data : trans->rx_buffer;
    memset(out, 0xCC, written);
    esp_sim_spi_transfer(rig.sim, NULL, out, size);
}

/* spi_device_polling_transmit(); spi_trans_dma_error_check(): since 5.5 it says when DMA was late. */
esp_err_t spi_device_polling_transmit(spi_device_handle_t handle, spi_transaction_t *trans_desc)
{
    const size_t bits = trans_desc->length + trans_desc->rxlength;
    assert_true(handle->is_added);
    assert_true(rig.seen.is_acquired);                              /* else another device comes in between */
    assert_true((handle->config.flags & SPI_DEVICE_NO_DUMMY) != 0); /* else there may be more clocks */
    assert_true((handle->config.flags & SPI_DEVICE_HALFDUPLEX) != 0); /* else both lines are used */
    assert_int_equal(handle->config.mode, 0);
    rig.seen.transfers++;
    if (!is_valid(trans_desc)) {
        return ESP_ERR_INVALID_ARG;
    }
    if (!can_transfer(trans_desc)) {
        return ESP_ERR_NO_MEM;
    }
    if (rig.fail_at > 0 && --rig.fail_at == 0) {
        rig.fail_at = 1;
        return rig.failure;
    }
    if (trans_desc->length > 0) {
        esp_sim_spi_transfer(rig.sim, trans_desc->tx_buffer, NULL, trans_desc->length / 8);
    } else {
        receive(trans_desc);
    }
    fake_sim_time_pass_us(1 + bits * 1000000u / (uint32_t)handle->config.clock_speed_hz);
    return ESP_OK;
}
