/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The example, with the cable pulled at every USB transfer in turn, before and after its data has moved,
 * after every packet, and at every hundredth of a second while the board enumerates and is opened. Whatever
 * the moment: the host says that the device left, waits for the next board, and flashes that one completely.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bench.h"
#include "binaries.h"
#include "cdc_driver.h"
#include "console.h"
#include "esp_loader_error.h"
#include "flasher.h"
#include "scenario.h"

#ifdef __SANITIZE_THREAD__
#define FEWEST_CORES 2u /* with one nothing runs in parallel */
#else
#define FEWEST_CORES 1u
#endif
#define NEVER       UINT32_MAX
#define TIME_STEP   10000u
#define LAST_MOMENT 800000u

void app_main(void);

static struct {
    unsigned at_transfer; /* NEVER = by time */
    bus_moment_t moment;
    uint64_t at_us;
    bool has_happened;
} cut;

/* ---- in the scenario ---- */

static void plug_second(void *arg)
{
    (void)arg;
    bus_watch(NULL, NULL);
    bench_start(&(bench_t){.board_count = 1, .timing = ESP_SIM_TIMING_FAST});
}

static void after_cut(void)
{
    cut.has_happened = true;
    printf("cut\n");
    bus_after(0, plug_second, NULL);
}

static bus_action_t watch(void *arg, unsigned number, bus_endpoint_t endpoint, bus_moment_t moment)
{
    (void)arg;
    (void)endpoint;
    if (cut.has_happened || number != cut.at_transfer || moment != cut.moment) {
        return BUS_GO_ON;
    }
    after_cut();
    return BUS_UNPLUG;
}

static void pull(void *arg)
{
    (void)arg;
    bus_unplug();
    after_cut();
}

static void plug_first(void *arg)
{
    (void)arg;
    bus_plug(&board_new("esp32s3", 1, ESP_SIM_TIMING_FAST)->gadget);
    if (cut.at_transfer == NEVER) {
        bus_after(cut.at_us, pull, NULL);
    }
}

static void setup(void)
{
    bus_watch(watch, NULL);
    bus_after(BENCH_PAUSE_US, plug_first, NULL);
}

/** Nothing happens any more: the board is done and was never cut. Otherwise somebody waits for a wake-up that
 * is lost. */
static bool on_quiet(void)
{
    if (cut.has_happened) {
        return false;
    }
    printf("uncut\n");
    scenario_succeed();
}

/* ---- outside ---- */

static unsigned count(const char *text, const char *what)
{
    unsigned n = 0;
    for (const char *at = strstr(text, what); at != NULL; at = strstr(at + 1, what)) {
        n++;
    }
    return n;
}

static bool ends_with(const char *text, const char *end)
{
    return strlen(text) >= strlen(end) && strcmp(text + strlen(text) - strlen(end), end) == 0;
}

/** Runs one cut; false when the first board was finished before it came. */
static bool survives(unsigned cores)
{
    char label[100];
    snprintf(label, sizeof(label), "cores %u, transfer %u, moment %u, time %u us", cores, cut.at_transfer,
             (unsigned)cut.moment, (unsigned)cut.at_us);
    const char *output = bench_console(scenario_passes(&(scenario_t){
        .label = label, .cores = cores, .setup = setup, .on_quiet = on_quiet, .main = app_main}));
    if (ends_with(output, "uncut\n")) {
        return false;
    }
    const bool is_second_flashed =
        ends_with(output, OPENING FLASHED OPENING) || ends_with(output, OPENING "cut\n" FLASHED OPENING);
    const unsigned done = count(output, "Done!\n");
    const unsigned gone = count(output, esp_loader_error_text(ESP_LOADER_ERROR_DISCONNECTED));
    const unsigned errors = count(output, "E usb_flasher: ");
    if (!is_second_flashed || count(output, "cut\n") != 1 || errors != gone || errors > 1 ||
        (cut.at_transfer != NEVER && done + gone != 2)) {
        fprintf(stderr, "--- %s\n%s\n---\n", label, output);
        fail();
    }
    return true;
}

static void survives_unplugging_at_every_transfer(bus_moment_t moment)
{
    for (unsigned cores = FEWEST_CORES; cores <= 2; cores++) {
        unsigned cuts = 0;
        for (cut.at_transfer = 0; cut.moment = moment, survives(cores); cut.at_transfer++) {
            cuts++;
        }
        print_message("%u cut points with %u core(s)\n", cuts, cores);
        assert_true(cuts >= 90);
    }
}

static void flashes_the_next_board_after_unplugging_before_any_transfer(void **state)
{
    (void)state;
    survives_unplugging_at_every_transfer(BUS_BEFORE);
}

static void flashes_the_next_board_after_unplugging_after_any_transfer(void **state)
{
    (void)state;
    survives_unplugging_at_every_transfer(BUS_AFTER);
}

static void flashes_the_next_board_after_unplugging_between_any_two_packets(void **state)
{
    (void)state;
    survives_unplugging_at_every_transfer(BUS_PACKET);
}

static void flashes_the_next_board_after_unplugging_while_the_first_enumerates_or_is_opened(void **state)
{
    (void)state;
    cut.at_transfer = NEVER;
    for (unsigned cores = FEWEST_CORES; cores <= 2; cores++) {
        for (cut.at_us = 0; cut.at_us <= LAST_MOMENT; cut.at_us += TIME_STEP) {
            assert_true(survives(cores));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flashes_the_next_board_after_unplugging_before_any_transfer),
        cmocka_unit_test(flashes_the_next_board_after_unplugging_after_any_transfer),
        cmocka_unit_test(flashes_the_next_board_after_unplugging_between_any_two_packets),
        cmocka_unit_test(flashes_the_next_board_after_unplugging_while_the_first_enumerates_or_is_opened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
