/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Input and output around the RFC 2217 codec. Everything to be sent passes through one buffer, so the answers
 * to the server's negotiation and an escape that was cut by a timeout never get mixed up with data.
 */
#include "rfc2217_link.h"

#include <poll.h>
#include <string.h>

/* How long to wait for an acknowledgement, beyond what the network takes for a question and its answer. A
 * server that has acknowledged no change of lines yet is soon taken for one that never does. */
enum { ACKNOWLEDGE_MS = 2000, LINES_MS = 500, RATE_TOLERANCE_PERCENT = 3 };

/* Acknowledgements to wait for, as in rfc2217_t.awaited. */
enum {
    RATE_MASK = 1u << RFC2217_ANSWER_BAUDRATE,
    FLOW_MASK = 1u << RFC2217_ANSWER_FLOW,
    LINES_MASK = 1u << RFC2217_ANSWER_DTR | 1u << RFC2217_ANSWER_RTS,
    EVERYTHING = (1u << RFC2217_ANSWER_COUNT) - 1u
};

/** Sends what is in the transmit buffer; on a timeout the rest stays there. */
static esp_loader_error_t flush(rfc2217_link_t *link, uint64_t deadline_us)
{
    size_t sent = 0;
    esp_loader_error_t error = posix_write_all(link->stream, link->tx + link->tx_sent,
                                               link->tx_size - link->tx_sent, deadline_us, &sent);

    link->tx_sent += sent;
    if (link->tx_sent == link->tx_size) {
        link->tx_sent = 0;
        link->tx_size = 0;
    }
    return error;
}

/** Puts a short message into the transmit buffer, which is emptied first if it is too full. */
static esp_loader_error_t queue(rfc2217_link_t *link, const uint8_t *message, size_t size,
                                uint64_t deadline_us)
{
    if (size > RFC2217_TX_SIZE - link->tx_size) {
        esp_loader_error_t error = flush(link, deadline_us);
        if (error != ESP_LOADER_SUCCESS) {
            return error;
        }
    }
    memcpy(link->tx + link->tx_size, message, size);
    link->tx_size += size;
    return ESP_LOADER_SUCCESS;
}

/** Queues an answer to the server's negotiation and sends what can be sent without waiting. */
static esp_loader_error_t send_reply(rfc2217_link_t *link)
{
    const uint64_t now_us = posix_now_us();
    esp_loader_error_t error = queue(link, link->codec.reply, sizeof(link->codec.reply), now_us);

    if (error == ESP_LOADER_ERROR_TIMEOUT) {
        return ESP_LOADER_ERROR_IO; /* it keeps asking and does not read the answers */
    }
    if (error == ESP_LOADER_SUCCESS) {
        error = flush(link, now_us);
    }
    return error == ESP_LOADER_ERROR_TIMEOUT ? ESP_LOADER_SUCCESS : error;
}

static size_t rx_room(rfc2217_link_t *link)
{
    if (link->rx_taken == link->rx_size) {
        link->rx_taken = 0;
        link->rx_size = 0;
    }
    return RFC2217_RX_SIZE - link->rx_size;
}

/** Receives once, at most what the receive buffer has room for, and decodes it.
 *  @retval ESP_LOADER_ERROR_TIMEOUT  nothing came, or the deadline has passed meanwhile
 *  @retval ESP_LOADER_ERROR_IO       the buffer is full */
static esp_loader_error_t receive(rfc2217_link_t *link, uint64_t deadline_us)
{
    uint8_t raw[1024];
    size_t got = 0;
    size_t room = rx_room(link);

    if (room == 0) {
        return ESP_LOADER_ERROR_IO;
    }
    esp_loader_error_t error =
        posix_read_some(link->stream, raw, room < sizeof(raw) ? room : sizeof(raw), deadline_us, &got);
    for (size_t i = 0; i < got; i++) {
        rfc2217_event_t event = rfc2217_receive(&link->codec, raw[i]);
        if (event == RFC2217_DATA) {
            link->rx[link->rx_size++] = raw[i];
        } else if (event == RFC2217_REPLY && error == ESP_LOADER_SUCCESS) {
            error = send_reply(link);
        }
    }
    /* A server that sends notifications without pause must not keep the caller for ever. */
    if (error == ESP_LOADER_SUCCESS && posix_now_us() >= deadline_us) {
        error = ESP_LOADER_ERROR_TIMEOUT;
    }
    return error;
}

