/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The rate that looks after itself: on cables that damage and lose bytes above a rate, on bridges that refuse one
 * or make another, in both directions, with ROM and stub. Wherever it ends, the target can be used.
 */
#include <stdio.h>
#include <string.h>

#include "bench.h"
#include "esp_loader_rate.h"
#include "test.h"

enum { MAX_TRIALS = 12 };

typedef struct {
    bench_t bench;
    esp_loader_rate_options_t options;
    esp_loader_rate_trial_t trials[MAX_TRIALS];
    size_t count;
} rate_t;

static void note(void *ctx, const esp_loader_rate_trial_t *trial)
{
    rate_t *rate = ctx;
    print_message("  %u: result %d, %u of %u, reset %d, %u ms\n", (unsigned)trial->rate_baud, trial->result,
                  trial->errors, trial->questions, trial->was_reset, (unsigned)trial->time_ms);
    assert_true(rate->count < MAX_TRIALS);
    rate->trials[rate->count++] = *trial;
}

static void start_chip(rate_t *rate, const char *chip, int loader, const char *faults)
{
    print_message("%s, %s, %s\n", chip, loader == ROM ? "ROM" : "stub",
                  faults != NULL ? faults : "good cable");
    memset(rate, 0, sizeof(*rate));
    rate->bench.config = (esp_sim_config_t){.chip = chip,
                                            .wiring = ESP_SIM_WIRING_BRIDGE,
                                            .flash_size = 4u << 20,
                                            .accepts_any_stub = true,
                                            .faults = faults};
    rate->options = (esp_loader_rate_options_t){.highest_baud = 3000000, .on_trial = note, .ctx = rate};
    rate->bench.target_loader = loader;
    bench_open(&rate->bench);
    assert_success(bench_try_connect(&rate->bench));
    bench_fill(esp_sim_flash(rate->bench.sim), 64u << 10, 3);
}

static void start(rate_t *rate, int loader, const char *faults)
{
    start_chip(rate, "esp32s3", loader, faults);
}

static void use_the_line(rate_t *rate)
{
    static uint8_t data[20000];
    bench_fill(data, sizeof(data), 7);
    assert_success(bench_flash(&rate->bench, 0x20000, data, sizeof(data), false));
    assert_memory_equal(esp_sim_flash(rate->bench.sim) + 0x20000, data, sizeof(data));
}

static void raise_to(rate_t *rate, uint32_t expected_baud)
{
    uint32_t baud = 0;
    rate->count = 0;
    assert_success(esp_loader_raise_rate(&rate->bench.loader, &rate->options, &baud));
    assert_int_equal(baud, expected_baud);
    assert_int_equal(esp_loader_get_rate(&rate->bench.loader), expected_baud);
}

static void end(rate_t *rate)
{
    use_the_line(rate);
    rate->bench.expects_misuse = true;
    bench_close(&rate->bench);
}

TEST(good_cable_carries_the_highest_rate_that_is_allowed)
{
    static const uint32_t limits[] = {3000000, 2500000, 2000000, 921600, 300000};
    static const uint32_t expected[] = {3000000, 2000000, 2000000, 921600, 230400};
    for (int loader = 0; loader < LOADER_COUNT; loader++) {
        for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
            rate_t rate;
            start(&rate, loader, NULL);
            rate.options.highest_baud = limits[i];
            uint64_t started_us = esp_sim_now_us(rate.bench.sim);
            raise_to(&rate, expected[i]);
            assert_in_range(esp_sim_now_us(rate.bench.sim) - started_us, 0, 600000);
            assert_int_equal(rate.count, 1);
            assert_int_equal(rate.trials[0].result, ESP_LOADER_RATE_GOOD);
            assert_int_equal(rate.trials[0].errors, 0);
            assert_in_range(rate.trials[0].questions, 16, 40);
            use_the_line(&rate);
            bench_close(&rate.bench); /* nothing that a loader would be right to complain of */
        }
    }
}

