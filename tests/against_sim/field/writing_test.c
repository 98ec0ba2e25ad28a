/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Reports of people whose flash was not written, or not where it should have been, or who were not told.
 */
#include <stdlib.h>
#include <string.h>

#include "plan.h"

static const uint8_t *flash_at(const plan_t *plan, uint32_t offset)
{
    return esp_sim_flash(plan->bench.sim) + offset;
}

/* esp-serial-flasher issue 139: after one FLASH_WRITE_ERR nothing worked until another tool was used. */
TEST_LOADERS_EACH(after_a_write_error_the_next_attempt_succeeds, 2u)
{
    plan_connect(plan);
    bench_faults(&plan->bench,
                 loader == STUB ? "at command 2 of 0x03: error 0xC4" : "at command 2 of 0x03: error 0x08");
    assert_int_equal(plan_run(plan), ESP_LOADER_ERROR_INVALID_RESPONSE);
    const esp_loader_error_detail_t *detail = esp_loader_error_detail(&plan->bench.loader);
    assert_int_equal(detail->cause, ESP_LOADER_ERROR_TARGET_STATUS);
    assert_int_equal(detail->stage, ESP_LOADER_STAGE_WRITE);
    assert_int_equal(detail->command, 0x03);
    assert_in_range(detail->address, 0x400, 0x8000); /* second block of the plan */
    assert_int_equal(loader == STUB ? detail->target_status : detail->target_reason,
                     loader == STUB ? 0xC4 : 0x08);
    if (i != 0) {
        assert_success(bench_try_connect(&plan->bench));
    }
    assert_success(plan_run(plan));
    assert_boots(plan);
}

/* esp-serial-flasher issue 173: MD5 mismatch right after a correct write. */
TEST_LOADERS(a_digest_that_differs_is_looked_at_twice_and_reported_with_its_range)
{
    static const uint8_t data[5000] = {1, 2, 3};
    plan_connect(plan);
    bench_faults(&plan->bench, "at command 1 of 0x13: wrong md5");
    assert_success(bench_flash(&plan->bench, 0x30000, data, sizeof(data), false));
    bench_faults(&plan->bench, "from command 1 of 0x13: wrong md5");
    assert_int_equal(bench_flash(&plan->bench, 0x30000, data, sizeof(data), false),
                     ESP_LOADER_ERROR_INVALID_MD5);
    const esp_loader_error_detail_t *detail = esp_loader_error_detail(&plan->bench.loader);
    assert_int_equal(detail->stage, ESP_LOADER_STAGE_VERIFY);
    assert_int_equal(detail->address, 0x30000);
    assert_int_equal(detail->value, sizeof(data));
}

/* Of what went out since look_at_writes(): the length field of the last FLASH_BEGIN, and how many FLASH_ENDs. */
static unsigned begin_size;
static unsigned flash_ends;

static esp_loader_error_t look_and_write(esp_loader_port_t *port, const uint8_t *data, size_t size,
                                         uint32_t timeout_ms, size_t *out_written)
{
    enum { FLASH_BEGIN = 2, FLASH_END = 4 };

    if (size > 3 && data[0] == 0xC0 && data[1] == 0x00) { /* delimiter, request */
        begin_size = data[2] == FLASH_BEGIN ? data[3] : begin_size;
        flash_ends += data[2] == FLASH_END;
    }
    return sim_port_ops.write_all(port, data, size, timeout_ms, out_written);
}

static void look_at_writes(plan_t *plan)
{
    begin_size = 0;
    flash_ends = 0;
    plan->bench.port.base.ops.write_all = look_and_write;
}

static const struct {
    const char *chip;
    unsigned size;
} begin_sizes[] = {{"esp8266", 16}, {"esp32", 16},   {"esp32s2", 20}, {"esp32s3", 20},
                   {"esp32c2", 20}, {"esp32c3", 20}, {"esp32c6", 20}, {"esp32h2", 20}};

/* esp-serial-flasher issues 65 and 68: the word that asks for encryption was sent to ROMs that do not know
 * it, or not sent to those that want it. */
TEST_PLAN_EACH(flash_begin_has_the_words_each_loader_knows, COUNT(begin_sizes))
{
    static const uint8_t data[100] = {1};

    plan->bench.config.chip = begin_sizes[i].chip;
    plan->bench.config.wiring = ESP_SIM_WIRING_BRIDGE;
    plan_connect(plan);
    look_at_writes(plan);
    assert_success(bench_flash(&plan->bench, 0x30000, data, sizeof(data), true));
    assert_int_equal(begin_size, begin_sizes[i].size);
}

/* esp-serial-flasher issue 76: FLASH_END makes a ROM leave its loader, whatever its argument says. */
TEST_LOADERS(the_loader_still_answers_after_an_image_is_finished)
{
    static const uint8_t data[3000] = {1, 2, 3};
    uint8_t mac[6];

    plan_connect(plan);
    for (int i = 0; i < 3; i++) {
        assert_success(bench_flash(&plan->bench, 0x30000, data, sizeof(data), i % 2 != 0));
        assert_success(esp_loader_read_mac(&plan->bench.loader, mac));
    }
    assert_int_equal(esp_sim_state(plan->bench.sim),
                     loader == STUB ? ESP_SIM_STATE_DOWNLOAD_STUB : ESP_SIM_STATE_DOWNLOAD_ROM);
}

