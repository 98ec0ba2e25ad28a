/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the library refuses because of the content of files, esp-sim's boot check, another reading of the same
 * rules, does not start: written all the same, as raw images, it ends without an app. What is accepted
 * starts.
 */
#include <string.h>

#include "plan.h"

static blob_t image_without_digest(bool is_app)
{
    image_spec_t spec = plain_image;

    spec.has_digest = false;
    spec.is_app = is_app;
    spec.segment_size = 1000;
    return make_image(&spec);
}

static void leave(plan_t *plan)
{
    (void)plan;
}

static void move_bootloader(plan_t *plan)
{
    plan->images[BOOTLOADER].offset = 0x1000;
}

static void put_mapped_image_in_place_of_bootloader(plan_t *plan)
{
    blob_t blob = image_without_digest(true);

    put_u32(blob.bytes + 24, 0x3C000020);
    plan_replace(plan, BOOTLOADER, blob);
}

static void put_data_in_place_of_table(plan_t *plan)
{
    plan_replace(plan, TABLE, make_blob(0xC00, 0x12));
}

static void put_text_in_place_of_table(plan_t *plan)
{
    blob_t blob = make_blob(64, '\n');

    memcpy(blob.bytes, "# ESP-IDF Partition Table\n", 26);
    plan_replace(plan, TABLE, blob);
}

static void state_less_flash_than_the_table_needs(plan_t *plan)
{
    static const entry_t entries[] = {{0, 0, 0x10000, 0x10000, "factory"}, {1, 0x82, 0x100000, 0x1000, "fs"}};

    plan_replace(plan, TABLE, make_table(entries, 2)); /* the header says 1 MB */
}

static void state_more_flash_than_there_is(plan_t *plan)
{
    blob_t blob = image_without_digest(false);

    blob.bytes[3] = 0x4F;
    plan_replace(plan, BOOTLOADER, blob);
}

static void cut_app(plan_t *plan)
{
    blob_t blob = image_without_digest(true);

    resize_blob(&blob, 600);
    plan_replace(plan, APP, blob);
}

static void put_elf_in_place_of_app(plan_t *plan)
{
    blob_t blob = make_blob(600, 0);

    memcpy(blob.bytes,
           "\x7F"
           "ELF",
           4);
    plan_replace(plan, APP, blob);
}

static void put_second_table_inside_a_partition(plan_t *plan)
{
    static const entry_t entries[] = {{1, 2, 0x9000, 0x1000, "other"}};

    plan_add(plan, 0x9000, make_table(entries, 1));
}

static const struct {
    void (*spoil)(plan_t *plan);
    bool is_accepted;
} spoiled_contents[] = {
    {leave, true},
    {put_second_table_inside_a_partition, true},
    {move_bootloader, false},
    {put_mapped_image_in_place_of_bootloader, false},
    {put_data_in_place_of_table, false},
    {put_text_in_place_of_table, false},
    {state_less_flash_than_the_table_needs, false},
    {state_more_flash_than_there_is, false},
    {cut_app, false},
    {put_elf_in_place_of_app, false},
};

TEST_PLAN_EACH(what_is_refused_does_not_start_and_what_is_accepted_does, COUNT(spoiled_contents))
{
    spoiled_contents[i].spoil(plan);
    plan_connect(plan);
    esp_loader_error_t err = plan_run(plan);
    if (spoiled_contents[i].is_accepted) {
        assert_success(err);
        assert_boots(plan);
    } else {
        assert_int_not_equal(err, ESP_LOADER_SUCCESS);
        assert_int_equal(esp_sim_stats(plan->bench.sim)->bytes_programmed, 0);
        for (size_t k = 0; k < plan->count; k++) {
            plan->images[k].is_raw = true;
        }
        assert_success(plan_run(plan));
        esp_sim_reset_button(plan->bench.sim, false);
        bench_wait_us(&plan->bench, 5000000);
        if (esp_sim_state(plan->bench.sim) == ESP_SIM_STATE_APP) {
            fail_msg("case %u starts", (unsigned)i);
        }
    }
}
