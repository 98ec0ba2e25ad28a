#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""What ESP-IDF makes of Kconfig files and component manifests, for one version and target.

    idf_config.py config VERSION TARGET KCONFIG... [DEFAULTS]
        CONFIG_... of every symbol, as CMake statements as in ESP-IDF's sdkconfig.cmake; DEFAULTS is an sdkconfig.defaults.
    idf_config.py dependencies VERSION TARGET MANIFEST
        the dependencies whose rules hold, one a line: NAME, NAME public or NAME local FOLDER.

Both stop at a line that they do not understand: the files stay within what every version understands, or this grows.

What ESP-IDF defines before a component's Kconfig is read, and where that was read:
  IDF_TARGET_*            Kconfig of the ESP-IDF root: one per target
  SOC_*                   components/soc/<target>/include/soc/Kconfig.soc_caps.in; not there in 4.4, where the same names are
                          C macros only (components/soc/<target>/include/soc/soc_caps.h)
  USB_OTG_SUPPORTED       components/usb/Kconfig; 4.4 only
A symbol that is not defined is n.
"""

import os
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


# ---- Kconfig ----


def holds(expression, symbols):
    """An expression of names, !, && and ||, which bind in this order."""
    return any(
        all((factor.strip().lstrip("!") in symbols) != factor.strip().startswith("!") for factor in term.split("&&"))
        for term in expression.split("||")
    )


class Symbol:
    def __init__(self, name):
        self.name = name
        self.kind = None
        self.depends = []
        self.defaults = []  # (value, condition or None)


def read_kconfig(path, symbols, choices):
    """Appends to symbols, and to choices the entries of each with its default first."""
    symbol, choice, help_indent = None, None, None
    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        text = line.split("#")[0].strip() if help_indent is None else line.strip()
        indent = len(line) - len(line.lstrip())
        if help_indent is not None:
            if not text or indent > help_indent:
                continue
            help_indent = None
            text = text.split("#")[0].strip()
        word, _, rest = text.partition(" ")
        if not text or word in ("menu", "endmenu", "prompt", "comment", "range"):
            continue
        if word == "config":
            symbol = Symbol(rest)
            symbols.append(symbol)
            if choice is not None and rest not in choice:
                choice.append(rest)
        elif word == "choice":
            symbol, choice = None, []
            choices.append(choice)
        elif word == "endchoice":
            symbol, choice = None, None
        elif word == "help":
            help_indent = indent
        elif word in ("bool", "int", "hex"):
            symbol.kind = word
        elif text.startswith("depends on ") and symbol:
            symbol.depends.append(text[len("depends on ") :])
        elif word == "default" and symbol is None and choice == []:
            choice.append(rest)
        elif word == "default" and symbol:
            value, _, condition = rest.partition(" if ")
            symbol.defaults.append((value, condition or None))
        else:
            sys.exit(f"{path}:{number}: not understood: {text}")


def evaluate(symbols, choices, defined, wanted):
    chosen = {next((entry for entry in choice if wanted.get(entry) == "y"), choice[0]) for choice in choices}
    in_choice = {entry for choice in choices for entry in choice}
    values = {}
    for symbol in symbols:
        if not all(holds(condition, defined) for condition in symbol.depends):
            continue
        if symbol.name in in_choice:
            value = "y" if symbol.name in chosen else None
        else:
            value = wanted.get(symbol.name)
            for default, condition in symbol.defaults:
                if value is None and (condition is None or holds(condition, defined)):
                    value = default
        if symbol.kind != "bool" or value == "y":
            values[symbol.name] = value
            defined.add(symbol.name)
    return values


def config(version, target, *paths):
    symbols, choices, wanted = [], [], {}
    for path in paths:
        if os.path.basename(path).startswith("sdkconfig"):
            wanted.update(re.findall(r"^CONFIG_(\w+)=(.*)$", open(path, encoding="utf-8").read(), re.M))
        else:
            read_kconfig(path, symbols, choices)
    for name, value in evaluate(symbols, choices, predefined(version, target), wanted).items():
        print(f"set(CONFIG_{name} {value})")


# ---- manifest ----


def rule_holds(rule, version, target):
    """Forms that every version of the component manager has; idf_component_tools/manifest/if_parser.py."""
    match = re.fullmatch(r"target in \[([a-z0-9, ]+)\]", rule)
    if match:
        return target in match.group(1).replace(" ", "").split(",")
    match = re.fullmatch(r"idf_version >=(\d+)\.(\d+)", rule)
    if match:
        return version >= (int(match.group(1)), int(match.group(2)))
    sys.exit(f"rule not understood: {rule}")


def read_dependencies(path):
    """Name to fields; rules is a list, all of which must hold."""
    found, fields, is_inside = {}, None, False
    for line in open(path, encoding="utf-8"):
        text = line.split("#")[0].rstrip()
        indent = len(text) - len(text.lstrip())
        key, _, value = text.strip().partition(":")
        value = value.strip().strip('"')
        if not text:
            continue
        if indent == 0:
            is_inside = key == "dependencies"
        elif is_inside and indent == 2:
            fields = found.setdefault(key, {"rules": []})
        elif is_inside and key == "- if":
            fields["rules"].append(value)
        elif is_inside and key in ("version", "public", "override_path"):
            fields[key] = value
        elif is_inside and key != "rules":
            sys.exit(f"{path}: not understood: {text}")
    return found


def dependencies(version, target, path):
    """An override_path is relative to the manifest's folder, and followed where it leads to a component
    (idf_component_tools/sources/local.py)."""
    for name, fields in read_dependencies(path).items():
        if not all(rule_holds(rule, version, target) for rule in fields["rules"]):
            continue
        if "override_path" in fields:
            folder = os.path.normpath(os.path.join(os.path.dirname(path), fields["override_path"]))
            if not os.path.isfile(os.path.join(folder, "CMakeLists.txt")):
                sys.exit(f'The "override_path" {folder} does not point to a component.')
            print(name, "local", folder)
        else:
            print(name + (" public" if fields.get("public") == "true" else ""))


def main():
    command, version, target, *paths = sys.argv[1:]
    version = tuple(int(part) for part in version.split("."))
    {"config": config, "dependencies": dependencies}[command](version, target, *paths)


main()
