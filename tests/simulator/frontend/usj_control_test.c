/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The control endpoint of the virtual USB-Serial/JTAG device: what it says of itself, and which requests it
 * honours.
 */
#include "bytes.h"
#include "test.h"
#include "usj_control.h"

#include <string.h>

static const uint8_t mac[6] = {0x02, 0xAB, 0x00, 0x10, 0xFF, 0x07};

/* Runs a request given as its setup fields. */
static fe_usj_answer_t request(fe_usj_control_t *control, uint8_t type, uint8_t code, uint16_t value,
                               uint16_t index, uint16_t length)
{
    uint8_t setup[SETUP_SIZE];
    put_setup(setup, type, code, value, index, length);
    fe_usj_answer_t answer;
    fe_usj_control_request(control, mac, setup, length, &answer);
    return answer;
}

TEST(answer_is_cut_to_what_was_asked_for)
{
    fe_usj_control_t control = {0};
    assert_int_equal(request(&control, 0x80, 6, 0x0100, 0, 8).size, 8);
    assert_int_equal(request(&control, 0x80, 6, 0x0100, 0, 64).size, 18);
    assert_int_equal(request(&control, 0x80, 6, 0x0200, 0, 9).size, 9);
    assert_int_equal(request(&control, 0x80, 6, 0x0200, 0, 255).size, 98);
    assert_int_equal(request(&control, 0x80, 6, 0x0200, 0, 0xFFFF).size, 98);
}

TEST(device_has_the_ids_of_the_hardware)
{
    fe_usj_control_t control = {0};
    const fe_usj_answer_t answer = request(&control, 0x80, 6, 0x0100, 0, 18);
    const uint8_t expected[18] = {18,   1,    0x00, 0x02, 0xEF, 0x02, 0x01, 64, 0x3A,
                                  0x30, 0x01, 0x10, 0x01, 0x01, 1,    2,    3,  1};
    assert_memory_equal(answer.data, expected, sizeof(expected));
}

/* A host finds interfaces and endpoints by walking the descriptors. */
TEST(configuration_is_consistent)
{
    fe_usj_control_t control = {0};
    const fe_usj_answer_t answer = request(&control, 0x80, 6, 0x0200, 0, 255);
    unsigned interfaces = 0;
    unsigned endpoints_left = 0;
    unsigned endpoints = 0;
    assert_int_equal(answer.data[2] | answer.data[3] << 8, answer.size);
    for (size_t at = 0; at < answer.size; at += answer.data[at]) {
        const uint8_t *descriptor = answer.data + at;
        assert_true(descriptor[0] >= 2 && at + descriptor[0] <= answer.size);
        if (descriptor[1] == 4) {
            assert_int_equal(endpoints_left, 0);
            assert_int_equal(descriptor[2], interfaces);
            assert_memory_equal(descriptor + 5, fe_usj_interface_class(interfaces), 3);
            endpoints_left = descriptor[4];
            interfaces++;
        } else if (descriptor[1] == 5) {
            assert_true(endpoints_left > 0);
            endpoints_left--;
            endpoints++;
            assert_true(fe_usj_has_endpoint(descriptor[2] & 0x0F, (descriptor[2] & 0x80) != 0));
            assert_int_equal(descriptor[4], 64);
        }
    }
    assert_int_equal(interfaces, answer.data[4]);
    assert_int_equal(interfaces, 3);
    assert_int_equal(endpoints, 5);
    assert_int_equal(endpoints_left, 0);
}

TEST(serial_number_is_the_mac)
{
    fe_usj_control_t control = {0};
    const fe_usj_answer_t device = request(&control, 0x80, 6, 0x0100, 0, 18);
    const fe_usj_answer_t serial =
        request(&control, 0x80, 6, (uint16_t)(0x0300 | device.data[16]), 0x0409, 255);
    static const char expected[] = "02:AB:00:10:FF:07";
    assert_int_equal(serial.size, 2 + 2 * strlen(expected));
    assert_int_equal(serial.data[0], serial.size);
    for (size_t i = 0; i < strlen(expected); i++) {
        assert_int_equal(serial.data[2 + 2 * i], expected[i]);
        assert_int_equal(serial.data[3 + 2 * i], 0);
    }
    const fe_usj_answer_t languages = request(&control, 0x80, 6, 0x0300, 0, 255);
    assert_int_equal(languages.size, 4);
    assert_int_equal(languages.data[2] | languages.data[3] << 8, 0x0409);
}

