/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The serial port in use: transfers, time-outs, hang-up and lines.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "pty.h"
#include "test.h"

/* ---- transfers ---- */

TEST_PTY(read_gives_what_is_there_and_keeps_the_rest)
{
    uint8_t buf[16];
    size_t got = 0;

    pty_open_with_port(&pty);
    assert_int_equal(write(pty.master, "\xc0\x00\x03\x0d\x1a\x11\x13\xff\x7f\x0a", 10), 10);
    assert_int_equal(port_read(buf, 4, PATIENT_MS, &got), ESP_LOADER_SUCCESS);
    assert_int_equal(got, 4);
    assert_int_equal(port_read(buf + 4, 12, PATIENT_MS, &got), ESP_LOADER_SUCCESS);
    assert_int_equal(got, 6);
    assert_memory_equal(buf, "\xc0\x00\x03\x0d\x1a\x11\x13\xff\x7f\x0a", 10);
}

TEST_PTY(read_without_data_times_out)
{
    static const uint32_t timeouts_ms[] = {0, 1, 20};
    uint8_t byte = 0;

    pty_open_with_port(&pty);
    for (size_t i = 0; i < 3; i++) {
        size_t got = 99;
        uint32_t before_ms = port_now_ms();

        assert_int_equal(port_read(&byte, 1, timeouts_ms[i], &got), ESP_LOADER_ERROR_TIMEOUT);
        assert_int_equal(got, 0);
        /* Never early: the clock of the port agrees that the time is over. */
        assert_true(port_now_ms() - before_ms >= timeouts_ms[i]);
    }
}

static void ignore_signal(int number)
{
    (void)number;
}

TEST_PTY(signals_do_not_end_a_wait)
{
    struct sigaction action = {.sa_handler = ignore_signal}; /* without SA_RESTART */
    struct itimerval ticks = {.it_interval.tv_usec = 2000, .it_value.tv_usec = 2000};
    uint8_t byte = 0;
    size_t got = 99;

    pty_open_with_port(&pty);
    assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
    assert_int_equal(setitimer(ITIMER_REAL, &ticks, NULL), 0);
    uint32_t before_ms = port_now_ms();
    assert_int_equal(port_read(&byte, 1, 30, &got), ESP_LOADER_ERROR_TIMEOUT);
    assert_true(port_now_ms() - before_ms >= 30);
    before_ms = port_now_ms();
    port_delay(30);
    assert_true(port_now_ms() - before_ms >= 30);
    ticks = (struct itimerval){0};
    assert_int_equal(setitimer(ITIMER_REAL, &ticks, NULL), 0);
}

TEST_PTY(written_bytes_arrive_unchanged)
{
    uint8_t data[256];
    uint8_t arrived[256];
    size_t written = 0;
    size_t size = 0;

    for (size_t i = 0; i < sizeof(data); i++) {
        data[i] = (uint8_t)i;
    }
    pty_open_with_port(&pty);
    assert_int_equal(port_write(data, sizeof(data), PATIENT_MS, &written), ESP_LOADER_SUCCESS);
    assert_int_equal(written, sizeof(data));
    while (size < sizeof(arrived)) {
        ssize_t got = read(pty.master, arrived + size, sizeof(arrived) - size);
        assert_true(got > 0);
        size += (size_t)got;
    }
    assert_memory_equal(arrived, data, sizeof(data));
}

/** Another program's end: reads all of @c size bytes into @c data. */
typedef struct {
    int fd;
    uint8_t *data;
    size_t size;
    size_t done;
} reader_t;

static void *read_everything(void *argument)
{
    reader_t *reader = argument;

    while (reader->done < reader->size) {
        ssize_t got = read(reader->fd, reader->data + reader->done, reader->size - reader->done);
        if (got <= 0) {
            break;
        }
        reader->done += (size_t)got;
    }
    return NULL;
}

TEST_PTY(data_longer_than_the_device_takes_at_once_goes_out_whole)
{
    static uint8_t data[256 * 1024];
    static uint8_t arrived[sizeof(data)];
    reader_t reader = {.data = arrived, .size = sizeof(arrived)};
    pthread_t thread;
    size_t written = 0;

    for (size_t i = 0; i < sizeof(data); i++) {
        data[i] = (uint8_t)(i * 7 + i / 256);
    }
    pty_open_with_port(&pty);
    reader.fd = pty.master;
    assert_int_equal(pthread_create(&thread, NULL, read_everything, &reader), 0);
    assert_int_equal(port_write(data, sizeof(data), PATIENT_MS, &written), ESP_LOADER_SUCCESS);
    assert_int_equal(written, sizeof(data));
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(reader.done, sizeof(data));
    assert_memory_equal(arrived, data, sizeof(data));
}

TEST_PTY(write_to_a_full_device_times_out_and_tells_what_was_taken)
{
    static uint8_t data[256 * 1024]; /* more than any pseudo terminal buffers */
    static uint8_t arrived[sizeof(data)];
    size_t written = 0;
    size_t size = 0;

    for (size_t i = 0; i < sizeof(data); i++) {
        data[i] = (uint8_t)(i * 7 + i / 256);
    }
    pty_open_with_port(&pty);
    assert_int_equal(port_write(data, sizeof(data), 20, &written), ESP_LOADER_ERROR_TIMEOUT);
    assert_in_range(written, 1, sizeof(data) - 1);
    assert_int_equal(fcntl(pty.master, F_SETFL, O_NONBLOCK), 0);
    for (;;) {
        ssize_t got = read(pty.master, arrived + size, sizeof(arrived) - size);
        if (got <= 0) {
            assert_int_equal(errno, EAGAIN);
            if (size >= written) {
                break;
            }
            continue; /* the kernel hands it over in the background */
        }
        size += (size_t)got;
    }
    assert_int_equal(size, written);
    assert_memory_equal(arrived, data, size);
}

TEST_PTY(hang_up_is_disconnected_for_every_call)
{
    pty_open_with_port(&pty);
    close(pty.master);
    pty.master = -1;
    assert_port_disconnected();
}

TEST_PTY(closed_port_is_disconnected_for_every_call)
{
    linux_port_t port = {.port.ops = &linux_uart_ops, .device = "/dev/null"};

    port_under_test = &port.port;
    port_deinit();
    assert_port_disconnected();
    assert_int_equal(port_link(), ESP_LOADER_LINK_UNKNOWN);
}

/* ---- lines ---- */

TEST_PTY(pseudo_terminal_has_no_lines_and_an_unknown_link)
{
    pty_open_with_port(&pty);
    assert_int_equal(port_set_lines(true, false), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(port_link(), ESP_LOADER_LINK_UNKNOWN);
}

TEST_PTY(mode_without_reset_offers_no_lines)
{
    pty_open(&pty);
    pty.port.gpio_mode = LINUX_GPIO_NONE;
    assert_port_opens();
    assert_null(pty.port.port.ops->set_lines);
    assert_null(pty.port.port.ops->enter_bootloader_checked);
}
