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

enum { NO_IMAGE = -1, BOOT, TABLE, APP };

static esp_loader_error_detail_t detail_of(esp_loader_error_t cause, esp_loader_stage_t stage, int32_t image)
{
    return (esp_loader_error_detail_t){.error = cause, .cause = cause, .stage = stage, .image = image};
}

static void assert_sentence(const report_context_t *context, esp_loader_error_detail_t detail,
                            const char *expected)
{
    char sentence[REPORT_SIZE];

    report_sentence(context, &detail, sentence);
    assert_string_equal(sentence, expected);
}

static const report_context_t url = {.port = "socket://h:1"};
static const report_context_t usb_device = {.port = "usb:303a:1001"};
static const report_context_t large = {
    .images = images, .image_count = 3, .is_connected = true, .flash_size = 32u * 1024u * 1024u};
static const report_context_t in_download_mode = {.port = "/dev/ttyACM0", .boot = BOOT_DOWNLOAD};
static const report_context_t running = {.port = "/dev/ttyACM0", .boot = BOOT_FLASH};
static const report_context_t behind_server = {.port = "/dev/ttyACM0", .lines_are_unconfirmed = true};

static const struct {
    const report_context_t *context;
    esp_loader_error_t cause;
    esp_loader_stage_t stage;
    int32_t image;
    uint32_t value;
    const char *sentence;
} failures[] = {
    /* A port that cannot be opened is named with the reason. */
    {&offline, ESP_LOADER_ERROR_PORT_NOT_FOUND, ESP_LOADER_STAGE_OPEN, NO_IMAGE, 0,
     "cannot open /dev/ttyACM0: no such serial device"},
    {&url, ESP_LOADER_ERROR_PORT_NOT_FOUND, ESP_LOADER_STAGE_OPEN, NO_IMAGE, 0,
     "cannot open socket://h:1: no such host, or nothing listens there"},
    {&url, ESP_LOADER_ERROR_DISCONNECTED, ESP_LOADER_STAGE_OPEN, NO_IMAGE, 0,
     "cannot open socket://h:1: the server hung up, as one does that serves another client"},
    {&url, ESP_LOADER_ERROR_TIMEOUT, ESP_LOADER_STAGE_OPEN, NO_IMAGE, 0,
     "cannot open socket://h:1: the server does not answer"},
    {&url, ESP_LOADER_ERROR_UNSUPPORTED_FUNC, ESP_LOADER_STAGE_OPEN, NO_IMAGE, 0,
     "cannot open socket://h:1: the server does not speak RFC 2217 as needed"},
    {&usb_device, ESP_LOADER_ERROR_PORT_NOT_FOUND, ESP_LOADER_STAGE_OPEN, NO_IMAGE, 0,
     "cannot open usb:303a:1001: no such USB device with a serial port (see esp-loader ports)"},
    {&usb_device, ESP_LOADER_ERROR_INVALID_PARAM, ESP_LOADER_STAGE_OPEN, NO_IMAGE, 0,
     "cannot open usb:303a:1001: more than one device fits (see esp-loader ports)"},
    /* A target that is silent: what its boot log tells decides what helps. */
    {&offline, ESP_LOADER_ERROR_TIMEOUT, ESP_LOADER_STAGE_SYNC, NO_IMAGE, 0,
     "no target answers on /dev/ttyACM0; if it stays so, hold its boot button, press reset, and try "
     "again"},
    {&in_download_mode, ESP_LOADER_ERROR_TIMEOUT, ESP_LOADER_STAGE_SYNC, NO_IMAGE, 0,
     "no target answers on /dev/ttyACM0: by its boot log it waits for download, but it does not hear us: "
     "check the wire to its RX pin, and whether anything else drives that pin"},
    {&running, ESP_LOADER_ERROR_TIMEOUT, ESP_LOADER_STAGE_SYNC, NO_IMAGE, 0,
     "no target answers on /dev/ttyACM0: by its boot log it runs its application; hold its boot button, "
     "press reset, and try again with --no-reset"},
    {&behind_server, ESP_LOADER_ERROR_TIMEOUT, ESP_LOADER_STAGE_SYNC, NO_IMAGE, 0,
     "no target answers on /dev/ttyACM0; if it stays so, hold its boot button, press reset, and try "
     "again (the server does not say whether it passes DTR and RTS on)"},
    /* Images are named, with their numbers. */
    {&offline, ESP_LOADER_ERROR_OVERLAP, ESP_LOADER_STAGE_CHECK, TABLE, 0,
     "table.bin at 0x00008000: shares a 4096-byte flash sector with boot.bin at 0x00000000"},
    {&offline, ESP_LOADER_ERROR_ALIGNMENT, ESP_LOADER_STAGE_CHECK, APP, 0,
     "app.bin at 0x00010000: the offset is not a multiple of 4096"},
    {&online, ESP_LOADER_ERROR_FLASH_RANGE, ESP_LOADER_STAGE_CHECK, APP, 0,
     "app.bin at 0x00010000: its 1048576 bytes do not fit into the flash of 1 MB"},
    {&large, ESP_LOADER_ERROR_FLASH_RANGE, ESP_LOADER_STAGE_CHECK, APP, 0,
     "app.bin at 0x00010000: lies beyond what the loader on this target can address"},
    {&online, ESP_LOADER_ERROR_IMAGE_CHIP, ESP_LOADER_STAGE_CHECK, APP, 5,
     "app.bin at 0x00010000: is not built for this chip, an ESP32-S3, but for an ESP32-C3"},
    /* What the number is belongs to the cause; a code of the library is for programs. */
    {&online, ESP_LOADER_ERROR_INVALID_MD5, ESP_LOADER_STAGE_VERIFY, NO_IMAGE, 4096,
     "the flash does not hold what was sent (verifying, 4096 bytes)"},
    {&online, ESP_LOADER_ERROR_SOURCE, ESP_LOADER_STAGE_VERIFY, NO_IMAGE, 4096,
     "the image could not be read (verifying)"},
    {&online, ESP_LOADER_ERROR_RATE, ESP_LOADER_STAGE_RATE, NO_IMAGE, 1500000,
     "the target does not answer at 1500000 baud: choose a lower --baud"},
    {&offline, ESP_LOADER_ERROR_CANCELLED, ESP_LOADER_STAGE_SYNC, NO_IMAGE, 0, "interrupted (connecting)"},
    {&online, ESP_LOADER_ERROR_CANCELLED, ESP_LOADER_STAGE_WRITE, BOOT, 0,
     "boot.bin at 0x00000000: interrupted (writing)"},
};

