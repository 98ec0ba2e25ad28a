/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a plan writes when the flash holds a part of it already: only what differs, whatever differs, and
 * without asking more than that saves. On a stand-in for the loader; on simulated chips: tests/against_sim/plan.
 */
#include <stdlib.h>
#include <string.h>

#include "plan_bench.h"
#include "test.h"

#define OFFSET 0x10000u
#define SECTOR 4096u
#define BLOCK  65536u

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static void fill(uint8_t *data, size_t size, uint32_t seed)
{
    for (size_t i = 0; i < size; i++) {
        data[i] = (uint8_t)(next_random(&seed) >> 8);
    }
}

/* A raw image of incompressible content, and a flash that holds other content everywhere. */
static void begin(uint32_t size, bool is_stub)
{
    bench_begin();
    bench.fake.loader._is.stub_running = is_stub;
    bench_add(OFFSET, make_blob(size, 0))->is_raw = true;
    fill(bench.blobs[0].bytes, size, 7);
    fill(bench.fake.flash, FAKE_FLASH_SIZE, 9);
    bench_set_buffer(32768);
    bench.options.on_event = NULL; /* there are many */
}

static void put_image(void)
{
    memcpy(bench.fake.flash + OFFSET, bench.blobs[0].bytes, bench.blobs[0].size);
}

static void spoil(uint32_t sector)
{
    bench.fake.flash[OFFSET + sector * SECTOR + sector % SECTOR] ^= 0x80;
}

static void run(esp_loader_image_result_t result)
{
    assert_runs();
    assert_int_equal(bench.reports[0].result, result);
    assert_in_flash(0);
}

TEST(one_changed_sector_is_found_wherever_it_is)
{
    for (uint32_t sector = 0; sector < 45; sector++) {
        begin(44 * SECTOR + 100, sector % 2 != 0);
        put_image();
        spoil(sector < 44 ? sector : 44);
        run(ESP_LOADER_IMAGE_VERIFIED);
        assert_int_equal(bench.fake.starts, 1);
        assert_int_equal(bench.reports[0].sectors_erased, 1);
        assert_int_equal(bench.reports[0].bytes_sent, sector < 44 ? SECTOR : 100);
        assert_true(bench.fake.md5_bytes <= (3 + 1) * bench.blobs[0].size); /* all is verified */
    }
}

TEST(what_is_there_is_asked_about_once)
{
    begin(2 * BLOCK + 3 * SECTOR, true);
    put_image();
    run(ESP_LOADER_IMAGE_EQUAL);
    assert_int_equal(bench.fake.md5_bytes, bench.blobs[0].size);
    assert_int_equal(bench.fake.md5s, 2); /* 64 KiB, and twice that */
}

/* No late answer to the question before is taken for the second one's either: between them is a barrier. */
TEST(an_answer_that_may_be_an_earlier_one_is_asked_for_again_and_after_a_barrier)
{
    for (unsigned question = 0; question <= 2; question++) {
        begin(2 * BLOCK + 3 * SECTOR, true);
        put_image();
        bench.fake.echo_md5 = question;
        run(ESP_LOADER_IMAGE_EQUAL);
        assert_int_equal(bench.fake.md5s, 2 + (question > 0));
        assert_int_equal(bench.fake.barriers, question > 0);
        assert_int_equal(bench.fake.md5s_at_barrier, question);
    }
}

