# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""What bench/size and tests/idf_host have in common: measuring code of a cross compiler, above all its deepest stack.

The compiler must be called with -fcallgraph-info=su. Calls through pointers and into libraries are not in its graph; those
of a session through the table of its link are added.
"""
import glob
import os
import re
import subprocess
import sys

os.environ["CCACHE_DISABLE"] = "1"  # where gcc is ccache: it brings back objects, but no call graphs


def run(*command):
    """Output of a command; the end, with its words, when it fails."""
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit("%s failed:\n%s" % (command[0], done.stderr))
    return done.stdout


def sizeof(prefix, flags, header, type_name, folder):
    """Bytes of a type on the target, as the size of an object of that type; prefix is that of the compiler's name."""
    source = os.path.join(folder, "sizeof.c")
    with open(source, "w") as file:
        file.write('#include "%s"\n%s sizeof_object;\n' % (header, type_name))
    run(prefix + "gcc", *flags, "-c", source, "-o", folder + "/sizeof.o")
    for line in run(prefix + "nm", "-S", folder + "/sizeof.o").splitlines():
        if line.endswith(" sizeof_object"):
            return int(line.split()[1], 16)
    sys.exit("sizeof(%s) not found" % type_name)


# What a session over a byte stream calls through the table of its link (src/session/init.c).
THROUGH_LINK = {"session/connect.c:esp_loader_connect": {"eli_connect_by_sync"},
                "session/transact.c:send_after_barrier": {"eli_resync", "eli_send_slip"},
                "session/transact.c:eli_sync_once": {"eli_send_slip"}, "session/transact.c:receive": {"eli_link_receive"}}


def add_link(names, calls):
    """Adds those calls; names: titles of functions by the end of their file's name and their own."""
    if any("session/transact.c:" in name for name in names):
        for caller, callees in THROUGH_LINK.items():
            title = next((title for name, title in names.items() if name.endswith(caller)), "")
            if "__indirect_call" not in calls.get(title, ()):
                sys.exit(caller + " calls nothing through a pointer")
            calls[title] |= callees


def call_graph(folder):
    """Frame bytes per function, calls per function."""
    frames, calls, names = {}, {}, {}
    for path in glob.glob(folder + "/*.ci"):
        for line in open(path):
            node = re.match(r'node: { title: "([^"]+)" label: "([^"]*)"', line)
            edge = re.match(r'edge: { sourcename: "([^"]+)" targetname: "([^"]+)"', line)
            size = node and re.search(r"\\n(\d+) bytes \((\w+)\)", node[2])
            if size:
                if size[2] != "static":
                    sys.exit("the frame of %s is not of fixed size" % node[1])
                frames[node[1]] = int(size[1])
                name, place = node[2].split("\\n")[:2]
                names[place.split(":")[0] + ":" + name] = node[1]
            elif edge:
                calls.setdefault(edge[1], set()).add(edge[2])
    add_link(names, calls)
    return frames, calls


def deepest(function, frames, calls, known, path=()):
    """Bytes and call path of the deepest stack below a function."""
    if function in path:
        sys.exit("recursion: " + " > ".join(path + (function,)))
    if function not in known:
        below = [deepest(callee, frames, calls, known, path + (function,)) for callee in calls.get(function, ())
                 if callee in frames]
        size, names = max(below, default=(0, []))
        known[function] = (frames[function] + size, [function] + names)
    return known[function]


def stacks(folder, is_entry):
    """Bytes and call path of the deepest stack below each function in the folder's call graphs that is an entry."""
    frames, calls = call_graph(folder)
    known = {}
    entries = [name for name in frames if is_entry(name.rsplit(":", 1)[-1])]
    if not entries:
        sys.exit("no entry found in the call graphs of " + folder)
    return {name: deepest(name, frames, calls, known) for name in entries}
