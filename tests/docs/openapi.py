#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""openapi.py FILE: it is an OpenAPI document, as far as structure goes, of the
routes that stand in docs/api.md, with the same roles and fields."""
import json
import pathlib
import re
import sys

DOCUMENT = pathlib.Path(__file__).parents[2] / "docs" / "api.md"
TYPES = {"string", "number", "integer", "boolean", "array", "object"}
FORM = "application/x-www-form-urlencoded"


def once(pairs):
    """An object that has no key twice."""
    keys = [key for key, _ in pairs]
    assert len(keys) == len(set(keys)), f"a key twice: {keys}"
    return dict(pairs)


def documented():
    """{(method, path): (role, {field: is it required})}"""
    rows = re.findall(r"^\| `([A-Z]+) (/\S*)` \| (\w*) \| ([^|]*) \|",
                      DOCUMENT.read_text(), re.MULTILINE)
    assert len(rows) >= 20, rows
    return {(method.lower(), path): (role, {
        name: not bracket
        for bracket, name in re.findall(r"(\[?)`(\w+)`", fields)})
        for method, path, role, fields in rows}


def resolve(document, reference):
    """What a reference is to."""
    assert reference.startswith("#/"), reference
    place = document
    for step in reference[2:].split("/"):
        assert step in place, f"nowhere: {reference}"
        place = place[step]
    return place


def check_schema(schema, where):
    """A schema that says what its type is, and all schemas in it."""
    assert isinstance(schema, dict), where
    kinds = schema.get("type", [])
    assert set([kinds] if isinstance(kinds, str) else kinds) <= TYPES, where
    for name, part in schema.get("properties", {}).items():
        check_schema(part, f"{where}.{name}")
    for name in schema.get("required", []):
        assert name in schema["properties"], f"{where}: no property {name}"
    for key in ("items", "contentSchema"):
        if key in schema:
            check_schema(schema[key], f"{where}.{key}")
    for key in ("enum", "anyOf"):
        assert key not in schema or len(schema[key]) > 0, f"{where}: {key}"


def references(value):
    """All of them, anywhere below."""
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        value = list(value.values())
    for part in value if isinstance(value, list) else []:
        yield from references(part)


def fields_of(operation, where):
    """{name: is it required} of all that can be sent but the path."""
    found = {}
    for parameter in operation["parameters"]:
        check_schema(parameter["schema"], where)
        assert parameter["in"] in ("path", "query"), where
        if parameter["in"] == "query":
            found[parameter["name"]] = parameter["required"]
    if "requestBody" in operation:
        content = operation["requestBody"]["content"]
        assert list(content) == [FORM, "application/json"], where
        schema, other = (part["schema"] for part in content.values())
        assert schema == other, where
        check_schema(schema, where)
        found |= {name: name in schema["required"]
                  for name in schema["properties"]}
        assert operation["requestBody"]["required"] == any(found.values())
    return found


def check_operation(path, operation, role, fields):
    """It is the row of the table."""
    where = operation["operationId"]
    assert re.fullmatch(r"[a-z0-9_]+", where), where
    assert operation["summary"] and operation["responses"], where
    assert operation.get("x-role", "") == role, where
    assert (operation.get("security") == []) == (role == ""), where
    placed = [part["name"] for part in operation["parameters"]
              if part["in"] == "path"]
    assert placed == re.findall(r"\{(\w+)\}", path), where
    found = fields_of(operation, where)
    if "yaml" in found:  # the kinds' own
        assert len(found) > len(fields), where
        found = {name: found[name] for name in fields}
    assert found == fields, (where, found, fields)


def main():
    with open(sys.argv[1]) as file:
        document = json.load(file, object_pairs_hook=once)
    assert document["openapi"].startswith("3.1."), document["openapi"]
    assert document["info"]["title"] and document["info"]["version"]
    wanted = documented()
    operations = {(method, path): operation
                  for path, methods in document["paths"].items()
                  for method, operation in methods.items()}
    assert set(operations) == set(wanted), set(operations) ^ set(wanted)
    for (method, path), operation in operations.items():
        check_operation(path, operation, *wanted[method, path])
    names = [operation["operationId"] for operation in operations.values()]
    assert len(names) == len(set(names)), names
    for name, schema in document["components"]["schemas"].items():
        check_schema(schema, name)
    found = set(references(document))
    assert len(found) >= 5, found
    for reference in found:
        resolve(document, reference)


main()
