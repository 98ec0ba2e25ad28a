/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The three sets of constants. Sources are named per line; what has none is marked as our choice. How the
 * model uses them: docs/timing.md.
 *
 * default  typical parts: data sheets of W25Q32JV/W25Q64JV (page 0.4 ms, sector 45 ms, 64 KiB block 150 ms, 4
 * MiB chip 10 s; partial program 30 us + 2.5 us per byte), SPI at 40 MHz on one line slow     the maxima of
 * the same data sheets (page 3 ms, sector 400 ms, block 2 s, chip 50 s), SPI at 20 MHz fast     nothing takes
 * time
 */
#include "base/timing.h"

#define US(n) ((uint64_t)(n)*1000u)
#define MS(n) ((uint64_t)(n)*1000000u)

static const sim_timing_t SETS[] = {
    [ESP_SIM_TIMING_DEFAULT] =
        {
            .program_piece_ns = 107500, /* 30 us + 31 x 2.5 us, W25Q data sheet, "byte program" formula */
            .program_large_ns = 187500, /* the same formula */
            .program_page_ns = US(400), /* W25Q data sheet, tPP typical */
            .sector_erase_ns = MS(45),  /* W25Q data sheet, tSE typical */
            .block_erase_ns = MS(150),  /* W25Q data sheet, tBE2 typical */
            .chip_erase_4mib_ns = MS(10000), /* W25Q32 data sheet, tCE typical */
            .spi_byte_ns = 200,              /* 40 MHz x 1 line: what the ROM sets up for download mode */
            .rom_hash_mib_ns = MS(512),  /* counted: 20,000 instructions per KiB (docs/timing.md), 40 MHz */
            .stub_hash_mib_ns = MS(230), /* counted: 18,000, at twice the ROM's clock, as usb_stub_byte_ns */
            .inflate_mib_ns = MS(262),   /* derived: 4 MB/s of output */
            .efuse_word_ns = MS(1),      /* not documented: our choice, as the next */
            .efuse_read_ns = US(50),
            .usb_transfer_ns = US(125), /* USB 2.0, 5.3.3 and 11: a host looks for work once per microframe */
            .usb_rom_byte_ns = 2500,    /* derived: 0.4 MB/s, the CPU reads the FIFO at the ROM's clock */
            .usb_stub_byte_ns = 1250,   /* derived: 0.8 MB/s, fits the x1.9 of esptool issue 779 */
            .usb_packet_min_ns = 9346,  /* USB 2.0, 5.8.4: 107 one-byte transactions in a 1 ms frame */
            .usb_packet_full_ns = 52632, /* USB 2.0, 5.8.4: 19 full packets in a 1 ms frame */
            .in_flush_ns = MS(1),        /* one USB frame */
            .turnaround_ns = MS(1),      /* esptool issue 735: SYNC to first reply on ESP32-C3 */
            .stub_rate_ns = MS(5),       /* esp-flasher-stub 1.1, CHANGE_BAUDRATE: two delays of 5 ms */
            .has_uart_time = true,
            .rom_ready_ns = MS(50),      /* boot logs: 30 to 60 ms */
            .reenumeration_ns = MS(700), /* debounce, reset and enumeration of a Linux host */
            .en_rise_ns = MS(5), /* 10 kOhm x 1 uF would be about 10 ms, small boards have less: our choice */
        },
    [ESP_SIM_TIMING_SLOW] =
        {
            .program_piece_ns = US(375),     /* tPP maximum 3 ms, in eight pieces */
            .program_large_ns = US(750),     /* the same in four */
            .program_page_ns = MS(3),        /* W25Q data sheet, tPP maximum */
            .sector_erase_ns = MS(400),      /* W25Q data sheet, tSE maximum; mbed-os uses the same */
            .block_erase_ns = MS(2000),      /* W25Q data sheet, tBE2 maximum */
            .chip_erase_4mib_ns = MS(50000), /* W25Q32 data sheet, tCE maximum */
            .spi_byte_ns = 400,              /* 20 MHz x 1 line */
            .rom_hash_mib_ns = MS(1024),     /* half the clock */
            .stub_hash_mib_ns = MS(1024),    /* at the ROM's clock */
            .inflate_mib_ns = MS(1049),      /* 1 MB/s of output */
            .efuse_word_ns = MS(18),   /* eleven words in less than the 250 ms that espefuse waits for them */
            .efuse_read_ns = US(900),  /* espefuse sends nothing for 1 ms */
            .usb_transfer_ns = MS(1),  /* a host that looks once per frame */
            .usb_rom_byte_ns = US(10), /* 0.1 MB/s */
            .usb_stub_byte_ns = US(10),
            .usb_packet_min_ns = 9346,
            .usb_packet_full_ns = 52632,
            .in_flush_ns = MS(50),
            .turnaround_ns = MS(20),
            .stub_rate_ns = MS(5),
            .has_uart_time = true,
            .rom_ready_ns = MS(300),
            .reenumeration_ns = MS(3000),
            .en_rise_ns = MS(30), /* a larger capacitor on EN: our choice */
        },
    [ESP_SIM_TIMING_FAST] =
        {
            .efuse_read_ns = US(1), /* not zero: the ESP32's ROM wants to see that it goes on */
            .en_rise_ns = US(1), /* not zero: the two line changes of a reset sequence must stay in order */
        },
};

const sim_timing_t *sim_timing_get(esp_sim_timing_t set)
{
    return &SETS[set];
}
