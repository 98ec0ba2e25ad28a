#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""Checks that no files of the library, the ports, the tool and the simulator need each other in a circle.

circles.py [--table FILE] [--graph]: run in the repository's root; --graph prints who needs whom, and why. An edge is a function, an object, a type or a macro that one file
uses and another one defines. Calls through a pointer are none: that is how what is below reaches what is above.
The table (circles.txt) names the circles that may be.
"""
import argparse
import fnmatch
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import c_files

FOLDERS = ["include", "src", "port", "cli", "sim"]
TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "circles.txt")


def circles(graph):
    """The largest groups of files in which each needs every other, directly or through others (Tarjan's algorithm)."""
    order, lowest, stack, found = {}, {}, [], []

    def visit(node):
        order[node] = lowest[node] = len(order)
        stack.append(node)
        for other in sorted(graph[node]):
            if other not in order:
                visit(other)
                lowest[node] = min(lowest[node], lowest[other])
            elif other in stack:
                lowest[node] = min(lowest[node], order[other])
        if lowest[node] == order[node]:
            at = stack.index(node)
            if len(stack) - at > 1:
                found.append(sorted(stack[at:]))
            del stack[at:]

    sys.setrecursionlimit(10000)
    for node in sorted(graph):
        if node not in order:
            visit(node)
    return found


def read_table(path):
    """Lists of (name, patterns) of families, and of sets of files of known circles."""
    families, known = [], []
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            kind, _, files = line.split("#")[0].partition(":")
            if not kind.strip():
                continue
            words = kind.split()
            if words[0] == "family" and len(words) > 1 and files.split():
                families.append((" ".join(words[1:]), files.split()))
            elif words == ["known"] and files.split():
                known.append(set(files.split()))
            else:
                sys.exit("%s:%d: neither 'family NAME: PATTERN ...' nor 'known: FILE ...'" % (path, number))
    return families, known


def describe(circle, graph, suspects):
    """The edges of a circle that touch suspects, a line each."""
    for one in circle:
        for other in sorted(graph[one]):
            if other in circle and (one in suspects or other in suspects):
                yield "    %s -> %s: %s" % (one, other, " ".join(graph[one][other]))


def judge(found, graph, families, known):
    """A line for everything that the table and the circles do not agree on."""
    problems, met = [], set()
    for circle in found:
        family = [name for name, patterns in families if all(any(fnmatch.fnmatch(file, pattern) for pattern in patterns)
                                                             for file in circle)]
        if family:
            met.add(family[0])
            continue
        kin = [listed for listed in known if listed & set(circle)]
        if kin and set(circle) == kin[0]:
            met.add(id(kin[0]))
        elif kin and set(circle) < kin[0]:
            met.add(id(kin[0]))
            problems.append("a known circle has become smaller; write instead\nknown: %s" % " ".join(circle))
        else:
            met |= {id(listed) for listed in kin}
            added = set(circle).difference(*kin) or set(circle)
            problems.append("a circle of %d files%s:" % (len(circle), ", larger than the table allows" if kin else ""))
            problems += describe(circle, graph, added)
    problems += ["the family '%s' has no circle any more" % name for name, _ in families if name not in met]
    problems += ["this circle is gone: take it out of the table: %s" % " ".join(sorted(listed))
                 for listed in known if id(listed) not in met]
    return problems


def main(words=None):
    parser = argparse.ArgumentParser()
    parser.add_argument("--table", default=TABLE)
    parser.add_argument("--graph", action="store_true")
    arguments = parser.parse_args(words)
    families, known = read_table(arguments.table)
    files = c_files.read(FOLDERS)
    graph = c_files.edges(files)
    if arguments.graph:
        for one in sorted(graph):
            for other in sorted(graph[one]):
                print("%s -> %s: %s" % (one, other, " ".join(graph[one][other])))
        return 0
    found = circles(graph)
    problems = judge(found, graph, families, known)
    print("%d files, %d edges, %d circles, %d of them known and to be taken apart" % (
        len(files), sum(len(others) for others in graph.values()), len(found), len(known)))
    print("\n".join(problems))
    return 1 if problems or not files else 0


if __name__ == "__main__":
    sys.exit(main())