/** Sends what is queued and waits until the server has acknowledged the requests in @p mask. */
static esp_loader_error_t complete_requests(rfc2217_link_t *link, unsigned mask, uint64_t deadline_us)
{
    esp_loader_error_t error = flush(link, deadline_us);

    if (link->ignores_set_control) {
        mask &= ~(unsigned)(FLOW_MASK | LINES_MASK);
    }
    while (error == ESP_LOADER_SUCCESS && (link->codec.awaited & mask) != 0) {
        error = receive(link, deadline_us);
        if ((link->codec.awaited & mask) == 0) {
            return ESP_LOADER_SUCCESS;
        }
    }
    return error;
}

static esp_loader_error_t queue_request(rfc2217_link_t *link, rfc2217_request_t request, uint32_t value,
                                        uint64_t deadline_us)
{
    uint8_t message[RFC2217_REQUEST_SIZE_MAX];
    size_t size = rfc2217_request(&link->codec, request, value, message);

    return queue(link, message, size, deadline_us);
}

/** true unless the server acknowledged another value; rates may differ by what a UART tolerates. */
static bool is_accepted(const rfc2217_link_t *link, rfc2217_answer_t answer, uint32_t rate_baud)
{
    if ((link->codec.refused & 1u << answer) == 0) {
        return true;
    }
    if (answer != RFC2217_ANSWER_BAUDRATE) {
        return false;
    }
    uint32_t actual_baud = link->codec.acknowledged[RFC2217_ANSWER_BAUDRATE];
    uint64_t difference = actual_baud > rate_baud ? actual_baud - rate_baud : rate_baud - actual_baud;
    return difference * 100u <= (uint64_t)rate_baud * RATE_TOLERANCE_PERCENT;
}

static esp_loader_error_t configure(rfc2217_link_t *link, uint32_t rate_baud, uint64_t deadline_us)
{
    const struct {
        rfc2217_request_t request;
        uint32_t value;
        rfc2217_answer_t answer;
    } settings[] = {
        {RFC2217_SET_BAUDRATE, rate_baud, RFC2217_ANSWER_BAUDRATE},
        {RFC2217_SET_DATASIZE, 8, RFC2217_ANSWER_DATASIZE},
        {RFC2217_SET_PARITY, 1, RFC2217_ANSWER_PARITY},
        {RFC2217_SET_STOPSIZE, 1, RFC2217_ANSWER_STOPSIZE},
        {RFC2217_SET_CONTROL, RFC2217_CONTROL_NO_FLOW_CONTROL, RFC2217_ANSWER_FLOW},
        {RFC2217_PURGE_DATA, RFC2217_PURGE_BOTH, RFC2217_ANSWER_PURGE},
    };
    const size_t count = sizeof(settings) / sizeof(settings[0]);
    esp_loader_error_t error = ESP_LOADER_SUCCESS;

    for (size_t i = 0; i < count && error == ESP_LOADER_SUCCESS; i++) {
        error = queue_request(link, settings[i].request, settings[i].value, deadline_us);
    }
    if (error == ESP_LOADER_SUCCESS) {
        error = complete_requests(link, (unsigned)EVERYTHING & ~(unsigned)FLOW_MASK, deadline_us);
    }
    if (error == ESP_LOADER_SUCCESS) { /* who acknowledges no SET-CONTROL has no flow control either */
        const uint64_t flow_deadline_us = posix_deadline_us(LINES_MS);
        error = complete_requests(link, FLOW_MASK,
                                  flow_deadline_us < deadline_us ? flow_deadline_us : deadline_us);
        error = error == ESP_LOADER_ERROR_TIMEOUT ? ESP_LOADER_SUCCESS : error;
    }
    for (size_t i = 0; i < count && error == ESP_LOADER_SUCCESS; i++) {
        if (!is_accepted(link, settings[i].answer, rate_baud)) {
            error = ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
        }
    }
    return error;
}

esp_loader_error_t rfc2217_link_open(rfc2217_link_t *link, posix_stream_t stream, bool ignores_set_control,
                                     uint32_t rate_baud, uint64_t deadline_us)
{
    uint8_t hello[RFC2217_HELLO_SIZE];

    memset(link, 0, sizeof(*link));
    link->stream = stream;
    link->ignores_set_control = ignores_set_control;
    rfc2217_hello(&link->codec, hello);
    esp_loader_error_t error = queue(link, hello, sizeof(hello), deadline_us);
    if (error == ESP_LOADER_SUCCESS) {
        error = flush(link, deadline_us);
    }
    while (error == ESP_LOADER_SUCCESS && rfc2217_is_negotiating(&link->codec)) {
        error = receive(link, deadline_us);
    }
    if (error != ESP_LOADER_SUCCESS) {
        return error;
    }
    if (!rfc2217_is_ready(&link->codec)) {
        return ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
    }
    const uint64_t begin_us = posix_now_us();
    error = configure(link, rate_baud, deadline_us);
    link->round_trip_ms = (uint32_t)((posix_now_us() - begin_us) / 1000u);
    link->rx_size = 0; /* older than the purge */
    return error;
}

