/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Plans on flash that holds a part already, through ROM and stub, plain and compressed, on strict simulated
 * chips: what is in flash afterwards, and that what is reported is what the chip did.
 */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "bench.h"
#include "esp_loader_plan.h"

#ifdef ESP_LOADER_SMALL
enum { WAYS = 2 }; /* a small library does not know how to talk to a stub */
#else
enum { WAYS = 4 };
#endif

/* ROM over USB and UART, stub over USB and UART. */
static bool is_stub_way(unsigned way)
{
    return way >= 2;
}

static bool is_uart_way(unsigned way)
{
    return way % 2 != 0;
}

#define OFFSET 0x20000u
#define SECTOR 4096u
#define BLOCK  65536u

typedef struct {
    bench_t bench;
    uint8_t *image;
    uint32_t size;
    uint8_t *deflated;
    unsigned streams; /* made */
    uint32_t read_us; /* virtual time that reading a block of the image takes */
    esp_loader_image_t plan;
    esp_loader_plan_options_t options;
    esp_loader_image_report_t report;
} job_t;

static uint8_t buffer[32768];

static esp_loader_error_t read_image(void *ctx, uint32_t offset, void *buf, size_t size)
{
    job_t *job = ctx;
    uint64_t now_us = esp_sim_now_us(job->bench.sim);
    esp_sim_run_until(job->bench.sim, now_us + (size > 1000 ? job->read_us : 0));
    memcpy(buf, job->image + offset, size);
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t deflate_with_zlib(void *ctx, const esp_loader_source_t *content,
                                            esp_loader_source_t *out_deflated)
{
    job_t *job = ctx;
    uLongf size = compressBound(content->size);
    uint8_t *bytes = malloc(content->size);

    assert_non_null(bytes);
    free(job->deflated);
    job->deflated = malloc(size);
    assert_non_null(job->deflated);
    assert_success(content->read(content->ctx, 0, bytes, content->size));
    assert_int_equal(compress2(job->deflated, &size, bytes, content->size, 9), Z_OK);
    free(bytes);
    job->streams++;
    *out_deflated = (esp_loader_source_t){esp_loader_read_memory, job->deflated, (uint32_t)size};
    return ESP_LOADER_SUCCESS;
}

/* Content that compresses to about three quarters. */
static void begin(job_t *job, uint32_t size, esp_sim_wiring_t wiring, esp_sim_timing_t timing, bool is_stub)
{
    *job = (job_t){.size = size};
    job->bench.config = (esp_sim_config_t){
        .wiring = wiring, .timing = timing, .accepts_any_stub = true, .flash_size = 1u << 20};
    job->image = malloc(size);
    assert_non_null(job->image);
    bench_fill(job->image, size, 5);
    for (uint32_t i = 0; i < size; i++) {
        job->image[i] &= 0x3F;
    }
    bench_open(&job->bench);
    bench_fill(esp_sim_flash(job->bench.sim), 1u << 20, 77);
    esp_loader_t *loader = &job->bench.loader;
    assert_success(is_stub ? esp_loader_connect_with_stub(loader, NULL) : esp_loader_connect(loader, NULL));
    job->plan = (esp_loader_image_t){.offset = OFFSET, .source = {read_image, job, size}, .is_raw = true};
    job->options = (esp_loader_plan_options_t){.buffer = buffer, .buffer_size = sizeof(buffer)};
}

static uint8_t *flash_of(job_t *job)
{
    return esp_sim_flash(job->bench.sim) + OFFSET;
}

static void run(job_t *job, esp_loader_image_result_t result)
{
    assert_success(esp_loader_plan_run(&job->bench.loader, &job->plan, 1, &job->options, &job->report));
    assert_int_equal(job->report.result, result);
    assert_memory_equal(flash_of(job), job->image, job->size);
}

static void end(job_t *job)
{
    free(job->deflated);
    free(job->image);
    bench_close(&job->bench); /* and nothing was misused */
}

TEST(changed_sectors_are_written_and_nothing_else)
{
    for (unsigned way = 0; way < WAYS; way++) {
        bool is_stub = is_stub_way(way);
        job_t job;
        begin(&job, 3 * BLOCK + 1234, is_uart_way(way) ? ESP_SIM_WIRING_BRIDGE : ESP_SIM_WIRING_USJ,
              ESP_SIM_TIMING_FAST, is_stub);
        memcpy(flash_of(&job), job.image, job.size);
        flash_of(&job)[3 * SECTOR] ^= 1;
        flash_of(&job)[BLOCK + 15 * SECTOR] ^= 1;
        flash_of(&job)[2 * BLOCK] ^= 1; /* next to it, in another block */
        flash_of(&job)[job.size - 1] ^= 1;
        flash_of(&job)[job.size] = 0x5A; /* not part of the image, but of its last sector */
        esp_sim_stats_t before = *esp_sim_stats(job.bench.sim);
        run(&job, ESP_LOADER_IMAGE_VERIFIED);
        assert_int_equal(job.report.sectors_erased, 4);
        assert_int_equal(job.report.bytes_sent, 3 * SECTOR + 1234);
        assert_int_equal(esp_sim_stats(job.bench.sim)->sectors_erased - before.sectors_erased, 4);
        run(&job, ESP_LOADER_IMAGE_EQUAL);
        end(&job);
    }
}

TEST(a_stub_is_sent_compressed_data_over_a_uart_and_plain_over_usb)
{
    for (unsigned way = 0; way < WAYS; way++) {
        bool is_stub = is_stub_way(way);
        bool is_uart = is_uart_way(way);
        job_t job;
        const esp_loader_deflater_t deflater = {deflate_with_zlib, &job};
        begin(&job, 2 * BLOCK + 4321, is_uart ? ESP_SIM_WIRING_BRIDGE : ESP_SIM_WIRING_USJ,
              ESP_SIM_TIMING_DEFAULT, is_stub);
        job.options.deflater = &deflater;
        run(&job, ESP_LOADER_IMAGE_VERIFIED);
        assert_int_equal(job.streams > 0, is_stub && is_uart);
        assert_int_equal(job.report.bytes_sent < job.size, is_stub && is_uart);
        end(&job);
    }
}

#ifndef ESP_LOADER_SMALL

TEST(a_stream_made_beforehand_is_sent_for_the_whole_image_only)
{
    job_t job;
    uLongf size = compressBound(2 * BLOCK);
    uint8_t *stream = malloc(size);

    assert_non_null(stream);
    begin(&job, 2 * BLOCK, ESP_SIM_WIRING_BRIDGE, ESP_SIM_TIMING_DEFAULT, true);
    assert_int_equal(compress2(stream, &size, job.image, job.size, 9), Z_OK);
    job.plan.deflated = (esp_loader_source_t){esp_loader_read_memory, stream, (uint32_t)size};
    run(&job, ESP_LOADER_IMAGE_VERIFIED);
    assert_int_equal(job.report.bytes_sent, size);
    flash_of(&job)[5 * SECTOR] ^= 1;
    run(&job, ESP_LOADER_IMAGE_VERIFIED);
    assert_int_equal(job.report.bytes_sent, SECTOR);
    free(stream);
    end(&job);
}

/* What it has written wrong is written again as it is. */
TEST(a_stream_of_something_else_does_not_stay_in_flash)
{
    job_t job;
    uLongf size = compressBound(BLOCK);
    uint8_t *stream = malloc(size);

    assert_non_null(stream);
    begin(&job, BLOCK, ESP_SIM_WIRING_BRIDGE, ESP_SIM_TIMING_DEFAULT, true);
    assert_int_equal(compress2(stream, &size, job.image, job.size, 9), Z_OK);
    job.plan.deflated = (esp_loader_source_t){esp_loader_read_memory, stream, (uint32_t)size};
    job.image[777] ^= 1; /* newer than its stream */
    run(&job, ESP_LOADER_IMAGE_VERIFIED);
    assert_int_equal(job.report.bytes_sent, size + SECTOR);
    free(stream);
    end(&job);
}

TEST(what_does_not_get_smaller_is_sent_as_it_is)
{
    job_t job;
    const esp_loader_deflater_t deflater = {deflate_with_zlib, &job};

    begin(&job, BLOCK, ESP_SIM_WIRING_BRIDGE, ESP_SIM_TIMING_DEFAULT, true);
    bench_fill(job.image, job.size, 3);
    job.options.deflater = &deflater;
    run(&job, ESP_LOADER_IMAGE_VERIFIED);
    assert_int_equal(job.report.bytes_sent, job.size);
    end(&job);
}

/* Where the flash is about as fast as the wire the first block is longer than the others. */
TEST(a_stream_of_blocks_of_two_sizes_is_written)
{
    job_t job;
    const esp_loader_deflater_t deflater = {deflate_with_zlib, &job};

    begin(&job, 8 * BLOCK, ESP_SIM_WIRING_BRIDGE, ESP_SIM_TIMING_DEFAULT, true);
    assert_success(esp_loader_change_transmission_rate(&job.bench.loader, 921600));
    job.options.deflater = &deflater;
    job.options.rewrite_equal = true;
    run(&job, ESP_LOADER_IMAGE_VERIFIED);
    assert_true(job.streams > 0 && job.report.bytes_sent < job.size);
    end(&job);
}

static esp_loader_error_t deflate_nothing(void *ctx, const esp_loader_source_t *content,
                                          esp_loader_source_t *out_deflated)
{
    (void)ctx;
    (void)content;
    (void)out_deflated;
    return ESP_LOADER_ERROR_IO;
}

static void assert_source_error(job_t *job, esp_loader_error_t value)
{
    assert_int_equal(esp_loader_plan_run(&job->bench.loader, &job->plan, 1, &job->options, &job->report),
                     ESP_LOADER_ERROR_SOURCE);
    assert_int_equal(job->report.result, ESP_LOADER_IMAGE_FAILED);
    assert_int_equal(job->report.error, ESP_LOADER_ERROR_SOURCE);
    assert_int_equal(esp_loader_error_detail(&job->bench.loader)->stage, ESP_LOADER_STAGE_WRITE);
    assert_int_equal(esp_loader_error_detail(&job->bench.loader)->value, value);
    assert_int_equal(esp_loader_error_detail(&job->bench.loader)->image, 0);
}

TEST(a_compressor_that_fails_ends_the_plan_before_anything_is_erased)
{
    static const esp_loader_deflater_t deflater = {deflate_nothing, NULL};
    job_t job;

    begin(&job, 2 * BLOCK, ESP_SIM_WIRING_BRIDGE, ESP_SIM_TIMING_DEFAULT, true);
    job.options.deflater = &deflater;
    assert_source_error(&job, ESP_LOADER_ERROR_IO);
    assert_int_equal(job.report.bytes_sent, 0);
    assert_int_equal(esp_sim_stats(job.bench.sim)->sectors_erased, 0);
    end(&job);
}

/* A stream whose read with the number `fails_at` fails. */
static struct {
    const uint8_t *bytes;
    unsigned reads, fails_at;
} failing;

static esp_loader_error_t read_failing(void *ctx, uint32_t offset, void *buf, size_t size)
{
    (void)ctx;
    memcpy(buf, failing.bytes + offset, size);
    return ++failing.reads == failing.fails_at ? ESP_LOADER_ERROR_DISCONNECTED : ESP_LOADER_SUCCESS;
}

TEST(a_stream_that_cannot_be_read_ends_the_plan_and_the_next_run_completes)
{
    for (unsigned n = 1; n <= 4; n++) {
        for (size_t buffer_size = 16384; buffer_size <= sizeof(buffer); buffer_size *= 2) {
            job_t job;
            uLongf size = compressBound(2 * BLOCK);
            uint8_t *stream = malloc(size);

            assert_non_null(stream);
            begin(&job, 2 * BLOCK, ESP_SIM_WIRING_BRIDGE, ESP_SIM_TIMING_DEFAULT, true);
            assert_int_equal(compress2(stream, &size, job.image, job.size, 9), Z_OK);
            failing.bytes = stream;
            failing.reads = 0;
            failing.fails_at = n;
            job.options.buffer_size = buffer_size;
            job.plan.deflated = (esp_loader_source_t){read_failing, NULL, (uint32_t)size};
            assert_source_error(&job, ESP_LOADER_ERROR_DISCONNECTED);
            assert_int_equal(failing.reads, n);
            run(&job, ESP_LOADER_IMAGE_VERIFIED);
            free(stream);
            job.bench.expects_misuse = true; /* a write that was not finished */
            end(&job);
        }
    }
}

TEST(a_lost_reply_of_a_compressed_write_is_got_over)
{
    for (unsigned n = 1; n <= 6; n++) {
        job_t job;
        const esp_loader_deflater_t deflater = {deflate_with_zlib, &job};
        begin(&job, 2 * BLOCK, ESP_SIM_WIRING_BRIDGE, ESP_SIM_TIMING_DEFAULT, true);
        job.options.deflater = &deflater;
        bench_faults_at(&job.bench, "at reply %u of 0x11: drop", n);
        run(&job, ESP_LOADER_IMAGE_VERIFIED);
        job.bench.expects_misuse = true;
        end(&job);
    }
}

#endif

/* A source that takes as long as a block on the chip: with room for two blocks its time is not seen. */
static uint64_t time_to_write(size_t buffer_size, uint32_t read_us)
{
    job_t job;

    begin(&job, 2 * BLOCK, ESP_SIM_WIRING_USJ, ESP_SIM_TIMING_DEFAULT, false);
    job.options.buffer_size = buffer_size;
    job.options.rewrite_equal = true;
    job.options.skip_verify = true;
    job.read_us = read_us;
    uint64_t start_us = esp_sim_now_us(job.bench.sim);
    run(&job, ESP_LOADER_IMAGE_WRITTEN);
    uint64_t took_us = esp_sim_now_us(job.bench.sim) - start_us;
    end(&job);
    return took_us;
}

TEST(the_time_of_a_slow_source_hides_behind_the_target)
{
    uint64_t fast_us = time_to_write(2048, 0);

    assert_in_range(time_to_write(2048, 4000), fast_us, fast_us + 10000);
    assert_true(time_to_write(1024, 4000) > fast_us + 127 * 4000);
}
