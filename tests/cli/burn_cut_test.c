/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What `efuse burn-...` does with its journal, cut off at every register write (the power, or the link once it is done) and
 * at every operation on the journal's file: what has changed is of blocks that the journal names, no other request is
 * burnt, and the same request completes it. The chips are simulated, on the virtual clock; the file is a real one.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench.h"
#include "efuse/burn_work.h"

/* ---- the journal's file ---- */

/** Operations that are left until the program is killed; 0: it is, and nothing more reaches the disk. */
static unsigned operations_left = UINT32_MAX;
static unsigned operations;

static bool is_alive(void)
{
    operations++;
    if (operations_left == 0) {
        errno = EIO;
        return false;
    }
    operations_left--;
    return true;
}

int __real_open(const char *path, int flags, ...);
int __real_rename(const char *from, const char *to);
int __real_unlink(const char *path);
int __wrap_open(const char *path, int flags, ...);
int __wrap_rename(const char *from, const char *to);
int __wrap_unlink(const char *path);
int __wrap_fsync(int fd);

int __wrap_open(const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(args, mode_t) : 0;
    va_end(args);
    return (flags & O_CREAT) == 0 || is_alive() ? __real_open(path, flags, mode) : -1;
}

int __wrap_rename(const char *from, const char *to)
{
    return is_alive() ? __real_rename(from, to) : -1;
}

int __wrap_unlink(const char *path)
{
    return is_alive() ? __real_unlink(path) : -1;
}

/* Of what was not synchronized, half is on the disk. */
int __wrap_fsync(int fd)
{
    struct stat about;
    if (is_alive()) {
        return 0;
    }
    if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode)) {
        (void)!ftruncate(fd, about.st_size / 2);
    }
    return -1;
}

/* ---- parts and requests ---- */

typedef struct {
    const char *chip;
    burn_kind_t kind;
    const char *words[6];   /**< "KEY32", "KEY24": a file of that size */
    esp_sim_efuse_t before; /**< burnt before */
} part_t;

#define XTS                                                                                                  \
    {                                                                                                        \
        "BLOCK_KEY0", "KEY32", "XTS_AES_128_KEY"                                                             \
    }
#define PART(chip, ...)                                                                                      \
    {                                                                                                        \
        chip, BURN_KEY, __VA_ARGS__,                                                                         \
        {                                                                                                    \
            0                                                                                                \
        }                                                                                                    \
    }

static const part_t parts[] = {
    PART("esp32", {"flash_encryption", "KEY32"}),
    {"esp32", BURN_KEY, {"flash_encryption", "KEY24"}, {0x3FF5A018, 1}}, /* the 3/4 code */
    PART("esp32s2", XTS),
    PART("esp32s3", XTS),
    PART("esp32c2", XTS),
    PART("esp32c3", XTS),
    PART("esp32c5", XTS),
    PART("esp32c6", XTS),
    PART("esp32c61", XTS),
    PART("esp32h2", XTS),
    PART("esp32h21", XTS),
    PART("esp32h4", XTS),
    PART("esp32p4", XTS),
    PART("esp32s31", XTS),
    PART("esp32s3", {"BLOCK_KEY1", "KEY64", "XTS_AES_256_KEY", "BLOCK_KEY4", "KEY32", "HMAC_UP"}),
    {"esp32c6", BURN_FIELD, {"DIS_PAD_JTAG", "1", "SECURE_VERSION", "3", "SPI_BOOT_CRYPT_CNT", "1"}, {0}},
    {"esp32c3", BURN_MAC, {"02:00:00:12:34:56"}, {0}},
    {"esp32s3", BURN_VOLTAGE, {"3.3V"}, {0}},
    {"esp32h2", BURN_DATA, {"BLOCK_SYS_DATA2", "KEY32"}, {0}},
    {"esp32c6", BURN_READ_PROTECT, {"BLOCK_KEY2", "BLOCK_KEY3"}, {0}},
};

typedef struct {
    uint32_t words[ESP_SIM_EFUSE_BLOCKS][ESP_SIM_EFUSE_BLOCK_WORDS];
} cells_t;

/** One part with what it is to burn. */
typedef struct {
    const part_t *part;
    bench_t bench;
    cells_t before, after; /**< whole */
    char folder[32];
    char journal[64];
    char words[6][64]; /**< of the request */
} cut_t;