esp_loader_error_t rfc2217_link_read_some(rfc2217_link_t *link, uint8_t *buf, size_t capacity,
                                          uint64_t deadline_us, size_t *out_read)
{
    *out_read = 0;
    while (link->rx_taken == link->rx_size) {
        esp_loader_error_t error = receive(link, deadline_us);
        /* What came before a failure is delivered first; a lasting failure will be met again. */
        if (error != ESP_LOADER_SUCCESS && link->rx_taken == link->rx_size) {
            return error;
        }
    }
    size_t size = link->rx_size - link->rx_taken;
    if (size > capacity) {
        size = capacity;
    }
    memcpy(buf, link->rx + link->rx_taken, size);
    link->rx_taken += size;
    *out_read = size;
    return ESP_LOADER_SUCCESS;
}

/** Waits while the server wants no data. */
static esp_loader_error_t await_resume(rfc2217_link_t *link, uint64_t deadline_us)
{
    esp_loader_error_t error = ESP_LOADER_SUCCESS;

    while (error == ESP_LOADER_SUCCESS && link->codec.is_suspended) {
        error = receive(link, deadline_us);
    }
    return error;
}

esp_loader_error_t rfc2217_link_write_all(rfc2217_link_t *link, const uint8_t *data, size_t size,
                                          uint64_t deadline_us, size_t *out_written)
{
    esp_loader_error_t error = await_resume(link, deadline_us);

    *out_written = 0;
    if (error == ESP_LOADER_SUCCESS) {
        error = flush(link, deadline_us);
    }
    while (error == ESP_LOADER_SUCCESS && *out_written < size) {
        size_t consumed = 0;
        link->tx_size =
            rfc2217_escape(data + *out_written, size - *out_written, link->tx, RFC2217_TX_SIZE, &consumed);
        *out_written += consumed;
        error = flush(link, deadline_us);
    }
    return error;
}

static uint64_t acknowledge_deadline_us(const rfc2217_link_t *link, uint32_t wait_ms)
{
    return posix_deadline_us(wait_ms + 2 * link->round_trip_ms);
}

esp_loader_error_t rfc2217_link_set_lines(rfc2217_link_t *link, bool dtr, bool rts)
{
    const uint64_t first_deadline_us = acknowledge_deadline_us(link, LINES_MS);
    const uint64_t deadline_us = acknowledge_deadline_us(link, ACKNOWLEDGE_MS);
    uint8_t message[2 * RFC2217_REQUEST_SIZE_MAX];

    size_t size = rfc2217_request_lines(&link->codec, dtr, rts, message);
    esp_loader_error_t error = queue(link, message, size, deadline_us);
    if (error == ESP_LOADER_SUCCESS) {
        error =
            complete_requests(link, LINES_MASK, link->lines_are_confirmed ? deadline_us : first_deadline_us);
    }
    if (error == ESP_LOADER_ERROR_TIMEOUT && !link->lines_are_confirmed) {
        if ((link->codec.awaited & LINES_MASK) == LINES_MASK && link->tx_size == 0) {
            link->ignores_set_control = true; /* it has got them, and obeys or not */
            return ESP_LOADER_SUCCESS;
        }
        error = complete_requests(link, LINES_MASK, deadline_us);
    }
    if (error == ESP_LOADER_SUCCESS &&
        (!is_accepted(link, RFC2217_ANSWER_DTR, 0) || !is_accepted(link, RFC2217_ANSWER_RTS, 0))) {
        error = ESP_LOADER_ERROR_UNSUPPORTED_FUNC; /* its device has no such line */
    }
    link->lines_are_confirmed = error == ESP_LOADER_SUCCESS && !link->ignores_set_control;
    return error;
}

esp_loader_error_t rfc2217_link_set_rate(rfc2217_link_t *link, uint32_t rate_baud)
{
    const uint64_t deadline_us = acknowledge_deadline_us(link, ACKNOWLEDGE_MS);
    esp_loader_error_t error = queue_request(link, RFC2217_SET_BAUDRATE, rate_baud, deadline_us);

    if (error == ESP_LOADER_SUCCESS) {
        error = complete_requests(link, RATE_MASK, deadline_us);
    }
    if (error == ESP_LOADER_SUCCESS && !is_accepted(link, RFC2217_ANSWER_BAUDRATE, rate_baud)) {
        error = ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
    }
    return error;
}