TEST(what_full_speed_devices_do_not_have_is_stalled)
{
    fe_usj_control_t control = {0};
    static const uint16_t values[] = {0x0600, 0x0700, 0x0F00, 0x0304, 0x0101, 0x0201, 0x0000};
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
        assert_true(request(&control, 0x80, 6, values[i], 0, 255).is_stalled);
}

TEST(configuration_can_be_chosen_and_left)
{
    fe_usj_control_t control = {0};
    assert_int_equal(request(&control, 0x80, 8, 0, 0, 1).data[0], 0);
    assert_false(request(&control, 0x00, 9, 1, 0, 0).is_stalled);
    assert_int_equal(request(&control, 0x80, 8, 0, 0, 1).data[0], 1);
    assert_true(request(&control, 0x00, 9, 2, 0, 0).is_stalled);
    assert_false(request(&control, 0x00, 9, 0, 0, 0).is_stalled);
    assert_int_equal(request(&control, 0x80, 8, 0, 0, 1).data[0], 0);
}

TEST(line_state_is_the_only_class_request_that_acts)
{
    fe_usj_control_t control = {0};
    for (unsigned pair = 0; pair < 4; pair++) {
        const fe_usj_answer_t answer = request(&control, 0x21, 0x22, (uint16_t)pair, 0, 0);
        assert_false(answer.is_stalled);
        assert_true(answer.has_lines);
        assert_int_equal(answer.dtr, pair & 1);
        assert_int_equal(answer.rts, pair >> 1);
    }
    assert_false(request(&control, 0x21, 0x20, 0, 0, 7).is_stalled);
    assert_true(request(&control, 0x21, 0x20, 0, 0, 6).is_stalled);
    assert_false(request(&control, 0x21, 0x23, 100, 0, 0).is_stalled);
    assert_false(request(&control, 0x21, 0x23, 100, 0, 0).has_lines);
    const fe_usj_answer_t coding = request(&control, 0xA1, 0x21, 0, 0, 7);
    const uint8_t expected[7] = {0x80, 0x25, 0, 0, 0, 0, 8};
    assert_int_equal(coding.size, 7);
    assert_memory_equal(coding.data, expected, 7);
    assert_true(request(&control, 0x21, 0x22, 3, 2, 0).is_stalled); /* the JTAG interface has no lines */
    assert_true(request(&control, 0x21, 0x24, 0, 0, 0).is_stalled);
}

TEST(endpoints_can_be_halted_and_cleared)
{
    fe_usj_control_t control = {0};
    static const uint16_t all[] = {0x81, 0x82, 0x83, 0x01, 0x02};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        assert_int_equal(request(&control, 0x82, 0, 0, all[i], 2).data[0], 0);
        assert_false(request(&control, 0x02, 3, 0, all[i], 0).is_stalled);
        assert_int_equal(request(&control, 0x82, 0, 0, all[i], 2).data[0], 1);
        assert_false(request(&control, 0x02, 1, 0, all[i], 0).is_stalled);
        assert_int_equal(request(&control, 0x82, 0, 0, all[i], 2).data[0], 0);
    }
    assert_true(request(&control, 0x02, 3, 0, 0x03, 0).is_stalled);
    assert_true(request(&control, 0x02, 3, 0, 0x8F, 0).is_stalled);
    assert_true(request(&control, 0x02, 3, 0, 0x0181, 0).is_stalled);
    assert_true(request(&control, 0x02, 3, 1, 0x81, 0).is_stalled);
}

/* Whatever the eight bytes are, the answer stays within its room. */
TEST(any_request_is_answered_within_bounds)
{
    fe_usj_control_t control = {0};
    uint32_t noise = 1;
    for (unsigned round = 0; round < 200000; round++) {
        uint8_t setup[8];
        fe_usj_answer_t answer;
        for (size_t i = 0; i < sizeof(setup); i++) {
            noise = noise * 1664525u + 1013904223u;
            setup[i] = (uint8_t)(noise >> 24);
        }
        setup[0] &= 0xA3; /* mostly kinds that exist */
        setup[1] &= 0x2F;
        const size_t size = noise >> 8 & 0x1FF;
        fe_usj_control_request(&control, mac, setup, size, &answer);
        assert_true(answer.size <= size && answer.size <= sizeof(answer.data));
        assert_true(!answer.is_stalled || (answer.size == 0 && !answer.has_lines));
    }
}
