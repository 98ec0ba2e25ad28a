/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Words and exit codes of failures. The library's own texts are used where nothing more can be said.
 */
#define _GNU_SOURCE
#include "report/report.h"

#include <grp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

#include "report/image_fault.h"
#include "report/screen.h"
#include "text/safe_text.h"
#include "text/short_text.h"

/** Text that grows at its end and never past it. */
typedef struct {
    char *out;
    size_t size;
    size_t used;
} text_t;

__attribute__((format(printf, 2, 3))) static void add(text_t *text, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    int length = vsnprintf(text->out + text->used, text->size - text->used, format, args);
    va_end(args);
    if (length > 0) {
        size_t left = text->size - text->used - 1;
        text->used += (size_t)length < left ? (size_t)length : left;
    }
}

static const esp_loader_image_t *image_of(const report_context_t *context,
                                          const esp_loader_error_detail_t *detail)
{
    if (detail->image < 0 || (size_t)detail->image >= context->image_count) {
        return NULL;
    }
    return &context->images[detail->image];
}

/** Last sector an image touches, plus one. */
static uint64_t end_of_sectors(const esp_loader_image_t *image)
{
    uint64_t end = (uint64_t)image->offset + image->source.size;

    return (end + ESP_LOADER_SECTOR_SIZE - 1) / ESP_LOADER_SECTOR_SIZE * ESP_LOADER_SECTOR_SIZE;
}

static const esp_loader_image_t *find_overlapping(const report_context_t *context,
                                                  const esp_loader_image_t *image)
{
    for (size_t i = 0; i < context->image_count; i++) {
        const esp_loader_image_t *other = &context->images[i];
        if (other != image && other->offset < end_of_sectors(image) &&
            image->offset < end_of_sectors(other)) {
            return other;
        }
    }
    return NULL;
}

/** What is wrong with an image, with its numbers; false when the library's text is all there is to say. */
static bool add_image_cause(text_t *text, const report_context_t *context,
                            const esp_loader_error_detail_t *detail, const esp_loader_image_t *image)
{
    const esp_loader_image_t *other = NULL;
    char size[SHORT_TEXT_SIZE];
    char fault[REPORT_SIZE];

    switch (detail->cause) {
    case ESP_LOADER_ERROR_ALIGNMENT:
        add(text, "the offset is not a multiple of 4096");
        return true;
    case ESP_LOADER_ERROR_OVERLAP:
        other = find_overlapping(context, image);
        if (other == NULL) {
            return false;
        }
        add(text, "shares a 4096-byte flash sector with %s at 0x%08x", other->name, (unsigned)other->offset);
        return true;
    case ESP_LOADER_ERROR_FLASH_RANGE:
        if (context->flash_size == 0) {
            return false;
        }
        if ((uint64_t)image->offset + image->source.size <= context->flash_size) {
            add(text, "lies beyond what the loader on this target can address");
        } else {
            add(text, "its %u bytes do not fit into the flash of %s", (unsigned)image->source.size,
                short_text_of_size(context->flash_size, size));
        }
        return true;
    default:
        if (image_fault_sentence(context, detail, image, fault)) {
            add(text, "%s", fault);
            return true;
        }
        return false;
    }
}

/** A flash whose size is not known, or not what it is taken for. */
static bool add_size_cause(text_t *text, const report_context_t *context,
                           const esp_loader_error_detail_t *detail)
{
    char found[SHORT_TEXT_SIZE];
    char taken[SHORT_TEXT_SIZE];

    if (detail->cause == ESP_LOADER_ERROR_FLASH_SIZE) {
        add(text, "unknown flash size (flash chip id 0x%06x): give --flash-size", (unsigned)detail->value);
        return true;
    }
    if (detail->cause == ESP_LOADER_ERROR_FLASH_WRAPS) {
        add(text,
            "the flash has %s and not %s: beyond them it repeats itself, and what is written there "
            "destroys what is at its start",
            short_text_of_size(detail->value, found), short_text_of_size(context->flash_size, taken));
        return true;
    }
    return false;
}

