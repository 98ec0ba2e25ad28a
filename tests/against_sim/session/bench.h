/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A test bench: one simulated chip, one port, one session. Leaving it checks that the host misused nothing.
 */
#ifndef SIM_TARGET_BENCH_H
#define SIM_TARGET_BENCH_H

#include "sdio_port.h"
#include "sim_port.h"
#include "test.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define assert_success(call) assert_int_equal(call, ESP_LOADER_SUCCESS)

/* The loader in ROM, or the flasher stub, whose bytes are stand-ins (stub_table.c): no network is needed. A small
 * library has no stub. */
enum { ROM, STUB };
#ifdef ESP_LOADER_SMALL
enum { LOADER_COUNT = 1 };
#else
enum { LOADER_COUNT = 2 };
#endif

typedef struct {
    esp_sim_config_t config; /* set before bench_open() */
    esp_sim_t *sim;
    sim_port_t port;
    sdio_port_t sdio; /* with that wiring, in place of port */
    esp_loader_t loader;
    int target_loader;   /* ROM or STUB: which one connecting is for */
    bool expects_misuse; /* the case has faults that make the host look wrong */
} bench_t;

typedef void (*bench_case_t)(bench_t *b, size_t i);

/* Creates the chip and opens the session, and connects it if that is what @p start does, runs the case, and closes. */
typedef void (*bench_start_t)(bench_t *bench);
void bench_run(bench_t bench, bench_start_t start, bench_case_t run, size_t i);

#define BENCH_TEST(name, start, i, count, ...)                                                               \
    static void name##_on_bench(bench_t *b, size_t i);                                                       \
    TEST_WITH(name, NULL, test_report_row)                                                                   \
    {                                                                                                        \
        for (size_t i = 0; i < (count); i += test_row_step()) {                                              \
            bench_run((__VA_ARGS__), start, name##_on_bench, i);                                             \
        }                                                                                                    \
    }                                                                                                        \
    static void name##_on_bench(bench_t *b, __attribute__((unused)) size_t i)

/* TEST() with a bench `b` that is opened or connected before the body and closed after it. The rest is a bench_t. */
#define TEST_OPEN(name, ...)      BENCH_TEST(name, bench_open, only_, 1u, __VA_ARGS__)
#define TEST_CONNECTED(name, ...) BENCH_TEST(name, bench_connect, only_, 1u, __VA_ARGS__)

/* The same for each `i` below @p count, with a bench of its own, which may depend on `i`. */
#define TEST_OPEN_EACH(name, count, ...)      BENCH_TEST(name, bench_open, i, count, __VA_ARGS__)
#define TEST_CONNECTED_EACH(name, count, ...) BENCH_TEST(name, bench_connect, i, count, __VA_ARGS__)

/* A bench for them, from members of its configuration. */
#define BENCH(...) ((bench_t){.config = {__VA_ARGS__}})

/* Creates chip, port and session from bench->config; fails the test when it cannot. */
void bench_open(bench_t *bench);
/* Connects on the session as it is, to the loader in ROM or to a stub that it uploads. */
esp_loader_error_t bench_try_connect(bench_t *bench);

/* bench_open() and bench_try_connect(); fails the test when it cannot. */
void bench_connect(bench_t *bench);
/* Opens the port anew, waiting up to 10 s for a device that has left, and connects; fails the test when it cannot. */
void bench_reconnect(bench_t *bench);

/* Lets this much virtual time pass. */
void bench_wait_us(bench_t *bench, uint64_t time_us);

/* Virtual time since @p since_us, ms. */
uint64_t bench_elapsed_ms(const bench_t *bench, uint64_t since_us);

/* Fails the test unless the target still tells its MAC address. */
void assert_answers(bench_t *bench);

/* Ends everything. Misuse that the simulator recorded fails the test, unless the bench expects it. */
void bench_close(bench_t *bench);

/* Faults from here on. */
void bench_faults(bench_t *bench, const char *script);
__attribute__((format(printf, 2, 3))) void bench_faults_at(bench_t *bench, const char *format, ...);

/* Writes an image with the explicit API in blocks of 1 KiB, or of @p block_size; the first error. */
esp_loader_error_t bench_flash(bench_t *bench, uint32_t offset, const uint8_t *data, uint32_t size,
                               bool skip_verify);
esp_loader_error_t bench_flash_blocks(bench_t *bench, uint32_t offset, const uint8_t *data, uint32_t size,
                                      uint32_t block_size, bool skip_verify);

/* What zlib makes of data; the bytes are the caller's to free(). */
typedef struct {
    uint8_t *bytes;
    uint32_t size;
} stream_t;
stream_t bench_deflate(const uint8_t *data, uint32_t size);

/* Writes a compressed image of @p size bytes; the first error. Without the end: bench_send_deflated(). */
esp_loader_error_t bench_flash_deflated(bench_t *bench, uint32_t offset, uint32_t size,
                                        const stream_t *stream, uint32_t block_size);
esp_loader_error_t bench_send_deflated(bench_t *bench, esp_loader_flash_deflate_cfg_t *cfg,
                                       const uint8_t *stream);

/* malloc(size), filled: an exact-size allocation, in which a sanitizer sees every byte read too far. */
uint8_t *bench_make_data(uint32_t size);

/* Fills with reproducible, incompressible bytes. */
void bench_fill(uint8_t *data, size_t size, uint32_t seed);

/* Is every byte of this range of the flash @p value? */
bool bench_holds(const bench_t *bench, uint32_t offset, uint32_t size, uint8_t value);

/* The cause of the last failure. */
esp_loader_error_t bench_cause(const bench_t *bench);

#endif
