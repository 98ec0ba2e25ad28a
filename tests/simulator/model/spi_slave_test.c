/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The simulated chip as an SPI slave, transaction by transaction: what it does not understand is lost and reported.
 */
#include <string.h>

#include "esp_sim.h"
#include "test.h"

enum { WRBUF = 1, RDBUF, WRDMA, RDDMA, CLOCK_US = 100, BOOT_US = 50000 };

static esp_sim_t *open_chip(void)
{
    char error[100] = "";
    const esp_sim_config_t config = {
        .chip = "esp32c3", .wiring = ESP_SIM_WIRING_SPI, .timing = ESP_SIM_TIMING_FAST};
    esp_sim_t *sim = esp_sim_new(&config, error, sizeof(error));
    assert_string_equal(error, "");
    esp_sim_reset_button(sim, true);
    esp_sim_run_until(sim, BOOT_US);
    return sim;
}

static void transfer(esp_sim_t *sim, uint8_t command, uint8_t address, const uint8_t *out, uint8_t *in,
                     size_t size)
{
    const uint8_t preamble[] = {command, address, 0};
    esp_sim_spi_select(sim, true);
    esp_sim_spi_transfer(sim, preamble, NULL, sizeof(preamble));
    esp_sim_spi_transfer(sim, out, in, size);
    esp_sim_spi_select(sim, false);
    esp_sim_run_until(sim, esp_sim_now_us(sim) + CLOCK_US);
}

static void say_ready(esp_sim_t *sim)
{
    static const uint8_t ready[4] = {0xA5};
    transfer(sim, WRBUF, 12, ready, NULL, sizeof(ready));
}

/* ---- misuse ---- */

static const uint8_t read_reg[12] = {0, 0x0A, 4, 0, 0, 0, 0, 0, 0x10, 0, 0, 0x40};
static uint8_t taken[100];

static void bytes_without_select(esp_sim_t *sim)
{
    esp_sim_spi_transfer(sim, read_reg, NULL, 3);
}

static void short_preamble(esp_sim_t *sim)
{
    esp_sim_spi_select(sim, true);
    esp_sim_spi_transfer(sim, read_reg, NULL, 2);
    esp_sim_spi_select(sim, false);
}

static void unknown_command(esp_sim_t *sim)
{
    transfer(sim, 0xA3, 0, read_reg, NULL, sizeof(read_reg)); /* by four wires */
}

static void wrong_direction(esp_sim_t *sim)
{
    transfer(sim, RDBUF, 0, read_reg, NULL, 4);
}

static void beyond_registers(esp_sim_t *sim)
{
    transfer(sim, WRBUF, 60, read_reg, NULL, 8);
}

static void read_beyond_registers(esp_sim_t *sim)
{
    transfer(sim, RDBUF, 62, NULL, taken, 4);
    assert_int_equal(taken[2], 0xFF);
}

static void register_of_the_slave(esp_sim_t *sim)
{
    transfer(sim, WRBUF, 4, read_reg, NULL, 4);
}

static void frame_before_the_mailbox(esp_sim_t *sim)
{
    transfer(sim, WRDMA, 0, read_reg, NULL, sizeof(read_reg));
}

static void two_frames(esp_sim_t *sim)
{
    say_ready(sim);
    transfer(sim, WRDMA, 0, read_reg, NULL, sizeof(read_reg));
    transfer(sim, WRDMA, 0, read_reg, NULL, sizeof(read_reg));
}

static void frame_that_is_not_there(esp_sim_t *sim)
{
    transfer(sim, RDDMA, 0, NULL, taken, 12);
}

static void other_length(esp_sim_t *sim)
{
    say_ready(sim);
    transfer(sim, WRDMA, 0, read_reg, NULL, sizeof(read_reg));
    transfer(sim, RDDMA, 0, NULL, taken, 10);
}

