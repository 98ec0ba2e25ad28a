/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Sizes and revisions for people.
 */
#include "text/short_text.h"
#include "test.h"

TEST(sizes_are_readable)
{
    char out[SHORT_TEXT_SIZE];

    assert_string_equal(short_text_of_size(8u << 20, out), "8 MB");
    assert_string_equal(short_text_of_size(512u << 10, out), "512 KB");
    assert_string_equal(short_text_of_size(1536u << 10, out), "1536 KB");
    assert_string_equal(short_text_of_size(4097, out), "4097 bytes");
    assert_string_equal(short_text_of_size(0, out), "0 bytes");
    assert_string_equal(short_text_of_size(UINT32_MAX, out), "4294967295 bytes");
}

TEST(revisions_are_readable)
{
    char out[SHORT_TEXT_SIZE];

    assert_string_equal(short_text_of_revision(0, out), "v0.0");
    assert_string_equal(short_text_of_revision(301, out), "v3.1");
    assert_string_equal(short_text_of_revision(65535, out), "v655.35");
}
