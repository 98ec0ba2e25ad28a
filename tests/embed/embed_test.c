/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The arrays that tools/embed has made of two files.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <zlib.h>

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

static void arrays_hold_the_files(void **state)
{
    (void)state;
    assert_is_file(text, text_size, TEXT_FILE);
    assert_is_file(dense, dense_size, DENSE_FILE);
}

static void deflated_arrays_are_zlib_streams_of_them(void **state)
{
    uLongf size = text_size;
    uint8_t *out = malloc(size);

    (void)state;
    assert_non_null(out);
    assert_true(text_deflated_size < text_size);
    assert_int_equal(uncompress(out, &size, text_deflated, text_deflated_size), Z_OK);
    assert_int_equal(size, text_size);
    assert_memory_equal(out, text, size);
    free(out);
}

static void what_does_not_get_smaller_has_no_stream(void **state)
{
    (void)state;
    assert_int_equal(dense_deflated_size, 0);
    assert_int_equal(dense_deflated[0], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrays_hold_the_files),
        cmocka_unit_test(deflated_arrays_are_zlib_streams_of_them),
        cmocka_unit_test(what_does_not_get_smaller_has_no_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
