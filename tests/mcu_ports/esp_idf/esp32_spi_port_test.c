/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The SPI port for ESP-IDF, unchanged, on a stand-in for its driver with a simulated chip as the slave: RAM and registers,
 * pins, what the driver refuses or fails at, and what goes wrong on the bus.
 */
#include <stdio.h>
#include <string.h>

#include "esp_loader.h"
#define ESP_LOADER_V1_KEEP_NAMES
#include "esp_loader_v1.h"
#include "fake_gpio.h"
#include "fake_sim_time.h"
#include "spi_rig.h"
#include "test.h"

enum { RAM = 0x3FC90000, SIZE = 0x2000, BLOCK_SIZE = 0x1800, TRANSFERS = 60 };

static esp_loader_t loader;
static esp32_spi_port_t port;
static uint8_t content[SIZE];

static void prepare(void)
{
    for (size_t i = 0; i < SIZE; i++) {
        content[i] = (uint8_t)(i * 167 + (i >> 8) * 13 + 5);
    }
    port = (esp32_spi_port_t){
        .port.ops = &esp32_spi_ops,
        .spi_bus = SPI2_HOST,
        .spi_clk_pin = SPI_RIG_CLK,
        .spi_miso_pin = SPI_RIG_MISO,
        .spi_mosi_pin = SPI_RIG_MOSI,
        .spi_cs_pin = SPI_RIG_CS,
        .spi_quadwp_pin = GPIO_NUM_NC,
        .spi_quadhd_pin = GPIO_NUM_NC,
        .reset_pin = SPI_RIG_EN,
        .strap_bit0_pin = SPI_RIG_STRAPS,
        .strap_bit1_pin = SPI_RIG_STRAPS + 1,
        .strap_bit2_pin = SPI_RIG_STRAPS + 2,
        .strap_bit3_pin = SPI_RIG_STRAPS + 3,
    };
}

static esp_sim_t *power_up(const char *chip)
{
    esp_sim_t *sim = spi_rig_start(chip);
    prepare();
    return sim;
}

static esp_loader_error_t connect(void)
{
    const esp_loader_error_t error = esp_loader_init_spi(&loader, &port.port);
    return error == ESP_LOADER_SUCCESS ? esp_loader_connect(&loader, NULL) : error;
}

static esp_loader_error_t load(uint32_t address, uint32_t size, uint32_t entry)
{
    esp_loader_mem_cfg_t cfg = {.offset = address, .size = size, .block_size = BLOCK_SIZE};
    RETURN_ON_ERROR(esp_loader_mem_start(&loader, &cfg));
    for (uint32_t done = 0; done < size; done += BLOCK_SIZE) {
        const uint32_t left = size - done;
        RETURN_ON_ERROR(
            esp_loader_mem_write(&loader, &cfg, content + done, left < BLOCK_SIZE ? left : BLOCK_SIZE));
    }
    return esp_loader_mem_finish(&loader, &cfg, entry);
}

static bool is_loaded(esp_sim_t *sim, uint32_t address, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        if ((uint8_t)(esp_sim_peek(sim, address + i / 4 * 4) >> 8 * (i % 4)) != content[i]) {
            return false;
        }
    }
    return true;
}

/* Nobody is left waiting for the bus, and the slave for the end of a transaction. */
static void assert_idle(void)
{
    assert_true(fake_gpio_level(SPI_RIG_CS));
    assert_false(spi_rig_seen()->is_acquired);
}

static void power_down(void)
{
    assert_idle();
    esp_loader_deinit(&loader);
    assert_false(spi_rig_seen()->is_bus_initialized);
    spi_rig_stop();
}

/* ---- what works ---- */

TEST(ram_is_loaded_and_started)
{
    static const struct {
        const char *chip;
        target_chip_t target;
        uint32_t ram;
    } chips[] = {{"esp32c3", ESP32C3_CHIP, RAM},
                 {"esp32c2", ESP32C2_CHIP, 0x3FCB0000},
                 {"esp32h2", ESP32H2_CHIP, 0x40818000}};
    for (size_t i = 0; i < sizeof(chips) / sizeof(chips[0]); i++) {
        esp_sim_t *sim = power_up(chips[i].chip);
        assert_int_equal(connect(), ESP_LOADER_SUCCESS);
        assert_int_equal(esp_loader_get_target(&loader), chips[i].target);
        assert_int_equal(load(chips[i].ram, SIZE, chips[i].ram), ESP_LOADER_SUCCESS);
        assert_true(is_loaded(sim, chips[i].ram, SIZE));
        fake_sim_time_pass_us(10000);
        assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_RAM_CODE);
        assert_string_equal(esp_sim_misuse(sim), "");
        assert_int_equal(spi_rig_seen()->loader_resets, 1);
        power_down();
    }
}

