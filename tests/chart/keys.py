#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""keys.py CHART: values.yaml, values.schema.json and README.md agree.

Each names the same keys, values.yaml comments every one of them, the README
has its defaults, and the schema refuses all other keys.
"""
import json
import pathlib
import re
import sys

# Kubernetes's own objects, one value to us although the schema looks inside.
WHOLE = {"resources"}


def schema_keys(schema, node, prefix=""):
    """Paths of the leaves of a schema, without the open object "global"."""
    if "$ref" in node:
        node = schema["$defs"][node["$ref"].rsplit("/", 1)[1]]
    properties = node.get("properties", {})
    if not properties or "oneOf" in node:
        return {prefix[:-1]}
    return set().union(*(
        {prefix + name} if name in WHOLE
        else schema_keys(schema, child, f"{prefix}{name}.")
        for name, child in properties.items() if prefix or name != "global"))


def open_objects(node, path="schema"):
    """Where a schema lists keys and does not say what becomes of others."""
    found = []
    if isinstance(node, dict):
        if node.get("type") == "object" and "properties" in node \
                and "additionalProperties" not in node:
            found.append(path)
        for name, child in node.items():
            found += open_objects(child, f"{path}.{name}")
    return found


def values_keys(lines):
    """The leaves of a values.yaml: {path: default}, and those without "# --"."""
    path, leaves, bare, comment = [], {}, set(), False
    for line in lines:
        found = re.match(r"( *)(\w+):(.*)$", line)
        if found:
            path = path[:len(found[1]) // 2] + [found[2]]
            if found[3].strip():
                leaves[".".join(path)] = found[3].strip()
                if not comment:
                    bare.add(".".join(path))
        comment = bool(re.match(r" *# --", line)) or (
            comment and line.lstrip().startswith("#"))
    return leaves, bare


def main(chart):
    chart = pathlib.Path(chart)
    schema = json.loads((chart / "values.schema.json").read_text())
    wanted = schema_keys(schema, schema)
    values, bare = values_keys((chart / "values.yaml").read_text().split("\n"))
    readme = dict(re.findall(r"^\| `([\w.]+)` \| `(.*?)` \|", (
        chart / "README.md").read_text().split("## Values")[1], re.M))
    for name, keys in (("values.yaml", values), ("README.md", readme)):
        for key in sorted(wanted ^ keys.keys()):
            print(f"# {key}: only in {'the schema' if key in wanted else name}")
    for key in sorted(bare):
        print(f"# {key}: no comment in values.yaml")
    for key in sorted(values.keys() & readme.keys()):
        if values[key] != readme[key]:
            print(f"# {key}: the default is {values[key]}")
    lax = open_objects(schema)
    for path in lax:
        print(f"# {path}: what of other keys?")
    return 0 if wanted == values.keys() and values == readme \
        and not bare and not lax else 1


sys.exit(main(sys.argv[1]))
