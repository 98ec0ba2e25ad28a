/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * One board on the USB/IP bus: after its import it reads a client's commands, hands the transfers to the
 * device and sends what comes of them. The connection is the cable: when the board leaves the bus it is
 * closed, with transfers in flight, and the host's end sees a surprise removal. USB/IP cannot tell a device
 * that comes back; the client imports it again (scripts/usbip-attach --keep).
 */
#include "usbip_hub.h"

#include "outbox.h"
#include "socket.h"
#include "usj_device.h"

#include <stdlib.h>
#include <string.h>

enum {
    BUS = 1,
    FIRST_NUMBER = 2,             /**< number 1 on a bus is its root hub */
    COMMANDS_PER_ROUND = 256,     /**< before other boards have their turn */
    BACKLOG_MAX = 4 * 1024 * 1024 /**< unread answers after which no more commands are read */
};

typedef struct {
    fe_endpoint_t endpoint;
    fe_socket_t socket;
    fe_usbip_board_t board;
    char busid[FE_USBIP_BUSID_SIZE];
    char path[64];
    uint32_t attach_count; /**< of the chip at the import */
    fe_usj_device_t device;
    uint8_t header[FE_USBIP_PDU_SIZE];
    size_t header_size;
    fe_usj_transfer_t *incoming; /**< its payload is being received; NULL = none */
    size_t incoming_size;
    fe_outbox_t outbox;
    bool is_broken; /**< memory is short: an answer was lost, so the connection has to end */
} cable_t;

static bool cable_has_client(const cable_t *cable)
{
    return fe_socket_is_open(&cable->socket);
}

static void cable_disconnect(cable_t *cable)
{
    fe_socket_close(&cable->socket);
    fe_usj_device_clear(&cable->device);
    fe_outbox_free(&cable->outbox);
    free(cable->incoming);
    cable->incoming = NULL;
    cable->header_size = 0;
    cable->is_broken = false;
}

/* The client is gone, or goes because of what it sent. */
static void cable_client_left(cable_t *cable, const char *how)
{
    fe_station_note(cable->endpoint.station, "%s", how);
    cable_disconnect(cable);
    fe_station_client_left(cable->endpoint.station);
}

/* ---- answers ---- */

static uint8_t *append(cable_t *cable, size_t size)
{
    uint8_t *place = fe_outbox_append(&cable->outbox, size);
    cable->is_broken = cable->is_broken || place == NULL;
    return place;
}

static void transfer_completed(void *ctx, const fe_usj_transfer_t *transfer, bool is_stalled,
                               bool is_overflow)
{
    cable_t *cable = ctx;
    const size_t payload = transfer->is_in ? transfer->done : 0;
    const int32_t status = is_stalled ? FE_USBIP_STALL : is_overflow ? FE_USBIP_OVERFLOW : 0;
    uint8_t *out = append(cable, FE_USBIP_PDU_SIZE + payload);
    if (out == NULL) {
        return;
    }
    fe_usbip_put_submit_reply(out, transfer->id, status, (uint32_t)transfer->done);
    memcpy(out + FE_USBIP_PDU_SIZE, transfer->data, payload);
}

static void lines_set(void *ctx, bool dtr, bool rts)
{
    const cable_t *cable = ctx;
    fe_station_set_lines(cable->endpoint.station, dtr, rts);
}

/* Sends what the client takes now. */
static void cable_flush(cable_t *cable)
{
    while (cable_has_client(cable) && fe_outbox_size(&cable->outbox) > 0) {
        size_t sent;
        const fe_socket_result_t result = fe_socket_send(
            &cable->socket, cable->outbox.bytes + cable->outbox.first, fe_outbox_size(&cable->outbox), &sent);
        if (result == FE_SOCKET_GONE) {
            cable_client_left(cable, "client disconnected");
        }
        if (result != FE_SOCKET_MOVED) {
            return;
        }
        fe_outbox_drop(&cable->outbox, sent);
    }
}

/* ---- commands ---- */

