/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The library with the flasher stub: starting it, every operation through it, and what only a stub does: a
 * failed write that the next command reports, framing that can turn over, streams.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "bench.h"
#include "test.h"

#ifdef ESP_LOADER_SMALL

/* A small library without a stub of its own does not know how to talk to one. */
TEST(small_library_refuses_before_it_touches_the_target)
{
    bench_t b = {.config = {.timing = ESP_SIM_TIMING_FAST}};
    bench_open(&b);
    assert_int_equal(esp_loader_connect_with_stub(&b.loader, NULL), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(esp_loader_error_detail(&b.loader)->stage, ESP_LOADER_STAGE_STUB);
    assert_int_equal(b.port.writes, 0);
    bench_close(&b);
}

#else

#define BLOCK 0x4000u

static const esp_sim_config_t setups[] = {
    {.chip = "esp32s3"},
    {.chip = "esp32s3", .wiring = ESP_SIM_WIRING_BRIDGE},
    {.chip = "esp32c3"},
    {.chip = "esp32c3", .wiring = ESP_SIM_WIRING_NONE},
    {.chip = "esp32", .wiring = ESP_SIM_WIRING_BRIDGE},
    {.chip = "esp32s2", .wiring = ESP_SIM_WIRING_BRIDGE},
    {.chip = "esp32c2", .wiring = ESP_SIM_WIRING_BRIDGE},
    {.chip = "esp32c5"},
    {.chip = "esp32c6"},
    {.chip = "esp32c61"},
    {.chip = "esp32h2"},
    {.chip = "esp8266", .wiring = ESP_SIM_WIRING_BRIDGE},
    {.chip = "esp32p4", .chip_revision = 103},
    {.chip = "esp32p4"},
};

#define SETUP_COUNT (sizeof(setups) / sizeof(setups[0]))

static uint8_t *make_data(uint32_t size)
{
    uint8_t *data = malloc(size);
    assert_non_null(data);
    bench_fill(data, size, size);
    return data;
}

static bench_t make_bench(const esp_sim_config_t *setup)
{
    bench_t bench = {.config = *setup};
    bench.config.timing = ESP_SIM_TIMING_FAST;
    bench.config.accepts_any_stub = true;
    return bench;
}

static void connect_with_stub(bench_t *b)
{
    bench_open(b);
    assert_int_equal(esp_loader_connect_with_stub(&b->loader, NULL), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_sim_state(b->sim), ESP_SIM_STATE_DOWNLOAD_STUB);
    assert_true(esp_loader_stub_is_running(&b->loader));
}

static esp_loader_error_t flash(bench_t *b, uint32_t offset, const uint8_t *data, uint32_t size,
                                bool skip_verify)
{
    esp_loader_flash_cfg_t cfg = {
        .offset = offset, .image_size = size, .block_size = BLOCK, .skip_verify = skip_verify};
    RETURN_ON_ERROR(esp_loader_flash_start(&b->loader, &cfg));
    for (uint32_t done = 0; done < size; done += BLOCK) {
        uint32_t chunk = size - done < BLOCK ? size - done : BLOCK;
        RETURN_ON_ERROR(esp_loader_flash_write(&b->loader, &cfg, data + done, chunk));
    }
    return esp_loader_flash_finish(&b->loader, &cfg);
}

TEST(image_of_any_size_is_written_and_verified_on_every_link)
{
    static const uint32_t sizes[] = {1, 3, 4096, 4097, 16384, 16385, 70001};
    for (size_t s = 0; s < SETUP_COUNT; s++) {
        for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
            bench_t b = make_bench(&setups[s]);
            uint8_t *data = make_data(sizes[i]);
            connect_with_stub(&b);
            uint8_t *content = esp_sim_flash(b.sim) + 0x10000;
            memset(content, 0, 0x20000); /* used flash */
            assert_int_equal(flash(&b, 0x10000, data, sizes[i], i % 2 != 0), ESP_LOADER_SUCCESS);
            assert_memory_equal(content, data, sizes[i]);
            uint32_t end = (sizes[i] + 4095) / 4096 * 4096;
            assert_int_equal(content[end - 1], sizes[i] % 4096 == 0 ? data[end - 1] : 0xFF);
            assert_int_equal(content[end], 0); /* nothing else was erased */
            bench_close(&b);
            free(data);
        }
    }
}

