/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Boards that come and go, with a clock that the test sets.
 */
#include <stdio.h>
#include <string.h>

#include "test.h"
#include "ports/watch_places.h"

enum { MANY = 1000 };

static const watch_board_t board = {.place = "1-2",
                                    .port = "/dev/ttyACM0",
                                    .serial = "02:00:00:00:00:01",
                                    .usb_vid = 0x303A,
                                    .usb_pid = 0x1001,
                                    .is_accessible = true};

TEST(board_gets_its_turn_once_it_has_settled)
{
    watch_places_t places = {0};

    assert_null(watch_places_take(&places, 0));
    watch_places_see(&places, &board, 1, 1000);
    assert_null(watch_places_take(&places, 1000));
    watch_places_see(&places, &board, 1, 1000 + WATCH_SETTLE_MS - 1);
    assert_null(watch_places_take(&places, 1000 + WATCH_SETTLE_MS - 1));
    watch_places_see(&places, &board, 1, 1000 + WATCH_SETTLE_MS);
    watch_place_t *place = watch_places_take(&places, 1000 + WATCH_SETTLE_MS);
    assert_non_null(place);
    assert_string_equal(place->board.place, "1-2");
    assert_null(watch_places_take(&places, 1000 + WATCH_SETTLE_MS)); /* no second turn */
    watch_places_free(&places);
}

TEST(board_that_disappears_before_its_turn_has_none)
{
    watch_places_t places = {0};

    watch_places_see(&places, &board, 1, 0);
    watch_places_see(&places, NULL, 0, 100);
    watch_places_see(&places, &board, 1, 200);
    assert_null(watch_places_take(&places, WATCH_SETTLE_MS + 100));
    assert_non_null(watch_places_take(&places, WATCH_SETTLE_MS + 200));
    watch_places_free(&places);
}

TEST(board_is_waited_for_until_it_may_be_opened)
{
    watch_places_t places = {0};
    watch_board_t locked = board;

    locked.is_accessible = false;
    watch_places_see(&places, &locked, 1, 0);
    watch_places_see(&places, &locked, 1, 1000);
    assert_null(watch_places_take(&places, 1000));
    watch_places_see(&places, &board, 1, 1100);
    assert_non_null(watch_places_take(&places, 1100));

    watch_places_t other = {0}; /* it never may: then the attempt says why */
    watch_places_see(&other, &locked, 1, 0);
    assert_null(watch_places_take(&other, WATCH_ACCESS_MS - 1));
    assert_non_null(watch_places_take(&other, WATCH_ACCESS_MS));
    watch_places_free(&places);
    watch_places_free(&other);
}

/** Up to the end of the board's turn. */
static watch_place_t *finish_board(watch_places_t *places)
{
    watch_places_see(places, &board, 1, 0);
    watch_place_t *place = watch_places_take(places, WATCH_SETTLE_MS);
    assert_non_null(place);
    watch_places_see(places, &board, 1, 5000);
    assert_null(watch_places_take(places, 5000));
    watch_places_finish(place);
    return place;
}

TEST(board_has_no_second_turn_until_it_is_removed)
{
    watch_places_t places = {0};

    watch_place_t *place = finish_board(&places);
    for (uint64_t ms = 5000; ms < 60000; ms += 100) {
        watch_places_see(&places, &board, 1, ms);
        assert_null(watch_places_take(&places, ms));
        assert_null(watch_places_remove(&places, ms));
    }
    watch_places_see(&places, NULL, 0, 60000 + WATCH_REMOVED_MS - 101); /* last seen at 59900 */
    assert_null(watch_places_remove(&places, 60000 + WATCH_REMOVED_MS - 101));
    assert_ptr_equal(watch_places_remove(&places, 60000 + WATCH_REMOVED_MS - 100), place);
    assert_null(watch_places_remove(&places, 60000 + WATCH_REMOVED_MS - 100));
    watch_places_see(&places, &board, 1, 70000);
    assert_non_null(watch_places_take(&places, 70000 + WATCH_SETTLE_MS));
    watch_places_free(&places);
}

