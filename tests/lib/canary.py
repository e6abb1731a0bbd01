# SPDX-License-Identifier: Apache-2.0
"""Looks for secrets in bytes, in whatever form they got there: as they are, in
hex, escaped for a URL, JSON or XML, in base64 and in base64 of that."""
import base64
import html
import json
import re
import urllib.parse

# What stands between the lines of wrapped base64, also within JSON.
BREAKS = re.compile(rb"(?:[ \t\r\n]|\\[rnt])+")


def in_base64(text):
    """What base64 makes of it wherever it begins, in both alphabets: at three
    offsets, without the digits that have bits of its neighbours too."""
    for offset in range(3):
        code = base64.b64encode(b"\0" * offset + text)
        begin = (offset * 8 + 5) // 6
        part = code[begin:(offset + len(text)) * 8 // 6]
        yield part
        yield part.translate(bytes.maketrans(b"+/", b"-_"))


def escaped(text):
    """In a URL, JSON and XML, as different writers do it."""
    quoted = urllib.parse.quote(text, safe="")
    every = "".join(f"%{byte:02X}" for byte in text)
    for url in (quoted, urllib.parse.quote(text), urllib.parse.quote_plus(text),
                every):
        yield url.encode()
        yield re.sub("%..", lambda hit: hit[0].lower(), url).encode()
    readable = text.decode(errors="replace")
    for code in (json.dumps(readable), json.dumps(readable, ensure_ascii=False)):
        inner = code[1:-1]
        yield inner.encode()
        yield inner.replace("/", "\\/").encode()
        yield re.sub("[<>&]", lambda hit: f"\\u{ord(hit[0]):04x}",
                     inner).encode()
    yield html.escape(readable).encode()
    yield html.escape(readable, quote=False).encode()


def forms(secret):
    """{name of a form: the set of what it may look like}."""
    text = secret.encode() if isinstance(secret, str) else secret
    assert len(text) >= 8, "would be found by accident"
    once = set(in_base64(text))
    return {
        "raw": {text},
        "hex": {text.hex().encode(), text.hex().upper().encode(),
                text.hex(":").encode(), text.hex(" ").encode()},
        "escaped": set(escaped(text)) - {text},
        "base64": once,
        "double base64": {part for code in once for part in in_base64(code)},
    }


def needles(secret):
    """All that a secret may look like, where a set of bytes is wanted."""
    return set().union(*forms(secret).values())


class Canaries:
    """Secrets by name, and where they are."""

    def __init__(self, secrets):
        self.forms = {name: forms(secret) for name, secret in secrets.items()}

    def find(self, data):
        """["password as base64", …] of what is in ${data}; [] if nothing."""
        unbroken = BREAKS.sub(b"", data)
        return [f"{name} as {form}"
                for name, looks in self.forms.items()
                for form, parts in looks.items()
                if any(part in data or part in unbroken for part in parts)]
