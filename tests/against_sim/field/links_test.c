/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Reports of people whose link brought too much, too little, or went away.
 */
#include <string.h>

#include "plan.h"

static void assert_works(plan_t *plan)
{
    uint8_t mac[6];

    assert_success(esp_loader_read_mac(&plan->bench.loader, mac));
    assert_memory_equal(mac, esp_sim_mac(plan->bench.sim), sizeof(mac));
    assert_success(plan_run(plan));
    assert_boots(plan);
}

static const char *const noises[] = {"boot garbage 3000", "stale 4000", "stale 500; boot garbage 20",
                                     "boot garbage 64; sync ignore 2"};

/* esptool issues 902, 938 and 1123: the chip had nothing to boot, or much to say, and what it printed was
 * taken for a damaged answer. */
TEST_LOADERS_EACH(a_chip_that_prints_while_one_connects_is_connected_to, COUNT(noises) * 2)
{
    static const esp_sim_wiring_t wirings[] = {ESP_SIM_WIRING_USJ, ESP_SIM_WIRING_BRIDGE};
    /* an erased flash: "invalid header" at each start */
    plan->bench.config.wiring = wirings[i % 2];
    plan->bench.config.faults = noises[i / 2];
    plan_connect(plan);
    assert_works(plan);
    plan->bench.expects_misuse = true; /* SYNC while the chip is busy printing */
}

/* esptool issue 697: another program had sent SYNC and gone; its answers were still coming, from the middle
 * of one. */
TEST_LOADERS_EACH(answers_to_another_program_are_not_taken_for_ours, 21u)
{
    static const uint8_t sync[] = {0xC0, 0x00, 0x08, 0x24, 0x00, 0x00, 0x00, 0x00, 0x00, 0x07, 0x07, 0x12,
                                   0x20, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55,
                                   0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55,
                                   0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0xC0};
    uint8_t eaten[200];
    const size_t gone = 5 * i;
    plan->bench.config.wiring = ESP_SIM_WIRING_NONE;
    plan->bench.config.start_in_download = true;
    bench_open(&plan->bench);
    bench_wait_us(&plan->bench, 200000);
    assert_int_equal(esp_sim_host_write(plan->bench.sim, sync, sizeof(sync)), sizeof(sync));
    bench_wait_us(&plan->bench, 30000);
    size_t taken = esp_sim_host_read(plan->bench.sim, eaten, gone);
    assert_true(taken <= gone);
    assert_success(bench_try_connect(&plan->bench));
    assert_works(plan);
}

/* In both segments: the text has several blocks, the data one. */
static const char *const damages[] = {"at command 1 of 0x07: corrupt 0x10", "at command 2 of 0x07: corrupt",
                                      "at command 2 of 0x07: corrupt; at command 3 of 0x07: corrupt",
                                      "at command 1 of 0x07: corrupt; at command 4 of 0x07: corrupt"};

/* esptool issues 280, 454, 575, 617 and 891: a block of the stub was refused with 0107, its checksum, and
 * that was the end. */
TEST_LOADERS_EACH(a_damaged_block_of_the_stub_is_sent_again, COUNT(damages))
{
    plan->bench.config.faults = loader == STUB ? damages[i] : NULL; /* a ROM has no such blocks */
    plan_connect(plan);
    assert_int_equal(esp_loader_stub_is_running(&plan->bench.loader), loader == STUB);
    assert_works(plan);
    plan->bench.expects_misuse = true; /* a block more than was announced: the ROM counts the damaged one */
}

/* esptool issue 182: at a high rate a block arrived damaged, status C1 or reason 07, and the whole run had to
 * be begun anew by hand. */
TEST_LOADERS_EACH(a_damaged_block_of_an_image_costs_no_run, 4u)
{
    const unsigned block = (unsigned)(1 + i);

    plan->bench.config.wiring = ESP_SIM_WIRING_BRIDGE;
    plan_connect(plan);
    bench_faults_at(&plan->bench, "at command %u of 0x03: corrupt 0x40", block);
    assert_works(plan);
    plan->bench.expects_misuse = true; /* a block more than was announced */
}

/* esptool issue 655: bytes of the answers to SYNC were lost between USB and host. */
TEST_LOADERS_EACH(bytes_lost_among_the_answers_to_sync_keep_nobody_from_connecting, 60u)
{
    const unsigned byte = (unsigned)(1 + 3 * i);

    plan->bench.config.wiring = ESP_SIM_WIRING_BRIDGE;
    bench_open(&plan->bench);
    bench_faults_at(&plan->bench, "at byte %u in: drop; at byte %u in: drop", byte + 120, byte + 131);
    assert_success(bench_try_connect(&plan->bench));
    assert_works(plan);
    plan->bench.expects_misuse = true;
}

/* ---- a link that brings back what was sent ---- */

static uint8_t echo[8192];
static size_t echo_size;
static bool is_target_there;

