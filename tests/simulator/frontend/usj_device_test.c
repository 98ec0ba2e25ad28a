/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Transfers of the virtual USB-Serial/JTAG device against the chip model in process, on virtual time: they
 * wait while there is nothing to move, end where USB says, and can be given up at any moment.
 */
#include "test.h"
#include "usj_device.h"

#include <stdlib.h>
#include <string.h>

enum { COMPLETIONS = 64, DATA_SIZE = 512 };

typedef struct {
    uint32_t id;
    bool is_stalled, is_overflow;
    size_t done;
    uint8_t data[DATA_SIZE];
} completion_t;

typedef struct {
    esp_sim_t *sim;
    fe_usj_device_t device;
    completion_t completions[COMPLETIONS];
    size_t count;
    unsigned line_changes;
} bench_t;

static void completed(void *ctx, const fe_usj_transfer_t *transfer, bool is_stalled, bool is_overflow)
{
    bench_t *bench = ctx;
    assert_true(bench->count < COMPLETIONS);
    completion_t *completion = &bench->completions[bench->count++];
    *completion = (completion_t){
        .id = transfer->id, .is_stalled = is_stalled, .is_overflow = is_overflow, .done = transfer->done};
    assert_true(transfer->done <= transfer->size);
    if (transfer->is_in && transfer->done <= DATA_SIZE)
        memcpy(completion->data, transfer->data, transfer->done);
}

static void set_lines(void *ctx, bool dtr, bool rts)
{
    bench_t *bench = ctx;
    bench->line_changes++;
    esp_sim_host_set_lines(bench->sim, dtr, rts);
}

static bench_t *bench_new(const char *faults)
{
    static const uint8_t mac[6] = {2, 0, 0, 0, 0, 1};
    const esp_sim_config_t config = {.start_in_download = true, .faults = faults};
    char error[256];
    bench_t *bench = calloc(1, sizeof(*bench));
    assert_non_null(bench);
    bench->sim = esp_sim_new(&config, error, sizeof(error));
    assert_non_null(bench->sim);
    const fe_usj_host_t host = {.completed = completed, .set_lines = set_lines, .ctx = bench};
    fe_usj_device_init(&bench->device, &host, mac);
    return bench;
}

static void bench_free(bench_t *bench)
{
    fe_usj_device_clear(&bench->device);
    assert_int_equal(bench->device.count, 0);
    assert_int_equal(bench->device.bytes, 0);
    esp_sim_free(bench->sim);
    free(bench);
}

/* A case with a device and a chip with these faults. */
#define TEST_USJ(name, faults)                                                                               \
    TEST_GIVEN(name, bench_t *bench, bench_t *bench = bench_new(faults); case_##name(bench);                 \
               bench_free(bench))

/* Lets model time pass and packets move. */
static void run(bench_t *bench, uint64_t us)
{
    const uint64_t end_us = esp_sim_now_us(bench->sim) + us;
    while (esp_sim_now_us(bench->sim) < end_us) {
        fe_usj_device_move(&bench->device, bench->sim);
        uint64_t next_us = esp_sim_next_event_us(bench->sim);
        if (next_us <= esp_sim_now_us(bench->sim) || next_us > end_us)
            next_us = end_us;
        esp_sim_run_until(bench->sim, next_us);
    }
    fe_usj_device_move(&bench->device, bench->sim);
}

static bool submit(bench_t *bench, uint32_t id, bool is_in, uint8_t endpoint, const void *data, size_t size)
{
    fe_usj_transfer_t *transfer = fe_usj_transfer_new(size);
    assert_non_null(transfer);
    transfer->id = id;
    transfer->is_in = is_in;
    transfer->endpoint = endpoint;
    if (data != NULL)
        memcpy(endpoint == 0 ? transfer->setup : transfer->data, data, endpoint == 0 ? 8 : size);
    return fe_usj_device_submit(&bench->device, transfer);
}

static const uint8_t sync_frame[] = {0xC0, 0x00, 0x08, 0x24, 0x00, 0x00, 0x00, 0x00, 0x00, 0x07, 0x07, 0x12,
                                     0x20, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55,
                                     0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55,
                                     0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0xC0};

static void add_faults(bench_t *bench, const char *script)
{
    char error[128];
    assert_true(esp_sim_add_faults(bench->sim, script, error, sizeof(error)));
}