/* What the doubtful answer said does not count when the second one does not come. */
TEST(an_answer_that_cannot_be_asked_for_again_ends_the_plan)
{
    begin(BLOCK, true);
    put_image();
    bench.fake.error = bench.fake.cause = ESP_LOADER_ERROR_DISCONNECTED;
    bench.fake.echo_md5 = 1;
    bench.fake.fail_md5 = 2;
    assert_int_equal(bench_run(), ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(bench.reports[0].result, ESP_LOADER_IMAGE_FAILED);
}

TEST(neighbours_are_written_together)
{
    begin(2 * BLOCK, true);
    put_image();
    spoil(17);
    spoil(18);
    spoil(25);
    run(ESP_LOADER_IMAGE_VERIFIED);
    assert_int_equal(bench.fake.starts, 2);
    assert_int_equal(bench.reports[0].sectors_erased, 3);
}

TEST(a_block_with_many_changes_is_written_whole)
{
    begin(2 * BLOCK, true);
    put_image();
    for (uint32_t sector = 16; sector < 32; sector += 2) {
        spoil(sector);
    }
    run(ESP_LOADER_IMAGE_VERIFIED);
    assert_int_equal(bench.fake.starts, 1);
    assert_int_equal(bench.reports[0].sectors_erased, 16);
}

/* Sectors of a block of 64 KiB that have changed, as many as a bit says, and what is erased because of them.
 */
static uint32_t erased_of_block(uint32_t changed, bool has_neighbours)
{
    begin(3 * BLOCK, true);
    put_image();
    for (uint32_t sector = 0; sector < 16; sector++) {
        if ((changed >> sector & 1u) != 0) {
            spoil(16 + sector);
        }
    }
    if (has_neighbours) {
        spoil(15);
        spoil(32);
    }
    run(ESP_LOADER_IMAGE_VERIFIED);
    uint32_t erased = bench.reports[0].sectors_erased - (has_neighbours ? 2 : 0);
    return erased;
}

/* Whether a block is written whole is a matter of that block alone. */
TEST(changes_next_to_a_block_do_not_make_it_be_written_whole)
{
    bool is_whole = false;

    for (uint32_t changed = 2; changed < 0x10000; changed = changed << 2 | 2) {
        uint32_t erased = erased_of_block(changed, false);
        assert_true(erased == 16 || erased == (uint32_t)__builtin_popcount(changed));
        assert_true(!is_whole || erased == 16); /* the more has changed the more it pays */
        is_whole = erased == 16;
        assert_int_equal(erased_of_block(changed, true), erased);
    }
    assert_true(is_whole);
}

TEST(nothing_in_common_costs_few_questions_and_one_write)
{
    begin(2 * BLOCK, true);
    run(ESP_LOADER_IMAGE_VERIFIED);
    assert_int_equal(bench.fake.starts, 1);
    assert_int_equal(bench.reports[0].sectors_erased, 32);
    assert_true(bench.fake.md5_bytes <= bench.blobs[0].size + 3 * BLOCK); /* to verify, and to compare */
}

/* Any set of changed sectors: the image is right afterwards, its neighbours are as they were, and what is
 * reported is what was done. */
TEST(whatever_differs_the_image_is_there_afterwards)
{
    uint32_t seed = 1;

    for (unsigned round = 0; round < 300; round++) {
        uint32_t size = 1 + next_random(&seed) % (2 * BLOCK);
        uint32_t one_in = 1 + next_random(&seed) % 24;
        begin(size, round % 2 != 0);
        uint8_t *before = malloc(FAKE_FLASH_SIZE);
        uint32_t differ = 0;
        assert_non_null(before);
        put_image();
        for (uint32_t at = 0; at < size; at += SECTOR) {
            if (next_random(&seed) % one_in == 0) {
                bool is_erased = next_random(&seed) % 3 == 0;
                memset(bench.fake.flash + OFFSET + at, is_erased ? 0xFF : 0x11, SECTOR);
                differ++;
            }
        }
        memcpy(before, bench.fake.flash, FAKE_FLASH_SIZE);
        run(differ > 0 ? ESP_LOADER_IMAGE_VERIFIED : ESP_LOADER_IMAGE_EQUAL);
        assert_memory_equal(bench.fake.flash, before, OFFSET);
        uint32_t end = OFFSET + (size + SECTOR - 1) / SECTOR * SECTOR;
        assert_memory_equal(bench.fake.flash + end, before + end, FAKE_FLASH_SIZE - end);
        assert_true(bench.reports[0].bytes_sent <= size);
        assert_true(bench.reports[0].sectors_erased <= (size + SECTOR - 1) / SECTOR);
        free(before);
    }
}

/* ---- what is erased, or to be empty ---- */

TEST(what_is_to_stay_empty_is_neither_erased_nor_sent)
{
    begin(BLOCK, true);
    memset(bench.fake.flash, 0xFF, FAKE_FLASH_SIZE);
    memset(bench.blobs[0].bytes + 3 * SECTOR, 0xFF, 9 * SECTOR);
    run(ESP_LOADER_IMAGE_VERIFIED);
    assert_int_equal(bench.reports[0].bytes_sent, 7 * SECTOR);
    assert_int_equal(bench.reports[0].sectors_erased, 0); /* the stub looks and leaves blank sectors alone */
    assert_int_equal(bench.fake.starts, 2);
}

TEST(empty_content_over_old_is_erased_and_not_sent)
{
    for (int stub = 0; stub < 2; stub++) {
        begin(2 * BLOCK + SECTOR, stub != 0);
        memset(bench.blobs[0].bytes + BLOCK, 0xFF, BLOCK);
        bench.options.rewrite_equal = true;
        run(ESP_LOADER_IMAGE_VERIFIED);
        assert_int_equal(bench.reports[0].bytes_sent, BLOCK + SECTOR);
        assert_int_equal(bench.reports[0].sectors_erased, 33);
        assert_int_equal(bench.fake.erases + bench.fake.starts, 3);
    }
}

TEST(erase_of_what_is_to_be_empty_that_fails_ends_the_plan)
{
    begin(2 * BLOCK + SECTOR, true);
    memset(bench.blobs[0].bytes + BLOCK, 0xFF, BLOCK);
    bench.options.rewrite_equal = true;
    bench.fake.fail_erase = 1;
    bench.fake.error = bench.fake.cause = ESP_LOADER_ERROR_DISCONNECTED;
    assert_int_equal(bench_run(), ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(bench.fake.starts, 1); /* what follows it is not begun */
    assert_int_equal(bench.reports[0].result, ESP_LOADER_IMAGE_FAILED);
}

/* Erasing half a block by sectors takes longer than sending 0xFF. */
TEST(empty_parts_of_a_block_are_sent_with_it)
{
    begin(BLOCK, true);
    memset(bench.blobs[0].bytes + 4 * SECTOR, 0xFF, 8 * SECTOR);
    bench.options.rewrite_equal = true;
    run(ESP_LOADER_IMAGE_VERIFIED);
    assert_int_equal(bench.fake.starts, 1);
    assert_int_equal(bench.reports[0].bytes_sent, BLOCK);
}

/* Blocks are erased as a whole, so what begins inside of one to be empty is sent up to its end. */
TEST(what_begins_to_be_empty_inside_of_a_block_is_erased_from_the_next_one_on)
{
    begin(3 * BLOCK, true);
    memset(bench.blobs[0].bytes + BLOCK + 4 * SECTOR, 0xFF, 2 * BLOCK - 4 * SECTOR);
    bench.options.rewrite_equal = true;
    run(ESP_LOADER_IMAGE_VERIFIED);
    assert_int_equal(bench.fake.starts, 1);
    assert_int_equal(bench.fake.erases, 1);
    assert_int_equal(bench.reports[0].bytes_sent, 2 * BLOCK);
}

static const uint32_t places[] = {0, 63, 64, 65, 1000, SECTOR - 1};

TEST_ROWS(a_sector_is_empty_only_when_all_of_it_is, places)
{
    begin(BLOCK, true);
    memset(bench.fake.flash, 0xFF, FAKE_FLASH_SIZE);
    memset(bench.blobs[0].bytes + 3 * SECTOR, 0xFF, SECTOR);
    bench.blobs[0].bytes[3 * SECTOR + *row] = 0x7F;
    run(ESP_LOADER_IMAGE_VERIFIED);
    assert_int_equal(bench.fake.starts, 1);
    assert_int_equal(bench.reports[0].bytes_sent, BLOCK);
}

TEST(blank_flash_behind_used_flash_is_not_erased)
{
    begin(2 * BLOCK, true);
    put_image();
    spoil(15);
    memset(bench.fake.flash + OFFSET + BLOCK, 0xFF, BLOCK);
    run(ESP_LOADER_IMAGE_VERIFIED);
    assert_int_equal(bench.fake.starts, 2);
    assert_int_equal(bench.reports[0].sectors_erased, 1);
    assert_int_equal(bench.reports[0].bytes_sent, SECTOR + BLOCK);
}

/* ---- going on ---- */

TEST(after_a_lost_connection_only_the_missing_end_is_written)
{
    begin(2 * BLOCK, true);
    bench.fake.fail_write = 6; /* of 16 KiB */
    bench.fake.error = bench.fake.cause = ESP_LOADER_ERROR_DISCONNECTED;
    assert_int_equal(bench_run(), ESP_LOADER_ERROR_DISCONNECTED);
    bench.fake.fail_write = 0;
    run(ESP_LOADER_IMAGE_VERIFIED);
    assert_true(bench.reports[0].bytes_sent <= BLOCK);
}

TEST(after_a_lost_block_what_was_written_stays)
{
    for (int rewrite = 0; rewrite < 2; rewrite++) {
        begin(2 * BLOCK, true);
        bench.options.rewrite_equal = rewrite != 0;
        bench.fake.fail_write = 6;
        bench.fake.error = bench.fake.cause = ESP_LOADER_ERROR_TIMEOUT;
        run(ESP_LOADER_IMAGE_VERIFIED);
        assert_int_equal(bench.reports[0].bytes_sent, 2 * BLOCK);
    }
}

TEST(a_plan_that_gets_nearer_each_time_goes_on)
{
    begin(3 * BLOCK, true);
    memcpy(bench.fake.flash + OFFSET, bench.blobs[0].bytes, BLOCK);
    bench.fake.fail_write = 2;
    bench.fake.fail_write_again = 4;
    bench.fake.error = bench.fake.cause = ESP_LOADER_ERROR_TIMEOUT;
    run(ESP_LOADER_IMAGE_VERIFIED);
    assert_int_equal(bench.fake.starts, 3);
}

/* ---- reading ahead ---- */

static unsigned ahead; /* reads while a block is on its way */

static esp_loader_error_t watched_read(void *ctx, uint32_t offset, void *buf, size_t size)
{
    const blob_t *blob = ctx;

    ahead += bench.fake.is_on_the_way;
    memcpy(buf, blob->bytes + offset, size);
    return ESP_LOADER_SUCCESS;
}

static unsigned reads_ahead(size_t buffer_size)
{
    begin(BLOCK, true);
    bench.images[0].source.read = watched_read;
    ahead = 0;
    bench.options.buffer_size = buffer_size;
    bench.options.rewrite_equal = true;
    run(ESP_LOADER_IMAGE_VERIFIED);
    return ahead;
}

TEST(the_next_block_is_read_while_the_target_works_on_the_one_before)
{
    assert_int_equal(reads_ahead(32768), BLOCK / 16384 - 1);
    assert_int_equal(reads_ahead(32767), 0);
    assert_int_equal(reads_ahead(16384), 0);
    assert_int_equal(reads_ahead(2048), 0); /* the largest block has precedence */
}

static esp_loader_error_t read_until_start(void *ctx, uint32_t offset, void *buf, size_t size)
{
    const blob_t *blob = ctx;

    memcpy(buf, blob->bytes + offset, size);
    return bench.fake.starts == 0 ? ESP_LOADER_SUCCESS : ESP_LOADER_ERROR_IO;
}

/* The target's failure is the one that is reported. */
TEST(of_an_image_that_the_target_refuses_nothing_more_is_read)
{
    begin(BLOCK, true);
    bench.images[0].source.read = read_until_start;
    bench.fake.fail_start = 1;
    bench.fake.error = bench.fake.cause = ESP_LOADER_ERROR_DISCONNECTED;
    assert_int_equal(bench_run(), ESP_LOADER_ERROR_DISCONNECTED);
}

/* A reply that nobody waited for must not answer the next command. */
TEST(an_error_of_read_while_a_block_is_on_its_way_is_clean)
{
    bool has_abandoned = false;

    for (unsigned n = 1; n < 40; n++) {
        begin(BLOCK, true);
        bench.blobs[0].fail_at = n;
        bench.blobs[0].result = ESP_LOADER_ERROR_IO;
        esp_loader_error_t err = bench_run();
        if (err != ESP_LOADER_SUCCESS) {
            assert_int_equal(err, ESP_LOADER_ERROR_SOURCE);
            assert_true(!bench.fake.is_on_the_way || bench.fake.loader._is.needs_resync);
            has_abandoned = has_abandoned || bench.fake.is_on_the_way;
        }
    }
    assert_true(has_abandoned);
}

/* The image is read to be compared, to be looked at for what is empty, and to be sent. Whichever read fails:
 * no other than a run that did not come to it succeeds. */
TEST(no_read_that_fails_is_got_over)
{
    for (int rewrite = 0; rewrite < 2; rewrite++) {
        esp_loader_error_t err;
        unsigned n = 0;
        do {
            begin(2 * BLOCK, true);
            put_image();
            spoil(3);
            spoil(12);
            memset(bench.blobs[0].bytes + BLOCK / 2, 0xFF, BLOCK);
            bench.options.rewrite_equal = rewrite != 0;
            bench.blobs[0].fail_at = ++n;
            bench.blobs[0].result = ESP_LOADER_ERROR_IO;
            err = bench_run();
            if (err == ESP_LOADER_SUCCESS) {
                assert_true(bench.blobs[0].reads < n);
                assert_in_flash(0);
            } else {
                assert_int_equal(err, ESP_LOADER_ERROR_SOURCE);
            }
        } while (err != ESP_LOADER_SUCCESS);
        assert_true(n > 32); /* a read for each sector, at least */
    }
}

/* A link of unknown kind may be slow, but not every one is a UART: one that has no rate is asked as a fast one. */
TEST(what_is_asked_depends_on_the_rate_and_not_on_the_kind_of_a_link_that_has_one)
{
    static const struct {
        esp_loader_link_t kind;
        uint32_t rate_baud;
    } links[] = {{ESP_LOADER_LINK_UART, 1200},
                 {ESP_LOADER_LINK_UNKNOWN, 1200},
                 {ESP_LOADER_LINK_USB_SERIAL_JTAG, 0},
                 {ESP_LOADER_LINK_UNKNOWN, 0}};
    unsigned md5s[4];
    for (size_t i = 0; i < 4; i++) {
        begin(8 * BLOCK, true);
        bench.fake.link = links[i].kind;
        bench.fake.loader._rate_baud = links[i].rate_baud;
        run(ESP_LOADER_IMAGE_VERIFIED);
        md5s[i] = bench.fake.md5s;
    }
    assert_int_equal(md5s[0], md5s[1]);
    assert_int_equal(md5s[2], md5s[3]);
    assert_int_not_equal(md5s[0], md5s[2]);
}
