/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Nothing that fails is taken for a success: every operation on every kind of chip, with each of its commands
 * and what follows refused in turn, and every function on a session that is not connected.
 */
#include <string.h>

#include "esp_loader_chip_info.h"
#include "operations.h"

enum { COMMANDS_MAX = 400, SYNC = 0x08, COMMAND_MIN = 10, DELIMITER = 0xC0, ANY = 0 };

/* ---- what goes over the wire ---- */

static uint8_t frame_opcodes[COMMANDS_MAX];
static unsigned frame_count;

/* A command begins with a delimiter, its direction and its opcode, in whatever pieces the rest comes. What
 * else is framed, the acknowledgements of a reader, is shorter. */
static esp_loader_error_t record_and_write(esp_loader_port_t *port, const uint8_t *data, size_t size,
                                           uint32_t timeout_ms, size_t *out_written)
{
    if (size >= COMMAND_MIN && data[0] == DELIMITER) {
        assert_true(frame_count + 1 < COMMANDS_MAX);
        frame_opcodes[frame_count++] = data[2];
    }
    return sim_port_ops.write_all(port, data, size, timeout_ms, out_written);
}

static void record_frames(bench_t *b)
{
    b->port.base.ops.write_all = record_and_write;
    frame_count = 0;
}

/* ---- operations that others do not have ---- */

static esp_loader_error_t connect_anew(bench_t *b, bool with_stub)
{
    esp_loader_deinit(&b->loader);
    assert_success(esp_loader_init_serial(&b->loader, &b->port.base.port));
    return with_stub ? esp_loader_connect_with_stub(&b->loader, NULL) : esp_loader_connect(&b->loader, NULL);
}

OPERATION(op_connect)
{
    return connect_anew(b, false);
}

OPERATION(op_connect_with_stub)
{
    return connect_anew(b, true);
}

OPERATION(op_connect_secure_download_mode)
{
    return esp_loader_connect_secure_download_mode(&b->loader, NULL, 1u << 20);
}

OPERATION(op_id)
{
    uint32_t id;
    return esp_loader_flash_read_id(&b->loader, &id);
}

OPERATION(op_unique_id)
{
    uint8_t id[8];
    return esp_loader_flash_read_unique_id(&b->loader, id, sizeof(id));
}

OPERATION(op_status)
{
    uint8_t status;
    return esp_loader_flash_read_status(&b->loader, &status);
}

OPERATION(op_chip_info)
{
    esp_loader_chip_info_t info;
    return esp_loader_read_chip_info(&b->loader, &info);
}

OPERATION(op_check_security)
{
    return esp_loader_flash_check_security(&b->loader, 0, 4096);
}

OPERATION(op_md5)
{
    uint8_t digest[ESP_LOADER_MD5_SIZE];
    return esp_loader_flash_md5(&b->loader, 0, 5000, digest);
}

OPERATION(op_write_and_verify)
{
    static uint8_t data[5000];
    bench_fill(data, sizeof(data), 4);
    RETURN_ON_ERROR(bench_flash(b, 0x10000, data, sizeof(data), false));
    assert_memory_equal(esp_sim_flash(b->sim) + 0x10000, data, sizeof(data));
    return ESP_LOADER_SUCCESS;
}

static const operation_t more_operations[] = {
    {"MD5", op_md5, false},
    {"write and verify", op_write_and_verify, false},
    {"connect", op_connect, false},
    {"connect with stub", op_connect_with_stub, false},
    {"connect in secure download mode", op_connect_secure_download_mode, false},
    {"flash id", op_id, false},
    {"unique id", op_unique_id, false},
    {"status", op_status, false},
    {"check of security", op_check_security, false},
};

static const operation_t describing = {"chip info", op_chip_info, false};

/* ---- each of their commands refused ---- */

/* One with crystal calibration, several forms of eFuses, the flash's power, a check of secure boot, and a
 * simple one. */
static const char *const names[] = {"esp8266", "esp32",   "esp32s2", "esp32c2",
                                    "esp32c3", "esp32c5", "esp32p4"};

static const chip_t *chip_named(const char *name)
{
    for (size_t c = 0; c < chip_count; c++) {
        if (strcmp(chips[c].sim_name, name) == 0) {
            return &chips[c];
        }
    }
    fail_msg("there is no %s", name);
    return NULL;
}

