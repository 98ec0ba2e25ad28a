/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The example flashing three virtual boards, one after the other, with nothing between its console and yours
 * but two lines per board that say what happens at the bench.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "binaries.h"
#include "flasher.h"
#include "scenario.h"

#define BOARDS 3u
#define CORES  2u

void app_main(void);

static usb_gadget_t *plug(unsigned number)
{
    board_t *board = board_new("esp32s3", number, ESP_SIM_TIMING_DEFAULT);
    printf("\n-- board %u of %u, MAC %s, is plugged in\n", number, BOARDS, board->gadget.serial);
    bench_watch(board);
    return &board->gadget;
}

static bool holds(uint32_t offset, const binary_t *binary)
{
    return memcmp(esp_sim_flash(bench_board()->sim) + offset, binary->data, binary->size) == 0;
}

static void unplug(unsigned number)
{
    const binaries_t *set = binaries_for(ESP32S3_CHIP);
    const bool is_equal = holds(0, &set->bootloader) && holds(FLASHER_TABLE_OFFSET, &set->partition_table) &&
                          holds(FLASHER_APP_OFFSET, &set->app);
    printf("-- board %u is unplugged; its flash %s\n\n", number,
           is_equal ? "holds the three images, byte for byte" : "DIFFERS from the images");
    if (!is_equal) {
        kernel_end(EXIT_FAILURE);
    }
}

static void main_task(void *arg)
{
    (void)arg;
    app_main();
}

int main(void)
{
    bench_start(&(bench_t){.board_count = BOARDS, .make = plug, .before_unplug = unplug});
    kernel_run(CORES, bus_machine(), main_task, 1);
}
