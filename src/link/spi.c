/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A transaction is CS low, a command, an address, a byte of dummy clocks, data, CS high. Whatever fails, CS is high again.
 *
 * Of each buffer there is a status: its length, 0 while the chip works on it, and a bit that changes with each new one. A
 * status that has the bit of the buffer that was used last is an old one, which the chip has not updated yet. Nothing
 * protects a status on its way, so it counts when it has been read twice.
 */
#include "link/spi.h"

#include "common/bytes.h"

/* Source: ESP-IDF, SPI slave HD mode. */
enum {
    WRITE_REGISTERS = 0x01,
    READ_REGISTERS = 0x02,
    WRITE_BUFFER = 0x03,
    READ_BUFFER = 0x04,
    BUFFER_WRITTEN = 0x07,
    BUFFER_READ = 0x08,
    PREAMBLE_SIZE = 3, /* command, address, dummy */
};

/* Addresses of the registers, and their bits. Source: ROM of the ESP32-C3, spi_slave_rom_init(). */
enum { INPUT_STATUS = 4, OUTPUT_STATUS = 8, MAILBOX = 12 };
#define PHASE        1u
#define LENGTH_SHIFT 2
#define LENGTH_MAX   0x4000u /* no ROM has so much: it is the answer of a wire without a chip */

/* A ROM answers within microseconds: so many times it is asked without a pause, then once in a millisecond. */
#define QUICK_POLLS 16u

bool eli_spi_port_is_complete(const esp_loader_port_t *port)
{
    return eli_port_is_complete(port) && port->ops->spi_set_cs != NULL;
}

/* ---- transactions ---- */

static esp_loader_error_t begin(esp_loader_t *loader, uint8_t command, uint8_t address)
{
    uint8_t *preamble = loader->_buffers.tx;
    preamble[0] = command;
    preamble[1] = address;
    preamble[2] = 0;
    eli_port_set_cs(loader, 0);
    return eli_port_write(loader, preamble, PREAMBLE_SIZE);
}

static esp_loader_error_t end(esp_loader_t *loader, esp_loader_error_t err)
{
    eli_port_set_cs(loader, 1);
    return err;
}

static esp_loader_error_t notify(esp_loader_t *loader, uint8_t command)
{
    return end(loader, begin(loader, command, 0));
}

static esp_loader_error_t read_exactly(esp_loader_t *loader, uint8_t command, uint8_t address, uint8_t *buf,
                                       size_t size)
{
    esp_loader_error_t err = begin(loader, command, address);
    size_t count;
    for (size_t done = 0; err == ESP_LOADER_SUCCESS && done < size; done += count) {
        err = eli_port_read_sure(loader, buf + done, size - done, &count);
    }
    return end(loader, err);
}

