/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The messages of USB/IP: the published examples, and what no client may send.
 */
#include "test.h"
#include "usbip_codec.h"

#include <stdlib.h>
#include <string.h>

/* Bytes of a text of hexadecimal digits and blanks. */
static size_t from_hex(const char *text, uint8_t *out)
{
    size_t size = 0;
    for (; *text != '\0'; text++) {
        if (*text == ' ')
            continue;
        const char pair[3] = {text[0], text[1], '\0'};
        out[size++] = (uint8_t)strtoul(pair, NULL, 16);
        text++;
    }
    return size;
}

TEST(list_request_needs_its_head_only)
{
    uint8_t bytes[FE_USBIP_IMPORT_SIZE];
    fe_usbip_request_t request;
    size_t needed;
    assert_int_equal(from_hex("0111 8005 00000000", bytes), FE_USBIP_HEAD_SIZE);
    for (size_t size = 0; size < FE_USBIP_HEAD_SIZE; size++) {
        assert_int_equal(fe_usbip_parse_request(bytes, size, &request, &needed), FE_USBIP_INCOMPLETE);
        assert_int_equal(needed, FE_USBIP_HEAD_SIZE);
    }
    assert_int_equal(fe_usbip_parse_request(bytes, FE_USBIP_HEAD_SIZE, &request, &needed), FE_USBIP_COMPLETE);
    assert_int_equal(request.verb, FE_USBIP_LIST);
}

TEST(import_request_names_a_board)
{
    uint8_t bytes[FE_USBIP_IMPORT_SIZE] = {0};
    fe_usbip_request_t request;
    size_t needed;
    (void)from_hex("0111 8003 00000000", bytes);
    (void)strcpy((char *)bytes + FE_USBIP_HEAD_SIZE, "1-12");
    for (size_t size = FE_USBIP_HEAD_SIZE; size < FE_USBIP_IMPORT_SIZE; size++) {
        assert_int_equal(fe_usbip_parse_request(bytes, size, &request, &needed), FE_USBIP_INCOMPLETE);
        assert_int_equal(needed, FE_USBIP_IMPORT_SIZE);
    }
    assert_int_equal(fe_usbip_parse_request(bytes, sizeof(bytes), &request, &needed), FE_USBIP_COMPLETE);
    assert_int_equal(request.verb, FE_USBIP_IMPORT);
    assert_string_equal(request.busid, "1-12");

    memset(bytes + FE_USBIP_HEAD_SIZE, 'x', FE_USBIP_BUSID_SIZE); /* no NUL */
    assert_int_equal(fe_usbip_parse_request(bytes, sizeof(bytes), &request, &needed), FE_USBIP_COMPLETE);
    assert_int_equal(strlen(request.busid), FE_USBIP_BUSID_SIZE);
}

static const char *const heads[] = {"0106 8005 00000000", "0111 0005 00000000", "0111 8004 00000000",
                                    "0000 0000 00000000", "ffff ffff ffffffff"};

TEST_ROWS(other_versions_and_requests_are_malformed, heads)
{
    uint8_t bytes[FE_USBIP_HEAD_SIZE];
    fe_usbip_request_t request;
    size_t needed;
    (void)from_hex(*row, bytes);
    assert_int_equal(fe_usbip_parse_request(bytes, sizeof(bytes), &request, &needed), FE_USBIP_MALFORMED);
}