/* Single bits, whole bytes; one direction, both. */
TEST(cable_that_damages_above_a_rate_is_used_below_it)
{
    static const char *const faults[] = {
        "cable above 921600: flip 1 in 500",
        "cable above 921600 in: flip 1 in 300",
        "cable above 921600 out: flip 1 in 100",
        "cable above 921600: lose 1 in 200",
        "cable above 921600: flip 1 in 10",
        "cable above 921600 in: lose 1 in 3",
        "cable above 921600: flip 1 in 2; cable above 1500000: flip 1 in 1",
    };
    for (int loader = 0; loader < LOADER_COUNT; loader++) {
        for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
            rate_t rate;
            start(&rate, loader, faults[i]);
            raise_to(&rate, 921600);
            assert_int_not_equal(rate.trials[0].result, ESP_LOADER_RATE_GOOD);
            end(&rate);
        }
    }
}

/* The command that changes it is lost, or its answer: it is said again. Where a stub lost the command, the greetings at
 * the new rate may have been commands to it, so that it is reset. */
TEST(rate_is_told_again_where_the_first_time_is_lost)
{
    static const struct {
        int loader;
        const char *faults;
    } cases[] = {{ROM, "at command 1 of 0x0F: drop"},
                 {ROM, "at command 1 of 0x0F: drop; at command 2 of 0x0F: drop"},
                 {ROM, "at reply 1 of 0x0F: drop"},
                 {STUB, "at reply 1 of 0x0F: drop"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]) && cases[i].loader < LOADER_COUNT; i++) {
        rate_t rate;
        start(&rate, cases[i].loader, cases[i].faults);
        raise_to(&rate, 3000000);
        end(&rate);
    }
}

TEST(no_rate_carries_and_the_target_stays_where_it_was)
{
    static const char *const faults[] = {"cable above 115200: flip 1 in 20", "bridge above 115200: refuse",
                                         "bridge above 115200: make 115200"};
    for (int loader = 0; loader < LOADER_COUNT; loader++) {
        for (size_t i = 0; i < 3; i++) {
            rate_t rate;
            start(&rate, loader, faults[i]);
            raise_to(&rate, 115200);
            end(&rate);
        }
    }
}

TEST(rate_that_the_port_refuses_is_passed_over_without_a_word_to_the_target)
{
    for (int loader = 0; loader < LOADER_COUNT; loader++) {
        rate_t rate;
        start(&rate, loader, "bridge above 1500000: refuse");
        raise_to(&rate, 1500000);
        assert_int_equal(rate.count, 3);
        assert_int_equal(rate.trials[0].result, ESP_LOADER_RATE_REFUSED);
        assert_int_equal(rate.trials[0].questions, 0);
        assert_int_equal(rate.trials[1].result, ESP_LOADER_RATE_REFUSED);
        assert_int_equal(rate.trials[2].result, ESP_LOADER_RATE_GOOD);
        end(&rate);
    }
}

/* The target is gone to a rate at which the host cannot follow: a reset brings it back. */
TEST(bridge_that_makes_another_rate_without_a_word_costs_a_reset)
{
    for (int loader = 0; loader < LOADER_COUNT; loader++) {
        rate_t rate;
        start(&rate, loader, "bridge above 921600: make 921600");
        raise_to(&rate, 921600);
        assert_int_equal(rate.count, 2);
        assert_int_equal(rate.trials[0].result, ESP_LOADER_RATE_SILENT);
        assert_true(rate.trials[0].was_reset);
        assert_int_equal(rate.trials[1].result, ESP_LOADER_RATE_GOOD);
        assert_int_equal(esp_loader_stub_is_running(&rate.bench.loader), loader == STUB);
        end(&rate);
    }
}

/* The rate before was bad: the target may have missed this one, and is told again after a reset. */
TEST(rate_that_the_target_missed_costs_a_reset_and_is_told_again)
{
    rate_t rate;
    start(&rate, 0,
          "cable above 2000000: flip 1 in 300; at command 2 of 0x0F: drop; at command 3 of 0x0F: drop;"
          "at command 4 of 0x0F: drop; at command 5 of 0x0F: drop; at command 6 of 0x0F: drop");
    raise_to(&rate, 2000000);
    assert_int_equal(rate.count, 2);
    assert_int_not_equal(rate.trials[0].result, ESP_LOADER_RATE_GOOD);
    assert_int_equal(rate.trials[1].result, ESP_LOADER_RATE_GOOD);
    assert_true(rate.trials[1].was_reset);
    end(&rate);
}