/** Who may open a device. */
static void add_access_cause(text_t *text, const char *port)
{
    char names[1024];
    struct group entry;
    struct group *group = NULL;
    struct stat status;

    if (stat(port, &status) != 0) { /* usb: */
        add(text, "no permission: install 60-esp-loader.rules of esp-loader into /etc/udev/rules.d");
        return;
    }
    if (status.st_gid != 0 && getgrgid_r(status.st_gid, &entry, names, sizeof(names), &group) == 0 &&
        group != NULL) {
        add(text, "no permission: join its group, %s, and log in again, or install 60-esp-loader.rules",
            group->gr_name);
    } else {
        add(text, "no permission: install 60-esp-loader.rules of esp-loader into /etc/udev/rules.d");
    }
}

/** What the port's error means for the user. */
static void add_open_cause(text_t *text, const report_context_t *context,
                           const esp_loader_error_detail_t *detail)
{
    const bool is_url = strstr(context->port, "://") != NULL;
    const bool is_usb = strncmp(context->port, "usb:", 4) == 0;

    add(text, "cannot open %s: ", context->port);
    switch (detail->cause) {
    case ESP_LOADER_ERROR_PORT_NOT_FOUND:
        add(text, is_url   ? "no such host, or nothing listens there"
                  : is_usb ? "no such USB device with a serial port (see esp-loader ports)"
                           : "no such serial device");
        return;
    case ESP_LOADER_ERROR_PORT_ACCESS:
        if (is_url) {
            add(text, "this machine forbids the connection");
        } else {
            add_access_cause(text, context->port);
        }
        return;
    case ESP_LOADER_ERROR_DISCONNECTED:
        add(text, "%s",
            is_url ? "the server hung up, as one does that serves another client"
                   : esp_loader_error_text(detail->cause));
        return;
    case ESP_LOADER_ERROR_TIMEOUT:
        add(text, "%s", is_url ? "the server does not answer" : esp_loader_error_text(detail->cause));
        return;
    case ESP_LOADER_ERROR_INVALID_PARAM:
        add(text, "%s",
            is_usb ? "more than one device fits (see esp-loader ports)"
                   : esp_loader_error_text(detail->cause));
        return;
    case ESP_LOADER_ERROR_UNSUPPORTED_FUNC:
        add(text, is_url   ? "the server does not speak RFC 2217 as needed"
                  : is_usb ? "needs libusb: install the package libusb-1.0-0"
                           : "the device cannot do 115200 baud");
        return;
    default:
        add(text, "%s", esp_loader_error_text(detail->cause));
    }
}

/** What the value of a detail is depends on the cause; that of SOURCE is a code of the library, for programs.
 */
static void add_value(text_t *text, const esp_loader_error_detail_t *detail)
{
    if (detail->value == 0 || detail->cause == ESP_LOADER_ERROR_SOURCE) {
        return;
    }
    if (detail->cause == ESP_LOADER_ERROR_INVALID_MD5) {
        add(text, ", %u bytes", (unsigned)detail->value);
    } else if (detail->stage == ESP_LOADER_STAGE_RATE) {
        add(text, ", %u baud", (unsigned)detail->value);
    } else {
        add(text, ", value 0x%x", (unsigned)detail->value);
    }
}

/** Appends where it happened, as far as the detail has it. */
static void add_place(text_t *text, const esp_loader_error_detail_t *detail)
{
    add(text, " (%s", esp_loader_stage_name(detail->stage));
    if (detail->command != 0) {
        add(text, ", command 0x%02x", (unsigned)detail->command);
    }
    if (detail->address != 0) {
        add(text, ", at 0x%08x", (unsigned)detail->address);
    }
    if (detail->target_status != 0 || detail->target_reason != 0) {
        add(text, ", target's status 0x%02x 0x%02x", (unsigned)detail->target_status,
            (unsigned)detail->target_reason);
    }
    add_value(text, detail);
    if (detail->attempts > 1) {
        add(text, ", %u attempts", (unsigned)detail->attempts);
    }
    add(text, ")");
}

static bool is_connecting(esp_loader_stage_t stage)
{
    return stage == ESP_LOADER_STAGE_RESET || stage == ESP_LOADER_STAGE_SYNC;
}

/** What helps depends on what the target itself has said. */
static void add_no_answer(text_t *text, const report_context_t *context)
{
    add(text, "no target answers on %s", context->port);
    switch (context->boot) {
    case BOOT_DOWNLOAD:
        add(text,
            ": by its boot log it waits for download, but it does not hear us: check the wire to its RX pin, "
            "and whether anything else drives that pin");
        return;
    case BOOT_FLASH:
        add(text, ": by its boot log it runs its application; hold its boot button, press reset, and try "
                  "again with "
                  "--no-reset");
        break;
    case BOOT_UNKNOWN:
    default:
        add(text, "; if it stays so, hold its boot button, press reset, and try again");
        break;
    }
    if (context->lines_are_unconfirmed) {
        add(text, " (the server does not say whether it passes DTR and RTS on)");
    }
}

