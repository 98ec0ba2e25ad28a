/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Changing the rate of chips whose ROM is wrong about its crystal. The simulated ROM computes its divider
 * from what it believes, so a correction that is wrong by more than 3 % leaves nothing but garbage on the
 * wire.
 */
#include <string.h>

#include "bench.h"
#include "test.h"

static const struct {
    const char *chip;
    uint32_t crystal_mhz, rom_crystal_khz;
} boards[] = {
    {"esp32", 40, 0},       {"esp32", 40, 34500}, {"esp32", 40, 38000},   {"esp32", 40, 45900},
    {"esp32", 26, 0},       {"esp32", 26, 22200}, {"esp32", 26, 29800},   {"esp32c2", 40, 0},
    {"esp32c2", 26, 0},     {"esp32c5", 48, 0},   {"esp32c5", 48, 40000}, {"esp32c5", 40, 0},
    {"esp32c5", 40, 48000}, {"esp32s2", 40, 0},   {"esp32s3", 40, 0},     {"esp32c3", 40, 0},
    {"esp32c6", 40, 0},     {"esp32c61", 40, 0},  {"esp32h2", 32, 0},     {"esp32p4", 40, 0},
};

#define BOARD_COUNT (sizeof(boards) / sizeof(boards[0]))

static bench_t make_bench(size_t board)
{
    print_message("%s, %u MHz, ROM: %u kHz\n", boards[board].chip, (unsigned)boards[board].crystal_mhz,
                  (unsigned)boards[board].rom_crystal_khz);
    return (bench_t){.config = {.chip = boards[board].chip,
                                .wiring = ESP_SIM_WIRING_BRIDGE,
                                .flash_size = 4u << 20,
                                .accepts_any_stub = true,
                                .crystal_mhz = boards[board].crystal_mhz,
                                .rom_crystal_khz = boards[board].rom_crystal_khz}};
}

static void use_the_line(bench_t *b)
{
    static uint8_t data[3000];
    bench_fill(data, sizeof(data), 7);
    assert_int_equal(bench_flash(b, 0x10000, data, sizeof(data), false), ESP_LOADER_SUCCESS);
    assert_memory_equal(esp_sim_flash(b->sim) + 0x10000, data, sizeof(data));
}

TEST(rom_is_at_the_rate_that_was_asked_for_whatever_its_crystal)
{
    static const uint32_t rates[] = {230400, 460800, 921600, 115200, 1500000, 9600};
    for (size_t i = 0; i < BOARD_COUNT; i++) {
        bench_t b = make_bench(i);
        bench_connect(&b);
        for (size_t r = 0; r < sizeof(rates) / sizeof(rates[0]); r++) {
            assert_int_equal(esp_loader_change_transmission_rate(&b.loader, rates[r]), ESP_LOADER_SUCCESS);
            use_the_line(&b);
        }
        bench_close(&b);
    }
}

TEST(chip_is_found_again_after_a_rate_change_and_a_reset)
{
    for (size_t i = 0; i < BOARD_COUNT; i++) {
        bench_t b = make_bench(i);
        bench_connect(&b);
        assert_int_equal(esp_loader_change_transmission_rate(&b.loader, 460800), ESP_LOADER_SUCCESS);
        assert_int_equal(esp_loader_reset_target_checked(&b.loader), ESP_LOADER_SUCCESS);
        esp_sim_host_set_rate(b.sim, 115200); /* as a port does when it is opened */
        assert_int_equal(esp_loader_init_serial(&b.loader, &b.port.port), ESP_LOADER_SUCCESS);
        assert_int_equal(esp_loader_connect(&b.loader, NULL), ESP_LOADER_SUCCESS);
        assert_int_equal(esp_loader_change_transmission_rate(&b.loader, 921600), ESP_LOADER_SUCCESS);
        use_the_line(&b);
        bench_close(&b);
    }
}

#ifndef ESP_LOADER_SMALL
/* The ESP8266's stub multiplies the divider it finds; a rate that is wrong by more than 3 % is garbage. */
TEST(stub_that_takes_its_rate_for_115200_is_asked_accordingly)
{
    static const uint32_t rates[] = {230400, 460800, 921600, 115200, 1500000, 9600, 74880, 2000000};
    for (uint32_t crystal = 26; crystal <= 40; crystal += 14) {
        bench_t b = {.config = {.chip = "esp8266",
                                .wiring = ESP_SIM_WIRING_BRIDGE,
                                .flash_size = 4u << 20,
                                .accepts_any_stub = true,
                                .crystal_mhz = crystal}};
        bench_open(&b);
        assert_int_equal(esp_loader_connect_with_stub(&b.loader, NULL), ESP_LOADER_SUCCESS);
        for (size_t r = 0; r < sizeof(rates) / sizeof(rates[0]); r++) {
            assert_int_equal(esp_loader_change_transmission_rate(&b.loader, rates[r]), ESP_LOADER_SUCCESS);
            use_the_line(&b);
        }
        bench_close(&b);
    }
}

