/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Running a plan on a stand-in for the session layer: every way an image can end well, and what is reported.
 * What goes wrong on the way: plan_fail_test.c. What is refused before the first erase: plan_refuse_test.c.
 * The same on a simulated chip: tests/against_sim/plan.
 */
#include <stdlib.h>

#include "plan_bench.h"
#include "test.h"

TEST(three_images_are_written_and_verified)
{
    bench_begin_usual();
    assert_runs();
    assert_done(ESP_LOADER_IMAGE_VERIFIED);
    for (size_t i = 0; i < 3; i++) {
        assert_in_flash(i);
        assert_int_equal(bench.reports[i].bytes_sent, bench.images[i].source.size);
    }
    assert_int_equal(bench.reports[0].sectors_erased, 1);
    assert_int_equal(bench.reports[2].sectors_erased, 2);
    assert_int_equal(bench.reports[0].time_ms, 100 + 2 * 10);
    assert_int_equal(bench.reports[2].time_ms, 100 + 5 * 10);
    assert_int_equal(bench.fake.last_block_size, 1024);
}

TEST(events_tell_every_step_and_block)
{
    static const struct {
        esp_loader_plan_step_t step;
        uint32_t done;
    } expected[] = {
        {ESP_LOADER_PLAN_COMPARE, 0},  {ESP_LOADER_PLAN_ERASE, 0},    {ESP_LOADER_PLAN_WRITE, 0},
        {ESP_LOADER_PLAN_WRITE, 1024}, {ESP_LOADER_PLAN_WRITE, 1600}, {ESP_LOADER_PLAN_VERIFY, 1600},
        {ESP_LOADER_PLAN_DONE, 1600},
    };
    bench_begin();
    bench_add(0x0, make_image_of_size(1600));
    assert_runs();
    assert_int_equal(bench.event_count, sizeof(expected) / sizeof(expected[0]));
    for (size_t i = 0; i < bench.event_count; i++) {
        assert_int_equal(bench.events[i].step, expected[i].step);
        assert_int_equal(bench.events[i].done, expected[i].done);
        assert_int_equal(bench.events[i].total, 1600);
        assert_int_equal(bench.events[i].image_index, 0);
        assert_ptr_equal(bench.events[i].image, &bench.images[0]);
    }
}

TEST(images_that_are_there_are_not_written_again)
{
    bench_begin_usual();
    assert_runs();
    assert_runs();
    assert_done(ESP_LOADER_IMAGE_EQUAL);
    assert_int_equal(bench.fake.starts, 3);
    assert_int_equal(bench.reports[2].bytes_sent, 0);
    assert_int_equal(bench.reports[2].sectors_erased, 0);
    assert_int_equal(bench.event_count, 2 * 3); /* COMPARE and DONE */
}

TEST(equal_images_are_written_when_asked_for)
{
    bench_begin_usual();
    bench.options.rewrite_equal = true;
    assert_runs();
    assert_runs();
    assert_done(ESP_LOADER_IMAGE_VERIFIED);
    assert_int_equal(bench.fake.starts, 6);
    assert_int_equal(bench.fake.md5s, 2 * (3 + 2)); /* to verify, and all but the last once more at the end */
    assert_int_equal(bench.events[0].step, ESP_LOADER_PLAN_ERASE);
}

TEST(a_loader_without_md5_leaves_images_unverified)
{
    bench_begin_usual();
    bench.fake.has_md5 = false;
    bench.fake.loader._is.secure_download = true; /* as the loader's table and its state say */
    assert_runs();
    assert_done(ESP_LOADER_IMAGE_UNVERIFIED);
    assert_runs();
    assert_done(ESP_LOADER_IMAGE_UNVERIFIED);
    assert_int_equal(bench.fake.starts, 6);
}

