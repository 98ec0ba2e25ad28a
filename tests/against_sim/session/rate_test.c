/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Changing the rate of chips whose ROM is wrong about its crystal. The simulated ROM computes its divider
 * from what it believes, so a correction that is wrong by more than 3 % leaves nothing but garbage on the
 * wire.
 */

#include "bench.h"

static const struct {
    const char *chip;
    uint32_t crystal_mhz, rom_crystal_khz;
} boards[] = {
    {"esp32c2", 40, 0},     {"esp32c5", 48, 0},   {"esp32c5", 40, 0},   {"esp32s2", 40, 0},
    {"esp32s3", 40, 0},     {"esp32c3", 40, 0},   {"esp32c6", 40, 0},   {"esp32c61", 40, 0},
    {"esp32h2", 32, 0},     {"esp32p4", 40, 0},   {"esp32s31", 40, 0},  {"esp32h21", 32, 0},
    {"esp32h4", 32, 0},     {"esp32", 40, 0},
#ifndef ESP_LOADER_SMALL /* which asks for the rate itself */
    {"esp32", 40, 34500},   {"esp32", 40, 38000}, {"esp32", 40, 45900}, {"esp32", 26, 0},
    {"esp32", 26, 22200},   {"esp32", 26, 29800}, {"esp32c2", 26, 0},   {"esp32c5", 48, 40000},
    {"esp32c5", 40, 48000},
#endif
};

#define BOARD_COUNT (COUNT(boards))

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
    assert_success(bench_flash(b, 0x10000, data, sizeof(data), false));
    assert_memory_equal(esp_sim_flash(b->sim) + 0x10000, data, sizeof(data));
}

TEST_CONNECTED_EACH(rom_is_at_the_rate_that_was_asked_for_whatever_its_crystal, BOARD_COUNT, make_bench(i))
{
    static const uint32_t rates[] = {230400, 460800, 921600, 115200, 1500000, 9600};
    for (size_t r = 0; r < COUNT(rates); r++) {
        assert_success(esp_loader_change_transmission_rate(&b->loader, rates[r]));
        use_the_line(b);
    }
}

TEST_CONNECTED_EACH(chip_is_found_again_after_a_rate_change_and_a_reset, BOARD_COUNT, make_bench(i))
{
    assert_success(esp_loader_change_transmission_rate(&b->loader, 460800));
    assert_success(esp_loader_reset_target_checked(&b->loader));
    esp_sim_host_set_rate(b->sim, 115200); /* as a port does when it is opened */
    assert_success(esp_loader_init_serial(&b->loader, &b->port.base.port));
    assert_success(esp_loader_connect(&b->loader, NULL));
    assert_success(esp_loader_change_transmission_rate(&b->loader, 921600));
    use_the_line(b);
}

#ifndef ESP_LOADER_SMALL
static const uint32_t crystals_mhz[] = {26, 40};

/* The ESP8266's stub multiplies the divider it finds; a rate that is wrong by more than 3 % is garbage. */
TEST_OPEN_EACH(stub_that_takes_its_rate_for_115200_is_asked_accordingly, COUNT(crystals_mhz),
               BENCH(.chip = "esp8266", .wiring = ESP_SIM_WIRING_BRIDGE, .flash_size = 4u << 20,
                     .accepts_any_stub = true, .crystal_mhz = crystals_mhz[i]))
{
    static const uint32_t rates[] = {230400, 460800, 921600, 115200, 1500000, 9600, 74880, 2000000};
    assert_success(esp_loader_connect_with_stub(&b->loader, NULL));
    for (size_t r = 0; r < COUNT(rates); r++) {
        assert_success(esp_loader_change_transmission_rate(&b->loader, rates[r]));
        use_the_line(b);
    }
}

TEST_OPEN_EACH(stub_needs_no_correction, BOARD_COUNT, make_bench(i))
{
    assert_success(esp_loader_connect_with_stub(&b->loader, NULL));
    assert_success(esp_loader_change_transmission_rate(&b->loader, 921600));
    assert_success(esp_loader_change_transmission_rate(&b->loader, 230400));
    use_the_line(b);
}
#endif