TEST_ROWS(each_failure_has_its_sentence, failures)
{
    esp_loader_error_detail_t detail = detail_of(row->cause, row->stage, row->image);
    detail.value = row->value;
    assert_sentence(row->context, detail, row->sentence);
}

static const struct {
    esp_loader_error_t error, cause;
    cli_exit_t code;
    const char *sentence;
} rate_failures[] = {
    {ESP_LOADER_ERROR_UNSUPPORTED_FUNC, ESP_LOADER_ERROR_RATE, CLI_PORT,
     "the port cannot do 1500000 baud: choose another --baud"},
    {ESP_LOADER_ERROR_TIMEOUT, ESP_LOADER_ERROR_RATE, CLI_NO_ANSWER,
     "the target does not answer at 1500000 baud: choose a lower --baud"},
    {ESP_LOADER_ERROR_UNSUPPORTED_FUNC, ESP_LOADER_ERROR_UNSUPPORTED_FUNC, CLI_TARGET,
     "the loader on this target cannot go to 1500000 baud: leave out --baud"},
    {ESP_LOADER_ERROR_IO, ESP_LOADER_ERROR_IO, CLI_PORT,
     "reading from or writing to the port failed (changing the rate, 1500000 baud)"},
};

/* Rates are decimal, and it is said whose fault it is. */
TEST_ROWS(a_rate_that_fails_has_its_sentence_and_exit_code, rate_failures)
{
    esp_loader_error_detail_t detail = detail_of(row->cause, ESP_LOADER_STAGE_RATE, NO_IMAGE);
    detail.error = row->error;
    detail.value = 1500000;
    assert_sentence(&online, detail, row->sentence);
    assert_int_equal(report_exit_code(&online, &detail), row->code);
}

TEST(refused_access_names_who_has_it)
{
    char path[] = "/tmp/report_test.XXXXXX";
    const report_context_t usb = {.port = "usb:"};
    const report_context_t file = {.port = path};
    const esp_loader_error_detail_t detail =
        detail_of(ESP_LOADER_ERROR_PORT_ACCESS, ESP_LOADER_STAGE_OPEN, NO_IMAGE);
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

static const struct {
    esp_loader_error_t cause;
    esp_loader_fault_t fault;
    const char *partition;
    uint32_t value;
    const char *sentence;
} faults[] = {
    {ESP_LOADER_ERROR_PARTITION, ESP_LOADER_FAULT_PARTITION_OVERLAP, "ota_0", 0,
     "partition 'ota_0' overlaps an earlier partition"},
    {ESP_LOADER_ERROR_PARTITION, ESP_LOADER_FAULT_PARTITION_EMPTY, "nvs", 0,
     "partition 'nvs' has a size of 0"},
    {ESP_LOADER_ERROR_PARTITION, ESP_LOADER_FAULT_PARTITION_FLASH, "fs", 0,
     "partition 'fs' ends beyond the flash of 1 MB"},
    {ESP_LOADER_ERROR_PARTITION, ESP_LOADER_FAULT_PARTITION_HEADER, "fs", 0x400000,
     "partition 'fs' ends beyond the 4 MB of flash that the bootloader's header states (--flash-size "
     "changes that)"},
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
     "the content there, after the image, was erased with it and is lost"},
};

