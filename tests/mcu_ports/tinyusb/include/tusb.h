/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Stand-in for exactly what the port calls of TinyUSB's host stack: src/host/usbh.h, src/class/cdc/cdc_host.h and
 * src/class/cdc/cdc.h of 0.18.0 and 0.21.0, of which the build names one.
 */
#ifndef TUSB_H
#define TUSB_H

#include <stdbool.h>
#include <stdint.h>

#define TUSB_VERSION_MAJOR 0
#ifndef TUSB_VERSION_MINOR
#error "which version?"
#endif

/* The configuration. The build names the controller where that matters. */
#define OPT_MCU_NONE   0
#define OPT_MCU_RP2040 900
#ifndef CFG_TUSB_MCU
#define CFG_TUSB_MCU OPT_MCU_NONE
#endif
#define CFG_TUH_RPI_PIO_USB    0
#define CFG_TUH_MAX3421        0
#define CFG_TUH_CDC            2
#define CFG_TUH_CDC_RX_BUFSIZE 1024
#define CFG_TUH_CDC_TX_BUFSIZE 1024
#define CFG_TUH_CDC_RX_EPSIZE  64

/* ---- the host stack ---- */

typedef enum {
    XFER_RESULT_SUCCESS = 0,
    XFER_RESULT_FAILED,
    XFER_RESULT_STALLED,
    XFER_RESULT_TIMEOUT,
#if TUSB_VERSION_MINOR >= 21
    XFER_RESULT_ABORTED,
#endif
    XFER_RESULT_INVALID
} xfer_result_t;

typedef struct tuh_xfer_s {
    uint8_t daddr;
    xfer_result_t result;
    uintptr_t user_data;
} tuh_xfer_t;

typedef void (*tuh_xfer_cb_t)(tuh_xfer_t *xfer);

typedef struct {
    uint8_t bInterfaceNumber;
    uint8_t bInterfaceSubClass;
} tusb_desc_interface_t;

typedef struct {
    uint8_t daddr;
    tusb_desc_interface_t desc;
} tuh_itf_info_t;

bool tuh_inited(void);
void tuh_task_ext(uint32_t timeout_ms, bool in_isr);
bool tuh_vid_pid_get(uint8_t daddr, uint16_t *vid, uint16_t *pid);
bool tuh_edpt_abort_xfer(uint8_t daddr, uint8_t ep_addr);

/* ---- its CDC class ---- */

enum { CDC_COMM_SUBCLASS_ABSTRACT_CONTROL_MODEL = 2 };
enum { CDC_CONTROL_LINE_STATE_DTR = 1, CDC_CONTROL_LINE_STATE_RTS = 2 };

typedef struct __attribute__((packed)) {
    uint32_t bit_rate;
    uint8_t stop_bits;
    uint8_t parity;
    uint8_t data_bits;
} cdc_line_coding_t;

bool tuh_cdc_mounted(uint8_t idx);
bool tuh_cdc_itf_get_info(uint8_t idx, tuh_itf_info_t *info);
uint32_t tuh_cdc_write(uint8_t idx, const void *buffer, uint32_t bufsize);
uint32_t tuh_cdc_write_flush(uint8_t idx);
uint32_t tuh_cdc_write_available(uint8_t idx);
bool tuh_cdc_write_clear(uint8_t idx);
uint32_t tuh_cdc_read(uint8_t idx, void *buffer, uint32_t bufsize);
bool tuh_cdc_read_clear(uint8_t idx);
bool tuh_cdc_set_control_line_state(uint8_t idx, uint16_t line_state, tuh_xfer_cb_t complete_cb,
                                    uintptr_t user_data);
bool tuh_cdc_set_baudrate(uint8_t idx, uint32_t baudrate, tuh_xfer_cb_t complete_cb, uintptr_t user_data);
bool tuh_cdc_set_line_coding(uint8_t idx, const cdc_line_coding_t *line_coding, tuh_xfer_cb_t complete_cb,
                             uintptr_t user_data);

void tuh_cdc_umount_cb(uint8_t idx);

#endif
