#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What was logged in the world of the scenarios apart, all of which come
before: events, and whatever was killed, no error."""
import json

from crash import lines
from harness import equal, main, test

APART = True


@test
def every_line_of_all_logs_is_an_event_in_json():
    found = [json.loads(line) for line in lines()]
    assert found
    for event in found:
        equal(list(event)[:4], ["at", "level", "process", "event"], event)


@test
def nothing_went_wrong_that_nobody_expected():
    equal([line for line in lines() if '"level":"error"' in line], [])


if __name__ == "__main__":
    main()
