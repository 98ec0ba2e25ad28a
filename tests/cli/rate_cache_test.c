/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Rates that are remembered: found again, forgotten after a day, and no trouble where the folder is missing, read-only
 * or full of something else, or another process writes as well.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ports/rate_cache.h"
#include "test.h"

enum { NOW = 1800000000 };

static char folder[64];
static char file[128];

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/rate_cache.XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(file, sizeof(file), "%s/esp-loader/rates", folder);
    assert_int_equal(setenv("XDG_CACHE_HOME", folder, 1), 0);
    return 0;
}

static int remove_folder(void **state)
{
    char command[200];
    (void)state;
    snprintf(command, sizeof(command), "chmod -R u+w %s && rm -r %s", folder, folder);
    return system(command);
}

static void write_file(const char *content, size_t size)
{
    char path[200];
    snprintf(path, sizeof(path), "%s/esp-loader", folder);
    mkdir(path, 0700);
    FILE *out = fopen(file, "w");
    assert_non_null(out);
    assert_int_equal(fwrite(content, 1, size, out), size);
    assert_int_equal(fclose(out), 0);
}

TEST_WITH(rate_is_found_again_by_its_key_alone, make_folder, remove_folder)
{
    assert_int_equal(rate_cache_find("a", NOW), 0);
    rate_cache_store("a", 921600, NOW);
    rate_cache_store("b", 460800, NOW);
    assert_int_equal(rate_cache_find("a", NOW), 921600);
    assert_int_equal(rate_cache_find("b", NOW + 3600), 460800);
    assert_int_equal(rate_cache_find("c", NOW), 0);
    rate_cache_store("a", 2000000, NOW + 1);
    assert_int_equal(rate_cache_find("a", NOW + 1), 2000000);
    assert_int_equal(rate_cache_find("b", NOW + 1), 460800);
}

TEST_WITH(entry_is_forgotten_after_a_day_and_does_not_count_before_its_time, make_folder, remove_folder)
{
    rate_cache_store("a", 921600, NOW);
    assert_int_equal(rate_cache_find("a", NOW + RATE_CACHE_SECONDS), 921600);
    assert_int_equal(rate_cache_find("a", NOW + RATE_CACHE_SECONDS + 1), 0);
    assert_int_equal(rate_cache_find("a", NOW - 1), 0);
    rate_cache_store("b", 1, NOW + RATE_CACHE_SECONDS + 1); /* takes the old one away */
    assert_int_equal(rate_cache_find("a", NOW), 0);
}

TEST_WITH(keys_tell_devices_and_places_apart_and_are_one_word, make_folder, remove_folder)
{
    linux_device_t device = {.usb_vid = 0x10C4, .usb_pid = 0xEA60, .usb_path = "1-2", .serial = "A B\n1"};
    char key[RATE_CACHE_KEY_SIZE];
    char other[RATE_CACHE_KEY_SIZE];
    rate_cache_key(&device, key);
    assert_null(strpbrk(key, " \t\n"));
    rate_cache_store(key, 921600, NOW);
    assert_int_equal(rate_cache_find(key, NOW), 921600);
    strcpy(device.usb_path, "1-3");
    rate_cache_key(&device, other);
    assert_string_not_equal(key, other);
    strcpy(device.usb_path, "1-2");
    strcpy(device.serial, "AB1");
    rate_cache_key(&device, other);
    assert_string_not_equal(key, other);
    memset(device.serial, 'x', sizeof(device.serial) - 1);
    memset(device.usb_interface, '1', sizeof(device.usb_interface) - 1);
    rate_cache_key(&device, key);
    assert_true(strlen(key) < RATE_CACHE_KEY_SIZE);
}