static const struct {
    const char *chip;
    bool needs_correction;
} secured[] = {
    {"esp32c5", false},
    {"esp32c3", false},
#ifndef ESP_LOADER_SMALL
    {"esp32c2", true},
#endif
};

TEST_OPEN_EACH(secure_download_mode_keeps_its_rate_where_a_correction_cannot_be_found_out, COUNT(secured),
               BENCH(.chip = secured[i].chip, .wiring = ESP_SIM_WIRING_BRIDGE, .is_secure_download = true))
{
    static uint8_t data[3000];
    bench_fill(data, sizeof(data), 8);
    assert_success(esp_loader_connect_secure_download_mode(&b->loader, NULL, 4u << 20));
    esp_loader_error_t err = esp_loader_change_transmission_rate(&b->loader, 460800);
    assert_int_equal(err,
                     secured[i].needs_correction ? ESP_LOADER_ERROR_UNSUPPORTED_FUNC : ESP_LOADER_SUCCESS);
    if (secured[i].needs_correction) {
        assert_int_equal(bench_cause(b), ESP_LOADER_ERROR_SECURITY);
        assert_int_equal(esp_loader_error_detail(&b->loader)->stage, ESP_LOADER_STAGE_RATE);
    }
    assert_success(bench_flash(b, 0x10000, data, sizeof(data), true));
}

