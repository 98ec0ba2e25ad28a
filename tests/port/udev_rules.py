#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""Applies the udev rules to every device of the table in usb_kind.c, as udev would: udev_rules.py RULES USB_KIND_C.

Understands what the rules use: ==, =, +=, GOTO, LABEL, and patterns with [] and |. Anything else is an error, so a typing
mistake does not pass as a rule that never matches. Source: udev(7)."""
import fnmatch
import re
import sys

ASSIGNABLE = {"MODE", "GROUP", "TAG", "ENV{ID_MM_DEVICE_IGNORE}", "ENV{ID_MM_PORT_IGNORE}", "GOTO", "LABEL"}
MATCHABLE = {"ACTION", "SUBSYSTEM", "SUBSYSTEMS", "ENV{DEVTYPE}", "ATTR{idVendor}", "ATTR{idProduct}", "ATTRS{idVendor}",
             "ATTRS{idProduct}"}
ITEM = re.compile(r'([A-Z]+(?:\{\w+\})?)(==|\+=|=)"([^"]*)"')


def parse(path):
    rules = []
    for number, line in enumerate(open(path, encoding="ascii"), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        items = [ITEM.fullmatch(item) for item in re.split(r",\s+", line)]
        if None in items:
            sys.exit(f"{path}:{number}: not understood: {line}")
        rule = [item.groups() for item in items]
        for key, operator, _ in rule:
            if key not in (MATCHABLE if operator == "==" else ASSIGNABLE):
                sys.exit(f"{path}:{number}: {key}{operator} is not expected")
        rules.append(rule)
    labels = [value for rule in rules for key, _, value in rule if key == "LABEL"]
    for index, rule in enumerate(rules):
        for key, _, value in rule:
            ahead = [v for later in rules[index:] for k, _, v in later if k == "LABEL"]
            if key == "GOTO" and value not in ahead:
                sys.exit(f"{path}: GOTO {value} leads nowhere ahead")
    if len(labels) != len(set(labels)):
        sys.exit(f"{path}: a label stands twice")
    return rules


def apply(rules, device):
    result, goal = {}, None
    for rule in rules:
        label = [value for key, _, value in rule if key == "LABEL"]
        if goal is not None:
            if goal not in label:
                continue
            goal = None
        if all(any(fnmatch.fnmatchcase(device.get(key, ""), pattern) for pattern in value.split("|"))
               for key, operator, value in rule if operator == "=="):
            for key, operator, value in rule:
                if key == "GOTO":
                    goal = value
                elif operator != "==" and key != "LABEL":
                    result[key] = value
    return result


def usb(vid, pid):
    return {"ACTION": "add", "SUBSYSTEM": "usb", "ENV{DEVTYPE}": "usb_device", "ATTR{idVendor}": vid,
            "ATTR{idProduct}": pid}


def tty(vid, pid):
    return {"ACTION": "add", "SUBSYSTEM": "tty", "SUBSYSTEMS": "usb", "ATTRS{idVendor}": vid, "ATTRS{idProduct}": pid}


def main():
    rules = parse(sys.argv[1])
    text = open(sys.argv[2], encoding="ascii").read()
    text = text.replace("USB_ESPRESSIF_VID", "0x303A").replace("USB_FTDI_VID", "0x0403")
    ids = re.findall(r'\{0x([0-9A-F]{4}), 0x([0-9A-F]{4}), ', text)
    if len(ids) < 15:
        sys.exit("the table of USB ids has not been found")
    failures = []

    def expect(what, device, wanted):
        got = apply(rules, device)
        if got != wanted:
            failures.append(f"{what}: {got}, not {wanted}")

    access = {"MODE": "0660", "GROUP": "plugdev", "TAG": "uaccess", "ENV{ID_MM_DEVICE_IGNORE}": "1"}
    for vid, pid in ((vid.lower(), pid.lower()) for vid, pid in ids):
        is_cdc = vid == "303a" or (vid == "1a86" and pid.startswith("55d"))
        expect(f"USB device {vid}:{pid}", usb(vid, pid), access if is_cdc else {"ENV{ID_MM_DEVICE_IGNORE}": "1"})
        expect(f"tty of {vid}:{pid}", tty(vid, pid), {"TAG": "uaccess", "ENV{ID_MM_PORT_IGNORE}": "1"})
    for vid, pid in (("046d", "c31c"), ("10c4", "8a2a"), ("0403", "6006"), ("1a86", "7584"), ("1d6b", "0002")):
        expect(f"USB device {vid}:{pid}", usb(vid, pid), {})
        expect(f"tty of {vid}:{pid}", tty(vid, pid), {})
    expect("a board that is removed", dict(usb("303a", "1001"), ACTION="remove"), {})
    expect("an interface of a board", dict(usb("303a", "1001"), **{"ENV{DEVTYPE}": "usb_interface"}), {})
    for failure in failures:
        print(failure)
    print(f"{2 * len(ids) + 12} devices, {len(failures)} failures")
    sys.exit(1 if failures else 0)


main()
