/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The COM-PORT-OPTION, request by request. Source of the tables: RFC 2217, section 3.
 */
#include "com_port.h"
#include "test.h"

typedef struct {
    size_t size;
    uint8_t request[8];
    size_t answer_size;
    uint8_t answer[10];
    unsigned actions;
} row_t;

static void run_rows(fe_com_port_t *port, const row_t *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint8_t answer[FE_COM_PORT_ANSWER_SIZE];
        unsigned actions = ~0u;
        assert_int_equal(fe_com_port_request(port, rows[i].request, rows[i].size, answer, &actions),
                         rows[i].answer_size);
        assert_memory_equal(answer, rows[i].answer, rows[i].answer_size);
        assert_int_equal(actions, rows[i].actions);
    }
}

/* A case with a port as it is when a client comes. */
#define TEST_PORT(name)                                                                                      \
    TEST_GIVEN(name, fe_com_port_t *port, fe_com_port_t port; fe_com_port_init(&port); case_##name(&port))

#define RUN(port, rows) run_rows((port), (rows), sizeof(rows) / sizeof((rows)[0]))

TEST_PORT(rate_is_set_and_asked_for)
{
    static const row_t rows[] = {
        {6, {44, 1, 0, 0, 0, 0}, 6, {44, 101, 0, 1, 0xC2, 0}, 0},
        {6, {44, 1, 0, 0x0E, 0x10, 0}, 6, {44, 101, 0, 0x0E, 0x10, 0}, FE_COM_PORT_SET_RATE},
        {6, {44, 1, 0, 0, 0, 0}, 6, {44, 101, 0, 0x0E, 0x10, 0}, 0},
        {5, {44, 1, 0, 1, 2}, 0, {0}, 0},
    };
    RUN(port, rows);
    assert_int_equal(port->rate_baud, 921600);
}

TEST_PORT(format_is_8n1_whatever_is_asked_for)
{
    static const row_t rows[] = {
        {3, {44, 2, 8}, 3, {44, 102, 8}, 0}, {3, {44, 2, 7}, 3, {44, 102, 8}, 0},
        {3, {44, 3, 1}, 3, {44, 103, 1}, 0}, {3, {44, 3, 3}, 3, {44, 103, 1}, 0},
        {3, {44, 4, 1}, 3, {44, 104, 1}, 0}, {3, {44, 4, 2}, 3, {44, 104, 1}, 0},
    };
    RUN(port, rows);
}

TEST_PORT(lines_are_set_one_at_a_time_and_asked_for)
{
    static const row_t rows[] = {
        {3, {44, 5, 7}, 3, {44, 105, 9}, 0},
        {3, {44, 5, 8}, 3, {44, 105, 8}, FE_COM_PORT_SET_LINES},
        {3, {44, 5, 7}, 3, {44, 105, 8}, 0},
        {3, {44, 5, 10}, 3, {44, 105, 12}, 0},
        {3, {44, 5, 11}, 3, {44, 105, 11}, FE_COM_PORT_SET_LINES},
        {3, {44, 5, 10}, 3, {44, 105, 11}, 0},
        {3, {44, 5, 9}, 3, {44, 105, 9}, FE_COM_PORT_SET_LINES},
    };
    RUN(port, rows);
    assert_false(port->dtr);
    assert_true(port->rts);
    static const row_t release[] = {{3, {44, 5, 12}, 3, {44, 105, 12}, FE_COM_PORT_SET_LINES}};
    RUN(port, release);
    assert_false(port->rts);
}

TEST_PORT(there_is_no_flow_control_and_break_is_remembered)
{
    static const row_t rows[] = {
        {3, {44, 5, 0}, 3, {44, 105, 1}, 0},   {3, {44, 5, 1}, 3, {44, 105, 1}, 0},
        {3, {44, 5, 2}, 3, {44, 105, 1}, 0},   {3, {44, 5, 3}, 3, {44, 105, 1}, 0},
        {3, {44, 5, 13}, 3, {44, 105, 14}, 0}, {3, {44, 5, 16}, 3, {44, 105, 14}, 0},
        {3, {44, 5, 17}, 3, {44, 105, 1}, 0},  {3, {44, 5, 18}, 3, {44, 105, 14}, 0},
        {3, {44, 5, 4}, 3, {44, 105, 6}, 0},   {3, {44, 5, 5}, 3, {44, 105, 5}, 0},
        {3, {44, 5, 4}, 3, {44, 105, 5}, 0},   {3, {44, 5, 6}, 3, {44, 105, 6}, 0},
    };
    RUN(port, rows);
}

TEST_PORT(purge_names_its_direction)
{
    static const row_t rows[] = {
        {3, {44, 12, 1}, 3, {44, 112, 1}, FE_COM_PORT_PURGE_IN},
        {3, {44, 12, 2}, 3, {44, 112, 2}, FE_COM_PORT_PURGE_OUT},
        {3, {44, 12, 3}, 3, {44, 112, 3}, FE_COM_PORT_PURGE_IN | FE_COM_PORT_PURGE_OUT},
        {3, {44, 12, 9}, 3, {44, 112, 9}, 0},
    };
    RUN(port, rows);
}

TEST_PORT(masks_states_and_signature_are_answered)
{
    static const row_t rows[] = {
        {3, {44, 10, 0x10}, 3, {44, 110, 0x10}, 0},
        {3, {44, 11, 0xF0}, 3, {44, 111, 0xF0}, 0},
        {2, {44, 6}, 3, {44, 106, 0x60}, 0},
        {2, {44, 7}, 3, {44, 107, 0}, 0},
        {2, {44, 0}, 9, {44, 100, 'e', 's', 'p', '-', 's', 'i', 'm'}, 0},
        {5, {44, 0, 'a', 'b', 'c'}, 0, {0}, 0},
    };
    RUN(port, rows);
    assert_int_equal(port->line_state_mask, 0x10);
    assert_int_equal(port->modem_state_mask, 0xF0);

    uint8_t answer[FE_COM_PORT_ANSWER_SIZE];
    assert_int_equal(fe_com_port_modem_state(answer), 3);
    assert_memory_equal(answer, ((const uint8_t[]){44, 107, 0}), 3);
}

TEST_PORT(suspend_and_resume_are_obeyed_without_an_answer)
{
    static const row_t suspend[] = {{2, {44, 8}, 0, {0}, 0}};
    static const row_t resume[] = {{2, {44, 9}, 0, {0}, 0}};
    RUN(port, suspend);
    assert_true(port->is_suspended);
    RUN(port, resume);
    assert_false(port->is_suspended);
}

TEST_PORT(nonsense_is_not_answered)
{
    static const row_t rows[] = {
        {1, {44}, 0, {0}, 0},    {0, {0}, 0, {0}, 0},         {3, {45, 5, 8}, 0, {0}, 0},
        {2, {44, 5}, 0, {0}, 0}, {3, {44, 99, 1}, 0, {0}, 0}, {2, {44, 12}, 0, {0}, 0},
    };
    RUN(port, rows);
    assert_false(port->dtr);
}
