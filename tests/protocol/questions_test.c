/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Commands that change nothing: asked again when their answer is lost, and how answers are told apart.
 */
#include <string.h>

#include "conversation.h"

/* Every command there is, its answer lost once. */
TEST(command_whose_answer_is_lost_is_sent_again_if_it_changes_nothing)
{
    static const uint8_t questions[] = {ELI_READ_REG,          ELI_READ_FLASH_SLOW, ELI_SPI_FLASH_MD5,
                                        ELI_GET_SECURITY_INFO, ELI_SPI_ATTACH,      ELI_SPI_SET_PARAMS,
                                        ELI_MEM_BEGIN};
    for (unsigned opcode = 1; opcode < 0xC0; opcode++) {
        const eli_command_t command = {.shape = {.opcode = (uint8_t)opcode}};
        bool is_question = memchr(questions, (int)opcode, sizeof(questions)) != NULL;
        if (opcode == ELI_SYNC) {
            continue;
        }
        open_session(ESP_LOADER_LINK_UNKNOWN);
        reply_nothing();
        answer_sync(1);
        answer((uint8_t)opcode, 0);
        assert_int_equal(transact(&command, NULL),
                         is_question ? ESP_LOADER_SUCCESS : ESP_LOADER_ERROR_TIMEOUT);
        assert_int_equal(f.port->writes, is_question ? 3 : 1);
    }
}

/* What tells answers apart is value or payload. */
TEST(answer_with_another_payload_is_not_the_one_before)
{
    static const eli_command_t question = {.shape = {.opcode = ELI_READ_FLASH_SLOW, .reply_size = 4}};
    eli_reply_t reply;
    open_session(ESP_LOADER_LINK_UNKNOWN);
    for (unsigned i = 0; i < 3; i++) {
        REPLY(0xC0, 1, 0x0E, 4, 0, 0, 0, 0, 0, i == 0 ? 2 : 3, 0, 0, 0, 0, 0, 0, 0, 0xC0);
        assert_int_equal(transact(&question, &reply), ESP_LOADER_SUCCESS);
        assert_int_equal(reply.is_echo, i == 2);
    }
}
