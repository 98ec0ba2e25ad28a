/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What espefuse 5.6 burnt when it was given these commands on a blank part (its virtual mode, register traffic recorded),
 * through the same registers: the same words are read back, and no others.
 *
 * k16 to k64: bytes that count up from 0; d32: from 0xA0; u32: 7 * i + 3; p256, p192, p384: private keys whose scalar
 * counts up from 1.
 */
#include "efuse_host.h"

#include <stdlib.h>

static const struct {
    const char *chip, *command;
    uint32_t addr, bits;  /* burnt before */
    const char *burns[5]; /* command, words, check words */
    const char *after;    /* block.word=value of all that is not 0 */
} vectors[] = {
    {"esp32s3",
     "burn-custom-mac AA:CD:EF:01:02:03",
     0x0,
     0x0,
     {"0x0E 6=EFCDAA00 7=00030201 / C92CE963 27830A0E 6EAF2EA8"},
     "3.6=EFCDAA00 3.7=00030201"},
    {"esp32c6",
     "burn-key BLOCK_KEY0 k32.bin XTS_AES_128_KEY",
     0x0,
     0x0,
     {"0x12 0=1C1D1E1F 1=18191A1B 2=14151617 3=10111213 4=0C0D0E0F 5=08090A0B 6=04050607 7=00010203 / "
      "AE7C7C06 79D61C6D F2E11075",
      "0x02 2=04000000", "0x02 0=00800100 1=00000001"},
     "0.0=00800100 0.1=00000001 0.2=04000000"},
    {"esp32s3",
     "burn-key BLOCK_KEY0 k64.bin XTS_AES_256_KEY",
     0x0,
     0x0,
     {"0x16 0=3C3D3E3F 1=38393A3B 2=34353637 3=30313233 4=2C2D2E2F 5=28292A2B 6=24252627 7=20212223 / "
      "A5B19F80 0FA9FE07 39C6248F",
      "0x12 0=1C1D1E1F 1=18191A1B 2=14151617 3=10111213 4=0C0D0E0F 5=08090A0B 6=04050607 7=00010203 / "
      "AE7C7C06 79D61C6D F2E11075",
      "0x02 2=32000000", "0x02 0=01800300 1=00000003"},
     "0.0=01800300 0.1=00000003 0.2=32000000"},
    {"esp32c3",
     "burn-key BLOCK_KEY2 d32.bin SECURE_BOOT_DIGEST0",
     0x0,
     0x0,
     {"0x1A 0=A3A2A1A0 1=A7A6A5A4 2=ABAAA9A8 3=AFAEADAC 4=B3B2B1B0 5=B7B6B5B4 6=BBBAB9B8 7=BFBEBDBC / "
      "2A990404 B02CB1E0 D34F0DEF",
      "0x02 3=00000009", "0x02 0=02000400"},
     "0.0=02000400 0.3=00000009 6.0=A3A2A1A0 6.1=A7A6A5A4 6.2=ABAAA9A8 6.3=AFAEADAC 6.4=B3B2B1B0 "
     "6.5=B7B6B5B4 6.6=BBBAB9B8 6.7=BFBEBDBC"},
    {"esp32s2",
     "burn-key BLOCK_KEY5 k32.bin HMAC_DOWN_ALL --no-write-protect",
     0x0,
     0x0,
     {"0x26 0=03020100 1=07060504 2=0B0A0908 3=0F0E0D0C 4=13121110 5=17161514 6=1B1A1918 7=1F1E1D1C / "
      "0D474CA0 03B2FC3F 13F4E9DA",
      "0x02 3=00005000", "0x02 0=00002000 1=00000020"},
     "0.0=00002000 0.1=00000020 0.3=00005000"},
    {"esp32h2",
     "burn-key BLOCK_KEY1 p256.pem ECDSA_KEY",
     0x0,
     0x0,
     {"0x16 0=1D1E1F20 1=191A1B1C 2=15161718 3=11121314 4=0D0E0F10 5=090A0B0C 6=05060708 7=01020304 / "
      "D40ECD58 1FB9516D E4FCED00",
      "0x02 2=10000000 3=00040000", "0x02 0=01000200 1=00000002"},
     "0.0=01000200 0.1=00000002 0.2=10000000 0.3=00040000"},
    {"esp32c5",
     "burn-key BLOCK_KEY3 p192.pem ECDSA_KEY_P192",
     0x0,
     0x0,
     {"0x1E 0=15161718 1=11121314 2=0D0E0F10 3=090A0B0C 4=05060708 5=01020304 / A0D0AB1C 833F5275 51003F2A",
      "0x02 3=00000200", "0x02 0=04000800 1=00000008"},
     "0.0=04000800 0.1=00000008 0.3=00000200"},
    {"esp32p4",
     "burn-key BLOCK_KEY0 p384.pem ECDSA_KEY_P384",
     0x5012D04C,
     0x30,
     {"0x16 0=2D2E2F30 1=292A2B2C 2=25262728 3=21222324 4=1D1E1F20 5=191A1B1C 6=15161718 7=11121314 / "
      "C2F0FDCD 1DB36CA9 E0996858",
      "0x12 0=0D0E0F10 1=090A0B0C 2=05060708 3=01020304 / 2EBE250E 54EAF07E BD8E13BB",
      "0x02 2=12000000 4=18000000", "0x02 0=01800300 1=00000003"},
     "0.0=01800300 0.1=00000003 0.2=12000000 0.4=18000000 1.2=00000030"},
    {"esp32p4",
     "burn-key BLOCK_KEY0 k32.bin XTS_AES_128_KEY",
     0x5012D04C,
     0x10,
     {"0x12 0=1C1D1E1F 1=18191A1B 2=14151617 3=10111213 4=0C0D0E0F 5=08090A0B 6=04050607 7=00010203 / "
      "AE7C7C06 79D61C6D F2E11075",
      "0x02 2=04000000", "0x02 0=00800100 1=00000001"},
     "0.0=00800100 0.1=00000001 0.2=04000000 1.2=00000010"},
    {"esp32c61",
     "burn-key BLOCK_KEY4 k32.bin XTS_AES_128_KEY",
     0x0,
     0x0,
     {"0x22 0=1C1D1E1F 1=18191A1B 2=14151617 3=10111213 4=0C0D0E0F 5=08090A0B 6=04050607 7=00010203 / "
      "AE7C7C06 79D61C6D F2E11075",
      "0x02 2=00040000", "0x02 0=08001000 1=00000010"},
     "0.0=08001000 0.1=00000010 0.2=00040000"},
    {"esp32c2",
     "burn-key BLOCK_KEY0 k32.bin XTS_AES_128_KEY",
     0x0,
     0x0,
     {"0x0E 0=1C1D1E1F 1=18191A1B 2=14151617 3=10111213 4=0C0D0E0F 5=08090A0B 6=04050607 7=00010203 / "
      "AE7C7C06 79D61C6D F2E11075",
      "0x02 1=00000400", "0x02 0=00000080 1=00000003"},
     "0.0=00000080 0.1=00000403"},
    {"esp32c2",
     "burn-key BLOCK_KEY0 k16.bin XTS_AES_128_KEY_DERIVED_FROM_128_EFUSE_BITS BLOCK_KEY0 d32.bin "
     "SECURE_BOOT_DIGEST",
     0x0,
     0x0,
     {"0x0E 0=0C0D0E0F 1=08090A0B 2=04050607 3=00010203 4=A3A2A1A0 5=A7A6A5A4 6=ABAAA9A8 7=AFAEADAC / "
      "6FF08EF4 BCF7FDD2 1097B3B5",
      "0x02 0=00000080 1=00000001"},
     "0.0=00000080 0.1=00000001 3.4=A3A2A1A0 3.5=A7A6A5A4 3.6=ABAAA9A8 3.7=AFAEADAC"},
    {"esp32c2",
     "burn-custom-mac AA:CD:EF:01:02:03",
     0x0,
     0x0,
     {"0x06 0=01EFCDAA 1=00000302 / 6B6E10F3 B10CAA29 BF979DE5", "0x02 1=04000000"},
     "0.1=04000000 1.0=01EFCDAA 1.1=00000302"},
    {"esp32",
     "burn-key flash_encryption k32.bin",
     0x0,
     0x0,
     {"0x02 +98=1C1D1E1F +9C=18191A1B +A0=14151617 +A4=10111213 +A8=0C0D0E0F +AC=08090A0B +B0=04050607 "
      "+B4=00010203",
      "0x02 +1C=00010080"},
     "0.0=00010080"},
    {"esp32",
     "burn-custom-mac AA:CD:EF:01:02:03",
     0x0,
     0x0,
     {"0x02 +D8=EFCDAA56 +DC=00030201 +EC=01000000"},
     "3.0=EFCDAA56 3.1=00030201 3.5=01000000"},
    {"esp32",
     "burn-efuse CODING_SCHEME 1, burn-key flash_encryption k24.bin",
     0x0,
     0x0,
     {"0x02 +34=00000001",
      "0x02 +98=14151617 +9C=36011213 +A0=0E0F1011 +A4=37010C0D +A8=08090A0B +AC=2C010607 +B0=02030405 "
      "+B4=13010001",
      "0x02 +1C=00010080"},
     "0.0=00010080 0.6=00000001"},
    {"esp32",
     "burn-key secure_boot_v2 d32.bin",
     0x0,
     0x0,
     {"0x02 +B8=A3A2A1A0 +BC=A7A6A5A4 +C0=ABAAA9A8 +C4=AFAEADAC +C8=B3B2B1B0 +CC=B7B6B5B4 +D0=BBBAB9B8 "
      "+D4=BFBEBDBC",
      "0x02 +1C=00000100"},
     "0.0=00000100 2.0=A3A2A1A0 2.1=A7A6A5A4 2.2=ABAAA9A8 2.3=AFAEADAC 2.4=B3B2B1B0 2.5=B7B6B5B4 "
     "2.6=BBBAB9B8 2.7=BFBEBDBC"},
    {"esp32s31",
     "burn-key BLOCK_KEY1 k32.bin SDC_KEY_DIGEST",
     0x0,
     0x0,
     {"0x16 0=03020100 1=07060504 2=0B0A0908 3=0F0E0D0C 4=13121110 5=17161514 6=1B1A1918 7=1F1E1D1C / "
      "0D474CA0 03B2FC3F 13F4E9DA",
      "0x02 3=00000260", "0x02 0=01000200 1=00000002"},
     "0.0=01000200 0.1=00000002 0.3=00000260"},
    {"esp32s31",
     "burn-key BLOCK_KEY0 k64.bin XTS_AES_256_PSRAM_KEY",
     0x0,
     0x0,
     {"0x16 0=3C3D3E3F 1=38393A3B 2=34353637 3=30313233 4=2C2D2E2F 5=28292A2B 6=24252627 7=20212223 / "
      "A5B19F80 0FA9FE07 39C6248F",
      "0x12 0=1C1D1E1F 1=18191A1B 2=14151617 3=10111213 4=0C0D0E0F 5=08090A0B 6=04050607 7=00010203 / "
      "AE7C7C06 79D61C6D F2E11075",
      "0x02 3=000001CD", "0x02 0=01800300 1=00000003"},
     "0.0=01800300 0.1=00000003 0.3=000001CD"},
    {"esp32h4",
     "burn-key BLOCK_KEY0 k64.bin XTS_AES_256_KEY",
     0x0,
     0x0,
     {"0x16 0=3C3D3E3F 1=38393A3B 2=34353637 3=30313233 4=2C2D2E2F 5=28292A2B 6=24252627 7=20212223 / "
      "A5B19F80 0FA9FE07 39C6248F",
      "0x12 0=1C1D1E1F 1=18191A1B 2=14151617 3=10111213 4=0C0D0E0F 5=08090A0B 6=04050607 7=00010203 / "
      "AE7C7C06 79D61C6D F2E11075",
      "0x02 2=00000062", "0x02 0=01800300 1=00000003"},
     "0.0=01800300 0.1=00000003 0.2=00000062"},
    {"esp32h21",
     "burn-custom-mac AA:CD:EF:01:02:03",
     0x0,
     0x0,
     {"0x0E 6=EFCDAA00 7=00030201 / C92CE963 27830A0E 6EAF2EA8"},
     "3.6=EFCDAA00 3.7=00030201"},
    {"esp32h21",
     "burn-key BLOCK_KEY0 p256.pem ECDSA_KEY",
     0x0,
     0x0,
     {"0x12 0=1D1E1F20 1=191A1B1C 2=15161718 3=11121314 4=0D0E0F10 5=090A0B0C 6=05060708 7=01020304 / "
      "D40ECD58 1FB9516D E4FCED00",
      "0x02 2=01000000", "0x02 0=00800100 1=00000001"},
     "0.0=00800100 0.1=00000001 0.2=01000000"},
    {"esp32c3",
     "burn-efuse SPI_BOOT_CRYPT_CNT 7 DIS_DOWNLOAD_MANUAL_ENCRYPT 1 SECURE_BOOT_EN 1",
     0x0,
     0x0,
     {"0x02 1=00100000", "0x02 2=001C0000 3=00100000"},
     "0.1=00100000 0.2=001C0000 0.3=00100000"},
    {"esp32c3",
     "burn-efuse SPI_BOOT_CRYPT_CNT 7 DIS_DOWNLOAD_MANUAL_ENCRYPT 1 SECURE_BOOT_EN 1",
     0x0,
     0x0,
     {"0x02 1=00100000 2=001C0000 3=00100000"},
     "0.1=00100000 0.2=001C0000 0.3=00100000"},
    {"esp32s3", "write-protect-efuse RD_DIS BLOCK_KEY0", 0x0, 0x0, {"0x02 0=00800001"}, "0.0=00800001"},
    {"esp32c6",
     "burn-block-data BLOCK_USR_DATA u32.bin",
     0x0,
     0x0,
     {"0x0E 0=18110A03 1=342D261F 2=5049423B 3=6C655E57 4=88817A73 5=A49D968F 6=C0B9B2AB 7=DCD5CEC7 / "
      "68EBA8CA 0E028A59 20D025EB"},
     "3.0=18110A03 3.1=342D261F 3.2=5049423B 3.3=6C655E57 3.4=88817A73 3.5=A49D968F 3.6=C0B9B2AB "
     "3.7=DCD5CEC7"},
    {"esp32c6",
     "burn-bit BLOCK3 0 31 255",
     0x0,
     0x0,
     {"0x0E 0=80000001 7=80000000 / 7E220952 5617E8B5 8D644AB9"},
     "3.0=80000001 3.7=80000000"},
    {"esp32s31",
     "burn-custom-mac AA:CD:EF:01:02:03",
     0x0,
     0x0,
     {"0x0E 6=EFCDAA00 7=00030201 / C92CE963 27830A0E 6EAF2EA8"},
     "3.6=EFCDAA00 3.7=00030201"},
    {"esp32h4",
     "burn-custom-mac AA:CD:EF:01:02:03",
     0x0,
     0x0,
     {"0x0E 6=EFCDAA00 7=00030201 / C92CE963 27830A0E 6EAF2EA8"},
     "3.6=EFCDAA00 3.7=00030201"},
    {"esp32c5",
     "burn-key BLOCK_KEY0 k32.bin XTS_AES_128_PSRAM_KEY",
     0x0,
     0x0,
     {"0x12 0=1C1D1E1F 1=18191A1B 2=14151617 3=10111213 4=0C0D0E0F 5=08090A0B 6=04050607 7=00010203 / "
      "AE7C7C06 79D61C6D F2E11075",
      "0x02 2=03C00000", "0x02 0=00800100 1=00000001"},
     "0.0=00800100 0.1=00000001 0.2=03C00000"},
    {"esp32p4",
     "burn-key BLOCK_KEY5 p192.pem ECDSA_KEY_P192",
     0x5012D04C,
     0x30,
     {"0x26 0=15161718 1=11121314 2=0D0E0F10 3=090A0B0C 4=05060708 5=01020304 / A0D0AB1C 833F5275 51003F2A",
      "0x02 5=00000010", "0x02 0=10002000 1=00000020"},
     "0.0=10002000 0.1=00000020 0.5=00000010 1.2=00000030"},
    {"esp32",
     "burn-efuse UART_DOWNLOAD_DIS 1 ABS_DONE_1 1 JTAG_DISABLE 1",
     0x0,
     0x0,
     {"0x02 +34=00000040", "0x02 +1C=08000000 +34=00000020"},
     "0.0=08000000 0.6=00000060"},
};

