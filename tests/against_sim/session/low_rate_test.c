/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Low rates: a block of 16 KiB is on the wire for a minute, and no deadline passes meanwhile. On the slowest
 * flash, because the wire and the work add up.
 */
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "test.h"

#ifdef ESP_LOADER_SMALL
enum { LOADERS = 1 };
static const uint32_t rates[] = {14400}; /* what its deadlines hold for */
#else
enum { LOADERS = 2 };
static const uint32_t rates[] = {14400, 9600, 4800, 1200};
#endif

enum { ROM, STUB, SIZE = 0x8000, PLACE = 0x11000 };

#define RATE_COUNT (sizeof(rates) / sizeof(rates[0]))

static void start(bench_t *b, int loader, uint32_t rate)
{
    print_message("%s, %u baud\n", loader == ROM ? "ROM" : "stub", (unsigned)rate);
    *b = (bench_t){.config = {.timing = ESP_SIM_TIMING_SLOW,
                              .wiring = ESP_SIM_WIRING_BRIDGE,
                              .flash_size = 4u << 20,
                              .accepts_any_stub = true}};
    bench_open(b);
    assert_int_equal(loader == STUB ? esp_loader_connect_with_stub(&b->loader, NULL)
                                    : esp_loader_connect(&b->loader, NULL),
                     ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_change_transmission_rate(&b->loader, rate), ESP_LOADER_SUCCESS);
    memset(esp_sim_flash(b->sim), 0x5A, 4u << 20);
}

static esp_loader_error_t write_blocks(bench_t *b, const uint8_t *data, uint32_t block)
{
    esp_loader_flash_cfg_t cfg = {.offset = PLACE, .image_size = SIZE, .block_size = block};
    RETURN_ON_ERROR(esp_loader_flash_start(&b->loader, &cfg));
    for (uint32_t done = 0; done < SIZE; done += block) {
        RETURN_ON_ERROR(esp_loader_flash_write(&b->loader, &cfg, data + done, block));
    }
    return esp_loader_flash_finish(&b->loader, &cfg);
}

/* Once ordinary data, once data that is twice as long on the wire. */
TEST(flash_is_written_read_and_hashed_at_low_rates)
{
    static uint8_t data[SIZE];
    static uint8_t back[SIZE];
    for (int loader = 0; loader < LOADERS; loader++) {
        for (size_t r = 0; r < RATE_COUNT; r++) {
            bench_t b;
            uint8_t md5[ESP_LOADER_MD5_SIZE];
            start(&b, loader, rates[r]);
            for (int content = 0; content < 2; content++) {
                bench_fill(data, SIZE, 5);
                memset(data, 0xC0, content == 0 ? 0 : SIZE);
                assert_int_equal(write_blocks(&b, data, loader == ROM ? 1024 : 16384), ESP_LOADER_SUCCESS);
                assert_memory_equal(esp_sim_flash(b.sim) + PLACE, data, SIZE);
                assert_int_equal(esp_loader_flash_md5(&b.loader, PLACE, SIZE, md5), ESP_LOADER_SUCCESS);
                assert_int_equal(esp_loader_flash_read(&b.loader, back, PLACE, SIZE), ESP_LOADER_SUCCESS);
                assert_memory_equal(back, data, SIZE);
            }
            assert_int_equal(esp_loader_change_transmission_rate(&b.loader, 115200), ESP_LOADER_SUCCESS);
            assert_int_equal(esp_loader_flash_md5(&b.loader, PLACE, SIZE, md5), ESP_LOADER_SUCCESS);
            bench_close(&b);
        }
    }
}

#ifndef ESP_LOADER_SMALL

/* The port stays at the rate, at which the ROM answers after the reset. */
TEST(stub_is_loaded_at_low_rates)
{
    for (size_t r = 0; r < RATE_COUNT; r++) {
        bench_t b;
        uint8_t mac[6];
        start(&b, ROM, rates[r]);
        assert_int_equal(esp_loader_connect_with_stub(&b.loader, NULL), ESP_LOADER_SUCCESS);
        assert_true(esp_loader_stub_is_running(&b.loader));
        assert_int_equal(esp_loader_read_mac(&b.loader, mac), ESP_LOADER_SUCCESS);
        assert_memory_equal(mac, esp_sim_mac(b.sim), sizeof(mac));
        bench_close(&b);
    }
}

/* The barrier after a lost reply is as slow as all else. */
TEST(lost_reply_is_recovered_from_at_low_rates)
{
    for (int loader = 0; loader < LOADERS; loader++) {
        for (size_t r = 0; r < RATE_COUNT; r++) {
            bench_t b;
            uint8_t mac[6];
            start(&b, loader, rates[r]);
            bench_faults(&b, "at reply 1: drop; at reply 2: delay 50 ms");
            assert_int_equal(esp_loader_read_mac(&b.loader, mac), ESP_LOADER_SUCCESS);
            assert_memory_equal(mac, esp_sim_mac(b.sim), sizeof(mac));
            bench_close_ignoring_misuse(&b);
        }
    }
}

/* One that is gone is noticed: what the wire needs is all that is added. */
TEST(silence_is_noticed_as_soon_as_the_wire_allows)
{
    bench_t b;
    uint8_t mac[6];
    start(&b, ROM, 9600);
    bench_faults(&b, "from command 1: drop");
    uint64_t since_us = esp_sim_now_us(b.sim);
    assert_int_equal(esp_loader_read_mac(&b.loader, mac), ESP_LOADER_ERROR_TIMEOUT);
    assert_in_range(esp_sim_now_us(b.sim) - since_us, 3000000, 9000000);
    bench_close_ignoring_misuse(&b);
}

#endif
