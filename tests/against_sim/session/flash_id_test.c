/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the flash chip says about itself: identification, size, unique id, through the SPI peripheral of every
 * chip, with the ROM loader and with the stub.
 */
#include <string.h>

#include "bench.h"
#include "test.h"

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

/* false: this build has no stub for the chip. */
static bool connects(bench_t *b, bool with_stub)
{
    esp_loader_error_t err =
        with_stub ? esp_loader_connect_with_stub(&b->loader, NULL) : esp_loader_connect(&b->loader, NULL);
    if (with_stub && err == ESP_LOADER_ERROR_UNSUPPORTED_FUNC) {
        print_message("%s: no stub\n", b->config.chip);
        return false;
    }
    assert_int_equal(err, ESP_LOADER_SUCCESS);
    return true;
}

/* Reading an id must leave the peripheral as the loader's own flash routines expect it. */
static void use_flash(bench_t *b)
{
    static uint8_t data[2000];
    bench_fill(data, sizeof(data), 3);
    assert_int_equal(bench_flash(b, 0x10000, data, sizeof(data), true), ESP_LOADER_SUCCESS);
    assert_memory_equal(esp_sim_flash(b->sim) + 0x10000, data, sizeof(data));
}

TEST(id_and_unique_id_are_read_on_every_chip_with_either_loader)
{
    static const uint8_t expected[] = {0xE5, 0xE5, 0x7C, 0xDF, 0xA1, 0x01, 0x02, 0x03,
                                       0xE6, 0xE6, 0x7C, 0xDF, 0xA1, 0x01, 0x02, 0x03};
    for (const char *const *chip = esp_sim_chip_names(); *chip != NULL; chip++) {
        for (int with_stub = 0; with_stub < 2; with_stub++) {
            bench_t b = make_bench(*chip, GIGADEVICE);
            uint8_t id[16];
            uint32_t jedec = 0;
            bench_open(&b);
            if (!connects(&b, with_stub == 1)) {
                bench_close(&b);
                continue;
            }
            uint32_t usr_before = esp_sim_peek(b.sim, 0x60002018);
            assert_int_equal(esp_loader_flash_read_unique_id(&b.loader, id, 16), ESP_LOADER_SUCCESS);
            assert_memory_equal(id, expected, 16);
            memset(id, 0, sizeof(id));
            assert_int_equal(esp_loader_flash_read_unique_id(&b.loader, id, 8), ESP_LOADER_SUCCESS);
            assert_memory_equal(id, expected, 8);
            assert_int_equal(id[8], 0);
            assert_int_equal(esp_loader_flash_read_id(&b.loader, &jedec), ESP_LOADER_SUCCESS);
            assert_int_equal(jedec, GIGADEVICE);
            assert_int_equal(esp_sim_peek(b.sim, 0x60002018), usr_before);
            use_flash(&b);
            bench_close(&b);
        }
    }
}

/* Three registers are read, five and later three written, the command is started and looked after, and its
 * outcome is read: 14 commands, and a ROM is told to attach the flash. A stub takes the five and the three at
 * once. Answers that are like the one before, here because registers of the model are 0, are asked for again
 * behind a SYNC. */
TEST(a_stub_writes_registers_that_follow_each_other_in_one_command)
{
    static const uint64_t expected[] = {15 + 4 * 2, 8 + 3 * 2};
    for (size_t with_stub = 0; with_stub < 2; with_stub++) {
        bench_t b = make_bench("esp32s3", WINBOND);
        uint32_t jedec;
        bench_open(&b);
        if (!connects(&b, with_stub == 1)) {
            bench_close(&b);
            continue;
        }
        assert_int_equal(esp_loader_flash_read_id(&b.loader, &jedec), ESP_LOADER_SUCCESS); /* attaches */
        uint64_t writes = b.port.writes;
        assert_int_equal(esp_loader_flash_read_id(&b.loader, &jedec), ESP_LOADER_SUCCESS);
        assert_int_equal(jedec, WINBOND);
        assert_int_equal(b.port.writes - writes, expected[with_stub]);
        bench_close(&b);
    }
}

TEST(part_without_a_unique_id_is_told_apart)
{
    uint8_t id[16];
    bench_t b = make_bench("esp32s3", MACRONIX);
    bench_connect(&b);
    assert_int_equal(esp_loader_flash_read_unique_id(&b.loader, id, 8), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(bench_cause(&b), ESP_LOADER_ERROR_FLASH_ID);
    use_flash(&b);
    bench_close(&b);
}

TEST(unique_id_of_another_size_is_refused)
{
    static const size_t sizes[] = {0, 4, 7, 9, 12, 17, 32, SIZE_MAX};
    uint8_t id[16];
    bench_t b = make_bench("esp32s3", WINBOND);
    bench_connect(&b);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        assert_int_equal(esp_loader_flash_read_unique_id(&b.loader, id, sizes[i]),
                         ESP_LOADER_ERROR_INVALID_PARAM);
    }
    bench_close(&b);
}

