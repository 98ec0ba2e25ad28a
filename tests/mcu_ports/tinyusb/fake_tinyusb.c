/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The functions that the port calls. Rules are those of TinyUSB 0.18.0 and 0.21.0: src/class/cdc/cdc_host.c, and the streams of
 * src/tusb.c.
 */
#include <string.h>

#include "fake_usb_host.h"
#include "test.h"

enum { LARGEST_CH34X_RATE = 2000000 };

bool tuh_inited(void)
{
    return !fake_faults()->is_stack_off;
}

bool tuh_vid_pid_get(uint8_t daddr, uint16_t *vid, uint16_t *pid)
{
    for (uint8_t i = 0; i < CFG_TUH_CDC; i++) {
        const fake_interface_t *itf = fake_interface(i);
        if (itf != NULL && itf->address == daddr) {
            *vid = itf->device->vid;
            *pid = itf->device->pid;
            return true;
        }
    }
    return false;
}

bool tuh_edpt_abort_xfer(uint8_t daddr, uint8_t ep_addr)
{
    assert_int_equal(ep_addr, 0);
    return fake_abort_request(daddr);
}

bool tuh_cdc_mounted(uint8_t idx)
{
    const fake_interface_t *itf = fake_interface(idx);
    return itf != NULL && itf->is_mounted;
}

bool tuh_cdc_itf_get_info(uint8_t idx, tuh_itf_info_t *info)
{
    const fake_interface_t *itf = fake_interface(idx);
    if (itf == NULL) {
        return false;
    }
    *info = (tuh_itf_info_t){
        .daddr = itf->address,
        .desc = {.bInterfaceNumber = itf->device->interface, .bInterfaceSubClass = itf->device->subclass}};
    return true;
}

/* tu_edpt_stream_write(): lengths are cut to 16 bits; full packets leave at once. */
uint32_t tuh_cdc_write(uint8_t idx, const void *buffer, uint32_t bufsize)
{
    fake_interface_t *itf = fake_interface(idx);
    if (itf == NULL || bufsize == 0) {
        return 0;
    }
    const size_t room = CFG_TUH_CDC_TX_BUFSIZE - itf->to_send.count;
    const size_t size = (uint16_t)bufsize < room ? (uint16_t)bufsize : room;
    memcpy(itf->to_send.bytes + itf->to_send.count, buffer, size);
    itf->to_send.count += size;
    if (itf->to_send.count >= FAKE_PACKET_SIZE) {
        (void)fake_start_out(itf);
    }
    return (uint32_t)size;
}

uint32_t tuh_cdc_write_flush(uint8_t idx)
{
    fake_interface_t *itf = fake_interface(idx);
    return itf != NULL ? fake_start_out(itf) : 0;
}

uint32_t tuh_cdc_write_available(uint8_t idx)
{
    const fake_interface_t *itf = fake_interface(idx);
    return itf != NULL ? (uint32_t)(CFG_TUH_CDC_TX_BUFSIZE - itf->to_send.count) : 0;
}

bool tuh_cdc_write_clear(uint8_t idx)
{
    fake_interface_t *itf = fake_interface(idx);
    if (itf != NULL) {
        itf->to_send.count = 0;
    }
    return itf != NULL;
}

/* tu_edpt_stream_read(): also asks for the next packet. */
uint32_t tuh_cdc_read(uint8_t idx, void *buffer, uint32_t bufsize)
{
    fake_interface_t *itf = fake_interface(idx);
    if (itf == NULL) {
        return 0;
    }
    const size_t size = (uint16_t)bufsize < itf->received.count ? (uint16_t)bufsize : itf->received.count;
    memcpy(buffer, itf->received.bytes, size);
    itf->received.count -= size;
    memmove(itf->received.bytes, itf->received.bytes + size, itf->received.count);
    fake_arm_in(itf);
    return (uint32_t)size;
}

bool tuh_cdc_read_clear(uint8_t idx)
{
    fake_interface_t *itf = fake_interface(idx);
    if (itf != NULL) {
        itf->received.count = 0;
        fake_arm_in(itf);
    }
    return itf != NULL;
}

static bool is_acm(const fake_interface_t *itf)
{
    return itf->device->subclass == CDC_COMM_SUBCLASS_ABSTRACT_CONTROL_MODEL;
}

static bool has_requests(const fake_interface_t *itf)
{
    return itf != NULL && !(is_acm(itf) && fake_faults()->has_no_lines);
}

bool tuh_cdc_set_control_line_state(uint8_t idx, uint16_t line_state, tuh_xfer_cb_t complete_cb,
                                    uintptr_t user_data)
{
    assert_non_null(complete_cb); /* else it waits in the stack */
    return has_requests(fake_interface(idx)) &&
           fake_put_request(&(fake_request_t){FAKE_SET_LINES, idx, line_state, 8, complete_cb, user_data});
}

/* acm_set_baudrate() sends the line coding that is cached: zeros. 0.19 on refuses that itself. A bridge keeps its format. The
 * divisors of FTDI and CH34x are divisions by the rate; ch34x_get_divisor_prescaler() stops above 2 Mbaud. */
bool tuh_cdc_set_baudrate(uint8_t idx, uint32_t baudrate, tuh_xfer_cb_t complete_cb, uintptr_t user_data)
{
    fake_interface_t *itf = fake_interface(idx);
    assert_non_null(complete_cb);
    assert_true(baudrate > 0);
    if (!has_requests(itf)) {
        return false;
    }
    assert_false(itf->device->vid == 0x1A86 && !is_acm(itf) && baudrate > LARGEST_CH34X_RATE);
    const uint8_t data_bits = is_acm(itf) ? itf->data_bits : 8;
    if (TUSB_VERSION_MINOR >= 19 && data_bits == 0) {
        return false;
    }
    return fake_put_request(
        &(fake_request_t){FAKE_SET_RATE, idx, baudrate, data_bits, complete_cb, user_data});
}

/* Up to 0.18 FTDI and CP210x have none; later it is two requests. */
bool tuh_cdc_set_line_coding(uint8_t idx, const cdc_line_coding_t *line_coding, tuh_xfer_cb_t complete_cb,
                             uintptr_t user_data)
{
    fake_interface_t *itf = fake_interface(idx);
    assert_non_null(complete_cb);
    if (!has_requests(itf) || (TUSB_VERSION_MINOR < 19 && !is_acm(itf))) {
        return false;
    }
    return fake_put_request(&(fake_request_t){FAKE_SET_RATE, idx, line_coding->bit_rate,
                                              line_coding->data_bits, complete_cb, user_data});
}
