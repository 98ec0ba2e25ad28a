/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Targets behind a network: answers that come up to two seconds late. An answer to an earlier attempt is not
 * taken for one of the target as it is now.
 */

#include "bench.h"

enum { GIVEN_UP_MS = 3000, FAST_MS = 400 };

typedef struct {
    esp_sim_wiring_t wiring;
    bool is_kind_known;
} link_t;

static const link_t links[] = {{ESP_SIM_WIRING_BRIDGE, true},
                               {ESP_SIM_WIRING_BRIDGE, false},
                               {ESP_SIM_WIRING_USJ, true},
                               {ESP_SIM_WIRING_USJ, false},
                               {ESP_SIM_WIRING_NONE, false}};

static bench_t make_bench(const link_t *link, uint32_t latency_ms, const char *chip)
{
    return BENCH(.chip = chip, .wiring = link->wiring, .accepts_any_stub = true,
                 .latency_us = latency_ms * 1000);
}

/* `b`, opened, on each link. */
#define TEST_LINKS(name, latency_ms)                                                                         \
    BENCH_TEST(name, bench_open, i, COUNT(links), make_bench(&links[i], latency_ms, "esp32s3"))

static void hide_kind(bench_t *b, const link_t *link)
{
    b->expects_misuse = true; /* SYNC overruns the FIFO of a chip that does not read yet */
    if (!link->is_kind_known) {
        b->port.base.link = ESP_LOADER_LINK_UNKNOWN;
    }
}

static void flash_something(bench_t *b)
{
    static uint8_t data[20000];
    bench_fill(data, sizeof(data), 3);
    assert_success(bench_flash(b, 0x20000, data, sizeof(data), false));
    assert_memory_equal(esp_sim_flash(b->sim) + 0x20000, data, sizeof(data));
}

#ifndef ESP_LOADER_SMALL

/* Nine seconds after a reset over USB-Serial/JTAG the RTC watchdog resets the chip, if it is not stopped; and
 * where the kind of the link is not known, its sequence is the second to be tried. */
enum { USJ_LATEST_MS = 1300 };

static const uint32_t latencies_ms[] = {0,   50,  150, 250, 300,  350,  400,  450,  500,  550,
                                        650, 750, 850, 950, 1100, 1300, 1500, 1700, 1900, 2000};

TEST(a_target_is_found_and_flashed_however_late_its_answers_are)
{
    static const char *const chips[] = {"esp32s3", "esp32", "esp32c6"};
    for (size_t i = 0; i < COUNT(links); i++) {
        for (size_t k = 0; k < COUNT(latencies_ms); k++) {
            if (links[i].wiring == ESP_SIM_WIRING_USJ && latencies_ms[k] > USJ_LATEST_MS) {
                continue;
            }
            for (unsigned stub = 0; stub < 2; stub++) {
                const char *chip = links[i].wiring == ESP_SIM_WIRING_USJ ? chips[k % 2 * 2] : chips[k % 3];
                bench_t b = make_bench(&links[i], latencies_ms[k], chip);
                b.target_loader = stub != 0 ? STUB : ROM;
                bench_open(&b);
                hide_kind(&b, &links[i]);
                esp_loader_error_t err = bench_try_connect(&b);
                if (err != ESP_LOADER_SUCCESS) {
                    fail_msg("link %u, %s, %u ms, stub %u: %s in stage %s", (unsigned)i, chip,
                             (unsigned)latencies_ms[k], stub, esp_loader_error_name(err),
                             esp_loader_stage_name(esp_loader_error_detail(&b.loader)->stage));
                }
                flash_something(&b);
                bench_close(&b);
            }
        }
    }
}

/* Stated beforehand: nothing has to be found out, also where it is later than anybody listens for. */
TEST_LINKS(as_much_patience_as_is_asked_for, 4000)
{
    esp_loader_connect_args_t args = {.sync_timeout = 5000, .trials = 10};
    hide_kind(b, &links[i]);
    if (links[i].wiring != ESP_SIM_WIRING_USJ) {
        assert_success(esp_loader_connect(&b->loader, &args));
        flash_something(b);
    }
}

#endif

TEST_LINKS(a_port_where_nothing_answers_is_given_up_soon, 0)
{
    hide_kind(b, &links[i]);
    bench_faults(b, "from byte 1 in: drop");
    assert_int_equal(esp_loader_connect(&b->loader, NULL), ESP_LOADER_ERROR_TIMEOUT);
    assert_in_range(esp_sim_now_us(b->sim) / 1000, 0, GIVEN_UP_MS);
}

TEST_LINKS(a_fast_link_connects_as_fast_as_ever, 0)
{
    bool is_second_style = links[i].wiring == ESP_SIM_WIRING_USJ && !links[i].is_kind_known;
    hide_kind(b, &links[i]);
    assert_success(esp_loader_connect(&b->loader, NULL));
    assert_in_range(esp_sim_now_us(b->sim) / 1000, 0, FAST_MS + (is_second_style ? 700 : 0));
    flash_something(b);
}

/* ---- a host that is suspended: its clock jumps once, at the n-th look at it ---- */

enum { JUMP_MS = 100000, LOOKS = 400, PATIENT_MS = 60000 };

static unsigned looks_to_jump;

static uint32_t jumping_now_ms(esp_loader_port_t *port)
{
    looks_to_jump -= looks_to_jump > 0;
    return sim_port_ops.now_ms(port) + (looks_to_jump == 0 ? JUMP_MS : 0);
}

TEST(a_clock_that_jumps_is_not_taken_for_a_slow_link)
{
    unsigned connected = 0;
    for (unsigned look = 1; look < LOOKS; look++) {
        bench_t b = make_bench(&links[look % 2], 0, "esp32s3");
        bench_open(&b);
        hide_kind(&b, &links[look % 2]);
        b.port.base.ops.now_ms = jumping_now_ms;
        looks_to_jump = look;
        if (esp_loader_connect(&b.loader, NULL) == ESP_LOADER_SUCCESS) {
            uint32_t value;
            connected++;
            bench_faults(&b, "from byte 1 in: drop");
            uint64_t from_us = esp_sim_now_us(b.sim);
            assert_int_equal(esp_loader_read_register(&b.loader, 0x60007044, &value),
                             ESP_LOADER_ERROR_TIMEOUT);
            assert_in_range((esp_sim_now_us(b.sim) - from_us) / 1000, 1, PATIENT_MS);
        }
        bench_close(&b);
    }
    assert_in_range(connected, LOOKS / 2, LOOKS);
}
