/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What an ESP8266 boots: images with a short header, with a partition table or without, and what its log
 * says.
 */
#include "host.h"

/* A header and @p size bytes that are loaded or mapped to @p addr; returns the whole size. */
static uint32_t put_image(uint8_t *out, uint8_t size_code, uint32_t addr, uint32_t size)
{
    uint8_t checksum = 0xEF;
    out[0] = 0xE9;
    out[1] = 1;
    out[2] = 0;
    out[3] = (uint8_t)(size_code << 4);
    put32(out + 4, 0x40100004);
    put32(out + 8, addr);
    put32(out + 12, size);
    for (uint32_t i = 0; i < size; i++) {
        out[16 + i] = (uint8_t)i;
        checksum ^= (uint8_t)i;
    }
    uint32_t end = (16 + size + 16) / 16 * 16;
    memset(out + 16 + size, 0, end - 16 - size);
    out[end - 1] = checksum;
    return end;
}

#define ESP8266 FAST, .chip = "esp8266", .wiring = ESP_SIM_WIRING_BRIDGE, .flash_size = 1u << 20

static void expect(esp_sim_t *sim, esp_sim_state_t state, const char *line)
{
    size_t before = strlen(esp_sim_console(sim));
    esp_sim_reset_button(sim, false);
    esp_sim_run_until(sim, esp_sim_now_us(sim) + 100000);
    if (strstr(esp_sim_console(sim) + before, line) == NULL) {
        fail_msg("'%s' is not in:\n%s", line, esp_sim_console(sim) + before);
    }
    assert_int_equal(esp_sim_state(sim), state);
}

TEST_NEW(app_that_the_rom_loads_needs_nothing_else, ESP8266)
{
    expect(sim, ESP_SIM_STATE_BOOT_FAILED,
           " ets Jan  8 2013,rst cause:2, boot mode:(3,6)\r\n\r\ninvalid header");
    put_image(esp_sim_flash(sim), 2, 0x40100000, 100);
    expect(sim, ESP_SIM_STATE_APP,
           "load 0x40100000, len 100\r\n"
           "[sim] bootloader at 0x0: 1 segments, checksum right\r\n"
           "[sim] no partition table: the app was loaded by the ROM");
    esp_sim_flash(sim)[20] ^= 1;
    expect(sim, ESP_SIM_STATE_BOOT_FAILED, "bootloader at 0x0: Checksum failed. Calculated");
}

TEST_NEW(header_that_says_more_flash_than_there_is_does_not_boot, ESP8266)
{
    put_image(esp_sim_flash(sim), 3, 0x40100000, 100); /* 2 MB */
    expect(sim, ESP_SIM_STATE_BOOT_FAILED,
           "Detected size(1024k) smaller than the size in the binary image header(2048k).");
}

TEST_NEW(app_with_flash_content_in_front_follows_a_bootloader, ESP8266)
{
    put_image(esp_sim_flash(sim), 0, 0x40100000, 100);
    uint8_t *app = esp_sim_flash(sim) + 0x1000;
    memset(app, 0, 0x200);
    app[0] = 0xEA;
    app[1] = 4;
    put32(app + 12, 160);
    put_image(app + 176, 0, 0x3FFE8000, 64); /* its end is a multiple of 16 in both countings */
    expect(sim, ESP_SIM_STATE_APP, "[sim] app at 0x1000 would run now, entry 0x40100004");
    app[200] ^= 1;
    expect(sim, ESP_SIM_STATE_BOOT_FAILED, "app at 0x1000: Checksum failed. Calculated");
    put32(app + 12, 0xFFFFFF00);
    expect(sim, ESP_SIM_STATE_BOOT_FAILED, "app at 0x1000: its flash content has 4294967040 bytes");
}

TEST_NEW(app_in_a_partition_must_lie_where_it_is_mapped, ESP8266)
{
    static const host_partition_t table[] = {{0, 0, 0x10000, 0x80000, "factory"}};
    put_image(esp_sim_flash(sim), 2, 0x40100000, 100);
    host_make_table(esp_sim_flash(sim) + 0x8000, table, 1);
    put_image(esp_sim_flash(sim) + 0x10000, 2, 0x40210010, 300);
    expect(sim, ESP_SIM_STATE_APP,
           "[sim] app 'factory' at 0x10000: no description, 320 bytes\r\n"
           "[sim] the app would run now, entry 0x40100004");
    put_image(esp_sim_flash(sim) + 0x10000, 2, 0x40210020, 300);
    expect(sim, ESP_SIM_STATE_BOOT_FAILED,
           "Segment 0 load address 0x40210020, doesn't match data 0x00010010");
}

/* Flash content in front, without the CRC that some tools put behind; returns the place of its checksum. */
static uint8_t *put_rom(uint8_t *out)
{
    memset(out, 0, 0x200);
    out[0] = 0xEA;
    out[1] = 4;
    put32(out + 12, 160);
    return out + 176 + put_image(out + 176, 0, 0x40100000, 64) - 1;
}

TEST_NEW(rboot_starts_the_selected_rom_or_another_that_is_whole, ESP8266)
{
    uint8_t *flash = esp_sim_flash(sim);
    put_image(flash, 2, 0x40100000, 100); /* 1 MB */
    uint8_t *first = put_rom(flash + 0x2000);
    expect(sim, ESP_SIM_STATE_APP,
           "Booting rom 0 at 2000, load addr 20b0.\r\n[sim] the app would run now, entry 0x40100004");
    *first ^= 1;
    expect(sim, ESP_SIM_STATE_BOOT_FAILED, "Rom 0 at 2000 is bad.");
    put_rom(flash + 0x82000); /* half of what the header says, and the same sectors again */
    expect(sim, ESP_SIM_STATE_APP, "Booting rom 1 at 82000");
    static const uint8_t config[] = {0xE1, 1, 0, 1, 0, 2, 0, 0, 0, 0x20, 0, 0, 0, 0, 9, 0};
    memcpy(flash + 0x1000, config, sizeof(config));
    *first ^= 1;
    expect(sim, ESP_SIM_STATE_APP, "Rom 1 at 90000 is bad.");
    assert_non_null(strstr(esp_sim_console(sim), "Booting rom 0 at 2000"));
    put_rom(flash + 0x90000);
    expect(sim, ESP_SIM_STATE_APP, "Booting rom 1 at 90000");
    memset(flash + 0x2000, 0xFF, 0x1000);
    memset(flash + 0x90000, 0xFF, 0x1000);
    expect(sim, ESP_SIM_STATE_BOOT_FAILED, "No good rom available.");
}

TEST_NEW(eboot_compares_nothing, ESP8266)
{
    uint8_t *flash = esp_sim_flash(sim);
    put_image(flash, 2, 0x40100000, 100);
    put_image(flash + 0x1000, 2, 0x40201010, 300);
    flash[0x1000 + 20] ^= 1;
    expect(sim, ESP_SIM_STATE_APP, "[sim] app at 0x1000 would run now, entry 0x40100004");
    put32(flash + 0x1000 + 12, 0x100000);
    expect(sim, ESP_SIM_STATE_BOOT_FAILED,
           "app at 0x1000: segment 0 has 1048576 bytes, more than there is room");
}
