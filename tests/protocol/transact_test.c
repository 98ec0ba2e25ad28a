/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What src/session/transact.c promises: one safe resend, no reply taken for the answer to another command,
 * every status mapped to an error with its cause.
 */
#include "conversation.h"

enum { VALUE = 0x12345678, OTHER_VALUE = 0x11223344, CHECKSUM = 7, WRITE_FAILED = 8 };

static void open_any(void)
{
    open_session(ESP_LOADER_LINK_UNKNOWN);
    f.loader._detail = (esp_loader_error_detail_t){.stage = ESP_LOADER_STAGE_WRITE, .image = -1};
}

static void expect_register(uint32_t value)
{
    eli_reply_t reply;
    assert_int_equal(transact(&read_reg, &reply), ESP_LOADER_SUCCESS);
    assert_int_equal(reply.value, value);
}

static void expect_question(esp_loader_error_t error)
{
    assert_int_equal(transact(&read_reg, NULL), error);
}

static void expect_block(uint32_t address, esp_loader_error_t error)
{
    assert_int_equal(transact_block(&data_block, address, NULL), error);
}

static void forget_failure(void)
{
    f.loader._detail.error = ESP_LOADER_SUCCESS;
}

/* ---- which reply is the answer ---- */

TEST(value_of_the_reply_is_returned)
{
    open_any();
    answer(ELI_READ_REG, VALUE);
    expect_register(VALUE);
    assert_int_equal(f.port->writes, 1);
}

TEST(noise_and_stale_replies_before_the_answer_are_skipped)
{
    open_any();
    REPLY('b', 'o', 'o', 't', 0xC0, 'x', 0xC0);
    and_with_it();
    answer_sync(1);
    and_with_it();
    answer(ELI_READ_REG, VALUE);
    expect_register(VALUE);
}

