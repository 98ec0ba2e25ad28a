/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A board that leaves: gone for a while because it was reset, gone for good, or replaced by another one. What a port
 * promises then is the same for the serial and the USB port, so each scenario runs with both rigs.
 */
#define _GNU_SOURCE
#include "follow_rig.h"
#include "linux_follow.h"
#include "test.h"

#define OK      ESP_LOADER_SUCCESS
#define TIMEOUT ESP_LOADER_ERROR_TIMEOUT
#define GONE    ESP_LOADER_ERROR_DISCONNECTED

/* What happens before a call. */
typedef enum {
    NOTHING,
    LEAVES,
    RETURNS,           /* the board itself, as the bus numbers it anew */
    RETURNS_EARLY,     /* and cannot be opened yet */
    CAN_BE_OPENED,     /* now it can */
    RETURNS_MEANWHILE, /* while the call waits */
    RETURNS_AS_OTHER,  /* with the descriptors of its USB-OTG ROM */
    ANOTHER_COMES,     /* a board of the same kind in the same place */
    COMES_ELSEWHERE,   /* the same in another place */
    SAYS_SOMETHING,
    ACKNOWLEDGES_NOTHING, /* and obeys */
    TIME_PASSES,          /* so much that a reset is no longer the cause of anything */
} event_t;

typedef enum { NO_CALL, RESET, BOOT, RELEASE, READ, WRITE } call_t;

typedef struct {
    event_t event;
    call_t call;
    esp_loader_error_t result;
    uint32_t least_ms, most_ms; /* how long the call takes; 0, 0: not looked at */
} step_t;

/* A call whose time does not matter. */
#define STEP(event, call, result)                                                                            \
    {                                                                                                        \
        event, call, result, 0, 0                                                                            \
    }

static const struct {
    const char *what;
    step_t steps[8];
    bool is_bridge;         /* else a chip's own USB */
    bool never_set;         /* the lines */
    bool is_gone;           /* afterwards every call says so */
    esp_loader_link_t link; /* afterwards; UNKNOWN: not looked at */
} scenarios[] = {
    {.what = "a board that leaves at a reset is used again under its new name",
     .steps = {STEP(NOTHING, RESET, OK),
               {LEAVES, RELEASE, OK, LINUX_FOLLOW_RELEASE_MS, LINUX_FOLLOW_RELEASE_MS + 100},
               STEP(NOTHING, WRITE, TIMEOUT),
               STEP(NOTHING, READ, TIMEOUT),
               STEP(RETURNS_EARLY, READ, TIMEOUT), /* udev has not seen it yet */
               STEP(CAN_BE_OPENED, WRITE, OK),
               STEP(SAYS_SOMETHING, READ, OK)},
     .link = ESP_LOADER_LINK_USB_SERIAL_JTAG},
    {.what = "a board that leaves before it acknowledges has obeyed",
     .steps = {STEP(ACKNOWLEDGES_NOTHING, RESET, OK),
               {LEAVES, RELEASE, OK, LINUX_FOLLOW_RELEASE_MS, LINUX_FOLLOW_RELEASE_MS + 100},
               STEP(RETURNS, WRITE, OK)}},
    {.what = "a reset sequence ends as soon as the board is back",
     .steps = {STEP(ACKNOWLEDGES_NOTHING, RESET, OK),
               STEP(LEAVES, NO_CALL, OK),
               {RETURNS_MEANWHILE, RELEASE, OK, LINUX_FOLLOW_POLL_MS, LINUX_FOLLOW_RELEASE_MS - 1},
               STEP(SAYS_SOMETHING, READ, OK)}},
    {.what = "a reset sequence goes on when the board is back",
     .steps = {STEP(NOTHING, RESET, OK), STEP(LEAVES, NO_CALL, OK), STEP(RETURNS, BOOT, OK)}},
    {.what = "boot messages are no answer",
     .steps = {STEP(NOTHING, RESET, OK), STEP(SAYS_SOMETHING, READ, OK), STEP(LEAVES, NO_CALL, OK),
               STEP(RETURNS, WRITE, OK)}},
    {.what = "a board that leaves after an answer is gone even if it comes back",
     .steps = {STEP(NOTHING, RESET, OK), STEP(SAYS_SOMETHING, READ, OK), STEP(NOTHING, WRITE, OK),
               STEP(SAYS_SOMETHING, READ, OK), STEP(LEAVES, NO_CALL, OK), STEP(RETURNS, READ, GONE)},
     .is_gone = true},
    {.what = "a board that leaves long after the reset is gone even if it comes back",
     .steps = {STEP(NOTHING, RESET, OK), STEP(TIME_PASSES, NO_CALL, OK), STEP(LEAVES, NO_CALL, OK),
               STEP(RETURNS, READ, GONE), STEP(NOTHING, RELEASE, GONE)},
     .is_gone = true},
    {.what = "a board that comes back as another device is known as that",
     .steps = {STEP(NOTHING, RESET, OK), STEP(LEAVES, NO_CALL, OK), STEP(RETURNS_AS_OTHER, BOOT, OK)},
     .link = ESP_LOADER_LINK_USB_OTG},
    {.what = "another board in the same place is not taken for the first",
     .steps = {STEP(NOTHING, RESET, OK), STEP(LEAVES, NO_CALL, OK), STEP(ANOTHER_COMES, READ, GONE),
               STEP(NOTHING, READ, GONE)},
     .is_gone = true},
    {.what = "a board in another place is not followed",
     .steps = {STEP(NOTHING, RESET, OK), STEP(LEAVES, NO_CALL, OK), STEP(COMES_ELSEWHERE, READ, TIMEOUT)}},
    {.what = "a board that does not come back is gone after five seconds",
     .steps = {STEP(NOTHING, RESET, OK),
               {LEAVES, READ, GONE, LINUX_FOLLOW_RETURN_MS - 100, LINUX_FOLLOW_RETURN_MS + 100},
               STEP(NOTHING, BOOT, GONE),
               STEP(NOTHING, WRITE, GONE),
               STEP(NOTHING, RELEASE, OK)}}, /* nothing holds them */
    {.what = "setting lines waits as long",
     .steps = {STEP(NOTHING, RESET, OK),
               STEP(LEAVES, READ, TIMEOUT),
               {NOTHING, BOOT, GONE, LINUX_FOLLOW_RETURN_MS - 1000, LINUX_FOLLOW_RETURN_MS + 100},
               STEP(NOTHING, READ, GONE)}},
    {.what = "a bridge does not leave with the chip",
     .steps = {STEP(NOTHING, RESET, OK), STEP(LEAVES, READ, GONE)},
     .is_bridge = true,
     .is_gone = true},
    {.what = "lines of a board that is gone are not touched",
     .steps = {STEP(LEAVES, BOOT, GONE)},
     .never_set = true,
     .is_gone = true},
    {.what = "closing after unplugging needs no look at the board", .steps = {STEP(LEAVES, NO_CALL, OK)}},
};

