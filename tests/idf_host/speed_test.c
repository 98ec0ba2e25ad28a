/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * How long a board takes, from plugging it in to "Done!", in the forms of the example: on the virtual clock
 * and one core, so exact and the same on every machine. The table in the example's README holds these
 * figures.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "scenario.h"
#include "test.h"

#define README_MAX 65536
#define ROW_MAX    100

/* The example several times in one program, its functions renamed (CMakeLists.txt). */
void v1_app_main(void);
void plan_app_main(void);
void stub_app_main(void);
void stub_4k_app_main(void);

static bool is_used; /* the flash holds something else */
static uint64_t plugged_us;

static usb_gadget_t *make(unsigned number)
{
    board_t *board = board_new("esp32s3", number, ESP_SIM_TIMING_DEFAULT);
    if (is_used) {
        memset(esp_sim_flash(board->sim), 0, esp_sim_flash_size(board->sim));
    }
    bench_watch(board);
    plugged_us = kernel_now_us_locked();
    return &board->gadget;
}

static bool is_verdict(unsigned number, const char *text)
{
    (void)number;
    if (strcmp(text, "Done!") != 0) {
        return false;
    }
    bench_check_flash(ESP32S3_CHIP);
    printf("took %lu us\n", (unsigned long)(kernel_now_us_locked() - plugged_us));
    return true;
}

static void setup(void)
{
    bench_start(&(bench_t){.board_count = 1, .make = make, .is_verdict = is_verdict});
}

static unsigned long time_us(void (*program)(void), bool on_used_flash)
{
    is_used = on_used_flash;
    const char *output = scenario_passes(&(scenario_t){.cores = 1, .setup = setup, .main = program});
    const char *took = strstr(output, "took ");
    assert_non_null(took);
    return strtoul(took + strlen("took "), NULL, 10);
}

static bool readme_has(const char *row)
{
    static char text[README_MAX];
    FILE *file = fopen(EXAMPLE_README, "r");
    assert_non_null(file);
    const size_t size = fread(text, 1, sizeof(text) - 1, file);
    fclose(file);
    text[size] = '\0';
    return strstr(text, row) != NULL;
}

TEST(the_stub_takes_less_than_seven_tenths_of_the_time_of_the_rom)
{
    for (int on_used_flash = 0; on_used_flash <= 1; on_used_flash++) {
        const unsigned long rom_us = time_us(plan_app_main, on_used_flash != 0);
        const unsigned long stub_us = time_us(stub_app_main, on_used_flash != 0);
        print_message("%s flash: ROM %lu us, stub %lu us\n", on_used_flash != 0 ? "used" : "blank", rom_us,
                      stub_us);
        assert_true(stub_us < rom_us / 10 * 7);
    }
}

TEST(the_readme_tells_these_times)
{
    static const struct {
        const char *form;
        void (*program)(void);
    } rows[] = {
        {"step by step, ROM loader", v1_app_main},
        {"plan, ROM loader", plan_app_main},
        {"plan, flasher stub", stub_app_main},
        {"plan, flasher stub, buffer of 4096 bytes", stub_4k_app_main},
    };
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char row[ROW_MAX];
        snprintf(row, sizeof(row), "| %s | %.1f s | %.1f s |\n", rows[i].form,
                 (double)time_us(rows[i].program, true) / 1e6, (double)time_us(rows[i].program, false) / 1e6);
        print_message("%s", row);
        assert_true(readme_has(row));
    }
}
