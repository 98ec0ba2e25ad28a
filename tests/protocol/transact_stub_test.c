/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What src/session/transact.c promises of a stub, which acknowledges blocks before it writes them and has
 * statuses of its own. Of both loaders: transact_test.c.
 */
#include "conversation.h"

static void open_stub(void)
{
    open_session(ESP_LOADER_LINK_UNKNOWN);
    f.loader._detail = (esp_loader_error_detail_t){.stage = ESP_LOADER_STAGE_WRITE, .image = -1};
    f.loader._is.stub_running = true;
}

/* It writes a block after it has acknowledged it; the next command it is sent may be a barrier. */
TEST(what_became_of_a_stubs_last_block_may_be_its_answer_to_the_barrier)
{
    open_stub();
    stub_answer(ELI_FLASH_DATA, 0);
    assert_int_equal(transact_block(&data_block, 0x2000, NULL), ESP_LOADER_SUCCESS);
    eli_transact_abandon(&f.loader);
    f.loader._detail.stage = ESP_LOADER_STAGE_VERIFY;
    stub_refuse(ELI_SYNC, 0xC4, 2);
    assert_int_equal(transact(&read_reg, NULL), ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(f.port->writes, 2); /* block, SYNC */
    expect_failed(ESP_LOADER_ERROR_INVALID_RESPONSE, ESP_LOADER_ERROR_TARGET_STATUS, ESP_LOADER_STAGE_WRITE);
    assert_int_equal(f.loader._detail.command, ELI_FLASH_DATA);
    assert_int_equal(f.loader._detail.address, 0x2000);
    assert_int_equal(f.loader._detail.target_status, 0xC4);
    assert_int_equal(f.loader._detail.target_reason, 2);
}

TEST(refused_form_is_sent_to_a_stub_again)
{
    static const uint8_t statuses[] = {0xC0, 0xC8, 0xC9};
    for (size_t i = 0; i < sizeof(statuses); i++) {
        open_stub();
        stub_refuse(ELI_FLASH_DATA, statuses[i], 0);
        answer_sync(8);
        stub_answer(ELI_FLASH_DATA, 0);
        assert_int_equal(transact_block(&data_block, 0, NULL), ESP_LOADER_SUCCESS);
        assert_int_equal(f.port->writes, 3);
    }
}

/* Of a stub the refusal of an unknown command has the command's own opcode. */
TEST(refusal_of_another_command_is_nothing_to_a_stub)
{
    eli_reply_t reply;
    open_stub();
    refuse_unknown(1);
    and_with_it();
    stub_answer(ELI_READ_REG, 1);
    assert_int_equal(transact(&read_reg, &reply), ESP_LOADER_SUCCESS);
    assert_int_equal(reply.value, 1);
    assert_int_equal(f.port->writes, 1);
}

/* C3 and FF: it does not know the command, or cannot do it. */
TEST(command_that_a_stub_does_not_have_is_unsupported)
{
    static const uint8_t statuses[] = {0xC3, 0xFF, 0xC4};
    for (size_t i = 0; i < sizeof(statuses); i++) {
        static const uint32_t words[4];
        static const eli_command_t begin = {.shape = {.opcode = ELI_FLASH_BEGIN, .word_count = 4},
                                            .words = words};
        open_stub();
        stub_refuse(ELI_FLASH_BEGIN, statuses[i], 0);
        assert_int_equal(transact(&begin, NULL), statuses[i] == 0xC4 ? ESP_LOADER_ERROR_INVALID_RESPONSE
                                                                     : ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
        assert_int_equal(f.loader._detail.cause, ESP_LOADER_ERROR_TARGET_STATUS);
        assert_int_equal(f.port->writes, 1);
    }
}

/* "Too much" is said of a block's length; of another command it is something else, and final. */
TEST(too_much_is_a_matter_of_form_for_plain_blocks_only)
{
    eli_command_t block = data_block;
    block.shape.opcode = ELI_FLASH_DEFL_DATA;
    open_stub();
    stub_refuse(ELI_FLASH_DEFL_DATA, 0xC9, 0);
    assert_int_equal(transact_block(&block, 0, NULL), ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(f.port->writes, 1);
}

/* A stub has not counted it, whatever kind of block it is; its checksum is always the block's own. */
TEST(compressed_block_that_was_damaged_is_sent_to_a_stub_again)
{
    eli_command_t block = data_block;
    block.shape.opcode = ELI_FLASH_DEFL_DATA;
    open_stub();
    stub_answer(ELI_FLASH_DEFL_DATA, 0);
    stub_refuse(ELI_FLASH_DEFL_DATA, 0xC1, 0);
    answer_sync(8);
    stub_answer(ELI_FLASH_DEFL_DATA, 0);
    assert_int_equal(transact_block(&block, 0x1000, NULL), ESP_LOADER_SUCCESS);
    assert_int_equal(transact_block(&block, 0x2000, NULL), ESP_LOADER_SUCCESS);
    assert_int_equal(f.port->writes, 4);
    for (int i = 0; i < 10; i++) {
        stub_refuse(ELI_FLASH_DEFL_DATA, 0xC1, 0);
        answer_sync(8);
    }
    assert_int_equal(transact_block(&block, 0x3000, NULL), ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(f.loader._detail.cause, ESP_LOADER_ERROR_CHECKSUM);
    assert_int_equal(f.loader._detail.address, 0x3000); /* not that of the block before */
}