/* Takes the boot log, so that a test begins with silence. */
static void drain(bench_t *bench)
{
    uint8_t bytes[1024];
    run(bench, 1000000);
    while (esp_sim_host_read(bench->sim, bytes, sizeof(bytes)) > 0) {
    }
}

TEST_USJ(in_transfer_waits_until_the_chip_sends, NULL)
{
    drain(bench);
    assert_true(submit(bench, 7, true, FE_USJ_IN_SERIAL, NULL, 64));
    run(bench, 5000000);
    assert_int_equal(bench->count, 0);
    assert_true(submit(bench, 8, false, FE_USJ_OUT_SERIAL, sync_frame, sizeof(sync_frame)));
    run(bench, 100000);
    assert_int_equal(bench->count, 2);
    assert_int_equal(bench->completions[0].id, 8);
    assert_int_equal(bench->completions[0].done, sizeof(sync_frame));
    assert_int_equal(bench->completions[1].id, 7);
    assert_true(bench->completions[1].done > 0);
    assert_int_equal(bench->completions[1].data[0], 0xC0);
}

TEST_USJ(transfers_complete_in_order_without_losing_bytes, NULL)
{
    uint8_t stream[1024];
    size_t size = 0;
    drain(bench);
    for (uint32_t id = 1; id <= 16; id++)
        assert_true(submit(bench, id, true, FE_USJ_IN_SERIAL, NULL, 128));
    assert_true(submit(bench, 100, false, FE_USJ_OUT_SERIAL, sync_frame, sizeof(sync_frame)));
    run(bench, 100000);
    uint32_t next = 1;
    for (size_t i = 0; i < bench->count; i++) {
        if (bench->completions[i].id == 100)
            continue;
        assert_int_equal(bench->completions[i].id, next++);
        memcpy(stream + size, bench->completions[i].data, bench->completions[i].done);
        size += bench->completions[i].done;
    }
    assert_int_equal(size, 8 * 14); /* eight replies */
    for (size_t i = 0; i < size; i += 14) {
        assert_int_equal(stream[i], 0xC0);
        assert_int_equal(stream[i + 13], 0xC0);
    }
}

TEST_USJ(out_transfer_waits_while_the_chip_does_not_read, "at transfer 3 out : stall")
{
    uint8_t bytes[1024];
    memset(bytes, 0xC0, sizeof(bytes));
    run(bench, 1000000);
    assert_true(submit(bench, 1, false, FE_USJ_OUT_SERIAL, bytes, sizeof(bytes)));
    assert_true(submit(bench, 2, false, FE_USJ_OUT_SERIAL, bytes, 1));
    run(bench, 10000000);
    assert_int_equal(bench->count, 0);
    assert_int_equal(esp_sim_stats(bench->sim)->bytes_out, 128); /* two packets, then NAK */
    assert_true(fe_usj_device_unlink(&bench->device, 1));
    assert_false(fe_usj_device_unlink(&bench->device, 1));
    run(bench, 1000000);
    assert_int_equal(bench->count, 0);
}

TEST_USJ(full_packets_are_ended_by_an_empty_one, NULL)
{
    drain(bench);
    add_faults(bench, "stale 64");
    assert_true(submit(bench, 1, true, FE_USJ_IN_SERIAL, NULL, 128));
    run(bench, 100000);
    assert_int_equal(bench->count, 1);
    assert_int_equal(bench->completions[0].done, 64);
}

TEST_USJ(without_empty_packets_data_is_stuck_until_more_comes, "no zero packet")
{
    drain(bench);
    add_faults(bench, "stale 64");
    assert_true(submit(bench, 1, true, FE_USJ_IN_SERIAL, NULL, 128));
    run(bench, 5000000);
    assert_int_equal(bench->count, 0);
    add_faults(bench, "stale 1");
    run(bench, 100000);
    assert_int_equal(bench->count, 1);
    assert_int_equal(bench->completions[0].done, 65);
    assert_true(submit(bench, 2, true, FE_USJ_IN_SERIAL, NULL, 64)); /* one packet: never stuck */
    add_faults(bench, "stale 64");
    run(bench, 100000);
    assert_int_equal(bench->count, 2);
}

TEST_USJ(too_short_a_transfer_overflows, NULL)
{
    drain(bench);
    assert_true(submit(bench, 1, true, FE_USJ_IN_SERIAL, NULL, 10));
    add_faults(bench, "stale 11");
    run(bench, 100000);
    assert_int_equal(bench->count, 1);
    assert_true(bench->completions[0].is_overflow);
    assert_int_equal(bench->completions[0].done, 10);
}

