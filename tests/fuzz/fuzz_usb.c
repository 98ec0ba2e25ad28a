/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The simulated USB device: USB/IP messages, control requests and transfers of any kind. Each transfer
 * completes at most once, with no more bytes than there was room for; none is lost; an answer to a control
 * request is no longer than was asked for. What the server says it reads back.
 *
 * Input: first a request as before an import; then, per step, a byte for what happens and what it takes.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "usbip_codec.h"
#include "usj_device.h"

enum { STEPS_MAX = 64, DATA_MAX = 256, IDS = 256 };

typedef struct {
    fe_usj_device_t device;
    bool is_waiting[IDS];
    size_t waiting; /* how many are */
    size_t largest[IDS];
    unsigned lines;
} bench_t;

static void completed(void *ctx, const fe_usj_transfer_t *transfer, bool is_stalled, bool is_overflow)
{
    bench_t *bench = ctx;
    FUZZ_CHECK(transfer->id < IDS && bench->is_waiting[transfer->id]);
    FUZZ_CHECK(transfer->size == bench->largest[transfer->id] && transfer->done <= transfer->size);
    FUZZ_CHECK(!is_overflow || (transfer->is_in && !is_stalled && transfer->done == transfer->size));
    FUZZ_CHECK(transfer->is_in || is_stalled || transfer->done == transfer->size);
    bench->is_waiting[transfer->id] = false;
    bench->waiting--;

    uint8_t pdu[FE_USBIP_PDU_SIZE];
    fe_usbip_put_submit_reply(pdu, transfer->id, is_stalled ? FE_USBIP_STALL : 0, (uint32_t)transfer->done);
    FUZZ_CHECK(pdu[3] == 3 && pdu[7] == transfer->id);
}

static void set_lines(void *ctx, bool dtr, bool rts)
{
    bench_t *bench = ctx;
    (void)dtr;
    (void)rts;
    bench->lines++;
}

/* A command as it comes over the wire; what the device then does is the same as in usbip_cable.c. */
static void take_command(bench_t *bench, fuzz_input_t *input, const uint8_t pdu[FE_USBIP_PDU_SIZE])
{
    fe_usbip_command_t command;
    if (!fe_usbip_parse_command(pdu, &command)) {
        return;
    }
    FUZZ_CHECK(command.is_unlink || (command.length <= FE_USBIP_TRANSFER_MAX && command.endpoint <= 15));
    const uint32_t id = command.seqnum % IDS;
    if (command.is_unlink) {
        const uint32_t victim = command.victim % IDS;
        bool was_waiting = bench->is_waiting[victim];
        FUZZ_CHECK(fe_usj_device_unlink(&bench->device, victim) == was_waiting);
        bench->waiting -= was_waiting;
        bench->is_waiting[victim] = false;
        return;
    }
    if (bench->is_waiting[id]) {
        return; /* it is up to the host to use each number once */
    }
    fuzz_input_t data = fuzz_take(input, command.is_in ? 0 : command.length % DATA_MAX);
    size_t size = command.is_in ? command.length : data.size;
    fe_usj_transfer_t *transfer = fe_usj_transfer_new(size);
    FUZZ_CHECK(transfer != NULL);
    if (data.size > 0) {
        memcpy(transfer->data, data.data, data.size);
    }
    transfer->id = id;
    transfer->is_in = command.is_in;
    transfer->endpoint = command.endpoint;
    memcpy(transfer->setup, command.setup, sizeof(transfer->setup));
    bench->is_waiting[id] = true;
    bench->waiting++;
    bench->largest[id] = size;
    if (!fe_usj_device_submit(&bench->device, transfer)) {
        bench->is_waiting[id] = false;
        bench->waiting--;
    }
}

/* A command whose fields are mostly in their range. */
static void take_likely_command(bench_t *bench, fuzz_input_t *input, uint8_t kind)
{
    uint8_t pdu[FE_USBIP_PDU_SIZE] = {0, 0, 0, kind < 240 ? 1 : 2};
    pdu[7] = fuzz_u8(input);
    pdu[15] = kind & 1;
    pdu[19] = kind / 2 % 5;
    pdu[23] = pdu[7] ^ (kind & 3); /* the victim, in an unlink */
    if (kind < 240) {
        pdu[22] = pdu[23] = 0;
    }
    pdu[26] = fuzz_u8(input) % 8;
    pdu[27] = fuzz_u8(input);
    fuzz_fill(input, pdu + 40, pdu[19] == 0 ? 8 : 0);
    take_command(bench, input, pdu);
}

static void check_control(const fe_usj_control_t *control, fuzz_input_t *input)
{
    static const uint8_t mac[6] = {2};
    fe_usj_control_t copy = *control;
    fe_usj_answer_t answer;
    uint8_t setup[8] = {0};
    const size_t room = fuzz_u8(input);
    fuzz_fill(input, setup, sizeof(setup));
    fe_usj_control_request(&copy, mac, setup, room, &answer);
    FUZZ_CHECK(answer.size <= room && answer.size <= (size_t)(setup[6] | setup[7] << 8));
    FUZZ_CHECK(!answer.is_stalled || (answer.size == 0 && !answer.has_lines));
    FUZZ_CHECK(!copy.is_halted[0][0] && !copy.is_halted[1][0]);
}

