/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What src/session/transact.c promises: one safe resend, no reply taken for the answer to another command,
 * every status mapped to an error with its cause.
 */
#include <string.h>

#include "conversation.h"
#include "session/core.h"
#include "test.h"

#define DATA_OK 0xC0, 1, 0x03, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xC0

static const uint8_t reg_reply[] = {0xC0, 1, 0x0A, 4, 0, 0x78, 0x56, 0x34, 0x12, 0, 0, 0, 0, 0xC0};
static const uint8_t sync_replies[] = {SYNC_REPLIES};
static const uint8_t data_ok[] = {DATA_OK};
static const uint8_t data_checksum[] = {0xC0, 1, 0x03, 4, 0, 0, 0, 0, 0, 1, 7, 0, 0, 0xC0};
static const uint8_t data_stub_checksum[] = {0xC0, 1, 0x03, 2, 0, 0, 0, 0, 0, 0xC1, 0, 0xC0};
static const uint8_t data_write_error[] = {0xC0, 1, 0x03, 4, 0, 0, 0, 0, 0, 1, 8, 0, 0, 0xC0};

static void open_session(fixture_t *f)
{
    scripted_port_init(&f->script);
    assert_int_equal(esp_loader_init_serial(&f->loader, &f->script.base.port), ESP_LOADER_SUCCESS);
    f->loader._detail = (esp_loader_error_detail_t){.stage = ESP_LOADER_STAGE_WRITE, .image = -1};
}

TEST(value_of_the_reply_is_returned)
{
    static fixture_t f;
    eli_reply_t reply;
    open_session(&f);
    REPLY(&f, reg_reply);
    assert_int_equal(eli_transact(&f.loader, &read_reg, 0x1000, &reply), ESP_LOADER_SUCCESS);
    assert_int_equal(reply.value, 0x12345678);
    assert_int_equal(f.script.base.writes, 1);
}

TEST(noise_and_stale_replies_before_the_answer_are_skipped)
{
    static fixture_t f;
    static const uint8_t noisy[] = {'b', 'o', 'o',  't',  0xC0, 'x',  0xC0, SYNC_REPLY, 0xC0, 1, 0x0A,
                                    4,   0,   0x78, 0x56, 0x34, 0x12, 0,    0,          0,    0, 0xC0};
    eli_reply_t reply;
    open_session(&f);
    REPLY(&f, noisy);
    assert_int_equal(eli_transact(&f.loader, &read_reg, 0x1000, &reply), ESP_LOADER_SUCCESS);
    assert_int_equal(reply.value, 0x12345678);
}

