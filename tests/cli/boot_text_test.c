/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Boot messages of ROMs.
 */
#include <string.h>

#include "text/boot_text.h"
#include "test.h"

static const struct {
    const char *text;
    boot_mode_t mode;
} boot_words[] = {
    {"ESP-ROM:esp32s3-20210327\r\nrst:0x15 (USB_UART_CHIP_RESET),boot:0x0 (DOWNLOAD(USB/UART0))\r\n",
     BOOT_DOWNLOAD},
    {"rst:0x1 (POWERON),boot:0x8 (SPI_FAST_FLASH_BOOT)\r\nSPIWP:0xee\r\n", BOOT_FLASH},
    {"rst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)\r\n", BOOT_FLASH},
    {"rst:0x1 (POWERON_RESET),boot:0x3 (DOWNLOAD_BOOT(UART0/UART1/SDIO_REI_REO_V2))\r\n", BOOT_DOWNLOAD},
    {"boot:0x8 (SPI_FAST_FLASH_BOOT)\nDOWNLOAD of something by the application\n", BOOT_FLASH},
    {"boot:0x0 (DOWNLOAD(USB", BOOT_UNKNOWN},
    {"an application that prints at once", BOOT_UNKNOWN},
    {"", BOOT_UNKNOWN},
};

TEST_ROWS(mode_is_found_in_the_words_of_every_rom, boot_words)
{
    assert_int_equal(boot_text_find(row->text, strlen(row->text)), row->mode);
}

TEST(bytes_of_any_value_are_survived)
{
    static const char noise[] = "\0\xC0\xFF"
                                "boot:0x0 (DOWNLOAD)\0\n";

    assert_int_equal(boot_text_find(noise, sizeof(noise)), BOOT_DOWNLOAD);
    for (size_t size = 0; size < sizeof(noise) - 2; size++) {
        assert_int_equal(boot_text_find(noise, size), BOOT_UNKNOWN);
    }
}

/* A port that gives its text in pieces of one byte and then nothing. */
static const char *script;

static esp_loader_error_t read_script(esp_loader_port_t *port, uint8_t *buf, size_t capacity,
                                      uint32_t timeout_ms, size_t *out_read)
{
    (void)port;
    (void)timeout_ms;
    if (*script == '\0' || capacity == 0) {
        *out_read = 0;
        return ESP_LOADER_ERROR_TIMEOUT;
    }
    *buf = (uint8_t)*script++;
    *out_read = 1;
    return ESP_LOADER_SUCCESS;
}

TEST(listening_ends_with_the_answer_or_with_silence)
{
    static const esp_loader_port_ops_t ops = {.read_some = read_script};
    esp_loader_port_t port = {.ops = &ops};

    script = "x\r\nrst:0x1 (POWERON),boot:0x0 (DOWNLOAD(USB/UART0))\r\nwaiting for download\r\n";
    assert_int_equal(boot_text_listen(&port), BOOT_DOWNLOAD);
    assert_string_equal(script, "waiting for download\r\n");
    script = "rst:0x1";
    assert_int_equal(boot_text_listen(&port), BOOT_UNKNOWN);
}

TEST(download_mode_counts_and_else_the_last_boot_that_was_told_in_full)
{
    static const char flash[] = "noise\xC0\nrst:0x1 (POWERON),boot:0x8 (SPI_FAST_FLASH_BOOT)\r\nhello\n";
    static const char download[] =
        "rst:0x1 (POWERON),boot:0x0 (DOWNLOAD(USB/UART0))\r\nwaiting for download\r\n";
    boot_text_t text = {0};

    boot_text_take(&text, flash, sizeof(flash) - 1);
    assert_int_equal(text.mode, BOOT_FLASH);
    for (size_t i = 0; i < 4000; i++) {
        boot_text_take(&text, "x", 1); /* a line without end */
    }
    boot_text_take(&text, "\n", 1);
    for (size_t i = 0; i < sizeof(download) - 1; i++) {
        assert_int_equal(text.mode, strchr(download, '\n') < download + i ? BOOT_DOWNLOAD : BOOT_FLASH);
        boot_text_take(&text, download + i, 1);
    }
    boot_text_take(&text, flash, sizeof(flash) - 1);
    assert_int_equal(text.mode, BOOT_DOWNLOAD);
}
