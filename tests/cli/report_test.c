/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The sentence and the exit code of each failure.
 */
#define _GNU_SOURCE
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report/report.h"
#include "test.h"

static const esp_loader_image_t images[] = {
    {.name = "boot.bin", .offset = 0, .source = {.size = 0x9000}},
    {.name = "table.bin", .offset = 0x8000, .source = {.size = 3072}},
    {.name = "app.bin", .offset = 0x10000, .source = {.size = 0x100000}},
};

static const report_context_t offline = {.port = "/dev/ttyACM0", .images = images, .image_count = 3};
static const report_context_t online = {.port = "/dev/ttyACM0",
                                        .images = images,
                                        .image_count = 3,
                                        .is_connected = true,
                                        .chip = ESP32S3_CHIP,
                                        .flash_size = 1024u * 1024u};

static void assert_sentence(const report_context_t *context, esp_loader_error_detail_t detail,
                            const char *expected)
{
    char sentence[REPORT_SIZE];

    report_sentence(context, &detail, sentence);
    assert_string_equal(sentence, expected);
}

static void assert_code(const report_context_t *context, esp_loader_error_t cause, esp_loader_stage_t stage,
                        cli_exit_t expected)
{
    const esp_loader_error_detail_t detail = {.error = cause, .cause = cause, .stage = stage, .image = -1};

    assert_int_equal(report_exit_code(context, &detail), expected);
}

TEST(port_that_cannot_be_opened_is_named_with_the_reason)
{
    report_context_t url = {.port = "socket://h:1"};
    esp_loader_error_detail_t detail = {
        .cause = ESP_LOADER_ERROR_PORT_NOT_FOUND, .stage = ESP_LOADER_STAGE_OPEN, .image = -1};

    assert_sentence(&offline, detail, "cannot open /dev/ttyACM0: no such serial device");
    assert_sentence(&url, detail, "cannot open socket://h:1: no such host, or nothing listens there");
    detail.cause = ESP_LOADER_ERROR_DISCONNECTED;
    assert_sentence(&url, detail,
                    "cannot open socket://h:1: the server hung up, as one does that serves another client");
    detail.cause = ESP_LOADER_ERROR_TIMEOUT;
    assert_sentence(&url, detail, "cannot open socket://h:1: the server does not answer");
    detail.cause = ESP_LOADER_ERROR_PORT_NOT_FOUND;
    detail.cause = ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
    assert_sentence(&url, detail, "cannot open socket://h:1: the server does not speak RFC 2217 as needed");
    report_context_t usb = {.port = "usb:303a:1001"};
    detail.cause = ESP_LOADER_ERROR_PORT_NOT_FOUND;
    assert_sentence(&usb, detail,
                    "cannot open usb:303a:1001: no such USB device with a serial port (see esp-loader "
                    "ports)");
    detail.cause = ESP_LOADER_ERROR_INVALID_PARAM;
    assert_sentence(&usb, detail,
                    "cannot open usb:303a:1001: more than one device fits (see esp-loader ports)");
}

TEST(refused_access_names_who_has_it)
{
    char path[] = "/tmp/report_test.XXXXXX";
    const report_context_t usb = {.port = "usb:"};
    const report_context_t file = {.port = path};
    const esp_loader_error_detail_t detail = {
        .cause = ESP_LOADER_ERROR_PORT_ACCESS, .stage = ESP_LOADER_STAGE_OPEN, .image = -1};
    char expected[REPORT_SIZE];
    struct stat status;

    assert_sentence(&usb, detail,
                    "cannot open usb:: no permission: install 60-esp-loader.rules of esp-loader into "
                    "/etc/udev/rules.d");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    if (geteuid() == 0) { /* a device of root's group is not to be opened by joining that */
        assert_sentence(&file, detail,
                        (snprintf(expected, sizeof(expected),
                                  "cannot open %s: no permission: install 60-esp-loader.rules of esp-loader "
                                  "into /etc/udev/rules.d",
                                  path),
                         expected));
        assert_int_equal(fchown(fd, (uid_t)-1, getgrnam("dialout")->gr_gid), 0);
    }
    assert_int_equal(fstat(fd, &status), 0);
    snprintf(expected, sizeof(expected),
             "cannot open %s: no permission: join its group, %s, and log in again, or install "
             "60-esp-loader.rules",
             path, getgrgid(status.st_gid)->gr_name);
    assert_sentence(&file, detail, expected);
    close(fd);
    assert_int_equal(unlink(path), 0);
}

