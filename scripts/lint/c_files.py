# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""What each C file defines and uses, read from its text: functions and objects with external linkage, types, macros.

The text holds every variant of a build, which an object file does not. It is read as the project writes C (.clang-format):
no macro defines a function, no function is declared inside of another.
"""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import includes

TOKEN = re.compile(r"[A-Za-z_]\w*|->|\.\.\.|[^\s\w]|\d\w*")
NAME = re.compile(r"[A-Za-z_]\w*$")
KEYWORDS = frozenset("""auto bool break case char const continue default do double else enum extern float for goto if inline int
    long register return short signed sizeof static struct switch typedef union unsigned void volatile while""".split())


def code(text):
    """The text without comments, strings and characters, continued lines joined."""
    def blank(match):
        return '""' if match[0][0] == '"' else "0" if match[0][0] == "'" else " " + "\n" * match[0].count("\n")
    text = re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', blank, text, flags=re.DOTALL)
    return text.replace("\\\n", " ")


class File:
    """defines: name -> kind of what other files can use; statics: names of its own; declares: names of its prototypes;
    uses: names that occur where they are used; includes: project files that it includes; macros: those it defines."""

    def __init__(self, path):
        self.path = path
        self.defines, self.statics, self.declares, self.uses, self.includes = {}, set(), set(), set(), []
        self.macros = set()
        with open(path, encoding="utf-8") as file:
            raw = file.read()
        # Quotes of include lines are needed, other strings are not.
        for _, name in re.findall(r'^\s*#\s*include\s*(["<])([^">]+)', raw, re.MULTILINE):
            target = includes.resolve(path, name)
            if target:
                self.includes.append(target)
        rest = []
        for line in code(raw.replace('extern "C" {', "")).split("\n"):
            if line.lstrip().startswith("#"):
                self._directive(line.strip()[1:].strip())
            else:
                rest.append(line)
        self._statements(TOKEN.findall("\n".join(rest)))
        self.uses -= self.statics | KEYWORDS

    def _define(self, name, kind, static=False):
        if static and self.path.endswith(".c"):
            self.statics.add(name)
        elif name not in self.defines:
            self.defines[name] = kind

    def _directive(self, line):
        match = re.match(r"define\s+(\w+)(\([^)]*\))?(.*)", line)
        if match:
            self._define(match[1], "macro", static=True)
            self.macros.add(match[1])
            self._use(TOKEN.findall(match[3]))
        elif re.match(r"(el)?if\b", line):
            self._use(TOKEN.findall(line))

    def _use(self, tokens):
        for before, token in zip([""] + tokens, tokens):
            if NAME.match(token) and before not in (".", "->"):
                self.uses.add(token)

    def _statements(self, tokens):
        """Splits what stands outside of all braces into declarations and definitions."""
        head, depth, body = [], 0, []
        for token in tokens:
            if token == "{":
                depth += 1
            elif token == "}":
                depth -= 1
                if depth == 0 and self._ends_function(head):
                    self._function(head, body)
                    head, body = [], []
                    continue
                if depth == 0:
                    head.append(("{}", body))
                    body = []
            elif depth:
                body.append(token)
            elif token == ";":
                self._declaration(head)
                head = []
            else:
                head.append(token)

    @staticmethod
    def _ends_function(head):
        return bool(head) and head[-1] == ")" and "=" not in head and head[0] != "typedef"

    @staticmethod
    def _function_name(head):
        """The first name outside of attributes that is followed by a parenthesis."""
        depth, attribute = 0, False
        for token, after in zip(head, head[1:]):
            attribute |= token == "__attribute__"
            if after == "(" and isinstance(token, str) and NAME.match(token) and not attribute:
                return token
            depth += (token == "(") - (token == ")")
            attribute &= depth > 0 or token != ")"
        return None

    def _function(self, head, body):
        name = self._function_name(head)
        self._define(name, "function", "static" in head)
        self._use([token for token in head if token != name])
        self._use(body)

    def _declaration(self, head):
        if not head or "_Static_assert" in head:
            self._use([token for token in head if isinstance(token, str)])
            return
        words = [token for token in head if isinstance(token, str)]
        bodies = [token[1] for token in head if not isinstance(token, str)]
        for i, token in enumerate(head):
            if isinstance(token, tuple) and "=" not in head[:i]:
                if "enum" in head[:i]:
                    self._enumerators(token[1])
                if isinstance(head[i - 1], str) and head[i - 1] not in ("struct", "union", "enum"):
                    self._define(head[i - 1], "type", static=True)
        declared = words[:words.index("=")] if "=" in words else words
        name, kind = self._declared_name(declared), "object"
        if "typedef" in words:
            kind = "type"
            self._define(name, kind, static=True)
        elif "extern" in words or ("(" in words and "=" not in words and not self._is_pointer(words)):
            self.declares.add(name)
        elif self.path.endswith(".h") and not bodies and "=" not in words and "static" not in words:
            self.declares |= {declared[at - 1] for at in range(2, len(declared) + 1) if declared[at:at + 1] in ([], [","])}
        elif declared[0] in ("struct", "union", "enum") and (len(declared) == 2 or (bodies and isinstance(head[-1], tuple))):
            name = None # a tag alone
        elif name:
            self._define(name, kind, "static" in words)
        self._use([word for word in words if word != name])
        for body in bodies:
            self._use(body)

    def _enumerators(self, body):
        depth, expected = 0, True
        for token in body:
            if expected and NAME.match(token):
                self._define(token, "constant", static=True)
                expected = False
            depth += token in "(["
            depth -= token in ")]"
            expected |= token == "," and depth == 0

    @staticmethod
    def _is_pointer(words):
        """A pointer to functions: its star follows the first parenthesis."""
        return "(" in words and words[words.index("(") + 1:][:1] == ["*"]

    def _declared_name(self, words):
        """What a declaration declares: a function, a pointer to functions, an object or a type."""
        if self._is_pointer(words):
            inner = words[words.index("(") + 2:]
            return next((word for word in inner if NAME.match(word) and word not in KEYWORDS), None)
        if "(" in words:
            return self._function_name(words)
        names = [word for word in words[:words.index("[") if "[" in words else None] if NAME.match(word)]
        return names[-1] if names else None


def read(folders):
    """All C files below the folders, by path."""
    files = {}
    for top in folders:
        for folder, _, names in sorted(os.walk(top)):
            for name in sorted(names):
                if name.endswith((".c", ".cpp", ".h", ".inc")):
                    path = os.path.join(folder, name)
                    files[path] = File(path)
    return files


def visible(path, files, known):
    """The files that a file includes, also through others."""
    if path not in known:
        known[path] = set() # ends an inclusion that comes back
        found = set()
        for target in files[path].includes:
            if target in files:
                found |= {target} | visible(target, files, known)
        known[path] = found
    return known[path]


def edges(files):
    """file -> file -> the names for which the one needs the other. A header needs nothing of what it declares itself: its
    inline functions and macros call the file that it describes."""
    homes = {}
    for path, file in files.items():
        for name in file.defines:
            homes.setdefault(name, []).append(path)
    graph, known = {path: {} for path in files}, {}
    for path, file in files.items():
        seen = visible(path, files, known) | {path}
        declared = set().union(*(files[header].declares for header in seen))
        own = set(file.defines) | (file.declares if path.endswith(".h") else set())
        for name in sorted(file.uses - own):
            for home in homes.get(name, ()):
                if (name in declared if home.endswith(".c") else home in seen):
                    graph[path].setdefault(home, []).append(name)
    return graph
