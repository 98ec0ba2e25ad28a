/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The flasher stubs as they are published: where they go, how long they are, what they hash to. Source:
 * esptool 5.6.0, targets/stub_flasher/2 (esp-flasher-stub 1.4.1); which of them address more than 16 MiB:
 * esp-stub-lib; the earlier address of the ESP32-C61's data: the stub that esptool-js 0.7.0 brings.
 */
#include "loader/stub.h"

#include "chip/chip_table.h"

enum { ANY_REVISION = 0xFFFF };

/* A chip's first row whose revisions include the chip's is its stub. */
static const sim_stub_image_t STUBS[] = {
    {"esp8266",
     ANY_REVISION,
     0x4010C504,
     {0x4010C500, 11456},
     {0x3FFFAE6C, 920},
     "31c99fe642b95433df972048227ed0cf69adddbd9773c73f56cff46dc0bc885b",
     false,
     0},
    {"esp32",
     ANY_REVISION,
     0x400A902C,
     {0x400A8000, 6456},
     {0x3FFDED6C, 212},
     "f45a88d48ce374b3d91b302e899ab7374010e6ed1b94d0ffc4c3d81893e3feee",
     false,
     0},
    {"esp32s2",
     ANY_REVISION,
     0x400290A4,
     {0x40028000, 6600},
     {0x3FFE2DC4, 212},
     "6e7c7e54886f552e1c8b09fa4a835619bf7ec1cad0dc31bc3f6e29394074ddcc",
     false,
     0},
    {"esp32s3",
     ANY_REVISION,
     0x403795A8,
     {0x40378000, 8668},
     {0x3FCB2DC4, 264},
     "f4ce464870b1b8890f3c1eaf93ee9d901a27ef68a4cb676f1c27390e6681e663",
     true,
     0},
    {"esp32c2",
     ANY_REVISION,
     0x40380F90,
     {0x40380000, 5816},
     {0x3FCB6D70, 204},
     "c6e61567f708388c61b12a441f92ee6d1421f7da70979841a4061813f38a9c92",
     false,
     0},
    {"esp32c3",
     ANY_REVISION,
     0x40380E9A,
     {0x40380000, 5880},
     {0x3FC96D6C, 204},
     "af77deced9eba83604597245611428bbc55907296a92f48ba08776ff443ec122",
     false,
     0},
    {"esp32c5",
     ANY_REVISION,
     0x40801610,
     {0x40800000, 8104},
     {0x40852F0C, 216},
     "69a892beb3a35810af07a6ac53f2470479d27f15202e945f43a035b0b7aafaa2",
     true,
     0},
    {"esp32c6",
     ANY_REVISION,
     0x4080127C,
     {0x40800000, 7412},
     {0x40852F0C, 216},
     "05726b2482a47034f880207bd67b3da5d1bf9a071f84d18183e9e796fe29cee1",
     false,
     0},
    {"esp32c61",
     ANY_REVISION,
     0x40801316,
     {0x40800000, 7040},
     {0x40822D68, 204},
     "dc48362654cb3ec69fb13184a5bd9df67a352e333ee300bd54c144f685165dd8",
     true,
     0x40816D68},
    {"esp32h2",
     ANY_REVISION,
     0x40800E92,
     {0x40800000, 5864},
     {0x40842D68, 204},
     "3325fef8f79f75713c69dfd034dd04b41c0350ad99e1f1ef1752a2f781ef5990",
     false,
     0},
    {"esp32p4",
     299,
     0x4FF11476,
     {0x4FF10000, 8208},
     {0x4FF62DBC, 204},
     "e87916f12fa34b757bb6c05a51f2e770dd5258db01dd0ca2184b19918b41113f",
     true,
     0},
    {"esp32p4",
     ANY_REVISION,
     0x4FF51476,
     {0x4FF50000, 8208},
     {0x4FF72DBC, 204},
     "dcefdbcd8100d5ae9e0964c627e404c16139265823e375eaf6699cc5e3234c79",
     true,
     0},
    {"esp32s31",
     ANY_REVISION,
     0x2F00238C,
     {0x2F001000, 7512},
     {0x2F01CDB8, 204},
     "20353ab7058d08c01da34a1b413ad7797510773caed37f376a0096dfcc9c9ea8",
     true,
     0},
    {"esp32h21",
     ANY_REVISION,
     0x40800F32,
     {0x40800000, 6240},
     {0x40822D68, 204},
     "af17f4b8a767a78826bd6d545fa91a89f52f60639d318cc6ea023f353d4ef6a2",
     false,
     0},
    {"esp32h4",
     ANY_REVISION,
     0x4081134A,
     {0x40810000, 7308},
     {0x40842D68, 204},
     "43f267097655ea1f27100809fac5472521f768b9c3cb6a686d1838cfe3859488",
     true,
     0},
};

/* The next row of the chip, from @p row on. */
static const sim_stub_image_t *find_row(const sim_stub_image_t *row, const char *chip_name)
{
    const sim_stub_image_t *const end = STUBS + sizeof(STUBS) / sizeof(STUBS[0]);
    return sim_chip_find_row(chip_name, row, (size_t)(end - row), sizeof(*row));
}

const sim_stub_image_t *sim_stub_image_of(const char *chip_name, uint32_t revision)
{
    const sim_stub_image_t *row = find_row(STUBS, chip_name);
    while (row != NULL && revision > row->last_revision) {
        row = find_row(row + 1, chip_name);
    }
    return row;
}