/* esp-serial-flasher issues 11 and 151: 3 s per megabyte are not enough to erase. */
TEST_LOADERS(a_large_erase_on_the_slowest_flash_is_waited_for)
{
    plan->bench.config.timing = ESP_SIM_TIMING_SLOW;
    plan->bench.config.flash_size = 2u << 20;
    plan_connect(plan);
    memset(esp_sim_flash(plan->bench.sim), 0, 2u << 20);
    uint64_t since_us = esp_sim_now_us(plan->bench.sim);
    assert_success(esp_loader_flash_erase_region(&plan->bench.loader, 0x1000, (2u << 20) - 0x1000));
    assert_true(bench_elapsed_ms(&plan->bench, since_us) > 60000);
    assert_true(bench_holds(&plan->bench, 0, 0x1000, 0));
    assert_true(bench_holds(&plan->bench, 0x1000, (2u << 20) - 0x1000, 0xFF));
    assert_success(esp_loader_flash_erase(&plan->bench.loader));
    assert_true(bench_holds(&plan->bench, 0, 2u << 20, 0xFF));
}

static const uint32_t flash_sizes[] = {4u << 20, 8u << 20, 16u << 20, 32u << 20};

/* esp-serial-flasher issues 3, 92 and 133, tinygo espflasher issue 41: nothing could be written above 2 MB,
 * above 4 MB or above 16 MB; or it went to another address. */
TEST_LOADERS_EACH(an_image_far_up_is_written_there_or_refused_before_any_erase, COUNT(flash_sizes))
{
    enum { SIZE = 5000 };
    static uint8_t data[SIZE];

    bench_fill(data, SIZE, 1);
    uint32_t offset = flash_sizes[i] - 0x2000;
    bool is_in_reach = loader == STUB || flash_sizes[i] <= 16u << 20;

    plan->bench.config.flash_size = flash_sizes[i];
    plan_connect(plan);
    esp_loader_error_t err = bench_flash(&plan->bench, offset, data, SIZE, false);
    assert_int_equal(err, is_in_reach ? ESP_LOADER_SUCCESS : ESP_LOADER_ERROR_IMAGE_SIZE);
    if (is_in_reach) {
        assert_memory_equal(flash_at(plan, offset), data, SIZE);
        assert_true(bench_holds(&plan->bench, 0, offset, 0xFF));
    } else {
        assert_int_equal(bench_cause(&plan->bench), ESP_LOADER_ERROR_FLASH_RANGE);
        assert_int_equal(esp_sim_stats(plan->bench.sim)->sectors_erased, 0);
    }
    assert_int_equal(bench_flash(&plan->bench, flash_sizes[i] - 0x1000, data, SIZE, false),
                     ESP_LOADER_ERROR_IMAGE_SIZE);
}

/* esptool-js issue 255: a compressed write ended at 75 % with status 0xC9, too much data. */
TEST_LOADERS(a_compressed_image_is_taken_to_its_last_byte)
{
    static const uint32_t sizes[] = {1,    2,    3,    4,    5,     31,    1023,  1024,
                                     1025, 4095, 4096, 4097, 32767, 32768, 32769, 65537};
    static uint8_t data[65537];
    plan_connect(plan);
    for (size_t i = 0; i < COUNT(sizes); i++) {
        bench_fill(data, sizes[i], sizes[i]);
        memset(data, 'x', sizes[i] * 3 / 4);
        stream_t stream = bench_deflate(data, sizes[i]);
        assert_success(bench_flash_deflated(&plan->bench, 0x10000, sizes[i], &stream, 1024));
        assert_memory_equal(flash_at(plan, 0x10000), data, sizes[i]);
        free(stream.bytes);
    }
}

/* esptool issue 220: the status register of a new flash chip protected it, and writes were ignored. The ROM
 * compares what it programs, the stub does not. */
