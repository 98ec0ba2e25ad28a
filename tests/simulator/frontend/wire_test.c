/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The queues between a client and a chip, and the pump that moves bytes between them: nothing is lost,
 * nothing is taken that cannot be passed on.
 */
#include "test.h"
#include "wire.h"

#include <stdlib.h>
#include <string.h>

TEST(queue_keeps_order_over_its_end)
{
    fe_queue_t *queue = calloc(1, sizeof(*queue));
    uint8_t piece[1000];
    uint8_t in = 0;
    uint8_t out = 0;
    assert_non_null(queue);
    for (unsigned round = 0; round < 50; round++) {
        for (size_t i = 0; i < sizeof(piece); i++)
            piece[i] = (uint8_t)(in + i);
        in = (uint8_t)(in + fe_queue_push(queue, piece, sizeof(piece)));
        size_t size;
        const uint8_t *bytes = fe_queue_peek(queue, &size);
        const size_t taken = size < 700 ? size : 700;
        assert_true(taken > 0);
        for (size_t i = 0; i < taken; i++)
            assert_int_equal(bytes[i], out++);
        fe_queue_drop(queue, taken);
    }
    free(queue);
}

TEST(queue_takes_exactly_what_fits)
{
    fe_queue_t *queue = calloc(1, sizeof(*queue));
    uint8_t *bytes = calloc(1, FE_QUEUE_CAPACITY);
    size_t size;
    assert_non_null(queue);
    assert_non_null(bytes);
    (void)fe_queue_peek(queue, &size);
    assert_int_equal(size, 0);
    assert_int_equal(fe_queue_push(queue, bytes, 10), 10);
    assert_int_equal(fe_queue_push(queue, bytes, FE_QUEUE_CAPACITY), FE_QUEUE_CAPACITY - 10);
    assert_int_equal(fe_queue_space(queue), 0);
    assert_int_equal(fe_queue_push(queue, bytes, 1), 0);
    fe_queue_drop(queue, FE_QUEUE_CAPACITY + 1);
    assert_int_equal(fe_queue_space(queue), FE_QUEUE_CAPACITY);
    free(bytes);
    free(queue);
}

/* A client that takes at most `takes` bytes in all. */
typedef struct {
    size_t takes;
    size_t calls;
    size_t size;
    uint8_t bytes[16384];
} client_t;

static size_t client_takes(void *cable, const uint8_t *bytes, size_t size)
{
    client_t *client = cable;
    const size_t taken = size < client->takes ? size : client->takes;
    assert_true(client->size + taken <= sizeof(client->bytes));
    memcpy(client->bytes + client->size, bytes, taken);
    client->size += taken;
    client->takes -= taken;
    client->calls++;
    return taken;
}

typedef struct {
    esp_sim_t *sim;
    fe_wire_t wire;
    client_t client;
} bench_t;

/* A case with a chip in download mode, and a client of it. */
static void run_wire(esp_sim_wiring_t wiring, const char *faults, void (*run)(bench_t *bench))
{
    static bench_t bench;
    char error[200] = "";
    const esp_sim_config_t config = {.wiring = wiring, .start_in_download = true, .faults = faults};
    memset(&bench, 0, sizeof(bench));
    bench.sim = esp_sim_new(&config, error, sizeof(error));
    assert_string_equal(error, "");
    assert_non_null(bench.sim);
    bench.wire = (fe_wire_t){.send = client_takes, .cable = &bench.client};
    run(&bench);
    esp_sim_free(bench.sim);
}

#define TEST_WIRE(name, wiring, faults)                                                                      \
    TEST_GIVEN(name, bench_t *bench, run_wire(wiring, faults, case_##name))

TEST_WIRE(chip_gets_no_more_than_it_accepts_and_the_rest_waits, ESP_SIM_WIRING_USJ, NULL)
{
    uint8_t bytes[200];
    memset(bytes, 0x55, sizeof(bytes));
    esp_sim_run_until(bench->sim, 1000000);
    (void)fe_queue_push(&bench->wire.to_chip, bytes, sizeof(bytes));
    fe_wire_move(&bench->wire, bench->sim, false, true);
    assert_int_equal(bench->wire.to_chip.count, 200 - 64); /* one packet until the CPU has read it */
    fe_wire_move(&bench->wire, bench->sim, false, true);
    assert_int_equal(bench->wire.to_chip.count, 200 - 64);
    esp_sim_run_until(bench->sim, 2000000);
    fe_wire_move(&bench->wire, bench->sim, false, true);
    assert_int_equal(bench->wire.to_chip.count, 200 - 128);
}

TEST_WIRE(client_that_takes_nothing_stops_the_pump_and_loses_nothing, ESP_SIM_WIRING_NONE, "stale 8192")
{
    esp_sim_run_until(bench->sim, 3000000);
    fe_wire_move(&bench->wire, bench->sim, true, true);
    assert_true(fe_wire_is_blocked(&bench->wire));
    assert_int_equal(bench->client.size, 0);

    bench->client.takes = 10; /* makes room, which the pump fills at once */
    fe_wire_move(&bench->wire, bench->sim, true, false);
    assert_int_equal(bench->client.size, 10);
    assert_true(fe_wire_is_blocked(&bench->wire));

    bench->client.takes = SIZE_MAX;
    fe_wire_move(&bench->wire, bench->sim, true, true);
    assert_false(fe_wire_is_blocked(&bench->wire));
    assert_int_equal(bench->wire.to_client.count, 0);
    const char *console = esp_sim_console(bench->sim);
    assert_int_equal(bench->client.size, 8192 + strlen(console));
    assert_memory_equal(bench->client.bytes + 41 * 2, bench->client.bytes,
                        41 * 100); /* the stale text repeats */
}

TEST_WIRE(small_output_is_kept_until_it_is_to_be_sent, ESP_SIM_WIRING_NONE, NULL)
{
    bench->client.takes = SIZE_MAX;
    for (uint64_t time_us = 0; time_us < 1000000; time_us += 100) {
        esp_sim_run_until(bench->sim, time_us);
        fe_wire_move(&bench->wire, bench->sim, true, false);
    }
    assert_int_equal(bench->client.calls, 0);
    fe_wire_move(&bench->wire, bench->sim, true, true);
    assert_int_equal(bench->client.calls, 1);
    assert_int_equal(bench->client.size, strlen(esp_sim_console(bench->sim)));
    assert_memory_equal(bench->client.bytes, esp_sim_console(bench->sim), bench->client.size);
}

TEST_WIRE(output_is_lost_while_there_is_no_client, ESP_SIM_WIRING_NONE, NULL)
{
    bench->client.takes = SIZE_MAX;
    esp_sim_run_until(bench->sim, 1000000);
    fe_wire_move(&bench->wire, bench->sim, false, true);
    fe_wire_move(&bench->wire, bench->sim, true, true);
    assert_int_equal(bench->client.size, 0);
    assert_true(esp_sim_stats(bench->sim)->bytes_in > 0);
}
