/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Plans on a flash that is smaller than its id, or whoever stated its size, says. What is written beyond its
 * end destroys what is at its start. It is found before anything is erased, or, where the flash is blank
 * before, after it was written; and a sound flash is not suspected.
 */

#include "plan.h"

#define MIB        (1u << 20)
#define ID_OF_8_MB 0x1740EFu
#define UNKNOWN_ID 0x4A25BFu

/* Adds an image at @p offset to the usual three. */
static void connect(plan_t *plan, uint32_t flash_size, uint32_t id, uint32_t offset)
{
    plan->bench.config.flash_size = flash_size;
    plan->bench.config.flash_jedec_id = id;
    plan_add(plan, offset, make_blob(9000, 0x42))->is_raw = true;
    plan_connect(plan);
}

static void fill(plan_t *plan)
{
    bench_fill(esp_sim_flash(plan->bench.sim), esp_sim_flash_size(plan->bench.sim), 3);
}

static void assert_wraps(plan_t *plan, esp_loader_stage_t stage, uint32_t size)
{
    const esp_loader_error_detail_t *detail = esp_loader_error_detail(&plan->bench.loader);

    assert_int_equal(plan_run(plan), ESP_LOADER_ERROR_FLASH_WRAPS);
    assert_int_equal(detail->cause, ESP_LOADER_ERROR_FLASH_WRAPS);
    assert_int_equal(detail->stage, stage);
    assert_int_equal(detail->value, size);
    assert_int_equal(detail->image, EXTRA);
    assert_int_equal(detail->address, plan->images[EXTRA].offset);
    assert_int_equal(plan->reports[EXTRA].result, ESP_LOADER_IMAGE_FAILED);
    assert_int_equal(plan->reports[EXTRA].error, ESP_LOADER_ERROR_FLASH_WRAPS);
}

static void assert_nothing_erased(const plan_t *plan, uint64_t erased_before)
{
    assert_int_equal(esp_sim_stats(plan->bench.sim)->sectors_erased, erased_before);
    for (size_t i = 0; i < plan->count; i++) {
        assert_int_equal(plan->reports[i].bytes_sent, 0);
        assert_int_equal(plan->reports[i].sectors_erased, 0);
    }
}

static const uint32_t real_sizes[] = {MIB, 2 * MIB, 4 * MIB};

TEST_LOADERS_EACH(a_counterfeit_flash_is_found_before_anything_is_erased, COUNT(real_sizes))
{
    connect(plan, real_sizes[i], ID_OF_8_MB, 6 * MIB);
    fill(plan);
    assert_wraps(plan, ESP_LOADER_STAGE_CHECK, real_sizes[i]);
    assert_nothing_erased(plan, 0);
}

/* A blank flash does not tell before it is written. */
TEST_LOADERS(a_counterfeit_flash_that_was_blank_is_found_when_it_is_written)
{
    connect(plan, 4 * MIB, ID_OF_8_MB, 6 * MIB);
    assert_wraps(plan, ESP_LOADER_STAGE_VERIFY, 4 * MIB);
    assert_results(plan, ESP_LOADER_IMAGE_VERIFIED, ESP_LOADER_IMAGE_VERIFIED, ESP_LOADER_IMAGE_VERIFIED);
    uint64_t erased = esp_sim_stats(plan->bench.sim)->sectors_erased;
    assert_wraps(plan, ESP_LOADER_STAGE_CHECK, 4 * MIB); /* the next run knows it at once */
    assert_nothing_erased(plan, erased);
}

static const struct {
    uint32_t size;
    uint32_t offset;
    bool is_blank;
} overwritten[] = {{4 * MIB, 4 * MIB, true}, {MIB, MIB, true}, {MIB, MIB, false}, {MIB, 3 * MIB, false}};

/* The start of the image is where the bootloader is; the latter is missing at the last look, and so on. In
 * the lower half of what the id tells nothing is looked for before. */
TEST_LOADERS_EACH(a_digest_that_fails_because_of_it_says_so, COUNT(overwritten))
{
    connect(plan, overwritten[i].size, ID_OF_8_MB, overwritten[i].offset);
    if (!overwritten[i].is_blank) {
        fill(plan);
    }
    assert_wraps(plan, ESP_LOADER_STAGE_VERIFY, overwritten[i].size);
}

