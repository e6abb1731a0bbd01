# SPDX-License-Identifier: Apache-2.0
"""TAP for tests that are functions; a name, read as a sentence, is the test's."""
import threading
import time
import traceback

from libpq import Refused

WITHIN_S = 60
LINES = 12  # of a traceback


class Tap:
    def __init__(self):
        self.count = 0
        self.failures = 0

    def run(self, test, room):
        self.count += 1
        sentence = test.__name__.replace("_", " ")
        try:
            test(room)
            print(f"ok {self.count} - {sentence}", flush=True)
        except Exception:  # whatever it is, the next test runs
            self.failures += 1
            for line in traceback.format_exc().splitlines()[-LINES:]:
                print(f"# {line}")
            print(f"not ok {self.count} - {sentence}", flush=True)
        finally:
            room.end_test()

    def finish(self):
        print(f"1..{self.count}")
        return 1 if self.failures else 0


def tests_of(module):
    """The functions marked with @test, in the order of the file."""
    return [f for f in vars(module).values() if getattr(f, "is_test", False)]


def test(function):
    function.is_test = True
    return function


def equal(got, wanted):
    assert got == wanted, f"\n got    {got!r}\n wanted {wanted!r}"


def refused(sqlstate, function, *args, detail=None):
    """It is refused so; returns the message. ${detail}: of ours, those of
    PostgreSQL do not matter."""
    try:
        got = function(*args)
    except Refused as e:
        equal(e.sqlstate, sqlstate)
        if sqlstate.startswith("RO"):
            equal(e.detail, detail)
        return e.message
    raise AssertionError(f"not refused: {got!r}")


def within(question, seconds=WITHIN_S):
    """What it returns as soon as that is true."""
    end = time.monotonic() + seconds
    while True:
        answer = question()
        if answer:
            return answer
        assert time.monotonic() < end, "not within the time"
        time.sleep(0.02)


def together(*functions):
    """Run them at the same moment; what each returned or how it was refused."""
    barrier = threading.Barrier(len(functions))
    answers = [None] * len(functions)

    def body(i):
        barrier.wait(WITHIN_S)
        try:
            answers[i] = functions[i]()
        except Exception as e:
            answers[i] = e

    threads = [threading.Thread(target=body, args=(i,), daemon=True)
               for i in range(len(functions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WITHIN_S)
        assert not thread.is_alive(), "still running"
    for answer in answers:
        if isinstance(answer, Exception) and not isinstance(answer, Refused):
            raise answer
    return answers
