/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The SDIO port for ESP-IDF, unchanged, on a stand-in for its driver with a simulated chip as the card: flash through the
 * stub, RAM and registers through the ROM, pins, memory for DMA, timeouts, and what goes wrong on the bus.
 */
#include <stdio.h>
#include <string.h>

#include "esp_loader.h"
#include "esp_loader_plan.h"
#define ESP_LOADER_V1_KEEP_NAMES
#include "esp_loader_v1.h"
#include "fake_gpio.h"
#include "fake_sim_time.h"
#include "sdio_rig.h"
#include "test.h"

enum { RAM = 0x40810000, RAM_SIZE = 1000, FLASH_SIZE = 1 << 20, IMAGES = 2, LARGEST = 20000, TRANSFERS = 60 };

static esp_loader_t loader;
static esp32_sdio_port_t port;
static uint8_t content[LARGEST];

static esp_sim_t *power_up_with(const char *chip, const char *faults)
{
    esp_sim_t *sim = sdio_rig_start(&(esp_sim_config_t){.chip = chip,
                                                        .flash_size = FLASH_SIZE,
                                                        .wiring = ESP_SIM_WIRING_SDIO,
                                                        .timing = ESP_SIM_TIMING_FAST,
                                                        .accepts_any_stub = true,
                                                        .faults = faults});
    for (size_t i = 0; i < LARGEST; i++) {
        content[i] = (uint8_t)(i * 167 + (i >> 8) * 13 + 5);
    }
    memset(&port, 0, sizeof(port));
    port.port.ops = &esp32_sdio_ops;
    port.slot = SDMMC_HOST_SLOT_1;
    port.sdio_clk_pin = 14;
    port.sdio_cmd_pin = 15;
    port.sdio_d0_pin = 2;
    port.sdio_d1_pin = 4;
    port.sdio_d2_pin = 12;
    port.sdio_d3_pin = 13;
    port.reset_pin = SDIO_RIG_EN;
    port.boot_pin = SDIO_RIG_BOOT;
    return sim;
}

static esp_sim_t *power_up(void)
{
    return power_up_with("esp32c6", NULL);
}

static void power_down(void)
{
    esp_loader_deinit(&loader);
    assert_int_equal(sdio_rig_seen()->hosts, 0);
    sdio_rig_stop();
}

static void close_port(void)
{
    esp32_sdio_ops.deinit(&port.port);
    sdio_rig_stop();
}

static esp_loader_error_t connect(void)
{
    const esp_loader_error_t error = esp_loader_init_sdio(&loader, &port.port);
    return error == ESP_LOADER_SUCCESS ? esp_loader_connect(&loader, NULL) : error;
}

static esp_loader_error_t load(uint32_t entry)
{
    esp_loader_mem_cfg_t cfg = {.offset = RAM, .size = RAM_SIZE, .block_size = RAM_SIZE};
    RETURN_ON_ERROR(esp_loader_mem_start(&loader, &cfg));
    RETURN_ON_ERROR(esp_loader_mem_write(&loader, &cfg, content, RAM_SIZE));
    return esp_loader_mem_finish(&loader, &cfg, entry);
}

static bool is_loaded(esp_sim_t *sim)
{
    for (uint32_t i = 0; i < RAM_SIZE; i++) {
        if ((uint8_t)(esp_sim_peek(sim, RAM + i / 4 * 4) >> 8 * (i % 4)) != content[i]) {
            return false;
        }
    }
    return true;
}

/* A card whose function 1 is enabled. */
static void assert_ready(void)
{
    const uint8_t enable = 2;
    assert_int_equal(esp32_sdio_ops.init(&port.port), ESP_LOADER_SUCCESS);
    assert_int_equal(esp32_sdio_ops.enter_bootloader_checked(&port.port), ESP_LOADER_SUCCESS);
    assert_int_equal(esp32_sdio_ops.sdio_card_init(&port.port), ESP_LOADER_SUCCESS);
    assert_int_equal(esp32_sdio_ops.sdio_write(&port.port, 0, 2, &enable, 1, 0), ESP_LOADER_SUCCESS);
}

