#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""events.py: every event of the log has a row in docs/operations.md, and every
row an event."""
import pathlib
import re
import sys

LOGGED = re.compile(r'LOG_EVENT\((?:(?!LOG_TEXT|LOG_INT)[^"])*"([a-z_]+)"')
NOTED = re.compile(r'\bnote\(s, "([a-z_]+)"')
ROW = re.compile(r"^\| (`[a-z_]+`(?:, `[a-z_]+`)*) \| (?:run|api|apply)\b", re.M)


def main():
    code = "\n".join(path.read_text() for path in
                     sorted(pathlib.Path("src").glob("*/*.c")))
    events = set(LOGGED.findall(code)) | set(NOTED.findall(code))
    page = pathlib.Path("docs/operations.md").read_text()
    rows = {word for row in ROW.findall(page)
            for word in re.findall(r"[a-z_]+", row)}
    for event in sorted(events - rows):
        print(f"# docs/operations.md has no row for the event {event}")
    for row in sorted(rows - events):
        print(f"# docs/operations.md has a row for {row}, which nobody logs")
    return 0 if events and events == rows else 1


sys.exit(main())
