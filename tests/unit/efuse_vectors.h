/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What espefuse 5.6.0 burns in its virtual mode (--virt --path-efuse-file, a new file each): 32 runs of its commands, and the
 * words that went into the emulated controller. Keys are counting bytes: COUNTING from 0, FROM_1 from 1, FROM_A0 from 0xA0;
 * USER is 7 * i + 3. Keys of ECDSA were PEM files with the scalar 01 02 03 ...
 */
#ifndef EFUSE_VECTORS_H
#define EFUSE_VECTORS_H

#include "esp_loader_efuse_plan.h"

typedef enum {
    NOTHING,
    STAGE_KEY,
    STAGE_LEGACY,
    STAGE_MAC,
    STAGE_BITS,
    STAGE_DATA,
    PLAN_AND_BURN
} stage_kind_t;
typedef enum { COUNTING, FROM_1, FROM_A0, USER } input_t;

enum { NO_WRITE_PROTECT = 1 };

typedef struct {
    stage_kind_t kind;
    unsigned where; /**< key, legacy target or block */
    unsigned what;  /**< purpose or first bit */
    input_t input;
    unsigned off, size; /**< of the input; number of bits */
    unsigned flags;
} stage_t;

#define KEY(block, purpose, input, off, size, flags)                                                         \
    {                                                                                                        \
        STAGE_KEY, block, purpose, input, off, size, flags                                                   \
    }
#define LEGACY(target, input, size)                                                                          \
    {                                                                                                        \
        STAGE_LEGACY, target, 0, input, 0, size, 0                                                           \
    }
#define MAC                                                                                                  \
    {                                                                                                        \
        STAGE_MAC, 0, 0, COUNTING, 0, 0, 0                                                                   \
    }
#define BITS(block, first, count)                                                                            \
    {                                                                                                        \
        STAGE_BITS, block, first, COUNTING, 0, count, 0                                                      \
    }
#define DATA(block, input)                                                                                   \
    {                                                                                                        \
        STAGE_DATA, block, 0, input, 0, 256, 0                                                               \
    }
#define COMMIT                                                                                               \
    {                                                                                                        \
        PLAN_AND_BURN, 0, 0, COUNTING, 0, 0, 0                                                               \
    }

typedef struct {
    const char *name;
    target_chip_t chip;
    uint16_t revision;
    stage_t stages[4];
    unsigned count;
    struct {
        uint8_t block;
        uint32_t words[11]; /**< of the controller's buffer */
    } programs[4];
} vector_t;