/* ---- what works ---- */

#ifndef ESP_LOADER_SMALL /* which has no stub */

static esp_loader_error_t flash(esp_loader_image_report_t *reports)
{
    static uint8_t buffer[2048];
    const esp_loader_plan_options_t options = {.buffer = buffer, .buffer_size = sizeof(buffer)};
    const esp_loader_image_t images[IMAGES] = {
        {.offset = 0x1000, .source = {esp_loader_read_memory, content, 3000}, .is_raw = true},
        {.offset = 0x10000, .source = {esp_loader_read_memory, content, LARGEST}, .is_raw = true}};
    RETURN_ON_ERROR(esp_loader_init_sdio(&loader, &port.port));
    RETURN_ON_ERROR(esp_loader_connect_with_stub(&loader, NULL));
    return esp_loader_plan_run(&loader, images, IMAGES, &options, reports);
}

/* What is reported as verified is in the flash. */
static unsigned verified(esp_sim_t *sim, const esp_loader_image_report_t *reports)
{
    static const uint32_t places[IMAGES] = {0x1000, 0x10000};
    static const uint32_t sizes[IMAGES] = {3000, LARGEST};
    unsigned count = 0;
    for (size_t i = 0; i < IMAGES; i++) {
        if (reports[i].result == ESP_LOADER_IMAGE_VERIFIED) {
            assert_memory_equal(esp_sim_flash(sim) + places[i], content, sizes[i]);
            count++;
        }
    }
    return count;
}

TEST(plans_flash_through_the_stub)
{
    static const char *const chips[] = {"esp32c6", "esp32c5"};
    for (size_t i = 0; i < sizeof(chips) / sizeof(chips[0]); i++) {
        esp_loader_image_report_t reports[IMAGES] = {{0}};
        esp_sim_t *sim = power_up_with(chips[i], NULL);
        assert_int_equal(flash(reports), ESP_LOADER_SUCCESS);
        assert_int_equal(verified(sim, reports), IMAGES);
        assert_string_equal(esp_sim_misuse(sim), "");
        assert_int_equal(sdio_rig_seen()->loader_resets, 1);
        assert_int_equal(esp_loader_reset_target_checked(&loader), ESP_LOADER_SUCCESS);
        assert_int_equal(sdio_rig_seen()->resets, 2);
        assert_int_equal(sdio_rig_seen()->loader_resets, 1);
        power_down();
    }
}

TEST(plans_end_whatever_goes_wrong_and_verified_is_in_the_flash)
{
    static const char *const faults[] = {
        "at transfer 100 out: drop",   "at transfer 300 in: drop",  "at transfer 150 out: corrupt",
        "at transfer 400 in: corrupt", "at byte 9000 out: corrupt", "at byte 3000 in: corrupt",
        "at command 12: stall",
    };
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        esp_loader_image_report_t reports[IMAGES] = {{0}};
        esp_sim_t *sim = power_up_with("esp32c6", faults[i]);
        const esp_loader_error_t error = flash(reports);
        const unsigned count = verified(sim, reports);
        assert_true(error != ESP_LOADER_SUCCESS || count == IMAGES);
        power_down();
    }
}

/* One end of a command after the other is not told to the driver. */
TEST(lost_events_end_in_time)
{
    for (unsigned n = 40; n <= 400; n += 60) {
        esp_loader_image_report_t reports[IMAGES] = {{0}};
        esp_sim_t *sim = power_up();
        sdio_rig_lose_event(n);
        const esp_loader_error_t error = flash(reports);
        assert_in_range(esp_sim_now_us(sim), 0, 30000000);
        const unsigned count = verified(sim, reports);
        assert_true(error != ESP_LOADER_SUCCESS || count == IMAGES);
        power_down();
    }
}