TEST(silent_target_is_explained)
{
    assert_sentence(
        &offline,
        (esp_loader_error_detail_t){
            .cause = ESP_LOADER_ERROR_TIMEOUT, .stage = ESP_LOADER_STAGE_SYNC, .attempts = 10, .image = -1},
        "no target answers on /dev/ttyACM0; if it stays so, hold its boot button, press reset, and try "
        "again");
}

TEST(image_faults_name_the_image_and_its_numbers)
{
    esp_loader_error_detail_t detail = {
        .cause = ESP_LOADER_ERROR_OVERLAP, .stage = ESP_LOADER_STAGE_CHECK, .image = 1};

    assert_sentence(&offline, detail,
                    "table.bin at 0x00008000: shares a 4096-byte flash sector with boot.bin at 0x00000000");
    detail = (esp_loader_error_detail_t){
        .cause = ESP_LOADER_ERROR_ALIGNMENT, .stage = ESP_LOADER_STAGE_CHECK, .image = 2};
    assert_sentence(&offline, detail, "app.bin at 0x00010000: the offset is not a multiple of 4096");
    detail.cause = ESP_LOADER_ERROR_FLASH_RANGE;
    assert_sentence(&online, detail,
                    "app.bin at 0x00010000: its 1048576 bytes do not fit into the flash of 1 MB");
    detail.cause = ESP_LOADER_ERROR_IMAGE_CHIP;
    detail.value = 5;
    assert_sentence(&online, detail,
                    "app.bin at 0x00010000: is not built for this chip, an ESP32-S3, but for an ESP32-C3");
}

