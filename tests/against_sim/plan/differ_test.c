/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Plans on flash that holds a part already, through ROM and stub, plain and compressed, on strict simulated
 * chips: what is in flash afterwards, and that what is reported is what the chip did.
 */
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "esp_loader_plan.h"

#define OFFSET 0x20000u
#define SECTOR 4096u
#define BLOCK  65536u

typedef struct {
    bench_t bench;
    uint8_t *image;
    uint32_t size;
    uint8_t *deflated; /* by deflate_with_zlib() */
    stream_t stream;   /* made beforehand, if any */
    unsigned streams;  /* made */
    uint32_t read_us;  /* virtual time that reading a block of the image takes */
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
    uint8_t *bytes = malloc(content->size);

    assert_non_null(bytes);
    assert_success(content->read(content->ctx, 0, bytes, content->size));
    stream_t stream = bench_deflate(bytes, content->size);
    free(bytes);
    free(job->deflated);
    job->deflated = stream.bytes;
    job->streams++;
    *out_deflated = (esp_loader_source_t){esp_loader_read_memory, stream.bytes, stream.size};
    return ESP_LOADER_SUCCESS;
}

typedef struct {
    uint32_t size;
    esp_sim_wiring_t wiring;
    esp_sim_timing_t timing;
    int loader;
} setup_t;

/* A stub behind a UART, to which compressed data is sent. */
#define STUB_OVER_UART(size) ((setup_t){size, ESP_SIM_WIRING_BRIDGE, ESP_SIM_TIMING_DEFAULT, STUB})

/* Content that compresses to about three quarters. */
static void begin(job_t *job, setup_t setup)
{
    *job = (job_t){.size = setup.size};
    job->bench.config = (esp_sim_config_t){
        .wiring = setup.wiring, .timing = setup.timing, .accepts_any_stub = true, .flash_size = 1u << 20};
    job->bench.target_loader = setup.loader;
    job->image = bench_make_data(setup.size);
    bench_fill(job->image, setup.size, 5);
    for (uint32_t i = 0; i < setup.size; i++) {
        job->image[i] &= 0x3F;
    }
    bench_connect(&job->bench);
    bench_fill(esp_sim_flash(job->bench.sim), 1u << 20, 77);
    job->plan =
        (esp_loader_image_t){.offset = OFFSET, .source = {read_image, job, setup.size}, .is_raw = true};
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
    free(job->stream.bytes);
    free(job->deflated);
    free(job->image);
    bench_close(&job->bench); /* and nothing was misused */
}

static void run_job(setup_t setup, void (*run_case)(job_t *job, size_t i), size_t i)
{
    job_t job;

    test_begin_row(setup.loader == STUB ? "stub" : "ROM", i);
    begin(&job, setup);
    run_case(&job, i);
    end(&job);
    test_begin_row(NULL, 0);
}