TEST(lost_reply_is_a_timeout_and_nothing_is_sent_again)
{
    open_any();
    expect_block(0x2000, ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(f.port->writes, 1);
    assert_int_equal(f.port->now_ms, ELI_DEFAULT_TIMEOUT_MS);
    assert_ptr_equal(esp_loader_error_detail(&f.loader), &f.loader._detail);
    expect_failed(ESP_LOADER_ERROR_TIMEOUT, ESP_LOADER_ERROR_TIMEOUT, ESP_LOADER_STAGE_WRITE);
    assert_int_equal(f.loader._detail.command, ELI_FLASH_DATA);
    assert_int_equal(f.loader._detail.address, 0x2000);
    assert_int_equal(f.loader._detail.attempts, 1);
}

/* A question changes nothing. */
TEST(question_whose_answer_is_lost_is_asked_again)
{
    open_any();
    reply_nothing();
    answer(ELI_READ_REG, 0xEEEEEEEE); /* arrives as the barrier is sent */
    and_with_it();
    answer_sync(8);
    answer(ELI_READ_REG, VALUE);
    expect_register(VALUE);
    assert_int_equal(f.port->writes, 3); /* command, SYNC, command */
    assert_int_equal(f.loader._detail.attempts, 2);
}

TEST(late_reply_never_answers_a_later_command)
{
    open_any();
    expect_block(0x1000, ESP_LOADER_ERROR_TIMEOUT);
    forget_failure();
    answer(ELI_FLASH_DATA, 0); /* arrives as the barrier is sent */
    and_with_it();
    answer_sync(8);
    refuse(ELI_FLASH_DATA, WRITE_FAILED);
    expect_block(0x1000, ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(f.port->writes, 3); /* command, SYNC, command */
}

/* What is here before a question is sent cannot be its answer. */
TEST(doubled_reply_that_was_read_with_the_first_answers_nothing)
{
    open_any();
    answer(ELI_READ_REG, VALUE);
    and_with_it();
    answer(ELI_READ_REG, VALUE);
    answer(ELI_READ_REG, OTHER_VALUE);
    expect_register(VALUE);
    expect_register(OTHER_VALUE);
    assert_int_equal(f.port->writes, 2);
}

/* One that comes later does, so an answer that is the one before, byte for byte, is asked for again. */
TEST(doubled_reply_does_not_answer_the_next_question)
{
    open_any();
    f.script.chunk = 14; /* one reply */
    answer(ELI_READ_REG, VALUE);
    and_with_it();
    answer(ELI_READ_REG, VALUE);
    answer(ELI_READ_REG, OTHER_VALUE);
    answer_sync(8);
    answer(ELI_READ_REG, OTHER_VALUE);
    expect_register(VALUE);
    expect_register(OTHER_VALUE);
    assert_int_equal(f.port->writes, 4); /* question, question, SYNC, question */
}

TEST(answer_that_is_the_one_before_counts_when_it_is_said_again)
{
    open_any();
    answer(ELI_READ_REG, VALUE);
    answer(ELI_READ_REG, VALUE);
    answer_sync(8);
    answer(ELI_READ_REG, VALUE);
    expect_register(VALUE);
    expect_register(VALUE);
    assert_int_equal(f.port->writes, 4);
}

TEST(silent_target_makes_the_next_command_fail_without_being_sent)
{
    open_any();
    expect_block(0, ESP_LOADER_ERROR_TIMEOUT);
    forget_failure();
    expect_block(0, ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(f.port->writes, 1 + 9); /* one block, nine SYNCs, no second block */
}

/* ---- refusals ---- */

/* A refusal may be a late answer to another command, or a damaged one: of a question it counts when it is
 * said again. Of a stub with a block on its way it is the outcome of that. */
TEST(refused_question_is_asked_again)
{
    open_any();
    refuse(ELI_READ_REG, WRITE_FAILED);
    answer_sync(8);
    answer(ELI_READ_REG, VALUE);
    expect_register(VALUE);
    assert_int_equal(f.port->now_ms, 0); /* nothing was waited for: a SYNC has eight answers */
    open_any();
    refuse(ELI_READ_REG, WRITE_FAILED);
    answer_sync(8);
    refuse(ELI_READ_REG, WRITE_FAILED);
    expect_question(ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(f.port->writes, 3);
    if (ELI_KNOWS_STUBS) {
        open_any();
        f.loader._is.stub_running = true;
        f.loader._block_opcode = ELI_FLASH_DATA;
        f.loader._block_addr = 0x5000;
        refuse(ELI_READ_REG, WRITE_FAILED);
        expect_question(ESP_LOADER_ERROR_INVALID_RESPONSE);
        assert_int_equal(f.port->writes, 1);
        assert_int_equal(f.loader._detail.command, ELI_FLASH_DATA);
        assert_int_equal(f.loader._detail.address, 0x5000);
        assert_int_equal(f.loader._block_opcode, 0);
    }
}

enum {
    BLOCK_NUMBER = 1 + 8 + 4,
    BLOCK_FRAME = 1 + 8 + 16 + 4 + 1,
    SYNC_FRAME = 1 + 8 + 36 + 1
}; /* no escapes */

TEST(refused_checksum_is_sent_again)
{
    eli_reply_t reply;
    open_any();
    refuse(ELI_FLASH_DATA, CHECKSUM);
    answer_sync(8);
    if (ELI_KNOWS_STUBS) {
        stub_refuse(ELI_FLASH_DATA, 0xC1, 0);
    } else {
        refuse(ELI_FLASH_DATA, CHECKSUM);
    }
    answer_sync(8);
    answer(ELI_FLASH_DATA, 0);
    assert_int_equal(transact_block(&data_block, 0, &reply), ESP_LOADER_SUCCESS);
    assert_int_equal(f.port->writes, 5);
    for (unsigned i = 0; i < 3; i++) { /* a ROM counts what it refuses */
        assert_int_equal(f.script.sent[i * (BLOCK_FRAME + SYNC_FRAME) + BLOCK_NUMBER], i);
    }
    assert_int_equal(reply.next_number, 3);
}

/* A block of a wrong length a ROM has not counted. Every command that is refused for what it looks like was
 * not carried out. Only blocks have numbers: another command that a damaged reply seems to refuse for its checksum
 * is the same command the next time. */
static const struct {
    uint8_t opcode, reason;
} refusals[] = {{ELI_FLASH_DATA, 5},
                {ELI_FLASH_DEFL_DATA, 5},
                {ELI_MEM_DATA, 5},
                {ELI_FLASH_BEGIN, 5},
                {ELI_WRITE_REG, 5},
                {ELI_SPI_FLASH_MD5, CHECKSUM},
                {ELI_READ_FLASH_SLOW, CHECKSUM},
                {ELI_FLASH_BEGIN, CHECKSUM}};

TEST_ROWS(refused_form_is_sent_again_as_it_was, refusals)
{
    eli_command_t command = data_block;
    eli_reply_t reply;
    print_message("command 0x%02X, reason %u\n", row->opcode, row->reason);
    command.shape.opcode = row->opcode;
    command.has_checksum = row->reason != CHECKSUM; /* those that have none and are refused for it */
    open_any();
    refuse(row->opcode, row->reason);
    answer_sync(8);
    answer(row->opcode, 0);
    assert_int_equal(transact(&command, &reply), ESP_LOADER_SUCCESS);
    assert_int_equal(f.port->writes, 3);
    assert_memory_equal(f.script.sent + BLOCK_FRAME + SYNC_FRAME, f.script.sent, BLOCK_FRAME);
    if (command.has_checksum) {
        assert_int_equal(reply.next_number, 1);
    }
}

/* A ROM takes the block that completes the number for the stream's last, and has counted the one it refused.
 */
TEST(compressed_block_is_not_sent_to_a_rom_again)
{
    eli_command_t block = data_block;
    block.shape.opcode = ELI_FLASH_DEFL_DATA;
    open_any();
    refuse(ELI_FLASH_DEFL_DATA, CHECKSUM);
    assert_int_equal(transact_block(&block, 0, NULL), ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(f.loader._detail.cause, ESP_LOADER_ERROR_CHECKSUM);
    assert_int_equal(f.port->writes, 1);
}

TEST(checksum_refused_every_time_ends_with_its_own_cause)
{
    open_any();
    for (int i = 0; i < 10; i++) {
        refuse(ELI_FLASH_DATA, CHECKSUM);
        answer_sync(8);
    }
    expect_block(0x3000, ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(f.port->writes, 1 + 2 * SERIAL_FLASHER_WRITE_BLOCK_RETRIES);
    assert_int_equal(f.loader._detail.cause, ESP_LOADER_ERROR_CHECKSUM);
    assert_int_equal(f.loader._detail.attempts, 1 + SERIAL_FLASHER_WRITE_BLOCK_RETRIES);
    assert_int_equal(f.loader._detail.target_reason, CHECKSUM);
}

TEST(failure_status_is_kept_in_the_detail_and_not_retried)
{
    open_any();
    refuse(ELI_FLASH_DATA, WRITE_FAILED);
    expect_block(0x3000, ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(f.port->writes, 1);
    assert_int_equal(f.loader._detail.cause, ESP_LOADER_ERROR_TARGET_STATUS);
    assert_int_equal(f.loader._detail.target_status, 1);
    assert_int_equal(f.loader._detail.target_reason, WRITE_FAILED);
}

TEST(unknown_command_is_unsupported_and_its_echoes_harm_nothing)
{
    open_any();
    refuse_unknown(8);
    expect_block(0, ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    forget_failure();
    answer_sync(8);
    answer(ELI_READ_REG, VALUE);
    expect_register(VALUE);
}

/* One odd reply takes no command from a loader that has it. */
TEST(unknown_command_counts_when_it_is_said_again)
{
    open_any();
    refuse_unknown(1);
    answer_sync(8);
    answer(ELI_READ_REG, VALUE);
    expect_register(VALUE);
    open_any();
    refuse_unknown(1);
    answer_sync(8);
    refuse_unknown(1);
    expect_question(ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
}

TEST(reply_too_short_for_its_payload_is_malformed)
{
    static const eli_command_t md5 = {.shape = {.opcode = ELI_SPI_FLASH_MD5, .reply_size = 32}};
    open_any();
    answer(ELI_SPI_FLASH_MD5, 0);
    answer_sync(8);
    answer(ELI_SPI_FLASH_MD5, 0);
    assert_int_equal(transact(&md5, NULL), ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(f.loader._detail.cause, ESP_LOADER_ERROR_MALFORMED_REPLY);
}

/* ---- failures ---- */

static const esp_loader_error_t port_errors[] = {ESP_LOADER_ERROR_DISCONNECTED, ESP_LOADER_ERROR_IO,
                                                 ESP_LOADER_ERROR_TIMEOUT};

TEST_ROWS(port_errors_pass_unchanged, port_errors)
{
    open_any();
    f.script.write_error = *row;
    expect_block(0, *row);
    open_any();
    f.script.read_error = *row;
    expect_block(0, *row);
}

TEST(first_failure_of_an_operation_is_the_one_reported)
{
    open_any();
    refuse(ELI_FLASH_DATA, WRITE_FAILED);
    expect_block(0x3000, ESP_LOADER_ERROR_INVALID_RESPONSE);
    expect_question(ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(f.loader._detail.cause, ESP_LOADER_ERROR_TARGET_STATUS);
    assert_int_equal(f.loader._detail.command, ELI_FLASH_DATA);
    assert_int_equal(f.loader._detail.address, 0x3000);
}

/* Without such a block a refused SYNC is no answer. */
TEST(refused_sync_is_no_barrier)
{
    uint32_t value = 0;
    open_any();
    refuse(ELI_SYNC, CHECKSUM);
    and_with_it();
    answer_sync(8);
    assert_int_equal(eli_sync_once(&f.loader, 100, &value), ESP_LOADER_SUCCESS);
    assert_int_equal(value, 0x20120707);
    open_any();
    refuse(ELI_SYNC, CHECKSUM);
    assert_int_equal(eli_sync_once(&f.loader, 100, &value), ESP_LOADER_ERROR_TIMEOUT);
}

TEST(block_write_stays_failed_until_the_next_start)
{
    static const uint8_t payload[32];
    esp_loader_flash_cfg_t cfg = {.offset = 0x10000, .image_size = 128, .block_size = 32};
    open_connected(ESP32S3_CHIP);
    f.loader._flash_size = f.loader._told_flash_size = 0x11000; /* where the erase ends */
    answer(ELI_FLASH_BEGIN, 0);
    answer(ELI_FLASH_DATA, 0);
    refuse(ELI_FLASH_DATA, WRITE_FAILED);
    assert_int_equal(esp_loader_flash_start(&f.loader, &cfg), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_flash_write(&f.loader, &cfg, payload, 32), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_flash_write(&f.loader, &cfg, payload, 32), ESP_LOADER_ERROR_INVALID_RESPONSE);
    unsigned writes = f.port->writes;
    assert_int_equal(esp_loader_flash_write(&f.loader, &cfg, payload, 32), ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(esp_loader_flash_finish(&f.loader, &cfg), ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(f.port->writes, writes);
    answer(ELI_FLASH_BEGIN, 0);
    assert_int_equal(esp_loader_flash_start(&f.loader, &cfg), ESP_LOADER_SUCCESS);
}