/* false: not with this loader. */
static bool begin(bench_t *b, const chip_t *chip, bool with_stub)
{
    *b = bench_for(chip, ESP_SIM_WIRING_BRIDGE);
    bench_open(b);
    memset(esp_sim_flash(b->sim), 0, b->config.flash_size);
    if (!with_stub) {
        assert_success(esp_loader_connect(&b->loader, NULL));
        return true;
    }
    return esp_loader_connect_with_stub(&b->loader, NULL) == ESP_LOADER_SUCCESS;
}

/* The commands of an operation, and how many there are, 0 = it does not succeed with this loader. */
static unsigned commands_of(const operation_t *operation, const chip_t *chip, bool with_stub,
                            uint8_t out_opcodes[COMMANDS_MAX])
{
    bench_t b;
    unsigned count = 0;
    if (begin(&b, chip, with_stub)) {
        uint64_t before = esp_sim_stats(b.sim)->commands;
        record_frames(&b);
        if (operation->run(&b, chip) == ESP_LOADER_SUCCESS) {
            count = frame_count;
            assert_int_equal(count, esp_sim_stats(b.sim)->commands - before);
        }
        memcpy(out_opcodes, frame_opcodes, count);
    }
    b.expects_misuse = true;
    bench_close(&b);
    return count;
}

/* Runs the operation with faults; fails the test unless it succeeds as it is to, or fails in a command of
 * this opcode. */
static void run_refused(const operation_t *operation, const chip_t *chip, bool with_stub, const char *faults,
                        bool is_to_succeed, uint8_t opcode)
{
    bench_t b;
    assert_true(begin(&b, chip, with_stub));
    bench_faults(&b, faults);
    esp_loader_error_t err = operation->run(&b, chip);
    const esp_loader_error_detail_t *detail = esp_loader_error_detail(&b.loader);
    /* A stub's refusal may be that of an earlier block. */
    bool is_of_it = is_to_succeed || with_stub || opcode == ANY || detail->command == opcode;
    if (is_to_succeed != (err == ESP_LOADER_SUCCESS) || detail->error != err || !is_of_it) {
        fail_msg("%s, %s, %s, %s: %d, %d recorded, of command 0x%02x", operation->name, chip->sim_name,
                 with_stub ? "stub" : "ROM", faults, (int)err, (int)detail->error, detail->command);
    }
    b.expects_misuse = true;
    bench_close(&b);
}

/* A command is refused together with all that follow, and alone, but twice: what is refused once is asked
 * again. */
static void each_command_refused(const operation_t *operation, const chip_t *chip, bool with_stub)
{
    /* What prepares a reset is not needed for it. */
    bool needs_all = strcmp(operation->name, "reset") != 0;
    uint8_t opcodes[COMMANDS_MAX];
    unsigned seen[256] = {0};
    unsigned count = commands_of(operation, chip, with_stub, opcodes);
    for (unsigned n = 1; n <= count; n++) {
        char faults[100];
        const uint8_t opcode = opcodes[n - 1];
        const bool is_sync = opcode == SYNC;
        snprintf(faults, sizeof(faults), "%s command %u: error 0x06", is_sync ? "at" : "from", n);
        run_refused(operation, chip, with_stub, faults, is_sync || !needs_all, ANY);

        const unsigned nth = ++seen[opcode];
        snprintf(faults, sizeof(faults),
                 "at command %u of 0x%02x: error 0x06; at command %u of 0x%02x: error 0x06", nth, opcode,
                 nth + 1, opcode);
        if ((n - 1) % test_row_step() == 0) {
            run_refused(operation, chip, with_stub, faults, is_sync || !needs_all, opcode);
        }
    }
}

/* Those that go on after a failure they have asked for. */
static bool expects_failures(const operation_t *operation)
{
    return operation->is_for_stub || strcmp(operation->name, "verify") == 0;
}

static void every_command_of_every_operation(bool with_stub)
{
    for (size_t c = 0; c < COUNT(names); c++) {
        const chip_t *chip = chip_named(names[c]);
        for (size_t i = 0; i < operation_count; i++) {
            if (!expects_failures(&operations[i])) {
                each_command_refused(&operations[i], chip, with_stub);
            }
        }
        for (size_t i = 0; i < COUNT(more_operations); i++) {
            each_command_refused(&more_operations[i], chip, with_stub);
        }
        each_command_refused(&describing, chip, with_stub);
    }
}