#endif

TEST(rom_loads_ram_and_registers)
{
    static const struct {
        const char *name;
        target_chip_t chip;
    } chips[] = {{"esp32c6", ESP32C6_CHIP}, {"esp32c61", ESP32C61_CHIP}, {"esp32c5", ESP32C5_CHIP}};
    for (size_t i = 0; i < sizeof(chips) / sizeof(chips[0]); i++) {
        esp_sim_t *sim = power_up_with(chips[i].name, NULL);
        assert_int_equal(connect(), ESP_LOADER_SUCCESS);
        assert_int_equal(esp_loader_get_target(&loader), chips[i].chip);
        assert_int_equal(esp_loader_write_register(&loader, RAM, 0xC0FFEE), ESP_LOADER_SUCCESS);
        assert_int_equal(esp_sim_peek(sim, RAM), 0xC0FFEE);
        assert_int_equal(load(RAM), ESP_LOADER_SUCCESS);
        assert_true(is_loaded(sim));
        fake_sim_time_pass_us(10000);
        assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_RAM_CODE);
        assert_string_equal(esp_sim_misuse(sim), "");
        power_down();
    }
}

TEST(width_and_clock_are_those_of_the_configuration)
{
    (void)power_up();
    assert_ready();
    assert_int_equal(sdio_rig_seen()->width, 4);
    assert_int_equal(sdio_rig_seen()->max_freq_khz, 20000);
    port.bus_width = SDIO_1BIT;
    port.max_freq_khz = 400;
    assert_ready(); /* again */
    assert_int_equal(sdio_rig_seen()->width, 1);
    assert_int_equal(sdio_rig_seen()->max_freq_khz, 400);
    esp32_sdio_ops.deinit(&port.port);
    esp32_sdio_ops.deinit(&port.port);
    power_down();
}