TEST(registers_are_read_and_written)
{
    esp_sim_t *sim = power_up("esp32c3");
    uint8_t mac[6];
    uint32_t value = 0;
    assert_int_equal(connect(), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_write_register(&loader, RAM, 0x12345678), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_sim_peek(sim, RAM), 0x12345678);
    assert_int_equal(esp_loader_read_register(&loader, RAM, &value), ESP_LOADER_SUCCESS);
    assert_int_equal(value, 0x12345678);
    assert_int_equal(esp_loader_read_mac(&loader, mac), ESP_LOADER_SUCCESS);
    assert_memory_equal(mac, esp_sim_mac(sim), sizeof(mac));
    assert_string_equal(esp_sim_misuse(sim), "");
    power_down();
}

TEST(one_port_in_the_form_of_1_x)
{
    esp_sim_t *sim = power_up("esp32c3");
    const loader_esp32_spi_config_t config = {
        .spi_bus = SPI2_HOST,
        .frequency = 10000000,
        .spi_clk_pin = SPI_RIG_CLK,
        .spi_miso_pin = SPI_RIG_MISO,
        .spi_mosi_pin = SPI_RIG_MOSI,
        .spi_cs_pin = SPI_RIG_CS,
        .spi_quadwp_pin = (uint32_t)GPIO_NUM_NC,
        .spi_quadhd_pin = (uint32_t)GPIO_NUM_NC,
        .reset_trigger_pin = SPI_RIG_EN,
        .strap_bit0_pin = (uint32_t)GPIO_NUM_NC,
        .strap_bit1_pin = SPI_RIG_STRAPS + 1,
        .strap_bit2_pin = SPI_RIG_STRAPS + 2,
        .strap_bit3_pin = SPI_RIG_STRAPS + 3,
    };
    assert_int_equal(loader_port_esp32_spi_init(NULL), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(loader_port_esp32_spi_init(&config), ESP_LOADER_SUCCESS);
    assert_int_equal(loader_port_esp32_spi_init(&config), ESP_LOADER_SUCCESS); /* again */
    assert_int_equal(esp_loader_v1_connect(NULL), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_v1_get_target(), ESP32C3_CHIP);
    assert_int_equal(esp_loader_v1_write_register(RAM, 0xC0FFEE), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_sim_peek(sim, RAM), 0xC0FFEE);
    loader_port_esp32_spi_deinit();
    assert_false(spi_rig_seen()->is_bus_initialized);
    spi_rig_stop();
}

/* ---- pins ---- */

TEST(init_pulls_nothing_low_and_deinit_lets_go)
{
    (void)power_up("esp32c3");
    assert_int_equal(esp32_spi_ops.init(&port.port), ESP_LOADER_SUCCESS);
    assert_false(spi_rig_seen()->has_pulled_low);
    assert_true(fake_gpio_is_push_pull(SPI_RIG_CS));
    for (gpio_num_t pin = SPI_RIG_EN; pin < SPI_RIG_STRAPS + 4; pin++) {
        assert_true(fake_gpio_is_output(pin) && !fake_gpio_is_push_pull(pin)); /* open drain */
    }
    esp32_spi_ops.deinit(&port.port);
    esp32_spi_ops.deinit(&port.port);
    for (gpio_num_t pin = SPI_RIG_EN; pin <= SPI_RIG_CS; pin++) {
        assert_false(fake_gpio_is_output(pin));
    }
    assert_false(spi_rig_seen()->has_pulled_low);
    spi_rig_stop();
}

TEST(straps_are_set_while_en_rises_and_the_bus_drives_no_pin_then)
{
    (void)power_up("esp32c3");
    assert_int_equal(connect(), ESP_LOADER_SUCCESS);
    assert_int_equal(spi_rig_seen()->resets, 1);
    assert_int_equal(spi_rig_seen()->loader_resets, 1);
    assert_false(spi_rig_seen()->was_miso_output);
    for (gpio_num_t pin = SPI_RIG_EN; pin < SPI_RIG_STRAPS + 4; pin++) {
        assert_true(fake_gpio_level(pin));
    }
    assert_int_equal(esp_loader_connect(&loader, NULL), ESP_LOADER_SUCCESS); /* again, from the start */
    assert_int_equal(spi_rig_seen()->loader_resets, 2);
    assert_int_equal(esp_loader_reset_target_checked(&loader), ESP_LOADER_SUCCESS);
    assert_int_equal(spi_rig_seen()->resets, 3);
    assert_int_equal(spi_rig_seen()->loader_resets, 2);
    assert_false(spi_rig_seen()->was_miso_output);
    power_down();
}

/* Straps that are wired, and a target that a person resets. */
TEST(straps_need_not_be_connected)
{
    (void)power_up("esp32c3");
    port.reset_pin = GPIO_NUM_NC;
    port.strap_bit0_pin = GPIO_NUM_NC;
    port.strap_bit1_pin = GPIO_NUM_NC;
    port.strap_bit2_pin = GPIO_NUM_NC;
    port.strap_bit3_pin = GPIO_NUM_NC;
    assert_int_equal(esp32_spi_ops.init(&port.port), ESP_LOADER_SUCCESS);
    assert_int_equal(esp32_spi_ops.enter_bootloader_checked(&port.port), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(esp32_spi_ops.reset_checked(&port.port), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(spi_rig_seen()->resets, 0);
    esp32_spi_ops.deinit(&port.port);
    spi_rig_stop();
}

/* ---- init ---- */

typedef struct {
    const char *what;
    void (*change)(void);
    esp_loader_error_t error;
} bad_config_t;

static void set_bus_of_the_flash(void)
{
    port.spi_bus = SPI1_HOST;
}
static void set_no_bus(void)
{
    port.spi_bus = SPI_HOST_MAX;
}
static void set_no_reset_pin(void)
{
    port.reset_pin = GPIO_NUM_MAX;
}
static void set_no_strap(void)
{
    port.strap_bit3_pin = GPIO_NUM_MAX;
}
static void set_no_cs(void)
{
    port.spi_cs_pin = GPIO_NUM_NC;
}
static void set_no_miso(void)
{
    port.spi_miso_pin = GPIO_NUM_MAX;
}
static void set_fast(void)
{
    port.frequency = 200000000;
}
static void set_faster(void)
{
    port.frequency = UINT32_MAX;
}
static void set_foreign_bus(void)
{
    port.dont_initialize_bus = true;
}

static const bad_config_t bad_configs[] = {
    {"the bus of the flash", set_bus_of_the_flash, ESP_LOADER_ERROR_PORT_BUSY},
    {"no such bus", set_no_bus, ESP_LOADER_ERROR_INVALID_PARAM},
    {"no such reset pin", set_no_reset_pin, ESP_LOADER_ERROR_INVALID_PARAM},
    {"no such strap", set_no_strap, ESP_LOADER_ERROR_INVALID_PARAM},
    {"no chip select", set_no_cs, ESP_LOADER_ERROR_INVALID_PARAM},
    {"no such MISO", set_no_miso, ESP_LOADER_ERROR_INVALID_PARAM},
    {"above the source of the clock", set_fast, ESP_LOADER_ERROR_UNSUPPORTED_FUNC},
    {"not in an int", set_faster, ESP_LOADER_ERROR_INVALID_PARAM},
    {"a bus of the application that is not there", set_foreign_bus, ESP_LOADER_ERROR_PORT_NOT_FOUND},
};

TEST(errors_of_init)
{
    for (size_t i = 0; i < sizeof(bad_configs) / sizeof(bad_configs[0]); i++) {
        (void)power_up("esp32c3");
        bad_configs[i].change();
        const esp_loader_error_t error = esp32_spi_ops.init(&port.port);
        if (error != bad_configs[i].error) {
            fail_msg("%s: %d", bad_configs[i].what, error);
        }
        assert_false(spi_rig_seen()->is_bus_initialized);
        assert_false(spi_rig_seen()->has_pulled_low);
        esp32_spi_ops.deinit(&port.port);
    }
    spi_rig_stop();
}

static void initialize_bus_of_the_application(spi_dma_chan_t dma)
{
    const spi_bus_config_t bus = {.mosi_io_num = SPI_RIG_MOSI,
                                  .miso_io_num = SPI_RIG_MISO,
                                  .sclk_io_num = SPI_RIG_CLK,
                                  .quadwp_io_num = -1,
                                  .quadhd_io_num = -1,
                                  .data4_io_num = -1,
                                  .data5_io_num = -1,
                                  .data6_io_num = -1,
                                  .data7_io_num = -1};
    assert_int_equal(spi_bus_initialize(SPI2_HOST, &bus, dma), ESP_OK);
}

/* Without DMA it transfers 64 bytes at a time. */
TEST(bus_of_the_application_stays)
{
    static const spi_dma_chan_t dma[] = {SPI_DMA_CH_AUTO, SPI_DMA_DISABLED};
    for (size_t i = 0; i < 2; i++) {
        esp_sim_t *sim = power_up("esp32h2");
        initialize_bus_of_the_application(dma[i]);
        assert_int_equal(esp32_spi_ops.init(&port.port), ESP_LOADER_ERROR_PORT_BUSY);
        port.dont_initialize_bus = true;
        assert_int_equal(connect(), ESP_LOADER_SUCCESS);
        assert_int_equal(load(0x40818000, SIZE, 0), ESP_LOADER_SUCCESS);
        assert_true(is_loaded(sim, 0x40818000, SIZE));
        esp_loader_deinit(&loader);
        assert_true(spi_rig_seen()->is_bus_initialized);
        spi_rig_stop();
    }
}

TEST(closed_port_says_so)
{
    size_t count = 1;
    uint8_t byte = 0;
    (void)power_up("esp32c3");
    esp32_spi_ops.spi_set_cs(&port.port, 0);
    assert_int_equal(esp32_spi_ops.write_all(&port.port, &byte, 1, 100, &count),
                     ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(count, 0);
    assert_int_equal(esp32_spi_ops.read_some(&port.port, &byte, 1, 100, &count),
                     ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(esp32_spi_ops.enter_bootloader_checked(&port.port), ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(spi_rig_seen()->resets, 0);
    spi_rig_stop();
}

/* ---- memory and time ---- */

/* DMA writes whole words: not behind what the caller has asked for. */
TEST(read_writes_nothing_else)
{
    uint8_t buf[12];
    (void)power_up("esp32c3");
    assert_int_equal(connect(), ESP_LOADER_SUCCESS);
    for (size_t at = 0; at < 4; at++) {
        for (size_t capacity = 1; capacity <= 4; capacity++) {
            static const uint8_t read_version[] = {2, 0, 0};
            size_t count;
            memset(buf, 0xA5, sizeof(buf));
            esp32_spi_ops.spi_set_cs(&port.port, 0);
            assert_int_equal(esp32_spi_ops.write_all(&port.port, read_version, 3, 100, &count),
                             ESP_LOADER_SUCCESS);
            assert_int_equal(esp32_spi_ops.read_some(&port.port, buf + at, capacity, 100, &count),
                             ESP_LOADER_SUCCESS);
            esp32_spi_ops.spi_set_cs(&port.port, 1);
            assert_int_equal(count, capacity);
            for (size_t i = 0; i < sizeof(buf); i++) {
                assert_int_equal(buf[i] == 0xA5, i < at || i >= at + capacity);
            }
        }
    }
    assert_int_equal(spi_rig_seen()->copies, 0);
    power_down();
}

/* What is in flash is copied by the driver, in pieces; without memory for that there is an error. */
TEST(content_in_flash_is_copied_if_there_is_memory)
{
    esp_sim_t *sim = power_up("esp32c3");
    spi_rig_set_flash(content, SIZE, true);
    assert_int_equal(connect(), ESP_LOADER_SUCCESS);
    assert_int_equal(load(RAM, SIZE, 0), ESP_LOADER_SUCCESS);
    assert_true(is_loaded(sim, RAM, SIZE));
    assert_int_equal(spi_rig_seen()->copies, 8); /* 6 and 2 KiB, 1 KiB each */
    spi_rig_set_flash(content, SIZE, false);
    assert_int_equal(load(RAM, SIZE, 0), ESP_LOADER_ERROR_IO);
    power_down();
}

TEST(timeout_covers_a_write_and_is_not_begun_again)
{
    size_t count;
    (void)power_up("esp32c3");
    port.frequency = 100000; /* 1 KiB takes 82 ms */
    assert_int_equal(connect(), ESP_LOADER_SUCCESS);
    esp32_spi_ops.spi_set_cs(&port.port, 0);
    const uint32_t start_ms = esp32_spi_ops.now_ms(&port.port);
    assert_int_equal(esp32_spi_ops.write_all(&port.port, content, SIZE, 150, &count),
                     ESP_LOADER_ERROR_TIMEOUT);
    assert_in_range(esp32_spi_ops.now_ms(&port.port) - start_ms, 150, 250);
    assert_int_equal(count, 2048);
    esp32_spi_ops.spi_set_cs(&port.port, 1);
    power_down();
}

TEST(delay_is_long_enough)
{
    (void)power_up("esp32c3");
    for (uint32_t ms = 0; ms < 35; ms++) {
        const uint32_t start_ms = esp32_spi_ops.now_ms(&port.port);
        esp32_spi_ops.delay_ms(&port.port, ms);
        assert_in_range(esp32_spi_ops.now_ms(&port.port) - start_ms, ms, ms + 11);
    }
    spi_rig_stop();
}

/* ---- what goes wrong ---- */

TEST(without_a_target_connecting_ends)
{
    esp_sim_t *sim = power_up("esp32c3");
    esp_sim_unplug(sim);
    assert_int_equal(connect(), ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(esp_loader_error_detail(&loader)->stage, ESP_LOADER_STAGE_SYNC);
    power_down();
}

TEST(failing_transfer_is_an_error_and_the_bus_is_free_again)
{
    for (unsigned n = 1; n <= TRANSFERS; n++) {
        (void)power_up("esp32c3");
        assert_int_equal(connect(), ESP_LOADER_SUCCESS);
        spi_rig_fail(n, n % 2 == 0 ? ESP_ERR_INVALID_STATE : ESP_ERR_NO_MEM);
        const esp_loader_error_t error = load(RAM, SIZE, 0);
        const unsigned transfers = spi_rig_seen()->transfers;
        assert_idle();
        spi_rig_fail(0, ESP_OK);
        if (error == ESP_LOADER_SUCCESS) {
            assert_in_range(transfers, 1, n); /* there were not that many */
        } else {
            assert_int_equal(error, ESP_LOADER_ERROR_IO);
        }
        assert_int_equal(esp_loader_connect(&loader, NULL), ESP_LOADER_SUCCESS);
        assert_int_equal(load(RAM, SIZE, 0), ESP_LOADER_SUCCESS);
        power_down();
    }
}

/* A load has four commands. */
TEST(faults_of_the_bus_end_and_success_means_loaded)
{
    static const struct {
        const char *script;
        unsigned most;
    } faults[] = {{"at transfer %u out: drop", 12},
                  {"at transfer %u in: drop", 12},
                  {"at command %u: stall", 4},
                  {"at command %u: reset", 4}};
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        for (unsigned n = 1; n <= faults[i].most; n++) {
            char script[64];
            char sentence[200] = "";
            esp_sim_t *sim = power_up("esp32c3");
            assert_int_equal(connect(), ESP_LOADER_SUCCESS);
            snprintf(script, sizeof(script), faults[i].script, n);
            assert_true(esp_sim_add_faults(sim, script, sentence, sizeof(sentence)));
            if (load(RAM, SIZE, 0) == ESP_LOADER_SUCCESS) {
                assert_true(is_loaded(sim, RAM, SIZE));
            }
            assert_int_equal(esp_loader_connect(&loader, NULL), ESP_LOADER_SUCCESS);
            assert_int_equal(load(RAM, SIZE, 0), ESP_LOADER_SUCCESS);
            assert_true(is_loaded(sim, RAM, SIZE));
            power_down();
        }
    }
}