TEST(stated_flash_size_survives_a_reset_on_the_way)
{
    rate_t rate;
    uint8_t md5[ESP_LOADER_MD5_SIZE];
    start(&rate, LOADER_COUNT - 1, "bridge above 921600: make 921600");
    assert_success(esp_loader_flash_set_size(&rate.bench.loader, 1u << 20));
    raise_to(&rate, 921600);
    assert_int_equal(esp_loader_flash_md5(&rate.bench.loader, 1u << 20, 4096, md5),
                     ESP_LOADER_ERROR_IMAGE_SIZE);
    end(&rate);
}

/* One question that goes wrong is no verdict; the rate is asked once more. */
TEST(single_error_does_not_cost_the_rate)
{
    for (int loader = 0; loader < LOADER_COUNT; loader++) {
        for (unsigned n = 2; n < 14; n += 3) {
            rate_t rate;
            char script[64];
            snprintf(script, sizeof(script), "at reply %u of 0x13: %s", n, n % 2 != 0 ? "drop" : "corrupt");
            start(&rate, loader, NULL);
            bench_faults(&rate.bench, script);
            raise_to(&rate, 3000000);
            assert_int_equal(rate.count, 1);
            assert_int_equal(rate.trials[0].errors, 1);
            end(&rate);
        }
    }
}

/* What worked the last time is tried first, and costs little when it does not any more. */
TEST(first_rate_is_tried_before_all_others_and_only_lower_ones_after_it)
{
    for (int loader = 0; loader < LOADER_COUNT; loader++) {
        rate_t rate;
        start(&rate, loader, NULL);
        rate.options.first_baud = 1200000;
        raise_to(&rate, 1200000);
        assert_int_equal(rate.count, 1);
        end(&rate);

        start(&rate, loader, "cable above 1000000: flip 1 in 300");
        rate.options.first_baud = 2000000;
        raise_to(&rate, 921600);
        assert_int_equal(rate.trials[0].rate_baud, 2000000);
        assert_in_range(rate.trials[0].time_ms, 0, 300);
        end(&rate);
    }
}

static uint32_t port_baud;

static uint32_t max_rate(esp_loader_port_t *port)
{
    (void)port;
    return port_baud;
}

TEST(limits_come_from_caller_and_port_and_are_cautious_where_nobody_knows)
{
    static const struct {
        uint32_t asked, port, expected;
        esp_sim_wiring_t wiring;
    } cases[] = {{0, 0, 921600, ESP_SIM_WIRING_BRIDGE},
                 {0, 2000000, 2000000, ESP_SIM_WIRING_BRIDGE},
                 {1500000, 2000000, 1500000, ESP_SIM_WIRING_BRIDGE},
                 {3000000, 460800, 460800, ESP_SIM_WIRING_BRIDGE},
                 {0, 0, 460800, ESP_SIM_WIRING_NONE},
                 {0, 3000000, 3000000, ESP_SIM_WIRING_NONE}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        bench_t b = {.config = {.wiring = cases[i].wiring, .start_in_download = true}};
        esp_loader_rate_options_t options = {.highest_baud = cases[i].asked};
        uint32_t baud = 0;
        bench_connect(&b);
        port_baud = cases[i].port;
        b.port.base.ops.max_rate = max_rate;
        assert_success(esp_loader_raise_rate(&b.loader, &options, &baud));
        assert_int_equal(baud, cases[i].expected);
        bench_close(&b);
    }
}

TEST(list_of_the_caller_is_the_one_that_is_used)
{
    static const uint32_t rates[] = {1000000, 500000};
    rate_t rate;
    start(&rate, ROM, "cable above 600000: flip 1 in 50");
    rate.options.rates_baud = rates;
    rate.options.rate_count = 2;
    raise_to(&rate, 500000);
    end(&rate);
}

TEST(rate_that_is_set_is_not_tried)
{
    static const uint32_t rates[] = {115200};
    rate_t rate;
    start(&rate, ROM, NULL);
    rate.options.rates_baud = rates;
    rate.options.rate_count = 1;
    raise_to(&rate, 115200);
    assert_int_equal(rate.count, 0);
    end(&rate);
}

