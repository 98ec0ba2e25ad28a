/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Plans on a flash that is smaller than its id, or whoever stated its size, says. What is written beyond its
 * end destroys what is at its start. It is found before anything is erased, or, where the flash is blank
 * before, after it was written; and a sound flash is not suspected.
 */
#include <stdio.h>
#include <string.h>

#include "plan.h"
#include "test.h"

#define MIB        (1u << 20)
#define ID_OF_8_MB 0x1740EFu
#define UNKNOWN_ID 0x4A25BFu

enum { ROM, STUB, LOADER_COUNT };

/* The usual three images, and one at @p offset. */
static void begin(plan_t *plan, uint32_t flash_size, uint32_t id, uint32_t offset)
{
    plan_begin(plan);
    plan->bench.config.accepts_any_stub = true;
    plan->bench.config.flash_size = flash_size;
    plan->bench.config.flash_jedec_id = id;
    plan_add(plan, offset, make_blob(9000, 0x42))->is_raw = true;
}

/* false: this build has no stub. */
static bool connects(plan_t *plan, int loader)
{
    bench_open(&plan->bench);
    esp_loader_error_t err = loader == STUB ? esp_loader_connect_with_stub(&plan->bench.loader, NULL)
                                            : esp_loader_connect(&plan->bench.loader, NULL);
    if (loader == STUB && err == ESP_LOADER_ERROR_UNSUPPORTED_FUNC) {
        plan_end(plan);
        return false;
    }
    assert_int_equal(err, ESP_LOADER_SUCCESS);
    return true;
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

TEST(a_counterfeit_flash_is_found_before_anything_is_erased)
{
    static const uint32_t sizes[] = {MIB, 2 * MIB, 4 * MIB};

    for (size_t i = 0; i < 2 * sizeof(sizes) / sizeof(sizes[0]); i++) {
        plan_t plan;

        begin(&plan, sizes[i / 2], ID_OF_8_MB, 6 * MIB);
        if (connects(&plan, i % 2)) {
            fill(&plan);
            assert_wraps(&plan, ESP_LOADER_STAGE_CHECK, sizes[i / 2]);
            assert_nothing_erased(&plan, 0);
            plan_end(&plan);
        }
    }
}

/* A blank flash does not tell before it is written. */
TEST(a_counterfeit_flash_that_was_blank_is_found_when_it_is_written)
{
    for (int loader = 0; loader < LOADER_COUNT; loader++) {
        plan_t plan;

        begin(&plan, 4 * MIB, ID_OF_8_MB, 6 * MIB);
        if (connects(&plan, loader)) {
            assert_wraps(&plan, ESP_LOADER_STAGE_VERIFY, 4 * MIB);
            assert_results(&plan, ESP_LOADER_IMAGE_VERIFIED, ESP_LOADER_IMAGE_VERIFIED,
                           ESP_LOADER_IMAGE_VERIFIED);
            uint64_t erased = esp_sim_stats(plan.bench.sim)->sectors_erased;
            assert_wraps(&plan, ESP_LOADER_STAGE_CHECK, 4 * MIB); /* the next run knows it at once */
            assert_nothing_erased(&plan, erased);
            plan_end(&plan);
        }
    }
}

/* The start of the image is where the bootloader is; the latter is missing at the last look, and so on. In
 * the lower half of what the id tells nothing is looked for before. */
TEST(a_digest_that_fails_because_of_it_says_so)
{
    static const struct {
        uint32_t size;
        uint32_t offset;
        bool is_blank;
    } cases[] = {{4 * MIB, 4 * MIB, true}, {MIB, MIB, true}, {MIB, MIB, false}, {MIB, 3 * MIB, false}};

    for (size_t i = 0; i < 2 * sizeof(cases) / sizeof(cases[0]); i++) {
        plan_t plan;

        begin(&plan, cases[i / 2].size, ID_OF_8_MB, cases[i / 2].offset);
        if (connects(&plan, i % 2)) {
            if (!cases[i / 2].is_blank) {
                fill(&plan);
            }
            assert_wraps(&plan, ESP_LOADER_STAGE_VERIFY, cases[i / 2].size);
            plan_end(&plan);
        }
    }
}

TEST(a_stated_size_that_is_too_large_is_found_wherever_the_images_are)
{
    for (int loader = 0; loader < LOADER_COUNT; loader++) {
        plan_t plan;

        begin(&plan, 2 * MIB, UNKNOWN_ID, 3 * MIB);
        if (connects(&plan, loader)) {
            fill(&plan);
            assert_int_equal(esp_loader_flash_set_size(&plan.bench.loader, 16 * MIB), ESP_LOADER_SUCCESS);
            assert_wraps(&plan, ESP_LOADER_STAGE_CHECK, 2 * MIB);
            assert_nothing_erased(&plan, 0);
            plan_end_ignoring_misuse(&plan); /* it was told more than there is */
        }
    }
}

TEST(without_a_size_nothing_is_erased)
{
    for (int loader = 0; loader < LOADER_COUNT; loader++) {
        plan_t plan;

        begin(&plan, 8 * MIB, UNKNOWN_ID, 6 * MIB);
        if (connects(&plan, loader)) {
            assert_int_not_equal(plan_run(&plan), ESP_LOADER_SUCCESS);
            assert_int_equal(bench_cause(&plan.bench), ESP_LOADER_ERROR_FLASH_SIZE);
            assert_int_equal(esp_loader_error_detail(&plan.bench.loader)->value, UNKNOWN_ID);
            assert_int_equal(esp_sim_stats(plan.bench.sim)->sectors_erased, 0);
            assert_int_equal(esp_loader_flash_set_size(&plan.bench.loader, 8 * MIB), ESP_LOADER_SUCCESS);
            assert_int_equal(plan_run(&plan), ESP_LOADER_SUCCESS);
            assert_flashed(&plan, EXTRA);
            assert_boots(&plan);
            plan_end(&plan);
        }
    }
}

TEST(a_sound_flash_is_not_suspected)
{
    for (int i = 0; i < 4 * LOADER_COUNT; i++) {
        plan_t plan;

        begin(&plan, 8 * MIB, i % 2 == 0 ? ID_OF_8_MB : UNKNOWN_ID, 6 * MIB);
        if (connects(&plan, i / 4)) {
            if (i / 2 % 2 == 0) {
                fill(&plan);
            }
            assert_int_equal(esp_loader_flash_set_size(&plan.bench.loader, i % 2 == 0 ? 0 : 8 * MIB),
                             ESP_LOADER_SUCCESS);
            assert_int_equal(plan_run(&plan), ESP_LOADER_SUCCESS);
            assert_flashed(&plan, BOOTLOADER);
            assert_flashed(&plan, EXTRA);
            assert_int_equal(plan_run(&plan), ESP_LOADER_SUCCESS);
            assert_int_equal(plan.reports[EXTRA].result, ESP_LOADER_IMAGE_EQUAL);
            plan_end(&plan);
        }
    }
}

/* A flash that holds nothing but such data does not tell, not even afterwards. */
TEST(where_it_cannot_be_told_nothing_is_claimed)
{
    plan_t plan;

    begin(&plan, 4 * MIB, ID_OF_8_MB, 6 * MIB);
    plan.images[0] = plan.images[EXTRA];
    plan.count = 1;
    plan_connect(&plan);
    assert_int_equal(plan_run(&plan), ESP_LOADER_SUCCESS);
    assert_int_equal(plan.reports[0].result, ESP_LOADER_IMAGE_VERIFIED);
    plan.count = EXTRA + 1;
    plan_end(&plan);
}

TEST(another_failure_stays_what_it_is)
{
    plan_t plan;

    begin(&plan, 8 * MIB, ID_OF_8_MB, 6 * MIB);
    plan_connect(&plan);
    bench_faults(&plan.bench, "flash stuck 0x11000 bit 3 at 0");
    assert_int_not_equal(plan_run(&plan), ESP_LOADER_SUCCESS);
    assert_int_not_equal(bench_cause(&plan.bench), ESP_LOADER_ERROR_FLASH_WRAPS);
    assert_int_equal(esp_loader_error_detail(&plan.bench.loader)->image, APP);
    plan_end(&plan);

    begin(&plan, 8 * MIB, ID_OF_8_MB, 6 * MIB);
    plan_connect(&plan);
    fill(&plan);
    bench_faults(&plan.bench, "flash protected");
    assert_int_not_equal(plan_run(&plan), ESP_LOADER_SUCCESS);
    assert_int_not_equal(bench_cause(&plan.bench), ESP_LOADER_ERROR_FLASH_WRAPS);
    assert_int_equal(esp_loader_error_detail(&plan.bench.loader)->image, BOOTLOADER);
    plan_end(&plan);
}

/* Nothing is believed of a question that was not answered. */
TEST(a_question_that_fails_ends_the_plan)
{
    for (unsigned nth = 1; nth <= 2; nth++) {
        char script[80];
        plan_t plan;

        begin(&plan, 8 * MIB, ID_OF_8_MB, 6 * MIB);
        plan_connect(&plan);
        fill(&plan);
        snprintf(script, sizeof(script), "from command %u of 0x13: error 0x05", nth);
        bench_faults(&plan.bench, script);
        assert_int_not_equal(plan_run(&plan), ESP_LOADER_SUCCESS);
        assert_int_equal(bench_cause(&plan.bench), ESP_LOADER_ERROR_TARGET_STATUS);
        assert_nothing_erased(&plan, 0);
        plan_end(&plan);
    }
}
