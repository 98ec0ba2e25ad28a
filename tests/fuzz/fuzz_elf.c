/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * ELF files that el-mkimage turns into images. Of what it accepts it makes an image that the library accepts,
 * with the same entry; anything else is refused with a sentence.
 *
 * Input: a byte for the chip, then the file.
 */
#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "../../tools/mkimage/program.h"
#include "source.h"

static const char *const chips[] = {"esp32s3", "esp32c3", "esp8266", "esp32"};
enum { CHIP_COUNT = sizeof(chips) / sizeof(chips[0]), MAX_FILE = 4096 };

void fuzz_one(const uint8_t *data, size_t size)
{
    fuzz_input_t input = {data, size};
    const mkimage_chip_t *chip = mkimage_chip_find(chips[fuzz_u8(&input) % CHIP_COUNT]);
    FUZZ_CHECK(chip != NULL);
    const mkimage_options_t options = {
        .chip = chip, .header_chip_id = chip->image_id, .max_revision = 65535, .has_digest = true};
    fuzz_input_t file = fuzz_take(&input, MAX_FILE);
    uint8_t *elf = fuzz_copy(file);
    const char *error = NULL;
    size_t image_size = 0;

    uint8_t *image = mkimage_elf(&options, elf, file.size, &image_size, &error);
    if (image == NULL) {
        FUZZ_CHECK(error != NULL && error[0] != '\0' && strcmp(error, "out of memory") != 0);
    } else if (!mkimage_has_short_header(chip)) {
        const fuzz_input_t bytes = {image, image_size};
        const esp_loader_source_t source = fuzz_source(&bytes);
        esp_loader_image_info_t info;
        Elf32_Ehdr header;
        memcpy(&header, elf, sizeof(header));
        FUZZ_CHECK(esp_loader_image_check(&source, &info) == ESP_LOADER_SUCCESS);
        FUZZ_CHECK(info.size == image_size && info.entry_addr == header.e_entry);
        FUZZ_CHECK(info.chip_id == chip->image_id);
    }
    free(image);
    free(elf);
}

static void put_elf(fuzz_seed_t *seed, const mkimage_chip_t *chip, unsigned segments)
{
    Elf32_Ehdr header = {.e_type = ET_EXEC,
                         .e_machine = EM_XTENSA,
                         .e_entry = chip->iram_addr,
                         .e_phoff = sizeof(header),
                         .e_phentsize = sizeof(Elf32_Phdr),
                         .e_phnum = (Elf32_Half)segments};
    memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_ident[EI_CLASS] = ELFCLASS32;
    header.e_ident[EI_DATA] = ELFDATA2LSB;
    fuzz_put(seed, &header, sizeof(header));
    for (unsigned i = 0; i < segments; i++) {
        const Elf32_Phdr segment = {.p_type = PT_LOAD,
                                    .p_paddr = i % 2 == 0 ? chip->iram_addr + i * 8 : chip->dram_addr,
                                    .p_offset = i,
                                    .p_filesz = i == 3 ? 5 : 16};
        fuzz_put(seed, &segment, sizeof(segment));
    }
}

FUZZ_SEEDS(2 * CHIP_COUNT)
{
    fuzz_put_u8(seed, number);
    put_elf(seed, mkimage_chip_find(chips[number % CHIP_COUNT]), number / CHIP_COUNT * 3 + 1);
}
