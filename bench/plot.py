#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""Plots and table of docs/performance.md from the benchmark's results: plot.py [--check] RESULTS.json

With --check nothing is written: it fails when what is there is not what the results give.
"""
import json
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DOC = os.path.join(ROOT, "docs/performance.md")
BEGIN, END = "<!-- table: made by bench/plot.py -->", "<!-- end of table -->"
COLORS = ["#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377"]
HEAD = ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">\n'
        '<!-- SPDX-FileCopyrightText: 2026 esp-loader contributors\n     SPDX-License-Identifier: Apache-2.0\n'
        '     Made by bench/plot.py -->\n<rect width="100%%" height="100%%" fill="white"/>\n')


def text(x, y, content, anchor="start"):
    return '<text x="%g" y="%g" text-anchor="%s">%s</text>\n' % (x, y, anchor, content)


def line(x1, y1, x2, y2, color="#cccccc"):
    return '<line x1="%g" y1="%g" x2="%g" y2="%g" stroke="%s"/>\n' % (x1, y1, x2, y2, color)


def time_by_size(results):
    """Seconds over KiB, one line per case."""
    left, top, width, height, top_s = 50, 30, 420, 280, 12.0
    series = {}
    for point in results["curves"]:
        series.setdefault((point["loader"], point["flash"]), []).append((point["bytes"] / 1024, point["seconds"]))
    out = HEAD % (680, 360) + text(left, 18, "Seconds to flash an ESP32-S3 over USB, by size of the image")
    for second in range(0, 13, 2):
        y = top + height - second / top_s * height
        out += line(left, y, left + width, y) + text(left - 6, y + 4, "%d" % second, "end")
    for kib in (0, 256, 512, 768, 1024):
        x = left + kib / 1024 * width
        out += line(x, top, x, top + height) + text(x, top + height + 16, "%d KiB" % kib, "middle")
    for color, ((loader, flash), points) in zip(COLORS, series.items()):
        place = ["%g,%g" % (round(left + kib / 1024 * width, 1), round(top + height - s / top_s * height, 1))
                 for kib, s in points]
        out += '<polyline points="%s" fill="none" stroke="%s" stroke-width="2"/>\n' % (" ".join(place), color)
        out += text(left + width + 8, top + height - points[-1][1] / top_s * height + 4, "%s, %s" % (loader, flash))
    return out + "</svg>\n"


def where_time_goes(results):
    """Stacked bars: erase, program, SPI bus, also when a ROM reads back, and looking for blank sectors are the floor; the rest is not hidden behind it."""
    parts = [(["erase_s"], "erase"), (["program_s"], "program"), (["spi_s", "read_back_s"], "SPI bus"), (["blank_check_s"], "blank check")]
    rows = [row for row in results["cases"] if row["image"] == "firmware" and row["flash"] in ("used", "blank")
            and row["link"] in ("esp32s3 USB", "esp32 UART 921600")]
    left, top, width, step, top_s = 215, 50, 420, 30, 22.0
    out = HEAD % (700, top + step * len(rows) + 26) + text(10, 18, "Where the time of 1 MiB of firmware goes, seconds")
    x = 10
    for color, (_, name) in zip(COLORS, parts + [("", "the rest: wire, turnaround, needless erases of the ROM")]):
        out += '<rect x="%g" y="28" width="10" height="10" fill="%s"/>\n' % (x, color) + text(x + 14, 37, name)
        x += 30 + 7 * len(name)
    for i, row in enumerate(rows):
        y, x = top + i * step, float(left)
        out += text(left - 8, y + 15, "%s, %s, %s" % (row["link"], row["loader"], row["flash"]), "end")
        spent = [sum(row[key] for key in keys) for keys, _ in parts]
        blocks = spent + [max(0.0, row["seconds"] - sum(spent))]
        for color, seconds in zip(COLORS, blocks):
            w = round(seconds / top_s * width, 1)
            out += '<rect x="%g" y="%g" width="%g" height="20" fill="%s"/>\n' % (round(x, 1), y, w, color)
            x += w
        out += text(x + 6, y + 15, "%.2f" % row["seconds"])
    y = top + step * len(rows)
    for second in range(0, 23, 5):
        out += text(left + second / top_s * width, y + 14, "%d s" % second, "middle")
    return out + "</svg>\n"


def table(results):
    out = [BEGIN, "", "| link | loader | image | flash | seconds | floor | at most | port writes / reads | bytes | sectors erased |",
           "|---|---|---|---|---|---|---|---|---|---|"]
    for row in results["cases"]:
        bound = "%.3f: %s" % (row["bound_s"], row["bound"]) if row["bound_s"] else ""
        out.append("| %s | %s | %s | %s | %.3f | %.3f | %s | %d / %d | %d | %d |" % (
            row["link"], row["loader"], row["image"], row["flash"], row["seconds"], row["floor_s"], bound, row["writes"],
            row["reads"], row["bytes_out"] + row["bytes_in"], row["sectors_erased"]))
    out += ["", "### What is left", "",
            "1 MiB of firmware, used flash: what limits each link and loader, and how far from it a write is. What stands behind a",
            "limit, and what would move it: [below](#what-would-move-the-limits).", "",
            "| link | loader | limit | seconds it takes | a write takes | distance |", "|---|---|---|---|---|---|"]
    for row in results["cases"]:
        if (row["image"], row["flash"]) == ("firmware", "used"):
            factor, limit = row["bound"].split(" ", 1)
            least = row["bound_s"] / float(factor)
            out.append("| %s | %s | %s | %.3f | %.3f | %.1f %% |" % (
                row["link"], row["loader"], limit[1:-1] if limit[0] == "(" else limit, least, row["seconds"],
                max(0, 100 * (row["seconds"] / least - 1)))) # a turnaround takes at most what is counted for it
    out += ["", "### Before and after", "", "Seconds, in the first case of each link and loader:", "",
            "| link | loader | connect | load the stub | attach the flash | verify 1 MiB |", "|---|---|---|---|---|---|"]
    for row in results["cases"]:
        if (row["image"], row["flash"]) == ("random", "used"):
            out.append("| %s | %s | %.3f | %.3f | %.3f | %.3f |" % (
                row["link"], row["loader"], row["connect_s"], row["stub_s"], row["prepare_s"], row["verify_s"]))
    out += ["", "### A rate that is found", "", "1 MiB of firmware, used flash, on a UART, with verifying; by hand: the best rate that the",
            "cable carries was known and set.", "",
            "| cable and bridge | loader | rate found | looking for it | seconds | by hand |", "|---|---|---|---|---|---|"]
    for row in results["cables"]:
        out.append("| %s | %s | %d | %.3f | %.3f | %.3f |" % (
            row["cable"], row["loader"], row["baud"], row["search_s"], row["seconds"], row["by_hand_s"]))
    out += ["", "### Reading", "", "1 MiB of random content.", "", "| link | loader | seconds | at most | port writes / reads |",
            "|---|---|---|---|---|"]
    for row in results["reading"]:
        out.append("| %s | %s | %.3f | %.2f | %d / %d |" % (
            row["link"], row["loader"], row["seconds"], row["bound_s"], row["writes"], row["reads"]))
    out += ["", "### A link that turns out fast", "", "1 MiB of firmware, used flash, stub, over links of which the port does not say what they are (`socket://`, a pty);",
            "known: the same where it does.", "", "| link | seconds | known | compressed, KiB |", "|---|---|---|---|"]
    for row in results["unnamed"]:
        out.append("| %s | %.3f | %.3f | %d |" % (row["link"], row["seconds"], row["known_s"], row["deflated"] / 1024))
    return "\n".join(out + ["", END])


def main():
    arguments = [word for word in sys.argv[1:] if word != "--check"]
    results = json.load(open(arguments[0]))
    doc = open(DOC, encoding="utf-8").read()
    if BEGIN not in doc or END not in doc:
        sys.exit("plot: docs/performance.md has no place for the table")
    new = {DOC: doc[:doc.index(BEGIN)] + table(results) + doc[doc.index(END) + len(END):],
           os.path.join(ROOT, "docs/plots/time-by-size.svg"): time_by_size(results),
           os.path.join(ROOT, "docs/plots/where-time-goes.svg"): where_time_goes(results)}
    stale = [path for path, content in new.items() if not os.path.exists(path)
             or open(path, encoding="utf-8").read() != content]
    if "--check" in sys.argv:
        for path in stale:
            print("plot: %s is not what the results give: run bench/plot.py" % os.path.relpath(path, ROOT))
        return 1 if stale else 0
    os.makedirs(os.path.join(ROOT, "docs/plots"), exist_ok=True)
    for path in stale:
        with open(path, "w", encoding="utf-8") as file:
            file.write(new[path])
    return 0


if __name__ == "__main__":
    sys.exit(main())