TEST(lost_reply_is_a_timeout_and_nothing_is_sent_again)
{
    static fixture_t f;
    open_session(&f);
    assert_int_equal(eli_transact(&f.loader, &data_block, 0x2000, NULL), ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(f.script.base.writes, 1);
    const esp_loader_error_detail_t *detail = esp_loader_error_detail(&f.loader);
    assert_int_equal(detail->error, ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(detail->cause, ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(detail->stage, ESP_LOADER_STAGE_WRITE);
    assert_int_equal(detail->command, ELI_FLASH_DATA);
    assert_int_equal(detail->address, 0x2000);
    assert_int_equal(detail->attempts, 1);
    assert_int_equal(f.script.base.now_ms, ELI_DEFAULT_TIMEOUT_MS);
}

/* A question changes nothing. */
TEST(question_whose_answer_is_lost_is_asked_again)
{
    static fixture_t f;
    static const uint8_t late_value[] = {0xC0, 1, 0x0A, 4, 0, 0xEE, 0xEE,        0xEE,
                                         0xEE, 0, 0,    0, 0, 0xC0, SYNC_REPLIES};
    eli_reply_t reply;
    open_session(&f);
    REPLY(&f, "");
    REPLY(&f, late_value); /* arrives as the barrier is sent */
    REPLY(&f, reg_reply);
    assert_int_equal(eli_transact(&f.loader, &read_reg, 0x1000, &reply), ESP_LOADER_SUCCESS);
    assert_int_equal(reply.value, 0x12345678);
    assert_int_equal(f.script.base.writes, 3); /* command, SYNC, command */
    assert_int_equal(f.loader._detail.attempts, 2);
}

TEST(late_reply_never_answers_a_later_command)
{
    static fixture_t f;
    static const uint8_t late_ok[] = {DATA_OK, SYNC_REPLIES};
    open_session(&f);
    assert_int_equal(eli_transact(&f.loader, &data_block, 0x1000, NULL), ESP_LOADER_ERROR_TIMEOUT);
    f.loader._detail.error = ESP_LOADER_SUCCESS;
    REPLY(&f, late_ok); /* arrives as the barrier is sent */
    REPLY(&f, data_write_error);
    assert_int_equal(eli_transact(&f.loader, &data_block, 0x1000, NULL), ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(f.script.base.writes, 3); /* command, SYNC, command */
}

static const uint8_t other_reply[] = {0xC0, 1, 0x0A, 4, 0, 0x44, 0x33, 0x22, 0x11, 0, 0, 0, 0, 0xC0};
static const uint8_t doubled_reply[] = {0xC0, 1, 0x0A, 4, 0, 0x78, 0x56, 0x34, 0x12, 0, 0, 0, 0, 0xC0,
                                        0xC0, 1, 0x0A, 4, 0, 0x78, 0x56, 0x34, 0x12, 0, 0, 0, 0, 0xC0};

/* What is here before a question is sent cannot be its answer. */
TEST(doubled_reply_that_was_read_with_the_first_answers_nothing)
{
    static fixture_t f;
    eli_reply_t reply;
    open_session(&f);
    REPLY(&f, doubled_reply);
    REPLY(&f, other_reply);
    assert_int_equal(eli_transact(&f.loader, &read_reg, 0x1000, &reply), ESP_LOADER_SUCCESS);
    assert_int_equal(eli_transact(&f.loader, &read_reg, 0x1004, &reply), ESP_LOADER_SUCCESS);
    assert_int_equal(reply.value, 0x11223344);
    assert_int_equal(f.script.base.writes, 2);
}

/* One that comes later does, so an answer that is the one before, byte for byte, is asked for again. */
TEST(doubled_reply_does_not_answer_the_next_question)
{
    static fixture_t f;
    eli_reply_t reply;
    open_session(&f);
    f.script.chunk = sizeof(reg_reply);
    REPLY(&f, doubled_reply);
    REPLY(&f, other_reply);
    REPLY(&f, sync_replies);
    REPLY(&f, other_reply);
    assert_int_equal(eli_transact(&f.loader, &read_reg, 0x1000, &reply), ESP_LOADER_SUCCESS);
    assert_int_equal(reply.value, 0x12345678);
    assert_int_equal(eli_transact(&f.loader, &read_reg, 0x1004, &reply), ESP_LOADER_SUCCESS);
    assert_int_equal(reply.value, 0x11223344);
    assert_int_equal(f.script.base.writes, 4); /* question, question, SYNC, question */
}

TEST(answer_that_is_the_one_before_counts_when_it_is_said_again)
{
    static fixture_t f;
    eli_reply_t reply;
    open_session(&f);
    REPLY(&f, reg_reply);
    REPLY(&f, reg_reply);
    REPLY(&f, sync_replies);
    REPLY(&f, reg_reply);
    assert_int_equal(eli_transact(&f.loader, &read_reg, 0x1000, &reply), ESP_LOADER_SUCCESS);
    assert_int_equal(eli_transact(&f.loader, &read_reg, 0x1004, &reply), ESP_LOADER_SUCCESS);
    assert_int_equal(reply.value, 0x12345678);
    assert_int_equal(f.script.base.writes, 4);
}

/* A refusal may be a late answer to another command, or a damaged one: of a question it counts when it is
 * said again. Of a stub with a block on its way it is the outcome of that. */
TEST(refused_question_is_asked_again)
{
    static const uint8_t refused[] = {0xC0, 1, 0x0A, 4, 0, 0, 0, 0, 0, 1, 8, 0, 0, 0xC0};
    static fixture_t f;
    eli_reply_t reply;
    open_session(&f);
    REPLY(&f, refused);
    REPLY(&f, sync_replies);
    REPLY(&f, reg_reply);
    assert_int_equal(eli_transact(&f.loader, &read_reg, 0, &reply), ESP_LOADER_SUCCESS);
    assert_int_equal(f.script.base.now_ms, 0); /* nothing was waited for: a SYNC has eight answers */
    open_session(&f);
    REPLY(&f, refused);
    REPLY(&f, sync_replies);
    REPLY(&f, refused);
    assert_int_equal(eli_transact(&f.loader, &read_reg, 0, &reply), ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(f.script.base.writes, 3);
    if (ELI_KNOWS_STUBS) {
        open_session(&f);
        f.loader._is.stub_running = true;
        f.loader._block_opcode = ELI_FLASH_DATA;
        f.loader._block_addr = 0x5000;
        REPLY(&f, refused);
        assert_int_equal(eli_transact(&f.loader, &read_reg, 0, &reply), ESP_LOADER_ERROR_INVALID_RESPONSE);
        assert_int_equal(f.script.base.writes, 1);
        assert_int_equal(f.loader._detail.command, ELI_FLASH_DATA);
        assert_int_equal(f.loader._detail.address, 0x5000);
        assert_int_equal(f.loader._block_opcode, 0);
    }
}

TEST(silent_target_makes_the_next_command_fail_without_being_sent)
{
    static fixture_t f;
    open_session(&f);
    assert_int_equal(eli_transact(&f.loader, &data_block, 0, NULL), ESP_LOADER_ERROR_TIMEOUT);
    f.loader._detail.error = ESP_LOADER_SUCCESS;
    assert_int_equal(eli_transact(&f.loader, &data_block, 0, NULL), ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(f.script.base.writes, 1 + 9); /* one block, nine SYNCs, no second block */
}

enum {
    BLOCK_NUMBER = 1 + 8 + 4,
    BLOCK_FRAME = 1 + 8 + 16 + 4 + 1,
    QUESTION_FRAME = 1 + 8 + 8 + 1,
    SYNC_FRAME = 1 + 8 + 36 + 1
}; /* no escapes */

TEST(refused_checksum_is_sent_again)
{
    static fixture_t f;
    eli_reply_t reply;
    open_session(&f);
    REPLY(&f, data_checksum);
    REPLY(&f, sync_replies);
    if (ELI_KNOWS_STUBS) {
        REPLY(&f, data_stub_checksum);
    } else {
        REPLY(&f, data_checksum);
    }
    REPLY(&f, sync_replies);
    REPLY(&f, data_ok);
    assert_int_equal(eli_transact(&f.loader, &data_block, 0, &reply), ESP_LOADER_SUCCESS);
    assert_int_equal(f.script.base.writes, 5);
    for (unsigned i = 0; i < 3; i++) { /* a ROM counts what it refuses */
        assert_int_equal(f.script.sent[i * (BLOCK_FRAME + SYNC_FRAME) + BLOCK_NUMBER], i);
    }
    assert_int_equal(reply.next_number, 3);
}

/* A block of a wrong length a ROM has not counted. Every command that is refused for what it looks like was
 * not carried out. */
TEST(refused_form_is_sent_again_as_it_was)
{
    static const uint8_t opcodes[] = {ELI_FLASH_DATA, ELI_FLASH_DEFL_DATA, ELI_MEM_DATA, ELI_FLASH_BEGIN,
                                      ELI_WRITE_REG};
    static fixture_t f;
    for (size_t i = 0; i < sizeof(opcodes); i++) {
        uint8_t refusal[] = {0xC0, 1, opcodes[i], 4, 0, 0, 0, 0, 0, 1, 5, 0, 0, 0xC0};
        uint8_t ok[] = {0xC0, 1, opcodes[i], 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xC0};
        eli_command_t command = data_block;
        eli_reply_t reply;
        command.opcode = opcodes[i];
        open_session(&f);
        REPLY(&f, refusal);
        REPLY(&f, sync_replies);
        REPLY(&f, ok);
        assert_int_equal(eli_transact(&f.loader, &command, 0, &reply), ESP_LOADER_SUCCESS);
        assert_int_equal(f.script.base.writes, 3);
        assert_memory_equal(f.script.sent + BLOCK_FRAME + SYNC_FRAME, f.script.sent, BLOCK_FRAME);
        assert_int_equal(reply.next_number, 1);
    }
}

/* Only blocks have numbers: another command that a damaged reply seems to refuse for its checksum is the same
 * command the next time. */
TEST(question_refused_for_a_checksum_is_asked_again_as_it_was)
{
    static const uint8_t opcodes[] = {ELI_SPI_FLASH_MD5, ELI_READ_FLASH_SLOW, ELI_FLASH_BEGIN};
    static fixture_t f;
    for (size_t i = 0; i < sizeof(opcodes); i++) {
        uint8_t refusal[] = {0xC0, 1, opcodes[i], 4, 0, 0, 0, 0, 0, 1, 7, 0, 0, 0xC0};
        uint8_t ok[] = {0xC0, 1, opcodes[i], 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xC0};
        const eli_command_t command = {.opcode = opcodes[i], .words = {0x1000, 64}, .word_count = 2};
        open_session(&f);
        REPLY(&f, refusal);
        REPLY(&f, sync_replies);
        REPLY(&f, ok);
        assert_int_equal(eli_transact(&f.loader, &command, 0, NULL), ESP_LOADER_SUCCESS);
        assert_int_equal(f.script.base.writes, 3);
        assert_memory_equal(f.script.sent + QUESTION_FRAME + SYNC_FRAME, f.script.sent, QUESTION_FRAME);
    }
}

/* A ROM takes the block that completes the number for the stream's last, and has counted the one it refused.
 */
TEST(compressed_block_is_not_sent_to_a_rom_again)
{
    static const uint8_t refusal[] = {0xC0, 1, 0x11, 4, 0, 0, 0, 0, 0, 1, 7, 0, 0, 0xC0};
    static fixture_t f;
    eli_command_t block = data_block;
    block.opcode = ELI_FLASH_DEFL_DATA;
    open_session(&f);
    REPLY(&f, refusal);
    assert_int_equal(eli_transact(&f.loader, &block, 0, NULL), ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(f.loader._detail.cause, ESP_LOADER_ERROR_CHECKSUM);
    assert_int_equal(f.script.base.writes, 1);
}

TEST(checksum_refused_every_time_ends_with_its_own_cause)
{
    static fixture_t f;
    open_session(&f);
    for (int i = 0; i < 10; i++) {
        REPLY(&f, data_checksum);
        REPLY(&f, sync_replies);
    }
    assert_int_equal(eli_transact(&f.loader, &data_block, 0x3000, NULL), ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(f.script.base.writes, 1 + 2 * SERIAL_FLASHER_WRITE_BLOCK_RETRIES);
    assert_int_equal(f.loader._detail.cause, ESP_LOADER_ERROR_CHECKSUM);
    assert_int_equal(f.loader._detail.attempts, 1 + SERIAL_FLASHER_WRITE_BLOCK_RETRIES);
    assert_int_equal(f.loader._detail.target_reason, 7);
}

TEST(failure_status_is_kept_in_the_detail_and_not_retried)
{
    static fixture_t f;
    open_session(&f);
    REPLY(&f, data_write_error);
    assert_int_equal(eli_transact(&f.loader, &data_block, 0x3000, NULL), ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(f.script.base.writes, 1);
    assert_int_equal(f.loader._detail.cause, ESP_LOADER_ERROR_TARGET_STATUS);
    assert_int_equal(f.loader._detail.target_status, 1);
    assert_int_equal(f.loader._detail.target_reason, 8);
}

TEST(unknown_command_is_unsupported_and_its_echoes_harm_nothing)
{
    static fixture_t f;
    static const uint8_t refusals[] = {REFUSAL, REFUSAL, REFUSAL, REFUSAL,
                                       REFUSAL, REFUSAL, REFUSAL, REFUSAL};
    eli_reply_t reply;
    open_session(&f);
    REPLY(&f, refusals);
    assert_int_equal(eli_transact(&f.loader, &data_block, 0, NULL), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    f.loader._detail.error = ESP_LOADER_SUCCESS;
    REPLY(&f, sync_replies);
    REPLY(&f, reg_reply);
    assert_int_equal(eli_transact(&f.loader, &read_reg, 0, &reply), ESP_LOADER_SUCCESS);
    assert_int_equal(reply.value, 0x12345678);
}

/* One odd reply takes no command from a loader that has it. */
TEST(unknown_command_counts_when_it_is_said_again)
{
    static const uint8_t refusal[] = {REFUSAL};
    static fixture_t f;
    eli_reply_t reply;
    open_session(&f);
    REPLY(&f, refusal);
    REPLY(&f, sync_replies);
    REPLY(&f, reg_reply);
    assert_int_equal(eli_transact(&f.loader, &read_reg, 0, &reply), ESP_LOADER_SUCCESS);
    assert_int_equal(reply.value, 0x12345678);
    open_session(&f);
    REPLY(&f, refusal);
    REPLY(&f, sync_replies);
    REPLY(&f, refusal);
    assert_int_equal(eli_transact(&f.loader, &read_reg, 0, &reply), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
}

TEST(reply_too_short_for_its_payload_is_malformed)
{
    static fixture_t f;
    static const uint8_t short_md5[] = {0xC0, 1, 0x13, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xC0};
    static const eli_command_t md5 = {.opcode = ELI_SPI_FLASH_MD5, .reply_size = 32};
    open_session(&f);
    REPLY(&f, short_md5);
    REPLY(&f, sync_replies);
    REPLY(&f, short_md5);
    assert_int_equal(eli_transact(&f.loader, &md5, 0, NULL), ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(f.loader._detail.cause, ESP_LOADER_ERROR_MALFORMED_REPLY);
}

TEST(port_errors_pass_unchanged)
{
    static fixture_t f;
    static const esp_loader_error_t errors[] = {ESP_LOADER_ERROR_DISCONNECTED, ESP_LOADER_ERROR_IO,
                                                ESP_LOADER_ERROR_TIMEOUT};
    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
        open_session(&f);
        f.script.write_error = errors[i];
        assert_int_equal(eli_transact(&f.loader, &data_block, 0, NULL), errors[i]);
        open_session(&f);
        f.script.read_error = errors[i];
        assert_int_equal(eli_transact(&f.loader, &data_block, 0, NULL), errors[i]);
    }
}

TEST(first_failure_of_an_operation_is_the_one_reported)
{
    static fixture_t f;
    open_session(&f);
    REPLY(&f, data_write_error);
    assert_int_equal(eli_transact(&f.loader, &data_block, 0x3000, NULL), ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(eli_transact(&f.loader, &read_reg, 0x1000, NULL), ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(f.loader._detail.cause, ESP_LOADER_ERROR_TARGET_STATUS);
    assert_int_equal(f.loader._detail.command, ELI_FLASH_DATA);
    assert_int_equal(f.loader._detail.address, 0x3000);
}

/* Without such a block a refused SYNC is no answer. */
TEST(refused_sync_is_no_barrier)
{
    static const uint8_t refused_then_answered[] = {0xC0, 1, 0x08, 4, 0, 0,    0,           0,
                                                    0,    1, 7,    0, 0, 0xC0, SYNC_REPLIES};
    static const uint8_t refused[] = {0xC0, 1, 0x08, 4, 0, 0, 0, 0, 0, 1, 7, 0, 0, 0xC0};
    static fixture_t f;
    uint32_t value = 0;
    open_session(&f);
    REPLY(&f, refused_then_answered);
    assert_int_equal(eli_sync_once(&f.loader, 100, &value), ESP_LOADER_SUCCESS);
    assert_int_equal(value, 0x20120707);
    open_session(&f);
    REPLY(&f, refused);
    assert_int_equal(eli_sync_once(&f.loader, 100, &value), ESP_LOADER_ERROR_TIMEOUT);
}

TEST(block_write_stays_failed_until_the_next_start)
{
    static fixture_t f;
    static const uint8_t payload[32];
    esp_loader_flash_cfg_t cfg = {.offset = 0x10000, .image_size = 128, .block_size = 32};
    open_session(&f);
    f.loader._is.connected = true;
    f.loader._target = eli_target_of(ESP32S3_CHIP);
    f.loader._is.flash_attached = true;
    f.loader._flash_size = f.loader._told_flash_size = 0x11000; /* where the erase ends */
    static const uint8_t begin_ok[] = {0xC0, 1, 0x02, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xC0};
    REPLY(&f, begin_ok);
    REPLY(&f, data_ok);
    REPLY(&f, data_write_error);
    assert_int_equal(esp_loader_flash_start(&f.loader, &cfg), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_flash_write(&f.loader, &cfg, payload, 32), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_flash_write(&f.loader, &cfg, payload, 32), ESP_LOADER_ERROR_INVALID_RESPONSE);
    unsigned writes = f.script.base.writes;
    assert_int_equal(esp_loader_flash_write(&f.loader, &cfg, payload, 32), ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(esp_loader_flash_finish(&f.loader, &cfg), ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(f.script.base.writes, writes);
    REPLY(&f, begin_ok);
    assert_int_equal(esp_loader_flash_start(&f.loader, &cfg), ESP_LOADER_SUCCESS);
}