TEST(device_is_laid_out_as_published)
{
    const fe_usbip_device_t device = {.path = "/sys/x",
                                      .busid = "1-2",
                                      .bus = 1,
                                      .number = 3,
                                      .vendor = 0x303A,
                                      .product = 0x1001,
                                      .release = 0x0101,
                                      .device_class = 0xEF,
                                      .device_subclass = 2,
                                      .device_protocol = 1,
                                      .configuration = 1,
                                      .configurations = 1,
                                      .interfaces = 3};
    uint8_t bytes[FE_USBIP_DEVICE_SIZE + 1];
    uint8_t numbers[24];
    memset(bytes, 0xAA, sizeof(bytes));
    assert_int_equal(fe_usbip_put_device(bytes, &device), FE_USBIP_DEVICE_SIZE);
    assert_string_equal((const char *)bytes, "/sys/x");
    assert_string_equal((const char *)bytes + 0x100, "1-2");
    assert_int_equal(from_hex("00000001 00000003 00000002 303a 1001 0101 ef 02 01 01 01 03", numbers), 24);
    assert_memory_equal(bytes + 0x120, numbers, sizeof(numbers));
    assert_int_equal(bytes[FE_USBIP_DEVICE_SIZE], 0xAA);
    assert_int_equal(fe_usbip_device_id(&device), 0x00010003);

    uint8_t head[12];
    assert_int_equal(fe_usbip_put_list_head(bytes, 2), from_hex("0111 0005 00000000 00000002", head));
    assert_memory_equal(bytes, head, 12);
    assert_int_equal(fe_usbip_put_import_head(bytes, FE_USBIP_STATUS_BUSY),
                     from_hex("0111 0003 00000002", head));
    assert_memory_equal(bytes, head, 8);
}

TEST(commands_are_read_as_published)
{
    uint8_t pdu[FE_USBIP_PDU_SIZE];
    fe_usbip_command_t command;

    (void)from_hex("00000001 00000001 00010002 00000001 00000000 00000200 00000012 00000000 00000000 00000000"
                   "8006000100001200",
                   pdu);
    assert_true(fe_usbip_parse_command(pdu, &command));
    assert_false(command.is_unlink);
    assert_int_equal(command.seqnum, 1);
    assert_int_equal(command.device_id, 0x00010002);
    assert_true(command.is_in);
    assert_int_equal(command.endpoint, 0);
    assert_int_equal(command.length, 18);
    assert_int_equal(command.setup[0], 0x80);
    assert_int_equal(command.setup[6], 18);

    (void)from_hex("00000001 00000003 00010002 00000000 00000000 00000000 00000000 ffffffff ffffffff 00000000"
                   "2122030000000000",
                   pdu);
    assert_true(fe_usbip_parse_command(pdu, &command));
    assert_false(command.is_in);
    assert_int_equal(command.setup[1], 0x22);

    memset(pdu, 0, sizeof(pdu));
    (void)from_hex("00000002 00000009 00010002 00000000 00000000 00000007", pdu);
    assert_true(fe_usbip_parse_command(pdu, &command));
    assert_true(command.is_unlink);
    assert_int_equal(command.seqnum, 9);
    assert_int_equal(command.victim, 7);
}

TEST(replies_are_written_as_published)
{
    uint8_t pdu[FE_USBIP_PDU_SIZE];
    uint8_t expected[FE_USBIP_PDU_SIZE] = {0};

    (void)from_hex("00000003 00000001 00000000 00000000 00000000 00000000 00000012", expected);
    memset(pdu, 0xAA, sizeof(pdu));
    fe_usbip_put_submit_reply(pdu, 1, 0, 18);
    assert_memory_equal(pdu, expected, sizeof(pdu));

    memset(expected, 0, sizeof(expected));
    (void)from_hex("00000004 00000009 00000000 00000000 00000000 ffffff98", expected);
    memset(pdu, 0xAA, sizeof(pdu));
    fe_usbip_put_unlink_reply(pdu, 9, FE_USBIP_UNLINKED);
    assert_memory_equal(pdu, expected, sizeof(pdu));
}

static const struct {
    size_t at;
    uint8_t value;
} changes[] = {{3, 0},   {3, 3},  {0, 1},  {15, 2},    {12, 0x80},
               {19, 16}, {16, 1}, {24, 1}, {24, 0xFF}, {25, 0x11}};

TEST_ROWS(commands_out_of_range_are_refused, changes)
{
    uint8_t good[FE_USBIP_PDU_SIZE] = {[3] = 1, [15] = 1, [25] = 0x10}; /* 1 MiB */
    fe_usbip_command_t command;
    assert_true(fe_usbip_parse_command(good, &command));
    assert_int_equal(command.length, FE_USBIP_TRANSFER_MAX);
    uint8_t pdu[FE_USBIP_PDU_SIZE];
    memcpy(pdu, good, sizeof(pdu));
    pdu[row->at] = row->value;
    assert_false(fe_usbip_parse_command(pdu, &command));
}
