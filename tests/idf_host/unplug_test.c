/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The example, with the cable pulled at every USB transfer in turn, before and after its data has moved,
 * after every packet, and at every hundredth of a second while the board enumerates and is opened. Whatever
 * the moment: the host says that the device left, waits for the next board, and flashes that one completely.
 *
 * The next board is a fresh one. Built with SAME_BOARD it is the same again: after it was without power, as a
 * board on USB is, and with what it was doing still at work, as in a board with a supply of its own or when
 * the host was reset.
 */
#include <stdio.h>
#include <string.h>

#include "cdc_driver.h"
#include "console.h"
#include "esp_host.h"
#include "esp_loader_error.h"
#include "test.h"

/* Without a sanitizer every transfer is tried; a sanitizer looks for what does not depend on the very one. */
#if defined(__SANITIZE_THREAD__)
#define FEWEST_CORES   2u /* with one nothing runs in parallel */
#define FIRST_TRANSFER 1u
#define STEP           3u
#elif defined(__SANITIZE_ADDRESS__)
#define FEWEST_CORES   1u
#define FIRST_TRANSFER 2u
#define STEP           3u
#else
#define FEWEST_CORES   1u
#define FIRST_TRANSFER 0u
#define STEP           1u
#endif
#define NEVER        UINT32_MAX
#define AWAY_US      6000000u /* one that is back earlier after "Done!" was reset */
#define TIME_STEP    (10000u * STEP)
#define LAST_MOMENT  800000u
#define STUB_AT_WORK "a stub is at work\n"
#define SLOW_STEP    (25000u * STEP)
#define SLOW_END     3500000u /* it is not done before */

typedef enum { FRESH_BOARD, SAME_BOARD_WITHOUT_POWER, SAME_BOARD_STILL_AT_WORK } next_t;

static struct {
    next_t next;
    unsigned at_transfer; /* NEVER = by time */
    bus_moment_t moment;
    uint64_t at_us;
    esp_sim_timing_t timing;
    uint64_t away_us; /* 0 = as long as a person takes */
    bool has_happened;
    unsigned stubs_at_work; /* boards that came back with a stub running */
} cut = {.timing = ESP_SIM_TIMING_FAST};

/* ---- in the scenario ---- */

static board_t *first;
static bool is_done; /* the first one */

static void check_flash(unsigned number)
{
    (void)number;
    bench_check_flash(ESP32S3_CHIP);
}

static usb_gadget_t *second(unsigned number)
{
    board_t *board = cut.next == FRESH_BOARD ? board_new("esp32s3", number + 1, cut.timing) : first;
    if (cut.next == SAME_BOARD_WITHOUT_POWER) {
        esp_sim_unplug(board->sim);
        esp_sim_plug(board->sim, false);
    } else if (esp_sim_state(board->sim) == ESP_SIM_STATE_DOWNLOAD_STUB) {
        printf(STUB_AT_WORK);
    }
    bench_watch(board);
    return &board->gadget;
}

