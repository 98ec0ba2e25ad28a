/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the flash chip says about itself: identification, size, unique id, through the SPI peripheral of every
 * chip, with the ROM loader and with the stub.
 */
#include <string.h>

#include "operations.h"

#define WINBOND    0x1740EFu
#define GIGADEVICE 0x1740C8u
#define MACRONIX   0x1720C2u
#define ALL_ZEROS  0x01000000u /* only the low 24 bits reach the bus */
#define ALL_ONES   0xFFFFFFFFu /* nothing drives the bus */

static const uint8_t mac[6] = {0x7C, 0xDF, 0xA1, 0x01, 0x02, 0x03};

static bench_t make_bench(const char *chip, uint32_t jedec_id)
{
    bench_t bench = {.config = {.chip = chip,
                                .wiring = ESP_SIM_WIRING_BRIDGE,
                                .timing = ESP_SIM_TIMING_FAST,
                                .accepts_any_stub = true,
                                .flash_jedec_id = jedec_id}};
    memcpy(bench.config.mac, mac, sizeof(mac));
    return bench;
}

static bench_t make_bench_for(const char *chip, uint32_t jedec_id, size_t loader)
{
    bench_t bench = make_bench(chip, jedec_id);
    bench.target_loader = (int)loader;
    return bench;
}

/* Reading an id must leave the peripheral as the loader's own flash routines expect it. */
static void use_flash(bench_t *b)
{
    static uint8_t data[2000];
    bench_fill(data, sizeof(data), 3);
    assert_success(bench_flash(b, 0x10000, data, sizeof(data), true));
    assert_memory_equal(esp_sim_flash(b->sim) + 0x10000, data, sizeof(data));
}

TEST_CONNECTED_EACH(id_and_unique_id_are_read_on_every_chip_with_either_loader, chip_count *LOADER_COUNT,
                    make_bench_for(chips[i % chip_count].sim_name, GIGADEVICE, i / chip_count))
{
    static const uint8_t expected[] = {0xE5, 0xE5, 0x7C, 0xDF, 0xA1, 0x01, 0x02, 0x03,
                                       0xE6, 0xE6, 0x7C, 0xDF, 0xA1, 0x01, 0x02, 0x03};
    uint8_t id[16];
    uint32_t jedec = 0;
    uint32_t usr_before = esp_sim_peek(b->sim, 0x60002018);
    assert_success(esp_loader_flash_read_unique_id(&b->loader, id, 16));
    assert_memory_equal(id, expected, 16);
    memset(id, 0, sizeof(id));
    assert_success(esp_loader_flash_read_unique_id(&b->loader, id, 8));
    assert_memory_equal(id, expected, 8);
    assert_int_equal(id[8], 0);
    assert_success(esp_loader_flash_read_id(&b->loader, &jedec));
    assert_int_equal(jedec, GIGADEVICE);
    assert_int_equal(esp_sim_peek(b->sim, 0x60002018), usr_before);
    use_flash(b);
}

/* Three registers are read, five and later three written, the command is started and looked after, and its
 * outcome is read: 14 commands, and a ROM is told to attach the flash. A stub takes the five and the three at
 * once. Answers that are like the one before, here because registers of the model are 0, are asked for again
 * behind a SYNC. */
TEST_CONNECTED_EACH(a_stub_writes_registers_that_follow_each_other_in_one_command, LOADER_COUNT,
                    make_bench_for("esp32s3", WINBOND, i))
{
    static const uint64_t expected[] = {15 + 4 * 2, 8 + 3 * 2};
    uint32_t jedec;
    assert_success(esp_loader_flash_read_id(&b->loader, &jedec)); /* attaches */
    uint64_t writes = b->port.base.writes;
    assert_success(esp_loader_flash_read_id(&b->loader, &jedec));
    assert_int_equal(jedec, WINBOND);
    assert_int_equal(b->port.base.writes - writes, expected[i]);
}