static void unlink_transfer(cable_t *cable, const fe_usbip_command_t *command)
{
    const bool was_waiting = fe_usj_device_unlink(&cable->device, command->victim);
    uint8_t *out = append(cable, FE_USBIP_PDU_SIZE);
    if (out != NULL) {
        fe_usbip_put_unlink_reply(out, command->seqnum, was_waiting ? FE_USBIP_UNLINKED : 0);
    }
}

static void submit(cable_t *cable, fe_usj_transfer_t *transfer)
{
    if (!fe_usj_device_submit(&cable->device, transfer)) {
        cable_client_left(cable, "client dropped: too many transfers at once");
    }
}

static void take_command(cable_t *cable)
{
    fe_usbip_command_t command;
    cable->header_size = 0;
    if (!fe_usbip_parse_command(cable->header, &command) ||
        command.device_id != fe_usbip_device_id(&cable->board.device)) {
        cable_client_left(cable, "client dropped: not a command of USB/IP 1.1.1");
        return;
    }
    if (command.is_unlink) {
        unlink_transfer(cable, &command);
        return;
    }
    fe_usj_transfer_t *transfer = fe_usj_transfer_new(command.length);
    if (transfer == NULL) {
        cable->is_broken = true;
        return;
    }
    transfer->id = command.seqnum;
    transfer->is_in = command.is_in;
    transfer->endpoint = command.endpoint;
    memcpy(transfer->setup, command.setup, sizeof(transfer->setup));
    if (command.is_in || command.length == 0) {
        submit(cable, transfer);
        return;
    }
    cable->incoming = transfer;
    cable->incoming_size = 0;
}

static void take_payload(cable_t *cable)
{
    fe_usj_transfer_t *transfer = cable->incoming;
    cable->incoming = NULL;
    submit(cable, transfer);
}

/* Reads the next piece of what the client sent; false when there is no more for now. */
static bool cable_receive(cable_t *cable)
{
    fe_usj_transfer_t *transfer = cable->incoming;
    uint8_t *place =
        transfer != NULL ? transfer->data + cable->incoming_size : cable->header + cable->header_size;
    const size_t wanted =
        transfer != NULL ? transfer->size - cable->incoming_size : FE_USBIP_PDU_SIZE - cable->header_size;
    size_t received;
    const fe_socket_result_t result = fe_socket_receive(&cable->socket, place, wanted, &received);
    if (result == FE_SOCKET_GONE) {
        cable_client_left(cable, "client disconnected");
    }
    if (result != FE_SOCKET_MOVED) {
        return false;
    }

    *(transfer != NULL ? &cable->incoming_size : &cable->header_size) += received;
    if (received == wanted && transfer != NULL) {
        take_payload(cable);
    } else if (received == wanted) {
        take_command(cable);
    }
    return true;
}

/* ---- the board ---- */

static fe_usbip_status_t status(const fe_endpoint_t *endpoint)
{
    if (cable_has_client((const cable_t *)endpoint)) {
        return FE_USBIP_STATUS_BUSY;
    }
    return esp_sim_is_attached(endpoint->station->sim) ? FE_USBIP_STATUS_OK : FE_USBIP_STATUS_NO_DEVICE;
}

static void import(fe_endpoint_t *endpoint, int client)
{
    cable_t *cable = (cable_t *)endpoint;
    cable->socket.fd = client;
    cable->attach_count = esp_sim_attach_count(endpoint->station->sim);
    uint8_t *out = append(cable, FE_USBIP_HEAD_SIZE + FE_USBIP_DEVICE_SIZE);
    if (out != NULL) {
        out += fe_usbip_put_import_head(out, FE_USBIP_STATUS_OK);
        (void)fe_usbip_put_device(out, &cable->board.device);
    }
    fe_station_note(endpoint->station, "client connected, board %s", cable->busid);
}

/* ---- the endpoint ---- */

static size_t cable_watch(fe_endpoint_t *endpoint, struct pollfd *fds)
{
    cable_t *cable = (cable_t *)endpoint;
    if (cable->is_broken) {
        cable_client_left(cable, "client dropped: out of memory");
    }
    cable_flush(cable);
    if (!cable_has_client(cable)) {
        return 0;
    }
    const size_t backlog = fe_outbox_size(&cable->outbox);
    const int input = backlog < BACKLOG_MAX ? POLLIN : 0;
    const int output = backlog > 0 ? POLLOUT : 0;
    fds[0] = (struct pollfd){.fd = cable->socket.fd, .events = (short)(input | output)};
    return 1;
}

