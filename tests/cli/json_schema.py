#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# Checks what the tool has printed, one object or several, against the schemas in docs/: json_schema.py report|events DOCS
# FILE. Members that the schema does not describe are mistakes here, though others
# must expect them: the schema has to grow with the tool.
import json
import pathlib
import sys

import jsonschema


def close(schema):
    """Allows no members but those that are described."""
    if isinstance(schema, list):
        return [close(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: close(value) for key, value in schema.items()}
    if isinstance(closed.get("properties"), dict) and "required" in closed and "const" not in closed:
        closed.setdefault("additionalProperties", False)
    return closed


def load(docs, name):
    schema = json.loads((docs / name).read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    return schema


def validator(kind, docs):
    report = close(load(docs, "json-report.schema.json"))
    if kind == "report":
        return jsonschema.Draft202012Validator(report)
    events = load(docs, "json-events.schema.json")
    events["oneOf"] = close(events["oneOf"])
    # Both in one schema: how files are found depends on the version of the package.
    text = json.dumps(events).replace("json-report.schema.json#/", "#/$defs/report/")
    text = text.replace('"json-report.schema.json"', '"#/$defs/report"')
    events = json.loads(text)
    events["$defs"] = {"report": json.loads(json.dumps(report).replace('"#/$defs/', '"#/$defs/report/$defs/'))}
    return jsonschema.Draft202012Validator(events)


def objects(text):
    """One after the other, with blanks and newlines between them."""
    decoder, found, at = json.JSONDecoder(), [], 0
    while text[at:].strip():
        at += len(text[at:]) - len(text[at:].lstrip())
        item, at = decoder.raw_decode(text, at)
        found.append(item)
    return found


def check_course(events):
    """What no single event says."""
    assert events[0]["event"] == "start", "the first event is not start"
    assert events[-1]["event"] == "report", "the last event is not report"
    assert [e["event"] for e in events].count("start") == 1, "it starts twice"
    times = [e["time_ms"] for e in events if "place" not in e]
    assert times == sorted(times), "time goes back"


def main(kind, docs, path):
    found = objects(pathlib.Path(path).read_text())
    assert found, "nothing was printed"
    check = validator(kind, pathlib.Path(docs))
    for item in found:
        for error in check.iter_errors(item):
            for reason in [error, *(error.context or [])]:
                print(f"{json.dumps(item)[:200]}: {reason.json_path}: {reason.message[:300]}")
            sys.exit(1)
    if kind == "events":
        check_course(found)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (AssertionError, json.JSONDecodeError) as mistake:
        sys.exit(f"json_schema.py: {mistake}")
