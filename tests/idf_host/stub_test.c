/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The example with flasher stubs built in, and boards on which none runs: it says so in one line and flashes
 * them through the loader in their ROM, which after that is where it was.
 */
#include <string.h>

#include "console.h"
#include "test.h"

#define HOUR_US      3600000000u
#define FLASH_SIZE   (1024u * 1024u)
#define OLD_REVISION 2u /* older than any for which there is a stub in the table of the tests */
#define NO_STUB(reason)                                                                                      \
    "W usb_flasher: The flasher stub does not run (" reason "): using the ROM loader, which is slower\n"
#define FLASHED_BY_ROM "Connected to target\n" IMAGES_LOADED "I usb_flasher: Done!\n"

static esp_sim_config_t config;

static usb_gadget_t *make(unsigned number)
{
    config.mac[5] = (uint8_t)number; /* two with the same would be one that was reset */
    board_t *board = board_from(&config);
    bench_watch(board);
    return &board->gadget;
}

static void check_flash(unsigned number)
{
    (void)number;
    bench_check_flash(ESP32C3_CHIP);
}

static void setup(void)
{
    bench_start(&(bench_t){.board_count = 2, .make = make, .before_unplug = check_flash});
}

static const char *console_of_two(const esp_sim_config_t *the_config)
{
    config = *the_config;
    return console_of(setup);
}

TEST(flashes_a_board_for_whose_revision_there_is_no_stub_through_its_rom)
{
#define WITHOUT NO_STUB("not available on this target, loader or transport") FLASHED_BY_ROM
    assert_string_equal(console_of_two(&(esp_sim_config_t){.chip = "esp32c3",
                                                           .flash_size = FLASH_SIZE,
                                                           .accepts_any_stub = true,
                                                           .chip_revision = OLD_REVISION}),
                        INSTALLED OPENING WITHOUT OPENING WITHOUT OPENING);
}

TEST(flashes_a_board_on_which_the_stub_does_not_come_up_through_its_rom)
{
#define SILENT NO_STUB("the target did not answer in time") FLASHED_BY_ROM
    assert_string_equal(
        console_of_two(&(esp_sim_config_t){.chip = "esp32c3",
                                           .flash_size = FLASH_SIZE,
                                           .accepts_any_stub = true,
                                           .faults = "at command 1 of 6: drop"}), /* the jump */
        INSTALLED OPENING SILENT OPENING SILENT OPENING);
}

static void check_untouched(unsigned number)
{
    (void)number;
    CHECK(esp_sim_stats(bench_board()->sim)->sectors_erased == 0);
}

static void setup_secure(void)
{
    config = (esp_sim_config_t){.chip = "esp32c3",
                                .flash_size = FLASH_SIZE,
                                .accepts_any_stub = true,
                                .secure_boot = ESP_SIM_SECURE_BOOT_V2};
    bench_start(&(bench_t){.board_count = 1,
                           .make = make,
                           .verdict = "Flashing failed",
                           .before_unplug = check_untouched,
                           .patience_us = HOUR_US});
}

TEST(says_that_the_security_of_a_board_allows_no_stub)
{
    assert_string_equal(
        console_of(setup_secure),
        INSTALLED OPENING NO_STUB(
            "the target's security settings forbid it") "Connected to target\n"
                                                        "\nE usb_flasher: Flashing failed while checking: "
                                                        "the target's security settings forbid it\n" OPENING);
}
