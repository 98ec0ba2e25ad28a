#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""The wiring drawings of the ports, an SVG file in this folder for each row of DRAWINGS.

draw.py says whether the files are what the table makes, and whether their pages show them; --write makes the files.

A drawing has a title, the page that shows it, the two boxes (head and a line below it), the wires from top to bottom, and
notes. To add one, add its row, run draw.py --write, and show the file on the page, as the others do. Both
boxes name the pin in bold with a word on it; either may be "". Text that is too long for its place is refused. The card is
light in dark pages too, so there is one set of colours.
"""
import html
import os
import sys
from typing import NamedTuple

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))

TO, FROM, BOTH, NONE = "to target", "to host", "both ways", "no signal"


class Wire(NamedTuple):
    host: tuple  # pin, what it is
    way: str  # TO, FROM, BOTH or NONE
    target: tuple  # pin, what it is
    pull_up: str = ""  # resistor from the wire to 3.3 V, "10 kΩ"


class Drawing(NamedTuple):
    title: str
    page: str
    host: tuple
    target: tuple
    wires: list
    notes: list


TARGET = ("Espressif chip", "to be flashed")
GROUND = Wire(("GND", ""), NONE, ("GND", ""))
STRAP_NOTES = [
    "Strapping pin: GPIO 0 of ESP32, S2, S3; GPIO 9 of C2, C3, C6, C61, H2; GPIO 28 of C5; GPIO 35 of P4.",
    "High as well, by 10 kΩ to 3.3 V where the board has none: GPIO 8 of C2, C3, C6, C61, H2;",
    "GPIO 27 of C5; GPIO 36 of P4. Low or open: GPIO 2 of ESP32, GPIO 46 of S2 and S3.",
    "ESP8266: strapping pin GPIO 0, with GPIO 2 high and GPIO 15 low.",
]
LEVEL_NOTE = "Signals are 3.3 V. The target has a supply of its own, or one that can give it 500 mA."


def uart(title, page, host, pins, notes=()):
    """A UART and two pins; pins are those of the host: TX, RX, EN, strapping pin."""
    tx, rx, enable, strap = pins
    wires = [Wire(tx, TO, ("RX", "U0RXD")), Wire(rx, FROM, ("TX", "U0TXD")), Wire(enable, TO, ("EN", "reset"), "10 kΩ"),
             Wire(strap, TO, ("strapping pin", "see below"), "10 kΩ"), GROUND]
    return Drawing(title, page, host, TARGET, wires, STRAP_NOTES + [LEVEL_NOTE] + list(notes))


DRAWINGS = {
    "esp32_uart": uart("ESP-IDF, UART", "port/esp32_uart/README.md", ("Host", "any Espressif chip, ESP-IDF"),
        [("uart_tx_pin", "GPIO 4"), ("uart_rx_pin", "GPIO 5"), ("reset_pin", "GPIO 25"), ("boot_pin", "GPIO 26")],
        ["The GPIO numbers are those of the example: any that the host can use."]),
    "esp32_spi": Drawing("ESP-IDF, SPI", "port/esp32_spi/README.md", ("Host", "ESP32-S3, ESP-IDF"),
        ("ESP32-C3", "RAM to be loaded"),
        [Wire(("spi_clk_pin", "GPIO 12"), TO, ("GPIO 6", "clock")), Wire(("spi_mosi_pin", "GPIO 11"), TO, ("GPIO 7", "MOSI")),
         Wire(("spi_miso_pin", "GPIO 13"), FROM, ("GPIO 2", "MISO, strap bit 0"), "10 kΩ"),
         Wire(("spi_cs_pin", "GPIO 10"), TO, ("GPIO 10", "select")), Wire(("reset_pin", "GPIO 4"), TO, ("EN", "reset"), "10 kΩ"),
         Wire(("strap_bit1_pin", "GPIO 6"), TO, ("GPIO 3", "strap bit 1")),
         Wire(("strap_bit2_pin", "GPIO 7"), TO, ("GPIO 8", "strap bit 2"), "10 kΩ"),
         Wire(("strap_bit3_pin", "GPIO 8"), TO, ("GPIO 9", "strap bit 3"), "10 kΩ"), GROUND],
        ["Other targets have other pins: the page has them.", LEVEL_NOTE,
         "The GPIO numbers of the host are those of the example: any that it can use."]),
    "esp32_sdio": Drawing("ESP-IDF, SDIO", "port/esp32_sdio/README.md", ("Host", "ESP32-S3, ESP-IDF"),
        ("ESP32-C6", "to be flashed"),
        [Wire(("sdio_clk_pin", "GPIO 14"), TO, ("GPIO 19", "clock")),
         Wire(("sdio_cmd_pin", "GPIO 15"), BOTH, ("GPIO 18", "commands"), "10 kΩ"),
         Wire(("sdio_d0_pin", "GPIO 2"), BOTH, ("GPIO 20", "D0"), "10 kΩ"),
         Wire(("sdio_d1_pin", "GPIO 4"), BOTH, ("GPIO 21", "D1, interrupt"), "10 kΩ"),
         Wire(("sdio_d2_pin", "GPIO 12"), BOTH, ("GPIO 22", "D2"), "10 kΩ"),
         Wire(("sdio_d3_pin", "GPIO 13"), BOTH, ("GPIO 23", "D3"), "10 kΩ"),
         Wire(("reset_pin", "GPIO 5"), TO, ("EN", "reset"), "10 kΩ"),
         Wire(("boot_pin", "GPIO 18"), TO, ("GPIO 9", "strapping pin"), "10 kΩ"), GROUND],
        ["GPIO 8 of the C6 is high while it leaves reset: 10 kΩ to 3.3 V where the board has none.",
         "D1 to D3 need their pull-ups with one data line, too. The page has the pins of other targets.", LEVEL_NOTE]),
    "stm32_hal": uart("STM32, ST's HAL", "port/stm32_hal/README.md", ("Host", "STM32, UART set up by CubeMX"),
        [("TX", "of huart"), ("RX", "of huart"), ("port_rst, pin_num_rst", "PA0"), ("port_boot, pin_num_boot", "PA1")],
        ["PA0 and PA1 are those of the example."]),
    "pi_pico": uart("Raspberry Pi Pico", "port/pi_pico/README.md", ("Host", "RP2040 or RP2350"),
        [("uart_tx_pin_num", "GP8"), ("uart_rx_pin_num", "GP9"), ("reset_pin_num", "GP2"), ("boot_pin_num", "GP3")],
        ["The pins are those of the example. GP8 and GP9 are of uart1; not each pin is of each UART."]),
    "tinyusb_host": Drawing("TinyUSB, USB host", "port/tinyusb_host/README.md", ("Host", "RP2040, its own USB"),
        ("Espressif board", "its USB socket, or a bridge's"),
        [Wire(("D+", "TP3 of a Pico"), BOTH, ("D+", "")), Wire(("D−", "TP2 of a Pico"), BOTH, ("D−", "")),
         Wire(("5 V", "switch for 500 mA"), TO, ("VBUS", "5 V")), GROUND],
        ["15 kΩ from D+ and from D− to ground are in the RP2040 and RP2350; other hosts may need them outside.",
         "With PIO-USB: two neighbouring GPIOs, 22 Ω in series and 15 kΩ to ground at each.",
         "No pin for EN or boot: DTR and RTS go over USB."]),
    "arduino": uart("Arduino", "port/arduino/README.md", ("Host", "an Arduino board of 3.3 V"),
        [("TX", "of Serial1"), ("RX", "of Serial1"), ("reset_pin", "2"), ("boot_pin", "3")],
        ["The pins are those of the sketch. A board of 5 V needs level shifters."]),
    "zephyr": uart("Zephyr", "port/zephyr/README.md", ("Host", "a board with Zephyr"),
        [("uart, TX", "&uart1"), ("uart, RX", "&uart1"), ("reset-gpios", "&gpio0 0"), ("boot-gpios", "&gpio0 1")],
        ["The pins are those of the devicetree node in the example."]),
    "bare_metal": uart("No operating system", "examples/bare_metal/README.md", ("Host", "Cortex-M"),
        [("UART TX", "RP2040: GP4"), ("UART RX", "RP2040: GP5"), ("pin 0", "RP2040: GP2"), ("pin 1", "RP2040: GP3")]),
}

WIDTH, BOX, GAP, TOP, ROW = 720, 232, 24, 52, 44
LEFT, RIGHT = GAP + BOX, WIDTH - GAP - BOX  # where the wires begin and end
INK, WIRE, PAPER, CASE, FAINT = "#1a1a1a", "#1f5fa8", "#ffffff", "#f0f3f7", "#555555"


def text(x, y, words, anchor="start", room=None, weight="normal", size=13, fill=INK):
    """A line of text, which has to fit: 0.62 em is a wide guess for a sans-serif letter."""
    wide = len(words) * size * (0.62 if weight == "bold" else 0.53)
    if room is not None and wide > room:
        sys.exit("draw: %r is %d too wide for its place" % (words, wide - room))
    if not words:
        return ""
    return '<text x="%g" y="%g" text-anchor="%s" font-weight="%s" font-size="%g" fill="%s">%s</text>\n' % (
        x, y, anchor, weight, size, fill, html.escape(words, quote=False))


def line(*points, width=1.6, fill="none"):
    return '<path d="M%s" fill="%s" stroke="%s" stroke-width="%g"/>\n' % (
        " L".join("%g %g" % point for point in points), fill, WIRE, width)


def arrow(x, y, step):
    return line((x, y), (x - step, y - 4), (x - step, y + 4), (x, y), fill=WIRE, width=1)


def pull_up(x, y, ohms):
    """Upwards from the wire: a dot, the resistor, a bar that is 3.3 V."""
    body = '<circle cx="%g" cy="%g" r="3" fill="%s"/>\n' % (x, y, WIRE) + line((x, y), (x, y - 8))
    body += '<rect x="%g" y="%g" width="8" height="14" fill="%s" stroke="%s" stroke-width="1.6"/>\n' % (x - 4, y - 22, PAPER, WIRE)
    body += line((x, y - 22), (x, y - 27)) + line((x - 7, y - 27), (x + 7, y - 27))
    return body + text(x - 9, y - 12, ohms, "end", size=11) + text(x + 10, y - 23, "3.3 V", size=11)


def pin(x, y, name, word, side):
    """A pin at the edge of its box: name in bold, the word below it or alone."""
    room = BOX - 20
    at = x - 10 if side == "end" else x + 10
    square = '<rect x="%g" y="%g" width="8" height="8" fill="%s"/>\n' % (x - 4, y - 4, INK)
    if not word:
        return square + text(at, y + 4, name, side, room, "bold")
    return square + text(at, y - 2, name, side, room, "bold") + text(at, y + 13, word, side, room, size=12, fill=FAINT)


def box(x, head, below, height):
    body = '<rect x="%g" y="%g" width="%g" height="%g" rx="6" fill="%s" stroke="%s" stroke-width="1.6"/>\n' % (x, TOP, BOX, height, CASE, INK)
    body += text(x + BOX / 2, TOP + 22, head, "middle", BOX - 20, "bold", 15)
    return body + text(x + BOX / 2, TOP + 40, below, "middle", BOX - 20, size=12, fill=FAINT)


def draw(name, drawing):
    height = 58 + ROW * len(drawing.wires)
    bottom = TOP + height + 28
    parts = [box(GAP, *drawing.host, height), box(RIGHT, *drawing.target, height)]
    for number, wire in enumerate(drawing.wires):
        y = TOP + 76 + ROW * number
        parts.append(line((LEFT, y), (RIGHT, y)))
        if wire.way in (TO, BOTH):
            parts.append(arrow(RIGHT - 5, y, 9))
        if wire.way in (FROM, BOTH):
            parts.append(arrow(LEFT + 5, y, -9))
        if wire.pull_up:
            parts.append(pull_up((LEFT + RIGHT) / 2, y, wire.pull_up))
        parts += [pin(LEFT, y, *wire.host, "end"), pin(RIGHT, y, *wire.target, "start")]
    parts += [text(GAP, bottom + 19 * number, note, room=WIDTH - 2 * GAP, size=12.5) for number, note in enumerate(drawing.notes)]
    lines = len(drawing.notes)
    described = "; ".join(" – ".join(" ".join(filter(None, end)) for end in (wire.host, wire.target)) for wire in drawing.wires)
    return ("""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" role="img">