/* A ROM takes no such offset. */
TEST(stub_writes_inside_a_sector)
{
    for (size_t s = 0; s < SETUP_COUNT; s++) {
        bench_t b = make_bench(&setups[s]);
        uint8_t *data = make_data(5000);
        connect_with_stub(&b);
        uint8_t *content = esp_sim_flash(b.sim) + 0x10000;
        memset(content, 0, 0x4000);
        assert_int_equal(flash(&b, 0x10804, data, 5000, false), ESP_LOADER_SUCCESS);
        assert_memory_equal(content + 0x804, data, 5000);
        assert_int_equal(content[0x803], 0xFF);
        assert_int_equal(content[0x2000], 0);
        assert_int_equal(flash(&b, 0x10802, data, 5000, false), ESP_LOADER_ERROR_INVALID_PARAM);
        bench_close(&b);
        free(data);
    }
}

TEST(blank_sectors_are_not_erased)
{
    bench_t b = make_bench(&setups[0]);
    uint8_t *data = make_data(0x20000);
    connect_with_stub(&b);
    assert_int_equal(flash(&b, 0x10000, data, 0x20000, false), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_sim_stats(b.sim)->sectors_erased, 0);
    assert_int_equal(flash(&b, 0x10000, data, 0x20000, false), ESP_LOADER_SUCCESS);
    assert_true(esp_sim_stats(b.sim)->block_erases >= 1);
    bench_close(&b);
    free(data);
}

TEST(compressed_image_is_written)
{
    for (size_t s = 0; s < SETUP_COUNT; s++) {
        enum { SIZE = 150001 };
        bench_t b = make_bench(&setups[s]);
        uint8_t *data = make_data(SIZE);
        memset(data + 20000, 0x55, 100000);
        uLongf packed_size = compressBound(SIZE);
        uint8_t *packed = malloc(packed_size);
        assert_non_null(packed);
        assert_int_equal(compress2(packed, &packed_size, data, SIZE, 9), Z_OK);
        connect_with_stub(&b);
        memset(esp_sim_flash(b.sim), 0, 0x40000);
        esp_loader_flash_deflate_cfg_t cfg = {.offset = 0x10000,
                                              .image_size = SIZE,
                                              .compressed_size = (uint32_t)packed_size,
                                              .block_size = BLOCK};
        assert_int_equal(esp_loader_flash_deflate_start(&b.loader, &cfg), ESP_LOADER_SUCCESS);
        for (uint32_t done = 0; done < packed_size; done += BLOCK) {
            uint32_t chunk = packed_size - done < BLOCK ? (uint32_t)packed_size - done : BLOCK;
            assert_int_equal(esp_loader_flash_deflate_write(&b.loader, &cfg, packed + done, chunk),
                             ESP_LOADER_SUCCESS);
        }
        assert_int_equal(esp_loader_flash_deflate_finish(&b.loader, &cfg), ESP_LOADER_SUCCESS);
        assert_memory_equal(esp_sim_flash(b.sim) + 0x10000, data, SIZE);
        bench_close(&b);
        free(packed);
        free(data);
    }
}

TEST(flash_of_any_length_is_read)
{
    static const uint32_t sizes[] = {1, 63, 4095, 4096, 4097, 40001};
    for (size_t s = 0; s < SETUP_COUNT; s++) {
        for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
            bench_t b = make_bench(&setups[s]);
            uint8_t *data = malloc(sizes[i]);
            assert_non_null(data);
            connect_with_stub(&b);
            bench_fill(esp_sim_flash(b.sim), 0x20000, 7);
            assert_int_equal(esp_loader_flash_read(&b.loader, data, 0x1003, sizes[i]), ESP_LOADER_SUCCESS);
            assert_memory_equal(data, esp_sim_flash(b.sim) + 0x1003, sizes[i]);
            bench_close(&b);
            free(data);
        }
    }
}