TEST_USJ(notification_and_jtag_endpoints_never_complete, NULL)
{
    assert_true(submit(bench, 1, true, FE_USJ_IN_NOTIFY, NULL, 64));
    assert_true(submit(bench, 2, true, FE_USJ_IN_JTAG, NULL, 64));
    assert_true(submit(bench, 3, false, FE_USJ_OUT_JTAG, "x", 1));
    run(bench, 5000000);
    assert_int_equal(bench->count, 0);
    for (uint32_t id = 1; id <= 3; id++)
        assert_true(fe_usj_device_unlink(&bench->device, id));
    assert_int_equal(bench->device.count, 0);
}

static const uint32_t orders[][4] = {{1, 2, 3, 4}, {4, 3, 2, 1}, {2, 4, 1, 3}, {3, 1, 4, 2}};

TEST_ROWS(unlinking_takes_any_transfer_out_of_a_queue, orders)
{
    bench_t *bench = bench_new(NULL);
    for (uint32_t id = 1; id <= 4; id++)
        assert_true(submit(bench, id, true, FE_USJ_IN_JTAG, NULL, 64));
    for (size_t k = 0; k < 4; k++)
        assert_true(fe_usj_device_unlink(&bench->device, (*row)[k]));
    assert_true(submit(bench, 5, true, FE_USJ_IN_JTAG, NULL, 64)); /* the queue is in order again */
    assert_true(fe_usj_device_unlink(&bench->device, 5));
    assert_int_equal(bench->count, 0);
    bench_free(bench);
}

TEST_USJ(unknown_and_halted_endpoints_are_stalled, NULL)
{
    static const uint8_t halt[8] = {0x02, 3, 0, 0, 0x83, 0, 0, 0};
    assert_true(submit(bench, 1, true, 4, NULL, 64));
    assert_true(submit(bench, 2, false, 3, "x", 1));
    assert_int_equal(bench->count, 2);
    assert_true(bench->completions[0].is_stalled && bench->completions[1].is_stalled);

    assert_true(submit(bench, 3, true, FE_USJ_IN_JTAG, NULL, 64));
    assert_true(submit(bench, 4, false, 0, halt, 0));
    assert_int_equal(bench->count, 4);
    assert_int_equal(bench->completions[3].id, 3); /* what waited is refused too */
    assert_true(bench->completions[3].is_stalled);
    assert_true(submit(bench, 5, true, FE_USJ_IN_JTAG, NULL, 64));
    assert_true(bench->completions[4].is_stalled);
}

TEST_USJ(line_state_reaches_the_chip, NULL)
{
    static const uint8_t reset[8] = {0x21, 0x22, 2, 0, 0, 0, 0, 0};
    run(bench, 1000000);
    const uint64_t resets = esp_sim_stats(bench->sim)->resets;
    assert_true(submit(bench, 1, false, 0, reset, 0));
    assert_int_equal(bench->line_changes, 1);
    assert_int_equal(esp_sim_stats(bench->sim)->resets, resets + 1);
}

TEST_USJ(too_many_transfers_are_refused, NULL)
{
    for (uint32_t id = 0; id < FE_USJ_TRANSFERS_MAX; id++)
        assert_true(submit(bench, id, true, FE_USJ_IN_JTAG, NULL, 64));
    assert_false(submit(bench, 9999, true, FE_USJ_IN_JTAG, NULL, 64));
    fe_usj_device_clear(&bench->device);
    assert_true(submit(bench, 1, true, FE_USJ_IN_JTAG, NULL, FE_USJ_BYTES_MAX - 1));
    assert_true(submit(bench, 2, true, FE_USJ_IN_JTAG, NULL, 1));
    assert_false(submit(bench, 3, true, FE_USJ_IN_JTAG, NULL, 1));
    assert_int_equal(bench->count, 0);
}

TEST_USJ(chip_is_blocked_only_while_it_sends_and_nobody_reads, NULL)
{
    drain(bench);
    assert_false(fe_usj_device_is_blocked(&bench->device, bench->sim));
    add_faults(bench, "stale 5");
    assert_true(fe_usj_device_is_blocked(&bench->device, bench->sim));
    assert_true(submit(bench, 1, true, FE_USJ_IN_SERIAL, NULL, 64));
    assert_false(fe_usj_device_is_blocked(&bench->device, bench->sim));
}