TEST(faults_of_images_and_tables_have_their_names_and_numbers)
{
    static const struct {
        esp_loader_error_t cause;
        esp_loader_fault_t fault;
        const char *partition;
        uint32_t value;
        const char *sentence;
    } cases[] = {
        {ESP_LOADER_ERROR_PARTITION, ESP_LOADER_FAULT_PARTITION_OVERLAP, "ota_0", 0,
         "partition 'ota_0' overlaps an earlier partition"},
        {ESP_LOADER_ERROR_PARTITION, ESP_LOADER_FAULT_PARTITION_EMPTY, "nvs", 0,
         "partition 'nvs' has a size of 0"},
        {ESP_LOADER_ERROR_PARTITION, ESP_LOADER_FAULT_PARTITION_FLASH, "fs", 0,
         "partition 'fs' ends beyond the flash of 1 MB"},
        {ESP_LOADER_ERROR_PARTITION, ESP_LOADER_FAULT_PARTITION_HEADER, "fs", 0x400000,
         "partition 'fs' ends beyond the 4 MB of flash that the bootloader's header states (--flash-size "
         "changes "
         "that)"},
        {ESP_LOADER_ERROR_PARTITION, ESP_LOADER_FAULT_IMAGE_LARGER, "nvs", 70000,
         "its 70000 bytes do not fit into partition 'nvs' of the table in the target's flash"},
        {ESP_LOADER_ERROR_PARTITION, ESP_LOADER_FAULT_TABLE_MD5, "", 0,
         "the MD5 in the partition table does not fit its entries"},
        {ESP_LOADER_ERROR_IMAGE_PLACE, ESP_LOADER_FAULT_PLACE_OFFSET, "", 0x1000,
         "cannot start there: its chip looks for the bootloader at 0x1000"},
        {ESP_LOADER_ERROR_IMAGE_PLACE, ESP_LOADER_FAULT_PLACE_APP, "ota_0", 0,
         "is a bootloader, where an app belongs"},
        {ESP_LOADER_ERROR_IMAGE_FORMAT, ESP_LOADER_FAULT_FOREIGN, "", ESP_LOADER_FORMAT_GZIP,
         "is a gzip file, where the chip expects an executable image or a partition table: unpack it first"},
        {ESP_LOADER_ERROR_IMAGE_SIZE, ESP_LOADER_FAULT_HEADER_SIZE, "", 0x1000000,
         "its header states 16 MB of flash, this target has 1 MB (--flash-size detect changes that)"},
        {ESP_LOADER_ERROR_SECURITY, ESP_LOADER_FAULT_SIGNED, "", 0,
         "is signed: its flash parameters cannot be changed"},
        {ESP_LOADER_ERROR_INVALID_MD5, ESP_LOADER_FAULT_ERASED_BEYOND, "", 4096,
         "what stood there, after the image, was erased with it and is lost"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char expected[REPORT_SIZE];
        esp_loader_error_detail_t detail = {.cause = cases[i].cause,
                                            .fault = (uint8_t)cases[i].fault,
                                            .stage = ESP_LOADER_STAGE_CHECK,
                                            .value = cases[i].value,
                                            .image = 2};
        snprintf(detail.partition, sizeof(detail.partition), "%s", cases[i].partition);
        snprintf(expected, sizeof(expected), "app.bin at 0x00010000: %s", cases[i].sentence);
        assert_sentence(&online, detail, expected);
        detail.address = 0x20000;
        snprintf(expected, sizeof(expected), "app.bin at 0x00010000: at 0x00020000 of the flash: %s",
                 cases[i].sentence);
        assert_sentence(&online, detail, expected);
    }
}

/* 5 is a file that is unusable, 6 a target that it does not fit. */
TEST(the_exit_code_of_a_fault_says_whose_it_is)
{
    esp_loader_error_detail_t detail = {
        .cause = ESP_LOADER_ERROR_PARTITION, .stage = ESP_LOADER_STAGE_CHECK, .image = 2};

    detail.fault = ESP_LOADER_FAULT_PARTITION_OVERLAP;
    assert_int_equal(report_exit_code(&online, &detail), CLI_INPUT);
    detail.fault = ESP_LOADER_FAULT_PARTITION_FLASH;
    assert_int_equal(report_exit_code(&online, &detail), CLI_TARGET);
    detail.fault = ESP_LOADER_FAULT_IMAGE_LARGER;
    assert_int_equal(report_exit_code(&online, &detail), CLI_TARGET);
    assert_int_equal(report_exit_code(&offline, &detail), CLI_INPUT);
    detail.cause = ESP_LOADER_ERROR_SECURITY;
    detail.fault = ESP_LOADER_FAULT_NONE;
    assert_int_equal(report_exit_code(&online, &detail), CLI_TARGET);
    detail.fault = ESP_LOADER_FAULT_SIGNED;
    assert_int_equal(report_exit_code(&online, &detail), CLI_INPUT);
    detail.cause = ESP_LOADER_ERROR_IMAGE_SIZE;
    detail.fault = ESP_LOADER_FAULT_HEADER_SIZE;
    assert_int_equal(report_exit_code(&online, &detail), CLI_TARGET);
}

TEST(image_within_the_flash_but_out_of_reach_is_said_to_be)
{
    report_context_t large = online;

    large.flash_size = 32u * 1024u * 1024u;
    assert_sentence(&large,
                    (esp_loader_error_detail_t){
                        .cause = ESP_LOADER_ERROR_FLASH_RANGE, .stage = ESP_LOADER_STAGE_CHECK, .image = 2},
                    "app.bin at 0x00010000: lies beyond what the loader on this target can address");
}

TEST(failure_on_the_wire_tells_command_place_and_status)
{
    char expected[REPORT_SIZE];
    const esp_loader_error_detail_t detail = {.error = ESP_LOADER_ERROR_INVALID_RESPONSE,
                                              .cause = ESP_LOADER_ERROR_TARGET_STATUS,
                                              .stage = ESP_LOADER_STAGE_WRITE,
                                              .command = 3,
                                              .target_status = 1,
                                              .target_reason = 8,
                                              .attempts = 2,
                                              .address = 0x12400,
                                              .image = 2};

    snprintf(
        expected, sizeof(expected),
        "app.bin at 0x00010000: %s (%s, command 0x03, at 0x00012400, target's status 0x01 0x08, 2 attempts)",
        esp_loader_error_text(ESP_LOADER_ERROR_TARGET_STATUS), esp_loader_stage_name(ESP_LOADER_STAGE_WRITE));
    assert_sentence(&online, detail, expected);
}

TEST(image_index_outside_the_plan_is_ignored)
{
    char sentence[REPORT_SIZE];

    for (int32_t image = -2; image < 6; image++) {
        const esp_loader_error_detail_t detail = {.cause = ESP_LOADER_ERROR_OVERLAP, .image = image};

        report_sentence(&offline, &detail, sentence);
        assert_int_equal(strstr(sentence, ".bin") != NULL, image >= 0 && image < 3);
    }
}

TEST(sentence_never_exceeds_its_buffer)
{
    static char name[2000];
    char sentence[REPORT_SIZE];
    const report_context_t context = {.port = name};
    const esp_loader_error_detail_t detail = {
        .cause = ESP_LOADER_ERROR_PORT_BUSY, .stage = ESP_LOADER_STAGE_OPEN, .image = -1};

    memset(name, 'x', sizeof(name) - 1);
    report_sentence(&context, &detail, sentence);
    assert_int_equal(strlen(sentence), REPORT_SIZE - 1);
}

TEST(every_cause_has_its_exit_code)
{
    static const struct {
        esp_loader_error_t cause;
        cli_exit_t code; /* after connecting, while writing */
    } cases[] = {
        {ESP_LOADER_SUCCESS, CLI_OK},
        {ESP_LOADER_ERROR_FAIL, CLI_PORT},
        {ESP_LOADER_ERROR_TIMEOUT, CLI_NO_ANSWER},
        {ESP_LOADER_ERROR_IMAGE_SIZE, CLI_TARGET},
        {ESP_LOADER_ERROR_INVALID_MD5, CLI_VERIFY},
        {ESP_LOADER_ERROR_INVALID_PARAM, CLI_OTHER},
        {ESP_LOADER_ERROR_INVALID_TARGET, CLI_TARGET},
        {ESP_LOADER_ERROR_UNSUPPORTED_CHIP, CLI_TARGET},
        {ESP_LOADER_ERROR_UNSUPPORTED_FUNC, CLI_TARGET},
        {ESP_LOADER_ERROR_INVALID_RESPONSE, CLI_TARGET},
        {ESP_LOADER_ERROR_EFUSE_BLOCK_IN_USE, CLI_TARGET},
        {ESP_LOADER_ERROR_EFUSE_BURN_FAILED, CLI_TARGET},
        {ESP_LOADER_ERROR_DISCONNECTED, CLI_PORT},
        {ESP_LOADER_ERROR_IO, CLI_PORT},
        {ESP_LOADER_ERROR_PORT_NOT_FOUND, CLI_PORT},
        {ESP_LOADER_ERROR_PORT_BUSY, CLI_PORT},
        {ESP_LOADER_ERROR_PORT_ACCESS, CLI_PORT},
        {ESP_LOADER_ERROR_CANCELLED, CLI_CANCELLED},
        {ESP_LOADER_ERROR_NOT_CONNECTED, CLI_OTHER},
        {ESP_LOADER_ERROR_TARGET_STATUS, CLI_TARGET},
        {ESP_LOADER_ERROR_CHECKSUM, CLI_TARGET},
        {ESP_LOADER_ERROR_MALFORMED_REPLY, CLI_TARGET},
        {ESP_LOADER_ERROR_FLASH_ID, CLI_TARGET},
        {ESP_LOADER_ERROR_FLASH_RANGE, CLI_TARGET},
        {ESP_LOADER_ERROR_ALIGNMENT, CLI_INPUT},
        {ESP_LOADER_ERROR_OVERLAP, CLI_INPUT},
        {ESP_LOADER_ERROR_IMAGE_FORMAT, CLI_INPUT},
        {ESP_LOADER_ERROR_IMAGE_CHECKSUM, CLI_INPUT},
        {ESP_LOADER_ERROR_IMAGE_CHIP, CLI_TARGET},
        {ESP_LOADER_ERROR_IMAGE_REVISION, CLI_TARGET},
        {ESP_LOADER_ERROR_PARTITION, CLI_INPUT},
        {ESP_LOADER_ERROR_SOURCE, CLI_INPUT},
        {ESP_LOADER_ERROR_SECURITY, CLI_TARGET},
        {ESP_LOADER_ERROR_RATE, CLI_NO_ANSWER},
        {ESP_LOADER_ERROR_IMAGE_PLACE, CLI_INPUT},
        {ESP_LOADER_ERROR_FLASH_SIZE, CLI_TARGET},
        {ESP_LOADER_ERROR_FLASH_WRAPS, CLI_TARGET},
    };

    assert_int_equal(sizeof(cases) / sizeof(cases[0]), ESP_LOADER_ERROR_COUNT); /* a new error needs a row */
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(cases[i].cause, i);
        assert_code(&online, cases[i].cause, ESP_LOADER_STAGE_WRITE, cases[i].code);
    }
}