/* A refusal does not take it away. */
TEST(a_loader_that_has_md5_leaves_nothing_unverified)
{
    bench_begin_usual();
    bench.fake.has_md5 = false;
    assert_int_equal(bench_run(), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(bench.reports[0].result, ESP_LOADER_IMAGE_FAILED);
    assert_int_equal(bench.reports[0].sectors_erased, 0);
    assert_int_equal(bench.fake.starts, 0);
}

TEST(skipped_verification_is_reported_as_such)
{
    bench_begin_usual();
    bench.options.skip_verify = true;
    assert_runs();
    assert_done(ESP_LOADER_IMAGE_WRITTEN);
    for (size_t i = 0; i < bench.event_count; i++) {
        assert_int_not_equal(bench.events[i].step, ESP_LOADER_PLAN_VERIFY);
    }
}

TEST(callbacks_and_reports_may_be_left_out)
{
    bench_begin_usual();
    bench.options.on_event = NULL;
    bench.options.is_cancelled = NULL;
    assert_int_equal(esp_loader_plan_run(&bench.fake.loader, bench.images, bench.count, &bench.options, NULL),
                     ESP_LOADER_SUCCESS);
    assert_in_flash(2);
    /* and when the plan is refused, or fails */
    bench.blobs[2].bytes[60] ^= 1;
    assert_int_equal(esp_loader_plan_run(&bench.fake.loader, bench.images, bench.count, &bench.options, NULL),
                     ESP_LOADER_ERROR_IMAGE_CHECKSUM);
    bench.blobs[2].bytes[60] ^= 1;
    bench.options.rewrite_equal = true;
    bench.fake.is_flash_bad = true;
    assert_int_equal(esp_loader_plan_run(&bench.fake.loader, bench.images, bench.count, &bench.options, NULL),
                     ESP_LOADER_ERROR_INVALID_MD5);
}

static const struct {
    size_t buffer;
    bool is_stub;
    esp_loader_link_t link;
    uint32_t expected;
} block_sizes[] = {
    {256, false, ESP_LOADER_LINK_UART, 256},
    {511, false, ESP_LOADER_LINK_UART, 256},
    {512, false, ESP_LOADER_LINK_UART, 512},
    {70000, false, ESP_LOADER_LINK_UART, 1024},
    {70000, false, ESP_LOADER_LINK_UNKNOWN, 1024},
    {70000, false, ESP_LOADER_LINK_USB_OTG, 1024},
    {512, false, ESP_LOADER_LINK_USB_SERIAL_JTAG, 512},
    {4095, false, ESP_LOADER_LINK_USB_SERIAL_JTAG, 1024},
    {4096, false, ESP_LOADER_LINK_USB_SERIAL_JTAG, 2048},
    {12287, false, ESP_LOADER_LINK_USB_SERIAL_JTAG, 5120},
    {12288, false, ESP_LOADER_LINK_USB_SERIAL_JTAG, 6144},
    {70000, false, ESP_LOADER_LINK_USB_SERIAL_JTAG, 6144},
    {4095, true, ESP_LOADER_LINK_USB_SERIAL_JTAG, 2048},
    {16384, true, ESP_LOADER_LINK_UART, 16384},
    {70000, true, ESP_LOADER_LINK_USB_SERIAL_JTAG, 16384},
};

TEST_ROWS(the_block_is_as_large_as_buffer_loader_and_link_take, block_sizes)
{
    bench_begin_usual();
    bench_set_buffer(row->buffer);
    bench.fake.link = row->link;
    bench.fake.loader._is.stub_running = row->is_stub;
    assert_runs();
    assert_int_equal(bench.fake.last_block_size, row->expected);
    assert_in_flash(2);
}

TEST(in_secure_download_mode_blocks_stay_small)
{
    bench_begin_usual();
    bench_set_buffer(70000);
    bench.fake.has_md5 = false;
    bench.fake.loader._is.secure_download = true;
    assert_runs();
    assert_int_equal(bench.fake.last_block_size, 1024);
}

/* ---- flash parameters ---- */

TEST(the_bootloader_header_is_patched_and_nothing_else)
{
    bench_begin_usual();
    esp_loader_image_info_t info;

    bench.options.flash_params = &bench_new_params;
    assert_runs();
    const esp_loader_source_t flashed = {esp_loader_read_memory, bench.fake.flash, 1600};
    assert_int_equal(esp_loader_image_check(&flashed, &info), ESP_LOADER_SUCCESS);
    assert_int_equal(info.flash_mode, 0);
    assert_int_equal(info.flash_size_code, 0);
    assert_int_equal(info.flash_freq_code, 0);
    assert_memory_equal(bench.fake.flash + 4, bench.blobs[0].bytes + 4, 1600 - 32 - 4);
    assert_in_flash(1);
    assert_in_flash(2);
    /* and the patched image is what the flash is compared with */
    assert_runs();
    assert_done(ESP_LOADER_IMAGE_EQUAL);
}

TEST(the_bootloader_is_the_image_at_the_offset_of_the_chip)
{
    image_spec_t spec = plain_image;
    bench_begin();
    spec.chip_id = 18;
    fake_is(&bench.fake, ESP32P4_CHIP);
    bench.options.flash_params = &bench_new_params;
    bench_add(0x10000, make_image(&spec));
    bench_add(0x2000, make_image(&spec));
    assert_runs();
    assert_in_flash(0);
    assert_int_equal(bench.fake.flash[0x2002], 0);
    assert_int_equal(bench.fake.flash[0x2003], 0x00);
}

TEST(a_raw_bootloader_is_not_patched)
{
    bench_begin_usual();
    bench.options.flash_params = &bench_new_params;
    bench.images[0].is_raw = true;
    assert_runs();
    assert_in_flash(0);
}
