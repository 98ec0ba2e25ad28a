/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The table. Limits are those of the data sheets; that of the kernel's driver where it is lower or tells parts
 * apart better. Rates above 5 Mbaud are beyond the UARTs of the targets.
 */
#include "usb_bridge.h"

#include <stddef.h>
#include <string.h>

enum { SILABS = 0x10C4, WCH = 0x1A86, FTDI = 0x0403, PROLIFIC = 0x067B };

typedef struct {
    uint16_t vid;
    uint16_t pid;
    const char *product; /* that the product string contains; NULL = any */
    uint32_t max_baud;
} bridge_row_t;

/* Of rows with the same ids the first that fits counts. */
static const bridge_row_t rows[] = {
    /* Linux, cp210x_init_max_speed(): CP2102N 3 M, CP2104 2 M, CP2102 and CP2103 1 M, of which the standard rate
     * below is made without error (Silicon Labs AN205). */
    {SILABS, 0xEA60, "CP2102N", 3000000},
    {SILABS, 0xEA60, "CP2104", 2000000},
    {SILABS, 0xEA60, NULL, 921600},
    {SILABS, 0xEA63, NULL, 921600},
    {SILABS, 0xEA70, NULL, 921600},  /* CP2105: 2 M on the enhanced interface, 921600 on the standard one */
    {SILABS, 0xEA71, NULL, 2000000}, /* CP2108 */
    /* WCH, CH340DS1: 50 baud to 2 Mbaud. */
    {WCH, 0x7522, NULL, 2000000},
    {WCH, 0x7523, NULL, 2000000},
    {WCH, 0x5523, NULL, 2000000},
    {WCH, 0x55D2, NULL, 3000000}, /* CH342DS1: to 3 Mbaud */
    {WCH, 0x55D3, NULL, 6000000}, /* CH343DS1: to 6 Mbaud */
    {WCH, 0x55D4, NULL, 4000000}, /* CH9102DS1: to 4 Mbaud */
    /* FTDI: FT232R and FT231X to 3 Mbaud; the H parts can do more, the older ones with the same ids cannot. */
    {FTDI, 0x6001, NULL, 3000000},
    {FTDI, 0x6010, NULL, 3000000},
    {FTDI, 0x6011, NULL, 3000000},
    {FTDI, 0x6014, NULL, 3000000},
    {FTDI, 0x6015, NULL, 3000000},
    {PROLIFIC, 0x2303, NULL, 921600}, /* PL-2303 of the first generations: to 1228800 */
};

uint32_t usb_bridge_max_rate(uint16_t vid, uint16_t pid, const char *product)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const bridge_row_t *row = &rows[i];
        if (row->vid == vid && row->pid == pid &&
            (row->product == NULL || strstr(product, row->product) != NULL)) {
            return row->max_baud;
        }
    }
    return 0;
}