static unsigned total; /* interruptions */

static void save_cells(const cut_t *cut, cells_t *out)
{
    memcpy(out->words, esp_sim_efuse_cells(cut->bench.sim), sizeof(out->words));
}

static void write_key(const char *path, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    for (size_t i = 0; i < size; i++) {
        fputc((int)(0xC0 + i % 64), file);
    }
    assert_int_equal(fclose(file), 0);
}

static void begin(cut_t *cut, const part_t *part)
{
    *cut = (cut_t){.part = part, .folder = "/tmp/esp-loader-cut-XXXXXX"};
    assert_non_null(mkdtemp(cut->folder));
    (void)snprintf(cut->journal, sizeof(cut->journal), "%s/journal", cut->folder);
    for (size_t i = 0; i < COUNT(part->words) && part->words[i] != NULL; i++) {
        const bool is_file = strncmp(part->words[i], "KEY", 3) == 0 && part->words[i][4] != '\0' &&
                             strchr(part->words[i], '_') == NULL;
        (void)snprintf(cut->words[i], sizeof(cut->words[i]), "%s%s%s", is_file ? cut->folder : "",
                       is_file ? "/" : "", part->words[i]);
        if (is_file) {
            write_key(cut->words[i], (size_t)atoi(part->words[i] + 3));
        }
    }
}

static void end(cut_t *cut)
{
    for (size_t i = 0; i < COUNT(cut->words); i++) {
        if (cut->words[i][0] == '/') {
            (void)remove(cut->words[i]);
        }
    }
    assert_int_equal(rmdir(cut->folder), 0);
}

static void start_chip(cut_t *cut)
{
    cut->bench = (bench_t){.config = {.chip = cut->part->chip,
                                      .wiring = ESP_SIM_WIRING_BRIDGE,
                                      .timing = ESP_SIM_TIMING_FAST,
                                      .efuses = {cut->part->before}}};
    bench_connect(&cut->bench);
}

/* ---- one run of the command ---- */

typedef enum { PLANNED, REFUSED, FINISHED, FAILED } outcome_t;

static void make_request(burn_request_t *request, burn_kind_t kind, const cut_t *cut,
                         const char *words[static 6])
{
    size_t count = 0;
    while (count < COUNT(cut->words) && cut->words[count][0] != '\0') {
        words[count] = cut->words[count];
        count++;
    }
    assert_null(burn_parse(request, kind, words, count));
    assert_int_equal(burn_read_files(request, NULL), CLI_OK);
}

static outcome_t run_request(cut_t *cut, burn_work_t *work)
{
    uint16_t revision = 0;
    esp_loader_t *loader = &cut->bench.loader;
    (void)esp_loader_get_chip_revision(loader, &revision);
    work->contents.table = efuse_table_of(esp_loader_chip_name(esp_loader_get_target(loader)), revision);
    assert_non_null(work->contents.table);
    if (burn_work_read(work, loader) != ESP_LOADER_SUCCESS) {
        return FAILED;
    }
    if (burn_work_plan(work, cut->journal, esp_sim_mac(cut->bench.sim)) != CLI_OK) {
        return REFUSED;
    }
    return burn_work_run(work, loader, NULL, NULL) == BURN_DONE ? FINISHED : FAILED;
}

static outcome_t run_command(cut_t *cut)
{
    static burn_work_t work;
    const char *words[6];
    memset(&work, 0, sizeof(work));
    make_request(&work.request, cut->part->kind, cut, words);
    return run_request(cut, &work);
}

/* Something else, for the same part. */
static outcome_t run_another(cut_t *cut)
{
    static burn_work_t work;
    static const char *const words[] = {"MAC"};
    memset(&work, 0, sizeof(work));
    assert_null(burn_parse(&work.request, BURN_WRITE_PROTECT, words, 1));
    return run_request(cut, &work);
}

/* ---- what is left by an interruption ---- */

static bool is_changed(const cells_t *before, const cells_t *now, unsigned block)
{
    return memcmp(before->words[block], now->words[block], sizeof(now->words[block])) != 0;
}

/* The journal names each block that has changed, or all is done; bits of BLOCK0 are read, a journal is enough for them. It
 * has no keys. Returns whether there is one. */