TEST_WITH(file_that_is_no_such_file_is_not_believed_and_is_replaced, make_folder, remove_folder)
{
    static const char *const contents[] = {
        "",
        "\n\n\n",
        "a\n",
        "a 921600\n",
        "a 921600 later\n",
        "a -1 1800000000\n",
        "a 99999999999 1800000000\n",
        "a 921600 1800000000",
        "a 921600 1800000000 more\n",
        "a 0 1800000000\n",
        "a 921600 -5\n",
        "a 30000000 1800000000\n",
    };
    for (size_t i = 0; i < sizeof(contents) / sizeof(contents[0]); i++) {
        write_file(contents[i], strlen(contents[i]));
        assert_int_equal(rate_cache_find("a", NOW), 0);
        rate_cache_store("a", 460800, NOW);
        assert_int_equal(rate_cache_find("a", NOW), 460800);
    }
    static char noise[200000];
    for (size_t i = 0; i < sizeof(noise); i++) {
        noise[i] = (char)(i * 2654435761u >> 13);
    }
    write_file(noise, sizeof(noise));
    assert_int_equal(rate_cache_find("a", NOW), 0);
    rate_cache_store("a", 460800, NOW);
    assert_int_equal(rate_cache_find("a", NOW), 460800);
}

TEST_WITH(file_does_not_grow_without_end, make_folder, remove_folder)
{
    struct stat status;
    for (unsigned i = 0; i < 300; i++) {
        char key[16];
        snprintf(key, sizeof(key), "key%u", i);
        rate_cache_store(key, 921600, NOW + (int)i);
    }
    assert_int_equal(rate_cache_find("key299", NOW + 299), 921600);
    assert_int_equal(rate_cache_find("key0", NOW + 299), 0);
    assert_int_equal(stat(file, &status), 0);
    assert_true(status.st_size < 10000);
}

TEST_WITH(folder_that_cannot_be_had_is_no_trouble, make_folder, remove_folder)
{
    char path[200];
    static const char *const folders[] = {"", "relative", "/dev/null", "/proc/nonexistent/cache"};
    unsetenv("HOME");
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        setenv("XDG_CACHE_HOME", folders[i], 1);
        rate_cache_store("a", 921600, NOW);
        assert_int_equal(rate_cache_find("a", NOW), 0);
    }
    unsetenv("XDG_CACHE_HOME");
    rate_cache_store("a", 921600, NOW);
    assert_int_equal(rate_cache_find("a", NOW), 0);

    setenv("HOME", folder, 1); /* ~/.cache is made */
    rate_cache_store("a", 921600, NOW);
    assert_int_equal(rate_cache_find("a", NOW), 921600);
    snprintf(path, sizeof(path), "%s/.cache/esp-loader/rates", folder);
    assert_int_equal(access(path, R_OK), 0);

    setenv("XDG_CACHE_HOME", folder, 1); /* a folder stands in the file's place */
    snprintf(path, sizeof(path), "%s/esp-loader", folder);
    mkdir(path, 0700);
    mkdir(file, 0700);
    rate_cache_store("a", 921600, NOW);
    assert_int_equal(rate_cache_find("a", NOW), 0);
}

/* Whoever is last wins, and nobody sees half a file. */
TEST_WITH(two_processes_at_once_leave_a_whole_file, make_folder, remove_folder)
{
    pid_t pids[2];
    for (unsigned p = 0; p < 2; p++) {
        pids[p] = fork();
        assert_true(pids[p] >= 0);
        if (pids[p] == 0) {
            for (unsigned i = 0; i < 200; i++) {
                rate_cache_store(p == 0 ? "a" : "b", 921600, NOW);
                uint32_t seen = rate_cache_find(p == 0 ? "b" : "a", NOW);
                if (seen != 0 && seen != 921600) {
                    _exit(1);
                }
            }
            _exit(0);
        }
    }
    for (unsigned p = 0; p < 2; p++) {
        int status = 1;
        assert_int_equal(waitpid(pids[p], &status, 0), pids[p]);
        assert_int_equal(status, 0);
    }
    assert_true(rate_cache_find("a", NOW) == 921600 || rate_cache_find("b", NOW) == 921600);
    char command[200];
    snprintf(command, sizeof(command), "test $(ls %s/esp-loader | wc -l) -eq 1", folder);
    assert_int_equal(system(command), 0); /* nothing is left lying about */
}
