/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * examples/coprocessor while the power stays on: what is written, and what is refused before anything is.
 */
#include "rig.h"

#include <string.h>

enum { READ_STEP = 7 }; /* all of them take 5 s */

typedef void (*rig_case_t)(rig_t *rig);

static void on_each(size_t count, rig_case_t run)
{
    for (size_t i = 0; i < count; i++) {
        rig_t rig;
        test_begin_row(rig_kinds[i].name, i);
        rig_begin(&rig, &rig_kinds[i]);
        run(&rig);
        rig_end(&rig);
    }
    test_begin_row(NULL, 0);
}

/* A case with a host and its co-processor; over each of the links. */
#define RIG_TEST_ON(count, name)                                                                             \
    static void name##_on(rig_t *rig);                                                                       \
    TEST_WITH(name, NULL, test_report_row)                                                                   \
    {                                                                                                        \
        on_each(count, name##_on);                                                                           \
    }                                                                                                        \
    static void name##_on(rig_t *rig)
#define RIG_TEST(name)  RIG_TEST_ON(1, name)
#define LINK_TEST(name) RIG_TEST_ON(rig_kind_count, name)

static void assert_refused(rig_t *rig, coprocessor_reason_t reason, esp_loader_error_t error)
{
    const uint64_t before = rig_flash_operations(rig);

    assert_int_equal(rig_start(rig), COPROCESSOR_UNCHANGED);
    assert_int_equal(rig->update.reason, reason);
    assert_int_equal(rig->update.error, error);
    assert_int_equal(rig_flash_operations(rig), before);
}

LINK_TEST(old_firmware_is_updated_and_started)
{
    assert_string_equal(rig_running(rig), RIG_OLD);
    assert_int_equal(rig_start(rig), COPROCESSOR_UPDATED);
    assert_true(rig->update.sectors_erased > 0);
    esp_sim_run_until(rig->bench.sim, esp_sim_now_us(rig->bench.sim) + 2000000);
    assert_int_equal(esp_sim_state(rig->bench.sim), ESP_SIM_STATE_APP);
    assert_string_equal(rig_running(rig), RIG_VERSION);
}

LINK_TEST(with_the_mark_nothing_is_asked_but_the_version)
{
    assert_int_equal(rig_start(rig), COPROCESSOR_UPDATED);
    const uint64_t before = rig_flash_operations(rig);
    const uint64_t commands = esp_sim_stats(rig->bench.sim)->commands;
    assert_int_equal(rig_start(rig), COPROCESSOR_UP_TO_DATE);
    assert_int_equal(esp_sim_stats(rig->bench.sim)->commands, commands);
    assert_int_equal(rig->bytes_read, 0);
    assert_int_equal(rig_flash_operations(rig), before);
}

LINK_TEST(without_a_mark_the_flash_is_asked_and_no_image_is_read)
{
    rig->host.load_mark = NULL;
    assert_int_equal(rig_start(rig), COPROCESSOR_UPDATED);
    const uint64_t before = rig_flash_operations(rig);
    assert_int_equal(rig_start(rig), COPROCESSOR_UP_TO_DATE);
    assert_int_equal(rig->bytes_read, 0);
    assert_int_equal(rig->update.sectors_erased, 0);
    assert_int_equal(rig_flash_operations(rig), before);
    assert_string_equal(rig_running(rig), RIG_VERSION);
}

LINK_TEST(dead_firmware_is_brought_back_through_the_rom)
{
    memset(esp_sim_flash(rig->bench.sim), 0, 0x40000);
    assert_string_equal(rig_running(rig), "");
    assert_int_equal(rig_start(rig), COPROCESSOR_UPDATED);
    assert_string_equal(rig_running(rig), RIG_VERSION);
}

LINK_TEST(a_host_that_asks_nothing_and_keeps_nothing_updates_too)
{
    rig->host = (coprocessor_host_t){.read = rig->host.read, .ctx = rig};
    assert_int_equal(rig_start(rig), COPROCESSOR_UPDATED);
    assert_int_equal(rig_start(rig), COPROCESSOR_UP_TO_DATE);
}

/* Somebody else has flashed it, and left the version as it was. */
LINK_TEST(what_was_flashed_behind_the_hosts_back_is_found_without_the_mark)
{
    assert_int_equal(rig_start(rig), COPROCESSOR_UPDATED);
    esp_sim_flash(rig->bench.sim)[OTA_0 + 5000] ^= 1;
    rig->mark[3] ^= 1;
    assert_int_equal(rig_start(rig), COPROCESSOR_UPDATED);
}

LINK_TEST(only_what_differs_is_written)
{
    assert_int_equal(rig_start(rig), COPROCESSOR_UPDATED);
    esp_sim_flash(rig->bench.sim)[OTA_0 + 5000] ^= 1;
    memset(rig->mark, 0, sizeof(rig->mark));
    assert_int_equal(rig_start(rig), COPROCESSOR_UPDATED);
    assert_in_range(rig->update.sectors_erased, 1, 3);
}

/* What a server has to send: docs of the example say how often each byte is read. */
LINK_TEST(an_image_is_read_six_times_at_most)
{
    uint64_t size = 0;

    for (size_t i = 0; i < RIG_IMAGES; i++) {
        size += rig->blobs[i].size;
    }
    assert_int_equal(rig_start(rig), COPROCESSOR_UPDATED);
    assert_in_range(rig->bytes_read, size, 6 * size);
}

/* Blank flash is written without an erase: what the first block has left is not in the plan's report. */
LINK_TEST(a_first_block_that_is_lost_leaves_it_incomplete)
{
    memset(esp_sim_flash(rig->bench.sim), 0xFF, 0x40000);
    rig->bench.expects_misuse = true;
    bench_faults(&rig->bench, "at flash 1: disconnect 100ms");
    assert_int_equal(rig_start(rig), COPROCESSOR_INCOMPLETE);
    assert_int_equal(rig_start(rig), COPROCESSOR_UPDATED);
}

RIG_TEST(another_chip_than_the_manifests_is_refused)
{
    rig->manifest.chip = ESP32C3_CHIP;
    assert_refused(rig, COPROCESSOR_CHIP, ESP_LOADER_ERROR_INVALID_TARGET);
    assert_string_equal(rig_running(rig), RIG_OLD);
}

RIG_TEST(an_image_of_another_chip_is_refused)
{
    rig->blobs[APP].bytes[12] = 5;
    rig_name_digests(rig);
    assert_refused(rig, COPROCESSOR_CHIP, ESP_LOADER_ERROR_IMAGE_CHIP);
    assert_int_equal(rig->update.image, APP);
}

RIG_TEST(an_older_chip_than_the_manifest_permits_is_refused)
{
    rig->manifest.min_revision = 9900;
    assert_refused(rig, COPROCESSOR_REVISION, ESP_LOADER_ERROR_IMAGE_REVISION);
    rig->manifest.min_revision = 1;
    assert_int_equal(rig_start(rig), COPROCESSOR_UPDATED);
}

RIG_TEST(a_downgrade_is_refused_unless_allowed)
{
    free_blob(&rig->blobs[APP]);
    rig->blobs[APP] = rig_make_app(rig, "v2.0.8", 11);
    rig_name_digests(rig);
    rig->manifest.version = "v2.0.8";
    assert_refused(rig, COPROCESSOR_DOWNGRADE, ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(rig->bytes_read, 0);
    rig->allows_downgrade = true;
    assert_int_equal(rig_start(rig), COPROCESSOR_UPDATED);
    assert_string_equal(rig_running(rig), "v2.0.8");
}

/* What does not run cannot be too new: the way back is never closed. */
RIG_TEST(dead_firmware_is_no_downgrade)
{
    free_blob(&rig->blobs[APP]);
    rig->blobs[APP] = rig_make_app(rig, "v0.1", 11);
    rig_name_digests(rig);
    rig->manifest.version = "v0.1";
    esp_sim_flash(rig->bench.sim)[OTA_0] = 0;
    assert_int_equal(rig_start(rig), COPROCESSOR_UPDATED);
}

LINK_TEST(wrong_bytes_anywhere_in_the_source_are_refused)
{
    for (size_t i = 0; i < RIG_IMAGES; i++) {
        rig->blobs[i].bytes[rig->blobs[i].size - 1] ^= 0x10;
        assert_refused(rig, COPROCESSOR_DIGEST, ESP_LOADER_ERROR_INVALID_MD5);
        assert_int_equal(rig->update.image, i);
        assert_string_equal(rig_running(rig), RIG_OLD); /* and it goes on */
        rig->blobs[i].bytes[rig->blobs[i].size - 1] ^= 0x10;
    }
}

/* The digest is that of the manifest, and the image is none. */
RIG_TEST(an_image_that_could_not_start_is_refused)
{
    rig->blobs[APP].bytes[rig->blobs[APP].size - 1] ^= 0x10;
    rig_name_digests(rig);
    assert_refused(rig, COPROCESSOR_PLAN, ESP_LOADER_ERROR_IMAGE_CHECKSUM);
    assert_int_equal(rig->update.image, APP);
    assert_string_equal(rig_running(rig), RIG_OLD);
}

/* At each read: before the first erase nothing has happened, after it the next start completes. */
LINK_TEST(a_source_that_ends_early_is_told_and_completed_later)
{
    unsigned unchanged = 0, incomplete = 0;

    for (unsigned at = 1;; at += READ_STEP * (unsigned)test_row_step()) {
        rig_put_old(rig);
        memset(rig->mark, 0xFF, sizeof(rig->mark));
        const uint64_t before = rig_flash_operations(rig);
        rig->end_source_at = at;
        const coprocessor_result_t result = rig_start(rig);
        if (result == COPROCESSOR_UPDATED) {
            break;
        }
        assert_true(rig->update.reason == COPROCESSOR_SOURCE ||
                    (rig->update.reason == COPROCESSOR_PLAN && rig->update.error == ESP_LOADER_ERROR_SOURCE));
        if (result == COPROCESSOR_UNCHANGED) {
            unchanged++;
            assert_int_equal(rig_flash_operations(rig), before);
            assert_string_equal(rig_running(rig), RIG_OLD);
        } else {
            incomplete++;
            assert_int_equal(result, COPROCESSOR_INCOMPLETE);
        }
        rig->end_source_at = 0;
        assert_in_range(rig_start(rig), COPROCESSOR_UP_TO_DATE, COPROCESSOR_UPDATED);
    }
    assert_true(unchanged > 10);
    assert_true(incomplete > 0);
}

LINK_TEST(a_source_that_changes_while_it_is_flashed_is_told_and_completed_later)
{
    rig->source_changes = true;
    assert_int_equal(rig_start(rig), COPROCESSOR_INCOMPLETE);
    assert_int_equal(rig->update.error, ESP_LOADER_ERROR_SOURCE);
    rig->source_changes = false;
    assert_int_equal(rig_start(rig), COPROCESSOR_UPDATED);
    assert_int_equal(rig_start(rig), COPROCESSOR_UP_TO_DATE);
}

/* Somebody else has flashed the older firmware. */
RIG_TEST(the_mark_alone_does_not_say_what_runs)
{
    assert_int_equal(rig_start(rig), COPROCESSOR_UPDATED);
    rig_put_old(rig);
    assert_int_equal(rig_start(rig), COPROCESSOR_UPDATED);
}

RIG_TEST(a_mark_that_can_only_be_read_is_none)
{
    assert_int_equal(rig_start(rig), COPROCESSOR_UPDATED);
    esp_sim_flash(rig->bench.sim)[OTA_0 + 5000] ^= 1;
    rig->host.store_mark = NULL;
    assert_int_equal(rig_start(rig), COPROCESSOR_UPDATED);
}

static esp_loader_error_t store_nothing(void *ctx, const uint8_t mark[COPROCESSOR_MARK_SIZE])
{
    (void)ctx;
    (void)mark;
    return ESP_LOADER_ERROR_IO;
}

RIG_TEST(a_mark_that_cannot_be_stored_stops_it_before_the_erase)
{
    rig->host.store_mark = store_nothing;
    assert_refused(rig, COPROCESSOR_MARK, ESP_LOADER_ERROR_IO);
    assert_string_equal(rig_running(rig), RIG_OLD);
}

RIG_TEST(what_cannot_be_worked_with_is_refused_before_anything_is_sent)
{
    coprocessor_image_t many[COPROCESSOR_IMAGES_MAX + 1];
    const coprocessor_manifest_t manifest = rig->manifest;
    const coprocessor_host_t host = rig->host;
    const uint64_t commands = esp_sim_stats(rig->bench.sim)->commands;

    memset(many, 0, sizeof(many));
    for (unsigned i = 0; i < 9; i++) {
        rig->manifest = manifest;
        rig->host = host;
        switch (i) {
        case 0:
            rig->manifest.image_count = 0;
            break;
        case 1:
            rig->manifest.images = many;
            rig->manifest.image_count = COUNT(many);
            break;
        case 2:
            rig->manifest.version = NULL;
            break;
        case 3:
            rig->manifest.version = "a version of more than 32 characters";
            break;
        case 4:
            rig->host.read = NULL;
            break;
        case 5:
            rig->manifest.images = NULL;
            break;
        case 6: /* an image of no bytes */
            rig->manifest.images = many;
            rig->manifest.image_count = 1;
            break;
        case 7: /* one that ends beyond 32 bits */
            many[0].offset = 0xFFFFF000;
            many[0].size = 0x2000;
            rig->manifest.images = many;
            rig->manifest.image_count = 1;
            break;
        default:
            rig->host.update_itself = rig_update_itself; /* which needs the mark */
            rig->host.load_mark = NULL;
            break;
        }
        assert_refused(rig, COPROCESSOR_BAD_ARGUMENT, ESP_LOADER_ERROR_INVALID_PARAM);
    }
    assert_int_equal(esp_sim_stats(rig->bench.sim)->commands, commands);
}

RIG_TEST(an_absent_coprocessor_is_told)
{
    esp_sim_unplug(rig->bench.sim);
    rig->bench.port.base.ops.init = NULL;
    rig->host.ask_version = NULL;
    assert_int_equal(rig_start(rig), COPROCESSOR_UNCHANGED);
    assert_int_equal(rig->update.reason, COPROCESSOR_LINK);
}

/* Download mode is nothing to leave a co-processor in, whichever command is the first without an answer. */
LINK_TEST(a_connection_that_fails_leaves_the_firmware_running)
{
    rig->bench.expects_misuse = true;
    for (unsigned at = 1; at <= 13; at += 4) {
        bench_faults_at(&rig->bench, "from command %u: drop", at);
        assert_refused(rig, COPROCESSOR_LINK, ESP_LOADER_ERROR_TIMEOUT);
        esp_sim_run_until(rig->bench.sim, esp_sim_now_us(rig->bench.sim) + 2000000);
        assert_int_equal(esp_sim_state(rig->bench.sim), ESP_SIM_STATE_APP);
    }
}

/* ---- the co-processor's own update ---- */

LINK_TEST(what_runs_updates_itself_and_the_loader_is_left_alone)
{
    const uint64_t commands = esp_sim_stats(rig->bench.sim)->commands;

    rig->host.update_itself = rig_update_itself;
    assert_int_equal(rig_start(rig), COPROCESSOR_UPDATED_ITSELF);
    assert_string_equal(rig_running(rig), RIG_VERSION);
    assert_int_equal(rig_start(rig), COPROCESSOR_UP_TO_DATE);
    assert_int_equal(rig->self_tries, 1);
    assert_int_equal(esp_sim_stats(rig->bench.sim)->commands, commands);
}

static esp_loader_error_t fail_to_update(void *ctx, const coprocessor_manifest_t *manifest)
{
    (void)manifest;
    ((rig_t *)ctx)->self_tries++;
    return ESP_LOADER_ERROR_TIMEOUT;
}

static esp_loader_error_t claim_to_update(void *ctx, const coprocessor_manifest_t *manifest)
{
    (void)fail_to_update(ctx, manifest);
    return ESP_LOADER_SUCCESS;
}

LINK_TEST(where_its_own_update_is_dead_the_rom_is_the_way)
{
    rig->host.update_itself = fail_to_update;
    assert_int_equal(rig_start(rig), COPROCESSOR_UPDATED);
    assert_int_equal(rig->self_tries, 1);
    assert_true(rig_is_right(rig));
}

RIG_TEST(an_update_that_only_claims_to_have_happened_is_not_believed)
{
    rig->host.update_itself = claim_to_update;
    assert_int_equal(rig_start(rig), COPROCESSOR_UPDATED);
    assert_true(rig_is_right(rig));
}

RIG_TEST(dead_firmware_is_not_asked_to_update_itself)
{
    rig->host.update_itself = claim_to_update;
    esp_sim_flash(rig->bench.sim)[OTA_0] = 0;
    assert_int_equal(rig_start(rig), COPROCESSOR_UPDATED);
    assert_int_equal(rig->self_tries, 0);
}

RIG_TEST(wrong_bytes_do_not_reach_its_own_update)
{
    rig->host.update_itself = rig_update_itself;
    rig->blobs[APP].bytes[100] ^= 1;
    assert_refused(rig, COPROCESSOR_DIGEST, ESP_LOADER_ERROR_INVALID_MD5);
    assert_int_equal(rig->self_tries, 0);
}

/* A manifest without boot data, for a co-processor whose own update has gone to the other slot before. */
LINK_TEST(images_that_are_right_and_do_not_run_are_not_up_to_date)
{
    rig->host.update_itself = rig_update_itself;
    assert_int_equal(rig_start(rig), COPROCESSOR_UPDATED_ITSELF);
    rig->host.update_itself = fail_to_update;
    free_blob(&rig->blobs[APP]);
    rig->blobs[APP] = rig_make_app(rig, "v2.0.11", 13);
    rig_name_digests(rig);
    rig->manifest.version = "v2.0.11";
    rig->manifest.image_count = 1;
    rig->manifest.images = &rig->images[APP];
    rig->first_image = APP;
    assert_int_equal(rig_start(rig), COPROCESSOR_INCOMPLETE);
    assert_int_equal(rig->update.reason, COPROCESSOR_OTHER_RUNS);
    assert_int_equal(rig_start(rig), COPROCESSOR_INCOMPLETE);
    rig->host.update_itself = NULL;
    assert_refused(rig, COPROCESSOR_OTHER_RUNS, ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_string_equal(rig_running(rig), RIG_VERSION);
    rig->manifest.image_count = RIG_IMAGES;
    rig->manifest.images = rig->images;
    rig->first_image = 0;
    assert_int_equal(rig_start(rig), COPROCESSOR_UPDATED);
    assert_string_equal(rig_running(rig), "v2.0.11");
}
