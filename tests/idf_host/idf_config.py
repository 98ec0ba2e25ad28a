#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""What ESP-IDF makes of the component's Kconfig and manifest, for one version and target.

    idf_config.py KCONFIG MANIFEST VERSION TARGET > config.cmake

Prints, as CMake statements: CONFIG_... of every symbol of KCONFIG at its default, as ESP-IDF's sdkconfig.cmake has them, and
`drivers`, the dependencies of MANIFEST whose rules hold. Stops at a line it does not understand: the two files stay within
what every version understands, or this grows.

What ESP-IDF defines before a component's Kconfig is read, each read there:
  IDF_TARGET_*            Kconfig of the ESP-IDF root: one per target
  SOC_*                   components/soc/<target>/include/soc/Kconfig.soc_caps.in; not there in 4.4, where the same names are
                          C macros only (components/soc/<target>/include/soc/soc_caps.h)
  USB_OTG_SUPPORTED       components/usb/Kconfig; 4.4 only
A symbol that is not defined is n.
"""

import re
import sys

SOC_USB_OTG = {  # targets with SOC_USB_OTG_SUPPORTED, since which version
    "esp32s2": (5, 0),
    "esp32s3": (5, 0),
    "esp32p4": (5, 3),
    "esp32h4": (6, 0),
    "esp32s31": (6, 1),
}


def predefined(version, target):
    symbols = {"IDF_TARGET_" + target.upper()}
    if target in SOC_USB_OTG and version >= SOC_USB_OTG[target]:
        symbols.add("SOC_USB_OTG_SUPPORTED")
    if version < (5, 0) and target in ("esp32s2", "esp32s3"):
        symbols.add("USB_OTG_SUPPORTED")
    return symbols


# ---- Kconfig: values of bool symbols, defaults of the others ----


def holds(expression, symbols):
    """An expression of names, !, && and ||, which bind in this order."""
    return any(
        all((factor.strip().lstrip("!") in symbols) != factor.strip().startswith("!") for factor in term.split("&&"))
        for term in expression.split("||")
    )


class Symbol:
    def __init__(self, name, is_choice_entry):
        self.name = name
        self.is_choice_entry = is_choice_entry
        self.kind = None
        self.depends = []
        self.defaults = []  # (value, condition or None)


def read_kconfig(path):
    """Symbols in order, and the default of each choice."""
    symbols, chosen = [], set()
    symbol, in_choice, help_indent = None, False, None
    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        text = line.split("#")[0].strip() if help_indent is None else line.strip()
        indent = len(line) - len(line.lstrip())
        if help_indent is not None:
            if not text or indent > help_indent:
                continue
            help_indent = None
        word, _, rest = text.partition(" ")
        if not text or word in ("menu", "endmenu", "prompt", "comment", "range"):
            continue
        if word == "config":
            symbol = Symbol(rest, in_choice)
            symbols.append(symbol)
        elif word == "choice":
            symbol, in_choice = None, True
        elif word == "endchoice":
            symbol, in_choice = None, False
        elif word == "help":
            help_indent = indent
        elif word in ("bool", "int", "hex"):
            symbol.kind = word
        elif text.startswith("depends on ") and symbol:
            symbol.depends.append(text[len("depends on ") :])
        elif word == "default" and in_choice and symbol is None:
            chosen.add(rest)
        elif word == "default" and symbol:
            value, _, condition = rest.partition(" if ")
            symbol.defaults.append((value, condition or None))
        else:
            sys.exit(f"{path}:{number}: not understood: {text}")
    return symbols, chosen


def evaluate(symbols, chosen, defined):
    values = {}
    for symbol in symbols:
        if not all(holds(condition, defined) for condition in symbol.depends):
            continue
        value = "y" if symbol.name in chosen else None
        for default, condition in symbol.defaults:
            if value is None and (condition is None or holds(condition, defined)):
                value = default
        if symbol.kind == "bool":
            if value == "y":
                defined.add(symbol.name)
                values[symbol.name] = "y"
        elif value is not None:
            values[symbol.name] = value
    return values


# ---- manifest: dependencies and their rules ----


def rule_holds(rule, version, target):
    """idf_component_tools/manifest/if_parser.py of the component manager; those forms that all its versions have."""
    match = re.fullmatch(r"target in \[([a-z0-9, ]+)\]", rule)
    if match:
        return target in match.group(1).replace(" ", "").split(",")
    match = re.fullmatch(r"idf_version >=(\d+)\.(\d+)", rule)
    if match:
        return version >= (int(match.group(1)), int(match.group(2)))
    sys.exit(f"rule not understood: {rule}")


def drivers(path, version, target):
    """A dependency with several rules needs all of them."""
    found, rules = {}, None
    in_dependencies = False
    for line in open(path, encoding="utf-8"):
        if re.match(r"\S", line) and not line.startswith("#"):
            in_dependencies = line.startswith("dependencies:")
        elif in_dependencies:
            name = re.fullmatch(r"  ([a-z0-9_/-]+):.*", line.rstrip())
            rule = re.fullmatch(r'      - if: "(.*)"', line.rstrip())
            if name:
                rules = found.setdefault(name.group(1), [])
            elif rule:
                rules.append(rule.group(1))
    return [name for name, rules in found.items() if all(rule_holds(rule, version, target) for rule in rules)]


def main():
    kconfig, manifest, version, target = sys.argv[1:]
    version = tuple(int(part) for part in version.split("."))
    for name, value in evaluate(*read_kconfig(kconfig), predefined(version, target)).items():
        print(f"set(CONFIG_{name} {value})")
    print(f'set(drivers "{";".join(drivers(manifest, version, target))}")')


main()
