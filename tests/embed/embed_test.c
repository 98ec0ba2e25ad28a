/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The arrays that tools/embed has made of two files.
 */
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#include "test.h"

extern const uint8_t text[], text_deflated[], dense[], dense_deflated[];
extern const uint32_t text_size, text_deflated_size, dense_size, dense_deflated_size;

static void assert_is_file(const uint8_t *data, uint32_t size, const char *path)
{
    uint8_t *content = malloc(size + 1u);
    FILE *file = fopen(path, "rb");

    assert_true(content != NULL && file != NULL);
    assert_int_equal(fread(content, 1, size + 1u, file), size);
    assert_memory_equal(content, data, size);
    fclose(file);
    free(content);
}

TEST(arrays_hold_the_files)
{
    assert_is_file(text, text_size, TEXT_FILE);
    assert_is_file(dense, dense_size, DENSE_FILE);
}

TEST(deflated_arrays_are_zlib_streams_of_them)
{
    uLongf size = text_size;
    uint8_t *out = malloc(size);

    assert_non_null(out);
    assert_true(text_deflated_size < text_size);
    assert_int_equal(uncompress(out, &size, text_deflated, text_deflated_size), Z_OK);
    assert_int_equal(size, text_size);
    assert_memory_equal(out, text, size);
    free(out);
}

TEST(what_does_not_get_smaller_has_no_stream)
{
    assert_int_equal(dense_deflated_size, 0);
    assert_int_equal(dense_deflated[0], 0);
}
