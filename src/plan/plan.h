/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the files of the plan share. run.c goes through the images; check_target.c checks them against the
 * target, together.c finds those that are flashed as one (places.c: what is where in that), compare.c finds out what differs, write.c writes it,
 * neighbour.c sees that nothing else is erased, cost.c chooses between ways of doing so. Checks without a target
 * are separate (check.h).
 */
#ifndef ELI_PLAN_H
#define ELI_PLAN_H

#include "esp_loader_plan.h"
#include "plan/check.h"
#include "plan/cost.h"
#include "session/core.h"
#include "session/flash.h"
#include "session/limits.h"
#include "session/security.h"

/** What must not change while an image is written. */
typedef struct {
    uint32_t offset;
    uint32_t size; /**< 0 = there is nothing that could be lost */
    uint8_t digest[ESP_LOADER_MD5_SIZE];
} eli_neighbour_t;

/** A run of a plan. */
typedef struct {
    esp_loader_t *loader;
    const esp_loader_image_t *images;
    size_t count;
    const esp_loader_plan_options_t *options;
    esp_loader_image_report_t *reports; /* may be NULL */
    esp_loader_image_report_t unread;   /* takes what is counted then */
    eli_check_t check;                  /* of the content; everything in it is checked without the target */

    uint32_t chip_revision;
    eli_protection_t protection;
    size_t
        erased_last; /* image for which something was erased last, or the first of those that were flashed as one;
                           `count` while there is none */
    uint32_t block_size;
    eli_cost_t cost;          /* comparing and writing */
    uint32_t measured_kib_us; /* of a link of unknown kind: what sending a KiB took; 0 = not measured */
    uint32_t rate_before;     /* of the session, 0 = as the port was opened */
    uint32_t expected_baud; /* rate that is to be looked for before much is written, at most; 0 = no other */
    uint32_t failures_at_rate; /* of the link, at the present rate */
    uint32_t blocks_at_rate;
    uint32_t resent_at_rate; /* blocks that were damaged the first time */

    size_t index; /* image that is being checked or flashed, or the first of those that are flashed as one */
    size_t together;                     /* number of these */
    uint32_t sectors_left;               /* to be written, as the last comparison found */
    uint32_t failed_left;                /* the same, when something went wrong last */
    uint8_t digest[ESP_LOADER_MD5_SIZE]; /* of the image, once is_writing */
    eli_neighbour_t neighbour;           /* of a stub, as before that erase */
    size_t shown;       /* image that the last event of WRITE was about; `count` while there is none */
    uint32_t shown_end; /* up to where it said that it is written */
    uint32_t lap_ms;    /* when time was counted last */
    /* of the run */
    bool is_size_open;     /* the flash may be smaller than it is taken for */
    bool has_small_blocks; /* a ROM gets what every ROM takes: something went wrong with more */
    bool has_raised_rate;
    bool has_taken_pieces; /* nothing has happened since that may have reset the target */
    /* of the image at hand */
    bool is_repeated; /* something went wrong on the way: it is compared and written once more */
    bool is_writing;  /* its first erase is over */
    const esp_loader_image_t *image; /* the image at hand, or `joined` */
    esp_loader_image_t joined;       /* images that are flashed as one: offset and size */
    esp_loader_image_patch_t patch;  /* of the bootloader in it */
} eli_plan_t;

/* Offsets count from the start of the image at hand, also where it is several that are flashed as one. */

/* ---- context.c ---- */

/** Records a failure that the plan finds itself. */
esp_loader_error_t eli_plan_fail(eli_plan_t *plan, esp_loader_error_t error, esp_loader_stage_t stage,
                                 uint32_t offset, uint32_t value);

/** Fails as a check of the content did, unless @p err is SUCCESS. */
esp_loader_error_t eli_plan_fail_as_checked(eli_plan_t *plan, esp_loader_error_t err);

/** Takes the image with this index as the image at hand, on its own. */
void eli_plan_select(eli_plan_t *plan, size_t index);

/** Report of the image with this index. */
esp_loader_image_report_t *eli_plan_report(eli_plan_t *plan, size_t index);

/** The time since it was counted last is that of the image with this index. */
void eli_plan_count_time(eli_plan_t *plan, size_t index);

/** Reports progress of the image with this index, if anybody listens: it is done as far as @p offset. */
void eli_plan_notify(eli_plan_t *plan, esp_loader_plan_step_t step, size_t index, uint32_t offset);

/** @retval ESP_LOADER_ERROR_CANCELLED  the caller wants no more */
esp_loader_error_t eli_plan_check_cancelled(eli_plan_t *plan, esp_loader_stage_t stage, uint32_t offset);

/** Is what is written compared with the flash afterwards? */
bool eli_plan_verifies(const eli_plan_t *plan);

/** Reads @p size bytes of the image as they are to be in flash. */
esp_loader_error_t eli_plan_read(eli_plan_t *plan, esp_loader_stage_t stage, uint32_t offset, uint8_t *buf,
                                 uint32_t size);

