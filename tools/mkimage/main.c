/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * el-mkimage: makes valid, or deliberately broken, images for tests and demonstrations. This file is the
 * command line; what an image consists of is in image.c, table.c and content.c.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "chips.h"
#include "content.h"
#include "image.h"
#include "files/output_file.h"
#include "program.h"
#include "report/standard_streams.h"
#include "table.h"

enum { EXIT_USAGE = 2, MAX_INPUT = 64 * 1024 * 1024 };

static const char HELP[] =
    "Usage: el-mkimage COMMAND -o FILE [options] [ELF | PARTITION ...]\n"
    "\n"
    "  bootloader   executable image that is loaded to RAM, with a bootloader description\n"
    "  app          executable image with mapped segments and an app description\n"
    "  elf          executable image of the program in the file ELF, which the linker has placed in RAM\n"
    "  table        partition table; each PARTITION is 'name,type,subtype,offset,size[,flags]'\n"
    "  raw          bytes without any structure\n"
    "  set          bootloader.bin, partition-table.bin and app.bin in the folder FILE; prints their\n"
    "               offsets and paths the way a flash command takes them\n"
    "\n"
    "  -o, --output FILE       where to write\n"
    "  -c, --chip NAME         esp32s3 (default) or another chip; 'list' prints all names\n"
    "  -s, --size BYTES        length of the file; K and M are units; executable images: multiple of 16\n"
    "      --fill KIND         firmware (default), random, zero or erased\n"
    "      --seed N            another seed, other content (default 1)\n"
    "      --project TEXT, --version TEXT     app description (default hello, 1.0.0)\n"
    "      --flash-mode M      qio, qout, dio (default), dout\n"
    "      --flash-size S      as the chip has them (default 4MB)\n"
    "      --flash-freq F      as the chip has them (default: its fastest)\n"
    "      --chip-id N         another chip id in the header\n"
    "      --min-rev N, --max-rev N, --min-rev-legacy N    chip revisions, major * 100 + minor\n"
    "      --no-digest         no SHA-256 after the image; for 'table': no MD5\n"
    "      --break WHAT        magic, checksum, digest, content, segments or length\n"
    "\n"
    "Exit codes: 0 written, 1 could not read or write, 2 wrong usage.\n";

/* Everything the command line can say. */
typedef struct {
    const char *command;
    const char *output;
    const char *chip_name;
    const char *flash_freq;
    const char *flash_size;
    size_t size; /* 0 = the command's default */
    mkimage_options_t image;
    bool has_chip_id;
    char **operands; /* after the command */
    size_t operand_count;
} arguments_t;

__attribute__((format(printf, 1, 2), noreturn)) static void fail_usage(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("el-mkimage: ", stderr);
    vfprintf(stderr, format, args);
    fputs("; try --help\n", stderr);
    va_end(args);
    exit(EXIT_USAGE);
}

static uint32_t number(const char *name, const char *text, uint32_t max)
{
    char *end = NULL;
    errno = 0;
    unsigned long value = strtoul(text, &end, 0);
    unsigned long unit = *end == 'K' ? 1024 : *end == 'M' ? 1024 * 1024 : 1;
    if (unit != 1) {
        end++;
    }
    if (errno != 0 || end == text || *end != '\0' || text[0] == '-' || value > max / unit) {
        fail_usage("--%s takes a number up to %u, not '%s'", name, max, text);
    }
    return (uint32_t)(value * unit);
}

