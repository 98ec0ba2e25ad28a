/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The same requests, right and wrong ones, to a chip that executes its mask ROM and to the model of it: the replies must
 * say the same, and the flash must hold the same. Not compared is what a ROM leaves from an earlier reply, because it means
 * nothing: the value of any but READ_REG and SYNC, the reason of a success, the last two status bytes, the payload of a
 * failure, and how often, under which opcode, an unknown command is refused.
 *
 * Not asked is what depends on what RAM held: data without a BEGIN that was taken, or after the end of a compressed stream
 * (the ROM never answers again); and what sim/README.md lists as not modelled.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "host.h"
#include "rom.h"

enum { HEADER_SIZE = 8, STATUS_SIZE = 4, SYNC = 0x08, READ_REG = 0x0A, SEED = 1 };

enum {
    FLASH_SIZE = 1 << 20,
    BLOCK = 1024,
    STREAM_MAX = 8 * BLOCK,
    ANSWER_MAX = 4096,
    SHOWN = 32,         /* bytes of a request, in a message */
    FIRST_US = 2000000, /* until the first byte of an answer, or there is none */
    QUIET_US = 20000,
    SYNC_US = 100000,
    SYNCS = 40,
    REQUESTS = 100,
    RAM = 0x1000,      /* stands for memory that is free */
    BEGIN_WORDS = 0xFF /* as many as the chip wants */
};

/* ---- random numbers and what is made of them ---- */

static uint32_t random_state;

static uint32_t below(uint32_t count)
{
    random_state = random_state * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)random_state * count >> 32);
}

/* One in @p count. */
static bool rarely(uint32_t count)
{
    return below(count) == 0;
}

static void fill(uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        data[i] = (uint8_t)(below(8) == 0 ? 0xC0 : below(256));
    }
}

/* ---- both chips, and what they answer ---- */

typedef struct {
    esp_sim_t *code, *model;
    uint32_t next, block; /* of the write that was begun */
    bool has_begun, is_refused;
    bool
        is_deflating; /* the ROM programs at the end of a window of 32 KiB or of the stream, the model at once */
} bench_t;

/* What an answer says, as text. */
typedef struct {
    char text[ANSWER_MAX];
    size_t size;
} answer_t;

__attribute__((format(printf, 2, 3))) static void say(answer_t *answer, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int size = vsnprintf(answer->text + answer->size, ANSWER_MAX - answer->size, format, args);
    va_end(args);
    assert_in_range(size, 0, ANSWER_MAX - answer->size - 1);
    answer->size += (size_t)size;
}

static void add_reply(answer_t *answer, const frame_t *frame)
{
    const uint8_t *status = frame->bytes + frame->size - STATUS_SIZE;
    uint8_t opcode = frame->bytes[1];
    if (status[0] != 0) {
        answer->size = 0;
        say(answer, "refused %02x", status[1]);
        return;
    }
    say(answer, "%02x", opcode);
    if (opcode == READ_REG || opcode == SYNC) {
        say(answer, " %08x", (unsigned)get32(frame->bytes + 4));
    }
    for (const uint8_t *byte = frame->bytes + HEADER_SIZE; byte < status; byte++) {
        say(answer, " %02x", *byte);
    }
    say(answer, "; ");
}

static void receive(esp_sim_t *sim, answer_t *answer)
{
    frame_t frame;
    answer->size = 0;
    answer->text[0] = 0;
    for (uint64_t us = FIRST_US; host_receive(sim, &frame, us); us = QUIET_US) {
        if (frame.size >= HEADER_SIZE + STATUS_SIZE) {
            add_reply(answer, &frame);
        }
    }
}

/* ---- requests ---- */

static void compare_flash(bench_t *b, const char *what)
{
    const uint8_t *one = esp_sim_flash(b->code), *other = esp_sim_flash(b->model);
    for (size_t i = 0; memcmp(one, other, FLASH_SIZE) != 0 && i < FLASH_SIZE; i++) {
        if (one[i] != other[i]) {
            fail_msg("%s: flash at 0x%x: code %02x, model %02x", what, (unsigned)i, one[i], other[i]);
        }
    }
}