static void plug_second(void *arg)
{
    (void)arg;
    bus_watch(NULL, NULL);
    const uint64_t by_hand_us = cut.next == FRESH_BOARD ? 0 : AWAY_US;
    bench_start(&(bench_t){.board_count = 1,
                           .make = second,
                           .before_unplug = check_flash,
                           .first_in_us = cut.away_us != 0 ? cut.away_us : by_hand_us});
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

/** The board is done and was never cut. */
static void end_uncut(void *arg)
{
    (void)arg;
    if (!cut.has_happened) {
        printf("uncut\n");
        scenario_succeed();
    }
}

static void pull(void *arg)
{
    if (is_done && cut.next != FRESH_BOARD) { /* the same one back at once would be left alone */
        end_uncut(arg);
    }
    bus_unplug();
    after_cut();
}

static void plug_first(void *arg)
{
    (void)arg;
    first = board_new("esp32s3", 1, cut.timing);
    bus_plug(&first->gadget);
    if (cut.at_transfer == NEVER) {
        bus_after(cut.at_us, pull, NULL);
    }
}

static void on_log_of_first(const char *text)
{
    if (strcmp(text, "Done!") == 0) {
        is_done = true;
        bus_after(AWAY_US, end_uncut, NULL);
    }
}

static void setup(void)
{
    bus_watch(watch, NULL);
    esp_host_listen(on_log_of_first);
    bus_after(BENCH_PAUSE_US, plug_first, NULL);
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

/** The last board of a run is flashed: every step is said of a fresh one, of one that holds some of it
 * already only that it is done. */
static bool is_next_board_flashed(const char *output)
{
    if (cut.next != FRESH_BOARD) {
        return ends_with(output, "I usb_flasher: Done!\n" OPENING);
    }
    return ends_with(output, OPENING FLASHED OPENING) || ends_with(output, OPENING "cut\n" FLASHED OPENING);
}

/** Runs one cut; false when the first board was finished before it came. */
static bool survives(unsigned cores)
{
    char label[100];
    snprintf(label, sizeof(label), "next %u, cores %u, transfer %u, moment %u, time %u us",
             (unsigned)cut.next, cores, cut.at_transfer, (unsigned)cut.moment, (unsigned)cut.at_us);
    const char *output = bench_console(
        scenario_passes(&(scenario_t){.label = label, .cores = cores, .setup = setup, .main = app_main}));
    if (ends_with(output, "uncut\n")) {
        return false;
    }
    cut.stubs_at_work += count(output, STUB_AT_WORK);
    const unsigned done = count(output, "Done!\n");
    const unsigned gone = count(output, esp_loader_error_text(ESP_LOADER_ERROR_DISCONNECTED));
    const unsigned errors = count(output, "E usb_flasher: ");
    if (!is_next_board_flashed(output) || count(output, "cut\n") != 1 || errors != gone || errors > 1 ||
        count(output, "W usb_flasher: ") != 0 || (cut.at_transfer != NEVER && done + gone != 2)) {
        fprintf(stderr, "--- %s\n%s\n---\n", label, output);
        fail();
    }
    return true;
}

static void survives_unplugging_at_every_transfer(bus_moment_t moment)
{
    for (unsigned cores = FEWEST_CORES; cores <= 2; cores++) {
        unsigned cuts = 0;
        for (cut.at_transfer = FIRST_TRANSFER; cut.moment = moment, survives(cores);
             cut.at_transfer += STEP) {
            cuts++;
        }
        print_message("%u cut points with %u core(s)\n", cuts, cores);
        assert_true(cuts >= 90 / STEP);
    }
}

#if !SAME_BOARD

TEST(flashes_the_next_board_after_unplugging_before_any_transfer)
{
    survives_unplugging_at_every_transfer(BUS_BEFORE);
}

TEST(flashes_the_next_board_after_unplugging_after_any_transfer)
{
    survives_unplugging_at_every_transfer(BUS_AFTER);
}

TEST(flashes_the_next_board_after_unplugging_between_any_two_packets)
{
    survives_unplugging_at_every_transfer(BUS_PACKET);
}

TEST(flashes_the_next_board_after_unplugging_while_the_first_enumerates_or_is_opened)
{
    cut.at_transfer = NEVER;
    for (unsigned cores = FEWEST_CORES; cores <= 2; cores++) {
        for (cut.at_us = 0; cut.at_us <= LAST_MOMENT; cut.at_us += TIME_STEP) {
            assert_true(survives(cores));
        }
    }
}

#else

TEST(flashes_a_board_again_that_lost_its_power_after_any_transfer)
{
    cut.stubs_at_work = 0;
    cut.next = SAME_BOARD_WITHOUT_POWER;
    survives_unplugging_at_every_transfer(BUS_AFTER);
    assert_int_equal(cut.stubs_at_work, 0);
}

TEST(flashes_a_board_again_whose_loader_is_still_at_work_after_any_transfer)
{
    cut.stubs_at_work = 0;
    cut.next = SAME_BOARD_STILL_AT_WORK;
    survives_unplugging_at_every_transfer(BUS_AFTER);
    assert_true(cut.stubs_at_work >= 90 / STEP);
}

TEST(flashes_a_board_again_whose_loader_has_got_any_number_of_packets)
{
    cut.stubs_at_work = 0;
    cut.next = SAME_BOARD_STILL_AT_WORK;
    survives_unplugging_at_every_transfer(BUS_PACKET);
    assert_true(cut.stubs_at_work >= 200 / STEP);
}

/** Its flash takes as long as data sheets allow, and it is back at once: within erases, for one. */
TEST(flashes_a_board_again_whose_flash_is_still_busy)
{
    cut.stubs_at_work = 0;
    cut.next = SAME_BOARD_STILL_AT_WORK;
    cut.timing = ESP_SIM_TIMING_SLOW;
    cut.away_us = 1;
    cut.at_transfer = NEVER;
    for (cut.at_us = 0; survives(1); cut.at_us += SLOW_STEP) {
    }
    assert_true(cut.at_us >= SLOW_END);
    assert_true(cut.stubs_at_work >= 50 / STEP);
}

#endif