/* What cannot be found out is noticed. */
TEST_OPEN(a_c5_that_takes_its_crystal_for_another_is_lost_in_secure_download_mode,
          BENCH(.chip = "esp32c5", .wiring = ESP_SIM_WIRING_BRIDGE, .is_secure_download = true,
                .crystal_mhz = 40, .rom_crystal_khz = 48000))
{
    assert_success(esp_loader_connect_secure_download_mode(&b->loader, NULL, 4u << 20));
    assert_int_equal(esp_loader_change_transmission_rate(&b->loader, 460800), ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(bench_cause(b), ESP_LOADER_ERROR_RATE);
    assert_int_equal(esp_loader_error_detail(&b->loader)->stage, ESP_LOADER_STAGE_RATE);
    b->expects_misuse = true; /* of the noise */
}

TEST_CONNECTED(impossible_calibration_is_not_used, BENCH(.chip = "esp32", .wiring = ESP_SIM_WIRING_BRIDGE))
{
    assert_success(esp_loader_write_register(&b->loader, 0x3FF5F06C, 0));
    assert_success(esp_loader_change_transmission_rate(&b->loader, 460800));
    use_the_line(b);
}

#ifndef ESP_LOADER_SMALL
/* The calibration lies: the ROM goes to a rate the host does not follow, and is then not found at the old one
 * either. */
TEST_CONNECTED(wrong_correction_is_noticed, BENCH(.chip = "esp32", .wiring = ESP_SIM_WIRING_BRIDGE))
{
    assert_success(esp_loader_write_register(&b->loader, 0x3FF5F06C, 700u << 7));
    assert_int_equal(esp_loader_change_transmission_rate(&b->loader, 460800), ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(bench_cause(b), ESP_LOADER_ERROR_RATE);
    assert_int_equal(esp_loader_error_detail(&b->loader)->value, 460800);
    b->expects_misuse = true;
}
#endif

/* ---- what the port has to do with it ---- */

static unsigned rates_set;

static const bench_t over_uart = {.config = {.chip = "esp32s3", .wiring = ESP_SIM_WIRING_BRIDGE}};

static void assert_rate_fails(bench_t *b, uint32_t rate, esp_loader_error_t error, esp_loader_error_t cause)
{
    assert_int_equal(esp_loader_change_transmission_rate(&b->loader, rate), error);
    assert_int_equal(bench_cause(b), cause);
    assert_int_equal(esp_loader_error_detail(&b->loader)->stage, ESP_LOADER_STAGE_RATE);
    assert_int_equal(esp_loader_error_detail(&b->loader)->value, rate);
}

static void assert_refused_unasked(bench_t *b, uint32_t rate, esp_loader_error_t error)
{
    uint64_t commands = esp_sim_stats(b->sim)->commands;
    assert_rate_fails(b, rate, error, error);
    assert_int_equal(esp_sim_stats(b->sim)->commands, commands);
    use_the_line(b);
}

TEST_CONNECTED(rate_that_is_none_or_cannot_be_set_is_refused_before_the_target_is_asked, over_uart)
{
    assert_refused_unasked(b, 0, ESP_LOADER_ERROR_INVALID_PARAM);
    b->port.base.ops.set_rate = NULL;
    b->port.base.ops.change_transmission_rate = NULL;
    assert_refused_unasked(b, 230400, ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
}

/* Fails from the given call on. */
static unsigned calls_that_work;

static esp_loader_error_t set_rate_a_few_times(esp_loader_port_t *port, uint32_t rate)
{
    return rates_set++ < calls_that_work ? sim_port_ops.set_rate(port, rate) : ESP_LOADER_ERROR_IO;
}

/* Refuses what is too fast for its UART. */
static esp_loader_error_t refused_as;

static esp_loader_error_t refuse_fast_rates(esp_loader_port_t *port, uint32_t rate)
{
    return rate > 460800 ? refused_as : sim_port_ops.set_rate(port, rate);
}

TEST_CONNECTED_EACH(port_that_fails_is_an_error_of_the_port_and_the_target_is_not_asked, 2u, over_uart)
{
    rates_set = 0;
    calls_that_work = (unsigned)i; /* none, or the new rate and not the way back from it */
    b->port.base.ops.set_rate = set_rate_a_few_times;
    uint64_t commands = esp_sim_stats(b->sim)->commands;
    assert_rate_fails(b, 230400, ESP_LOADER_ERROR_IO, ESP_LOADER_ERROR_IO);
    assert_int_equal(esp_sim_stats(b->sim)->commands, commands);
    assert_int_equal(rates_set, 2); /* it was set back, or tried */
}

static const esp_loader_error_t refusals[] = {ESP_LOADER_ERROR_UNSUPPORTED_FUNC,
                                              ESP_LOADER_ERROR_INVALID_PARAM};

TEST_CONNECTED_EACH(rate_that_the_port_refuses_is_not_asked_of_the_target, COUNT(refusals), over_uart)
{
    refused_as = refusals[i];
    b->port.base.ops.set_rate = refuse_fast_rates;
    uint64_t commands = esp_sim_stats(b->sim)->commands;
    assert_rate_fails(b, 921600, ESP_LOADER_ERROR_UNSUPPORTED_FUNC, ESP_LOADER_ERROR_RATE);
    assert_int_equal(esp_sim_stats(b->sim)->commands, commands);
    use_the_line(b);
    assert_success(esp_loader_change_transmission_rate(&b->loader, 460800));
    use_the_line(b);
}

/* The target is at the new rate then, and a reset brings it back. */
TEST_CONNECTED(port_that_fails_once_the_target_has_changed_is_an_error_and_the_next_connection_works,
               over_uart)
{
    rates_set = 0;
    calls_that_work = 2;
    b->port.base.ops.set_rate = set_rate_a_few_times;
    assert_rate_fails(b, 230400, ESP_LOADER_ERROR_IO, ESP_LOADER_ERROR_IO);
    assert_int_equal(rates_set, 3);
    b->port.base.ops.set_rate = sim_port_ops.set_rate;
    assert_success(esp_loader_connect(&b->loader, NULL));
    use_the_line(b);
    assert_success(esp_loader_change_transmission_rate(&b->loader, 230400));
    use_the_line(b);
    b->expects_misuse = true;
}

TEST_CONNECTED(rate_means_nothing_on_the_chips_own_usb,
               BENCH(.chip = "esp32s3", .wiring = ESP_SIM_WIRING_USJ))
{
    uint64_t commands = esp_sim_stats(b->sim)->commands;
    assert_success(esp_loader_change_transmission_rate(&b->loader, 921600));
    assert_int_equal(esp_sim_stats(b->sim)->commands, commands);
}