/* TEST() with a job that is begun before the body and ended after it; for each `i` below @p count. */
#define TEST_JOB_EACH(name, count, ...)                                                                      \
    static void name##_job(job_t *job, size_t i);                                                            \
    TEST_WITH(name, NULL, test_report_row)                                                                   \
    {                                                                                                        \
        for (size_t i = 0; i < (count); i += test_row_step()) {                                              \
            run_job(__VA_ARGS__, name##_job, i);                                                             \
        }                                                                                                    \
    }                                                                                                        \
    static void name##_job(job_t *job, __attribute__((unused)) size_t i)
#define TEST_JOB(name, size) TEST_JOB_EACH(name, 1u, STUB_OVER_UART(size))

/* Over USB and UART with the ROM, then with the stub. */
static bool is_uart_way(size_t way)
{
    return way % 2 != 0;
}

static setup_t way_of(size_t way, uint32_t size, esp_sim_timing_t timing)
{
    return (setup_t){size, is_uart_way(way) ? ESP_SIM_WIRING_BRIDGE : ESP_SIM_WIRING_USJ, timing,
                     (int)way / 2};
}

TEST_JOB_EACH(changed_sectors_are_written_and_nothing_else, 2 * LOADER_COUNT,
              way_of(i, 3 * BLOCK + 1234, ESP_SIM_TIMING_FAST))
{
    uint8_t *flash = flash_of(job);

    memcpy(flash, job->image, job->size);
    flash[3 * SECTOR] ^= 1;
    flash[BLOCK + 15 * SECTOR] ^= 1;
    flash[2 * BLOCK] ^= 1; /* next to it, in another block */
    flash[job->size - 1] ^= 1;
    flash[job->size] = 0x5A; /* not part of the image, but of its last sector */
    esp_sim_stats_t before = *esp_sim_stats(job->bench.sim);
    run(job, ESP_LOADER_IMAGE_VERIFIED);
    assert_int_equal(job->report.sectors_erased, 4);
    assert_int_equal(job->report.bytes_sent, 3 * SECTOR + 1234);
    assert_int_equal(esp_sim_stats(job->bench.sim)->sectors_erased - before.sectors_erased, 4);
    run(job, ESP_LOADER_IMAGE_EQUAL);
}

TEST_JOB_EACH(a_stub_is_sent_compressed_data_over_a_uart_and_plain_over_usb, 2 * LOADER_COUNT,
              way_of(i, 2 * BLOCK + 4321, ESP_SIM_TIMING_DEFAULT))
{
    const bool is_compressed = job->bench.target_loader == STUB && is_uart_way(i);
    const esp_loader_deflater_t deflater = {deflate_with_zlib, job};

    job->options.deflater = &deflater;
    run(job, ESP_LOADER_IMAGE_VERIFIED);
    assert_int_equal(job->streams > 0, is_compressed);
    assert_int_equal(job->report.bytes_sent < job->size, is_compressed);
}

#ifndef ESP_LOADER_SMALL

static void make_stream(job_t *job)
{
    job->stream = bench_deflate(job->image, job->size);
    job->plan.deflated = (esp_loader_source_t){esp_loader_read_memory, job->stream.bytes, job->stream.size};
}

TEST_JOB(a_stream_made_beforehand_is_sent_for_the_whole_image_only, 2 * BLOCK)
{
    make_stream(job);
    run(job, ESP_LOADER_IMAGE_VERIFIED);
    assert_int_equal(job->report.bytes_sent, job->stream.size);
    flash_of(job)[5 * SECTOR] ^= 1;
    run(job, ESP_LOADER_IMAGE_VERIFIED);
    assert_int_equal(job->report.bytes_sent, SECTOR);
}

/* What it has written wrong is written again as it is. */
TEST_JOB(a_stream_of_something_else_does_not_stay_in_flash, BLOCK)
{
    make_stream(job);
    job->image[777] ^= 1; /* newer than its stream */
    run(job, ESP_LOADER_IMAGE_VERIFIED);
    assert_int_equal(job->report.bytes_sent, job->stream.size + SECTOR);
}

TEST_JOB(what_does_not_get_smaller_is_sent_as_it_is, BLOCK)
{
    const esp_loader_deflater_t deflater = {deflate_with_zlib, job};

    bench_fill(job->image, job->size, 3);
    job->options.deflater = &deflater;
    run(job, ESP_LOADER_IMAGE_VERIFIED);
    assert_int_equal(job->report.bytes_sent, job->size);
}

/* A fast one or a UART, over which 64 KiB are sent compressed to find out, if there is more. */
static const uint32_t blocks[] = {6, 6, 1, 1, 4, 4};

TEST_JOB_EACH(a_link_that_does_not_say_what_it_is_is_measured, COUNT(blocks),
              (setup_t){blocks[i] * BLOCK, is_uart_way(i) ? ESP_SIM_WIRING_BRIDGE : ESP_SIM_WIRING_USJ,
                        ESP_SIM_TIMING_DEFAULT, STUB})
{
    const esp_loader_deflater_t deflater = {deflate_with_zlib, job};

    job->bench.port.base.link = ESP_LOADER_LINK_UNKNOWN;
    job->options.deflater = &deflater;
    job->options.keep_rate = true;
    run(job, ESP_LOADER_IMAGE_VERIFIED);
    const uint32_t saved = job->size - job->report.bytes_sent;
    if (i >= 2) {
        assert_int_equal(job->streams, 1);
        assert_in_range(saved, job->size / 5, job->size / 3);
    } else if (is_uart_way(i)) {
        assert_int_equal(job->streams, 2);
        assert_in_range(saved, job->size / 5, job->size / 3);
    } else {
        assert_int_equal(job->streams, 1);
        assert_in_range(saved, BLOCK / 5, BLOCK / 3);
    }
}

/* What is read of a stream: its blocks. */
static struct {
    const uint8_t *bytes;
    uint32_t first, second;
} noted;

static esp_loader_error_t read_noting(void *ctx, uint32_t offset, void *buf, size_t size)
{
    (void)ctx;
    memcpy(buf, noted.bytes + offset, size);
    if (noted.first == 0) {
        noted.first = (uint32_t)size;
    } else if (noted.second == 0) {
        noted.second = (uint32_t)size;
    }
    return ESP_LOADER_SUCCESS;
}

/* Where the flash cannot keep up while it erases the first block is longer than the others. */
TEST_JOB_EACH(a_stream_of_blocks_of_two_sizes_is_written, 2u, STUB_OVER_UART(4 * BLOCK))
{
    enum { RANDOM = 1200 }; /* bytes of each sector */
    for (uint32_t at = 0; at < job->size; at += SECTOR) {
        memset(job->image + at + RANDOM, 0, SECTOR - RANDOM);
    }
    assert_success(esp_loader_change_transmission_rate(&job->bench.loader, i == 0 ? 460800 : 921600));
    make_stream(job);
    noted.bytes = job->stream.bytes;
    noted.first = noted.second = 0;
    job->plan.deflated.read = read_noting;
    job->options.rewrite_equal = true;
    run(job, ESP_LOADER_IMAGE_VERIFIED);
    assert_int_equal(job->report.bytes_sent, job->stream.size);
    assert_true(noted.first > noted.second);
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

TEST_JOB(a_compressor_that_fails_ends_the_plan_before_anything_is_erased, 2 * BLOCK)
{
    static const esp_loader_deflater_t deflater = {deflate_nothing, NULL};

    job->options.deflater = &deflater;
    assert_source_error(job, ESP_LOADER_ERROR_IO);
    assert_int_equal(job->report.bytes_sent, 0);
    assert_int_equal(esp_sim_stats(job->bench.sim)->sectors_erased, 0);
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

TEST_JOB_EACH(a_stream_that_cannot_be_read_ends_the_plan_and_the_next_run_completes, 4u * 2,
              STUB_OVER_UART(2 * BLOCK))
{
    make_stream(job);
    failing.bytes = job->stream.bytes;
    failing.reads = 0;
    failing.fails_at = (unsigned)i / 2 + 1;
    job->options.buffer_size = i % 2 == 0 ? 16384 : 32768;
    job->plan.deflated.read = read_failing;
    assert_source_error(job, ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(failing.reads, failing.fails_at);
    run(job, ESP_LOADER_IMAGE_VERIFIED);
    job->bench.expects_misuse = true; /* a write that was not finished */
}

/* The target's failure is the one that is reported. */
TEST_JOB(of_a_stream_that_the_target_refuses_nothing_is_read, 2 * BLOCK)
{
    make_stream(job);
    failing.bytes = job->stream.bytes;
    failing.reads = 0;
    failing.fails_at = 1;
    job->plan.deflated.read = read_failing;
    bench_faults(&job->bench, "from command 1 of 0x10: error 0xC4");
    assert_int_equal(esp_loader_plan_run(&job->bench.loader, &job->plan, 1, &job->options, &job->report),
                     ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(bench_cause(&job->bench), ESP_LOADER_ERROR_TARGET_STATUS);
    assert_int_equal(failing.reads, 0);
    assert_int_equal(job->report.result, ESP_LOADER_IMAGE_FAILED);
    job->bench.expects_misuse = true;
}

TEST_JOB_EACH(a_lost_reply_of_a_compressed_write_is_got_over, 6u, STUB_OVER_UART(2 * BLOCK))
{
    const esp_loader_deflater_t deflater = {deflate_with_zlib, job};

    job->options.deflater = &deflater;
    bench_faults_at(&job->bench, "at reply %u of 0x11: drop", (unsigned)i + 1);
    run(job, ESP_LOADER_IMAGE_VERIFIED);
    job->bench.expects_misuse = true;
}

#endif

/* A source that takes as long as a block on the chip: with room for two blocks its time is not seen. */
static uint64_t time_to_write(size_t buffer_size, uint32_t read_us)
{
    job_t job;

    begin(&job, (setup_t){2 * BLOCK, ESP_SIM_WIRING_USJ, ESP_SIM_TIMING_DEFAULT, ROM});
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