static const fake_usb_t board = {
    .path = "1-2", .vid = "303a", .pid = "1001", .serial = "02:00:00:00:00:01", .number = "5"};
static const fake_usb_t bridge = {.path = "1-2", .vid = "10c4", .pid = "ea60", .number = "5"};
static const fake_usb_t board_again = {
    .path = "1-2", .vid = "303a", .pid = "1001", .serial = "02:00:00:00:00:01", .number = "6"};

static void come_back(void)
{
    rig_enter(&board_again, "ttyACM1", false);
}

static void let_happen(event_t event)
{
    fake_usb_t again = board_again;
    rig_lose_acknowledgements(event == ACKNOWLEDGES_NOTHING);
    switch (event) {
    case NOTHING:
    case ACKNOWLEDGES_NOTHING:
        break;
    case LEAVES:
        rig_leave();
        break;
    case RETURNS:
    case RETURNS_EARLY:
        rig_enter(&again, "ttyACM1", event == RETURNS_EARLY);
        break;
    case CAN_BE_OPENED:
        rig_show();
        break;
    case RETURNS_MEANWHILE:
        rig_at_next_wait(come_back);
        break;
    case RETURNS_AS_OTHER:
        again.pid = "0009";
        again.serial = "0";
        rig_enter(&again, "ttyACM0", false);
        break;
    case ANOTHER_COMES:
        again.serial = "02:00:00:00:00:02";
        rig_enter(&again, "ttyACM0", false);
        break;
    case COMES_ELSEWHERE:
        again.path = "1-3";
        rig_enter(&again, "ttyACM0", false);
        break;
    case SAYS_SOMETHING:
        rig_say("x");
        break;
    case TIME_PASSES:
        rig_pass_ms(LINUX_FOLLOW_LEAVE_MS + 1);
        break;
    }
}

static esp_loader_error_t make_call(const step_t *step)
{
    const uint32_t timeout_ms = step->result == TIMEOUT ? 100 : PATIENT_MS;
    uint8_t byte = 0;
    size_t count = 0;
    esp_loader_error_t error = step->result;

    switch (step->call) {
    case NO_CALL:
        break;
    case RESET:
        error = port_set_lines(false, true);
        break;
    case BOOT:
        error = port_set_lines(true, false);
        if (error == OK) {
            assert_int_equal(rig_lines(), 1);
        }
        break;
    case RELEASE:
        error = port_set_lines(false, false);
        break;
    case READ:
        error = port_read(&byte, 1, timeout_ms, &count);
        assert_int_equal(count, error == OK ? 1 : 0);
        assert_int_equal(byte, error == OK ? 'x' : 0);
        break;
    case WRITE:
        error = port_write("hello", 5, timeout_ms, &count);
        if (error == OK) {
            assert_int_equal(count, 5);
            rig_assert_heard("hello");
        }
        break;
    }
    return error;
}

TEST(each_scenario_ends_as_it_should)
{
    for (size_t i = 0; i < sizeof(scenarios) / sizeof(scenarios[0]); i++) {
        const bool is_bridge = scenarios[i].is_bridge;

        print_message("%s\n", scenarios[i].what);
        rig_make(is_bridge ? &bridge : &board);
        assert_port_opens();
        assert_int_equal(port_link(), is_bridge ? ESP_LOADER_LINK_UART : ESP_LOADER_LINK_USB_SERIAL_JTAG);
        assert_int_equal(port_max_rate(), is_bridge ? 921600 : 0);
        for (size_t k = 0; k < sizeof(scenarios[i].steps) / sizeof(step_t); k++) {
            const step_t *step = &scenarios[i].steps[k];
            let_happen(step->event);
            const uint32_t before_ms = port_now_ms();
            print_message("    step %zu\n", k);
            assert_int_equal(make_call(step), step->result);
            if (step->most_ms != 0) {
                assert_in_range(port_now_ms() - before_ms, step->least_ms, step->most_ms);
            }
        }
        if (scenarios[i].is_gone) {
            assert_port_disconnected();
        }
        if (scenarios[i].never_set) {
            assert_int_equal(rig_line_changes(), 0);
        }
        if (scenarios[i].link != ESP_LOADER_LINK_UNKNOWN) {
            assert_int_equal(port_link(), scenarios[i].link);
        }
        rig_remove();
    }
}
