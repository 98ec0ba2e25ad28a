/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A session with a hostile target (hostile.h). Whatever it answers: every operation ends within a time that
 * follows from what was asked, what it sends stays well-formed, its failure is in the detail, and what it was
 * given is not overrun.
 *
 * Input: chip, link and port, how to connect, then per operation a byte for it and what it takes; in between,
 * as the library asks, what the target answers.
 */
#include <stdlib.h>
#include <string.h>

#include "esp_loader_chip_info.h"
#include "esp_loader_plan.h"
#include "hostile.h"

/* Longest wait that one request may cause: 3 s for its answer; before it, nine SYNCs with up to 16 KiB thrown
 * away, an answer awaited and late ones waited out each; and half a second for a reset. All operations here
 * are too small to have more than 3 s. */
enum { REQUEST_MS = 3000, DISCARD_MS = 16384 / HOSTILE_BYTES_PER_MS, SYNC_MS = DISCARD_MS + 2 * 100 };
enum { REQUEST_MAX_MS = REQUEST_MS + 9 * SYNC_MS + 1000, REQUEST_BYTES = 8192 };
enum { REQUESTS_MAX = 600, OPERATIONS_MAX = 6, FLASH_SIZE = 0x400000 };

typedef struct {
    hostile_t target;
    esp_loader_t loader;
    uint32_t started_ms;
    uint32_t slowest_baud; /* that was asked for: deadlines include the time on the wire */
} run_t;

static void begin(run_t *run)
{
    run->target.requests = 0;
    run->started_ms = run->target.base.now_ms;
}

/* Of all that one request may send and wait for, at ten bits a byte, each of them escaped. */
static uint64_t wire_ms(const run_t *run)
{
    return (uint64_t)REQUEST_BYTES * 2 * 10 * 1000 / run->slowest_baud;
}

static esp_loader_error_t end(run_t *run, esp_loader_error_t error)
{
    const esp_loader_error_detail_t *detail = esp_loader_error_detail(&run->loader);
    uint32_t took_ms = run->target.base.now_ms - run->started_ms;
    FUZZ_CHECK(error >= ESP_LOADER_SUCCESS && error < ESP_LOADER_ERROR_COUNT);
    FUZZ_CHECK(error == ESP_LOADER_SUCCESS || detail->error == error);
    FUZZ_CHECK(error == ESP_LOADER_SUCCESS || detail->cause != ESP_LOADER_SUCCESS);
    FUZZ_CHECK(run->target.requests <= REQUESTS_MAX);
    FUZZ_CHECK(took_ms <= (run->target.requests + 2) * (REQUEST_MAX_MS + wire_ms(run)));
    return error;
}

static esp_loader_error_t connect(run_t *run, uint8_t how)
{
    esp_loader_connect_args_t args = {100, 3};
    begin(run);
    switch (how % 3) {
    case 0:
        return end(run, esp_loader_connect(&run->loader, &args));
    case 1:
        return end(run, esp_loader_connect_with_stub(&run->loader, &args));
    default:
        return end(run, esp_loader_connect_secure_download_mode(&run->loader, &args, FLASH_SIZE));
    }
}

/* ---- operations ---- */

static esp_loader_error_t read_register(run_t *run)
{
    uint32_t value = 0xA5A5A5A5;
    esp_loader_error_t err = esp_loader_read_register(&run->loader, 0x60008000, &value);
    FUZZ_CHECK(err == ESP_LOADER_SUCCESS || value == 0xA5A5A5A5);
    return err;
}

static esp_loader_error_t write_register(run_t *run)
{
    return esp_loader_write_register(&run->loader, 0x60008000, 1);
}

static esp_loader_error_t read_identity(run_t *run)
{
    uint8_t mac[6];
    uint32_t revision;
    RETURN_ON_ERROR(esp_loader_read_mac(&run->loader, mac));
    return esp_loader_read_chip_revision(&run->loader, &revision);
}

static esp_loader_error_t read_security(run_t *run)
{
    esp_loader_target_security_info_t info;
    return esp_loader_get_security_info(&run->loader, &info);
}

static esp_loader_error_t read_info(run_t *run)
{
    esp_loader_chip_info_t info;
    return esp_loader_read_chip_info(&run->loader, &info);
}