static void command_that_is_not_served(esp_sim_t *sim)
{
    static const uint8_t sync[8] = {0, 0x08};
    say_ready(sim);
    transfer(sim, WRDMA, 0, sync, NULL, sizeof(sync));
    transfer(sim, RDDMA, 0, NULL, taken, 12);
    assert_int_equal(taken[1], 0); /* not its opcode */
    assert_int_equal(taken[8], 1);
}

static void frame_that_ends_before_its_data(esp_sim_t *sim)
{
    say_ready(sim);
    transfer(sim, WRDMA, 0, read_reg, NULL, 8);
    transfer(sim, RDDMA, 0, NULL, taken, 12);
    assert_int_equal(taken[8], 1);
}

static const struct {
    void (*run)(esp_sim_t *sim);
    const char *misuse;
} misuses[] = {
    {bytes_without_select, "bytes without chip select"},
    {short_preamble, "chip select rises before command, address and dummy"},
    {unknown_command, "unknown command (command 0xA3)"},
    {wrong_direction, "data is not read"},
    {beyond_registers, "registers beyond the last are written"},
    {read_beyond_registers, "registers beyond the last are read"},
    {register_of_the_slave, "the host writes a register of the slave"},
    {frame_before_the_mailbox, "a frame before the mailbox says that there is a host"},
    {two_frames, "a frame is written and nobody waits for it"},
    {frame_that_is_not_there, "a frame is read and there is none"},
    {other_length, "a frame is read with another length than it has"},
    {command_that_is_not_served, "a command that this ROM does not serve over SPI"},
    {frame_that_ends_before_its_data, "a frame that begins wrongly, or ends before its data"},
};

TEST_ROWS(misuse_is_reported, misuses)
{
    esp_sim_t *sim = open_chip();
    assert_string_equal(esp_sim_misuse(sim), "");
    row->run(sim);
    assert_non_null(strstr(esp_sim_misuse(sim), row->misuse));
    esp_sim_free(sim);
}

TEST(host_that_does_it_right_misuses_nothing)
{
    esp_sim_t *sim = open_chip();
    say_ready(sim);
    for (unsigned i = 0; i < 3; i++) {
        transfer(sim, WRDMA, 0, read_reg, NULL, sizeof(read_reg));
        transfer(sim, 7, 0, NULL, NULL, 0);
        transfer(sim, RDDMA, 0, NULL, taken, 12);
        transfer(sim, 8, 0, NULL, NULL, 0);
        assert_int_equal(taken[4], 5); /* the chip's number */
    }
    assert_string_equal(esp_sim_misuse(sim), "");
    assert_non_null(strstr(esp_sim_console(sim), "boot:0x1 (SPI_DOWNLOAD_BOOT)\r\nwait spi download\r\n"));
    esp_sim_free(sim);
}

TEST(mailbox_reboots_the_chip)
{
    static const uint8_t reboot[4] = {0xFE};
    esp_sim_t *sim = open_chip();
    const uint64_t resets = esp_sim_stats(sim)->resets;
    transfer(sim, WRBUF, 12, reboot, NULL, sizeof(reboot));
    assert_int_equal(esp_sim_stats(sim)->resets, resets + 1);
    esp_sim_free(sim);
}

TEST(without_its_straps_nobody_answers)
{
    uint8_t mailbox[4] = {0};
    esp_sim_t *sim = open_chip();
    esp_sim_reset_button(sim, false);
    esp_sim_run_until(sim, esp_sim_now_us(sim) + BOOT_US);
    transfer(sim, RDBUF, 12, NULL, mailbox, sizeof(mailbox));
    assert_int_equal(mailbox[0], 0xFF);
    esp_sim_free(sim);
}

TEST(chips_without_such_a_rom_are_refused)
{
    char error[100] = "";
    const esp_sim_config_t config = {.chip = "esp32c6", .wiring = ESP_SIM_WIRING_SPI};
    assert_null(esp_sim_new(&config, error, sizeof(error)));
    assert_string_equal(error, "the ROM of ESP32-C6 is no SPI slave: choose another wiring");
}
