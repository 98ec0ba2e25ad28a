/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The example flashing an ESP32-S3 whose loader is no model: the virtual board executes the chip's mask ROM and, where the
 * example has it, the published flasher stub. What the example says and what is in the flash is as with the model.
 */
#include "console.h"
#include "test.h"

#define FLASH_SIZE (1024u * 1024u)

static usb_gadget_t *make(unsigned number)
{
    esp_sim_config_t config = {.chip = "esp32s3", .flash_size = FLASH_SIZE, .rom_elf = ROM_FILE};
    config.mac[5] = (uint8_t)number;
    board_t *board = board_from(&config);
    bench_watch(board);
    return &board->gadget;
}

/* That it was the ROM's code: a model executes no instructions. */
static void check(unsigned number)
{
    (void)number;
    bench_check_flash(ESP32S3_CHIP);
    CHECK(esp_sim_stats(bench_board()->sim)->instructions > 1000000);
}

static void setup(void)
{
    bench_start(&(bench_t){.board_count = 1, .make = make, .before_unplug = check});
}

TEST(flashes_an_esp32s3_that_executes_its_mask_rom)
{
    assert_string_equal(console_of(setup), INSTALLED OPENING FLASHED OPENING);
}