TEST(secure_download_mode_tells_neither)
{
    uint8_t id[16];
    uint32_t jedec;
    bench_t b = make_bench("esp32s3", WINBOND);
    b.config.is_secure_download = true;
    bench_connect(&b);
    assert_int_equal(esp_loader_flash_read_unique_id(&b.loader, id, 8), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(bench_cause(&b), ESP_LOADER_ERROR_SECURITY);
    assert_int_equal(esp_loader_flash_read_id(&b.loader, &jedec), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(bench_cause(&b), ESP_LOADER_ERROR_SECURITY);
    bench_close(&b);
}

TEST(impossible_ids_are_errors_with_the_raw_value)
{
    static const uint32_t ids[] = {ALL_ZEROS, ALL_ONES};
    uint32_t value;
    for (size_t i = 0; i < 2; i++) {
        bench_t b = make_bench("esp32c3", ids[i]);
        bench_connect(&b);
        assert_int_equal(esp_loader_flash_read_id(&b.loader, &value), ESP_LOADER_ERROR_INVALID_RESPONSE);
        assert_int_equal(bench_cause(&b), ESP_LOADER_ERROR_FLASH_ID);
        assert_int_equal(esp_loader_error_detail(&b.loader)->value, ids[i] & 0xFFFFFF);
        assert_int_equal(esp_loader_flash_detect_size(&b.loader, &value), ESP_LOADER_ERROR_INVALID_RESPONSE);
        esp_loader_flash_cfg_t cfg = {.offset = 0, .image_size = 100, .block_size = 1024};
        assert_int_equal(esp_loader_flash_start(&b.loader, &cfg), ESP_LOADER_ERROR_INVALID_RESPONSE);
        assert_int_equal(esp_sim_stats(b.sim)->sectors_erased, 0);
        bench_close(&b);
    }
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
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]) && (id & 0xFF) != 0x1F; i++) {
        if (sizes[i].code == id >> 16) {
            return sizes[i].kib * 1024;
        }
    }
    for (size_t i = 0; i < sizeof(adesto) / sizeof(adesto[0]) && (id & 0xFF) == 0x1F; i++) {
        if (adesto[i].code == (id >> 8 & 0x1F)) {
            return adesto[i].kib * 1024;
        }
    }
    return 0;
}

TEST(every_capacity_code_has_its_size_or_is_unknown)
{
    for (uint32_t code = 0; code < 256; code++) {
        const uint32_t ids[] = {code << 16 | 0x40EF, 0x01001F | code << 8};
        for (size_t i = 0; i < 2; i++) {
            bench_t b = make_bench("esp32s3", ids[i]);
            uint32_t size = 0;
            bench_connect(&b);
            esp_loader_error_t err = esp_loader_flash_detect_size(&b.loader, &size);
            if (size_of_id(ids[i]) != 0) {
                assert_int_equal(err, ESP_LOADER_SUCCESS);
                assert_int_equal(size, size_of_id(ids[i]));
            } else {
                assert_int_equal(err, ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
                assert_int_equal(esp_loader_error_detail(&b.loader)->value, ids[i]);
            }
            bench_close(&b);
        }
    }
}

TEST(status_register_is_read_with_either_loader_and_not_in_secure_download_mode)
{
    static const bool with_stub[] = {false, true};
    uint8_t status;
    for (size_t i = 0; i < 2; i++) {
        bench_t b = make_bench("esp32s3", WINBOND);
        bench_open(&b);
        assert_int_equal(esp_loader_flash_read_status(&b.loader, &status), ESP_LOADER_ERROR_INVALID_PARAM);
        if (connects(&b, with_stub[i])) {
            status = 0xA5;
            assert_int_equal(esp_loader_flash_read_status(&b.loader, &status), ESP_LOADER_SUCCESS);
            assert_int_equal(status, 0);
            bench_faults(&b, "flash protected");
            assert_int_equal(esp_loader_flash_read_status(&b.loader, &status), ESP_LOADER_SUCCESS);
            assert_int_not_equal(status & 0x1C, 0); /* the bits that protect blocks */
            bench_faults(&b, "from command 1 of 0x09: error 0x05");
            assert_int_not_equal(esp_loader_flash_read_status(&b.loader, &status), ESP_LOADER_SUCCESS);
            assert_int_equal(bench_cause(&b), ESP_LOADER_ERROR_TARGET_STATUS);
            assert_int_equal(esp_loader_error_detail(&b.loader)->stage, ESP_LOADER_STAGE_ATTACH);
        }
        bench_close(&b);
    }
    bench_t b = make_bench("esp32s3", WINBOND);
    b.config.is_secure_download = true;
    bench_connect(&b);
    assert_int_equal(esp_loader_flash_read_status(&b.loader, &status), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(bench_cause(&b), ESP_LOADER_ERROR_SECURITY);
    bench_close(&b);

    b = make_bench("esp32s3", WINBOND);
    bench_connect(&b);
    bench_faults(&b, "from command 1 of 0x0d: error 0x05"); /* SPI_ATTACH */
    assert_int_not_equal(esp_loader_flash_read_status(&b.loader, &status), ESP_LOADER_SUCCESS);
    assert_int_equal(bench_cause(&b), ESP_LOADER_ERROR_TARGET_STATUS);
    bench_close(&b);
}

TEST(flash_is_attached_once)
{
    uint8_t status;
    bench_t b = make_bench("esp32s3", WINBOND);
    bench_connect(&b);
    assert_int_equal(esp_loader_flash_read_status(&b.loader, &status), ESP_LOADER_SUCCESS);
    bench_faults(&b, "from command 1 of 0x0d: drop"); /* SPI_ATTACH */
    assert_int_equal(esp_loader_flash_read_status(&b.loader, &status), ESP_LOADER_SUCCESS);
    use_flash(&b);
    bench_close(&b);
}