static esp_loader_error_t read_register(esp_loader_t *loader, uint8_t address, uint32_t *out_value)
{
    uint8_t *bytes = loader->_buffers.rx; /* where DMA of the host can write */
    RETURN_ON_ERROR(read_exactly(loader, READ_REGISTERS, address, bytes, 4));
    *out_value = eli_get_u32(bytes);
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t eli_spi_read_mailbox(esp_loader_t *loader, uint8_t *out_value)
{
    uint32_t value = 0;
    RETURN_ON_ERROR(read_register(loader, MAILBOX, &value));
    *out_value = (uint8_t)value;
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t eli_spi_write_mailbox(esp_loader_t *loader, uint8_t value)
{
    esp_loader_error_t err = begin(loader, WRITE_REGISTERS, MAILBOX);
    if (err == ESP_LOADER_SUCCESS) {
        eli_put_u32(loader->_buffers.rx, value);
        err = eli_port_write(loader, loader->_buffers.rx, 4);
    }
    return end(loader, err);
}

/* ---- buffers ---- */

static uint32_t length_of(uint32_t status)
{
    uint32_t length = status >> LENGTH_SHIFT;
    return length <= LENGTH_MAX ? length : 0;
}

static bool is_new(uint32_t status, uint16_t last_phase)
{
    return length_of(status) != 0 && (status & PHASE) != last_phase;
}

/* Of the buffer that was used last, as the chip has it: this one is still to come, or it is that one. */
static uint16_t phase_before(uint32_t status)
{
    return (length_of(status) != 0 ? ~status : status) & PHASE;
}

void eli_spi_forget(esp_loader_t *loader)
{
    loader->_link.rx_size = PHASE; /* of the output; the first one has 0 */
    loader->_link.tx_size = 0;     /* of the input */
}

/* Waits for a buffer of at least @p size bytes. */
static esp_loader_error_t await(esp_loader_t *loader, uint8_t address, uint16_t last_phase, size_t size,
                                uint32_t *out_status)
{
    uint32_t last = 0;
    for (unsigned polls = 0;; polls++) {
        const bool is_late = eli_port_remaining_ms(loader) == 0;
        RETURN_ON_ERROR(read_register(loader, address, out_status));
        if (*out_status == last && is_new(last, last_phase) && length_of(last) >= size) {
            return ESP_LOADER_SUCCESS;
        }
        last = *out_status;
        if (is_late) {
            return ESP_LOADER_ERROR_TIMEOUT;
        }
        eli_port_delay(loader, polls < QUICK_POLLS ? 0 : 1);
    }
}

esp_loader_error_t eli_spi_send(esp_loader_t *loader, const uint8_t *header, size_t header_size,
                                const uint8_t *payload, size_t payload_size)
{
    uint32_t status;
    RETURN_ON_ERROR(await(loader, INPUT_STATUS, loader->_link.tx_size, header_size + payload_size, &status));
    loader->_link.tx_size = status & PHASE;
    esp_loader_error_t err = begin(loader, WRITE_BUFFER, 0);
    if (err == ESP_LOADER_SUCCESS) {
        err = eli_port_write(loader, header, header_size);
    }
    if (err == ESP_LOADER_SUCCESS && payload_size != 0) {
        err = eli_port_write(loader, payload, payload_size);
    }
    RETURN_ON_ERROR(end(loader, err));
    return notify(loader, BUFFER_WRITTEN);
}

/* Takes the buffer of which @p status tells. */
static esp_loader_error_t take(esp_loader_t *loader, uint32_t status, uint8_t *buf, size_t size)
{
    loader->_link.rx_size = status & PHASE;
    RETURN_ON_ERROR(read_exactly(loader, READ_BUFFER, 0, buf, size));
    return notify(loader, BUFFER_READ);
}

esp_loader_error_t eli_spi_receive(esp_loader_t *loader, uint8_t *buf, size_t capacity, size_t *out_size)
{
    uint32_t status;
    RETURN_ON_ERROR(await(loader, OUTPUT_STATUS, loader->_link.rx_size, 1, &status));
    *out_size = length_of(status);
    if (*out_size > capacity) {
        return ESP_LOADER_ERROR_INVALID_RESPONSE;
    }
    return take(loader, status, buf, *out_size);
}

esp_loader_error_t eli_spi_drain(esp_loader_t *loader, bool is_lost)
{
    uint32_t input = 0;
    uint32_t output = 0;
    for (bool is_late = false;; is_late = eli_port_remaining_ms(loader) == 0) {
        const uint32_t last_input = input;
        const uint32_t last_output = output;
        RETURN_ON_ERROR(read_register(loader, OUTPUT_STATUS, &output));
        RETURN_ON_ERROR(read_register(loader, INPUT_STATUS, &input));
        if (is_lost && input == last_input && output == last_output) {
            loader->_link.tx_size = phase_before(input);
            loader->_link.rx_size = phase_before(output);
            is_lost = false;
        }
        if (output == last_output && is_new(output, loader->_link.rx_size)) {
            size_t size = length_of(output);
            size = size < sizeof(loader->_buffers.frame) ? size : sizeof(loader->_buffers.frame);
            RETURN_ON_ERROR(take(loader, output, loader->_buffers.frame, size));
        } else if (input == last_input && is_new(input, loader->_link.tx_size)) {
            return ESP_LOADER_SUCCESS;
        }
        if (is_late) {
            return ESP_LOADER_ERROR_TIMEOUT;
        }
        eli_port_delay(loader, 1);
    }
}