TEST(where_there_is_no_rate_or_nothing_to_judge_by_it_stays)
{
    uint32_t baud = 0;
    bench_t usb = {.config = {.wiring = ESP_SIM_WIRING_USJ}};
    bench_connect(&usb);
    uint64_t commands = esp_sim_stats(usb.sim)->commands;
    assert_success(esp_loader_raise_rate(&usb.loader, NULL, &baud));
    assert_int_equal(baud, 115200);
    assert_int_equal(esp_sim_stats(usb.sim)->commands, commands);
    assert_int_equal(esp_loader_lower_rate(&usb.loader, NULL, NULL), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    bench_close(&usb);

    bench_t old = {.config = {.chip = "esp8266", .wiring = ESP_SIM_WIRING_BRIDGE}};
    bench_connect(&old);
    assert_success(esp_loader_raise_rate(&old.loader, NULL, &baud));
    assert_int_equal(baud, 115200);
    bench_close(&old);

    bench_t secure = {
        .config = {.chip = "esp32c3", .wiring = ESP_SIM_WIRING_BRIDGE, .is_secure_download = true}};
    bench_open(&secure);
    assert_success(esp_loader_connect_secure_download_mode(&secure.loader, NULL, 4u << 20));
    assert_success(esp_loader_raise_rate(&secure.loader, NULL, &baud));
    assert_int_equal(baud, 115200);
    bench_close(&secure);
}

/* ROMs that are wrong about their crystal, and the stub that takes its rate for another one. */
TEST(every_chip_finds_its_rate_and_the_way_down_from_it)
{
    static const struct {
        const char *chip;
        uint32_t crystal_mhz, rom_crystal_khz;
    } boards[] = {{"esp32", 40, 38000}, {"esp32", 26, 29800}, {"esp32c2", 26, 0}, {"esp32c5", 48, 40000},
                  {"esp32s2", 40, 0},   {"esp32c3", 40, 0},   {"esp32c6", 40, 0}, {"esp32c61", 40, 0},
                  {"esp32h2", 32, 0},   {"esp32p4", 40, 0},   {"esp8266", 26, 0}, {"esp32s31", 40, 0},
                  {"esp32h21", 32, 0},  {"esp32h4", 32, 0}};
    for (size_t i = 0; i < sizeof(boards) / sizeof(boards[0]); i++) {
        for (int loader = strcmp(boards[i].chip, "esp8266") == 0 ? STUB : ROM; loader < LOADER_COUNT;
             loader++) {
            rate_t rate;
            char error[100];
            start_chip(&rate, boards[i].chip, loader, NULL);
            esp_loader_deinit(&rate.bench.loader);
            esp_sim_free(rate.bench.sim);
            rate.bench.config.crystal_mhz = boards[i].crystal_mhz;
            rate.bench.config.rom_crystal_khz = boards[i].rom_crystal_khz;
            bench_open(&rate.bench);
            assert_success(bench_try_connect(&rate.bench));
            raise_to(&rate, 3000000);
            assert_true(
                esp_sim_add_faults(rate.bench.sim, "cable above 500000: flip 1 in 50", error, sizeof(error)));
            uint32_t baud = 0;
            assert_success(esp_loader_lower_rate(&rate.bench.loader, &rate.options, &baud));
            assert_int_equal(baud, 460800);
            end(&rate);
        }
    }
}

/* ---- down ---- */

TEST(lower_rate_is_found_from_one_that_has_become_bad)
{
    static const char *const faults[] = {
        "cable above 921600: flip 1 in 100", "cable above 921600: flip 1 in 8",
        "cable above 921600 out: lose 1 in 30", "cable above 921600: flip 1 in 1"};
    for (int loader = 0; loader < LOADER_COUNT; loader++) {
        for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
            rate_t rate;
            uint32_t baud = 0;
            start(&rate, loader, NULL);
            raise_to(&rate, 3000000);
            print_message(" %s\n", faults[i]);
            bench_faults(&rate.bench, faults[i]);
            rate.count = 0;
            assert_success(esp_loader_lower_rate(&rate.bench.loader, &rate.options, &baud));
            assert_int_equal(baud, 921600);
            end(&rate);
        }
    }
}