static bool expect_journal(const cut_t *cut, const cells_t *now)
{
    static burn_journal_t journal;
    char sentence[BURN_SENTENCE_SIZE];
    char text[4096] = "";
    const bool is_complete = memcmp(now->words, cut->after.words, sizeof(now->words)) == 0;
    assert_true(burn_journal_open(&journal, cut->journal, esp_sim_mac(cut->bench.sim), sentence));
    for (unsigned block = 0; block < ESP_SIM_EFUSE_BLOCKS; block++) {
        if (is_changed(&cut->before, now, block)) {
            assert_true(journal.is_found || is_complete);
            assert_true(block == 0 || is_complete || ((unsigned)journal.begun_blocks >> block & 1u) != 0);
        }
    }
    FILE *file = fopen(cut->journal, "r");
    if (file != NULL) {
        assert_in_range(fread(text, 1, sizeof(text) - 1, file), 1, sizeof(text) - 2);
        assert_int_equal(fclose(file), 0);
        assert_null(strstr(text, "c0c1c2c3c4c5")); /* six bytes: three are in a salted digest now and then */
        assert_true(strstr(text, "c3c2c1c0") == NULL || strstr(text, "c7c6c5c4") == NULL);
    }
    return journal.is_found;
}

/* After an interruption: it is known, and the next run completes it. */
static void expect_completed(cut_t *cut)
{
    cells_t now, then;
    total++;
    operations_left = UINT32_MAX;
    bench_wait_us(&cut->bench, 20000000);
    bench_reconnect(&cut->bench);
    save_cells(cut, &now);
    const bool is_noted = expect_journal(cut, &now);
    if (is_noted) {
        assert_int_equal(run_another(cut), REFUSED);
        save_cells(cut, &then);
        assert_memory_equal(then.words, now.words, sizeof(now.words));
    } else if (memcmp(now.words, cut->after.words, sizeof(now.words)) == 0) {
        return; /* its end was what was cut off */
    }
    assert_int_equal(run_command(cut), FINISHED);
    save_cells(cut, &now);
    assert_memory_equal(now.words, cut->after.words, sizeof(now.words));
    assert_int_not_equal(access(cut->journal, F_OK), 0);
}

/* Without interruption; and the same once more, which has nothing to do. */
static void run_whole(cut_t *cut)
{
    cells_t again;
    start_chip(cut);
    save_cells(cut, &cut->before);
    assert_int_equal(run_command(cut), FINISHED);
    save_cells(cut, &cut->after);
    assert_memory_not_equal(cut->after.words, cut->before.words, sizeof(again.words));
    assert_int_not_equal(access(cut->journal, F_OK), 0);
    bench_close(&cut->bench);
}

/* Each number of an event, until a run comes to its end before it. Returns how many there were. */
static unsigned sweep_writes(cut_t *cut, const char *fault, unsigned first, unsigned step)
{
    unsigned number = first;
    bool is_cut = true;
    while (is_cut) {
        start_chip(cut);
        bench_faults_at(&cut->bench, fault, number);
        is_cut = run_command(cut) != FINISHED;
        if (is_cut) {
            expect_completed(cut);
            number += step;
        }
        bench_close(&cut->bench);
    }
    return number;
}

static unsigned sweep_journal(cut_t *cut)
{
    unsigned number = 0;
    bool is_cut = true;
    while (is_cut) {
        start_chip(cut);
        operations = 0;
        operations_left = number;
        is_cut = run_command(cut) != FINISHED;
        is_cut = operations > number; /* what fails while it is removed is not a failure */
        if (is_cut) {
            expect_completed(cut);
            number++;
        }
        operations_left = UINT32_MAX;
        bench_close(&cut->bench);
    }
    return number;
}

TEST_ROWS(burn_that_is_cut_off_is_completed_by_its_journal, parts)
{
    const unsigned step = (unsigned)test_row_step();
    cut_t cut;
    begin(&cut, row);
    run_whole(&cut);
    const unsigned powers = sweep_writes(&cut, "at command %u of 0x09: disconnect 1 ms", 1, step);
    (void)sweep_writes(&cut, "at reply %u of 0x09: stall 20 s", step == 1 ? 1 : 2, step);
    const unsigned files = sweep_journal(&cut);
    assert_true(powers > 20 && files >= 4);
    printf("%s %s: power at %u register writes, %u operations on the journal, %u interruptions so far\n",
           row->chip, burn_name(row->kind), powers - 1, files, total);
    end(&cut);
}