/** Estimates what things cost on the link, at its rate or the one that is looked for. */
void eli_plan_choose_costs(eli_plan_t *plan);

/** What compressing is judged by: the same, but that a link of unknown kind counts as a wire. */
eli_cost_t eli_plan_wire_cost(const eli_plan_t *plan);

/* ---- check_target.c ---- */

/** Reads what the checks need from the target. */
esp_loader_error_t eli_plan_read_target(eli_plan_t *plan);

/** Everything about the image at hand that needs the target. */
esp_loader_error_t eli_plan_check_image(eli_plan_t *plan);

/** Prepares to patch the image with this index, which is or is part of the one at hand, if it has the bootloader
 * and flash parameters are asked for. */
esp_loader_error_t eli_plan_prepare_patch(eli_plan_t *plan, size_t index);

/* ---- check_target_table.c ---- */

/** Where the plan brings no table, checks all images against the one in the target's flash. */
esp_loader_error_t eli_plan_check_target_table(eli_plan_t *plan);

/* ---- places.c ---- */

/** Index of the image that has, or comes before, the byte at @p offset. */
size_t eli_plan_index_at(const eli_plan_t *plan, uint32_t offset);

/** Where the image with this index begins and ends in the one at hand. */
uint32_t eli_plan_start_of(const eli_plan_t *plan, size_t index);
uint32_t eli_plan_end_of(const eli_plan_t *plan, size_t index);

/** Where the sectors of the image with this index end, at most @p end. */
uint32_t eli_plan_share_of(const eli_plan_t *plan, size_t index, uint32_t end);

/* ---- together.c ---- */

/** Takes the images after the one at hand to it that can be flashed as one with it. */
esp_loader_error_t eli_plan_join(eli_plan_t *plan);

/** Counts in the images' reports that the sectors of [@p start, @p end) are about to be written, and erased if
 * @p is_erased. */
void eli_plan_count_sectors(eli_plan_t *plan, uint32_t start, uint32_t end, bool is_erased);

/** Counts in the images' reports @p bytes that were sent for [@p start, @p end). */
void eli_plan_count_sent(eli_plan_t *plan, uint32_t start, uint32_t end, uint32_t bytes);

/** Events of WRITE for [@p start, @p end), which is written: each image that it reaches begins and ends. */
void eli_plan_show_written(eli_plan_t *plan, uint32_t start, uint32_t end);

/** Ends the image whose writing was shown last: what follows was there already. */
void eli_plan_show_rest(eli_plan_t *plan);

/** The image at hand failed as a whole, with @p err: makes the failure that of the image in it which differs. */
esp_loader_error_t eli_plan_find_damaged(eli_plan_t *plan, esp_loader_error_t err);

/* ---- content.c ---- */

/** MD5 of a part of the image as it is to be in flash. */
esp_loader_error_t eli_plan_hash_image(eli_plan_t *plan, uint32_t start, uint32_t size,
                                       uint8_t out[ESP_LOADER_MD5_SIZE]);

/** Compares all of the image at hand, whose MD5 is plan->digest, with the flash.
 *  @retval ESP_LOADER_ERROR_INVALID_MD5  it differs
 *  @retval ESP_LOADER_ERROR_SOURCE       so does the image from what it was; value: 0 */
esp_loader_error_t eli_plan_verify(eli_plan_t *plan);

/** Does the image at hand hold nothing but 0xFF in the sector at @p offset? */
esp_loader_error_t eli_plan_is_empty(eli_plan_t *plan, uint32_t offset, bool *out_is_empty);

/* ---- changes.c ---- */

/** Sectors of an image that are compared together: 2 MiB. */
#define ELI_WINDOW_SECTORS 512u

/** What a comparison found out about a part of an image. Bit n is sector n of the part. */
typedef struct {
    uint32_t start; /**< of the part, bytes from the start of the image, whole sectors */
    uint32_t end;   /**< whole sectors, or the end of the image */
    uint8_t changed[ELI_WINDOW_SECTORS / 8];
    uint8_t blank[ELI_WINDOW_SECTORS / 8]; /**< known to be erased */
} eli_changes_t;

/** Begins with everything to be written and nothing known to be blank. */
void eli_changes_begin(eli_changes_t *changes, uint32_t start, uint32_t end);

bool eli_changes_is_changed(const eli_changes_t *changes, uint32_t offset);
void eli_changes_set_changed(eli_changes_t *changes, uint32_t offset, bool value);
uint32_t eli_changes_count(const eli_changes_t *changes); /**< sectors that have changed */
bool eli_changes_is_blank(const eli_changes_t *changes, uint32_t offset);
void eli_changes_set_blank(eli_changes_t *changes, uint32_t offset, bool value);

/* ---- compare.c ---- */

/** Finds out which sectors between changes->start and changes->end differ from what the flash holds, as far
 * as that pays; the others count as changed. A loader without MD5 leaves all changed. */