static const vector_t vectors[] = {
    {"v01",
     ESP32S3_CHIP,
     0,
     {MAC},
     1,
     {{3, {0, 0, 0, 0, 0, 0, 0xEFCDAA00, 0x00030201, 0xC92CE963, 0x27830A0E, 0x6EAF2EA8}}}},
    {"v02",
     ESP32C6_CHIP,
     0,
     {KEY(0, ESP_LOADER_KEY_PURPOSE_XTS_AES_128_KEY, COUNTING, 0, 32, 0)},
     3,
     {{4,
       {0x1C1D1E1F, 0x18191A1B, 0x14151617, 0x10111213, 0x0C0D0E0F, 0x08090A0B, 0x04050607, 0x00010203,
        0xAE7C7C06, 0x79D61C6D, 0xF2E11075}},
      {0, {0, 0, 0x04000000}},
      {0, {0x00800100, 0x00000001}}}},
    {"v03",
     ESP32S3_CHIP,
     0,
     {KEY(0, ESP_LOADER_KEY_PURPOSE_XTS_AES_256_KEY_1, COUNTING, 0, 32, 0),
      KEY(1, ESP_LOADER_KEY_PURPOSE_XTS_AES_256_KEY_2, COUNTING, 32, 32, 0)},
     4,
     {{5,
       {0x3C3D3E3F, 0x38393A3B, 0x34353637, 0x30313233, 0x2C2D2E2F, 0x28292A2B, 0x24252627, 0x20212223,
        0xA5B19F80, 0x0FA9FE07, 0x39C6248F}},
      {4,
       {0x1C1D1E1F, 0x18191A1B, 0x14151617, 0x10111213, 0x0C0D0E0F, 0x08090A0B, 0x04050607, 0x00010203,
        0xAE7C7C06, 0x79D61C6D, 0xF2E11075}},
      {0, {0, 0, 0x32000000}},
      {0, {0x01800300, 0x00000003}}}},
    {"v04",
     ESP32C3_CHIP,
     0,
     {KEY(2, ESP_LOADER_KEY_PURPOSE_SECURE_BOOT_DIGEST0, FROM_A0, 0, 32, 0)},
     3,
     {{6,
       {0xA3A2A1A0, 0xA7A6A5A4, 0xABAAA9A8, 0xAFAEADAC, 0xB3B2B1B0, 0xB7B6B5B4, 0xBBBAB9B8, 0xBFBEBDBC,
        0x2A990404, 0xB02CB1E0, 0xD34F0DEF}},
      {0, {0, 0, 0, 0x00000009}},
      {0, {0x02000400}}}},
    {"v05",
     ESP32S2_CHIP,
     0,
     {KEY(5, ESP_LOADER_KEY_PURPOSE_HMAC_DOWN_ALL, COUNTING, 0, 32, NO_WRITE_PROTECT)},
     3,
     {{9,
       {0x03020100, 0x07060504, 0x0B0A0908, 0x0F0E0D0C, 0x13121110, 0x17161514, 0x1B1A1918, 0x1F1E1D1C,
        0x0D474CA0, 0x03B2FC3F, 0x13F4E9DA}},
      {0, {0, 0, 0, 0x00005000}},
      {0, {0x00002000, 0x00000020}}}},
    {"v06",
     ESP32H2_CHIP,
     0,
     {KEY(1, ESP_LOADER_KEY_PURPOSE_ECDSA_KEY_P256, FROM_1, 0, 32, 0)},
     3,
     {{5,
       {0x1D1E1F20, 0x191A1B1C, 0x15161718, 0x11121314, 0x0D0E0F10, 0x090A0B0C, 0x05060708, 0x01020304,
        0xD40ECD58, 0x1FB9516D, 0xE4FCED00}},
      {0, {0, 0, 0x10000000, 0x00040000}},
      {0, {0x01000200, 0x00000002}}}},
    {"v07",
     ESP32C5_CHIP,
     0,
     {KEY(3, ESP_LOADER_KEY_PURPOSE_ECDSA_KEY_P192, FROM_1, 0, 24, 0)},
     3,
     {{7,
       {0x15161718, 0x11121314, 0x0D0E0F10, 0x090A0B0C, 0x05060708, 0x01020304, 0, 0, 0xA0D0AB1C, 0x833F5275,
        0x51003F2A}},
      {0, {0, 0, 0, 0x00000200}},
      {0, {0x04000800, 0x00000008}}}},
    {"v08",
     ESP32P4_CHIP,
     300,
     {KEY(0, ESP_LOADER_KEY_PURPOSE_ECDSA_KEY_P384_H, FROM_1, 0, 16, 0),
      KEY(1, ESP_LOADER_KEY_PURPOSE_ECDSA_KEY_P384_L, FROM_1, 16, 32, 0)},
     4,
     {{5,
       {0x2D2E2F30, 0x292A2B2C, 0x25262728, 0x21222324, 0x1D1E1F20, 0x191A1B1C, 0x15161718, 0x11121314,
        0xC2F0FDCD, 0x1DB36CA9, 0xE0996858}},
      {4, {0x0D0E0F10, 0x090A0B0C, 0x05060708, 0x01020304, 0, 0, 0, 0, 0x2EBE250E, 0x54EAF07E, 0xBD8E13BB}},
      {0, {0, 0, 0x12000000, 0, 0x18000000}},
      {0, {0x01800300, 0x00000003}}}},
    {"v09",
     ESP32P4_CHIP,
     100,
     {KEY(0, ESP_LOADER_KEY_PURPOSE_XTS_AES_128_KEY, COUNTING, 0, 32, 0)},
     3,
     {{4,
       {0x1C1D1E1F, 0x18191A1B, 0x14151617, 0x10111213, 0x0C0D0E0F, 0x08090A0B, 0x04050607, 0x00010203,
        0xAE7C7C06, 0x79D61C6D, 0xF2E11075}},
      {0, {0, 0, 0x04000000}},
      {0, {0x00800100, 0x00000001}}}},
    {"v10",
     ESP32C61_CHIP,
     0,
     {KEY(4, ESP_LOADER_KEY_PURPOSE_XTS_AES_128_KEY, COUNTING, 0, 32, 0)},
     3,
     {{8,
       {0x1C1D1E1F, 0x18191A1B, 0x14151617, 0x10111213, 0x0C0D0E0F, 0x08090A0B, 0x04050607, 0x00010203,
        0xAE7C7C06, 0x79D61C6D, 0xF2E11075}},
      {0, {0, 0, 0x00040000}},
      {0, {0x08001000, 0x00000010}}}},
    {"v11",
     ESP32C2_CHIP,
     0,
     {LEGACY(ESP_LOADER_LEGACY_KEY_C2_XTS_AES_128, COUNTING, 32)},
     3,
     {{3,
       {0x1C1D1E1F, 0x18191A1B, 0x14151617, 0x10111213, 0x0C0D0E0F, 0x08090A0B, 0x04050607, 0x00010203,
        0xAE7C7C06, 0x79D61C6D, 0xF2E11075}},
      {0, {0, 0x00000400}},
      {0, {0x00000080, 0x00000003}}}},
    {"v12",
     ESP32C2_CHIP,
     0,
     {LEGACY(ESP_LOADER_LEGACY_KEY_C2_XTS_AES_128_DERIVED, COUNTING, 16),
      LEGACY(ESP_LOADER_LEGACY_KEY_C2_SECURE_BOOT_DIGEST, FROM_A0, 16)},
     2,
     {{3,
       {0x0C0D0E0F, 0x08090A0B, 0x04050607, 0x00010203, 0xA3A2A1A0, 0xA7A6A5A4, 0xABAAA9A8, 0xAFAEADAC,
        0x6FF08EF4, 0xBCF7FDD2, 0x1097B3B5}},
      {0, {0x00000080, 0x00000001}}}},
    {"v13",
     ESP32C2_CHIP,
     0,
     {MAC},
     2,
     {{1, {0x01EFCDAA, 0x00000302, 0, 0, 0, 0, 0, 0, 0x6B6E10F3, 0xB10CAA29, 0xBF979DE5}},
      {0, {0, 0x04000000}}}},
    {"v14",
     ESP32_CHIP,
     0,
     {LEGACY(ESP_LOADER_LEGACY_KEY_ESP32_FLASH_ENCRYPTION, COUNTING, 32)},
     2,
     {{1, {0x1C1D1E1F, 0x18191A1B, 0x14151617, 0x10111213, 0x0C0D0E0F, 0x08090A0B, 0x04050607, 0x00010203}},
      {0, {0x00010080}}}},
    {"v15", ESP32_CHIP, 0, {MAC}, 1, {{3, {0xEFCDAA56, 0x00030201, 0, 0, 0, 0x01000000}}}},
    {"v16",
     ESP32_CHIP,
     0,
     {BITS(0, 192, 1), COMMIT, LEGACY(ESP_LOADER_LEGACY_KEY_ESP32_FLASH_ENCRYPTION, COUNTING, 24)},
     3,
     {{0, {0, 0, 0, 0, 0, 0, 0x00000001}},
      {1, {0x14151617, 0x36011213, 0x0E0F1011, 0x37010C0D, 0x08090A0B, 0x2C010607, 0x02030405, 0x13010001}},
      {0, {0x00010080}}}},
    {"v17",
     ESP32_CHIP,
     300,
     {LEGACY(ESP_LOADER_LEGACY_KEY_ESP32_SECURE_BOOT_V2, FROM_A0, 32)},
     2,
     {{2, {0xA3A2A1A0, 0xA7A6A5A4, 0xABAAA9A8, 0xAFAEADAC, 0xB3B2B1B0, 0xB7B6B5B4, 0xBBBAB9B8, 0xBFBEBDBC}},
      {0, {0x00000100}}}},
    {"v18",
     ESP32S31_CHIP,
     0,
     {KEY(1, ESP_LOADER_KEY_PURPOSE_SDC_KEY_DIGEST, COUNTING, 0, 32, 0)},
     3,
     {{5,
       {0x03020100, 0x07060504, 0x0B0A0908, 0x0F0E0D0C, 0x13121110, 0x17161514, 0x1B1A1918, 0x1F1E1D1C,
        0x0D474CA0, 0x03B2FC3F, 0x13F4E9DA}},
      {0, {0, 0, 0, 0x00000260}},
      {0, {0x01000200, 0x00000002}}}},
    {"v19",
     ESP32S31_CHIP,
     0,
     {KEY(0, ESP_LOADER_KEY_PURPOSE_XTS_AES_256_PSRAM_KEY_1, COUNTING, 0, 32, 0),
      KEY(1, ESP_LOADER_KEY_PURPOSE_XTS_AES_256_PSRAM_KEY_2, COUNTING, 32, 32, 0)},
     4,
     {{5,
       {0x3C3D3E3F, 0x38393A3B, 0x34353637, 0x30313233, 0x2C2D2E2F, 0x28292A2B, 0x24252627, 0x20212223,
        0xA5B19F80, 0x0FA9FE07, 0x39C6248F}},
      {4,
       {0x1C1D1E1F, 0x18191A1B, 0x14151617, 0x10111213, 0x0C0D0E0F, 0x08090A0B, 0x04050607, 0x00010203,
        0xAE7C7C06, 0x79D61C6D, 0xF2E11075}},
      {0, {0, 0, 0, 0x000001CD}},
      {0, {0x01800300, 0x00000003}}}},
    {"v20",
     ESP32H4_CHIP,
     0,
     {KEY(0, ESP_LOADER_KEY_PURPOSE_XTS_AES_256_KEY_1, COUNTING, 0, 32, 0),
      KEY(1, ESP_LOADER_KEY_PURPOSE_XTS_AES_256_KEY_2, COUNTING, 32, 32, 0)},
     4,
     {{5,
       {0x3C3D3E3F, 0x38393A3B, 0x34353637, 0x30313233, 0x2C2D2E2F, 0x28292A2B, 0x24252627, 0x20212223,
        0xA5B19F80, 0x0FA9FE07, 0x39C6248F}},
      {4,
       {0x1C1D1E1F, 0x18191A1B, 0x14151617, 0x10111213, 0x0C0D0E0F, 0x08090A0B, 0x04050607, 0x00010203,
        0xAE7C7C06, 0x79D61C6D, 0xF2E11075}},
      {0, {0, 0, 0x00000062}},
      {0, {0x01800300, 0x00000003}}}},
    {"v21",
     ESP32H21_CHIP,
     0,
     {MAC},
     1,
     {{3, {0, 0, 0, 0, 0, 0, 0xEFCDAA00, 0x00030201, 0xC92CE963, 0x27830A0E, 0x6EAF2EA8}}}},
    {"v22",
     ESP32H21_CHIP,
     0,
     {KEY(0, ESP_LOADER_KEY_PURPOSE_ECDSA_KEY_P256, FROM_1, 0, 32, 0)},
     3,
     {{4,
       {0x1D1E1F20, 0x191A1B1C, 0x15161718, 0x11121314, 0x0D0E0F10, 0x090A0B0C, 0x05060708, 0x01020304,
        0xD40ECD58, 0x1FB9516D, 0xE4FCED00}},
      {0, {0, 0, 0x01000000}},
      {0, {0x00800100, 0x00000001}}}},
    {"v23",
     ESP32C3_CHIP,
     0,
     {BITS(0, 82, 3), BITS(0, 52, 1), BITS(0, 116, 1)},
     2,
     {{0, {0, 0x00100000}}, {0, {0, 0, 0x001C0000, 0x00100000}}}},
    {"v24",
     ESP32C3_CHIP,
     0,
     {BITS(0, 82, 3), BITS(0, 52, 1), BITS(0, 116, 1)},
     1,
     {{0, {0, 0x00100000, 0x001C0000, 0x00100000}}}},
    {"v25", ESP32S3_CHIP, 0, {BITS(0, 0, 1), BITS(0, 23, 1)}, 1, {{0, {0x00800001}}}},
    {"v26",
     ESP32C6_CHIP,
     0,
     {DATA(3, USER)},
     1,
     {{3,
       {0x18110A03, 0x342D261F, 0x5049423B, 0x6C655E57, 0x88817A73, 0xA49D968F, 0xC0B9B2AB, 0xDCD5CEC7,
        0x68EBA8CA, 0x0E028A59, 0x20D025EB}}}},
    {"v27",
     ESP32C6_CHIP,
     0,
     {BITS(3, 0, 1), BITS(3, 31, 1), BITS(3, 255, 1)},
     1,
     {{3, {0x80000001, 0, 0, 0, 0, 0, 0, 0x80000000, 0x7E220952, 0x5617E8B5, 0x8D644AB9}}}},
    {"v28",
     ESP32S31_CHIP,
     0,
     {MAC},
     1,
     {{3, {0, 0, 0, 0, 0, 0, 0xEFCDAA00, 0x00030201, 0xC92CE963, 0x27830A0E, 0x6EAF2EA8}}}},
    {"v29",
     ESP32H4_CHIP,
     0,
     {MAC},
     1,
     {{3, {0, 0, 0, 0, 0, 0, 0xEFCDAA00, 0x00030201, 0xC92CE963, 0x27830A0E, 0x6EAF2EA8}}}},
    {"v30",
     ESP32C5_CHIP,
     0,
     {KEY(0, ESP_LOADER_KEY_PURPOSE_XTS_AES_128_PSRAM_KEY, COUNTING, 0, 32, 0)},
     3,
     {{4,
       {0x1C1D1E1F, 0x18191A1B, 0x14151617, 0x10111213, 0x0C0D0E0F, 0x08090A0B, 0x04050607, 0x00010203,
        0xAE7C7C06, 0x79D61C6D, 0xF2E11075}},
      {0, {0, 0, 0x03C00000}},
      {0, {0x00800100, 0x00000001}}}},
    {"v31",
     ESP32P4_CHIP,
     300,
     {KEY(5, ESP_LOADER_KEY_PURPOSE_ECDSA_KEY_P192, FROM_1, 0, 24, 0)},
     3,
     {{9,
       {0x15161718, 0x11121314, 0x0D0E0F10, 0x090A0B0C, 0x05060708, 0x01020304, 0, 0, 0xA0D0AB1C, 0x833F5275,
        0x51003F2A}},
      {0, {0, 0, 0, 0, 0, 0x00000010}},
      {0, {0x10002000, 0x00000020}}}},
    {"v32",
     ESP32_CHIP,
     0,
     {BITS(0, 27, 1), BITS(0, 197, 1), BITS(0, 198, 1)},
     2,
     {{0, {0, 0, 0, 0, 0, 0, 0x00000040}}, {0, {0x08000000, 0, 0, 0, 0, 0, 0x00000020}}}},
};

#endif