/* A pin that is not connected is 255 there. */
TEST(one_port_in_the_form_of_1_x)
{
    esp_sim_t *sim = power_up();
    loader_esp32_sdio_config_t config = {.slot = SDMMC_HOST_SLOT_1,
                                         .sdio_clk_pin = 14,
                                         .sdio_cmd_pin = 15,
                                         .sdio_d0_pin = 2,
                                         .sdio_d1_pin = 4,
                                         .sdio_d2_pin = 12,
                                         .sdio_d3_pin = 13,
                                         .reset_trigger_pin = SDIO_RIG_EN,
                                         .boot_pin = SDIO_RIG_BOOT};
    assert_int_equal(loader_port_esp32_sdio_init(NULL), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(loader_port_esp32_sdio_wait_int(10), ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(loader_port_esp32_sdio_init(&config), ESP_LOADER_SUCCESS);
    assert_int_equal(loader_port_esp32_sdio_init(&config), ESP_LOADER_SUCCESS); /* again */
    assert_int_equal(esp_loader_v1_connect(NULL), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_v1_get_target(), ESP32C6_CHIP);
    assert_int_equal(esp_loader_v1_write_register(RAM, 0x12345678), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_sim_peek(sim, RAM), 0x12345678);
    assert_int_equal(loader_port_esp32_sdio_wait_int(10), ESP_LOADER_ERROR_TIMEOUT);
    config.reset_trigger_pin = UINT8_MAX;
    config.boot_pin = UINT8_MAX;
    assert_int_equal(loader_port_esp32_sdio_init(&config), ESP_LOADER_SUCCESS);
    esp_loader_v1_reset_target();
    assert_int_equal(sdio_rig_seen()->resets, 1); /* by connecting */
    loader_port_esp32_sdio_deinit();
    assert_int_equal(sdio_rig_seen()->hosts, 0);
    sdio_rig_stop();
}

/* ---- pins ---- */

TEST(init_pulls_nothing_low_and_deinit_lets_go)
{
    (void)power_up();
    assert_int_equal(esp32_sdio_ops.init(&port.port), ESP_LOADER_SUCCESS);
    assert_true(fake_gpio_is_output(SDIO_RIG_EN) && fake_gpio_is_output(SDIO_RIG_BOOT));
    assert_false(fake_gpio_is_push_pull(SDIO_RIG_EN) || fake_gpio_is_push_pull(SDIO_RIG_BOOT));
    esp32_sdio_ops.deinit(&port.port);
    assert_false(fake_gpio_is_output(SDIO_RIG_EN) || fake_gpio_is_output(SDIO_RIG_BOOT));
    assert_false(sdio_rig_seen()->has_pulled_low);
    sdio_rig_stop();
}

TEST(without_pins_the_target_is_reset_by_hand)
{
    (void)power_up();
    port.reset_pin = GPIO_NUM_NC;
    port.boot_pin = GPIO_NUM_NC;
    assert_int_equal(esp32_sdio_ops.init(&port.port), ESP_LOADER_SUCCESS);
    assert_int_equal(esp32_sdio_ops.enter_bootloader_checked(&port.port), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(esp32_sdio_ops.reset_checked(&port.port), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    close_port();
}

/* ---- init ---- */

TEST(errors_of_init)
{
    (void)power_up();
    port.slot = 2;
    assert_int_equal(esp32_sdio_ops.init(&port.port), ESP_LOADER_ERROR_INVALID_PARAM);
    (void)power_up();
    port.reset_pin = GPIO_NUM_MAX;
    assert_int_equal(esp32_sdio_ops.init(&port.port), ESP_LOADER_ERROR_INVALID_PARAM);
    (void)power_up();
    port.sdio_cmd_pin = GPIO_NUM_MAX;
    assert_int_equal(esp32_sdio_ops.init(&port.port), ESP_LOADER_ERROR_INVALID_PARAM);
    port.sdio_cmd_pin = 15;
    assert_int_equal(esp32_sdio_ops.init(&port.port), ESP_LOADER_SUCCESS); /* after that one */
    esp32_sdio_ops.deinit(&port.port);
    assert_int_equal(sdio_rig_seen()->hosts, 0);
    sdio_rig_stop();
}

/* An SD card at the other slot is not disturbed; the host of 4.4 is one for both. */
TEST(host_of_the_application_stays)
{
    const sdmmc_slot_config_t slot = SDMMC_SLOT_CONFIG_DEFAULT();
    (void)power_up();
    assert_int_equal(sdmmc_host_init(), ESP_OK);
    assert_int_equal(sdmmc_host_init_slot(SDMMC_HOST_SLOT_0, &slot), ESP_OK);
#ifdef IDF_HOST_OLD_SDMMC_DRIVER
    assert_int_equal(esp32_sdio_ops.init(&port.port), ESP_LOADER_ERROR_PORT_BUSY);
#else
    assert_int_equal(esp32_sdio_ops.init(&port.port), ESP_LOADER_SUCCESS);
    esp32_sdio_ops.deinit(&port.port);
#endif
    assert_int_equal(sdio_rig_seen()->hosts, 1);
    const sdmmc_slot_config_t wide = {.cd = GPIO_NUM_NC, .wp = GPIO_NUM_NC, .width = 4};
    assert_int_equal(sdmmc_host_init_slot(SDMMC_HOST_SLOT_1, &wide), ESP_OK);
    port.dont_initialize_host_driver = true;
    assert_ready();
    esp32_sdio_ops.deinit(&port.port);
    assert_int_equal(sdio_rig_seen()->hosts, 1);
    sdio_rig_stop();
}

TEST(port_without_a_card_says_so)
{
    uint8_t byte = 0;
    (void)power_up();
    assert_int_equal(esp32_sdio_ops.sdio_card_init(&port.port), ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(esp32_sdio_ops.init(&port.port), ESP_LOADER_SUCCESS);
    assert_int_equal(esp32_sdio_ops.sdio_read(&port.port, 1, 0x44, &byte, 1, 100),
                     ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(esp32_sdio_ops.sdio_card_init(&port.port),
                     ESP_LOADER_ERROR_TIMEOUT); /* its application runs */
    assert_int_equal(esp32_sdio_ops.sdio_write(&port.port, 1, 0x44, &byte, 1, 100),
                     ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(loader_port_wait_int(&port, 100), ESP_LOADER_ERROR_DISCONNECTED);
    assert_ready();
    assert_int_equal(esp32_sdio_ops.sdio_read(&port.port, 1, 0x44, &byte, 0, 100),
                     ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp32_sdio_ops.sdio_read(&port.port, 1, 0x44, &byte, 513, 100),
                     ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp32_sdio_ops.reset_checked(&port.port),
                     ESP_LOADER_SUCCESS); /* which takes the card away */
    assert_int_equal(esp32_sdio_ops.sdio_read(&port.port, 1, 0x44, &byte, 1, 100),
                     ESP_LOADER_ERROR_DISCONNECTED);
    close_port();
}

TEST(memory_card_is_refused)
{
    (void)power_up();
    sdio_rig_make_memory();
    assert_int_equal(connect(), ESP_LOADER_ERROR_INVALID_RESPONSE);
    power_down();
}

/* ---- memory and time ---- */

/* Card registers of function 0 and 1, into memory of any alignment: not a byte more. */
TEST(read_writes_nothing_else)
{
    uint8_t buf[24];
    (void)power_up();
    assert_ready();
    for (uint32_t function = 0; function < 2; function++) {
        for (uint16_t size = 1; size <= (function == 0 ? 3 : 9); size++) {
            for (size_t at = 0; at < 4; at++) {
                memset(buf, 0xA5, sizeof(buf));
                assert_int_equal(esp32_sdio_ops.sdio_read(&port.port, function, 0x40, buf + at, size, 100),
                                 ESP_LOADER_SUCCESS);
                for (size_t i = 0; i < sizeof(buf); i++) {
                    assert_true((i >= at && i < at + size) || buf[i] == 0xA5);
                    assert_true(i < at || i >= at + size || buf[i] != 0xCC);
                }
            }
        }
    }
#ifdef CONFIG_IDF_TARGET_ESP32P4
    assert_true(sdio_rig_seen()->copies > 0);
#else
    assert_int_equal(sdio_rig_seen()->copies, 0);
#endif
    close_port();
}

TEST(port_that_dma_does_not_reach_is_an_error_of_its_own)
{
    (void)power_up();
    sdio_rig_make_unreachable();
    assert_int_equal(connect(), ESP_LOADER_ERROR_INVALID_PARAM);
    power_down();
}

/* A tick is 10 ms: the driver rounds down, and the first tick may be over at once. */
TEST(short_timeouts_are_no_failures)
{
    uint8_t word[4];
    (void)power_up();
    assert_ready();
    for (unsigned i = 0; i < 6000; i++) {
        assert_int_equal(esp32_sdio_ops.sdio_read(&port.port, 1, 0x44, word, 4, i % 2 * (i % 12)),
                         ESP_LOADER_SUCCESS);
        fake_sim_time_pass_us(7);
    }
    close_port();
}

/* Two commands, of which the second never ends: what is left of the timeout, not all of it. */
TEST(timeout_covers_a_call_and_is_not_begun_again)
{
    uint8_t bytes[7];
    (void)power_up();
    assert_ready();
    sdio_rig_be_late(60000);
    for (unsigned n = 1; n <= 2; n++) {
        sdio_rig_lose_event(n);
        const uint32_t start_ms = esp32_sdio_ops.now_ms(&port.port);
        assert_int_equal(esp32_sdio_ops.sdio_read(&port.port, 1, 0x44, bytes, 7, 100),
                         ESP_LOADER_ERROR_TIMEOUT);
        assert_in_range(esp32_sdio_ops.now_ms(&port.port) - start_ms, 100, 121);
    }
    sdio_rig_be_late(0);
    close_port();
}

TEST(interrupt_of_the_card_is_waited_for)
{
    (void)power_up();
    assert_ready();
    assert_int_equal(loader_port_wait_int(&port, 0), ESP_LOADER_ERROR_TIMEOUT);
    for (unsigned i = 0; i < 9; i++) { /* at every moment of a tick */
        fake_sim_time_pass_us(1100 * i);
        const uint32_t begin_ms = esp32_sdio_ops.now_ms(&port.port);
        assert_int_equal(loader_port_wait_int(&port, 5), ESP_LOADER_ERROR_TIMEOUT);
        assert_in_range(esp32_sdio_ops.now_ms(&port.port) - begin_ms, 5, 21);
    }
    sdio_rig_interrupt_after(25000);
    const uint32_t start_ms = esp32_sdio_ops.now_ms(&port.port);
    assert_int_equal(loader_port_wait_int(&port, 100), ESP_LOADER_SUCCESS);
    assert_in_range(esp32_sdio_ops.now_ms(&port.port) - start_ms, 25, 26);
    assert_int_equal(loader_port_wait_int(&port, 0), ESP_LOADER_SUCCESS); /* the line is still low */
    close_port();
}

/* ---- what goes wrong ---- */

TEST(without_a_card_connecting_ends)
{
    (void)power_up_with("esp32c6", "sdio absent");
    assert_int_equal(connect(), ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(esp_loader_error_detail(&loader)->stage, ESP_LOADER_STAGE_SYNC);
    power_down();
}

TEST(card_that_is_removed_is_a_timeout_and_comes_back)
{
    esp_sim_t *sim = power_up();
    assert_int_equal(connect(), ESP_LOADER_SUCCESS);
    esp_sim_unplug(sim);
    assert_int_equal(load(0), ESP_LOADER_ERROR_TIMEOUT);
    esp_sim_plug(sim, false);
    assert_int_equal(esp_loader_connect(&loader, NULL), ESP_LOADER_SUCCESS);
    assert_int_equal(load(0), ESP_LOADER_SUCCESS);
    assert_true(is_loaded(sim));
    power_down();
}

TEST(wrong_checksum_is_not_taken_for_data)
{
    uint8_t word[4];
    char sentence[200] = "";
    esp_sim_t *sim = power_up();
    assert_ready();
    assert_true(esp_sim_add_faults(sim, "at transfer 1 in: corrupt", sentence, sizeof(sentence)));
    assert_int_equal(esp32_sdio_ops.sdio_read(&port.port, 1, 0x44, word, 4, 100), ESP_LOADER_ERROR_IO);
    assert_int_equal(esp32_sdio_ops.sdio_read(&port.port, 1, 0x44, word, 4, 100), ESP_LOADER_SUCCESS);
    close_port();
}

/* Each command of a load in turn is lost by the bus, damaged, or done without the driver being told. */
TEST(faults_end_and_success_means_loaded)
{
    static const char *const faults[] = {"at transfer %u out: drop", "at transfer %u in: drop",
                                         "at transfer %u out: corrupt", "at transfer %u in: corrupt", NULL};
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        for (unsigned n = 1; n <= TRANSFERS; n += 4) {
            char script[64];
            char sentence[200] = "";
            esp_sim_t *sim = power_up();
            assert_int_equal(connect(), ESP_LOADER_SUCCESS);
            if (faults[i] == NULL) {
                sdio_rig_lose_event(n);
            } else {
                snprintf(script, sizeof(script), faults[i], n);
                assert_true(esp_sim_add_faults(sim, script, sentence, sizeof(sentence)));
            }
            if (load(0) == ESP_LOADER_SUCCESS) {
                assert_true(is_loaded(sim));
            }
            power_down();
        }
    }
}
