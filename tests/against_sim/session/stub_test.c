/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The library with the flasher stub: starting it, every operation through it, and what only a stub does: a
 * failed write that the next command reports, framing that can turn over, streams.
 */
#include <stdlib.h>
#include <string.h>

#include "bench.h"

#ifdef ESP_LOADER_SMALL

/* A small library without a stub of its own does not know how to talk to one. */
TEST_OPEN(small_library_refuses_before_it_touches_the_target, BENCH(.timing = ESP_SIM_TIMING_FAST))
{
    assert_int_equal(esp_loader_connect_with_stub(&b->loader, NULL), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(esp_loader_error_detail(&b->loader)->stage, ESP_LOADER_STAGE_STUB);
    assert_int_equal(b->port.base.writes, 0);
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
    {.chip = "esp32s31"},
    {.chip = "esp32h21"},
    {.chip = "esp32h4"},
};

static bench_t make_bench(const esp_sim_config_t *setup)
{
    bench_t bench = {.config = *setup, .target_loader = STUB};
    bench.config.timing = ESP_SIM_TIMING_FAST;
    bench.config.accepts_any_stub = true;
    return bench;
}

/* It takes more than one block; address, size and content are those of stub_table.c. */
TEST_CONNECTED(a_stub_is_uploaded_to_its_last_byte, make_bench(&setups[0]))
{
    enum { TEXT = 0x40378000, SIZE = 8668, LAST_WORD = SIZE - 4 };
    assert_int_equal(esp_sim_peek(b->sim, TEXT), 0xFF400513);
    assert_int_equal(esp_sim_peek(b->sim, TEXT + LAST_WORD), 0x04030201);
}

/* What a target is asked before it gets a stub does not depend on how many its chip has. Both revisions get one of the
 * same size. */
TEST(the_revision_is_asked_for_once_whichever_stub_it_gets)
{
    static const uint32_t revisions[] = {103, 300};
    uint64_t commands[2];
    for (size_t i = 0; i < 2; i++) {
        bench_t b = make_bench(&(esp_sim_config_t){.chip = "esp32p4", .chip_revision = revisions[i]});
        bench_connect(&b);
        commands[i] = esp_sim_stats(b.sim)->commands;
        bench_close(&b);
    }
    assert_int_equal(commands[0], commands[1]);
}

/* Each setup with each size. */
#define TEST_SIZES(name, sizes)                                                                              \
    TEST_CONNECTED_EACH(name, COUNT(setups) * COUNT(sizes), make_bench(&setups[i / COUNT(sizes)]))

static esp_loader_error_t flash(bench_t *b, uint32_t offset, const uint8_t *data, uint32_t size,
                                bool skip_verify)
{
    return bench_flash_blocks(b, offset, data, size, BLOCK, skip_verify);
}

static const uint32_t written_sizes[] = {1, 3, 4096, 4097, 16384, 16385, 70001};

TEST_SIZES(image_of_any_size_is_written_and_verified_on_every_link, written_sizes)
{
    const uint32_t size = written_sizes[i % COUNT(written_sizes)];
    const uint32_t end = (size + 4095) / 4096 * 4096;
    uint8_t *data = bench_make_data(size);
    uint8_t *content = esp_sim_flash(b->sim) + 0x10000;
    assert_true(esp_loader_stub_is_running(&b->loader));
    assert_int_equal(esp_sim_state(b->sim), ESP_SIM_STATE_DOWNLOAD_STUB);
    memset(content, 0, 0x20000); /* used flash */
    assert_success(flash(b, 0x10000, data, size, i % 2 != 0));
    assert_memory_equal(content, data, size);
    assert_int_equal(content[end - 1], size % 4096 == 0 ? data[end - 1] : 0xFF);
    assert_int_equal(content[end], 0); /* nothing else was erased */
    free(data);
}

/* A ROM takes no such offset. */
TEST_CONNECTED_EACH(stub_writes_inside_a_sector, COUNT(setups), make_bench(&setups[i]))
{
    uint8_t *data = bench_make_data(5000);
    uint8_t *content = esp_sim_flash(b->sim) + 0x10000;
    memset(content, 0, 0x4000);
    assert_success(flash(b, 0x10804, data, 5000, false));
    assert_memory_equal(content + 0x804, data, 5000);
    assert_int_equal(content[0x803], 0xFF);
    assert_int_equal(content[0x2000], 0);
    assert_int_equal(flash(b, 0x10802, data, 5000, false), ESP_LOADER_ERROR_INVALID_PARAM);
    free(data);
}

TEST_CONNECTED(blank_sectors_are_not_erased, make_bench(&setups[0]))
{
    uint8_t *data = bench_make_data(0x20000);
    assert_success(flash(b, 0x10000, data, 0x20000, false));
    assert_int_equal(esp_sim_stats(b->sim)->sectors_erased, 0);
    assert_success(flash(b, 0x10000, data, 0x20000, false));
    assert_true(esp_sim_stats(b->sim)->block_erases >= 1);
    free(data);
}

TEST_CONNECTED_EACH(compressed_image_is_written, COUNT(setups), make_bench(&setups[i]))
{
    enum { SIZE = 150001 };
    uint8_t *data = bench_make_data(SIZE);
    memset(data + 20000, 0x55, 100000);
    stream_t stream = bench_deflate(data, SIZE);
    memset(esp_sim_flash(b->sim), 0, 0x40000);
    assert_success(bench_flash_deflated(b, 0x10000, SIZE, &stream, BLOCK));
    assert_memory_equal(esp_sim_flash(b->sim) + 0x10000, data, SIZE);
    free(stream.bytes);
    free(data);
}

static const uint32_t read_sizes[] = {1, 63, 4095, 4096, 4097, 40001};

TEST_SIZES(flash_of_any_length_is_read, read_sizes)
{
    const uint32_t size = read_sizes[i % COUNT(read_sizes)];
    uint8_t *data = bench_make_data(size);
    bench_fill(esp_sim_flash(b->sim), 0x20000, 7);
    assert_success(esp_loader_flash_read(&b->loader, data, 0x1003, size));
    assert_memory_equal(data, esp_sim_flash(b->sim) + 0x1003, size);
    free(data);
}

static const char *const stream_faults[] = {"at byte 5000 in: corrupt", "at byte 5000 in: drop",
                                            "at command 1 of 0xD2: wrong md5"};

TEST_CONNECTED_EACH(damaged_stream_is_read_again, COUNT(stream_faults), make_bench(&setups[1]))
{
    static uint8_t data[20000];
    memset(esp_sim_flash(b->sim), 0x11, sizeof(data));
    assert_success(esp_loader_flash_read(&b->loader, data, 0, 1));
    bench_faults(b, stream_faults[i]);
    assert_success(esp_loader_flash_read(&b->loader, data, 0, sizeof(data)));
    assert_memory_equal(data, esp_sim_flash(b->sim), sizeof(data));
    b->expects_misuse = true;
}

TEST_CONNECTED(stream_that_is_refused_says_from_where, make_bench(&setups[1]))
{
    uint8_t buf[16];
    bench_faults(b, "from command 1 of 0xD2: error 0x06");
    assert_int_equal(esp_loader_flash_read(&b->loader, buf, 0x1230, sizeof(buf)),
                     ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(esp_loader_error_detail(&b->loader)->address, 0x1230);
    b->expects_misuse = true;
}

TEST_CONNECTED(end_that_is_refused_says_where_the_image_is, make_bench(&setups[1]))
{
    static uint8_t data[1024];
    esp_loader_flash_cfg_t cfg = {
        .offset = 0x10000, .image_size = sizeof(data), .block_size = sizeof(data), .skip_verify = true};
    bench_faults(b, "from command 1 of 0x04: error 0xC4");
    assert_success(esp_loader_flash_start(&b->loader, &cfg));
    assert_success(esp_loader_flash_write(&b->loader, &cfg, data, sizeof(data)));
    assert_int_equal(esp_loader_flash_finish(&b->loader, &cfg), ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(esp_loader_error_detail(&b->loader)->address, 0x10000);
    b->expects_misuse = true;
}

/* Reading hides no failure of the block before it. */
TEST_CONNECTED(block_that_was_not_written_fails_the_read_that_follows, make_bench(&setups[1]))
{
    static uint8_t data[1024];
    uint8_t buf[16];
    esp_loader_flash_cfg_t cfg = {.offset = 0x10000, .image_size = sizeof(data), .block_size = sizeof(data)};
    bench_faults(b, "at command 1 of 0x03: error 0xC4");
    assert_success(esp_loader_flash_start(&b->loader, &cfg));
    assert_success(esp_loader_flash_write(&b->loader, &cfg, data, sizeof(data)));
    assert_int_equal(esp_loader_flash_read(&b->loader, buf, 0, sizeof(buf)),
                     ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(bench_cause(b), ESP_LOADER_ERROR_TARGET_STATUS);
    assert_int_equal(esp_loader_error_detail(&b->loader)->stage, ESP_LOADER_STAGE_WRITE);
    b->expects_misuse = true;
}

TEST_CONNECTED_EACH(region_and_chip_are_erased, COUNT(setups), make_bench(&setups[i]))
{
    uint8_t *content = esp_sim_flash(b->sim);
    memset(content, 0, esp_sim_flash_size(b->sim));
    assert_success(esp_loader_flash_erase_region(&b->loader, 0x1000, 0x2000));
    assert_int_equal(content[0xFFF], 0);
    assert_int_equal(content[0x1000] & content[0x2FFF], 0xFF);
    assert_int_equal(content[0x3000], 0);
    assert_success(esp_loader_flash_erase(&b->loader));
    assert_int_equal(content[0] & content[esp_sim_flash_size(b->sim) - 1], 0xFF);
}

TEST_CONNECTED_EACH(rate_changes_and_the_chip_can_be_asked_at_the_new_one, COUNT(setups),
                    make_bench(&setups[i]))
{
    uint8_t mac[6];
    assert_success(esp_loader_change_transmission_rate(&b->loader, 460800));
    assert_success(esp_loader_change_transmission_rate(&b->loader, 921600));
    assert_success(esp_loader_read_mac(&b->loader, mac));
    assert_memory_equal(mac, esp_sim_mac(b->sim), sizeof(mac));
}

/* With lines a chip is reset into its ROM loader. */
static const esp_sim_config_t without_lines = {.chip = "esp32c3", .wiring = ESP_SIM_WIRING_NONE};

TEST_CONNECTED_EACH(running_stub_is_recognised_and_used, 2u, make_bench(&without_lines))
{
    uint8_t *data = bench_make_data(9000);
    esp_loader_deinit(&b->loader);
    b->target_loader = i == 0 ? ROM : STUB;
    bench_reconnect(b);
    assert_success(flash(b, 0, data, 9000, false));
    free(data);
}

TEST_CONNECTED_EACH(failed_write_of_block_n_is_reported_as_that_of_block_n, 2u * 4,
                    make_bench(&setups[i / 2]))
{
    enum { SIZE = 4 * 0x4000 - 100 };
    const uint32_t n = (uint32_t)i / 2;
    const bool skip_verify = i % 2 != 0;
    uint8_t *data = bench_make_data(SIZE);
    bench_faults_at(b, "at command %u of 3: error 0xC4", (unsigned)n + 1);
    assert_int_equal(flash(b, 0x10000, data, SIZE, skip_verify), ESP_LOADER_ERROR_INVALID_RESPONSE);
    const esp_loader_error_detail_t *detail = esp_loader_error_detail(&b->loader);
    assert_int_equal(detail->cause, ESP_LOADER_ERROR_TARGET_STATUS);
    assert_int_equal(detail->stage, ESP_LOADER_STAGE_WRITE);
    assert_int_equal(detail->command, 3);
    assert_int_equal(detail->target_status, 0xC4);
    assert_int_equal(detail->address, 0x10000 + n * BLOCK);
    /* Begun again it works. */
    assert_success(flash(b, 0x10000, data, SIZE, skip_verify));
    assert_memory_equal(esp_sim_flash(b->sim) + 0x10000, data, SIZE);
    free(data);
}

TEST_CONNECTED(block_whose_reply_is_lost_is_not_sent_again, make_bench(&setups[0]))
{
    enum { SIZE = 4 * 0x4000 };
    uint8_t *data = bench_make_data(SIZE);
    bench_faults(b, "at reply 2 of 3: drop");
    assert_int_equal(flash(b, 0, data, SIZE, false), ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(esp_loader_error_detail(&b->loader)->address, BLOCK);
    assert_success(flash(b, 0, data, SIZE, false));
    assert_memory_equal(esp_sim_flash(b->sim), data, SIZE);
    free(data);
}

TEST_CONNECTED(damaged_block_is_sent_again, make_bench(&setups[0]))
{
    uint8_t *data = bench_make_data(3 * BLOCK);
    bench_faults(b, "at command 2 of 3: corrupt");
    assert_success(flash(b, 0, data, 3 * BLOCK, false));
    assert_memory_equal(esp_sim_flash(b->sim), data, 3 * BLOCK);
    b->expects_misuse = true;
    free(data);
}

static const char *const frame_damages[] = {"drop", "corrupt 0xFF", "corrupt 0x1B", "duplicate"};
static const unsigned frame_places[] = {1,    2,    3,    5,    9,    25,   26,   500,  1000,
                                        1041, 1042, 1043, 1044, 1045, 1046, 1047, 1048, 1049,
                                        1050, 1051, 1052, 1053, 1054, 1055, 1056, 1057, 1058};

/* Whichever byte of a block's frame is lost or damaged, also a delimiter, the session goes on after it. */
TEST_CONNECTED_EACH(damage_anywhere_in_a_frame_is_recovered, COUNT(frame_damages) * COUNT(frame_places),
                    make_bench(&setups[i % COUNT(frame_places) % 4]))
{
    uint8_t *data = bench_make_data(4096);
    esp_loader_flash_cfg_t cfg = {.offset = 0, .image_size = 4096, .block_size = 1024};
    assert_success(esp_loader_flash_start(&b->loader, &cfg));
    bench_faults_at(b, "at byte %u out: %s", frame_places[i % COUNT(frame_places)],
                    frame_damages[i / COUNT(frame_places)]);
    esp_loader_error_t err = ESP_LOADER_SUCCESS;
    for (uint32_t block = 0; block < 4 && err == ESP_LOADER_SUCCESS; block++) {
        err = esp_loader_flash_write(&b->loader, &cfg, data + 1024 * block, 1024);
    }
    if (err == ESP_LOADER_SUCCESS) {
        err = esp_loader_flash_finish(&b->loader, &cfg);
    }
    if (err == ESP_LOADER_SUCCESS) {
        assert_memory_equal(esp_sim_flash(b->sim), data, 4096);
    }
    assert_success(flash(b, 0, data, 4096, false));
    assert_memory_equal(esp_sim_flash(b->sim), data, 4096);
    b->expects_misuse = true;
    free(data);
}

/* Twice, because what is refused once is asked again. A block would end the link here. */
TEST_OPEN(stub_whose_announcement_is_refused_is_not_sent, make_bench(&setups[0]))
{
    bench_faults(b, "at command 1 of 0x05: error 0x06; at command 2 of 0x05: error 0x06; "
                    "at command 1 of 0x07: disconnect");
    assert_int_equal(esp_loader_connect_with_stub(&b->loader, NULL), ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(esp_loader_error_detail(&b->loader)->command, 0x05);
}

TEST_OPEN(stub_that_does_not_greet_is_a_timeout_of_the_stub_stage, make_bench(&setups[0]))
{
    bench_faults(b, "at command 1 of 6: drop");
    assert_int_equal(bench_try_connect(b), ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(esp_loader_error_detail(&b->loader)->stage, ESP_LOADER_STAGE_STUB);
    uint32_t value;
    assert_int_equal(esp_loader_read_register(&b->loader, 0x40001000, &value),
                     ESP_LOADER_ERROR_INVALID_PARAM);
}

TEST_OPEN(greeting_is_enough_when_the_reply_to_the_jump_is_lost, make_bench(&setups[0]))
{
    bench_faults(b, "at reply 1 of 6: drop");
    assert_success(bench_try_connect(b));
}

static const struct {
    esp_sim_config_t config;
    esp_loader_error_t cause;
} stubless[] = {
    {{.chip = "esp32c3", .chip_revision = 2}, ESP_LOADER_ERROR_UNSUPPORTED_FUNC},
    {{.chip = "esp32c3", .is_secure_download = true}, ESP_LOADER_ERROR_SECURITY},
    {{.chip = "esp32c3", .secure_boot = ESP_SIM_SECURE_BOOT_V2}, ESP_LOADER_ERROR_SECURITY},
    {{.chip = "esp32s3", .secure_boot = ESP_SIM_SECURE_BOOT_V2}, ESP_LOADER_ERROR_SECURITY},
};

TEST_OPEN_EACH(revisions_without_a_stub_and_secured_chips_are_refused, COUNT(stubless),
               make_bench(&stubless[i].config))
{
    assert_int_equal(bench_try_connect(b), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(bench_cause(b), stubless[i].cause);
    assert_int_equal(esp_loader_error_detail(&b->loader)->stage, ESP_LOADER_STAGE_STUB);
    assert_int_equal(esp_sim_state(b->sim), ESP_SIM_STATE_DOWNLOAD_ROM);
}

static const struct {
    esp_sim_config_t config;
    uint32_t at, not_at; /* where its first word goes, and another's would */
} stub_ranges[] = {
    {{.chip = "esp32c3", .chip_revision = 3}, 0x40380000, 0},
    {{.chip = "esp32p4", .chip_revision = 103}, 0x4FF10000, 0x4FF50000},
    {{.chip = "esp32p4", .chip_revision = 299}, 0x4FF10000, 0x4FF50000},
    {{.chip = "esp32p4", .chip_revision = 300}, 0x4FF50000, 0x4FF10000},
    {{.chip = "esp32p4", .chip_revision = 301}, 0x4FF50000, 0x4FF10000},
};

TEST_OPEN_EACH(each_revision_gets_the_stub_of_its_range_the_bounds_included, COUNT(stub_ranges),
               make_bench(&stub_ranges[i].config))
{
    assert_success(bench_try_connect(b));
    assert_true(esp_loader_stub_is_running(&b->loader));
    assert_int_equal(esp_sim_state(b->sim), ESP_SIM_STATE_DOWNLOAD_STUB);
    assert_int_equal(esp_sim_peek(b->sim, stub_ranges[i].at), 0xFF400513);
    assert_int_equal(stub_ranges[i].not_at == 0 ? 0 : esp_sim_peek(b->sim, stub_ranges[i].not_at), 0);
}

#endif
