# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""The public functions that return an error, and what their documentation lists, read from the headers."""
import re
from pathlib import Path

HEADERS = ("esp_loader.h", "esp_loader_flash_chip.h", "esp_loader_stub_provider.h", "esp_loader_plan.h", "esp_loader_image.h", "esp_loader_content.h", "esp_loader_chip_info.h",
           "esp_loader_rate.h", "esp_loader_efuse.h", "esp_loader_efuse_plan.h")
PREFIX = "ESP_LOADER_ERROR_"
PROTOTYPE = re.compile(r"(?P<doc>/\*\*(?:(?!\*/).)*\*/\s*)?(?:ESP_LOADER_MUST_CHECK\s+)?"
                       r"esp_loader_error_t\s+(?P<name>esp_loader_\w+)\((?P<parameters>[^;{}]*)\);", re.S)
IN_OTHER_BUILDS = "only of builds that"  # such an entry need not be seen in this one


class Function:
    def __init__(self, match):
        self.name = match["name"]
        self.parameters = [" ".join(parameter.split()) for parameter in split(match["parameters"])]
        doc = " ".join(re.sub(r"\n\s*\* ?", " ", match["doc"] or "").split())
        self.has_session = not self.name.startswith("esp_loader_init_") and self.parameters[0].startswith("esp_loader_t *")
        self.passes_on = "@return" in doc and ("'s read" in doc or "`init`" in doc)  # what a function of the caller returned
        self.listed, self.inherited, self.like = {}, {}, []
        for entry in re.split(r"(?=@retval|@return)", doc)[1:]:
            like = re.findall(r"\bas (esp_loader_\w+)\(\)", entry)
            self.like += like
            code = re.match(r"@retval\s+((?:%s\w+(?:,\s*)?)+)(.*)" % PREFIX, entry, re.S)
            if code and not like:
                for name in re.findall(PREFIX + r"(\w+)", code[1]):
                    causes = set(re.findall(r"\bcauses? ((?:[A-Z][A-Z_0-9]+(?:, | or | and )?)+)", code[2]))
                    entries = self.inherited if IN_OTHER_BUILDS in entry else self.listed
                    entries.setdefault(name, set()).update(*(re.findall(r"[A-Z][A-Z_0-9]+", words) for words in causes))


def split(text):
    """Parameters at the commas that are in no parentheses."""
    parts, depth = [""], 0
    for char in text:
        depth += (char == "(") - (char == ")")
        if char == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return [part.strip() for part in parts]


def functions(root):
    found = {}
    for header in HEADERS:
        for match in PROTOTYPE.finditer((Path(root) / "include" / header).read_text()):
            function = Function(match)
            found[function.name] = function
    for function in found.values():
        for other in function.like:
            for code, causes in found[other].listed.items():
                function.inherited.setdefault(code, set()).update(causes)
    return found


def codes(root):
    """Names of the error codes in the order of their numbers."""
    text = (Path(root) / "include/esp_loader_error.h").read_text()
    body = re.sub(r"/\*.*?\*/", "", text[:text.index("} esp_loader_error_t;")].split("typedef enum {")[-1], flags=re.S)
    return [name.strip().split("=")[0].strip().replace(PREFIX, "").replace("ESP_LOADER_", "") for name in body.split(",") if name.strip()]