static void compare(bench_t *b, const char *what, const uint8_t *data, size_t size)
{
    static answer_t code, model;
    receive(b->code, &code);
    receive(b->model, &model);
    if (strcmp(code.text, model.text) != 0) {
        char request[3 * SHOWN + 1] = "";
        for (size_t i = 0; i < size && i < SHOWN; i++) {
            (void)snprintf(request + 3 * i, 4, " %02x", data[i]);
        }
        fail_msg("%s,%s:\n  code  %s\n  model %s", what, request, code.text, model.text);
    }
    b->is_refused = code.text[0] == 'r';
    if (!b->is_deflating) {
        compare_flash(b, what);
    }
}

static void ask(bench_t *b, const char *what, uint8_t opcode, uint32_t checksum, const void *data,
                size_t size)
{
    host_send(b->code, opcode, checksum, data, size);
    host_send(b->model, opcode, checksum, data, size);
    compare(b, what, data, size);
}

static void ask_words(bench_t *b, const char *what, uint8_t opcode, const uint32_t *words, size_t count)
{
    uint8_t data[64];
    for (size_t i = 0; i < count; i++) {
        put32(data + 4 * i, words[i]);
    }
    ask(b, what, opcode, 0, data, 4 * count);
}

/* A data command, perhaps with a wrong checksum. */
static void ask_block(bench_t *b, const char *what, uint8_t opcode, uint32_t number, const uint8_t *bytes,
                      uint32_t size, bool may_be_damaged)
{
    uint8_t *data = calloc(1, 16 + size);
    uint32_t checksum = 0xEF ^ (may_be_damaged && rarely(10) ? 1 : 0);
    assert_non_null(data);
    put32(data, size);
    put32(data + 4, number);
    memcpy(data + 16, bytes, size);
    for (uint32_t i = 0; i < size; i++) {
        checksum ^= bytes[i];
    }
    ask(b, what, opcode, checksum, data, 16 + size);
    free(data);
}

/* Mostly sectors, sometimes an offset within one, beyond the end or across it. */
static uint32_t any_offset(void)
{
    uint32_t offset = below(FLASH_SIZE / 4096) * 4096;
    return rarely(8) ? offset + 4 * below(1024) : rarely(10) ? FLASH_SIZE - 4096 * below(3) + 4096 : offset;
}

static void ask_begin(bench_t *b)
{
    bool has_five = strcmp(rom()->chip, "esp32") != 0;
    uint32_t blocks = 1 + below(6), block = rarely(8) ? 0x1800 + 4 * below(3) : BLOCK;
    uint32_t words[] = {blocks * block - (rarely(3) ? below(block) : 0), blocks, block, any_offset(), 0};
    size_t count = rarely(12) ? below(5) : has_five ? 5 : 4;
    b->next = 0;
    b->block = block > 0x1800 ? BLOCK : block;
    ask_words(b, "FLASH_BEGIN", 0x02, words, count);
    b->has_begun = !b->is_refused;
}

static void ask_data(bench_t *b)
{
    static uint8_t data[0x1808];
    uint32_t size = rarely(8) ? below(sizeof(data)) : b->block;
    uint32_t number = rarely(8) ? below(4) : b->next;
    if (!b->has_begun) {
        return;
    }
    fill(data, size);
    b->next = number == b->next ? b->next + 1 : b->next;
    ask_block(b, "FLASH_DATA", 0x03, number, data, size, true);
}

