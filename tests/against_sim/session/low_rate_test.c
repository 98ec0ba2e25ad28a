/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Low rates: a block of 16 KiB is on the wire for a minute, and no deadline passes meanwhile. On the slowest
 * flash, because the wire and the work add up.
 */
#include <string.h>

#include "bench.h"

#ifdef ESP_LOADER_SMALL
static const uint32_t rates[] = {14400}; /* what its deadlines hold for */
#else
static const uint32_t rates[] = {14400, 9600, 4800, 1200};
#endif

enum { SIZE = 0x8000, PLACE = 0x11000 };

static bench_t make_bench(size_t loader)
{
    return (bench_t){.config = {.timing = ESP_SIM_TIMING_SLOW,
                                .wiring = ESP_SIM_WIRING_BRIDGE,
                                .flash_size = 4u << 20,
                                .accepts_any_stub = true},
                     .target_loader = (int)loader};
}

/* Each of so many loaders at each rate; begins with go_to(). */
#define TEST_RATES(name, loaders)                                                                            \
    TEST_CONNECTED_EACH(name, COUNT(rates) * (loaders), make_bench(i / COUNT(rates)))

static void go_to(bench_t *b, uint32_t rate)
{
    print_message("%u baud\n", (unsigned)rate);
    assert_success(esp_loader_change_transmission_rate(&b->loader, rate));
    memset(esp_sim_flash(b->sim), 0x5A, 4u << 20);
}

/* Once ordinary data, once data that is twice as long on the wire. */
TEST_RATES(flash_is_written_read_and_hashed_at_low_rates, LOADER_COUNT)
{
    static uint8_t data[SIZE];
    static uint8_t back[SIZE];
    uint8_t md5[ESP_LOADER_MD5_SIZE];
    go_to(b, rates[i % COUNT(rates)]);
    for (int content = 0; content < 2; content++) {
        bench_fill(data, SIZE, 5);
        memset(data, 0xC0, content == 0 ? 0 : SIZE);
        assert_success(
            bench_flash_blocks(b, PLACE, data, SIZE, b->target_loader == ROM ? 1024 : 16384, false));
        assert_memory_equal(esp_sim_flash(b->sim) + PLACE, data, SIZE);
        assert_success(esp_loader_flash_md5(&b->loader, PLACE, SIZE, md5));
        assert_success(esp_loader_flash_read(&b->loader, back, PLACE, SIZE));
        assert_memory_equal(back, data, SIZE);
    }
    assert_success(esp_loader_change_transmission_rate(&b->loader, 115200));
    assert_success(esp_loader_flash_md5(&b->loader, PLACE, SIZE, md5));
}

#ifndef ESP_LOADER_SMALL

/* The port stays at the rate, at which the ROM answers after the reset. */
TEST_RATES(stub_is_loaded_at_low_rates, 1)
{
    go_to(b, rates[i]);
    assert_success(esp_loader_connect_with_stub(&b->loader, NULL));
    assert_true(esp_loader_stub_is_running(&b->loader));
    assert_answers(b);
}

/* The barrier after a lost reply is as slow as all else. */
TEST_RATES(lost_reply_is_recovered_from_at_low_rates, LOADER_COUNT)
{
    go_to(b, rates[i % COUNT(rates)]);
    bench_faults(b, "at reply 1: drop; at reply 2: delay 50 ms");
    assert_answers(b);
    b->expects_misuse = true;
}

/* One that is gone is noticed: what the wire needs is all that is added. */
TEST_CONNECTED(silence_is_noticed_as_soon_as_the_wire_allows, make_bench(ROM))
{
    uint8_t mac[6];
    go_to(b, 9600);
    bench_faults(b, "from command 1: drop");
    uint64_t since_us = esp_sim_now_us(b->sim);
    assert_int_equal(esp_loader_read_mac(&b->loader, mac), ESP_LOADER_ERROR_TIMEOUT);
    assert_in_range(esp_sim_now_us(b->sim) - since_us, 3000000, 9000000);
    b->expects_misuse = true;
}

#endif