TEST_LOADERS(a_protected_flash_is_not_called_written_and_tells_why)
{
    uint8_t status = 0;

    plan_connect(plan);
    assert_success(esp_loader_flash_read_status(&plan->bench.loader, &status));
    assert_int_equal(status & ESP_LOADER_FLASH_STATUS_PROTECTED, 0);
    bench_faults(&plan->bench, "flash protected");
    assert_int_equal(plan_run(plan),
                     loader == STUB ? ESP_LOADER_ERROR_INVALID_MD5 : ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(plan->reports[BOOTLOADER].result, ESP_LOADER_IMAGE_FAILED);
    assert_success(esp_loader_flash_read_status(&plan->bench.loader, &status));
    assert_int_not_equal(status & ESP_LOADER_FLASH_STATUS_PROTECTED, 0);
}

/* esp-serial-flasher issue 154: transmit timeouts behind a CH343 bridge, and then an assertion while closing.
 */
TEST_LOADERS_EACH(a_transmit_timeout_is_an_error_and_closing_is_safe, 7u)
{
    const unsigned n = (unsigned)(1 + 6 * i);
    plan_connect(plan);
    bench_faults_at(&plan->bench, "at transfer %u out: stall", n * 5);
    uint64_t since_us = esp_sim_now_us(plan->bench.sim);
    assert_int_equal(plan_run(plan), ESP_LOADER_ERROR_TIMEOUT);
    assert_true(bench_elapsed_ms(&plan->bench, since_us) < 30000);
    esp_loader_deinit(&plan->bench.loader);
    esp_loader_deinit(&plan->bench.loader); /* twice is harmless */

    esp_sim_unplug(plan->bench.sim);
    esp_sim_plug(plan->bench.sim, false);
    plan_reconnect(plan);
    assert_success(plan_run(plan));
    plan->bench.expects_misuse = true;
}

/* Multi-board tools that read the map of one board and wrote another: after the first is pulled the session
 * is over, and whatever is plugged in at its place is not touched until somebody connects to it. */
TEST_LOADERS(a_board_at_the_place_of_the_first_is_not_touched_by_its_session)
{
    static const uint8_t data[4096] = {1};

    plan_connect(plan);
    bench_faults(&plan->bench, "at command 2 of 0x03: disconnect 200ms");
    assert_int_equal(plan_run(plan), ESP_LOADER_ERROR_DISCONNECTED);
    bench_wait_us(&plan->bench, 5000000);
    assert_true(esp_sim_is_attached(plan->bench.sim)); /* another board, for all the host knows */
    uint64_t bytes_out = esp_sim_stats(plan->bench.sim)->bytes_out;

    assert_int_not_equal(plan_run(plan), ESP_LOADER_SUCCESS);
    assert_int_not_equal(bench_flash(&plan->bench, 0x10000, data, sizeof(data), false), ESP_LOADER_SUCCESS);
    assert_int_not_equal(esp_loader_flash_erase(&plan->bench.loader), ESP_LOADER_SUCCESS);
    assert_int_not_equal(esp_loader_connect(&plan->bench.loader, NULL), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_sim_stats(plan->bench.sim)->bytes_out, bytes_out);
    plan->bench.expects_misuse = true;
}

/* esptool issue 936: reading over USB stopped after 20 KB, or went at 8 KB/s. */
TEST_LOADERS(a_long_read_over_usb_is_complete_and_fast)
{
    enum { SIZE = 4 << 20 };
    static uint8_t data[SIZE];
    uint32_t size = loader == STUB ? SIZE : 0x10000;

    plan->bench.config.timing = ESP_SIM_TIMING_DEFAULT;
    plan_connect(plan);
    bench_fill(esp_sim_flash(plan->bench.sim), SIZE, 3);
    uint64_t since_us = esp_sim_now_us(plan->bench.sim);
    assert_success(esp_loader_flash_read(&plan->bench.loader, data, 0, size));
    assert_memory_equal(data, flash_at(plan, 0), size);
    uint64_t rate = size / bench_elapsed_ms(&plan->bench, since_us); /* bytes per ms: KB/s */
    assert_true(rate >= (loader == STUB ? 400 : 15));
}

static const plan_chip_t rom_chips[] = {
    {"esp8266", ESP_LOADER_IMAGE_NO_CHIP_ID, 0}, {"esp32", 0, 0x1000}, {"esp32s3", 9, 0}};

/* nodemcu-firmware pull request 523: told that flashing is finished, the ROM of an ESP8266 started what it
 * found and wrote the status register of the flash, which was protected from then on. */
TEST_PLAN_EACH(the_loader_in_rom_is_never_told_that_flashing_is_finished, COUNT(rom_chips))
{
    plan_take_chip(plan, &rom_chips[i]);
    plan_connect(plan);
    look_at_writes(plan);
    assert_success(plan_run(plan));
    assert_success(esp_loader_reset_target_checked(&plan->bench.loader));
    assert_int_equal(flash_ends, 0);
}

/* NabuCasa esp-web-flasher pull request 127: a file system of 8 MB that is nearly empty becomes a few KB on
 * the wire, and one block of it is minutes of erasing and writing. */
TEST_LOADERS(a_nearly_empty_file_system_is_waited_for_on_the_slowest_flash)
{
    enum { SIZE = 2 << 20, OFFSET = 0x200000 };
    static uint8_t data[SIZE];

    memset(data, 0, SIZE);
    bench_fill(data, 3000, 7);
    stream_t stream = bench_deflate(data, SIZE);
    assert_in_range(stream.size, 1, SIZE / 64);
    plan->bench.config.timing = ESP_SIM_TIMING_SLOW;
    plan->bench.config.wiring = ESP_SIM_WIRING_BRIDGE;
    plan_connect(plan);
    memset(esp_sim_flash(plan->bench.sim) + OFFSET, 0x5A, SIZE);
    assert_success(bench_flash_deflated(&plan->bench, OFFSET, SIZE, &stream, 1024));
    assert_memory_equal(flash_at(plan, OFFSET), data, SIZE);
    free(stream.bytes);
}