/* A whole compressed write: a stream that goes on after its end would hang the ROM. */
static void ask_deflated(bench_t *b)
{
    static uint8_t data[STREAM_MAX], stream[STREAM_MAX + 64];
    bool has_five = strcmp(rom()->chip, "esp32") != 0;
    uint32_t size =
        4 * (1 + below(STREAM_MAX / 4)); /* of a word that is not whole, the ROM programs the rest, too */
    uLongf packed = sizeof(stream);
    fill(data, size);
    assert_int_equal(compress2(stream, &packed, data, size, 9), Z_OK);
    uint32_t blocks = ((uint32_t)packed + BLOCK - 1) / BLOCK;
    uint32_t words[] = {size, blocks, BLOCK, below(FLASH_SIZE / 65536) * 65536, 0};
    ask_words(b, "FLASH_DEFL_BEGIN", 0x10, words, has_five ? 5 : 4);
    b->is_deflating = true;
    for (uint32_t i = 0; i < blocks; i++) {
        uint32_t rest = (uint32_t)packed - i * BLOCK;
        ask_block(b, "FLASH_DEFL_DATA", 0x11, i, stream + (size_t)i * BLOCK, rest < BLOCK ? rest : BLOCK,
                  false);
    }
    b->is_deflating = false;
    compare_flash(b, "FLASH_DEFL_DATA");
    b->has_begun = false;
}

static void ask_memory(bench_t *b)
{
    static uint8_t data[BLOCK];
    uint32_t size = 4 * (1 + below(256)), blocks = 1 + below(3);
    ask_words(b, "MEM_BEGIN, too short", 0x05, (const uint32_t[]){size * blocks, blocks, size}, below(4));
    ask_words(b, "MEM_BEGIN", 0x05, (const uint32_t[]){size * blocks, blocks, size, rom()->free_ram + 0x1000},
              4);
    fill(data, size);
    for (uint32_t i = 0; i < blocks; i++) {
        ask_block(b, "MEM_DATA", 0x07, rarely(8) ? below(3) : i, data, size, true);
    }
    ask_words(b, "READ_REG", READ_REG, (const uint32_t[]){rom()->free_ram + 0x1000 + 4 * below(256)}, 1);
    b->has_begun = false;
}

static void ask_any(bench_t *b)
{
    uint32_t address = rom()->free_ram + 4 * below(64);
    switch (below(12)) {
    case 0:
    case 1:
        ask_begin(b);
        break;
    case 2:
    case 3:
    case 4:
    case 5:
        ask_data(b);
        break;
    case 6:
        if (strcmp(rom()->chip, "esp32") !=
            0) { /* which leaves what its window held before after the end of the stream */
            ask_deflated(b);
        }
        break;
    case 7:
        ask_words(b, "SPI_FLASH_MD5", 0x13, (const uint32_t[]){any_offset(), below(20000), 0, 0}, 4);
        break;
    case 8:
        ask_words(b, "READ_FLASH_SLOW", 0x0E, (const uint32_t[]){4 * below(FLASH_SIZE / 4), 64 + below(2)},
                  2);
        break;
    case 9:
        ask_words(
            b, "WRITE_REG", 0x09,
            (const uint32_t[]){address, below(UINT32_MAX), rarely(2) ? UINT32_MAX : below(UINT32_MAX), 0}, 4);
        ask_words(b, "READ_REG", READ_REG, (const uint32_t[]){address}, 1);
        break;
    case 10:
        ask_memory(b);
        break;
    default:
        ask(b, "unknown opcode", (uint8_t)(0x15 + below(0x80)), 0, NULL, 0);
        ask_words(b, "READ_REG", READ_REG, (const uint32_t[]){address}, 1);
        break;
    }
}

