/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What every program of this toolchain contains anyway; subtracted from the budgeted program.
 */
int main(void)
{
    return 0;
}