static void check_request(fuzz_input_t *input)
{
    fe_usbip_request_t request;
    size_t needed = 0;
    fuzz_input_t bytes = fuzz_take(input, FE_USBIP_IMPORT_SIZE);
    uint8_t *copy = fuzz_copy(bytes);
    fe_usbip_parse_t result = fe_usbip_parse_request(copy, bytes.size, &request, &needed);
    FUZZ_CHECK(needed >= FE_USBIP_HEAD_SIZE && needed <= FE_USBIP_IMPORT_SIZE);
    FUZZ_CHECK(result != FE_USBIP_INCOMPLETE || bytes.size < needed);
    FUZZ_CHECK(result != FE_USBIP_COMPLETE || bytes.size >= needed);
    FUZZ_CHECK(result != FE_USBIP_COMPLETE || strlen(request.busid) <= FE_USBIP_BUSID_SIZE);
    free(copy);
}

static void step(bench_t *bench, esp_sim_t *sim, fuzz_input_t *input)
{
    const uint8_t kind = fuzz_u8(input);
    if (kind < 8) {
        esp_sim_run_until(sim, esp_sim_now_us(sim) + 100u * kind * kind);
    } else if (kind < 16) {
        uint8_t pdu[FE_USBIP_PDU_SIZE] = {0};
        fuzz_fill(input, pdu, sizeof(pdu));
        take_command(bench, input, pdu);
    } else if (kind < 24) {
        check_control(&bench->device.control, input);
    } else {
        take_likely_command(bench, input, kind);
    }
    fe_usj_device_move(&bench->device, sim);
    FUZZ_CHECK(bench->device.count == bench->waiting);
}

void fuzz_one(const uint8_t *data, size_t size)
{
    static bench_t bench;
    char error[200];
    fuzz_input_t input = {data, size};
    esp_sim_t *sim = esp_sim_new(&(esp_sim_config_t){.flash_size = 256 * 1024, .start_in_download = true},
                                 error, sizeof(error));
    FUZZ_CHECK(sim != NULL);
    memset(&bench, 0, sizeof(bench));
    const fe_usj_host_t host = {.completed = completed, .set_lines = set_lines, .ctx = &bench};
    fe_usj_device_init(&bench.device, &host, esp_sim_mac(sim));
    esp_sim_run_until(sim, 1000000);

    check_request(&input);
    for (unsigned i = 0; i < STEPS_MAX && input.size > 0; i++) {
        step(&bench, sim, &input);
    }
    fe_usj_device_clear(&bench.device);
    FUZZ_CHECK(bench.device.count == 0 && bench.device.bytes == 0);
    esp_sim_free(sim);
}

static void put_submit(fuzz_seed_t *seed, unsigned id, unsigned kind, unsigned size, const char *bytes)
{
    fuzz_put_u8(seed, kind);
    fuzz_put_u8(seed, id);
    fuzz_put_u8(seed, size >> 8);
    fuzz_put_u8(seed, size & 0xFF);
    fuzz_put(seed, bytes, kind / 2 % 5 == 0 ? 8 : 0);
}

static const char setups[][9] = {"\x80\x06\x00\x01\x00\x00\x12\x00", "\x80\x06\x00\x02\x00\x00\xFF\x00",
                                 "\x00\x09\x01\x00\x00\x00\x00\x00", "\x21\x22\x03\x00\x00\x00\x00\x00",
                                 "\xA1\x21\x00\x00\x00\x00\x07\x00", "\x02\x03\x00\x00\x81\x00\x00\x00",
                                 "\x82\x00\x00\x00\x81\x00\x02\x00", "\x81\x0A\x00\x00\x01\x00\x01\x00",
                                 "\x80\x06\x03\x03\x09\x04\xFF\x00"};

FUZZ_SEEDS(sizeof(setups) / sizeof(setups[0]))
{
    static const uint8_t sync[] = {0xC0, 0, 8, 4, 0, 0, 0, 0, 0, 7, 7, 0x12, 0x20, 0xC0};
    static const uint8_t import[FE_USBIP_IMPORT_SIZE] = {1, 0x11, 0x80, 3, 0, 0, 0, 0, '1', '-', '1'};
    fuzz_put(seed, import, sizeof(import));
    put_submit(seed, 1, 41, 255, setups[number]); /* endpoint 0, IN */
    put_submit(seed, 2, 40, 0, setups[number]);   /* endpoint 0, OUT */
    put_submit(seed, 3, 43, 64 * number, "");     /* serial IN, twice */
    put_submit(seed, 4, 43, 512, "");
    put_submit(seed, 5, 42, sizeof(sync), ""); /* serial OUT */
    fuzz_put(seed, sync, sizeof(sync));
    fuzz_put_u8(seed, 7);
    put_submit(seed, 3, 240 + number, 0, setups[number]); /* unlink */
    fuzz_put_u8(seed, 16);
    fuzz_put_u8(seed, 64);
    fuzz_put(seed, setups[number], 8);
}