static esp_sim_t *start(const char *elf)
{
    esp_sim_config_t config = {.chip = rom()->chip,
                               .chip_revision = rom()->revision,
                               .flash_size = FLASH_SIZE,
                               .wiring = ESP_SIM_WIRING_NONE,
                               .start_in_download = true,
                               .timing = ESP_SIM_TIMING_FAST,
                               .as_rom = true,
                               .rom_elf = elf};
    esp_sim_t *sim = host_new(&config);
    static answer_t ignored;
    host_skip(sim, 300000);
    memset(esp_sim_flash(sim), 0x55, FLASH_SIZE);
    /* The first ones may be eaten by the measurement of the rate, so a host sends several; the last shows that no answer
     * is still to come. */
    frame_t frame;
    for (int i = 0; !host_receive(sim, &frame, SYNC_US); i++) {
        assert_true(i < SYNCS);
        host_send_sync(sim);
    }
    receive(sim, &ignored);
    host_send_sync(sim);
    receive(sim, &ignored);
    return sim;
}

TEST(rom_and_model_answer_the_same)
{
    bench_t b = {.code = start(rom_file()), .model = start(NULL)};
    random_state = SEED;
    ask_words(&b, "SPI_ATTACH", 0x0D, (const uint32_t[]){0, 0}, 2);
    ask_words(&b, "SPI_SET_PARAMS", 0x0B, (const uint32_t[]){0, FLASH_SIZE, 65536, 4096, 256, 0xFFFF}, 6);
    for (int i = 0; i < REQUESTS; i++) {
        ask_any(&b);
    }
    esp_sim_free(b.code);
    esp_sim_free(b.model);
}

/* ---- requests by hand: each length, each refusal ---- */

static const struct {
    const char *what;
    uint8_t opcode;
    uint8_t words;
    uint32_t data[8];
} REQUESTED[] = {
    {"unknown opcode", 0x20, 0, {0}},
    {"opcode 1", 0x01, 0, {0}},
    {"opcode 0x15", 0x15, 0, {0}},
    {"WRITE_REG, two at once", 0x09, 8, {RAM, 1, UINT32_MAX, 0, RAM + 4, 2, UINT32_MAX, 0}},
    {"READ_REG of the second", READ_REG, 1, {RAM + 4}},
    {"WRITE_REG with a mask", 0x09, 4, {RAM, 0, 0xFF00, 0}},
    {"READ_REG", READ_REG, 1, {RAM}},
    {"SPI_ATTACH, 4 bytes", 0x0D, 1, {0}},
    {"SPI_SET_PARAMS, 20 bytes", 0x0B, 5, {0, FLASH_SIZE, 65536, 4096, 256}},
    {"FLASH_BEGIN, 3 words", 0x02, 3, {BLOCK, 1, BLOCK}},
    {"FLASH_BEGIN, block too large", 0x02, BEGIN_WORDS, {0x1804, 1, 0x1804, 0x10000, 0}},
    {"SPI_FLASH_MD5, 8 bytes", 0x13, 2, {0x10000, 2048}},
    {"READ_FLASH_SLOW at an odd offset", 0x0E, 2, {0x10005, 64}},
    {"READ_FLASH_SLOW, 65 bytes", 0x0E, 2, {0x10000, 65}},
    {"READ_FLASH_SLOW, 4 words", 0x0E, 4, {0x10000, 64, 64, 64}},
    {"FLASH_DEFL_BEGIN, 3 words", 0x10, 3, {BLOCK, 1, BLOCK}},
    {"MEM_BEGIN, 12 bytes", 0x05, 3, {4, 1, BLOCK}},
    {"MEM_BEGIN, block too large", 0x05, 4, {4, 1, 0x1801, RAM}},
    {"MEM_END that stays", 0x06, 2, {1, 0}},
};

static bool is_esp32(void)
{
    return strcmp(rom()->chip, "esp32") == 0; /* four words begin a write, and streams are left out */
}

static void ask_requested(bench_t *b)
{
    for (size_t i = 0; i < sizeof(REQUESTED) / sizeof(REQUESTED[0]); i++) {
        uint32_t words[8];
        size_t count = REQUESTED[i].words == BEGIN_WORDS ? is_esp32() ? 4 : 5 : REQUESTED[i].words;
        for (size_t k = 0; k < count; k++) {
            bool is_ram = REQUESTED[i].data[k] - RAM < 64;
            words[k] = REQUESTED[i].data[k] + (is_ram ? rom()->free_ram - RAM : 0);
        }
        ask_words(b, REQUESTED[i].what, REQUESTED[i].opcode, words, count);
    }
}