static int write_file(const char *path, const void *data, size_t size)
{
    output_file_t output;
    if (!output_file_open(&output, path)) {
        fprintf(stderr, "el-mkimage: cannot create %s: %s\n", path, strerror(errno));
        return EXIT_FAILURE;
    }
    const bool is_written =
        fwrite(data, 1, size, output.stream) == size; /* commit looks at the stream, too */
    if (!output_file_commit(&output) || !is_written) {
        fprintf(stderr, "el-mkimage: cannot write %s: %s\n", path, strerror(errno));
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}

static int write_and_free(const char *path, uint8_t *data, size_t size)
{
    if (data == NULL) {
        fputs("el-mkimage: out of memory\n", stderr);
        return EXIT_FAILURE;
    }
    int result = write_file(path, data, size);
    free(data);
    return result;
}

static size_t image_size(const arguments_t *args, size_t default_size, size_t max)
{
    size_t size = args->size != 0 ? args->size : default_size;
    if (size < MKIMAGE_MIN_SIZE || size > max || size % 16 != 0) {
        fail_usage("the size of this image is a multiple of 16 from %u to %zu", MKIMAGE_MIN_SIZE, max);
    }
    return size;
}

static int make_bootloader(const arguments_t *args, const char *path, size_t size)
{
    uint8_t *data = mkimage_bootloader(&args->image, size, &size);
    return write_and_free(path, data, size);
}

static int make_app(const arguments_t *args, const char *path, size_t size)
{
    uint8_t *data = mkimage_app(&args->image, size, &size);
    return write_and_free(path, data, size);
}

static int make_raw(const arguments_t *args)
{
    if (args->size == 0) {
        fail_usage("'raw' needs --size");
    }
    uint8_t *data = malloc(args->size);
    if (data != NULL) {
        mkimage_fill(args->image.fill, args->image.seed, data, args->size);
    }
    return write_and_free(args->output, data, args->size);
}

/* The whole file, or NULL after a message. */
static uint8_t *read_file(const char *path, size_t *out_size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = NULL;
    size_t size = 0;
    if (file != NULL) {
        data = malloc(MAX_INPUT);
        size = data != NULL ? fread(data, 1, MAX_INPUT, file) : 0;
    }
    if (file == NULL || data == NULL || ferror(file) || size == MAX_INPUT) {
        fprintf(stderr, "el-mkimage: cannot read %s: %s\n", path,
                size == MAX_INPUT ? "too large" : strerror(errno));
        free(data);
        data = NULL;
    }
    if (file != NULL) {
        fclose(file);
    }
    *out_size = size;
    return data;
}

static int make_elf(const arguments_t *args)
{
    size_t size;
    const char *error;
    if (args->operand_count != 1) {
        fail_usage("'elf' takes one file");
    }
    uint8_t *elf = read_file(args->operands[0], &size);
    if (elf == NULL) {
        return EXIT_FAILURE;
    }
    uint8_t *image = mkimage_elf(&args->image, elf, size, &size, &error);
    free(elf);
    if (image == NULL) {
        fprintf(stderr, "el-mkimage: cannot make an image of %s: %s\n", args->operands[0], error);
        return EXIT_FAILURE;
    }
    return write_and_free(args->output, image, size);
}

static int make_table(const arguments_t *args, const char *path, size_t app_size)
{
    uint8_t table[MKIMAGE_TABLE_SIZE];
    char factory[64];
    size_t factory_kib = (app_size + 0xFFFF) / 0x10000 * 64;
    snprintf(factory, sizeof(factory), "factory,app,factory,0x10000,%zuK",
             factory_kib < 1024 ? 1024 : factory_kib);
    const char *defaults[] = {"nvs,data,nvs,0x9000,0x6000", "phy_init,data,phy,0xf000,0x1000", factory};
    size_t count = args->operand_count != 0 ? args->operand_count : sizeof(defaults) / sizeof(defaults[0]);
    mkimage_table_start(table);
    for (size_t i = 0; i < count; i++) {
        const char *line = args->operand_count != 0 ? args->operands[i] : defaults[i];
        if (!mkimage_table_add(table, i, line)) {
            fail_usage("cannot read partition '%s'", line);
        }
    }
    if (args->image.has_digest) {
        mkimage_table_finish(table, count);
    }
    return write_file(path, table, sizeof(table));
}

static int make_set(const arguments_t *args)
{
    if (mkdir(args->output, 0777) != 0 && errno != EEXIST) {
        fprintf(stderr, "el-mkimage: cannot create folder %s: %s\n", args->output, strerror(errno));
        return EXIT_FAILURE;
    }
    size_t app_size = image_size(args, 256 * 1024, MKIMAGE_MAX_APP);
    char bootloader[4096];
    char table[4096];
    char app[4096];
    if (strlen(args->output) > 4000) {
        fail_usage("the path of the folder is too long");
    }
    snprintf(bootloader, sizeof(bootloader), "%s/bootloader.bin", args->output);
    snprintf(table, sizeof(table), "%s/partition-table.bin", args->output);
    snprintf(app, sizeof(app), "%s/app.bin", args->output);
    if (make_bootloader(args, bootloader, 20 * 1024) != EXIT_SUCCESS ||
        make_table(args, table, app_size) != EXIT_SUCCESS || make_app(args, app, app_size) != EXIT_SUCCESS) {
        return EXIT_FAILURE;
    }
    printf("0x%x %s 0x8000 %s 0x10000 %s\n", args->image.chip->bootloader_off, bootloader, table, app);
    return EXIT_SUCCESS;
}

static void list_chips(void)
{
    const mkimage_chip_t *chip;
    for (size_t i = 0; (chip = mkimage_chip_at(i)) != NULL; i++) {
        puts(chip->name);
    }
}

/* Names that depend on the chip are looked up after the whole line has been read. */
static void resolve(arguments_t *args)
{
    mkimage_options_t *image = &args->image;
    image->chip = mkimage_chip_find(args->chip_name);
    if (image->chip == NULL) {
        fail_usage("unknown chip '%s'", args->chip_name);
    }
    if (!args->has_chip_id) {
        image->header_chip_id = image->chip->image_id;
    }
    if (!mkimage_flash_size_code(image->chip, args->flash_size, &image->flash_size)) {
        fail_usage("--flash-size of %s does not know '%s'", image->chip->name, args->flash_size);
    }
    if (mkimage_has_short_header(image->chip) && image->defect == MKIMAGE_BREAK_DIGEST) {
        fail_usage("images of %s have no digest to break", image->chip->name);
    }
    const char *freq = args->flash_freq != NULL ? args->flash_freq : image->chip->freqs[0].name;
    if (!mkimage_flash_freq_code(image->chip, freq, &image->flash_freq)) {
        fail_usage("%s has no flash frequency '%s'", image->chip->name, freq);
    }
    if (args->output == NULL) {
        fail_usage("-o FILE is missing");
    }
}

static void parse_options(arguments_t *args, int argc, char **argv)
{
    enum {
        SEED = 256,
        FILL,
        PROJECT,
        VERSION,
        MODE,
        SIZE,
        FREQ,
        CHIP_ID,
        MIN,
        MAX,
        LEGACY,
        NO_DIGEST,
        BREAK
    };
    static const struct option OPTIONS[] = {
        {"output", required_argument, NULL, 'o'},
        {"chip", required_argument, NULL, 'c'},
        {"size", required_argument, NULL, 's'},
        {"help", no_argument, NULL, 'h'},
        {"seed", required_argument, NULL, SEED},
        {"fill", required_argument, NULL, FILL},
        {"project", required_argument, NULL, PROJECT},
        {"version", required_argument, NULL, VERSION},
        {"flash-mode", required_argument, NULL, MODE},
        {"flash-size", required_argument, NULL, SIZE},
        {"flash-freq", required_argument, NULL, FREQ},
        {"chip-id", required_argument, NULL, CHIP_ID},
        {"min-rev", required_argument, NULL, MIN},
        {"max-rev", required_argument, NULL, MAX},
        {"min-rev-legacy", required_argument, NULL, LEGACY},
        {"no-digest", no_argument, NULL, NO_DIGEST},
        {"break", required_argument, NULL, BREAK},
        {NULL, 0, NULL, 0},
    };
    mkimage_options_t *image = &args->image;
    int index = 0;
    for (int key; (key = getopt_long(argc, argv, "o:c:s:h", OPTIONS, &index)) != -1;) {
        switch (key) {
        case 'o':
            args->output = optarg;
            break;
        case 'c':
            args->chip_name = optarg;
            break;
        case 's':
            args->size = number("size", optarg, 256u * 1024 * 1024);
            break;
        case 'h':
            fputs(HELP, stdout);
            exit(EXIT_SUCCESS);
        case SEED:
            image->seed = number("seed", optarg, UINT32_MAX);
            break;
        case FILL:
            if (!mkimage_fill_find(optarg, &image->fill)) {
                fail_usage("--fill does not know '%s'", optarg);
            }
            break;
        case PROJECT:
            image->project = optarg;
            break;
        case VERSION:
            image->version = optarg;
            break;
        case MODE:
            if (!mkimage_flash_mode_code(optarg, &image->flash_mode)) {
                fail_usage("--flash-mode does not know '%s'", optarg);
            }
            break;
        case SIZE:
            args->flash_size = optarg;
            break;
        case FREQ:
            args->flash_freq = optarg;
            break;
        case CHIP_ID:
            image->header_chip_id = (uint16_t)number("chip-id", optarg, UINT16_MAX);
            args->has_chip_id = true;
            break;
        case MIN:
            image->min_revision = (uint16_t)number("min-rev", optarg, UINT16_MAX);
            break;
        case MAX:
            image->max_revision = (uint16_t)number("max-rev", optarg, UINT16_MAX);
            break;
        case LEGACY:
            image->min_revision_legacy = (uint8_t)number("min-rev-legacy", optarg, UINT8_MAX);
            break;
        case NO_DIGEST:
            image->has_digest = false;
            break;
        case BREAK:
            if (!mkimage_defect_find(optarg, &image->defect)) {
                fail_usage("--break does not know '%s'", optarg);
            }
            break;
        default: /* getopt has named the offender */
            exit(EXIT_USAGE);
        }
    }
    args->operands = argv + optind + 1;
    args->operand_count = optind < argc ? (size_t)(argc - optind - 1) : 0;
    args->command = optind < argc ? argv[optind] : NULL;
}

int main(int argc, char **argv)
{
    arguments_t args = {
        .chip_name = "esp32s3",
        .flash_size = "4MB",
        .image = {.flash_mode = 2,
                  .max_revision = UINT16_MAX,
                  .has_digest = true,
                  .seed = 1,
                  .project = "hello",
                  .version = "1.0.0"},
    };
    standard_streams_secure();
    signal(SIGXFSZ, SIG_IGN); /* a file size limit is an error of write() */
    parse_options(&args, argc, argv);
    if (strcmp(args.chip_name, "list") == 0) {
        list_chips();
        return EXIT_SUCCESS;
    }
    if (args.command == NULL) {
        fail_usage("no command");
    }
    bool is_table = strcmp(args.command, "table") == 0;
    bool is_elf = strcmp(args.command, "elf") == 0;
    if (args.operand_count != 0 && !is_table && !is_elf) {
        fail_usage("unexpected argument '%s'", args.operands[0]);
    }
    resolve(&args);
    if (is_table) {
        return make_table(&args, args.output, args.size);
    }
    if (is_elf) {
        return make_elf(&args);
    }
    if (strcmp(args.command, "bootloader") == 0) {
        return make_bootloader(&args, args.output, image_size(&args, 20 * 1024, MKIMAGE_MAX_BOOTLOADER));
    }
    if (strcmp(args.command, "app") == 0) {
        return make_app(&args, args.output, image_size(&args, 256 * 1024, MKIMAGE_MAX_APP));
    }
    if (strcmp(args.command, "raw") == 0) {
        return make_raw(&args);
    }
    if (strcmp(args.command, "set") == 0) {
        return make_set(&args);
    }
    fail_usage("unknown command '%s'", args.command);
}