TEST(damaged_stream_is_read_again)
{
    static const char *const faults[] = {"at byte 5000 in: corrupt", "at byte 5000 in: drop",
                                         "at command 1 of 0xD2: wrong md5"};
    for (size_t i = 0; i < 3; i++) {
        bench_t b = make_bench(&setups[1]);
        static uint8_t data[20000];
        connect_with_stub(&b);
        memset(esp_sim_flash(b.sim), 0x11, sizeof(data));
        assert_int_equal(esp_loader_flash_read(&b.loader, data, 0, 1), ESP_LOADER_SUCCESS);
        bench_faults(&b, faults[i]);
        assert_int_equal(esp_loader_flash_read(&b.loader, data, 0, sizeof(data)), ESP_LOADER_SUCCESS);
        assert_memory_equal(data, esp_sim_flash(b.sim), sizeof(data));
        bench_close_ignoring_misuse(&b);
    }
}

/* Reading hides no failure of the block before it. */
TEST(block_that_was_not_written_fails_the_read_that_follows)
{
    static uint8_t data[1024];
    uint8_t buf[16];
    bench_t b = make_bench(&setups[1]);
    connect_with_stub(&b);
    bench_faults(&b, "at command 1 of 0x03: error 0xC4");
    esp_loader_flash_cfg_t cfg = {.offset = 0x10000, .image_size = sizeof(data), .block_size = sizeof(data)};
    assert_int_equal(esp_loader_flash_start(&b.loader, &cfg), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_flash_write(&b.loader, &cfg, data, sizeof(data)), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_flash_read(&b.loader, buf, 0, sizeof(buf)),
                     ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(bench_cause(&b), ESP_LOADER_ERROR_TARGET_STATUS);
    assert_int_equal(esp_loader_error_detail(&b.loader)->stage, ESP_LOADER_STAGE_WRITE);
    bench_close_ignoring_misuse(&b);
}

TEST(region_and_chip_are_erased)
{
    for (size_t s = 0; s < SETUP_COUNT; s++) {
        bench_t b = make_bench(&setups[s]);
        connect_with_stub(&b);
        uint8_t *content = esp_sim_flash(b.sim);
        memset(content, 0, esp_sim_flash_size(b.sim));
        assert_int_equal(esp_loader_flash_erase_region(&b.loader, 0x1000, 0x2000), ESP_LOADER_SUCCESS);
        assert_int_equal(content[0xFFF], 0);
        assert_int_equal(content[0x1000] & content[0x2FFF], 0xFF);
        assert_int_equal(content[0x3000], 0);
        assert_int_equal(esp_loader_flash_erase(&b.loader), ESP_LOADER_SUCCESS);
        assert_int_equal(content[0] & content[esp_sim_flash_size(b.sim) - 1], 0xFF);
        bench_close(&b);
    }
}

TEST(rate_changes_and_the_chip_can_be_asked_at_the_new_one)
{
    for (size_t s = 0; s < SETUP_COUNT; s++) {
        bench_t b = make_bench(&setups[s]);
        uint8_t mac[6];
        connect_with_stub(&b);
        assert_int_equal(esp_loader_change_transmission_rate(&b.loader, 460800), ESP_LOADER_SUCCESS);
        assert_int_equal(esp_loader_change_transmission_rate(&b.loader, 921600), ESP_LOADER_SUCCESS);
        assert_int_equal(esp_loader_read_mac(&b.loader, mac), ESP_LOADER_SUCCESS);
        assert_memory_equal(mac, esp_sim_mac(b.sim), sizeof(mac));
        bench_close(&b);
    }
}

TEST(running_stub_is_recognised_and_used)
{
    for (size_t s = 0; s < SETUP_COUNT; s++) {
        if (setups[s].wiring != ESP_SIM_WIRING_NONE) {
            continue; /* others are reset into the ROM loader */
        }
        for (int with_stub = 0; with_stub < 2; with_stub++) {
            bench_t b = make_bench(&setups[s]);
            uint8_t *data = make_data(9000);
            connect_with_stub(&b);
            esp_loader_deinit(&b.loader);
            assert_int_equal(esp_loader_init_serial(&b.loader, &b.port.port), ESP_LOADER_SUCCESS);
            assert_int_equal(with_stub != 0 ? esp_loader_connect_with_stub(&b.loader, NULL)
                                            : esp_loader_connect(&b.loader, NULL),
                             ESP_LOADER_SUCCESS);
            assert_int_equal(flash(&b, 0, data, 9000, false), ESP_LOADER_SUCCESS);
            bench_close(&b);
            free(data);
        }
    }
}

TEST(failed_write_of_block_n_is_reported_as_that_of_block_n)
{
    enum { SIZE = 4 * 0x4000 - 100 };
    static const char *const faults[] = {"at command 1 of 3: error 0xC4", "at command 2 of 3: error 0xC4",
                                         "at command 3 of 3: error 0xC4", "at command 4 of 3: error 0xC4"};
    for (uint32_t n = 0; n < 4; n++) {
        for (int skip_verify = 0; skip_verify < 2; skip_verify++) {
            bench_t b = make_bench(&setups[n % SETUP_COUNT]);
            uint8_t *data = make_data(SIZE);
            connect_with_stub(&b);
            bench_faults(&b, faults[n]);
            assert_int_equal(flash(&b, 0x10000, data, SIZE, skip_verify != 0),
                             ESP_LOADER_ERROR_INVALID_RESPONSE);
            const esp_loader_error_detail_t *detail = esp_loader_error_detail(&b.loader);
            assert_int_equal(detail->cause, ESP_LOADER_ERROR_TARGET_STATUS);
            assert_int_equal(detail->stage, ESP_LOADER_STAGE_WRITE);
            assert_int_equal(detail->command, 3);
            assert_int_equal(detail->target_status, 0xC4);
            assert_int_equal(detail->address, 0x10000 + n * BLOCK);
            /* Begun again it works. */
            assert_int_equal(flash(&b, 0x10000, data, SIZE, skip_verify != 0), ESP_LOADER_SUCCESS);
            assert_memory_equal(esp_sim_flash(b.sim) + 0x10000, data, SIZE);
            bench_close(&b);
            free(data);
        }
    }
}

TEST(block_whose_reply_is_lost_is_not_sent_again)
{
    enum { SIZE = 4 * 0x4000 };
    bench_t b = make_bench(&setups[0]);
    uint8_t *data = make_data(SIZE);
    connect_with_stub(&b);
    bench_faults(&b, "at reply 2 of 3: drop");
    assert_int_equal(flash(&b, 0, data, SIZE, false), ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(esp_loader_error_detail(&b.loader)->address, BLOCK);
    assert_int_equal(flash(&b, 0, data, SIZE, false), ESP_LOADER_SUCCESS);
    assert_memory_equal(esp_sim_flash(b.sim), data, SIZE);
    bench_close(&b);
    free(data);
}

TEST(damaged_block_is_sent_again)
{
    bench_t b = make_bench(&setups[0]);
    uint8_t *data = make_data(3 * BLOCK);
    connect_with_stub(&b);
    bench_faults(&b, "at command 2 of 3: corrupt");
    assert_int_equal(flash(&b, 0, data, 3 * BLOCK, false), ESP_LOADER_SUCCESS);
    assert_memory_equal(esp_sim_flash(b.sim), data, 3 * BLOCK);
    bench_close_ignoring_misuse(&b);
    free(data);
}

/* Whichever byte of a block's frame is lost or damaged, also a delimiter, the session goes on after it. */
TEST(damage_anywhere_in_a_frame_is_recovered)
{
    static const char *const actions[] = {"drop", "corrupt 0xFF", "corrupt 0x1B", "duplicate"};
    static const unsigned places[] = {1,    2,    3,    5,    9,    25,   26,   500,  1000,
                                      1041, 1042, 1043, 1044, 1045, 1046, 1047, 1048, 1049,
                                      1050, 1051, 1052, 1053, 1054, 1055, 1056, 1057, 1058};
    for (size_t a = 0; a < sizeof(actions) / sizeof(actions[0]); a++) {
        for (size_t p = 0; p < sizeof(places) / sizeof(places[0]); p++) {
            bench_t b = make_bench(&setups[p % 4]);
            char script[80];
            uint8_t *data = make_data(4096);
            connect_with_stub(&b);
            esp_loader_flash_cfg_t cfg = {.offset = 0, .image_size = 4096, .block_size = 1024};
            assert_int_equal(esp_loader_flash_start(&b.loader, &cfg), ESP_LOADER_SUCCESS);
            snprintf(script, sizeof(script), "at byte %u out: %s", places[p], actions[a]);
            bench_faults(&b, script);
            esp_loader_error_t err = ESP_LOADER_SUCCESS;
            for (uint32_t i = 0; i < 4 && err == ESP_LOADER_SUCCESS; i++) {
                err = esp_loader_flash_write(&b.loader, &cfg, data + 1024 * i, 1024);
            }
            if (err == ESP_LOADER_SUCCESS) {
                err = esp_loader_flash_finish(&b.loader, &cfg);
            }
            if (err == ESP_LOADER_SUCCESS) {
                assert_memory_equal(esp_sim_flash(b.sim), data, 4096);
            }
            assert_int_equal(flash(&b, 0, data, 4096, false), ESP_LOADER_SUCCESS);
            assert_memory_equal(esp_sim_flash(b.sim), data, 4096);
            bench_close_ignoring_misuse(&b);
            free(data);
        }
    }
}

TEST(stub_that_does_not_greet_is_a_timeout_of_the_stub_stage)
{
    bench_t b = make_bench(&setups[0]);
    bench_open(&b);
    bench_faults(&b, "at command 1 of 6: drop");
    assert_int_equal(esp_loader_connect_with_stub(&b.loader, NULL), ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(esp_loader_error_detail(&b.loader)->stage, ESP_LOADER_STAGE_STUB);
    uint32_t value;
    assert_int_equal(esp_loader_read_register(&b.loader, 0x40001000, &value), ESP_LOADER_ERROR_INVALID_PARAM);
    bench_close(&b);
}

TEST(greeting_is_enough_when_the_reply_to_the_jump_is_lost)
{
    bench_t b = make_bench(&setups[0]);
    bench_open(&b);
    bench_faults(&b, "at reply 1 of 6: drop");
    assert_int_equal(esp_loader_connect_with_stub(&b.loader, NULL), ESP_LOADER_SUCCESS);
    bench_close(&b);
}

TEST(revisions_without_a_stub_and_secured_chips_are_refused)
{
    static const struct {
        esp_sim_config_t config;
        esp_loader_error_t cause;
    } cases[] = {
        {{.chip = "esp32c3", .chip_revision = 2}, ESP_LOADER_ERROR_UNSUPPORTED_FUNC},
        {{.chip = "esp32c3", .is_secure_download = true}, ESP_LOADER_ERROR_SECURITY},
        {{.chip = "esp32c3", .secure_boot = ESP_SIM_SECURE_BOOT_V2}, ESP_LOADER_ERROR_SECURITY},
        {{.chip = "esp32s3", .secure_boot = ESP_SIM_SECURE_BOOT_V2}, ESP_LOADER_ERROR_SECURITY},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        bench_t b = make_bench(&cases[i].config);
        bench_open(&b);
        assert_int_equal(esp_loader_connect_with_stub(&b.loader, NULL), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
        assert_int_equal(bench_cause(&b), cases[i].cause);
        assert_int_equal(esp_loader_error_detail(&b.loader)->stage, ESP_LOADER_STAGE_STUB);
        assert_int_equal(esp_sim_state(b.sim), ESP_SIM_STATE_DOWNLOAD_ROM);
        bench_close(&b);
    }
}

TEST(each_revision_gets_the_stub_of_its_range_the_bounds_included)
{
    static const struct {
        esp_sim_config_t config;
        uint32_t at, not_at; /* where its first word goes, and another's would */
    } cases[] = {
        {{.chip = "esp32c3", .chip_revision = 3}, 0x40380000, 0},
        {{.chip = "esp32p4", .chip_revision = 103}, 0x4FF10000, 0x4FF50000},
        {{.chip = "esp32p4", .chip_revision = 299}, 0x4FF10000, 0x4FF50000},
        {{.chip = "esp32p4", .chip_revision = 300}, 0x4FF50000, 0x4FF10000},
        {{.chip = "esp32p4", .chip_revision = 301}, 0x4FF50000, 0x4FF10000},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        bench_t b = make_bench(&cases[i].config);
        bench_open(&b);
        assert_int_equal(esp_loader_connect_with_stub(&b.loader, NULL), ESP_LOADER_SUCCESS);
        assert_true(esp_loader_stub_is_running(&b.loader));
        assert_int_equal(esp_sim_state(b.sim), ESP_SIM_STATE_DOWNLOAD_STUB);
        assert_int_equal(esp_sim_peek(b.sim, cases[i].at), 0x13);
        assert_int_equal(cases[i].not_at == 0 ? 0 : esp_sim_peek(b.sim, cases[i].not_at), 0);
        bench_close(&b);
    }
}

#endif