static void expect_burns(const esp_sim_t *sim, const char *const burns[5])
{
    char expected[1024] = "";
    for (size_t i = 0; i < 5 && burns[i] != NULL; i++) {
        size_t used = strlen(expected);
        (void)snprintf(expected + used, sizeof(expected) - used, "%s: done\n", burns[i]);
    }
    assert_string_equal(esp_sim_burns(sim), expected);
}

static void expect_words(const esp_sim_t *sim, const efuse_host_t *host, const char *after)
{
    for (size_t block = 0; host->blocks[block] != 0xFFFF; block++) {
        uint32_t end =
            host->blocks[block + 1] == 0xFFFF ? host->blocks[block] + 32u : host->blocks[block + 1];
        uint32_t size = host->writes == NULL ? (end - host->blocks[block]) / 4 : block == 0 ? 7 : 8;
        for (size_t word = 0; word < size; word++) {
            char place[16];
            unsigned expected = 0;
            (void)snprintf(place, sizeof(place), "%u.%u=", (unsigned)block, (unsigned)word);
            const char *found = strstr(after, place);
            if (found != NULL && (found == after || found[-1] == ' ')) {
                expected = (unsigned)strtoul(found + strlen(place), NULL, 16);
            }
            if (efuse_word(sim, host, block, word) != expected) {
                fail_msg("%s0x%08X, not 0x%08X", place, (unsigned)efuse_word(sim, host, block, word),
                         expected);
            }
        }
    }
}

TEST_ROWS(registers_burn_what_espefuse_burns, vectors)
{
    const efuse_host_t *host = efuse_host(row->chip);
    esp_sim_t *sim = efuse_blank(row->chip, row->addr, row->bits);
    for (size_t i = 0; i < 5 && row->burns[i] != NULL; i++) {
        efuse_burn(sim, host, row->burns[i]);
    }
    expect_burns(sim, row->burns);
    expect_words(sim, host, row->after);
    host_end(sim);
}
