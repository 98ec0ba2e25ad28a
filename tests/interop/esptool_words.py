# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# Every command and option that esptool has, hidden ones too, every key of its configuration file and every variable that it
# reads has a verdict (docs/esptool.md). esptool itself is asked for them.
import json
import re

from flasher import run

# Run by esptool's own Python: commands and options as its --help shows them.
ASK = """
import json
import pathlib
import re
import esptool
from esptool.config import CONFIG_OPTIONS
from click.testing import CliRunner
from esptool import cli

def options(command):
    return [{"names": param.opts, "arity": 0 if param.is_flag else 2 if type(param).__name__ == "OptionEatAll" else 1}
            for param in command.params if param.param_type_name == "option"]

def help_of(*words):
    result = CliRunner().invoke(cli, [*words, "--help"])
    assert result.exit_code == 0, result.output + str(result.exception)
    return result.output

cli._esp = None
found = {"": {"options": options(cli), "help": help_of()}}
for name, command in cli.commands.items():
    found[name] = {"options": options(command), "help": help_of(name)}
sources = "".join(path.read_text() for path in pathlib.Path(esptool.__file__).parent.rglob("*.py"))
print(json.dumps({"commands": found, "keys": CONFIG_OPTIONS,
                  "variables": sorted(set(re.findall("[\\x22\\x27](ESPTOOL_[A-Z_]+)[\\x22\\x27]", sources)))}))
"""


def verdicts(build):
    """Commands -> verdict, (command, option) -> (letters, arity), and (kind, name) of keys and variables."""
    commands, options, others = {}, {}, set()
    for line in run([build / "cli/esp-loader-pages", "esptool", "list"]).splitlines():
        kind, *fields = line.split("\t")
        if kind == "command":
            commands[fields[0]] = fields[1]
        elif kind == "option":
            options[fields[0], fields[1]] = (fields[2], int(fields[3]))
        else:
            others.add((kind, fields[0]))
    return commands, options, others


def problems(found, commands, options):
    """A line for everything that has no verdict, or another form here."""
    known = {name for _, name in options} | {"--help"}
    for command, what in found.items():
        if command and command not in commands:
            yield f"{command}: no verdict"
        if commands.get(command) == "**no**":
            continue  # with all its options
        for option in what["options"]:
            long = next(name for name in option["names"] if name.startswith("--"))
            letters = [name[1:] for name in option["names"] if not name.startswith("--")]
            verdict = options.get((command, long))
            if verdict is None:
                yield f"{command} {long}: no verdict"
            elif verdict[1] != option["arity"]:
                yield f"{command} {long}: what follows it is another here"
            elif letters and verdict[0] not in letters:
                yield f"{command} {long}: not -{letters[0]}"
        for name in set(re.findall(r"(?<![\w-])--[a-z][a-z0-9-]+", what["help"])) - known:
            yield f"{command} --help: {name} has no verdict"
    for command in set(commands) - set(found):
        yield f"{command}: esptool has no such command"
    for command, name in options:
        at_all = {option_name for what in found.values() for option in what["options"] for option_name in option["names"]}
        if name not in at_all:
            yield f"{command} {name}: esptool has no such option"


def other_problems(found, others):
    """The same for keys and variables."""
    at_all = {("key", name) for name in found["keys"]} | {("variable", name) for name in found["variables"]}
    for kind, name in sorted(at_all - others):
        yield f"{kind} {name}: no verdict"
    for kind, name in sorted(others - at_all):
        yield f"{kind} {name}: esptool has no such {kind}"


def all_words(esptool, build):
    """(name, failure) of the comparison."""
    found = json.loads(run([esptool.program.parent / "python", "-c", ASK], {"COLUMNS": "200", "TERMINAL_WIDTH": "200"}))
    commands, options, others = verdicts(build)
    said = list(problems(found["commands"], commands, options)) + list(other_problems(found, others))
    yield (f"{esptool.name}: a verdict on each of {len(found['commands']) - 1} commands and their options, "
           f"{len(found['keys'])} keys and {len(found['variables'])} variables", "\n".join(said) or None)
