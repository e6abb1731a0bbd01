#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What was logged in the world of the scenarios apart, all of which come
before: events, and whatever was killed, no error."""
from crash import lines
from harness import are_events, equal, errors, main, test

APART = True


@test
def every_line_of_all_logs_is_an_event_in_json():
    are_events(lines())


@test
def nothing_went_wrong_that_nobody_expected():
    equal(errors(lines()), [])


if __name__ == "__main__":
    main()