<!-- SPDX-FileCopyrightText: 2026 esp-loader contributors
     SPDX-License-Identifier: Apache-2.0
     Made by docs/wiring/draw.py -->
<title>Wiring: %s</title>
<desc>%s</desc>
<rect width="100%%" height="100%%" rx="8" fill="%s"/>
""" % (WIDTH, bottom + 19 * lines, html.escape(drawing.title), html.escape(described, quote=False), PAPER)
            + text(GAP, 32, drawing.title, room=WIDTH - 2 * GAP, weight="bold", size=17) + "".join(parts) + "</svg>\n")


def read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return None


def main():
    write, wrong = "--write" in sys.argv, []
    for name, drawing in DRAWINGS.items():
        path, now = os.path.join(HERE, name + ".svg"), draw(name, drawing)
        if write:
            with open(path, "w", encoding="utf-8") as file:
                file.write(now)
        elif read(path) != now:
            wrong.append("docs/wiring/%s.svg is not what draw.py makes: run it with --write" % name)
        if "docs/wiring/%s.svg" % name not in (read(os.path.join(ROOT, drawing.page)) or ""):
            wrong.append("%s does not show docs/wiring/%s.svg" % (drawing.page, name))
    for file in sorted(os.listdir(HERE)):
        if file.endswith(".svg") and file[:-4] not in DRAWINGS:
            wrong.append("docs/wiring/%s has no row in draw.py" % file)
    sys.exit("\n".join(wrong) or 0)


if __name__ == "__main__":
    main()