TEST_LOADERS(a_stated_size_that_is_too_large_is_found_wherever_the_images_are)
{
    connect(plan, 2 * MIB, UNKNOWN_ID, 3 * MIB);
    fill(plan);
    assert_success(esp_loader_flash_set_size(&plan->bench.loader, 16 * MIB));
    assert_wraps(plan, ESP_LOADER_STAGE_CHECK, 2 * MIB);
    assert_nothing_erased(plan, 0);
    plan->bench.expects_misuse = true; /* it was told more than there is */
}

TEST_LOADERS(without_a_size_nothing_is_erased)
{
    connect(plan, 8 * MIB, UNKNOWN_ID, 6 * MIB);
    assert_int_not_equal(plan_run(plan), ESP_LOADER_SUCCESS);
    assert_int_equal(bench_cause(&plan->bench), ESP_LOADER_ERROR_FLASH_SIZE);
    assert_int_equal(esp_loader_error_detail(&plan->bench.loader)->value, UNKNOWN_ID);
    assert_int_equal(esp_sim_stats(plan->bench.sim)->sectors_erased, 0);
    assert_success(esp_loader_flash_set_size(&plan->bench.loader, 8 * MIB));
    assert_success(plan_run(plan));
    assert_flashed(plan, EXTRA);
    assert_boots(plan);
}

/* Filled or blank, its size known by its id or stated. */
TEST_LOADERS_EACH(a_sound_flash_is_not_suspected, 4u)
{
    const bool is_stated = i % 2 != 0;

    connect(plan, 8 * MIB, is_stated ? UNKNOWN_ID : ID_OF_8_MB, 6 * MIB);
    if (i / 2 == 0) {
        fill(plan);
    }
    assert_success(esp_loader_flash_set_size(&plan->bench.loader, is_stated ? 8 * MIB : 0));
    assert_success(plan_run(plan));
    assert_flashed(plan, BOOTLOADER);
    assert_flashed(plan, EXTRA);
    assert_success(plan_run(plan));
    assert_int_equal(plan->reports[EXTRA].result, ESP_LOADER_IMAGE_EQUAL);
}

/* A flash that holds nothing but such data does not tell, not even afterwards. */
TEST_PLAN(where_it_cannot_be_told_nothing_is_claimed)
{
    connect(plan, 4 * MIB, ID_OF_8_MB, 6 * MIB);
    plan->images[0] = plan->images[EXTRA];
    plan->count = 1;
    assert_success(plan_run(plan));
    assert_int_equal(plan->reports[0].result, ESP_LOADER_IMAGE_VERIFIED);
    plan->count = EXTRA + 1;
}

static const struct {
    const char *faults;
    int image; /* that fails */
} other_failures[] = {{"flash stuck 0x11000 bit 3 at 0", APP}, {"flash protected", BOOTLOADER}};

TEST_PLAN_EACH(another_failure_stays_what_it_is, COUNT(other_failures))
{
    connect(plan, 8 * MIB, ID_OF_8_MB, 6 * MIB);
    if (other_failures[i].image == BOOTLOADER) {
        fill(plan);
    }
    bench_faults(&plan->bench, other_failures[i].faults);
    assert_int_not_equal(plan_run(plan), ESP_LOADER_SUCCESS);
    assert_int_not_equal(bench_cause(&plan->bench), ESP_LOADER_ERROR_FLASH_WRAPS);
    assert_int_equal(esp_loader_error_detail(&plan->bench.loader)->image, other_failures[i].image);
}

/* Nothing is believed of a question that was not answered. */
TEST_PLAN_EACH(a_question_that_fails_ends_the_plan, 2u)
{
    connect(plan, 8 * MIB, ID_OF_8_MB, 6 * MIB);
    fill(plan);
    bench_faults_at(&plan->bench, "from command %u of 0x13: error 0x05", (unsigned)i + 1);
    assert_int_not_equal(plan_run(plan), ESP_LOADER_SUCCESS);
    assert_int_equal(bench_cause(&plan->bench), ESP_LOADER_ERROR_TARGET_STATUS);
    assert_nothing_erased(plan, 0);
}