TEST_CONNECTED(part_without_a_unique_id_is_told_apart, make_bench("esp32s3", MACRONIX))
{
    uint8_t id[16];
    assert_int_equal(esp_loader_flash_read_unique_id(&b->loader, id, 8), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(bench_cause(b), ESP_LOADER_ERROR_FLASH_ID);
    use_flash(b);
}

TEST_CONNECTED(unique_id_of_another_size_is_refused, make_bench("esp32s3", WINBOND))
{
    static const size_t sizes[] = {0, 4, 7, 9, 12, 17, 32, SIZE_MAX};
    uint8_t id[16];
    for (size_t i = 0; i < COUNT(sizes); i++) {
        assert_int_equal(esp_loader_flash_read_unique_id(&b->loader, id, sizes[i]),
                         ESP_LOADER_ERROR_INVALID_PARAM);
    }
}

TEST_CONNECTED(secure_download_mode_tells_nothing, BENCH(.is_secure_download = true))
{
    uint8_t bytes[16];
    uint32_t jedec;
    assert_int_equal(esp_loader_flash_read_unique_id(&b->loader, bytes, 8),
                     ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(bench_cause(b), ESP_LOADER_ERROR_SECURITY);
    assert_int_equal(esp_loader_flash_read_id(&b->loader, &jedec), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(bench_cause(b), ESP_LOADER_ERROR_SECURITY);
    assert_int_equal(esp_loader_flash_read_status(&b->loader, bytes), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(bench_cause(b), ESP_LOADER_ERROR_SECURITY);
}

static const uint32_t impossible_ids[] = {ALL_ZEROS, ALL_ONES};

TEST_CONNECTED_EACH(impossible_ids_are_errors_with_the_raw_value, 2, make_bench("esp32c3", impossible_ids[i]))
{
    uint32_t value;
    assert_int_equal(esp_loader_flash_read_id(&b->loader, &value), ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(bench_cause(b), ESP_LOADER_ERROR_FLASH_ID);
    assert_int_equal(esp_loader_error_detail(&b->loader)->value, impossible_ids[i] & 0xFFFFFF);
    assert_int_equal(esp_loader_flash_detect_size(&b->loader, &value), ESP_LOADER_ERROR_INVALID_RESPONSE);
    esp_loader_flash_cfg_t cfg = {.offset = 0, .image_size = 100, .block_size = 1024};
    assert_int_equal(esp_loader_flash_start(&b->loader, &cfg), ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(esp_sim_stats(b->sim)->sectors_erased, 0);
}

/* Source: esptool 5.3, DETECTED_FLASH_SIZES and the one of Adesto. */
static uint32_t size_of_id(uint32_t id)
{
    static const struct {
        uint8_t code;
        uint32_t kib;
    } sizes[] = {
        {0x12, 256},    {0x13, 512},    {0x14, 1024},  {0x15, 2048},   {0x16, 4096},   {0x17, 8192},
        {0x18, 16384},  {0x19, 32768},  {0x1A, 65536}, {0x1B, 131072}, {0x1C, 262144}, {0x20, 65536},
        {0x21, 131072}, {0x22, 262144}, {0x32, 256},   {0x33, 512},    {0x34, 1024},   {0x35, 2048},
        {0x36, 4096},   {0x37, 8192},   {0x38, 16384}, {0x39, 32768},  {0x3A, 65536},
    };
    static const struct {
        uint8_t code;
        uint32_t kib;
    } adesto[] = {{0x04, 512}, {0x05, 1024}, {0x06, 2048}, {0x07, 4096}, {0x08, 8192}, {0x09, 16384}};
    for (size_t i = 0; i < COUNT(sizes) && (id & 0xFF) != 0x1F; i++) {
        if (sizes[i].code == id >> 16) {
            return sizes[i].kib * 1024;
        }
    }
    for (size_t i = 0; i < COUNT(adesto) && (id & 0xFF) == 0x1F; i++) {
        if (adesto[i].code == (id >> 8 & 0x1F)) {
            return adesto[i].kib * 1024;
        }
    }
    return 0;
}

/* 256 codes of Winbond, then those of Adesto. */
static uint32_t id_with_code(uint32_t i)
{
    return i < 256 ? i << 16 | 0x40EF : 0x01001F | (i - 256) << 8;
}

TEST_CONNECTED_EACH(every_capacity_code_has_its_size_or_is_unknown, 2u * 256,
                    make_bench("esp32s3", id_with_code((uint32_t)i)))
{
    const uint32_t id = id_with_code((uint32_t)i);
    uint32_t size = 0;
    esp_loader_error_t err = esp_loader_flash_detect_size(&b->loader, &size);
    if (size_of_id(id) != 0) {
        assert_success(err);
        assert_int_equal(size, size_of_id(id));
    } else {
        assert_int_equal(err, ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
        assert_int_equal(esp_loader_error_detail(&b->loader)->value, id);
    }
}

TEST_OPEN_EACH(status_register_is_read_with_either_loader, LOADER_COUNT,
               make_bench_for("esp32s3", WINBOND, i))
{
    uint8_t status = 0xA5;
    assert_int_equal(esp_loader_flash_read_status(&b->loader, &status), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_success(bench_try_connect(b));
    assert_success(esp_loader_flash_read_status(&b->loader, &status));
    assert_int_equal(status, 0);
    bench_faults(b, "flash protected");
    assert_success(esp_loader_flash_read_status(&b->loader, &status));
    assert_int_not_equal(status & 0x1C, 0); /* the bits that protect blocks */
    bench_faults(b, "from command 1 of 0x09: error 0x05");
    assert_int_not_equal(esp_loader_flash_read_status(&b->loader, &status), ESP_LOADER_SUCCESS);
    assert_int_equal(bench_cause(b), ESP_LOADER_ERROR_TARGET_STATUS);
    assert_int_equal(esp_loader_error_detail(&b->loader)->stage, ESP_LOADER_STAGE_ATTACH);
}

TEST_CONNECTED(status_of_a_flash_that_is_not_attached_is_an_error, make_bench("esp32s3", WINBOND))
{
    uint8_t status;
    bench_faults(b, "from command 1 of 0x0d: error 0x05"); /* SPI_ATTACH */
    assert_int_not_equal(esp_loader_flash_read_status(&b->loader, &status), ESP_LOADER_SUCCESS);
    assert_int_equal(bench_cause(b), ESP_LOADER_ERROR_TARGET_STATUS);
}

TEST_CONNECTED(flash_is_attached_once, make_bench("esp32s3", WINBOND))
{
    uint8_t status;
    assert_success(esp_loader_flash_read_status(&b->loader, &status));
    bench_faults(b, "from command 1 of 0x0d: drop"); /* SPI_ATTACH */
    assert_success(esp_loader_flash_read_status(&b->loader, &status));
    use_flash(b);
}
