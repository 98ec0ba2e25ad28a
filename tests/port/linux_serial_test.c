/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The serial port against a pseudo terminal, whose other end the test holds.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <asm/termbits.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "esp_loader.h"
#include "linux_port.h"

/** Long enough never to run out in a test that passes. */
enum { PATIENT_MS = 60000 };

typedef struct {
    int master;
    char path[64];
    linux_port_t port;
} pty_t;

static void open_pty(pty_t *pty)
{
    memset(pty, 0, sizeof(*pty));
    pty->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(pty->master >= 0);
    assert_int_equal(grantpt(pty->master), 0);
    assert_int_equal(unlockpt(pty->master), 0);
    assert_int_equal(ptsname_r(pty->master, pty->path, sizeof(pty->path)), 0);
    pty->port = (linux_port_t){.port.ops = &linux_uart_ops,
                               .device = pty->path,
                               .baudrate = 115200,
                               .gpio_mode = LINUX_GPIO_DTR_RTS};
}

static esp_loader_error_t init(pty_t *pty)
{
    return pty->port.port.ops->init(&pty->port.port);
}

static void open_pty_and_port(pty_t *pty)
{
    open_pty(pty);
    assert_int_equal(init(pty), ESP_LOADER_SUCCESS);
}

static void close_all(pty_t *pty)
{
    pty->port.port.ops->deinit(&pty->port.port);
    if (pty->master >= 0) {
        close(pty->master);
    }
}

static struct termios2 settings_of(const char *path)
{
    struct termios2 settings;

    int fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(ioctl(fd, TCGETS2, &settings), 0);
    close(fd);
    return settings;
}

static esp_loader_error_t read_some(pty_t *pty, uint8_t *buf, size_t capacity, uint32_t timeout_ms,
                                    size_t *out_read)
{
    return pty->port.port.ops->read_some(&pty->port.port, buf, capacity, timeout_ms, out_read);
}

/* ---- opening ---- */

static void device_is_raw_after_opening_and_keeps_its_lines_on_close(void **state)
{
    struct termios2 settings;
    pty_t pty;

    (void)state;
    open_pty(&pty);
    int other = open(pty.path, O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_int_equal(ioctl(other, TCGETS2, &settings), 0);
    settings.c_iflag |= IXON | IXOFF | ICRNL;
    settings.c_oflag |= OPOST;
    settings.c_lflag |= ICANON | ECHO | ISIG;
    settings.c_cflag |= HUPCL | PARENB | CSTOPB | CRTSCTS;
    assert_int_equal(ioctl(other, TCSETS2, &settings), 0);
    assert_int_equal(init(&pty), ESP_LOADER_SUCCESS);
    assert_int_equal(ioctl(other, TCGETS2, &settings), 0);
    assert_int_equal(settings.c_iflag, 0);
    assert_int_equal(settings.c_oflag, 0);
    assert_int_equal(settings.c_lflag, 0);
    assert_int_equal(settings.c_cflag & (CSIZE | PARENB | CSTOPB | CRTSCTS | HUPCL), CS8);
    assert_int_equal(settings.c_cflag & (CREAD | CLOCAL), CREAD | CLOCAL);
    assert_int_equal(settings.c_cc[VMIN], 1);
    assert_int_equal(settings.c_cc[VTIME], 0);
    close(other);
    close_all(&pty);
}

static void any_rate_can_be_opened_with_and_changed_to(void **state)
{
    static const uint32_t rates[] = {115200, 74880, 12345, 921600, 2000000, 5000000, 1};
    pty_t pty;

    (void)state;
    for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
        open_pty(&pty);
        pty.port.baudrate = rates[i];
        assert_int_equal(init(&pty), ESP_LOADER_SUCCESS);
        assert_int_equal(ioctl(pty.port._state.fd, TIOCNXCL), 0);
        assert_int_equal(settings_of(pty.path).c_ospeed, rates[i]);
        assert_int_equal(pty.port.port.ops->set_rate(&pty.port.port, rates[i] + 250), ESP_LOADER_SUCCESS);
        assert_int_equal(settings_of(pty.path).c_ospeed, rates[i] + 250);
        assert_int_equal(settings_of(pty.path).c_ispeed, rates[i] + 250);
        close_all(&pty);
    }
}