TEST(lowest_rate_is_115200_and_below_it_there_is_none)
{
    for (int loader = 0; loader < LOADER_COUNT; loader++) {
        rate_t rate;
        uint32_t baud = 0;
        start(&rate, loader, NULL);
        rate.options.highest_baud = 230400;
        raise_to(&rate, 230400);
        assert_success(esp_loader_lower_rate(&rate.bench.loader, &rate.options, &baud));
        assert_int_equal(baud, 115200);
        assert_int_equal(esp_loader_lower_rate(&rate.bench.loader, &rate.options, &baud),
                         ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
        assert_int_equal(bench_cause(&rate.bench), ESP_LOADER_ERROR_RATE);
        assert_int_equal(esp_loader_error_detail(&rate.bench.loader)->value, 115200);
        end(&rate);
    }
}

/* Neither to be heard nor to be reset. */
TEST(target_that_is_lost_for_good_is_an_error)
{
    for (int up = 0; up < 2; up++) {
        rate_t rate;
        start(&rate, ROM, NULL);
        if (up == 0) {
            raise_to(&rate, 2000000 + 1000000);
        }
        uint8_t md5[ESP_LOADER_MD5_SIZE];
        assert_success(esp_loader_flash_md5(&rate.bench.loader, 0, 4096, md5));
        bench_faults(&rate.bench, up == 0 ? "from command 1: drop"
                                          : "bridge above 921600: make 921600; sync ignore 100000");
        assert_int_equal(up == 0 ? esp_loader_lower_rate(&rate.bench.loader, &rate.options, NULL)
                                 : esp_loader_raise_rate(&rate.bench.loader, &rate.options, NULL),
                         ESP_LOADER_ERROR_TIMEOUT);
        assert_int_equal(bench_cause(&rate.bench), ESP_LOADER_ERROR_RATE);
        assert_int_equal(esp_loader_error_detail(&rate.bench.loader)->stage, ESP_LOADER_STAGE_RATE);
        rate.bench.expects_misuse = true;
        bench_close(&rate.bench);
    }
}

/* ---- the port ---- */

static unsigned calls_that_work;
static esp_loader_error_t (*real_set_rate)(esp_loader_port_t *port, uint32_t rate);

static esp_loader_error_t set_rate_a_few_times(esp_loader_port_t *port, uint32_t rate)
{
    if (calls_that_work == 0) {
        return ESP_LOADER_ERROR_IO;
    }
    calls_that_work--;
    return real_set_rate(port, rate);
}

TEST(port_that_fails_anywhere_is_an_error_of_the_port)
{
    for (unsigned works = 0; works < 3; works++) {
        rate_t rate;
        start(&rate, ROM, NULL);
        real_set_rate = rate.bench.port.base.ops.set_rate;
        rate.bench.port.base.ops.set_rate = set_rate_a_few_times;
        calls_that_work = works;
        assert_int_equal(esp_loader_raise_rate(&rate.bench.loader, &rate.options, NULL), ESP_LOADER_ERROR_IO);
        assert_int_equal(bench_cause(&rate.bench), ESP_LOADER_ERROR_IO);
        assert_int_equal(esp_loader_error_detail(&rate.bench.loader)->stage, ESP_LOADER_STAGE_RATE);
        rate.bench.expects_misuse = true;
        bench_close(&rate.bench);
    }
}

TEST(cable_that_is_pulled_while_a_rate_is_judged_is_a_lost_connection)
{
    for (unsigned n = 1; n < 20; n += 4) {
        rate_t rate;
        char script[60];
        start(&rate, LOADER_COUNT - 1, NULL);
        snprintf(script, sizeof(script), "at command %u: disconnect", n);
        bench_faults(&rate.bench, script);
        esp_loader_error_t err = esp_loader_raise_rate(&rate.bench.loader, &rate.options, NULL);
        if (err == ESP_LOADER_SUCCESS) { /* when the flash was attached */
            uint8_t mac[6];
            err = esp_loader_read_mac(&rate.bench.loader, mac);
        }
        assert_int_equal(err, ESP_LOADER_ERROR_DISCONNECTED);
        rate.bench.expects_misuse = true;
        bench_close(&rate.bench);
    }
}
