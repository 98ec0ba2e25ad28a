/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The port's operations. The receive buffers of Arduino's cores are small (64 bytes in many), and most do not tell when bytes
 * were lost: every wait of the port moves what has come into its own ring.
 */
#include "arduino_port.h"

#include "pin_reset.h"

#if __SIZEOF_INT__ < 4
#error "the library is for processors with 32 bits"
#endif

namespace
{

const uint32_t default_rate = 115200;
const uint32_t lowest_rate = 300;
const uint32_t highest_rate = 5000000;

arduino_port_t *self_of(esp_loader_port_t *port)
{
    return reinterpret_cast<arduino_port_t *>(reinterpret_cast<char *>(port) -
                                              offsetof(arduino_port_t, port));
}

/* ---- the receiver ---- */

void fill_ring(arduino_port_t *self)
{
    int waiting = self->serial->available();
#ifdef SERIAL_RX_BUFFER_SIZE /* a ring of this size is full with one byte less, and what comes then is lost */
    if (waiting >= SERIAL_RX_BUFFER_SIZE - 1) {
        self->_state.is_lossy = true;
    }
#endif
    for (; waiting > 0; waiting--) {
        const int byte = self->serial->read();
        if (byte < 0) {
            return;
        }
        if (self->_state.head - self->_state.tail == ARDUINO_PORT_RING_SIZE) {
            self->_state.is_lossy = true;
            return;
        }
        self->_state.ring[self->_state.head++ % ARDUINO_PORT_RING_SIZE] = static_cast<uint8_t>(byte);
    }
}

void drop_received(arduino_port_t *self)
{
    fill_ring(self);
    self->_state.tail = self->_state.head;
    self->_state.is_lossy = false;
}

/* ---- time ---- */

uint32_t port_now_ms(esp_loader_port_t *)
{
    return static_cast<uint32_t>(millis());
}

void port_delay_ms(esp_loader_port_t *port, uint32_t ms)
{
    arduino_port_t *self = self_of(port);
    const uint32_t begin_ms = port_now_ms(port);
    while (ms > 0 && port_now_ms(port) - begin_ms <= ms) { /* the first millisecond had begun already */
        if (self->_state.is_open) {
            fill_ring(self);
        }
        yield();
    }
}

/* ---- pins ---- */

/* Pulled low or let go, never driven high: the target has pull-ups, to its own supply. Some cores take a level only of an
 * output, others also before. */
bool drive(esp_loader_port_t *port, pin_reset_pin_t which, bool is_active)
{
    const arduino_port_t *self = self_of(port);
    const int number = which == PIN_EN ? self->reset_pin : self->boot_pin;
    if (number == ARDUINO_PORT_NO_PIN) {
        return false;
    }
    const uint8_t pin = static_cast<uint8_t>(number); /* what most cores take */
    if (is_active) {
        digitalWrite(pin, LOW);
        pinMode(pin, OUTPUT);
        digitalWrite(pin, LOW);
    } else {
        pinMode(pin, INPUT);
    }
    return true;
}

esp_loader_error_t port_enter_bootloader(esp_loader_port_t *port)
{
    return pin_reset_into_loader(port, drive);
}

esp_loader_error_t port_reset(esp_loader_port_t *port)
{
    return pin_reset_into_app(port, drive);
}

/* ---- opening ---- */

void port_deinit(esp_loader_port_t *port)
{
    arduino_port_t *self = self_of(port);
    if (!self->_state.is_open) {
        return;
    }
    self->_state.is_open = false;
    if (!self->dont_begin) {
        self->serial->end();
    }
}

esp_loader_error_t port_init(esp_loader_port_t *port)
{
    arduino_port_t *self = self_of(port);
    port_deinit(port);
    if (self->serial == nullptr) {
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    drive(port, PIN_EN, false);
    drive(port, PIN_BOOT, false);
    self->_state.rate_baud = self->baudrate == 0 ? default_rate : self->baudrate;
    if (!self->dont_begin) {
        self->serial->begin(self->_state.rate_baud);
    }
    drop_received(self);
    self->_state.is_open = true;
    return ESP_LOADER_SUCCESS;
}

/* ---- transfers ---- */

/* How many bytes the core takes without waiting. */
size_t write_room(const arduino_port_t *self, size_t wanted)
{
    if (self->has_no_write_room) {
        return wanted;
    }
    const int room = self->serial->availableForWrite();
    return room <= 0 ? 0 : static_cast<size_t>(room) < wanted ? static_cast<size_t>(room) : wanted;
}

esp_loader_error_t port_write_all(esp_loader_port_t *port, const uint8_t *data, size_t size,
                                  uint32_t timeout_ms, size_t *out_written)
{
    arduino_port_t *self = self_of(port);
    const uint32_t begin_ms = port_now_ms(port);
    *out_written = 0;
    if (!self->_state.is_open) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    for (;;) {
        fill_ring(self);
        const size_t room = write_room(self, size - *out_written);
        if (room > 0) {
            *out_written += self->serial->write(data + *out_written, room);
        }
        if (*out_written >= size) {
            return ESP_LOADER_SUCCESS;
        }
        if (port_now_ms(port) - begin_ms >= timeout_ms) {
            return ESP_LOADER_ERROR_TIMEOUT;
        }
        yield();
    }
}

esp_loader_error_t port_read_some(esp_loader_port_t *port, uint8_t *buf, size_t capacity, uint32_t timeout_ms,
                                  size_t *out_read)
{
    arduino_port_t *self = self_of(port);
    const uint32_t begin_ms = port_now_ms(port);
    *out_read = 0;
    if (!self->_state.is_open) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    for (;;) {
        fill_ring(self);
        if (self->_state.is_lossy) { /* what is there has a gap */
            drop_received(self);
            return ESP_LOADER_ERROR_IO;
        }
        while (*out_read < capacity && self->_state.tail != self->_state.head) {
            buf[(*out_read)++] = self->_state.ring[self->_state.tail++ % ARDUINO_PORT_RING_SIZE];
        }
        if (*out_read > 0) {
            return ESP_LOADER_SUCCESS;
        }
        if (port_now_ms(port) - begin_ms >= timeout_ms) {
            return ESP_LOADER_ERROR_TIMEOUT;
        }
        yield();
    }
}

/* ---- rate ---- */

/* flush() waits until all bytes are out. What has come is kept: begin() may empty the core's buffer. */
esp_loader_error_t port_set_rate(esp_loader_port_t *port, uint32_t rate_baud)
{
    arduino_port_t *self = self_of(port);
    if (!self->_state.is_open) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    if (rate_baud < lowest_rate || rate_baud > highest_rate) {
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    self->serial->flush();
    fill_ring(self);
    self->serial->begin(rate_baud);
    self->_state.rate_baud = rate_baud;
    return ESP_LOADER_SUCCESS;
}

esp_loader_link_t port_link_kind(esp_loader_port_t *)
{
    return ESP_LOADER_LINK_UART;
}

esp_loader_port_ops_t make_ops()
{
    esp_loader_port_ops_t ops = {};
    ops.init = port_init;
    ops.deinit = port_deinit;
    ops.delay_ms = port_delay_ms;
    ops.write_all = port_write_all;
    ops.read_some = port_read_some;
    ops.now_ms = port_now_ms;
    ops.enter_bootloader_checked = port_enter_bootloader;
    ops.reset_checked = port_reset;
    ops.set_rate = port_set_rate;
    ops.link_kind = port_link_kind;
    return ops;
}

} // namespace

const esp_loader_port_ops_t arduino_serial_ops = make_ops();