static esp_loader_error_t read_flash_id(run_t *run)
{
    uint8_t unique[16];
    uint8_t status;
    uint32_t id;
    RETURN_ON_ERROR(esp_loader_flash_read_id(&run->loader, &id));
    RETURN_ON_ERROR(esp_loader_flash_read_status(&run->loader, &status));
    return esp_loader_flash_read_unique_id(&run->loader, unique, sizeof(unique));
}

static esp_loader_error_t read_flash(run_t *run)
{
    uint32_t size = fuzz_u16(&run->target.input) % 10000u;
    uint8_t *bytes = malloc(size + 1);
    FUZZ_CHECK(bytes != NULL);
    esp_loader_error_t err = esp_loader_flash_read(&run->loader, bytes, 0x1000, size);
    free(bytes);
    return err;
}

static esp_loader_error_t write_flash(run_t *run)
{
    uint8_t block[1024] = {0xC0, 0xDB, 1};
    esp_loader_flash_cfg_t cfg = {.offset = 0x11000,
                                  .image_size = 1 + fuzz_u16(&run->target.input) % 5000u,
                                  .block_size = sizeof(block),
                                  .skip_verify = fuzz_u8(&run->target.input) % 2 != 0};
    RETURN_ON_ERROR(esp_loader_flash_start(&run->loader, &cfg));
    for (uint32_t done = 0; done < cfg.image_size; done += sizeof(block)) {
        uint32_t left = cfg.image_size - done;
        uint32_t size = left < sizeof(block) ? left : (uint32_t)sizeof(block);
        RETURN_ON_ERROR(esp_loader_flash_write(&run->loader, &cfg, block, size));
    }
    return esp_loader_flash_finish(&run->loader, &cfg);
}

static esp_loader_error_t write_deflated(run_t *run)
{
    uint8_t block[256] = {0x78, 0x9C};
    esp_loader_flash_deflate_cfg_t cfg = {
        .offset = 0x20000, .image_size = 9000, .compressed_size = 600, .block_size = sizeof(block)};
    RETURN_ON_ERROR(esp_loader_flash_deflate_start(&run->loader, &cfg));
    RETURN_ON_ERROR(esp_loader_flash_deflate_write(&run->loader, &cfg, block, sizeof(block)));
    RETURN_ON_ERROR(esp_loader_flash_deflate_write(&run->loader, &cfg, block, sizeof(block)));
    RETURN_ON_ERROR(esp_loader_flash_deflate_write(&run->loader, &cfg, block, 600 - 2 * sizeof(block)));
    return esp_loader_flash_deflate_finish(&run->loader, &cfg);
}

static esp_loader_error_t erase(run_t *run)
{
    return esp_loader_flash_erase_region(&run->loader, 0x3000, 0x2000);
}

static esp_loader_error_t verify(run_t *run)
{
    uint8_t md5[ESP_LOADER_MD5_SIZE];
    RETURN_ON_ERROR(esp_loader_flash_md5(&run->loader, 0x1000, 0x3000, md5));
    return esp_loader_flash_verify_known_md5(&run->loader, 0x1000, 0x3000, md5);
}

static esp_loader_error_t load_ram(run_t *run)
{
    uint8_t block[512] = {0};
    esp_loader_mem_cfg_t cfg = {.offset = 0x40380000, .size = 700, .block_size = sizeof(block)};
    RETURN_ON_ERROR(esp_loader_mem_start(&run->loader, &cfg));
    RETURN_ON_ERROR(esp_loader_mem_write(&run->loader, &cfg, block, sizeof(block)));
    RETURN_ON_ERROR(esp_loader_mem_write(&run->loader, &cfg, block, 700 - sizeof(block)));
    return esp_loader_mem_finish(&run->loader, &cfg, 0x40380000);
}

static esp_loader_error_t change_rate(run_t *run)
{
    uint32_t rate = fuzz_u32(&run->target.input);
    if (rate != 0 && rate < run->slowest_baud) {
        run->slowest_baud = rate;
    }
    return esp_loader_change_transmission_rate(&run->loader, rate);
}

static esp_loader_error_t run_plan(run_t *run)
{
    static uint8_t content[3 * 4096];
    uint8_t buffer[2048];
    esp_loader_image_report_t report;
    const esp_loader_image_t image = {.offset = 0x30000,
                                      .source = {esp_loader_read_memory, content, sizeof(content)}};
    const esp_loader_plan_options_t options = {.buffer = buffer, .buffer_size = sizeof(buffer)};
    esp_loader_error_t err = esp_loader_plan_run(&run->loader, &image, 1, &options, &report);
    FUZZ_CHECK((err == ESP_LOADER_SUCCESS) ==
               (report.result != ESP_LOADER_IMAGE_FAILED && report.result != ESP_LOADER_IMAGE_NOT_STARTED));
    return err;
}