TEST(stub_needs_no_correction)
{
    for (size_t i = 0; i < BOARD_COUNT; i++) {
        bench_t b = make_bench(i);
        bench_open(&b);
        assert_int_equal(esp_loader_connect_with_stub(&b.loader, NULL), ESP_LOADER_SUCCESS);
        assert_int_equal(esp_loader_change_transmission_rate(&b.loader, 921600), ESP_LOADER_SUCCESS);
        assert_int_equal(esp_loader_change_transmission_rate(&b.loader, 230400), ESP_LOADER_SUCCESS);
        use_the_line(&b);
        bench_close(&b);
    }
}
#endif

TEST(secure_download_mode_keeps_its_rate_where_a_correction_cannot_be_found_out)
{
    static const char *const chips[] = {"esp32c2", "esp32c5"};
    static uint8_t data[3000];
    bench_fill(data, sizeof(data), 8);
    for (size_t i = 0; i < 2; i++) {
        bench_t b = {
            .config = {.chip = chips[i], .wiring = ESP_SIM_WIRING_BRIDGE, .is_secure_download = true}};
        bench_open(&b);
        assert_int_equal(esp_loader_connect_secure_download_mode(&b.loader, NULL, 4u << 20),
                         ESP_LOADER_SUCCESS);
        assert_int_equal(esp_loader_change_transmission_rate(&b.loader, 460800),
                         ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
        assert_int_equal(bench_cause(&b), ESP_LOADER_ERROR_SECURITY);
        assert_int_equal(esp_loader_error_detail(&b.loader)->stage, ESP_LOADER_STAGE_RATE);
        assert_int_equal(bench_flash(&b, 0x10000, data, sizeof(data), true), ESP_LOADER_SUCCESS);
        bench_close(&b);
    }
    bench_t b = {.config = {.chip = "esp32c3", .wiring = ESP_SIM_WIRING_BRIDGE, .is_secure_download = true}};
    bench_open(&b);
    assert_int_equal(esp_loader_connect_secure_download_mode(&b.loader, NULL, 4u << 20), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_change_transmission_rate(&b.loader, 460800), ESP_LOADER_SUCCESS);
    assert_int_equal(bench_flash(&b, 0x10000, data, sizeof(data), true), ESP_LOADER_SUCCESS);
    bench_close(&b);
}

TEST(impossible_calibration_is_not_used)
{
    bench_t b = {.config = {.chip = "esp32", .wiring = ESP_SIM_WIRING_BRIDGE}};
    bench_connect(&b);
    assert_int_equal(esp_loader_write_register(&b.loader, 0x3FF5F06C, 0), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_change_transmission_rate(&b.loader, 460800), ESP_LOADER_SUCCESS);
    use_the_line(&b);
    bench_close(&b);
}

/* The calibration lies: the ROM goes to a rate the host does not follow, and is then not found at the old one
 * either. */
TEST(wrong_correction_is_noticed)
{
    bench_t b = {.config = {.chip = "esp32", .wiring = ESP_SIM_WIRING_BRIDGE}};
    bench_connect(&b);
    assert_int_equal(esp_loader_write_register(&b.loader, 0x3FF5F06C, 700u << 7), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_change_transmission_rate(&b.loader, 460800), ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(bench_cause(&b), ESP_LOADER_ERROR_RATE);
    assert_int_equal(esp_loader_error_detail(&b.loader)->value, 460800);
    bench_close_ignoring_misuse(&b);
}

/* ---- what the port has to do with it ---- */

static esp_loader_port_ops_t ops;
static unsigned rates_set;

/* Connects, and lets the port's entries be changed. */
static void connect_with_ops(bench_t *b)
{
    bench_connect(b);
    ops = *b->port.port.ops;
    b->port.port.ops = &ops;
    rates_set = 0;
}

static void assert_refused_unasked(bench_t *b, uint32_t rate, esp_loader_error_t error)
{
    uint64_t commands = esp_sim_stats(b->sim)->commands;
    assert_int_equal(esp_loader_change_transmission_rate(&b->loader, rate), error);
    assert_int_equal(bench_cause(b), error);
    assert_int_equal(esp_loader_error_detail(&b->loader)->stage, ESP_LOADER_STAGE_RATE);
    assert_int_equal(esp_loader_error_detail(&b->loader)->value, rate);
    assert_int_equal(esp_sim_stats(b->sim)->commands, commands);
    use_the_line(b);
}

TEST(rate_that_is_none_or_cannot_be_set_is_refused_before_the_target_is_asked)
{
    bench_t b = {.config = {.chip = "esp32s3", .wiring = ESP_SIM_WIRING_BRIDGE}};
    connect_with_ops(&b);
    assert_refused_unasked(&b, 0, ESP_LOADER_ERROR_INVALID_PARAM);
    ops.set_rate = NULL;
    ops.change_transmission_rate = NULL;
    assert_refused_unasked(&b, 230400, ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    bench_close(&b);
}

/* Fails from the given call on. */
static unsigned calls_that_work;
static esp_loader_error_t (*real_set_rate)(esp_loader_port_t *port, uint32_t rate);

static esp_loader_error_t set_rate_a_few_times(esp_loader_port_t *port, uint32_t rate)
{
    return rates_set++ < calls_that_work ? real_set_rate(port, rate) : ESP_LOADER_ERROR_IO;
}

/* Refuses what is too fast for its UART. */
static esp_loader_error_t refused_as;

static esp_loader_error_t refuse_fast_rates(esp_loader_port_t *port, uint32_t rate)
{
    rates_set++;
    return rate > 460800 ? refused_as : real_set_rate(port, rate);
}

TEST(port_that_fails_is_an_error_of_the_port_and_the_target_is_not_asked)
{
    for (unsigned works = 0; works < 2; works++) { /* the new rate, or the way back from it */
        bench_t b = {.config = {.chip = "esp32s3", .wiring = ESP_SIM_WIRING_BRIDGE}};
        connect_with_ops(&b);
        real_set_rate = ops.set_rate;
        calls_that_work = works;
        ops.set_rate = set_rate_a_few_times;
        uint64_t commands = esp_sim_stats(b.sim)->commands;
        assert_int_equal(esp_loader_change_transmission_rate(&b.loader, 230400), ESP_LOADER_ERROR_IO);
        assert_int_equal(bench_cause(&b), ESP_LOADER_ERROR_IO);
        assert_int_equal(esp_loader_error_detail(&b.loader)->stage, ESP_LOADER_STAGE_RATE);
        assert_int_equal(esp_loader_error_detail(&b.loader)->value, 230400);
        assert_int_equal(esp_sim_stats(b.sim)->commands, commands);
        assert_int_equal(rates_set, 2); /* it was set back, or tried */
        bench_close(&b);
    }
}

TEST(rate_that_the_port_refuses_is_not_asked_of_the_target)
{
    static const esp_loader_error_t refusals[] = {ESP_LOADER_ERROR_UNSUPPORTED_FUNC,
                                                  ESP_LOADER_ERROR_INVALID_PARAM};
    for (size_t i = 0; i < 2; i++) {
        bench_t b = {.config = {.chip = "esp32s3", .wiring = ESP_SIM_WIRING_BRIDGE}};
        connect_with_ops(&b);
        real_set_rate = ops.set_rate;
        refused_as = refusals[i];
        ops.set_rate = refuse_fast_rates;
        uint64_t commands = esp_sim_stats(b.sim)->commands;
        assert_int_equal(esp_loader_change_transmission_rate(&b.loader, 921600),
                         ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
        assert_int_equal(bench_cause(&b), ESP_LOADER_ERROR_RATE);
        assert_int_equal(esp_loader_error_detail(&b.loader)->stage, ESP_LOADER_STAGE_RATE);
        assert_int_equal(esp_loader_error_detail(&b.loader)->value, 921600);
        assert_int_equal(esp_sim_stats(b.sim)->commands, commands);
        use_the_line(&b);
        assert_int_equal(esp_loader_change_transmission_rate(&b.loader, 460800), ESP_LOADER_SUCCESS);
        use_the_line(&b);
        bench_close(&b);
    }
}

/* The target is at the new rate then, and a reset brings it back. */
TEST(port_that_fails_once_the_target_has_changed_is_an_error_and_the_next_connection_works)
{
    bench_t b = {.config = {.chip = "esp32s3", .wiring = ESP_SIM_WIRING_BRIDGE}};
    connect_with_ops(&b);
    real_set_rate = ops.set_rate;
    calls_that_work = 2;
    ops.set_rate = set_rate_a_few_times;
    assert_int_equal(esp_loader_change_transmission_rate(&b.loader, 230400), ESP_LOADER_ERROR_IO);
    assert_int_equal(bench_cause(&b), ESP_LOADER_ERROR_IO);
    assert_int_equal(esp_loader_error_detail(&b.loader)->stage, ESP_LOADER_STAGE_RATE);
    assert_int_equal(rates_set, 3);
    ops.set_rate = real_set_rate;
    assert_int_equal(esp_loader_connect(&b.loader, NULL), ESP_LOADER_SUCCESS);
    use_the_line(&b);
    assert_int_equal(esp_loader_change_transmission_rate(&b.loader, 230400), ESP_LOADER_SUCCESS);
    use_the_line(&b);
    bench_close_ignoring_misuse(&b);
}

TEST(rate_means_nothing_on_the_chips_own_usb)
{
    bench_t b = {.config = {.chip = "esp32s3", .wiring = ESP_SIM_WIRING_USJ}};
    bench_connect(&b);
    uint64_t commands = esp_sim_stats(b.sim)->commands;
    assert_int_equal(esp_loader_change_transmission_rate(&b.loader, 921600), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_sim_stats(b.sim)->commands, commands);
    bench_close(&b);
}
