/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The sum at the end of a run.
 */
#include "flash/flash_summary.h"

#include "report/bar.h"

/** Bits on the wire for a byte, and the share of the time from which it counts as busy: there are replies, and
 * escapes. */
enum { BITS_PER_BYTE = 10, BUSY_PERCENT = 70 };

typedef struct {
    uint64_t bytes; /**< of all images */
    uint64_t bytes_sent;
    uint64_t time_ms;
    size_t equal_count;
} sums_t;

static sums_t sums_of(const flash_summary_t *summary)
{
    sums_t sums = {.time_ms =
                       summary->connect_ms + summary->compare_ms + summary->write_ms + summary->verify_ms};

    for (size_t i = 0; i < summary->count; i++) {
        sums.bytes += summary->reports[i].bytes;
        sums.bytes_sent += summary->reports[i].bytes_sent;
        sums.equal_count += summary->reports[i].result == ESP_LOADER_IMAGE_EQUAL ? 1u : 0u;
    }
    return sums;
}

flash_limit_t flash_summary_limit(const flash_summary_t *summary)
{
    const uint64_t hash_ms = summary->compare_ms + summary->verify_ms;

    if (summary->connect_ms >= hash_ms && summary->connect_ms >= summary->write_ms) {
        return FLASH_LIMIT_CONNECTING;
    }
    if (hash_ms > summary->write_ms) {
        return FLASH_LIMIT_TARGET;
    }
    if (summary->is_usb) {
        return FLASH_LIMIT_FLASH;
    }
    if (summary->rate_baud == 0) {
        return FLASH_LIMIT_LINK;
    }
    const uint64_t wire_ms = sums_of(summary).bytes_sent * BITS_PER_BYTE * 1000u / summary->rate_baud;
    return wire_ms * 100u >= summary->write_ms * BUSY_PERCENT ? FLASH_LIMIT_WIRE : FLASH_LIMIT_FLASH;
}

static void print_limit(FILE *out, const flash_summary_t *summary)
{
    switch (flash_summary_limit(summary)) {
    case FLASH_LIMIT_CONNECTING:
        fprintf(out, "Limit:      connecting\n");
        break;
    case FLASH_LIMIT_TARGET:
        fprintf(out, "Limit:      the target, which computes MD5s\n");
        break;
    case FLASH_LIMIT_WIRE:
        fprintf(out, "Limit:      the wire, at %u baud\n", (unsigned)summary->rate_baud);
        break;
    case FLASH_LIMIT_FLASH:
        fprintf(out, "Limit:      erasing and writing the flash\n");
        break;
    case FLASH_LIMIT_LINK:
    default:
        fprintf(out, "Limit:      the connection or the flash\n");
        break;
    }
}

static unsigned long long kilobytes(uint64_t bytes)
{
    return (bytes + 1023u) / 1024u;
}

void flash_summary_print(FILE *out, const flash_summary_t *summary)
{
    const sums_t sums = sums_of(summary);
    char time[4][BAR_TEXT_SIZE];
    char rate[BAR_TEXT_SIZE];

    fprintf(out, "Total:      %llu KB in %s", kilobytes(sums.bytes), bar_seconds(sums.time_ms, time[0]));
    if (sums.time_ms != 0) {
        fprintf(out, ", %s", bar_rate(sums.bytes * 1000u / sums.time_ms, rate));
    }
    fprintf(out, "\nSent:       %llu KB", kilobytes(sums.bytes_sent));
    if (sums.equal_count != 0) {
        fprintf(out, "; %zu of %zu images skipped: in the flash already", sums.equal_count, summary->count);
    }
    fprintf(out, "\nTime:       connect %s, compare %s, erase+write %s, verify %s\n",
            bar_seconds(summary->connect_ms, time[0]), bar_seconds(summary->compare_ms, time[1]),
            bar_seconds(summary->write_ms, time[2]), bar_seconds(summary->verify_ms, time[3]));
    print_limit(out, summary);
}

void flash_summary_tell(const flash_run_t *run, size_t count)
{
    const uint64_t *spent_ms = run->progress.tally.spent_ms;
    const esp_loader_link_t link = cli_port_link(&run->session.port);
    const flash_summary_t summary = {
        .reports = run->reports,
        .count = count,
        .connect_ms = run->connect_ms,
        .compare_ms = spent_ms[ESP_LOADER_PLAN_COMPARE],
        .write_ms = run->erase_all_ms + spent_ms[ESP_LOADER_PLAN_ERASE] + spent_ms[ESP_LOADER_PLAN_WRITE],
        .verify_ms = spent_ms[ESP_LOADER_PLAN_VERIFY],
        .rate_baud = session_rate(&run->session),
        .is_usb = link == ESP_LOADER_LINK_USB_SERIAL_JTAG || link == ESP_LOADER_LINK_USB_OTG};

    if (run->progress.is_live) {
        flash_summary_print(run->out, &summary);
    }
}

void flash_summary_results(const flash_run_t *run, size_t count, char *out, size_t size)
{
    static const struct {
        esp_loader_image_result_t result;
        const char *word;
    } words[] = {{ESP_LOADER_IMAGE_VERIFIED, "verified"},
                 {ESP_LOADER_IMAGE_WRITTEN, "written"},
                 {ESP_LOADER_IMAGE_UNVERIFIED, "written, not verified"},
                 {ESP_LOADER_IMAGE_EQUAL, "unchanged"}};
    size_t used = 0;

    out[0] = '\0';
    for (size_t w = 0; w < sizeof(words) / sizeof(words[0]); w++) {
        unsigned images = 0;

        for (size_t i = 0; i < count; i++) {
            images += run->reports[i].result == words[w].result ? 1u : 0u;
        }
        if (images > 0 && used < size) {
            used += (size_t)snprintf(out + used, size - used, ", %u %s", images, words[w].word);
        }
    }
}