TEST(any_command_refused_by_a_rom_is_a_failure_of_its_operation)
{
    every_command_of_every_operation(false);
}

TEST(any_command_refused_by_a_stub_is_a_failure_of_its_operation)
{
    every_command_of_every_operation(true);
}

/* It has fields in its eFuses that none of those have. */
TEST(any_refused_field_of_the_esp32s3_is_a_failure_to_describe_it)
{
    each_command_refused(&describing, chip_named("esp32s3"), false);
}

/* ---- without a connection ---- */

TEST_OPEN(no_function_does_anything_before_connecting, BENCH(.chip = "esp32s3"))
{
    uint8_t bytes[16] = {0};
    uint32_t word;
    uint16_t revision;
    esp_loader_target_security_info_t info;
    esp_loader_chip_info_t chip_info;
    esp_loader_flash_cfg_t flash = {.offset = 0x1000, .image_size = 16, .block_size = 16};
    esp_loader_flash_deflate_cfg_t deflate = {
        .offset = 0x1000, .image_size = 16, .compressed_size = 16, .block_size = 16};
    esp_loader_mem_cfg_t mem = {.offset = 0x40378000, .size = 16, .block_size = 16};
    assert_false(esp_loader_stub_is_running(&b->loader));
    assert_false(esp_loader_stub_is_running(NULL));
    assert_int_equal(esp_loader_get_target(&b->loader), ESP_UNKNOWN_CHIP);
#define REFUSED(call)                                                                                        \
    do {                                                                                                     \
        assert_int_equal(call, ESP_LOADER_ERROR_INVALID_PARAM);                                              \
        assert_int_equal(bench_cause(b), ESP_LOADER_ERROR_NOT_CONNECTED);                                    \
    } while (0)
    REFUSED(esp_loader_flash_start(&b->loader, &flash));
    REFUSED(esp_loader_flash_write(&b->loader, &flash, bytes, 16));
    REFUSED(esp_loader_flash_finish(&b->loader, &flash));
    REFUSED(esp_loader_flash_deflate_start(&b->loader, &deflate));
    REFUSED(esp_loader_flash_deflate_write(&b->loader, &deflate, bytes, 16));
    REFUSED(esp_loader_flash_deflate_finish(&b->loader, &deflate));
    REFUSED(esp_loader_mem_start(&b->loader, &mem));
    REFUSED(esp_loader_mem_write(&b->loader, &mem, bytes, 16));
    REFUSED(esp_loader_mem_finish(&b->loader, &mem, 0));
    REFUSED(esp_loader_flash_read_id(&b->loader, &word));
    REFUSED(esp_loader_flash_read_unique_id(&b->loader, bytes, 8));
    REFUSED(esp_loader_flash_read_status(&b->loader, bytes));
    REFUSED(esp_loader_flash_detect_size(&b->loader, &word));
    REFUSED(esp_loader_flash_measure_size(&b->loader, &word));
    REFUSED(esp_loader_flash_set_size(&b->loader, 4u << 20));
    REFUSED(esp_loader_flash_read_status_registers(&b->loader, 2, &word));
    REFUSED(esp_loader_flash_write_status_registers(&b->loader, 2, 0, false));
    REFUSED(esp_loader_flash_read(&b->loader, bytes, 0, 16));
    REFUSED(esp_loader_flash_erase(&b->loader));
    REFUSED(esp_loader_flash_erase_region(&b->loader, 0, 4096));
    REFUSED(esp_loader_flash_md5(&b->loader, 0, 16, bytes));
    REFUSED(esp_loader_flash_verify_known_md5(&b->loader, 0, 16, bytes));
    REFUSED(esp_loader_flash_check_security(&b->loader, 0, 16));
    REFUSED(esp_loader_get_security_info(&b->loader, &info));
    REFUSED(esp_loader_read_mac(&b->loader, bytes));
    REFUSED(esp_loader_read_chip_revision(&b->loader, &word));
    REFUSED(esp_loader_get_chip_revision(&b->loader, &revision));
    REFUSED(esp_loader_read_chip_info(&b->loader, &chip_info));
    REFUSED(esp_loader_read_register(&b->loader, 0, &word));
    REFUSED(esp_loader_write_register(&b->loader, 0, 0));
    REFUSED(esp_loader_change_transmission_rate(&b->loader, 230400));
#undef REFUSED
    assert_int_equal(esp_sim_stats(b->sim)->commands, 0);
}
