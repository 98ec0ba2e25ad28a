/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Files as sources: what is refused and why, and what reading gives.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/image_file.h"
#include "test.h"

typedef struct {
    char folder[32];
    char path[64];
} temp_t;

static int make_folder(void **state)
{
    temp_t *temp = calloc(1, sizeof(*temp));

    strcpy(temp->folder, "/tmp/image_file.XXXXXX");
    *state = temp;
    if (mkdtemp(temp->folder) == NULL) {
        return -1;
    }
    snprintf(temp->path, sizeof(temp->path), "%s/app.bin", temp->folder);
    return 0;
}

static int remove_folder(void **state)
{
    temp_t *temp = *state;

    (void)unlink(temp->path);
    int outcome = rmdir(temp->folder);
    free(temp);
    return outcome;
}

static void write_content(const temp_t *temp, const char *content)
{
    FILE *file = fopen(temp->path, "w");

    assert_non_null(file);
    fputs(content, file);
    assert_int_equal(fclose(file), 0);
}

static char why[REPORT_SIZE];

static void assert_refused(image_file_t *file, const char *path, const char *expected)
{
    assert_false(image_file_open(file, path, why));
    assert_string_equal(why, expected);
}

TEST_WITH(file_is_read_in_any_order, make_folder, remove_folder)
{
    const temp_t *temp = *state;
    image_file_t file;
    char buf[4] = "";

    write_content(temp, "0123456789");
    assert_true(image_file_open(&file, temp->path, why));
    esp_loader_source_t source = image_file_source(&file);
    assert_int_equal(source.size, 10);
    assert_string_equal(file.name, "app.bin");
    assert_int_equal(source.read(source.ctx, 6, buf, 4), ESP_LOADER_SUCCESS);
    assert_memory_equal(buf, "6789", 4);
    assert_int_equal(source.read(source.ctx, 0, buf, 3), ESP_LOADER_SUCCESS);
    assert_memory_equal(buf, "012", 3);
    assert_int_equal(source.read(source.ctx, 8, buf, 3), ESP_LOADER_ERROR_SOURCE);
    image_file_close(&file);
    image_file_close(&file);
}

TEST_WITH(file_that_shrinks_is_an_error_not_old_data, make_folder, remove_folder)
{
    const temp_t *temp = *state;
    image_file_t file;
    char buf[8];

    write_content(temp, "0123456789");
    assert_true(image_file_open(&file, temp->path, why));
    esp_loader_source_t source = image_file_source(&file);
    assert_int_equal(truncate(temp->path, 5), 0);
    assert_int_equal(source.read(source.ctx, 0, buf, 8), ESP_LOADER_ERROR_SOURCE);
    image_file_close(&file);
}

TEST_WITH(unusable_files_are_refused_with_the_reason, make_folder, remove_folder)
{
    const temp_t *temp = *state;
    image_file_t file;
    char expected[128];

    snprintf(expected, sizeof(expected), "cannot read %s: No such file or directory", temp->path);
    assert_refused(&file, temp->path, expected);
    snprintf(expected, sizeof(expected), "%s is a directory", temp->folder);
    assert_refused(&file, temp->folder, expected);
    assert_refused(&file, "/dev/null", "/dev/null is not a regular file");
    assert_int_equal(mkfifo(temp->path, 0600), 0);
    snprintf(expected, sizeof(expected), "%s is not a regular file", temp->path);
    assert_refused(&file, temp->path, expected); /* and does not wait */
    assert_int_equal(unlink(temp->path), 0);
    write_content(temp, "");
    snprintf(expected, sizeof(expected), "%s is empty", temp->path);
    assert_refused(&file, temp->path, expected);
    assert_int_equal(truncate(temp->path, (off_t)UINT32_MAX + 1), 0); /* sparse */
    snprintf(expected, sizeof(expected), "%s is larger than any flash", temp->path);
    assert_refused(&file, temp->path, expected);
    assert_int_equal(truncate(temp->path, (off_t)UINT32_MAX), 0);
    assert_true(image_file_open(&file, temp->path, why));
    assert_int_equal(file.size, UINT32_MAX);
    image_file_close(&file);
}

TEST_WITH(file_that_was_written_to_has_changed, make_folder, remove_folder)
{
    const temp_t *temp = *state;
    image_file_t file;
    struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, {.tv_sec = 1000, .tv_nsec = 5}};

    write_content(temp, "content");
    assert_int_equal(utimensat(AT_FDCWD, temp->path, times, 0), 0);
    assert_true(image_file_open(&file, temp->path, why));
    image_file_stamp_t stamp = image_file_stamp(&file);
    assert_false(image_file_has_changed(&file, &stamp));
    times[1].tv_nsec = 6;
    assert_int_equal(utimensat(AT_FDCWD, temp->path, times, 0), 0);
    assert_true(image_file_has_changed(&file, &stamp));
    write_content(temp, "longer content");
    times[1].tv_nsec = 5;
    assert_int_equal(utimensat(AT_FDCWD, temp->path, times, 0), 0);
    assert_true(image_file_has_changed(&file, &stamp));
    stamp = image_file_stamp(&file);
    assert_int_equal(unlink(temp->path), 0); /* another one in its place */
    write_content(temp, "other");
    assert_false(image_file_has_changed(&file, &stamp));
    image_file_close(&file);
}