TEST(exit_code_depends_on_when_it_happened)
{
    assert_code(&offline, ESP_LOADER_ERROR_TIMEOUT, ESP_LOADER_STAGE_OPEN, CLI_PORT);
    assert_code(&offline, ESP_LOADER_ERROR_UNSUPPORTED_FUNC, ESP_LOADER_STAGE_OPEN, CLI_PORT);
    assert_code(&offline, ESP_LOADER_ERROR_TIMEOUT, ESP_LOADER_STAGE_SYNC, CLI_NO_ANSWER);
    assert_code(&offline, ESP_LOADER_ERROR_IMAGE_CHIP, ESP_LOADER_STAGE_CHECK, CLI_INPUT);
    assert_code(&offline, ESP_LOADER_ERROR_FLASH_RANGE, ESP_LOADER_STAGE_CHECK, CLI_INPUT);
}

/* What the number is belongs to the cause; a code of the library is for programs. */
TEST(values_are_said_in_their_unit)
{
    esp_loader_error_detail_t detail = {
        .cause = ESP_LOADER_ERROR_INVALID_MD5, .stage = ESP_LOADER_STAGE_VERIFY, .value = 4096, .image = -1};

    assert_sentence(&online, detail, "the flash does not hold what was sent (verifying, 4096 bytes)");
    detail.cause = ESP_LOADER_ERROR_SOURCE;
    assert_sentence(&online, detail, "the image could not be read (verifying)");
    detail.cause = ESP_LOADER_ERROR_RATE;
    detail.stage = ESP_LOADER_STAGE_RATE;
    detail.value = 1500000;
    assert_sentence(&online, detail, "the target does not answer at 1500000 baud: choose a lower --baud");
}