/** A rate that cannot be had: which one, and whose fault it is. */
static bool add_rate_cause(text_t *text, const esp_loader_error_detail_t *detail)
{
    const bool is_refused = detail->error == ESP_LOADER_ERROR_UNSUPPORTED_FUNC;

    if (detail->stage != ESP_LOADER_STAGE_RATE || detail->value == 0) {
        return false;
    }
    if (detail->cause == ESP_LOADER_ERROR_RATE) {
        add(text,
            is_refused ? "the port cannot do %u baud: choose another --baud"
                       : "the target does not answer at %u baud: choose a lower --baud",
            (unsigned)detail->value);
        return true;
    }
    if (detail->cause == ESP_LOADER_ERROR_UNSUPPORTED_FUNC) {
        add(text, "the loader on this target cannot go to %u baud: leave out --baud",
            (unsigned)detail->value);
        return true;
    }
    return false;
}

void report_sentence(const report_context_t *context, const esp_loader_error_detail_t *detail,
                     char out[REPORT_SIZE])
{
    const esp_loader_image_t *image = image_of(context, detail);
    text_t text = {.out = out, .size = REPORT_SIZE};

    out[0] = '\0';
    if (detail->cause == ESP_LOADER_ERROR_CANCELLED && image == NULL) {
        add(&text, "interrupted (%s)", esp_loader_stage_name(detail->stage));
        return;
    }
    if (detail->stage == ESP_LOADER_STAGE_OPEN && context->port != NULL) {
        add_open_cause(&text, context, detail);
        return;
    }
    if (detail->cause == ESP_LOADER_ERROR_TIMEOUT && is_connecting(detail->stage) && !context->is_connected) {
        add_no_answer(&text, context);
        return;
    }
    if (add_rate_cause(&text, detail)) {
        return;
    }
    if (image != NULL) {
        add(&text, "%s at 0x%08x: ", image->name, (unsigned)image->offset);
        if ((detail->stage == ESP_LOADER_STAGE_CHECK || detail->fault != ESP_LOADER_FAULT_NONE) &&
            detail->address > image->offset) {
            add(&text, "at 0x%08x of the flash: ", (unsigned)detail->address);
        }
    }
    if (add_size_cause(&text, context, detail)) {
        return;
    }
    if (detail->cause == ESP_LOADER_ERROR_CANCELLED) {
        add(&text, "interrupted");
    } else if (context->is_secure && detail->cause == ESP_LOADER_ERROR_SECURITY &&
               detail->stage != ESP_LOADER_STAGE_CHECK) {
        add(&text, "the target is in secure download mode, which does not allow this");
    } else if (image == NULL || !add_image_cause(&text, context, detail, image)) {
        add(&text, "%s", esp_loader_error_text(detail->cause));
    }
    if (detail->stage != ESP_LOADER_STAGE_NONE && detail->stage != ESP_LOADER_STAGE_CHECK) {
        add_place(&text, detail);
    }
}

/** Is it the target's flash, or the table in it, that does not fit? The plan's own table was asked before. */
static bool is_about_target(const report_context_t *context, const esp_loader_error_detail_t *detail)
{
    return detail->fault == ESP_LOADER_FAULT_PARTITION_FLASH ||
           (detail->fault == ESP_LOADER_FAULT_IMAGE_LARGER && context->is_connected);
}