static esp_loader_error_t reset(run_t *run)
{
    return esp_loader_reset_target_checked(&run->loader);
}

static esp_loader_error_t (*const operations[])(run_t *) = {
    read_register, write_register, read_identity, read_security,  read_info,
    read_flash_id, read_flash,     write_flash,   write_deflated, erase,
    verify,        load_ram,       change_rate,   run_plan,       reset};
enum { OPERATION_COUNT = sizeof(operations) / sizeof(operations[0]) };

/* ---- inputs ---- */

typedef struct {
    uint32_t chip_id, magic;
} chip_t;

static const chip_t chips[] = {
    {9, 9}, {NO_SECURITY_INFO, 0x00F01D83}, {NO_SECURITY_INFO, 0xFFF0C101}, {5, 0}, {12, 0}, {23, 0}, {18, 0},
    {2, 0}};
enum { CHIP_COUNT = sizeof(chips) / sizeof(chips[0]) };

enum { STUB_RUNS = 0x20, FIRST_GENERATION = 0x40, NO_LINES = 0x80 };

void fuzz_one(const uint8_t *data, size_t size)
{
    static run_t run;
    memset(&run, 0, sizeof(run));
    memset(&run.loader, 0xA5, sizeof(run.loader)); /* init assumes garbage */
    run.target.input = (fuzz_input_t){data, size};
    run.slowest_baud = UINT32_MAX;

    const uint8_t kind = fuzz_u8(&run.target.input);
    const uint8_t how = fuzz_u8(&run.target.input);
    const chip_t *chip = &chips[kind % CHIP_COUNT];
    run.target.chip_id = chip->chip_id;
    run.target.magic = chip->magic;
    run.target.sync_value = (kind & STUB_RUNS) != 0 ? 0 : 0x20120707;
    run.target.chunk = fuzz_u8(&run.target.input);
    hostile_init(&run.target, (kind & FIRST_GENERATION) != 0, (kind & NO_LINES) == 0);
    run.target.base.link = (esp_loader_link_t)(kind / 8 % 4);

    FUZZ_CHECK(esp_loader_init_serial(&run.loader, &run.target.base.port) == ESP_LOADER_SUCCESS);
    if (connect(&run, how) != ESP_LOADER_SUCCESS) {
        begin(&run);
        FUZZ_CHECK(end(&run, read_register(&run)) == ESP_LOADER_ERROR_INVALID_PARAM);
        FUZZ_CHECK(run.target.requests == 0);
    }
    for (unsigned i = 0; i < OPERATIONS_MAX && run.target.input.size > 0; i++) {
        begin(&run);
        uint8_t operation = fuzz_u8(&run.target.input);
        (void)end(&run, operations[operation % OPERATION_COUNT](&run));
    }
    esp_loader_deinit(&run.loader);
}

/* Every chip and way to connect, each with another operation; no answer is wrong but those that follow. */
FUZZ_SEEDS(3 * OPERATION_COUNT + 1)
{
    static const uint8_t wrong[] = {ANSWER_RIGHT,    ANSWER_REFUSAL, ANSWER_OF_INPUT,
                                    ANSWER_RAW,      ANSWER_NOISE,   ANSWER_SILENCE,
                                    ANSWER_GREETING, ANSWER_TWICE,   ANSWER_LATER};
    static const uint8_t endless_frames[] = {0, 0, 0, ANSWER_NOISE, 1, 'x', 0xC0};
    if (number == 3 * OPERATION_COUNT) {
        fuzz_put(seed, endless_frames, sizeof(endless_frames));
        return;
    }
    const unsigned operation = number % OPERATION_COUNT;
    fuzz_put_u8(seed, number % CHIP_COUNT + number / OPERATION_COUNT * STUB_RUNS);
    fuzz_put_u8(seed, number / OPERATION_COUNT);
    fuzz_put_u8(seed, number % 4 * 21);
    for (unsigned i = 0; i < 64; i++) {
        fuzz_put_u8(seed, i % 16 == 15 ? operation : i < 48 ? 0 : wrong[(i + number) % sizeof(wrong)]);
    }
}
