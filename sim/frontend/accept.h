/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Accepting a client, also when there are no descriptors left.
 */
#ifndef FE_ACCEPT_H
#define FE_ACCEPT_H

/** Accepts one client of a listener that does not block, as a socket that does not either; -1 = none, errno
 * says why. Without a free descriptor the client that waits is hung up, EMFILE: a listener that stays
 * readable would keep the loop from ever waiting again. */
int fe_accept(int listener);

#endif