static void rate_zero_means_the_default_at_opening_and_is_refused_later(void **state)
{
    pty_t pty;

    (void)state;
    open_pty(&pty);
    pty.port.baudrate = 0;
    assert_int_equal(init(&pty), ESP_LOADER_SUCCESS);
    assert_int_equal(ioctl(pty.port._state.fd, TIOCNXCL), 0);
    assert_int_equal(settings_of(pty.path).c_ospeed, 115200);
    assert_int_equal(pty.port.port.ops->set_rate(&pty.port.port, 0), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(settings_of(pty.path).c_ospeed, 115200);
    close_all(&pty);
}

static void bytes_from_before_opening_are_dropped(void **state)
{
    pty_t pty;
    uint8_t byte = 0;
    size_t got = 99;

    (void)state;
    open_pty(&pty);
    int keeper = open(pty.path, O_RDWR | O_NOCTTY | O_CLOEXEC); /* else the kernel drops them itself */
    assert_true(keeper >= 0);
    assert_int_equal(write(pty.master, "old\n", 4), 4);
    assert_int_equal(init(&pty), ESP_LOADER_SUCCESS);
    close(keeper);
    assert_int_equal(read_some(&pty, &byte, 1, 0, &got), ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(got, 0);
    close_all(&pty);
}

static void device_in_use_is_busy_whichever_way_it_is_locked(void **state)
{
    pty_t pty;
    linux_port_t second;

    (void)state;
    open_pty_and_port(&pty);
    second = (linux_port_t){.port.ops = &linux_uart_ops, .device = pty.path};
    assert_int_equal(second.port.ops->init(&second.port), ESP_LOADER_ERROR_PORT_BUSY);
    close_all(&pty);

    open_pty(&pty); /* a program that only locks */
    int other = open(pty.path, O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_int_equal(flock(other, LOCK_EX | LOCK_NB), 0);
    assert_int_equal(init(&pty), ESP_LOADER_ERROR_PORT_BUSY);
    assert_int_equal(flock(other, LOCK_UN), 0);
    assert_int_equal(ioctl(other, TIOCEXCL), 0); /* a program that only asks for exclusive use */
    assert_int_equal(init(&pty), ESP_LOADER_ERROR_PORT_BUSY);
    assert_int_equal(ioctl(other, TIOCNXCL), 0);
    assert_int_equal(init(&pty), ESP_LOADER_SUCCESS); /* a refused open leaves nothing behind */
    close(other);
    close_all(&pty);
}

static void closed_device_can_be_used_by_others_again(void **state)
{
    pty_t pty;

    (void)state;
    open_pty(&pty);
    int keeper = open(pty.path, O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_int_equal(init(&pty), ESP_LOADER_SUCCESS);
    pty.port.port.ops->deinit(&pty.port.port);
    int is_exclusive = 1;
    assert_int_equal(ioctl(keeper, TIOCGEXCL, &is_exclusive), 0);
    assert_int_equal(is_exclusive, 0);
    assert_int_equal(flock(keeper, LOCK_EX | LOCK_NB), 0);
    close(keeper);
    close_all(&pty);
}

static void things_that_are_no_serial_device_are_not_found(void **state)
{
    static const char *const paths[] = {"/nonexistent/ttyACM0", "/dev/null", "/", "/dev/null/x", ""};

    (void)state;
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        linux_port_t port = {.port.ops = &linux_uart_ops, .device = paths[i]};

        assert_int_equal(port.port.ops->init(&port.port), ESP_LOADER_ERROR_PORT_NOT_FOUND);
    }
}

static void device_without_permission_is_an_access_error(void **state)
{
    pty_t pty;

    (void)state;
    open_pty(&pty);
    if (geteuid() == 0) {
        assert_int_equal(fchmod(pty.master, 0), 0);
        assert_int_equal(chmod(pty.path, 0), 0);
        assert_int_equal(seteuid(65534), 0);
        esp_loader_error_t error = init(&pty);
        assert_int_equal(seteuid(0), 0);
        assert_int_equal(error, ESP_LOADER_ERROR_PORT_ACCESS);
    } else {
        assert_int_equal(chmod(pty.path, 0), 0);
        assert_int_equal(init(&pty), ESP_LOADER_ERROR_PORT_ACCESS);
    }
    close_all(&pty);
}

static void missing_device_or_impossible_mode_is_an_invalid_parameter(void **state)
{
    pty_t pty;
    linux_port_t port = {.port.ops = &linux_uart_ops};

    (void)state;
    assert_int_equal(port.port.ops->init(&port.port), ESP_LOADER_ERROR_INVALID_PARAM);
    open_pty(&pty);
    pty.port.gpio_mode = (linux_gpio_mode_t)7;
    assert_int_equal(init(&pty), ESP_LOADER_ERROR_INVALID_PARAM);
    pty.port.gpio_mode = LINUX_GPIO_GPIOD; /* without a chip */
    assert_int_equal(init(&pty), ESP_LOADER_ERROR_INVALID_PARAM);
    pty.port.gpio_mode = LINUX_GPIO_NONE; /* and the device is not left locked */
    assert_int_equal(init(&pty), ESP_LOADER_SUCCESS);
    close_all(&pty);
}

static void init_again_without_deinit_reopens(void **state)
{
    pty_t pty;
    esp_loader_t loader;

    (void)state;
    open_pty(&pty);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(esp_loader_init_serial(&loader, &pty.port.port), ESP_LOADER_SUCCESS);
    }
    esp_loader_deinit(&loader);
    esp_loader_deinit(&loader);
    close_all(&pty);
}

/* ---- transfers ---- */

static void read_gives_what_is_there_and_keeps_the_rest(void **state)
{
    pty_t pty;
    uint8_t buf[16];
    size_t got = 0;

    (void)state;
    open_pty_and_port(&pty);
    assert_int_equal(write(pty.master, "\xc0\x00\x03\x0d\x1a\x11\x13\xff\x7f\x0a", 10), 10);
    assert_int_equal(read_some(&pty, buf, 4, PATIENT_MS, &got), ESP_LOADER_SUCCESS);
    assert_int_equal(got, 4);
    assert_int_equal(read_some(&pty, buf + 4, 12, PATIENT_MS, &got), ESP_LOADER_SUCCESS);
    assert_int_equal(got, 6);
    assert_memory_equal(buf, "\xc0\x00\x03\x0d\x1a\x11\x13\xff\x7f\x0a", 10);
    close_all(&pty);
}

static void read_without_data_times_out(void **state)
{
    static const uint32_t timeouts_ms[] = {0, 1, 20};
    pty_t pty;
    uint8_t byte = 0;

    (void)state;
    open_pty_and_port(&pty);
    for (size_t i = 0; i < 3; i++) {
        size_t got = 99;
        uint32_t before_ms = pty.port.port.ops->now_ms(&pty.port.port);

        assert_int_equal(read_some(&pty, &byte, 1, timeouts_ms[i], &got), ESP_LOADER_ERROR_TIMEOUT);
        assert_int_equal(got, 0);
        /* Never early: the clock of the port agrees that the time is over. */
        assert_true(pty.port.port.ops->now_ms(&pty.port.port) - before_ms >= timeouts_ms[i]);
    }
    close_all(&pty);
}

static void ignore_signal(int number)
{
    (void)number;
}

static void signals_do_not_end_a_wait(void **state)
{
    struct sigaction action = {.sa_handler = ignore_signal}; /* without SA_RESTART */
    struct itimerval ticks = {.it_interval.tv_usec = 2000, .it_value.tv_usec = 2000};
    pty_t pty;
    uint8_t byte = 0;
    size_t got = 99;

    (void)state;
    open_pty_and_port(&pty);
    assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
    assert_int_equal(setitimer(ITIMER_REAL, &ticks, NULL), 0);
    uint32_t before_ms = pty.port.port.ops->now_ms(&pty.port.port);
    assert_int_equal(read_some(&pty, &byte, 1, 30, &got), ESP_LOADER_ERROR_TIMEOUT);
    assert_true(pty.port.port.ops->now_ms(&pty.port.port) - before_ms >= 30);
    before_ms = pty.port.port.ops->now_ms(&pty.port.port);
    pty.port.port.ops->delay_ms(&pty.port.port, 30);
    assert_true(pty.port.port.ops->now_ms(&pty.port.port) - before_ms >= 30);
    ticks = (struct itimerval){0};
    assert_int_equal(setitimer(ITIMER_REAL, &ticks, NULL), 0);
    close_all(&pty);
}

static void written_bytes_arrive_unchanged(void **state)
{
    uint8_t data[256];
    uint8_t arrived[256];
    pty_t pty;
    size_t written = 0;
    size_t size = 0;

    (void)state;
    for (size_t i = 0; i < sizeof(data); i++) {
        data[i] = (uint8_t)i;
    }
    open_pty_and_port(&pty);
    assert_int_equal(pty.port.port.ops->write_all(&pty.port.port, data, sizeof(data), PATIENT_MS, &written),
                     ESP_LOADER_SUCCESS);
    assert_int_equal(written, sizeof(data));
    while (size < sizeof(arrived)) {
        ssize_t got = read(pty.master, arrived + size, sizeof(arrived) - size);
        assert_true(got > 0);
        size += (size_t)got;
    }
    assert_memory_equal(arrived, data, sizeof(data));
    close_all(&pty);
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

static void data_longer_than_the_device_takes_at_once_goes_out_whole(void **state)
{
    static uint8_t data[256 * 1024];
    static uint8_t arrived[sizeof(data)];
    reader_t reader = {.data = arrived, .size = sizeof(arrived)};
    pthread_t thread;
    pty_t pty;
    size_t written = 0;

    (void)state;
    for (size_t i = 0; i < sizeof(data); i++) {
        data[i] = (uint8_t)(i * 7 + i / 256);
    }
    open_pty_and_port(&pty);
    reader.fd = pty.master;
    assert_int_equal(pthread_create(&thread, NULL, read_everything, &reader), 0);
    assert_int_equal(pty.port.port.ops->write_all(&pty.port.port, data, sizeof(data), PATIENT_MS, &written),
                     ESP_LOADER_SUCCESS);
    assert_int_equal(written, sizeof(data));
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(reader.done, sizeof(data));
    assert_memory_equal(arrived, data, sizeof(data));
    close_all(&pty);
}

static void write_to_a_full_device_times_out_and_tells_what_was_taken(void **state)
{
    static uint8_t data[256 * 1024]; /* more than any pseudo terminal buffers */
    static uint8_t arrived[sizeof(data)];
    pty_t pty;
    size_t written = 0;
    size_t size = 0;

    (void)state;
    for (size_t i = 0; i < sizeof(data); i++) {
        data[i] = (uint8_t)(i * 7 + i / 256);
    }
    open_pty_and_port(&pty);
    assert_int_equal(pty.port.port.ops->write_all(&pty.port.port, data, sizeof(data), 20, &written),
                     ESP_LOADER_ERROR_TIMEOUT);
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
    close_all(&pty);
}

static void hang_up_is_disconnected_for_every_call(void **state)
{
    pty_t pty;
    uint8_t byte = 0;
    size_t count = 99;

    (void)state;
    open_pty_and_port(&pty);
    close(pty.master);
    pty.master = -1;
    assert_int_equal(read_some(&pty, &byte, 1, PATIENT_MS, &count), ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(count, 0);
    assert_int_equal(pty.port.port.ops->write_all(&pty.port.port, &byte, 1, PATIENT_MS, &count),
                     ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(count, 0);
    assert_int_equal(pty.port.port.ops->set_rate(&pty.port.port, 9600), ESP_LOADER_ERROR_DISCONNECTED);
    close_all(&pty);
}

static void closed_port_is_disconnected_for_every_call(void **state)
{
    linux_port_t port = {.port.ops = &linux_uart_ops, .device = "/dev/null"};
    uint8_t byte = 0;
    size_t count = 99;

    (void)state;
    port.port.ops->deinit(&port.port);
    assert_int_equal(port.port.ops->read_some(&port.port, &byte, 1, 0, &count),
                     ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(count, 0);
    assert_int_equal(port.port.ops->write_all(&port.port, &byte, 1, 0, &count),
                     ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(port.port.ops->set_lines(&port.port, true, true), ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(port.port.ops->set_rate(&port.port, 9600), ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(port.port.ops->link_kind(&port.port), ESP_LOADER_LINK_UNKNOWN);
}

/* ---- lines ---- */

static void pseudo_terminal_has_no_lines_and_an_unknown_link(void **state)
{
    pty_t pty;

    (void)state;
    open_pty_and_port(&pty);
    assert_int_equal(pty.port.port.ops->set_lines(&pty.port.port, true, false),
                     ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(pty.port.port.ops->link_kind(&pty.port.port), ESP_LOADER_LINK_UNKNOWN);
    close_all(&pty);
}

static void mode_without_reset_offers_no_lines(void **state)
{
    pty_t pty;

    (void)state;
    open_pty(&pty);
    pty.port.gpio_mode = LINUX_GPIO_NONE;
    assert_int_equal(init(&pty), ESP_LOADER_SUCCESS);
    assert_null(pty.port.port.ops->set_lines);
    assert_null(pty.port.port.ops->enter_bootloader_checked);
    close_all(&pty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(device_is_raw_after_opening_and_keeps_its_lines_on_close),
        cmocka_unit_test(any_rate_can_be_opened_with_and_changed_to),
        cmocka_unit_test(rate_zero_means_the_default_at_opening_and_is_refused_later),
        cmocka_unit_test(bytes_from_before_opening_are_dropped),
        cmocka_unit_test(device_in_use_is_busy_whichever_way_it_is_locked),
        cmocka_unit_test(closed_device_can_be_used_by_others_again),
        cmocka_unit_test(things_that_are_no_serial_device_are_not_found),
        cmocka_unit_test(device_without_permission_is_an_access_error),
        cmocka_unit_test(missing_device_or_impossible_mode_is_an_invalid_parameter),
        cmocka_unit_test(init_again_without_deinit_reopens),
        cmocka_unit_test(read_gives_what_is_there_and_keeps_the_rest),
        cmocka_unit_test(read_without_data_times_out),
        cmocka_unit_test(signals_do_not_end_a_wait),
        cmocka_unit_test(written_bytes_arrive_unchanged),
        cmocka_unit_test(data_longer_than_the_device_takes_at_once_goes_out_whole),
        cmocka_unit_test(write_to_a_full_device_times_out_and_tells_what_was_taken),
        cmocka_unit_test(hang_up_is_disconnected_for_every_call),
        cmocka_unit_test(closed_port_is_disconnected_for_every_call),
        cmocka_unit_test(pseudo_terminal_has_no_lines_and_an_unknown_link),
        cmocka_unit_test(mode_without_reset_offers_no_lines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