cli_exit_t report_exit_code(const report_context_t *context, const esp_loader_error_detail_t *detail)
{
    switch (detail->cause) {
    case ESP_LOADER_SUCCESS:
        return CLI_OK;
    case ESP_LOADER_ERROR_PORT_NOT_FOUND:
    case ESP_LOADER_ERROR_PORT_BUSY:
    case ESP_LOADER_ERROR_PORT_ACCESS:
    case ESP_LOADER_ERROR_DISCONNECTED:
    case ESP_LOADER_ERROR_IO:
    case ESP_LOADER_ERROR_FAIL:
        return CLI_PORT;
    case ESP_LOADER_ERROR_TIMEOUT:
        return detail->stage == ESP_LOADER_STAGE_OPEN ? CLI_PORT : CLI_NO_ANSWER;
    case ESP_LOADER_ERROR_UNSUPPORTED_FUNC:
        return detail->stage == ESP_LOADER_STAGE_OPEN ? CLI_PORT : CLI_TARGET;
    case ESP_LOADER_ERROR_RATE:
        return detail->error == ESP_LOADER_ERROR_UNSUPPORTED_FUNC ? CLI_PORT : CLI_NO_ANSWER;
    case ESP_LOADER_ERROR_ALIGNMENT:
    case ESP_LOADER_ERROR_OVERLAP:
    case ESP_LOADER_ERROR_IMAGE_FORMAT:
    case ESP_LOADER_ERROR_IMAGE_CHECKSUM:
    case ESP_LOADER_ERROR_IMAGE_PLACE:
    case ESP_LOADER_ERROR_SOURCE:
        return CLI_INPUT;
    case ESP_LOADER_ERROR_PARTITION:
        return is_about_target(context, detail) ? CLI_TARGET : CLI_INPUT;
    case ESP_LOADER_ERROR_IMAGE_CHIP:
    case ESP_LOADER_ERROR_IMAGE_SIZE:
    case ESP_LOADER_ERROR_FLASH_RANGE:
        return context->is_connected ? CLI_TARGET : CLI_INPUT;
    case ESP_LOADER_ERROR_INVALID_TARGET:
    case ESP_LOADER_ERROR_UNSUPPORTED_CHIP:
    case ESP_LOADER_ERROR_INVALID_RESPONSE:
    case ESP_LOADER_ERROR_EFUSE_BLOCK_IN_USE:
    case ESP_LOADER_ERROR_EFUSE_BURN_FAILED:
    case ESP_LOADER_ERROR_TARGET_STATUS:
    case ESP_LOADER_ERROR_CHECKSUM:
    case ESP_LOADER_ERROR_MALFORMED_REPLY:
    case ESP_LOADER_ERROR_FLASH_ID:
    case ESP_LOADER_ERROR_FLASH_SIZE:
    case ESP_LOADER_ERROR_FLASH_WRAPS:
    case ESP_LOADER_ERROR_IMAGE_REVISION:
        return CLI_TARGET;
    case ESP_LOADER_ERROR_SECURITY:
        return detail->fault == ESP_LOADER_FAULT_SIGNED ? CLI_INPUT : CLI_TARGET;
    case ESP_LOADER_ERROR_INVALID_MD5:
        return CLI_VERIFY;
    case ESP_LOADER_ERROR_CANCELLED:
        return CLI_CANCELLED;
    case ESP_LOADER_ERROR_INVALID_PARAM:
    case ESP_LOADER_ERROR_NOT_CONNECTED:
    case ESP_LOADER_ERROR_COUNT:
    default:
        return CLI_OTHER;
    }
}

/* What the thread has said first: other sentences explain it. One line per thread, since "watch" has one for
 * each board. */
static _Thread_local char first_sentence[REPORT_SIZE];

const char *report_message(void)
{
    return first_sentence;
}

static void print_line(const char *label, const char *line)
{
    char name[SAFE_TEXT_SIZE];

    screen_begin_text();
    if (label != NULL) {
        fprintf(stderr, "esp-loader: %s: %s\n", safe_text(label, name), line);
    } else {
        fprintf(stderr, "esp-loader: %s\n", line);
    }
    screen_end_text();
}

static void print_failure(const char *label, const char *format, va_list args)
{
    char line[REPORT_SIZE];

    vsnprintf(line, sizeof(line), format, args);
    safe_text_clean(line);
    if (first_sentence[0] == '\0') {
        memcpy(first_sentence, line, sizeof(first_sentence));
    }
    print_line(label, line);
}

void report_note(const char *label, const char *format, ...)
{
    char line[REPORT_SIZE];
    va_list args;

    va_start(args, format);
    vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    safe_text_clean(line);
    print_line(label, line);
}

void report_line(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    print_failure(NULL, format, args);
    va_end(args);
}

void report_labelled_line(const char *label, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    print_failure(label, format, args);
    va_end(args);
}

cli_exit_t report_failure(const report_context_t *context, const esp_loader_error_detail_t *detail)
{
    char sentence[REPORT_SIZE];

    report_sentence(context, detail, sentence);
    report_labelled_line(context->label, "%s", sentence);
    return report_exit_code(context, detail);
}