/* Frames that are none around one that is. */
static void ask_between_noise(bench_t *b, const char *what, const char *noise, size_t size)
{
    host_send_raw(b->code, noise, size);
    host_send_raw(b->model, noise, size);
    ask_words(b, what, READ_REG, (const uint32_t[]){rom()->free_ram}, 1);
}

static void ask_begin_of(bench_t *b, uint8_t opcode, uint32_t size, uint32_t blocks)
{
    ask_words(b, "BEGIN", opcode, (const uint32_t[]){size, blocks, BLOCK, 0x30000, 0}, is_esp32() ? 4 : 5);
}

static void ask_streams(bench_t *b)
{
    enum { TRUNCATED, OTHER_HEADER, OTHER_CHECKSUM, SKIPPED_NUMBER, KINDS };
    static uint8_t data[3 * BLOCK], stream[BLOCK];
    uLongf packed = sizeof(stream);
    for (size_t i = 0; i < sizeof(data); i++) {
        data[i] = (uint8_t)i;
    }
    assert_int_equal(compress2(stream, &packed, data, sizeof(data), 9), Z_OK);
    for (unsigned kind = TRUNCATED; kind < KINDS; kind++) {
        uint8_t damaged[sizeof(stream)];
        memcpy(damaged, stream, sizeof(stream));
        damaged[0] = kind == OTHER_HEADER ? 0 : damaged[0];
        damaged[packed - 1] ^= kind == OTHER_CHECKSUM;
        ask_begin_of(b, 0x10, sizeof(data), 1);
        b->is_deflating = true;
        ask_block(b, "FLASH_DEFL_DATA", 0x11, kind == SKIPPED_NUMBER, damaged,
                  (uint32_t)packed - (kind == TRUNCATED ? 6 : 0), false);
        b->is_deflating = false;
    }
}

TEST(rom_and_model_answer_requests_by_hand_the_same)
{
    bench_t b = {.code = start(rom_file()), .model = start(NULL)};
    static uint8_t data[2 * BLOCK];
    ask_words(&b, "SPI_ATTACH", 0x0D, (const uint32_t[]){0, 0}, 2);
    ask_words(&b, "SPI_SET_PARAMS", 0x0B, (const uint32_t[]){0, FLASH_SIZE, 65536, 4096, 256, 0xFFFF}, 6);
    ask_requested(&b);
    ask_begin_of(&b, 0x02, 3 * BLOCK, 3);
    ask_block(&b, "larger than a block", 0x03, 0, data, 2 * BLOCK, false);
    ask_block(&b, "no multiple of 4", 0x03, 0, data, BLOCK - 23, false);
    ask_block(&b, "smaller than a block", 0x03, 0, data, BLOCK - 24, false);
    ask_block(&b, "number repeated", 0x03, 0, data, BLOCK, false);
    ask_block(&b, "the next one", 0x03, 1, data, BLOCK, false);
    if (!is_esp32()) {
        ask_streams(&b);
    }
    ask_between_noise(&b, "empty frames", "\xC0\xC0\xC0", 3);
    ask_between_noise(&b, "noise between frames", "hello", 5);
    esp_sim_free(b.code);
    esp_sim_free(b.model);
}

TEST(rom_resets_the_chip_at_the_end_of_a_compressed_write)
{
    esp_sim_t *sim = start(rom_file());
    static const uint8_t LEAVE[4];
    uint64_t resets = esp_sim_stats(sim)->resets;
    host_send(sim, 0x12, 0, LEAVE, sizeof(LEAVE));
    host_skip(sim, 300000);
    assert_int_equal(esp_sim_stats(sim)->resets, resets + 1);
    esp_sim_free(sim);
}