esp_loader_error_t eli_plan_compare(eli_plan_t *plan, eli_changes_t *changes);

/* ---- blank.c ---- */

/** Is it the MD5 of @p size bytes 0xFF? */
bool eli_plan_is_blank(const uint8_t digest[ESP_LOADER_MD5_SIZE], uint32_t size);

/* ---- neighbour.c ---- */

/** Records the content of flash after the current image. */
esp_loader_error_t eli_plan_note_neighbour(eli_plan_t *plan);

/** Is it still there?
 *  @retval ESP_LOADER_ERROR_INVALID_MD5  no; fault: ERASED_BEYOND */
esp_loader_error_t eli_plan_check_neighbour(eli_plan_t *plan);

/* ---- rate.c ---- */

#ifdef ESP_LOADER_SMALL /* leaves the rate alone */

static inline void eli_plan_begin_rate(eli_plan_t *plan)
{
    (void)plan;
}

static inline esp_loader_error_t eli_plan_raise_rate(eli_plan_t *plan, uint32_t sectors)
{
    (void)plan;
    (void)sectors;
    return ESP_LOADER_SUCCESS;
}

static inline bool eli_plan_lower_rate(eli_plan_t *plan)
{
    (void)plan;
    return false;
}

static inline esp_loader_error_t eli_plan_judge_rate(eli_plan_t *plan)
{
    (void)plan;
    return ESP_LOADER_SUCCESS;
}

static inline esp_loader_error_t eli_plan_end_rate(eli_plan_t *plan, esp_loader_error_t err)
{
    (void)plan;
    return err;
}

static inline bool eli_plan_is_link_open(const eli_plan_t *plan)
{
    (void)plan;
    return false;
}

static inline void eli_plan_measure_link(eli_plan_t *plan, uint32_t size, uint32_t sent_ms)
{
    (void)plan;
    (void)size;
    (void)sent_ms;
}

#else

/** Finds out whether the run is to look for a higher rate. */
void eli_plan_begin_rate(eli_plan_t *plan);

/** Raises the rate, once, if it pays for the @p sectors that are about to be written. */
esp_loader_error_t eli_plan_raise_rate(eli_plan_t *plan, uint32_t sectors);

/** After a failure of the link: goes to a lower rate, if this one is bad. false: it is not; or the failure stands,
 * and the session may not be connected any more. */
bool eli_plan_lower_rate(eli_plan_t *plan);

/** After a block that has arrived: fails as if it had not when too many had to be sent again at this rate. */
esp_loader_error_t eli_plan_judge_rate(eli_plan_t *plan);

/** Goes back to the rate from before the run, unless the target is lost. Returns @p err. */
esp_loader_error_t eli_plan_end_rate(eli_plan_t *plan, esp_loader_error_t err);

/** Does it depend on the speed of the link whether data is compressed, and is that not known yet? */
bool eli_plan_is_link_open(const eli_plan_t *plan);

/** The first block of a write, @p size bytes, was sent from @p sent_ms on and has been acknowledged now. */
void eli_plan_measure_link(eli_plan_t *plan, uint32_t size, uint32_t sent_ms);

#endif

/* ---- window.c ---- */

/** Compares [@p start, @p end) of the image at hand, at most ELI_WINDOW_SECTORS, and writes what differs. */
esp_loader_error_t eli_plan_flash_window(eli_plan_t *plan, uint32_t start, uint32_t end);

/* ---- pieces.c ---- */

/** What a plan calls that has larger pieces. */
struct eli_pieces_code {
    /** Before flash is compared or written: sees that the target has them, if it can. */
    esp_loader_error_t (*take)(eli_plan_t *plan);
    /** Puts back what the target had before, if it can; what the session remembers of a failure stays. */
    void (*leave)(eli_plan_t *plan);
};

/** Does the first, if the caller wants larger pieces and nothing is sure about them. */
static inline esp_loader_error_t eli_plan_take_pieces(eli_plan_t *plan)
{
    if (plan->options->pieces != NULL && !plan->has_taken_pieces) {
        RETURN_ON_ERROR(plan->options->pieces->code->take(plan));
        plan->has_taken_pieces = true;
    }
    return ESP_LOADER_SUCCESS;
}

/* ---- write.c ---- */

/** Erases and writes what changed. */
esp_loader_error_t eli_plan_write(eli_plan_t *plan, const eli_changes_t *changes);

/* ---- wrap.c ---- */

/** Checks that the flash is as large as the images need, if that is in doubt and can be found out already.
 *  @retval ESP_LOADER_ERROR_FLASH_WRAPS  it is not; value: its size, bytes */
esp_loader_error_t eli_plan_check_size(eli_plan_t *plan);

/** The same at the end of the run, which ended with @p err: written content shows what blank flash could not,
 * and is missing where something else was written over it. Returns @p err if nothing is found. */
esp_loader_error_t eli_plan_check_size_again(eli_plan_t *plan, esp_loader_error_t err);

#endif