static esp_loader_error_t echo_and_write(esp_loader_port_t *port, const uint8_t *data, size_t size,
                                         uint32_t timeout_ms, size_t *out_written)
{
    size_t room = sizeof(echo) - echo_size;
    size_t taken = size < room ? size : room;

    memcpy(echo + echo_size, data, taken);
    echo_size += taken;
    if (is_target_there) {
        return sim_port_ops.write_all(port, data, size, timeout_ms, out_written);
    }
    *out_written = size;
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t read_echo_first(esp_loader_port_t *port, uint8_t *buf, size_t capacity,
                                          uint32_t timeout_ms, size_t *out_read)
{
    if (echo_size == 0) {
        return sim_port_ops.read_some(port, buf, capacity, timeout_ms, out_read);
    }
    *out_read = echo_size < capacity ? echo_size : capacity;
    memcpy(buf, echo, *out_read);
    echo_size -= *out_read;
    memmove(echo, echo + *out_read, echo_size);
    return ESP_LOADER_SUCCESS;
}

/* esp-serial-flasher issue 75: all that came back were the frames that had been sent. With a target behind it
 * that is a half-duplex line, which works; without one it is an error soon. */
TEST_LOADERS_EACH(an_echo_is_no_answer_and_does_no_harm, 2u)
{
    plan->bench.config.wiring = ESP_SIM_WIRING_BRIDGE;
    bench_open(&plan->bench);
    plan->bench.port.base.ops.write_all = echo_and_write;
    plan->bench.port.base.ops.read_some = read_echo_first;
    echo_size = 0;
    is_target_there = i != 0;
    uint64_t since_us = esp_sim_now_us(plan->bench.sim);
    esp_loader_error_t err = bench_try_connect(&plan->bench);
    assert_int_equal(err, is_target_there ? ESP_LOADER_SUCCESS : ESP_LOADER_ERROR_TIMEOUT);
    assert_true(bench_elapsed_ms(&plan->bench, since_us) < 6000);
    if (is_target_there) {
        assert_works(plan);
    }
    plan->bench.expects_misuse = true;
}

/* ---- a device that goes away ---- */

static const char *const departures[] = {"at command 1 of 0x0F: disconnect 700 ms",
                                         "at reply 1 of 0x0F: disconnect 700 ms",
                                         "at command 1 of 0x0F: reset"};

/* usbipd-win issue 321: the bridge left its host when the rate was changed. */
TEST_LOADERS_EACH(a_device_that_leaves_at_the_rate_change_is_an_error_and_the_next_run_succeeds,
                  COUNT(departures))
{
    plan->bench.config.wiring = ESP_SIM_WIRING_BRIDGE;
    plan_connect(plan);
    bench_faults(&plan->bench, departures[i]);
    uint64_t since_us = esp_sim_now_us(plan->bench.sim);
    assert_int_not_equal(esp_loader_change_transmission_rate(&plan->bench.loader, 921600),
                         ESP_LOADER_SUCCESS);
    assert_true(bench_elapsed_ms(&plan->bench, since_us) < 8000);
    plan_reconnect(plan);
    assert_works(plan);
    plan->bench.expects_misuse = true;
}

/* probe-rs issue 3470: after flashing, the device left USB at the reset that starts the application, and did
 * not come back; what had been flashed was called a failure. */
TEST_LOADERS(a_device_that_leaves_at_the_last_reset_has_been_reset)
{
    plan_connect(plan);
    assert_success(plan_run(plan));
    bench_faults(&plan->bench, "reset drops bus");
    assert_success(esp_loader_reset_target_checked(&plan->bench.loader));
    bench_wait_us(&plan->bench, 2000000);
    assert_int_equal(esp_sim_state(plan->bench.sim), ESP_SIM_STATE_APP);
}

static const char *const endings[] = {"boot garbage 0", "from command 3: stall", "sync ignore 1000",
                                      "from command 2 of 0x03: error 0x08"};

/* pymakr-vsc issue 16, arduino-esp32 issues 2729 and 4181: a program had left DTR or RTS asserted, and the
 * reset button led into download mode from then on. */
TEST_LOADERS_EACH(lines_are_released_however_a_run_ends, COUNT(endings))
{
    plan->bench.config.wiring = ESP_SIM_WIRING_BRIDGE;
    plan->bench.config.faults = endings[i];
    bench_open(&plan->bench);
    if (bench_try_connect(&plan->bench) == ESP_LOADER_SUCCESS) {
        assert_int_equal(plan_run(plan) == ESP_LOADER_SUCCESS, i == 0);
    }
    esp_loader_deinit(&plan->bench.loader);
    esp_sim_reset_button(plan->bench.sim, false);
    bench_wait_us(&plan->bench, 2000000);
    assert_int_equal(esp_sim_state(plan->bench.sim), i == 0 ? ESP_SIM_STATE_APP : ESP_SIM_STATE_BOOT_FAILED);
    plan->bench.expects_misuse = true;
}
