/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Stand-in for exactly what the port and the sketch call of Arduino: the language reference, and the cores ArduinoCore-API
 * (HardwareSerial, Print) and ArduinoCore-avr (SERIAL_RX_BUFFER_SIZE).
 */
#ifndef ARDUINO_H
#define ARDUINO_H

#include <stddef.h>
#include <stdint.h>

enum { LOW = 0, INPUT = 0, OUTPUT = 1 };
#define SERIAL_RX_BUFFER_SIZE 64 /* a macro in the cores */

unsigned long millis();
void yield();
void pinMode(uint8_t pin, uint8_t mode);
void digitalWrite(uint8_t pin, uint8_t level);

class HardwareSerial
{
  public:
    void begin(unsigned long baud);
    void end();
    int available();
    int read();
    int availableForWrite();
    size_t write(const uint8_t *buffer, size_t size);
    void flush();
    size_t println(const char *text);
};

extern HardwareSerial Serial;
extern HardwareSerial Serial1;

/* The sketch. */
void setup();
void loop();

#endif
