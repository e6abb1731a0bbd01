#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Configuration files in values, and in the objects made of them.

files.py nasty            values whose files hold what is hard to carry
files.py plain            the same for charts/hive-metastore
files.py compare VALUES   objects (a JSON List on standard input) hold the
                          files of VALUES byte for byte, at their paths
"""
import base64
import json
import posixpath
import sys

# YAML refuses these bare, or reads them as something else.
ESCAPED = [*range(0x7F, 0xA0), 0xFEFF, 0xFFFE, 0xFFFF]

NASTY = [
    "", "\n", "\n\n\n", "no newline at the end", "two at the end\n\n",
    "  leading\n\ttab\n trailing \n", "a\r\nb\r\n", "\r",
    "'single' \"double\" \\back\\ `tick` \\n \\u0041",
    "{{ .Values.image }} {{- end }} {{/* */}} {% if %}",
    "${ENV:SECRET} $VAR $(VAR) %s %d",
    "---\napiVersion: v1\nkind: Secret\n...\n", "# comment\n", "- a\n: b\n",
    "null", "~", "true", "1e3", "0x10", "2026-01-01", "<&>", "&a *a !!t |\n>",
    "gr\u00fc\u00df \u6f22\u5b57 \u05e9\u05dc\u05d5\u05dd \U0001F600\U0010FFFD",
    "\u2028\u2029\u00a0\u200b\u202e", "e\u0301 \ue000 \ufffd",
    "x" * 5000 + "\n", "".join(map(chr, range(0x00, 0x20))),
    "".join(map(chr, range(0x20, 0x100))), "\ufeffbom", "\ufffe\uffff",
]


def print_values(values):
    """As JSON that is YAML, too."""
    text = json.dumps(values, ensure_ascii=False)
    for code in ESCAPED:
        text = text.replace(chr(code), f"\\u{code:04x}")
    sys.stdout.buffer.write(text.encode())


def nasty():
    """Both roles get every text, so that their keys are the same too."""
    files = [{"path": f"/etc/trino/{i}", "name": "n.properties",
              "key": f"n.properties.{i}", "value": text}
             for i, text in enumerate(NASTY)]
    print_values({"coordinator": {"files": files},
                  "worker": {"files": files}})


def plain():
    """Each text is a file that is no secret, beside the one that is."""
    files = [{"name": f"n.properties.{i}", "value": text}
             for i, text in enumerate(NASTY)]
    site = {"name": "metastore-site.xml", "secret": True}
    print_values({"existingSecret": "x", "files": [site, *files]})


def problem(entry, container, volumes, data):
    """What is wrong with one file in one Deployment, or None."""
    path = posixpath.normpath(f"{entry['path']}/{entry['name']}")
    mounts = [m for m in container["volumeMounts"] if m["mountPath"] == path]
    if len(mounts) != 1 or mounts[0]["subPath"] != entry["key"]:
        return "not mounted once by its key"
    volume = volumes[mounts[0]["name"]]
    if entry.get("secret"):
        keys = [item["key"] for item in volume["secret"]["items"]]
        return None if entry["key"] in keys else "not in the Secret's items"
    if data[volume["configMap"]["name"]].get(entry["key"]) != entry["value"]:
        return "other bytes in the ConfigMap"
    return None


def texts(config_map):
    """What it holds, be it as text or as base64."""
    found = dict(config_map.get("data", {}))
    for key, code in config_map.get("binaryData", {}).items():
        found[key] = base64.b64decode(code).decode()
    return found


def compare(values_path):
    """Print every file that is not as it should be; 1 if there is one."""
    with open(values_path, encoding="utf-8") as stream:
        values = json.load(stream)
    objects = json.load(sys.stdin)["items"]
    named = {(o["kind"], o["metadata"]["name"]): o for o in objects}
    data = {name: texts(o) for (kind, name), o in named.items()
            if kind == "ConfigMap"}
    count = bad = 0
    for role in ("coordinator", "worker"):
        pod = named["Deployment", f"trino-{role}"]["spec"]["template"]["spec"]
        volumes = {v["name"]: v for v in pod["volumes"]}
        for entry in values[role]["files"]:
            count += 1
            wrong = problem(entry, pod["containers"][0], volumes, data)
            if wrong:
                bad += 1
                print(f"# {role} {entry['key']}: {wrong}")
    return 0 if count and not bad else 1


if sys.argv[1] == "compare":
    sys.exit(compare(sys.argv[2]))
{"nasty": nasty, "plain": plain}[sys.argv[1]]()