static void cable_service(fe_endpoint_t *endpoint, const struct pollfd *fds, size_t count, uint64_t real_us)
{
    cable_t *cable = (cable_t *)endpoint;
    (void)real_us;
    if (count == 0 || (fds[0].revents & (POLLIN | POLLERR | POLLHUP)) == 0) {
        return;
    }
    unsigned rounds = 0;
    while (cable_has_client(cable) && !cable->is_broken && rounds++ < COMMANDS_PER_ROUND &&
           cable_receive(cable)) {
    }
    if (cable_has_client(cable)) {
        fe_socket_acknowledge(&cable->socket); /* the kernel at the other end sends small messages */
    }
}

static void cable_exchange(fe_endpoint_t *endpoint)
{
    cable_t *cable = (cable_t *)endpoint;
    esp_sim_t *sim = endpoint->station->sim;
    uint8_t unread[1024];

    if (!cable_has_client(cable)) { /* no host polls the device: what the chip prints is lost */
        while (esp_sim_host_read(sim, unread, sizeof(unread)) > 0) {
        }
        return;
    }
    fe_usj_device_move(&cable->device, sim);
    if (esp_sim_is_attached(sim) && esp_sim_attach_count(sim) == cable->attach_count) {
        return;
    }
    cable_flush(cable);
    if (cable_has_client(cable)) {
        fe_station_note(endpoint->station, "client dropped: the chip left the bus");
        cable_disconnect(cable);
    }
}

static bool cable_is_blocked(const fe_endpoint_t *endpoint)
{
    const cable_t *cable = (const cable_t *)endpoint;
    return cable_has_client(cable) && fe_usj_device_is_blocked(&cable->device, endpoint->station->sim);
}

static void cable_destroy(fe_endpoint_t *endpoint)
{
    cable_t *cable = (cable_t *)endpoint;
    cable_disconnect(cable);
    free(cable);
}

static const fe_endpoint_ops_t cable_ops = {
    .watch = cable_watch,
    .service = cable_service,
    .exchange = cable_exchange,
    .is_blocked = cable_is_blocked,
    .wake_us = NULL,
    .destroy = cable_destroy,
};

fe_endpoint_t *fe_usbip_cable_new(fe_station_t *station, fe_endpoint_t *hub, char *error, size_t error_size)
{
    cable_t *cable = calloc(1, sizeof(*cable));
    if (cable == NULL) {
        (void)snprintf(error, error_size, "out of memory");
        return NULL;
    }
    cable->endpoint = (fe_endpoint_t){.ops = &cable_ops, .station = station};
    cable->socket.fd = -1;
    const fe_usj_host_t host = {.completed = transfer_completed, .set_lines = lines_set, .ctx = cable};
    fe_usj_device_init(&cable->device, &host, esp_sim_mac(station->sim));

    (void)snprintf(cable->busid, sizeof(cable->busid), "%d-%u", BUS, station->index + 1);
    (void)snprintf(cable->path, sizeof(cable->path), "/sys/devices/esp-sim/usb%d/%s", BUS, cable->busid);
    cable->board = (fe_usbip_board_t){
        .device = {.path = cable->path,
                   .busid = cable->busid,
                   .bus = BUS,
                   .number = FIRST_NUMBER + station->index,
                   .vendor = FE_USJ_VENDOR,
                   .product = FE_USJ_PRODUCT,
                   .release = FE_USJ_RELEASE,
                   .device_class = FE_USJ_CLASS,
                   .device_subclass = FE_USJ_SUBCLASS,
                   .device_protocol = FE_USJ_PROTOCOL,
                   .configuration = FE_USJ_CONFIGURATION,
                   .configurations = 1,
                   .interfaces = FE_USJ_INTERFACES},
        .interface_class = fe_usj_interface_class,
        .status = status,
        .import = import,
        .cable = &cable->endpoint,
    };
    fe_usbip_hub_add(hub, &cable->board);
    return &cable->endpoint;
}