TEST_ROWS(faults_of_images_and_tables_have_their_names_and_numbers, faults)
{
    char expected[REPORT_SIZE];
    esp_loader_error_detail_t detail = detail_of(row->cause, ESP_LOADER_STAGE_CHECK, APP);
    detail.fault = (uint8_t)row->fault;
    detail.value = row->value;
    snprintf(detail.partition, sizeof(detail.partition), "%s", row->partition);
    snprintf(expected, sizeof(expected), "app.bin at 0x00010000: %s", row->sentence);
    assert_sentence(&online, detail, expected);
    detail.address = 0x20000;
    snprintf(expected, sizeof(expected), "app.bin at 0x00010000: at 0x00020000 of the flash: %s",
             row->sentence);
    assert_sentence(&online, detail, expected);
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
    const esp_loader_error_detail_t detail =
        detail_of(ESP_LOADER_ERROR_PORT_BUSY, ESP_LOADER_STAGE_OPEN, NO_IMAGE);

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
        const esp_loader_error_detail_t detail = detail_of(cases[i].cause, ESP_LOADER_STAGE_WRITE, NO_IMAGE);
        assert_int_equal(report_exit_code(&online, &detail), cases[i].code);
    }
}

static const struct {
    const report_context_t *context;
    esp_loader_error_t cause;
    esp_loader_stage_t stage;
    esp_loader_fault_t fault;
    cli_exit_t code;
} blames[] = {
    {&online, ESP_LOADER_ERROR_PARTITION, ESP_LOADER_STAGE_CHECK, ESP_LOADER_FAULT_PARTITION_OVERLAP,
     CLI_INPUT},
    {&online, ESP_LOADER_ERROR_PARTITION, ESP_LOADER_STAGE_CHECK, ESP_LOADER_FAULT_PARTITION_FLASH,
     CLI_TARGET},
    {&online, ESP_LOADER_ERROR_PARTITION, ESP_LOADER_STAGE_CHECK, ESP_LOADER_FAULT_IMAGE_LARGER, CLI_TARGET},
    {&offline, ESP_LOADER_ERROR_PARTITION, ESP_LOADER_STAGE_CHECK, ESP_LOADER_FAULT_IMAGE_LARGER, CLI_INPUT},
    {&online, ESP_LOADER_ERROR_SECURITY, ESP_LOADER_STAGE_CHECK, ESP_LOADER_FAULT_NONE, CLI_TARGET},
    {&online, ESP_LOADER_ERROR_SECURITY, ESP_LOADER_STAGE_CHECK, ESP_LOADER_FAULT_SIGNED, CLI_INPUT},
    {&online, ESP_LOADER_ERROR_IMAGE_SIZE, ESP_LOADER_STAGE_CHECK, ESP_LOADER_FAULT_HEADER_SIZE, CLI_TARGET},
    {&offline, ESP_LOADER_ERROR_TIMEOUT, ESP_LOADER_STAGE_OPEN, ESP_LOADER_FAULT_NONE, CLI_PORT},
    {&offline, ESP_LOADER_ERROR_UNSUPPORTED_FUNC, ESP_LOADER_STAGE_OPEN, ESP_LOADER_FAULT_NONE, CLI_PORT},
    {&offline, ESP_LOADER_ERROR_TIMEOUT, ESP_LOADER_STAGE_SYNC, ESP_LOADER_FAULT_NONE, CLI_NO_ANSWER},
    {&offline, ESP_LOADER_ERROR_IMAGE_CHIP, ESP_LOADER_STAGE_CHECK, ESP_LOADER_FAULT_NONE, CLI_INPUT},
    {&offline, ESP_LOADER_ERROR_FLASH_RANGE, ESP_LOADER_STAGE_CHECK, ESP_LOADER_FAULT_NONE, CLI_INPUT},
};

/* 5 is a file that is unusable, 6 a target that it does not fit; and it depends on when it happened. */
TEST_ROWS(the_exit_code_of_a_fault_says_whose_it_is, blames)
{
    esp_loader_error_detail_t detail = detail_of(row->cause, row->stage, NO_IMAGE);
    detail.fault = (uint8_t)row->fault;
    assert_int_equal(report_exit_code(row->context, &detail), row->code);
}