TEST(reset_under_another_name_is_the_same_board)
{
    watch_places_t places = {0};
    watch_board_t renamed = board;

    (void)finish_board(&places);
    watch_places_see(&places, NULL, 0, 5500);
    assert_null(watch_places_remove(&places, 5500));
    snprintf(renamed.port, sizeof(renamed.port), "/dev/ttyACM1");
    watch_places_see(&places, &renamed, 1, 5900);
    assert_null(watch_places_take(&places, 9000));
    renamed.usb_pid = 0x4001; /* its application */
    snprintf(renamed.serial, sizeof(renamed.serial), "1234");
    watch_places_see(&places, &renamed, 1, 6000);
    assert_null(watch_places_take(&places, 9000));
    watch_places_free(&places);
}

TEST(another_serial_number_in_the_place_is_another_board)
{
    watch_places_t places = {0};
    watch_board_t other = board;

    (void)finish_board(&places);
    snprintf(other.serial, sizeof(other.serial), "02:00:00:00:00:02");
    watch_places_see(&places, &other, 1, 5100); /* a quick hand */
    assert_null(watch_places_take(&places, 5100));
    watch_place_t *place = watch_places_take(&places, 5100 + WATCH_SETTLE_MS);
    assert_non_null(place);
    assert_string_equal(place->board.serial, "02:00:00:00:00:02");
    watch_places_free(&places);
}

TEST(board_that_leaves_during_its_turn_is_removed_after_it)
{
    watch_places_t places = {0};

    watch_places_see(&places, &board, 1, 0);
    watch_place_t *place = watch_places_take(&places, WATCH_SETTLE_MS);
    watch_places_see(&places, NULL, 0, 20000);
    assert_null(watch_places_remove(&places, 20000));
    watch_places_finish(place);
    assert_ptr_equal(watch_places_remove(&places, 20000), place);
    watch_places_free(&places);
}

TEST(places_are_independent_and_as_many_as_there_are_boards)
{
    watch_places_t places = {0};
    watch_boards_t boards = {0};
    size_t taken = 0;

    for (unsigned i = 0; i < MANY; i++) {
        watch_board_t *one = watch_boards_add(&boards);
        assert_non_null(one);
        *one = board;
        snprintf(one->place, sizeof(one->place), "1-%u", i);
    }
    watch_places_see(&places, boards.list, boards.count, 0);
    for (watch_place_t *place; (place = watch_places_take(&places, WATCH_SETTLE_MS)) != NULL; taken++) {
        place->turn = &boards;
        watch_places_finish(place);
    }
    assert_int_equal(taken, MANY);

    /* one of them leaves, and comes back where it was; then one more comes: their order means nothing */
    boards.list[5] = boards.list[MANY - 1];
    watch_places_see(&places, boards.list, MANY - 1, 5000);
    watch_place_t *left = watch_places_remove(&places, 5000);
    assert_non_null(left);
    assert_string_equal(left->board.place, "1-5");
    assert_null(watch_places_remove(&places, 5000));
    watch_board_t two[] = {board, board};
    snprintf(two[0].place, sizeof(two[0].place), "1-5");
    snprintf(two[1].place, sizeof(two[1].place), "2-1");
    watch_places_see(&places, two, 2, 5100);
    assert_ptr_equal(watch_places_take(&places, 5100 + WATCH_SETTLE_MS), left);
    watch_place_t *added = watch_places_take(&places, 5100 + WATCH_SETTLE_MS);
    assert_non_null(added);
    assert_ptr_not_equal(added, left);
    assert_ptr_equal(left->turn, &boards); /* kept */
    assert_null(added->turn);
    watch_places_free(&places);
    watch_boards_free(&boards);
}
