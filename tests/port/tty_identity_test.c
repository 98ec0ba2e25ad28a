/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What sysfs says about a tty, from an imitation of its folders.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tty_identity.h"

typedef struct {
    char root[64];
} sysfs_t;

static int make_sysfs(void **state)
{
    sysfs_t *sysfs = calloc(1, sizeof(*sysfs));

    snprintf(sysfs->root, sizeof(sysfs->root), "/tmp/tty_identity.XXXXXX");
    *state = sysfs;
    return mkdtemp(sysfs->root) == NULL ? -1 : 0;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

static int remove_sysfs(void **state)
{
    sysfs_t *sysfs = *state;
    int outcome = nftw(sysfs->root, remove_entry, 8, FTW_DEPTH | FTW_PHYS);

    free(sysfs);
    return outcome;
}

/** Makes <root>/<path> and every folder above it. */
static void make_folders(const sysfs_t *sysfs, const char *path)
{
    char full[256];

    snprintf(full, sizeof(full), "%s/%s", sysfs->root, path);
    for (char *slash = strchr(full + strlen(sysfs->root) + 1, '/'); slash != NULL;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        assert_true(mkdir(full, 0777) == 0 || errno == EEXIST);
        *slash = '/';
    }
    assert_true(mkdir(full, 0777) == 0 || errno == EEXIST);
}

static void write_file(const sysfs_t *sysfs, const char *path, const char *content)
{
    char full[256];

    snprintf(full, sizeof(full), "%s/%s", sysfs->root, path);
    FILE *file = fopen(full, "w");
    assert_non_null(file);
    fputs(content, file);
    assert_int_equal(fclose(file), 0);
}

static void link_device(const sysfs_t *sysfs, const char *number, const char *target)
{
    char full[256];

    make_folders(sysfs, "dev/char");
    snprintf(full, sizeof(full), "%s/dev/char/%s", sysfs->root, number);
    assert_int_equal(symlink(target, full), 0);
}

static void make_usb_tty(const sysfs_t *sysfs, const char *vid, const char *pid)
{
    make_folders(sysfs, "devices/pci0/usb1/1-2/1-2:1.0/tty/ttyACM0");
    write_file(sysfs, "devices/pci0/usb1/1-2/idVendor", vid);
    write_file(sysfs, "devices/pci0/usb1/1-2/idProduct", pid);
    write_file(sysfs, "devices/pci0/usb1/idVendor", "1d6b\n"); /* the hub above does not matter */
    write_file(sysfs, "devices/pci0/usb1/idProduct", "0002\n");
}

static void usb_devices_are_told_apart_by_their_ids(void **state)
{
    static const struct {
        const char *vid;
        const char *pid;
        esp_loader_link_t link;
    } cases[] = {
        {"303a\n", "1001\n", ESP_LOADER_LINK_USB_SERIAL_JTAG},
        {"303a\n", "0002\n", ESP_LOADER_LINK_USB_OTG},
        {"303a\n", "0009\n", ESP_LOADER_LINK_USB_OTG},
        {"303a\n", "0012\n", ESP_LOADER_LINK_USB_OTG},
        {"303a\n", "1002\n", ESP_LOADER_LINK_UART},
        {"303a\n", "4001\n", ESP_LOADER_LINK_UNKNOWN},
        {"10c4\n", "ea60\n", ESP_LOADER_LINK_UART},
        {"1a86\n", "1001\n", ESP_LOADER_LINK_UART}, /* the product id alone says nothing */
    };
    const sysfs_t *sysfs = *state;

    link_device(sysfs, "166:0", "../../devices/pci0/usb1/1-2/1-2:1.0/tty/ttyACM0");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        make_usb_tty(sysfs, cases[i].vid, cases[i].pid);
        tty_identity_t identity = tty_identity_find(sysfs->root, 166, 0);

        assert_int_equal(identity.link, cases[i].link);
        assert_int_equal(identity.usb_vid, strtoul(cases[i].vid, NULL, 16));
        assert_int_equal(identity.usb_pid, strtoul(cases[i].pid, NULL, 16));
    }
}

static void serial_controller_of_the_board_is_a_uart(void **state)
{
    const sysfs_t *sysfs = *state;

    make_folders(sysfs, "devices/platform/serial8250/tty/ttyS0");
    link_device(sysfs, "4:64", "../../devices/platform/serial8250/tty/ttyS0");
    tty_identity_t identity = tty_identity_find(sysfs->root, 4, 64);
    assert_int_equal(identity.link, ESP_LOADER_LINK_UART);
    assert_int_equal(identity.usb_vid, 0);
}

static void virtual_and_unlisted_terminals_are_unknown(void **state)
{
    const sysfs_t *sysfs = *state;

    make_folders(sysfs, "devices/virtual/tty/tty1");
    link_device(sysfs, "4:1", "../../devices/virtual/tty/tty1");
    assert_int_equal(tty_identity_find(sysfs->root, 4, 1).link, ESP_LOADER_LINK_UNKNOWN);
    assert_int_equal(tty_identity_find(sysfs->root, 136, 0).link, ESP_LOADER_LINK_UNKNOWN);
    assert_int_equal(tty_identity_find("/nonexistent", 4, 1).link, ESP_LOADER_LINK_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(usb_devices_are_told_apart_by_their_ids, make_sysfs, remove_sysfs),
        cmocka_unit_test_setup_teardown(serial_controller_of_the_board_is_a_uart, make_sysfs, remove_sysfs),
        cmocka_unit_test_setup_teardown(virtual_and_unlisted_terminals_are_unknown, make_sysfs, remove_sysfs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