TEST(interruption_is_said_with_what_was_going_on)
{
    esp_loader_error_detail_t detail = {
        .cause = ESP_LOADER_ERROR_CANCELLED, .stage = ESP_LOADER_STAGE_SYNC, .image = -1};

    assert_sentence(&offline, detail, "interrupted (connecting)");
    detail.stage = ESP_LOADER_STAGE_WRITE;
    detail.image = 0;
    assert_sentence(&online, detail, "boot.bin at 0x00000000: interrupted (writing)");
}

TEST(rates_are_decimal_and_it_is_said_whose_fault_it_is)
{
    esp_loader_error_detail_t detail = {.error = ESP_LOADER_ERROR_UNSUPPORTED_FUNC,
                                        .cause = ESP_LOADER_ERROR_RATE,
                                        .stage = ESP_LOADER_STAGE_RATE,
                                        .value = 1500000,
                                        .image = -1};

    assert_sentence(&online, detail, "the port cannot do 1500000 baud: choose another --baud");
    assert_int_equal(report_exit_code(&online, &detail), CLI_PORT);
    detail.error = ESP_LOADER_ERROR_TIMEOUT;
    assert_sentence(&online, detail, "the target does not answer at 1500000 baud: choose a lower --baud");
    assert_int_equal(report_exit_code(&online, &detail), CLI_NO_ANSWER);
    detail.error = detail.cause = ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
    assert_sentence(&online, detail, "the loader on this target cannot go to 1500000 baud: leave out --baud");
    detail.error = detail.cause = ESP_LOADER_ERROR_IO;
    assert_sentence(&online, detail,
                    "reading from or writing to the port failed (changing the rate, 1500000 baud)");
}

TEST(what_the_boot_log_tells_decides_what_helps)
{
    const esp_loader_error_detail_t detail = {.error = ESP_LOADER_ERROR_TIMEOUT,
                                              .cause = ESP_LOADER_ERROR_TIMEOUT,
                                              .stage = ESP_LOADER_STAGE_SYNC,
                                              .image = -1};
    report_context_t context = offline;

    context.boot = BOOT_DOWNLOAD;
    assert_sentence(
        &context, detail,
        "no target answers on /dev/ttyACM0: by its boot log it waits for download, but it does not hear us: "
        "check the wire to its RX pin, and whether anything else drives that pin");
    context.boot = BOOT_FLASH;
    assert_sentence(
        &context, detail,
        "no target answers on /dev/ttyACM0: by its boot log it runs its application; hold its boot button, "
        "press reset, and try again with --no-reset");
    context.boot = BOOT_UNKNOWN;
    context.lines_are_unconfirmed = true;
    assert_sentence(
        &context, detail,
        "no target answers on /dev/ttyACM0; if it stays so, hold its boot button, press reset, and try "
        "again (the server does not say whether it passes DTR and RTS on)");
}
