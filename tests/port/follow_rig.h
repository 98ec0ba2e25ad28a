/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A board that leaves the bus and comes back, and the port it is used through: one rig for each port that follows its
 * device. Waiting moves the clock instead of taking time.
 */
#ifndef FOLLOW_RIG_H
#define FOLLOW_RIG_H

#include <stdbool.h>

#include "fake_sysfs.h"
#include "port_calls.h"

/** Plugs @p usb in at 1-2, and makes it what port_under_test is for; the port is not open yet. */
void rig_make(const fake_usb_t *usb);
/** Closes the port, and fails unless everything is given back. */
void rig_remove(void);

/** The board leaves. */
void rig_leave(void);
/** A board comes. With @p is_early it is in sysfs, but cannot be opened until rig_show(). @p name is that of its tty. */
void rig_enter(const fake_usb_t *usb, const char *name, bool is_early);
void rig_show(void);
/** Calls @p act once, in the middle of the next wait. */
void rig_at_next_wait(void (*act)(void));
/** The board obeys its lines, but is gone before it says so. */
void rig_lose_acknowledgements(bool are_lost);
/** Moves the clock. */
void rig_pass_ms(uint32_t ms);

/** The board sends, and has received exactly @p text since it was last asked. */
void rig_say(const char *text);
void rig_assert_heard(const char *text);
/** How often lines have been set, and their state: bit 0 DTR, bit 1 RTS. */
unsigned rig_line_changes(void);
unsigned rig_lines(void);

#endif
